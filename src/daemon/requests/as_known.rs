//! A ledger table as it was known in the past (当时所知).

use crate::domain::identity::Sequence;
use crate::domain::text::{Explained, Text};
use crate::domain::time::{Instant, PlantZone};
use crate::engine::Engine;
use crate::engine::command::Refusal;
use crate::engine::known::AsKnown;
use crate::engine::view::{LedgerQuestion, LedgerTable};
use crate::store::{JournalReader, Record, StateStore};
use crate::wire::message::{KnownAt, ReplyBody};

use super::super::ground::GroundError;
use super::super::job::ReplyTo;
use super::super::refused::told;
use super::super::writer::Writer;
use super::ledger;
use super::on_its_own;

/// Answers with the state on disk held still, as verification does: what is kept of the past is there only.
pub(super) fn start(writer: &mut Writer, known: KnownAt, question: LedgerQuestion, reply: ReplyTo) {
    if let Err(refusal) = ledger::check(writer, &question) {
        return reply.send(Err(refusal));
    }
    let zone = writer.zone();
    let reader = writer.ground.reader();
    let state = writer.ground.state().clone();
    on_its_own("as-known", reply, move || {
        let record = match known {
            KnownAt::Record(sequence) => read(&reader, sequence)?,
            KnownAt::Time(at) => last_by(&reader, at)?,
        };
        let table = table(&state, zone, &record, &question)?;
        Ok(ReplyBody::Ledger(Box::new(table)))
    });
}

fn table(state: &StateStore, zone: PlantZone, record: &Record, question: &LedgerQuestion) -> Result<LedgerTable, Text> {
    let pinned = state.pin();
    if pinned.applied() < record.sequence {
        return Err(Text::new("daemon-not-yet-written").with("sequence", record.sequence));
    }
    let past = AsKnown::after(&pinned, record.sequence, record.at, zone);
    let answer = Engine::as_known(&past)
        .map_err(Refusal::from)
        .and_then(|engine| engine.ledger(&past, question));
    // An answer counts only if the state was held still until it was there.
    pinned.held().map_err(|error| error.text())?;
    answer.map_err(told)
}

fn read(reader: &JournalReader, sequence: Sequence) -> Result<Record, Text> {
    let record = reader.read(sequence).map_err(|error| GroundError::from(error).text())?;
    record.ok_or_else(|| Text::new("daemon-no-record").with("sequence", sequence))
}

/// The last record that was written by an instant. Records are written in the order of their instants, so that a few of
/// them tell.
fn last_by(reader: &JournalReader, at: Instant) -> Result<Record, Text> {
    let (mut before, mut after) = (0, reader.head().sequence.0 + 1);
    while before + 1 < after {
        let middle = before + (after - before) / 2;
        if read(reader, Sequence(middle))?.at <= at {
            before = middle;
        } else {
            after = middle;
        }
    }
    if before == 0 {
        return Err(Text::new("daemon-nothing-known").with_instant("at", at));
    }
    read(reader, Sequence(before))
}
