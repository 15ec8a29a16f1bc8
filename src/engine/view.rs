//! What the engine shows: live values, totals, ledger tables, explanations. Plain data, in no language.

use serde::{Deserialize, Serialize};

use crate::accounting::rules::Category;
use crate::domain::actor::Actor;
use crate::domain::identity::{BookId, NodeId, ParameterId, ProductId, Sequence, SourceId};
use crate::domain::model::{Gas, Limits, Name};
use crate::domain::note::About;
use crate::domain::period::Period;
use crate::domain::reading::{Origin, ParameterKind, Quality, Slot, Verdict};
use crate::domain::text::{Text, clean};
use crate::domain::time::{Hour, Instant, Month};

/// The newest value of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveValue {
    /// Of which instant; for an interval its end.
    pub at: Instant,
    /// Length of the interval in seconds; 0 for an instant.
    pub span_s: u32,
    /// Digest of the deliverer's own id; 0 where there is none.
    pub own_id: u64,
    /// Count of the parameter's quantum.
    pub value: i64,
    /// By which way it came.
    pub origin: Origin,
    /// What the deliverer said of it.
    pub quality: Quality,
    /// Whether an exact rule keeps it out of the ledger.
    pub verdict: Verdict,
}

/// A parameter as the Live pane lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveParameter {
    /// Permanent id.
    pub id: ParameterId,
    /// Tag.
    pub tag: String,
    /// Name.
    pub name: Name,
    /// Kind.
    pub kind: ParameterKind,
    /// Unit symbol.
    pub unit: String,
    /// Digits after the point of a count.
    pub decimals: u32,
    /// Node to which it belongs.
    pub node: NodeId,
    /// Whether it is a key parameter (关键参数).
    pub key: bool,
    /// Expected interval in milliseconds; 0 when none is expected.
    pub interval_ms: i64,
    /// Age in milliseconds from which its value is stale; 0 when it never is.
    pub stale_after_ms: i64,
    /// What is physically possible.
    pub possible: Limits,
    /// Operating limits.
    pub operating: Limits,
    /// Newest value, if there ever was one.
    pub newest: Option<LiveValue>,
}

/// A node of the tree as panes list it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeView {
    /// Permanent id.
    pub id: NodeId,
    /// Key.
    pub key: String,
    /// Name.
    pub name: Name,
    /// Level.
    pub level: crate::domain::model::Level,
    /// Parent.
    pub parent: Option<NodeId>,
}

/// A figure of emissions with what must be said of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Figure {
    /// Milligrams of `CO2e`; exact sum of cells.
    pub milligrams: i128,
    /// Hours whose cells rest on a provisional value (暂估).
    pub provisional_hours: u32,
    /// Hours in which a quantity was missing for part of the time.
    pub incomplete_hours: u32,
    /// Hours in which intervals of a quantity or of its tests overlap, so that something may count twice.
    pub overlapping_hours: u32,
    /// Hours whose cells could not be computed.
    pub failed_hours: u32,
}

impl Figure {
    /// Adds another figure to this one.
    pub fn add(&mut self, other: &Self) {
        self.milligrams += other.milligrams;
        self.provisional_hours += other.provisional_hours;
        self.incomplete_hours += other.incomplete_hours;
        self.overlapping_hours += other.overlapping_hours;
        self.failed_hours += other.failed_hours;
    }
}

/// The totals of one book's boundary, as the Live pane's foot shows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Which book.
    pub book: BookId,
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: Name,
    /// Milligrams of `CO2e` an hour at the newest readings; `None` while no source has any.
    pub rate: Option<i128>,
    /// This shift, where the plant keeps shifts.
    pub shift: Option<Figure>,
    /// This plant day.
    pub day: Figure,
    /// This calendar month.
    pub month: Figure,
    /// This calendar year.
    pub year: Figure,
    /// The sources from which most of the rate comes, the greatest first.
    #[serde(default)]
    pub causes: Vec<Cause>,
    /// What the plan gives to the shift, the day, the month and the year.
    #[serde(default)]
    pub planned: PlannedTotals,
    /// Intensities of the products within the boundary.
    #[serde(default)]
    pub intensities: Vec<IntensityNow>,
}

/// What a source emits at the newest readings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// Which source.
    pub source: SourceId,
    /// Milligrams of `CO2e` an hour.
    pub rate: i128,
}

/// What a plan gives to a period, in milligrams of `CO2e`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    /// In the whole period.
    pub whole: i128,
    /// Up to now, by calendar time.
    pub by_now: i128,
    /// By how much more was emitted than planned up to now, in per cent to one digit after the point; less where it is
    /// negative.
    pub above: Option<String>,
}

/// What a plan gives to the periods of [`Totals`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PlannedTotals {
    /// This shift.
    pub shift: Option<Planned>,
    /// This plant day.
    pub day: Option<Planned>,
    /// This calendar month.
    pub month: Option<Planned>,
    /// This calendar year.
    pub year: Option<Planned>,
}

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

/// A product's emission intensity at the newest readings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntensityNow {
    /// Which product.
    pub product: ProductId,
    /// tCO2e per unit of it, to six digits after the point; `None` while rate or output is not known, or nothing is made.
    pub value: Option<String>,
    /// What it is compared with, where the model says so.
    pub reference: Option<String>,
    /// By how much it is above the reference, in per cent to one digit after the point; below where it is negative.
    pub above: Option<String>,
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
}

