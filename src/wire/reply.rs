//! What the daemon answers.

use super::answers::{ClockView, SealExportView, SignedOnView, StatusView, VerifyView};
use super::records::{CheckedRecord, RecordPage, SecondCheckList};
use crate::domain::actor::Actor;
use crate::domain::attachment::Attachment;
use crate::domain::draft::{Drafted, KeptOfPage};
use crate::domain::identity::Sequence;
use crate::domain::model::SiteModel;
use crate::domain::reading::Slot;
use crate::engine::alarms::AlarmsOutcome;
use crate::engine::anomalies::{AnomaliesOutcome, AnomalyHistory, AnomalyPreview};
use crate::engine::availability::Availability;
use crate::engine::course::Course;
use crate::engine::crews::CrewsView;
use crate::engine::filling::FillPreview;
use crate::engine::notes::NotesView;
use crate::engine::view::{
    AnomalyView, DocumentView, Doubts, EpisodeView, Explanation, HandoverView, IntakeOutcome, LedgerTable, LiveValue,
    MonthView, NamedReading, PlanView, QualityPlanView, Restated, RoundView, SheetView,
};
use crate::quality::alarm::figures::Figures;
use bytes::Bytes;
use serde::{Deserialize, Serialize};

/// Answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReplyBody {
    /// Done; nothing more to say.
    Done,
    /// To [`RequestBody::SignOn`].
    SignedOn(Box<SignedOnView>),
    /// To [`RequestBody::SignOff`]: who is at the post now.
    SignedOff(Actor),
    /// To [`RequestBody::Status`].
    Status(Box<StatusView>),
    /// To [`RequestBody::Rounds`].
    Rounds(Vec<RoundView>),
    /// To [`RequestBody::Months`].
    Months(Vec<MonthView>),
    /// To [`RequestBody::Model`].
    Model(Box<SiteModel>),
    /// To [`RequestBody::Clock`], and to [`RequestBody::ConfirmClock`] as it is afterwards.
    Clock(ClockView),
    /// To [`RequestBody::Intake`], [`RequestBody::Correct`] and [`RequestBody::File`].
    Intake(IntakeOutcome),
    /// To writes that make one record: its number.
    Recorded(Sequence),
    /// To writes that make one record, where it moved figures.
    Restated {
        /// Its number.
        sequence: Sequence,
        /// Months before and after.
        restated: Vec<Restated>,
    },
    /// To [`RequestBody::Plan`] and [`RequestBody::PlanAdoption`], with before and after.
    Plan(Box<PlanView>),
    /// To [`RequestBody::Ledger`] and [`RequestBody::LedgerAsKnown`].
    Ledger(Box<LedgerTable>),
    /// To [`RequestBody::Explain`].
    Explanation(Box<Explanation>),
    /// To [`RequestBody::Tail`].
    Records(Box<RecordPage>),
    /// To [`RequestBody::NamedReadings`].
    NamedReadings(Vec<NamedReading>),
    /// To [`RequestBody::Readings`]: slot, count.
    Readings(Vec<(Slot, LiveValue)>),
    /// To [`RequestBody::Checked`], in the order in which they began.
    Checked(Vec<EpisodeView>),
    /// To [`RequestBody::Alarms`].
    Alarms(AlarmsOutcome),
    /// To [`RequestBody::Anomalies`].
    Anomalies(AnomaliesOutcome),
    /// To [`RequestBody::PlanAnomalies`].
    AnomalyPreview(Box<AnomalyPreview>),
    /// To [`RequestBody::Anomaly`].
    Anomaly(Box<AnomalyHistory>),
    /// To [`RequestBody::Documents`], the newest first.
    Documents(Vec<DocumentView>),
    /// To [`RequestBody::Doubts`], in the order in which it was asked.
    Doubts(Doubts),
    /// To [`RequestBody::Attach`]: how much there is of the file, which is where the next part begins.
    Attached {
        /// In bytes.
        have: u64,
    },
    /// To [`RequestBody::Attachment`]; at most [`LARGEST_PART`](crate::domain::attachment::LARGEST_PART) bytes.
    AttachmentPart {
        /// How long the whole is, in bytes.
        of: u64,
        /// What stands there; nothing behind the end.
        bytes: Bytes,
    },
    /// To [`RequestBody::SecondChecks`].
    SecondChecks(Box<SecondCheckList>),
    /// To [`RequestBody::CheckedRecord`].
    CheckedRecord(Box<CheckedRecord>),
    /// To [`RequestBody::Handover`].
    Handover(Box<HandoverView>),
    /// To [`RequestBody::QualityPlan`].
    QualityPlan(Box<QualityPlanView>),
    /// To [`RequestBody::PastAnomalies`], in the order in which they began.
    PastAnomalies(Vec<AnomalyView>),
    /// To [`RequestBody::AlarmFigures`].
    AlarmFigures(Box<Figures>),
    /// To [`RequestBody::PlanFill`].
    FillPreview(Box<FillPreview>),
    /// To [`RequestBody::Availability`], in the model's order.
    Availability(Vec<Availability>),
    /// To [`RequestBody::Courses`], in the order in which they were asked for.
    Courses(Vec<Course>),
    /// To [`RequestBody::Notes`].
    Notes(Box<NotesView>),
    /// To [`RequestBody::Crews`].
    Crews(Box<CrewsView>),
    /// To [`RequestBody::Preferences`]; `None` where none are kept.
    Preferences(Option<String>),
    /// To [`RequestBody::FormDrafts`]; `None` where none are kept.
    FormDrafts(Option<String>),
    /// To [`RequestBody::DraftBlock`]; `None` where none are kept.
    DraftBlock(Option<String>),
    /// To [`RequestBody::Sheet`]: the page, and what is kept of it that was not sent.
    Sheet(Box<SheetView>, Box<KeptOfPage>),
    /// To [`RequestBody::Draft`].
    Drafted(Box<Drafted>),
    /// To [`RequestBody::DraftFiles`]: all that whoever asks has attached to the page now.
    DraftFiles(Vec<Attachment>),
    /// To [`RequestBody::Verify`].
    Verify(Box<VerifyView>),
    /// To [`RequestBody::SealExport`].
    SealExport(Box<SealExportView>),
    /// To [`RequestBody::Backup`]: manifest digest in hex.
    Backup {
        /// Digest of the manifest, in hex.
        manifest: String,
        /// Sequence at which the copy stands.
        sequence: Sequence,
    },
}
