//! The rules at work. Each looks at some of the facts, says of each whether it speaks against, and counts.

use crate::domain::model::Name;
use crate::domain::text::{Explained, Text};
use crate::domain::time::{DAY_MS, HOUR_MS, Instant};
use crate::quality::alarm::Priority;
use crate::quality::anomaly::Stage;
use crate::quality::figure::duration;

use super::facts::{Facts, Frequency, ParameterFacts, StandsInFor, hundredths};
use super::looked::{Looked, percent};
use super::metered::{calibrated, meter_rates};
use super::rule::{Evidence, Rest, Rule, Subject, Verdict};

/// From when on something is against a rule. Neither standard names these numbers: a plant may take others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Hundredths of a per cent of the values that must come.
    pub complete: u32,
    /// How long an alarm of the highest two priorities may wait for an answer; others, as long as a shift.
    pub urgent_ms: i64,
    /// How long an anomaly may be open.
    pub open_ms: i64,
    /// How long after a month's end its tests may still come where the plan does not say: a laboratory reports within 40 days.
    pub tests_ms: i64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            complete: 9_800,
            urgent_ms: HOUR_MS / 2,
            open_ms: 7 * DAY_MS,
            tests_ms: 40 * DAY_MS,
        }
    }
}

/// What every rule says of a month.
pub fn judge(facts: &Facts, limits: &Limits) -> Vec<Evidence> {
    Rule::ALL
        .into_iter()
        .map(|rule| match rule {
            Rule::PlantAsPlanned => plant_as_planned(facts),
            Rule::MeasuredAsPlanned => measured_as_planned(facts),
            Rule::Calibrated => calibrated(facts),
            Rule::OnFrequency => on_frequency(facts, limits),
            Rule::GapsByPlan => gaps_by_plan(facts),
            Rule::ChecksMade => checks_made(facts),
            Rule::AnomaliesWorked => anomalies_worked(facts, limits),
            Rule::MeasuredFirst => measured_first(facts),
            Rule::MeterRates => meter_rates(facts),
            Rule::Fresh => fresh(facts),
        })
        .collect()
}

pub(super) fn of(parameter: &ParameterFacts) -> Subject {
    Subject::Parameter(parameter.parameter)
}

/// ER-01: what the plan names is there, and what is there the plan names.
fn plant_as_planned(facts: &Facts) -> Evidence {
    let mut looked = Looked::default();
    if !facts.has_begun {
        return looked.evidence(Rule::PlantAsPlanned, "evidence-counted", "evidence-before-readings");
    }
    for source in &facts.sources {
        let mut against = Vec::new();
        let mut is_awaited = false;
        for &id in &source.without_value {
            let text = |text| Text::new(text).with("source", &source.key).with("tag", facts.tag(id));
            // What is to be seen is the parameter that has no value, and not just anything of its source.
            let of = Subject::Parameter(id);
            if facts
                .parameters
                .iter()
                .any(|one| one.parameter == id && !one.was_due(facts))
            {
                is_awaited = true;
                looked.remark(&of, text("evidence-source-awaits"));
            } else {
                against.push(Rest {
                    of,
                    what: text("evidence-source-without"),
                    is_against: true,
                });
            }
        }
        // A source of which something is only awaited is neither as it should be nor not.
        if !is_awaited || !against.is_empty() {
            looked.one(against);
        }
    }
    if facts.sources.is_empty() {
        return looked.evidence(Rule::PlantAsPlanned, "evidence-counted", "evidence-no-sources");
    }
    // What is metered and goes nowhere is either a source that the plan has forgotten, or it is not needed.
    let is_metered = |one: &&ParameterFacts| one.kind.is_quantity() && one.had_value;
    for parameter in facts.parameters.iter().filter(is_metered) {
        let against = (!parameter.is_used).then(|| Text::new("evidence-unused").with("tag", &parameter.tag));
        looked.at(&of(parameter), against.into_iter().collect());
    }
    looked.evidence(Rule::PlantAsPlanned, "evidence-counted", "evidence-nothing-due")
}

pub(super) fn not_due(parameter: &ParameterFacts) -> Text {
    Text::new("evidence-not-due").with("tag", &parameter.tag)
}

