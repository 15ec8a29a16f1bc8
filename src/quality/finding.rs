//! Findings: what a check found, with all that is needed to explain it.

use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};

use super::figure::{duration, shown};
use super::flag::{Check, Flag, Rule};
use crate::domain::reading::Origin;
use crate::domain::text::{Explained, Text};
use crate::domain::time::Instant;

/// Something that a check found (发现). It speaks of the readings from one stamp to another, both included.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// By which rule.
    pub rule: Rule,
    /// What the readings are flagged with; good for what is only told, as a register that ran over its end.
    pub flag: Flag,
    /// Stamp of the first reading of which it speaks.
    pub from: Instant,
    /// Stamp of the last one.
    pub to: Instant,
    /// Since when it has been so: the onset of a drift, the last value before a gap.
    pub since: Instant,
    /// The value that was looked at: a reading, a speed, a scatter, a statistic, as the rule says.
    pub value: f64,
    /// The limit that it passed.
    pub limit: f64,
    /// With what it was compared: the last good value, a median, a profile; NaN where there is nothing.
    pub reference: f64,
    /// Length of time that was looked at, in milliseconds; 0 for a single reading.
    pub window_ms: i64,
}

impl Finding {
    /// A finding about one reading.
    pub const fn at(rule: Rule, flag: Flag, at: Instant, value: f64, limit: f64) -> Self {
        Self {
            rule,
            flag,
            from: at,
            to: at,
            since: at,
            value,
            limit,
            reference: f64::NAN,
            window_ms: 0,
        }
    }

    /// Compared with this.
    #[must_use]
    pub const fn against(mut self, reference: f64) -> Self {
        self.reference = reference;
        self
    }

    /// Over this time.
    #[must_use]
    pub const fn over(mut self, window_ms: i64) -> Self {
        self.window_ms = window_ms;
        self
    }

    /// About the readings from this stamp on.
    #[must_use]
    pub const fn from(mut self, from: Instant) -> Self {
        self.from = from;
        self
    }

    /// So since this instant.
    #[must_use]
    pub const fn since(mut self, since: Instant) -> Self {
        self.since = since;
        self
    }

    /// Whether it keeps the reading out of the ledger: a bad flag by an exact rule.
    pub fn keeps_out(&self) -> bool {
        self.flag == Flag::Bad && self.rule.keeps_out()
    }

    /// How far it went, for choosing the worst of several by one check: off what it was compared with, or beyond its limit.
    pub fn excess(&self) -> f64 {
        let from = match self.rule.check() {
            Check::Spike | Check::Outlier | Check::Shift | Check::Unit => self.reference,
            _ => self.limit,
        };
        let excess = match self.rule {
            // How often, and how far beyond what may be missing on either side.
            Rule::Repeated => self.limit,
            // How much later than the others.
            Rule::TypedLate => self.value,
            Rule::Imbalance => self.value.abs() - self.limit,
            _ => (self.value - from).abs(),
        };
        if excess.is_nan() { 0.0 } else { excess }
    }

