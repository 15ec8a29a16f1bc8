//! Nobody writes over what they have not seen, and nobody corrects what has not been yet.

use crate::domain::identity::Sequence;
use crate::domain::reading::{Incoming, Origin};
use crate::domain::text::Text;
use crate::engine::command::{Answer, CommandBody, Provenance, Seen};
use crate::locale::{Language, Localizer};

use super::plant::{OXYGEN, POWER, QUARTER, Site, at, interval, reading};

/// Asks for readings of which somebody says what they saw there: the record, and the ids of what is refused.
fn bring(
    site: &mut Site,
    readings: Vec<Incoming>,
    seen: &[Option<Sequence>],
    is_correction: bool,
) -> (Option<Sequence>, Vec<(u32, String)>) {
    let provenance = Provenance {
        seen: Some(Box::new(Seen {
            standing: seen.to_vec(),
            ..Seen::default()
        })),
        reason: is_correction.then(|| "misread".to_owned()),
        ..Provenance::default()
    };
    let body = if is_correction {
        CommandBody::Correct { provenance, readings }
    } else {
        CommandBody::Intake {
            origin: Origin::Typed,
            provenance,
            readings,
        }
    };
    match site.command(body).unwrap() {
        Answer::Intake(outcome) => {
            let refused = outcome.refused.into_iter();
            let refused = refused.map(|(place, why)| (place, why.id.into_owned()));
            (outcome.sequence, refused.collect())
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_somebody_else_brought_meanwhile_is_told_and_not_written_over() {
    for is_correction in [false, true] {
        let mut site = Site::new();
        let changed = |place| (place, "reading-changed-meanwhile".to_owned());
        let cell = |value| reading(OXYGEN, 60, value);
        let (first, refused) = bring(&mut site, vec![cell(4_000)], &[None], is_correction);
        assert_eq!((first.is_some(), refused.as_slice()), (true, &[][..]));
        // Who looked before sees nothing there; the other of the same record is taken.
        let both = vec![cell(4_100), reading(OXYGEN, 120, 4_200)];
        let (second, refused) = bring(&mut site, both, &[None, None], is_correction);
        assert_eq!((second.is_some(), refused), (true, vec![changed(0)]));
        // What says the same may be said again.
        assert_eq!(
            bring(&mut site, vec![cell(4_000)], &[None], is_correction),
            (None, Vec::new())
        );
        // Who saw it may write over it, once.
        let (third, refused) = bring(&mut site, vec![cell(4_100)], &[first], is_correction);
        assert_eq!((third.is_some(), refused.as_slice()), (true, &[][..]));
        let (_, refused) = bring(&mut site, vec![cell(4_300)], &[first], is_correction);
        assert_eq!(refused, [changed(0)]);
        site.withdraw(third.unwrap()).unwrap();
        let (_, refused) = bring(&mut site, vec![reading(OXYGEN, 180, 1)], &[third], is_correction);
        assert_eq!(refused, [(0, "reading-gone-meanwhile".to_owned())]);
        // Where nobody says what they saw, nothing is held against it.
        let (fourth, refused) = bring(&mut site, vec![cell(4_400)], &[], is_correction);
        assert_eq!((fourth.is_some(), refused.as_slice()), (true, &[][..]));
        site.assert_sound();
    }
}

#[test]
fn what_changed_meanwhile_is_named_by_the_time_that_it_is_of() {
    let told = |bring: Incoming, localizer: &Localizer| {
        let mut site = Site::new();
        site.bring(Origin::Typed, vec![bring]);
        let provenance = Provenance {
            seen: Some(Box::new(Seen {
                standing: vec![None],
                ..Seen::default()
            })),
            ..Provenance::default()
        };
        let other = Incoming { value: 7, ..bring };
        let body = CommandBody::Intake {
            origin: Origin::Typed,
            provenance,
            readings: vec![other],
        };
        match site.command(body).unwrap() {
            Answer::Intake(outcome) => localizer.text(&outcome.refused[0].1),
            other => panic!("{other:?}"),
        }
    };
    for language in Language::ALL {
        let localizer = Localizer::new(language);
        let shown = |minutes| localizer.text(&Text::new("overlap-instant").with_instant("at", at(minutes)));
        // An amount is written down at its end, and is that of all the time before it.
        let amount = told(interval(QUARTER, 60, 480, 5), &localizer);
        assert!(amount.contains(&format!("{} – {}", shown(60), shown(540))), "{amount}");
        let instant = told(reading(OXYGEN, 60, 5), &localizer);
        assert!(instant.contains(&shown(60)) && !instant.contains('–'), "{instant}");
    }
}

#[test]
fn a_correction_of_what_is_not_over_needs_something_to_correct() {
    let mut site = Site::young();
    site.now = at(90);
    let days = |value| interval(QUARTER, 60, 3 * 1440, value);
    let early = [(0, "reading-not-yet".to_owned())];
    let (_, refused) = bring(&mut site, vec![days(5)], &[], true);
    assert_eq!(refused, early);
    site.bring(Origin::Connector, vec![days(4)]);
    assert_eq!(bring(&mut site, vec![days(5)], &[], true).1, []);
    assert_eq!(bring(&mut site, vec![reading(POWER, 30, 5)], &[], true).1, []);
}
