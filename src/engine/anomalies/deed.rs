//! What people do with anomalies (处置操作): give them to somebody, look into them, say what they are, close them. Each is
//! one record, of as many anomalies as it is done to; what is refused of some is told, and done to the others. What a
//! decision does to readings stands in the same record, so that taking that back takes back both.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::domain::actor::{Actor, Right};
use crate::domain::decimal::{count, from_count};
use crate::domain::identity::{ParameterId, Sequence};
use crate::domain::model::Parameter;
use crate::domain::reading::{Origin, Quality, Slot, Verdict, Version};
use crate::domain::text::{Explained, Text, clean};
use crate::domain::time::Instant;
use crate::engine::command::{Answer, Provenance, Refusal};
use crate::engine::event::{Event, Readings};
use crate::engine::history::History;
use crate::engine::queue::item_by_item;
use crate::engine::view::{LiveValue, Restated};
use crate::engine::{Broken, Engine};
use crate::quality::anomaly::{Act, ActKind, AnomalyId, Correction, Disposition, Holder, WorkRefusal, after};
use crate::quality::flag::Check;

use super::{Anomaly, Written};

/// The most anomalies of one deed: as many as a terminal is told of at once.
pub const MOST_ANOMALIES: usize = 5_000;

/// The most readings that one decision touches.
const MOST_READINGS: usize = 50_000;

/// The longest text that is kept with a deed, in characters.
const LONGEST_TEXT: usize = 500;

/// What is done with anomalies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnomalyDeed {
    /// They are given to a person of the site (分派).
    Assign {
        /// Staff number.
        to: String,
    },
    /// Whoever does it looks into them (认领).
    Take,
    /// Something is said of them (批注).
    Comment {
        /// What.
        text: String,
    },
    /// It is said what they are (处置).
    Dispose {
        /// What.
        disposition: Disposition,
        /// Number of the root cause; that of the disposition's class where it is left out.
        cause: Option<u16>,
        /// What more there is to say.
        comment: String,
        /// Where the evidence is: a work order, a certificate, a photo.
        evidence: String,
    },
    /// They are closed (关闭).
    Close {
        /// What more there is to say.
        comment: String,
    },
    /// What was closed is opened again (重开).
    Reopen {
        /// Why.
        reason: String,
    },
    /// A nonconformity was opened for them (关联不符合).
    Link {
        /// Its number.
        nonconformity: String,
    },
    /// A decision was taken back, by withdrawing its record; it is not asked for in any other way.
    TakeBack {
        /// Why.
        reason: String,
    },
}

impl AnomalyDeed {
    /// The right that it needs: everybody may say what they know; the work is for those who answer for the data.
    pub const fn right(&self) -> Right {
        match self {
            Self::Comment { .. } => Right::Note,
            _ => Right::Correct,
        }
    }

    /// What is said with it.
    pub fn comment(&self) -> Option<&str> {
        let text = match self {
            Self::Comment { text: comment }
            | Self::Dispose { comment, .. }
            | Self::Close { comment }
            | Self::Reopen { reason: comment }
            | Self::TakeBack { reason: comment } => comment,
            Self::Assign { .. } | Self::Take | Self::Link { .. } => return None,
        };
        (!text.is_empty()).then_some(text)
    }

    /// Where the evidence is.
    pub fn evidence(&self) -> Option<&str> {
        match self {
            Self::Dispose { evidence, .. } if !evidence.is_empty() => Some(evidence),
            _ => None,
        }
    }

    /// The number of the root cause that it names.
    pub const fn cause(&self) -> Option<u16> {
        match self {
            Self::Dispose { cause, .. } => *cause,
            _ => None,
        }
    }

    /// The number of the nonconformity that was opened.
    pub fn nonconformity(&self) -> Option<&str> {
        match self {
            Self::Link { nonconformity } => Some(nonconformity),
            _ => None,
        }
    }

    /// Everything that somebody wrote in it.
    pub fn words(&self) -> Vec<&str> {
        match self {
            Self::Assign { to: words }
            | Self::Comment { text: words }
            | Self::Close { comment: words }
            | Self::Reopen { reason: words }
            | Self::Link { nonconformity: words }
            | Self::TakeBack { reason: words } => vec![words],
            Self::Dispose { comment, evidence, .. } => vec![comment, evidence],
            Self::Take => Vec::new(),
        }
    }

