//! Gross range (量程检查): what the sensor can show, and what operators call possible.
//!
//! Both ends of a span are inside. A value outside the sensor's span is bad, one outside the operators' suspect (QARTOD,
//! gross range test).

use super::super::finding::Finding;
use super::super::flag::{Flag, Rule};
use super::super::settings::{SettingsError, Span};
use super::Point;

/// The two spans.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RangeSettings {
    sensor: Option<Span>,
    operator: Option<Span>,
}

impl RangeSettings {
    /// One span or both; the operators' must lie in the sensor's.
    pub fn new(sensor: Option<Span>, operator: Option<Span>) -> Result<Self, SettingsError> {
        match (&sensor, &operator) {
            (None, None) => Err(SettingsError::Nothing { key: "range" }),
            (Some(sensor), Some(operator)) => {
                let within = |end: f64| !end.is_finite() || sensor.holds(end);
                if within(operator.low()) && within(operator.high()) {
                    Ok(Self {
                        sensor: Some(*sensor),
                        operator: Some(*operator),
                    })
                } else {
                    Err(SettingsError::NotInside {
                        key: "operator",
                        outer: "sensor",
                    })
                }
            }
            _ => Ok(Self { sensor, operator }),
        }
    }

    /// What the sensor can show.
    pub const fn sensor(&self) -> Option<&Span> {
        self.sensor.as_ref()
    }

    /// What operators call possible.
    pub const fn operator(&self) -> Option<&Span> {
        self.operator.as_ref()
    }

    /// Judges a value, which need not be finite.
    pub fn judge(&self, point: &Point, findings: &mut Vec<Finding>) -> Flag {
        let value = point.value;
        let passed = |span: &Span, low: Rule, high: Rule| {
            if value < span.low() {
                Some((low, span.low()))
            } else if value > span.high() {
                Some((high, span.high()))
            } else {
                None
            }
        };
        if let Some(span) = &self.sensor
            && let Some((rule, limit)) = passed(span, Rule::SensorLow, Rule::SensorHigh)
        {
            findings.push(Finding::at(rule, Flag::Bad, point.at, value, limit));
            return Flag::Bad;
        }
        if let Some(span) = &self.operator
            && let Some((rule, limit)) = passed(span, Rule::OperatorLow, Rule::OperatorHigh)
        {
            findings.push(Finding::at(rule, Flag::Suspect, point.at, value, limit));
            return Flag::Suspect;
        }
        Flag::Good
    }
}
