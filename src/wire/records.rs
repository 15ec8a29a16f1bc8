//! Journal records (日志) as clients read them: a page at a time, of what they look for.

use serde::{Deserialize, Serialize};

use crate::domain::actor::Actor;
use crate::domain::attachment::Attachment;
use crate::domain::document::Document;
use crate::domain::identity::Sequence;
use crate::domain::text::Text;
use crate::domain::time::{Instant, Month};
use crate::engine::event::RecordKind;
use crate::engine::view::{CheckedCell, SecondCheckView};

/// From where a page of records is read, and in which direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TailFrom {
    /// From the newest backwards.
    #[default]
    Newest,
    /// From the one before this backwards.
    Before(Sequence),
    /// From the one after this forwards.
    After(Sequence),
}

/// Which kinds of records are looked for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KindFilter {
    /// All.
    #[default]
    All,
    /// All but readings that machines brought: what people did.
    ByPeople,
    /// One, by its name.
    Only(String),
}

/// What is looked for among the records.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RecordFilter {
    /// Of which kinds.
    pub kinds: KindFilter,
    /// Words that a record must all contain: in who, from where, what, or the tags of the readings that a person brought
    /// or took back.
    pub words: String,
}

impl RecordFilter {
    /// Records of one kind.
    pub fn only(kind: RecordKind) -> Self {
        Self {
            kinds: KindFilter::Only(kind.name().to_owned()),
            words: String::new(),
        }
    }

    /// Whether everything is looked for.
    pub fn is_all(&self) -> bool {
        self.kinds == KindFilter::All && self.words.trim().is_empty()
    }
}

/// What second persons are to look at, or have returned.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SecondCheckList {
    /// The records: first what waits, then what was returned, the oldest first.
    pub checks: Vec<SecondCheckListed>,
    /// How many more there are.
    pub more: u32,
}

/// A record at which a second person is to look, as a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondCheckListed {
    /// How it stands with it.
    pub check: SecondCheckView,
    /// What it did.
    pub what: Text,
}

/// A record at which a second person looks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckedRecord {
    /// How it stands with it, and what it did.
    pub listed: SecondCheckListed,
    /// Its values in its order, from the one on that was asked for.
    pub cells: Vec<CheckedCell>,
    /// How many values more it has behind them.
    pub more: u32,
    /// The documents that it filed, where they stand.
    pub documents: Vec<Document>,
    /// The files that are attached to its values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
}

/// A journal record, for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordView {
    /// Of a version of the plan, how it stands with its approval, where that is asked for.
    #[serde(default)]
    pub approval: Option<Box<SecondCheckView>>,
    /// Its number; of records that cannot be read the last of several.
    pub sequence: Sequence,
    /// When; `None` where it cannot be read.
    pub at: Option<Instant>,
    /// Who; `None` where the record cannot be read, or what it said was dropped.
    pub actor: Option<Actor>,
    /// Kind, such as `readings`.
    pub kind: String,
    /// From where: a file, a connector, a program; empty where it does not say.
    pub from: String,
    /// What it did.
    pub what: Text,
    /// What was before and what is after, where that was asked for and is known: the first few of what changed.
    pub changes: Vec<Text>,
    /// Digest of the chain up to it, in hex; empty where it cannot be read.
    pub hash: String,
}

/// The chain as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainView {
    /// The last record.
    pub head: Sequence,
    /// Digest of the chain up to it, in hex.
    pub digest: String,
    /// The last month that is sealed.
    pub sealed_through: Option<Month>,
    /// The first bad place that was met since the daemon started.
    pub damaged: Option<Text>,
}

/// What came of looking for records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordPage {
    /// The records, newest last.
    pub records: Vec<RecordView>,
    /// The last record that was looked at, in the direction of looking: whoever wants more goes on from there. There is
    /// no more before the first record, nor after the head of the chain.
    pub reached: Sequence,
    /// The chain.
    pub chain: ChainView,
}
