//! Keys of rows: big-endian, so that they sort as what they name.

use crate::domain::identity::{BookId, ParameterId, Sequence, SourceId};
use crate::domain::model::Gas;
use crate::domain::time::{DayBlock, Hour, Instant, Month};
use crate::quality::alarm::{AlarmId, Kind};
use crate::quality::anomaly::AnomalyId;
use crate::quality::flag::Check;

/// A signed number so that its bytes sort as it does.
pub(super) const fn ordered(value: i32) -> [u8; 4] {
    (value.cast_unsigned() ^ 0x8000_0000).to_be_bytes()
}

pub(super) fn signed(bytes: &[u8]) -> Option<i32> {
    let bytes: [u8; 4] = bytes.try_into().ok()?;
    Some((u32::from_be_bytes(bytes) ^ 0x8000_0000).cast_signed())
}

/// All keys that begin with `prefix` are smaller than this.
pub(super) fn after_prefix(prefix: &[u8]) -> Vec<u8> {
    let mut bound = prefix.to_vec();
    while let Some(last) = bound.pop() {
        if last < u8::MAX {
            bound.push(last + 1);
            return bound;
        }
    }
    vec![u8::MAX; 32]
}

/// A piece of a block of readings: parameter, first hour of the block, number of the piece.
pub(super) fn readings(parameter: ParameterId, block: Hour, piece: u16) -> Vec<u8> {
    [
        parameter.0.to_be_bytes().as_slice(),
        &ordered(block.0),
        &piece.to_be_bytes(),
    ]
    .concat()
}

/// All pieces of a block begin with this.
pub(super) fn readings_block(parameter: ParameterId, block: Hour) -> Vec<u8> {
    [parameter.0.to_be_bytes(), ordered(block.0)].concat()
}

/// The block that a key of readings names.
pub(super) fn block_of(key: &[u8]) -> Option<Hour> {
    signed(key.get(4..8)?).map(Hour)
}

/// Buckets of a parameter in a day block.
pub(super) fn buckets(parameter: ParameterId, day: DayBlock) -> Vec<u8> {
    [parameter.0.to_be_bytes(), ordered(day.0)].concat()
}

/// Cells of a source in a day block.
pub(super) fn cells(book: BookId, source: SourceId, gas: Gas, day: DayBlock) -> Vec<u8> {
    [cells_of(book, source, gas).as_slice(), &ordered(day.0)].concat()
}

/// All cells of a source in a book begin with this.
pub(super) fn cells_of(book: BookId, source: SourceId, gas: Gas) -> Vec<u8> {
    [book.0.to_be_bytes().as_slice(), &source.0.to_be_bytes(), &[gas as u8]].concat()
}

/// The key of a day block under the beginning of a key.
pub(super) fn with_day(prefix: &[u8], day: DayBlock) -> Vec<u8> {
    [prefix, &ordered(day.0)].concat()
}

/// The day block that ends a key of buckets or cells.
pub(super) fn day_of(key: &[u8]) -> Option<DayBlock> {
    signed(key.get(key.len().checked_sub(4)?..)?).map(DayBlock)
}

/// The parameter and the day block of a row that a parameter has for each of them.
pub(super) fn day_row_of(key: &[u8]) -> Option<(ParameterId, DayBlock)> {
    let (parameter, day) = key.split_first_chunk()?;
    (day.len() == 4).then_some(())?;
    Some((ParameterId(u32::from_be_bytes(*parameter)), day_of(day)?))
}

/// An alarm that was announced and is over: when it ended, and its number among the alarm's own.
pub(super) fn occurrence(ended: Instant, alarm: AlarmId, number: u64) -> Vec<u8> {
    let kind = Kind::ALL.iter().position(|kind| *kind == alarm.kind);
    let kind = kind.and_then(|place| u8::try_from(place).ok()).unwrap_or(u8::MAX);
    [
        &occurrences_from(ended)[..],
        &alarm.parameter.0.to_be_bytes(),
        &[kind],
        &number.to_be_bytes(),
    ]
    .concat()
}

