//! One journal record: as a line of a list, and explained.

use crate::domain::decimal::{from_count, tonnes_of_milligrams};
use crate::domain::identity::{BookId, NodeId, ParameterId, Sequence};
use crate::domain::model::SiteModel;
use crate::domain::note::{About, Note};
use crate::domain::period::Period;
use crate::domain::reading::Slot;
use crate::domain::text::{Explained, Text, TextValue, clean};
use crate::domain::time::Month;
use crate::engine::closing::MonthClosed;
use crate::engine::command::MeterChange;
use crate::engine::documents::document_part;
use crate::engine::event::{Event, RecordKind, Withdrawn, carried_text, kind_text};
use crate::engine::outline::{Outline, slots_of};
use crate::engine::view::{Explanation, Part, Restated, SecondCheckView, Target};
use crate::locale::figures;
use crate::quality::alarm::AlarmId;
use crate::quality::anomaly::AnomalyId;
use crate::report::closing::failing;
use crate::site as site_model;
use crate::store::{JournalReader, Record};
use crate::wire::message::ReplyBody;
use crate::wire::records::RecordView;

use super::super::ground::GroundError;
use super::super::snapshot::Snapshot;
use super::super::writer::Writer;
use super::Question;
use super::plan::texts_of;

/// Most changes that a line tells.
const MOST_TOLD: usize = 3;

/// Most changes that an explanation lists; how many more there are is said.
const MOST_LISTED: usize = 100;

/// Digits after the point of a tonne: kilograms.
const DIGITS: u32 = 3;

/// A record as a line, with what else is known of it.
pub(super) struct Listed {
    pub(super) view: RecordView,
    outline: Option<Outline>,
    /// The readings that a person brought or took back, as far as they are told.
    touched: Vec<(ParameterId, Slot)>,
}

impl Listed {
    /// Of a change of a meter, what it was.
    pub(super) fn meter_change(&self) -> Option<&MeterChange> {
        match self.outline.as_ref()?.event.as_ref()? {
            Event::MeterChanged(changed) => Some(&changed.change),
            _ => None,
        }
    }

    /// Under a model it says by name of what a note speaks.
    pub(super) fn new(record: &Record, model: Option<&SiteModel>) -> Self {
        let outline = record
            .payload
            .kept()
            .map(|payload| Outline::read(record.kind, record.version, payload));
        let (kind, what, outline) = match outline {
            // Only readings by machines are ever dropped.
            None => (
                RecordKind::Dropped.name(),
                Text::new("record-dropped").with_count("bytes", record.payload.length()),
                None,
            ),
            Some(Ok(outline)) => {
                let named = match (&outline.event, model) {
                    (Some(Event::Noted(note)), Some(model)) => note_text(note, model),
                    _ => None,
                };
                let what = named.unwrap_or_else(|| outline.what.clone());
                let what = match model {
                    Some(model) => of_sheet(what, &outline.provenance.name, model),
                    None => what,
                };
                (outline.kind.name(), what, Some(outline))
            }
            // A record that this version cannot read is shown all the same.
            Some(Err(error)) => (
                "unknown",
                Text::new("daemon-record-unknown")
                    .with_count("kind", record.kind)
                    .with_count("version", record.version)
                    .with("error", clean(&error.to_string())),
                None,
            ),
        };
        let from = outline.as_ref().map_or("", |outline| outline.provenance.name.as_str());
        let view = RecordView {
            sequence: record.sequence,
            at: Some(record.at),
            actor: outline.as_ref().map(|outline| outline.envelope.actor.clone()),
            kind: kind.to_owned(),
            from: clean(from).into_owned(),
            what,
            approval: None,
            changes: Vec::new(),
            hash: record.hash.to_string(),
        };
        let touched = match &outline {
            Some(outline) if !outline.by_machine => slots(record, MOST_TOLD),
            _ => Vec::new(),
        };
        Self { view, outline, touched }
    }

    /// How it stands with the second person, where one was asked for.
    pub(super) fn second_check(&self, snapshot: Option<&Snapshot>) -> Option<SecondCheckView> {
        second_check(snapshot?, self.outline.as_ref()?, self.view.sequence)
    }

    /// Whether it is readings that machines brought.
    pub(super) fn by_machine(&self) -> bool {
        self.view.kind == RecordKind::Dropped.name() || self.outline.as_ref().is_some_and(|outline| outline.by_machine)
    }

