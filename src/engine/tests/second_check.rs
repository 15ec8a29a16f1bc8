//! The second person: what people write down waits where the plan says so, and is agreed with or returned by somebody else.

use crate::domain::actor::{Actor, Role};
use crate::domain::document::{Document, DocumentBody, DocumentForm, FormKind, Span};
use crate::domain::identity::Sequence;
use crate::domain::model::{Name, SiteModel};
use crate::domain::reading::{Incoming, Origin, Slot};
use crate::domain::sheet::{EntrySheet, SheetPage};
use crate::domain::time::Month;
use crate::engine::command::{Answer, CommandBody, Provenance, Refusal};
use crate::engine::second_check::{CellOf, CheckSubject, CheckVerdict, SecondCheck};
use crate::engine::view::{CheckMark, SecondCheckView, Target};

use super::plant::{self, OXYGEN, POWER, Site, at, delivered, model, reading};

/// A sheet with a round at noon of which a second person looks at the oxygen, and a form of batches likewise.
pub(super) fn planned() -> SiteModel {
    SiteModel {
        sheets: vec![EntrySheet {
            key: "rounds".to_owned(),
            name: Name::default(),
            rows: vec![OXYGEN],
            rounds: vec![720, 1320],
            due_ms: 3_600_000,
            origin: Origin::Typed,
            second_person: true,
        }],
        document_forms: vec![DocumentForm {
            key: "batches".to_owned(),
            name: Name::default(),
            kind: FormKind::Batch,
            rows: Vec::new(),
            batches: None,
            basis: None,
            total_moisture: None,
            second_person: true,
        }],
        ..model()
    }
}

pub(super) fn site() -> Site {
    let mut site = Site::young();
    site.apply(planned());
    site.now = at(1_500);
    site
}

pub(super) fn person(staff_number: &str) -> Actor {
    plant::person(staff_number, Role::DataQualityChecker)
}

pub(super) fn bring(site: &mut Site, by: &str, origin: Origin, readings: Vec<Incoming>) -> Sequence {
    let provenance = Provenance {
        name: "sheet rounds".to_owned(),
        // What a client says of it counts for nothing.
        awaits_second_person: origin == Origin::Connector,
        ..Provenance::default()
    };
    let delivered = delivered(origin, provenance, readings);
    match site.asked_by(person(by), None, delivered).unwrap() {
        Answer::Intake(outcome) => outcome.sequence.unwrap(),
        other => panic!("{other:?}"),
    }
}

/// Says something of a record as it stands.
pub(super) fn say(site: &mut Site, by: &str, of: Sequence, verdict: CheckVerdict) -> Result<Sequence, String> {
    let view = site.engine.second_check(&site.history, of).unwrap();
    let seen = view.and_then(|view| view.seen());
    say_having_seen(site, by, (of, seen), verdict)
}

/// Says something of a record as somebody saw it.
pub(super) fn say_having_seen(
    site: &mut Site,
    by: &str,
    (of, seen): (Sequence, Option<Sequence>),
    verdict: CheckVerdict,
) -> Result<Sequence, String> {
    let recorded = site.journal.iter().find(|recorded| recorded.sequence == of);
    let record = recorded.map_or((0, 0, Vec::new()), |recorded| {
        (recorded.kind(), 1, recorded.payload.clone())
    });
    let check = SecondCheck { of, verdict, seen };
    match site.asked_by(
        person(by),
        None,
        CommandBody::SecondCheck {
            check,
            subject: CheckSubject::Entry,
            record,
        },
    ) {
        Ok(Answer::Recorded(sequence)) => Ok(sequence),
        Err(Refusal::Request(text)) => Err(text.id.into_owned()),
        other => panic!("{other:?}"),
    }
}

pub(super) fn returned(reason: &str, cells: Vec<CellOf>) -> CheckVerdict {
    CheckVerdict::Returned {
        reason: reason.to_owned(),
        cells,
    }
}

/// What is open, which must be the same after a crash, for whoever replays everything, and for the journal.
pub(super) fn open(site: &Site) -> Vec<SecondCheckView> {
    let listed = |site: &Site| site.engine.second_checks(&site.history).unwrap().0;
    let views = listed(site);
    assert_eq!(listed(&site.replayed()), views);
    site.assert_sound();
    views
}

pub(super) fn marks(site: &Site) -> Vec<(u64, CheckMark)> {
    open(site).into_iter().map(|view| (view.record.0, view.mark)).collect()
}

pub(super) fn noon() -> CellOf {
    (OXYGEN, Slot::instant(at(720)))
}

