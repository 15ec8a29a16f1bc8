//! Handovers of shifts: the sheet writes itself, a signature keeps what was seen, and what comes after is marked.

use crate::domain::actor::{Actor, Role};
use crate::domain::handover::{ShiftName, Side};
use crate::domain::identity::Sequence;
use crate::domain::model::{Name, ShiftSlot, SiteModel};
use crate::domain::note::{About, Note};
use crate::domain::reading::Origin;
use crate::domain::sheet::EntrySheet;
use crate::domain::time::Instant;
use crate::engine::command::{Answer, CommandBody, Refusal};
use crate::engine::handover::{HandOver, Item};
use crate::engine::second_check::{CheckSubject, CheckVerdict, SecondCheck};
use crate::engine::view::{HandoverView, Mark};

use super::plant::{self, CARBON, COAL, HEATING_VALUE, OXYGEN, POWER, Site, at, interval, model, reading};

/// A day shift from 08:00 on, a night shift from 20:00; the round at 12:00 writes two values down.
fn worked() -> SiteModel {
    let slot = |key: &str, start_minutes| ShiftSlot {
        key: key.to_owned(),
        name: Name::default(),
        start_minutes,
    };
    SiteModel {
        shifts: vec![slot("day", 480), slot("night", 1200)],
        sheets: vec![EntrySheet {
            key: "rounds".to_owned(),
            name: Name::default(),
            rows: vec![OXYGEN, POWER],
            rounds: vec![720, 1320],
            due_ms: 3_600_000,
            origin: Origin::Typed,
            second_person: false,
        }],
        ..model()
    }
}

fn site() -> Site {
    let mut site = Site::young();
    site.apply(worked());
    site
}

fn day() -> ShiftName {
    "2025-01-01/day".parse().unwrap()
}

fn person(staff_number: &str) -> Actor {
    plant::person(staff_number, Role::ShiftLead)
}

fn note(site: &mut Site, minutes: i64, text: &str) -> Sequence {
    let note = Note {
        at: at(minutes),
        about: About::Site,
        text: text.to_owned(),
        carry: false,
    };
    match site.asked_by(person("1001"), None, CommandBody::Note(note)).unwrap() {
        Answer::Recorded(sequence) => sequence,
        other => panic!("{other:?}"),
    }
}

fn sign(site: &mut Site, by: &str, side: Side, remark: Option<&str>, looked: Instant) -> Result<Sequence, String> {
    let handover = HandOver {
        shift: day(),
        side,
        remark: remark.map(str::to_owned),
        at: looked,
    };
    match site.asked_by(person(by), None, CommandBody::HandOver(handover)) {
        Ok(Answer::Recorded(sequence)) => Ok(sequence),
        Err(Refusal::Request(text)) => Err(text.id.into_owned()),
        other => panic!("{other:?}"),
    }
}

fn seen(site: &Site) -> HandoverView {
    site.engine.handover(&site.history, site.now, Some(day())).unwrap()
}

/// What the sheet says, a word for each line.
fn words(view: &HandoverView) -> Vec<String> {
    let word = |item: &Item| match item {
        Item::Alarm { alarm, .. } => format!("alarm {}", alarm.parameter.0),
        Item::Anomaly { parameter, .. } => format!("anomaly {}", parameter.0),
        Item::Silent { parameter, .. } => format!("silent {}", parameter.0),
        Item::Calibration { meter, .. } => format!("calibration {}", meter.0),
        Item::Round { at, missing, of, .. } => {
            format!("round {} {missing}/{of}", at.since(super::plant::NEW_YEAR) / 60_000)
        }
        Item::Note { text, .. } => text.clone(),
        Item::SecondCheck { record, mark, .. } => format!("second person {record} {mark:?}"),
    };
    let marked = |mark: Mark| match mark {
        Mark::Same => "",
        Mark::After => " after",
        Mark::AfterClosing => " after closing",
        Mark::Changed => " changed",
        Mark::Gone => " gone",
    };
    view.lines
        .iter()
        .filter(|line| {
            !matches!(
                line.item,
                Item::Silent { .. } | Item::Alarm { .. } | Item::Anomaly { .. }
            )
        })
        .map(|line| format!("{}{}", word(&line.item), marked(line.mark)))
        .collect()
}