    /// The same as it is kept, if its words are such as can be kept.
    fn tidied(mut self) -> Result<Self, Refusal> {
        let tidy = |text: &mut String| {
            let line: String = text
                .trim()
                .chars()
                .map(|c| if c.is_whitespace() { ' ' } else { c })
                .collect();
            *text = clean(&line).into_owned();
            if text.chars().count() > LONGEST_TEXT {
                return Err(refuse(
                    Text::new("anomaly-text-too-long").with_count("most", LONGEST_TEXT),
                ));
            }
            Ok(())
        };
        let required = match &mut self {
            Self::Assign { to: text }
            | Self::Comment { text }
            | Self::Reopen { reason: text }
            | Self::Link { nonconformity: text } => {
                tidy(text)?;
                Some(text.is_empty())
            }
            Self::Dispose { comment, evidence, .. } => {
                tidy(comment)?;
                tidy(evidence)?;
                None
            }
            Self::Close { comment } => {
                tidy(comment)?;
                None
            }
            Self::Take => None,
            Self::TakeBack { .. } => return Err(refuse(Text::new("anomaly-take-back-by-withdrawal"))),
        };
        if required == Some(true) {
            return Err(refuse(Text::new("anomaly-text-missing").with_text("deed", self.text())));
        }
        Ok(self)
    }

    pub(super) fn kind(&self, second_person: bool) -> ActKind {
        match self {
            Self::Assign { to } => ActKind::Assign(to.clone()),
            Self::Take => ActKind::Take,
            Self::Comment { .. } | Self::Link { .. } => ActKind::Comment,
            Self::Dispose { disposition, cause, .. } => ActKind::Dispose(*disposition, *cause),
            Self::Close { .. } => ActKind::Close { second_person },
            Self::Reopen { .. } => ActKind::Reopen,
            Self::TakeBack { .. } => ActKind::TakeBack,
        }
    }
}

impl Explained for AnomalyDeed {
    fn text(&self) -> Text {
        Text::new(match self {
            Self::Assign { .. } => "anomaly-deed-assign",
            Self::Take => "anomaly-deed-take",
            Self::Comment { .. } => "anomaly-deed-comment",
            Self::Dispose { .. } => "anomaly-deed-dispose",
            Self::Close { .. } => "anomaly-deed-close",
            Self::Reopen { .. } => "anomaly-deed-reopen",
            Self::Link { .. } => "anomaly-deed-link",
            Self::TakeBack { .. } => "anomaly-deed-take-back",
        })
    }
}

/// What a record of a deed says that touches no readings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnomaliesWorked {
    /// Which anomalies.
    pub anomalies: Vec<AnomalyId>,
    /// What.
    pub deed: AnomalyDeed,
}

/// The same of one that corrects readings or keeps them out; it stands with their provenance.
pub type Disposed = AnomaliesWorked;

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnomaliesOutcome {
    /// The record; none where it was refused of all.
    pub sequence: Option<Sequence>,
    /// To how many it was done.
    pub done: u32,
    /// Readings that were corrected or kept out.
    pub readings: u32,
    /// Of which it was refused, and why.
    pub refused: Vec<(AnomalyId, Text)>,
    /// Months that it restated, before and after.
    #[serde(default)]
    pub restated: Vec<Restated>,
}

/// A reading as a record has it.
type Reading = (ParameterId, Slot, i64, Quality, Verdict);

/// A deed that was looked at, anomaly by anomaly.
pub(super) struct Planned {
    pub(super) deed: AnomalyDeed,
    pub(super) anomalies: Vec<AnomalyId>,
    pub(super) readings: Vec<Reading>,
    pub(super) refused: Vec<(AnomalyId, Text)>,
}

fn refuse(text: Text) -> Refusal {
    Refusal::Request(text)
}

/// What refuses one anomaly, unless the past cannot be read.
fn of_one<T>(result: Result<T, Refusal>) -> Result<Result<T, Text>, Refusal> {
    match result {
        Ok(value) => Ok(Ok(value)),
        Err(Refusal::Request(text)) => Ok(Err(text)),
        Err(broken @ Refusal::Broken(_)) => Err(broken),
    }
}

