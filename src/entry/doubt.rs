//! What looks wrong about a value (疑点), told while whoever typed it can still look again. None of it keeps a value out: who
//! says it a second time has looked.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::cell::Value;
use super::known::{Row, Sheet};
use super::register::{Part, Register, Stand};
use crate::domain::decimal::from_count;
use crate::domain::model::{Limits, Parameter};
use crate::domain::reading::{Origin, ParameterKind};
use crate::domain::text::{Explained, Text, clean};
use crate::engine::view::Overlap;
use crate::quality::figure::duration;

/// What looks wrong.
#[derive(Debug, Clone, PartialEq)]
pub enum Doubt {
    /// Outside what is possible: it is kept, and does not count.
    Impossible,
    /// A register that goes back to zero before it: it does not count either.
    BeyondRegister(Decimal),
    /// Outside the operating limits.
    OutOfLimits,
    /// It fits once the point stands elsewhere, `12.345` for `12345`: what it would be then, and what was before.
    Point(i64, i64),
    /// It fits another row better: which.
    OtherRow(usize),
    /// Far from the one before.
    Far(i64),
    /// A register that fell below where it stood.
    Fell(i64),
    /// A register that went over its end: where it stood, and how much it counted.
    RolledOver(i64, i64),
    /// A register that stands lower afterwards: when, and where.
    FallsBack(Stand),
    /// A register that counted far more than before: how much, and how much before.
    Faster(i64, i64),
    /// For a round that has not been yet: how far ahead it is, in milliseconds.
    Ahead(i64),
    /// Fewer digits behind the point than usual: a spreadsheet shows fewer than it has.
    FewerDigits(u32),
    /// A comma was taken for a thousands separator.
    Grouped,
    /// Something else is typed in the cell and not sent: what, and by whom where somebody else typed it.
    Typed(String, Option<String>),
    /// Another value was sent for it already.
    Sent(i64),
    /// Another way has brought a value: which, what, and whether it goes on to count.
    Other(Origin, i64, bool),
    /// Another value stands in its time, as a document that counts beside it.
    Beside(Overlap),
}

/// From how many times as much on, or as little, a value is far from the one before.
const FAR: f64 = 5.0;

/// How near, as a share, a value is to what it is taken for.
const NEAR: f64 = 0.15;

/// How far off its own row a value is that may belong into another.
const OFF: f64 = 0.3;

fn real(count: i64) -> f64 {
    count.to_f64().unwrap_or(f64::NAN)
}

/// Whether two numbers are the same but for a share.
fn is_near(one: f64, other: f64, share: f64) -> bool {
    (one - other).abs() <= share * one.abs().max(other.abs())
}

/// The values next to a cell in its row, typed or sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Around {
    /// The one before it.
    pub before: Option<Stand>,
    /// The one behind it, which is looked at of registers only.
    pub after: Option<Stand>,
}

/// Everything that looks wrong about a value in a cell, what it may have been meant to be first. Costs what stands in the row,
/// and where the value is off, the rows of the page.
pub fn doubts(sheet: &Sheet<'_>, (place, column): (usize, usize), value: &Value, around: Around) -> Vec<Doubt> {
    let Some(row) = sheet.row(place) else {
        return Vec::new();
    };
    let mut doubts = Vec::new();
    // What it might have been meant to be says more than that it cannot be.
    if value.ditto.is_none() {
        doubts.extend(of_around(sheet, (place, column), &row, value.count, around));
    }
    doubts.extend(of_limits(sheet, &row, value));
    doubts.extend(sheet.ahead(column).map(Doubt::Ahead));
    doubts.extend(of_standing(sheet, &row, column, value.count));
    if value.grouped {
        doubts.push(Doubt::Grouped);
    }
    doubts
}

fn of_limits(sheet: &Sheet<'_>, row: &Row<'_>, value: &Value) -> Option<Doubt> {
    let parameter = row.parameter;
    let shown = from_count(value.count, parameter.decimals);
    let register = (parameter.kind == ParameterKind::Counter).then(|| Register::of(sheet.model, row));
    if let Some(rollover) = register.and_then(|register| register.end_before(value.count)) {
        Some(Doubt::BeyondRegister(rollover))
    } else if parameter.possible.excludes(shown) {
        Some(Doubt::Impossible)
    } else {
        parameter.operating.excludes(shown).then_some(Doubt::OutOfLimits)
    }
}

