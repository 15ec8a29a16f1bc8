//! The thread that writes checkpoints, so that the journal's writer never waits for sled.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use super::checkpoint::CheckpointReport;
use super::{StateError, StateStore};
use crate::domain::identity::Sequence;
use crate::engine::history::Row;
use crate::store::disk::FileError;

/// What to do with the outcome of a checkpoint; called on the checkpointer's thread.
pub type WhenWritten = dyn Fn(Result<CheckpointReport, StateError>) + Send;

/// See the module.
#[derive(Debug)]
pub struct Checkpointer {
    store: StateStore,
    wake: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpointer {
    /// Starts the thread.
    pub fn start(store: StateStore, when_written: Box<WhenWritten>) -> Result<Self, StateError> {
        let (wake, woken) = channel();
        let writer = store.clone();
        let thread = std::thread::Builder::new()
            .name("checkpoint".to_owned())
            .spawn(move || run(&writer, &woken, &*when_written))
            .map_err(FileError::at("start a thread in", &store.inner.directory))?;
        Ok(Self {
            store,
            wake: Some(wake),
            thread: Some(thread),
        })
    }

    /// Hands rows over; reads answer with them at once, and the thread writes them.
    ///
    /// # Errors
    /// [`StateError::InFlight`], with the rows, while the checkpoint before is not written.
    pub fn begin(&self, rows: Vec<Row>, applied: Sequence) -> Result<(), (StateError, Vec<Row>)> {
        self.store.hand_over(rows, applied)?;
        self.retry();
        Ok(())
    }

    /// Whether rows that were handed over are not yet written.
    pub fn in_flight(&self) -> bool {
        self.store.overlay().is_some()
    }

    /// Tries again to write what was handed over, after it failed.
    pub fn retry(&self) {
        if let Some(wake) = &self.wake {
            // The thread ends only with this handle.
            let _ = wake.send(());
        }
    }
}

impl Drop for Checkpointer {
    /// Waits until what was handed over is written, or has failed.
    fn drop(&mut self) {
        self.wake = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn run(store: &StateStore, woken: &Receiver<()>, when_written: &WhenWritten) {
    while woken.recv().is_ok() {
        if let Some(outcome) = store.write_handed_over().transpose() {
            when_written(outcome);
        }
    }
}
