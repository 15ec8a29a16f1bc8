//! `carbonwatch ledger`: emissions by node and source over successive periods (排放台账).

use std::io::Write;
use std::path::PathBuf;

use clap::ValueEnum;

use super::context::{Context, Ending, unexpected};
use super::failure::{Failure, Outcome};
use super::format::OutputFormat;
use super::output::{Cell, Column, Table};
use super::status::tonnes_cell;
use super::when::{read_instant, read_period};
use crate::domain::identity::{BookId, NodeId, Sequence};
use crate::domain::model::SiteModel;
use crate::domain::text::{Text, clean};
use crate::engine::view::{Figure, Intensity, LedgerTable, Step};
use crate::wire::message::{KnownAt, ReplyBody, RequestBody};

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
    /// As it was known in the past: at a time in plant time, 2025-03-01T08:00, or after a record, record:1234
    #[arg(long, value_name = "TIME")]
    pub as_known: Option<String>,
    /// How to print the answer
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

/// Prints a ledger table.
pub fn run(arguments: &LedgerArguments, context: &Context) -> Ending {
    let mut daemon = context.daemon(&arguments.site)?;
    let model = context.model(&mut daemon)?;
    let book = arguments.book.as_deref().map(|key| find_book(&model, key));
    let book = book.transpose()?;
    let node = arguments.node.as_deref().map(|key| find_node(&model, key));
    let node = node.transpose()?;
    let period = read_period(&arguments.period, &model.zone)?;
    let step = arguments.step.into();
    let request = match &arguments.as_known {
        None => RequestBody::Ledger {
            book,
            node,
            period,
            step,
        },
        Some(given) => RequestBody::LedgerAsKnown {
            known: read_known(given, &model)?,
            book,
            node,
            period,
            step,
        },
    };
    let ReplyBody::Ledger(ledger) = daemon.ask(request)? else {
        return Err(unexpected());
    };
    let table = table(&ledger, arguments.format, context);
    let facts = facts(&ledger, arguments);
    let mut out = std::io::stdout().lock();
    table.print_with(&facts, arguments.format, &context.localizer, &mut out)?;
    if arguments.format == OutputFormat::Table {
        // Both totals must be shown, so that this one belongs to the answer.
        let foot = Text::new("cli-ledger-foot")
            .with("book", clean(&ledger.book_key))
            .with("sequence", ledger.sequence)
            .with("direct", crate::locale::figures::tonnes(ledger.direct.milligrams, 3));
        writeln!(out, "{}", context.localizer.text(&foot))?;
    }
    Ok(Outcome::Done)
}

/// A moment of the past: a record, or a time.
fn read_known(given: &str, model: &SiteModel) -> Result<KnownAt, Failure> {
    match given.strip_prefix("record:").map(str::parse) {
        Some(Ok(sequence)) => Ok(KnownAt::Record(Sequence(sequence))),
        Some(Err(_)) => Err(Failure::usage(
            Text::new("cli-not-a-record").with("given", clean(given)),
        )),
        None => read_instant(given, &model.zone).map(KnownAt::Time),
    }
}

/// What programs are told of the whole table.
fn facts(ledger: &LedgerTable, arguments: &LedgerArguments) -> Vec<(&'static str, Cell)> {
    let mut facts = vec![
        ("book", Cell::words(&ledger.book_key)),
        ("period", Cell::words(&arguments.period)),
        ("sequence", Cell::count(ledger.sequence.0)),
    ];
    // In CSV the periods are columns and the total without electricity and heat is the last row.
    if arguments.format == OutputFormat::Json {
        facts.push(("periods", Cell::List(ledger.labels.clone())));
        facts.push(("direct_t", tonnes_cell(ledger.direct.milligrams)));
    }
    facts
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
    if !people {
        columns.push(Column::words("intensity_unit", "cli-column-unit"));
        columns.push(Column::words("intensity_product", "cli-column-product"));
    }
    columns.push(Column::words("remark", "cli-column-remark"));
    let mut rows: Vec<Vec<Cell>> = ledger
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
            cells.extend(intensities(&row.intensity, people, context));
            cells.push(Cell::Words(remark(&row.total, context)));
            cells
        })
        .collect();
    if format == OutputFormat::Csv {
        rows.push(direct_row(ledger, context));
    }
    Table {
        simulated: ledger.simulated,
        columns,
        rows,
    }
}

/// The emissions per unit of each product: one cell for people, value, unit and product for programs.
fn intensities(intensities: &[Intensity], people: bool, context: &Context) -> Vec<Cell> {
    let made: Vec<(&str, &str, &str)> = intensities
        .iter()
        .filter_map(|intensity| {
            let product = context.localizer.name(&intensity.product);
            Some((intensity.value.as_deref()?, intensity.unit.as_str(), product))
        })
        .collect();
    if people {
        let shown: Vec<String> = made
            .iter()
            .map(|(value, unit, product)| format!("{value}/{} {product}", context.localizer.unit(unit)))
            .collect();
        return vec![Cell::words(shown.join("; "))];
    }
    let list = |words: Vec<&str>| Cell::List(words.into_iter().map(str::to_owned).collect());
    vec![
        list(made.iter().map(|(value, ..)| *value).collect()),
        list(made.iter().map(|(_, unit, _)| *unit).collect()),
        list(made.iter().map(|(.., product)| *product).collect()),
    ]
}

/// The whole without electricity and heat, as the last row of a CSV table.
fn direct_row(ledger: &LedgerTable, context: &Context) -> Vec<Cell> {
    let steps = if ledger.labels.len() > 1 {
        ledger.labels.len()
    } else {
        0
    };
    let mut cells = vec![
        Cell::Text(Text::new("cli-ledger-direct")),
        Cell::words("direct"),
        Cell::count(0),
    ];
    cells.extend(std::iter::repeat_n(Cell::Nothing, steps));
    cells.push(tonnes_cell(ledger.direct.milligrams));
    cells.extend([Cell::Nothing, Cell::Nothing, Cell::Nothing]);
    cells.push(Cell::Words(remark(&ledger.direct, context)));
    cells
}

/// What must be said of a figure.
fn remark(figure: &Figure, context: &Context) -> String {
    [
        ("cli-remark-provisional", figure.provisional_hours),
        ("cli-remark-incomplete", figure.incomplete_hours),
        ("cli-remark-overlapping", figure.overlapping_hours),
        ("cli-remark-failed", figure.failed_hours),
    ]
    .into_iter()
    .filter(|&(_, hours)| hours > 0)
    .map(|(id, hours)| context.localizer.text(&Text::new(id).with_count("hours", hours)))
    .collect::<Vec<_>>()
    .join(" ")
}
