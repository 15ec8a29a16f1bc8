//! Sealed months (封存): months that are so far back that their readings need not be kept any longer (保存期满). Their figures
//! stand as they are for ever, whatever comes later.
//!
//! A seal ends with a calendar month, so that no window of a month lies on both sides of it. One of a year may, and so may
//! the tested months of a year that stand for others: what is tested after the seal counts in the months that are not sealed,
//! while those that are keep what was known when they were. Whoever seals is told so before ([`YearCut`]).
//!
//! What concerns sealed hours is refused where somebody asks for it, and left out where it only follows from something else:
//! a new model, new rules, a test of the rest of the year, or a counter whose difference reaches back.

mod changed;
mod check;
mod cut;
mod droppable;

use serde::{Deserialize, Serialize};

use crate::domain::identity::Sequence;
use crate::domain::reading::Slot;
use crate::domain::text::Text;
use crate::domain::time::{Hour, Instant, Month, PlantZone};

use super::Engine;
use super::command::Refusal;

pub(super) use changed::Changed;
pub use cut::{RestsOn, YearCut};
pub use droppable::is_droppable;

/// What a seal says (封存记录).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    /// The last month that is sealed.
    pub through: Month,
    /// The record up to which the seal's export is right.
    pub applied: Sequence,
    /// BLAKE3 digest of the export's file, in hex.
    pub export: String,
    /// Whether readings that machines brought are dropped from the journal.
    pub drop: bool,
}

/// A seal with the record that set it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealSet {
    /// The record.
    pub sequence: Sequence,
    /// What it says.
    pub seal: Seal,
}

/// A seal in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealInForce {
    /// The record that put it in force.
    pub sequence: Sequence,
    /// What it says.
    pub seal: Seal,
    /// The last seal before it that drops readings, where this one drops none: what that lets go of goes all the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dropping_before: Option<SealSet>,
    /// The record up to which the export of the seal before it is right: that is kept beside this one's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exported_before: Option<Sequence>,
}

impl SealInForce {
    /// A seal after the one that was in force.
    pub fn after(before: Option<Self>, sequence: Sequence, seal: &Seal) -> Self {
        Self {
            sequence,
            seal: seal.clone(),
            exported_before: before.as_ref().map(|before| before.seal.applied),
            // A later seal lets go of everything that an earlier one does.
            dropping_before: before.filter(|_| !seal.drop).and_then(Self::into_dropping),
        }
    }

    fn into_dropping(self) -> Option<SealSet> {
        let Self {
            sequence,
            seal,
            dropping_before,
            ..
        } = self;
        if seal.drop {
            Some(SealSet { sequence, seal })
        } else {
            dropping_before
        }
    }

    /// The records up to which the exports are right that are kept for it: its own holds everything that those before hold.
    pub fn exports(&self) -> impl Iterator<Item = Sequence> {
        std::iter::once(self.seal.applied).chain(self.exported_before)
    }

    /// The newest seal under which readings are dropped, this one or one before it.
    pub fn dropping(&self) -> Option<SealSet> {
        self.clone().into_dropping()
    }
}

fn first_hour_after(zone: &PlantZone, through: Month) -> Hour {
    zone.month_hours(through).1
}

impl Engine {
    /// The seal in force, if any.
    pub fn sealed(&self) -> Option<&SealInForce> {
        self.sealed.as_ref()
    }

    /// The first hour that is not sealed.
    pub fn unsealed_from(&self) -> Option<Hour> {
        self.unsealed_from
    }

    pub(super) fn is_sealed(&self, hour: Hour) -> bool {
        self.unsealed_from.is_some_and(|from| hour < from)
    }

    pub(super) fn is_sealed_at(&self, at: Instant) -> bool {
        self.unsealed_from.is_some_and(|from| at < self.zone.hour_start(from))
    }

    pub(super) fn sealed_text(&self, id: &'static str) -> Text {
        let (through, sequence) = self.sealed.as_ref().map_or((String::new(), Sequence(0)), |sealed| {
            (sealed.seal.through.to_string(), sealed.sequence)
        });
        Text::new(id).with("through", through).with("sequence", sequence)
    }

    /// Refuses what begins in a sealed month.
    pub(super) fn check_unsealed(&self, at: Instant) -> Result<(), Text> {
        if self.is_sealed_at(at) {
            Err(self.sealed_text("sealed-time").with_instant("at", at))
        } else {
            Ok(())
        }
    }

    /// Refuses a withdrawal of layers of which one lies in a sealed month.
    pub(super) fn check_unsealed_slots(&self, slots: impl Iterator<Item = Slot>) -> Result<(), Refusal> {
        for slot in slots {
            self.check_unsealed(slot.at).map_err(Refusal::Request)?;
        }
        Ok(())
    }

    /// Refuses a model that is to hold for sealed hours.
    pub(super) fn check_model_from(&self, effective_from: Option<Hour>) -> Result<(), Refusal> {
        if self.unsealed_from <= effective_from {
            Ok(())
        } else {
            let first = self
                .sealed
                .as_ref()
                .map_or_else(String::new, |sealed| sealed.seal.through.next().first_day().to_string());
            Err(Refusal::Request(self.sealed_text("sealed-model").with("first", first)))
        }
    }

    /// Puts a seal in force.
    pub(super) fn seal(&mut self, sequence: Sequence, seal: &Seal) {
        let before = self.sealed.take();
        self.put_seal(Some(SealInForce::after(before, sequence, seal)));
        self.state_dirty = true;
    }

    /// Sets the seal as the state has it.
    pub(super) fn put_seal(&mut self, sealed: Option<SealInForce>) {
        self.unsealed_from = sealed
            .as_ref()
            .map(|sealed| first_hour_after(&self.zone, sealed.seal.through));
        self.sealed = sealed;
    }
}
