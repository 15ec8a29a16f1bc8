//! Workbooks of spreadsheets (XLSX): the cells of a worksheet as a block, as they are stored rather than as they are shown.

use std::collections::HashSet;
use std::io::{self, Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{
    DataRef, Dimensions, ExcelDateTime, Reader, Sheet as Worksheet, SheetType, SheetVisible, Xlsx, XlsxError,
};
use serde::{Deserialize, Serialize};
use zip::ZipArchive;

use super::block::{Block, MOST_CELLS, cell_name};
use super::known::Place;
use crate::domain::text::{Text, clean};

/// The most that the parts of a workbook may unpack to, in bytes: many times what [`MOST_CELLS`] take.
pub const MOST_UNPACKED: u64 = 64 * 1024 * 1024;

/// The longest text of a cell, in bytes.
const LONGEST: usize = 1_024;

/// How many cells or worksheets are told by name.
const TOLD: usize = 5;

/// What files begin with that Excel made before 2007, or protected with a password since.
const OLE: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// What was read of a workbook.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Workbook {
    /// The cells of its worksheet; the first is A1, whether or not there is anything in it.
    pub block: Block,
    /// What people should know of them.
    pub remarks: Vec<Text>,
}

/// What a workbook turns out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Worksheets {
    /// There is no doubt which worksheet is meant.
    Meant(Workbook),
    /// Several have something in them: their names, of which one must be chosen.
    Several(Vec<String>),
}

impl Workbook {
    /// Reads a worksheet of a workbook: the one that is named, or the only one that has anything in it.
    pub fn read(bytes: &[u8], worksheet: Option<&str>) -> Result<Self, Text> {
        match Self::look_at(bytes, worksheet)? {
            Worksheets::Meant(workbook) => Ok(workbook),
            Worksheets::Several(names) => {
                let names = listed(names.iter().map(String::as_str));
                Err(Text::new("entry-workbook-several").with("names", names))
            }
        }
    }

    /// The same where somebody can be asked which worksheet is meant.
    pub fn look_at(bytes: &[u8], worksheet: Option<&str>) -> Result<Worksheets, Text> {
        // A library reads what strangers send: where it meets something of which it never thought, the file is at fault.
        let read = catch_unwind(AssertUnwindSafe(|| read(bytes, worksheet)));
        read.unwrap_or_else(|_| Err(damaged()))
    }
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.map(|name| clean(name).into_owned()).collect();
    names.join(", ")
}

fn damaged() -> Text {
    Text::new("entry-workbook-damaged")
}

fn read(bytes: &[u8], worksheet: Option<&str>) -> Result<Worksheets, Text> {
    if bytes.starts_with(&OLE) {
        return Err(match Xlsx::new(Cursor::new(bytes)) {
            Err(XlsxError::Password) => Text::new("entry-workbook-password"),
            _ => Text::new("entry-workbook-old"),
        });
    }
    weigh(bytes)?;
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(|error| match error {
        XlsxError::FileNotFound(_) | XlsxError::RelationshipNotFound => Text::new("entry-workbook-other"),
        _ => damaged(),
    })?;
    let name = match chosen(&mut workbook, worksheet)? {
        Chosen::One(name) => name,
        Chosen::Several(names) => return Ok(Worksheets::Several(names)),
    };
    let cells = Cells::read(&mut workbook, &name)?;
    let merged = workbook.merge_cells_by_sheet_name(&name).map_err(|_| damaged())?;
    cells.into_workbook(&name, &merged).map(Worksheets::Meant)
}

/// Unpacks all parts of a workbook without keeping any: what is said of their size may be a lie.
fn weigh(bytes: &[u8]) -> Result<(), Text> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| {
        if bytes.starts_with(b"PK") {
            damaged()
        } else {
            Text::new("entry-workbook-other")
        }
    })?;
    let mut left = MOST_UNPACKED;
    for place in 0..archive.len() {
        let part = archive.by_index(place).map_err(|_| damaged())?;
        let unpacked = io::copy(&mut part.take(left + 1), &mut io::sink()).map_err(|_| damaged())?;
        left = left
            .checked_sub(unpacked)
            .ok_or_else(|| Text::new("entry-workbook-unpacked").with_count("most", MOST_UNPACKED / (1024 * 1024)))?;
    }
    Ok(())
}

