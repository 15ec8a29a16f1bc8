//! Anomalies as the engine keeps them: found as readings arrive, the same whatever the order, after a crash and after a
//! replay from nothing; worked on by people, with what that does to readings.

use chrono::NaiveDate;
use proptest::prelude::*;
use proptest::test_runner::Config;
use rust_decimal::Decimal;

use crate::domain::actor::{Actor, Role};
use crate::domain::checks::{BandPlan, CheckPlan, Setting};
use crate::domain::model::{Limits, Person, SiteModel};
use crate::domain::reading::{Incoming, Origin};
use crate::domain::time::Instant;
use crate::engine::anomalies::{AnomaliesOutcome, AnomalyDeed};
use crate::engine::command::{Answer, CommandBody, Provenance, Refusal};
use crate::engine::event::Event;
use crate::engine::history::{Row, Tree};
use crate::engine::view::AnomalyView;
use crate::quality::anomaly::{AnomalyId, Correction, Disposition, Stage};
use crate::quality::flag::{Check, Rule};

use super::checked::{flawed, restless};
use super::plant::{COAL, OXYGEN, Site, at, judge, model, name, piece, reading};

fn staffed() -> SiteModel {
    let person = |staff_number: &str| Person {
        staff_number: staff_number.to_owned(),
        name: name(staff_number),
        user: None,
        roles: vec![Role::DataQualityChecker],
    };
    SiteModel {
        persons: vec![person("li"), person("wang")],
        ..model()
    }
}

fn site_at(minute: i64) -> Site {
    let mut site = Site::young();
    site.apply(staffed());
    site.now = at(minute);
    site
}

fn flawed_site() -> Site {
    let mut site = site_at(720);
    site.bring(Origin::Connector, flawed());
    judge(&mut site);
    site
}

fn by(staff_number: &str) -> Actor {
    Actor {
        person: Some(staff_number.to_owned()),
        roles: vec![Role::DataQualityChecker],
        ..Actor::daemon()
    }
}

fn work(site: &mut Site, who: &str, anomalies: &[AnomalyId], deed: AnomalyDeed) -> Result<AnomaliesOutcome, Refusal> {
    let anomalies = anomalies.to_vec();
    match site.asked_by(by(who), None, CommandBody::Anomalies { anomalies, deed })? {
        Answer::Anomalies(outcome) => Ok(outcome),
        other => panic!("{other:?}"),
    }
}

fn dispose(disposition: Disposition) -> AnomalyDeed {
    AnomalyDeed::Dispose {
        disposition,
        cause: Some(1),
        comment: String::new(),
        evidence: String::new(),
    }
}

/// Check, first and last minute.
type Told = (Check, i64, i64, Stage);

fn told(anomaly: &AnomalyView) -> Told {
    let minute = |instant: Instant| instant.since(at(0)).div_euclid(60_000);
    let signs = &anomaly.signs;
    (signs.check(), minute(signs.from), minute(signs.to), anomaly.work.stage)
}

fn queue(site: &Site) -> Vec<Told> {
    // What is said of arrival depends on the order of it, as nothing else does.
    let mut all: Vec<Told> = site.engine.anomalies().iter().map(told).collect();
    all.retain(|(check, ..)| *check != Check::Arrival);
    all.sort_unstable();
    all
}

/// The anomaly of a check that begins at a minute.
fn one(site: &Site, check: Check, minute: i64) -> AnomalyView {
    let all = site.engine.anomalies();
    let mut fitting = all.into_iter().filter(|anomaly| {
        let (own, from, ..) = told(anomaly);
        own == check && from == minute
    });
    fitting
        .next()
        .unwrap_or_else(|| panic!("{check:?} at {minute}: {:?}", queue(site)))
}

/// The same site, opened from its rows and the records after them.
fn reopened(site: &Site) -> Site {
    let mut again = site.clone();
    again.crash();
    again
}

