//! What was known at a record of the past.

use crate::domain::identity::Sequence;
use crate::domain::period::Period;
use crate::domain::reading::Origin;
use crate::domain::time::Month;
use crate::engine::Engine;
use crate::engine::known::AsKnown;
use crate::engine::view::{LedgerQuestion, Step};

use super::plant::{COAL, HEATING_VALUE, Site, at, interval, model, reading};

const DAY: i64 = 1440;

fn january(engine: &Engine, history: &dyn crate::engine::history::History) -> i128 {
    let period = Period::Month(Month { year: 2025, month: 1 });
    let table = engine
        .ledger(history, &LedgerQuestion::of(period, Step::Whole))
        .unwrap();
    table.rows[0].total.milligrams
}

/// What January came to after a record, as it is told now.
fn known_after(site: &Site, record: usize) -> i128 {
    let recorded = &site.journal[record];
    let past = AsKnown::after(&site.history, recorded.sequence, recorded.at(), model().zone);
    january(&Engine::as_known(&past).unwrap(), &past)
}

/// An hour of coal, brought when it has just passed.
fn burn(site: &mut Site, minutes: i64, rate: i64) -> usize {
    site.now = at(minutes + 61);
    let readings = (0..=60).map(|minute| reading(COAL, minutes + minute, rate));
    site.bring(Origin::Connector, readings.collect());
    site.journal.len() - 1
}

#[test]
fn a_month_is_told_as_far_as_it_had_gone_and_as_it_was_then() {
    let mut site = Site::young();
    let first = burn(&mut site, 5 * DAY, 100_000);
    let shown_first = january(&site.engine, &site.history);
    let second = burn(&mut site, 12 * DAY, 70_000);
    let shown_second = january(&site.engine, &site.history);
    assert!(shown_second > shown_first && shown_first > 0);
    // A laboratory value for the month comes three weeks into February.
    site.now = at(52 * DAY);
    let days = u32::try_from(31 * DAY).unwrap();
    site.bring(Origin::Laboratory, vec![interval(HEATING_VALUE, 0, days, 20_000)]);
    let third = site.journal.len() - 1;
    let restated = january(&site.engine, &site.history);
    assert_ne!(restated, shown_second);
    site.checkpoint();
    assert_eq!(known_after(&site, third), restated);
    assert_eq!(known_after(&site, second), shown_second);
    assert_eq!(
        known_after(&site, first),
        shown_first,
        "and nothing of the hours after it"
    );
    assert_eq!(site.journal[first].sequence, Sequence(3));
}

#[test]
fn what_changes_within_two_days_is_the_work_of_the_day() {
    let mut site = Site::young();
    let first = burn(&mut site, 5 * DAY, 100_000);
    site.checkpoint();
    assert_eq!(site.history.rows(crate::engine::history::Tree::History).count(), 0);
    // The next morning somebody corrects it.
    site.now = at(6 * DAY + 480);
    let corrected = (0..=60).map(|minute| reading(COAL, 5 * DAY + minute, 50_000));
    site.bring(Origin::Correction, corrected.collect());
    let settled = january(&site.engine, &site.history);
    site.checkpoint();
    assert_eq!(site.history.rows(crate::engine::history::Tree::History).count(), 0);
    assert_eq!(known_after(&site, first), settled);
}

#[test]
fn what_a_feed_brings_in_a_day_counts_as_one_step_and_what_people_do_as_its_own() {
    let mut site = Site::young();
    site.now = at(12 * DAY);
    let kept = |site: &mut Site| {
        site.checkpoint();
        site.history.rows(crate::engine::history::Tree::History).count()
    };
    let minute = |site: &mut Site, origin, minute: i64| {
        let rate = if origin == Origin::Correction { 90_000 } else { 60_000 };
        site.bring(origin, vec![reading(COAL, 5 * DAY + minute, rate)]);
    };
    // The plant is running, so that no gap reaches up to now.
    let today = site.now.since(at(0)) / 60_000 - 60;
    site.bring(Origin::Connector, vec![reading(COAL, today, 60_000)]);
    // An old day that is imported in many pieces: a row of buckets, of cells and of the month, whatever the pieces and
    // the checkpoints between them.
    minute(&mut site, Origin::File, 0);
    minute(&mut site, Origin::File, 1);
    let rows = kept(&mut site);
    assert!(rows > 0);
    for number in 2..50 {
        minute(&mut site, Origin::File, number);
        if number % 10 == 0 {
            // What is live neither belongs to it nor ends it.
            site.bring(Origin::Connector, vec![reading(COAL, today + number, 60_000)]);
        }
        if number % 7 == 0 {
            site.checkpoint();
        }
        if number % 20 == 0 {
            site.crash();
        }
    }
    assert_eq!(kept(&mut site), rows);
    let imported = site.journal.len() - 1;
    let shown = january(&site.engine, &site.history);
    // Another feed is another step; a person's change is one, and so is what comes after it, and on the day after.
    minute(&mut site, Origin::Connector, 49 + 60);
    assert!(kept(&mut site) > rows);
    assert_eq!(known_after(&site, imported), shown);
    let (imported, shown) = (site.journal.len() - 1, january(&site.engine, &site.history));
    let rows = kept(&mut site);
    minute(&mut site, Origin::Correction, 3);
    assert!(kept(&mut site) > rows);
    assert_eq!(known_after(&site, imported), shown);
    let (corrected, shown) = (site.journal.len() - 1, january(&site.engine, &site.history));
    minute(&mut site, Origin::File, 50);
    kept(&mut site);
    assert_eq!(known_after(&site, corrected), shown);
    let (first_day, shown) = (site.journal.len() - 1, january(&site.engine, &site.history));
    site.now = site.now.plus(86_400_000);
    minute(&mut site, Origin::File, 51);
    kept(&mut site);
    assert_eq!(known_after(&site, first_day), shown);
    let now = january(&site.engine, &site.history);
    assert!(now > shown, "{now} {shown}");
}