#[test]
fn what_people_write_down_waits_for_somebody_else_where_the_plan_says_so() {
    let mut site = site();
    bring(&mut site, "1001", Origin::Connector, vec![reading(OXYGEN, 600, 5_000)]);
    bring(&mut site, "1001", Origin::Typed, vec![reading(POWER, 720, 5_000)]);
    assert_eq!(marks(&site), [], "neither of a machine nor of what the plan leaves out");
    let typed = vec![reading(OXYGEN, 720, 5_000), reading(POWER, 780, 5_500)];
    let typed = bring(&mut site, "1001", Origin::Typed, typed);
    assert_eq!(marks(&site), [(typed.0, CheckMark::Awaits)]);
    assert_eq!(
        say(&mut site, "1001", typed, CheckVerdict::Agreed).unwrap_err(),
        "second-check-same-person"
    );
    site.checkpoint();
    assert_eq!(
        say(&mut site, "1002", Sequence(typed.0 - 1), CheckVerdict::Agreed).unwrap_err(),
        "second-check-none"
    );
    let checked = say(&mut site, "1002", typed, CheckVerdict::Agreed).unwrap();
    assert_eq!(open(&site), []);
    assert_eq!(
        say(&mut site, "1003", typed, CheckVerdict::Agreed).unwrap_err(),
        "second-check-already"
    );
    let view = site.engine.second_check(&site.history, typed).unwrap().unwrap();
    let looked = view.looked.unwrap();
    assert_eq!(
        (view.mark, looked.by.as_str(), looked.record),
        (CheckMark::Agreed, "1002", checked)
    );
    site.checkpoint();
    site.crash();
    assert_eq!(open(&site), []);
    // A later plan changes nothing of what was written before.
    site.apply(model());
    bring(&mut site, "1001", Origin::Typed, vec![reading(OXYGEN, 1_320, 5_000)]);
    assert_eq!(open(&site), []);
}

#[test]
fn what_is_returned_is_put_right_and_done_once_somebody_agrees_with_that() {
    let mut site = site();
    let typed = vec![reading(OXYGEN, 720, 50_000), reading(OXYGEN, 1_320, 5_100)];
    let typed = bring(&mut site, "1001", Origin::Typed, typed);
    for (verdict, why) in [
        (returned("  ", Vec::new()), "second-check-needs-reason"),
        (returned(&"x".repeat(201), Vec::new()), "second-check-reason-too-long"),
        (
            returned("row", vec![(POWER, Slot::instant(at(720)))]),
            "second-check-no-cell",
        ),
    ] {
        assert_eq!(say(&mut site, "1002", typed, verdict).unwrap_err(), why);
    }
    say(&mut site, "1002", typed, returned("ten times\ntoo much", vec![noon()])).unwrap();
    let view = open(&site).pop().unwrap();
    assert_eq!((view.mark, view.cells, view.standing), (CheckMark::Returned, 1, 1));
    assert_eq!(view.looked.unwrap().reason.as_deref(), Some("ten times too much"));
    // On the sheet the one is returned and the other is agreed with.
    let sheet = |site: &Site| {
        let page = SheetPage::Day("2025-01-01".parse().unwrap());
        let view = site.engine.sheet_page(&site.history, "rounds", page).unwrap();
        let cells = view.rows[0].cells.iter().flatten();
        cells.map(|standing| standing.check).collect::<Vec<_>>()
    };
    assert_eq!(sheet(&site), [Some(CheckMark::Returned), Some(CheckMark::Agreed)]);
    site.checkpoint();
    let corrected = bring(&mut site, "1001", Origin::Correction, vec![reading(OXYGEN, 720, 5_000)]);
    assert_eq!(
        marks(&site),
        [(corrected.0, CheckMark::Awaits), (typed.0, CheckMark::Returned)]
    );
    assert_eq!(sheet(&site), [Some(CheckMark::Awaits), Some(CheckMark::Agreed)]);
    let view = site.engine.second_check(&site.history, typed).unwrap().unwrap();
    assert_eq!((view.cells, view.standing), (1, 0));
    assert_eq!(
        say(&mut site, "1002", typed, returned("still", vec![noon()])).unwrap_err(),
        "second-check-nothing-stands"
    );
    say(&mut site, "1002", corrected, CheckVerdict::Agreed).unwrap();
    assert_eq!(open(&site), [], "both are done");
    assert_eq!(sheet(&site), [Some(CheckMark::Agreed), Some(CheckMark::Agreed)]);
    site.checkpoint();
    site.crash();
    assert_eq!(open(&site), []);
    // An agreement may turn out wrong.
    say(&mut site, "1003", corrected, returned("the paper says 5.1", Vec::new())).unwrap();
    assert_eq!(marks(&site), [(corrected.0, CheckMark::Returned)]);
    say(&mut site, "1003", corrected, CheckVerdict::Agreed).unwrap();
    assert_eq!(open(&site), []);
}