/// Names of the worksheets that may be meant.
enum Chosen {
    One(String),
    Several(Vec<String>),
}

/// The worksheet that is meant.
fn chosen(workbook: &mut Xlsx<Cursor<&[u8]>>, asked: Option<&str>) -> Result<Chosen, Text> {
    let sheets = workbook.sheets_metadata().to_vec();
    let mut sheets: Vec<Worksheet> = sheets
        .into_iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .collect();
    if let Some(asked) = asked {
        let found = sheets.iter().find(|sheet| sheet.name == asked);
        return found.map(|sheet| Chosen::One(sheet.name.clone())).ok_or_else(|| {
            Text::new("entry-workbook-no-sheet")
                .with("name", clean(asked))
                .with("names", listed(sheets.iter().map(|sheet| sheet.name.as_str())))
        });
    }
    // What nobody sees, lists to choose from for the most part, is not what is meant where something can be seen.
    let mut filled = Vec::new();
    for sheet in std::mem::take(&mut sheets) {
        if has_cells(workbook, &sheet.name)? {
            filled.push(sheet);
        }
    }
    let (visible, hidden): (Vec<_>, Vec<_>) = filled
        .into_iter()
        .partition(|sheet| sheet.visible == SheetVisible::Visible);
    let meant = if visible.is_empty() { hidden } else { visible };
    match meant.as_slice() {
        [] => Err(Text::new("entry-workbook-empty")),
        [only] => Ok(Chosen::One(only.name.clone())),
        several => Ok(Chosen::Several(
            several.iter().map(|sheet| sheet.name.clone()).collect(),
        )),
    }
}

