//! What clients may ask, one file per request. Rights have been checked when a request comes here.
//!
//! Writes become commands of the engine and are committed in groups; what is in memory is read between groups, on the
//! writer's thread; questions that may take long are answered with a snapshot, and what reads everything with the state as
//! it is on disk, on threads of their own.

mod adopt;
mod alarms;
mod anomalies;
mod apply;
mod as_known;
mod attachments;
mod backup;
mod checked;
mod clock;
mod closing;
mod courses;
mod crews;
mod documents;
mod explain;
mod fill;
mod handover;
mod ledger;
mod meter;
mod model;
mod notes;
mod plan;
mod preferences;
mod quality_plan;
mod readings;
mod record;
mod record_filter;
mod seal;
mod second_checks;
mod sent_cells;
mod sheets;
mod shutdown;
mod status;
mod tail;
mod verify;
mod watch;
mod withdraw;

use crate::domain::actor::Actor;
use crate::domain::text::{Explained, Text};
use crate::domain::time::Instant;
use crate::engine::command::CommandBody;
use crate::engine::second_check::CheckSubject;
use crate::engine::view::Target;
use crate::locale::foreign::system_reason;
use crate::wire::message::{ReplyBody, RequestBody};

use super::job::{Job, ReplyTo};
use super::writer::{Seat, Writer};

pub use adopt::planned_rules;
pub use apply::{Proposed, read_proposal};
pub use sheets::FromPage;

/// Whether a request makes a record.
pub fn is_write(body: &RequestBody) -> bool {
    matches!(
        body,
        RequestBody::Intake { .. }
            | RequestBody::Correct { .. }
            | RequestBody::Withdraw { .. }
            | RequestBody::ChangeMeter(_)
            | RequestBody::Fill(_)
            | RequestBody::Alarms { .. }
            | RequestBody::Anomalies { .. }
            | RequestBody::Note(_)
            | RequestBody::CloseNote(_)
            | RequestBody::File { .. }
            | RequestBody::HandOver { .. }
            | RequestBody::CloseMonth { .. }
            | RequestBody::SecondCheck(_)
            | RequestBody::Approve(_)
            | RequestBody::SignOn { .. }
            | RequestBody::SignOff { .. }
            | RequestBody::SetPin { .. }
            | RequestBody::Apply { .. }
            | RequestBody::Adopt { .. }
            | RequestBody::Seal(_)
    )
}

/// Readings that a request brings.
pub fn readings_in(body: &RequestBody) -> usize {
    match body {
        RequestBody::Intake { readings, .. } | RequestBody::Correct { readings, .. } => readings.len(),
        _ => 0,
    }
}

/// The newest instant of which machines speak: a simulated site's time is at least that. What people write down says nothing of
/// what time it is, but where nothing has said so yet.
pub fn newest_instant(body: &RequestBody, has_time: bool) -> Option<Instant> {
    match body {
        RequestBody::Intake { origin, readings, .. } if origin.is_by_machine() || !has_time => {
            readings.iter().map(|reading| reading.slot.end()).max()
        }
        _ => None,
    }
}

