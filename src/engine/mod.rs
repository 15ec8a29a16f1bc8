//! Command → event → state. The only writer of figures; it reads no clock, no file and no random number.
//!
//! [`Engine::decide`] takes a command, changes the state in memory and hands over the record to be journaled; nothing of
//! it may be told to anybody before the record is on disk. [`Engine::replay`] applies a record that is on disk already.
//! Both go through the same code, so one journal always gives one state. [`Engine::take_rows`] hands over what changed
//! since it was last called, as absolute rows. When a record cannot be written, the engine is ahead of the disk: it is
//! thrown away and opened again from the rows and the journal.

pub mod alarms;
pub mod anomalies;
pub mod attached;
pub mod attendance;
pub mod availability;
mod block;
mod by_people;
pub mod carried;
mod check_rules;
mod checked;
pub mod closing;
pub mod command;
mod commands;
pub mod course;
pub mod crews;
pub mod documents;
mod emitted;
mod evaluate;
pub mod event;
mod explain;
pub mod filling;
pub mod handover;
pub mod history;
mod intake;
mod keys;
pub mod known;
mod ledger;
mod load;
mod merge;
mod meter_change;
mod models;
pub mod notes;
pub mod outline;
pub mod overlaps;
mod packing;
mod post;
mod quality_plan;
mod queue;
mod rate;
mod readings;
pub mod recorded;
mod restate;
mod rounds;
mod rows;
pub mod sealed;
pub mod second_check;
mod seen;
mod series;
mod sheets;
mod state;
mod substitutes;
mod target;
mod tested;
mod totals;
mod unsaved;
mod untested;
mod verify;
pub mod view;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use thiserror::Error;
use uuid::Uuid;

use crate::accounting::bucket::BucketDay;
use crate::accounting::cell::{CellDay, CellSum};
use crate::accounting::rules::RuleSet;
use crate::accounting::substitute::SubstituteDay;
use crate::domain::identity::{BookId, ParameterId, Sequence, SourceId};
use crate::domain::model::{Gas, SiteModel};
use crate::domain::time::{DayBlock, Hour, Instant, Month, PlantZone};

use block::Block;
use command::{Answer, Refusal};
use history::{History, HistoryError};
use models::Models;
use post::{Cached, MonthCache, Touched};
use series::Series;
pub use verify::Verification;

/// Why the engine cannot go on: what it finds is not what it wrote. The site must be recovered.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Broken {
    /// A row makes no sense.
    #[error("a row of the store makes no sense: {0}")]
    Row(&'static str),
    /// A row cannot be read.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// A record makes no sense.
    #[error("a record of the journal makes no sense: {0}")]
    Record(String),
}

impl From<Broken> for Refusal {
    fn from(broken: Broken) -> Self {
        Self::Broken(broken.to_string())
    }
}

impl From<HistoryError> for Refusal {
    fn from(error: HistoryError) -> Self {
        Self::Broken(error.to_string())
    }
}

/// The state of a site, as far as it is in memory, and everything that can be done to it.
#[derive(Debug, Clone)]
pub struct Engine {
    zone: PlantZone,
    /// The number that the next record gets.
    next: Sequence,
    /// The latest instant at which a command was given.
    now: Instant,
    /// Day blocks before this one had settled by then: every share asks for it.
    settled_before: DayBlock,
    rules: Arc<RuleSet>,
    rules_sequence: Sequence,
    /// The seal in force, and the first hour that it leaves open.
    sealed: Option<sealed::SealInForce>,
    unsealed_from: Option<Hour>,
    /// Which record changed each month last.
    changed: sealed::Changed,
    models: Models,
    /// By the parameter's id.
    series: Vec<Option<Series>>,
    /// Blocks, other than the newest of each parameter, that are in memory.
    blocks: BTreeMap<(ParameterId, Hour), Block>,
    buckets: HashMap<(ParameterId, DayBlock), Cached<BucketDay>>,
    /// Substitutes, likewise.
    substitutes: HashMap<(ParameterId, DayBlock), Cached<SubstituteDay>>,
    /// How far missing hours have been looked for.
    looks: filling::Looks,
    /// What is watched for alarms, and how they stand.
    alarms: alarms::Alarms,
    /// What the checks found, and what checkers make of it.
    anomalies: anomalies::Anomalies,
    /// How far readings have been judged.
    checks: anomalies::Checks,
    /// What should hold between parameters, and where that is to be looked at.
    relations: anomalies::Relations,
    cells: HashMap<(BookId, SourceId, Gas, DayBlock), Cached<CellDay>>,
    sums: HashMap<(BookId, SourceId, Gas, Month), Cached<CellSum>>,
    /// Answers that are not handed over yet.
    answers: HashMap<Uuid, (Instant, Answer)>,
    /// Models that are not handed over yet, and whether the rules are.
    new_models: Vec<Sequence>,
    /// Earlier rows of what had settled, not handed over yet.
    kept: known::Kept,
    /// Notes that are not handed over yet.
    notes: notes::NewNotes,
    /// Rows of documents, likewise.
    documents: documents::Documents,
    /// What is attached to readings, likewise.
    attached: attached::Attached,
    /// What second persons look at, likewise.
    second_checks: second_check::SecondChecks,
    /// Calibrations that stand, of every meter.
    calibrations: documents::CalibrationsOf,
    /// What was issued of closed months, likewise.
    closings: closing::Closings,
    /// Signatures of handovers, likewise.
    signatures: handover::Signatures,
    attendance: attendance::Attendance,
    by_people: by_people::ByPeople,
    rules_dirty: bool,
    state_dirty: bool,
    touched: Touched,
    month_cache: MonthCache,
    /// Month sums as they were before the record in hand, while that is asked for.
    noted_sums: Option<HashMap<(BookId, SourceId, Gas, Month), CellSum>>,
    /// What the record in hand would change of sealed hours, and does not, in the parts of their buckets.
    left_sealed: BTreeMap<ParameterId, i128>,
}

impl Engine {
    /// The number that the next record gets.
    pub fn next_sequence(&self) -> Sequence {
        self.next
    }

    /// The latest instant at which a command was given.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// The newest model, once there is one.
    pub fn model(&self) -> Option<&Arc<SiteModel>> {
        self.models.newest().map(|newest| newest.model())
    }

    /// The rules in force, once some were adopted.
    pub fn rules(&self) -> Option<&Arc<RuleSet>> {
        (self.rules_sequence != Sequence(0)).then_some(&self.rules)
    }

    /// Digest of the file that proposed the newest model, in hex.
    pub fn model_digest(&self) -> Option<&str> {
        self.models.newest().map(|newest| newest.applied.digest.as_str())
    }

    fn series(&self, parameter: ParameterId) -> Result<&Series, Broken> {
        usize::try_from(parameter.0)
            .ok()
            .and_then(|place| self.series.get(place))
            .and_then(Option::as_ref)
            .ok_or(Broken::Row("a parameter is not known"))
    }

    fn series_mut(&mut self, parameter: ParameterId) -> Result<&mut Series, Broken> {
        usize::try_from(parameter.0)
            .ok()
            .and_then(|place| self.series.get_mut(place))
            .and_then(Option::as_mut)
            .ok_or(Broken::Row("a parameter is not known"))
    }

    /// The answer that a request with this key got before.
    pub fn answer_for(&self, history: &dyn History, key: &Uuid) -> Result<Option<Answer>, Refusal> {
        if let Some((_, answer)) = self.answers.get(key) {
            return Ok(Some(answer.clone()));
        }
        Ok(state::stored_answer(history, key)?)
    }
}

#[cfg(test)]
mod tests;
