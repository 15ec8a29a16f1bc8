//! Notes that are carried forward: on the sheet of every shift until somebody closes them, whatever comes between.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::domain::actor::{Actor, Role};
use crate::domain::handover::Side;
use crate::domain::identity::Sequence;
use crate::domain::model::{Name, ShiftSlot};
use crate::domain::note::{About, Carried, LONGEST_NOTE, Note, NoteClosing};
use crate::domain::time::{DAY_MS, Instant};
use crate::engine::command::{Answer, CommandBody, Refusal};
use crate::engine::handover::{HandOver, Item};
use crate::engine::history::Tree;
use crate::engine::view::{HandoverView, Mark};

use super::plant::{self, COAL, POWER, Site, at, model};

const ALWAYS: (Instant, Instant) = (Instant::EARLIEST, Instant::LATEST);

const DAY: i64 = 24 * 60;

/// A day shift from 08:00 on, a night shift from 20:00.
fn site() -> Site {
    let slot = |key: &str, start_minutes| ShiftSlot {
        key: key.to_owned(),
        name: Name::default(),
        start_minutes,
    };
    let mut worked = model();
    worked.shifts = vec![slot("day", 480), slot("night", 1200)];
    let mut site = Site::young();
    site.apply(worked);
    site
}

fn person(staff_number: &str) -> Actor {
    plant::person(staff_number, Role::ShiftLead)
}

fn recorded(answer: Result<Answer, Refusal>) -> Result<Sequence, String> {
    match answer {
        Ok(Answer::Recorded(sequence)) => Ok(sequence),
        Err(Refusal::Request(text)) => Err(text.id.into_owned()),
        other => panic!("{other:?}"),
    }
}

fn note(site: &mut Site, minutes: i64, about: About, text: &str, carry: bool) -> Sequence {
    let note = Note {
        at: at(minutes),
        about,
        text: text.to_owned(),
        carry,
    };
    recorded(site.asked_by(person("1001"), None, CommandBody::Note(note))).unwrap()
}

fn carry(site: &mut Site, minutes: i64, text: &str) -> Sequence {
    note(site, minutes, About::Site, text, true)
}

fn close(site: &mut Site, of: Sequence, remark: Option<&str>) -> Result<Sequence, String> {
    let record = site.journal[usize::try_from(of.0).unwrap() - 1].clone();
    let body = CommandBody::CloseNote {
        closing: NoteClosing {
            of,
            remark: remark.map(str::to_owned),
        },
        record: (record.kind(), 1, record.payload),
    };
    recorded(site.asked_by(person("1002"), None, body))
}

fn handover(site: &Site, shift: &str) -> HandoverView {
    let shift = shift.parse().unwrap();
    site.engine.handover(&site.history, site.now, Some(shift)).unwrap()
}

/// The notes of a shift's sheet, and how it stands with each.
fn told(site: &Site, shift: &str) -> Vec<String> {
    let word = |item: &Item, mark: Mark| match item {
        Item::Note { text, carried, .. } => {
            let state = match carried {
                None => String::new(),
                Some(Carried::Open) => " open".to_owned(),
                Some(Carried::Closed(closed)) => {
                    let remark = closed.remark.as_deref().map(|remark| format!(": {remark}"));
                    format!(" closed by {}{}", closed.by, remark.unwrap_or_default())
                }
            };
            let mark = if mark == Mark::Same {
                String::new()
            } else {
                format!(" {mark:?}")
            };
            Some(format!("{text}{state}{mark}"))
        }
        _ => None,
    };
    let view = handover(site, shift);
    let lines = view.lines.iter();
    lines.filter_map(|line| word(&line.item, line.mark)).collect()
}

fn open(site: &Site) -> Vec<Sequence> {
    let found = site.engine.open_notes(&site.history, About::Site, ALWAYS, 500).unwrap();
    found.notes.iter().map(|note| note.sequence).collect()
}

