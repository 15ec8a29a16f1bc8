//! A meter that was replaced takes none of the old one's calibrations with it, wherever they are asked for.

use chrono::NaiveDate;

use crate::domain::document::{CALIBRATION_FORM, Document, DocumentBody};
use crate::domain::identity::MeterId;
use crate::domain::model::SiteModel;
use crate::domain::reading::{Origin, Slot};
use crate::domain::time::Month;
use crate::engine::command::{CommandBody, MeterChange, Provenance};
use crate::engine::overlaps::ToBring;
use crate::engine::view::Target;
use crate::locale::{Language, Localizer};
use crate::management::evidence::{Rule, Verdict};

use super::plant::{POWER, Site, at, model, reading};

const DAY: i64 = 1440;

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 1, day).unwrap()
}

fn planned(serial: &str, on: &str) -> SiteModel {
    let mut planned = model();
    for meter in &mut planned.meters {
        serial.clone_into(&mut meter.serial);
        meter.calibrated_on = Some(on.parse().unwrap());
        meter.calibrated_until = Some("2025-12-31".parse().unwrap());
    }
    planned
}

/// Twenty days of January, and a new meter on the tenth.
fn site(serial: &str) -> Site {
    let mut site = Site::young();
    site.apply(planned("A1", "2024-06-01"));
    site.now = at(20 * DAY);
    let readings = (0..20 * 24).map(|hour| reading(POWER, hour * 60, hour % 200));
    site.bring(Origin::Connector, readings.collect());
    change(&mut site, serial);
    site
}

fn change(site: &mut Site, serial: &str) {
    change_at(site, 9 * DAY + 600, serial);
}

fn change_at(site: &mut Site, minutes: i64, serial: &str) {
    let change = MeterChange {
        parameter: POWER,
        at: at(minutes),
        final_value: None,
        initial_value: None,
        serial: serial.to_owned(),
        multiplier: String::new(),
        rollover: None,
        reason: "worn out".to_owned(),
    };
    site.command(CommandBody::ChangeMeter(change)).unwrap();
}

/// A certificate of a day, with the serial number that it says.
fn certificate(number: &str, on: NaiveDate, serial: &str) -> Document {
    let body = DocumentBody::Calibration {
        meter: MeterId(1),
        on,
        until: Some(day(31)),
        laboratory: String::new(),
        error: "+0.2 %".to_owned(),
        serial: serial.to_owned(),
    };
    Document {
        form: CALIBRATION_FORM.to_owned(),
        number: number.to_owned(),
        remark: None,
        body,
        attachments: Vec::new(),
    }
}

fn calibrate(site: &mut Site, number: &str, on: NaiveDate, serial: &str) {
    let body = CommandBody::File {
        provenance: Provenance::default(),
        documents: vec![certificate(number, on, serial)],
    };
    site.command(body).unwrap();
}

/// The field and the id of what looks wrong about a certificate.
fn doubted(site: &Site, on: NaiveDate, serial: &str) -> Vec<(String, String)> {
    let asked = ToBring::Documents(vec![certificate("C-9", on, serial)]);
    let found = site.engine.doubts(&site.history, &asked).unwrap();
    let found = found.told.into_iter();
    found.map(|one| (one.field, one.why.id.into_owned())).collect()
}

/// Whether ER-03 passes, until when it holds for whoever looks at the plan, and what is said of a reading of a day.
fn seen(site: &Site, of_day: i64) -> (bool, Option<NaiveDate>, String) {
    let month = Month { year: 2025, month: 1 };
    let view = site.engine.quality_plan(&site.history, site.now, month).unwrap();
    let mut evidence = view.evidence.iter();
    let evidence = evidence.find(|one| one.rule == Rule::Calibrated).unwrap();
    let until = site.engine.model_as_calibrated().unwrap().meters[0].calibrated_until;
    let target = Target::Reading {
        parameter: POWER,
        slot: Slot::instant(at(of_day * DAY)),
    };
    let explanation = site.engine.explain(&site.history, &target).unwrap();
    let localizer = Localizer::new(Language::English);
    let said = explanation
        .remarks
        .iter()
        .find(|remark| remark.id.starts_with("explain-meter"));
    (evidence.verdict == Verdict::Pass, until, localizer.text(said.unwrap()))
}

