//! Readings (读数): what a meter, a file, a person or a laboratory said of a parameter, and how its versions are layered.

use serde::{Deserialize, Serialize};

use super::identity::{ParameterId, Sequence};
use super::text::{Explained, Text};
use super::time::Instant;

/// The five kinds of parameter, which decide how readings become quantities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ParameterKind {
    /// A rate (流量), integrated over time: t/h, MW, Nm³/h.
    Flow,
    /// A totaliser (累计量), of which differences count.
    Counter,
    /// A quantity for an interval of any length (数量): a truck, an invoice, a typed day, a stock change.
    Amount,
    /// An intensive value (品质参数) that holds over the interval that was tested: heating value, carbon content.
    Property,
    /// Watched, never posted (状态量): a temperature, a pressure.
    State,
}

impl ParameterKind {
    /// Whether its readings yield quantities.
    pub const fn is_quantity(self) -> bool {
        matches!(self, Self::Flow | Self::Counter | Self::Amount)
    }
}

/// By which way a reading came. The plan of a parameter orders these; a correction stands above all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
#[repr(u8)]
pub enum Origin {
    /// A connector to a control system (在线采集).
    Connector = 0,
    /// A file that was imported or dropped (文件导入).
    File = 1,
    /// Typed by a person (人工录入).
    Typed = 2,
    /// A laboratory's result (化验).
    Laboratory = 3,
    /// An invoice or a settlement sheet (发票、结算单).
    Invoice = 4,
    /// The built-in simulator (模拟).
    Simulated = 5,
    /// A correction by a person, above every other layer (更正).
    Correction = 6,
}

impl Origin {
    /// All origins, in the order of their codes.
    pub const ALL: [Self; 7] = [
        Self::Connector,
        Self::File,
        Self::Typed,
        Self::Laboratory,
        Self::Invoice,
        Self::Simulated,
        Self::Correction,
    ];

    /// The word for it in a plan.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Connector => "connector",
            Self::File => "file",
            Self::Typed => "typed",
            Self::Laboratory => "laboratory",
            Self::Invoice => "invoice",
            Self::Simulated => "simulated",
            Self::Correction => "correction",
        }
    }

    /// Whether it is a way by which machines bring readings, without a person who answers for each of them.
    pub const fn is_by_machine(self) -> bool {
        match self {
            Self::Connector | Self::File | Self::Simulated => true,
            Self::Typed | Self::Laboratory | Self::Invoice | Self::Correction => false,
        }
    }

    /// Whether somebody may have brought a reading by this way: a file that was imported as well as one that was dropped.
    pub const fn may_be_by_person(self) -> bool {
        match self {
            Self::Connector | Self::Simulated => false,
            Self::File | Self::Typed | Self::Laboratory | Self::Invoice | Self::Correction => true,
        }
    }

    /// The code under which this origin is stored.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// The origin of a stored code.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }

    /// The order in which origins win when a parameter's plan names none, best first.
    pub const DEFAULT_ORDER: [Self; 6] = [
        Self::Laboratory,
        Self::Connector,
        Self::File,
        Self::Invoice,
        Self::Typed,
        Self::Simulated,
    ];
}

impl Explained for Origin {
    fn text(&self) -> Text {
        Text::new(match self {
            Self::Connector => "origin-connector",
            Self::File => "origin-file",
            Self::Typed => "origin-typed",
            Self::Laboratory => "origin-laboratory",
            Self::Invoice => "origin-invoice",
            Self::Simulated => "origin-simulated",
            Self::Correction => "origin-correction",
        })
    }
}

/// What the deliverer itself said of the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[repr(u8)]
pub enum Quality {
    /// Usable.
    #[default]
    Good = 0,
    /// Usable, with a doubt of the deliverer.
    Uncertain = 1,
    /// The deliverer says that the value must not be used.
    Bad = 2,
}

impl Quality {
    /// The quality of a stored code.
    pub const fn from_code(code: u8) -> Option<Self> {
        match code {
            0 => Some(Self::Good),
            1 => Some(Self::Uncertain),
            2 => Some(Self::Bad),
            _ => None,
        }
    }
}

/// Whether an exact rule keeps a reading out of the ledger. Decided once, when the reading is accepted, and kept with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Verdict {
    /// It counts.
    #[default]
    Counts = 0,
    /// Outside the range that the plan calls possible.
    OutOfRange = 1,
    /// The deliverer marked it bad.
    MarkedBad = 2,
}

impl Verdict {
    /// The verdict of a stored code.
    pub const fn from_code(code: u8) -> Option<Self> {
        match code {
            0 => Some(Self::Counts),
            1 => Some(Self::OutOfRange),
            2 => Some(Self::MarkedBad),
            _ => None,
        }
    }
}

/// What a reading speaks of: an instant (`span_s` = 0) or an interval, and, where several deliveries can share one
/// interval (two trucks in a minute), the deliverer's own id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Slot {
    /// The instant, or the start of the interval.
    pub at: Instant,
    /// Length of the interval in seconds; 0 for an instant.
    pub span_s: u32,
    /// Digest of the deliverer's own id (ticket, invoice number, sample number); 0 where there is none.
    pub own_id: u64,
}

/// The digest under which a deliverer's own id is kept: the first eight bytes of its BLAKE3, never 0; 0 where there is
/// none.
pub fn own_id(text: &str) -> u64 {
    if text.is_empty() {
        return 0;
    }
    let digest = blake3::hash(text.as_bytes());
    let first = digest.as_bytes().first_chunk::<8>().copied().unwrap_or_default();
    u64::from_be_bytes(first).max(1)
}

impl Slot {
    /// An instant without an id of its own.
    pub const fn instant(at: Instant) -> Self {
        Self {
            at,
            span_s: 0,
            own_id: 0,
        }
    }

    /// The end of the interval; the instant itself where there is none.
    pub fn end(&self) -> Instant {
        self.at.plus(i64::from(self.span_s) * 1000)
    }
}

/// A reading as it is brought to the engine, in counts of its parameter's quantum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Incoming {
    /// Of which parameter.
    pub parameter: ParameterId,
    /// Of which instant or interval.
    pub slot: Slot,
    /// Count of the parameter's quantum (10 to the minus `decimals`, in the parameter's unit).
    pub value: i64,
    /// What the deliverer said of it.
    pub quality: Quality,
}

/// One version of a reading, as it is kept. All versions stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Version {
    /// Of which instant or interval.
    pub slot: Slot,
    /// Count of the parameter's quantum.
    pub value: i64,
    /// By which way it came.
    pub origin: Origin,
    /// What the deliverer said of it.
    pub quality: Quality,
    /// Whether an exact rule keeps it out of the ledger.
    pub verdict: Verdict,
    /// The journal record that brought it.
    pub sequence: Sequence,
    /// The journal record that withdrew it, 0 while it stands.
    pub withdrawn_by: Sequence,
}

impl Version {
    /// Whether it stands and may count.
    pub fn stands(&self) -> bool {
        self.withdrawn_by == Sequence(0)
    }
}

/// The largest count that a reading may have in either direction: 10¹⁵ quanta. It leaves room for exact sums of a
/// century of readings in 128 bits, and is far beyond any meter.
pub const LARGEST_COUNT: i64 = 1_000_000_000_000_000;
