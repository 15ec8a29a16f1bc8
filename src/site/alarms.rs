//! What a `site.toml` says of alarms (报警设置): of all of them, and of those of a parameter.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::build::both;
use super::checks::refuse;
use super::fields::{Form, Shape, may, must};
use super::problem::Problems;
use super::row::Row;
use crate::domain::alarms::{AlarmPlan, Kind, KindAction, ParameterAlarms};
use crate::domain::reading::ParameterKind;
use crate::domain::text::{Explained, Text};
use crate::quality::alarm::LifeRules;
use crate::quality::alarm::priority::Bounds;

/// What may be missed.
pub(super) const COMPLIANCES: &[&str] = &["none", "own-goal", "data-plan", "law"];

/// `[alarms]`.
pub(super) const ALARMS: Shape = Shape {
    name: "alarms",
    about: "What holds for all alarms.",
    fields: &[
        may(
            "longest_shelf",
            Form::Duration,
            "For how long an alarm may be shelved at most; 8 h where it is missing.",
        ),
        may(
            "consequence",
            Form::Table(&CONSEQUENCE),
            "From how many tCO2e of a shift on an alarm's consequence is minor, major, severe; 1, 10, 100 where it is missing.",
        ),
        may(
            "urgency",
            Form::Table(&URGENCY),
            "Up to which time to act an alarm is urgent at once, soon, within the shift; 10 min, 1 h, 8 h where it is missing.",
        ),
    ],
};

const CONSEQUENCE: Shape = Shape {
    name: "consequence",
    about: "tCO2e from which on a consequence is that grave.",
    fields: &[
        must("minor", Form::Number, "Minor."),
        must("major", Form::Number, "Major."),
        must("severe", Form::Number, "Severe."),
    ],
};

const URGENCY: Shape = Shape {
    name: "urgency",
    about: "Time to act up to which it is that urgent.",
    fields: &[
        must("at_once", Form::Duration, "At once."),
        must("soon", Form::Duration, "Soon."),
        must("shift", Form::Duration, "Within the shift."),
    ],
};

/// `alarms` of a parameter.
pub(super) const PARAMETER_ALARMS: Shape = Shape {
    name: "alarms",
    about: "What is said of a key parameter's alarms beside operating limits, deadband and delay.",
    fields: &[
        may(
            "high_high",
            Form::Number,
            "Second upper limit; while it is passed the operating one asks for nothing.",
        ),
        may("low_low", Form::Number, "Second lower limit, likewise."),
        may(
            "off_delay",
            Form::Duration,
            "How long a limit must be kept again before its alarm returns.",
        ),
        may(
            "latching",
            Form::Flag,
            "Whether an alarm of a limit stays until somebody resets it.",
        ),
        may("never_shelved", Form::Flag, "Whether its alarms may not be shelved."),
        may(
            "compliance",
            Form::Choice(COMPLIANCES),
            "What is missed where a limit is passed; own-goal where it is missing.",
        ),
        may(
            "act_within",
            Form::Duration,
            "Time to act on a limit that is passed; 30 min where it is missing.",
        ),
        may(
            "action",
            Form::Words,
            "What the operator does when one of its limits is passed.",
        ),
        may("action_en", Form::Words, "The same in English."),
        may(
            "actions",
            Form::Tables(&ACTION),
            "What the operator does on alarms of some kinds, in place of that.",
        ),
    ],
};

/// Kinds of alarms.
pub(super) const KINDS: &[&str] = &["no-data", "marked-bad", "low-low", "low", "high", "high-high"];

const ACTION: Shape = Shape {
    name: "alarms.actions",
    about: "What the operator does on alarms of a kind.",
    fields: &[
        must("of", Form::Choice(KINDS), "Of which kind."),
        must("action", Form::Words, "What."),
        may("action_en", Form::Words, "The same in English."),
    ],
};

/// What must hold of what is said of all alarms.
pub(super) fn check_alarms(problems: &Problems<'_>, alarms: &Row) {
    if alarms.has("longest_shelf") && !alarms.refused("longest_shelf") {
        let made = LifeRules::new(false, Some(alarms.milliseconds("longest_shelf").unwrap_or(0)));
        if made.is_err() {
            problems.push(
                alarms.place("longest_shelf"),
                Text::new("site-alarms-shelf"),
                Text::new("site-remedy-alarms-shelf"),
            );
        }
    }
    // One after the other: each table has its own place for what is wrong.
    let plan = alarm_plan(Some(alarms));
    let (amounts, times) = (plan.consequence, plan.urgency_ms);
    let of_amounts = AlarmPlan {
        consequence: amounts,
        ..AlarmPlan::default()
    };
    let of_times = AlarmPlan {
        urgency_ms: times,
        ..AlarmPlan::default()
    };
    for (key, plan) in [("consequence", of_amounts), ("urgency", of_times)] {
        if let (Some(row), Err(error)) = (alarms.row(key), Bounds::planned(&plan)) {
            refuse(problems, row, &error);
        }
    }
}

