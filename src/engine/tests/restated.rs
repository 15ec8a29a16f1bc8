//! What people do to figures is told with the months before and after, and kept in its record.

use uuid::Uuid;

use crate::domain::identity::SourceId;
use crate::domain::period::Period;
use crate::domain::reading::{Incoming, Origin};
use crate::domain::time::Month;
use crate::engine::command::{Answer, CommandBody, MeterChange, Provenance};
use crate::engine::outline::Outline;
use crate::engine::view::Restated;

use super::plant::{GRID, OIL, POWER, START_UP, Site, at, delivered, interval, reading};

fn january(site: &Site, source: SourceId) -> i128 {
    let month = Month { year: 2025, month: 1 };
    site.figure(source, Period::Month(month)).milligrams
}

/// Does something under a key, as clients do, and says which months it was answered to have moved.
fn told(site: &mut Site, body: CommandBody) -> Vec<(String, i128, i128)> {
    let key = u128::try_from(site.journal.len()).unwrap() + 1;
    let answer = site.asked(Some(Uuid::from_u128(key)), body).unwrap();
    let restated: Vec<Restated> = match answer {
        Answer::Intake(outcome) => outcome.restated,
        Answer::Restated { restated, .. } => restated,
        Answer::Recorded(_) => Vec::new(),
        other => panic!("{other:?}"),
    };
    // The record keeps what was answered.
    let record = site.journal.last().unwrap();
    let outline = Outline::read(record.kind(), 1, &record.payload).unwrap();
    assert_eq!(outline.restated(), restated);
    let restated = restated.into_iter();
    restated.map(|one| (one.month, one.before, one.after)).collect()
}

fn bring(site: &mut Site, origin: Origin, readings: Vec<Incoming>) -> Vec<(String, i128, i128)> {
    told(site, delivered(origin, Provenance::default(), readings))
}

fn withdraw(site: &mut Site) -> CommandBody {
    let record = site.journal.last().unwrap();
    CommandBody::Withdraw {
        sequence: record.sequence,
        payload: record.payload.clone(),
        reason: "test".to_owned(),
    }
}

#[test]
fn an_invoice_for_a_month_that_is_over_its_correction_and_its_withdrawal_tell_what_they_moved() {
    let mut site = Site::new();
    let of_january = |value| vec![interval(OIL, 0, 31 * 1440, value)];
    let moved = bring(&mut site, Origin::Invoice, of_january(10_000));
    let invoiced = january(&site, START_UP);
    assert!(invoiced > 0);
    assert_eq!(moved, [("2025-01".to_owned(), 0, invoiced)]);
    let moved = bring(&mut site, Origin::Correction, of_january(8_000));
    let corrected = january(&site, START_UP);
    assert_eq!(moved, [("2025-01".to_owned(), invoiced, corrected)]);
    let back = withdraw(&mut site);
    let moved = told(&mut site, back);
    assert_eq!(moved, [("2025-01".to_owned(), corrected, invoiced)]);
    site.assert_sound();
}

#[test]
fn a_meter_that_was_changed_tells_what_that_moved() {
    let mut site = Site::new();
    let readings = vec![reading(POWER, 0, 1_000), reading(POWER, 60, 2_000)];
    // What machines bring is told of tested values only.
    assert_eq!(bring(&mut site, Origin::Connector, readings), []);
    let before = january(&site, GRID);
    let change = CommandBody::ChangeMeter(MeterChange {
        parameter: POWER,
        at: at(30),
        final_value: Some(1_600),
        initial_value: Some(0),
        serial: "A9".to_owned(),
        multiplier: String::new(),
        rollover: None,
        reason: "test".to_owned(),
    });
    let moved = told(&mut site, change);
    let after = january(&site, GRID);
    assert_ne!(before, after);
    assert_eq!(moved, [("2025-01".to_owned(), before, after)]);
    let back = withdraw(&mut site);
    assert_eq!(told(&mut site, back), [("2025-01".to_owned(), after, before)]);
}

#[test]
fn what_is_written_down_in_a_month_that_goes_on_is_not_told_but_its_correction_is() {
    let mut site = Site::young();
    site.pass_until(10 * 1440);
    let of_a_day = |value| vec![interval(OIL, 8 * 1440, 1440, value)];
    assert_eq!(bring(&mut site, Origin::Typed, of_a_day(5_000)), []);
    let typed = january(&site, START_UP);
    let moved = bring(&mut site, Origin::Correction, of_a_day(6_000));
    assert_eq!(moved, [("2025-01".to_owned(), typed, january(&site, START_UP))]);
}
