//! Emissions by period and by what they are grouped.

use serde::{Deserialize, Serialize};

use crate::accounting::rules::Category;
use crate::domain::identity::{BookId, NodeId, Sequence};
use crate::domain::model::{Gas, Name};
use crate::domain::period::Period;
use crate::domain::time::Month;

use super::{Figure, Target};

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
    /// Hours of the output in which substitutes stand in for what was not measured.
    pub substituted_hours: u32,
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
