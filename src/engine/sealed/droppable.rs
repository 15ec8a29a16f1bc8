//! What a seal lets go of (移出日志): readings that the daemon brought in by itself.

use crate::domain::time::PlantZone;
use crate::engine::event::{Event, kind};

use super::{Seal, first_hour_after};

/// Whether the payload of a record may be dropped under a seal: it brought nothing but readings that lie in sealed
/// months, and no person had a hand in it. What people typed, imported, corrected or signed is never dropped, whichever
/// origin its readings have: who did it, what stands behind it and what others said of it rest on the record alone.
pub fn is_droppable(zone: &PlantZone, seal: &Seal, record_kind: u16, version: u16, payload: &[u8]) -> bool {
    if record_kind != kind::READINGS {
        return false;
    }
    let Ok((envelope, Event::Readings(brought))) = Event::decode(record_kind, version, payload) else {
        return false;
    };
    let provenance = &brought.provenance;
    let says_more = provenance.awaits_second_person
        || provenance.disposed.is_some()
        || !provenance.documents.is_empty()
        || !provenance.attachments.is_empty();
    let end = zone.hour_start(first_hour_after(zone, seal.through));
    envelope.actor.is_daemon()
        && brought.origin.is_by_machine()
        && !says_more
        && brought
            .readings
            .iter()
            .all(|(_, slot, ..)| slot.end() <= end && slot.at < end)
}
