//! What the quality checks find in the readings that are kept.

use crate::domain::reading::{Incoming, Origin, Quality};
use crate::engine::command::Refusal;
use crate::engine::view::EpisodeView;
use crate::locale::{Language, Localizer};

use super::plant::{COAL, OXYGEN, Site, at, reading};

/// Twelve hours of a restless flow: a value that cannot be, half an hour without readings, an hour in which the sensor
/// shows the same.
fn flawed() -> Vec<Incoming> {
    let silent = 300..330;
    (0..720)
        .filter(|minute| !silent.contains(minute))
        .map(|minute| {
            let value = match minute {
                120 => 999_999_999,
                500..560 => 87_000,
                _ => 80_000 + minute * 7_919 % 1_009,
            };
            reading(COAL, minute, value)
        })
        .collect()
}

fn checked(site: &Site) -> Vec<EpisodeView> {
    site.engine
        .checked(&site.history, Some(COAL), (at(0), at(720)))
        .unwrap()
}

#[test]
fn what_is_wrong_with_readings_is_found_whatever_the_order_in_which_they_came() {
    let mut site = Site::young();
    site.now = at(720);
    site.bring(Origin::Connector, flawed());
    let found = checked(&site);
    let words = Localizer::new(Language::English);
    let told: Vec<(String, i64, i64)> = found
        .iter()
        .map(|episode| {
            let minutes = |instant: crate::domain::time::Instant| instant.since(at(0)) / 60_000;
            (words.text(&episode.check), minutes(episode.from), minutes(episode.to))
        })
        .collect();
    let has = |from: i64, to: i64| told.iter().any(|(_, first, last)| (*first, *last) == (from, to));
    assert!(has(120, 120), "{told:?}");
    assert!(has(330, 330), "{told:?}");
    assert!(
        told.iter()
            .any(|(_, from, to)| *from >= 499 && *from <= 501 && *to >= 555 && *to <= 560),
        "{told:?}"
    );
    assert!(found.iter().any(|episode| episode.keeps_out));
    assert!(found.windows(2).all(|pair| pair[0].from <= pair[1].from));

    let mut late = Site::young();
    late.now = at(720);
    let (even, odd): (Vec<_>, Vec<_>) = flawed().into_iter().enumerate().partition(|(place, _)| place % 2 == 0);
    for half in [odd, even] {
        late.bring(
            Origin::Connector,
            half.into_iter().map(|(_, reading)| reading).collect(),
        );
        late.checkpoint();
    }
    assert_eq!(checked(&late), found);

    // Another parameter has none, and a value that its deliverer marks bad is judged by nobody.
    let of_oxygen = site
        .engine
        .checked(&site.history, Some(OXYGEN), (at(0), at(720)))
        .unwrap();
    assert!(of_oxygen.is_empty());
    let mut marked = Site::young();
    marked.now = at(720);
    let bad = |reading: Incoming| Incoming {
        quality: if reading.value == 999_999_999 {
            Quality::Bad
        } else {
            Quality::Good
        },
        ..reading
    };
    marked.bring(Origin::Connector, flawed().into_iter().map(bad).collect());
    assert!(checked(&marked).iter().all(|episode| episode.from != at(120)));
}

#[test]
fn too_long_a_stretch_is_refused() {
    let site = Site::young();
    let long = (at(0), at(93 * 1440));
    let refused = site.engine.checked(&site.history, None, long).unwrap_err();
    assert!(matches!(refused, Refusal::Request(text) if text.id == "checked-too-long"));
}
