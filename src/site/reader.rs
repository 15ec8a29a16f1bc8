//! Turns parsed TOML into rows of typed values by the table of [`super::fields`], collecting everything that is wrong.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error as ChoiceError, StrDeserializer};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fields::{Field, Form, Shape};
use super::problem::{Problems, remedy_for};
use crate::domain::decimal::parse_decimal;
use crate::domain::text::{Explained, Text, clean, is_unsafe_for_display};
use crate::domain::time::PlantZone;
use crate::domain::unit::Unit;

/// A value with the byte offset at which it stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct At<T> {
    pub(super) at: usize,
    pub(super) value: T,
}

/// A value in the form that its field asks for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// It was there, but a problem was found; nobody need call it missing.
    Refused,
    Words(String),
    Number(Decimal),
    Whole(i64),
    Flag(bool),
    Date(NaiveDate),
    Minutes(u32),
    Milliseconds(i64),
    Unit(Unit),
    Zone(PlantZone),
    List(Vec<At<Value>>),
    Row(Row),
    Rows(Vec<Row>),
    Named(Vec<(At<String>, Row)>),
}

impl Value {
    /// The words of a list, with their places; none of anything else.
    pub(super) fn words(&self) -> impl Iterator<Item = At<&str>> {
        words_in(match self {
            Self::List(values) => values,
            _ => &[],
        })
    }
}

/// A table, read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    pub(super) at: usize,
    shape: &'static Shape,
    fields: BTreeMap<&'static str, At<Value>>,
}

impl Row {
    fn get(&self, key: &str) -> Option<&Value> {
        debug_assert!(self.shape.field(key).is_some(), "{} has no key {key}", self.shape.name);
        self.fields.get(key).map(|field| &field.value)
    }

    /// Whether the key was given, usable or not.
    pub(super) fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Whether the key was given but refused.
    pub(super) fn refused(&self, key: &str) -> bool {
        matches!(self.get(key), Some(Value::Refused))
    }

    /// Where the key's value stands; the row itself where it is missing.
    pub(super) fn place(&self, key: &str) -> usize {
        self.fields.get(key).map_or(self.at, |field| field.at)
    }

    pub(super) fn words(&self, key: &str) -> Option<&str> {
        match self.get(key) {
            Some(Value::Words(words)) => Some(words),
            _ => None,
        }
    }

    pub(super) fn number(&self, key: &str) -> Option<Decimal> {
        match self.get(key) {
            Some(&Value::Number(number)) => Some(number),
            _ => None,
        }
    }

    /// A whole number; also `None` where this table has no such key, as a provisional factor has no data year.
    pub(super) fn whole(&self, key: &str) -> Option<i64> {
        match self.fields.get(key).map(|field| &field.value) {
            Some(&Value::Whole(whole)) => Some(whole),
            _ => None,
        }
    }

    pub(super) fn flag(&self, key: &str) -> bool {
        matches!(self.get(key), Some(Value::Flag(true)))
    }

    pub(super) fn date(&self, key: &str) -> Option<NaiveDate> {
        match self.get(key) {
            Some(&Value::Date(date)) => Some(date),
            _ => None,
        }
    }

    pub(super) fn minutes(&self, key: &str) -> Option<u32> {
        match self.get(key) {
            Some(&Value::Minutes(minutes)) => Some(minutes),
            _ => None,
        }
    }

    pub(super) fn milliseconds(&self, key: &str) -> Option<i64> {
        match self.get(key) {
            Some(&Value::Milliseconds(milliseconds)) => Some(milliseconds),
            _ => None,
        }
    }

    pub(super) fn unit(&self, key: &str) -> Option<&Unit> {
        match self.get(key) {
            Some(Value::Unit(unit)) => Some(unit),
            _ => None,
        }
    }

    pub(super) fn zone(&self, key: &str) -> Option<PlantZone> {
        match self.get(key) {
            Some(&Value::Zone(zone)) => Some(zone),
            _ => None,
        }
    }

