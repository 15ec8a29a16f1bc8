//! What a pane asks for, and asks for again behind what it shows (后台刷新) when the journal has grown.

use std::time::Duration;

use super::model::Wanted;
use crate::domain::identity::Sequence;
use crate::domain::text::Text;

/// An answer that is asked for again while it is shown.
#[derive(Debug, Clone)]
pub struct Renewed<T> {
    /// What came of it; none where nothing was asked for yet.
    view: Option<Wanted<Box<T>>>,
    /// Number of the request by which it is asked for again behind what is shown.
    again: Option<u64>,
    /// When it was asked for last, on the terminal's own clock, and the record that was the newest then.
    asked: (Duration, Sequence),
}

impl<T> Default for Renewed<T> {
    fn default() -> Self {
        Self {
            view: None,
            again: None,
            asked: (Duration::ZERO, Sequence::default()),
        }
    }
}

impl<T> Renewed<T> {
    /// What came of it; none where nothing was asked for yet.
    pub const fn view(&self) -> Option<&Wanted<Box<T>>> {
        self.view.as_ref()
    }

    /// The answer, where it is there.
    pub fn here(&self) -> Option<&T> {
        match &self.view {
            Some(Wanted::Here(view)) => Some(view),
            _ => None,
        }
    }

    /// Whether it is to be asked for: not known yet, or older than it holds while the journal has grown.
    pub fn is_due(&self, newest: Sequence, elapsed: Duration, holds_for: Duration) -> bool {
        match &self.view {
            None => true,
            Some(Wanted::Awaited(_)) => false,
            Some(Wanted::Here(_) | Wanted::Refused(_)) => {
                let (at, record) = self.asked;
                self.again.is_none() && newest != record && elapsed.saturating_sub(at) >= holds_for
            }
        }
    }

    /// It was asked for.
    pub fn ask(&mut self, request: u64, elapsed: Duration, newest: Sequence) {
        self.asked = (elapsed, newest);
        match &self.view {
            Some(Wanted::Here(_)) => self.again = Some(request),
            _ => self.view = Some(Wanted::Awaited(request)),
        }
    }

    /// Something else will be asked for: nothing of what was is shown.
    pub fn forget(&mut self) {
        self.view = None;
        self.again = None;
    }

    /// What is on its way does not matter any more; what is shown stays.
    pub const fn give_up_again(&mut self) {
        self.again = None;
    }

    /// The connection is new: what was asked over the old one is not answered any more, and whatever came meanwhile is due.
    pub fn link_is_up(&mut self) {
        if self.here().is_none() {
            self.view = None;
        }
        self.again = None;
        self.asked = (Duration::ZERO, Sequence::default());
    }

    /// Whether a request is one that is awaited.
    pub fn awaits(&self, id: u64) -> bool {
        self.again == Some(id) || self.view.as_ref().and_then(Wanted::awaits) == Some(id)
    }

    /// Takes the answer in that was awaited. What is shown is worth more than that it could not be asked for again.
    pub fn take(&mut self, id: u64, result: Result<Box<T>, Text>) {
        let is_behind = self.again.take() == Some(id);
        match result {
            Ok(view) => self.view = Some(Wanted::Here(view)),
            Err(_) if is_behind => {}
            Err(why) => self.view = Some(Wanted::Refused(why)),
        }
    }
}