#[test]
fn what_is_put_right_by_parts_is_done_with_the_last_of_them() {
    let mut site = site();
    let typed = vec![reading(OXYGEN, 720, 1), reading(OXYGEN, 1_320, 2)];
    let typed = bring(&mut site, "1001", Origin::Typed, typed);
    say(&mut site, "1002", typed, returned("both", Vec::new())).unwrap();
    let first = bring(&mut site, "1001", Origin::Correction, vec![reading(OXYGEN, 720, 5_000)]);
    say(&mut site, "1002", first, CheckVerdict::Agreed).unwrap();
    assert_eq!(marks(&site), [(typed.0, CheckMark::Returned)]);
    let second = bring(
        &mut site,
        "1001",
        Origin::Correction,
        vec![reading(OXYGEN, 1_320, 5_100)],
    );
    // What waits itself does not settle anything yet.
    assert_eq!(
        marks(&site),
        [(second.0, CheckMark::Awaits), (typed.0, CheckMark::Returned)]
    );
    say(&mut site, "1002", second, CheckVerdict::Agreed).unwrap();
    assert_eq!(open(&site), []);
}

#[test]
fn what_is_written_over_is_done_with_what_took_its_place() {
    let mut site = site();
    // A machine's value that counts changes nothing of what a person wrote.
    bring(&mut site, "1001", Origin::Connector, vec![reading(OXYGEN, 720, 4_900)]);
    let typed = bring(&mut site, "1001", Origin::Typed, vec![reading(OXYGEN, 720, 1)]);
    let view = |site: &Site, record| site.engine.second_check(&site.history, record).unwrap().unwrap();
    assert_eq!(
        (view(&site, typed).standing, view(&site, typed).is_replaced()),
        (1, false)
    );
    let again = bring(&mut site, "1001", Origin::Typed, vec![reading(OXYGEN, 720, 5_000)]);
    assert!(view(&site, typed).is_replaced());
    assert_eq!(
        marks(&site),
        [(typed.0, CheckMark::Awaits), (again.0, CheckMark::Awaits)]
    );
    assert_eq!(
        say(&mut site, "1002", typed, returned("wrong row", Vec::new())).unwrap_err(),
        "second-check-nothing-stands"
    );
    say(&mut site, "1002", again, returned("still wrong", Vec::new())).unwrap();
    assert_eq!(
        marks(&site),
        [(typed.0, CheckMark::Awaits), (again.0, CheckMark::Returned)]
    );
    let third = bring(&mut site, "1001", Origin::Typed, vec![reading(OXYGEN, 720, 5_100)]);
    site.checkpoint();
    site.crash();
    say(&mut site, "1002", third, CheckVerdict::Agreed).unwrap();
    assert_eq!(open(&site), []);
}

#[test]
fn what_is_taken_back_waits_for_nobody() {
    let mut site = site();
    let typed = bring(&mut site, "1001", Origin::Typed, vec![reading(OXYGEN, 720, 5_000)]);
    let batch = Document {
        form: "batches".to_owned(),
        number: "B-1".to_owned(),
        remark: None,
        body: DocumentBody::Batch {
            span: Span {
                from: at(0),
                to: at(1_440),
            },
            values: Vec::new(),
        },
        attachments: Vec::new(),
    };
    let filed = CommandBody::File {
        provenance: Provenance::default(),
        documents: vec![batch],
    };
    let Answer::Intake(outcome) = site.asked_by(person("1001"), None, filed).unwrap() else {
        panic!("documents were filed");
    };
    let filed = outcome.sequence.unwrap();
    let all = [(typed.0, CheckMark::Awaits), (filed.0, CheckMark::Awaits)];
    assert_eq!(marks(&site), all);
    say(&mut site, "1002", filed, returned("another number", Vec::new())).unwrap();
    site.checkpoint();
    site.withdraw(filed).unwrap();
    site.withdraw(typed).unwrap();
    assert_eq!(open(&site), []);
    assert_eq!(
        say(&mut site, "1002", filed, CheckVerdict::Agreed).unwrap_err(),
        "second-check-none"
    );
    site.checkpoint();
    site.crash();
    assert_eq!(open(&site), []);
}