#[test]
fn a_carried_note_comes_back_every_shift_until_it_is_closed() {
    let mut site = site();
    site.now = at(9 * 60);
    let belt = carry(&mut site, 9 * 60, "belt 2 slips");
    note(&mut site, 9 * 60, About::Site, "visitors", false);
    assert_eq!(told(&site, "2025-01-01/day"), ["belt 2 slips open", "visitors"]);
    site.checkpoint();
    // Weeks later, after a restart.
    site.now = at(40 * DAY + 9 * 60);
    site.crash();
    for shift in ["2025-01-01/night", "2025-01-20/day", "2025-02-10/day"] {
        assert_eq!(told(&site, shift), ["belt 2 slips open"], "{shift}");
    }
    site.now = at(40 * DAY + 10 * 60);
    let closed = close(&mut site, belt, Some("  idler\n replaced "));
    let found = site.engine.notes(&site.history, About::Site, ALWAYS, 9).unwrap();
    let remarks = found.notes.iter().map(|note| note.remark().id.into_owned());
    assert_eq!(remarks.collect::<Vec<_>>(), ["note-remark-carried", "note-remark"]);
    let said = "belt 2 slips closed by 1002: idler  replaced";
    assert!(closed.is_ok());
    for back in [false, true] {
        if back {
            site.checkpoint();
            site.crash();
        }
        assert_eq!(
            told(&site, "2025-02-10/day"),
            [said],
            "whoever comes knows that it is done"
        );
        assert_eq!(open(&site), []);
        site.assert_sound();
    }
    site.now = at(40 * DAY + 21 * 60);
    assert_eq!(told(&site, "2025-02-10/night"), [""; 0]);
    // It was carried then, and is told with what became of it.
    assert_eq!(told(&site, "2025-01-20/day"), [said]);
    assert_eq!(told(&site.replayed(), "2025-01-20/day"), [said]);
    site.replayed().assert_sound();
}

#[test]
fn what_was_handed_over_comes_first_on_the_sheet() {
    let mut site = site();
    site.now = at(9 * 60);
    for number in 0..9 {
        note(&mut site, 9 * 60, About::Site, &format!("noted {number}"), false);
    }
    carry(&mut site, 9 * 60, "belt 2 slips");
    let closed = carry(&mut site, 9 * 60, "fan 1 hums");
    close(&mut site, closed, None).unwrap();
    let signed = |site: &mut Site, at: Instant| {
        let handover = HandOver {
            shift: "2025-01-01/day".parse().unwrap(),
            side: Side::Outgoing,
            remark: None,
            at,
        };
        recorded(site.asked_by(person("1001"), None, CommandBody::HandOver(handover))).unwrap();
    };
    for is_signed in [false, true] {
        if is_signed {
            let at = site.now;
            signed(&mut site, at);
            carry(&mut site, 9 * 60, "after that the pump leaks");
        }
        let view = handover(&site, "2025-01-01/day");
        let carried = view.lines.iter().map(|line| line.item.carried());
        let first: Vec<_> = carried.take_while(Option::is_some).flatten().collect();
        let open = first.iter().take_while(|carried| ***carried == Carried::Open).count();
        assert_eq!(
            (open, first.len()),
            if is_signed { (2, 3) } else { (1, 2) },
            "{:?}",
            told(&site, "2025-01-01/day")
        );
        assert!(view.lines.len() > first.len());
    }
}

#[test]
fn it_is_there_from_when_it_is_written_or_speaks_whichever_comes_first() {
    let mut site = site();
    site.now = at(3 * DAY + 9 * 60);
    carry(&mut site, DAY + 9 * 60, "remembered");
    carry(&mut site, 10 * DAY, "boiler stands still then");
    assert_eq!(told(&site, "2025-01-01/night"), [""; 0]);
    assert_eq!(told(&site, "2025-01-02/day"), ["remembered open"]);
    let both = ["remembered open", "boiler stands still then open"];
    assert_eq!(told(&site, "2025-01-04/day"), both);
    // Of those that are open the newest of a stretch are listed.
    let found = site.engine.open_notes(&site.history, About::Site, ALWAYS, 1).unwrap();
    assert_eq!(
        (found.notes[0].text.as_str(), found.more),
        ("boiler stands still then", true)
    );
    let stretch = (at(DAY), at(2 * DAY));
    let found = site.engine.open_notes(&site.history, About::Site, stretch, 9).unwrap();
    assert_eq!((found.notes.len(), found.more), (1, false));
}

