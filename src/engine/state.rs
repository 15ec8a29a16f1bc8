//! Opening the state from its rows, and handing over the rows that changed.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::Datelike;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::accounting::rules::RuleSet;
use crate::domain::actor::Actor;
use crate::domain::identity::Sequence;
use crate::domain::time::{DayBlock, Instant, PlantZone};

use super::attendance::{Attendance, Deeds};
use super::by_people::ByPeople;
use super::command::Answer;
use super::history::{Entry, History, Row, Tree};
use super::known::Stretch;
use super::models::{AppliedModel, BoundModel, Models};
use super::post::{MonthCache, Touched};
use super::sealed::SealInForce;
use super::series::Series;
use super::{Broken, Engine, keys, rows};

/// How long answers are kept: 90 days.
const ANSWERS_KEPT_MS: i64 = 90 * 24 * 3_600_000;

const STATE: &[u8] = b"state";
const RULES: &[u8] = b"rules";
const MODELS: &[u8] = b"model/";
const ANSWERS: &[u8] = b"answer/";
const ANSWERS_BY_TIME: &[u8] = b"answer-at/";

#[derive(Serialize, Deserialize)]
struct StateRow {
    next: Sequence,
    now: Instant,
    #[serde(default)]
    sealed: Option<SealInForce>,
    #[serde(default)]
    stretch: Stretch,
    #[serde(default)]
    deeds: Deeds,
    #[serde(default)]
    present: Vec<Actor>,
    #[serde(default)]
    by_people_since: Option<Sequence>,
    #[serde(default)]
    looked: super::filling::Looked,
    /// The number of the newest anomaly, and where readings are to be judged again.
    #[serde(default)]
    anomalies: u32,
    #[serde(default)]
    judge_again: super::anomalies::Late,
    #[serde(default)]
    filled_in: super::anomalies::Past,
    #[serde(default)]
    relations: super::anomalies::Unsettled,
    #[serde(default)]
    came_unplanned: super::anomalies::Unplanned,
    #[serde(default)]
    unweighed: super::anomalies::Unweighed,
    #[serde(default)]
    watched_since: Option<Instant>,
}

#[derive(Serialize, Deserialize)]
struct RulesRow {
    sequence: Sequence,
    rules: Arc<RuleSet>,
}

fn pack<T: Serialize>(row: &T) -> Result<Vec<u8>, Broken> {
    rmp_serde::to_vec_named(row).map_err(|error| Broken::Record(error.to_string()))
}

fn unpack<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, Broken> {
    rmp_serde::from_slice(bytes).map_err(|_| Broken::Row("a row of the site's state cannot be read"))
}

fn model_key(sequence: Sequence) -> Vec<u8> {
    [MODELS, &sequence.0.to_be_bytes()].concat()
}

fn answer_key(key: &Uuid) -> Vec<u8> {
    [ANSWERS, key.as_bytes()].concat()
}

fn answer_time_key(at: Instant, key: &Uuid) -> Vec<u8> {
    [ANSWERS_BY_TIME, &at.0.to_be_bytes(), key.as_bytes()].concat()
}

/// An answer that was handed over before.
pub(super) fn stored_answer(history: &dyn History, key: &Uuid) -> Result<Option<Answer>, Broken> {
    history
        .get(Tree::Site, &answer_key(key))?
        .map(|bytes| unpack::<(Instant, Answer)>(&bytes).map(|(_, answer)| answer))
        .transpose()
}

/// All rows of the site tree that begin with a prefix.
fn prefixed(history: &dyn History, prefix: &[u8]) -> Result<Vec<Entry>, Broken> {
    let mut found = Vec::new();
    history.scan(Tree::Site, prefix, &keys::after_prefix(prefix), &mut |key, bytes| {
        found.push((key.to_vec(), bytes.to_vec()));
        true
    })?;
    Ok(found)
}

impl Engine {
    /// A site before its first record.
    pub fn empty(zone: PlantZone) -> Self {
        Self {
            zone,
            next: Sequence(1),
            now: Instant(i64::MIN),
            settled_before: DayBlock(i32::MIN),
            rules: Arc::default(),
            rules_sequence: Sequence(0),
            sealed: None,
            unsealed_from: None,
            changed: super::sealed::Changed::since(Sequence(1)),
            models: Models::default(),
            series: Vec::new(),
            blocks: std::collections::BTreeMap::new(),
            buckets: HashMap::new(),
            substitutes: HashMap::new(),
            looks: super::filling::Looks::default(),
            alarms: super::alarms::Alarms::default(),
            anomalies: super::anomalies::Anomalies::default(),
            checks: super::anomalies::Checks::default(),
            relations: super::anomalies::Relations::default(),
            cells: HashMap::new(),
            sums: HashMap::new(),
            answers: HashMap::new(),
            new_models: Vec::new(),
            kept: super::known::Kept::default(),
            notes: super::notes::NewNotes::default(),
            documents: super::documents::Documents::default(),
            attached: super::attached::Attached::default(),
            second_checks: super::second_check::SecondChecks::default(),
            calibrations: super::documents::CalibrationsOf::default(),
            closings: super::closing::Closings::default(),
            signatures: super::handover::Signatures::default(),
            attendance: Attendance::default(),
            by_people: ByPeople::since(Sequence(1)),
            rules_dirty: false,
            state_dirty: false,
            touched: Touched::default(),
            month_cache: MonthCache::default(),
            noted_sums: None,
            left_sealed: std::collections::BTreeMap::new(),
        }
    }

