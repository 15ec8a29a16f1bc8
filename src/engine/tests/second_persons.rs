//! Several persons over one record: what they return adds up, nobody speaks of what they have not seen, what outranks counts
//! rather than what came last, and what is taken back opens again what was done with it.

use crate::domain::actor::Actor;
use crate::domain::identity::Sequence;
use crate::domain::reading::{Incoming, Origin, Slot};
use crate::engine::command::{Answer, CommandBody, Provenance};
use crate::engine::second_check::{CellOf, CheckVerdict};
use crate::engine::view::{CheckMark, IntakeOutcome};

use super::plant::{OXYGEN, POWER, Site, at, delivered, reading};
use super::second_check::{bring, marks, noon, open, person, returned, say, say_having_seen, site};

fn evening() -> CellOf {
    (OXYGEN, Slot::instant(at(1_320)))
}

/// Takes values in; what came of each.
fn typed(site: &mut Site, by: Actor, provenance: Provenance, readings: Vec<Incoming>) -> IntakeOutcome {
    let body = delivered(Origin::Typed, provenance, readings);
    match site.asked_by(by, None, body).unwrap() {
        Answer::Intake(outcome) => outcome,
        other => panic!("{other:?}"),
    }
}

fn corrected(site: &mut Site, by: &str, readings: Vec<Incoming>) -> Sequence {
    let provenance = Provenance {
        reason: Some("the paper".to_owned()),
        ..Provenance::default()
    };
    match site
        .asked_by(person(by), None, CommandBody::Correct { provenance, readings })
        .unwrap()
    {
        Answer::Intake(outcome) => outcome.sequence.unwrap(),
        other => panic!("{other:?}"),
    }
}

/// What counts at noon.
fn value(site: &Site) -> i64 {
    let (oxygen, slot) = noon();
    let top = site.engine.top_at(&site.history, oxygen, slot).unwrap();
    top.unwrap().value
}

fn takes_back(site: &mut Site, of: Sequence) {
    site.withdraw(of).unwrap();
}

#[test]
fn what_two_persons_return_of_a_record_adds_up() {
    let mut site = site();
    let readings = vec![reading(OXYGEN, 720, 5_000), reading(OXYGEN, 1_320, 6_000)];
    let first = bring(&mut site, "1001", Origin::Typed, readings);
    say(&mut site, "1002", first, returned("ten times too much", vec![noon()])).unwrap();
    say(&mut site, "1003", first, returned("wrong row", vec![evening()])).unwrap();
    site.checkpoint();
    site.crash();
    assert_eq!(open(&site)[0].cells, 2);
    // The second one put right is not all of it.
    let second = bring(&mut site, "1001", Origin::Typed, vec![reading(OXYGEN, 1_320, 6_100)]);
    say(&mut site, "1002", second, CheckVerdict::Agreed).unwrap();
    assert_eq!(marks(&site), [(first.0, CheckMark::Returned)]);
    let third = bring(&mut site, "1001", Origin::Typed, vec![reading(OXYGEN, 720, 500)]);
    say(&mut site, "1002", third, CheckVerdict::Agreed).unwrap();
    assert_eq!(marks(&site), []);
}

#[test]
fn nobody_speaks_of_what_they_have_not_seen() {
    let mut site = site();
    let first = bring(&mut site, "1001", Origin::Typed, vec![reading(OXYGEN, 720, 5_000)]);
    let seen = say(&mut site, "1002", first, returned("ten times too much", vec![noon()])).unwrap();
    let stale = say_having_seen(&mut site, "1003", (first, None), CheckVerdict::Agreed);
    assert_eq!(stale.unwrap_err(), "second-check-meanwhile");
    assert_eq!(marks(&site), [(first.0, CheckMark::Returned)]);
    // Who has seen it may still be of another mind.
    say_having_seen(&mut site, "1003", (first, Some(seen)), CheckVerdict::Agreed).unwrap();
    assert_eq!(marks(&site), []);
    let late = say_having_seen(&mut site, "1002", (first, Some(seen)), returned("no", vec![]));
    assert_eq!(late.unwrap_err(), "second-check-already");
}

#[test]
fn a_correction_that_counts_is_not_done_with_what_is_typed_beneath_it() {
    let mut site = site();
    bring(&mut site, "1001", Origin::Connector, vec![reading(OXYGEN, 720, 4_000)]);
    let correction = corrected(&mut site, "1001", vec![reading(OXYGEN, 720, 9_900)]);
    let beneath = bring(&mut site, "1001", Origin::Typed, vec![reading(OXYGEN, 720, 5_000)]);
    assert_eq!(value(&site), 9_900);
    say(&mut site, "1002", beneath, CheckVerdict::Agreed).unwrap();
    // Nobody has looked at what counts.
    assert_eq!(marks(&site), [(correction.0, CheckMark::Awaits)]);
    say(&mut site, "1002", correction, returned("5.0 on the paper", Vec::new())).unwrap();
    let right = corrected(&mut site, "1001", vec![reading(OXYGEN, 720, 5_000)]);
    say(&mut site, "1002", right, CheckVerdict::Agreed).unwrap();
    assert_eq!((marks(&site), value(&site)), (vec![], 5_000));
}

