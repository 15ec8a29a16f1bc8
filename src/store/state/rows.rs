//! How a row is kept in sled: with a checksum, and in parts when it is long.
//!
//! sled keeps long values in files of their own, which it does not sync; so no value is longer than [`PART`] and a few
//! bytes. The first part stands under the row's key, the others in a tree of parts, under the key and a part number.

use std::fmt;

use thiserror::Error;

use crate::engine::history::Tree;
use crate::store::fields::Fields;

/// Longest part of a value.
pub(super) const PART: usize = 3500;
/// Longest value of a row.
pub const LARGEST_ROW: usize = 64 << 20;
const WHOLE: u8 = 0;
const PARTED: u8 = 1;

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RowDamage {
    /// It is too short, or of no known form.
    #[error("its form is not known")]
    Form,
    /// One of its parts is not there.
    #[error("part {0} is missing")]
    Part(u16),
    /// Its bytes are not those that were written.
    #[error("its checksum is wrong")]
    Checksum,
}

/// The bytes of a key as hexadecimal digits, for messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyText(pub Vec<u8>);

impl fmt::Display for KeyText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

/// What stands before a row's first part.
#[derive(Debug, Clone, Copy)]
pub(super) struct Preface {
    pub(super) checksum: u32,
    /// Length of a parted value.
    length: Option<usize>,
}

impl Preface {
    /// Reads it, and gives the bytes after it.
    pub(super) fn parse(stored: &[u8]) -> Option<(Self, &[u8])> {
        let mut fields = Fields(stored);
        let [form] = fields.bytes()?;
        let checksum = fields.u32()?;
        let length = match form {
            WHOLE => None,
            PARTED => Some(usize::try_from(fields.u32()?).ok()?),
            _ => return None,
        };
        Some((Self { checksum, length }, fields.0))
    }

    /// How many parts stand in the tree of parts.
    pub(super) fn further_parts(self) -> u16 {
        self.length.map_or(0, further_parts)
    }
}

fn further_parts(length: usize) -> u16 {
    u16::try_from(length.saturating_sub(1) / PART).unwrap_or(u16::MAX)
}

/// Under which key a further part stands; the first of them is number 1.
pub(super) fn part_key(key: &[u8], number: u16) -> Vec<u8> {
    let mut part = Vec::with_capacity(key.len() + 2);
    part.extend_from_slice(key);
    part.extend_from_slice(&number.to_be_bytes());
    part
}

/// The checksum of a row: it holds for these bytes under this key in this tree only.
pub(super) fn checksum(tree: Tree, key: &[u8], value: &[u8]) -> u32 {
    let named = crc32c::crc32c_append(crc32c::crc32c(tree.name().as_bytes()), &[0]);
    crc32c::crc32c_append(crc32c::crc32c_append(named, key), value)
}

/// The further parts of a value, in order.
pub(super) fn further(value: &[u8]) -> Vec<&[u8]> {
    value.chunks(PART).skip(1).collect()
}

/// What stands under a row's key.
pub(super) fn encode(tree: Tree, key: &[u8], value: &[u8]) -> Vec<u8> {
    let first = value.chunks(PART).next().unwrap_or_default();
    let whole = first.len() == value.len();
    let mut stored = Vec::with_capacity(first.len() + 9);
    stored.push(if whole { WHOLE } else { PARTED });
    stored.extend_from_slice(&checksum(tree, key, value).to_le_bytes());
    if !whole {
        stored.extend_from_slice(&u32::try_from(value.len()).unwrap_or(u32::MAX).to_le_bytes());
    }
    stored.extend_from_slice(first);
    stored
}

/// The value of a row, checked. `part` fetches a further part by its number.
pub(super) fn decode<E>(
    tree: Tree,
    key: &[u8],
    stored: &[u8],
    mut part: impl FnMut(&[u8]) -> Result<Option<sled::IVec>, E>,
) -> Result<Result<Vec<u8>, RowDamage>, E> {
    let Some((preface, first)) = Preface::parse(stored) else {
        return Ok(Err(RowDamage::Form));
    };
    let mut value = Vec::with_capacity(preface.length.unwrap_or(first.len()).min(LARGEST_ROW));
    value.extend_from_slice(first);
    for number in 1..=preface.further_parts() {
        match part(&part_key(key, number))? {
            Some(bytes) => value.extend_from_slice(&bytes),
            None => return Ok(Err(RowDamage::Part(number))),
        }
    }
    let whole = preface.length.is_none_or(|length| length == value.len());
    Ok(if whole && checksum(tree, key, &value) == preface.checksum {
        Ok(value)
    } else {
        Err(RowDamage::Checksum)
    })
}

/// How many rows a tree has and the sum over all of them, by which a lost row is noticed: a row that is gone has no
/// checksum of its own that could be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Sum {
    pub(super) rows: u64,
    pub(super) total: u128,
}

impl Sum {
    fn term(key: &[u8], checksum: u32) -> u128 {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&checksum.to_le_bytes());
        hasher.update(key);
        let hash = hasher.finalize();
        hash.as_bytes()
            .first_chunk::<16>()
            .map_or(0, |bytes| u128::from_le_bytes(*bytes))
    }

    pub(super) fn add(&mut self, key: &[u8], checksum: u32) {
        self.rows = self.rows.wrapping_add(1);
        self.total = self.total.wrapping_add(Self::term(key, checksum));
    }

    pub(super) fn remove(&mut self, key: &[u8], checksum: u32) {
        self.rows = self.rows.wrapping_sub(1);
        self.total = self.total.wrapping_sub(Self::term(key, checksum));
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    fn back(value: &[u8], spoil: impl Fn(u16, &mut Vec<u8>) -> bool) -> Result<Vec<u8>, RowDamage> {
        let mut stored = encode(Tree::Cells, b"key", value);
        assert!(stored.len() <= PART + 9);
        let parts = further(value);
        spoil(0, &mut stored);
        decode::<Infallible>(Tree::Cells, b"key", &stored, |key| {
            let number = u16::from_be_bytes(*key.last_chunk().unwrap());
            let mut part = parts[usize::from(number) - 1].to_vec();
            Ok(spoil(number, &mut part).then(|| part.into()))
        })
        .unwrap()
    }

    #[test]
    fn values_of_every_length_come_back() {
        for length in [0, 1, PART - 1, PART, PART + 1, 2 * PART, 2 * PART + 1, 40_000] {
            let value: Vec<u8> = (0..length).map(|place| u8::try_from(place % 251).unwrap()).collect();
            assert_eq!(back(&value, |_, _| true).unwrap(), value);
        }
    }

    #[test]
    fn a_missing_or_changed_part_is_noticed() {
        let value = vec![7; 3 * PART];
        assert_eq!(back(&value, |number, _| number != 2), Err(RowDamage::Part(2)));
        for bad in 0..3 {
            let spoiled = back(&value, |number, part| {
                if number == bad {
                    *part.last_mut().unwrap() ^= 4;
                }
                true
            });
            assert_eq!(spoiled, Err(RowDamage::Checksum));
        }
    }

    #[test]
    fn a_row_under_another_key_or_in_another_tree_is_noticed() {
        let encoded = encode(Tree::Cells, b"key", b"value");
        for (tree, key) in [(Tree::Cells, b"kez"), (Tree::Buckets, b"key")] {
            let read = decode::<Infallible>(tree, key, &encoded, |_| Ok(None)).unwrap();
            assert_eq!(read, Err(RowDamage::Checksum));
        }
    }
}
