//! The state of the site's data sources, as those who run them report it and watchers see it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::wire::live::Feed;

/// All sources of data, in the order in which they were first heard of.
#[derive(Debug, Default)]
pub struct FeedBoard {
    feeds: Mutex<Vec<Feed>>,
}

impl FeedBoard {
    fn lock(&self) -> MutexGuard<'_, Vec<Feed>> {
        self.feeds.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reports a source; what it reported before under the same name is replaced.
    pub fn report(&self, feed: Feed) {
        let mut feeds = self.lock();
        match feeds.iter_mut().find(|known| known.name == feed.name) {
            Some(known) => *known = feed,
            None => feeds.push(feed),
        }
    }

    /// Takes a source off the board.
    pub fn remove(&self, name: &str) {
        self.lock().retain(|feed| feed.name != name);
    }

    /// All sources.
    pub fn list(&self) -> Vec<Feed> {
        self.lock().clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feed(name: &str, last: &str) -> Feed {
        Feed {
            name: name.into(),
            last: last.into(),
            at: None,
            lag_ms: None,
            clock_offset_ms: None,
            trouble: None,
        }
    }

    #[test]
    fn a_report_replaces_the_one_before_in_its_place() {
        let board = FeedBoard::default();
        board.report(feed("a", "1"));
        board.report(feed("b", "1"));
        board.report(feed("a", "2"));
        assert_eq!(board.list(), [feed("a", "2"), feed("b", "1")]);
        board.remove("a");
        assert_eq!(board.list(), [feed("b", "1")]);
    }
}
