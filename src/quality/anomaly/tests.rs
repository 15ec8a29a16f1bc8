//! The life of the work, against a table of every stage and every act.

use super::{Act, ActKind, Disposition, Holder, Settled, Stage, Work, WorkRefusal, after};
use crate::domain::identity::Sequence;
use crate::domain::time::Instant;

fn holder(name: &str) -> Holder {
    Holder {
        name: name.to_owned(),
        at: Instant(1_000),
    }
}

fn act(kind: ActKind, by: &str) -> Act {
    Act {
        kind,
        by: holder(by),
        record: Sequence(9),
    }
}

/// Work at a stage, as it comes there: with a holder from the second on, decided by `li` where that is so.
fn work(stage: Stage, found: bool) -> Work {
    let settled = Settled {
        disposition: Disposition::Real,
        cause: Some(9),
        by: holder("li"),
        record: Sequence(5),
    };
    let decided = matches!(stage, Stage::Disposed | Stage::Closed);
    Work {
        stage,
        holder: (!matches!(stage, Stage::New | Stage::Gone)).then(|| holder("li")),
        settled: decided.then_some(settled),
        closed: (stage == Stage::Closed).then(|| holder("wang")),
        found,
    }
}

/// What comes of an act at each stage, in the order of [`Stage::ALL`]: of what the checks find, and of what they find no
/// longer; `-` where it is refused.
#[rustfmt::skip]
const TABLE: [(&str, [&str; 6], [&str; 6]); 12] = [
    // act, new, assigned, investigating, disposed, closed, gone
    ("assign to another",
        ["assigned", "assigned", "assigned", "-", "-", "-"],
        ["assigned", "assigned", "assigned", "-", "-", "-"]),
    ("assign to the same",
        ["assigned", "-", "-", "-", "-", "-"],
        ["assigned", "-", "-", "-", "-", "-"]),
    ("take by another",
        ["investigating", "investigating", "investigating", "-", "-", "-"],
        ["investigating", "investigating", "investigating", "-", "-", "-"]),
    ("take by the same",
        ["investigating", "investigating", "-", "-", "-", "-"],
        ["investigating", "investigating", "-", "-", "-", "-"]),
    ("comment",
        ["new", "assigned", "investigating", "disposed", "closed", "gone"],
        ["new", "assigned", "investigating", "disposed", "closed", "gone"]),
    ("dispose",
        ["disposed", "disposed", "disposed", "-", "-", "-"],
        ["disposed", "disposed", "disposed", "-", "-", "-"]),
    ("close",
        ["-", "-", "-", "closed", "-", "-"],
        ["closed", "closed", "closed", "closed", "-", "-"]),
    ("close by the same, two needed",
        ["-", "-", "-", "-", "-", "-"],
        ["closed", "closed", "closed", "-", "-", "-"]),
    ("reopen",
        ["-", "-", "-", "-", "disposed", "-"],
        ["-", "-", "-", "-", "disposed", "-"]),
    ("take back",
        ["-", "-", "-", "investigating", "-", "-"],
        ["-", "-", "-", "investigating", "-", "-"]),
    ("vanish",
        ["gone", "assigned", "investigating", "disposed", "closed", "gone"],
        ["-", "-", "-", "-", "-", "-"]),
    ("return",
        ["-", "-", "-", "-", "-", "-"],
        ["new", "assigned", "investigating", "disposed", "closed", "new"]),
];

fn named(name: &str) -> Act {
    match name {
        "assign to another" => act(ActKind::Assign("zhao".to_owned()), "chen"),
        "assign to the same" => act(ActKind::Assign("li".to_owned()), "chen"),
        "take by another" => act(ActKind::Take, "chen"),
        "take by the same" => act(ActKind::Take, "li"),
        "comment" => act(ActKind::Comment, "chen"),
        "dispose" => act(ActKind::Dispose(Disposition::Reject, None), "chen"),
        "close" => act(ActKind::Close { second_person: true }, "chen"),
        "close by the same, two needed" => act(ActKind::Close { second_person: true }, "li"),
        "reopen" => act(ActKind::Reopen, "chen"),
        "take back" => act(ActKind::TakeBack, "chen"),
        "vanish" => act(ActKind::Vanish, "daemon"),
        "return" => act(ActKind::Return, "daemon"),
        other => panic!("{other}"),
    }
}

#[test]
fn every_act_at_every_stage_comes_to_what_the_table_says() {
    for (name, of_found, of_gone) in TABLE {
        for (found, expected) in [(true, of_found), (false, of_gone)] {
            for (stage, expected) in Stage::ALL.into_iter().zip(expected) {
                let before = work(stage, found);
                let came = after(&before, &named(name));
                let stage_after = came.as_ref().map_or("-", |work| work.stage.name());
                assert_eq!(stage_after, expected, "{name} at {}, found: {found}", stage.name());
                // Only the checks say whether they find it.
                let finds = match name {
                    "vanish" => false,
                    "return" => true,
                    _ => found,
                };
                assert!(came.is_err() || came.is_ok_and(|work| work.found == finds), "{name}");
            }
        }
    }
}

#[test]
fn what_is_not_found_any_more_may_be_closed_without_a_decision_and_comes_back() {
    let before = work(Stage::Investigating, false);
    let closed = after(&before, &act(ActKind::Close { second_person: true }, "li")).unwrap();
    assert_eq!((closed.stage, &closed.settled), (Stage::Closed, &None));
    let opened = after(&closed, &act(ActKind::Reopen, "li")).unwrap();
    assert_eq!(opened.stage, Stage::Investigating);
    let back = after(&work(Stage::Gone, false), &act(ActKind::Return, "daemon")).unwrap();
    assert_eq!((back.stage, back.found), (Stage::New, true));
    assert_eq!(
        after(&work(Stage::New, true), &act(ActKind::Return, "daemon")),
        Err(WorkRefusal::Unchanged)
    );
    assert_eq!(
        after(&work(Stage::Gone, false), &act(ActKind::Vanish, "daemon")),
        Err(WorkRefusal::Unchanged)
    );
}

#[test]
fn the_second_of_two_who_close_is_told_who_was_first() {
    let disposed = work(Stage::Disposed, true);
    let close = |by| act(ActKind::Close { second_person: false }, by);
    let closed = after(&disposed, &close("wang")).unwrap();
    assert_eq!(
        after(&closed, &close("chen")),
        Err(WorkRefusal::AlreadyClosed(holder("wang")))
    );
    // Of little weight, whoever decided may close it too.
    assert!(after(&disposed, &close("li")).is_ok());
    let decided_twice = after(&disposed, &named("dispose"));
    assert_eq!(decided_twice, Err(WorkRefusal::AlreadyDisposed(holder("li"))));
}

#[test]
fn taking_back_leaves_it_with_whoever_took_it_back() {
    let before = work(Stage::Disposed, true);
    let back = after(&before, &named("take back")).unwrap();
    assert_eq!(back.settled, None);
    assert_eq!(back.holder, Some(holder("chen")));
}
