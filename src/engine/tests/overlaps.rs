//! Values in one time, told whichever of them is brought last: documents, sheets and files.

use std::cell::Cell;

use crate::domain::document::{Document, DocumentBody};
use crate::domain::identity::ParameterId;
use crate::domain::model::{Name, SiteModel};
use crate::domain::reading::{Incoming, Origin, own_id};
use crate::domain::sheet::{EntrySheet, SheetPage};
use crate::domain::time::Month;
use crate::engine::command::Refusal;
use crate::engine::history::{Entry, History, HistoryError, MemoryHistory, Tree};
use crate::engine::overlaps::{MOST_DOUBTS, ToBring};
use crate::engine::view::{Overlap, Together};
use crate::locale::{Language, Localizer};

use super::documents::{batch, days, document, documented, file, given, invoice, report};
use super::plant::{CARBON, HEATING_VALUE, OIL, OXYGEN, QUARTER, Site, at, interval, reading};

const DAY: i64 = 1440;

/// The forms of documents, and a sheet of days on which the oil, the heating value and the oxygen are written down.
fn site() -> Site {
    let mut site = Site::bare();
    site.apply(SiteModel {
        day_start_minutes: 0,
        sheets: vec![EntrySheet {
            key: "days".to_owned(),
            name: Name::default(),
            rows: vec![OIL, HEATING_VALUE, OXYGEN],
            rounds: vec![480],
            due_ms: 0,
            origin: Origin::Typed,
            second_person: false,
        }],
        ..documented()
    });
    site.now = at(20 * DAY);
    site
}

/// Place, field, id and English words of what looks wrong.
fn doubted(site: &Site, to_bring: &ToBring) -> Vec<(u32, String, String, String)> {
    let localizer = Localizer::new(Language::English);
    let found = site.engine.doubts(&site.history, to_bring).unwrap();
    assert_eq!(found.more, 0);
    let found = found.told.into_iter();
    found
        .map(|one| {
            let said = localizer.text(&one.why);
            (one.place, one.field, one.why.id.into_owned(), said)
        })
        .collect()
}

fn of_documents(site: &Site, documents: Vec<Document>) -> Vec<(u32, String, String, String)> {
    doubted(site, &ToBring::Documents(documents))
}

fn ids(doubts: &[(u32, String, String, String)]) -> Vec<(u32, &str, &str)> {
    let doubts = doubts.iter();
    doubts
        .map(|(place, field, id, _)| (*place, field.as_str(), id.as_str()))
        .collect()
}

/// What stands in the time of each day of January on the sheet, of a row.
fn beside(site: &Site, row: usize) -> Vec<(usize, Overlap)> {
    let page = SheetPage::Month(Month { year: 2025, month: 1 });
    let view = site.engine.sheet_page(&site.history, "days", page).unwrap();
    let beside = view.rows[row].beside.iter().cloned().enumerate();
    beside.filter_map(|(day, overlap)| Some((day, overlap?))).collect()
}

fn day(parameter: ParameterId, day: i64, value: i64) -> Incoming {
    interval(parameter, day * DAY, 1440, value)
}