/// ER-02: a value in the month, and by a way that is planned.
fn measured_as_planned(facts: &Facts) -> Evidence {
    let mut looked = Looked::default();
    for parameter in facts.parameters.iter().filter(|one| one.interval_ms > 0) {
        if !parameter.arrived.any && (!parameter.is_lacking || parameter.may_come(facts)) {
            looked.remark(&of(parameter), not_due(parameter));
            continue;
        }
        let mut against = Vec::new();
        if parameter.is_lacking {
            against.push(Text::new("evidence-nothing-came").with("tag", &parameter.tag));
        }
        if parameter.unplanned > 0 {
            against.push(
                Text::new("evidence-unplanned")
                    .with("tag", &parameter.tag)
                    .with_count("count", parameter.unplanned),
            );
        }
        looked.at(&of(parameter), against);
    }
    let nothing = if looked.sound.is_empty() {
        "evidence-no-intervals"
    } else {
        "evidence-nothing-due"
    };
    looked.evidence(Rule::MeasuredAsPlanned, "evidence-counted", nothing)
}

/// ER-04: as many as are planned.
fn on_frequency(facts: &Facts, limits: &Limits) -> Evidence {
    let mut looked = Looked::default();
    for parameter in &facts.parameters {
        let Some(share) = parameter.share() else {
            continue;
        };
        let stretches = &parameter.frequency;
        let short: Vec<&Frequency> = stretches.iter().filter(|one| one.is_below(limits.complete)).collect();
        let is_incomplete = stretches.iter().any(|one| one.is_incomplete(limits.complete));
        // A laboratory reports behind the month: until then tests that lack say nothing.
        if is_incomplete && (short.is_empty() || parameter.may_come(facts)) {
            looked.remark(&of(parameter), not_due(parameter));
            continue;
        }
        let text = |id, share, valid, expected| {
            Text::new(id)
                .with("tag", &parameter.tag)
                .with("share", percent(share))
                .with_count("valid", valid)
                .with_count("expected", expected)
        };
        let of_stretch = |one: &Frequency| {
            let (share, valid, expected) = (one.share(), one.valid, one.expected);
            if stretches.len() == 1 {
                return text("evidence-incomplete", share, valid, expected);
            }
            text("evidence-incomplete-part", share, valid, expected)
                .with_instant("from", one.from)
                .with_instant("to", one.to)
        };
        let complete = text("evidence-complete", share, parameter.valid(), parameter.expected());
        looked.with_all(&of(parameter), short.into_iter().map(of_stretch).collect(), complete);
    }
    let nothing = if looked.sound.is_empty() {
        "evidence-nothing-expected"
    } else {
        "evidence-nothing-due"
    };
    looked.evidence(Rule::OnFrequency, "evidence-counted", nothing)
}

/// ER-05: what is missing is filled, and by the plan's method.
fn gaps_by_plan(facts: &Facts) -> Evidence {
    let mut looked = Looked::default();
    for parameter in facts.parameters.iter().filter(|one| one.kind.is_quantity()) {
        let arrived = parameter.arrived;
        if arrived.hours == 0 {
            continue;
        }
        // Of hours that may still be filled nothing is said, neither for nor against.
        if arrived.settled == 0 || parameter.may_come(facts) {
            looked.remark(&of(parameter), not_due(parameter));
            continue;
        }
        let mut against = Vec::new();
        if arrived.long_missing > 0 {
            against.push(
                Text::new("evidence-unfilled")
                    .with("tag", &parameter.tag)
                    .with_count("hours", arrived.long_missing),
            );
        }
        if arrived.by_person > 0 && parameter.missing_rule.is_some() {
            against.push(
                Text::new("evidence-filled-otherwise")
                    .with("tag", &parameter.tag)
                    .with_count("hours", arrived.by_person),
            );
        }
        if against.is_empty() && arrived.by_plan > 0 {
            let sound = Text::new("evidence-filled")
                .with("tag", &parameter.tag)
                .with_count("hours", arrived.by_plan);
            looked.with(&of(parameter), None, sound);
        } else {
            looked.at(&of(parameter), against);
        }
    }
    let nothing = if looked.sound.is_empty() {
        "evidence-nothing-expected"
    } else {
        "evidence-nothing-due"
    };
    looked.evidence(Rule::GapsByPlan, "evidence-counted", nothing)
}