    /// What was before it and what is after: the first few changes, and how many more there are. Without the state it is
    /// only what the record says itself.
    pub(super) fn changes(&self, snapshot: Option<&Snapshot>, check: Option<&SecondCheckView>) -> Vec<Text> {
        let sequence = self.view.sequence;
        let Some(outline) = &self.outline else {
            return Vec::new();
        };
        let mut changes: Vec<Text> = outline.restated().iter().map(restated_text).collect();
        if let Some(snapshot) = snapshot {
            changes.extend(check.map(SecondCheckView::said));
            for &(parameter, slot) in &self.touched {
                let change = snapshot.ask(|engine, history| engine.change_by(history, sequence, parameter, slot));
                changes.extend(change.map(|change| change.text()));
            }
            match &outline.event {
                Some(Event::Applied { .. }) => changes.extend(changes_of_model(snapshot, sequence)),
                Some(Event::MeterChanged(changed)) => {
                    let model = snapshot.engine().model();
                    changes.extend(model.map(|model| meter_text(&changed.change, model)));
                }
                Some(Event::AlarmsAnswered(answered)) => {
                    let model = snapshot.engine().model().map(|model| &**model);
                    changes.extend(answered.alarms.iter().map(|alarm| alarm_text(*alarm, model)));
                }
                Some(event) if anomaly_texts(event, None).is_some() => {
                    let model = snapshot.engine().model().map(|model| &**model);
                    changes.extend(anomaly_texts(event, model).unwrap_or_default());
                }
                Some(Event::Filled(filled)) => {
                    let parts = snapshot.engine().filled_parts(filled);
                    changes.extend(parts.iter().map(Part::filled_text));
                }
                _ => {}
            }
        }
        let more = changes.len().saturating_sub(MOST_TOLD);
        changes.truncate(MOST_TOLD);
        if more > 0 {
            changes.push(Text::new("record-changes-more").with_count("count", more));
        }
        changes
    }
}

/// The first readings that a record brought or took back.
fn slots(record: &Record, most: usize) -> Vec<(ParameterId, Slot)> {
    let decoded = record
        .payload
        .kept()
        .and_then(|payload| Event::decode(record.kind, record.version, payload).ok());
    let mut slots = decoded.map_or_else(Vec::new, |(_, event)| slots_of(&event));
    slots.truncate(most);
    slots
}

/// What a model changed of the one before it.
fn changes_of_model(snapshot: &Snapshot, sequence: Sequence) -> Vec<Text> {
    let models = snapshot.engine().model_by(sequence);
    models.map_or_else(Vec::new, |(before, after)| {
        let differences = site_model::differences(before.map(AsRef::as_ref), after);
        differences.iter().flat_map(texts_of).collect()
    })
}

fn restated_values(restated: &Restated) -> String {
    let shown = |milligrams| figures::tonnes(milligrams, DIGITS);
    format!("{} → {}", shown(restated.before), shown(restated.after))
}

fn restated_text(restated: &Restated) -> Text {
    Text::new("record-change-restated")
        .with_name("name", &restated.name)
        .with("month", &restated.month)
        .with("book", &restated.book)
        .with("values", restated_values(restated))
}

/// An alarm by name.
fn alarm_text(alarm: AlarmId, model: Option<&SiteModel>) -> Text {
    let parameter = model.and_then(|model| model.parameter(alarm.parameter));
    let text = Text::new("record-alarm").with_text("kind", alarm.kind.text());
    match parameter {
        Some(parameter) => text.with("tag", &parameter.tag).with_name("name", &parameter.name),
        None => text.with("tag", alarm.parameter).with("name", ""),
    }
}

/// The anomalies of which a record tells, or with which something was done; none of other records.
fn anomaly_texts(event: &Event, model: Option<&SiteModel>) -> Option<Vec<Text>> {
    let number = |id: &AnomalyId| Text::new("record-change-anomaly").with("number", id);
    let worked = match event {
        Event::AnomaliesFound(all) => {
            let told = all.found.iter().map(|found| {
                let parameter = model.and_then(|model| model.parameter(found.parameter));
                let tag = parameter.map_or_else(|| found.parameter.to_string(), |parameter| parameter.tag.clone());
                match &found.signs {
                    Some(signs) => {
                        let unit = parameter.map_or("", |parameter| parameter.unit.symbol());
                        Text::new("record-change-anomaly-found").with_text("why", signs.why(unit))
                    }
                    None => Text::new("record-change-anomaly-gone"),
                }
                .with("number", found.anomaly)
                .with("tag", tag)
            });
            return Some(told.collect());
        }
        Event::AnomaliesWorked(worked) => worked,
        Event::Readings(body) => body.provenance.disposed.as_ref()?,
        Event::Withdrawn(Withdrawn { anomalies, .. }) if !anomalies.is_empty() => {
            return Some(anomalies.iter().map(number).collect());
        }
        _ => return None,
    };
    Some(worked.anomalies.iter().map(number).collect())
}