#[test]
fn what_arrives_is_judged_and_what_is_wrong_stands_in_the_queue() {
    let site = flawed_site();
    let found = queue(&site);
    let has = |check: Check, from: i64, to: i64| found.contains(&(check, from, to, Stage::New));
    assert!(has(Check::Range, 120, 120), "{found:?}");
    assert!(has(Check::Gap, 299, 330), "{found:?}");
    assert!(
        found
            .iter()
            .any(|told| told.0 == Check::Flat && told.1 <= 501 && told.2 >= 555),
        "{found:?}"
    );
    let range = one(&site, Check::Range, 120);
    assert_eq!(range.signs.rule, Rule::SensorHigh);
    assert!(range.signs.limit.is_some() && range.signs.value.is_some());
    // The gap is worth what was emitted in as much time before it: nothing was, the day before.
    assert!(one(&site, Check::Gap, 299).due > site.now);
}

#[test]
fn a_restart_and_a_replay_find_nothing_twice() {
    let site = flawed_site();
    let before = site.engine.anomalies();
    assert!(!before.is_empty());
    site.assert_sound();
    for mut again in [reopened(&site), site.replayed()] {
        again.assert_sound();
        assert_eq!(again.engine.anomalies(), before);
        let records = again.journal.len();
        judge(&mut again);
        assert_eq!(again.engine.anomalies(), before);
        assert_eq!(again.journal.len(), records, "nothing new was found");
    }
}

#[test]
fn late_readings_take_an_anomaly_back_that_nobody_has_begun_to_work_on() {
    let mut site = flawed_site();
    let gap = one(&site, Check::Gap, 299).anomaly;
    let missing: Vec<Incoming> = (300..330)
        .map(|minute| reading(COAL, minute, restless(minute)))
        .collect();
    site.bring(Origin::Connector, missing);
    judge(&mut site);
    assert!(
        queue(&site).iter().all(|told| told.0 != Check::Gap),
        "{:?}",
        queue(&site)
    );
    let history = site.engine.anomaly_history(&site.history, gap).unwrap();
    assert_eq!(history.anomaly.work.stage, Stage::Gone);
    let again = reopened(&site);
    assert_eq!(again.engine.anomalies(), site.engine.anomalies());

    // Whoever has begun keeps it, with the mark that it is not found any more, and may close it.
    let mut begun = flawed_site();
    let gap = one(&begun, Check::Gap, 299).anomaly;
    work(&mut begun, "li", &[gap], AnomalyDeed::Take).unwrap();
    let missing: Vec<Incoming> = (300..330)
        .map(|minute| reading(COAL, minute, restless(minute)))
        .collect();
    begun.bring(Origin::Connector, missing);
    judge(&mut begun);
    let left = one(&begun, Check::Gap, 299);
    assert_eq!((left.work.stage, left.work.found), (Stage::Investigating, false));
    let close = AnomalyDeed::Close { comment: String::new() };
    assert_eq!(work(&mut begun, "li", &[gap], close).unwrap().done, 1);
}

#[test]
fn a_silence_is_noticed_while_it_lasts_and_becomes_the_gap_that_it_was() {
    let mut site = site_at(200);
    site.bring(
        Origin::Connector,
        (0..200).map(|minute| reading(COAL, minute, restless(minute))).collect(),
    );
    judge(&mut site);
    assert_eq!(queue(&site), []);
    site.now = at(260);
    judge(&mut site);
    judge(&mut site);
    let silent = one(&site, Check::Gap, 199);
    assert!(silent.signs.going);
    site.now = at(300);
    judge(&mut site);
    site.bring(
        Origin::Connector,
        (300..500)
            .map(|minute| reading(COAL, minute, restless(minute)))
            .collect(),
    );
    site.now = at(500);
    judge(&mut site);
    let over = one(&site, Check::Gap, 199);
    assert_eq!(over.anomaly, silent.anomaly);
    assert_eq!((told(&over).2, over.signs.going), (300, false));
}