impl Engine {
    /// Decides of a deed, and does to readings what comes of it.
    pub(in crate::engine) fn plan_work(
        &mut self,
        history: &dyn History,
        by: &Actor,
        (anomalies, deed): (Vec<AnomalyId>, AnomalyDeed),
        values: &mut Vec<(ParameterId, LiveValue)>,
    ) -> Result<(Option<Event>, Answer), Refusal> {
        let planned = self.planned_work(history, by, &anomalies, deed)?;
        let sequence = self.next;
        let outcome = AnomaliesOutcome {
            sequence: (!planned.anomalies.is_empty()).then_some(sequence),
            done: u32::try_from(planned.anomalies.len()).unwrap_or(u32::MAX),
            readings: u32::try_from(planned.readings.len()).unwrap_or(u32::MAX),
            refused: planned.refused.clone(),
            restated: Vec::new(),
        };
        let event = match planned.into_event() {
            Some(Event::Readings(body)) => {
                self.merge(history, body.versions(sequence))?;
                self.newest_of(body.readings.iter().map(|reading| reading.0), values)?;
                Some(Event::Readings(body))
            }
            other => other,
        };
        Ok((event, Answer::Anomalies(outcome)))
    }

    pub(super) fn planned_work(
        &self,
        history: &dyn History,
        by: &Actor,
        anomalies: &[AnomalyId],
        deed: AnomalyDeed,
    ) -> Result<Planned, Refusal> {
        let deed = self.completed(deed.tidied()?)?;
        let mut readings: BTreeMap<(ParameterId, Slot), Reading> = BTreeMap::new();
        let mut causes = BTreeSet::new();
        let decided = item_by_item(anomalies, (MOST_ANOMALIES, "anomaly-refused-count"), |id| {
            let touched = match of_one(self.done_to(history, by, id, &deed, &mut causes))? {
                Ok(touched) => touched,
                Err(why) => return Ok(Err(why)),
            };
            readings.extend(touched.into_iter().map(|reading| ((reading.0, reading.1), reading)));
            if readings.len() > MOST_READINGS {
                return Err(refuse(
                    Text::new("anomaly-too-many-readings").with_count("most", MOST_READINGS),
                ));
            }
            Ok(Ok(()))
        })?;
        Ok(Planned {
            deed,
            anomalies: decided.done.into_iter().map(|(id, ())| id).collect(),
            readings: readings.into_values().collect(),
            refused: decided.refused,
        })
    }

    /// A deed with everything that it leaves to be understood, if the site's plan knows what it names.
    fn completed(&self, mut deed: AnomalyDeed) -> Result<AnomalyDeed, Refusal> {
        let model = self.model().ok_or_else(|| refuse(Text::new("explain-unknown")))?;
        match &mut deed {
            AnomalyDeed::Assign { to } if model.person(to).is_none() => {
                Err(refuse(Text::new("anomaly-no-person").with("staff_number", clean(to))))
            }
            AnomalyDeed::Dispose { disposition, cause, .. } => {
                let plan = &model.anomalies;
                let class = disposition.class();
                let usual = class.and_then(|class| plan.causes.iter().find(|cause| cause.class == class));
                *cause = cause.or(usual.map(|cause| cause.number));
                match cause {
                    None => Err(refuse(Text::new("anomaly-cause-missing"))),
                    Some(number) if plan.cause(*number).is_none() => {
                        Err(refuse(Text::new("anomaly-no-cause").with_count("number", *number)))
                    }
                    Some(_) => Ok(deed),
                }
            }
            _ => Ok(deed),
        }
    }

    /// The readings that a deed touches of one anomaly, or why it cannot be done to that.
    fn done_to(
        &self,
        history: &dyn History,
        by: &Actor,
        id: AnomalyId,
        deed: &AnomalyDeed,
        causes: &mut BTreeSet<Option<u16>>,
    ) -> Result<Vec<Reading>, Refusal> {
        let anomaly = self.anomaly_row(history, id)?;
        let anomaly = anomaly.ok_or_else(|| refuse(Text::new("anomaly-unknown").with("number", id)))?;
        let takes_second = self.takes_second(history, &anomaly, deed)?;
        let act = self.act(deed, takes_second, by, self.next);
        after(&anomaly.work, &act).map_err(|refusal| refuse(self.told(&refusal)))?;
        match deed {
            AnomalyDeed::Dispose { disposition, .. } => self.touched_by(history, &anomaly, disposition),
            AnomalyDeed::Close { .. } => {
                // Together are closed those of one cause: others have been looked at one by one.
                let own = anomaly.work.settled.as_ref().and_then(|settled| settled.cause);
                if causes.first().is_some_and(|first| *first != own) {
                    return Err(refuse(Text::new("anomaly-refused-other-cause")));
                }
                causes.insert(own);
                Ok(Vec::new())
            }
            _ => Ok(Vec::new()),
        }
    }

