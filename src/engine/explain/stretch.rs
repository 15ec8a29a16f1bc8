//! The arithmetic of a share of an hour: the two ends of a stretch with the numbers in it.

use crate::accounting::exact::{Exact, Rounding};
use crate::accounting::quantity::{CounterRule, CounterStep, FlowRule, Point};
use crate::domain::decimal::from_count;
use crate::domain::model::{Integration, Parameter};
use crate::domain::text::{Text, clean};
use crate::domain::time::Instant;
use crate::engine::series::{PostingRule, Stretch};

use super::numbers::{minutes, operand, ratio, seconds, share, share_unit, shown};

/// How a share came about.
pub(super) struct Reckoned {
    /// The numbers; none where nothing could be reckoned.
    pub(super) numbers: Option<String>,
    /// What else must be said of it.
    pub(super) remarks: Vec<Text>,
}

impl Reckoned {
    fn missing(why: Text) -> Self {
        Self {
            numbers: None,
            remarks: vec![why],
        }
    }
}

/// The part of an interval that lies in an hour, in milliseconds from the interval's beginning.
#[derive(Debug, Clone, Copy)]
struct Cut {
    from: i64,
    to: i64,
    whole: i64,
}

impl Cut {
    fn new((from, to): (Instant, Instant), (start, end): (Instant, Instant)) -> Self {
        Self {
            from: start.max(from).since(from),
            to: end.min(to).since(from),
            whole: to.since(from),
        }
    }

    fn is_whole(self) -> bool {
        self.from == 0 && self.to == self.whole
    }
}

/// What of an interval's whole lies in an hour: the cumulative quantity at the cut's end less that at its beginning, each
/// rounded; square brackets stand where rounding changed something.
fn cut_of(whole: &str, exact: Option<Exact>, cut: Cut, quantum: Exact) -> String {
    let cumulative = |milliseconds: i64| {
        let (written, value) = if milliseconds == cut.whole {
            (whole.to_owned(), exact)
        } else {
            let share = Exact::ratio(i128::from(milliseconds), i128::from(cut.whole)).ok();
            (
                format!("{whole} × {} s ÷ {} s", seconds(milliseconds), seconds(cut.whole)),
                exact
                    .zip(share)
                    .and_then(|(exact, share)| exact.checked_mul(share).ok()),
            )
        };
        let is_counted_whole = value
            .and_then(|value| value.checked_div(quantum).ok())
            .is_some_and(|quanta| {
                quanta
                    .round_to_integer(Rounding::HalfEven)
                    .is_ok_and(|rounded| Exact::integer(rounded) == quanta)
            });
        if is_counted_whole {
            written
        } else {
            format!("[{written}]")
        }
    };
    if cut.from == 0 {
        cumulative(cut.to)
    } else {
        format!("{} − {}", cumulative(cut.to), cumulative(cut.from))
    }
}

/// The smallest quantity that a parameter counts.
fn quantum(parameter: &Parameter) -> Exact {
    10_i128
        .checked_pow(parameter.decimals)
        .and_then(|scale| Exact::ratio(1, scale).ok())
        .unwrap_or(Exact::ONE)
}

/// How a stretch gives its share to an hour.
pub(super) fn of_stretch(parameter: &Parameter, stretch: &Stretch<'_>, hour: (Instant, Instant)) -> Reckoned {
    let cut = Cut::new((stretch.from, stretch.to), hour);
    let mut reckoned = match (stretch.first, stretch.last, stretch.rule) {
        (None, ..) => Reckoned::missing(Text::new("stretch-new-not-read")),
        (_, None, _) => Reckoned::missing(Text::new("stretch-old-not-read")),
        (Some(first), Some(last), PostingRule::Flow(rule)) => of_flow(parameter, rule, (first, last), cut),
        (Some(first), Some(last), PostingRule::Counter(rule)) => {
            let point = |at, value| Point { at, value };
            of_counter(
                parameter,
                rule,
                (point(stretch.from, first), point(stretch.to, last)),
                cut,
            )
        }
        _ => Reckoned::missing(Text::new("stretch-not-a-quantity")),
    };
    let value = |count: i64| from_count(count, parameter.decimals).normalize();
    if let (Some(change), Some(first)) = (stretch.begins_with, stretch.first) {
        reckoned.remarks.push(
            Text::new("stretch-new-meter")
                .with("serial", clean(&change.change.serial))
                .with("value", value(first))
                .with("record", change.sequence),
        );
    }
    if let (Some(change), Some(last)) = (stretch.ends_with, stretch.last) {
        reckoned.remarks.push(
            Text::new("stretch-old-meter")
                .with("value", value(last))
                .with("record", change.sequence),
        );
    }
    reckoned
}