#[test]
fn a_decision_does_to_readings_what_it_says_and_is_taken_back_with_them() {
    let mut site = flawed_site();
    let flat = one(&site, Check::Flat, told_flat(&site));
    let value = |site: &Site, minute: i64| {
        let found = site
            .engine
            .readings(&site.history, COAL, at(minute), at(minute + 1))
            .unwrap();
        let (_, live) = found[0];
        (live.value, live.verdict)
    };
    let before = value(&site, 530);
    let preview = site
        .engine
        .rehearse_work(
            &site.history,
            &by("li"),
            &[flat.anomaly],
            dispose(Disposition::InstrumentFault),
        )
        .unwrap();
    assert!(preview.readings >= 50 && !preview.restated.is_empty(), "{preview:?}");
    let outcome = work(&mut site, "li", &[flat.anomaly], dispose(Disposition::InstrumentFault)).unwrap();
    assert_eq!((outcome.done, outcome.readings), (1, preview.readings));
    assert_ne!(value(&site, 530).1, before.1);
    judge(&mut site);
    // What a person keeps out is no new gap.
    assert!(
        queue(&site).iter().filter(|told| told.0 == Check::Gap).count() == 1,
        "{:?}",
        queue(&site)
    );
    let decided = one(&site, Check::Flat, told_flat(&site));
    assert_eq!(decided.work.stage, Stage::Disposed);

    let record = outcome.sequence.unwrap();
    site.withdraw(record).unwrap();
    assert_eq!(value(&site, 530), before);
    judge(&mut site);
    let back = one(&site, Check::Flat, told_flat(&site));
    assert_eq!((back.anomaly, back.work.stage), (flat.anomaly, Stage::Investigating));
    assert!(site.withdraw(record).is_err(), "twice");
    assert_eq!(reopened(&site).engine.anomalies(), site.engine.anomalies());
    assert_eq!(site.replayed().engine.anomalies(), site.engine.anomalies());
    site.assert_sound();
    site.checkpoint();
    site.assert_sound();
    // A row that says otherwise than the records is told.
    let (key, _) = site
        .history
        .rows(Tree::Anomalies)
        .next()
        .map(|(key, value)| (key.to_vec(), value.to_vec()))
        .unwrap();
    let (tree, value) = (Tree::Anomalies, None);
    site.history.apply([Row { tree, key, value }]);
    assert_eq!(site.verification().findings.len(), 1);
}

/// The minute at which the flat line begins.
fn told_flat(site: &Site) -> i64 {
    queue(site).iter().find(|told| told.0 == Check::Flat).unwrap().1
}

#[test]
fn a_restart_leaves_a_silence_as_it_stands() {
    let mut site = site_at(200);
    site.bring(
        Origin::Connector,
        (0..200).map(|minute| reading(COAL, minute, restless(minute))).collect(),
    );
    judge(&mut site);
    site.now = at(260);
    judge(&mut site);
    judge(&mut site);
    let silent = one(&site, Check::Gap, 199).anomaly;
    site.checkpoint();
    site.crash();
    let records = site.journal.len();
    judge(&mut site);
    judge(&mut site);
    let told: Vec<_> = site.journal[records..]
        .iter()
        .map(super::plant::Recorded::event)
        .collect();
    assert!(
        told.iter().all(
            |event| !matches!(event, Event::AnomaliesFound(all) if all.found.iter().any(|found| found.signs.is_none()))
        ),
        "{told:?}"
    );
    assert_eq!(one(&site, Check::Gap, 199).anomaly, silent);
}