/// What a value would be whose point stands elsewhere, the nearest place first, where it fits then.
pub(super) fn slipped(value: f64, fits: impl Fn(f64) -> bool) -> Option<f64> {
    [10.0, 100.0, 1_000.0, 10_000.0]
        .into_iter()
        .flat_map(|power| [value * power, value / power])
        .find(|moved| fits(*moved))
}

/// Held against the values next to it, and against those of the other rows.
fn of_around(
    sheet: &Sheet<'_>,
    (place, column): (usize, usize),
    row: &Row<'_>,
    value: i64,
    around: Around,
) -> Option<Doubt> {
    if row.parameter.kind == ParameterKind::Counter {
        return of_register(&Register::of(sheet.model, row), row, column, value, around);
    }
    let (_, last) = around.before?;
    let (now, before) = (real(value), real(last));
    if before == 0.0 || now == 0.0 || is_near(now, before, OFF) {
        return None;
    }
    if let Some(meant) = slipped(now, |moved| is_near(moved, before, NEAR)) {
        return meant.round().to_i64().map(|meant| Doubt::Point(meant, last));
    }
    let shown = from_count(value, row.parameter.decimals);
    let shown = shown.to_f64();
    let other = sheet.rows().find(|(other, row)| {
        if *other == place {
            return false;
        }
        // Two rows that say nearly the same cannot be told apart.
        let usual = row.last_sent(column);
        let usual = usual.and_then(|(_, last)| from_count(last, row.parameter.decimals).to_f64());
        let (Some(usual), Some(shown)) = (usual, shown) else {
            return false;
        };
        usual != 0.0 && is_near(shown, usual, NEAR / 3.0)
    });
    if let Some((other, _)) = other {
        return Some(Doubt::OtherRow(other));
    }
    let times = (now / before).abs();
    (now.signum() != before.signum() || times >= FAR || times <= 1.0 / FAR).then_some(Doubt::Far(last))
}

/// A register held against its stands before and behind, over the meters that were changed between.
fn of_register(register: &Register<'_>, row: &Row<'_>, column: usize, value: i64, around: Around) -> Option<Doubt> {
    let here = (row.at(column)?, value);
    let since = around
        .before
        .map(|before| register.parts(before, here))
        .unwrap_or_default();
    // What the last meter began with, or stood at before.
    let of_last = since.last();
    if let Some(part) = of_last.filter(|part| part.fell()) {
        return part.first.map(Doubt::Fell);
    }
    let until = around
        .after
        .map(|after| register.parts(here, after))
        .unwrap_or_default();
    // That it goes over its end behind the cell says nothing where it does between its neighbours anyway.
    let between = around.before.zip(around.after);
    let between = between
        .map(|(before, after)| register.parts(before, after))
        .unwrap_or_default();
    let goes_over = between.iter().any(Part::rolled_over);
    let of_first = until
        .first()
        .filter(|part| part.fell() || part.rolled_over() && !goes_over);
    if let Some((part, last)) = of_first.and_then(|part| Some((part, part.last?))) {
        return Some(Doubt::FallsBack((part.to, last)));
    }
    let mut earlier = row.earlier(column);
    let before = earlier.next().zip(earlier.next());
    let before = before
        .map(|(newest, older)| register.parts(older, newest))
        .unwrap_or_default();
    // Two meters are not held against one.
    if let ([now], [before]) = (since.as_slice(), before.as_slice())
        && let Some((counted, before)) = now.counted().zip(before.counted())
        && before > 0
        && real(counted) > real(before) * FAR
    {
        return Some(Doubt::Faster(counted, before));
    }
    let rolled_over = of_last.filter(|part| part.rolled_over())?;
    Some(Doubt::RolledOver(rolled_over.first?, rolled_over.counted()?))
}

fn of_standing(sheet: &Sheet<'_>, row: &Row<'_>, column: usize, value: i64) -> Option<Doubt> {
    let Some(standing) = row.standing(column) else {
        return row.beside(column).cloned().map(Doubt::Beside);
    };
    if standing.value == value {
        return None;
    }
    if standing.origin == sheet.origin {
        return Some(Doubt::Sent(standing.value));
    }
    let holds = row.parameter.rank(standing.origin) > row.parameter.rank(sheet.origin);
    Some(Doubt::Other(standing.origin, standing.value, holds))
}

