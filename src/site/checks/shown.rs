//! The checks of a plan as fields, by the words of the file, for telling what changed.

use std::fmt::Write as _;

use crate::domain::checks::{BandPlan, CheckPlan, ScatterPlan, Setting, SpikeSize};
use crate::domain::identity::ParameterId;
use crate::domain::model::Limits;
use crate::site::difference::{Collector, duration, word};

impl Collector {
    /// What a plan says of checks; `parameter` is what one is called.
    pub(in crate::site) fn checks(
        self,
        plan: Option<&CheckPlan>,
        parameter: impl Fn(ParameterId) -> Option<String>,
    ) -> Self {
        let Some(plan) = plan else { return self };
        let mut fields = self
            .maybe("checks.clause", plan.clause.as_ref())
            .maybe("checks.load", plan.load.and_then(parameter))
            .maybe("checks.without", without(plan))
            .maybe("checks.gap", plan.gap.set().map(|&longest| duration(longest)))
            .signal_checks(plan)
            .process_checks(plan);
        if !plan.bands.is_empty() {
            let bands: Vec<String> = plan.bands.iter().map(band).collect();
            fields = fields.with("checks.band", bands.join("; "));
        }
        fields
    }

    fn signal_checks(mut self, plan: &CheckPlan) -> Self {
        if let Some(range) = plan.range.set() {
            self = self
                .span("checks.range.sensor", range.sensor)
                .span("checks.range.operator", range.operator)
                .made("checks.range");
        }
        if let Some(counter) = plan.counter.set() {
            self = self
                .maybe("checks.counter.most_an_hour", counter.most_an_hour)
                .made("checks.counter");
        }
        if let Some(spike) = plan.spike.set() {
            self = self.with("checks.spike.method", word(spike.method));
            self = match spike.limit {
                SpikeSize::Fixed { suspect, bad } => self
                    .with("checks.spike.suspect", suspect)
                    .maybe("checks.spike.bad", bad),
                SpikeSize::Usual { times, least } => self
                    .with("checks.spike.times", times)
                    .maybe("checks.spike.least", least),
            };
        }
        if let Some(rate) = plan.rate.set() {
            self = self
                .with("checks.rate.suspect", rate.suspect)
                .maybe("checks.rate.bad", rate.bad)
                .span("checks.rate.idle", rate.idle);
        }
        if let Some(flat) = plan.flat.set() {
            self = self
                .with("checks.flat.window", duration(flat.window_ms))
                .maybe("checks.flat.bad", flat.bad_ms.map(duration))
                .maybe("checks.flat.tolerance", flat.tolerance)
                .maybe("checks.flat.least", flat.least)
                .span("checks.flat.idle", flat.idle)
                .maybe("checks.flat.least_load", flat.least_load);
        }
        if let Some(attenuated) = plan.attenuated.set() {
            self = self
                .scatter("checks.attenuated", &attenuated.scatter)
                .span("checks.attenuated.idle", attenuated.idle);
        }
        self
    }