#[test]
fn what_goes_on_after_a_decision_is_a_new_anomaly_of_what_lies_behind_it() {
    // Stuck from minute 300 on.
    let stuck =
        |from: i64, to: i64| -> Vec<Incoming> { (from..to).map(|minute| reading(COAL, minute, 81_000)).collect() };
    let mut site = site_at(400);
    let sound = (0..300).map(|minute| reading(COAL, minute, restless(minute)));
    site.bring(Origin::Connector, sound.chain(stuck(300, 400)).collect());
    judge(&mut site);
    let first = one(&site, Check::Flat, told_flat(&site));
    work(&mut site, "li", &[first.anomaly], dispose(Disposition::InstrumentFault)).unwrap();
    site.now = at(600);
    site.bring(Origin::Connector, stuck(400, 600));
    judge(&mut site);
    let open = site.engine.anomalies();
    let second = open
        .iter()
        .find(|one| one.signs.check() == Check::Flat && one.work.stage == Stage::New);
    let second = second.unwrap_or_else(|| panic!("{:?}", queue(&site)));
    assert_eq!(told(second).1, 400, "behind what was decided");
    assert_eq!(
        site.engine
            .anomaly_history(&site.history, first.anomaly)
            .unwrap()
            .anomaly
            .signs
            .to,
        first.signs.to
    );
    // What was put right is not put right once more.
    let twice = dispose(Disposition::Correct(Correction::Times(Decimal::TWO)));
    let range = one(&site, Check::Flat, 400).anomaly;
    assert_eq!(work(&mut site, "li", &[range], twice.clone()).unwrap().done, 1);
    assert!(
        site.engine
            .anomalies()
            .iter()
            .all(|one| one.work.stage == Stage::Disposed || one.signs.check() != Check::Flat)
    );
    site.assert_sound();
}

#[test]
fn a_correction_is_exact_and_one_that_cannot_be_is_refused_with_nothing_changed() {
    let mut site = flawed_site();
    let range = one(&site, Check::Range, 120).anomaly;
    let too_large = dispose(Disposition::Correct(Correction::Times(Decimal::TEN)));
    let outcome = work(&mut site, "li", &[range], too_large).unwrap();
    assert_eq!(
        (outcome.sequence, outcome.refused[0].1.id.as_ref()),
        (None, "correction-out-of-range")
    );
    let meant = Disposition::EntryError(Correction::Value(Decimal::new(80_123, 3)));
    assert_eq!(work(&mut site, "li", &[range], dispose(meant)).unwrap().done, 1);
    let found = site.engine.readings(&site.history, COAL, at(120), at(121)).unwrap();
    assert_eq!(found[0].1.value, 80_123);
    let unknown = work(&mut site, "li", &[AnomalyId(999)], AnomalyDeed::Take).unwrap();
    assert_eq!(unknown.refused[0].1.id, "anomaly-unknown");
    let gap = one(&site, Check::Gap, 299).anomaly;
    let refused = work(&mut site, "li", &[gap], dispose(Disposition::Reject)).unwrap();
    assert_eq!(refused.refused[0].1.id, "anomaly-gap-has-none");
    let no_cause = AnomalyDeed::Dispose {
        disposition: Disposition::Reject,
        cause: None,
        comment: String::new(),
        evidence: String::new(),
    };
    assert!(
        matches!(work(&mut site, "li", &[gap], no_cause), Err(Refusal::Request(text)) if text.id == "anomaly-cause-missing")
    );
    let nobody = AnomalyDeed::Assign { to: "zhao".to_owned() };
    assert!(
        matches!(work(&mut site, "li", &[gap], nobody), Err(Refusal::Request(text)) if text.id == "anomaly-no-person")
    );
}

