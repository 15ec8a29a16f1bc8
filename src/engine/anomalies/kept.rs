//! Anomalies as they are kept in rows.

use std::sync::Arc;

use serde::Serialize;

use crate::engine::history::{History, Row, Tree};
use crate::engine::{Broken, Engine, keys};

use super::{Anomalies, Anomaly};

fn pack<T: Serialize>(value: &T) -> Result<Vec<u8>, Broken> {
    rmp_serde::to_vec_named(value).map_err(|error| Broken::Record(error.to_string()))
}

fn place(anomaly: &Anomaly) -> Vec<u8> {
    keys::anomaly_by_place(anomaly.parameter, anomaly.signs.check(), anomaly.signs.from, anomaly.id)
}

impl Anomalies {
    /// The rows that changed since they were last taken.
    pub(in crate::engine) fn take(&mut self) -> Result<Vec<Row>, Broken> {
        let mut rows = Vec::new();
        let mut put = |tree, key, value| rows.push(Row { tree, key, value });
        for anomaly in std::mem::take(&mut self.back).into_values() {
            put(Tree::PastAnomalies, keys::anomaly_outside(anomaly.id), None);
            put(Tree::PastAnomalies, place(&anomaly), None);
        }
        for id in std::mem::take(&mut self.dirty) {
            if let Some(anomaly) = self.open.get(&id) {
                put(Tree::Anomalies, keys::anomaly(id), Some(pack(anomaly.as_ref())?));
            }
        }
        for (id, anomaly) in std::mem::take(&mut self.left) {
            put(Tree::Anomalies, keys::anomaly(id), None);
            put(Tree::PastAnomalies, keys::anomaly_outside(id), Some(pack(&anomaly)?));
            put(Tree::PastAnomalies, place(&anomaly), Some(Vec::new()));
        }
        Ok(rows)
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
