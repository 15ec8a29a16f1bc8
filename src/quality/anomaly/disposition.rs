//! What a checker says an anomaly is (处置结论), and what that does to the readings.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::domain::anomaly::CauseClass;
use crate::domain::text::{Explained, Text};

/// How values are corrected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Correction {
    /// Each is this, in the parameter's unit.
    Value(Decimal),
    /// Each is so many times what it was: a unit slip is undone exactly.
    Times(Decimal),
}

/// What a checker says an anomaly is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Disposition {
    /// The values are true: they stay (属实).
    Real,
    /// They are corrected (更正).
    Correct(Correction),
    /// They do not count, and the parameter's plan fills their hours; a gap is filled already (按计划替代).
    GapFill,
    /// They do not count, and nobody says why the meter showed them (剔除).
    Reject,
    /// They do not count, because the instrument was faulty (仪表故障).
    InstrumentFault,
    /// Somebody typed them wrongly; this is what was meant (录入错误).
    EntryError(Correction),
}

impl Disposition {
    /// How values are corrected by it.
    pub const fn correction(&self) -> Option<Correction> {
        match self {
            Self::Correct(by) | Self::EntryError(by) => Some(*by),
            Self::Real | Self::GapFill | Self::Reject | Self::InstrumentFault => None,
        }
    }

    /// Whether values are kept out of the ledger by it.
    pub const fn keeps_out(&self) -> bool {
        matches!(self, Self::GapFill | Self::Reject | Self::InstrumentFault)
    }

    /// The class of root cause that it says by itself.
    pub const fn class(&self) -> Option<CauseClass> {
        match self {
            Self::Real => Some(CauseClass::RealChange),
            Self::InstrumentFault => Some(CauseClass::Meter),
            Self::EntryError(_) => Some(CauseClass::Entry),
            Self::Correct(_) | Self::GapFill | Self::Reject => None,
        }
    }

    /// The name for programs.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Real => "real",
            Self::Correct(_) => "correct",
            Self::GapFill => "gap-fill",
            Self::Reject => "reject",
            Self::InstrumentFault => "instrument-fault",
            Self::EntryError(_) => "entry-error",
        }
    }
}

impl Explained for Disposition {
    fn text(&self) -> Text {
        Text::new(match self {
            Self::Real => "disposition-real",
            Self::Correct(_) => "disposition-correct",
            Self::GapFill => "disposition-gap-fill",
            Self::Reject => "disposition-reject",
            Self::InstrumentFault => "disposition-instrument-fault",
            Self::EntryError(_) => "disposition-entry-error",
        })
    }
}
