//! Closed months: what is issued stands, what comes later counts and waits, and handovers are marked until then.

use crate::domain::actor::{Actor, Role};
use crate::domain::identity::{NodeId, Sequence};
use crate::domain::note::{About, Note};
use crate::domain::period::Period;
use crate::domain::reading::Origin;
use crate::domain::time::Month;
use crate::engine::closing::CloseMonth;
use crate::engine::command::{Answer, CommandBody, Provenance, Refusal};
use crate::engine::history::{History, Row, Tree};
use crate::engine::view::{MonthView, Target};

use super::plant::{self, BOILER, BOOK, COAL, NEW_YEAR, OIL, POWER, QUARTER, START_UP, Site, at, interval, reading};

const JANUARY: Month = Month { year: 2025, month: 1 };
const FEBRUARY: Month = Month { year: 2025, month: 2 };

fn person(staff_number: &str) -> Actor {
    plant::person(staff_number, Role::CarbonAccountant)
}

fn seen(site: &Site, month: Month) -> MonthView {
    site.engine.month_view(&site.history, site.now, month).unwrap()
}

fn asked(site: &Site, reason: Option<&str>) -> CloseMonth {
    CloseMonth::of(&seen(site, JANUARY), reason.map(str::to_owned))
}

fn close(site: &mut Site, by: &str, closing: CloseMonth) -> Result<Sequence, String> {
    match site.asked_by(person(by), None, CommandBody::CloseMonth(closing)) {
        Ok(Answer::Recorded(sequence)) => Ok(sequence),
        Err(Refusal::Request(text)) => Err(text.id.into_owned()),
        other => panic!("{other:?}"),
    }
}

fn closed(site: &mut Site, by: &str, reason: &str) -> Result<Sequence, String> {
    let closing = asked(site, Some(reason));
    close(site, by, closing)
}

/// Oil invoiced for January, in February.
fn site() -> Site {
    let mut site = Site::young();
    site.now = NEW_YEAR.plus(40 * 86_400_000);
    site.bring(Origin::Invoice, vec![interval(OIL, 0, 31 * 1440, 10_000)]);
    site
}

fn january(site: &Site) -> i128 {
    site.figure(START_UP, Period::Month(JANUARY)).milligrams
}

#[test]
fn what_was_issued_stands_and_what_comes_later_is_issued_by_somebody_else() {
    let mut site = site();
    let issued = january(&site);
    assert!(issued > 0);
    assert!(seen(&site, JANUARY).last().is_none() && seen(&site, JANUARY).is_over);
    let first = closed(&mut site, "2001", "counted twice").unwrap();
    let view = seen(&site, JANUARY);
    assert_eq!(
        (view.books[0].issued, view.books[0].difference()),
        (Some(issued), Some(0))
    );
    assert!(!view.differs() && view.last().unwrap().by == "2001");
    assert_eq!(closed(&mut site, "2002", "again").unwrap_err(), "closing-unchanged");
    // A later invoice counts, and waits beside what was issued; whoever brings it is told.
    let outcome = site.bring(Origin::Correction, vec![interval(OIL, 0, 31 * 1440, 12_000)]);
    let told: Vec<(String, bool)> = outcome
        .restated
        .into_iter()
        .map(|one| (one.month, one.is_closed))
        .collect();
    assert_eq!(told, [("2025-01".to_owned(), true)]);
    let now = january(&site);
    assert!(now > issued);
    let view = seen(&site, JANUARY);
    assert_eq!(view.books[0].difference(), Some(now - issued));
    assert!(view.differs());
    let target = Target::Node {
        book: BOOK,
        node: NodeId(1),
        period: Period::Month(JANUARY),
    };
    let told = |site: &Site| {
        let explanation = site.engine.explain(&site.history, &target).unwrap();
        let mut ids = explanation.remarks.iter().map(|remark| remark.id.to_string());
        ids.find(|id| id.starts_with("explain-closed"))
    };
    assert_eq!(told(&site).as_deref(), Some("explain-closed-differs"));
    assert_eq!(
        closed(&mut site, "2001", "late invoice").unwrap_err(),
        "closing-same-person"
    );
    let second = closed(&mut site, "2002", "late invoice").unwrap();
    let view = seen(&site, JANUARY);
    assert_eq!(view.books[0].issued, Some(now));
    let issues: Vec<(Sequence, i128)> = view.closings.iter().map(|one| (one.record, one.issued[0].1)).collect();
    assert_eq!(issues, [(first, issued), (second, now)], "the first stands as it was");
    assert_ne!(view.closings[0].digest, view.closings[1].digest);
    assert_eq!(told(&site).as_deref(), Some("explain-closed"));
    site.assert_sound();
    // After a checkpoint, after a crash, and from the journal alone it is the same.
    site.checkpoint();
    assert_eq!(seen(&site, JANUARY), view);
    site.crash();
    assert_eq!(seen(&site, JANUARY), view);
    assert_eq!(seen(&site.replayed(), JANUARY), view);
    site.assert_sound();
    // A row that is not what the journal says is found.
    site.checkpoint();
    let (key, mut value) = row_of_last(&site);
    let last = value.len() - 1;
    value[last] ^= 1;
    site.history.apply([Row {
        tree: Tree::Closings,
        key,
        value: Some(value),
    }]);
    assert_eq!(site.verification().findings.len(), 1);
}

