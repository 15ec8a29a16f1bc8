//! Who sat at the posts, and what people did since, through checkpoints and losses of power.

use crate::domain::actor::{Actor, SignOff};
use crate::domain::identity::Sequence;
use crate::domain::note::{About, Note};
use crate::domain::reading::Origin;
use crate::engine::attendance::Since;
use crate::engine::command::{Answer, CommandBody, Refusal};

use super::plant::{COAL, Site, at, reading};

fn person(staff_number: &str) -> Actor {
    Actor {
        person: Some(staff_number.to_owned()),
        ..Actor::daemon()
    }
}

fn sign_on(site: &mut Site, staff_number: &str) -> (Sequence, Option<Since>) {
    relieve(site, staff_number, None)
}

fn relieve(site: &mut Site, staff_number: &str, instead_of: Option<&str>) -> (Sequence, Option<Since>) {
    let body = CommandBody::SignOn {
        instead_of: instead_of.map(str::to_owned),
    };
    match site.asked_by(person(staff_number), None, body).unwrap() {
        Answer::SignedOn { sequence, since } => (sequence, since),
        other => panic!("{other:?}"),
    }
}

fn sign_off(site: &mut Site, staff_number: &str) -> Sequence {
    let body = CommandBody::SignOff(SignOff::Asked);
    match site.asked_by(person(staff_number), None, body).unwrap() {
        Answer::Recorded(sequence) => sequence,
        other => panic!("{other:?}"),
    }
}

fn note(site: &mut Site, minutes: i64) {
    let body = CommandBody::Note(Note {
        at: at(minutes),
        about: About::Site,
        text: "changed coal".to_owned(),
        carry: false,
    });
    site.command(body).unwrap();
}

fn deeds(since: &Since) -> Vec<(&str, u64)> {
    since
        .deeds
        .iter()
        .map(|(kind, count)| (kind.as_str(), *count))
        .collect()
}

#[test]
fn what_people_did_since_is_counted_and_what_machines_bring_is_not() {
    let mut site = Site::new();
    assert_eq!(sign_on(&mut site, "2001").1, None, "the first time");
    note(&mut site, 1);
    let left = sign_off(&mut site, "2001");
    let left_at = site.engine.now();

    site.now = site.now.plus(3_600_000);
    note(&mut site, 2);
    site.checkpoint();
    site.bring(Origin::Connector, vec![reading(COAL, 3, 10)]);
    site.bring(Origin::Correction, vec![reading(COAL, 3, 11)]);
    sign_on(&mut site, "2002");
    note(&mut site, 4);
    sign_off(&mut site, "2002");
    let pin = CommandBody::SetPin {
        staff_number: "2002".to_owned(),
    };
    site.command(pin).unwrap();
    site.crash();

    let (again, since) = sign_on(&mut site, "2001");
    let since = since.unwrap();
    assert_eq!((since.at, since.sequence), (left_at, left));
    assert_eq!(deeds(&since), [("correction", 1), ("note", 2), ("pin", 1)]);
    // Whoever never signed off was here last when they signed on.
    site.checkpoint();
    site.crash();
    note(&mut site, 5);
    let (_, since) = sign_on(&mut site, "2001");
    let since = since.unwrap();
    assert_eq!((since.sequence, deeds(&since)), (again, vec![("note", 1)]));

    // Who is relieved leaves with the record of who comes.
    let (relief, _) = relieve(&mut site, "2002", Some("2001"));
    note(&mut site, 6);
    let since = site.engine.since(&site.history, "2001").unwrap().unwrap();
    assert_eq!((since.sequence, deeds(&since)), (relief, vec![("note", 1)]));

    // Whoever did not sign off is still there after a loss of power, once for each time.
    site.checkpoint();
    site.crash();
    let present: Vec<&str> = site
        .engine
        .present()
        .iter()
        .filter_map(|actor| actor.person.as_deref())
        .collect();
    assert_eq!(present, ["2001", "2002"]);
    sign_off(&mut site, "2001");

    let replayed = site.replayed();
    assert_eq!(replayed.engine.present(), site.engine.present());
    for staff_number in ["2001", "2002", "2003"] {
        assert_eq!(
            replayed.engine.since(&replayed.history, staff_number),
            site.engine.since(&site.history, staff_number)
        );
    }
    site.assert_sound();
}

#[test]
fn nobody_cannot_sign_on() {
    let mut site = Site::new();
    let before = site.engine.next_sequence();
    for body in [
        CommandBody::SignOn { instead_of: None },
        CommandBody::SignOff(SignOff::Idle),
    ] {
        let refused = site.command(body).unwrap_err();
        assert!(matches!(refused, Refusal::Request(text) if text.id == "sign-on-nobody"));
    }
    assert_eq!(site.engine.next_sequence(), before);
}
