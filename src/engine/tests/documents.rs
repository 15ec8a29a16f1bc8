//! Documents: filed with their readings or not at all, found again, taken back as a whole.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::domain::document::{
    Analysis, Basis, CALIBRATION_FORM, Document, DocumentBody, DocumentForm, FormKind, Given, Span,
};
use crate::domain::identity::{MeterId, ParameterId, Sequence};
use crate::domain::model::{Name, SiteModel};
use crate::domain::period::Period;
use crate::domain::reading::{Origin, Slot, own_id};
use crate::domain::time::Month;
use crate::engine::command::{Answer, CommandBody, Provenance, Refusal};
use crate::engine::overlaps::ToBring;
use crate::engine::view::{Explanation, IntakeOutcome, Target};
use crate::locale::{Language, Localizer};

use super::plant::{BOILER, CARBON, COAL, HEATING_VALUE, OIL, OXYGEN, START_UP, Site, at, interval, model, reading};

fn form(key: &str, kind: FormKind, rows: Vec<ParameterId>) -> DocumentForm {
    let is_report = kind == FormKind::Laboratory;
    DocumentForm {
        key: key.to_owned(),
        name: Name::default(),
        kind,
        rows,
        batches: is_report.then(|| "batches".to_owned()),
        basis: is_report.then_some(Basis::AsReceived),
        total_moisture: None,
        second_person: false,
    }
}

pub(super) fn documented() -> SiteModel {
    SiteModel {
        document_forms: vec![
            form("batches", FormKind::Batch, Vec::new()),
            form("reports", FormKind::Laboratory, vec![HEATING_VALUE, CARBON]),
            form("invoices", FormKind::Invoice, vec![OIL]),
            form("stock", FormKind::Stock, vec![OXYGEN]),
        ],
        ..model()
    }
}

pub(super) fn site() -> Site {
    let mut site = Site::bare();
    site.apply(documented());
    site
}

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 1, day).unwrap()
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

pub(super) fn given(parameter: ParameterId, value: &str) -> Given {
    Given {
        parameter,
        value: decimal(value),
    }
}

pub(super) fn document(form: &str, number: &str, body: DocumentBody) -> Document {
    Document {
        form: form.to_owned(),
        number: number.to_owned(),
        remark: None,
        body,
        attachments: Vec::new(),
    }
}

pub(super) fn days(from: i64, to: i64) -> Span {
    Span {
        from: at(from * 1440),
        to: at(to * 1440),
    }
}

pub(super) fn batch(number: &str, from: i64, to: i64) -> Document {
    let span = days(from, to);
    document(
        "batches",
        number,
        DocumentBody::Batch {
            span,
            values: Vec::new(),
        },
    )
}

pub(super) fn report(number: &str, batch: &str, value: &str) -> Document {
    let body = DocumentBody::Laboratory {
        batch: batch.to_owned(),
        laboratory: "provincial".to_owned(),
        tested_on: day(5),
        analysis: Analysis {
            basis: Some(Basis::AirDried),
            total_moisture: Some(decimal("9.8")),
            moisture: Some(decimal("2.4")),
            ash: None,
        },
        values: vec![given(HEATING_VALUE, value), given(CARBON, "0.026")],
    };
    document("reports", number, body)
}

pub(super) fn invoice(number: &str, amount: &str) -> Document {
    let body = DocumentBody::Invoice {
        seller: "oil depot".to_owned(),
        issued_on: day(4),
        span: days(0, 3),
        values: vec![given(OIL, amount)],
    };
    document("invoices", number, body)
}

