//! What was noted in a stretch of time, and closing what is carried forward.

use crate::domain::note::{About, NoteClosing};
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::engine::command::CommandBody;
use crate::store::Payload;
use crate::wire::message::ReplyBody;

use super::super::writer::Writer;
use super::Question;
use super::record::read;

/// All notes that concern something, or only those that are open.
pub(super) fn question(
    writer: &Writer,
    (about, open): (About, bool),
    stretch: (Instant, Instant),
    most: u32,
) -> Question {
    let snapshot = writer.ground.snapshot();
    Box::new(move || {
        let notes = snapshot.ask(|engine, history| {
            Ok(if open {
                engine.open_notes(history, about, stretch, most)?
            } else {
                engine.notes(history, about, stretch, most)?
            })
        })?;
        Ok(ReplyBody::Notes(Box::new(notes)))
    })
}

/// Closes a note; its record is handed over as it stands in the journal.
pub(super) fn closing(writer: &Writer, closing: NoteClosing) -> Result<CommandBody, Text> {
    let record = read(&writer.ground.reader(), closing.of)?;
    let Payload::Kept(payload) = record.payload else {
        return Err(Text::new("daemon-record-dropped").with("sequence", closing.of));
    };
    Ok(CommandBody::CloseNote {
        closing,
        record: (record.kind, record.version, payload),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::daemon::requests::withdraw;
    use crate::daemon::writer::group::tests::writer;
    use crate::domain::actor::{Actor, Right, Role};
    use crate::domain::identity::Sequence;
    use crate::domain::note::Note;
    use crate::wire::message::RequestBody;

    #[test]
    fn whoever_may_write_notes_closes_those_of_others_and_takes_that_back() {
        let site = tempfile::tempdir().unwrap();
        let (mut writer, _lock) = writer(site.path());
        let operator = |person: &str| Actor {
            uid: 7,
            user: "desk".to_owned(),
            person: Some(person.to_owned()),
            roles: vec![Role::Operator],
            shared: true,
        };
        let [li, wang] = [operator("2001"), operator("2002")];
        let note = Note {
            at: Instant(1_740_758_400_000),
            about: About::Site,
            text: "belt 2 slips".to_owned(),
            carry: true,
        };
        writer.command(&li, CommandBody::Note(note)).unwrap();
        let of = writer.ground.head().sequence;
        let asked = NoteClosing { of, remark: None };
        assert_eq!(RequestBody::CloseNote(asked.clone()).right(), Right::Note);
        let command = closing(&writer, asked).unwrap();
        writer.command(&wang, command).unwrap();
        let closed = writer.ground.head().sequence;
        let taken = |writer: &mut Writer, by: &Actor| {
            let command = withdraw::command(writer, by, closed, "still slips".to_owned());
            command.map(drop).map_err(|text| text.id.into_owned())
        };
        assert_eq!(taken(&mut writer, &li).unwrap_err(), "daemon-no-right-person");
        assert_eq!(taken(&mut writer, &wang), Ok(()));
        let none = NoteClosing {
            of: Sequence(999),
            remark: None,
        };
        assert!(closing(&writer, none).is_err());
    }
}