fn has_cells(workbook: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<bool, Text> {
    let mut reader = workbook.worksheet_cells_reader(name).map_err(|_| damaged())?;
    while let Some(cell) = reader.next_cell_with_formula_metadata().map_err(|_| damaged())? {
        if cell.formula.is_some() || text_of(&cell.value).is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What a cell with something in it says, as a text that means the same to the reader of cells.
fn text_of(value: &DataRef<'_>) -> Option<String> {
    let text = match value {
        DataRef::Empty => return None,
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => decimal(*number),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(is_true) => (if *is_true { "TRUE" } else { "FALSE" }).to_owned(),
        DataRef::DateTime(at) => date(at),
        DataRef::DateTimeIso(at) => at.trim_end_matches("T00:00:00").to_owned(),
        DataRef::DurationIso(span) => span.clone(),
        DataRef::Error(error) => error.to_string(),
    };
    (!text.trim().is_empty()).then_some(text)
}

/// The shortest decimal that is stored as this number: what was typed, 0.29, where the file has 0.28999999999999998.
fn decimal(number: f64) -> String {
    let text = number.to_string();
    if text == "-0" { "0".to_owned() } else { text }
}

/// A date, with its time of day where it has one.
fn date(at: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
    let time = format!("{hour:02}:{minute:02}:{second:02}");
    // Spreadsheets count days from the end of 1899: what is less than one is a time of day.
    if at.is_duration() || at.as_f64() < 1.0 {
        return time;
    }
    let date = format!("{year:04}-{month:02}-{day:02}");
    if time == "00:00:00" {
        date
    } else {
        format!("{date} {time}")
    }
}

/// Names of cells, the first few of which are told.
#[derive(Debug, Default)]
struct Names {
    first: Vec<String>,
    count: usize,
}

impl Names {
    fn add(&mut self, name: impl FnOnce() -> String) {
        self.count += 1;
        if self.first.len() < TOLD {
            self.first.push(name());
        }
    }

    /// Says something of the cells, where there are any.
    fn told(&self, text: Text) -> Option<Text> {
        let more = if self.count > self.first.len() { ", …" } else { "" };
        let cells = format!("{}{more}", self.first.join(", "));
        (self.count > 0).then(|| text.with("cells", cells).with_count("count", self.count))
    }
}

/// The cells of a worksheet in which something is.
#[derive(Debug, Default)]
struct Cells {
    said: Vec<(Place, String)>,
    /// Errors and truth values, which are no values of a plant.
    unfit: Names,
    formulas: Names,
    /// Formulas whose values were never worked out.
    uncomputed: Names,
}

impl Cells {
    fn read(workbook: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<Self, Text> {
        let mut cells = Self::default();
        let mut reader = workbook.worksheet_cells_reader(name).map_err(|_| damaged())?;
        while let Some(cell) = reader.next_cell_with_formula_metadata().map_err(|_| damaged())? {
            let at = place(cell.pos)?;
            if cell.formula.is_some() {
                let names = if cell.value == DataRef::Empty {
                    &mut cells.uncomputed
                } else {
                    &mut cells.formulas
                };
                names.add(|| cell_name(at));
            }
            let is_long = match &cell.value {
                DataRef::String(text) => text.len() > LONGEST,
                DataRef::SharedString(text) => text.len() > LONGEST,
                _ => false,
            };
            // No value and no tag is that long, and many of them would fill the memory.
            if is_long {
                return Err(Text::new("entry-workbook-long").with("cell", cell_name(at)));
            }
            let Some(text) = text_of(&cell.value) else { continue };
            if matches!(cell.value, DataRef::Error(_) | DataRef::Bool(_)) {
                cells.unfit.add(|| format!("{} ({text})", cell_name(at)));
            }
            cells.said.push((at, text));
            if cells.said.len() > MOST_CELLS {
                return Err(too_many(cells.said.len()));
            }
        }
        Ok(cells)
    }

    fn into_workbook(self, name: &str, merged: &[Dimensions]) -> Result<Workbook, Text> {
        if let Some(why) = self.uncomputed.told(Text::new("entry-workbook-uncomputed")) {
            return Err(why);
        }
        // All but the first cell of a merged region are empty: nobody knows whether its value is theirs too.
        let occupied: HashSet<Place> = self.said.iter().map(|(at, _)| *at).collect();
        for region in merged {
            let (first, last) = (place(region.start)?, place(region.end)?);
            if first != last && occupied.contains(&first) {
                let range = format!("{}:{}", cell_name(first), cell_name(last));
                return Err(Text::new("entry-workbook-merged").with("range", range));
            }
        }
        let formulas = self.formulas.told(Text::new("entry-workbook-formulas"));
        let unfit = self.unfit.told(Text::new("entry-workbook-unfit"));
        let rows = rows(self.said)?;
        if rows.is_empty() {
            return Err(Text::new("entry-workbook-empty-sheet").with("name", clean(name)));
        }
        Ok(Workbook {
            block: Block {
                rows,
                is_named: false,
                is_exact: true,
            },
            remarks: [formulas, unfit].into_iter().flatten().collect(),
        })
    }
}

/// The place of a cell, which must be one that a worksheet has.
fn place((row, column): (u32, u32)) -> Result<Place, Text> {
    if row >= 1_048_576 || column >= 16_384 {
        return Err(damaged());
    }
    let index = |number: u32| usize::try_from(number).map_err(|_| damaged());
    Ok((index(row)?, index(column)?))
}

fn too_many(cells: usize) -> Text {
    Text::new("entry-workbook-cells")
        .with_count("cells", cells)
        .with_count("most", MOST_CELLS)
}

/// The rows of a block with cells at their places, empty ones between them. Refused before they take any room where they would
/// be too many: one cell may stand in row 1,048,576.
fn rows(said: Vec<(Place, String)>) -> Result<Vec<Vec<String>>, Text> {
    let height = said.iter().map(|((row, _), _)| row + 1).max().unwrap_or(0);
    if height > MOST_CELLS {
        return Err(too_many(height));
    }
    let mut widths = vec![1_usize; height];
    for ((row, column), _) in &said {
        if let Some(width) = widths.get_mut(*row) {
            *width = (*width).max(column + 1);
        }
    }
    let cells: usize = widths.iter().sum();
    if cells > MOST_CELLS {
        return Err(too_many(cells));
    }
    let mut rows: Vec<Vec<String>> = widths.into_iter().map(|width| vec![String::new(); width]).collect();
    for ((row, column), text) in said {
        let cell = rows.get_mut(row).and_then(|row| row.get_mut(column));
        // No cell is there twice in what a spreadsheet wrote.
        *cell.filter(|cell| cell.is_empty()).ok_or_else(damaged)? = text;
    }
    Ok(rows)
}

#[cfg(test)]
pub(crate) mod tests;
