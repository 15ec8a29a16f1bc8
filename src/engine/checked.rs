//! What the quality checks say of the readings that are kept (数据质量检查), computed when somebody asks. Nothing of it is
//! posted, and nothing of it is kept.
//!
//! Each parameter is judged by the checks of its plan, and where that says nothing by the rules that its kind, its limits and
//! its interval make. So that a check that learns knows the parameter, it is shown what came before the stretch too.

use std::sync::Arc;

use rust_decimal::prelude::ToPrimitive;

use crate::domain::decimal::from_count;
use crate::domain::identity::ParameterId;
use crate::domain::model::{Parameter, SiteModel};
use crate::domain::reading::{Quality, Verdict, Version};
use crate::domain::text::Text;
use crate::domain::time::{DAY_MS, Instant};
use crate::quality::episode::{Episode, Episodes};
use crate::quality::judge::Output;
use crate::quality::{Judge, Reading};

use super::Engine;
use super::anomalies::Signs;
use super::command::Refusal;
use super::history::History;
use super::load::Load;
use super::view::EpisodeView;

/// The longest stretch that is judged at once.
const MOST_DAYS: i64 = 92;

/// How long before the stretch a parameter is looked at already: what is learned by default takes seven days, and values in
/// another unit are told by eight.
const LEARN_DAYS: i64 = 15;

/// The most episodes of one answer.
const MOST_EPISODES: usize = 10_000;

/// Findings that are further apart than this many intervals are two episodes.
const PAUSE_INTERVALS: i64 = 3;

/// The same where no interval is expected.
const PAUSE_MS: i64 = 3_600_000;

impl Engine {
    /// Episodes of a stretch (from included, to not) in which the checks find something: of one parameter, or of all, in the
    /// order in which they began; those of a relation stand under its first parameter. Costs the readings of the stretch and
    /// of fifteen days before it.
    pub fn checked(
        &self,
        history: &dyn History,
        parameter: Option<ParameterId>,
        (from, to): (Instant, Instant),
    ) -> Result<Vec<EpisodeView>, Refusal> {
        if to.since(from) > MOST_DAYS * DAY_MS {
            return Err(Refusal::Request(
                Text::new("checked-too-long").with_count("days", MOST_DAYS),
            ));
        }
        let Some(model) = self.model() else {
            return Ok(Vec::new());
        };
        let mut found = Vec::new();
        let wanted = model
            .parameters
            .iter()
            .filter(|other| parameter.is_none_or(|id| other.id == id));
        for parameter in wanted {
            let episodes = self.judged(history, model, parameter, (from, to))?;
            let of_stretch = episodes
                .into_iter()
                .filter(|episode| episode.to >= from && episode.from < to);
            let clause = parameter.checks.as_ref().and_then(|checks| checks.clause.as_deref());
            found.extend(of_stretch.map(|episode| view_of(parameter, &episode, clause)));
            if found.len() > MOST_EPISODES {
                return Err(too_many());
            }
        }
        let related = self.related_in(history, parameter, (from, to))?;
        found.extend(related.iter().map(|(subject, signs)| related_view(*subject, signs)));
        if found.len() > MOST_EPISODES {
            return Err(too_many());
        }
        found.sort_by_key(|episode| (episode.from, episode.parameter));
        Ok(found)
    }

    fn judged(
        &self,
        history: &dyn History,
        model: &SiteModel,
        parameter: &Parameter,
        (from, to): (Instant, Instant),
    ) -> Result<Vec<Episode>, Refusal> {
        let series = self.series(parameter.id)?;
        let rules = Arc::new(self.rules_of(model, series, parameter, to));
        let mut judge = Judge::new(Arc::clone(&rules));
        let mut output = Output::default();
        let mut episodes = Episodes::new(pause_of(parameter));
        let mut last: Option<Instant> = None;
        let mut load = Load::of(self, history, model, parameter.id);
        let mut broken = None;
        // The reading after the stretch settles what the last one in it is.
        let stretch = (from.plus(-LEARN_DAYS * DAY_MS), to.plus(DAY_MS));
        self.each_top(history, parameter.id, stretch, &mut |version| {
            let at = version.slot.at;
            let is_between = |change: Instant| last.is_some_and(|last| last < change) && change <= at;
            if series.row.changes.iter().any(|recorded| is_between(recorded.change.at)) {
                // Another register says nothing of the one before.
                judge = Judge::new(Arc::clone(&rules));
            }
            let load_now = load.as_mut().map_or(Ok(f64::NAN), |load| load.at(at));
            let load_now = load_now.unwrap_or_else(|error| {
                broken = Some(error);
                f64::NAN
            });
            judge.judge(&reading_of(parameter, version, load_now), &mut output);
            for finding in output.findings.drain(..).filter(|finding| finding.to >= from) {
                episodes.take(&finding);
            }
            output.settled.clear();
            last = Some(at);
            at < to && episodes.ended() <= MOST_EPISODES && broken.is_none()
        })?;
        if let Some(broken) = broken {
            return Err(broken.into());
        }
        if episodes.ended() > MOST_EPISODES {
            return Err(too_many());
        }
        // Whoever fell silent and has not come back is not told by a reading.
        let until = to.min(self.now);
        if let (Some(gap), Some(last)) = (&rules.gap, last)
            && last < until
        {
            gap.judge(Some(last), until, &mut output.findings);
            for finding in output.findings.drain(..) {
                episodes.take(&finding);
            }
        }
        Ok(episodes.finish())
    }
}

fn too_many() -> Refusal {
    Refusal::Request(Text::new("checked-too-many").with_count("most", MOST_EPISODES))
}

/// The longest pause within one episode of a parameter, in milliseconds.
pub(super) fn pause_of(parameter: &Parameter) -> i64 {
    let pause_ms = match parameter.interval_ms {
        0 => PAUSE_MS,
        interval => interval.saturating_mul(PAUSE_INTERVALS),
    };
    pause_ms.max(parameter.gap_limit_ms)
}

/// A reading as it is judged. What its deliverer marks bad has no value to judge.
pub(super) fn reading_of(parameter: &Parameter, version: &Version, load: f64) -> Reading {
    let is_bad = version.verdict == Verdict::MarkedBad || version.quality == Quality::Bad;
    let value = from_count(version.value, parameter.decimals).to_f64();
    Reading {
        at: version.slot.at,
        value: value.filter(|_| !is_bad).unwrap_or(f64::NAN),
        load,
    }
}

/// What a relation between parameters says.
fn related_view(subject: ParameterId, signs: &Signs) -> EpisodeView {
    EpisodeView {
        parameter: subject,
        check: signs.check().text(),
        from: signs.from,
        to: signs.to,
        findings: signs.findings,
        flag: signs.flag.text(),
        why: signs.why(""),
    }
}

fn view_of(parameter: &Parameter, episode: &Episode, clause: Option<&str>) -> EpisodeView {
    EpisodeView {
        parameter: parameter.id,
        check: episode.check.text(),
        from: episode.from,
        to: episode.to,
        findings: episode.findings,
        flag: episode.worst.flag.text(),
        why: episode.worst.explained(clause, parameter.unit.symbol()),
    }
}
