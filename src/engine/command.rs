//! What the engine is told to do, and what it answers.
//!
//! `wire` and `daemon` stand above this room, so the engine has its own words for the same things where they are more
//! than plain data.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::accounting::rules::RuleSet;
use crate::domain::actor::{Actor, SignOff};
use crate::domain::attachment::Attachment;
use crate::domain::document::Document;
use crate::domain::identity::{ParameterId, Sequence};
use crate::domain::model::SiteModel;
use crate::domain::note::{Note, NoteClosing};
use crate::domain::reading::{Incoming, Origin};
use crate::domain::sheet::OfSheet;
use crate::domain::text::{Text, one_line};
use crate::domain::time::{Hour, Instant};

use super::alarms::{AlarmDeed, AlarmsOutcome};
use super::anomalies::{AnomaliesOutcome, AnomalyDeed, Disposed};
use super::attendance::Since;
use super::closing::CloseMonth;
use super::filling::Fill;
use super::handover::HandOver;
use super::sealed::Seal;
use super::second_check::{CheckSubject, Reach, SecondCheck};
use super::view::{IntakeOutcome, LiveValue, Restated};
use crate::quality::alarm::AlarmId;
use crate::quality::anomaly::AnomalyId;

/// Something to be done, with everything that the engine may know of the outside: when, and by whom.
#[derive(Debug, Clone)]
pub struct Command {
    /// The site's clock.
    pub now: Instant,
    /// Who asks; rights have been checked.
    pub actor: Actor,
    /// Idempotency key of the request.
    pub key: Option<Uuid>,
    /// What is asked.
    pub body: CommandBody,
}

/// How far a stamp may lie ahead of the site's clock: clocks differ, and a day's file may be written at its start.
pub const AHEAD_MS: i64 = 24 * 3_600_000;

/// Where a batch of readings came from; part of the journal record.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Provenance {
    /// File name, connector name or form.
    pub name: String,
    /// BLAKE3 digest of the whole file, in hex, where there is one.
    pub digest: Option<String>,
    /// Line of each reading in the file, where there is one.
    pub lines: Vec<u32>,
    /// Why, for corrections.
    pub reason: Option<String>,
    /// Whether they are a past that is filled in (历史补录): they raise no alarm, and on a simulated site no time passes with
    /// them in which anything could be silent.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub past: bool,
    /// Files that stand behind readings that a person brings, as a photo of the paper sheet. Documents have their own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// Others than the deliverer who typed some of them, by staff number or login: none of them is their second person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub typed_by: Vec<String>,
    /// What whoever delivers them saw where they go. It stands in no record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Box<Seen>>,
    /// What was said of anomalies, of corrections that come of that. Nobody delivers it: the engine says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disposed: Option<Box<Disposed>>,
    /// The documents of which they come. Nobody delivers them: the engine says so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<Document>,
    /// Whether a second person is to look at it (双人复核). Nobody delivers that: the engine says so, by the plan in force.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub awaits_second_person: bool,
}

/// What somebody saw where the readings go that they send.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Seen {
    /// What stood in the place of each reading, by the record that brought it; nothing is said where nobody looked. Where something
    /// else stands by now the reading is refused.
    pub standing: Vec<Option<Sequence>>,
    /// The page of an entry sheet into which they were typed: once the record is written, the daemon takes the files off it.
    pub page: Option<OfSheet>,
    /// The cells of that page: where one of them is another by now, nothing is taken.
    pub cells: Vec<SeenCell>,
}

/// A cell of an entry sheet as somebody saw it who sends it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenCell {
    /// The row.
    pub parameter: ParameterId,
    /// The instant of the round.
    pub round: Instant,
    /// What it held.
    pub text: String,
    /// Who had typed that, where somebody else had: what is their own people may send before it is kept anywhere.
    pub by: Option<String>,
}

/// A counter's meter was replaced or reset (换表、清零).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeterChange {
    /// The counter parameter.
    pub parameter: ParameterId,
    /// When.
    pub at: Instant,
    /// Last register value of the old meter, in counts of the parameter's quantum; `None` when it was not read, and the
    /// stretch since the last reading is missing.
    pub final_value: Option<i64>,
    /// First register value of the new one, likewise.
    pub initial_value: Option<i64>,
    /// Serial number of the new meter.
    pub serial: String,
    /// Multiplier of the new meter, as a decimal.
    pub multiplier: String,
    /// Rollover of the new meter, as a decimal.
    pub rollover: Option<String>,
    /// Why.
    pub reason: String,
}

/// Longest reason that a person gives, in characters.
pub const LONGEST_REASON: usize = 2000;

