//! Anomalies as they are kept in rows.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::engine::history::{Entry, History, Row, Tree};
use crate::engine::{Broken, Engine, keys};

use super::{Anomalies, Anomaly};

fn pack<T: Serialize>(value: &T) -> Result<Vec<u8>, Broken> {
    rmp_serde::to_vec_named(value).map_err(|error| Broken::Record(error.to_string()))
}

/// Rows by their keys; none for one that is removed.
pub(in crate::engine) type Rows = BTreeMap<Vec<u8>, Option<Vec<u8>>>;

/// All rows of a tree by their keys.
type WholeTree = BTreeMap<Vec<u8>, Vec<u8>>;

/// The keys under which an anomaly outside the queue stands: by its number, and by what it is of.
fn places(anomaly: &Anomaly) -> [Vec<u8>; 2] {
    let (check, from) = (anomaly.signs.check(), anomaly.signs.from);
    [
        keys::anomaly_outside(anomaly.id),
        keys::anomaly_by_place(anomaly.parameter, check, from, anomaly.id),
    ]
}

/// The rows of one outside the queue.
fn outside(anomaly: &Anomaly) -> Result<[Entry; 2], Broken> {
    let [by_number, by_place] = places(anomaly);
    Ok([(by_number, pack(anomaly)?), (by_place, Vec::new())])
}

/// The rows that anomalies must have, of those in the queue and of those outside it.
pub(in crate::engine) fn rows_of<'a>(anomalies: impl Iterator<Item = &'a Anomaly>) -> Result<[WholeTree; 2], Broken> {
    let (mut open, mut past) = (BTreeMap::new(), BTreeMap::new());
    for anomaly in anomalies {
        if anomaly.work.stage.is_open() {
            open.insert(keys::anomaly(anomaly.id), pack(anomaly)?);
        } else {
            past.extend(outside(anomaly)?);
        }
    }
    Ok([open, past])
}

impl Anomalies {
    /// The rows that changed since they were last taken: of those in the queue, and of those outside it.
    pub(in crate::engine) fn unsaved(&self) -> Result<[Rows; 2], Broken> {
        let (mut open, mut past) = (Rows::new(), Rows::new());
        for id in &self.dirty {
            if let Some(anomaly) = self.open.get(id) {
                open.insert(keys::anomaly(*id), Some(pack(anomaly.as_ref())?));
            }
        }
        for anomaly in self.back.values() {
            past.extend(places(anomaly).map(|key| (key, None)));
        }
        for (id, anomaly) in &self.left {
            open.insert(keys::anomaly(*id), None);
            past.extend(outside(anomaly)?.map(|(key, value)| (key, Some(value))));
        }
        Ok([open, past])
    }

    /// The same, handed over.
    pub(in crate::engine) fn take(&mut self) -> Result<Vec<Row>, Broken> {
        let [open, past] = self.unsaved()?;
        self.dirty.clear();
        self.back.clear();
        self.left.clear();
        let of = |tree, rows: Rows| rows.into_iter().map(move |(key, value)| Row { tree, key, value });
        Ok(of(Tree::Anomalies, open).chain(of(Tree::PastAnomalies, past)).collect())
    }
}

impl Engine {
    /// Takes the queue up as its rows have it. Costs what stands in it.
    pub(in crate::engine) fn open_anomalies(&mut self, history: &dyn History, last: u32) -> Result<(), Broken> {
        self.anomalies = Anomalies::go_on(last);
        let mut broken = None;
        let anomalies = &mut self.anomalies;
        history.scan(Tree::Anomalies, &[], &[u8::MAX; 8], &mut |_, bytes| {
            match rmp_serde::from_slice::<Anomaly>(bytes) {
                Ok(anomaly) => {
                    let key = (anomaly.parameter, anomaly.signs.check());
                    anomalies.of.entry(key).or_default().insert(anomaly.id);
                    anomalies.open.insert(anomaly.id, Arc::new(anomaly));
                }
                Err(_) => broken = Some(Broken::Row("an anomaly cannot be read")),
            }
            broken.is_none()
        })?;
        broken.map_or(Ok(()), Err)
    }
}
