//! What a client may ask, and by which right.

use super::records::{RecordFilter, TailFrom};
use crate::domain::actor::{Right, SignOff};
use crate::domain::attachment::Digest;
use crate::domain::document::{Document, FormKind};
use crate::domain::draft::{DraftChange, FileChange};
use crate::domain::handover::ShiftName;
use crate::domain::identity::{BookId, ParameterId, Sequence};
use crate::domain::note::{About, Note, NoteClosing};
use crate::domain::pin::Pin;
use crate::domain::reading::{Incoming, Origin};
use crate::domain::sheet::SheetPage;
use crate::domain::time::{Hour, Instant, Month};
use crate::engine::alarms::AlarmDeed;
use crate::engine::anomalies::AnomalyDeed;
use crate::engine::closing::CloseMonth;
use crate::engine::command::{MeterChange, Provenance};
use crate::engine::filling::Fill;
use crate::engine::handover::HandOver;
use crate::engine::overlaps::ToBring;
use crate::engine::sealed::Seal;
use crate::engine::second_check::SecondCheck;
use crate::engine::view::{LedgerQuestion, Target};
use crate::quality::alarm::AlarmId;
use crate::quality::anomaly::AnomalyId;
use bytes::Bytes;
use serde::{Deserialize, Serialize};

/// From when on a changed model is to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effective {
    /// From where the newest dated version holds, which it amends; from the beginning where no version has a date.
    #[default]
    Newest,
    /// From the beginning, in place of every version.
    Start,
    /// From an instant on, in place of the versions dated there or later.
    From(Instant),
}

/// A moment of the past, of which it is asked what was known then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KnownAt {
    /// After a record, and what its deliverer brought into settled days after it, until somebody did anything else.
    Record(Sequence),
    /// At an instant: in the same way after the last record that was written by then.
    Time(Instant),
}

