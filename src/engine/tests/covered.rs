//! Calibrations are told of the days on which they held, and not of today.

use chrono::NaiveDate;

use crate::domain::document::{CALIBRATION_FORM, Document, DocumentBody};
use crate::domain::identity::MeterId;
use crate::domain::reading::{Origin, Slot};
use crate::domain::time::Month;
use crate::engine::command::{CommandBody, Provenance};
use crate::engine::view::Target;
use crate::locale::{Language, Localizer};
use crate::management::evidence::{MeterFacts, NotCovered, Rule, Uncovered, Verdict};

use super::plant::{POWER, Site, at, model, reading};

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