fn row_of_last(site: &Site) -> (Vec<u8>, Vec<u8>) {
    let mut last = None;
    let mut visit = |key: &[u8], value: &[u8]| {
        last = Some((key.to_vec(), value.to_vec()));
        true
    };
    site.history
        .scan(Tree::Closings, &[], &[u8::MAX; 32], &mut visit)
        .unwrap();
    last.unwrap()
}

#[test]
fn what_a_person_imports_into_a_closed_month_is_told_and_what_a_machine_brings_is_not() {
    let mut site = site();
    let told = |site: &mut Site, by: Actor, minutes: i64| {
        let readings = vec![interval(OIL, minutes, 60, 700)];
        let brought = plant::delivered(Origin::File, Provenance::default(), readings);
        match site.asked_by(by, None, brought).unwrap() {
            Answer::Intake(outcome) => outcome.restated.len(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(told(&mut site, person("2001"), 600), 0, "the month is open");
    closed(&mut site, "2001", "x").unwrap();
    assert_eq!(told(&mut site, person("2001"), 700), 1);
    assert_eq!(told(&mut site, Actor::daemon(), 800), 0);
    assert_eq!(told(&mut site, person("2001"), 39 * 1440), 0, "of the month that runs");
}

#[test]
fn what_may_not_be_closed_is_refused_with_why() {
    let mut site = site();
    // A rule of the month's evidence fails: nothing but one invoice came.
    let bare = asked(&site, None);
    assert_eq!(close(&mut site, "2001", bare).unwrap_err(), "closing-needs-reason");
    let blank = asked(&site, Some(" \n "));
    assert_eq!(close(&mut site, "2001", blank).unwrap_err(), "closing-needs-reason");
    let long = asked(&site, Some(&"x".repeat(401)));
    assert_eq!(close(&mut site, "2001", long).unwrap_err(), "closing-reason-too-long");
    let runs = CloseMonth {
        month: FEBRUARY,
        ..asked(&site, Some("x"))
    };
    assert_eq!(close(&mut site, "2001", runs).unwrap_err(), "closing-not-over");
    let nothing = CloseMonth {
        month: Month { year: 2024, month: 12 },
        ..asked(&site, Some("x"))
    };
    assert_eq!(close(&mut site, "2001", nothing).unwrap_err(), "closing-nothing");
    // Of a figure that moved since they looked.
    let looked = asked(&site, Some("x"));
    site.bring(Origin::Correction, vec![interval(OIL, 0, 31 * 1440, 9_000)]);
    assert_eq!(close(&mut site, "2001", looked).unwrap_err(), "closing-figures-moved");
    // Two at once: one of them is told of the other.
    let (one, other) = (asked(&site, Some("x")), asked(&site, Some("y")));
    close(&mut site, "2001", one).unwrap();
    assert_eq!(close(&mut site, "2002", other).unwrap_err(), "closing-meanwhile");
    site.bring(Origin::Correction, vec![interval(OIL, 0, 31 * 1440, 8_000)]);
    let bare = asked(&site, None);
    assert_eq!(
        close(&mut site, "2002", bare).unwrap_err(),
        "closing-again-needs-reason"
    );
    let unseen = CloseMonth {
        seen: Some(Sequence(1)),
        ..asked(&site, Some("x"))
    };
    assert_eq!(close(&mut site, "2002", unseen).unwrap_err(), "closing-meanwhile");
    site.assert_sound();
}

#[test]
fn a_figure_of_another_source_is_issued_too_and_a_shift_of_sums_is_seen() {
    let mut site = site();
    site.bring(
        Origin::File,
        (0..=60).map(|minute| reading(COAL, minute, 100_000)).collect(),
    );
    let boiler = site.figure(BOILER, Period::Month(JANUARY)).milligrams;
    let (oil, all) = (january(&site), seen(&site, JANUARY).books[0].now);
    assert!(boiler > 0);
    assert_eq!(all, boiler + oil);
    closed(&mut site, "2001", "x").unwrap();
    assert_eq!(seen(&site, JANUARY).books[0].issued, Some(all));
}

#[test]
fn what_comes_to_a_signed_handover_is_marked_as_after_signing_until_its_month_is_closed() {
    use crate::domain::handover::{ShiftName, Side};
    use crate::domain::model::{Name, ShiftSlot};
    use crate::engine::handover::{HandOver, Item};
    use crate::engine::view::Mark;

    let mut site = Site::young();
    let slot = |key: &str, start_minutes| ShiftSlot {
        key: key.to_owned(),
        name: Name::default(),
        start_minutes,
    };
    site.apply(crate::domain::model::SiteModel {
        shifts: vec![slot("day", 480), slot("night", 1200)],
        ..plant::model()
    });
    let day: ShiftName = "2025-01-01/day".parse().unwrap();
    let note = |site: &mut Site, text: &str| {
        let note = Note {
            at: at(9 * 60),
            about: About::Site,
            text: text.to_owned(),
            carry: false,
        };
        site.command(CommandBody::Note(note)).unwrap();
    };
    site.now = at(20 * 60);
    note(&mut site, "changed coal");
    let signature = HandOver {
        shift: day.clone(),
        side: Side::Outgoing,
        remark: None,
        at: site.now,
    };
    let lead = plant::person("1001", Role::ShiftLead);
    site.asked_by(lead, None, CommandBody::HandOver(signature)).unwrap();
    site.now = NEW_YEAR.plus(40 * 86_400_000);
    note(&mut site, "damp coal");
    site.bring(Origin::Invoice, vec![interval(OIL, 0, 31 * 1440, 10_000)]);
    let lines = |site: &Site| {
        let view = site
            .engine
            .handover(&site.history, site.now, Some(day.clone()))
            .unwrap();
        let notes = view.lines.iter().filter_map(|line| match &line.item {
            Item::Note { text, .. } => Some((text.clone(), line.mark)),
            _ => None,
        });
        (notes.collect::<Vec<_>>(), view.closed)
    };
    let marked = vec![
        ("changed coal".to_owned(), Mark::Same),
        ("damp coal".to_owned(), Mark::After),
    ];
    assert_eq!(lines(&site), (marked.clone(), None));
    let record = closed(&mut site, "2001", "x").unwrap();
    note(&mut site, "after the month was closed");
    let (notes, month) = lines(&site);
    let later = ("after the month was closed".to_owned(), Mark::AfterClosing);
    assert_eq!(notes, [marked, vec![later]].concat());
    assert_eq!(
        month.map(|closed| (closed.month, closed.record)),
        Some((JANUARY, record))
    );
}

fn seals(site: &mut Site, through: Month) -> Result<(), String> {
    match site.seal(through) {
        Ok(_) => Ok(()),
        Err(Refusal::Request(text)) => Err(text.id.into_owned()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_month_is_sealed_as_it_was_issued_or_not_yet() {
    let mut site = site();
    site.bring(Origin::Invoice, vec![interval(OIL, 32 * 1440, 60, 5_000)]);
    let first = closed(&mut site, "2001", "x").unwrap();
    site.now = NEW_YEAR.plus(2_100 * 86_400_000);
    let told = |site: &Site, through| site.engine.months_to_seal(&site.history, through).unwrap();
    let never = |site: &Site| told(site, FEBRUARY).never_closed;
    assert_eq!(never(&site), [FEBRUARY]);
    let april = Month { year: 2025, month: 4 };
    let before = told(&site, april);
    assert_eq!(before.without_figures, [FEBRUARY.next(), april]);
    assert_eq!(
        (before.known_from, before.never_closed),
        (Some(JANUARY), vec![FEBRUARY])
    );
    let earlier = Month { year: 2024, month: 11 };
    let nothing = told(&site, earlier);
    assert_eq!(
        (nothing.known_from, nothing.without_figures),
        (Some(earlier.next()), Vec::new())
    );
    assert_eq!(seen(&site, JANUARY).sealed_through, None);
    seals(&mut site.clone(), FEBRUARY).unwrap();
    let oil = january(&site);
    site.bring(Origin::Correction, vec![interval(OIL, 0, 31 * 1440, 12_000)]);
    site.checkpoint();
    assert!(january(&site) > oil);
    assert_eq!(seals(&mut site, FEBRUARY).unwrap_err(), "sealed-closed-differs");
    let december = Month { year: 2024, month: 12 };
    seals(&mut site.clone(), december).unwrap();
    let second = closed(&mut site, "2002", "a late invoice").unwrap();
    assert!(second > first);
    seals(&mut site, FEBRUARY).unwrap();
    assert_eq!(never(&site), [], "they are sealed already");
    assert_eq!(told(&site, april).without_figures, [FEBRUARY.next(), april]);
    assert_eq!(told(&site, april).known_from, None, "who sealed before was told");
    assert_eq!(seen(&site, JANUARY).sealed_through, Some(FEBRUARY));
    assert_eq!(seen(&site, FEBRUARY.next()).sealed_through, None);
    assert_eq!(closed(&mut site, "2001", "again").unwrap_err(), "closing-sealed");
    let never = CloseMonth::of(&seen(&site, FEBRUARY), None);
    let refused = site.command(CommandBody::CloseMonth(never));
    assert!(matches!(refused, Err(Refusal::Request(text)) if text.id == "closing-sealed-never"));
    site.assert_sound();
}

#[test]
fn what_moves_between_sources_changes_an_issued_month_too() {
    let mut site = site();
    site.bring(Origin::Invoice, vec![interval(QUARTER, 0, 15, 30_000)]);
    let quarter = site.journal.last().unwrap().sequence;
    closed(&mut site, "2001", "x").unwrap();
    let before = seen(&site, JANUARY);
    assert!(!before.differs());
    // As much electricity, by another meter.
    site.withdraw(quarter).unwrap();
    site.bring(Origin::Connector, vec![reading(POWER, 0, 0), reading(POWER, 15, 1_000)]);
    let after = seen(&site, JANUARY);
    assert_eq!(after.books[0].now, before.books[0].now);
    assert!(after.books[0].is_moved && after.differs());
    site.now = NEW_YEAR.plus(2_100 * 86_400_000);
    assert_eq!(seals(&mut site, JANUARY).unwrap_err(), "sealed-closed-differs");
    closed(&mut site, "2002", "the meter of the contract").unwrap();
    assert!(!seen(&site, JANUARY).differs());
    seals(&mut site, JANUARY).unwrap();
}

#[test]
fn what_has_nothing_any_more_is_issued_again_as_nothing() {
    let mut site = site();
    let invoice = site.journal.last().unwrap().sequence;
    closed(&mut site, "2001", "x").unwrap();
    site.withdraw(invoice).unwrap();
    assert_eq!(january(&site), 0);
    site.now = NEW_YEAR.plus(2_100 * 86_400_000);
    assert_eq!(seals(&mut site, JANUARY).unwrap_err(), "sealed-closed-differs");
    closed(&mut site, "2002", "another plant's invoice").unwrap();
    let view = seen(&site, JANUARY);
    assert_eq!((view.books[0].issued, view.differs()), (Some(0), false));
    seals(&mut site, JANUARY).unwrap();
    site.assert_sound();
    site.replayed().assert_sound();
}