#[test]
fn an_explanation_says_who_checked_a_value() {
    let mut site = site();
    let typed = bring(&mut site, "1001", Origin::Typed, vec![reading(OXYGEN, 720, 5_000)]);
    let said = |site: &Site| {
        let (parameter, slot) = noon();
        let target = Target::Reading { parameter, slot };
        let explanation = site.engine.explain(&site.history, &target).unwrap();
        let remark = explanation.parts.first().and_then(|part| part.remark.clone());
        format!("{:?}", remark.unwrap())
    };
    assert!(said(&site).contains("second-check-awaits"));
    say(&mut site, "1002", typed, returned("illegible", Vec::new())).unwrap();
    let of_returned = said(&site);
    assert!(of_returned.contains("second-check-returned-by") && of_returned.contains("illegible"));
    say(&mut site, "1002", typed, CheckVerdict::Agreed).unwrap();
    assert!(said(&site).contains("second-check-agreed-by"));
    let cells = site
        .engine
        .checked_cells(&site.history, typed, &[(OXYGEN, noon().1, 5_000)])
        .unwrap();
    assert_eq!(
        (cells[0].value, cells[0].before, cells[0].is_returned),
        (5_000, None, false)
    );
    assert_eq!(cells[0].standing.map(|standing| standing.record), Some(typed));
}

#[test]
fn a_version_of_the_plan_is_approved_by_somebody_else_and_holds_meanwhile() {
    let mut site = site();
    let applied = site.journal.last().unwrap().clone();
    let of = applied.sequence;
    let said = |site: &mut Site, by: &str, verdict: CheckVerdict, subject: CheckSubject| {
        let seen = site.engine.second_check(&site.history, of).unwrap().unwrap().seen();
        let body = CommandBody::SecondCheck {
            check: SecondCheck { of, verdict, seen },
            subject,
            record: (applied.kind(), 1, applied.payload.clone()),
        };
        match site.asked_by(person(by), None, body) {
            Ok(Answer::Recorded(_)) => None,
            Err(Refusal::Request(text)) => Some(text.id.into_owned()),
            other => panic!("{other:?}"),
        }
    };
    let mark = |site: &Site| {
        let view = site.engine.second_check(&site.history, of).unwrap().unwrap();
        (view.mark, format!("{:?}", view.said()))
    };
    assert_eq!(mark(&site).0, CheckMark::Awaits);
    assert_eq!(open(&site), [], "it is no entry that waits");
    // As an entry it is not there, and an entry is no plan.
    let refused = said(&mut site, "1002", CheckVerdict::Agreed, CheckSubject::Entry);
    assert_eq!(refused.as_deref(), Some("second-check-none"));
    let why = returned("the gas meter is left out", Vec::new());
    assert_eq!(said(&mut site, "1002", why, CheckSubject::Plan), None);
    assert!(mark(&site).1.contains("approval-refused-by"));
    site.checkpoint();
    site.crash();
    assert_eq!(said(&mut site, "1002", CheckVerdict::Agreed, CheckSubject::Plan), None);
    assert!(mark(&site).1.contains("approval-given-by"));
    let again = said(&mut site, "1003", CheckVerdict::Agreed, CheckSubject::Plan);
    assert_eq!(again.as_deref(), Some("second-check-already"));
    assert_eq!(open(&site), []);
    // Whoever put it in force does not approve it.
    site.apply(model());
    let applied = site.journal.last().unwrap().clone();
    let body = CommandBody::SecondCheck {
        check: SecondCheck {
            of: applied.sequence,
            verdict: CheckVerdict::Agreed,
            seen: None,
        },
        subject: CheckSubject::Plan,
        record: (applied.kind(), 1, applied.payload.clone()),
    };
    let Err(Refusal::Request(text)) = site.command(body) else {
        panic!("nobody approves what is their own");
    };
    assert_eq!(text.id, "approval-same-person");
}

#[test]
fn what_was_returned_made_no_round_whatever_came_of_it_since() {
    let mut site = site();
    site.now = at(700);
    site.bring(Origin::Connector, vec![reading(POWER, 600, 5_000)]);
    site.now = at(730);
    let first = bring(&mut site, "1001", Origin::Typed, vec![reading(OXYGEN, 720, 50_000)]);
    say(&mut site, "1002", first, returned("ten times", vec![noon()])).unwrap();
    site.now = at(720 + 1_440);
    let round = |site: &Site| {
        let month = Month::of("2025-01-01".parse().unwrap());
        let view = site.engine.quality_plan(&site.history, site.now, month).unwrap();
        let mut rounds = view.facts.rounds.into_iter();
        let round = rounds.find(|round| round.at == at(720)).unwrap();
        (round.missing, round.late)
    };
    assert_eq!(round(&site), (1, 0));
    let second = bring(&mut site, "1001", Origin::Typed, vec![reading(OXYGEN, 720, 5_000)]);
    assert_eq!(round(&site), (0, 1));
    say(&mut site, "1002", second, CheckVerdict::Agreed).unwrap();
    assert_eq!(open(&site), [], "both are done");
    assert_eq!(round(&site), (0, 1), "and it is as late as before");
}
