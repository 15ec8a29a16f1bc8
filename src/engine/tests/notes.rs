//! Notes beside the figures: found by time and thing, in any order of writing, withdrawing and losing power.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::domain::identity::Sequence;
use crate::domain::note::{About, LONGEST_NOTE, Note};
use crate::domain::period::Period;
use crate::domain::time::Instant;
use crate::engine::command::{Answer, CommandBody, Refusal};
use crate::engine::notes::MOST_NOTES;
use crate::engine::view::{NoteView, Target};

use super::plant::{BOILER, BOOK, COAL, POWER, Site, at};

const ALWAYS: (Instant, Instant) = (Instant::EARLIEST, Instant::LATEST);

fn note(minutes: i64, about: About, text: &str) -> CommandBody {
    CommandBody::Note(Note {
        at: at(minutes),
        about,
        text: text.to_owned(),
        carry: false,
    })
}

fn write(site: &mut Site, minutes: i64, about: About, text: &str) -> Sequence {
    match site.command(note(minutes, about, text)).unwrap() {
        Answer::Recorded(sequence) => sequence,
        other => panic!("{other:?}"),
    }
}

fn texts(notes: &[NoteView]) -> Vec<&str> {
    notes.iter().map(|note| note.text.as_str()).collect()
}

#[test]
fn notes_are_read_beside_what_they_concern_in_the_order_of_their_time() {
    let mut site = Site::new();
    let coal = About::Parameter(COAL);
    write(&mut site, 30, coal, "changed coal");
    write(&mut site, 10, About::Site, "visitors");
    write(&mut site, 20, About::Parameter(POWER), "lamp changed");
    write(&mut site, 90, coal, "  damp coal  ");
    let seen = |site: &Site, about, stretch| {
        let found = site.engine.notes(&site.history, about, stretch, 10).unwrap();
        assert!(!found.more);
        texts(&found.notes).join(", ")
    };
    assert_eq!(seen(&site, coal, ALWAYS), "visitors, changed coal, damp coal");
    // From is in, to is not.
    assert_eq!(seen(&site, coal, (at(30), at(90))), "changed coal");
    assert_eq!(
        seen(&site, About::Site, ALWAYS),
        "visitors, lamp changed, changed coal, damp coal"
    );
    site.checkpoint();
    assert_eq!(seen(&site, coal, ALWAYS), "visitors, changed coal, damp coal");
    assert_eq!(
        seen(&site.replayed(), coal, ALWAYS),
        "visitors, changed coal, damp coal"
    );
    let newest = site.engine.notes(&site.history, coal, ALWAYS, 2).unwrap();
    assert_eq!(
        (texts(&newest.notes), newest.more),
        (vec!["changed coal", "damp coal"], true)
    );
    let none = site.engine.notes(&site.history, coal, ALWAYS, 0).unwrap();
    assert_eq!((none.notes.len(), none.more), (0, true));
}

#[test]
fn explanations_tell_what_was_noted_in_their_time() {
    let mut site = Site::new();
    write(&mut site, 30, About::Parameter(COAL), "changed coal");
    write(&mut site, 24 * 60 + 5, About::Site, "the day after");
    let remarks = |site: &Site, target: &Target| {
        let explained = site.engine.explain(&site.history, target).unwrap();
        let notes = explained
            .remarks
            .into_iter()
            .filter(|remark| remark.id.starts_with("note-"));
        notes.map(|remark| remark.to_string()).collect::<Vec<_>>()
    };
    let source = |period| Target::Source {
        book: BOOK,
        source: BOILER,
        period,
    };
    let day = chrono::NaiveDate::from_ymd_opt(2025, 1, 1).unwrap();
    // The plant's day begins at eight: half past midnight belongs to the day before.
    let before = remarks(&site, &source(Period::Day(day.pred_opt().unwrap())));
    assert_eq!(before.len(), 1);
    assert!(before[0].contains("changed coal"), "{before:?}");
    assert_eq!(remarks(&site, &source(Period::Year(2025))).len(), 2);
    let bucket = |parameter| Target::Bucket {
        parameter,
        hour: site.engine.zone.hour_of(at(30)),
    };
    assert_eq!(remarks(&site, &bucket(COAL)).len(), 1);
    assert_eq!(remarks(&site, &bucket(POWER)), Vec::<String>::new());
    for number in 0..6 {
        write(&mut site, 40 + number, About::Site, "more");
    }
    let many = remarks(&site, &source(Period::Year(2025)));
    assert_eq!(many.len(), 6, "the five newest, and that there are more: {many:?}");
    assert!(many[5].starts_with("note-more"));
}