#[test]
fn an_invoice_over_days_that_were_typed_is_doubted_and_so_is_typing_over_an_invoice() {
    let mut site = site();
    let typed = site.bring(
        Origin::Typed,
        vec![day(OIL, 0, 2_500), day(OIL, 2, 1_250), day(OIL, 3, 900)],
    );
    let record = typed.sequence.unwrap();
    // It is of the first three days: the fourth has nothing to do with it.
    let found = of_documents(&site, vec![invoice("R-1", "10")]);
    assert_eq!(ids(&found), [(0, "OIL", "overlap-and-more")]);
    let said = &found[0].3;
    for words in [
        "2.500 t",
        "2025-01-01",
        "typed",
        &format!("record {record}"),
        "add up",
        "One more value",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    // What is filed all the same counts beside them, and is told to whoever types.
    file(&mut site, invoice("R-1", "10")).unwrap();
    let record = site.journal.last().unwrap().sequence;
    let told = beside(&site, 0);
    assert_eq!(told.iter().map(|(day, _)| *day).collect::<Vec<_>>(), [0, 1, 2]);
    let (_, overlap) = &told[1];
    assert_eq!((overlap.value, overlap.record, overlap.more), (10_000, record, 0));
    assert_eq!(
        (overlap.together, overlap.slot.at, overlap.slot.end()),
        (Together::AddUp, at(0), at(3 * DAY))
    );
    assert_eq!(overlap.document.as_ref().unwrap().1, "R-1");
    // Another of its form is held against it by its number, and a credit note is no doubt of this sort.
    let found = of_documents(&site, vec![invoice("R-2", "-1")]);
    assert_eq!(ids(&found), [(0, "OIL", "overlap-and-more")], "of what was typed only");
    assert!(!found[0].3.contains("R-1"), "{}", found[0].3);
    site.withdraw(record).unwrap();
    assert_eq!(beside(&site, 0), []);
    site.withdraw(typed.sequence.unwrap()).unwrap();
    assert_eq!(of_documents(&site, vec![invoice("R-2", "5")]), []);
}

#[test]
fn a_report_beside_a_typed_test_is_one_sample_and_beside_another_time_a_mean() {
    let mut site = site();
    file(&mut site, batch("B-1", 2, 3)).unwrap();
    file(&mut site, batch("B-2", 2, 4)).unwrap();
    site.bring(Origin::Typed, vec![day(HEATING_VALUE, 2, 19_500)]);
    let found = of_documents(
        &site,
        vec![
            report("L-1", "B-1", "20"),
            report("L-2", "B-2", "20"),
            report("L-3", "B-9", "20"),
        ],
    );
    assert_eq!(
        ids(&found),
        [(0, "NCV", "overlap-one-sample"), (1, "NCV", "overlap-mean")]
    );
    assert!(found[0].3.contains("19.500 GJ/t"), "{}", found[0].3);
    file(&mut site, report("L-1", "B-1", "20")).unwrap();
    let told = beside(&site, 1);
    let [(2, overlap)] = told.as_slice() else {
        panic!("{told:?}")
    };
    assert_eq!((overlap.value, overlap.together), (18_309, Together::OneSample));
    // The batch tested again is told by its own form, and takes the place of the first.
    assert_eq!(
        ids(&of_documents(&site, vec![report("L-4", "B-1", "21")])),
        [(0, "NCV", "overlap-one-sample")]
    );
}

#[test]
fn what_is_said_of_one_instant_replaces_what_was_by_the_plan() {
    let mut site = site();
    site.bring(Origin::Typed, vec![reading(OXYGEN, 480, 3_000)]);
    let stock = |value: &str| {
        let body = DocumentBody::Stock {
            at: at(480),
            method: "dipped".to_owned(),
            values: vec![given(OXYGEN, value)],
        };
        document("stock", "S-1", body)
    };
    assert_eq!(
        ids(&of_documents(&site, vec![stock("4")])),
        [(0, "O2", "overlap-replaced")]
    );
    assert_eq!(of_documents(&site, vec![stock("3")]), [], "it says the same");
    site.bring(Origin::Connector, vec![reading(OXYGEN, 480, 5_000)]);
    assert_eq!(
        ids(&of_documents(&site, vec![stock("4")])),
        [(0, "O2", "overlap-beneath")]
    );
}

#[test]
fn a_file_is_held_against_what_counts_beside_it_and_not_against_its_own_deliveries() {
    let mut site = site();
    let ticket = |number: &str, minutes: i64| {
        let mut ticket = interval(OIL, minutes, 30, 700);
        ticket.slot.own_id = own_id(number);
        ticket
    };
    let slots = |readings: &[Incoming]| {
        readings
            .iter()
            .map(|one| (one.parameter, one.slot, one.value))
            .collect::<Vec<_>>()
    };
    let of_file = |site: &Site, readings: &[Incoming]| {
        let slots = slots(readings);
        let origin = Origin::File;
        let found = doubted(site, &ToBring::Readings { origin, slots });
        found
            .into_iter()
            .map(|(place, _, id, _)| (place, id))
            .collect::<Vec<_>>()
    };
    site.bring(Origin::File, vec![ticket("T-1", 600), ticket("T-2", 2_000)]);
    // Two lorries at one time, the same ticket again, and a day that was typed as a whole.
    let file = [
        ticket("T-3", 610),
        ticket("T-1", 600),
        day(OIL, 0, 1_400),
        day(OIL, 5, 1),
    ];
    assert_eq!(of_file(&site, &file), [(2, "overlap-adds-up".to_owned())]);
    // Once it is taken in, the same file again changes nothing and is no doubt.
    site.bring(Origin::File, file.to_vec());
    assert_eq!(of_file(&site, &file), []);
    // Of what a person gave it is told that it is replaced.
    site.bring(Origin::Typed, vec![reading(OXYGEN, 600, 1), reading(CARBON, 600, 26)]);
    let replaced = (0, "overlap-replaced".to_owned());
    assert_eq!(of_file(&site, &[reading(OXYGEN, 600, 2)]), [replaced]);
    let odd = interval(OIL, i64::MAX / 600_000, 30, 1);
    assert_eq!(
        of_file(&site, &[odd]),
        [],
        "what can be no time is refused when it is brought"
    );
}

/// A past that counts how often it is asked for something.
struct Counted<'a>(&'a MemoryHistory, Cell<usize>);

