//! Factors and global warming potentials: rows with where they come from, and how a row is found for a month.

use std::cmp::Ordering;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::domain::model::{Gas, Name};
use crate::domain::text::{Explained, Text, clean};
use crate::domain::time::Month;
use crate::domain::unit::Unit;

/// How a value was obtained, and so how far it may be relied on (可信程度).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trust {
    /// Exact arithmetic from what the rule says.
    Computed,
    /// Two independent publications quote the same value of the announcement.
    TwoSources,
    /// From a published data set.
    Dataset,
    /// From one transcription that names table and page: to be confirmed against the document.
    Transcription,
    /// From one publication that quotes the document: to be confirmed against it.
    Secondary,
}

impl Trust {
    /// Whether people are told to confirm the value against the document before they report with it (待核对).
    pub const fn to_be_confirmed(self) -> bool {
        matches!(self, Self::Transcription | Self::Secondary)
    }

    /// The code under which the digest takes it; never changes.
    pub(in crate::accounting) const fn code(self) -> u8 {
        match self {
            Self::Computed => 0,
            Self::TwoSources => 1,
            Self::Dataset => 2,
            Self::Transcription => 3,
            Self::Secondary => 4,
        }
    }
}

impl Explained for Trust {
    fn text(&self) -> Text {
        Text::new(match self {
            Self::Computed => "trust-computed",
            Self::TwoSources => "trust-two-sources",
            Self::Dataset => "trust-dataset",
            Self::Transcription => "trust-transcription",
            Self::Secondary => "trust-secondary",
        })
    }
}

/// One row of a factor table (排放因子、缺省值).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Factor {
    /// What it is asked for by, such as `bituminous-coal.net-calorific-value` or `grid.north-china`.
    pub key: String,
    /// The set it belongs to, such as `GB/T 32151.34-2024`.
    pub factor_set: String,
    /// Id of this very row; never given to another.
    pub id: String,
    /// Name.
    pub name: Name,
    /// Value in `unit`, with the digits of the document.
    pub value: Decimal,
    /// Unit.
    pub unit: Unit,
    /// Year of the data behind it (数据年份), which is not the year in which it is used.
    pub data_year: Option<i32>,
    /// First day on which it may be used.
    pub valid_from: Option<NaiveDate>,
    /// Last day on which it may be used.
    pub valid_to: Option<NaiveDate>,
    /// Day on which it was published.
    pub published: Option<NaiveDate>,
    /// The document that it stands in.
    pub document: String,
    /// Table or clause of that document.
    pub table: String,
    /// How it was obtained.
    pub trust: Trust,
    /// What else is to be known of it.
    pub notes: String,
}

impl Factor {
    /// Whether it may be used for a month: the month's first day lies within its validity.
    pub fn is_valid_in(&self, month: Month) -> bool {
        let day = month.first_day();
        self.valid_from.is_none_or(|from| from <= day) && self.valid_to.is_none_or(|to| day <= to)
    }

    pub(super) fn order(&self, other: &Self) -> Ordering {
        let place = |factor: &Self| (factor.data_year, factor.valid_from);
        self.factor_set
            .cmp(&other.factor_set)
            .then_with(|| self.key.cmp(&other.key))
            .then_with(|| place(self).cmp(&place(other)))
            .then_with(|| self.id.cmp(&other.id))
    }
}

/// The global warming potential of one substance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GwpValue {
    /// The substance, such as `CH4` or `HFC-134a`.
    pub substance: String,
    /// The gas as which it is accounted.
    pub gas: Gas,
    /// Tonnes of CO₂ equivalent in one tonne of it, over 100 years.
    pub value: Decimal,
    /// Id of this row.
    pub id: String,
    /// What else is to be known of it; empty for most.
    #[serde(default)]
    pub notes: String,
}

/// A set of global warming potentials (全球变暖潜势), such as `AR5`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GwpSet {
    /// Name, as books give it.
    pub name: String,
    /// The document that it stands in.
    pub document: String,
    /// How it was obtained.
    pub trust: Trust,
    /// Its values.
    pub values: Vec<GwpValue>,
}

/// A factor found for a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resolved<'rules> {
    /// The row.
    pub factor: &'rules Factor,
    /// Whether it stands in until the factor of the accounting year itself is published (暂用).
    pub provisional: bool,
}

/// Why no factor can be given.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FactorError {
    /// No set has the key.
    #[error("the adopted rules have no factor {key:?}")]
    UnknownKey {
        /// What was asked for.
        key: String,
    },
    /// Other sets have the key, those of the book do not.
    #[error("factor {key:?} is in none of the book's factor sets; it is in {found_in}")]
    NotInSets {
        /// What was asked for.
        key: String,
        /// The sets that have it.
        found_in: String,
    },
    /// The key has rows, none for that month.
    #[error(
        "factor {key:?} has no row for {month} (there are {available}): name a data_year, or give a constant with its \
         origin"
    )]
    NotForPeriod {
        /// What was asked for.
        key: String,
        /// For which month.
        month: Month,
        /// The data years or validities that there are.
        available: String,
    },
    /// The data year that was named is not there.
    #[error("factor {key:?} has no row of data year {data_year} (there are {available})")]
    NoSuchDataYear {
        /// What was asked for.
        key: String,
        /// The data year that was named.
        data_year: i32,
        /// The data years or validities that there are.
        available: String,
    },
}

impl Explained for FactorError {
    fn text(&self) -> Text {
        match self {
            Self::UnknownKey { key } => Text::new("factor-unknown-key").with("key", clean(key)),
            Self::NotInSets { key, found_in } => Text::new("factor-not-in-sets")
                .with("key", clean(key))
                .with("sets", clean(found_in)),
            Self::NotForPeriod { key, month, available } => Text::new("factor-not-for-period")
                .with("key", clean(key))
                .with("month", month)
                .with("available", clean(available)),
            Self::NoSuchDataYear {
                key,
                data_year,
                available,
            } => Text::new("factor-no-such-data-year")
                .with("key", clean(key))
                .with("year", data_year)
                .with("available", clean(available)),
        }
    }
}

/// Whether a row may serve a month, where a data year was named and where none was.
pub(super) fn usable_data_year(factor: &Factor, named: Option<i32>, month: Month) -> bool {
    match (factor.data_year, named) {
        (None, None) => true,
        (Some(year), None) => year <= month.year,
        (year, Some(named)) => year == Some(named),
    }
}

/// What there is, in short: `data year 2021, data year 2022` or `from 2015-01-01 to 2020-12-31`.
pub(super) fn availability(factors: &[&Factor]) -> String {
    let day = |date: Option<NaiveDate>| date.map_or_else(|| "…".to_owned(), |date| date.to_string());
    let mut parts: Vec<String> = factors
        .iter()
        .map(|factor| match factor.data_year {
            Some(year) => year.to_string(),
            None => format!("{}/{}", day(factor.valid_from), day(factor.valid_to)),
        })
        .collect();
    parts.dedup();
    parts.join(", ")
}
