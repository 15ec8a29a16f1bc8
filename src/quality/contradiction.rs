//! Settings that are sound by themselves and contradict each other (相互矛盾的设置): what would never say anything, or would
//! always say something.

use rust_decimal::prelude::ToPrimitive;

use super::checks::usual_scatter::LEAST_READINGS;
use super::defaults::Known;
use super::flag::Check;
use super::plan::{Refused, USUAL_LEAST};
use super::rules::Rules;
use super::settings::{SettingsError, Span};
use crate::domain::checks::{CheckPlan, ScatterPlan};
use crate::domain::model::Limits;

/// Everything that contradicts what is known of the parameter, or another setting of its plan.
pub(super) fn contradictions(plan: &CheckPlan, known: &Known, rules: &Rules) -> Vec<Refused> {
    let mut found = Vec::new();
    let mut is_wrong = |check: Check, place: usize, error: Option<SettingsError>| {
        found.extend(error.map(|error| Refused { check, place, error }));
    };
    let interval_ms = known.interval_ms;
    if plan.gap.set().is_some_and(|longest_ms| *longest_ms < interval_ms) {
        let error = SettingsError::LessThan {
            key: "gap",
            than: "interval",
        };
        is_wrong(Check::Gap, 0, Some(error));
    }
    if let Some(flat) = plan.flat.set() {
        let least = flat.least.unwrap_or(USUAL_LEAST);
        // What stays the same from its first value to one behind the window is flat.
        is_wrong(
            Check::Flat,
            0,
            too_few("window", flat.window_ms, interval_ms, least.saturating_sub(1)),
        );
        is_wrong(Check::Flat, 0, takes_all(flat.idle.as_ref(), known));
    }
    if let Some(rate) = plan.rate.set() {
        is_wrong(Check::Rate, 0, takes_all(rate.idle.as_ref(), known));
    }
    if let Some(outlier) = plan.outlier.set() {
        is_wrong(Check::Outlier, 0, takes_all(outlier.idle.as_ref(), known));
    }
    if let Some(attenuated) = plan.attenuated.set() {
        is_wrong(Check::Attenuated, 0, too_few_of(&attenuated.scatter, interval_ms));
        is_wrong(Check::Attenuated, 0, takes_all(attenuated.idle.as_ref(), known));
    }
    if let Some(noise) = plan.noise.set() {
        is_wrong(Check::Noise, 0, too_few_of(noise, interval_ms));
        let least_moved = plan
            .attenuated
            .set()
            .and_then(|attenuated| attenuated.scatter.deviation());
        if let (Some(most), Some(least)) = (noise.deviation(), least_moved)
            && most <= least
        {
            let error = SettingsError::LessThan {
                key: "deviation",
                than: "attenuated.deviation",
            };
            is_wrong(Check::Noise, 0, Some(error));
        }
    }
    for (place, band) in rules.bands.iter().enumerate() {
        if rules.bands.iter().take(place).any(|earlier| earlier.hides(band)) {
            is_wrong(Check::Band, place, Some(SettingsError::Hidden { key: "usual" }));
        }
        let usual = band.usual();
        let is_apart = |sensor: Span| usual.high() < sensor.low() || usual.low() > sensor.high();
        if known.sensor.is_some_and(is_apart) {
            let error = SettingsError::NotInside {
                key: "usual",
                outer: "possible",
            };
            is_wrong(Check::Band, place, Some(error));
        }
    }
    found
}

/// Whether fewer readings come in the window or block of a scatter than are needed to say anything.
fn too_few_of(scatter: &ScatterPlan, interval_ms: i64) -> Option<SettingsError> {
    match *scatter {
        ScatterPlan::Fixed { window_ms, least, .. } => {
            too_few("window", window_ms, interval_ms, least.unwrap_or(USUAL_LEAST))
        }
        ScatterPlan::Usual { block_ms, .. } => too_few("block", block_ms, interval_ms, LEAST_READINGS),
    }
}

/// Whether fewer readings come in a window than are needed to say anything.
fn too_few(key: &'static str, window_ms: i64, interval_ms: i64, needed: u32) -> Option<SettingsError> {
    let fits = window_ms.checked_div(interval_ms)?;
    (fits < i64::from(needed)).then_some(SettingsError::TooFew { key, fits, needed })
}

/// Whether a process would stand still whatever its value is.
fn takes_all(idle: Option<&Limits>, known: &Known) -> Option<SettingsError> {
    let real = |limit: Option<rust_decimal::Decimal>| limit.and_then(|limit| limit.to_f64());
    let idle = idle.and_then(|idle| Span::new("idle", real(idle.low), real(idle.high)).ok())?;
    let all = known.operator.or(known.sensor)?;
    idle.encloses(&all).then_some(SettingsError::TakesAll { key: "idle" })
}
