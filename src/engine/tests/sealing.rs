//! What must be done before months are sealed, because nothing can be put right in them afterwards.

use crate::domain::actor::Role;
use crate::domain::identity::Sequence;
use crate::domain::missing::MissingRule;
use crate::domain::period::Period;
use crate::domain::reading::{Incoming, Origin, Slot};
use crate::domain::time::Month;
use crate::engine::command::{Answer, CommandBody, MeterChange, Provenance, Refusal};
use crate::engine::second_check::{CheckVerdict, MOST_FOLLOWED};

use super::filling::{self, coal};
use super::plant::{
    BOILER, COAL, HEATING_VALUE, NEW_YEAR, OXYGEN, POWER, Site, at, constant, delivered, interval, model, person,
    reading,
};
use super::second_check::{bring, planned, returned, say};

const JANUARY: Month = Month { year: 2025, month: 1 };
/// Minutes from the new year to the first of February.
const FEBRUARY: i64 = 31 * 1440;

/// A site where a second person is asked for, whose January is to be sealed soon.
fn site() -> Site {
    let mut site = Site::young();
    let mut plan = planned();
    plan.meters[0].second_person = true;
    site.apply(plan);
    site.now = at(FEBRUARY + 30 * 1440);
    site
}

fn years_pass(site: &mut Site) {
    site.now = NEW_YEAR.plus(2_000 * 86_400_000);
}

/// Why a seal is refused: the text, and the record that it names.
fn why(sealed: Result<Answer, Refusal>) -> (String, String) {
    match sealed {
        Err(Refusal::Request(text)) => {
            let mut named = text
                .arguments
                .iter()
                .filter(|(key, _)| *key == "of" || *key == "record");
            (
                text.id.into_owned(),
                format!("{:?}", named.next().map(|(_, value)| value)),
            )
        }
        other => panic!("{other:?}"),
    }
}

/// Why January cannot be sealed.
fn refused(site: &mut Site) -> (String, String) {
    why(site.clone().seal(JANUARY))
}

