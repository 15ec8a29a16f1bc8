//! Whether the segments follow one another (段间衔接): the daemon does not start on a journal from which a segment is gone,
//! or into which one came from elsewhere, even when nothing of it is to be replayed.
//!
//! Only the ends of the closed segments are looked at, so that a start stays quick whatever the journal's length. What
//! lies between them is checked whenever it is read.

use uuid::Uuid;

use super::chain::ChainHash;
use super::damage::{Damage, JournalError, Place};
use super::sealing;
use super::segment::{SegmentFile, SegmentReader, plain_end};
use crate::domain::identity::Sequence;

/// Checks that the first segment begins the chain, and that each other one begins where the one before it ends. The
/// newest one's own end is for the caller to find; where its header is bad, that too.
///
/// # Errors
/// [`JournalError::Corrupt`] names the segment that does not follow, or the closed one whose end is bad.
pub(super) fn check_links(segments: &[SegmentFile], site: Uuid, epoch: u32) -> Result<(), JournalError> {
    let mut end = (Sequence(0), ChainHash::ZERO);
    for (place, segment) in segments.iter().enumerate() {
        let newest = place + 1 == segments.len();
        let reader = match SegmentReader::open(segment, None) {
            Err(JournalError::Corrupt(_)) if newest => return Ok(()),
            opened => opened?.of_site(site)?,
        };
        let header = reader.header;
        if header.epoch > epoch {
            return Err(JournalError::LaterEpoch {
                file: segment.path.clone(),
                expected: epoch,
                found: header.epoch,
            });
        }
        let damage = if header.first != end.0.next() {
            Some(Damage::Gap)
        } else if header.previous != end.1 {
            Some(Damage::Chain)
        } else {
            None
        };
        if let Some(damage) = damage {
            return Err(JournalError::Corrupt(Place {
                file: segment.path.clone(),
                offset: 0,
                sequence: end.0.next(),
                damage,
            }));
        }
        if !newest {
            end = closed_end(segment, reader)?;
        }
    }
    Ok(())
}

/// The last record of a segment that is not written to any more, and the chain up to it.
fn closed_end(segment: &SegmentFile, mut reader: SegmentReader) -> Result<(Sequence, ChainHash), JournalError> {
    if !segment.is_compressed() {
        return plain_end(segment);
    }
    if let Some(end) = sealing::end_of(&segment.path) {
        return Ok(end);
    }
    // Without an index that can be used the segment is read through, which finds whatever is wrong.
    let mut end = (
        Sequence(reader.header.first.0.saturating_sub(1)),
        reader.header.previous,
    );
    while let Some((_, records)) = reader.next_records()? {
        if let Some(record) = records.last() {
            end = (record.sequence, record.hash);
        }
    }
    Ok(end)
}