#[test]
fn an_invoice_and_its_credit_note_of_one_time_are_named_by_their_records_and_documents() {
    let mut site = site();
    file(&mut site, invoice("R-1", "10")).unwrap();
    file(&mut site, invoice("R-1 C", "-2")).unwrap();
    let last = site.engine.next_sequence().0 - 1;
    let named = |site: &Site| {
        let found = site.engine.named_readings(&site.history, OIL, at(0)).unwrap();
        let found = found.into_iter();
        let mut found: Vec<_> = found
            .map(|one| {
                let records: Vec<u64> = one.records.iter().map(|record| record.0).collect();
                (one.value, records, one.documents)
            })
            .collect();
        found.sort();
        found
    };
    let words = |number: &str| vec![number.to_owned()];
    assert_eq!(
        named(&site),
        [
            (-2_000, vec![last], words("R-1 C")),
            (10_000, vec![last - 1], words("R-1"))
        ]
    );
    // What was put right is still named by what was delivered.
    let there = site.engine.named_readings(&site.history, OIL, at(0)).unwrap();
    let credit = there.into_iter().find(|one| one.value < 0).unwrap();
    let corrected = crate::domain::reading::Incoming {
        slot: credit.slot,
        ..reading(OIL, 0, -3_000)
    };
    site.bring(Origin::Correction, vec![corrected]);
    assert_eq!(named(&site)[0], (-3_000, vec![last, last + 1], words("R-1 C")));
    // And whoever lists the documents is told what stands in its place.
    let listed = site.engine.documents(&site.history, "invoices", 10).unwrap();
    let stands = |number: &str| {
        let view = listed.iter().find(|view| view.document.number == number).unwrap();
        let stands = view.superseded.iter();
        stands
            .map(|one| (one.parameter, one.value, one.record.0))
            .collect::<Vec<_>>()
    };
    assert_eq!(stands("R-1 C"), [(OIL, -3_000, last + 1)]);
    assert_eq!(stands("R-1"), []);
}

fn calibration(number: &str, on: u32, until: Option<NaiveDate>) -> Document {
    let body = DocumentBody::Calibration {
        meter: MeterId(1),
        on: day(on),
        until,
        laboratory: String::new(),
        error: "+0.2 %".to_owned(),
        serial: String::new(),
    };
    document(CALIBRATION_FORM, number, body)
}

fn file_all(site: &mut Site, documents: Vec<Document>) -> Result<IntakeOutcome, String> {
    let body = CommandBody::File {
        provenance: Provenance::default(),
        documents,
    };
    match site.command(body) {
        Ok(Answer::Intake(outcome)) => Ok(outcome),
        Err(Refusal::Request(text)) => Err(text.id.into_owned()),
        other => panic!("{other:?}"),
    }
}

pub(super) fn file(site: &mut Site, document: Document) -> Result<Sequence, String> {
    file_all(site, vec![document]).map(|outcome| outcome.sequence.unwrap())
}

fn withdraw(site: &mut Site, of: Sequence) -> Result<(), String> {
    match site.withdraw(of) {
        Ok(_) => Ok(()),
        Err(Refusal::Request(text)) => Err(text.id.into_owned()),
        Err(other) => panic!("{other:?}"),
    }
}

fn numbers(site: &Site, form: &str) -> Vec<String> {
    let documents = site.engine.documents(&site.history, form, 100).unwrap();
    documents.into_iter().map(|view| view.document.number).collect()
}

fn explained(site: &Site, target: &Target) -> Explanation {
    site.engine.explain(&site.history, target).unwrap()
}

fn oil(site: &Site) -> i128 {
    site.year(START_UP)
}

