//! The mapping file as it is written. Every key is documented here; keys that are not are refused.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use crate::domain::time::FoldChoice;

/// A whole mapping file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    /// `long` (one value a row) or `wide` (one column a parameter).
    pub(super) layout: Spanned<Layout>,
    /// `,` `;` `|` `tab` or `whitespace`; a comma where it is left out.
    pub(super) delimiter: Option<Spanned<String>>,
    /// Whether the first row names the columns; yes where it is left out and no `columns` are given.
    pub(super) header: Option<Spanned<bool>>,
    /// Names of the columns in order, for files without a header.
    pub(super) columns: Option<Spanned<Vec<String>>>,
    /// `utf-8` (with or without byte-order mark), `gb18030` (and `gbk`, `gb2312`), `utf-16le`, `utf-16be`, or another
    /// label of the WHATWG encoding standard.
    pub(super) encoding: Option<Spanned<String>>,
    /// Whether numbers have a comma before their decimals.
    #[serde(default)]
    pub(super) decimal_comma: bool,
    /// Lines to pass over before the header.
    #[serde(default)]
    pub(super) skip_lines: u32,
    /// What comment lines begin with.
    pub(super) comment: Option<Spanned<String>>,
    /// Words that say that there is no value; an empty cell where it is left out.
    pub(super) missing: Option<Vec<String>>,
    /// Column with the deliverer's own id of the row.
    pub(super) id: Option<String>,
    /// Whether columns (wide) or tags (long) that are not named are passed over.
    #[serde(default)]
    pub(super) ignore_others: bool,
    /// How stamps are read.
    pub(super) stamp: Spanned<Stamp>,
    /// What the deliverer's words for quality mean.
    pub(super) quality: Option<Quality>,
    /// Columns of the long layout.
    pub(super) long: Option<Spanned<Long>>,
    /// What the columns of a wide file mean.
    #[serde(default)]
    pub(super) column: BTreeMap<String, Spanned<Field>>,
    /// What the tags of a long file mean, where they are not those of the plant.
    #[serde(default)]
    pub(super) tag: BTreeMap<String, Spanned<Field>>,
}

/// The two layouts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Layout {
    /// One value a row.
    Long,
    /// One column a parameter.
    Wide,
}

/// How stamps are read. One of `column`, `date` with `time`, and `start` must be given.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Stamp {
    /// Column with the stamp.
    pub(super) column: Option<String>,
    /// Column with the date.
    pub(super) date: Option<String>,
    /// Column with the time of day.
    pub(super) time: Option<String>,
    /// For files without stamps: the local time of the first row; `interval` says how the others follow.
    pub(super) start: Option<Spanned<String>>,
    /// A strftime pattern, `epoch-s`, `epoch-ms` or `rfc3339`. A pattern with two columns has one space between them.
    pub(super) format: Option<Spanned<String>>,
    /// `plant`, `utc`, an offset such as `+08:00`, or an IANA name; the plant's where it is left out.
    pub(super) zone: Option<Spanned<String>>,
    /// What to do with a local time that occurred twice: `refuse`, `earlier` or `later`.
    #[serde(default)]
    pub(super) fold: FoldChoice,
    /// Whether the stamp is the `start` or the `end` of its interval, or an `instant`.
    pub(super) marks: Option<Marks>,
    /// Length of the interval, such as `15 min`, `1 h`, `1 d`, `1 month`.
    pub(super) interval: Option<Spanned<String>>,
    /// `day-end`: the last row of each day is stamped 0:00 of the same day; it is taken as 0:00 of the next.
    pub(super) repair: Option<Spanned<Repair>>,
}

/// What of its interval a stamp marks.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Marks {
    /// Its start.
    Start,
    /// Its end.
    End,
    /// There is no interval.
    Instant,
}

/// Known faults of exporting systems.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Repair {
    /// 0:00 of the same day at the day's end.
    DayEnd,
}

/// Words for quality. Case does not matter. Where the table is left out: `good`, `uncertain`, `bad`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Quality {
    /// Words for a usable value.
    #[serde(default)]
    pub(super) good: Vec<Spanned<String>>,
    /// Words for a doubtful value.
    #[serde(default)]
    pub(super) uncertain: Vec<Spanned<String>>,
    /// Words for a value that must not be used.
    #[serde(default)]
    pub(super) bad: Vec<Spanned<String>>,
}

/// Columns of the long layout.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Long {
    /// Column with the tag.
    pub(super) parameter: String,
    /// Column with the value.
    pub(super) value: String,
    /// Column with the quality.
    pub(super) quality: Option<String>,
    /// Column with the unit.
    pub(super) unit: Option<String>,
}

/// What a column or a tag of the file means.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Field {
    /// Tag of the parameter.
    pub(super) parameter: Option<Spanned<String>>,
    /// Unit in the file; the parameter's own where it is left out.
    pub(super) unit: Option<Spanned<String>>,
    /// Column with the quality of this column's values (wide only).
    pub(super) quality: Option<Spanned<String>>,
    /// `refuse` or `accept` values below zero; counters refuse them where it is left out, other kinds accept them.
    pub(super) negative: Option<Negative>,
    /// Whether it is passed over.
    #[serde(default)]
    pub(super) ignore: bool,
}

/// What to do with values below zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Negative {
    /// The cell is refused.
    Refuse,
    /// The value is taken.
    Accept,
}