/// The engine's command for a write, with everything that it needs from outside.
pub(super) fn command(writer: &mut Writer, actor: &Actor, body: RequestBody) -> Result<CommandBody, Text> {
    match body {
        RequestBody::Intake {
            origin,
            mut provenance,
            readings,
        } => {
            // Who may outrank what people typed, and waits for nobody, is the daemon's own.
            if !origin.may_be_by_person() && !actor.is_daemon() {
                return Err(Text::new("daemon-origin-of-machines").with_text("origin", origin.text()));
            }
            sent_cells::check(writer, actor, &mut provenance)?;
            attachments::check_here(&writer.shared.site, &provenance.attachments)?;
            Ok(CommandBody::Intake {
                origin,
                provenance,
                readings,
            })
        }
        RequestBody::Correct {
            mut provenance,
            readings,
        } => {
            if provenance
                .reason
                .as_deref()
                .is_none_or(|reason| reason.trim().is_empty())
            {
                return Err(Text::new("daemon-reason-missing"));
            }
            sent_cells::check(writer, actor, &mut provenance)?;
            attachments::check_here(&writer.shared.site, &provenance.attachments)?;
            Ok(CommandBody::Correct { provenance, readings })
        }
        RequestBody::Withdraw { sequence, reason } => withdraw::command(writer, actor, sequence, reason),
        RequestBody::ChangeMeter(change) => meter::command(change),
        RequestBody::Fill(fill) => Ok(CommandBody::Fill(fill)),
        RequestBody::Alarms { alarms, deed } => Ok(CommandBody::Alarms { alarms, deed }),
        RequestBody::Anomalies { anomalies, deed } => Ok(CommandBody::Anomalies { anomalies, deed }),
        RequestBody::Note(note) => Ok(CommandBody::Note(note)),
        RequestBody::CloseNote(closing) => notes::closing(writer, closing),
        RequestBody::File { provenance, documents } => {
            let named = documents.iter().flat_map(|document| &document.attachments);
            attachments::check_here(&writer.shared.site, named)?;
            Ok(CommandBody::File { provenance, documents })
        }
        RequestBody::SecondCheck(check) => second_checks::command(writer, check, CheckSubject::Entry),
        RequestBody::Approve(check) => second_checks::command(writer, check, CheckSubject::Plan),
        // The session has found out that it is them.
        RequestBody::HandOver { handover, .. } => Ok(CommandBody::HandOver(handover)),
        RequestBody::CloseMonth { closing, .. } => Ok(CommandBody::CloseMonth(closing)),
        RequestBody::SignOn { instead_of, .. } => Ok(CommandBody::SignOn { instead_of }),
        RequestBody::SignOff { how } => Ok(CommandBody::SignOff(how)),
        RequestBody::SetPin { staff_number, .. } => Ok(CommandBody::SetPin { staff_number }),
        RequestBody::Apply { digest, effective } => apply::command(writer, &digest, effective),
        RequestBody::Adopt { digest } => adopt::command(&digest),
        RequestBody::Seal(seal) => seal::command(writer, seal),
        // Whoever sorts requests into reads and writes sorts them by `is_write`.
        _ => Err(Text::new("daemon-not-a-write")),
    }
}

/// Answers a read that does not take long; the others are answered when what they need is there.
pub(super) fn answer(writer: &mut Writer, job: Job) {
    let Job {
        actor,
        admission,
        key,
        body,
        reply,
        room,
    } = job;
    let result = match body {
        RequestBody::Status => status::answer(writer),
        RequestBody::Model => model::answer(writer),
        RequestBody::Watch => watch::watch(writer, &reply),
        RequestBody::Unwatch => Ok(watch::unwatch(&reply)),
        RequestBody::Clock => Ok(clock::show(writer)),
        RequestBody::SetClock { now } => clock::push(writer, now),
        RequestBody::ConfirmClock => clock::confirm(writer, &actor),
        RequestBody::Shutdown => Ok(shutdown::answer(writer, &actor)),
        body => {
            let job = Job {
                actor,
                admission,
                key,
                body,
                reply,
                room,
            };
            match job.body {
                RequestBody::Verify { .. }
                | RequestBody::Backup { .. }
                | RequestBody::SealExport { .. }
                | RequestBody::LedgerAsKnown { .. } => {
                    writer.after_checkpoint.push(job);
                }
                _ => writer.ask_apart(job),
            }
            return;
        }
    };
    reply.send(result);
}