/// (20.000 GJ/t + 0.023 × 2.4) × (100 − 9.8) / (100 − 2.4) − 0.023 × 9.8 = 18.309…, by hand.
#[test]
fn a_report_counts_for_its_batch_on_the_basis_of_the_parameter() {
    let mut site = site();
    site.bring(
        Origin::Connector,
        (0..600)
            .map(|step| reading(COAL, 2 * 1440 + step * 3, 10_000))
            .collect(),
    );
    file(&mut site, batch("B-1", 2, 4)).unwrap();
    let month = Period::Month(Month { year: 2025, month: 1 });
    let before = site.figure(BOILER, month).milligrams;
    let outcome = file_all(&mut site, vec![report("L-1", "b - 1", "20")]).unwrap();
    assert_eq!((outcome.accepted, outcome.restated.len()), (2, 1));
    assert_ne!(site.figure(BOILER, month).milligrams, before);
    let slot = Slot {
        at: at(2 * 1440),
        span_s: 2 * 86_400,
        own_id: own_id("B-1"),
    };
    let target = Target::Reading {
        parameter: HEATING_VALUE,
        slot,
    };
    let explanation = explained(&site, &target);
    assert_eq!(explanation.value.as_deref(), Some("18.309"));
    let parts: Vec<(String, Option<&str>, bool)> = explanation
        .parts
        .iter()
        .map(|part| (part.label.to_string(), part.value.as_deref(), part.target.is_some()))
        .collect();
    assert_eq!(parts.len(), 3, "{parts:?}");
    assert!(
        parts[1].0.contains("L-1") && parts[1].1 == Some("20") && parts[1].2,
        "{parts:?}"
    );
    assert!(parts[2].0.contains("B-1") && parts[2].2, "{parts:?}");
    // Tested again, the new value takes the place of the old one.
    assert_eq!(
        file_all(&mut site, vec![report("L-2", "B-1", "21")]).unwrap().replaced,
        1
    );
    let batches = site.engine.documents(&site.history, "batches", 10).unwrap();
    assert_eq!(batches[0].tests, ["L-1", "L-2"]);
    site.assert_sound();
    site.checkpoint();
    site.crash();
    assert_eq!(numbers(&site, "reports").len(), 2);
    site.assert_sound();
    let replayed = site.replayed();
    assert_eq!(replayed.figure(BOILER, month), site.figure(BOILER, month));
    replayed.assert_sound();
}

#[test]
fn the_same_invoice_is_filed_once_and_after_it_was_withdrawn_again() {
    let mut site = site();
    let first = file(&mut site, invoice("No 25-001", "12.5")).unwrap();
    let posted = oil(&site);
    assert_ne!(posted, 0);
    assert_eq!(
        file(&mut site, invoice("no25-001 ", "12.5")).unwrap_err(),
        "document-twice"
    );
    file(&mut site, invoice("25-002", "12.5")).unwrap();
    assert_eq!(oil(&site), 2 * posted);
    withdraw(&mut site, first).unwrap();
    assert_eq!(oil(&site), posted);
    assert_eq!(withdraw(&mut site, first).unwrap_err(), "withdrawal-nothing-stands");
    site.checkpoint();
    // Another seller on it, the same amount: it counts, although the amount was there before.
    file(&mut site, invoice("No 25-001", "12.5")).unwrap();
    assert_eq!(oil(&site), 2 * posted);
    assert_eq!(numbers(&site, "invoices").len(), 2);
    site.assert_sound();
    site.replayed().assert_sound();
}

#[test]
fn a_batch_must_be_there_and_stays_while_a_report_rests_on_it() {
    let mut site = site();
    assert_eq!(
        file(&mut site, report("L-1", "B-1", "20")).unwrap_err(),
        "document-unknown-batch"
    );
    // Who asks before hears the same, of each of those that are asked about.
    let refused = |site: &Site| {
        let documents = vec![batch("B-2", 2, 4), report("L-1", "B-1", "20")];
        let found = site
            .engine
            .doubts(&site.history, &ToBring::Documents(documents))
            .unwrap();
        let found = found.refused.into_iter();
        let found = found.map(|one| (one.place, one.field, one.why.id.into_owned()));
        found.collect::<Vec<_>>()
    };
    let unknown = (1, "batch".to_owned(), "document-unknown-batch".to_owned());
    assert_eq!(refused(&site), [unknown]);
    let of_batch = file(&mut site, batch("B-1", 2, 4)).unwrap();
    assert_eq!(refused(&site), []);
    let of_report = file(&mut site, report("L-1", "B-1", "20")).unwrap();
    site.checkpoint();
    assert_eq!(withdraw(&mut site, of_batch).unwrap_err(), "document-rests");
    withdraw(&mut site, of_report).unwrap();
    withdraw(&mut site, of_batch).unwrap();
    assert_eq!(numbers(&site, "batches").len() + numbers(&site, "reports").len(), 0);
    site.assert_sound();
    site.checkpoint();
    site.crash();
    assert_eq!(numbers(&site, "batches").len(), 0);
    site.assert_sound();
}

