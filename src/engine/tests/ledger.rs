//! Ledger tables by what their rows are grouped, and what they are compared with.

use super::plant::{NEW_YEAR, OIL, QUARTER, Site, at, interval, model};
use crate::accounting::rules::Category;
use crate::domain::decimal::tonnes_of_milligrams;
use crate::domain::identity::BookId;
use crate::domain::period::Period;
use crate::domain::reading::Origin;
use crate::domain::time::{Hour, Instant, Month};
use crate::engine::view::{Comparison, Grouping, LedgerQuestion, LedgerTable, RowKind, Step};

/// What a megawatt-hour emits, in milligrams.
const HOUR: i128 = 570_300_000;

/// A megawatt-hour in every hour of 2025, two in every hour of 2026 up to the 5th of February, 14:00; ten tonnes of oil
/// on the 10th of January 2026. It is 14:20.
fn site() -> Site {
    let mut site = Site::new();
    site.now = Instant(NEW_YEAR.0 + ((365 + 35) * 1440 + 14 * 60 + 20) * 60_000);
    let until = (365 + 35) * 24 + 14;
    let hours = (0..until).map(|hour| {
        let megawatt_hours = if hour < 365 * 24 { 1 } else { 2 };
        interval(QUARTER, hour * 60, 60, megawatt_hours * 1_000_000)
    });
    site.bring(Origin::File, hours.collect());
    site.bring(Origin::Invoice, vec![interval(OIL, (365 + 9) * 1440, 60, 10_000)]);
    site.checkpoint();
    site
}

fn asked(site: &Site, by: Grouping, period: Period, step: Step) -> LedgerTable {
    let question = LedgerQuestion {
        by,
        compare: true,
        ..LedgerQuestion::of(period, step)
    };
    site.engine.ledger(&site.history, &question).unwrap()
}

fn month(year: i32, month: u32) -> Period {
    Period::Month(Month { year, month })
}

#[test]
fn what_is_not_over_is_compared_by_the_hours_that_are() {
    let site = site();
    let zone = model().zone;
    let grid = |table: &LedgerTable| {
        let row = table.rows.iter().find(|row| row.key == "quarters").unwrap();
        row.comparison
    };
    let compared = |here, before, year_ago| {
        Some(Comparison {
            here: here * HOUR,
            before: Some(before * HOUR),
            year_ago: Some(year_ago * HOUR),
        })
    };
    let table = asked(&site, Grouping::Tree, month(2026, 2), Step::Day);
    let hours = 4 * 24 + 14;
    assert_eq!(grid(&table), compared(2 * hours, 2 * hours, hours));
    let start = |minutes| zone.hour_of(at(minutes));
    let stretch = |day: i64| Period::Hours(start(day * 1440), Hour(start(day * 1440).0 + 110));
    let said = table.compared.unwrap();
    assert_eq!(
        (said.here, said.before, said.year_ago),
        (stretch(365 + 31), stretch(365), Some(stretch(31)))
    );
    // What is over is compared as a whole.
    let table = asked(&site, Grouping::Tree, month(2026, 1), Step::Day);
    assert_eq!(grid(&table), compared(2 * 31 * 24, 31 * 24, 31 * 24));
    assert_eq!(table.compared.unwrap().before, month(2025, 12));
    // The plant's day begins at eight.
    let day = Period::Day(zone.local(site.now).date());
    let table = asked(&site, Grouping::Tree, day, Step::Hour);
    assert_eq!(grid(&table), compared(2 * 6, 2 * 6, 6));
    let hour = Period::Hour(Hour(zone.hour_of(site.now).0 - 1));
    assert_eq!(
        grid(&asked(&site, Grouping::Tree, hour, Step::Whole)),
        compared(2, 2, 1)
    );
    // A year has no other year ago than the one before.
    let table = asked(&site, Grouping::Tree, Period::Year(2026), Step::Month);
    let hours = 35 * 24 + 14;
    assert_eq!(
        grid(&table),
        Some(Comparison {
            here: 2 * hours * HOUR,
            before: Some(hours * HOUR),
            year_ago: None
        })
    );
}