    /// The state as its rows have it; records after [`Engine::next_sequence`] have to be replayed.
    ///
    /// Reads the model, the rules and a row for every parameter; readings, buckets and cells are read when they are
    /// needed.
    pub fn open(history: &dyn History, zone: PlantZone) -> Result<Self, Broken> {
        let mut engine = Self::empty(zone);
        let Some(state) = history.get(Tree::Site, STATE)? else {
            return Ok(engine);
        };
        let state: StateRow = unpack(&state)?;
        engine.next = state.next;
        engine.changed = super::sealed::Changed::since(state.next);
        engine.now = state.now;
        if let Some(rules) = history.get(Tree::Site, RULES)? {
            let rules: RulesRow = unpack(&rules)?;
            engine.rules = rules.rules;
            engine.rules_sequence = rules.sequence;
        }
        for (_, bytes) in prefixed(history, MODELS)? {
            let applied: AppliedModel = unpack(&bytes)?;
            engine.zone = applied.model.zone;
            let bound = BoundModel::new(applied, &engine.rules)
                .map_err(|_| Broken::Row("a model does not fit the rules in force"))?;
            engine.models.push(bound);
        }
        engine.set_now(state.now);
        engine.put_seal(state.sealed);
        engine.kept.go_on(state.stretch, state.next);
        engine.attendance = Attendance::go_on(state.deeds, state.present);
        engine.by_people = ByPeople::since(state.by_people_since.unwrap_or(state.next));
        engine.looks = super::filling::Looks::go_on(state.looked);
        let mut stored = HashMap::new();
        let mut broken = Ok(());
        history.scan(Tree::Parameters, &[], &[u8::MAX; 8], &mut |key, bytes| match (
            keys::parameter_of(key),
            Series::decode_row(bytes),
        ) {
            (Some(parameter), Ok(row)) => {
                stored.insert(parameter, row);
                true
            }
            (_, Err(error)) => {
                broken = Err(error);
                false
            }
            (None, Ok(_)) => true,
        })?;
        broken?;
        engine.renew_series(&mut stored);
        engine.calibrations = super::documents::CalibrationsOf::open(history)?;
        engine.renew_replaced();
        engine.alarms.go_on(state.watched_since, state.now);
        engine.open_alarms(history)?;
        engine.open_anomalies(history, state.anomalies)?;
        engine.checks = super::anomalies::Checks::go_on(
            state.judge_again,
            state.filled_in,
            state.came_unplanned,
            state.unweighed,
        );
        engine.relations = super::anomalies::Relations::go_on(state.relations);
        engine.renew_checks();
        Ok(engine)
    }

    /// Makes series for the parameters of every model that have none, and gives all of them their rules.
    pub(super) fn renew_series(
        &mut self,
        stored: &mut HashMap<crate::domain::identity::ParameterId, super::series::SeriesRow>,
    ) {
        for version in self.models.versions() {
            for parameter in &version.model.parameters {
                let Ok(place) = usize::try_from(parameter.id.0) else {
                    continue;
                };
                if self.series.len() <= place {
                    self.series.resize_with(place + 1, || None);
                }
                let Some(slot) = self.series.get_mut(place) else {
                    continue;
                };
                match slot {
                    Some(series) => series.describe(parameter),
                    None => *slot = Some(Series::new(parameter, stored.remove(&parameter.id).unwrap_or_default())),
                }
            }
        }
        for series in self.series.iter_mut().flatten() {
            series.set_rules(self.models.with_instants());
        }
    }

