//! Pages of entry sheets: what stands around their cells, and what may not be written down yet.

use crate::domain::missing::MissingRule;
use crate::domain::model::{Name, SiteModel};
use crate::domain::reading::Origin;
use crate::domain::sheet::{EntrySheet, SheetPage};
use crate::engine::command::{CommandBody, MeterChange};
use crate::engine::filling::{Fill, FillBy};

use super::filling::{coal, hour, planned};
use super::plant::{COAL, HEATING_VALUE, OIL, OXYGEN, POWER, Site, at, interval, model, reading};

const DAY: i64 = 1440;

fn site() -> Site {
    let mut site = Site::young();
    site.apply(SiteModel {
        sheets: vec![EntrySheet {
            key: "rounds".to_owned(),
            name: Name::default(),
            rows: vec![OXYGEN, POWER],
            rounds: vec![0, 480, 960],
            due_ms: 0,
            origin: Origin::Typed,
            second_person: false,
        }],
        ..model()
    });
    site
}

#[test]
fn a_page_knows_when_a_registers_meter_was_changed_and_what_stands_behind_it() {
    let mut site = site();
    site.now = at(3_000);
    site.bring(
        Origin::Typed,
        vec![
            reading(POWER, 480, 1_000_000),
            reading(POWER, 960, 30_000),
            reading(POWER, 1_440, 40_000),
            reading(OXYGEN, 1_440, 40),
        ],
    );
    site.command(CommandBody::ChangeMeter(MeterChange {
        parameter: POWER,
        at: at(900),
        final_value: Some(1_004_000),
        initial_value: Some(0),
        serial: "2".to_owned(),
        multiplier: "60".to_owned(),
        rollover: None,
        reason: "replaced".to_owned(),
    }))
    .unwrap();
    let page = SheetPage::Day("2025-01-01".parse().unwrap());
    let view = site.engine.sheet_page(&site.history, "rounds", page).unwrap();
    let [oxygen, power] = view.rows.as_slice() else {
        panic!()
    };
    assert_eq!((oxygen.after, oxygen.changes.len()), (None, 0), "of registers only");
    assert_eq!(
        power.after.map(|(slot, value)| (slot.at, value)),
        Some((at(1_440), 40_000))
    );
    let [change] = power.changes.as_slice() else { panic!() };
    assert_eq!(
        (change.at, change.last, change.first),
        (at(900), Some(1_004_000), Some(0))
    );
    assert_eq!(change.multipliers, (30.into(), 60.into()));
}

#[test]
fn a_cell_without_a_value_tells_which_of_its_missing_hours_are_filled() {
    let mut site = Site::young();
    site.apply(SiteModel {
        sheets: vec![EntrySheet {
            key: "rounds".to_owned(),
            name: Name::default(),
            rows: vec![COAL, OXYGEN],
            rounds: vec![480, 960, 0],
            due_ms: 0,
            origin: Origin::Typed,
            second_person: false,
        }],
        ..planned(&[COAL], &MissingRule::Neighbours)
    });
    coal(&mut site, 0..=240, 20_000);
    coal(&mut site, 500..=600, 30_000);
    site.pass_until(640);
    let page = |site: &Site| {
        let page = SheetPage::Day("2025-01-01".parse().unwrap());
        site.engine.sheet_page(&site.history, "rounds", page).unwrap()
    };
    let view = page(&site);
    let filled = &view.rows[0].filled;
    let of_plan = filled[0].unwrap();
    assert_eq!((of_plan.hours, of_plan.by_person), (4, false));
    assert_eq!(view.rows[1].filled, [], "nothing fills what has no plan");
    let fill = Fill {
        parameter: COAL,
        from: hour(5),
        to: hour(6),
        by: FillBy::Value("24.5".parse().unwrap()),
        reason: "belt scale was calibrated".to_owned(),
    };
    site.command(CommandBody::Fill(fill)).unwrap();
    let filled = page(&site).rows[0].filled[0].unwrap();
    assert_eq!((filled.hours, filled.by_person), (4, true));
    // What comes after all is written down, and nothing stands in for it any more.
    coal(&mut site, 241..=499, 21_000);
    assert_eq!(page(&site).rows[0].filled.first().copied().flatten(), None);
}

#[test]
fn what_people_write_down_of_a_day_that_is_to_come_is_refused() {
    let mut site = site();
    site.now = at(600);
    let soon = site.bring(Origin::Typed, vec![reading(OXYGEN, 960, 37)]);
    assert!(soon.refused.is_empty(), "it is doubted where it is typed, and taken");
    let ahead = || vec![reading(OXYGEN, 600 + 1_441, 37)];
    let refused = site.bring(Origin::Typed, ahead()).refused;
    assert!(
        matches!(refused.as_slice(), [(0, why)] if why.id == "reading-not-yet"),
        "{refused:?}"
    );
    let refused = site.bring(Origin::Connector, ahead()).refused;
    assert!(
        matches!(refused.as_slice(), [(0, why)] if why.id == "reading-in-future"),
        "{refused:?}"
    );
}

#[test]
fn the_values_before_a_page_are_those_of_two_months_wherever_their_block_begins() {
    // A block of what is written down seldom is a year.
    assert!(model().parameter(OIL).unwrap().block_hours > 8_000);
    let mut site = Site::new();
    let of_day = |day: i64, value| interval(OIL, day * DAY, 1440, value);
    let readings = [(100, 1_000), (238, 2_000), (239, 3_000)].map(|(day, value)| of_day(day, value));
    site.bring(Origin::Typed, readings.to_vec());
    let before = |site: &Site, day: i64| {
        let found = site.engine.last_before(&site.history, OIL, at(day * DAY)).unwrap();
        found.into_iter().map(|(_, value)| value).collect::<Vec<i64>>()
    };
    assert_eq!(before(&site, 240), [3_000, 2_000]);
    // And across the turn of a block, where it is what counted last.
    site.bring(Origin::Typed, vec![of_day(364, 4_000)]);
    assert_eq!(before(&site, 366), [4_000]);
    // What is older than that says nothing of now.
    assert!(before(&site, 239 + 64).is_empty());
    site.checkpoint();
    site.crash();
    assert_eq!(before(&site, 240), [3_000, 2_000]);
    let untested = site.engine.last_before(&site.history, HEATING_VALUE, at(240 * DAY));
    assert!(untested.unwrap().is_empty());
}

#[test]
fn the_round_that_is_being_made_knows_what_is_not_written_down() {
    let mut site = site();
    site.now = at(DAY + 700);
    let made = |site: &Site| {
        let rounds = site.engine.rounds_being_made(&site.history, site.now).unwrap();
        let rounds = rounds.into_iter().map(|round| (round.sheet, round.at, round.missing));
        rounds.collect::<Vec<_>>()
    };
    let of = |minutes, missing| vec![("rounds".to_owned(), at(minutes), missing)];
    assert_eq!(made(&site), of(DAY + 480, 2));
    site.bring(Origin::Typed, vec![reading(OXYGEN, DAY + 480, 40)]);
    assert_eq!(made(&site), of(DAY + 480, 1));
    site.bring(Origin::Typed, vec![reading(POWER, DAY + 480, 1_000)]);
    assert_eq!(made(&site), of(DAY + 480, 0));
    site.now = at(DAY + 960);
    assert_eq!(made(&site), of(DAY + 960, 2), "the next one is another one");
}