/// How it stands with the second person of a record, where one was asked for.
fn second_check(snapshot: &Snapshot, outline: &Outline, sequence: Sequence) -> Option<SecondCheckView> {
    outline.awaits_second_person()?;
    let found = snapshot.ask(|engine, history| Ok(engine.second_check(history, sequence)?));
    found.ok().flatten()
}

/// A record of the journal.
pub(super) fn read(reader: &JournalReader, sequence: Sequence) -> Result<Record, Text> {
    reader
        .read(sequence)
        .map_err(|error| GroundError::from(error).text())?
        .ok_or_else(|| Text::new("daemon-no-record").with("sequence", sequence))
}

/// A record as a step of an explanation.
pub(super) fn explain(writer: &Writer, sequence: Sequence) -> Question {
    let reader = writer.ground.reader();
    let snapshot = writer.ground.snapshot();
    Box::new(move || explanation(&reader, &snapshot, sequence))
}

fn explanation(reader: &JournalReader, snapshot: &Snapshot, sequence: Sequence) -> Result<ReplyBody, Text> {
    let record = read(reader, sequence)?;
    let listed = Listed::new(&record, snapshot.engine().model().map(|model| &**model));
    let shown = &listed.view;
    let kind = kind_text(&shown.kind).unwrap_or_else(|| Text::new("record-kind-unknown"));
    let mut remarks = vec![shown.what.clone()];
    remarks.push(Text::new("daemon-record-at").with_instant("at", record.at));
    let mut parts = who(shown);
    if let Some(outline) = &listed.outline {
        remarks.extend(second_check(snapshot, outline, sequence).map(|check| check.said()));
        parts.extend(origin(outline));
        let model = snapshot.engine().model().map(|model| &**model);
        let documents = outline.documents().iter().take(MOST_LISTED);
        parts.extend(documents.map(|document| document_part(document, model)));
        let (about, more) = about(&record, outline, snapshot);
        parts.extend(about);
        if more > 0 {
            remarks.push(Text::new("record-changes-more").with_count("count", more));
        }
    }
    parts.push(plain("daemon-record-hash", shown.hash.clone()));
    Ok(ReplyBody::Explanation(Box::new(Explanation {
        target: Target::Record { sequence },
        title: Text::new("daemon-record-title")
            .with("sequence", sequence)
            .with_text("kind", kind),
        value: None,
        unit: None,
        formula: None,
        numbers: None,
        remarks,
        parts,
    })))
}

fn plain(label: &'static str, value: String) -> Part {
    Part {
        label: Text::new(label),
        value: Some(value),
        unit: None,
        numbers: None,
        remark: None,
        target: None,
    }
}

fn said(text: Text) -> Part {
    Part {
        label: text,
        value: None,
        ..plain("daemon-record-user", String::new())
    }
}

fn who(shown: &RecordView) -> Vec<Part> {
    let Some(actor) = &shown.actor else {
        return Vec::new();
    };
    let roles = Text::joined(actor.roles.iter().map(Explained::text));
    let mut parts = vec![plain(
        "daemon-record-user",
        format!("{} ({})", clean(&actor.user), actor.uid),
    )];
    if let Some(person) = &actor.person {
        parts.push(plain("daemon-record-person", clean(person).into_owned()));
    }
    parts.push(Part {
        value: None,
        remark: Some(roles.unwrap_or_else(|| Text::new("role-none"))),
        ..plain("daemon-record-roles", String::new())
    });
    parts
}

fn origin(outline: &Outline) -> Vec<Part> {
    let provenance = &outline.provenance;
    let mut parts = Vec::new();
    if !provenance.name.is_empty() {
        parts.push(plain("daemon-record-from", clean(&provenance.name).into_owned()));
    }
    if let Some(digest) = &provenance.digest {
        parts.push(plain("daemon-record-file-digest", clean(digest).into_owned()));
    }
    parts.extend(provenance.attachments.iter().map(|attachment| said(attachment.said())));
    parts
}

