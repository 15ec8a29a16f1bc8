//! Blocks that are pasted from a spreadsheet (粘贴): cells parted by tabs, rows by the ends of lines.

use serde::{Deserialize, Serialize};

use super::cell::{Entered, read};
use super::doubt::{Around, Doubt, doubts, fewer_digits};
use super::heading::Arrangement;
use super::known::{Place, Sheet};
use super::register::Stand;
use crate::domain::sheet::SheetPage;
use crate::domain::text::{Text, as_typed};

/// The most cells of a block.
pub const MOST_CELLS: usize = 100_000;

/// The largest file from which a block is read, in bytes.
pub const LARGEST_FILE: u64 = 8 * 1024 * 1024;

/// A block as it was pasted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Block {
    /// Its rows, each with its cells.
    pub rows: Vec<Vec<String>>,
    /// Whether the first cell of each row is a tag, whatever it says.
    pub is_named: bool,
    /// Whether its numbers are as they are stored, not as a spreadsheet shows them.
    pub is_exact: bool,
}

impl Block {
    /// Reads a block: rows end with CR, LF or both, cells with tabs. The end of the last line makes no row of its own, but
    /// a row without anything in it keeps its place.
    pub fn parse(text: &str) -> Result<Self, Text> {
        let unified = text.replace("\r\n", "\n").replace('\r', "\n");
        let body = unified.strip_suffix('\n').unwrap_or(&unified);
        let rows: Vec<Vec<String>> = body
            .split('\n')
            .map(|line| line.split('\t').map(unquoted).collect())
            .collect();
        let cells: usize = rows.iter().map(Vec::len).sum();
        if cells > MOST_CELLS {
            return Err(Text::new("entry-block-cells")
                .with_count("cells", cells)
                .with_count("most", MOST_CELLS));
        }
        Ok(Self {
            rows,
            ..Self::default()
        })
    }

    /// Whether it is more than one cell.
    pub fn is_several(&self) -> bool {
        self.rows.len() > 1 || self.rows.iter().any(|row| row.len() > 1)
    }

    /// How many cells its longest row has.
    pub(super) fn width(&self) -> usize {
        self.rows.iter().map(Vec::len).max().unwrap_or(0)
    }

    /// What stands in a cell, without blanks around it; nothing where there is no cell.
    pub(super) fn said(&self, (row, column): Place) -> &str {
        self.cell((row, column)).map_or("", str::trim)
    }

    fn cell(&self, (row, column): Place) -> Option<&str> {
        self.rows.get(row)?.get(column).map(String::as_str)
    }

    /// Where each cell goes that is put down with its first at a place of a sheet. Where tags or days stand at its head, each
    /// cell goes where they say, whatever the order.
    pub fn placed(&self, sheet: &Sheet<'_>, (top, left): Place) -> Result<Vec<Placed>, Text> {
        let is_daily = matches!(sheet.view.page, SheetPage::Month(_));
        let arranged = Arrangement::of(self, &sheet.tags(), is_daily)?;
        let (rows, columns) = (sheet.view.rows.len(), sheet.view.rounds.len());
        let (lines, places) = (arranged.rows(self, top), arranged.columns(self, sheet.view, left)?);
        let is_beyond = |last: Option<&(usize, usize)>, most: usize| last.is_some_and(|(_, place)| *place >= most);
        if is_beyond(lines.last(), rows) || is_beyond(places.last(), columns) {
            let taken = |is_named: bool, from: usize| if is_named { 0 } else { from };
            return Err(Text::new("entry-block-size")
                .with_count("height", lines.len())
                .with_count("width", places.len())
                .with_count("rows", rows.saturating_sub(taken(arranged.has_tags(), top)))
                .with_count("columns", columns.saturating_sub(taken(arranged.has_days(), left))));
        }
        let mut placed = Vec::new();
        for (line, row) in lines {
            let cells = places.iter().filter_map(|&(place, column)| {
                let text = self.cell(arranged.at(line, place))?;
                Some((column, text))
            });
            let mut cells: Vec<(usize, &str)> = cells.collect();
            cells.sort_by_key(|(column, _)| *column);
            let known = sheet.row(row);
            // What was before a value is what is nearest before it, in the block or sent.
            let mut last: Option<(usize, Stand)> = None;
            let from = placed.len();
            for (column, text) in cells {
                let before = last.map(|(at, value)| {
                    let between = known.as_ref().and_then(|known| known.sent_between(at + 1, column));
                    between.unwrap_or(value)
                });
                let one = Placed::new(sheet, (row, column), text, before);
                if let Ok(Entered::Value(value)) = &one.entered {
                    let at = known.as_ref().and_then(|known| known.at(column));
                    last = at.map(|at| (column, (at, value.count)));
                }
                placed.push(one);
            }
            // A register is held against what is behind it too, which is known once the line is read.
            let mut after: Option<(usize, Stand)> = None;
            for one in placed.iter_mut().skip(from).rev() {
                // What is named one by one was typed: no spreadsheet has shown fewer digits than it has.
                one.doubt(sheet, after, self.is_exact || self.is_named);
                if let (Ok(Entered::Value(value)), Some(at)) =
                    (&one.entered, known.as_ref().and_then(|known| known.at(one.at.1)))
                {
                    after = Some((one.at.1, (at, value.count)));
                }
            }
        }
        Ok(placed)
    }
}

