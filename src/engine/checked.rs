//! What the quality checks say of the readings that are kept (数据质量检查), computed when somebody asks. Nothing of it is
//! posted, and nothing of it is kept.
//!
//! Each parameter is judged by the rules that its kind, its limits and its interval make by default. So that a check that
//! learns knows the parameter, it is shown what came before the stretch too.

use std::sync::Arc;

use rust_decimal::prelude::ToPrimitive;

use crate::domain::decimal::from_count;
use crate::domain::identity::ParameterId;
use crate::domain::model::{Limits, Meter, Parameter, SiteModel};
use crate::domain::reading::{ParameterKind, Quality, Verdict, Version};
use crate::domain::text::{Explained, Text, clean};
use crate::domain::time::Instant;
use crate::quality::defaults::{self, Known};
use crate::quality::episode::{Episode, episodes};
use crate::quality::judge::Output;
use crate::quality::{Finding, Judge, Reading, Rules, Span};

use super::Engine;
use super::command::Refusal;
use super::history::History;
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

const DAY_MS: i64 = 86_400_000;

impl Engine {
    /// Episodes of a stretch (from included, to not) in which the checks find something: of one parameter, or of all, in the
    /// order in which they began. Costs the readings of the stretch and of fifteen days before it.
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
            let meter = parameter.meter.and_then(|id| model.meters.iter().find(|m| m.id == id));
            let rules = rules_of(model, parameter, meter)?;
            let findings = self.judged(history, parameter, rules, (from, to))?;
            let pause_ms = match parameter.interval_ms {
                0 => PAUSE_MS,
                interval => interval.saturating_mul(PAUSE_INTERVALS),
            };
            let of_stretch = episodes(&findings, pause_ms)
                .into_iter()
                .filter(|episode| episode.to >= from && episode.from < to);
            found.extend(of_stretch.map(|episode| view_of(parameter.id, &episode)));
            if found.len() > MOST_EPISODES {
                return Err(Refusal::Request(
                    Text::new("checked-too-many").with_count("most", MOST_EPISODES),
                ));
            }
        }
        found.sort_by_key(|episode| (episode.from, episode.parameter));
        Ok(found)
    }

    fn judged(
        &self,
        history: &dyn History,
        parameter: &Parameter,
        rules: Rules,
        (from, to): (Instant, Instant),
    ) -> Result<Vec<Finding>, Refusal> {
        let mut judge = Judge::new(Arc::new(rules));
        let mut output = Output::default();
        let mut findings = Vec::new();
        let learned = from.plus(-LEARN_DAYS * DAY_MS);
        self.each_top(history, parameter.id, (learned, to), &mut |version| {
            judge.judge(&reading_of(parameter, version), &mut output);
            let raised = output.findings.drain(..).filter(|finding| finding.flag.is_raised());
            findings.extend(raised.filter(|finding| finding.to >= from));
            output.settled.clear();
            true
        })?;
        Ok(findings)
    }
}

/// A reading as it is judged. What its deliverer marks bad has no value to judge.
fn reading_of(parameter: &Parameter, version: &Version) -> Reading {
    let is_bad = version.verdict == Verdict::MarkedBad || version.quality == Quality::Bad;
    let value = from_count(version.value, parameter.decimals).to_f64();
    Reading::new(version.slot.at, value.filter(|_| !is_bad).unwrap_or(f64::NAN))
}

/// The rules that a parameter gets by default.
fn rules_of(model: &SiteModel, parameter: &Parameter, meter: Option<&Meter>) -> Result<Rules, Refusal> {
    let span = |key, limits: &Limits| {
        let end = |limit: Option<rust_decimal::Decimal>| limit.and_then(|limit| limit.to_f64());
        Span::new(key, end(limits.low), end(limits.high)).ok()
    };
    let known = Known {
        kind: parameter.kind,
        sensor: span("possible", &parameter.possible),
        operator: span("operating", &parameter.operating),
        interval_ms: parameter.interval_ms,
        rollover: meter.and_then(|meter| meter.rollover?.to_f64()),
        has_load: false,
        least_load: None,
    };
    let mut rules = defaults::rules(model.zone, &known).map_err(|error| {
        let refused = Text::new("checked-rules").with("tag", clean(&parameter.tag));
        Refusal::Request(refused.with_text("why", error.text()))
    })?;
    // Without the load of its process a level tells more of the process than of the sensor.
    if parameter.kind != ParameterKind::State {
        rules.shift = None;
    }
    Ok(rules)
}

fn view_of(parameter: ParameterId, episode: &Episode) -> EpisodeView {
    EpisodeView {
        parameter,
        check: episode.check.text(),
        from: episode.from,
        to: episode.to,
        findings: episode.findings,
        flag: episode.worst.flag.text(),
        keeps_out: episode.worst.keeps_out(),
        why: episode.worst.explained(None),
    }
}
