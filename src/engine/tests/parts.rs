//! Which parts a figure opens into.

use crate::domain::period::Period;
use crate::domain::reading::Origin;
use crate::domain::time::Month;
use crate::engine::view::{Figure, Target};

use super::plant::{BOOK, GRID, POWER, Site, model, reading};

#[test]
fn a_day_of_nothing_between_others_is_told() {
    let mut site = Site::new();
    // A counter that is read every hour, and stands still from the second noon to the fourth.
    let readings = (0..120).map(|hour| {
        let counted = if hour < 36 { hour } else { 36 + (hour - 84).max(0) };
        reading(POWER, hour * 60, 1_000 + counted * 50)
    });
    site.bring(Origin::Connector, readings.collect());
    let source = |period| Target::Source {
        book: BOOK,
        source: GRID,
        period,
    };
    let month = source(Period::Month(Month { year: 2025, month: 1 }));
    let explained = site.engine.explain(&site.history, &month).unwrap();
    let still: Vec<_> = explained
        .parts
        .iter()
        .filter(|part| part.value.as_deref() == Some("0.000000000") && part.remark.is_none())
        .collect();
    assert_eq!(still.len(), 1, "{:#?}", explained.parts);
    let Some(Target::Source { period, .. }) = &still[0].target else {
        panic!("{still:?}");
    };
    assert_eq!(site.figure(GRID, *period), Figure::default());
    let (from, to) = period.hours(&model().zone, model().day_start_minutes);
    assert_eq!(to.0 - from.0, 24);
}