/// What a client may ask.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RequestBody {
    /// The state of daemon and site.
    Status,
    /// The model in force.
    Model,
    /// Start sending a [`Snapshot`] and then numbered [`Delta`]s.
    Watch,
    /// Stop sending them.
    Unwatch,
    /// Readings, delivered by a way other than correction.
    Intake {
        /// By which way they came.
        origin: Origin,
        /// Where they came from.
        provenance: Provenance,
        /// The readings; at most [`LARGEST_BATCH`].
        readings: Vec<Incoming>,
    },
    /// A correction of readings by a person; `provenance.reason` is required.
    Correct {
        /// Why and from where.
        provenance: Provenance,
        /// The readings that stand above what was delivered.
        readings: Vec<Incoming>,
    },
    /// Withdraws the layers that a record brought; refused while a later one rests on one of them.
    Withdraw {
        /// The record.
        sequence: Sequence,
        /// Why.
        reason: String,
    },
    /// A counter's meter was replaced or reset.
    ChangeMeter(MeterChange),
    /// A person decides of hours that were not measured.
    Fill(Fill),
    /// What that would do; nothing changes.
    PlanFill(Fill),
    /// How much of each quantity was measured.
    Availability {
        /// The first hour.
        from: Hour,
        /// The first hour after them; at most ten years later.
        to: Hour,
    },
    /// Something is done to alarms: to as many of them as let it be done.
    Alarms {
        /// To which.
        alarms: Vec<AlarmId>,
        /// What.
        deed: AlarmDeed,
    },
    /// Something is done with anomalies: with as many of them as let it be done.
    Anomalies {
        /// With which.
        anomalies: Vec<AnomalyId>,
        /// What.
        deed: AnomalyDeed,
    },
    /// What that would do; nothing changes.
    PlanAnomalies {
        /// With which.
        anomalies: Vec<AnomalyId>,
        /// What.
        deed: AnomalyDeed,
    },
    /// An anomaly with what was done with it, and similar ones.
    Anomaly(AnomalyId),
    /// The newest anomalies outside the queue that began in a period.
    PastAnomalies {
        /// From (included).
        from: Instant,
        /// To (not included).
        to: Instant,
    },
    /// Alarm figures of a period.
    AlarmFigures {
        /// From (included).
        from: Instant,
        /// To (not included).
        to: Instant,
    },
    /// A note beside the figures.
    Note(Note),
    /// Closes a note that is carried forward.
    CloseNote(NoteClosing),
    /// Files documents, with the readings that come of them: all of them or none.
    File {
        /// The file from which they come, where they come from one.
        provenance: Provenance,
        /// The documents; at most [`MOST_FILED`](crate::engine::documents::MOST_FILED).
        documents: Vec<Document>,
    },
    /// A part of a file that is to be attached to a document or to readings: what stands at a place of it, or nothing, to ask how much there
    /// is. Parts come in order; what was answered is kept as long as the daemon runs, and the whole file for good.
    Attach {
        /// Of what is in the file.
        digest: Digest,
        /// How long it is, in bytes.
        of: u64,
        /// Where the part begins.
        at: u64,
        /// At most [`LARGEST_PART`](crate::domain::attachment::LARGEST_PART) bytes.
        bytes: Bytes,
    },
    /// What stands in an attachment from a place on.
    Attachment {
        /// Which.
        digest: Digest,
        /// From where.
        at: u64,
    },
    /// The newest documents of a form.
    Documents {
        /// Key of the form.
        form: String,
        /// How many at most; never more than [`MOST_DOCUMENTS`](crate::engine::documents::MOST_DOCUMENTS).
        count: u32,
    },
    /// What looks wrong about what is to be brought, by what stands already.
    Doubts(ToBring),
    /// A second person says something of a record of another one.
    SecondCheck(SecondCheck),
    /// Somebody says something of a version of the plan that another one put in force.
    Approve(SecondCheck),
    /// What second persons are to look at, or have returned.
    SecondChecks,
    /// A record at which one is to look, with its values.
    CheckedRecord {
        /// Which.
        record: Sequence,
        /// From which of its values on, as many as one answer has.
        from: u32,
    },
    /// Somebody signs the handover of a shift.
    HandOver {
        /// Which, and as whom.
        handover: HandOver,
        /// The PIN of whoever is signed on; at a login of one's own there is none.
        pin: Option<Pin>,
    },
    /// The sheet of a shift's handover.
    Handover {
        /// Of which shift; of the one at hand where none is named.
        shift: Option<ShiftName>,
    },
    /// Somebody closes a month.
    CloseMonth {
        /// Which, and what they have seen of it.
        closing: CloseMonth,
        /// The PIN of whoever is signed on; at a login of one's own there is none.
        pin: Option<Pin>,
    },
    /// The months of a year, with what was issued of them.
    Months {
        /// Which year; the one that runs where none is named.
        year: Option<i32>,
    },
    /// The data-quality control plan of a month held against what arrived, with what the evidence rules say.
    QualityPlan {
        /// Which month; the one that runs where none is named.
        month: Option<Month>,
    },
    /// A person signs on at the post, for as long as the connection lasts, in place of whoever is signed on.
    SignOn {
        /// Staff number.
        staff_number: String,
        /// The person's PIN.
        pin: Pin,
        /// Who is signed on until then; a client does not say.
        instead_of: Option<String>,
    },
    /// Whoever is signed on signs off.
    SignOff {
        /// How it comes; of a client it is always taken to be asked for.
        how: SignOff,
    },
    /// Whoever is signed on is still there: a key was touched. Every request that makes a record says so too.
    StillHere,
    /// Sets a person's PIN: by themselves with the old one, at a login of their own also for the first time, and by an
    /// administrator without it.
    SetPin {
        /// Staff number.
        staff_number: String,
        /// The PIN until now.
        old: Option<Pin>,
        /// The PIN from now on.
        new: Pin,
    },
    /// The newest notes of a stretch of time that concern something.
    Notes {
        /// What.
        about: About,
        /// From (included).
        from: Instant,
        /// To (not included).
        to: Instant,
        /// How many at most; never more than [`MOST_NOTES`](crate::engine::notes::MOST_NOTES).
        count: u32,
        /// Only those that are carried forward and open.
        open: bool,
    },
    /// What the changed `site.toml` would add, remove and restate.
    Plan {
        /// From when on it is to hold.
        effective: Effective,
    },
    /// Puts the changed `site.toml` in force; refused if the file is not the one that was planned.
    Apply {
        /// Digest that [`ReplyBody::Plan`] gave.
        digest: String,
        /// From when on it is to hold.
        effective: Effective,
    },
    /// What adopting this program's rules would restate; nothing changes.
    PlanAdoption,
    /// Puts this program's rules in force.
    Adopt {
        /// Digest that [`ReplyBody::Plan`] gave.
        digest: String,
    },
    /// A ledger table.
    Ledger(LedgerQuestion),
    /// A ledger table as it was known in the past.
    LedgerAsKnown {
        /// When.
        known: KnownAt,
        /// Which table.
        question: LedgerQuestion,
    },
    /// An explanation, one level deep.
    Explain(Target),
    /// Journal records, newest last. At most so many are looked at for one answer, whatever is found among them.
    Tail {
        /// How many at most.
        count: u32,
        /// From where.
        from: TailFrom,
        /// Which.
        filter: RecordFilter,
        /// Whether what was before and what is after is asked for too.
        changes: bool,
    },
    /// Readings of a parameter in a stretch of time, effective versions only.
    Readings {
        /// Which.
        parameter: ParameterId,
        /// From (included).
        from: Instant,
        /// To (not included).
        to: Instant,
    },
    /// The readings of a parameter that stand at an instant, with everything by which each can be named.
    NamedReadings {
        /// Which.
        parameter: ParameterId,
        /// When they are, or begin.
        at: Instant,
    },
    /// Episodes in which the quality checks find something.
    Checked {
        /// Of which parameter; of all where none is named.
        parameter: Option<ParameterId>,
        /// From (included).
        from: Instant,
        /// To (not included).
        to: Instant,
    },
    /// How parameters went in a stretch of time, in columns: what a chart or a trend draws.
    Courses {
        /// Which; at most [`MOST_COURSES`](crate::engine::course::MOST_COURSES).
        parameters: Vec<ParameterId>,
        /// From (included).
        from: Instant,
        /// To (not included).
        to: Instant,
        /// In how many columns; at most [`MOST_COLUMNS`](crate::engine::course::MOST_COLUMNS).
        columns: u16,
    },
    /// Crews compared: the shift on duty, and the crews of a month.
    Crews {
        /// Book; the first where none is named.
        book: Option<BookId>,
        /// Month; this one where none is named.
        month: Option<Month>,
    },
    /// What the person, or the user of the post, prefers on the screen.
    Preferences,
    /// The round of every sheet that is being made, and how much of it is written down.
    Rounds,
    /// A page of an entry sheet: what stands in it, and what was typed and not sent yet.
    Sheet {
        /// Key of the sheet.
        sheet: String,
        /// Which page.
        page: SheetPage,
    },
    /// Keeps what was typed into cells, until it is sent; at most [`MOST_CELLS`](super::limits::MOST_CELLS) of them.
    Draft {
        /// Key of the sheet.
        sheet: String,
        /// Which page.
        page: SheetPage,
        /// Cells.
        changes: Vec<DraftChange>,
    },
    /// Keeps what is attached to the rounds of a page that are sent next, until they are.
    DraftFiles {
        /// Key of the sheet.
        sheet: String,
        /// Which page.
        page: SheetPage,
        /// What became of files; at most [`MOST_ATTACHMENTS`](crate::domain::attachment::MOST_ATTACHMENTS) of them. Those that are
        /// attached the site has whole.
        changes: Vec<FileChange>,
    },
    /// Several documents of a form that the person, or the user of the post, has brought in as a block and not filed.
    DraftBlock {
        /// Key of the form.
        form: String,
    },
    /// Keeps them, in place of what was kept before, until they are filed or put away.
    KeepDraftBlock {
        /// Key of the form.
        form: String,
        /// As the terminal writes them; at most [`FORM_BLOCKS.longest`](crate::store::personal::FORM_BLOCKS) bytes. `None` where they
        /// are filed or put away.
        text: Option<String>,
    },
    /// Forms that the person, or the user of the post, has filled and not filed.
    FormDrafts,
    /// Keeps them, in place of what was kept before.
    KeepFormDrafts {
        /// As the terminal writes them; at most [`FORM_DRAFTS.longest`](crate::store::personal::FORM_DRAFTS) bytes.
        text: String,
    },
    /// Keeps that, in place of what was kept before.
    KeepPreferences {
        /// As the terminal writes it; at most [`PREFERENCES.longest`](crate::store::personal::PREFERENCES) bytes.
        text: String,
    },
    /// Chain, rows, and full recomputation.
    Verify {
        /// Head digest that the chain must contain, in hex.
        expect: Option<String>,
    },
    /// A copy of the live site into a directory that the daemon's user may write.
    Backup {
        /// Absolute path.
        directory: String,
    },
    /// The site's clock.
    Clock,
    /// Push the clock of a simulated site forward.
    SetClock {
        /// The site's now.
        now: Instant,
    },
    /// Follow a jump of the system's clock that a real site holds back.
    ConfirmClock,
    /// The export that a seal of months needs, written, read back, and copied into a second place. Nothing is sealed.
    SealExport {
        /// The last month that is to be sealed.
        through: Month,
        /// Absolute path of the directory for the copy; not in the site.
        directory: String,
    },
    /// Seals months; refused unless its export is one that [`ReplyBody::SealExport`] named since the daemon started.
    Seal(Seal),
    /// Stop the daemon cleanly.
    Shutdown,
}

