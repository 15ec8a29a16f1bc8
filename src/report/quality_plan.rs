//! The data-quality control plan in words (数据质量控制计划): what the terminal lists and the command line prints.

use crate::domain::reading::ParameterKind;
use crate::domain::text::{Explained, Text};
use crate::management::evidence::{Facts, MeterFacts, ParameterFacts};
use crate::quality::figure::duration;

/// A parameter of the plan in words.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// How often its values are to come, and by which way; nothing where that is not planned.
    pub planned: Option<Text>,
    /// What arrived; nothing where nothing can be said.
    pub arrived: Option<Text>,
    /// Whether it came as it is planned; nothing where nothing is planned.
    pub is_as_planned: Option<bool>,
    /// How its meter's calibration stands; nothing without a meter.
    pub calibration: Option<Text>,
    /// Whether that covers the month.
    pub is_calibrated: bool,
    /// What is missing and what fills it; nothing where nothing is missing.
    pub gaps: Option<Text>,
    /// Whether something is missing that nothing fills.
    pub is_missing: bool,
}

/// A parameter of a month in words.
pub fn row(parameter: &ParameterFacts, facts: &Facts) -> Row {
    let interval = match parameter.calendar {
        Some(calendar) => calendar.text(),
        None => Text::new("quality-plan-interval").with("interval", duration(parameter.interval_ms)),
    };
    // Where the plan says of no way that it is the one, none is told.
    let planned = (parameter.interval_ms > 0).then(|| match parameter.origins.first() {
        Some(origin) => Text::new("quality-plan-planned")
            .with_text("interval", interval)
            .with_text("origin", origin.text()),
        None => interval,
    });
    let arrived = parameter.arrived;
    let is_missed = parameter.is_lacking && !parameter.may_come(facts);
    let told = match (parameter.share(), parameter.kind) {
        (Some(_), ParameterKind::Property) => Some(
            Text::new("quality-plan-tests")
                .with_count("valid", parameter.valid())
                .with_count("expected", parameter.expected()),
        ),
        (Some(share), _) => {
            let share = format!("{}.{:02}", share / 100, share % 100);
            Some(Text::new("quality-plan-share").with("share", share))
        }
        (None, _) if arrived.any => Some(Text::new("quality-plan-came")),
        (None, _) if is_missed && parameter.interval_ms > 0 => Some(Text::new("quality-plan-nothing")),
        (None, _) if parameter.interval_ms > 0 => Some(Text::new("quality-plan-not-due")),
        (None, _) => None,
    };
    // As the evidence has it: of the month, whatever is known of the meter since.
    let meter = parameter.meter;
    let meter = meter.and_then(|id| facts.meters.iter().find(|meter| meter.meter == id));
    Row {
        planned,
        arrived: told,
        is_as_planned: (parameter.interval_ms > 0 && (arrived.any || is_missed))
            .then_some(!is_missed && parameter.unplanned == 0),
        calibration: meter.map(calibration),
        is_calibrated: meter.is_some_and(|meter| meter.covered.uncovered.is_none() && meter.covered.awaits.is_none()),
        gaps: gaps(arrived.by_plan + arrived.by_person, arrived.missing),
        is_missing: arrived.missing > 0,
    }
}

fn calibration(meter: &MeterFacts) -> Text {
    if meter.covered.awaits.is_some() && meter.covered.uncovered.is_none() {
        return Text::new("quality-plan-calibration-awaits");
    }
    match meter.covered.until {
        Some(until) => Text::new("quality-plan-calibrated").with("until", until),
        None => Text::new("quality-plan-uncalibrated"),
    }
}

/// What is filled, and what is not.
fn gaps(filled: u32, missing: u32) -> Option<Text> {
    let text = match (filled, missing) {
        (0, 0) => return None,
        (_, 0) => Text::new("quality-plan-filled"),
        (0, _) => Text::new("quality-plan-missing"),
        _ => Text::new("quality-plan-gaps"),
    };
    Some(text.with_count("filled", filled).with_count("missing", missing))
}