#[test]
fn weighty_ones_take_a_second_person_and_together_are_closed_those_of_one_cause() {
    let mut strict = staffed();
    strict.anomalies.second_person_from = Decimal::ZERO;
    let mut site = flawed_site();
    site.apply(strict);
    let flat = one(&site, Check::Flat, told_flat(&site)).anomaly;
    let range = one(&site, Check::Range, 120).anomaly;
    work(&mut site, "li", &[flat], dispose(Disposition::Real)).unwrap();
    let mut other = dispose(Disposition::Real);
    if let AnomalyDeed::Dispose { cause, .. } = &mut other {
        *cause = Some(5);
    }
    work(&mut site, "li", &[range], other).unwrap();
    let close = || AnomalyDeed::Close {
        comment: "seen".to_owned(),
    };
    let same = work(&mut site, "li", &[flat], close()).unwrap();
    assert_eq!(same.refused[0].1.id, "anomaly-refused-same-person");
    let both = work(&mut site, "wang", &[flat, range], close()).unwrap();
    assert_eq!(
        (both.done, both.refused[0].1.id.as_ref()),
        (1, "anomaly-refused-other-cause")
    );
    let twice = work(&mut site, "wang", &[flat], close()).unwrap();
    assert_eq!(twice.refused[0].1.id, "anomaly-refused-closed");
    // What is closed is not found once more, and can be opened again.
    judge(&mut site);
    assert!(
        site.engine
            .anomalies()
            .iter()
            .all(|anomaly| anomaly.signs.check() != Check::Flat)
    );
    let reason = "the certificate was of another meter".to_owned();
    assert_eq!(
        work(&mut site, "li", &[flat], AnomalyDeed::Reopen { reason })
            .unwrap()
            .done,
        1
    );
    assert_eq!(reopened(&site).engine.anomalies(), site.engine.anomalies());
    let history = site.engine.anomaly_history(&site.history, flat).unwrap();
    site.assert_sound();
    site.checkpoint();
    site.assert_sound();
    let deeds: Vec<_> = history.log.iter().map(|entry| entry.by.as_str()).collect();
    assert_eq!(deeds, ["li", "wang", "li"]);
}

proptest! {
    #![proptest_config(Config::with_cases(40))]

    /// In whatever order and pieces readings come, with restarts between, the same is found in the end.
    #[test]
    fn the_order_of_arrival_does_not_change_what_is_found(
        order in proptest::collection::vec(0_u8..6, 10),
        restarts in proptest::collection::vec(any::<bool>(), 6),
    ) {
        let all = flawed();
        let mut straight = site_at(720);
        straight.bring(Origin::Connector, all.clone());
        judge(&mut straight);
        straight.now = straight.now.plus(11 * 60_000);
        judge(&mut straight);

        let mut shuffled = site_at(720);
        for number in 0..6_u8 {
            let part = piece(&all, &order, number);
            if !part.is_empty() {
                shuffled.bring(Origin::Connector, part);
            }
            judge(&mut shuffled);
            if restarts.get(usize::from(number)) == Some(&true) {
                shuffled.checkpoint();
                shuffled.crash();
            }
        }
        judge(&mut shuffled);
        shuffled.now = straight.now.plus(-11_000);
        judge(&mut shuffled);
        shuffled.assert_sound();
        prop_assert_eq!(queue(&shuffled), queue(&straight));
    }
}

/// Coal is between 70 and 90 t/h where the load is above fifty, and next to nothing below that.
fn by_load() -> SiteModel {
    let band = |load: Limits, usual: Limits| BandPlan {
        months: None,
        hours: None,
        load: Some(load),
        usual,
    };
    let span = |low: i64, high: i64| Limits {
        low: Some(low.into()),
        high: Some(high.into()),
    };
    let mut model = staffed();
    for parameter in &mut model.parameters {
        if parameter.id == COAL {
            parameter.checks = Some(CheckPlan {
                load: Some(OXYGEN),
                bands: vec![band(span(50, 100), span(70, 90)), band(span(0, 50), span(0, 10))],
                ..CheckPlan::default()
            });
        }
    }
    model
}