    /// Hands over what changed since this was last called, to be kept with the sequence of the last record. From then on
    /// the history must know these rows; what is not needed at every turn leaves the memory.
    pub fn take_rows(&mut self) -> Result<Vec<Row>, Broken> {
        let mut taken = self.kept.take(self.next);
        taken.extend(self.notes.take()?);
        taken.extend(self.documents.take());
        taken.extend(self.attached.take()?);
        taken.extend(self.second_checks.take());
        taken.extend(self.closings.take());
        taken.extend(self.signatures.take()?);
        taken.extend(self.attendance.take()?);
        taken.extend(self.by_people.take());
        taken.extend(self.take_substitutes()?);
        taken.extend(self.alarms.take()?);
        taken.extend(self.anomalies.take()?);
        taken.extend(self.checks.take());
        let mut put = |tree, key, value| taken.push(Row { tree, key, value });
        for series in self.series.iter_mut().flatten() {
            if let Some(block) = &mut series.open {
                for (piece, bytes) in block.take_dirty() {
                    put(Tree::Readings, keys::readings(series.id, block.start, piece), bytes);
                }
            }
            if std::mem::take(&mut series.row_dirty) {
                put(Tree::Parameters, keys::parameter(series.id), Some(series.encode_row()?));
            }
        }
        for (&(parameter, start), block) in &mut self.blocks {
            for (piece, bytes) in block.take_dirty() {
                put(Tree::Readings, keys::readings(parameter, start, piece), bytes);
            }
        }
        for (&(parameter, day), cached) in &mut self.buckets {
            if std::mem::take(&mut cached.dirty) {
                put(
                    Tree::Buckets,
                    keys::buckets(parameter, day),
                    rows::encode_buckets(&cached.value),
                );
            }
        }
        for (&(book, source, gas, day), cached) in &mut self.cells {
            if std::mem::take(&mut cached.dirty) {
                put(
                    Tree::Cells,
                    keys::cells(book, source, gas, day),
                    rows::encode_cells(&cached.value),
                );
            }
        }
        for (&(book, source, gas, month), cached) in &mut self.sums {
            if std::mem::take(&mut cached.dirty) {
                put(
                    Tree::MonthSums,
                    keys::month_sum(book, source, gas, month),
                    rows::encode_sum(&cached.value),
                );
            }
        }
        for (key, (at, answer)) in self.answers.drain() {
            put(Tree::Site, answer_key(&key), Some(pack(&(at, answer))?));
            put(Tree::Site, answer_time_key(at, &key), Some(Vec::new()));
        }
        for sequence in self.new_models.drain(..) {
            if let Some(applied) = self.models.versions().find(|applied| applied.sequence == sequence) {
                put(Tree::Site, model_key(sequence), Some(pack(applied)?));
            }
        }
        if std::mem::take(&mut self.rules_dirty) {
            let row = RulesRow {
                sequence: self.rules_sequence,
                rules: Arc::clone(&self.rules),
            };
            put(Tree::Site, RULES.to_vec(), Some(pack(&row)?));
        }
        if std::mem::take(&mut self.state_dirty) {
            let row = StateRow {
                next: self.next,
                now: self.now,
                sealed: self.sealed.clone(),
                stretch: self.kept.last(),
                deeds: self.attendance.deeds().clone(),
                present: self.attendance.present().to_vec(),
                by_people_since: Some(self.by_people_since()),
                looked: self.looks.looked().clone(),
                anomalies: self.anomalies.last(),
                judge_again: self.checks.late(),
                filled_in: self.checks.past().clone(),
                relations: self.relations.unsettled().clone(),
                came_unplanned: self.checks.came_unplanned().clone(),
                unweighed: self.checks.unweighed().clone(),
                watched_since: self.alarms.awake(),
            };
            put(Tree::Site, STATE.to_vec(), Some(pack(&row)?));
        }
        self.forget();
        Ok(taken)
    }

    /// Rows of answers that are older than they are kept, to be removed with the next checkpoint.
    pub fn old_answers(&self, history: &dyn History) -> Result<Vec<Row>, Broken> {
        let mut old = Vec::new();
        let before = [ANSWERS_BY_TIME, &self.now.plus(-ANSWERS_KEPT_MS).0.max(0).to_be_bytes()].concat();
        history.scan(Tree::Site, ANSWERS_BY_TIME, &before, &mut |key, _| {
            let answer = key.get(key.len().saturating_sub(16)..).unwrap_or(&[]);
            for key in [[ANSWERS, answer].concat(), key.to_vec()] {
                old.push(Row {
                    tree: Tree::Site,
                    key,
                    value: None,
                });
            }
            true
        })?;
        Ok(old)
    }

    /// Lets go of everything in memory that is not needed at every turn.
    fn forget(&mut self) {
        self.blocks.clear();
        let newest: HashMap<_, _> = self
            .series
            .iter()
            .flatten()
            .filter_map(|series| {
                let at = series.row.last_slot?.at;
                Some((series.id, self.zone.hour_of(at).day_block()))
            })
            .collect();
        self.buckets
            .retain(|(parameter, day), _| newest.get(parameter).is_some_and(|newest| day >= newest));
        let today = self.zone.hour_of(self.now).day_block();
        self.substitutes.retain(|(_, day), _| day.0 >= today.0 - 2);
        self.cells.retain(|(_, _, _, day), _| day.0 >= today.0 - 2);
        let year = self.zone.local(self.now).year();
        self.sums.retain(|(_, _, _, month), _| month.year >= year);
    }
}