fn imported(site: &mut Site, readings: Vec<Incoming>) -> Sequence {
    let body = delivered(Origin::File, Provenance::default(), readings);
    match site
        .asked_by(person("1001", Role::CarbonAccountant), None, body)
        .unwrap()
    {
        Answer::Intake(outcome) => outcome.sequence.unwrap(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_waits_for_a_second_person_is_looked_at_before_its_month_is_sealed() {
    let mut site = site();
    let noon = (OXYGEN, Slot::instant(at(720)));
    let both = vec![reading(OXYGEN, 720, 5_000), reading(OXYGEN, FEBRUARY + 720, 5_000)];
    let typed = bring(&mut site, "1001", Origin::Typed, both);
    let later = bring(&mut site, "1001", Origin::Typed, vec![reading(OXYGEN, FEBRUARY, 5_000)]);
    site.checkpoint();
    years_pass(&mut site);
    let (id, of) = refused(&mut site);
    assert!(id == "sealed-awaits" && of.contains(&typed.to_string()), "{id} {of}");
    say(&mut site, "1002", typed, returned("illegible", vec![noon])).unwrap();
    assert_eq!(refused(&mut site).0, "sealed-returned");
    say(&mut site, "1003", typed, CheckVerdict::Agreed).unwrap();
    site.seal(JANUARY).unwrap();
    // Nobody could put it right any more; what lies later can be, and what is agreed with is done.
    assert_eq!(
        say(&mut site, "1002", typed, returned("all of it", Vec::new())).unwrap_err(),
        "second-check-sealed"
    );
    let in_february = (OXYGEN, Slot::instant(at(FEBRUARY + 720)));
    say(&mut site, "1002", typed, returned("the later one", vec![in_february])).unwrap();
    say(&mut site, "1002", later, CheckVerdict::Agreed).unwrap();
    site.assert_sound();
    site.replayed().assert_sound();
}

#[test]
fn what_is_looked_at_as_a_whole_is_known_by_how_far_back_it_reaches() {
    let mut site = site();
    let many = i64::try_from(MOST_FOLLOWED).unwrap() + 1;
    let minutes = |from: i64| {
        (from..from + many)
            .map(|minute| reading(OXYGEN, minute, 5_000))
            .collect()
    };
    let later = imported(&mut site, minutes(FEBRUARY));
    let open = site.engine.looked_at_as_a_whole(&site.history).unwrap();
    assert_eq!(open, [later]);
    years_pass(&mut site);
    site.clone().seal(JANUARY).unwrap();
    let earlier = imported(&mut site, minutes(720));
    let (id, of) = refused(&mut site);
    assert!(id == "sealed-awaits" && of.contains(&earlier.to_string()), "{id} {of}");
    say(&mut site, "1002", earlier, CheckVerdict::Agreed).unwrap();
    let change = CommandBody::ChangeMeter(MeterChange {
        parameter: POWER,
        at: at(1_440),
        final_value: None,
        initial_value: None,
        serial: "n".to_owned(),
        multiplier: "2".to_owned(),
        rollover: None,
        reason: "test".to_owned(),
    });
    site.asked_by(person("1001", Role::CarbonAccountant), None, change)
        .unwrap();
    assert_eq!(refused(&mut site).0, "sealed-awaits");
    let changed = site.journal.last().unwrap().sequence;
    say(&mut site, "1002", changed, CheckVerdict::Agreed).unwrap();
    site.seal(JANUARY).unwrap();
    assert_eq!(
        say(&mut site, "1003", changed, returned("another day", Vec::new())).unwrap_err(),
        "second-check-sealed"
    );
}

#[test]
fn missing_hours_are_decided_before_their_month_is_sealed() {
    let mut site = filling::site(&[COAL], &MissingRule::Neighbours);
    coal(&mut site, 0..=240, 20_000);
    coal(&mut site, FEBRUARY + 600..=FEBRUARY + 660, 20_000);
    years_pass(&mut site);
    assert_eq!(refused(&mut site).0, "sealed-undecided", "nobody has looked at them");
    let figure = |site: &Site| site.figure(BOILER, Period::Month(JANUARY)).milligrams;
    let before = figure(&site);
    site.pass_until(0);
    let filled = figure(&site);
    assert!(filled > before);
    site.clone().seal(JANUARY).unwrap();
    // What comes late is looked at by the next tick; what lies in later months concerns nobody here.
    site.bring(Origin::Connector, vec![reading(COAL, 300, 20_000)]);
    assert_eq!(refused(&mut site).0, "sealed-undecided");
    site.checkpoint();
    site.crash();
    assert_eq!(refused(&mut site).0, "sealed-undecided", "known after a crash too");
    site.pass_until(0);
    site.bring(Origin::Connector, vec![reading(COAL, FEBRUARY + 900, 20_000)]);
    site.seal(JANUARY).unwrap();
    let sealed = figure(&site);
    site.pass_until(0);
    assert_eq!(figure(&site), sealed);
    site.assert_sound();
}

/// Something that changes a site.
type Change = fn(&mut Site);

#[test]
fn what_is_sealed_is_what_was_exported() {
    let mut site = Site::young();
    years_pass(&mut site);
    let applied = |site: &Site| Sequence(site.engine.next_sequence().0 - 1);
    site.bring(Origin::Connector, vec![reading(OXYGEN, 0, 5_000)]);
    site.bring(
        Origin::Connector,
        vec![
            reading(COAL, FEBRUARY + 900, 20_000),
            reading(COAL, FEBRUARY + 901, 20_000),
        ],
    );
    site.bring(
        Origin::Connector,
        vec![reading(COAL, 0, 20_000), reading(COAL, 1, 20_000)],
    );
    let exported = applied(&site);
    // Neither a note nor what lies later nor what counts in no figure matters.
    site.bring(
        Origin::Connector,
        vec![reading(COAL, FEBRUARY + 902, 20_000), reading(OXYGEN, 1, 5_000)],
    );
    site.clone().seal_as_of(JANUARY, exported).unwrap();
    let changes: [(&str, Change); 3] = [
        ("a reading", |site| {
            drop(site.bring(Origin::Connector, vec![reading(COAL, 2, 20_000)]));
        }),
        ("a tested value", |site| {
            drop(site.bring(Origin::Laboratory, vec![interval(HEATING_VALUE, 0, 31 * 1440, 20_000)]));
        }),
        ("a model", |site| {
            let mut other = model();
            other.sources[0]
                .inputs
                .insert("oxidation_factor".to_owned(), constant("98", "%"));
            site.apply(other);
        }),
    ];
    for (what, change) in changes {
        let mut changed = site.clone();
        change(&mut changed);
        let record = applied(&changed);
        let (id, of) = why(changed.seal_as_of(JANUARY, exported));
        assert!(
            id == "sealed-changed-since" && of.contains(&record.to_string()),
            "{what}: {id} {of}"
        );
        changed.seal_as_of(JANUARY, record).unwrap();
    }
    // An engine that was opened later does not know what came before.
    site.checkpoint();
    site.crash();
    assert_eq!(
        why(site.seal_as_of(JANUARY, Sequence(exported.0))).0,
        "sealed-export-old"
    );
    site.seal(JANUARY).unwrap();
}