#[test]
fn a_band_follows_the_load_also_where_that_comes_behind() {
    let loads = |from: i64, to: i64, load: i64| -> Vec<Incoming> {
        let decimals = model().parameter(OXYGEN).unwrap().decimals;
        let value = load * 10_i64.pow(decimals);
        // Restless, so that nothing else is to be said of it.
        (from..to)
            .map(|minute| reading(OXYGEN, minute, value + minute * 7 % 13))
            .collect()
    };
    let coal = || -> Vec<Incoming> { (0..300).map(|minute| reading(COAL, minute, restless(minute))).collect() };
    let of_band = |site: &Site| -> Vec<Told> { queue(site).into_iter().filter(|told| told.0 == Check::Band).collect() };
    let mut site = site_at(300);
    site.apply(by_load());
    site.bring(Origin::Connector, [loads(0, 200, 80), loads(200, 300, 20)].concat());
    site.bring(Origin::Connector, coal());
    judge(&mut site);
    assert_eq!(
        of_band(&site),
        [(Check::Band, 200, 299, Stage::New)],
        "{:?}",
        queue(&site)
    );

    // The load of the last hours was not known when coal was judged.
    let mut behind = site_at(300);
    behind.apply(by_load());
    behind.bring(Origin::Connector, loads(0, 200, 80));
    behind.bring(Origin::Connector, coal());
    judge(&mut behind);
    assert_eq!(of_band(&behind), []);
    behind.bring(Origin::Connector, loads(200, 300, 20));
    judge(&mut behind);
    assert_eq!(of_band(&behind), of_band(&site), "{:?}", queue(&behind));
    // A load that is corrected takes back what rested on it.
    let corrected = loads(200, 300, 81);
    behind.bring(Origin::Correction, corrected);
    judge(&mut behind);
    assert_eq!(of_band(&behind), [], "{:?}", queue(&behind));
}

#[test]
fn readings_of_a_meter_out_of_calibration_are_found_until_it_is_calibrated() {
    let with = |until: Option<NaiveDate>| {
        let mut model = staffed();
        model.meters[0].calibrated_until = until;
        for parameter in &mut model.parameters {
            parameter.meter = (parameter.id == COAL).then(|| model.meters[0].id);
        }
        model
    };
    let of_calibration = |site: &Site| -> Vec<Told> {
        queue(site)
            .into_iter()
            .filter(|told| told.0 == Check::Calibration)
            .collect()
    };
    let day = |day| NaiveDate::from_ymd_opt(2025, 1, day);
    let mut site = site_at(3_000);
    site.apply(with(day(1)));
    site.bring(
        Origin::Connector,
        (0..600).map(|minute| reading(COAL, minute, restless(minute))).collect(),
    );
    judge(&mut site);
    judge(&mut site);
    assert_eq!(of_calibration(&site), [], "it held until the end of the day");
    site.bring(Origin::Connector, vec![reading(COAL, 2_000, 80_000)]);
    judge(&mut site);
    assert_eq!(of_calibration(&site), [(Check::Calibration, 1_440, 2_000, Stage::New)]);
    site.apply(with(day(31)));
    judge(&mut site);
    assert_eq!(of_calibration(&site), []);
}

#[test]
fn how_values_were_typed_is_asked_about_and_a_round_in_time_is_not() {
    let of_typing = |site: &Site| -> Vec<Rule> {
        let all = site.engine.anomalies();
        let typing = all.iter().filter(|one| one.signs.check() == Check::Typing);
        typing.map(|one| one.signs.rule).collect()
    };
    let mut site = site_at(600);
    site.bring(Origin::Typed, vec![reading(OXYGEN, 599, 37)]);
    judge(&mut site);
    assert_eq!(of_typing(&site), []);
    site.bring(
        Origin::Typed,
        (300..310).map(|minute| reading(OXYGEN, minute, minute)).collect(),
    );
    judge(&mut site);
    assert_eq!(of_typing(&site), [Rule::TypedTogether]);
    assert_eq!(reopened(&site).engine.anomalies(), site.engine.anomalies());
    assert_eq!(site.replayed().engine.anomalies(), site.engine.anomalies());
}