impl Counted<'_> {
    fn asked(&self) -> &MemoryHistory {
        self.1.set(self.1.get() + 1);
        self.0
    }
}

impl History for Counted<'_> {
    fn get(&self, tree: Tree, key: &[u8]) -> Result<Option<Vec<u8>>, HistoryError> {
        self.asked().get(tree, key)
    }

    fn last_before(&self, tree: Tree, key: &[u8], floor: &[u8]) -> Result<Option<Entry>, HistoryError> {
        self.asked().last_before(tree, key, floor)
    }

    fn first_after(&self, tree: Tree, key: &[u8], ceiling: &[u8]) -> Result<Option<Entry>, HistoryError> {
        self.asked().first_after(tree, key, ceiling)
    }

    fn scan(
        &self,
        tree: Tree,
        from: &[u8],
        to: &[u8],
        visit: &mut dyn FnMut(&[u8], &[u8]) -> bool,
    ) -> Result<(), HistoryError> {
        self.asked().scan(tree, from, to, visit)
    }
}

#[test]
fn many_values_under_one_long_interval_are_looked_up_once_and_only_the_first_are_told() {
    let mut site = site();
    let quarters = (0..20 * 96).map(|quarter| interval(QUARTER, quarter * 15, 15, 1));
    site.bring(Origin::File, quarters.collect());
    site.bring(Origin::File, vec![interval(QUARTER, 0, 20 * 1440, 1_000)]);
    // Between each two of them is a minute of which nothing is asked.
    let asked = (0..20 * 96 / 2).map(|half| interval(QUARTER, half * 30, 29, 2));
    let slots: Vec<_> = asked.map(|one| (one.parameter, one.slot, one.value)).collect();
    let many = slots.len();
    let origin = Origin::File;
    let counted = Counted(&site.history, Cell::new(0));
    let found = site
        .engine
        .doubts(&counted, &ToBring::Readings { origin, slots })
        .unwrap();
    let blocks = 20 * 24 / site.engine.model().unwrap().parameter(QUARTER).unwrap().block_hours as usize;
    // The block behind each is looked for, and then read.
    assert!(counted.1.get() <= 3 * (blocks + 2), "{} of {blocks}", counted.1.get());
    assert_eq!(found.told.len(), MOST_DOUBTS);
    assert_eq!(found.more as usize, many - MOST_DOUBTS);
    let localizer = Localizer::new(Language::English);
    for (place, one) in (0..).zip(&found.told) {
        assert_eq!(one.place, place);
        // The long one and the two quarters of its own.
        assert!(localizer.text(&one.why).contains("2 more values stand in that time"));
    }
    let rest = localizer.text(&found.rest().unwrap());
    assert!(rest.contains(&format!("{} more values", many - MOST_DOUBTS)), "{rest}");
}