/// The digits behind the point that values of a row usually have, of those that were sent.
pub fn usual_decimals(row: &Row<'_>, column: usize) -> u32 {
    let digits = |value: i64| from_count(value, row.parameter.decimals).normalize().scale();
    row.earlier(column).map(|(_, value)| digits(value)).max().unwrap_or(0)
}

/// What looks wrong about the digits of a pasted value: a spreadsheet gives what it shows, not what it has.
pub fn fewer_digits(row: &Row<'_>, column: usize, value: &Value) -> Option<Doubt> {
    let usual = usual_decimals(row, column);
    let typed = value.decimals?;
    (typed + 1 < usual || typed == 0 && usual > 0).then_some(Doubt::FewerDigits(usual))
}

impl Doubt {
    /// In words.
    pub fn text(&self, sheet: &Sheet<'_>, place: usize) -> Text {
        let parameter = sheet.row(place).map(|row| row.parameter);
        let value = |count: i64| {
            parameter.map_or_else(String::new, |parameter| {
                format!("{} {}", from_count(count, parameter.decimals), parameter.unit.symbol())
            })
        };
        // What a register counted is told as it will count: times its multiplier.
        let amount = |counts: i64| {
            sheet.row(place).map_or_else(String::new, |row| {
                let register = Register::of(sheet.model, &row);
                format!("{} {}", register.amount_of(counts), row.parameter.unit.symbol())
            })
        };
        let limits =
            |of: fn(&Parameter) -> Limits| parameter.map_or_else(String::new, |parameter| of(parameter).to_string());
        match self {
            Self::Impossible => Text::new("entry-doubt-impossible").with("limits", limits(|known| known.possible)),
            Self::BeyondRegister(rollover) => Text::new("entry-doubt-register").with("rollover", rollover.normalize()),
            Self::OutOfLimits => Text::new("entry-doubt-limits").with("limits", limits(|known| known.operating)),
            Self::Point(meant, last) => Text::new("entry-doubt-point")
                .with("meant", value(*meant))
                .with("last", value(*last)),
            Self::OtherRow(other) => {
                let other = sheet.row(*other).map(|row| clean(&row.parameter.tag).into_owned());
                Text::new("entry-doubt-row").with("tag", other.unwrap_or_default())
            }
            Self::Far(last) => Text::new("entry-doubt-far").with("last", value(*last)),
            Self::Fell(last) => Text::new("entry-doubt-fell").with("last", value(*last)),
            Self::FallsBack((at, next)) => Text::new("entry-doubt-falls-back")
                .with("at", sheet.model.zone.local(*at).format("%m-%d %H:%M"))
                .with("next", value(*next)),
            Self::RolledOver(last, counted) => Text::new("entry-doubt-rolled-over")
                .with("last", value(*last))
                .with("counted", amount(*counted)),
            Self::Faster(counted, before) => Text::new("entry-doubt-faster")
                .with("counted", amount(*counted))
                .with("before", amount(*before)),
            Self::Ahead(ahead) => Text::new("entry-doubt-ahead").with("ahead", duration(*ahead)),
            Self::FewerDigits(usual) => Text::new("entry-doubt-digits").with_count("usual", *usual),
            Self::Grouped => Text::new("entry-doubt-grouped"),
            Self::Typed(text, None) => Text::new("entry-doubt-typed").with("text", clean(text)),
            Self::Typed(text, Some(by)) => Text::new("entry-doubt-typed-by")
                .with("text", clean(text))
                .with("by", clean(by)),
            Self::Sent(sent) => Text::new("entry-doubt-sent").with("sent", value(*sent)),
            Self::Beside(overlap) => {
                parameter.map_or_else(|| Text::new("explain-unknown"), |known| overlap.text(known))
            }
            Self::Other(origin, other, holds) => {
                let id = if *holds {
                    "entry-doubt-other-holds"
                } else {
                    "entry-doubt-other-yields"
                };
                Text::new(id)
                    .with_text("origin", origin.text())
                    .with("other", value(*other))
            }
        }
    }
}