fn of_flow(parameter: &Parameter, rule: FlowRule, (first, last): (i64, i64), cut: Cut) -> Reckoned {
    if cut.whole > rule.gap_limit_ms {
        return Reckoned::missing(
            Text::new("stretch-gap")
                .with("minutes", minutes(cut.whole))
                .with("limit", minutes(rule.gap_limit_ms)),
        );
    }
    let unit = parameter.unit.symbol();
    let value = |count: i64| operand(&from_count(count, parameter.decimals).normalize().to_string());
    let held = seconds(cut.to - cut.from);
    let numbers = match rule.integration {
        Integration::Step => format!("{} {unit} × {held} s", value(first)),
        Integration::Trapezoid if first == last => format!("{} {unit} × {held} s", value(first)),
        Integration::Trapezoid if cut.is_whole() => {
            format!("({} + {}) {unit} ÷ 2 × {held} s", value(first), value(last))
        }
        Integration::Trapezoid => {
            let rise = format!("({} − {})", value(last), value(first));
            let triangle = |milliseconds: i64| {
                let x = i128::from(milliseconds);
                let squared = (i128::from(last) - i128::from(first)) * x * x;
                let written = format!(
                    "{rise} × ({} s)² ÷ (2 × {} s)",
                    seconds(milliseconds),
                    seconds(cut.whole)
                );
                if squared % i128::from(cut.whole) == 0 {
                    written
                } else {
                    format!("[{written}]")
                }
            };
            let before = if cut.from == 0 {
                String::new()
            } else {
                format!(" − {}", triangle(cut.from))
            };
            format!("{} {unit} × {held} s + {}{before}", value(first), triangle(cut.to))
        }
    };
    Reckoned {
        numbers: Some(numbers),
        remarks: Vec::new(),
    }
}

fn of_counter(parameter: &Parameter, rule: CounterRule, (first, last): (Point, Point), cut: Cut) -> Reckoned {
    let value = |count: i64| from_count(count, parameter.decimals).normalize().to_string();
    let missing = |id: &'static str| {
        Text::new(id)
            .with("first", value(first.value))
            .with("last", value(last.value))
    };
    let (step, passed) = match rule.step(first, last) {
        CounterStep::Forward(step) => (step, None),
        CounterStep::RolledOver(step) => (step, rule.rollover),
        CounterStep::Fell => return Reckoned::missing(missing("stretch-fell")),
        CounterStep::TooFast => {
            let capacity = parameter.capacity.unwrap_or_default().normalize();
            let unit = parameter.unit.symbol();
            return Reckoned::missing(missing("stretch-too-fast").with("most", format!("{capacity} {unit}")));
        }
    };
    let (first, last) = (first.value, last.value);
    let rollover = passed.map_or_else(String::new, |rollover| format!(" + {}", value(rollover)));
    let whole = format!(
        "({}{rollover} − {}) × {}",
        operand(&value(last)),
        operand(&value(first)),
        ratio(rule.multiplier)
    );
    let exact = quantum(parameter)
        .checked_mul(Exact::integer(i128::from(step)))
        .and_then(|step| step.checked_mul(Exact::from_ratio(rule.multiplier)));
    let remarks = passed
        .map(|rollover| Text::new("stretch-rolled-over").with("rollover", value(rollover)))
        .into_iter()
        .collect();
    Reckoned {
        numbers: Some(cut_of(&whole, exact.ok(), cut, quantum(parameter))),
        remarks,
    }
}

/// How an amount gives its share to an hour.
pub(super) fn of_amount(
    parameter: &Parameter,
    value: i64,
    interval: (Instant, Instant),
    hour: (Instant, Instant),
) -> String {
    let whole = from_count(value, parameter.decimals).normalize().to_string();
    let cut = Cut::new(interval, hour);
    if cut.is_whole() {
        return whole;
    }
    let exact = Exact::from_decimal(from_count(value, parameter.decimals));
    cut_of(&operand(&whole), Some(exact), cut, quantum(parameter))
}

/// What a counter's readings are multiplied with and where its register starts again, for people.
pub(super) fn rule_of_counter(parameter: &Parameter, rule: CounterRule) -> Text {
    let multiplier = ratio(rule.multiplier);
    match rule.rollover {
        Some(rollover) => Text::new("counter-rule-rollover")
            .with("multiplier", multiplier)
            .with("rollover", from_count(rollover, parameter.decimals).normalize()),
        None => Text::new("counter-rule").with("multiplier", multiplier),
    }
}

/// What square brackets round to, where a parameter's numbers have some.
pub(super) fn brackets(parameter: &Parameter) -> Text {
    Text::new("bucket-brackets")
        .with("quantum", shown(share(parameter, 1)))
        .with("unit", share_unit(parameter))
}
