//! Files that people attach to readings: recorded with them, told of them, and found in the journal.

use std::collections::BTreeSet;

use crate::domain::attachment::{Attachment, Digest, MOST_ATTACHMENTS};
use crate::domain::identity::Sequence;
use crate::domain::reading::{Origin, Slot};
use crate::domain::text::Text;
use crate::engine::attached::NamedBy;
use crate::engine::command::{Answer, CommandBody, Provenance, Refusal};
use crate::engine::outline::Outline;
use crate::engine::recorded::Recorded;
use crate::engine::view::Target;
use crate::locale::{Language, Localizer};

use super::plant::{OXYGEN, Site, at, delivered, reading};

fn photo(name: &str) -> Attachment {
    Attachment {
        name: name.to_owned(),
        bytes: 812_000,
        digest: Digest::of(name.as_bytes()),
    }
}

/// Brings a value with files; its record, or why it was refused.
fn bring(
    site: &mut Site,
    origin: Origin,
    value: i64,
    attachments: Vec<Attachment>,
) -> Result<Option<Sequence>, String> {
    let provenance = Provenance {
        name: "sheet rounds".to_owned(),
        attachments,
        ..Provenance::default()
    };
    let readings = vec![reading(OXYGEN, 720, value)];
    match site.command(delivered(origin, provenance, readings)) {
        Ok(Answer::Intake(outcome)) => Ok(outcome.sequence),
        Err(Refusal::Request(why)) => Err(why.id.into_owned()),
        other => panic!("{other:?}"),
    }
}

/// What an explanation of the reading names besides its versions.
fn told(site: &Site) -> Vec<String> {
    let target = Target::Reading {
        parameter: OXYGEN,
        slot: Slot::instant(at(720)),
    };
    let parts = site.engine.explain(&site.history, &target).unwrap().parts;
    let files = parts.iter().filter(|part| part.label.id == "document-attachment");
    files.map(|part| part.label.to_string()).collect()
}

fn site() -> Site {
    let mut site = Site::young();
    site.now = at(1_500);
    site
}

#[test]
fn a_photo_is_recorded_with_the_readings_and_told_of_the_one_that_counts() {
    let mut site = site();
    let sheet = photo("sheet.jpg");
    let typed = bring(&mut site, Origin::Typed, 5_000, vec![sheet.clone(), photo("back.jpg")]);
    let typed = typed.unwrap().unwrap();
    let record = site.journal.iter().find(|record| record.sequence == typed).unwrap();
    let outline = Outline::read(record.kind(), 1, &record.payload).unwrap();
    assert_eq!(outline.provenance.attachments, [sheet.clone(), photo("back.jpg")]);
    let said = told(&site);
    assert_eq!(said.len(), 2);
    let digest = sheet.digest.to_string();
    assert!(
        said[0].contains("sheet.jpg") && said[0].contains("812 kB") && said[0].contains(&digest),
        "{said:?}"
    );
    // The same after a crash, from the rows, and for whoever replays everything.
    site.crash();
    assert_eq!(told(&site), said);
    site.checkpoint();
    site.crash();
    assert_eq!(told(&site), said);
    assert_eq!(told(&site.replayed()), said);
    site.assert_sound();
    // What stands above it has files of its own.
    bring(&mut site, Origin::Correction, 5_100, vec![photo("gauge.jpg")]).unwrap();
    assert!(told(&site)[0].contains("gauge.jpg"));
    bring(&mut site, Origin::Correction, 5_200, Vec::new()).unwrap();
    assert_eq!(told(&site), Vec::<String>::new());
    site.assert_sound();
    // The journal names all of them, withdrawn or not, so that one that is lost is found.
    for of in site
        .journal
        .iter()
        .rev()
        .map(|record| record.sequence)
        .take(2)
        .collect::<Vec<_>>()
    {
        site.withdraw(of).unwrap();
    }
    assert!(matches!(site.withdraw(typed), Ok(Answer::Recorded(_))));
    site.assert_sound();
    let mut recorded = Recorded::default();
    for record in &site.journal {
        recorded.take(record.sequence, record.at(), record.kind(), 1, &record.payload);
    }
    let named = recorded.attachments();
    let names: Vec<&str> = named.values().map(|named| named.name.as_str()).collect();
    assert_eq!(names.len(), 3, "{names:?}");
    assert!(names.contains(&"gauge.jpg"));
    // Each with the record that names it.
    let by = NamedBy {
        record: typed,
        document: None,
    };
    assert_eq!(named[&sheet.digest].by, BTreeSet::from([by]));
}