/// ER-06: the rounds are made.
fn checks_made(facts: &Facts) -> Evidence {
    let mut looked = Looked::default();
    for round in &facts.rounds {
        let text = |id| {
            Text::new(id)
                .with("sheet", &round.sheet)
                .with_instant("at", round.at)
                .with_count("of", round.of)
        };
        let mut against = Vec::new();
        if round.missing > 0 {
            against.push(text("evidence-round").with_count("missing", round.missing));
        }
        if round.late > 0 {
            let by = duration(round.late_ms);
            against.push(
                text("evidence-round-late")
                    .with_count("late", round.late)
                    .with("by", by),
            );
        }
        let subject = Subject::Round {
            sheet: round.sheet.clone(),
            at: round.at,
        };
        looked.at(&subject, against);
    }
    looked.evidence(Rule::ChecksMade, "evidence-counted-rounds", "evidence-no-rounds")
}

/// ER-07: alarms have an answer in time, anomalies an end with a cause.
fn anomalies_worked(facts: &Facts, limits: &Limits) -> Evidence {
    let mut looked = Looked::default();
    // Of silence an alarm may tell without a value; without either nobody could find anything.
    let is_watched = facts.parameters.iter().any(|one| one.is_watched && one.arrived.any);
    if !is_watched && facts.alarms.is_empty() && facts.anomalies.is_empty() {
        return looked.evidence(Rule::AnomaliesWorked, "evidence-counted", "evidence-no-readings");
    }
    for alarm in &facts.alarms {
        let limit = match alarm.priority {
            Priority::Critical | Priority::High => limits.urgent_ms,
            Priority::Medium | Priority::Low => alarm.shift_ms,
        };
        let waited = alarm.acknowledged.unwrap_or(facts.now).since(alarm.raised);
        let text = |id| {
            Text::new(id)
                .with("tag", facts.tag(alarm.alarm.parameter))
                .with_text("kind", alarm.alarm.kind.text())
                .with_instant("at", alarm.raised)
                .with_count("minutes", waited / 60_000)
        };
        let subject = Subject::Alarm(alarm.alarm);
        if waited > limit {
            let id = match alarm.acknowledged {
                Some(_) => "evidence-alarm-waited",
                None => "evidence-alarm-unanswered",
            };
            looked.at(&subject, vec![text(id)]);
        } else if alarm.acknowledged.is_some() {
            looked.at(&subject, Vec::new());
        } else {
            // Nobody has answered, and may still do so in time: that speaks neither for nor against.
            looked.remark(&subject, text("evidence-alarm-may-wait"));
        }
    }
    for anomaly in &facts.anomalies {
        let text = |id| {
            Text::new(id)
                .with("number", anomaly.anomaly)
                .with("tag", facts.tag(anomaly.parameter))
        };
        let open_ms = facts.now.since(anomaly.raised);
        let is_open = !matches!(anomaly.stage, Stage::Gone | Stage::Closed);
        let subject = Subject::Anomaly(anomaly.anomaly);
        let days = |id| text(id).with_count("days", open_ms / DAY_MS);
        if is_open && open_ms > limits.open_ms {
            looked.at(&subject, vec![days("evidence-anomaly-open")]);
        } else if is_open {
            looked.remark(&subject, days("evidence-anomaly-may-wait"));
        } else {
            let is_bare = anomaly.stage == Stage::Closed && !anomaly.has_cause;
            let against = is_bare.then(|| text("evidence-anomaly-without-cause"));
            looked.at(&subject, against.into_iter().collect());
        }
    }
    if facts.anomalies_cut && looked.wrong == 0 {
        looked.count = 0;
        return looked.evidence(Rule::AnomaliesWorked, "evidence-counted", "evidence-too-many");
    }
    if looked.count == 0 && looked.sound.is_empty() {
        // Nothing was found, and somebody looked: that is as it should be.
        return Evidence {
            rule: Rule::AnomaliesWorked,
            verdict: Verdict::Pass,
            says: Text::new("evidence-nothing-found"),
            rests_on: Vec::new(),
            more: 0,
            more_against: 0,
        };
    }
    looked.evidence(
        Rule::AnomaliesWorked,
        "evidence-counted-anomalies",
        "evidence-nothing-due",
    )
}

/// What is said of a source's hours in a book.
fn of_hours(id: &'static str, (book, source): (&Name, &Name), hours: u32) -> Text {
    Text::new(id)
        .with_name("book", book)
        .with_name("source", source)
        .with_count("hours", hours)
}

