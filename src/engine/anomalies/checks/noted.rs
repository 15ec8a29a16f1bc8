//! What is to be said of how readings came, until the next check weighs it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::domain::identity::ParameterId;
use crate::domain::reading::Origin;
use crate::domain::time::{Hour, Instant};
use crate::engine::anomalies::beside::{NotedFindings, Unplanned, put_unplanned};
use crate::engine::anomalies::raise::TELL_EVERY_MS;
use crate::quality::typing::Typed;
use crate::quality::{ArrivalSettings, Finding};

use super::Checks;

/// The most values of a parameter that are remembered as typed lately.
const MOST_LATELY: usize = 500;

/// What is to be said of how readings came and nobody has weighed (待评估); kept with the state, so that a stop between the two
/// loses none of it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(in crate::engine) struct Unweighed {
    /// What was found.
    found: NotedFindings,
    /// Parameters of which people typed values whose last digits nobody has looked at.
    digits: BTreeSet<ParameterId>,
    /// Hours of parameters that people have filled, in which something came.
    over_filled: BTreeMap<ParameterId, BTreeSet<Hour>>,
    /// Parameters that people have filled and of which the record that is being taken in brings readings.
    #[serde(skip)]
    coming: BTreeSet<ParameterId>,
}

impl Checks {
    /// Something is to be said of how readings of a parameter came.
    pub(in crate::engine::anomalies) fn note(
        &mut self,
        parameter: ParameterId,
        found: impl IntoIterator<Item = Finding>,
    ) {
        self.unweighed.found.entry(parameter).or_default().extend(found);
    }

    /// Something is to be said of when readings of a parameter came: one thing with what has not been weighed of it.
    pub(in crate::engine::anomalies) fn note_arrived(&mut self, parameter: ParameterId, found: Vec<Finding>) {
        let noted = self.unweighed.found.entry(parameter).or_default();
        for finding in found {
            let Some(known) = noted.iter_mut().find(|known| known.rule == finding.rule) else {
                noted.push(finding);
                continue;
            };
            let (from, to) = (known.from.min(finding.from), known.to.max(finding.to));
            let worst = if finding.value > known.value { finding } else { *known };
            *known = Finding {
                from,
                to,
                since: from,
                ..worst
            };
        }
    }

    /// When readings of a parameter come late or before their time.
    pub(in crate::engine::anomalies) fn arrival(&self, parameter: ParameterId) -> Option<&ArrivalSettings> {
        self.arrival.get(&parameter)
    }

    /// What was typed of a parameter within some time up to now, in the order of its stamps, with what is typed now.
    pub(in crate::engine::anomalies) fn typed_lately(
        &mut self,
        parameter: ParameterId,
        values: &[Typed],
        (now, within_ms): (Instant, i64),
    ) -> Vec<Typed> {
        let lately = self.typed_lately.entry(parameter).or_default();
        lately.retain(|(_, typed)| now.since(*typed) <= within_ms);
        lately.extend(values.iter().map(|value| (*value, now)));
        let surplus = lately.len().saturating_sub(MOST_LATELY);
        lately.drain(..surplus);
        let mut lately: Vec<Typed> = lately.iter().map(|(value, _)| *value).collect();
        lately.sort_by_key(|typed| typed.at);
        lately
    }

    /// Values of a parameter were typed: their last digits are to be looked at.
    pub(in crate::engine::anomalies) fn note_digits(&mut self, parameter: ParameterId) {
        self.unweighed.digits.insert(parameter);
    }

    /// Readings come of a parameter that people have filled.
    pub(in crate::engine::anomalies) fn comes_over_filled(&mut self, parameter: ParameterId) {
        self.unweighed.coming.insert(parameter);
    }

    /// Some hours were posted anew: those of what comes for filled ones are to be looked at.
    pub(in crate::engine) fn posted(&mut self, hours: &[(ParameterId, Hour)]) {
        let coming = std::mem::take(&mut self.unweighed.coming);
        if coming.is_empty() {
            return;
        }
        for (parameter, hour) in hours.iter().filter(|(parameter, _)| coming.contains(parameter)) {
            self.unweighed.over_filled.entry(*parameter).or_default().insert(*hour);
        }
    }

    pub(in crate::engine::anomalies) fn take_over_filled(&mut self) -> BTreeMap<ParameterId, BTreeSet<Hour>> {
        std::mem::take(&mut self.unweighed.over_filled)
    }

    /// What nobody has weighed, to be kept with the state.
    pub(in crate::engine) const fn unweighed(&self) -> &Unweighed {
        &self.unweighed
    }

    pub(in crate::engine::anomalies) fn take_digits(&mut self) -> BTreeSet<ParameterId> {
        std::mem::take(&mut self.unweighed.digits)
    }

    pub(in crate::engine::anomalies) fn take_noted(&mut self) -> NotedFindings {
        std::mem::take(&mut self.unweighed.found)
    }

    /// Readings at some stamps, in order, came by a way that the plan of a parameter does not name.
    pub(in crate::engine::anomalies) fn note_unplanned(
        &mut self,
        parameter: ParameterId,
        origin: Origin,
        stamps: &[Instant],
        pause_ms: i64,
    ) {
        put_unplanned(&mut self.came_unplanned, parameter, origin, stamps, pause_ms);
    }

    /// Of which readings it is to be told by now that they came so: seldom enough of each parameter.
    pub(in crate::engine::anomalies) fn take_unplanned(&mut self, now: Instant) -> Unplanned {
        let told = &self.origins_told;
        let may = |id: &ParameterId| told.get(id).is_none_or(|last| now.since(*last) >= TELL_EVERY_MS);
        let due: Vec<ParameterId> = self.came_unplanned.keys().filter(|id| may(id)).copied().collect();
        let mut taken = Unplanned::new();
        for id in due {
            if let Some(came) = self.came_unplanned.remove(&id) {
                self.origins_told.insert(id, now);
                taken.insert(id, came);
            }
        }
        taken
    }

    /// What came so and no record has told of, to be kept with the state.
    pub(in crate::engine) const fn came_unplanned(&self) -> &Unplanned {
        &self.came_unplanned
    }

    /// The parameters of which the plan does not name an origin; none where it names it for all.
    pub(in crate::engine::anomalies) fn unplanned(&self, origin: Origin) -> Option<&BTreeSet<ParameterId>> {
        self.unplanned.get(&origin)
    }
}
