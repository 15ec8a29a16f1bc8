//! Tested values far from what is published for them (缺省值比对): the first test of a fuel has nothing else to be held
//! against.

use super::super::finding::Finding;
use super::super::flag::{Flag, Rule};
use super::super::settings::{SettingsError, finite, positive};
use super::Point;

/// What is published, and how far a test may be off it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PublishedSettings {
    low: f64,
    high: f64,
    off: f64,
}

impl PublishedSettings {
    /// Suspect is what is off what is published, from `low` to `high` where there are several, by more than this share of the
    /// smaller.
    pub fn new((low, high): (f64, f64), share: f64) -> Result<Self, SettingsError> {
        finite("value", low)?;
        finite("value", high)?;
        positive("share", share)?;
        if share > 1.0 {
            // Nothing would be too little.
            return Err(SettingsError::Outside {
                key: "share",
                given: share.to_string(),
                low: "0".to_owned(),
                high: "1".to_owned(),
            });
        }
        let off = share * low.abs().min(high.abs());
        positive("value", off)?;
        Ok(Self { low, high, off })
    }

    /// What passes, both ends included.
    pub fn passes(&self) -> (f64, f64) {
        (self.low - self.off, self.high + self.off)
    }

    /// Judges a value.
    pub fn judge(&self, point: &Point, findings: &mut Vec<Finding>) -> Flag {
        let (low, high) = self.passes();
        let (limit, published) = if point.value < low {
            (low, self.low)
        } else if point.value > high {
            (high, self.high)
        } else {
            return Flag::Good;
        };
        let finding = Finding::at(Rule::OffPublished, Flag::Suspect, point.at, point.value, limit);
        findings.push(finding.against(published));
        Flag::Suspect
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Instant;

    #[test]
    fn both_ends_are_inside_and_what_is_beyond_tells_what_is_published() {
        let settings = PublishedSettings::new((26.0, 26.0), 0.5).unwrap();
        let judge = |value: f64| {
            let mut findings = Vec::new();
            let point = Point {
                at: Instant(0),
                value,
                load: f64::NAN,
            };
            (settings.judge(&point, &mut findings), findings)
        };
        for good in [13.0, 26.0, 39.0] {
            assert_eq!(judge(good).0, Flag::Good, "{good}");
        }
        for (bad, limit) in [(12.9, 13.0), (39.1, 39.0), (0.26, 13.0), (-26.0, 13.0)] {
            let (flag, findings) = judge(bad);
            assert_eq!(flag, Flag::Suspect, "{bad}");
            assert_eq!((findings[0].limit, findings[0].reference), (limit, 26.0));
        }
        assert!(PublishedSettings::new((0.0, 0.0), 0.5).is_err());
        assert!(PublishedSettings::new((26.0, 26.0), 0.0).is_err());
        assert!(PublishedSettings::new((f64::NAN, 1.0), 0.5).is_err());
        assert!(PublishedSettings::new((26.0, 26.0), 7.0).is_err());
        // Between two that are published everything passes.
        assert_eq!(
            PublishedSettings::new((20.0, 26.0), 0.5).unwrap().passes(),
            (10.0, 36.0)
        );
    }
}