impl RequestBody {
    /// The right that this request needs.
    pub fn right(&self) -> Right {
        match self {
            Self::Status
            | Self::Model
            | Self::Watch
            | Self::Unwatch
            | Self::Clock
            | Self::Ledger(_)
            | Self::LedgerAsKnown { .. }
            | Self::Explain(_)
            | Self::Tail { .. }
            | Self::Readings { .. }
            | Self::NamedReadings { .. }
            | Self::Checked { .. }
            | Self::PlanFill(_)
            | Self::PlanAnomalies { .. }
            | Self::Anomaly(_)
            | Self::PastAnomalies { .. }
            | Self::AlarmFigures { .. }
            | Self::Availability { .. }
            | Self::Courses { .. }
            | Self::Crews { .. }
            | Self::Notes { .. }
            | Self::Preferences
            | Self::KeepPreferences { .. }
            | Self::FormDrafts
            | Self::KeepFormDrafts { .. }
            | Self::DraftBlock { .. }
            | Self::Sheet { .. }
            | Self::Rounds
            | Self::Handover { .. }
            | Self::Documents { .. }
            | Self::SecondChecks
            | Self::CheckedRecord { .. }
            | Self::Attachment { .. }
            | Self::QualityPlan { .. }
            | Self::Months { .. }
            // Whoever may be at the post may say who they are; the gate looks at the rest.
            | Self::SignOn { .. }
            | Self::SignOff { .. }
            | Self::StillHere
            | Self::SetPin { .. }
            | Self::Plan { .. }
            | Self::PlanAdoption => Right::Read,
            // What else than one's own notes may be withdrawn is looked at when the record is read.
            Self::Note(_) | Self::CloseNote(_) | Self::Withdraw { .. } => Right::Note,
            Self::HandOver { .. } => Right::HandOver,
            Self::CloseMonth { .. } => Right::Close,
            Self::Approve(_) => Right::Approve,
            Self::Alarms { deed, .. } => deed.right(),
            Self::Anomalies { deed, .. } => deed.right(),
            // Only whoever may bring something is told what becomes of it.
            Self::File { documents, .. } | Self::Doubts(ToBring::Documents(documents))
                if documents.iter().any(|one| one.kind() == FormKind::Calibration) =>
            {
                Right::Correct
            }
            Self::Intake { .. }
            | Self::File { .. }
            | Self::Doubts(_)
            | Self::Attach { .. }
            | Self::Draft { .. }
            | Self::DraftFiles { .. }
            | Self::KeepDraftBlock { .. }
            | Self::SecondCheck(_)
            | Self::SetClock { .. } => Right::Enter,
            Self::Correct { .. } | Self::ChangeMeter(_) | Self::Fill(_) => Right::Correct,
            Self::Apply { .. } | Self::Adopt { .. } => Right::Model,
            Self::Verify { .. }
            | Self::Backup { .. }
            | Self::SealExport { .. }
            | Self::Seal(_)
            | Self::ConfirmClock
            | Self::Shutdown => Right::Administer,
        }
    }
}
