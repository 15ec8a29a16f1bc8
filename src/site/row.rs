//! Tables of a `site.toml` as they were read: typed values by key, each with its place.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error as ChoiceError, StrDeserializer};

use super::fields::Shape;
use crate::domain::calendar::CalendarInterval;
use crate::domain::time::PlantZone;
use crate::domain::unit::Unit;

/// A value with the byte offset at which it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct At<T> {
    pub(crate) at: usize,
    pub(crate) value: T,
}

/// A value in the form that its field asks for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    /// It was there, but a problem was found; nobody need call it missing.
    Refused,
    Words(String),
    Number(Decimal),
    Whole(i64),
    Flag(bool),
    Date(NaiveDate),
    Minutes(u32),
    Milliseconds(i64),
    Calendar(CalendarInterval),
    Unit(Unit),
    Zone(PlantZone),
    List(Vec<At<Value>>),
    Row(Row),
    Rows(Vec<Row>),
    Named(Vec<(At<String>, Row)>),
}

impl Value {
    /// The words of a list, with their places; none of anything else.
    pub(crate) fn words(&self) -> impl Iterator<Item = At<&str>> {
        words_in(match self {
            Self::List(values) => values,
            _ => &[],
        })
    }
}

/// A table, read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    pub(crate) at: usize,
    pub(crate) shape: &'static Shape,
    pub(crate) fields: BTreeMap<&'static str, At<Value>>,
}

impl Row {
    fn get(&self, key: &str) -> Option<&Value> {
        debug_assert!(self.shape.field(key).is_some(), "{} has no key {key}", self.shape.name);
        self.fields.get(key).map(|field| &field.value)
    }

    /// Whether the key was given, usable or not.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Whether the key was given but refused.
    pub(crate) fn refused(&self, key: &str) -> bool {
        matches!(self.get(key), Some(Value::Refused))
    }

    /// Where the key's value stands; the row itself where it is missing.
    pub(crate) fn place(&self, key: &str) -> usize {
        self.fields.get(key).map_or(self.at, |field| field.at)
    }

    pub(crate) fn words(&self, key: &str) -> Option<&str> {
        match self.get(key) {
            Some(Value::Words(words)) => Some(words),
            _ => None,
        }
    }

    pub(crate) fn number(&self, key: &str) -> Option<Decimal> {
        match self.get(key) {
            Some(&Value::Number(number)) => Some(number),
            _ => None,
        }
    }

    /// A whole number; also `None` where this table has no such key, as a provisional factor has no data year.
    pub(crate) fn whole(&self, key: &str) -> Option<i64> {
        match self.fields.get(key).map(|field| &field.value) {
            Some(&Value::Whole(whole)) => Some(whole),
            _ => None,
        }
    }

    pub(crate) fn flag(&self, key: &str) -> bool {
        matches!(self.get(key), Some(Value::Flag(true)))
    }

    pub(crate) fn date(&self, key: &str) -> Option<NaiveDate> {
        match self.get(key) {
            Some(&Value::Date(date)) => Some(date),
            _ => None,
        }
    }

    pub(crate) fn minutes(&self, key: &str) -> Option<u32> {
        match self.get(key) {
            Some(&Value::Minutes(minutes)) => Some(minutes),
            _ => None,
        }
    }

    pub(crate) fn milliseconds(&self, key: &str) -> Option<i64> {
        match self.get(key) {
            Some(&Value::Milliseconds(milliseconds)) => Some(milliseconds),
            Some(&Value::Calendar(interval)) => Some(interval.longest_ms()),
            _ => None,
        }
    }

    /// The interval of the calendar that a duration names; none of one of a fixed length.
    pub(crate) fn calendar(&self, key: &str) -> Option<CalendarInterval> {
        match self.get(key) {
            Some(&Value::Calendar(interval)) => Some(interval),
            _ => None,
        }
    }

    pub(crate) fn unit(&self, key: &str) -> Option<&Unit> {
        match self.get(key) {
            Some(Value::Unit(unit)) => Some(unit),
            _ => None,
        }
    }

    pub(crate) fn zone(&self, key: &str) -> Option<PlantZone> {
        match self.get(key) {
            Some(&Value::Zone(zone)) => Some(zone),
            _ => None,
        }
    }

    /// One of a field's choices, as the type whose serde names they are.
    pub(crate) fn choice<T: for<'de> Deserialize<'de>>(&self, key: &str) -> Option<T> {
        self.words(key).and_then(choice)
    }

    pub(crate) fn row(&self, key: &str) -> Option<&Row> {
        match self.get(key) {
            Some(Value::Row(row)) => Some(row),
            _ => None,
        }
    }

    pub(crate) fn rows(&self, key: &str) -> &[Row] {
        match self.get(key) {
            Some(Value::Rows(rows)) => rows,
            _ => &[],
        }
    }

    pub(crate) fn named(&self, key: &str) -> &[(At<String>, Row)] {
        match self.get(key) {
            Some(Value::Named(rows)) => rows,
            _ => &[],
        }
    }

    pub(crate) fn list(&self, key: &str) -> &[At<Value>] {
        match self.get(key) {
            Some(Value::List(values)) => values,
            _ => &[],
        }
    }

    /// The words of a list, with their places.
    pub(crate) fn words_of(&self, key: &str) -> impl Iterator<Item = At<&str>> {
        words_in(self.list(key))
    }
}

/// The words among values.
pub(crate) fn words_in(values: &[At<Value>]) -> impl Iterator<Item = At<&str>> {
    values.iter().filter_map(|value| match &value.value {
        Value::Words(words) => Some(At {
            at: value.at,
            value: words.as_str(),
        }),
        _ => None,
    })
}

/// A word as the variant that serde gives that name.
pub(crate) fn choice<T: for<'de> Deserialize<'de>>(word: &str) -> Option<T> {
    let deserializer: StrDeserializer<'_, ChoiceError> = word.into_deserializer();
    T::deserialize(deserializer).ok()
}

#[cfg(test)]
mod tests {
    use super::super::fields;
    use super::*;
    use crate::domain::actor::Role;
    use crate::domain::anomaly::CauseClass;
    use crate::domain::model::{Gas, Integration, Level, Window};
    use crate::domain::reading::{Origin, ParameterKind};

    #[test]
    fn every_choice_is_a_variant_of_its_type() {
        fn all<T: for<'de> Deserialize<'de>>(words: &[&str]) {
            for word in words {
                assert!(choice::<T>(word).is_some(), "{word}");
            }
        }
        all::<Level>(fields::LEVELS);
        all::<ParameterKind>(fields::KINDS);
        all::<Integration>(fields::INTEGRATIONS);
        all::<Window>(fields::WINDOWS);
        all::<Origin>(fields::ORIGINS);
        all::<Gas>(fields::GASES);
        all::<Role>(fields::ROLES);
        all::<CauseClass>(super::super::anomalies::CLASSES);
    }
}