    /// One of a field's choices, as the type whose serde names they are.
    pub(super) fn choice<T: for<'de> Deserialize<'de>>(&self, key: &str) -> Option<T> {
        self.words(key).and_then(choice)
    }

    pub(super) fn row(&self, key: &str) -> Option<&Row> {
        match self.get(key) {
            Some(Value::Row(row)) => Some(row),
            _ => None,
        }
    }

    pub(super) fn rows(&self, key: &str) -> &[Row] {
        match self.get(key) {
            Some(Value::Rows(rows)) => rows,
            _ => &[],
        }
    }

    pub(super) fn named(&self, key: &str) -> &[(At<String>, Row)] {
        match self.get(key) {
            Some(Value::Named(rows)) => rows,
            _ => &[],
        }
    }

    pub(super) fn list(&self, key: &str) -> &[At<Value>] {
        match self.get(key) {
            Some(Value::List(values)) => values,
            _ => &[],
        }
    }

    /// The words of a list, with their places.
    pub(super) fn words_of(&self, key: &str) -> impl Iterator<Item = At<&str>> {
        words_in(self.list(key))
    }
}

/// The words among values.
pub(super) fn words_in(values: &[At<Value>]) -> impl Iterator<Item = At<&str>> {
    values.iter().filter_map(|value| match &value.value {
        Value::Words(words) => Some(At {
            at: value.at,
            value: words.as_str(),
        }),
        _ => None,
    })
}

/// A word as the variant that serde gives that name.
pub(super) fn choice<T: for<'de> Deserialize<'de>>(word: &str) -> Option<T> {
    let deserializer: StrDeserializer<'_, ChoiceError> = word.into_deserializer();
    T::deserialize(deserializer).ok()
}

/// Reads tables by their shapes.
pub(super) struct Reader<'p, 't> {
    pub(super) problems: &'p Problems<'t>,
    /// Whether the text was broken before, so that what is missing may only have been lost.
    pub(super) broken: bool,
}

impl Reader<'_, '_> {
    /// Reads a table: unknown keys, missing keys and unfit values become problems.
    pub(super) fn row(&self, shape: &'static Shape, table: &DeTable<'_>, at: usize) -> Row {
        let mut fields = BTreeMap::new();
        for (key, value) in table {
            let Some(field) = shape.field(key.get_ref()) else {
                self.problems.push(
                    key.span().start,
                    Text::new("site-unknown-key")
                        .with("key", clean(key.get_ref()))
                        .with("table", shape.name),
                    remedy_for(key.get_ref(), shape.fields.iter().map(|field| field.key)),
                );
                continue;
            };
            let value = At {
                at: value.span().start,
                value: self.value(field.key, &field.form, value),
            };
            fields.insert(field.key, value);
        }
        for field in shape.fields.iter().filter(|field| field.required && !self.broken) {
            if !fields.contains_key(field.key) {
                self.missing(at, shape, field);
            }
        }
        Row { at, shape, fields }
    }

    fn missing(&self, at: usize, shape: &Shape, field: &Field) {
        let remedy = match field.form {
            Form::Tables(_) => Text::new("site-remedy-add-table").with("example", format!("[[{}]]", field.key)),
            Form::Table(_) => Text::new("site-remedy-add-table").with("example", format!("[{}]", field.key)),
            form => Text::new("site-remedy-add-key").with("example", format!("{} = {}", field.key, example(&form))),
        };
        let what = Text::new("site-missing-key")
            .with("key", field.key)
            .with("table", shape.name);
        self.problems.push(at, what, remedy);
    }

