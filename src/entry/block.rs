//! Blocks that are pasted from a spreadsheet (粘贴): cells parted by tabs, rows by the ends of lines.

use super::cell::{Entered, read};
use super::doubt::{Doubt, doubts, fewer_digits};
use super::known::Sheet;
use crate::domain::text::{Text, clean};

/// The most cells of a block.
pub const MOST_CELLS: usize = 100_000;

/// A block as it was pasted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Block {
    /// Its rows, each with its cells.
    pub rows: Vec<Vec<String>>,
    /// Whether the first cell of each row is a tag, whatever it says.
    pub is_named: bool,
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
        Ok(Self { rows, is_named: false })
    }

    /// Whether it is more than one cell.
    pub fn is_several(&self) -> bool {
        self.rows.len() > 1 || self.rows.iter().any(|row| row.len() > 1)
    }

    fn width(&self) -> usize {
        self.rows.iter().map(Vec::len).max().unwrap_or(0)
    }

    /// Where each cell goes that is put down with its first at a place of a sheet. Where the first column names rows of the
    /// sheet by their tags, each line goes where its tag stands, whatever the order.
    pub fn placed(&self, sheet: &Sheet<'_>, (top, left): (usize, usize)) -> Result<Vec<Placed>, Text> {
        let named = self.rows_by_tag(sheet)?;
        let skipped = usize::from(named.is_some());
        let (rows, columns) = (sheet.view.rows.len(), sheet.view.rounds.len());
        let (height, width) = (self.rows.len(), self.width().saturating_sub(skipped));
        let is_high = named.is_none() && top + height > rows;
        if is_high || left + width > columns {
            return Err(Text::new("entry-block-size")
                .with_count("height", height)
                .with_count("width", width)
                .with_count("rows", rows.saturating_sub(if named.is_some() { 0 } else { top }))
                .with_count("columns", columns.saturating_sub(left)));
        }
        let mut placed = Vec::new();
        for (number, cells) in self.rows.iter().enumerate() {
            let row = named
                .as_ref()
                .map_or(Some(top + number), |named| named.get(number).copied());
            let Some(row) = row else { continue };
            let mut last: Option<i64> = None;
            for (place, text) in cells.iter().skip(skipped).enumerate() {
                let column = left + place;
                let one = Placed::new(sheet, (row, column), text, last);
                if let Ok(Entered::Value(value)) = &one.entered {
                    last = Some(value.count);
                }
                placed.push(one);
            }
        }
        Ok(placed)
    }

    /// The rows that the first column names, where it names one on every line.
    fn rows_by_tag(&self, sheet: &Sheet<'_>) -> Result<Option<Vec<usize>>, Text> {
        let place_of = |tag: &str| {
            let mut rows = 0..sheet.view.rows.len();
            rows.find(|place| sheet.row(*place).is_some_and(|row| row.parameter.tag == tag))
        };
        let first: Vec<&str> = self
            .rows
            .iter()
            .map(|row| row.first().map_or("", |cell| cell.trim()))
            .collect();
        let is_named = self.is_named || first.iter().any(|tag| place_of(tag).is_some());
        if self.width() < 2 || !is_named {
            return Ok(None);
        }
        let places = first
            .iter()
            .map(|tag| place_of(tag).ok_or_else(|| Text::new("entry-block-tag").with("tag", clean(tag))));
        places.collect::<Result<_, _>>().map(Some)
    }
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
    pub at: (usize, usize),
    /// As it was pasted.
    pub text: String,
    /// What it says.
    pub entered: Result<Entered, Text>,
    /// What looks wrong about it.
    pub doubts: Vec<Doubt>,
}

impl Placed {
    fn new(sheet: &Sheet<'_>, at: (usize, usize), text: &str, last: Option<i64>) -> Self {
        let row = sheet.row(at.0);
        let last = last.or_else(|| row.as_ref().and_then(|row| row.last_sent(at.1)));
        let entered = match &row {
            Some(row) => read(text, row, last),
            None => Err(Text::new("sheet-no-cell")),
        };
        let mut found = Vec::new();
        if let (Ok(Entered::Value(value)), Some(row)) = (&entered, &row) {
            found = doubts(sheet, at, value, last);
            found.extend(fewer_digits(row, at.1, value));
        }
        Self {
            at,
            text: text.trim().to_owned(),
            entered,
            doubts: found,
        }
    }
}
