//! Blocks of readings: all versions of a parameter's readings in a fixed stretch of hours, packed into pieces.
//!
//! A piece holds versions in the order of their slots, each as its difference from the one before, about four bytes for a
//! regular series. Only the last piece of a block grows; the ones before it are sealed and stay as they are on disk until
//! a late reading makes the block be written anew.

use crate::domain::identity::Sequence;
use crate::domain::reading::{Origin, Quality, Slot, Verdict, Version};
use crate::domain::time::{Hour, Instant};

use super::Broken;
use super::packing::{Unpacker, put, put_signed};

/// Size at which a piece is sealed: with its key and checksum it fits into one row of under 4 KB.
const PIECE_LIMIT: usize = 3400;

const SAME_STEP: u8 = 1;
const SAME_VALUE: u8 = 2;
const SAME_MANNER: u8 = 4;
const SAME_SEQUENCE: u8 = 8;
const WITHDRAWN: u8 = 16;

/// A growing piece.
#[derive(Debug, Clone, Default)]
pub(super) struct Piece {
    bytes: Vec<u8>,
    last: Option<Version>,
    step: i64,
}

/// The version before the first: what differences start from.
const ORIGIN: Version = Version {
    slot: Slot::instant(Instant(0)),
    value: 0,
    origin: Origin::Connector,
    quality: Quality::Good,
    verdict: Verdict::Counts,
    sequence: Sequence(0),
    withdrawn_by: Sequence(0),
};

fn same_manner(left: &Version, right: &Version) -> bool {
    left.origin == right.origin
        && left.quality == right.quality
        && left.verdict == right.verdict
        && left.slot.span_s == right.slot.span_s
        && left.slot.own_id == right.slot.own_id
}

impl Piece {
    fn push(&mut self, version: &Version) {
        let before = self.last.unwrap_or(ORIGIN);
        let step = version.slot.at.since(before.slot.at);
        let difference = version.value.wrapping_sub(before.value);
        let mut control = 0;
        if step == self.step {
            control |= SAME_STEP;
        }
        if difference == 0 {
            control |= SAME_VALUE;
        }
        if same_manner(version, &before) {
            control |= SAME_MANNER;
        }
        if version.sequence == before.sequence {
            control |= SAME_SEQUENCE;
        }
        if !version.stands() {
            control |= WITHDRAWN;
        }
        self.bytes.push(control);
        if control & SAME_STEP == 0 {
            put_signed(&mut self.bytes, step.wrapping_sub(self.step));
        }
        if control & SAME_VALUE == 0 {
            put_signed(&mut self.bytes, difference);
        }
        if control & SAME_MANNER == 0 {
            self.bytes.push(version.origin.code());
            self.bytes.push(version.quality as u8 | (version.verdict as u8) << 4);
            put(&mut self.bytes, u64::from(version.slot.span_s));
            put(&mut self.bytes, version.slot.own_id);
        }
        if control & SAME_SEQUENCE == 0 {
            let change = version.sequence.0.wrapping_sub(before.sequence.0).cast_signed();
            put_signed(&mut self.bytes, change);
        }
        if control & WITHDRAWN != 0 {
            put(&mut self.bytes, version.withdrawn_by.0);
        }
        self.step = step;
        self.last = Some(*version);
    }

    fn of(bytes: Vec<u8>) -> Result<Self, Broken> {
        let mut last = None;
        let mut before_last = None;
        unpack(&bytes, |version| {
            before_last = last;
            last = Some(version);
        })?;
        let step = last.map_or(0, |last: Version| {
            last.slot.at.since(before_last.unwrap_or(ORIGIN).slot.at)
        });
        Ok(Self { bytes, last, step })
    }
}

