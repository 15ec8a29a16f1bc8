//! `carbonwatch ledger`: emissions by node and source over successive periods (排放台账).

use std::path::PathBuf;

use clap::ValueEnum;

use super::context::{Context, Ending, unexpected};
use super::failure::{Failure, Outcome};
use super::format::OutputFormat;
use super::output::{Cell, Column, Table};
use super::status::tonnes_cell;
use super::when::read_period;
use crate::domain::identity::{BookId, NodeId};
use crate::domain::model::SiteModel;
use crate::domain::text::{Text, clean};
use crate::engine::view::{Figure, LedgerTable, Step};
use crate::wire::message::{ReplyBody, RequestBody};

/// The steps of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StepName {
    /// One column an hour
    Hour,
    /// One column a plant day
    Day,
    /// One column a calendar month
    Month,
    /// One column
    Whole,
}

impl From<StepName> for Step {
    fn from(step: StepName) -> Self {
        match step {
            StepName::Hour => Self::Hour,
            StepName::Day => Self::Day,
            StepName::Month => Self::Month,
            StepName::Whole => Self::Whole,
        }
    }
}

/// Arguments of `carbonwatch ledger`.
#[derive(Debug, Clone, clap::Args)]
pub struct LedgerArguments {
    /// The site's directory
    pub site: PathBuf,
    /// Period in plant time: 2018, 2018-03, 2018-03-01, 2018-03-01T14, or a stretch 2018-03-01T00..2018-03-08T00
    pub period: String,
    /// Steps of the table
    #[arg(long, value_enum, default_value = "whole")]
    pub step: StepName,
    /// Key of the book; the first where it is left out
    #[arg(long)]
    pub book: Option<String>,
    /// Key of the node; the book's boundary where it is left out
    #[arg(long)]
    pub node: Option<String>,
    /// How to print the answer
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

/// Prints a ledger table.
pub fn run(arguments: &LedgerArguments, context: &Context) -> Ending {
    let mut daemon = context.daemon(&arguments.site)?;
    let model = daemon.model()?;
    let request = RequestBody::Ledger {
        book: arguments
            .book
            .as_deref()
            .map(|key| find_book(&model, key))
            .transpose()?,
        node: arguments
            .node
            .as_deref()
            .map(|key| find_node(&model, key))
            .transpose()?,
        period: read_period(&arguments.period, &model.zone)?,
        step: arguments.step.into(),
    };
    let ReplyBody::Ledger(ledger) = daemon.ask(request)? else {
        return Err(unexpected());
    };
    context.print_table(&table(&ledger, arguments.format, context), arguments.format)?;
    if arguments.format == OutputFormat::Table {
        context.say(
            &Text::new("cli-ledger-foot")
                .with("book", clean(&ledger.book_key))
                .with("sequence", ledger.sequence)
                .with("direct", crate::locale::figures::tonnes(ledger.direct.milligrams, 3)),
        );
    }
    Ok(Outcome::Done)
}

/// The book of a key.
pub(super) fn find_book(model: &SiteModel, key: &str) -> Result<BookId, Failure> {
    let known = || {
        model
            .books
            .iter()
            .map(|book| book.key.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    };
    let found = model.books.iter().find(|book| book.key == key).map(|book| book.id);
    found.ok_or_else(|| {
        Failure::usage(
            Text::new("cli-no-book")
                .with("given", clean(key))
                .with("known", clean(&known())),
        )
    })
}

/// The node of a key.
pub(super) fn find_node(model: &SiteModel, key: &str) -> Result<NodeId, Failure> {
    let found = model.nodes.iter().find(|node| node.key == key).map(|node| node.id);
    found.ok_or_else(|| Failure::usage(Text::new("cli-no-node").with("given", clean(key))))
}

fn table(ledger: &LedgerTable, format: OutputFormat, context: &Context) -> Table {
    let people = format == OutputFormat::Table;
    let mut columns = vec![
        Column::words("name", "cli-column-name"),
        Column::words("key", "cli-column-key"),
    ];
    if !people {
        columns.push(Column::figures("depth", Text::new("cli-column-depth")));
    }
    if ledger.labels.len() > 1 {
        for label in &ledger.labels {
            columns.push(Column::figures(
                format!("{label} t"),
                Text::new("cli-column-period").with("label", label),
            ));
        }
    }
    columns.push(Column::figures("total_t", Text::new("cli-column-total")));
    columns.push(Column::figures("intensity_t", Text::new("cli-column-intensity")));
    columns.push(Column::words("remark", "cli-column-remark"));
    let rows = ledger
        .rows
        .iter()
        .map(|row| {
            let name = context.localizer.name(&row.name);
            let indent = if people {
                "  ".repeat(usize::try_from(row.depth).unwrap_or(0))
            } else {
                String::new()
            };
            let mut cells = vec![Cell::Words(format!("{indent}{name}")), Cell::words(&row.key)];
            if !people {
                cells.push(Cell::count(row.depth));
            }
            if ledger.labels.len() > 1 {
                cells.extend(row.figures.iter().map(|figure| tonnes_cell(figure.milligrams)));
            }
            cells.push(tonnes_cell(row.total.milligrams));
            let intensity = row.intensity.first().and_then(|intensity| {
                let shown = format!("{}/{}", intensity.value.as_deref()?, clean(&intensity.unit));
                Some(Cell::Number(intensity.value.clone()?, shown))
            });
            cells.push(intensity.unwrap_or(Cell::Nothing));
            cells.push(Cell::Words(remark(&row.total, context)));
            cells
        })
        .collect();
    Table {
        simulated: ledger.simulated,
        columns,
        rows,
    }
}

/// What must be said of a figure.
fn remark(figure: &Figure, context: &Context) -> String {
    [
        ("cli-remark-provisional", figure.provisional_hours),
        ("cli-remark-incomplete", figure.incomplete_hours),
        ("cli-remark-failed", figure.failed_hours),
    ]
    .into_iter()
    .filter(|&(_, hours)| hours > 0)
    .map(|(id, hours)| context.localizer.text(&Text::new(id).with_count("hours", hours)))
    .collect::<Vec<_>>()
    .join(" ")
}