    fn value(&self, key: &'static str, form: &Form, given: &Spanned<DeValue<'_>>) -> Value {
        let at = given.span().start;
        let refuse = |what: Text, remedy: Text| {
            self.problems.push(at, what, remedy);
            Value::Refused
        };
        let by_example = || {
            let example = match form {
                Form::Tables(_) => format!("[[{key}]]"),
                form => example(form),
            };
            Text::new("site-remedy-example").with("example", example)
        };
        let wrong_form = || {
            let wanted = Text::new(wanted(form));
            let what = match given.get_ref() {
                DeValue::String(words) if matches!(form, Form::Date | Form::Clock | Form::Duration) => {
                    Text::new("site-unfit-words").with("given", clean(words))
                }
                other => Text::new("site-wrong-form").with_text("given", Text::new(toml_type(other))),
            };
            refuse(what.with("key", key).with_text("wanted", wanted), by_example())
        };
        let explained = |why: &dyn Explained| {
            refuse(
                Text::new("site-unfit-value")
                    .with("key", key)
                    .with_text("reason", why.text()),
                by_example(),
            )
        };
        match (form, given.get_ref()) {
            (Form::Number, DeValue::Integer(number)) if number.radix() == 10 => {
                parse_decimal(number.as_str()).map_or_else(|error| explained(&error), Value::Number)
            }
            (Form::Number, DeValue::Integer(_)) => refuse(Text::new("site-other-base").with("key", key), by_example()),
            (Form::Number, DeValue::Float(number)) => {
                parse_decimal(number.as_str()).map_or_else(|error| explained(&error), Value::Number)
            }
            (Form::Number, DeValue::String(number)) => {
                parse_decimal(number).map_or_else(|error| explained(&error), Value::Number)
            }
            (Form::Whole(low, high), DeValue::Integer(number)) => {
                match i64::from_str_radix(number.as_str(), number.radix()) {
                    Ok(whole) if (*low..=*high).contains(&whole) => Value::Whole(whole),
                    _ => refuse(
                        Text::new("site-whole-outside")
                            .with("key", key)
                            .with("given", clean(number.as_str())),
                        Text::new("site-remedy-between").with("low", low).with("high", high),
                    ),
                }
            }
            (Form::Flag, &DeValue::Boolean(flag)) => Value::Flag(flag),
            (Form::Date, DeValue::Datetime(stamp)) if stamp.time.is_none() && stamp.offset.is_none() => stamp
                .date
                .and_then(|date| {
                    NaiveDate::from_ymd_opt(i32::from(date.year), u32::from(date.month), u32::from(date.day))
                })
                .map_or_else(wrong_form, Value::Date),
            (Form::Date, DeValue::String(date)) => {
                NaiveDate::parse_from_str(date, "%Y-%m-%d").map_or_else(|_| wrong_form(), Value::Date)
            }
            (Form::Clock, DeValue::Datetime(stamp)) if stamp.date.is_none() && stamp.offset.is_none() => stamp
                .time
                .filter(|time| time.second.unwrap_or(0) == 0)
                .map_or_else(wrong_form, |time| {
                    Value::Minutes(u32::from(time.hour) * 60 + u32::from(time.minute))
                }),
            (Form::Clock, DeValue::String(clock)) => parse_clock(clock).map_or_else(wrong_form, Value::Minutes),
            (Form::Duration, DeValue::String(duration)) => {
                parse_duration(duration).map_or_else(wrong_form, Value::Milliseconds)
            }
            (Form::Unit, DeValue::String(unit)) => {
                Unit::parse(unit).map_or_else(|error| explained(&error), Value::Unit)
            }
            (Form::Zone, DeValue::String(zone)) => {
                PlantZone::parse(zone).map_or_else(|error| explained(&error), Value::Zone)
            }
            (Form::Choice(known), DeValue::String(word)) => {
                if known.contains(&word.as_ref()) {
                    Value::Words(word.clone().into_owned())
                } else {
                    let what = Text::new("site-unknown-word")
                        .with("key", key)
                        .with("given", clean(word));
                    refuse(what, remedy_for(word, known.iter().copied()))
                }
            }
            (Form::Key | Form::Tag | Form::Words, DeValue::String(words)) => {
                match self.checked_words(key, form, words, at) {
                    Some(words) => Value::Words(words),
                    None => Value::Refused,
                }
            }
            (Form::List(of), DeValue::Array(values)) => Value::List(
                values
                    .iter()
                    .map(|value| At {
                        at: value.span().start,
                        value: self.value(key, of, value),
                    })
                    .collect(),
            ),
            (Form::Table(shape), DeValue::Table(table)) => Value::Row(self.row(shape, table, at)),
            (Form::Tables(shape), DeValue::Array(tables)) => Value::Rows(
                tables
                    .iter()
                    .filter_map(|table| {
                        let DeValue::Table(row) = table.get_ref() else {
                            wrong_form();
                            return None;
                        };
                        Some(self.row(shape, row, table.span().start))
                    })
                    .collect(),
            ),
            (Form::Named(shape), DeValue::Table(table)) => Value::Named(
                table
                    .iter()
                    .filter_map(|(name, value)| {
                        let DeValue::Table(row) = value.get_ref() else {
                            wrong_form();
                            return None;
                        };
                        let checked = self.checked_words(key, &Form::Key, name.get_ref(), name.span().start)?;
                        let name = At {
                            at: name.span().start,
                            value: checked,
                        };
                        Some((name, self.row(shape, row, value.span().start)))
                    })
                    .collect(),
            ),
            _ => wrong_form(),
        }
    }