/// What must hold of what is said of a parameter's alarms.
pub(super) fn check_parameter_alarms(problems: &Problems<'_>, parameter: &Row) {
    let Some(alarms) = parameter.row("alarms") else { return };
    let tag = parameter.words("tag").unwrap_or_default();
    if !parameter.flag("key") && !parameter.refused("key") {
        problems.push(
            parameter.place("alarms"),
            Text::new("site-alarms-not-key").with("tag", tag),
            Text::new("site-remedy-add-key").with("example", "key = true"),
        );
    }
    let mut named = BTreeSet::new();
    for row in alarms.rows("actions") {
        if let Some(of) = row.choice::<Kind>("of").filter(|of| !named.insert(*of)) {
            let what = Text::new("site-alarms-action-twice").with_text("of", of.text());
            problems.push(row.place("of"), what, Text::new("site-remedy-remove-one"));
        }
    }
    let kind: Option<ParameterKind> = parameter.choice("kind");
    for (key, end, is_beyond) in [
        ("high_high", "high", Decimal::gt as fn(&Decimal, &Decimal) -> bool),
        ("low_low", "low", Decimal::lt),
    ] {
        let Some(second) = alarms.number(key) else { continue };
        if kind == Some(ParameterKind::Counter) {
            problems.push(
                alarms.place(key),
                Text::new("site-alarms-counter").with("tag", tag),
                Text::new("site-remedy-remove-key").with("key", key),
            );
            continue;
        }
        let limit = |field: &str, end: &str| parameter.row(field).and_then(|limits| limits.number(end));
        if let Some(first) = limit("operating", end).filter(|first| !is_beyond(&second, first)) {
            let what = Text::new("site-alarms-second")
                .with("key", key)
                .with("given", second)
                .with("limit", first);
            problems.push(alarms.place(key), what, Text::new("site-remedy-alarms-second"));
        } else if let Some(possible) = limit("possible", end).filter(|possible| is_beyond(&second, possible)) {
            let what = Text::new("site-alarms-impossible")
                .with("key", key)
                .with("given", second)
                .with("limit", possible);
            problems.push(alarms.place(key), what, Text::new("site-remedy-limits-outside"));
        }
    }
    if let (Some(low), Some(high)) = (alarms.number("low_low"), alarms.number("high_high"))
        && low >= high
    {
        let what = Text::new("site-limits-inverted")
            .with("key", "low_low")
            .with("low", low)
            .with("high", high);
        problems.push(alarms.place("low_low"), what, Text::new("site-remedy-swap-limits"));
    }
}

/// The plan of a table without problems; what it does not say is as usual.
pub(super) fn alarm_plan(alarms: Option<&Row>) -> AlarmPlan {
    let Some(row) = alarms else {
        return AlarmPlan::default();
    };
    let amounts = |table: &Row| Some([table.number("minor")?, table.number("major")?, table.number("severe")?]);
    let times = |table: &Row| {
        let time = |key| table.milliseconds(key);
        Some([time("at_once")?, time("soon")?, time("shift")?])
    };
    AlarmPlan {
        longest_shelf_ms: row.milliseconds("longest_shelf"),
        consequence: row.row("consequence").and_then(amounts),
        urgency_ms: row.row("urgency").and_then(times),
    }
}

/// What a table without problems says of a parameter's alarms; none where it says nothing.
pub(super) fn parameter_alarms(row: &Row) -> Option<ParameterAlarms> {
    let said = ParameterAlarms {
        high_high: row.number("high_high"),
        low_low: row.number("low_low"),
        off_delay_ms: row.milliseconds("off_delay").unwrap_or(0),
        latching: row.flag("latching"),
        never_shelved: row.flag("never_shelved"),
        compliance: row.choice("compliance"),
        act_within_ms: row.milliseconds("act_within"),
        action: both(row, "action", "action_en"),
        actions: row.rows("actions").iter().filter_map(kind_action).collect(),
    };
    (said != ParameterAlarms::default()).then_some(said)
}

fn kind_action(row: &Row) -> Option<KindAction> {
    Some(KindAction {
        of: row.choice("of")?,
        action: both(row, "action", "action_en")?,
    })
}
