//! Values that stand in the time of another one, as they are told before that one is brought.

use serde::{Deserialize, Serialize};

use crate::domain::decimal::from_count;
use crate::domain::document::FormKind;
use crate::domain::identity::Sequence;
use crate::domain::model::Parameter;
use crate::domain::reading::{Origin, Slot};
use crate::domain::text::{Explained, Text};
use crate::engine::documents::document_named;

/// What becomes of two values of which one stands in the time of the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Together {
    /// Both count, and their amounts add up.
    AddUp,
    /// Both are tests of one sample, which counts with their mean.
    OneSample,
    /// Both are tests that count, in the mean of their times.
    Mean,
    /// The new one takes the place of the one that stands.
    Replaced,
    /// The one that stands goes on to count, and the new one lies beneath it.
    Beneath,
}

/// A value that stands in the time of another one (同期已有值).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overlap {
    /// Of which time it is.
    pub slot: Slot,
    /// In counts of the parameter's quantum.
    pub value: i64,
    /// By which way it came.
    pub origin: Origin,
    /// The record that brought it.
    pub record: Sequence,
    /// The document of which it comes, by its kind and number.
    pub document: Option<(FormKind, String)>,
    /// What becomes of both.
    pub together: Together,
    /// How many more stand in that time, behind this one.
    pub more: u32,
}

/// What looks wrong about something that is to be brought, by what stands already (疑点).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubted {
    /// Its place among the documents or readings that were asked about.
    pub place: u32,
    /// The tag of the value, or the field of the document.
    pub field: String,
    /// What looks wrong.
    pub why: Text,
}

/// All of what looks wrong about what is to be brought.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubts {
    /// The first of it, in the order in which it was asked about; at most [`MOST_DOUBTS`](crate::engine::overlaps::MOST_DOUBTS).
    pub told: Vec<Doubted>,
    /// How much more there is.
    pub more: u32,
    /// Of documents what filing would refuse although nothing about them looks wrong.
    #[serde(default)]
    pub refused: Vec<Doubted>,
}

impl Doubts {
    /// In words, that there is more than what is told; none where there is not.
    pub fn rest(&self) -> Option<Text> {
        (self.more > 0).then(|| Text::new("doubts-more").with_count("more", self.more))
    }
}

/// The time of which a value speaks: an instant, or an interval from its beginning to its end.
pub fn time_of(slot: Slot) -> Text {
    if slot.span_s == 0 {
        Text::new("overlap-instant").with_instant("at", slot.at)
    } else {
        Text::new("reading-interval")
            .with_instant("from", slot.at)
            .with_instant("to", slot.end())
    }
}

impl Overlap {
    /// In words, of a value of a parameter: which other value stands, of what time, by which record, and what happens.
    pub fn text(&self, parameter: &Parameter) -> Text {
        let shown = from_count(self.value, parameter.decimals);
        let time = time_of(self.slot);
        let origin = match &self.document {
            Some((kind, number)) => document_named(*kind, number),
            None => self.origin.text(),
        };
        let said = Text::new(match self.together {
            Together::AddUp => "overlap-adds-up",
            Together::OneSample => "overlap-one-sample",
            Together::Mean => "overlap-mean",
            Together::Replaced => "overlap-replaced",
            Together::Beneath => "overlap-beneath",
        });
        let said = said
            .with("other", format!("{shown} {}", parameter.unit.symbol()))
            .with_text("time", time)
            .with_text("origin", origin)
            .with("record", self.record);
        if self.more == 0 {
            return said;
        }
        Text::new("overlap-and-more")
            .with_text("said", said)
            .with_count("more", self.more)
    }
}
