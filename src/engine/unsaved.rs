//! Rows of a tree that are not handed over to the store yet, and the tree as it is with them: what is written lies over what
//! is stored.

use std::collections::BTreeMap;

use super::history::{Entry, History, HistoryError, Row, Tree};
use super::keys;

/// Rows by their keys; `None` for one that is gone.
#[derive(Debug, Clone)]
pub(super) struct Unsaved {
    tree: Tree,
    rows: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
}

impl Unsaved {
    /// Nothing of a tree.
    pub(super) const fn of(tree: Tree) -> Self {
        Self {
            tree,
            rows: BTreeMap::new(),
        }
    }

    /// By their keys.
    pub(super) const fn rows(&self) -> &BTreeMap<Vec<u8>, Option<Vec<u8>>> {
        &self.rows
    }

    /// The rows, to be handed over.
    pub(super) fn take(&mut self) -> Vec<Row> {
        let rows = std::mem::take(&mut self.rows).into_iter();
        rows.map(|(key, value)| Row {
            tree: self.tree,
            key,
            value,
        })
        .collect()
    }

    /// Takes rows in.
    pub(super) fn put(&mut self, rows: impl IntoIterator<Item = (Vec<u8>, Vec<u8>)>) {
        self.rows
            .extend(rows.into_iter().map(|(key, value)| (key, Some(value))));
    }

    /// Takes rows away.
    pub(super) fn remove(&mut self, keys: impl IntoIterator<Item = Vec<u8>>) {
        self.rows.extend(keys.into_iter().map(|key| (key, None)));
    }

    /// The bytes under a key.
    pub(super) fn get(&self, history: &dyn History, key: &[u8]) -> Result<Option<Vec<u8>>, HistoryError> {
        match self.rows.get(key) {
            Some(value) => Ok(value.clone()),
            None => history.get(self.tree, key),
        }
    }

    /// The last entry before a key and not before another.
    pub(super) fn last_before(
        &self,
        history: &dyn History,
        bound: &[u8],
        floor: &[u8],
    ) -> Result<Option<Entry>, HistoryError> {
        let mut bound = bound.to_vec();
        let mut unsaved = self.rows.range(floor.to_vec()..bound.clone()).rev();
        let fresh = unsaved.find_map(|(key, value)| Some((key.clone(), value.clone()?)));
        // What is stored may have gone since.
        while let Some((key, value)) = history.last_before(self.tree, &bound, floor)? {
            if fresh.as_ref().is_some_and(|(newer, _)| *newer >= key) {
                break;
            }
            if !self.rows.contains_key(&key) {
                return Ok(Some((key, value)));
            }
            bound = key;
        }
        Ok(fresh)
    }

    /// The first entry after a key and before another.
    pub(super) fn first_after(
        &self,
        history: &dyn History,
        floor: &[u8],
        ceiling: &[u8],
    ) -> Result<Option<Entry>, HistoryError> {
        let mut floor = floor.to_vec();
        let mut unsaved = self.rows.range(floor.clone()..ceiling.to_vec());
        let fresh = unsaved.find_map(|(key, value)| Some((key.clone(), value.clone()?)));
        // What is stored may have gone since.
        while let Some((key, value)) = history.first_after(self.tree, &floor, ceiling)? {
            if fresh.as_ref().is_some_and(|(newer, _)| *newer <= key) {
                break;
            }
            if !self.rows.contains_key(&key) {
                return Ok(Some((key, value)));
            }
            floor = key;
        }
        Ok(fresh)
    }

    /// Everything under the beginning of a key, in order.
    pub(super) fn all_under(
        &self,
        history: &dyn History,
        prefix: &[u8],
    ) -> Result<BTreeMap<Vec<u8>, Vec<u8>>, HistoryError> {
        self.all_between(history, prefix, &keys::after_prefix(prefix))
    }

    /// Everything from a key on and before another, in order.
    pub(super) fn all_between(
        &self,
        history: &dyn History,
        from: &[u8],
        to: &[u8],
    ) -> Result<BTreeMap<Vec<u8>, Vec<u8>>, HistoryError> {
        let mut found = BTreeMap::new();
        if from >= to {
            return Ok(found);
        }
        history.scan(self.tree, from, to, &mut |key, value| {
            found.insert(key.to_vec(), value.to_vec());
            true
        })?;
        for (key, value) in self.rows.range(from.to_vec()..to.to_vec()) {
            match value {
                Some(value) => drop(found.insert(key.clone(), value.clone())),
                None => drop(found.remove(key)),
            }
        }
        Ok(found)
    }
}
