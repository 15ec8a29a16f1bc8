//! The second person of what stands on no sheet: calibrations, changes of meters, and files that somebody imports.

use crate::domain::actor::Actor;
use crate::domain::document::{CALIBRATION_FORM, Document, DocumentBody};
use crate::domain::identity::{MeterId, ParameterId, Sequence};
use crate::domain::model::SiteModel;
use crate::domain::reading::Origin;
use crate::domain::sheet::SheetPage;
use crate::engine::command::{Answer, CommandBody, MeterChange, Provenance};
use crate::engine::second_check::CheckVerdict;
use crate::engine::view::{CheckMark, Target};

use super::plant::{OXYGEN, POWER, Site, at, delivered, model, reading};
use super::second_check::{bring, marks, noon, person, planned, returned, say, site};

/// A plant of whose meter a second person looks at calibrations and changes.
fn of_meters() -> SiteModel {
    let mut planned = model();
    planned.meters[0].second_person = true;
    planned
}

fn calibrate(site: &mut Site, number: &str) -> Sequence {
    let document = Document {
        form: CALIBRATION_FORM.to_owned(),
        number: number.to_owned(),
        remark: None,
        body: DocumentBody::Calibration {
            meter: MeterId(1),
            on: "2025-01-01".parse().unwrap(),
            until: "2025-12-31".parse().ok(),
            laboratory: String::new(),
            error: String::new(),
            serial: String::new(),
        },
        attachments: Vec::new(),
    };
    let filed = CommandBody::File {
        provenance: Provenance::default(),
        documents: vec![document],
    };
    match site.asked_by(person("1001"), None, filed).unwrap() {
        Answer::Intake(outcome) => outcome.sequence.unwrap(),
        other => panic!("{other:?}"),
    }
}

fn change(site: &mut Site, parameter: ParameterId, minutes: i64) -> Sequence {
    let change = CommandBody::ChangeMeter(MeterChange {
        parameter,
        at: at(minutes),
        final_value: None,
        initial_value: Some(0),
        serial: "A9".to_owned(),
        multiplier: String::new(),
        rollover: None,
        reason: "worn out".to_owned(),
    });
    match site.asked_by(person("1001"), None, change).unwrap() {
        Answer::Recorded(sequence) | Answer::Restated { sequence, .. } => sequence,
        other => panic!("{other:?}"),
    }
}

#[test]
fn calibrations_and_changes_of_a_meter_wait_where_the_plan_says_so() {
    let mut site = Site::young();
    site.now = at(1_500);
    calibrate(&mut site, "C-1");
    change(&mut site, POWER, 600);
    assert_eq!(marks(&site), [], "the plan asked for nobody then");
    site.apply(of_meters());
    assert_eq!(marks(&site), [], "and a later one changes nothing of that");
    let calibrated = calibrate(&mut site, "C-2");
    let changed = change(&mut site, POWER, 900);
    let waits = [(calibrated.0, CheckMark::Awaits), (changed.0, CheckMark::Awaits)];
    assert_eq!(marks(&site), waits);
    site.checkpoint();
    site.crash();
    assert_eq!(marks(&site), waits);
    for of in [calibrated, changed] {
        assert_eq!(
            say(&mut site, "1001", of, CheckVerdict::Agreed).unwrap_err(),
            "second-check-same-person"
        );
    }
    say(&mut site, "1002", calibrated, CheckVerdict::Agreed).unwrap();
    say(
        &mut site,
        "1002",
        changed,
        returned("another serial number", Vec::new()),
    )
    .unwrap();
    assert_eq!(marks(&site), [(changed.0, CheckMark::Returned)]);
    // It is put right by taking it back and writing it anew.
    site.withdraw(changed).unwrap();
    assert_eq!(marks(&site), []);
    let again = change(&mut site, POWER, 900);
    assert_eq!(marks(&site), [(again.0, CheckMark::Awaits)]);
    say(&mut site, "1002", again, CheckVerdict::Agreed).unwrap();
    assert_eq!(marks(&site), []);
}

#[test]
fn a_change_gives_two_values_of_a_register_on_a_sheet_and_waits_as_they_do() {
    let mut site = site();
    let mut planned = planned();
    planned.sheets[0].rows.push(POWER);
    change(&mut site, POWER, 600);
    assert_eq!(marks(&site), []);
    site.apply(planned);
    let changed = change(&mut site, POWER, 900);
    assert_eq!(marks(&site), [(changed.0, CheckMark::Awaits)]);
}

#[test]
fn a_file_that_somebody_imports_waits_and_one_that_was_dropped_does_not() {
    let mut site = site();
    let dropped = vec![reading(OXYGEN, 720, 4_900), reading(OXYGEN, 1_320, 4_800)];
    let dropped = delivered(Origin::File, Provenance::default(), dropped);
    site.asked_by(Actor::daemon(), None, dropped).unwrap();
    for origin in [Origin::Connector, Origin::Simulated] {
        bring(&mut site, "1001", origin, vec![reading(OXYGEN, 720, 4_700)]);
    }
    bring(&mut site, "1001", Origin::File, vec![reading(POWER, 720, 5_000)]);
    assert_eq!(marks(&site), [], "of what the plan leaves out nobody waits");
    let imported = vec![
        reading(OXYGEN, 720, 5_000),
        reading(OXYGEN, 1_320, 5_100),
        reading(POWER, 780, 5_100),
    ];
    let imported = bring(&mut site, "1001", Origin::File, imported);
    assert_eq!(marks(&site), [(imported.0, CheckMark::Awaits)]);
    let view = site.engine.second_check(&site.history, imported).unwrap().unwrap();
    assert_eq!(
        (view.cells, view.standing),
        (3, 3),
        "the file that was dropped is nobody's"
    );
    // What a connector says counts above it; the other cell is seen as unchecked.
    let sheet = |site: &Site| {
        let page = SheetPage::Day("2025-01-01".parse().unwrap());
        let view = site.engine.sheet_page(&site.history, "rounds", page).unwrap();
        let cells = view.rows[0].cells.iter().flatten();
        cells.map(|standing| standing.check).collect::<Vec<_>>()
    };
    assert_eq!(sheet(&site), [None, Some(CheckMark::Awaits)]);
    let (parameter, slot) = (OXYGEN, crate::domain::reading::Slot::instant(at(1_320)));
    let target = Target::Reading { parameter, slot };
    let explained = site.engine.explain(&site.history, &target).unwrap();
    assert!(format!("{explained:?}").contains("second-check"), "{explained:?}");
    assert_eq!(
        say(&mut site, "1001", imported, CheckVerdict::Agreed).unwrap_err(),
        "second-check-same-person"
    );
    say(&mut site, "1002", imported, returned("ten times", vec![noon()])).unwrap();
    let corrected = bring(&mut site, "1001", Origin::Correction, vec![reading(OXYGEN, 720, 500)]);
    say(&mut site, "1002", corrected, CheckVerdict::Agreed).unwrap();
    assert_eq!(marks(&site), [], "both are done");
    site.checkpoint();
    site.crash();
    assert_eq!(marks(&site), []);
}