/// The name of a cell as spreadsheets give it: B3.
pub fn cell_name((row, column): Place) -> String {
    let mut letters = Vec::new();
    let mut left = column + 1;
    while left > 0 {
        let letter = u8::try_from((left - 1) % 26).unwrap_or(0);
        letters.push(char::from(b'A' + letter));
        left = (left - 1) / 26;
    }
    let letters: String = letters.into_iter().rev().collect();
    format!("{letters}{}", row + 1)
}

/// A cell without the quotes that spreadsheets put around what has breaks or quotes in it.
fn unquoted(cell: &str) -> String {
    let inner = cell.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let inner = inner.filter(|_| cell.len() >= 2);
    inner.map_or_else(|| cell.to_owned(), |inner| inner.replace("\"\"", "\""))
}

/// A cell of a block where it goes.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// Its row and column on the sheet.
    pub at: Place,
    /// As it was pasted, as far as it can be typed.
    pub text: String,
    /// What it says.
    pub entered: Result<Entered, Text>,
    /// What is before it in its row, in the block or sent.
    pub before: Option<Stand>,
    /// What looks wrong about it.
    pub doubts: Vec<Doubt>,
}

impl Placed {
    fn new(sheet: &Sheet<'_>, at: Place, text: &str, last: Option<Stand>) -> Self {
        let row = sheet.row(at.0);
        let before = last.or_else(|| row.as_ref().and_then(|row| row.last_sent(at.1)));
        // The line in which it is looked at later shows the same, and so does whoever goes over it.
        let text = as_typed(text).into_owned();
        let entered = match &row {
            Some(row) => read(&text, row, before.map(|(_, value)| value)),
            None => Err(Text::new("sheet-no-cell")),
        };
        Self {
            at,
            text,
            entered,
            before,
            doubts: Vec::new(),
        }
    }

    /// Looks at what is wrong about it; `behind` is the cell of the block behind it in its row, with its column.
    fn doubt(&mut self, sheet: &Sheet<'_>, behind: Option<(usize, Stand)>, is_exact: bool) {
        let (Ok(Entered::Value(value)), Some(row)) = (&self.entered, sheet.row(self.at.0)) else {
            return;
        };
        if let Some(why) = sheet.refused_as_early(self.at) {
            self.entered = Err(why);
            return;
        }
        // What is nearest behind it, in the block or sent.
        let between = behind.and_then(|(column, _)| (self.at.1 + 1..column).find_map(|column| row.stand(column)));
        let after = match behind {
            Some((_, stand)) => between.or(Some(stand)),
            None => row.next_sent(self.at.1),
        };
        let around = Around {
            before: self.before,
            after,
        };
        self.doubts = doubts(sheet, self.at, value, around);
        self.doubts
            .extend(fewer_digits(&row, self.at.1, value).filter(|_| !is_exact));
    }
}