#[test]
fn a_batch_that_is_missing_is_told_with_the_name_of_its_form() {
    let mut site = Site::bare();
    let mut documented = documented();
    documented.document_forms[0].name = Name {
        zh: "煤批次".to_owned(),
        en: "Batches of coal".to_owned(),
    };
    site.apply(documented);
    let body = CommandBody::File {
        provenance: Provenance::default(),
        documents: vec![report("L-1", "B-1", "20")],
    };
    let Err(Refusal::Request(why)) = site.command(body) else {
        panic!("there is no such batch")
    };
    for (language, name) in [(Language::English, "Batches of coal"), (Language::Chinese, "煤批次")] {
        let said = Localizer::new(language).text(&why);
        assert!(said.contains(name) && !said.contains("batches"), "{said}");
    }
}

#[test]
fn several_are_one_record_or_none() {
    let mut site = site();
    let batches = (0..3)
        .map(|place| batch(&format!("B-{place}"), place, place + 1))
        .collect();
    let outcome = file_all(&mut site, batches).unwrap();
    assert_eq!(outcome.sequence, site.journal.last().map(|record| record.sequence));
    let reports = |last: &str| -> Vec<Document> {
        let numbered = ["B-0", "B-1", last].into_iter().enumerate();
        numbered
            .map(|(place, batch)| report(&format!("L-{place}"), batch, "20"))
            .collect()
    };
    let records = site.journal.len();
    assert_eq!(file_all(&mut site, reports("B-9")).unwrap_err(), "document-of-several");
    assert_eq!((site.journal.len(), numbers(&site, "reports").len()), (records, 0));
    assert_eq!(file_all(&mut site, reports("B-2")).unwrap().accepted, 6);
    assert_eq!(site.journal.len(), records + 1);
    assert_eq!(numbers(&site, "batches"), ["B-2", "B-1", "B-0"]);
    let twice = vec![batch("B-7", 5, 6), batch("b-7", 5, 6)];
    assert_eq!(file_all(&mut site, twice).unwrap_err(), "document-of-several");
    let mixed = vec![batch("B-7", 5, 6), invoice("1", "1")];
    assert_eq!(file_all(&mut site, mixed).unwrap_err(), "documents-of-several-kinds");
    assert_eq!(file_all(&mut site, Vec::new()).unwrap_err(), "documents-too-many");
    site.assert_sound();
}