/// What a record is about, each with what to open for more; and how many more there are than are listed.
fn about(record: &Record, outline: &Outline, snapshot: &Snapshot) -> (Vec<Part>, usize) {
    let sequence = record.sequence;
    let model = snapshot.engine().model().cloned();
    let model = model.as_deref();
    let mut parts: Vec<Part> = outline
        .restated()
        .iter()
        .map(|restated| restated_part(restated, model))
        .collect();
    match &outline.event {
        Some(Event::Withdrawn(Withdrawn { of, .. })) => parts.push(Part {
            target: Some(Target::Record { sequence: *of }),
            ..said(Text::new("version-of").with("record", of))
        }),
        Some(Event::MeterChanged(changed)) => parts.extend(model.map(|model| meter_part(&changed.change, model))),
        Some(Event::Noted(note)) => {
            parts.extend(model.map(|model| note_part(note, model)));
            parts.extend(carried_part(sequence, note, snapshot));
        }
        Some(Event::NoteClosed(closed)) => parts.push(Part {
            target: Some(Target::Record { sequence: closed.of }),
            ..said(Text::new("note-of-record").with("of", closed.of))
        }),
        Some(Event::Applied { .. }) => parts.extend(changes_of_model(snapshot, sequence).into_iter().map(said)),
        Some(Event::Filled(filled)) => {
            parts.extend(filled.of.map(|of| Part {
                target: Some(Target::Record { sequence: of }),
                ..said(Text::new("version-of").with("record", of))
            }));
            parts.extend(snapshot.engine().filled_parts(filled));
        }
        Some(Event::AlarmsAnswered(answered)) => {
            parts.extend(answered.alarms.iter().map(|alarm| said(alarm_text(*alarm, model))));
        }
        Some(event) if anomaly_texts(event, None).is_some() => {
            parts.extend(anomaly_texts(event, model).unwrap_or_default().into_iter().map(said));
        }
        Some(Event::MonthClosed(closed)) => parts.extend(closed_parts(closed, model)),
        Some(Event::Sealed(seal)) => parts.push(Part {
            target: Some(Target::Record { sequence: seal.applied }),
            ..said(Text::new("version-of").with("record", seal.applied))
        }),
        _ => {}
    }
    let slots = slots(record, usize::MAX);
    let room = MOST_LISTED.saturating_sub(parts.len());
    let more = (parts.len() + slots.len()).saturating_sub(MOST_LISTED);
    parts.truncate(MOST_LISTED);
    for (parameter, slot) in slots.into_iter().take(room) {
        let change = snapshot.ask(|engine, history| engine.change_by(history, sequence, parameter, slot));
        parts.extend(change.map(|change| change.part()));
    }
    (parts, more)
}

/// What was issued of a month: of every book, and of every source in it; with the rules that it failed and the whole digest.
fn closed_parts(closed: &MonthClosed, model: Option<&SiteModel>) -> Vec<Part> {
    let period = Period::Month(closed.month);
    let books = || model.into_iter().flat_map(|model| &model.books);
    let key_of = |id: BookId| {
        let known = books().find(|book| book.id == id);
        known.map_or_else(|| id.to_string(), |book| clean(&book.key).into_owned())
    };
    let figure = |label: Text, milligrams: i128, target: Option<Target>| Part {
        label,
        value: Some(tonnes_of_milligrams(milligrams).to_string()),
        unit: Some("tCO2e".to_owned()),
        numbers: None,
        remark: None,
        target,
    };
    let digest = Text::new("closing-digest")
        .with("digest", clean(&closed.digest))
        .with("applied", closed.applied);
    let mut parts = vec![said(digest)];
    parts.extend(failing(&closed.failing).map(said));
    parts.extend(closed.before.map(|of| Part {
        target: Some(Target::Record { sequence: of }),
        ..said(Text::new("version-of").with("record", of))
    }));
    for (book, milligrams) in closed.by_book() {
        let target = books().find(|known| known.id == book).map(|known| Target::Node {
            book,
            node: known.boundary,
            period,
        });
        let label = Text::new("closing-total").with("book", key_of(book));
        parts.push(figure(label, milligrams, target));
        for issued in closed.figures.iter().filter(|issued| issued.book == book) {
            let source = model.and_then(|model| model.sources.iter().find(|source| source.id == issued.source));
            let label = Text::new("closing-source")
                .with("gas", issued.gas.symbol())
                .with("book", key_of(book));
            let label = match source {
                Some(source) => label.with_name("source", &source.name),
                None => label.with("source", issued.source),
            };
            let target = source.map(|source| Target::Source {
                book,
                source: source.id,
                period,
            });
            parts.push(figure(label, issued.sum.co2e_mg, target));
        }
    }
    parts
}

fn restated_part(restated: &Restated, model: Option<&SiteModel>) -> Part {
    let book = model.and_then(|model| model.books.iter().find(|book| book.key == restated.book));
    let source = model.and_then(|model| model.sources.iter().find(|source| source.key == restated.source));
    let first_day = chrono::NaiveDate::parse_from_str(&format!("{}-01", restated.month), "%Y-%m-%d");
    let target = book.zip(source).zip(first_day.ok().map(Month::of));
    Part {
        label: Text::new("record-restated")
            .with_name("name", &restated.name)
            .with("month", &restated.month)
            .with("book", &restated.book),
        value: Some(restated_values(restated)),
        unit: Some("tCO2e".to_owned()),
        numbers: None,
        remark: None,
        target: target.map(|((book, source), month)| Target::Source {
            book: book.id,
            source: source.id,
            period: Period::Month(month),
        }),
    }
}

