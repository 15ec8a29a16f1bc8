//! Refusals: what is refused, and that each says something of its own.

use std::collections::BTreeSet;

use crate::domain::text::Explained;
use crate::domain::time::Instant;
use crate::quality::alarm::event::Event;
use crate::quality::alarm::refusal::Refusal;
use crate::quality::alarm::state::{AlarmState, Label, Suppression};
use crate::quality::alarm::transition::{LifeRules, after};

const NOW: Instant = Instant(1_767_225_600_000);
const HOUR_MS: i64 = 3_600_000;

#[test]
fn shelves_without_end_too_long_or_without_reason_are_refused_with_what_to_do() {
    let rules = LifeRules::new(false, Some(8 * HOUR_MS)).unwrap();
    let event = |until: Option<i64>, reason: &str| Event::Shelve {
        now: NOW,
        until: until.map(|length| NOW.plus(length)),
        one_shot: false,
        reason: reason.to_owned(),
    };
    let shelve = |until, reason: &str| after(&AlarmState::NORMAL, event(until, reason), &rules);
    let longest_ms = 8 * HOUR_MS;
    assert!(shelve(Some(longest_ms), "why").is_ok());
    assert_eq!(shelve(None, "why"), Err(Refusal::ShelfWithoutEnd { longest_ms }));
    assert_eq!(shelve(Some(0), "why"), Err(Refusal::ShelfEndPast { until: NOW }));
    assert!(matches!(shelve(Some(-1), "why"), Err(Refusal::ShelfEndPast { .. })));
    let given_ms = longest_ms + 1;
    let refusal = shelve(Some(given_ms), "why").unwrap_err();
    assert_eq!(refusal, Refusal::ShelfTooLong { given_ms, longest_ms });
    assert!(refusal.to_string().contains("say an earlier end"));
    assert!(matches!(
        shelve(Some(i64::MAX), "why"),
        Err(Refusal::ShelfTooLong { .. })
    ));
    assert_eq!(shelve(Some(1), " \t "), Err(Refusal::NoReason));
    assert_eq!(
        shelve(Some(1), &"长".repeat(401)),
        Err(Refusal::ReasonTooLong { most: 400 })
    );
    let kept = shelve(Some(1), &format!(" {} ", "长".repeat(400))).unwrap();
    assert_eq!(kept.state.shelf.unwrap().reason, "长".repeat(400));
    let never = LifeRules::new(false, None).unwrap();
    assert_eq!(
        after(&AlarmState::NORMAL, event(Some(1), "why"), &never),
        Err(Refusal::NeverShelved)
    );
    assert!(LifeRules::new(false, Some(0)).is_err() && LifeRules::new(false, Some(i64::MAX)).is_err());
}

#[test]
fn refusals_have_texts_of_their_own() {
    let refusals = [
        Refusal::AlreadyActive,
        Refusal::NotActive,
        Refusal::Hidden(Label::Shelved),
        Refusal::NothingToAcknowledge(Label::Normal),
        Refusal::NothingToRepeat(Label::Normal),
        Refusal::ResetWhileActive,
        Refusal::ResetBeforeAcknowledged,
        Refusal::NothingToReset(Label::Normal),
        Refusal::NeverShelved,
        Refusal::ShelfWithoutEnd { longest_ms: HOUR_MS },
        Refusal::ShelfEndPast { until: NOW },
        Refusal::ShelfTooLong {
            given_ms: 2 * HOUR_MS,
            longest_ms: HOUR_MS,
        },
        Refusal::NoReason,
        Refusal::ReasonTooLong { most: 400 },
        Refusal::AlreadyShelved { until: NOW },
        Refusal::NotShelved,
        Refusal::ShelfNotOver { until: NOW },
        Refusal::AlreadySuppressed(Suppression::Severer),
        Refusal::NotSuppressed(Suppression::Severer),
        Refusal::AlreadyOutOfService { since: NOW },
        Refusal::NotOutOfService,
    ];
    let ids: BTreeSet<_> = refusals.iter().map(|refusal| refusal.text().id).collect();
    assert_eq!(ids.len(), refusals.len());
}