/// What is asked.
#[derive(Debug, Clone)]
pub enum CommandBody {
    /// Readings by a way other than correction.
    Intake {
        /// By which way they came.
        origin: Origin,
        /// Where they came from.
        provenance: Provenance,
        /// The readings.
        readings: Vec<Incoming>,
    },
    /// A correction by a person; the provenance says why.
    Correct {
        /// Why and from where.
        provenance: Provenance,
        /// The readings that stand above what was delivered.
        readings: Vec<Incoming>,
    },
    /// Files documents, with the readings that come of them: all of them or none.
    File {
        /// The file from which they come, where they come from one: its name and digest.
        provenance: Provenance,
        /// The documents.
        documents: Vec<Document>,
    },
    /// Withdraws the layers that a record brought. The owner of the journal reads the record and hands its readings over.
    Withdraw {
        /// The record.
        sequence: Sequence,
        /// Its payload as it stands in the journal.
        payload: Vec<u8>,
        /// Why.
        reason: String,
    },
    /// A counter's meter was replaced or reset.
    ChangeMeter(MeterChange),
    /// Puts a model in force.
    Apply {
        /// The model, with its permanent ids.
        model: Box<SiteModel>,
        /// Digest of the `site.toml` that proposed it, in hex.
        digest: String,
        /// The first hour for which it holds; `None` for all hours.
        effective_from: Option<Hour>,
    },
    /// Puts rules (methods, factors, GWP sets) in force.
    Adopt {
        /// The rules.
        rules: Box<RuleSet>,
    },
    /// Seals months. The owner of the store has written and verified the export first, and looked up in the journal how far
    /// back those records reach at which a second person looks as a whole.
    Seal {
        /// What is to be sealed.
        seal: Seal,
        /// How far back they reach.
        reach: Reach,
    },
    /// Notes something beside the figures.
    Note(Note),
    /// Closes a note that is carried forward. The owner of the journal reads the note's record and hands its payload over.
    CloseNote {
        /// Which, and what came of it.
        closing: NoteClosing,
        /// Kind, version and payload of the note's record as it stands in the journal.
        record: (u16, u16, Vec<u8>),
    },
    /// Somebody signs the handover of a shift.
    HandOver(HandOver),
    /// Somebody closes a month.
    CloseMonth(CloseMonth),
    /// The person who acts signs on at the post; it was found out that it is them.
    SignOn {
        /// In place of whom, by staff number.
        instead_of: Option<String>,
    },
    /// The person who acts is signed off.
    SignOff(SignOff),
    /// A person's PIN is set; nobody but its keeper gets to know it.
    SetPin {
        /// Whose.
        staff_number: String,
    },
    /// A person decides of hours that were not measured.
    Fill(Fill),
    /// Something is done to alarms.
    Alarms {
        /// To which.
        alarms: Vec<AlarmId>,
        /// What.
        deed: AlarmDeed,
    },
    /// A second person looked at a record. The owner of the journal reads it and hands its payload over.
    SecondCheck {
        /// What was said of which record.
        check: SecondCheck,
        /// What must stand in that.
        subject: CheckSubject,
        /// Kind, version and payload of that record as it stands in the journal.
        record: (u16, u16, Vec<u8>),
    },
    /// Something is done with anomalies.
    Anomalies {
        /// With which.
        anomalies: Vec<AnomalyId>,
        /// What.
        deed: AnomalyDeed,
    },
    /// Time passed: lets silence be noticed.
    Tick,
    /// Readings came: lets them be judged.
    Check,
    /// The site was restored from a backup under a new epoch.
    Restored {
        /// Epoch that ended.
        epoch: u32,
        /// Digest of its head, in hex.
        head: String,
    },
}

/// What a command did, before it is durable. Nothing of it may be told to anybody until the record is on disk.
#[derive(Debug)]
pub struct Decision {
    /// The record to append; `None` when there was nothing to record.
    pub record: Option<RecordToAppend>,
    /// The answer.
    pub answer: Answer,
    /// Newest values that changed.
    pub values: Vec<(ParameterId, LiveValue)>,
}

/// A record as the engine hands it over. The owner gives it the next sequence number, which must be the one that
/// [`super::Engine::next_sequence`] named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordToAppend {
    /// Kind (see [`super::event`]).
    pub kind: u16,
    /// Version of that kind.
    pub version: u16,
    /// The site's clock.
    pub at: Instant,
    /// Encoded event.
    pub payload: Vec<u8>,
}

/// Answers to commands. Kept with the idempotency key for 90 days, so that a repeat gets the first one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    /// Done, nothing was recorded.
    Done,
    /// To intake and corrections.
    Intake(IntakeOutcome),
    /// One record was made.
    Recorded(Sequence),
    /// One record was made, and moved figures.
    Restated {
        /// The record.
        sequence: Sequence,
        /// Months before and after.
        restated: Vec<Restated>,
    },
    /// Something was done to alarms, or refused.
    Alarms(AlarmsOutcome),
    /// Something was done with anomalies, or refused.
    Anomalies(AnomaliesOutcome),
    /// A person signed on.
    SignedOn {
        /// The record of it.
        sequence: Sequence,
        /// What happened since they sat at a post last; `None` where they never did.
        since: Option<Since>,
    },
}

/// Why a command was refused; nothing changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The command asks for something that cannot be; the text says what and what to do.
    #[error("{0}")]
    Request(Text),
    /// The past could not be read, or its rows make no sense: the site must be recovered.
    #[error("{0}")]
    Broken(String),
}

/// What somebody wrote beside a deed, as it is kept: one line of so many characters at most; none where nothing was typed.
pub(super) fn kept_remark(
    remark: Option<String>,
    most: usize,
    too_long: &'static str,
) -> Result<Option<String>, Refusal> {
    let remark = remark
        .map(|remark| one_line(&remark))
        .filter(|remark| !remark.is_empty());
    match &remark {
        Some(remark) if remark.chars().count() > most => {
            Err(Refusal::Request(Text::new(too_long).with_count("most", most)))
        }
        _ => Ok(remark),
    }
}
