//! The rules of meters: whether they are fitted, and calibrated on the days on which they were read.

use crate::domain::text::Text;

use super::facts::{Facts, MeterFacts, NotCovered, ParameterFacts, hundredths};
use super::judged::{not_due, of};
use super::looked::{Looked, percent};
use super::rule::{Evidence, Rule, Subject};

/// What is wrong with a meter's calibration in a month.
fn uncalibrated(meter: &MeterFacts) -> Option<Text> {
    let uncovered = meter.covered.uncovered?;
    let text = match uncovered.why {
        NotCovered::Over(until) => Text::new("evidence-calibration-over").with("until", until),
        NotCovered::Rejected(on) => Text::new("evidence-calibration-rejected").with("on", on),
        NotCovered::Later(on) => Text::new("evidence-calibration-later").with("on", on),
        NotCovered::Unknown => Text::new("evidence-calibration-unknown"),
    };
    Some(
        text.with("meter", &meter.name)
            .with("first", uncovered.first)
            .with_count("days", uncovered.days),
    )
}

/// What is not agreed with yet of a meter's calibration, where nothing is wrong with the rest: a second person may return it.
fn awaits(meter: &MeterFacts) -> Option<Text> {
    let first = meter.covered.awaits.filter(|_| meter.covered.uncovered.is_none())?;
    let text = Text::new("evidence-calibration-awaits").with("meter", &meter.name);
    Some(text.with("first", first))
}

/// ER-03: the calibration covers every day from which there are readings.
pub(super) fn calibrated(facts: &Facts) -> Evidence {
    let mut looked = Looked::default();
    for meter in facts.meters.iter().filter(|meter| meter.days > 0) {
        let until = meter.covered.until.map(|until| until.to_string()).unwrap_or_default();
        let sound = Text::new("evidence-calibration-holds")
            .with("meter", &meter.name)
            .with("until", until);
        if let Some(awaits) = awaits(meter) {
            looked.remark(&Subject::Meter(meter.meter), awaits);
            continue;
        }
        looked.with(&Subject::Meter(meter.meter), uncalibrated(meter), sound);
    }
    let nothing = if looked.sound.is_empty() {
        "evidence-no-meters"
    } else {
        "evidence-nothing-due"
    };
    looked.evidence(Rule::Calibrated, "evidence-counted-meters", nothing)
}

/// ER-29: of the quantities that machines bring, how many have a meter, and how many a meter that is calibrated.
pub(super) fn meter_rates(facts: &Facts) -> Evidence {
    let mut looked = Looked::default();
    if !facts.has_begun {
        return looked.evidence(Rule::MeterRates, "evidence-counted", "evidence-before-readings");
    }
    let (mut all, mut fitted, mut sound) = (0_i128, 0_i128, 0_i128);
    let is_metered = |one: &&ParameterFacts| one.kind.is_quantity() && one.by_machine;
    for parameter in facts.parameters.iter().filter(is_metered) {
        let meter = facts.meters.iter().find(|meter| parameter.meter == Some(meter.meter));
        if parameter.since.is_none() && !parameter.arrived.any {
            looked.remark(&of(parameter), not_due(parameter));
            continue;
        }
        all += 1;
        fitted += i128::from(meter.is_some());
        // That one is fitted is known; whether it is calibrated is not.
        if let Some(awaits) = meter.and_then(awaits) {
            looked.remark(&of(parameter), awaits);
            continue;
        }
        let against = match meter {
            None => Some(Text::new("evidence-no-meter").with("tag", &parameter.tag)),
            Some(meter) => {
                let wrong = uncalibrated(meter);
                sound += i128::from(wrong.is_none());
                wrong
            }
        };
        looked.at(&of(parameter), against.into_iter().collect());
    }
    let count = i128::try_from(looked.count).unwrap_or(i128::MAX);
    let says = Text::new(if all == count {
        "evidence-says-meters"
    } else {
        "evidence-says-meters-judged"
    });
    let says = says
        .with("fitted", percent(hundredths(fitted, all)))
        .with("sound", percent(hundredths(sound, count)))
        .with_count("of", u32::try_from(all).unwrap_or(u32::MAX))
        .with_count("judged", looked.count);
    let nothing = if looked.sound.is_empty() {
        "evidence-nothing-metered"
    } else {
        "evidence-nothing-due"
    };
    looked.saying(Rule::MeterRates, says, nothing)
}
