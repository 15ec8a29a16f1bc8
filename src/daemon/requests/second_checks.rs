//! What second persons look at: what each record says stands in the journal, which the engine does not read.

use crate::domain::identity::Sequence;
use crate::domain::model::SiteModel;
use crate::domain::text::Text;
use crate::engine::command::CommandBody;
use crate::engine::event::Event;
use crate::engine::second_check::{CheckSubject, SecondCheck};
use crate::engine::view::SecondCheckView;
use crate::store::{JournalReader, Payload, Record};
use crate::wire::message::ReplyBody;
use crate::wire::records::{CheckedRecord, SecondCheckList, SecondCheckListed};

use super::super::snapshot::Snapshot;
use super::super::writer::Writer;
use super::Question;
use super::record::{Listed, meter_text, read};

/// Says something of a record; it is handed over as it stands in the journal.
pub(super) fn command(writer: &Writer, check: SecondCheck, subject: CheckSubject) -> Result<CommandBody, Text> {
    let record = as_it_stands(read(&writer.ground.reader(), check.of)?)?;
    Ok(CommandBody::SecondCheck { check, subject, record })
}

/// Kind, version and payload of a record; of one whose readings are gone nothing can be said any more.
fn as_it_stands(record: Record) -> Result<(u16, u16, Vec<u8>), Text> {
    match record.payload {
        Payload::Kept(payload) => Ok((record.kind, record.version, payload)),
        Payload::Dropped { .. } => Err(Text::new("daemon-check-dropped").with("sequence", record.sequence)),
    }
}

/// What is open.
pub(super) fn list(writer: &Writer) -> Question {
    let (reader, snapshot) = (writer.ground.reader(), writer.ground.snapshot());
    Box::new(move || {
        let (checks, more) = snapshot.ask(|engine, history| Ok(engine.second_checks(history)?))?;
        let checks = checks.into_iter().map(|check| listed(&reader, &snapshot, check));
        Ok(ReplyBody::SecondChecks(Box::new(SecondCheckList {
            checks: checks.collect(),
            more: u32::try_from(more).unwrap_or(u32::MAX),
        })))
    })
}

/// A record as a line. One that cannot be read hides no other.
fn listed(reader: &JournalReader, snapshot: &Snapshot, check: SecondCheckView) -> SecondCheckListed {
    let model = snapshot.engine().model().map(|model| &**model);
    let what = match read(reader, check.record) {
        Ok(record) => said(&record, model),
        Err(why) => why,
    };
    SecondCheckListed { check, what }
}

/// What a record did; of a change of a meter the registers too, which are on the paper and in no cell.
fn said(record: &Record, model: Option<&SiteModel>) -> Text {
    let listed = Listed::new(record, model);
    let registers = listed.meter_change().zip(model);
    let registers = registers.map(|(change, model)| meter_text(change, model));
    let what = listed.view.what;
    Text::joined(registers.into_iter().chain([what.clone()])).unwrap_or(what)
}

/// One record, with its values from one on and its documents.
pub(super) fn one(writer: &Writer, sequence: Sequence, from: u32) -> Question {
    let (reader, snapshot) = (writer.ground.reader(), writer.ground.snapshot());
    Box::new(move || {
        let check = snapshot.ask(|engine, history| Ok(engine.second_check(history, sequence)?))?;
        let check = check.ok_or_else(|| Text::new("second-check-none").with("of", sequence))?;
        let record = read(&reader, sequence)?;
        let payload = record.payload.kept().unwrap_or_default();
        let (values, attachments) = match Event::decode(record.kind, record.version, payload) {
            Ok((_, Event::Readings(body))) => {
                let values = body.readings.into_iter();
                let values = values.map(|(parameter, slot, value, ..)| (parameter, slot, value));
                (values.collect(), body.provenance.attachments)
            }
            _ => (Vec::new(), Vec::new()),
        };
        let from = usize::try_from(from).unwrap_or(usize::MAX).min(values.len());
        let values = values.get(from..).unwrap_or_default();
        let cells = snapshot.ask(|engine, history| Ok(engine.checked_cells(history, sequence, values)?))?;
        let documents = snapshot.ask(|engine, history| Ok(engine.documents_of(history, sequence)?))?;
        Ok(ReplyBody::CheckedRecord(Box::new(CheckedRecord {
            more: u32::try_from(values.len().saturating_sub(cells.len())).unwrap_or(u32::MAX),
            listed: listed(&reader, &snapshot, check),
            cells,
            documents,
            attachments,
        })))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Instant;
    use crate::store::ChainHash;

    #[test]
    fn of_a_record_whose_readings_are_gone_it_is_told_that_it_cannot_be_checked() {
        let record = |payload| Record {
            sequence: Sequence(7),
            epoch: 1,
            kind: 1,
            version: 1,
            at: Instant(0),
            payload,
            hash: ChainHash::ZERO,
        };
        let kept = as_it_stands(record(Payload::Kept(vec![1, 2])));
        assert_eq!(kept, Ok((1, 1, vec![1, 2])));
        let digest = [0; 32];
        let dropped = as_it_stands(record(Payload::Dropped { length: 2, digest }));
        assert_eq!(dropped.unwrap_err().id, "daemon-check-dropped");
    }
}