#[test]
fn what_makes_no_sense_is_refused_and_leaves_nothing() {
    let mut site = site();
    file(&mut site, batch("B-1", 2, 4)).unwrap();
    let records = site.journal.len();
    let far = batch("B-2", 399, 500);
    let backwards = batch("B-2", 4, 2);
    let long = batch("B-2", -401, 0);
    let unnumbered = batch(" ", 2, 4);
    let wordy = batch(&"B".repeat(65), 2, 4);
    let elsewhere = document("nowhere", "1", batch("1", 2, 4).body);
    let other = document("reports", "1", batch("1", 2, 4).body);
    let mut tomorrow = invoice("1", "1");
    if let DocumentBody::Invoice { issued_on, .. } = &mut tomorrow.body {
        *issued_on = NaiveDate::from_ymd_opt(2031, 1, 1).unwrap();
    }
    let mut empty = invoice("1", "1");
    let mut foreign = invoice("1", "1");
    let mut double = invoice("1", "1");
    if let DocumentBody::Invoice { values, .. } = &mut empty.body {
        values.clear();
    }
    if let DocumentBody::Invoice { values, .. } = &mut foreign.body {
        *values = vec![given(COAL, "1")];
    }
    if let DocumentBody::Invoice { values, .. } = &mut double.body {
        values.push(given(OIL, "2"));
    }
    let huge = invoice("1", "10000000000000");
    let mut wet = report("L-1", "B-1", "20");
    if let DocumentBody::Laboratory { analysis, .. } = &mut wet.body {
        analysis.moisture = None;
    }
    for (document, wanted) in [
        (far, "document-in-future"),
        (backwards, "document-ends-before"),
        (long, "document-too-long"),
        (unnumbered, "document-without-number"),
        (wordy, "document-number-too-long"),
        (elsewhere, "form-unknown"),
        (other, "form-other-kind"),
        (tomorrow, "document-day"),
        (empty, "document-says-nothing"),
        (foreign, "document-not-on-form"),
        (double, "document-value-twice"),
        (huge, "document-of-value"),
        (wet, "document-of-value"),
    ] {
        assert_eq!(file(&mut site, document).unwrap_err(), wanted);
    }
    assert_eq!(site.journal.len(), records);
    site.assert_sound();
}

#[test]
fn a_calibration_counts_from_the_record_on_and_until_it_is_withdrawn() {
    let mut site = site();
    let until = |site: &Site| site.engine.model_as_calibrated().unwrap().meters[0].calibrated_until;
    assert_eq!(until(&site), None);
    let passed = file(&mut site, calibration("C-1", 2, Some(day(30)))).unwrap();
    assert_eq!(until(&site), Some(day(30)));
    let rejected = file(&mut site, calibration("C-2", 9, None)).unwrap();
    assert_eq!(until(&site), Some(day(8)));
    site.checkpoint();
    site.crash();
    assert_eq!(until(&site), Some(day(8)));
    withdraw(&mut site, rejected).unwrap();
    assert_eq!(until(&site), Some(day(30)));
    withdraw(&mut site, passed).unwrap();
    assert_eq!(until(&site), None);
    site.assert_sound();
    site.replayed().assert_sound();
    let mut unknown = calibration("C-3", 2, None);
    if let DocumentBody::Calibration { meter, .. } = &mut unknown.body {
        *meter = MeterId(9);
    }
    assert_eq!(file(&mut site, unknown).unwrap_err(), "document-unknown-meter");
    assert_eq!(
        file(&mut site, calibration("C-3", 9, Some(day(2)))).unwrap_err(),
        "document-until"
    );
}

#[test]
fn stock_is_what_is_there_at_an_instant() {
    let mut site = site();
    let body = DocumentBody::Stock {
        at: at(1440),
        method: "drone".to_owned(),
        values: vec![given(OXYGEN, "4200.5")],
    };
    file(&mut site, document("stock", "S-1", body)).unwrap();
    let explanation = explained(
        &site,
        &Target::Reading {
            parameter: OXYGEN,
            slot: Slot::instant(at(1440)),
        },
    );
    assert_eq!(explanation.value.as_deref(), Some("4200.500"));
    assert!(explanation.parts[1].label.to_string().contains("S-1"));
    site.assert_sound();
}

/// Readings of a connector that is called back deliver nothing new, whatever was withdrawn; people who say it again mean it.
#[test]
fn what_machines_deliver_again_stays_withdrawn_and_what_people_say_again_counts() {
    let site = site();
    for (origin, counts) in [(Origin::File, false), (Origin::Invoice, true)] {
        let mut site = site.clone();
        let said = || vec![interval(OIL, 0, 60, 5_000)];
        let brought = site.bring(origin, said()).sequence.unwrap();
        withdraw(&mut site, brought).unwrap();
        assert_eq!(site.bring(origin, said()).sequence.is_some(), counts, "{origin:?}");
        assert_eq!(oil(&site) != 0, counts);
        site.assert_sound();
    }
}