    /// A refusal with the names of people.
    fn told(&self, refusal: &WorkRefusal) -> Text {
        let model = self.model();
        refusal.told(|staff_number| Some(&model?.person(staff_number)?.name))
    }

    /// Whether closing an anomaly takes a second person. It is decided by what is at stake by now: of a test that was wrong
    /// from the first of a month on, more than on that day.
    fn takes_second(&self, history: &dyn History, anomaly: &Anomaly, deed: &AnomalyDeed) -> Result<bool, Broken> {
        if !matches!(deed, AnomalyDeed::Close { .. }) {
            return Ok(false);
        }
        let from = self
            .model()
            .map_or_else(Default::default, |model| model.anomalies.second_person_from);
        let stake_mg = self.stake(history, anomaly.parameter, &anomaly.signs)?;
        let stake_mg = stake_mg.max(anomaly.signs.stake_mg);
        Ok(crate::domain::decimal::tonnes_of_milligrams(i128::from(stake_mg)) >= from)
    }

    fn act(&self, deed: &AnomalyDeed, takes_second: bool, by: &Actor, record: Sequence) -> Act {
        Act {
            kind: deed.kind(takes_second),
            by: Holder {
                name: by.name().to_owned(),
                at: self.now,
            },
            record,
        }
    }

    /// The readings that a decision touches, as it leaves them.
    fn touched_by(
        &self,
        history: &dyn History,
        anomaly: &Anomaly,
        disposition: &Disposition,
    ) -> Result<Vec<Reading>, Refusal> {
        if *disposition == Disposition::Real {
            return Ok(Vec::new());
        }
        if let Some(related) = &anomaly.signs.related {
            // A relation does not say which of its meters is wrong.
            return match disposition {
                Disposition::InstrumentFault => Ok(Vec::new()),
                _ => Err(refuse(
                    Text::new("anomaly-of-relation-readings").with("terms", clean(&related.terms)),
                )),
            };
        }
        let model = self.model().ok_or_else(|| refuse(Text::new("explain-unknown")))?;
        let parameter = model.parameter(anomaly.parameter);
        let parameter = parameter.ok_or_else(|| refuse(Text::new("anomaly-parameter-gone")))?;
        let correction = disposition.correction();
        let is_planned = parameter.missing.is_some();
        if *disposition == Disposition::GapFill && !is_planned {
            return Err(refuse(Text::new("anomaly-no-plan").with("tag", &parameter.tag)));
        }
        if anomaly.signs.check() == Check::Gap {
            // Nothing came that could be corrected or kept out.
            return match disposition {
                Disposition::GapFill | Disposition::InstrumentFault => Ok(Vec::new()),
                _ => Err(refuse(Text::new("anomaly-gap-has-none"))),
            };
        }
        let mut touched = Vec::new();
        for stretch in anomaly.signs.stretches() {
            let is_of_plan = anomaly.signs.check() == Check::Plan;
            let is_meant = |version: &Version| !is_of_plan || !parameter.origins.contains(&version.origin);
            self.touched_in(history, (parameter, &is_meant), stretch, correction, &mut touched)?;
        }
        self.check_unsealed_slots(touched.iter().map(|reading| reading.1))?;
        if touched.is_empty() && correction.is_some() {
            return Err(refuse(Text::new("anomaly-no-readings")));
        }
        Ok(touched)
    }

    /// The readings of a stretch that a decision touches: corrected, or kept out.
    fn touched_in(
        &self,
        history: &dyn History,
        (parameter, is_meant): (&Parameter, &dyn Fn(&Version) -> bool),
        (from, to): (Instant, Instant),
        correction: Option<Correction>,
        touched: &mut Vec<Reading>,
    ) -> Result<(), Refusal> {
        let mut refused = None;
        self.each_top(history, parameter.id, (from, to.plus(1)), &mut |version| {
            if version.slot.at < from || !is_meant(version) {
                return true;
            }
            let reading = match correction {
                // What a person put right or kept out is not what the meter said.
                Some(_) if version.origin == Origin::Correction => Err(Text::new("anomaly-corrected-already")
                    .with("record", version.sequence)
                    .with_instant("at", version.slot.at)),
                Some(by) => self.corrected(parameter, version.slot, version.value, by),
                None if version.verdict == Verdict::Counts => Ok((
                    parameter.id,
                    version.slot,
                    version.value,
                    Quality::Bad,
                    Verdict::MarkedBad,
                )),
                // It does not count as it is.
                None => return true,
            };
            match reading {
                Ok(reading) => touched.push(reading),
                Err(why) => refused = Some(why),
            }
            refused.is_none() && touched.len() <= MOST_READINGS
        })?;
        refused.map_or(Ok(()), |why| Err(refuse(why)))
    }

