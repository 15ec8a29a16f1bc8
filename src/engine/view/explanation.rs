//! What can be opened, and what is found there.

use serde::{Deserialize, Serialize};

use crate::accounting::rules::Category;
use crate::domain::actor::Actor;
use crate::domain::identity::{BookId, NodeId, ParameterId, ProductId, Sequence, SourceId};
use crate::domain::model::{Gas, Name};
use crate::domain::note::{About, Carried};
use crate::domain::period::Period;
use crate::domain::reading::Slot;
use crate::domain::text::{Text, clean};
use crate::domain::time::{Hour, Instant};

/// Of what a figure at the newest readings is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NowOf {
    /// All sources of a book.
    Book,
    /// One of them.
    Source(SourceId),
    /// What is emitted per unit of a product.
    Product(ProductId),
}

/// A note (记事) as it is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteView {
    /// The record that brought it.
    pub sequence: Sequence,
    /// Of which time it speaks.
    pub at: Instant,
    /// Of what.
    pub about: About,
    /// What it says.
    pub text: String,
    /// Who wrote it.
    pub by: Actor,
    /// The person's name, where one is known.
    pub name: Option<Name>,
    /// When it was written.
    pub written: Instant,
    /// Where it is carried forward, how it stands.
    pub carried: Option<Carried>,
}

impl NoteView {
    /// It as a remark beside a figure.
    pub fn remark(&self) -> Text {
        let remark = match &self.carried {
            Some(carried) => Text::new("note-remark-carried").with_text("carried", carried.text()),
            None => Text::new("note-remark"),
        };
        let remark = remark
            .with_instant("at", self.at)
            .with("text", clean(&self.text))
            .with("sequence", self.sequence);
        match &self.name {
            Some(name) => remark.with_name("by", name),
            None => remark.with("by", clean(self.by.name())),
        }
    }
}

/// What to explain: every figure on a screen carries one of these.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    /// A node's total over a period.
    Node {
        /// Book.
        book: BookId,
        /// Node, with all below it.
        node: NodeId,
        /// Period.
        period: Period,
    },
    /// What the sources of a category emit over a period.
    Category {
        /// Book.
        book: BookId,
        /// Node, with all below it.
        node: NodeId,
        /// Category.
        category: Category,
        /// Period.
        period: Period,
    },
    /// What the sources emit of a gas over a period.
    Gas {
        /// Book.
        book: BookId,
        /// Node, with all below it.
        node: NodeId,
        /// Gas.
        gas: Gas,
        /// Period.
        period: Period,
    },
    /// A source's total over a period.
    Source {
        /// Book.
        book: BookId,
        /// Source.
        source: SourceId,
        /// Period.
        period: Period,
    },
    /// One cell.
    Cell {
        /// Book.
        book: BookId,
        /// Source.
        source: SourceId,
        /// Hour.
        hour: Hour,
    },
    /// What an input of a source's method is in an hour: its conversion, its tests with their weights, what stands in.
    Input {
        /// Book.
        book: BookId,
        /// Source.
        source: SourceId,
        /// Key of the input.
        input: String,
        /// Hour.
        hour: Hour,
    },
    /// A parameter's quantity over a period.
    Quantity {
        /// Parameter.
        parameter: ParameterId,
        /// Period.
        period: Period,
    },
    /// A parameter's quantity in an hour.
    Bucket {
        /// Parameter.
        parameter: ParameterId,
        /// Hour.
        hour: Hour,
    },
    /// What stands in for the part of an hour of a parameter that was not measured.
    Substitute {
        /// Parameter.
        parameter: ParameterId,
        /// Hour.
        hour: Hour,
    },
    /// All versions of a reading.
    Reading {
        /// Parameter.
        parameter: ParameterId,
        /// Instant or interval.
        slot: Slot,
    },
    /// What is emitted at the newest readings.
    Now {
        /// Book.
        book: BookId,
        /// Of the book, of one of its sources, or per unit of a product.
        of: NowOf,
    },
    /// A factor of the adopted rules, by its row id.
    Factor {
        /// Row id.
        id: String,
    },
    /// A journal record.
    Record {
        /// Its number.
        sequence: Sequence,
    },
}

/// One step of an explanation: a figure, how it came about, and what it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// What is explained.
    pub target: Target,
    /// Its title.
    pub title: Text,
    /// The figure with all its digits.
    pub value: Option<String>,
    /// Its unit.
    pub unit: Option<String>,
    /// The formula by the inputs' names, where there is one.
    pub formula: Option<String>,
    /// The formula with the numbers in it.
    pub numbers: Option<String>,
    /// What else must be said: provisional, missing time, versions, source of a factor.
    pub remarks: Vec<Text>,
    /// What it rests on, each with its own target where it opens further.
    pub parts: Vec<Part>,
}

/// One thing that a figure rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// What it is.
    pub label: Text,
    /// Its figure.
    pub value: Option<String>,
    /// Its unit.
    pub unit: Option<String>,
    /// The numbers that give the figure, where there are some.
    pub numbers: Option<String>,
    /// Where it came from or what must be said of it.
    pub remark: Option<Text>,
    /// What to open for more.
    pub target: Option<Target>,
}

impl Part {
    /// A line of what was filled, in one text.
    pub fn filled_text(&self) -> Text {
        match (&self.value, &self.unit) {
            (Some(value), Some(unit)) => Text::new("record-change-filled")
                .with_text("what", self.label.clone())
                .with("value", value)
                .with("unit", unit),
            _ => self.label.clone(),
        }
    }
}
