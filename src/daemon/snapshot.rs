//! The site as it stands at one moment, for questions that take long: they are answered on threads of their own, and
//! the writer goes on meanwhile.
//!
//! A snapshot is a copy of what the engine has in memory, over the rows as of the last checkpoint that was handed over.
//! While one is [held](Hold), no further checkpoint is handed over. That cannot go on for ever, because what is accepted
//! waits in memory: a snapshot that is held too long is ended, and whoever asks with it is told so.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::refused::told;
use crate::domain::text::Text;
use crate::engine::Engine;
use crate::engine::command::Refusal;
use crate::engine::history::{Entry, History, HistoryError, Tree};
use crate::store::StateView;

/// What all snapshots between two checkpoints hold on to.
#[derive(Debug, Default)]
pub(super) struct Hold {
    ended: AtomicBool,
}

impl Hold {
    /// Ends all snapshots that hold on to this.
    pub(super) fn end(&self) {
        self.ended.store(true, Ordering::Release);
    }

    fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Acquire)
    }
}

/// The rows below a snapshot.
#[derive(Debug)]
struct HeldView {
    view: StateView,
    hold: Arc<Hold>,
}

impl HeldView {
    fn read<T>(&self, tree: Tree, read: impl FnOnce(&StateView) -> Result<T, HistoryError>) -> Result<T, HistoryError> {
        if self.hold.has_ended() {
            return Err(HistoryError {
                tree: tree.name(),
                reason: "the snapshot has ended".to_owned(),
            });
        }
        read(&self.view)
    }
}

impl History for HeldView {
    fn get(&self, tree: Tree, key: &[u8]) -> Result<Option<Vec<u8>>, HistoryError> {
        self.read(tree, |view| view.get(tree, key))
    }

    fn last_before(&self, tree: Tree, key: &[u8], floor: &[u8]) -> Result<Option<Entry>, HistoryError> {
        self.read(tree, |view| view.last_before(tree, key, floor))
    }

    fn first_after(&self, tree: Tree, key: &[u8], ceiling: &[u8]) -> Result<Option<Entry>, HistoryError> {
        self.read(tree, |view| view.first_after(tree, key, ceiling))
    }

    fn scan(
        &self,
        tree: Tree,
        from: &[u8],
        to: &[u8],
        visit: &mut dyn FnMut(&[u8], &[u8]) -> bool,
    ) -> Result<(), HistoryError> {
        self.read(tree, |view| view.scan(tree, from, to, visit))
    }
}

/// The site at one moment.
#[derive(Debug)]
pub struct Snapshot {
    engine: Engine,
    history: HeldView,
}

impl Snapshot {
    pub(super) fn new(engine: Engine, view: StateView, hold: Arc<Hold>) -> Self {
        Self {
            engine,
            history: HeldView { view, hold },
        }
    }

    /// The engine as it was.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Asks the engine as it was. What it says counts only if the snapshot was held until it had said it.
    pub fn ask<T>(&self, question: impl FnOnce(&Engine, &dyn History) -> Result<T, Refusal>) -> Result<T, Text> {
        let answer = question(&self.engine, &self.history);
        if self.history.hold.has_ended() {
            return Err(Text::new("daemon-question-too-long"));
        }
        answer.map_err(told)
    }
}
