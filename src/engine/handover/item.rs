//! What a sheet of a handover says, as it stands in the record of a signature.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::identity::{BookId, MeterId, ParameterId, Sequence};
use crate::domain::note::{About, Carried};
use crate::domain::time::Instant;
use crate::engine::view::CheckMark;
use crate::quality::alarm::{AlarmId, Label};
use crate::quality::anomaly::{AnomalyId, Stage};
use crate::quality::flag::Rule;

/// One thing that a crew hands over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Item {
    /// An alarm that stands, or that somebody hid (报警).
    Alarm {
        /// Which.
        alarm: AlarmId,
        /// How it stands.
        label: Label,
        /// Since when.
        since: Instant,
        /// Until when at most it is shelved.
        until: Option<Instant>,
        /// Why it is shelved or out of service.
        reason: Option<String>,
    },
    /// An anomaly in the checkers' queue (数据异常).
    Anomaly {
        /// Which.
        anomaly: AnomalyId,
        /// Of which parameter.
        parameter: ParameterId,
        /// What was found.
        rule: Rule,
        /// From when on.
        from: Instant,
        /// How far it has come.
        stage: Stage,
        /// Whether somebody said that the instrument is at fault (仪表故障).
        is_fault: bool,
        /// In which record it was found.
        record: Sequence,
        /// When.
        raised: Instant,
    },
    /// A parameter that should have values and has none now (缺数).
    Silent {
        /// Which.
        parameter: ParameterId,
        /// Of when its last value is; none where it never had one.
        since: Option<Instant>,
    },
    /// A calibration that has run out or soon will (检定到期).
    Calibration {
        /// Of which meter.
        meter: MeterId,
        /// The last day for which it holds.
        until: NaiveDate,
    },
    /// A round that is not written down, or not wholly (未完成的抄表).
    Round {
        /// Key of the sheet.
        sheet: String,
        /// When it is made.
        at: Instant,
        /// Cells without a value.
        missing: u32,
        /// Cells of the round.
        of: u32,
    },
    /// What a person wrote down and no second one has agreed with (待复核、已退回).
    SecondCheck {
        /// The record.
        record: Sequence,
        /// Whose it is: staff number, or the user of the post.
        by: String,
        /// When it was written.
        written: Instant,
        /// How it stands with it.
        mark: CheckMark,
        /// Where it was returned, why.
        reason: Option<String>,
    },
    /// A note (记事).
    Note {
        /// The record that brought it.
        record: Sequence,
        /// Of which time it speaks.
        at: Instant,
        /// Of what.
        about: About,
        /// What it says.
        text: String,
        /// Who wrote it: staff number, or the user of the post.
        by: String,
        /// When.
        written: Instant,
        /// Where it is carried forward, how it stands (待续事项). Sheets that were signed before there were such notes do not say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        carried: Option<Carried>,
    },
}

impl Item {
    /// Whether both speak of one thing, whatever they say of it.
    pub fn is_of_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Alarm { alarm, .. }, Self::Alarm { alarm: other, .. }) => alarm == other,
            (Self::Anomaly { anomaly, .. }, Self::Anomaly { anomaly: other, .. }) => anomaly == other,
            (Self::Silent { parameter, .. }, Self::Silent { parameter: other, .. }) => parameter == other,
            (Self::Calibration { meter, .. }, Self::Calibration { meter: other, .. }) => meter == other,
            (
                Self::Round { sheet, at, .. },
                Self::Round {
                    sheet: other,
                    at: other_at,
                    ..
                },
            ) => (sheet, at) == (other, other_at),
            (Self::Note { record, .. }, Self::Note { record: other, .. })
            | (Self::SecondCheck { record, .. }, Self::SecondCheck { record: other, .. }) => record == other,
            _ => false,
        }
    }

    /// When it came to be known, of what comes at an instant.
    pub const fn came(&self) -> Option<Instant> {
        match self {
            Self::Alarm { since, .. } => Some(*since),
            Self::Anomaly { raised, .. } => Some(*raised),
            Self::Round { at, .. } => Some(*at),
            Self::Note { written, .. } | Self::SecondCheck { written, .. } => Some(*written),
            Self::Silent { .. } | Self::Calibration { .. } => None,
        }
    }

    /// Of a note that is carried forward, how it stands.
    pub const fn carried(&self) -> Option<&Carried> {
        match self {
            Self::Note { carried, .. } => carried.as_ref(),
            _ => None,
        }
    }

    /// It as it was at an instant: a note that was closed later was open.
    #[must_use]
    pub fn as_at(mut self, at: Instant) -> Self {
        if let Self::Note {
            carried: Some(carried), ..
        } = &mut self
            && carried.closed().is_some_and(|closed| closed.at > at)
        {
            *carried = Carried::Open;
        }
        self
    }

    /// A note as it stands with it now.
    #[must_use]
    pub fn carried_as(mut self, now: Option<Carried>) -> Self {
        if let Self::Note { carried, .. } = &mut self {
            *carried = now;
        }
        self
    }

    /// The record that brought it, where one did.
    pub const fn record(&self) -> Option<Sequence> {
        match self {
            Self::Anomaly { record, .. } | Self::Note { record, .. } | Self::SecondCheck { record, .. } => {
                Some(*record)
            }
            Self::Alarm { .. } | Self::Silent { .. } | Self::Calibration { .. } | Self::Round { .. } => None,
        }
    }
}

/// What the sources of a book emitted in a shift.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Emitted {
    /// Which book.
    pub book: BookId,
    /// Milligrams of `CO2e`.
    pub milligrams: i128,
    /// Hours of sources of which something is not known.
    pub unknown_hours: u32,
}

/// The sheet of a shift at an instant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// When it was written.
    pub at: Instant,
    /// The last record that it knows.
    pub record: Sequence,
    /// What is handed over.
    pub items: Vec<Item>,
    /// How many things more there were than a sheet holds.
    pub more: u32,
    /// What was emitted.
    pub emitted: Vec<Emitted>,
}