    fn process_checks(mut self, plan: &CheckPlan) -> Self {
        if let Some(outlier) = plan.outlier.set() {
            self = self
                .maybe("checks.outlier.values", outlier.values)
                .maybe("checks.outlier.score", outlier.score)
                .maybe("checks.outlier.deviation", outlier.deviation)
                .span("checks.outlier.idle", outlier.idle)
                .made("checks.outlier");
        }
        if let Some(noise) = plan.noise.set() {
            self = self.scatter("checks.noise", noise);
        }
        if let Some(shift) = plan.shift.set() {
            self = self
                .maybe("checks.shift.by", shift.by.map(word))
                .maybe("checks.shift.steps", shift.steps)
                .with("checks.shift.block", duration(shift.block_ms))
                .with("checks.shift.learn", shift.learn)
                .maybe("checks.shift.weight", shift.weight)
                .maybe("checks.shift.times", shift.times)
                .maybe("checks.shift.follow", shift.follow_ms.map(duration));
        }
        if let Some(unit) = plan.unit.set() {
            let factors = unit.factors.as_ref().map(|factors| {
                let factors: Vec<String> = factors.iter().map(ToString::to_string).collect();
                factors.join(", ")
            });
            self = self
                .maybe("checks.unit.factors", factors)
                .with("checks.unit.window", duration(unit.window_ms));
        }
        if let Some(repeated) = plan.repeated.set() {
            self = self
                .maybe("checks.repeated.most", repeated.most)
                .span("checks.repeated.except", repeated.except)
                .made("checks.repeated");
        }
        if let Some(typing) = plan.typing.set() {
            self = self
                .maybe("checks.typing.late", typing.late_ms.map(duration))
                .maybe("checks.typing.rounds", typing.rounds)
                .maybe("checks.typing.within", typing.within_ms.map(duration))
                .maybe("checks.typing.regular", typing.regular)
                .made("checks.typing");
        }
        if let Some(arrival) = plan.arrival.set() {
            self = self
                .maybe("checks.arrival.late", arrival.late_ms.map(duration))
                .maybe("checks.arrival.ahead", arrival.ahead_ms.map(duration))
                .made("checks.arrival");
        }
        if let Some(published) = plan.published.set() {
            self = self
                .maybe("checks.published.value", published.value)
                .maybe("checks.published.share", published.share)
                .made("checks.published");
        }
        self
    }

    fn scatter(self, check: &str, plan: &ScatterPlan) -> Self {
        let key = |name: &str| format!("{check}.{name}");
        match *plan {
            ScatterPlan::Fixed {
                deviation,
                window_ms,
                least,
            } => self
                .with(&key("deviation"), deviation)
                .with(&key("window"), duration(window_ms))
                .maybe(&key("least"), least),
            ScatterPlan::Usual { times, block_ms, learn } => self
                .maybe(&key("times"), times)
                .with(&key("block"), duration(block_ms))
                .with(&key("learn"), learn),
        }
    }

    /// A check all of whose settings may be left out, and are.
    fn made(self, key: &str) -> Self {
        if self.says_of(key) { self } else { self.with(key, "{}") }
    }

    fn span(self, key: &str, limits: Option<Limits>) -> Self {
        self.limits(key, limits.unwrap_or_default())
    }
}

/// The checks that are not made.
fn without(plan: &CheckPlan) -> Option<String> {
    fn is_off<Plan>(setting: &Setting<Plan>) -> bool {
        matches!(setting, Setting::Off)
    }
    let off: Vec<&str> = [
        ("gap", is_off(&plan.gap)),
        ("range", is_off(&plan.range)),
        ("spike", is_off(&plan.spike)),
        ("rate", is_off(&plan.rate)),
        ("flat", is_off(&plan.flat)),
        ("attenuated", is_off(&plan.attenuated)),
        ("outlier", is_off(&plan.outlier)),
        ("noise", is_off(&plan.noise)),
        ("shift", is_off(&plan.shift)),
        ("counter", is_off(&plan.counter)),
        ("unit", is_off(&plan.unit)),
        ("repeated", is_off(&plan.repeated)),
        ("typing", is_off(&plan.typing)),
        ("arrival", is_off(&plan.arrival)),
        ("calibration", is_off(&plan.calibration)),
        ("origin", is_off(&plan.origin)),
        ("published", is_off(&plan.published)),
    ]
    .into_iter()
    .filter_map(|(key, is_off)| is_off.then_some(key))
    .collect();
    (!off.is_empty()).then(|| off.join(", "))
}

/// A band on one line.
fn band(band: &BandPlan) -> String {
    let mut line = String::new();
    for (key, ends) in [("months", band.months), ("hours", band.hours)] {
        if let Some((first, last)) = ends {
            let _ = write!(line, "{key} {first}–{last} ");
        }
    }
    for (key, limits) in [("load", band.load), ("usual", Some(band.usual))] {
        let Some(limits) = limits else { continue };
        let end = |limit: Option<rust_decimal::Decimal>| limit.map_or_else(String::new, |limit| limit.to_string());
        let _ = write!(line, "{key} {}…{} ", end(limits.low), end(limits.high));
    }
    line.truncate(line.trim_end().len());
    line
}
