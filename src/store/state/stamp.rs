//! What the state says of itself: whose it is, up to which record it is right, and what sums its trees must have.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::StateError;
use super::rows::Sum;
use crate::domain::identity::Sequence;
use crate::engine::history::Tree;
use crate::store::fields::Fields;

const VERSION: u16 = 1;

/// See the module. It is one value in sled, written last, so that it is never newer than the rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stamp {
    pub(super) site: Uuid,
    pub(super) applied: Sequence,
    pub(super) sums: BTreeMap<Tree, Sum>,
}

impl Stamp {
    pub(super) fn new(site: Uuid) -> Self {
        Self {
            site,
            applied: Sequence(0),
            sums: BTreeMap::new(),
        }
    }

    pub(super) fn of_site(self, site: Uuid) -> Result<Self, StateError> {
        if self.site == site {
            Ok(self)
        } else {
            Err(StateError::Distrusted(format!("it belongs to site {}", self.site)))
        }
    }

    pub(super) fn sum(&mut self, tree: Tree) -> &mut Sum {
        self.sums.entry(tree).or_default()
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        bytes.extend_from_slice(&VERSION.to_le_bytes());
        bytes.extend_from_slice(self.site.as_bytes());
        bytes.extend_from_slice(&self.applied.0.to_le_bytes());
        bytes.extend_from_slice(&u16::try_from(self.sums.len()).unwrap_or_default().to_le_bytes());
        for (tree, sum) in &self.sums {
            write_tree(&mut bytes, *tree);
            bytes.extend_from_slice(&sum.rows.to_le_bytes());
            bytes.extend_from_slice(&sum.total.to_le_bytes());
        }
        let checksum = crc32c::crc32c(&bytes);
        bytes.extend_from_slice(&checksum.to_le_bytes());
        bytes
    }

    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let (covered, checksum) = bytes.split_last_chunk::<4>()?;
        let mut fields = Fields(covered);
        if crc32c::crc32c(covered) != u32::from_le_bytes(*checksum) || fields.u16()? != VERSION {
            return None;
        }
        let site = Uuid::from_bytes(fields.bytes()?);
        let applied = Sequence(fields.u64()?);
        let mut sums = BTreeMap::new();
        for _ in 0..fields.u16()? {
            let tree = read_tree(&mut fields)?;
            let rows = fields.u64()?;
            let total = u128::from_le_bytes(fields.bytes()?);
            sums.insert(tree, Sum { rows, total });
        }
        fields.0.is_empty().then_some(Self { site, applied, sums })
    }
}

/// A tree by its name: its place in the list of trees may change, its name does not.
pub(super) fn write_tree(bytes: &mut Vec<u8>, tree: Tree) {
    let name = tree.name().as_bytes();
    bytes.push(u8::try_from(name.len()).unwrap_or_default());
    bytes.extend_from_slice(name);
}

pub(super) fn read_tree(fields: &mut Fields<'_>) -> Option<Tree> {
    let [length] = fields.bytes()?;
    let name = fields.slice(usize::from(length))?;
    Tree::ALL.into_iter().find(|tree| tree.name().as_bytes() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comes_back_as_written_and_notices_changes() {
        let mut stamp = Stamp::new(Uuid::from_u128(5));
        stamp.applied = Sequence(77);
        stamp.sum(Tree::MonthSums).add(b"key", 3);
        let bytes = stamp.to_bytes();
        assert_eq!(Stamp::parse(&bytes), Some(stamp));
        for place in 0..bytes.len() {
            let mut spoiled = bytes.clone();
            spoiled[place] ^= 1;
            assert_eq!(Stamp::parse(&spoiled), None);
        }
    }
}
