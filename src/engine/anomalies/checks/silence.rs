//! What the clock tells: silences, and what goes on that no record has told of for a while.

use crate::domain::model::SiteModel;
use crate::domain::time::DAY_MS;
use crate::engine::anomalies::Found;
use crate::engine::anomalies::raise::{Pass, Sighting};
use crate::engine::history::History;
use crate::engine::{Broken, Engine};
use crate::quality::episode::Episodes;
use crate::quality::judge::Output;

use super::{SILENCE_EVERY_MS, place};

/// A silence that is longer than this is the end of what was brought, not a gap.
const LONGEST_SILENCE_MS: i64 = 31 * DAY_MS;

impl Engine {
    /// Parameters of which nothing has come for longer than is usual: no reading tells of it.
    pub(super) fn notice_silence(
        &mut self,
        history: &dyn History,
        model: &SiteModel,
        found: &mut Vec<Found>,
    ) -> Result<(), Broken> {
        let now = self.now;
        // Whoever has just begun to listen leaves them some time.
        let last = *self.checks.silence.get_or_insert(now);
        if now.since(last) < SILENCE_EVERY_MS {
            return Ok(());
        }
        self.checks.silence = Some(now);
        self.look_at_calibrations(history, model, found)?;
        for (parameter, ended) in std::mem::take(&mut self.checks.unsaid) {
            if self.checks.awaits_judging(parameter) {
                self.checks.leave_unsaid(parameter, ended);
                continue;
            }
            let Some(Some(followed)) = self.checks.of.get(place(parameter)) else {
                continue;
            };
            let ended = ended.into_iter().map(Sighting::ended);
            let sightings: Vec<Sighting> = ended
                .chain(followed.front.episodes.open().map(Sighting::going))
                .collect();
            let pass = Pass::silent(parameter, followed.rules.clause.as_deref(), followed.pause_ms);
            self.weigh(history, &pass, &sightings, found)?;
        }
        let mut output = Output::default();
        for parameter in &model.parameters {
            let Some(Some(followed)) = self.checks.of.get(place(parameter.id)) else {
                continue;
            };
            let (Some(gap), Some(last)) = (followed.rules.gap, followed.front.judge.last()) else {
                continue;
            };
            // What may still come behind its time is not missing yet.
            let silent_ms = now.since(last);
            if silent_ms > LONGEST_SILENCE_MS || silent_ms <= gap.longest_ms().saturating_add(parameter.fill_wait_ms())
            {
                continue;
            }
            gap.judge(Some(last), now, &mut output.findings);
            let mut silence = Episodes::new(followed.pause_ms);
            for finding in output.findings.drain(..) {
                silence.take(&finding);
            }
            let sightings: Vec<Sighting> = silence.open().map(Sighting::going).collect();
            if !sightings.is_empty() {
                let pass = Pass::silent(parameter.id, followed.rules.clause.as_deref(), followed.pause_ms);
                self.weigh(history, &pass, &sightings, found)?;
            }
        }
        Ok(())
    }
}