    /// A reading as a correction leaves it; digits beyond the parameter's quantum are rounded, as at intake.
    fn corrected(&self, parameter: &Parameter, slot: Slot, value: i64, by: Correction) -> Result<Reading, Text> {
        let corrected = match by {
            Correction::Value(value) => Some(value),
            Correction::Times(times) => from_count(value, parameter.decimals).checked_mul(times),
        };
        let counted = corrected.and_then(|value| count(value, parameter.decimals).ok());
        let series = self.series(parameter.id).ok();
        let (Some(counted), Some(series)) = (counted, series) else {
            return Err(Text::new("anomaly-unfit-correction").with("tag", &parameter.tag));
        };
        match series.verdict(counted.count, Quality::Good) {
            Verdict::Counts => Ok((parameter.id, slot, counted.count, Quality::Good, Verdict::Counts)),
            _ => Err(Text::new("correction-out-of-range")
                .with("value", from_count(counted.count, parameter.decimals).normalize())),
        }
    }

    /// Takes over what a record says was done with anomalies.
    pub(in crate::engine) fn work_done(
        &mut self,
        history: &dyn History,
        (sequence, by): (Sequence, &Actor),
        worked: &AnomaliesWorked,
    ) -> Result<(), Broken> {
        for &id in &worked.anomalies {
            let Some(before) = self.anomaly_row(history, id)? else {
                continue;
            };
            let written = Written {
                at: self.now,
                record: sequence,
            };
            let now = before.worked(&worked.deed, by.name(), written);
            if before.work.stage.is_open() {
                self.anomalies.put(now);
            } else {
                self.anomalies.bring_back(before, now);
            }
        }
        Ok(())
    }

    /// The anomalies of which a record said what they are, if they still stand so and that can be taken back.
    pub(in crate::engine) fn plan_taking_back(
        &self,
        history: &dyn History,
        of: Sequence,
        (worked, by): (&AnomaliesWorked, &Actor),
        reason: &str,
    ) -> Result<Vec<AnomalyId>, Refusal> {
        let mut standing = Vec::new();
        let deed = AnomalyDeed::TakeBack {
            reason: reason.to_owned(),
        };
        for &id in &worked.anomalies {
            let Some(anomaly) = self.anomaly_row(history, id)? else {
                continue;
            };
            let stands = anomaly
                .work
                .settled
                .as_ref()
                .is_some_and(|settled| settled.record == of);
            if !stands {
                continue;
            }
            // Taking back is no closing.
            let act = self.act(&deed, false, by, self.next);
            after(&anomaly.work, &act).map_err(|refusal| {
                refuse(
                    Text::new("anomaly-refused-one")
                        .with("number", id)
                        .with_text("why", self.told(&refusal)),
                )
            })?;
            standing.push(id);
        }
        if standing.is_empty() {
            return Err(refuse(Text::new("withdrawal-nothing-stands").with("of", of)));
        }
        Ok(standing)
    }

    /// Deadline of the evidence for a month's data: of what began at an instant.
    pub(super) fn evidence_due(&self, at: Instant) -> Instant {
        let days = self.model().map_or(0, |model| model.anomalies.evidence_days);
        let (_, end) = self.zone.month_hours(self.zone.month_of(self.zone.hour_of(at)));
        self.zone
            .hour_start(end)
            .plus(i64::from(days) * crate::domain::time::DAY_MS)
    }
}

impl Planned {
    /// The event; none where it was refused of all.
    pub(super) fn into_event(self) -> Option<Event> {
        if self.anomalies.is_empty() {
            return None;
        }
        let worked = AnomaliesWorked {
            anomalies: self.anomalies,
            deed: self.deed,
        };
        if self.readings.is_empty() {
            return Some(Event::AnomaliesWorked(worked));
        }
        let reason = match (&worked.deed, worked.deed.comment()) {
            (_, Some(comment)) => comment.to_owned(),
            (AnomalyDeed::Dispose { disposition, .. }, None) => disposition.name().to_owned(),
            _ => String::new(),
        };
        Some(Event::Readings(Readings {
            origin: Origin::Correction,
            provenance: Provenance {
                name: "anomalies".to_owned(),
                reason: Some(reason),
                disposed: Some(Box::new(worked)),
                ..Provenance::default()
            },
            readings: self.readings,
        }))
    }
}