impl NoteView {
    /// It as a remark beside a figure.
    pub fn remark(&self) -> Text {
        let remark = Text::new("note-remark")
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

/// By what the rows of a ledger table are grouped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grouping {
    /// By the plant's tree: nodes, and in them their sources.
    #[default]
    Tree,
    /// By emission category, and in each its sources.
    Category,
    /// By gas, and in each what the sources emit of it.
    Gas,
    /// By book, and in each its categories.
    Book,
}

/// What a ledger table is to show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerQuestion {
    /// Book; the first where none is named.
    pub book: Option<BookId>,
    /// Node; the book's boundary where none is named.
    pub node: Option<NodeId>,
    /// Stretch to show.
    pub period: Period,
    /// In steps of hours, days, months or as a whole.
    pub step: Step,
    /// By what its rows are grouped.
    pub by: Grouping,
    /// Whether the period is compared with the one before it and with the same a year ago.
    pub compare: bool,
}

impl LedgerQuestion {
    /// The tree of the first book over a period, compared with nothing.
    pub const fn of(period: Period, step: Step) -> Self {
        Self {
            book: None,
            node: None,
            period,
            step,
            by: Grouping::Tree,
            compare: false,
        }
    }
}

/// What a row of a ledger table stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RowKind {
    /// A node of the tree with all below it.
    Node,
    /// A source.
    Source,
    /// A category.
    Category(Category),
    /// A gas.
    Gas(Gas),
    /// A whole book.
    Book,
}

/// A figure beside earlier ones of as many hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Comparison {
    /// Milligrams of `CO2e` in the hours that are compared.
    pub here: i128,
    /// In those of the period before; `None` where nothing is known of them.
    pub before: Option<i128>,
    /// In those of the same period a year ago; `None` where nothing is known of them.
    pub year_ago: Option<i128>,
}

/// The hours that a table compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    /// The period itself; of one that is not over, the hours that are.
    pub here: Period,
    /// As many hours of the period before.
    pub before: Period,
    /// As many hours of the same period a year ago; `None` for a year, whose year before that is.
    pub year_ago: Option<Period>,
}

/// A row of a ledger table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerRow {
    /// What it stands for.
    pub kind: RowKind,
    /// Key of the node, source or category.
    pub key: String,
    /// Name; that of a category is known by its kind.
    pub name: Name,
    /// Depth in the tree, 0 for the boundary.
    pub depth: u32,
    /// Whether the row is a source (a leaf) or sums what is below it.
    pub leaf: bool,
    /// A figure for every period of the table.
    pub figures: Vec<Figure>,
    /// Sum over the periods.
    pub total: Figure,
    /// What to open for more.
    pub target: Target,
    /// Emission per unit of each product that the node makes, over the whole stretch.
    pub intensity: Vec<Intensity>,
    /// The whole stretch beside earlier ones, where that was asked for and can be said.
    pub comparison: Option<Comparison>,
}

/// Emissions per unit of product (排放强度).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intensity {
    /// Product's name.
    pub product: Name,
    /// Output, in `unit`, with all its digits.
    pub output: String,
    /// Unit of the output.
    pub unit: String,
    /// tCO2e per unit of output, to six digits after the point, half to even; `None` while nothing was made.
    pub value: Option<String>,
}

/// A ledger table: a tree of rows over successive periods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerTable {
    /// Book.
    pub book: BookId,
    /// Book's key.
    pub book_key: String,
    /// Journal record as of which the figures are.
    pub sequence: Sequence,
    /// Whether the site is simulated.
    pub simulated: bool,
    /// The periods, in order.
    pub periods: Vec<Period>,
    /// Their labels in plant time, such as `2025-03` or `2025-03-01 14:00`.
    pub labels: Vec<String>,
    /// The rows, parents before children.
    pub rows: Vec<LedgerRow>,
    /// The whole without electricity and heat (both totals must be shown; GB/T 32150).
    pub direct: Figure,
    /// The hours that the rows compare.
    pub compared: Option<Compared>,
    /// The last month that is sealed.
    pub sealed_through: Option<Month>,
}

/// What came of an intake.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct IntakeOutcome {
    /// Record that brought them, if anything was new.
    pub sequence: Option<Sequence>,
    /// New readings.
    pub accepted: u64,
    /// Versions seen before.
    pub duplicate: u64,
    /// New versions of readings that were there.
    pub replaced: u64,
    /// Readings kept, but out of the ledger by an exact rule.
    pub excluded: u64,
    /// Readings that could not be taken: index in the batch, why.
    pub refused: Vec<(u32, Text)>,
    /// Months that tested values restated, with their figures before and after.
    pub restated: Vec<Restated>,
}

/// From when on a changed model holds, and in place of what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dating {
    /// First instant for which it holds; `None` for all.
    pub from: Option<Instant>,
    /// Where the dated versions begin that it replaces: at that instant or later.
    pub replaced: Vec<Instant>,
}

/// What a plan says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanView {
    /// Digest of what was planned; `apply` and `adopt` ask for it.
    pub digest: String,
    /// What is added, removed and changed.
    pub changes: Vec<Text>,
    /// What the model can be but was hardly meant to be.
    pub warnings: Vec<Text>,
    /// From when on a changed model holds; `None` where rules are adopted, which hold for all hours.
    pub dating: Option<Dating>,
    /// What is restated: book and source, milligrams before and after.
    pub restated: Vec<Restated>,
}

/// A source's figure before and after a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restated {
    /// Book's key.
    pub book: String,
    /// Source's key.
    pub source: String,
    /// Source's name.
    pub name: Name,
    /// Calendar month, `2025-03`.
    pub month: String,
    /// Milligrams of `CO2e` before.
    pub before: i128,
    /// Milligrams of `CO2e` after.
    pub after: i128,
}

/// The steps of a ledger table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Step {
    /// One column an hour.
    Hour,
    /// One column a plant day.
    Day,
    /// One column a calendar month.
    Month,
    /// One column.
    Whole,
}
