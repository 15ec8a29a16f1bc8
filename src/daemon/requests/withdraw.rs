//! Undo: the layers that a record brought are withdrawn. Whoever wrote or closed a note or signed a handover may take it back,
//! and whoever wrote what a second person returned; everything else is for those who may correct.

use crate::domain::actor::{Actor, Right};
use crate::domain::identity::Sequence;
use crate::domain::text::Text;
use crate::engine::command::CommandBody;
use crate::engine::event::Event;
use crate::engine::view::CheckMark;
use crate::store::Payload;

use super::super::rights;
use super::super::writer::Writer;
use super::record::read;

pub(super) fn command(
    writer: &mut Writer,
    actor: &Actor,
    sequence: Sequence,
    reason: String,
) -> Result<CommandBody, Text> {
    if reason.trim().is_empty() {
        return Err(Text::new("daemon-reason-missing"));
    }
    let record = read(&writer.ground.reader(), sequence)?;
    let decoded = record
        .payload
        .kept()
        .and_then(|payload| Event::decode(record.kind, record.version, payload).ok());
    let (is_own, is_taken_back_by_author) = match &decoded {
        Some((envelope, event)) => (
            is_author(actor, &envelope.actor),
            matches!(event, Event::Noted(_) | Event::NoteClosed(_) | Event::HandedOver(_))
                || was_returned(writer, sequence)?,
        ),
        None => (false, false),
    };
    if !(is_own && is_taken_back_by_author) {
        rights::check(actor, Right::Correct, writer.shared.owner_uid)?;
    }
    let Payload::Kept(payload) = record.payload else {
        return Err(Text::new("daemon-record-dropped").with("sequence", sequence));
    };
    Ok(CommandBody::Withdraw {
        sequence,
        payload,
        reason,
    })
}

/// Whether a second person returned it, and nothing came of that yet: to take it back is to put it right.
fn was_returned(writer: &Writer, sequence: Sequence) -> Result<bool, Text> {
    let snapshot = writer.ground.snapshot();
    let check = snapshot.ask(|engine, history| Ok(engine.second_check(history, sequence)?))?;
    Ok(check.is_some_and(|check| check.mark == CheckMark::Returned && check.settled.is_none()))
}

/// Whether it was the same person, or, where no person was known, the same post with none.
fn is_author(actor: &Actor, author: &Actor) -> bool {
    match (&actor.person, &author.person) {
        (Some(person), Some(author)) => person == author,
        (None, None) => actor.uid == author.uid,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::daemon::writer::group::tests::{intake, writer};
    use crate::domain::actor::Role;
    use crate::domain::model::Name;
    use crate::domain::note::{About, Note};
    use crate::domain::reading::{Incoming, Origin, Quality, Slot};
    use crate::domain::sheet::EntrySheet;
    use crate::domain::time::Instant;
    use crate::engine::command::Provenance;
    use crate::engine::second_check::{CheckSubject, CheckVerdict, SecondCheck};

    fn operator(uid: u32, person: Option<&str>) -> Actor {
        Actor {
            uid,
            user: "desk".to_owned(),
            person: person.map(str::to_owned),
            roles: vec![Role::Operator],
            shared: true,
        }
    }

    #[test]
    fn whoever_wrote_what_was_returned_takes_it_back() {
        let site = tempfile::tempdir().unwrap();
        let (mut writer, _lock) = writer(site.path());
        let [li, wang] = [operator(7, Some("2001")), operator(7, Some("2002"))];
        let mut model = writer.ground.model().map(|model| (**model).clone()).unwrap();
        let counted = model.parameters.first().unwrap().id;
        model.sheets.push(EntrySheet {
            key: "rounds".to_owned(),
            name: Name::default(),
            rows: vec![counted],
            rounds: vec![720],
            due_ms: 3_600_000,
            origin: Origin::Typed,
            second_person: true,
        });
        let representative = Actor {
            roles: vec![Role::ManagementRepresentative],
            ..wang.clone()
        };
        let apply = CommandBody::Apply {
            model: Box::new(model),
            digest: "00".to_owned(),
            effective_from: None,
        };
        writer.command(&representative, apply).unwrap();
        let typed = CommandBody::Intake {
            origin: Origin::Typed,
            provenance: Provenance::default(),
            readings: vec![Incoming {
                parameter: counted,
                slot: Slot::instant(Instant(1_740_758_400_000)),
                value: 5,
                quality: Quality::Good,
            }],
        };
        writer.command(&li, typed).unwrap();
        let of = writer.ground.head().sequence;
        let taken = |writer: &mut Writer, by: &Actor| {
            let command = command(writer, by, of, "mistyped".to_owned());
            command.map(drop).map_err(|text| text.id.into_owned())
        };
        assert_eq!(
            taken(&mut writer, &li).unwrap_err(),
            "daemon-no-right-person",
            "nobody returned it"
        );
        let check = SecondCheck {
            of,
            verdict: CheckVerdict::Returned {
                reason: "not on the paper".to_owned(),
                cells: Vec::new(),
            },
            seen: None,
        };
        let said = super::super::second_checks::command(&writer, check, CheckSubject::Entry).unwrap();
        writer.command(&wang, said).unwrap();
        assert_eq!(taken(&mut writer, &wang).unwrap_err(), "daemon-no-right-person");
        assert_eq!(taken(&mut writer, &li), Ok(()));
    }

    #[test]
    fn whoever_wrote_a_note_takes_it_back_and_nobody_else_who_may_not_correct() {
        let site = tempfile::tempdir().unwrap();
        let (mut writer, _lock) = writer(site.path());
        let at = Instant(1_740_758_400_000);
        let noted = |writer: &mut Writer, by: &Actor| {
            let note = Note {
                at,
                about: About::Site,
                text: "changed coal".to_owned(),
                carry: false,
            };
            writer.command(by, CommandBody::Note(note)).unwrap();
            writer.ground.head().sequence
        };
        let [li, wang, nobody, elsewhere] = [
            operator(7, Some("2001")),
            operator(7, Some("2002")),
            operator(7, None),
            operator(8, None),
        ];
        let of_li = noted(&mut writer, &li);
        let of_nobody = noted(&mut writer, &nobody);
        let (job, answer) = intake(0..1);
        writer.commit(vec![job]);
        answer.recv().unwrap().unwrap();
        let readings = writer.ground.head().sequence;
        let mut taken = |by: &Actor, of: Sequence| {
            let command = command(&mut writer, by, of, "mistyped".to_owned());
            command.map(drop).map_err(|text| text.id.into_owned())
        };
        assert_eq!(taken(&li, of_li), Ok(()));
        assert_eq!(taken(&wang, of_li).unwrap_err(), "daemon-no-right-person");
        assert_eq!(taken(&nobody, of_li).unwrap_err(), "daemon-sign-on-first");
        assert_eq!(taken(&nobody, of_nobody), Ok(()));
        assert_eq!(taken(&li, of_nobody).unwrap_err(), "daemon-no-right-person");
        assert_eq!(taken(&elsewhere, of_nobody).unwrap_err(), "daemon-sign-on-first");
        assert_eq!(taken(&li, readings).unwrap_err(), "daemon-no-right-person");
        let checker = Actor {
            roles: vec![Role::DataQualityChecker],
            ..li.clone()
        };
        for of in [of_li, of_nobody, readings] {
            assert_eq!(taken(&checker, of), Ok(()));
        }
    }
}