    /// Words that may be shown anywhere, or a problem.
    fn checked_words(&self, key: &str, form: &Form, words: &str, at: usize) -> Option<String> {
        const LONGEST: usize = 200;
        const LONGEST_KEY: usize = 64;
        let is_words = matches!(form, Form::Words);
        let what = if words.chars().any(is_unsafe_for_display) {
            Text::new("site-unsafe-text").with("given", clean(words))
        } else if words.trim().is_empty() {
            Text::new("site-empty-text")
        } else if words.chars().count() > if is_words { LONGEST } else { LONGEST_KEY } {
            Text::new("site-long-text")
        } else if words.trim() != words || (!is_words && words.contains(char::is_whitespace)) {
            Text::new("site-spaced-text").with("given", words)
        } else if matches!(form, Form::Key)
            && !words
                .chars()
                .all(|character| character.is_alphanumeric() || matches!(character, '-' | '_' | '.'))
        {
            Text::new("site-key-characters").with("given", words)
        } else {
            return Some(words.to_owned());
        };
        let remedy = Text::new("site-remedy-example").with("example", example(form));
        self.problems.push(at, what.with("key", key.to_owned()), remedy);
        None
    }
}

/// What a form is called.
const fn wanted(form: &Form) -> &'static str {
    match form {
        Form::Key => "site-form-key",
        Form::Tag => "site-form-tag",
        Form::Words | Form::Choice(_) | Form::Unit | Form::Zone => "site-form-words",
        Form::Number => "site-form-number",
        Form::Whole(..) => "site-form-whole",
        Form::Flag => "site-form-flag",
        Form::Date => "site-form-date",
        Form::Clock => "site-form-clock",
        Form::Duration => "site-form-duration",
        Form::List(_) => "site-form-list",
        Form::Table(_) => "site-form-table",
        Form::Tables(_) => "site-form-tables",
        Form::Named(_) => "site-form-named",
    }
}

/// What a value is called in TOML.
const fn toml_type(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "site-toml-string",
        DeValue::Integer(_) => "site-toml-integer",
        DeValue::Float(_) => "site-toml-float",
        DeValue::Boolean(_) => "site-toml-boolean",
        DeValue::Datetime(_) => "site-toml-datetime",
        DeValue::Array(_) => "site-toml-array",
        DeValue::Table(_) => "site-toml-table",
    }
}