/// The first key of what ended at an instant or later.
pub(super) fn occurrences_from(at: Instant) -> Vec<u8> {
    (at.0 ^ i64::MIN).to_be_bytes().to_vec()
}

/// Sum of a source's cells in a month.
pub(super) fn month_sum(book: BookId, source: SourceId, gas: Gas, month: Month) -> Vec<u8> {
    [
        cells_of(book, source, gas).as_slice(),
        &ordered(month.year),
        &[u8::try_from(month.month).unwrap_or(u8::MAX)],
    ]
    .concat()
}

/// The month that ends a key of a sum.
pub(super) fn month_of(key: &[u8]) -> Option<Month> {
    let (rest, month) = key.split_at_checked(key.len().checked_sub(1)?)?;
    Some(Month {
        year: signed(rest.get(rest.len().checked_sub(4)?..)?)?,
        month: u32::from(*month.first()?),
    })
}

/// A record.
pub(super) fn record(sequence: Sequence) -> Vec<u8> {
    sequence.0.to_be_bytes().to_vec()
}

/// The record of its key.
pub(super) fn record_of(key: &[u8]) -> Option<Sequence> {
    Some(Sequence(u64::from_be_bytes(key.try_into().ok()?)))
}

/// A note: the time of which it speaks, and its record.
pub(super) fn note(at: Instant, sequence: Sequence) -> Vec<u8> {
    let at = at.0.cast_unsigned() ^ 1 << 63;
    [at.to_be_bytes(), sequence.0.to_be_bytes()].concat()
}

/// The time and the record of a note's key.
pub(super) fn note_of(key: &[u8]) -> Option<(Instant, Sequence)> {
    let (at, sequence) = key.split_at_checked(8)?;
    let at = u64::from_be_bytes(at.try_into().ok()?) ^ 1 << 63;
    let sequence = u64::from_be_bytes(sequence.try_into().ok()?);
    Some((Instant(at.cast_signed()), Sequence(sequence)))
}

/// A note that is carried forward and open.
pub(super) fn open_note(at: Instant, sequence: Sequence) -> Vec<u8> {
    [&[0][..], &note(at, sequence)].concat()
}

/// Where the keys of open notes begin, and end.
pub(super) fn open_notes() -> (Vec<u8>, Vec<u8>) {
    (vec![0], vec![1])
}

/// A note that was carried forward, by when it was closed.
pub(super) fn closed_note(closed: Instant, at: Instant, sequence: Sequence) -> Vec<u8> {
    [&closed_notes_from(closed)[..], &note(at, sequence)].concat()
}

/// The first key of the notes that were closed at an instant or later.
pub(super) fn closed_notes_from(closed: Instant) -> Vec<u8> {
    [&[1][..], &(closed.0 ^ i64::MIN).to_be_bytes()].concat()
}

/// Where the keys of closed notes end.
pub(super) fn closed_notes_end() -> Vec<u8> {
    vec![2]
}

/// The note that ends the key of one that is carried forward.
pub(super) fn carried_note_of(key: &[u8]) -> Option<(Instant, Sequence)> {
    note_of(key.get(key.len().checked_sub(16)?..)?)
}

/// The judge of a parameter as it was at the beginning of a day.
pub(super) fn judge(parameter: ParameterId, day: i32) -> Vec<u8> {
    [parameter.0.to_be_bytes(), ordered(day)].concat()
}

/// The day of a judge's key.
pub(super) fn judge_day_of(key: &[u8]) -> Option<i32> {
    signed(key.get(4..8)?)
}

/// An anomaly in the queue.
pub(super) fn anomaly(anomaly: AnomalyId) -> Vec<u8> {
    anomaly.0.to_be_bytes().to_vec()
}

/// One outside it.
pub(super) fn anomaly_outside(anomaly: AnomalyId) -> Vec<u8> {
    [&[0][..], &anomaly.0.to_be_bytes()].concat()
}

/// The same by what it is of, and where it begins.
pub(super) fn anomaly_by_place(parameter: ParameterId, check: Check, from: Instant, anomaly: AnomalyId) -> Vec<u8> {
    [&anomalies_from(parameter, check, from)[..], &anomaly.0.to_be_bytes()].concat()
}