#[test]
fn a_question_covers_no_more_hours_than_may_be_brought_at_once() {
    let mut site = site();
    site.now = at(400 * DAY);
    let refused = |site: &Site, to_bring: &ToBring| match site.engine.doubts(&site.history, to_bring) {
        Err(Refusal::Request(why)) => Some(why.id.into_owned()),
        other => {
            other.unwrap();
            None
        }
    };
    let years = |many: usize, days: u32| ToBring::Readings {
        origin: Origin::File,
        slots: vec![(OIL, interval(OIL, 0, days * 1440, 1).slot, 1); many],
    };
    assert_eq!(refused(&site, &years(208, 400)), None);
    assert_eq!(refused(&site, &years(209, 400)), Some("intake-too-wide".to_owned()));
    assert_eq!(refused(&site, &years(50_000, 401)), None, "none of them can be brought");
    let documents = (0..209).map(|number| {
        let mut document = invoice(&format!("R-{number}"), "1");
        let DocumentBody::Invoice { span, .. } = &mut document.body else {
            panic!("{document}")
        };
        *span = days(0, 400);
        document
    });
    let mut documents: Vec<Document> = documents.collect();
    let all = ToBring::Documents(documents.clone());
    assert_eq!(refused(&site, &all), Some("intake-too-wide".to_owned()));
    documents.pop();
    assert_eq!(refused(&site, &ToBring::Documents(documents)), None);
}

#[test]
fn a_file_that_takes_the_place_of_what_a_person_gave_is_told() {
    let mut site = site();
    let day = |value| interval(OIL, 0, 1440, value);
    site.bring(Origin::Typed, vec![day(2_500)]);
    let of_file = |site: &Site, origin, value| {
        let one = day(value);
        let slots = vec![(one.parameter, one.slot, one.value)];
        let found = doubted(site, &ToBring::Readings { origin, slots });
        found.into_iter().map(|(_, _, id, _)| id).collect::<Vec<_>>()
    };
    assert_eq!(of_file(&site, Origin::Invoice, 100_000), ["overlap-replaced"]);
    assert_eq!(of_file(&site, Origin::File, 9_000), ["overlap-replaced"]);
    assert_eq!(of_file(&site, Origin::File, 2_500), [""; 0], "it says the same");
    // Another version of a file is a matter of the plan.
    let mut site = self::site();
    site.bring(Origin::File, vec![day(2_500)]);
    assert_eq!(of_file(&site, Origin::File, 9_000), [""; 0]);
}

#[test]
fn a_question_that_nobody_would_wait_for_is_refused() {
    let mut site = site();
    let deliveries = (1..=100).map(|own_id| {
        let mut delivery = interval(QUARTER, 0, 15, 1);
        delivery.slot.own_id = own_id;
        delivery
    });
    site.bring(Origin::Typed, deliveries.collect());
    let asked = |many: usize| {
        let slots = vec![(QUARTER, interval(QUARTER, 5, 15, 2).slot, 2); many];
        let origin = Origin::File;
        match site.engine.doubts(&site.history, &ToBring::Readings { origin, slots }) {
            Ok(found) => Ok(found.told.len() + found.more as usize),
            Err(Refusal::Request(why)) => Err(why.id.into_owned()),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(asked(40_000), Ok(40_000));
    assert_eq!(asked(40_001), Err("overlaps-too-many".to_owned()));
}