/// How a form is written.
fn example(form: &Form) -> String {
    match form {
        Form::Key => "\"boiler-1\"".to_owned(),
        Form::Tag => "\"FT-2041\"".to_owned(),
        Form::Words => "\"1号锅炉\"".to_owned(),
        Form::Number => "\"26.7\"".to_owned(),
        Form::Whole(low, _) => low.to_string(),
        Form::Flag => "true".to_owned(),
        Form::Date => "2024-01-31".to_owned(),
        Form::Clock => "\"08:00\"".to_owned(),
        Form::Duration => "\"15 min\"".to_owned(),
        Form::Unit => "\"t/h\"".to_owned(),
        Form::Zone => "\"Asia/Shanghai\"".to_owned(),
        Form::Choice(known) => format!("\"{}\"", known.first().copied().unwrap_or_default()),
        Form::List(of) => format!("[{}]", example(of)),
        Form::Table(shape) | Form::Tables(shape) => format!("{{ {} }}", first_key(shape)),
        Form::Named(shape) => format!("{{ NAME = {{ {} }} }}", first_key(shape)),
    }
}

fn first_key(shape: &Shape) -> String {
    shape
        .fields
        .first()
        .map(|field| format!("{} = {}", field.key, example(&field.form)))
        .unwrap_or_default()
}

/// Minutes after midnight of `08:00`.
fn parse_clock(text: &str) -> Option<u32> {
    let (hours, minutes) = text.split_once(':')?;
    let part = |digits: &str| {
        (digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| digits.parse::<u32>().ok())
            .flatten()
    };
    let (hours, minutes) = (part(hours)?, part(minutes)?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

/// Milliseconds of `15 min`; `none` is 0. A month and a year are taken at their longest, so that what comes once a month
/// is not called late in the longest of them.
fn parse_duration(text: &str) -> Option<i64> {
    const DAY: i64 = 86_400_000;
    match text {
        "none" => return Some(0),
        "month" => return Some(31 * DAY),
        "year" => return Some(366 * DAY),
        _ => {}
    }
    let digits = text.find(|character: char| !character.is_ascii_digit())?;
    let (count, unit) = text.split_at_checked(digits)?;
    let unit_ms = match unit.trim() {
        "ms" => 1,
        "s" => 1000,
        "min" => 60_000,
        "h" => 3_600_000,
        "d" => DAY,
        _ => return None,
    };
    let length = count.parse::<i64>().ok()?.checked_mul(unit_ms)?;
    (1..=366 * DAY).contains(&length).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::super::fields;
    use super::*;
    use crate::domain::actor::Role;
    use crate::domain::model::{Gas, Integration, Level, Window};
    use crate::domain::reading::{Origin, ParameterKind};

    #[test]
    fn durations_and_clocks() {
        assert_eq!(parse_duration("15 min"), Some(900_000));
        assert_eq!(parse_duration("1s"), Some(1000));
        assert_eq!(parse_duration("month"), Some(2_678_400_000));
        assert_eq!(parse_duration("none"), Some(0));
        for wrong in [
            "",
            "15",
            "min",
            "-1 s",
            "0 s",
            "1.5 h",
            "9999999999999999999 d",
            "400 d",
            "1 week",
        ] {
            assert_eq!(parse_duration(wrong), None, "{wrong}");
        }
        assert_eq!(parse_clock("08:30"), Some(510));
        for wrong in ["8:00", "24:00", "08:60", "+8:00", "0800", ""] {
            assert_eq!(parse_clock(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn every_form_has_a_name_in_both_languages() {
        use crate::locale::{Language, Localizer};
        let forms = [
            Form::Key,
            Form::Tag,
            Form::Words,
            Form::Number,
            Form::Whole(0, 9),
            Form::Flag,
            Form::Date,
            Form::Clock,
            Form::Duration,
            Form::List(&Form::Key),
            Form::Table(&fields::SITE),
            Form::Tables(&fields::NODE),
            Form::Named(&fields::BINDING),
        ];
        for language in Language::ALL {
            let localizer = Localizer::new(language);
            for form in &forms {
                let id = wanted(form);
                assert_ne!(localizer.plain(id), id);
                assert!(!example(form).is_empty());
            }
            for value in ["\"a\"", "1", "1.0", "true", "2024-01-31", "[]", "{}"] {
                let id = toml_type(DeValue::parse(value).unwrap().get_ref());
                assert_ne!(localizer.plain(id), id);
            }
        }
    }

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
    }
}
