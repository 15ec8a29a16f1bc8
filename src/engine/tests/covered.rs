//! Calibrations are told of the days on which they held, and not of today.

use chrono::NaiveDate;

use crate::domain::document::{CALIBRATION_FORM, Document, DocumentBody};
use crate::domain::identity::MeterId;
use crate::domain::reading::{Origin, Slot};
use crate::domain::time::Month;
use crate::engine::command::{CommandBody, Provenance};
use crate::engine::second_check::CheckVerdict;
use crate::engine::view::Target;
use crate::locale::{Language, Localizer};
use crate::management::evidence::{MeterFacts, NotCovered, Rule, Subject, Uncovered, Verdict};

use super::evidence::apply_from;
use super::plant::{POWER, Site, at, model, reading};
use super::second_check;

const DAY: i64 = 1440;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A meter that the plan calls calibrated until a day, read in every hour of some days of the year.
fn read(until: &str, days: impl Iterator<Item = i64>) -> Site {
    let mut site = Site::young();
    let mut planned = model();
    for meter in &mut planned.meters {
        "A1".clone_into(&mut meter.serial);
        meter.calibrated_on = Some(day("2024-01-10"));
        meter.calibrated_until = Some(day(until));
    }
    site.apply(planned);
    site.now = at(90 * DAY);
    let hours = days.flat_map(|day| (0..24).map(move |hour| day * 24 + hour));
    let readings = hours.map(|hour| reading(POWER, hour * 60, hour));
    site.bring(Origin::Connector, readings.collect());
    site
}

/// A certificate of a day until another, or a rejection.
fn certify(site: &mut Site, on: &str, until: Option<&str>) {
    let document = Document {
        form: CALIBRATION_FORM.to_owned(),
        number: on.to_owned(),
        remark: None,
        body: DocumentBody::Calibration {
            meter: MeterId(1),
            on: day(on),
            until: until.map(day),
            laboratory: String::new(),
            error: "+0.2 %".to_owned(),
            serial: String::new(),
        },
        attachments: Vec::new(),
    };
    site.command(CommandBody::File {
        provenance: Provenance::default(),
        documents: vec![document],
    })
    .unwrap();
}

/// How the meter was calibrated in a month, and what ER-03 says.
fn seen(site: &Site, month: u32) -> (MeterFacts, Verdict) {
    let month = Month { year: 2025, month };
    let view = site.engine.quality_plan(&site.history, site.now, month).unwrap();
    let rule = view.evidence.iter().find(|one| one.rule == Rule::Calibrated).unwrap();
    let meter = view.facts.meters.iter().find(|one| one.meter == MeterId(1)).unwrap();
    (meter.clone(), rule.verdict)
}

fn explained(site: &Site, of_day: i64) -> String {
    let target = Target::Reading {
        parameter: POWER,
        slot: Slot::instant(at(of_day * DAY)),
    };
    let explanation = site.engine.explain(&site.history, &target).unwrap();
    let mut remarks = explanation.remarks.iter();
    let said = remarks.find(|remark| remark.id.starts_with("explain-meter"));
    Localizer::new(Language::English).text(said.unwrap())
}

#[test]
fn a_month_is_judged_by_the_certificate_of_its_days_and_not_by_one_that_came_later() {
    let mut site = read("2025-01-31", 0..80);
    certify(&mut site, "2025-02-10", Some("2026-02-09"));
    let (january, passes) = seen(&site, 1);
    assert_eq!((january.days, january.covered.uncovered), (31, None));
    assert_eq!(
        (january.covered.until, passes),
        (Some(day("2025-01-31")), Verdict::Pass)
    );
    let (february, fails) = seen(&site, 2);
    let uncovered = Uncovered {
        first: day("2025-02-01"),
        days: 9,
        why: NotCovered::Over(day("2025-01-31")),
    };
    assert_eq!((february.covered.uncovered, fails), (Some(uncovered), Verdict::Fail));
    let (march, passes) = seen(&site, 3);
    assert_eq!((march.covered.until, passes), (Some(day("2026-02-09")), Verdict::Pass));
    // A reading is told with what held on its day.
    assert!(explained(&site, 5).contains("2024-01-10"), "{}", explained(&site, 5));
    assert!(explained(&site, 70).contains("2025-02-10"));
}

