//! Journal records, for people.

use crate::domain::identity::Sequence;
use crate::domain::text::{Explained, Text, clean};
use crate::engine::event::{Event, kind_text};
use crate::engine::view::{Explanation, Part, Target};
use crate::store::{JournalReader, Record};
use crate::wire::message::{RecordView, ReplyBody};

use super::super::ground::GroundError;
use super::super::writer::Writer;
use super::Question;

/// Most records in one answer.
const MOST_RECORDS: u64 = 1000;

pub(super) fn question(writer: &Writer, count: u32, after: Option<Sequence>) -> Question {
    let reader = writer.ground.reader();
    Box::new(move || answer(&reader, count, after))
}

fn answer(reader: &JournalReader, count: u32, after: Option<Sequence>) -> Result<ReplyBody, Text> {
    let count = u64::from(count).min(MOST_RECORDS);
    let newest = reader.head().sequence.0.saturating_sub(count);
    let from = match after {
        // A follower that fell behind gets the records after the last that it has, not the newest.
        Some(after) => after.next(),
        None => Sequence(newest + 1),
    };
    let mut records = Vec::new();
    for record in reader
        .records_from(from)
        .take(usize::try_from(count).unwrap_or(usize::MAX))
    {
        let record = record.map_err(|error| GroundError::from(error).text())?;
        records.push(view(&record));
    }
    Ok(ReplyBody::Records(records))
}

fn view(record: &Record) -> RecordView {
    let decoded = record
        .payload
        .kept()
        .map(|payload| Event::decode(record.kind, record.version, payload));
    let (actor, kind, what) = match decoded {
        // Only readings by machines are ever dropped.
        None => (
            None,
            "dropped".to_owned(),
            Text::new("record-dropped").with_count("bytes", record.payload.length()),
        ),
        Some(Ok((envelope, event))) => {
            let (kind, what) = event.describe();
            (Some(envelope.actor), kind.to_owned(), what)
        }
        // A record that this version cannot read is shown all the same.
        Some(Err(error)) => (
            None,
            "unknown".to_owned(),
            Text::new("daemon-record-unknown")
                .with_count("kind", record.kind)
                .with_count("version", record.version)
                .with("error", clean(&error.to_string())),
        ),
    };
    RecordView {
        sequence: record.sequence,
        at: record.at,
        actor,
        kind,
        what,
        hash: record.hash.to_string(),
    }
}

/// A record as the last step of an explanation.
pub(super) fn explain(writer: &Writer, sequence: Sequence) -> Question {
    let reader = writer.ground.reader();
    Box::new(move || explanation(&reader, sequence))
}

fn explanation(reader: &JournalReader, sequence: Sequence) -> Result<ReplyBody, Text> {
    let record = reader
        .read(sequence)
        .map_err(|error| GroundError::from(error).text())?
        .ok_or_else(|| Text::new("daemon-no-record").with("sequence", sequence))?;
    let shown = view(&record);
    let part = |label: &'static str, value: String| Part {
        label: Text::new(label),
        value: Some(value),
        unit: None,
        numbers: None,
        remark: None,
        target: None,
    };
    let kind = kind_text(&shown.kind).unwrap_or_else(|| Text::new("record-kind-unknown"));
    let mut parts = Vec::new();
    if let Some(actor) = &shown.actor {
        let roles = actor.roles.iter().map(Explained::text);
        let roles = roles.reduce(|first, rest| {
            Text::new("explain-and")
                .with_text("first", first)
                .with_text("rest", rest)
        });
        parts.push(part(
            "daemon-record-user",
            format!("{} ({})", clean(&actor.user), actor.uid),
        ));
        parts.push(Part {
            value: None,
            remark: Some(roles.unwrap_or_else(|| Text::new("role-none"))),
            ..part("daemon-record-roles", String::new())
        });
    }
    parts.push(part("daemon-record-hash", shown.hash));
    Ok(ReplyBody::Explanation(Box::new(Explanation {
        target: Target::Record { sequence },
        title: Text::new("daemon-record-title")
            .with("sequence", sequence)
            .with_text("kind", kind),
        value: None,
        unit: None,
        formula: None,
        numbers: None,
        remarks: vec![shown.what, Text::new("daemon-record-at").with_instant("at", shown.at)],
        parts,
    })))
}
