//! Turns parsed TOML into rows of typed values by the table of [`super::fields`], collecting everything that is wrong.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fields::{Field, Form, Shape};
use super::form::{example, example_of, parse_clock, parse_duration, toml_type, wanted};
use super::problem::{Problems, remedy_for};
use super::row::{At, Row, Value};
use crate::domain::calendar::CalendarInterval;
use crate::domain::decimal::parse_decimal;
use crate::domain::text::{Explained, Text, clean, is_unsafe_for_display};
use crate::domain::time::PlantZone;
use crate::domain::unit::Unit;

/// Reads tables by their shapes.
pub(crate) struct Reader<'p, 't> {
    pub(crate) problems: &'p Problems<'t>,
    /// Whether the text was broken before, so that what is missing may only have been lost.
    pub(crate) broken: bool,
}

impl Reader<'_, '_> {
    /// Reads a table: unknown keys, missing keys and unfit values become problems.
    pub(crate) fn row(&self, shape: &'static Shape, table: &DeTable<'_>, at: usize) -> Row {
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
            _ => Text::new("site-remedy-add-key").with("example", format!("{} = {}", field.key, example_of(field))),
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
            (Form::Duration, DeValue::String(duration)) => match CalendarInterval::of_word(duration) {
                Some(interval) => Value::Calendar(interval),
                None => parse_duration(duration).map_or_else(wrong_form, Value::Milliseconds),
            },
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