#[test]
fn what_is_no_note_is_refused() {
    let mut site = Site::new();
    let now = site.now.since(at(0)) / 60_000;
    let why = |site: &mut Site, minutes, about, text: &str| match site.command(note(minutes, about, text)) {
        Err(Refusal::Request(text)) => text.id.into_owned(),
        other => panic!("{other:?}"),
    };
    let long = "字".repeat(LONGEST_NOTE + 1);
    assert_eq!(why(&mut site, 0, About::Site, " \t "), "note-empty");
    assert_eq!(why(&mut site, 0, About::Site, &long), "note-too-long");
    assert_eq!(
        why(&mut site, now + 32 * 1440, About::Site, "x"),
        "note-implausible-time"
    );
    assert_eq!(
        why(&mut site, i64::from(i32::MIN), About::Site, "x"),
        "note-implausible-time"
    );
    let gone = About::Parameter(crate::domain::identity::ParameterId(999));
    assert_eq!(why(&mut site, 0, gone, "x"), "note-about-unknown");
    let steering = write(&mut site, 0, About::Site, "a\u{1b}[2Jb");
    let found = site.engine.notes(&site.history, About::Site, ALWAYS, 9).unwrap();
    assert_eq!(texts(&found.notes), ["a\u{fffd}[2Jb"]);
    site.withdraw(steering).unwrap();
    match site.withdraw(steering) {
        Err(Refusal::Request(text)) => assert_eq!(text.id, "withdrawal-nothing-stands"),
        other => panic!("{other:?}"),
    }
}

#[derive(Debug, Clone)]
enum Step {
    Write(i64, bool),
    Withdraw(usize),
    Checkpoint,
    Crash,
}

fn arbitrary_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..6_i64, any::<bool>()).prop_map(|(minutes, coal)| Step::Write(minutes, coal)),
        2 => (0..20_usize).prop_map(Step::Withdraw),
        1 => Just(Step::Checkpoint),
        1 => Just(Step::Crash),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_stands_is_what_was_written_and_not_withdrawn(
        steps in proptest::collection::vec(arbitrary_step(), 1..40),
        (from, to) in (0..6_i64, 0..7_i64),
        most in 0..8_u32,
    ) {
        let mut site = Site::new();
        let mut written = Vec::new();
        let mut standing: BTreeMap<(Instant, Sequence), About> = BTreeMap::new();
        for step in steps {
            match step {
                Step::Write(minutes, coal) => {
                    let about = if coal { About::Parameter(COAL) } else { About::Parameter(POWER) };
                    let sequence = write(&mut site, minutes, about, "x");
                    written.push((at(minutes), sequence));
                    standing.insert((at(minutes), sequence), about);
                }
                Step::Withdraw(place) => if let Some(key) = written.get(place) {
                    let stood = standing.remove(key).is_some();
                    prop_assert_eq!(site.withdraw(key.1).is_ok(), stood);
                },
                Step::Checkpoint => site.checkpoint(),
                Step::Crash => site.crash(),
            }
        }
        for about in [About::Site, About::Parameter(COAL)] {
            for most in [most, MOST_NOTES] {
                let found = site.engine.notes(&site.history, about, (at(from), at(to)), most).unwrap();
                let expected: Vec<(Instant, Sequence)> = standing
                    .iter()
                    .filter(|((time, _), of)| (at(from)..at(to)).contains(time) && (about == About::Site || **of == about))
                    .map(|(key, _)| *key)
                    .collect();
                let told = expected.len().min(usize::try_from(most).unwrap());
                let got: Vec<_> = found.notes.iter().map(|note| (note.at, note.sequence)).collect();
                prop_assert_eq!(&got[..], &expected[expected.len() - told..]);
                prop_assert_eq!(found.more, told < expected.len());
            }
        }
    }
}