#[test]
fn rounds_that_are_sent_one_by_one_in_a_burst_are_one_go() {
    let of_typing = |site: &Site| -> Vec<(Rule, i64, i64)> {
        let all = site.engine.anomalies();
        let typing = all.iter().filter(|one| one.signs.check() == Check::Typing);
        let minute = |instant: Instant| instant.since(at(0)) / 60_000;
        typing
            .map(|one| (one.signs.rule, minute(one.signs.from), minute(one.signs.to)))
            .collect()
    };
    let mut site = site_at(600);
    for (second, minute) in [(0, 300), (20, 420), (40, 540)] {
        site.now = at(600).plus(second * 1_000);
        site.bring(Origin::Typed, vec![reading(OXYGEN, minute, minute)]);
        judge(&mut site);
    }
    assert_eq!(of_typing(&site), [(Rule::TypedTogether, 300, 540)]);
    // What comes a quarter of an hour later is a go of its own, and late is another question than together.
    site.now = at(1_200);
    site.bring(Origin::Typed, vec![reading(OXYGEN, 545, 5)]);
    judge(&mut site);
    assert_eq!(
        of_typing(&site),
        [(Rule::TypedTogether, 300, 540), (Rule::TypedLate, 545, 545)]
    );
    assert_eq!(reopened(&site).engine.anomalies(), site.engine.anomalies());
    assert_eq!(site.replayed().engine.anomalies(), site.engine.anomalies());
}

#[test]
fn what_comes_late_or_from_the_future_is_told_as_one_and_changes_no_flag() {
    let of_arrival = |site: &Site| -> Vec<(Rule, i64, i64)> {
        let all = site.engine.anomalies();
        let arrival = all.iter().filter(|one| one.signs.check() == Check::Arrival);
        let minute = |instant: Instant| instant.since(at(0)) / 60_000;
        let mut found: Vec<(Rule, i64, i64)> = arrival
            .map(|one| (one.signs.rule, minute(one.signs.from), minute(one.signs.to)))
            .collect();
        found.sort_unstable();
        found
    };
    let mut site = site_at(600);
    site.bring(
        Origin::Connector,
        vec![reading(OXYGEN, 595, 37), reading(OXYGEN, 605, 37)],
    );
    judge(&mut site);
    assert_eq!(of_arrival(&site), [], "clocks differ, and lines are slow");
    for minutes in [300..303, 303..306] {
        let late = minutes.map(|minute| reading(OXYGEN, minute, minute)).collect();
        site.bring(Origin::Connector, late);
    }
    site.bring(Origin::Connector, vec![reading(OXYGEN, 700, 37)]);
    judge(&mut site);
    let told = [(Rule::CameLate, 300, 305), (Rule::FutureStamp, 700, 700)];
    assert_eq!(of_arrival(&site), told);
    // It counts as if it had come in time: nothing is at stake.
    site.bring(
        Origin::Connector,
        (100..110).map(|minute| reading(COAL, minute, 10_000)).collect(),
    );
    judge(&mut site);
    let coal = site.engine.anomalies();
    let coal = coal
        .iter()
        .find(|one| one.parameter == COAL && one.signs.rule == Rule::CameLate);
    assert_eq!(coal.map(|one| one.signs.stake_mg), Some(0));
    let told = [(Rule::CameLate, 100, 109), told[0], told[1]];
    // What people type is asked about in another way, and an archive is old.
    site.bring(Origin::File, vec![reading(OXYGEN, 200, 37)]);
    judge(&mut site);
    assert_eq!(of_arrival(&site), told);
    assert_eq!(reopened(&site).engine.anomalies(), site.engine.anomalies());
    let mut quiet = staffed();
    quiet.parameters[5].checks = Some(CheckPlan {
        arrival: Setting::Off,
        ..CheckPlan::default()
    });
    let mut site = site_at(600);
    site.apply(quiet);
    site.bring(
        Origin::Connector,
        vec![reading(OXYGEN, 700, 37), reading(OXYGEN, 100, 37)],
    );
    judge(&mut site);
    assert_eq!(of_arrival(&site), []);
}