/// Hands every version of a packed piece to `visit`, in order.
pub(super) fn unpack(bytes: &[u8], mut visit: impl FnMut(Version)) -> Result<(), Broken> {
    let mut unpacker = Unpacker::new(bytes);
    let mut version = ORIGIN;
    let mut step = 0i64;
    while !unpacker.is_empty() {
        let control = unpacker.byte()?;
        if control & SAME_STEP == 0 {
            step = step.wrapping_add(unpacker.signed()?);
        }
        version.slot.at = Instant(version.slot.at.0.wrapping_add(step));
        if control & SAME_VALUE == 0 {
            version.value = version.value.wrapping_add(unpacker.signed()?);
        }
        if control & SAME_MANNER == 0 {
            version.origin = Origin::from_code(unpacker.byte()?).ok_or(Broken::Row("an origin in it is not known"))?;
            let marks = unpacker.byte()?;
            version.quality = Quality::from_code(marks & 15).ok_or(Broken::Row("a quality in it is not known"))?;
            version.verdict = Verdict::from_code(marks >> 4).ok_or(Broken::Row("a verdict in it is not known"))?;
            version.slot.span_s = unpacker.number_u32()?;
            version.slot.own_id = unpacker.number()?;
        }
        if control & SAME_SEQUENCE == 0 {
            let change = unpacker.signed()?;
            version.sequence = Sequence(version.sequence.0.wrapping_add(change.cast_unsigned()));
        }
        version.withdrawn_by = if control & WITHDRAWN == 0 {
            Sequence(0)
        } else {
            Sequence(unpacker.number()?)
        };
        visit(version);
    }
    Ok(())
}

/// A block that is being written.
#[derive(Debug, Clone)]
pub(super) struct Block {
    /// First hour of the block.
    pub(super) start: Hour,
    /// Pieces before the growing one.
    sealed: u16,
    /// Those of them that are not handed over yet.
    fresh: Vec<(u16, Vec<u8>)>,
    /// The growing piece.
    tail: Piece,
    /// Pieces on disk after the growing one, to be removed.
    surplus: u16,
    dirty: bool,
}

impl Block {
    /// A block that holds nothing yet.
    pub(super) fn empty(start: Hour) -> Self {
        Self {
            start,
            sealed: 0,
            fresh: Vec::new(),
            tail: Piece::default(),
            surplus: 0,
            dirty: false,
        }
    }

    /// A block from its pieces on disk, of which only the last is kept in memory.
    pub(super) fn open(start: Hour, pieces: u16, last: Vec<u8>) -> Result<Self, Broken> {
        Ok(Self {
            sealed: pieces.saturating_sub(1),
            tail: Piece::of(last)?,
            ..Self::empty(start)
        })
    }

    /// A block written anew from its versions in order; `pieces` are on disk now.
    pub(super) fn rewritten(start: Hour, versions: &[Version], pieces: u16) -> Self {
        let mut block = Self::empty(start);
        for version in versions {
            block.push(version);
        }
        block.surplus = pieces.saturating_sub(block.sealed + 1);
        block.dirty = true;
        block
    }

    /// Appends a version that stands after all others in the order of slots.
    pub(super) fn push(&mut self, version: &Version) {
        if self.tail.bytes.len() >= PIECE_LIMIT {
            let piece = std::mem::take(&mut self.tail);
            self.fresh.push((self.sealed, piece.bytes));
            self.sealed += 1;
            self.surplus = self.surplus.saturating_sub(1);
        }
        self.tail.push(version);
        self.dirty = true;
    }

    /// Number of pieces, on disk or to be.
    pub(super) fn pieces(&self) -> u16 {
        self.sealed + 1 + self.surplus
    }

    /// All versions in order; `piece` reads a sealed piece that was handed over before.
    pub(super) fn versions(
        &self,
        mut piece: impl FnMut(u16) -> Result<Vec<u8>, Broken>,
    ) -> Result<Vec<Version>, Broken> {
        let mut versions = Vec::new();
        let mut fresh = self.fresh.iter().peekable();
        for number in 0..self.sealed {
            match fresh.peek() {
                Some((first, bytes)) if *first == number => {
                    unpack(bytes, |version| versions.push(version))?;
                    fresh.next();
                }
                _ => unpack(&piece(number)?, |version| versions.push(version))?,
            }
        }
        unpack(&self.tail.bytes, |version| versions.push(version))?;
        Ok(versions)
    }

