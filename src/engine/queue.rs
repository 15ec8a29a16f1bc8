//! What the two kinds of things that wait for people have in common (待办队列): alarms for the operator, anomalies for the
//! checker. Each kind has its own states and rights; here is how a deed on several of either is decided, and how it is known
//! which of them changed.
//!
//! A deed is decided item by item and is one record: what is refused of some is told with its reason, and done to the others.

use std::collections::BTreeSet;

use crate::domain::text::Text;

use super::command::Refusal;

/// What comes of a deed on several items.
#[derive(Debug)]
pub(super) struct Decided<Id, Done> {
    /// To which it is done, each once in the order asked, with what comes of it.
    pub(super) done: Vec<(Id, Done)>,
    /// Of which it is refused, and why.
    pub(super) refused: Vec<(Id, Text)>,
}

impl<Id, Done> Decided<Id, Done> {
    /// To how many it is done.
    pub(super) fn count(&self) -> u32 {
        u32::try_from(self.done.len()).unwrap_or(u32::MAX)
    }
}

/// Decides of a deed on some items, at least one and at most so many: more, or none, is refused with a text that takes
/// `most`. `decide` says of one what comes of it or why not; where it fails, all of it does.
pub(super) fn item_by_item<Id: Copy + Ord, Done>(
    items: &[Id],
    (most, refusal): (usize, &'static str),
    mut decide: impl FnMut(Id) -> Result<Result<Done, Text>, Refusal>,
) -> Result<Decided<Id, Done>, Refusal> {
    if items.is_empty() || items.len() > most {
        return Err(Refusal::Request(Text::new(refusal).with_count("most", most)));
    }
    let mut decided = Decided {
        done: Vec::new(),
        refused: Vec::new(),
    };
    let mut seen = BTreeSet::new();
    for &item in items.iter().filter(|item| seen.insert(**item)) {
        match decide(item)? {
            Ok(done) => decided.done.push((item, done)),
            Err(why) => decided.refused.push((item, why)),
        }
    }
    Ok(decided)
}

/// Items that changed since that was last asked for.
#[derive(Debug, Clone)]
pub(super) struct Changed<Id>(BTreeSet<Id>);

impl<Id> Default for Changed<Id> {
    fn default() -> Self {
        Self(BTreeSet::new())
    }
}

impl<Id: Copy + Ord> Changed<Id> {
    /// An item changed.
    pub(super) fn note(&mut self, item: Id) {
        self.0.insert(item);
    }

    /// Whether any did.
    pub(super) fn is_any(&self) -> bool {
        !self.0.is_empty()
    }

    /// Those that did, in order; none is left.
    pub(super) fn take(&mut self) -> BTreeSet<Id> {
        std::mem::take(&mut self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Broken;

    const BOUND: (usize, &str) = (3, "alarm-refused-count");

    #[test]
    fn what_is_refused_of_some_is_done_to_the_others_and_to_each_once() {
        let decided = item_by_item(&[3, 1, 3], BOUND, |item| {
            Ok(if item == 1 {
                Err(Text::new("alarm-refused-unknown"))
            } else {
                Ok(item * 10)
            })
        })
        .unwrap();
        assert_eq!((decided.done.as_slice(), decided.count()), (&[(3, 30)][..], 1));
        assert_eq!(decided.refused, [(1, Text::new("alarm-refused-unknown"))]);
    }

    #[test]
    fn none_or_too_many_are_refused_and_a_broken_one_ends_it() {
        let mut asked = 0;
        let mut count = |items: &[u8]| {
            item_by_item(items, BOUND, |_| {
                asked += 1;
                Ok(Ok(()))
            })
            .is_err()
        };
        assert!(count(&[]) && count(&[1, 2, 3, 4]));
        assert_eq!(asked, 0);
        let broken = item_by_item(&[1, 2], BOUND, |_| -> Result<Result<(), Text>, Refusal> {
            Err(Broken::Row("a row").into())
        });
        assert!(matches!(broken, Err(Refusal::Broken(_))));
    }

    #[test]
    fn what_changed_is_told_once() {
        let mut changed = Changed::default();
        assert!(!changed.is_any());
        for item in [2, 1, 2] {
            changed.note(item);
        }
        assert!(changed.is_any());
        assert_eq!(changed.take(), BTreeSet::from([1, 2]));
        assert!(!changed.is_any());
    }
}
