//! Mapping files (映射文件): how one export of one system is to be read.
//!
//! A mapping is a TOML file. Keys that are not known are refused, and every fault names its line and column. What a
//! mapping can say is documented on the fields of the written form in [`written`]; [`Mapping`] is the checked form.

mod check;
mod fault;
mod form;
mod written;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDateTime;
use chrono::format::Item;
use encoding_rs::Encoding;

use fault::Located;
pub use fault::MappingFault;
pub use form::FileForm;

use super::interval::{FileZone, Interval};
use crate::domain::reading::Quality;
use crate::domain::time::FoldChoice;
use crate::domain::unit::Unit;

/// A mapping with every option explained, to copy and change.
pub const EXAMPLE: &str = include_str!("example.toml");

/// How one export of one system is to be read: the checked form of a mapping file.
#[derive(Debug, Clone)]
pub struct Mapping {
    /// Name of the mapping file, for faults.
    pub file: String,
    /// BLAKE3 of the mapping's text: a changed mapping reads the same file anew.
    pub digest: [u8; 32],
    /// What separates fields.
    pub delimiter: Delimiter,
    /// How columns get their names.
    pub header: Header,
    /// Encoding of the file.
    pub encoding: &'static Encoding,
    /// Whether numbers have a comma before their decimals.
    pub decimal_comma: bool,
    /// Lines to pass over at the beginning of the file, before the header.
    pub skip_lines: u32,
    /// What a line begins with that is a comment.
    pub comment: Option<String>,
    /// Words that say that there is no value.
    pub missing: BTreeSet<String>,
    /// How stamps are read.
    pub stamp: StampRule,
    /// Column with the deliverer's own id of the row (ticket, invoice, sample).
    pub id: Option<String>,
    /// What the deliverer's words for quality mean.
    pub quality: QualityWords,
    /// Where values stand.
    pub layout: Layout,
    /// Whether columns (wide) or tags (long) that the mapping does not name are passed over instead of refused.
    pub ignore_others: bool,
}

/// What separates the fields of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delimiter {
    /// A single ASCII character; fields may be quoted with `"`.
    Character(u8),
    /// Any run of spaces and tabs; no quoting.
    Whitespace,
}

/// How columns get their names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Header {
    /// By the first row.
    Row,
    /// By the mapping.
    Listed(Vec<String>),
    /// By their place: `1`, `2`, …
    Places,
}

/// Where values stand.
#[derive(Debug, Clone)]
pub enum Layout {
    /// One value a row: time, parameter, value (长表).
    Long(LongColumns),
    /// One column a parameter (宽表), by column name.
    Wide(BTreeMap<String, Field>),
}

/// The columns of a long layout.
#[derive(Debug, Clone)]
pub struct LongColumns {
    /// Column with the tag.
    pub parameter: String,
    /// Column with the value.
    pub value: String,
    /// Column with the quality.
    pub quality: Option<String>,
    /// Column with the unit.
    pub unit: Option<String>,
    /// What the file's tags mean; a tag not named here is a tag of the plant.
    pub tags: BTreeMap<String, Field>,
}

/// What a column (wide) or a tag of the file (long) means.
#[derive(Debug, Clone)]
pub enum Field {
    /// Passed over.
    Ignored,
    /// A parameter of the plant.
    Bound(Bound),
}

/// A column or tag that is a parameter of the plant.
#[derive(Debug, Clone)]
pub struct Bound {
    /// Tag of the parameter.
    pub(crate) parameter: Located<String>,
    /// Unit in the file; the parameter's own where none is given.
    pub(crate) unit: Option<Located<Unit>>,
    /// Column with the quality (wide only).
    pub(crate) quality: Option<String>,
    /// Whether values below zero are refused; the kind decides where the mapping does not say.
    pub(crate) refuse_negative: Option<bool>,
}

/// What the deliverer's words for quality mean.
#[derive(Debug, Clone, Default)]
pub struct QualityWords(BTreeMap<String, Quality>);

impl QualityWords {
    /// The quality that a word stands for, whatever its case.
    pub fn meaning(&self, word: &str) -> Option<Quality> {
        self.0
            .get(word)
            .copied()
            .or_else(|| self.0.get(&word.to_lowercase()).copied())
    }
}

/// How stamps are read.
#[derive(Debug, Clone)]
pub struct StampRule {
    /// Where stamps stand.
    pub columns: StampColumns,
    /// How they are written.
    pub format: StampFormat,
    /// Zone of local stamps; none for the plant's own.
    pub zone: Option<FileZone>,
    /// What to do with a local time that occurred twice.
    pub fold: FoldChoice,
    /// What of its interval a stamp marks.
    pub marks: Marks,
    /// Length of the interval.
    pub interval: Option<Interval>,
    /// Repair of a known fault of the exporting system.
    pub repair: Option<Repair>,
}

/// Where stamps stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StampColumns {
    /// In one column.
    One(String),
    /// In a date and a time column, read with one space between them.
    Two(String, String),
    /// Nowhere: rows follow each other from this local time on.
    Counted(NaiveDateTime),
}

/// How stamps are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StampFormat {
    /// A strftime pattern, as written and taken apart.
    Pattern(String, Vec<Item<'static>>),
    /// Seconds since 1970-01-01T00:00Z, with or without decimals.
    EpochSeconds,
    /// Milliseconds since 1970-01-01T00:00Z.
    EpochMilliseconds,
    /// RFC 3339 with its own offset.
    Rfc3339,
}

/// What of its interval a stamp marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marks {
    /// The interval's start.
    Start,
    /// The interval's end.
    End,
    /// There is no interval: the value was taken at the stamp.
    Instant,
}

/// Repairs of known faults of exporting systems.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repair {
    /// The last row of each day is stamped 0:00 of the same day instead of the next: time jumps back by a day less one
    /// interval. Such a stamp is taken as 0:00 of the next day.
    DayEnd,
}

impl StampRule {
    /// The interval by which a day-end can be known, where the rule allows the repair.
    pub(crate) fn repairable_interval_ms(&self) -> Option<i64> {
        match (&self.columns, &self.format, self.interval) {
            (StampColumns::Counted(_), ..) => None,
            (_, StampFormat::Pattern(..), Some(Interval::Fixed(length))) if length < 43_200_000 => Some(length),
            _ => None,
        }
    }
}

impl Mapping {
    /// Whether a reading of a parameter of the plant may be in such a file.
    pub fn may_bring(&self, tag: &str) -> bool {
        let (fields, takes_others) = match &self.layout {
            Layout::Wide(fields) => (fields, false),
            Layout::Long(long) => (&long.tags, !self.ignore_others),
        };
        let is_it = |field: &Field| matches!(field, Field::Bound(bound) if bound.parameter.value == tag);
        takes_others || fields.values().any(is_it)
    }

    /// Reads a mapping file.
    ///
    /// `file` is its name, for the faults. The faults are all those of the meaning at once, or the first of the syntax.
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<MappingFault>> {
        check::check(file, text)
    }
}

#[cfg(test)]
mod tests;