/// What a note says, and of what; `None` where that has no name.
fn note_text(note: &Note, model: &SiteModel) -> Option<Text> {
    let text = Text::new("record-note-on")
        .with_instant("at", note.at)
        .with("text", clean(&note.text));
    let text = match note.about {
        About::Site => return None,
        About::Node(id) => text.with_name("about", &model.node(id)?.name),
        About::Parameter(id) => text.with("about", &model.parameter(id)?.tag),
    };
    Some(carried_text(text, note))
}

/// How it stands with a note that is carried forward, with the record in which it was closed.
fn carried_part(of: Sequence, note: &Note, snapshot: &Snapshot) -> Option<Part> {
    let carried = snapshot.ask(|engine, history| Ok(engine.carried(history, note.at, of)?));
    let carried = carried.ok().flatten()?;
    let closed = carried.closed().map(|closed| closed.record);
    Some(Part {
        target: closed.map(|sequence| Target::Record { sequence }),
        ..said(Text::new("record-note-stands").with_text("carried", carried.text()))
    })
}

/// Of what a note speaks, and the figure of that hour.
fn note_part(note: &Note, model: &SiteModel) -> Part {
    let hour = model.zone.hour_of(note.at);
    let book = model.books.first().map(|book| book.id);
    let node = |id: NodeId| {
        let found = model.node(id)?;
        let target = book.map(|book| Target::Node {
            book,
            node: id,
            period: Period::Hour(hour),
        });
        Some((Text::new("note-about-node").with_name("name", &found.name), target))
    };
    let (label, target) = match note.about {
        About::Site => (Text::new("note-about-site"), None),
        About::Node(id) => node(id).unwrap_or((Text::new("note-about-gone"), None)),
        About::Parameter(parameter) => (
            match model.parameter(parameter) {
                Some(found) => Text::new("note-about-parameter")
                    .with("tag", &found.tag)
                    .with_name("name", &found.name),
                None => Text::new("note-about-gone"),
            },
            Some(Target::Bucket { parameter, hour }),
        ),
    };
    Part { target, ..said(label) }
}

/// A meter change: the last register value of the old meter and the first of the new one.
/// The same with the name of the entry sheet from which it is, in place of the key under which the record has it.
fn of_sheet(mut what: Text, from: &str, model: &SiteModel) -> Text {
    let rest = from.strip_prefix("sheet ").and_then(|rest| rest.split_once(' '));
    let found = rest.and_then(|(key, rest)| Some((model.sheet(key)?, rest)));
    let argument = what.arguments.iter_mut().find(|(key, _)| key == "from");
    if let (Some((sheet, rest)), Some((_, value))) = (found, argument) {
        let named = Text::new("record-from-sheet")
            .with_name("sheet", &sheet.name)
            .with("rounds", clean(rest));
        *value = TextValue::Text(Box::new(named));
    }
    what
}

/// Which register it was, with its last value and the first of the new meter.
pub(super) fn meter_text(change: &MeterChange, model: &SiteModel) -> Text {
    let part = meter_part(change, model);
    let parameter = model.parameter(change.parameter);
    Text::new("record-change-meter")
        .with("tag", clean(parameter.map_or("", |parameter| &parameter.tag)))
        .with("values", part.value.unwrap_or_default())
}

fn meter_part(change: &MeterChange, model: &SiteModel) -> Part {
    let parameter = model.parameter(change.parameter);
    let decimals = parameter.map_or(0, |parameter| parameter.decimals);
    let shown =
        |value: Option<i64>| value.map_or_else(|| "—".to_owned(), |value| from_count(value, decimals).to_string());
    Part {
        label: Text::new("record-meter")
            .with(
                "tag",
                parameter.map_or_else(|| change.parameter.to_string(), |parameter| parameter.tag.clone()),
            )
            .with("multiplier", clean(&change.multiplier)),
        value: Some(format!(
            "{} → {}",
            shown(change.final_value),
            shown(change.initial_value)
        )),
        unit: parameter.map(|parameter| parameter.unit.symbol().to_owned()),
        numbers: None,
        remark: None,
        target: Some(Target::Bucket {
            parameter: change.parameter,
            hour: model.zone.hour_of(change.at),
        }),
    }
}
