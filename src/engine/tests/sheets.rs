//! Pages of sheets: what stands in their cells and before them.

use crate::domain::reading::Origin;

use super::plant::{HEATING_VALUE, OIL, Site, at, interval, model};

const DAY: i64 = 1440;

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
