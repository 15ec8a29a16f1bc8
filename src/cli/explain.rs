//! `carbonwatch explain`: from a figure down to the readings that it rests on (溯源).

mod target;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

pub(super) use self::target::find_parameter;
use self::target::read_target;

use super::context::{Context, Ending, Link, unexpected};
use super::failure::{Failure, Outcome};
use super::format::OutputFormat;
use super::output::{Cell, Table, print_json};
use super::value::whole;
use crate::domain::model::SiteModel;
use crate::domain::text::{Text, clean};
use crate::engine::view::{Explanation, Part, Target};
use crate::report::explanation::{columns, rows as explanation_rows};
use crate::report::target::{TargetWords, quoted};
use crate::wire::message::{ReplyBody, RequestBody};

/// Most parts that are opened below one figure; `explain` one of them to see the rest.
const MOST_OPENED: usize = 50;

/// Arguments of `carbonwatch explain`.
#[derive(Debug, Clone, clap::Args)]
pub struct ExplainArguments {
    /// The site's directory
    pub site: PathBuf,
    /// What to explain: `year:2018`, `node:KEY month:2018-03`, `source:KEY day:2018-03-01`, `cell:SOURCE@2018-03-01T14`,
    /// `input:SOURCE/INPUT@2018-03-01T14`, `bucket:TAG@2018-03-01T14`, `parameter:TAG month:2018-03`,
    /// `reading:TAG@2018-03-01T14:15`, `now`, `now:PRODUCT`, `rate:SOURCE`, `factor:ID`, `record:12`
    #[arg(required = true, value_name = "TARGET")]
    pub target: Vec<String>,
    /// Key of the book; the first where it is left out
    #[arg(long)]
    pub book: Option<String>,
    /// How many levels to open
    #[arg(long, default_value_t = 1, value_parser = whole::<u32>(1..=100))]
    pub depth: u32,
    /// How to print the answer
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

/// An explanation with its parts opened as deep as was asked.
struct Opened {
    explanation: Explanation,
    /// One for every part of the explanation.
    below: Vec<Option<Opened>>,
    /// Parts that were not opened for their number.
    unopened: usize,
}

/// Explains a figure.
pub fn run(arguments: &ExplainArguments, context: &Context) -> Ending {
    let mut daemon = context.daemon(&arguments.site)?;
    let model = context.model(&mut daemon)?;
    let target = read_target(&arguments.target, arguments.book.as_deref(), &model, &mut daemon)?;
    let opened = open(target, arguments.depth.max(1), &mut daemon)?;
    let printer = Printer {
        model: &model,
        context,
        site: &arguments.site,
    };
    match arguments.format {
        OutputFormat::Table => {
            let mut out = io::stdout().lock();
            if model.simulated {
                writeln!(out, "{}", context.localizer.plain("cli-simulated"))?;
            }
            printer.print(&opened, 0, &mut out)?;
            printer.print_way_on(&opened, &mut out)?;
        }
        OutputFormat::Json => {
            let mut value = printer.json(&opened);
            if let Some(object) = value.as_object_mut() {
                object.insert("simulated".to_owned(), json!(model.simulated));
            }
            print_json(&value, &mut io::stdout().lock())?;
        }
        OutputFormat::Csv => {
            let mut table = Table {
                simulated: model.simulated,
                columns: columns(),
                rows: Vec::new(),
            };
            printer.flatten(&opened, 0, &mut table.rows);
            context.print_table(&table, OutputFormat::Csv)?;
        }
    }
    Ok(Outcome::Done)
}

fn open(target: Target, depth: u32, daemon: &mut Link) -> Result<Opened, Failure> {
    let ReplyBody::Explanation(explanation) = daemon.ask(RequestBody::Explain(target))? else {
        return Err(unexpected());
    };
    let mut below = Vec::with_capacity(explanation.parts.len());
    let mut unopened = 0;
    for (place, part) in explanation.parts.iter().enumerate() {
        below.push(match &part.target {
            // A part may name its own whole again, as a version does its reading: that is not opened.
            Some(target) if depth > 1 && *target != explanation.target => {
                if place < MOST_OPENED {
                    Some(open(target.clone(), depth - 1, daemon)?)
                } else {
                    unopened += 1;
                    None
                }
            }
            _ => None,
        });
    }
    Ok(Opened {
        explanation: *explanation,
        below,
        unopened,
    })
}

/// What answers are printed with.
struct Printer<'a> {
    model: &'a SiteModel,
    context: &'a Context,
    site: &'a Path,
}

