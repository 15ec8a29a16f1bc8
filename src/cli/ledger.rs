//! `carbonwatch ledger`: emissions by node and source over successive periods (排放台账).

use std::io::Write;
use std::path::PathBuf;

use clap::ValueEnum;

use super::context::{Context, Ending, unexpected};
use super::failure::{Failure, Outcome};
use super::format::OutputFormat;
use super::output::Cell;
use super::when::{read_instant, read_period};
use crate::domain::identity::{BookId, NodeId, Sequence};
use crate::domain::model::SiteModel;
use crate::domain::text::{Text, clean};
use crate::engine::view::{Grouping, LedgerQuestion, Step};
use crate::report::ledger as report;
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

/// By what the rows are grouped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum GroupingName {
    /// The plant's tree with its sources
    Tree,
    /// Emission categories with their sources
    Category,
    /// Gases with their sources
    Gas,
    /// Books with their categories
    Book,
}

impl From<GroupingName> for Grouping {
    fn from(by: GroupingName) -> Self {
        match by {
            GroupingName::Tree => Self::Tree,
            GroupingName::Category => Self::Category,
            GroupingName::Gas => Self::Gas,
            GroupingName::Book => Self::Book,
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
    /// By what the rows are grouped
    #[arg(long, value_enum, default_value = "tree")]
    pub by: GroupingName,
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
    let question = LedgerQuestion {
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
        by: arguments.by.into(),
        ..LedgerQuestion::of(read_period(&arguments.period, &model.zone)?, arguments.step.into())
    };
    let request = match &arguments.as_known {
        None => RequestBody::Ledger(question),
        Some(given) => RequestBody::LedgerAsKnown {
            known: read_known(given, &model)?,
            question,
        },
    };
    let ReplyBody::Ledger(ledger) = daemon.ask(request)? else {
        return Err(unexpected());
    };
    let mut out = std::io::stdout().lock();
    let localizer = &context.localizer;
    match arguments.format {
        OutputFormat::Csv => report::csv(&ledger, &arguments.period, localizer, &mut out)?,
        OutputFormat::Json => {
            let mut facts = report::facts(&ledger, &arguments.period);
            facts.push(("periods", Cell::List(ledger.labels.clone())));
            facts.push(("direct_t", Cell::tonnes(ledger.direct.milligrams)));
            report::table(&ledger, false, localizer).print_with(&facts, OutputFormat::Json, localizer, &mut out)?;
        }
        OutputFormat::Table => {
            report::table(&ledger, true, localizer).print(OutputFormat::Table, localizer, &mut out)?;
            // Both totals must be shown, so that this one belongs to the answer.
            let foot = Text::new("cli-ledger-foot")
                .with("book", clean(&ledger.book_key))
                .with("sequence", ledger.sequence)
                .with("direct", crate::locale::figures::tonnes(ledger.direct.milligrams, 3));
            writeln!(out, "{}", localizer.text(&foot))?;
        }
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