#[test]
fn a_new_meter_has_no_calibration_until_one_of_its_own_is_known() {
    let mut site = site("A9");
    let (passes, until, said) = seen(&site, 15);
    assert_eq!((passes, until), (false, Some(day(9))));
    assert!(said.contains("A9") && said.contains("no calibration"), "{said}");
    // Of the time before the old one is told.
    let (_, _, said) = seen(&site, 5);
    assert!(said.contains("A1") && said.contains("2024-06-01"), "{said}");
    site.checkpoint();
    site.crash();
    assert_eq!(seen(&site, 15).1, Some(day(9)));
    // Calibrated before it was put in: its own certificate says so by its serial number.
    calibrate(&mut site, "C-1", day(3), "a9");
    let (passes, until, said) = seen(&site, 15);
    assert_eq!((passes, until), (true, Some(day(31))));
    assert!(said.contains("A9") && said.contains("2025-01-03"), "{said}");
    assert!(seen(&site, 5).2.contains("A1"));
    let newest = site.journal.last().unwrap().sequence;
    site.withdraw(newest).unwrap();
    assert_eq!(seen(&site, 15).1, Some(day(9)));
    // One that was made too late leaves the days before it without.
    calibrate(&mut site, "C-2", day(15), "");
    assert_eq!((seen(&site, 15).0, seen(&site, 15).1), (false, Some(day(31))));
    site.assert_sound();
}

#[test]
fn a_calibration_from_before_is_of_the_old_meter_and_goes_on_where_the_change_is_withdrawn() {
    let mut site = Site::young();
    site.apply(planned("A1", "2024-06-01"));
    site.now = at(20 * DAY);
    site.bring(
        Origin::Connector,
        (0..20).map(|step| reading(POWER, step * DAY, step)).collect(),
    );
    calibrate(&mut site, "C-1", day(5), "");
    assert_eq!(seen(&site, 15).1, Some(day(31)));
    change(&mut site, "A9");
    assert_eq!((seen(&site, 15).0, seen(&site, 15).1), (false, Some(day(9))));
    let newest = site.journal.last().unwrap().sequence;
    site.withdraw(newest).unwrap();
    assert_eq!(seen(&site, 15).1, Some(day(31)));
}

#[test]
fn a_plan_that_names_the_new_serial_says_its_calibration_and_a_register_that_was_set_back_is_the_same_meter() {
    let mut site = site("A9");
    site.apply(planned("a9", "2025-01-02"));
    let (passes, until, said) = seen(&site, 15);
    assert_eq!((passes, until), (true, "2025-12-31".parse().ok()));
    assert!(said.contains("2025-01-02"), "{said}");
    // What was planned for the old one still covers its days.
    let (_, _, said) = seen(&site, 5);
    assert!(said.contains("A1") && said.contains("2024-06-01"), "{said}");
    let site = self::site("A1");
    assert_eq!(
        (seen(&site, 15).0, seen(&site, 15).1),
        (true, "2025-12-31".parse().ok())
    );
}

#[test]
fn a_certificate_is_of_the_meter_that_was_there_on_its_day_however_late_it_is_filed() {
    let mut site = site("A9");
    calibrate(&mut site, "C-1", day(3), "");
    // It is the old one's, and the new one still has none.
    let (passes, until, said) = seen(&site, 15);
    assert_eq!((passes, until), (false, Some(day(9))));
    assert!(said.contains("A9") && said.contains("no calibration"), "{said}");
    let (_, _, said) = seen(&site, 5);
    assert!(said.contains("A1") && said.contains("2025-01-03"), "{said}");
    // The old one's of a day after it was taken out says nothing of the new one either.
    calibrate(&mut site, "C-2", day(15), "A1");
    assert_eq!((seen(&site, 15).0, seen(&site, 15).1), (false, Some(day(9))));
    site.checkpoint();
    site.crash();
    assert_eq!((seen(&site, 15).0, seen(&site, 15).1), (false, Some(day(9))));
    calibrate(&mut site, "C-3", day(10), "A 9");
    assert_eq!((seen(&site, 15).0, seen(&site, 15).1), (true, Some(day(31))));
    site.assert_sound();
}