/// Answers a question on a thread of its own, with the site as it is now.
pub(super) fn answer_apart(writer: &mut Writer, job: Job, seat: Seat) {
    let Job {
        actor,
        body,
        reply,
        room,
        ..
    } = job;
    let question: Question = match body {
        RequestBody::Plan { effective } => plan::question(writer, effective),
        RequestBody::PlanAdoption => adopt::question(writer),
        RequestBody::Ledger(question) => ledger::question(writer, question),
        // What a record did stands in the journal, which the engine does not read.
        RequestBody::Explain(Target::Record { sequence }) => record::explain(writer, sequence),
        RequestBody::Explain(target) => explain::question(writer, target),
        RequestBody::Tail {
            count,
            from,
            filter,
            changes,
        } => tail::question(
            writer,
            tail::Wanted {
                count,
                from,
                filter,
                changes,
            },
        ),
        RequestBody::Checked { parameter, from, to } => checked::question(writer, parameter, (from, to)),
        RequestBody::Readings { parameter, from, to } => readings::question(writer, parameter, from, to),
        RequestBody::NamedReadings { parameter, at } => readings::named(writer, parameter, at),
        RequestBody::Courses {
            parameters,
            from,
            to,
            columns,
        } => courses::question(writer, parameters, (from, to), columns),
        RequestBody::Notes {
            about,
            from,
            to,
            count,
            open,
        } => notes::question(writer, (about, open), (from, to), count),
        RequestBody::AlarmFigures { from, to } => alarms::figures(writer, from, to),
        RequestBody::PlanAnomalies { anomalies, deed } => anomalies::preview(writer, actor, anomalies, deed),
        RequestBody::Anomaly(anomaly) => anomalies::one(writer, anomaly),
        RequestBody::PastAnomalies { from, to } => anomalies::past(writer, (from, to)),
        RequestBody::Documents { form, count } => documents::question(writer, form, count),
        RequestBody::Doubts(to_bring) => documents::doubts(writer, to_bring),
        RequestBody::SecondChecks => second_checks::list(writer),
        RequestBody::CheckedRecord { record, from } => second_checks::one(writer, record, from),
        RequestBody::Attach { digest, of, at, bytes } => attachments::taking(writer, digest, (of, at), bytes),
        RequestBody::Attachment { digest, at } => attachments::part(writer, digest, at),
        RequestBody::Handover { shift } => handover::question(writer, shift),
        RequestBody::QualityPlan { month } => quality_plan::question(writer, month),
        RequestBody::Months { year } => closing::months(writer, year),
        RequestBody::PlanFill(fill) => fill::preview(writer, fill),
        RequestBody::Availability { from, to } => fill::availability(writer, from, to),
        RequestBody::Rounds => sheets::rounds(writer),
        RequestBody::Sheet { sheet, page } => sheets::question(writer, &actor, sheet, page),
        RequestBody::Draft { sheet, page, changes } => {
            let now = writer.now();
            sheets::drafting(writer, &actor, (sheet, page), changes, now)
        }
        RequestBody::DraftFiles { sheet, page, changes } => sheets::attaching(writer, &actor, (sheet, page), changes),
        RequestBody::DraftBlock { form } => preferences::block(writer, &actor, form),
        RequestBody::KeepDraftBlock { form, text } => preferences::keeping_block(writer, &actor, form, text),
        RequestBody::Preferences => preferences::question(writer, &actor),
        RequestBody::KeepPreferences { text } => preferences::keeping(writer, &actor, text),
        RequestBody::FormDrafts => preferences::drafts(writer, &actor),
        RequestBody::KeepFormDrafts { text } => preferences::keeping_drafts(writer, &actor, text),
        RequestBody::Crews { book, month } => crews::question(writer, book, month),
        _ => Box::new(|| Err(Text::new("daemon-not-a-read"))),
    };
    on_its_own("question", reply, move || {
        let result = question();
        // The place is free before the answer is read: whoever asks the next question finds it.
        drop((seat, room));
        result
    });
}

/// A question with everything that is needed to answer it, whatever the writer does meanwhile.
type Question = Box<dyn FnOnce() -> Result<ReplyBody, Text> + Send>;

/// Starts what works on the state on disk, now that everything is there.
pub(super) fn answer_on_disk(writer: &mut Writer, job: Job) {
    let Job { body, reply, .. } = job;
    match body {
        RequestBody::Verify { expect } => verify::start(writer, expect, reply),
        RequestBody::Backup { directory } => backup::start(writer, directory, reply),
        RequestBody::SealExport { through, directory } => seal::export(writer, through, &directory, reply),
        RequestBody::LedgerAsKnown { known, question } => as_known::start(writer, known, question, reply),
        _ => reply.send(Err(Text::new("daemon-not-a-read"))),
    }
}

/// Runs work that takes long on a thread of its own, which answers.
fn on_its_own(name: &str, reply: ReplyTo, work: impl FnOnce() -> Result<ReplyBody, Text> + Send + 'static) {
    // Whoever asked gets the answer also where there is no thread to be had.
    let hand = std::sync::Arc::new(std::sync::Mutex::new(Some(reply)));
    let take = |hand: &std::sync::Mutex<Option<ReplyTo>>| {
        hand.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take()
    };
    let theirs = std::sync::Arc::clone(&hand);
    let started = std::thread::Builder::new().name(name.to_owned()).spawn(move || {
        let result = work();
        if let Some(reply) = take(&theirs) {
            reply.send(result);
        }
    });
    if let Err(error) = started
        && let Some(reply) = take(&hand)
    {
        reply.send(Err(
            Text::new("daemon-no-thread").with_text("error", system_reason(&error))
        ));
    }
}