#[test]
fn what_cannot_be_closed_is_refused_and_a_closing_is_taken_back() {
    let mut site = site();
    site.now = at(9 * 60);
    let plain = note(&mut site, 9 * 60, About::Site, "visitors", false);
    let belt = carry(&mut site, 9 * 60, "belt 2 slips");
    let gone = carry(&mut site, 9 * 60, "mistyped");
    let refused = |why: &str| Err(why.to_owned());
    assert_eq!(close(&mut site, plain, None), refused("note-close-not-carried"));
    assert_eq!(close(&mut site, Sequence(1), None), refused("note-close-no-note"));
    site.withdraw(gone).unwrap();
    assert_eq!(close(&mut site, gone, None), refused("note-close-withdrawn"));
    assert_eq!(told(&site, "2025-01-01/day"), ["belt 2 slips open", "visitors"]);
    let long = "字".repeat(LONGEST_NOTE + 1);
    assert_eq!(
        close(&mut site, belt, Some(&long)),
        refused("note-close-remark-too-long")
    );
    let closed = close(&mut site, belt, Some(" ")).unwrap();
    assert_eq!(
        told(&site, "2025-01-01/day"),
        ["belt 2 slips closed by 1002", "visitors"]
    );
    assert_eq!(close(&mut site, belt, None), refused("note-close-already"));
    site.checkpoint();
    site.withdraw(closed).unwrap();
    assert_eq!(open(&site), [belt]);
    site.assert_sound();
    assert!(site.withdraw(closed).is_err(), "it is taken back already");
    let again = close(&mut site, belt, None).unwrap();
    // The note goes whole, closed or not; of its closing nothing is left to be taken back.
    site.withdraw(belt).unwrap();
    assert!(site.withdraw(again).is_err());
    assert_eq!(told(&site, "2025-01-01/day"), ["visitors"]);
    assert_eq!(open(&site), []);
    site.assert_sound();
    site.checkpoint();
    site.crash();
    site.assert_sound();
    assert_eq!(site.history.rows(Tree::CarriedNotes).count(), 0);
}

#[test]
fn what_is_closed_after_signing_is_marked_on_the_signed_sheet() {
    let mut site = site();
    site.now = at(9 * 60);
    let belt = carry(&mut site, 9 * 60, "belt 2 slips");
    let pump = carry(&mut site, 9 * 60, "pump 1 leaks");
    let sign = |site: &mut Site, looked| {
        let handover = HandOver {
            shift: "2025-01-01/night".parse().unwrap(),
            side: Side::Outgoing,
            remark: None,
            at: looked,
        };
        recorded(site.asked_by(person("1001"), None, CommandBody::HandOver(handover))).unwrap()
    };
    // Closed after the person looked: they saw it open.
    site.now = at(DAY + 7 * 60);
    let looked = site.now;
    site.now = looked.plus(60_000);
    close(&mut site, pump, None).unwrap();
    let signed = sign(&mut site, looked);
    let marked = ["belt 2 slips open", "pump 1 leaks closed by 1002 Changed"];
    assert_eq!(told(&site, "2025-01-01/night"), marked);
    site.now = at(2 * DAY);
    let closed = close(&mut site, belt, Some("tightened")).unwrap();
    let marked = [
        "belt 2 slips closed by 1002: tightened Changed",
        "pump 1 leaks closed by 1002 Changed",
    ];
    assert_eq!(told(&site, "2025-01-01/night"), marked);
    site.checkpoint();
    site.crash();
    assert_eq!(told(&site, "2025-01-01/night"), marked);
    site.withdraw(closed).unwrap();
    site.withdraw(pump).unwrap();
    let marked = ["belt 2 slips open", "pump 1 leaks open Gone"];
    assert_eq!(told(&site, "2025-01-01/night"), marked);
    // A later carried note that speaks of the shift's time came after signing.
    carry(&mut site, DAY, "forgotten");
    assert_eq!(told(&site, "2025-01-01/night")[2], "forgotten open After");
    site.withdraw(signed).unwrap();
    assert_eq!(told(&site, "2025-01-01/night"), ["belt 2 slips open", "forgotten open"]);
    site.assert_sound();
}