/// ER-09: how much rests on measured and tested values; against it is what still stands in for tests that are overdue, and what
/// a document says where the plant tested it. A factor that is not published yet is no test: that it is an earlier year's is
/// said, and speaks against nothing.
fn measured_first(facts: &Facts) -> Evidence {
    let mut looked = Looked::default();
    let is_overdue = |id| {
        let mut parameters = facts.parameters.iter();
        let known = parameters.find(|one| one.parameter == id);
        known.map_or(!facts.runs, |known| facts.now > known.due)
    };
    let (mut is_awaited, mut is_unmeasured) = (false, false);
    // Books may share what they count: their tonnes are not added up.
    let mut shares = Vec::new();
    for book in facts.books.iter().filter(|book| book.milligrams > 0) {
        let subject = Subject::Book(book.book);
        let mut against = Vec::new();
        let mut awaits = false;
        for one in &book.stand_ins {
            let text = |id| of_hours(id, (&book.name, &one.name), one.hours);
            match one.of {
                StandsInFor::Test(parameter) if is_overdue(parameter) => {
                    against.push(text("evidence-provisional").with("tag", facts.tag(parameter)));
                }
                StandsInFor::Test(parameter) => {
                    awaits = true;
                    looked.remark(&subject, text("evidence-awaits-test").with("tag", facts.tag(parameter)));
                }
                StandsInFor::Factor => looked.remark(&subject, text("evidence-earlier-factor")),
                StandsInFor::Sealed => looked.remark(&subject, text("evidence-stand-in-sealed")),
            }
        }
        for one in &book.defaults {
            let text = |id| of_hours(id, (&book.name, &one.name), one.hours).with_name("input", &one.input);
            match one.tested {
                Some(tested) => against.push(text("evidence-default-beside-tested").with("tag", facts.tag(tested))),
                None => looked.remark(&subject, text("evidence-default")),
            }
        }
        let part = hundredths(book.measured, book.milligrams);
        let says = |id| {
            let text = Text::new(id).with_name("book", &book.name);
            text.with("share", percent(part))
        };
        shares.push((part, says("evidence-share-of")));
        // Where nothing rests on what was measured and tested, no more can be said than why: tests may still come, or the plan
        // asks for none.
        if against.is_empty() && book.measured == 0 {
            is_awaited |= awaits;
            is_unmeasured |= !awaits;
            continue;
        }
        if against.is_empty() {
            looked.with(&subject, None, says("evidence-measured-share"));
        } else {
            looked.at(&subject, against);
        }
    }
    // The worst comes first.
    shares.sort_by_key(|(part, _)| *part);
    let says = if let [(part, _)] = shares.as_slice() {
        Text::new("evidence-says-measured").with("share", percent(*part))
    } else {
        let shares = Text::joined(shares.into_iter().map(|(_, share)| share));
        shares.map_or_else(
            || Text::new("evidence-nothing-emitted"),
            |shares| Text::new("evidence-says-shares").with_text("shares", shares),
        )
    };
    let nothing = if is_awaited {
        "evidence-nothing-due"
    } else if is_unmeasured {
        "evidence-nothing-measured"
    } else {
        "evidence-nothing-emitted"
    };
    looked.saying(Rule::MeasuredFirst, says, nothing)
}

/// ER-30: key parameters are newer than what is stale.
fn fresh(facts: &Facts) -> Evidence {
    let mut looked = Looked::default();
    if !facts.runs {
        return looked.evidence(Rule::Fresh, "evidence-counted", "evidence-month-over");
    }
    // What the plan in force does not ask for is not stale.
    let is_awaited = |one: &&ParameterFacts| one.is_key && one.stale_after_ms > 0 && !one.is_removed;
    for parameter in facts.parameters.iter().filter(is_awaited) {
        let is_stale = |at: Instant| facts.now.since(at) > parameter.stale_after_ms;
        // Nothing is stale before it could come.
        let is_young = parameter.since.is_none_or(|since| !is_stale(since));
        if is_young && parameter.newest.is_none_or(is_stale) {
            looked.remark(&of(parameter), not_due(parameter));
            continue;
        }
        let against = match parameter.newest {
            None => Some(Text::new("evidence-never").with("tag", &parameter.tag)),
            Some(at) if is_stale(at) => Some(
                Text::new("evidence-stale")
                    .with("tag", &parameter.tag)
                    .with_instant("at", at),
            ),
            Some(_) => None,
        };
        looked.at(&of(parameter), against.into_iter().collect());
    }
    let nothing = if looked.sound.is_empty() {
        "evidence-no-key"
    } else {
        "evidence-nothing-due"
    };
    looked.evidence(Rule::Fresh, "evidence-counted", nothing)
}