#[test]
fn of_a_file_it_is_known_what_names_it() {
    let mut site = site();
    let sheet = photo("sheet.jpg");
    let mut records = BTreeSet::new();
    for value in [5_000, 5_100, 5_200, 5_300, 5_400] {
        let record = bring(&mut site, Origin::Correction, value, vec![sheet.clone()]);
        records.insert(record.unwrap().unwrap());
        let named = site.engine.naming(&site.history, sheet.digest).unwrap().unwrap();
        assert_eq!(named.name, "sheet.jpg");
        assert_eq!(named.by.iter().map(|by| by.record).collect::<BTreeSet<_>>(), records);
        site.checkpoint();
    }
    let named = site.engine.naming(&site.history, sheet.digest).unwrap().unwrap();
    let localizer = Localizer::new(Language::English);
    let said = localizer.text(&named.told(Text::new("attachment-lost").with("digest", sheet.digest)));
    let first = records.first().unwrap().to_string();
    assert!(said.contains("sheet.jpg") && said.contains(&first), "{said}");
    assert!(said.contains("2 others"), "{said}");
    assert_eq!(site.engine.naming(&site.history, Digest::of(b"other")).unwrap(), None);
}

#[test]
fn of_a_file_the_document_is_told_behind_which_it_stands() {
    let mut site = super::documents::site();
    let mut batch = super::documents::batch("B-1", 2, 4);
    batch.attachments = vec![photo("scan.pdf")];
    let record = super::documents::file(&mut site, batch).unwrap();
    let by = NamedBy {
        record,
        document: Some("B-1".to_owned()),
    };
    let digest = photo("scan.pdf").digest;
    for _ in 0..2 {
        let named = site.engine.naming(&site.history, digest).unwrap().unwrap();
        assert_eq!(named.by, BTreeSet::from([by.clone()]));
        site.checkpoint();
    }
}

#[test]
fn a_row_that_the_journal_does_not_have_is_found() {
    let mut site = site();
    bring(&mut site, Origin::Typed, 5_000, vec![photo("sheet.jpg")]).unwrap();
    site.checkpoint();
    site.assert_sound();
    let lost = site.journal.pop().unwrap();
    let findings = site.verification().findings;
    let differs = findings.iter().filter(|text| text.id == "verify-rows-differ");
    assert!(
        differs.map(ToString::to_string).any(|text| text.contains("attached")),
        "{findings:?}"
    );
    site.journal.push(lost);
}

#[test]
fn what_documents_refuse_is_refused_of_readings_and_of_machines_all_of_it() {
    let mut site = site();
    let many = (0..=MOST_ATTACHMENTS)
        .map(|number| photo(&number.to_string()))
        .collect();
    let empty = Attachment {
        bytes: 0,
        ..photo("empty.jpg")
    };
    for (attachments, why) in [
        (many, "attachments-too-many"),
        (vec![photo("a.jpg"), photo("a.jpg")], "attachment-twice"),
        (vec![empty], "attachment-empty"),
        (vec![photo(" ")], "attachment-name"),
    ] {
        for origin in [Origin::Typed, Origin::Correction] {
            assert_eq!(bring(&mut site, origin, 5_000, attachments.clone()).unwrap_err(), why);
        }
    }
    for origin in [Origin::Connector, Origin::File, Origin::Simulated] {
        let refused = bring(&mut site, origin, 5_000, vec![photo("a.jpg")]);
        assert_eq!(refused.unwrap_err(), "attachments-by-machine");
    }
    let beside = CommandBody::File {
        provenance: Provenance {
            attachments: vec![photo("a.jpg")],
            ..Provenance::default()
        },
        documents: Vec::new(),
    };
    assert!(matches!(site.command(beside), Err(Refusal::Request(_))));
    // A name is kept as one clean line, as of documents.
    assert!(bring(&mut site, Origin::Typed, 5_000, vec![photo(" a\u{1b}[2J\n.jpg")]).is_ok());
    assert!(!told(&site)[0].contains('\u{1b}'));
    // With what was known already nothing is recorded.
    assert_eq!(bring(&mut site, Origin::Typed, 5_000, vec![photo("b.jpg")]), Ok(None));
    site.assert_sound();
}