#[test]
fn a_sheet_writes_itself_and_a_signature_keeps_what_was_seen() {
    let mut site = site();
    site.now = at(13 * 60);
    note(&mut site, 9 * 60, "changed coal");
    note(&mut site, 7 * 60, "of the night");
    assert_eq!(words(&seen(&site)), ["round 720 2/2", "changed coal"]);
    site.bring(Origin::Typed, vec![reading(OXYGEN, 720, 5_000)]);
    assert_eq!(words(&seen(&site)), ["round 720 1/2", "changed coal"]);
    site.now = at(20 * 60 - 5);
    let looked = seen(&site);
    assert!(looked.goes_on && looked.signatures.is_empty());
    // What came after the person looked is not what they signed.
    site.now = site.now.plus(60_000);
    note(&mut site, 19 * 60, "damp coal");
    let record = sign(&mut site, "1001", Side::Outgoing, Some("  belt 2\n slips "), looked.at).unwrap();
    let signed = seen(&site);
    assert_eq!(words(&signed), ["round 720 1/2", "changed coal", "damp coal after"]);
    let signature = signed.signature(Side::Outgoing).unwrap();
    assert_eq!(
        (signature.by.as_str(), signature.record, signature.remark.as_deref()),
        ("1001", record, Some("belt 2  slips"))
    );
    assert_eq!(signature.at, site.now);
    site.checkpoint();
    site.crash();
    assert_eq!(seen(&site), signed);
    assert_eq!(seen(&site.replayed()).lines, signed.lines);
    site.assert_sound();
}

#[test]
fn signing_freezes_nothing_and_what_comes_later_is_marked() {
    let mut site = site();
    site.now = at(21 * 60);
    site.bring(Origin::Typed, vec![reading(OXYGEN, 720, 5_000)]);
    let coal: Vec<_> = (8 * 60..20 * 60).map(|minute| reading(COAL, minute, 20_000)).collect();
    site.bring(Origin::Connector, coal);
    for (parameter, value) in [(HEATING_VALUE, 20_000), (CARBON, 26_000)] {
        site.bring(Origin::Laboratory, vec![interval(parameter, 0, 31 * 24 * 60, value)]);
    }
    let withdrawn = note(&mut site, 10 * 60, "wrong shift");
    let before = seen(&site);
    let newest = before.at;
    sign(&mut site, "1001", Side::Outgoing, None, newest).unwrap();
    sign(&mut site, "1002", Side::Incoming, Some("belt 2 not seen"), newest).unwrap();
    site.now = at(3 * 24 * 60);
    site.withdraw(withdrawn).unwrap();
    site.bring(Origin::Typed, vec![reading(POWER, 720, 100)]);
    note(&mut site, 11 * 60, "remembered later");
    site.bring(Origin::Correction, vec![reading(COAL, 9 * 60, 30_000)]);
    let after = seen(&site);
    assert_eq!(
        words(&after),
        ["round 720 0/2 changed", "wrong shift gone", "remembered later after"]
    );
    let (now, signed) = after.emitted[0];
    assert_eq!(signed.unwrap().milligrams, before.emitted[0].0.milligrams);
    assert!(now.milligrams > signed.unwrap().milligrams, "{now:?}");
    let remarks: Vec<_> = after.signatures.iter().map(|one| one.remark.as_deref()).collect();
    assert_eq!(remarks, [None, Some("belt 2 not seen")]);
    site.assert_sound();
}

