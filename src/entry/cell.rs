//! What a text in a cell means.
//!
//! | text | meaning |
//! |---|---|
//! | `12.5`, `1,234`, `１２` | a value in the row's unit |
//! | `12.5 kg` | a value in another unit |
//! | `=12*3.4` | what a sum amounts to, rounded to the row's quantum |
//! | `'`, `' gauge stuck` | as before (同上), with a reason |
//! | `/`, `—` | not read |
//! | `13.…\|` | nothing yet: it was cut |

use rust_decimal::Decimal;

use super::check_whole;
use super::formula;
use super::known::Row;
use super::number::{Number, advice, measured, number, plain};
use crate::domain::comma::is_advice;
use crate::domain::decimal::count;
use crate::domain::text::{Explained, Text, clean};
use crate::domain::unit::Unit;

/// What a cell says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entered {
    /// Nothing.
    Empty,
    /// That it was not read (缺).
    Missing,
    /// A value.
    Value(Value),
}

/// A value of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// In counts of the row's quantum.
    pub count: i64,
    /// Digits behind the point as they were typed; none of what was reckoned.
    pub decimals: Option<u32>,
    /// Whether it was typed with thousands separators.
    pub grouped: bool,
    /// Why it is as before, where it is.
    pub ditto: Option<String>,
}

/// Whether a text says that nothing was read.
pub(super) fn is_missing(text: &str) -> bool {
    matches!(text, "/" | "\\" | "—" | "——" | "--" | "―" | "缺")
}

/// The reason behind a ditto mark, where a text begins with one.
fn ditto(text: &str) -> Option<&str> {
    let rest = text
        .strip_prefix(['\'', '"', '〃', '’', '‘', '“', '”'])
        .or_else(|| text.strip_prefix("同上"))?;
    Some(rest.trim())
}

/// What a text says in a cell; `last` is the value before it, typed or sent.
pub fn read(text: &str, row: &Row<'_>, last: Option<i64>) -> Result<Entered, Text> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Entered::Empty);
    }
    check_whole(text)?;
    if let Some(reason) = ditto(text) {
        return as_before(reason, last);
    }
    let text = plain(text);
    if is_missing(&text) {
        return Ok(Entered::Missing);
    }
    let decimals = row.parameter.decimals;
    let amount = fitting(&text, &row.parameter.unit, decimals)?;
    Ok(Entered::Value(Value {
        count: counted(amount.value, decimals)?,
        decimals: amount.decimals,
        grouped: amount.grouped,
        ditto: None,
    }))
}

/// A value as it was typed, in the unit that is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amount {
    /// The value.
    pub value: Decimal,
    /// Digits behind the point as they were typed; none of what was reckoned or converted.
    pub decimals: Option<u32>,
    /// Whether it was typed with thousands separators.
    pub grouped: bool,
}

impl Amount {
    /// What a person types must fit: nothing is rounded away unseen.
    pub fn check_digits(&self, text: &str, decimals: u32) -> Result<(), Text> {
        if self.decimals.is_some() && self.value.normalize().scale() > decimals {
            return Err(Text::new("entry-too-many-digits")
                .with("given", clean(text))
                .with_count("decimals", decimals));
        }
        Ok(())
    }
}

/// Reads a value with or without a unit, or a sum, in a unit.
pub fn amount(text: &str, unit: &Unit) -> Result<Amount, Text> {
    let text = plain(text);
    if let Some(sum) = text.strip_prefix('=') {
        return Ok(Amount {
            value: formula::value_of(sum)?,
            decimals: None,
            grouped: false,
        });
    }
    let bare = number(&text);
    let is_converted = bare.is_err();
    let Number {
        value,
        decimals: typed,
        grouped,
    } = match bare {
        Ok(number) => number,
        Err(_) => measured(&text, unit)?,
    };
    Ok(Amount {
        value,
        decimals: (!is_converted).then_some(typed),
        grouped,
    })
}

/// Reads what a person types into a place that keeps so many digits behind the point: nothing is rounded away unseen, and nothing
/// is advised that would be.
pub fn fitting(text: &str, unit: &Unit, decimals: u32) -> Result<Amount, Text> {
    let fits = |one: &str| amount(one, unit).is_ok_and(|read| read.check_digits(one, decimals).is_ok());
    let read = amount(text, unit).map_err(|why| {
        if is_advice(&why) {
            advice(&plain(text), fits)
        } else {
            why
        }
    })?;
    read.check_digits(text, decimals)?;
    Ok(read)
}

fn as_before(reason: &str, last: Option<i64>) -> Result<Entered, Text> {
    let count = last.ok_or_else(|| Text::new("entry-ditto-nothing"))?;
    if reason.is_empty() {
        return Err(Text::new("entry-ditto-reason"));
    }
    Ok(Entered::Value(Value {
        count,
        decimals: None,
        grouped: false,
        ditto: Some(clean(reason).into_owned()),
    }))
}

fn counted(value: Decimal, decimals: u32) -> Result<i64, Text> {
    count(value, decimals)
        .map(|counted| counted.count)
        .map_err(|error| error.text())
}