#[test]
fn nothing_is_not_compared_as_if_it_were_nought() {
    let site = site();
    let table = asked(&site, Grouping::Tree, month(2025, 1), Step::Whole);
    let whole = table.rows[0].comparison.unwrap();
    assert_eq!((whole.before, whole.year_ago), (None, None));
    // An hour that runs, and what is to come, have no hours that are over.
    let zone = model().zone;
    for period in [Period::Hour(zone.hour_of(site.now)), Period::Year(2027)] {
        let table = asked(&site, Grouping::Tree, period, Step::Whole);
        assert_eq!((table.compared, table.rows[0].comparison), (None, None), "{period:?}");
    }
}

#[test]
fn however_it_is_grouped_the_whole_is_the_same_and_every_figure_opens_into_itself() {
    let site = site();
    for period in [month(2026, 1), Period::Year(2026), month(2025, 7)] {
        let tree = asked(&site, Grouping::Tree, period, Step::Month);
        for by in [Grouping::Tree, Grouping::Category, Grouping::Gas, Grouping::Book] {
            let table = asked(&site, by, period, Step::Month);
            let whole = |table: &LedgerTable| {
                let row = &table.rows[0];
                (row.figures.clone(), row.total, row.comparison, table.direct)
            };
            assert_eq!(whole(&table), whole(&tree), "{by:?} {period:?}");
            for row in &table.rows {
                let explained = site.engine.explain(&site.history, &row.target).unwrap();
                let value = tonnes_of_milligrams(row.total.milligrams).to_string();
                assert_eq!(explained.value, Some(value), "{by:?} {}", row.key);
            }
        }
    }
}

#[test]
fn groups_stand_in_the_order_of_reports_with_their_sources_below() {
    let site = site();
    let names = |by| -> Vec<(u32, RowKind, String)> {
        let table = asked(&site, by, month(2026, 1), Step::Whole);
        let rows = table.rows.into_iter();
        rows.map(|row| (row.depth, row.kind, row.key)).collect()
    };
    let keys = |by| -> Vec<(u32, String)> { names(by).into_iter().map(|(depth, _, key)| (depth, key)).collect() };
    let expected = |rows: &[(u32, &str)]| -> Vec<(u32, String)> {
        rows.iter().map(|&(depth, key)| (depth, key.to_owned())).collect()
    };
    assert_eq!(
        keys(Grouping::Category),
        expected(&[
            (0, "plant"),
            (1, "fuel-combustion"),
            (2, "boiler"),
            (2, "start-up"),
            (1, "purchased-electricity"),
            (2, "grid"),
            (2, "quarters"),
        ])
    );
    assert_eq!(
        names(Grouping::Category)[1].1,
        RowKind::Category(Category::FuelCombustion)
    );
    assert_eq!(
        keys(Grouping::Gas),
        expected(&[
            (0, "plant"),
            (1, "CO2"),
            (2, "boiler"),
            (2, "grid"),
            (2, "start-up"),
            (2, "quarters"),
        ])
    );
    assert_eq!(
        keys(Grouping::Book),
        expected(&[(0, "shanxi"), (1, "fuel-combustion"), (1, "purchased-electricity")])
    );
}

#[test]
fn a_table_by_books_has_every_book_side_by_side() {
    let mut site = site();
    let mut model = model();
    let mut other = model.books[0].clone();
    other.id = BookId(2);
    other.key = "beijing".to_owned();
    other.boundary = model.nodes[1].id;
    model.books.push(other);
    model.next.book = 3;
    site.apply(model);
    let table = asked(&site, Grouping::Book, month(2026, 1), Step::Whole);
    let books: Vec<&str> = table
        .rows
        .iter()
        .filter(|row| row.kind == RowKind::Book)
        .map(|row| row.key.as_str())
        .collect();
    assert_eq!(books, ["shanxi", "beijing"]);
    assert_eq!(table.rows[0].total, table.rows[3].total);
}
