//! The file as columns of numbers, with what stands beside them.

use std::collections::{BTreeMap, HashMap};
use std::io::Read;

use super::rules::RulesFile;
use crate::connect::csv::{IntakeError, PlainColumn, PlainSource, PlainValue};
use crate::domain::reading::Origin;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::site::row::choice;

/// Rows of the file by their stamps.
pub(super) type Order = BTreeMap<Instant, Vec<usize>>;

/// By which way a value came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Way {
    /// Nothing tells.
    #[default]
    Untold,
    /// By a word that is no origin of this program, and so none of a plan either.
    Other,
    /// By an origin.
    By(Origin),
}

impl Way {
    /// As a word tells it.
    pub(super) fn of(word: &str) -> Self {
        choice(word).map_or(Self::Other, Self::By)
    }
}

/// The columns of a file.
#[derive(Debug, Default)]
pub(super) struct Columns {
    /// Line of each row.
    pub(super) lines: Vec<u32>,
    /// Stamp of each row; none of a row that cannot be used.
    pub(super) stamps: Vec<Option<Instant>>,
    /// Values by channel and row; NaN where there is none.
    pub(super) values: Vec<Vec<f64>>,
    /// Why a row cannot be used.
    pub(super) refused: HashMap<usize, Text>,
    /// When each value was typed, by channel and row; none of a channel that has no such column.
    pub(super) typed_at: Vec<Vec<Option<Instant>>>,
    /// By which way each value came, likewise.
    pub(super) ways: Vec<Vec<Way>>,
    /// Why a cell, by channel and row, is no number.
    pub(super) unreadable: HashMap<(usize, usize), Text>,
    /// Why it cannot be read when a value was typed.
    pub(super) untold: HashMap<(usize, usize), Text>,
}

impl Columns {
    /// Reads a file.
    pub(super) fn read(reader: impl Read, rules: &RulesFile) -> Result<Self, IntakeError> {
        let channels = rules.channels.iter().enumerate();
        // Which column of which channel each is.
        let (asked, of): (Vec<PlainColumn>, Vec<usize>) = channels
            .flat_map(|(place, channel)| {
                let typed_at = channel.typed_at.clone().map(PlainColumn::Instants);
                let origin = channel.origin.clone().map(PlainColumn::Words);
                std::iter::once(PlainColumn::Numbers(channel.column.clone()))
                    .chain(typed_at)
                    .chain(origin)
                    .map(move |column| (column, place))
            })
            .unzip();
        let mut source = PlainSource::open(reader, &rules.form, rules.zone, &asked)?;
        let mut columns = Self {
            values: vec![Vec::new(); rules.channels.len()],
            typed_at: vec![Vec::new(); rules.channels.len()],
            ways: vec![Vec::new(); rules.channels.len()],
            ..Self::default()
        };
        let mut cells = Vec::new();
        while let Some(row) = source.next(&mut cells)? {
            let place = columns.lines.len();
            columns.lines.push(row.line);
            columns.stamps.push(row.stamp.as_ref().ok().copied());
            if let Err(why) = row.stamp {
                columns.refused.insert(place, why);
            }
            for ((cell, column), &channel) in cells.drain(..).zip(&asked).zip(&of) {
                columns.put(column, channel, place, cell);
            }
        }
        Ok(columns)
    }

    /// Puts a cell into its column of a channel.
    fn put(&mut self, column: &PlainColumn, channel: usize, row: usize, cell: PlainValue) {
        let (mut value, mut typed_at, mut way) = (f64::NAN, None, Way::Untold);
        match cell {
            PlainValue::Number(number) => value = number,
            PlainValue::At(at) => typed_at = Some(at),
            PlainValue::Word(word) => way = Way::of(&word),
            PlainValue::Missing => {}
            PlainValue::Unreadable(why) => {
                // What stands beside a value says nothing of the value.
                let of = match column {
                    PlainColumn::Numbers(_) => &mut self.unreadable,
                    PlainColumn::Instants(_) | PlainColumn::Words(_) => &mut self.untold,
                };
                of.insert((channel, row), why);
            }
        }
        match column {
            PlainColumn::Numbers(_) => push(&mut self.values, channel, value),
            PlainColumn::Instants(_) => push(&mut self.typed_at, channel, typed_at),
            PlainColumn::Words(_) => push(&mut self.ways, channel, way),
        }
    }

    /// A value; NaN where there is none.
    pub(super) fn value(&self, channel: usize, row: usize) -> f64 {
        self.values
            .get(channel)
            .and_then(|values| values.get(row))
            .copied()
            .unwrap_or(f64::NAN)
    }
}

fn push<Cell>(columns: &mut [Vec<Cell>], channel: usize, cell: Cell) {
    if let Some(column) = columns.get_mut(channel) {
        column.push(cell);
    }
}

/// By which values are the same; 0 and −0 are.
pub(super) const fn bits(value: f64) -> u64 {
    (value + 0.0).to_bits()
}