#[test]
fn what_rested_on_a_reading_from_the_future_goes_with_it() {
    let mut site = site_at(600);
    site.bring(
        Origin::Connector,
        (500..600).map(|minute| reading(OXYGEN, minute, 37)).collect(),
    );
    let ahead = site.bring(Origin::Connector, vec![reading(OXYGEN, 1_700, 38)]);
    judge(&mut site);
    let gaps = |site: &Site| {
        queue(site)
            .into_iter()
            .filter(|(check, ..)| *check == Check::Gap)
            .count()
    };
    assert_eq!(gaps(&site), 1, "{:?}", queue(&site));
    site.withdraw(ahead.sequence.unwrap()).unwrap();
    site.now = site.now.plus(60_000);
    judge(&mut site);
    assert_eq!(gaps(&site), 0, "{:?}", queue(&site));
}

#[test]
fn what_ended_while_nothing_was_told_is_told_when_it_is_time() {
    let mut site = site_at(0);
    let beyond = |minute: i64| {
        if minute % 10 == 5 {
            120_000_000
        } else {
            20_000 + minute % 7
        }
    };
    for minute in 0..60 {
        site.now = at(minute);
        site.bring(Origin::Connector, vec![reading(OXYGEN, minute, beyond(minute))]);
        judge(&mut site);
    }
    for minute in 60..80 {
        site.now = at(minute);
        site.bring(Origin::Connector, vec![reading(OXYGEN, minute, 20_000 + minute % 7)]);
        judge(&mut site);
    }
    let reached = queue(&site)
        .into_iter()
        .filter(|(check, ..)| *check == Check::Range)
        .map(|(_, _, to, _)| to)
        .max();
    assert_eq!(reached, Some(55), "{:?}", queue(&site));
}

#[test]
fn what_goes_on_in_an_archive_of_hours_is_one_anomaly() {
    let mut site = site_at(3_000);
    let readings: Vec<Incoming> = (0..24)
        .map(|hour| {
            let value = if (5..11).contains(&hour) {
                999_999_999
            } else {
                3_000 + hour
            };
            reading(OXYGEN, hour * 60, value)
        })
        .collect();
    let intake = |readings: Vec<Incoming>, past: bool| CommandBody::Intake {
        origin: Origin::File,
        provenance: Provenance {
            past,
            ..Provenance::default()
        },
        readings,
    };
    site.command(intake(readings, true)).unwrap();
    judge(&mut site);
    let of_range =
        |site: &Site| -> Vec<Told> { queue(site).into_iter().filter(|told| told.0 == Check::Range).collect() };
    assert_eq!(of_range(&site), [(Check::Range, 300, 600, Stage::New)]);
    // What comes as the plan awaits it is told apart after three of its minutes.
    let minutes = [1_400, 1_460].map(|minute| reading(OXYGEN, minute, 999_999_999));
    site.command(intake(minutes.to_vec(), false)).unwrap();
    judge(&mut site);
    assert_eq!(of_range(&site).len(), 3, "{:?}", queue(&site));
}

#[test]
fn what_comes_to_light_before_a_decided_stretch_is_told_too() {
    let mut site = site_at(100);
    let wrong = |minutes: std::ops::Range<i64>| -> Vec<Incoming> {
        minutes.map(|minute| reading(COAL, minute, 999_999_999)).collect()
    };
    site.bring(
        Origin::Connector,
        (0..20).map(|minute| reading(COAL, minute, restless(minute))).collect(),
    );
    site.bring(Origin::Connector, wrong(30..41));
    judge(&mut site);
    let id = one(&site, Check::Range, 30).anomaly;
    assert_eq!(
        work(&mut site, "li", &[id], dispose(Disposition::Real)).unwrap().done,
        1
    );
    // What came behind its time was wrong as well, and goes on into what was decided.
    site.bring(Origin::Connector, wrong(25..30));
    judge(&mut site);
    let of_range: Vec<Told> = queue(&site).into_iter().filter(|told| told.0 == Check::Range).collect();
    assert_eq!(
        of_range,
        [
            (Check::Range, 25, 29, Stage::New),
            (Check::Range, 30, 40, Stage::Disposed)
        ]
    );
    judge(&mut site);
    site.assert_sound();
}