impl Printer<'_> {
    fn words(&self, target: &Target) -> TargetWords {
        TargetWords::of(target, self.model)
    }

    fn figure(&self, value: Option<&String>, unit: Option<&String>) -> String {
        match (value, unit) {
            (Some(value), Some(unit)) => {
                format!("{} {}", clean(value), clean(&self.context.localizer.unit(unit)))
            }
            (Some(value), None) => clean(value).into_owned(),
            (None, _) => String::new(),
        }
    }

    /// A figure, how it came about, and its parts: labels at the left, figures at the right, what opens them after it,
    /// and below each the numbers that give it and what must be said of it.
    fn print(&self, opened: &Opened, depth: usize, out: &mut dyn Write) -> io::Result<()> {
        let localizer = &self.context.localizer;
        let indent = "  ".repeat(depth);
        let explanation = &opened.explanation;
        let title = localizer.text(&explanation.title);
        let value = self.figure(explanation.value.as_ref(), explanation.unit.as_ref());
        writeln!(out, "{}", format!("{indent}{title}  {value}").trim_end())?;
        for line in [&explanation.formula, &explanation.numbers].into_iter().flatten() {
            writeln!(out, "{indent}  {}", clean(&localizer.unit(line)))?;
        }
        for remark in &explanation.remarks {
            writeln!(out, "{indent}  {}", localizer.text(remark))?;
        }
        let rows: Vec<(String, String)> = explanation
            .parts
            .iter()
            .map(|part| {
                (
                    localizer.text(&part.label),
                    self.figure(part.value.as_ref(), part.unit.as_ref()),
                )
            })
            .collect();
        let label_width = rows.iter().map(|(label, _)| label.width()).max().unwrap_or(0);
        let figure_width = rows.iter().map(|(_, figure)| figure.width()).max().unwrap_or(0);
        for ((part, below), (label, figure)) in explanation.parts.iter().zip(&opened.below).zip(&rows) {
            let padding = " ".repeat(label_width - label.width() + figure_width - figure.width());
            let way = part
                .target
                .as_ref()
                .map_or_else(String::new, |target| format!("→ {}", self.words(target).for_shell()));
            writeln!(
                out,
                "{}",
                format!("{indent}    {label}{padding}  {figure}  {way}").trim_end()
            )?;
            if let Some(numbers) = &part.numbers {
                writeln!(out, "{indent}        {}", clean(&localizer.unit(numbers)))?;
            }
            if let Some(remark) = &part.remark {
                writeln!(out, "{indent}        {}", localizer.text(remark))?;
            }
            if let Some(below) = below {
                self.print(below, depth + 4, out)?;
            }
        }
        if opened.unopened > 0 {
            let more = Text::new("cli-explain-more").with_count("more", opened.unopened);
            writeln!(out, "{indent}    {}", localizer.text(&more))?;
        }
        Ok(())
    }

    /// How to open a part: the command for the first that opens, as it is typed.
    fn print_way_on(&self, opened: &Opened, out: &mut dyn Write) -> io::Result<()> {
        let mut parts = opened.explanation.parts.iter();
        let Some(target) = parts.find_map(|part| part.target.as_ref()) else {
            return Ok(());
        };
        let words = self.words(target);
        let book = words.book_option(self.model);
        let site = self.site.display().to_string();
        let site = quoted(&site);
        let command = format!("carbonwatch explain {site} {}{book}", words.for_shell());
        let text = Text::new("cli-explain-way-on").with("command", command);
        writeln!(out, "{}", self.context.localizer.text(&text))
    }

    fn json(&self, opened: &Opened) -> Value {
        let explanation = &opened.explanation;
        let said = |text: &Text| self.context.localizer.for_programs(text);
        let target = |target: &Target| self.words(target).joined();
        let part = |part: &Part, below: &Option<Opened>| {
            json!({
                "label": said(&part.label),
                "value": part.value,
                "unit": part.unit,
                "numbers": part.numbers,
                "remark": part.remark.as_ref().map(said),
                "target": part.target.as_ref().map(target),
                "opened": below.as_ref().map(|below| self.json(below)),
            })
        };
        json!({
            "target": target(&explanation.target),
            "book": self.words(&explanation.target).book,
            "title": said(&explanation.title),
            "value": explanation.value,
            "unit": explanation.unit,
            "formula": explanation.formula,
            "numbers": explanation.numbers,
            "remarks": explanation.remarks.iter().map(said).collect::<Vec<_>>(),
            "parts": explanation.parts.iter().zip(&opened.below).map(|(one, below)| part(one, below)).collect::<Vec<_>>(),
        })
    }

    /// The rows of an explanation: itself, then its parts one deeper, and below a part that is opened what it opens into.
    fn flatten(&self, opened: &Opened, depth: u32, rows: &mut Vec<Vec<Cell>>) {
        let own = explanation_rows(&opened.explanation, depth, self.model, &self.context.localizer);
        // The first row is the explanation's own; the others are its parts.
        let below = std::iter::once(&None).chain(&opened.below);
        for (row, below) in own.into_iter().zip(below) {
            rows.push(row);
            if let Some(below) = below {
                self.flatten(below, depth + 2, rows);
            }
        }
    }
}