#[test]
fn a_certificate_that_fits_the_meter_of_its_day_badly_is_doubted() {
    let mut site = site("A9");
    let one = |field: &str, id: &str| vec![(field.to_owned(), id.to_owned())];
    assert_eq!(doubted(&site, day(3), "A1"), []);
    assert_eq!(doubted(&site, day(15), ""), []);
    assert_eq!(doubted(&site, day(15), "A9"), []);
    assert_eq!(
        doubted(&site, day(10), "a9"),
        [],
        "the day of the change is the new one's"
    );
    assert_eq!(
        doubted(&site, day(3), ""),
        one("serial", "calibration-doubt-before-change")
    );
    assert_eq!(doubted(&site, day(15), "A1"), one("on", "calibration-doubt-taken-out"));
    assert_eq!(doubted(&site, day(3), "A9"), one("on", "calibration-doubt-not-put-in"));
    assert_eq!(doubted(&site, day(15), "B7"), one("serial", "calibration-doubt-serial"));
    // Where no meter was changed, only another serial number is strange.
    let changed = site.journal.last().unwrap().sequence;
    site.withdraw(changed).unwrap();
    assert_eq!(doubted(&site, day(3), ""), []);
    assert_eq!(doubted(&site, day(3), "A9"), one("serial", "calibration-doubt-serial"));
}

#[test]
fn the_serial_number_of_a_meter_that_was_never_replaced_is_that_of_the_newest_plan() {
    let mut site = Site::young();
    site.apply(planned("A1", "2024-06-01"));
    site.now = at(20 * DAY);
    assert_eq!(doubted(&site, day(5), " a1"), []);
    site.apply(planned("B2", "2024-07-01"));
    assert_eq!(doubted(&site, day(5), "b 2"), []);
    let serial = [("serial".to_owned(), "calibration-doubt-serial".to_owned())];
    assert_eq!(doubted(&site, day(5), "A1"), serial);
    // As a change says from its day on, and what was planned is the one from before.
    change(&mut site, "C3");
    assert_eq!(doubted(&site, day(5), "B2"), []);
    assert_eq!(doubted(&site, day(15), "C3"), []);
    let taken_out = [("on".to_owned(), "calibration-doubt-taken-out".to_owned())];
    assert_eq!(doubted(&site, day(15), "B2"), taken_out);
}

#[test]
fn a_meter_that_comes_back_keeps_its_calibration_wherever_it_stood() {
    let mut site = site("B2");
    calibrate(&mut site, "C-1", day(2), "B2");
    assert!(seen(&site, 15).0, "A1 by the plan, then B2 by its certificate");
    change_at(&mut site, 14 * DAY, "A1");
    let (passes, until, _) = seen(&site, 18);
    assert!(passes, "A1 was calibrated before and after");
    assert_eq!(until, Some("2025-12-31".parse().unwrap()));
    // What is certified of it later is of both its times.
    calibrate(&mut site, "C-2", day(16), "A1");
    assert!(seen(&site, 18).0);
    site.assert_sound();
}

#[test]
fn a_past_day_is_told_with_what_was_calibrated_until_then() {
    let mut site = site("A9");
    let until = |site: &Site, of: u32| {
        let meter = site.engine.model().unwrap().meters[0].clone();
        let before = at(i64::from(of - 1) * DAY);
        let meter = site.engine.as_calibrated_on(&site.history, &meter, (before, day(of)));
        meter.unwrap().calibrated_until
    };
    let planned = Some("2025-12-31".parse().unwrap());
    assert_eq!((until(&site, 5), until(&site, 12)), (planned, Some(day(9))));
    calibrate(&mut site, "C-1", day(15), "A9");
    assert_eq!(
        [5, 12, 16].map(|of| until(&site, of)),
        [planned, Some(day(9)), Some(day(31))]
    );
}
