//! What a decision would do (处置预览), before it is made.

use serde::{Deserialize, Serialize};

use crate::domain::actor::Actor;
use crate::domain::text::Text;
use crate::engine::Engine;
use crate::engine::command::Refusal;
use crate::engine::event::Event;
use crate::engine::history::History;
use crate::engine::view::Restated;
use crate::quality::anomaly::AnomalyId;

use super::AnomalyDeed;

/// What a decision would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnomalyPreview {
    /// Of how many anomalies it would decide.
    pub decided: u32,
    /// Readings that it would correct or keep out.
    pub readings: u32,
    /// The months that it would restate, by book and source, with what the plans then fill.
    pub restated: Vec<Restated>,
    /// Of which it would be refused, and why.
    pub refused: Vec<(AnomalyId, Text)>,
}

impl Engine {
    /// What a deed would do; nothing changes. Costs what the deed costs, what plans fill after it, and a copy of what is in
    /// memory.
    pub fn rehearse_work(
        &self,
        history: &dyn History,
        by: &Actor,
        anomalies: &[AnomalyId],
        deed: AnomalyDeed,
    ) -> Result<AnomalyPreview, Refusal> {
        let planned = self.planned_work(history, by, anomalies, deed)?;
        let mut preview = AnomalyPreview {
            decided: u32::try_from(planned.anomalies.len()).unwrap_or(u32::MAX),
            readings: u32::try_from(planned.readings.len()).unwrap_or(u32::MAX),
            restated: Vec::new(),
            refused: planned.refused.clone(),
        };
        if let Some(Event::Readings(body)) = planned.into_event() {
            let mut rehearsal = self.clone();
            rehearsal.kept.turn_off();
            rehearsal.merge(history, body.versions(self.next))?;
            rehearsal.settle(history)?;
            rehearsal.rehearse_filling(history)?;
            preview.restated = self.restated(history, &rehearsal)?;
        }
        Ok(preview)
    }
}