#[test]
fn what_is_beneath_a_correction_is_done_with_that() {
    let mut site = site();
    bring(&mut site, "1001", Origin::Connector, vec![reading(OXYGEN, 720, 4_000)]);
    let correction = corrected(&mut site, "1001", vec![reading(OXYGEN, 720, 9_900)]);
    bring(&mut site, "1001", Origin::Typed, vec![reading(OXYGEN, 720, 5_000)]);
    say(&mut site, "1002", correction, CheckVerdict::Agreed).unwrap();
    assert_eq!(marks(&site), []);
}

#[test]
fn what_was_said_before_something_else_is_said_again() {
    let mut site = site();
    for value in [5_000, 6_000, 5_000] {
        bring(&mut site, "1001", Origin::Typed, vec![reading(OXYGEN, 720, value)]);
    }
    assert_eq!(value(&site), 5_000);
    // What stands already is not recorded again.
    let outcome = typed(
        &mut site,
        person("1001"),
        Provenance::default(),
        vec![reading(OXYGEN, 720, 5_000), reading(OXYGEN, 1_320, 7_000)],
    );
    assert_eq!((outcome.accepted, outcome.duplicate), (1, 1));
    open(&site);
}

#[test]
fn a_returned_value_that_was_right_is_typed_again() {
    let mut site = site();
    let first = bring(&mut site, "1001", Origin::Typed, vec![reading(OXYGEN, 720, 5_000)]);
    say(&mut site, "1002", first, returned("5.1?", Vec::new())).unwrap();
    let again = bring(&mut site, "1001", Origin::Typed, vec![reading(OXYGEN, 720, 5_000)]);
    site.checkpoint();
    say(&mut site, "1002", again, CheckVerdict::Agreed).unwrap();
    assert_eq!(marks(&site), []);
    let view = site.engine.second_check(&site.history, first).unwrap().unwrap();
    assert_eq!(view.said().id, "second-check-returned-done");
}

#[test]
fn what_is_taken_back_opens_what_was_done_with_it() {
    let mut site = site();
    let first = bring(&mut site, "1001", Origin::Typed, vec![reading(OXYGEN, 720, 5_000)]);
    say(&mut site, "1002", first, returned("ten times too much", Vec::new())).unwrap();
    let second = bring(&mut site, "1001", Origin::Typed, vec![reading(OXYGEN, 720, 500)]);
    say(&mut site, "1002", second, CheckVerdict::Agreed).unwrap();
    assert_eq!(marks(&site), []);
    site.checkpoint();
    takes_back(&mut site, second);
    assert_eq!(value(&site), 5_000);
    assert_eq!(
        marks(&site),
        [(first.0, CheckMark::Returned)],
        "it counts again, and is wrong"
    );
    // Where something else took its place that was looked at, nothing opens.
    let third = bring(&mut site, "1001", Origin::Typed, vec![reading(OXYGEN, 720, 510)]);
    say(&mut site, "1002", third, CheckVerdict::Agreed).unwrap();
    let fourth = bring(&mut site, "1001", Origin::Typed, vec![reading(OXYGEN, 720, 520)]);
    say(&mut site, "1002", fourth, CheckVerdict::Agreed).unwrap();
    takes_back(&mut site, fourth);
    assert_eq!(marks(&site), []);
}

#[test]
fn neither_who_sends_nor_who_typed_is_the_second_person() {
    let mut site = site();
    let provenance = Provenance {
        typed_by: vec!["1001".to_owned()],
        ..Provenance::default()
    };
    let sent = typed(&mut site, person("1002"), provenance, vec![reading(OXYGEN, 720, 5_000)]);
    let of = sent.sequence.unwrap();
    for own in ["1001", "1002"] {
        let said = say(&mut site, own, of, CheckVerdict::Agreed);
        assert_eq!(said.unwrap_err(), "second-check-same-person", "{own}");
    }
    site.checkpoint();
    say(&mut site, "1003", of, CheckVerdict::Agreed).unwrap();
    assert_eq!(marks(&site), []);
}

#[test]
fn a_login_and_the_staff_number_behind_it_are_one_person() {
    let mut site = site();
    let login = Actor {
        person: None,
        ..person("1001")
    };
    let sent = typed(
        &mut site,
        login,
        Provenance::default(),
        vec![reading(OXYGEN, 720, 5_000)],
    );
    let said = say(&mut site, "1001", sent.sequence.unwrap(), CheckVerdict::Agreed);
    assert_eq!(said.unwrap_err(), "second-check-same-person");
    let elsewhere = Actor {
        uid: 4_001,
        user: "somebody".to_owned(),
        ..person("1001")
    };
    assert!(!elsewhere.is_same_person(&Actor {
        person: None,
        ..person("1001")
    }));
    assert!(elsewhere.is_same_person(&person("1001")));
}

#[test]
fn a_page_of_many_cells_is_followed_cell_by_cell() {
    let mut site = site();
    let both = |minute| [reading(OXYGEN, minute, 5_000), reading(POWER, minute, 5_500)];
    let many: Vec<Incoming> = (0..1_400).flat_map(both).collect();
    let first = bring(&mut site, "1001", Origin::Typed, many);
    say(&mut site, "1002", first, returned("noon", vec![noon()])).unwrap();
    assert_eq!((open(&site)[0].cells, open(&site)[0].standing), (1, 1));
    let second = bring(&mut site, "1001", Origin::Typed, vec![reading(OXYGEN, 720, 500)]);
    say(&mut site, "1002", second, CheckVerdict::Agreed).unwrap();
    assert_eq!(marks(&site), []);
}
