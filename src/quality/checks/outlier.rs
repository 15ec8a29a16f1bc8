//! Outliers (离群值): a value far from the median of those before it, by its modified z-score (Iglewicz and Hoaglin 1993).

use serde::{Deserialize, Serialize};

use super::super::finding::Finding;
use super::super::flag::{Flag, Rule};
use super::super::settings::{SettingsError, Span, count, not_negative, positive};
use super::super::window::Sorted;
use super::Point;

/// Values in a row that are far off on one side and are then believed.
const BELIEVED: i32 = 5;

/// How far is far.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct OutlierSettings {
    values: u32,
    score: f64,
    least_deviation: f64,
    idle: Option<Span>,
}

impl OutlierSettings {
    /// Suspect is a score above `score` against the last `values` values, whose scatter is taken as at least
    /// `least_deviation`.
    pub fn new(values: u32, score: f64, least_deviation: f64) -> Result<Self, SettingsError> {
        Ok(Self {
            values: count("values", values, 5, 1001)?,
            score: positive("score", score)?,
            least_deviation: not_negative("deviation", least_deviation)?,
            idle: None,
        })
    }

    /// Values in this span are those of a process that stands still: they are neither judged nor compared with.
    #[must_use]
    pub const fn idle(mut self, idle: Option<Span>) -> Self {
        self.idle = idle;
        self
    }
}

/// Looks for outliers.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Outlier {
    settings: OutlierSettings,
    before: Sorted,
    /// How many values in a row up to the last were far off, on one side: above where it is not negative.
    in_a_row: i32,
}

impl Outlier {
    /// Nothing was seen.
    pub fn new(settings: OutlierSettings) -> Self {
        Self {
            before: Sorted::new(usize::try_from(settings.values).unwrap_or(1)),
            settings,
            in_a_row: 0,
        }
    }

    /// Judges a value by those before it; unknown until half of them are there.
    pub fn judge(&mut self, point: &Point, findings: &mut Vec<Finding>) -> Flag {
        if self.settings.idle.is_some_and(|idle| idle.holds(point.value)) {
            return Flag::Good;
        }
        let flag = self.look(point, findings);
        if self.in_a_row.abs() >= BELIEVED {
            // So many on one side are no outliers: it is the level that has changed.
            self.before.clear();
            self.in_a_row = 0;
        }
        self.before.push(point.value);
        flag
    }

    fn look(&mut self, point: &Point, findings: &mut Vec<Finding>) -> Flag {
        let enough = usize::try_from(self.settings.values / 2).unwrap_or(0);
        let Some(median) = self.before.median().filter(|_| self.before.len() >= enough) else {
            return Flag::Unknown;
        };
        let distance = self.before.median_distance(median).unwrap_or(0.0);
        // 1.4826 median distances are a standard deviation, were the values normal.
        let deviation = (1.4826 * distance).max(self.settings.least_deviation);
        let off = (point.value - median).abs();
        if deviation <= 0.0 || off <= self.settings.score * deviation {
            self.in_a_row = 0;
            return Flag::Good;
        }
        self.in_a_row = if point.value > median {
            self.in_a_row.max(0) + 1
        } else {
            self.in_a_row.min(0) - 1
        };
        let limit = if point.value > median { 1.0 } else { -1.0 } * self.settings.score * deviation + median;
        let values = u32::try_from(self.before.len()).unwrap_or(u32::MAX);
        let finding = Finding::at(Rule::Outlier, Flag::Suspect, point.at, point.value, limit);
        findings.push(finding.against(median).part(values));
        Flag::Suspect
    }
}
