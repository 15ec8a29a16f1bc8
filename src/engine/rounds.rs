//! Rounds of entry sheets (巡回记录): what of them somebody wrote down, and when.

use crate::domain::identity::{ParameterId, Sequence};
use crate::domain::model::Parameter;
use crate::domain::reading::Version;
use crate::domain::sheet::{EntrySheet, Round};
use crate::domain::time::Instant;

use super::history::History;
use super::view::RoundView;
use super::{Broken, Engine};

/// What is known of a value of a round.
pub(super) enum Made {
    /// Nobody wrote it down, or who looked at it as the second person returned it.
    Missing,
    /// It was written down, and has stood since an instant.
    Written(Instant),
    /// It is there as the plan says, and when it was written down is not known or does not matter.
    Brought,
}

impl Engine {
    /// The round of every sheet that is being made at an instant, and how much of it is written down. Costs the cells of one
    /// round of every sheet.
    pub fn rounds_being_made(&self, history: &dyn History, now: Instant) -> Result<Vec<RoundView>, Broken> {
        let Some(model) = self.model() else {
            return Ok(Vec::new());
        };
        let mut made = Vec::with_capacity(model.sheets.len());
        for sheet in &model.sheets {
            let rounds = sheet.rounds_of(model, sheet.page_at(model, now));
            if let Some(round) = rounds.get(EntrySheet::round_at(&rounds, now)) {
                made.push(RoundView {
                    sheet: sheet.key.clone(),
                    at: round.at,
                    missing: self.missing_in(history, &sheet.rows, round)?,
                });
            }
        }
        Ok(made)
    }

    /// How many parameters of a round nobody wrote down.
    pub(super) fn missing_in(&self, history: &dyn History, rows: &[ParameterId], round: &Round) -> Result<u32, Broken> {
        let mut missing = 0;
        for &parameter in rows {
            missing += u32::from(matches!(self.made_at(history, parameter, round)?, Made::Missing));
        }
        Ok(missing)
    }

    /// Whether a parameter's value of a round was written down, and since when one has stood: a correction makes no round late,
    /// and what was taken back before the next was written made none.
    ///
    /// What a file or a machine brought is no round that somebody made, unless the plan of its time says that the values come
    /// that way.
    pub(super) fn made_at(&self, history: &dyn History, parameter: ParameterId, round: &Round) -> Result<Made, Broken> {
        let series = self.series(parameter)?;
        let slot = round.slot(series.kind);
        let versions = self.versions_of(history, parameter, slot)?;
        let plan = self.models.at(self.zone.hour_of(round.at));
        let known = plan.and_then(|plan| plan.parameter(parameter));
        let known = known.or_else(|| self.model()?.parameter(parameter));
        let planned = known.map_or(&[][..], Parameter::planned_origins);
        let (mut by_hand, mut is_brought) = (Vec::new(), false);
        for version in &versions {
            if version.origin.is_by_machine() {
                is_brought |= version.stands() && planned.contains(&version.origin);
            } else if !self.stays_returned(history, version.sequence, (parameter, slot))? {
                by_hand.push(*version);
            }
        }
        let Some(since) = standing_since(by_hand) else {
            return Ok(if is_brought { Made::Brought } else { Made::Missing });
        };
        let written = self.written_by_person(history, since)?;
        Ok(written.map_or(Made::Brought, Made::Written))
    }
}

/// The record since which one or another of some versions of a slot has stood without a break; none where none stands.
fn standing_since(mut versions: Vec<Version>) -> Option<Sequence> {
    versions.sort_unstable_by_key(|version| version.sequence);
    let mut since: Option<(Sequence, Option<Sequence>)> = None;
    for version in versions {
        let until = (!version.stands()).then_some(version.withdrawn_by);
        since = match since {
            // The one before was taken back before this was written.
            Some((_, Some(over))) if over < version.sequence => Some((version.sequence, until)),
            // As far as one of them goes, they go both.
            Some((first, Some(over))) => Some((first, until.map(|until| until.max(over)))),
            Some((first, None)) => Some((first, None)),
            None => Some((version.sequence, until)),
        };
    }
    since.filter(|(_, until)| until.is_none()).map(|(first, _)| first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::reading::{Origin, Quality, Slot, Verdict};

    #[test]
    fn a_value_stands_since_the_first_of_those_that_follow_each_other_without_a_break() {
        let version = |sequence: u64, withdrawn_by: u64| Version {
            slot: Slot::instant(Instant(0)),
            value: 1,
            origin: Origin::Typed,
            quality: Quality::Good,
            verdict: Verdict::Counts,
            sequence: Sequence(sequence),
            withdrawn_by: Sequence(withdrawn_by),
        };
        let since = |versions: &[(u64, u64)]| {
            let versions = versions.iter().map(|(sequence, by)| version(*sequence, *by)).collect();
            standing_since(versions).map(|since| since.0)
        };
        assert_eq!(since(&[]), None);
        assert_eq!(since(&[(3, 0)]), Some(3));
        assert_eq!(since(&[(3, 5)]), None);
        // Taken back, and typed again.
        assert_eq!(since(&[(3, 5), (6, 0)]), Some(6));
        // Written over before the first was taken back, in any order.
        assert_eq!(since(&[(4, 0), (3, 5)]), Some(3));
        assert_eq!(since(&[(3, 9), (4, 5), (7, 0)]), Some(3));
        assert_eq!(since(&[(3, 0), (4, 5)]), Some(3));
        assert_eq!(since(&[(3, 0), (4, 5), (8, 9)]), Some(3));
    }
}