#[test]
fn a_rejection_ends_what_a_certificate_promised_until_the_next_one() {
    let mut site = read("2025-12-31", 0..80);
    certify(&mut site, "2025-01-20", None);
    certify(&mut site, "2025-03-03", Some("2026-03-02"));
    let uncovered = |site: &Site, month| seen(site, month).0.covered.uncovered;
    let rejected = |first: &str, days| {
        Some(Uncovered {
            first: day(first),
            days,
            why: NotCovered::Rejected(day("2025-01-20")),
        })
    };
    assert_eq!(uncovered(&site, 1), rejected("2025-01-20", 12));
    assert_eq!(uncovered(&site, 2), rejected("2025-02-01", 28));
    assert_eq!(uncovered(&site, 3), rejected("2025-03-01", 2));
    site.checkpoint();
    site.crash();
    assert_eq!(uncovered(&site, 2), rejected("2025-02-01", 28));
}

#[test]
fn only_days_with_readings_need_a_calibration() {
    let mut site = read("2025-01-03", (0..3).chain(11..20));
    certify(&mut site, "2025-01-11", Some("2026-01-10"));
    let (january, verdict) = seen(&site, 1);
    assert_eq!((january.days, january.covered.uncovered), (12, None));
    assert_eq!(
        (january.covered.until, verdict),
        (Some(day("2026-01-10")), Verdict::Pass)
    );
    // What the plan says without a day holds until its last, and a record takes its place.
    let mut undated = model();
    for meter in &mut undated.meters {
        (meter.calibrated_on, meter.calibrated_until) = (None, Some(day("2025-12-31")));
    }
    let mut site = read("2025-01-03", 0..20);
    site.apply(undated);
    assert_eq!(seen(&site, 1).1, Verdict::Pass);
    certify(&mut site, "2025-01-11", Some("2025-01-15"));
    let uncovered = seen(&site, 1).0.covered.uncovered.unwrap();
    assert_eq!((uncovered.first, uncovered.days), (day("2025-01-16"), 5));
}

#[test]
fn a_certificate_counts_once_a_second_person_agreed_and_not_where_they_returned_it() {
    let mut site = read("2025-01-31", 0..80);
    let mut checked = model();
    for meter in &mut checked.meters {
        "A1".clone_into(&mut meter.serial);
        meter.calibrated_on = Some(day("2024-01-10"));
        meter.calibrated_until = Some(day("2025-01-31"));
        meter.second_person = true;
    }
    site.apply(checked);
    certify(&mut site, "2025-02-01", Some("2026-01-31"));
    let record = site.journal.last().unwrap().sequence;
    let (waits, verdict) = seen(&site, 2);
    assert_eq!(
        (waits.covered.awaits, verdict),
        (Some(day("2025-02-01")), Verdict::NotEvaluable)
    );
    assert_eq!(seen(&site, 1).1, Verdict::Pass);
    second_check::say(
        &mut site,
        "7",
        record,
        second_check::returned("of another meter", Vec::new()),
    )
    .unwrap();
    let (refused, verdict) = seen(&site, 2);
    let uncovered = refused.covered.uncovered.unwrap();
    assert_eq!((uncovered.days, verdict), (28, Verdict::Fail));
    assert_eq!(uncovered.why, NotCovered::Over(day("2025-01-31")));
    second_check::say(&mut site, "8", record, CheckVerdict::Agreed).unwrap();
    assert_eq!(seen(&site, 2).1, Verdict::Pass);
    // The next one comes while this one holds; that the meter is unfit would end it.
    certify(&mut site, "2025-02-10", Some("2026-02-09"));
    assert_eq!(seen(&site, 2).1, Verdict::Pass);
    certify(&mut site, "2025-02-20", None);
    assert_eq!(seen(&site, 2).0.covered.awaits, Some(day("2025-02-20")));
}

