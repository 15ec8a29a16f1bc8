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
    /// Of several settings the one that holds, from 1; of values before, how many were looked at; 1 of stamps that people wrote;
    /// else 0.
    pub part: u32,
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
            part: 0,
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

    /// By one of several settings, or of so many values.
    #[must_use]
    pub const fn part(mut self, part: u32) -> Self {
        self.part = part;
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
            Rule::TypedLate | Rule::CameLate | Rule::FutureStamp => self.value,
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
            Rule::NotFinite => Text::new("quality-found-not-finite").with("value", not_finite(self.value)),
            Rule::SensorLow => told("quality-found-sensor-low"),
            Rule::SensorHigh => told("quality-found-sensor-high"),
            Rule::OperatorLow => told("quality-found-operator-low"),
            Rule::OperatorHigh => told("quality-found-operator-high"),
            Rule::SpikeAverage => compared("quality-found-spike-average"),
            Rule::SpikeDifferential => compared("quality-found-spike-differential"),
            Rule::Rate => compared("quality-found-rate").with("window", window()),
            Rule::Flat => compared("quality-found-flat").with("window", window()),
            Rule::Attenuated => told("quality-found-attenuated").with("window", window()),
            Rule::BandLow => told("quality-found-band-low").with("band", self.part),
            Rule::BandHigh => told("quality-found-band-high").with("band", self.part),
            Rule::Outlier => compared("quality-found-outlier").with_count("values", self.part),
            Rule::Noise => told("quality-found-noise").with("window", window()),
            // The limit is a multiple of a standard deviation, whatever the unit.
            Rule::Step => self.off_profile("quality-found-step", &figure),
            Rule::Drift => self.off_profile("quality-found-drift", &figure),
            Rule::Rollover => compared("quality-found-rollover"),
            Rule::Reset => compared("quality-found-reset"),
            Rule::Fall => compared("quality-found-fall"),
            Rule::TooFast => compared("quality-found-too-fast"),
            Rule::CameBack => compared("quality-found-came-back"),
            Rule::Scale => compared("quality-found-scale"),
            Rule::Repeated => told("quality-found-repeated"),
            Rule::Imbalance => compared("quality-found-imbalance").with("window", window()),
            Rule::RatioLow => self.quotient(told("quality-found-ratio-low").with("window", window())),
            Rule::RatioHigh => self.quotient(told("quality-found-ratio-high").with("window", window())),
            Rule::RatioFell => compared("quality-found-ratio-fell").with("window", window()),
            Rule::RatioRose => compared("quality-found-ratio-rose").with("window", window()),
            Rule::CalibrationExpired => told("quality-found-calibration").with_instant("since", self.since),
            Rule::TypedLate => behind("quality-found-typed-late", self),
            Rule::TypedTogether => told("quality-found-typed-together").with("window", window()),
            Rule::RegularDigits => told("quality-found-regular-digits").with_count("values", self.part),
            Rule::UnplannedOrigin => unplanned(self.value),
            Rule::OffPublished => compared("quality-found-off-published"),
            Rule::WithoutLoad => compared("quality-found-without-load").with("window", window()),
            Rule::CameLate => behind("quality-found-came-late", self),
            Rule::CameOverFilled => told("quality-found-came-over-filled").with_count("hours", self.part),
            Rule::FutureStamp if self.part > 0 => behind("quality-found-future-round", self),
            Rule::FutureStamp => behind("quality-found-future-stamp", self),
        }
    }

    /// A mean that went off its profile.
    fn off_profile(&self, id: &'static str, figure: &dyn Fn(f64) -> String) -> Text {
        Text::new(id)
            .with("value", figure(self.value))
            .with("reference", figure(self.reference))
            .with("limit", shown(self.limit))
            .with("window", duration(self.window_ms))
            .with_instant("since", self.since)
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

/// How long before or after its time something came, and how long it may be, both in milliseconds.
fn behind(id: &'static str, finding: &Finding) -> Text {
    let length = |milliseconds: f64| duration(milliseconds.round().to_i64().unwrap_or(0));
    Text::new(id)
        .with("window", length(finding.value))
        .with("limit", length(finding.limit))
}

/// A value that is no number.
fn not_finite(value: f64) -> &'static str {
    if value == f64::INFINITY {
        "∞"
    } else if value == f64::NEG_INFINITY {
        "−∞"
    } else {
        "NaN"
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