#[test]
fn verification_finds_a_carried_note_that_is_lost_or_left() {
    let mut site = site();
    site.now = at(9 * 60);
    let belt = carry(&mut site, 9 * 60, "belt 2 slips");
    site.checkpoint();
    let sound = site.history.clone();
    let key = site.history.rows(Tree::CarriedNotes).next().unwrap().0.to_vec();
    let row = |value| crate::engine::history::Row {
        tree: Tree::CarriedNotes,
        key: key.clone(),
        value,
    };
    site.history.apply([row(None)]);
    assert_eq!(site.verification().findings.len(), 1);
    site.history = sound;
    site.assert_sound();
    close(&mut site, belt, None).unwrap();
    site.checkpoint();
    site.assert_sound();
    site.history.apply([row(Some(Vec::new()))]);
    assert_eq!(site.verification().findings.len(), 1);
}

#[derive(Debug, Clone)]
enum Step {
    Write(i64, bool, bool),
    Close(usize),
    Withdraw(usize),
    Checkpoint,
    Crash,
}

fn arbitrary_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..6_i64, any::<bool>(), any::<bool>()).prop_map(|(day, coal, carry)| Step::Write(day, coal, carry)),
        3 => (0..20_usize).prop_map(Step::Close),
        2 => (0..20_usize).prop_map(Step::Withdraw),
        1 => Just(Step::Checkpoint),
        1 => Just(Step::Crash),
    ]
}

/// What a record is, by its place among the records of a test.
#[derive(Debug, Clone, Copy)]
enum Made {
    Note(Instant, Sequence),
    Closing(Instant, Sequence, Sequence),
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_open_is_what_was_carried_and_neither_closed_nor_withdrawn(
        steps in proptest::collection::vec(arbitrary_step(), 1..40),
    ) {
        let mut site = site();
        let mut made = Vec::new();
        // By place the record of the closing that stands, where one does.
        let mut standing: BTreeMap<(Instant, Sequence), Option<Sequence>> = BTreeMap::new();
        for step in steps {
            site.now = site.now.plus(DAY_MS / 7);
            match step {
                Step::Write(day, coal, carry) => {
                    let about = About::Parameter(if coal { COAL } else { POWER });
                    let of = note(&mut site, day * DAY, about, "x", carry);
                    made.push(Made::Note(at(day * DAY), of));
                    if carry {
                        standing.insert((at(day * DAY), of), None);
                    }
                }
                Step::Close(place) => if let Some(Made::Note(at, of)) = made.get(place).copied() {
                    let was_open = standing.get(&(at, of)) == Some(&None);
                    let closed = close(&mut site, of, None);
                    prop_assert_eq!(closed.is_ok(), was_open);
                    if let Ok(record) = closed {
                        standing.insert((at, of), Some(record));
                        made.push(Made::Closing(at, of, record));
                    }
                },
                Step::Withdraw(place) => match made.get(place).copied() {
                    Some(Made::Note(at, of)) => {
                        let _ = site.withdraw(of);
                        standing.remove(&(at, of));
                    }
                    Some(Made::Closing(at, of, record)) => {
                        let stood = standing.get(&(at, of)) == Some(&Some(record));
                        prop_assert_eq!(site.withdraw(record).is_ok(), stood);
                        if stood {
                            standing.insert((at, of), None);
                        }
                    }
                    None => {}
                },
                Step::Checkpoint => site.checkpoint(),
                Step::Crash => site.crash(),
            }
        }
        let expected: Vec<Sequence> = standing.iter().filter(|(_, closed)| closed.is_none()).map(|(key, _)| key.1).collect();
        prop_assert_eq!(open(&site), expected.clone());
        site.assert_sound();
        prop_assert_eq!(open(&site.replayed()), expected);
    }
}