/// The first key of those of a check on a parameter that begin at an instant or later.
pub(super) fn anomalies_from(parameter: ParameterId, check: Check, from: Instant) -> Vec<u8> {
    [
        &[1][..],
        &parameter.0.to_be_bytes(),
        &[check as u8],
        &(from.0.cast_unsigned() ^ 1 << 63).to_be_bytes(),
    ]
    .concat()
}

/// Where all such keys begin, and end.
pub(super) fn anomalies_by_place() -> (Vec<u8>, Vec<u8>) {
    (vec![1], vec![2])
}

/// Where the anomaly of such a key begins.
pub(super) fn anomaly_from(key: &[u8]) -> Option<Instant> {
    let bytes: [u8; 8] = key.get(6..14)?.try_into().ok()?;
    Some(Instant((u64::from_be_bytes(bytes) ^ 1 << 63).cast_signed()))
}

/// The anomaly that ends such a key.
pub(super) fn anomaly_of(key: &[u8]) -> Option<AnomalyId> {
    let bytes: [u8; 4] = key.get(14..18)?.try_into().ok()?;
    Some(AnomalyId(u32::from_be_bytes(bytes)))
}

/// All rows of a parameter begin with this.
pub(super) fn parameter(parameter: ParameterId) -> Vec<u8> {
    parameter.0.to_be_bytes().to_vec()
}

/// The parameter that begins a key.
pub(super) fn parameter_of(key: &[u8]) -> Option<ParameterId> {
    let bytes: [u8; 4] = key.get(..4)?.try_into().ok()?;
    Some(ParameterId(u32::from_be_bytes(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_sort_as_what_they_name() {
        let key = |hour| readings(ParameterId(7), Hour(hour), 3);
        assert!(key(-1) < key(0) && key(0) < key(1) && key(1) < key(500_000));
        assert_eq!(block_of(&key(-24)), Some(Hour(-24)));
        assert_eq!(day_of(&buckets(ParameterId(7), DayBlock(-3))), Some(DayBlock(-3)));
        assert!(key(5) < after_prefix(&readings_block(ParameterId(7), Hour(5))));
        assert!(readings(ParameterId(7), Hour(6), 0) > after_prefix(&readings_block(ParameterId(7), Hour(5))));
        assert_eq!(after_prefix(&[1, 255, 255]), vec![2]);
        let noted = |at, sequence| note(Instant(at), Sequence(sequence));
        assert!(noted(-1, 9) < noted(0, 2) && noted(0, 2) < noted(0, 3) && noted(0, 3) < noted(i64::MAX, 0));
        assert_eq!(note_of(&noted(-7, 5)), Some((Instant(-7), Sequence(5))));
        let closed = |closed| closed_note(Instant(closed), Instant(-7), Sequence(5));
        assert!(closed_notes_from(Instant(-1)) < closed(-1) && closed(-1) < closed_notes_from(Instant(0)));
        assert!(open_note(Instant(i64::MAX), Sequence(5)) < open_notes().1 && closed(i64::MAX) < closed_notes_end());
        for key in [open_note(Instant(-7), Sequence(5)), closed(3)] {
            assert_eq!(carried_note_of(&key), Some((Instant(-7), Sequence(5))));
        }
        let placed = |at| anomaly_by_place(ParameterId(7), Check::Gap, Instant(at), AnomalyId(9));
        assert!(placed(-1) < placed(0) && anomalies_from(ParameterId(7), Check::Gap, Instant(0)) < placed(0));
        assert_eq!(anomaly_of(&placed(-1)), Some(AnomalyId(9)));
        assert_eq!(anomaly_from(&placed(-1)), Some(Instant(-1)));
        let (first, last) = anomalies_by_place();
        assert!(first < placed(i64::MIN) && placed(i64::MAX) < last && anomaly_outside(AnomalyId(9)) < first);
        assert_eq!(judge_day_of(&judge(ParameterId(7), -3)), Some(-3));
    }
}
