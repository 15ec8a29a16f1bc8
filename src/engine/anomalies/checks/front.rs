//! A judge that follows a parameter, with what it has found and how far it has come.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::domain::model::Parameter;
use crate::domain::reading::{Origin, Quality, Slot, Version};
use crate::domain::time::{DAY_MS, Instant};
use crate::engine::anomalies::raise::{ARCHIVE_SPACING_MS, Sighting};
use crate::engine::checked::reading_of;
use crate::engine::series::Series;
use crate::quality::episode::Episodes;
use crate::quality::judge::Output;
use crate::quality::{Judge, Rules};

use super::{LEARN_DAYS, day_start};

/// A judge with what it has found and how far it has come.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Front {
    pub(super) judge: Judge,
    pub(super) episodes: Episodes,
    /// The last reading that it has seen.
    pub(super) at: Option<Slot>,
    /// Up to here it only learns.
    pub(super) quiet_to: Option<Instant>,
}

impl Front {
    pub(super) fn new(rules: &Arc<Rules>, pause_ms: i64) -> Self {
        Self {
            judge: Judge::new(Arc::clone(rules)),
            episodes: Episodes::new(pause_ms),
            at: None,
            quiet_to: None,
        }
    }

    /// Begins some days before one of which it is to judge, and learns until then.
    pub(super) fn learning_for(mut self, day: i32) -> Self {
        self.quiet_to = Some(day_start(day).plus(-1));
        self.at = Some(Slot::instant(day_start(day).plus(-LEARN_DAYS * DAY_MS)));
        self
    }

    /// Takes the next reading in.
    pub(super) fn take(&mut self, context: &Context<'_>, version: &Version, load: f64, output: &mut Output) {
        let at = version.slot.at;
        let is_between = |change: Instant| self.at.is_some_and(|last| last.at < change) && change <= at;
        let mut changes = context.series.row.changes.iter();
        if changes.any(|recorded| is_between(recorded.change.at)) {
            // Another register says nothing of the one before.
            self.judge = Judge::new(Arc::clone(context.rules));
        }
        self.at = Some(version.slot);
        self.episodes.set_pause(context.pause.at(at));
        if is_kept_out_by_person(version) {
            self.judge.pass_over(at);
            return;
        }
        self.judge.judge(&reading_of(context.parameter, version, load), output);
        output.settled.clear();
        if self.quiet_to.is_some_and(|quiet| at <= quiet) {
            output.findings.clear();
        }
        for finding in output.findings.drain(..) {
            self.episodes.take(&finding);
        }
    }

    /// What it has found since it was last asked: what has ended, and what goes on.
    pub(super) fn sightings(&mut self) -> Vec<Sighting> {
        let reached = self.at.map_or(Instant::EARLIEST, |slot| slot.at);
        let ended = self.episodes.take_ended(reached);
        let ended = ended.into_iter().map(Sighting::ended);
        ended.chain(self.episodes.open().map(Sighting::going)).collect()
    }
}

/// Whether a person said that a reading does not count.
fn is_kept_out_by_person(version: &Version) -> bool {
    version.origin == Origin::Correction && version.quality == Quality::Bad
}

/// What a judge is told of its parameter.
pub(super) struct Context<'a> {
    pub(super) parameter: &'a Parameter,
    pub(super) series: &'a Series,
    pub(super) rules: &'a Arc<Rules>,
    pub(super) pause: Pause,
}

/// The longest pause within one episode.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pause {
    /// Of what comes as the plan awaits it, in milliseconds.
    pub(super) usual_ms: i64,
    /// Up to where a past was filled in, which has a spacing of its own.
    pub(super) past_to: Option<Instant>,
}

impl Pause {
    /// At an instant, in milliseconds.
    pub(super) fn at(self, at: Instant) -> i64 {
        let is_past = self.past_to.is_some_and(|past| at <= past);
        if is_past {
            self.usual_ms.max(ARCHIVE_SPACING_MS)
        } else {
            self.usual_ms
        }
    }
}