#[test]
fn nobody_signs_twice_for_both_too_early_or_for_what_is_none() {
    let mut site = site();
    let newest = Instant(i64::MAX);
    site.now = at(6 * 60);
    assert_eq!(
        sign(&mut site, "1001", Side::Outgoing, None, newest),
        Err("handover-not-begun".to_owned())
    );
    site.now = at(18 * 60);
    assert_eq!(
        sign(&mut site, "1002", Side::Incoming, None, newest),
        Err("handover-goes-on".to_owned())
    );
    let record = sign(&mut site, "1001", Side::Outgoing, None, newest).unwrap();
    assert_eq!(
        sign(&mut site, "1003", Side::Outgoing, None, newest),
        Err("handover-signed-already".to_owned())
    );
    // The crews meet in the last hour.
    site.now = at(19 * 60);
    assert_eq!(
        sign(&mut site, "1001", Side::Incoming, None, newest),
        Err("handover-to-oneself".to_owned())
    );
    let long = "x".repeat(401);
    assert_eq!(
        sign(&mut site, "1002", Side::Incoming, Some(&long), newest),
        Err("handover-remark-too-long".to_owned())
    );
    sign(&mut site, "1002", Side::Incoming, Some("  "), newest).unwrap();
    assert_eq!(seen(&site).signature(Side::Incoming).unwrap().remark, None);
    // One in error is withdrawn, once, and somebody else signs.
    site.withdraw(record).unwrap();
    assert!(site.withdraw(record).is_err());
    assert!(seen(&site).signature(Side::Outgoing).is_none());
    site.checkpoint();
    sign(&mut site, "1003", Side::Outgoing, None, newest).unwrap();
    site.assert_sound();
    site.crash();
    site.assert_sound();
    let of = |name: &str| {
        site.engine
            .handover(&site.history, site.now, Some(name.parse().unwrap()))
    };
    for name in ["2025-01-01/dog", "2025-01-02/day"] {
        assert!(matches!(of(name), Err(Refusal::Request(_))), "{name}");
    }
}

#[test]
fn the_handover_at_hand_is_shown_first() {
    let mut site = site();
    let name = |site: &Site| {
        let view = site.engine.handover(&site.history, site.now, None).unwrap();
        view.shift.to_string()
    };
    let unsigned = |site: &Site| site.engine.unsigned_handover(&site.history, site.now).unwrap();
    site.now = at(20 * 60 + 30);
    assert_eq!(name(&site), "2025-01-01/day");
    assert_eq!(unsigned(&site), Some(day()));
    sign(&mut site, "1001", Side::Outgoing, None, Instant(i64::MAX)).unwrap();
    assert_eq!(name(&site), "2025-01-01/day");
    sign(&mut site, "1002", Side::Incoming, None, Instant(i64::MAX)).unwrap();
    assert_eq!((name(&site).as_str(), unsigned(&site)), ("2025-01-01/night", None));
    // Nobody waits for a signature: an hour on it is the shift on duty.
    site.now = at(32 * 60 + 61);
    assert_eq!(name(&site), "2025-01-02/day");
    assert_eq!(
        unsigned(&site).map(|name| name.to_string()).as_deref(),
        Some("2025-01-01/night")
    );
    // A plant without shifts hands nothing over.
    let mut alone = Site::new();
    alone.command(CommandBody::Tick).unwrap();
    assert!(alone.engine.handover(&alone.history, alone.now, None).is_err());
    assert_eq!(alone.engine.unsigned_handover(&alone.history, alone.now).unwrap(), None);
}

#[test]
fn what_nobody_has_checked_is_handed_over_and_what_became_of_it_is_marked() {
    let mut site = Site::young();
    let mut model = worked();
    model.sheets[0].second_person = true;
    site.apply(model);
    site.now = at(13 * 60);
    let typed = vec![reading(OXYGEN, 720, 5_000), reading(POWER, 720, 5_500)];
    site.bring(Origin::Typed, typed);
    let record = site.journal.last().unwrap().sequence;
    assert_eq!(words(&seen(&site)), [format!("second person {record} Awaits")]);
    site.now = at(20 * 60 - 5);
    let looked = seen(&site).at;
    sign(&mut site, "1001", Side::Outgoing, None, looked).unwrap();
    let check = SecondCheck {
        of: record,
        verdict: CheckVerdict::Agreed,
        seen: None,
    };
    let payload = site.journal[usize::try_from(record.0).unwrap() - 1].clone();
    let body = CommandBody::SecondCheck {
        check,
        subject: CheckSubject::Entry,
        record: (payload.kind(), 1, payload.payload),
    };
    site.asked_by(person("1002"), None, body).unwrap();
    assert_eq!(words(&seen(&site)), [format!("second person {record} Agreed changed")]);
    site.withdraw(record).unwrap();
    let gone = words(&seen(&site));
    assert!(
        gone.contains(&format!("second person {record} Awaits gone")),
        "{gone:?}"
    );
}