    /// What was found, in words: value, limit, window and rule. Values have the unit that is given, where they are in the
    /// channel's own; none where that is empty.
    pub fn text(&self, unit: &str) -> Text {
        let has_unit = self.rule.is_in_unit() && !matches!(unit, "" | "1");
        let figure = |value: f64| {
            let number = shown(value);
            if has_unit { format!("{number} {unit}") } else { number }
        };
        let told = |id: &'static str| {
            Text::new(id)
                .with("value", figure(self.value))
                .with("limit", figure(self.limit))
        };
        let compared = |id: &'static str| told(id).with("reference", figure(self.reference));
        let window = || duration(self.window_ms);
        match self.rule {
            Rule::StampRange => Text::new("quality-found-stamp-range").with_instant("at", self.to),
            Rule::Contested => compared("quality-found-contested"),
            Rule::Gap => Text::new("quality-found-gap")
                .with("length", duration(self.to.since(self.since)))
                .with_instant("since", self.since)
                .with("limit", window()),
            Rule::NotFinite => Text::new("quality-found-not-finite"),
            Rule::SensorLow => told("quality-found-sensor-low"),
            Rule::SensorHigh => told("quality-found-sensor-high"),
            Rule::OperatorLow => told("quality-found-operator-low"),
            Rule::OperatorHigh => told("quality-found-operator-high"),
            Rule::SpikeAverage => compared("quality-found-spike-average"),
            Rule::SpikeDifferential => compared("quality-found-spike-differential"),
            Rule::Rate => compared("quality-found-rate").with("window", window()),
            Rule::Flat => compared("quality-found-flat").with("window", window()),
            Rule::Attenuated => told("quality-found-attenuated").with("window", window()),
            Rule::BandLow => told("quality-found-band-low"),
            Rule::BandHigh => told("quality-found-band-high"),
            Rule::Outlier => compared("quality-found-outlier"),
            Rule::Noise => told("quality-found-noise").with("window", window()),
            Rule::Step => compared("quality-found-step").with_instant("since", self.since),
            Rule::Drift => compared("quality-found-drift").with_instant("since", self.since),
            Rule::Rollover => compared("quality-found-rollover"),
            Rule::Reset => compared("quality-found-reset"),
            Rule::Fall => compared("quality-found-fall"),
            Rule::TooFast => compared("quality-found-too-fast"),
            Rule::Scale => compared("quality-found-scale"),
            Rule::Repeated => told("quality-found-repeated"),
            Rule::Imbalance => compared("quality-found-imbalance").with("window", window()),
            Rule::RatioLow => self.quotient(told("quality-found-ratio-low").with("window", window())),
            Rule::RatioHigh => self.quotient(told("quality-found-ratio-high").with("window", window())),
            Rule::RatioFell => compared("quality-found-ratio-fell").with("window", window()),
            Rule::RatioRose => compared("quality-found-ratio-rose").with("window", window()),
            Rule::CalibrationExpired => told("quality-found-calibration").with_instant("since", self.since),
            Rule::TypedLate => Text::new("quality-found-typed-late").with("window", window()),
            Rule::TypedTogether => told("quality-found-typed-together"),
            Rule::RegularDigits => told("quality-found-regular-digits"),
            Rule::UnplannedOrigin => unplanned(self.value),
            Rule::OffPublished => compared("quality-found-off-published"),
        }
    }

    /// What stood above and below the line of a quotient.
    fn quotient(&self, text: Text) -> Text {
        text.with("above", shown(self.value * self.reference))
            .with("below", shown(self.reference))
    }

    /// What was found, with the clause of the plan by which it was looked for, where one is named.
    pub fn explained(&self, clause: Option<&str>, unit: &str) -> Text {
        match clause {
            Some(clause) => Text::new("quality-found-by-clause")
                .with_text("found", self.text(unit))
                .with("clause", crate::domain::text::clean(clause)),
            None => self.text(unit),
        }
    }
}

/// By which way something came, of the code of its origin.
fn unplanned(code: f64) -> Text {
    let origin = code.to_u8().and_then(Origin::from_code);
    let came = Text::new("quality-found-unplanned-origin");
    match origin {
        Some(origin) => came.with_text("origin", origin.text()),
        None => came.with("origin", "?"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_is_what_was_copied_most_often_or_is_farthest_out_of_balance() {
        let excess = |rule, value, limit| Finding::at(rule, Flag::Suspect, Instant(0), value, limit).excess();
        assert!(excess(Rule::Repeated, 20.0, 9.0) > excess(Rule::Repeated, 20.0, 2.0));
        assert!((excess(Rule::Imbalance, -9.0, 2.0) - 7.0).abs() < 1e-9);
        assert!((excess(Rule::Imbalance, 9.0, 2.0) - 7.0).abs() < 1e-9);
    }
}