#[test]
fn a_day_that_the_plan_no_longer_says_certifies_nothing() {
    let dated = |on: Option<&str>, until: Option<&str>| {
        let mut planned = model();
        for meter in &mut planned.meters {
            "A1".clone_into(&mut meter.serial);
            (meter.calibrated_on, meter.calibrated_until) = (on.map(day), until.map(day));
        }
        planned
    };
    // A year too late, and put right for all hours.
    let mut site = read("2025-12-31", 0..80);
    site.apply(dated(Some("2023-01-10"), Some("2024-01-09")));
    assert_eq!(seen(&site, 1).1, Verdict::Fail);
    site.apply(dated(None, None));
    assert_eq!(seen(&site, 1).1, Verdict::Fail);
    // A later one goes on from what was before.
    let mut site = read("2025-01-31", 0..80);
    site.apply(dated(Some("2025-02-01"), Some("2026-01-31")));
    assert_eq!([1, 2].map(|month| seen(&site, month).1), [Verdict::Pass; 2]);
    // Put right from a day on, it holds until that day.
    let mut site = read("2025-12-31", 0..80);
    let corrected = dated(Some("2023-01-10"), Some("2024-01-09"));
    apply_from(&mut site, 40, corrected);
    assert_eq!(seen(&site, 1).1, Verdict::Pass);
    let (february, verdict) = seen(&site, 2);
    assert_eq!((february.covered.uncovered.unwrap().days, verdict), (19, Verdict::Fail));
}

#[test]
fn a_meter_is_asked_of_no_day_before_it_was_in_the_plan() {
    let mut before = model();
    before.meters.clear();
    for one in &mut before.parameters {
        one.meter = None;
    }
    before.parameters.retain(|one| one.id != POWER);
    before.sources.retain(|one| one.id != super::plant::GRID);
    let mut site = Site::young();
    site.apply(before);
    site.now = at(90 * DAY);
    site.bring(Origin::Connector, vec![reading(super::plant::COAL, 0, 20_000)]);
    let mut with = model();
    for meter in &mut with.meters {
        (meter.calibrated_on, meter.calibrated_until) = (Some(day("2025-02-25")), Some(day("2026-02-24")));
    }
    apply_from(&mut site, 56, with);
    let month = Month { year: 2025, month: 2 };
    let view = site.engine.quality_plan(&site.history, site.now, month).unwrap();
    let rates = view.evidence.iter().find(|one| one.rule == Rule::MeterRates).unwrap();
    let is_of_it = |of: &Subject| *of == Subject::Parameter(POWER);
    let against = rates.rests_on.iter().filter(|rest| rest.is_against);
    assert_eq!(against.filter(|rest| is_of_it(&rest.of)).count(), 0, "{rates:?}");
}

#[test]
fn of_a_channel_that_gets_another_meter_each_is_asked_of_its_own_days() {
    let mut site = read("2024-12-31", 0..31);
    let mut other = model();
    let mut second = other.meters[0].clone();
    (second.id, second.key) = (MeterId(2), "M2".to_owned());
    (second.calibrated_on, second.calibrated_until) = (Some(day("2025-01-14")), Some(day("2026-01-13")));
    other.meters = vec![second];
    for one in &mut other.parameters {
        one.meter = one.meter.map(|_| MeterId(2));
    }
    apply_from(&mut site, 14, other);
    let month = Month { year: 2025, month: 1 };
    let view = site.engine.quality_plan(&site.history, site.now, month).unwrap();
    let of_meter = |id| {
        let meter = view.facts.meters.iter().find(|one| one.meter == MeterId(id)).unwrap();
        (meter.days, meter.covered.uncovered.map(|uncovered| uncovered.days))
    };
    assert_eq!(of_meter(1), (14, Some(14)));
    assert_eq!(of_meter(2), (17, None));
}