    /// Hands over what has to be written: number of the piece and its bytes, none where the piece is to be removed.
    pub(super) fn take_dirty(&mut self) -> Vec<(u16, Option<Vec<u8>>)> {
        if !self.dirty {
            return Vec::new();
        }
        self.dirty = false;
        let mut pieces: Vec<_> = std::mem::take(&mut self.fresh)
            .into_iter()
            .map(|(number, bytes)| (number, Some(bytes)))
            .collect();
        pieces.push((self.sealed, Some(self.tail.bytes.clone())));
        pieces.extend((1..=self.surplus).map(|beyond| (self.sealed + beyond, None)));
        self.surplus = 0;
        pieces
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn arbitrary_version() -> impl Strategy<Value = Version> {
        (
            Instant::EARLIEST.0..Instant::LATEST.0,
            0u32..100_000,
            any::<u64>(),
            any::<i64>(),
            0u8..7,
            0u8..3,
            0u8..3,
            any::<(u64, u64)>(),
        )
            .prop_map(
                |(at, span_s, own_id, value, origin, quality, verdict, sequences)| Version {
                    slot: Slot {
                        at: Instant(at),
                        span_s,
                        own_id,
                    },
                    value,
                    origin: Origin::from_code(origin).unwrap(),
                    quality: Quality::from_code(quality).unwrap(),
                    verdict: Verdict::from_code(verdict).unwrap(),
                    sequence: Sequence(sequences.0),
                    withdrawn_by: Sequence(sequences.1 % 2 * sequences.1),
                },
            )
    }

    proptest! {
        #[test]
        fn versions_come_back_as_they_went_in(versions in proptest::collection::vec(arbitrary_version(), 0..600)) {
            let mut block = Block::empty(Hour(0));
            for version in &versions {
                block.push(version);
            }
            let written = block.take_dirty();
            prop_assert_eq!(block.versions(|number| Ok(written[usize::from(number)].1.clone().unwrap())).unwrap(), versions.clone());
            // And when only its last piece is in memory.
            if let Some((_, Some(last))) = written.last() {
                let pieces = u16::try_from(written.len()).unwrap();
                let mut opened = Block::open(Hour(0), pieces, last.clone()).unwrap();
                opened.push(&ORIGIN);
                let all = opened.versions(|number| Ok(written[usize::from(number)].1.clone().unwrap())).unwrap();
                prop_assert_eq!(&all[..versions.len()], &versions[..]);
            }
        }

        #[test]
        fn garbage_is_refused_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Block::open(Hour(0), 1, bytes);
        }
    }

    #[test]
    fn a_regular_series_takes_few_bytes() {
        let mut block = Block::empty(Hour(0));
        for minute in 0..1440i64 {
            block.push(&Version {
                slot: Slot::instant(Instant(1_700_000_000_000 + minute * 60_000)),
                value: 128_400 + (minute * 7) % 50,
                sequence: Sequence(1000 + minute.cast_unsigned()),
                ..ORIGIN
            });
        }
        let bytes: usize = block
            .take_dirty()
            .iter()
            .filter_map(|(_, piece)| piece.as_ref())
            .map(Vec::len)
            .sum();
        assert!(bytes < 1440 * 5, "{bytes} bytes for 1440 readings");
    }

    #[test]
    fn a_block_that_shrinks_removes_its_surplus_pieces() {
        let mut block = Block::rewritten(Hour(0), &[ORIGIN], 3);
        let removed: Vec<u16> = block
            .take_dirty()
            .iter()
            .filter(|(_, piece)| piece.is_none())
            .map(|&(number, _)| number)
            .collect();
        assert_eq!(removed, [1, 2]);
    }
}
