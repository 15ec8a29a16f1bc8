//! Looking at every row of the state: whether it is what was written, and whether any is gone.

use std::sync::atomic::Ordering;

use super::rows::{KeyText, Preface, RowDamage, Sum, decode};
use super::{PinnedView, StateError};
use crate::domain::identity::Sequence;
use crate::engine::history::Tree;

/// Bad rows that are named; more are only counted.
const NAMED: usize = 100;

/// A row that is not what was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// Name of its tree.
    pub tree: &'static str,
    /// Its key.
    pub key: KeyText,
    /// What is wrong with it.
    pub damage: RowDamage,
}

/// What looking at every row found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateReport {
    /// The record up to which the state is right.
    pub applied: Sequence,
    /// Rows by tree.
    pub rows: Vec<(Tree, u64)>,
    /// The first bad rows.
    pub bad: Vec<BadRow>,
    /// How many rows are bad.
    pub bad_rows: u64,
    /// Trees in which rows are missing, or that have rows which were never written.
    pub wrong_sums: Vec<Tree>,
}

impl StateReport {
    /// Whether nothing is wrong.
    pub fn is_good(&self) -> bool {
        self.bad_rows == 0 && self.wrong_sums.is_empty()
    }
}

impl PinnedView<'_> {
    /// Reads every row that is in the database. Rows of a checkpoint that is in flight are not in it yet.
    ///
    /// # Errors
    /// When the database cannot be read; damage is part of the report.
    pub fn check(&self) -> Result<StateReport, StateError> {
        let mut report = StateReport {
            applied: self.gate.stamp.applied,
            rows: Vec::new(),
            bad: Vec::new(),
            bad_rows: 0,
            wrong_sums: Vec::new(),
        };
        if self.store.inner.broken.load(Ordering::Acquire) {
            // A part of a checkpoint is in the database: it is whole again when the checkpoint has been repeated.
            return Err(StateError::InFlight);
        }
        for tree in Tree::ALL {
            self.check_tree(tree, &mut report)
                .inspect_err(|error| self.store.noticed(error))?;
        }
        if let Some(bad) = report.bad.first() {
            self.store
                .distrust(&format!("row {} of {} is damaged: {}", bad.key, bad.tree, bad.damage));
        } else if let Some(tree) = report.wrong_sums.first() {
            self.store.distrust(&format!("rows of {} are missing", tree.name()));
        }
        Ok(report)
    }

    fn check_tree(&self, tree: Tree, report: &mut StateReport) -> Result<(), StateError> {
        let mut sum = Sum::default();
        let mut parts = 0;
        let parts_found = self.store.with_database("check", |database| {
            let rows = database.rows(tree)?;
            for row in &rows.main {
                if self.held().is_err() {
                    break;
                }
                let (key, stored) = row?;
                let decoded = decode(tree, &key, &stored, |part| rows.parts.get(part))?;
                if let Some((preface, _)) = Preface::parse(&stored) {
                    sum.add(&key, preface.checksum);
                    parts += u64::from(preface.further_parts());
                }
                if let Err(damage) = decoded {
                    report.bad_rows += 1;
                    if report.bad.len() < NAMED {
                        report.bad.push(BadRow {
                            tree: tree.name(),
                            key: KeyText(key.to_vec()),
                            damage,
                        });
                    }
                }
            }
            Ok(rows.parts.len() as u64)
        })?;
        self.held()?;
        let expected = self.gate.stamp.sums.get(&tree).copied().unwrap_or_default();
        if sum != expected || parts != parts_found {
            report.wrong_sums.push(tree);
        }
        report.rows.push((tree, sum.rows));
        Ok(())
    }
}
