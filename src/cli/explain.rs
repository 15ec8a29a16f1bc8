//! `carbonwatch explain`: from a figure down to the readings that it rests on (溯源).

use std::io::{self, Write};
use std::path::PathBuf;

use serde_json::{Value, json};

use super::context::{Context, Ending, Link, unexpected};
use super::failure::{Failure, Outcome};
use super::format::OutputFormat;
use super::ledger::{find_book, find_node};
use super::output::{Cell, Column, Table, print_json};
use super::value::whole;
use super::when::{read_instant, read_period};
use crate::domain::identity::{BookId, ParameterId, Sequence, SourceId};
use crate::domain::model::{Parameter, SiteModel};
use crate::domain::text::{Text, clean};
use crate::engine::view::{Explanation, Part, Target};
use crate::wire::message::{ReplyBody, RequestBody};

/// Most parts that are opened below one figure; `explain` one of them to see the rest.
const MOST_OPENED: usize = 50;

/// Arguments of `carbonwatch explain`.
#[derive(Debug, Clone, clap::Args)]
pub struct ExplainArguments {
    /// The site's directory
    pub site: PathBuf,
    /// What to explain: `year:2018`, `node:KEY month:2018-03`, `source:KEY day:2018-03-01`, `cell:SOURCE@2018-03-01T14`,
    /// `bucket:TAG@2018-03-01T14`, `reading:TAG@2018-03-01T14:15`, `factor:ID`, `record:12`
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
    let model = daemon.model()?;
    let target = read_target(&arguments.target, arguments.book.as_deref(), &model, &mut daemon)?;
    let opened = open(target, arguments.depth.max(1), &mut daemon)?;
    match arguments.format {
        OutputFormat::Table => {
            let mut out = io::stdout().lock();
            if model.simulated {
                writeln!(out, "{}", context.localizer.plain("cli-simulated"))?;
            }
            print(&opened, &model, 0, context, &mut out)?;
        }
        OutputFormat::Json => {
            let mut value = json(&opened, &model, context);
            if let Some(object) = value.as_object_mut() {
                object.insert("simulated".to_owned(), json!(model.simulated));
            }
            print_json(&value, &mut io::stdout().lock())?;
        }
        OutputFormat::Csv => {
            let mut table = Table {
                simulated: model.simulated,
                columns: vec![
                    Column::figures("depth", Text::new("cli-column-depth")),
                    Column::words("label", "cli-column-name"),
                    Column::figures("value", Text::new("cli-column-value")),
                    Column::words("unit", "cli-column-unit"),
                    Column::words("remark", "cli-column-remark"),
                    Column::words("target", "cli-column-target"),
                ],
                rows: Vec::new(),
            };
            flatten(&opened, &model, 0, &mut table.rows);
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

fn figure(value: Option<&String>, unit: Option<&String>) -> String {
    match (value, unit) {
        (Some(value), Some(unit)) => format!("{} {}", clean(value), clean(unit)),
        (Some(value), None) => clean(value).into_owned(),
        (None, _) => String::new(),
    }
}

fn print(opened: &Opened, model: &SiteModel, depth: usize, context: &Context, out: &mut dyn Write) -> io::Result<()> {
    let indent = "  ".repeat(depth);
    let explanation = &opened.explanation;
    let title = context.localizer.text(&explanation.title);
    let value = figure(explanation.value.as_ref(), explanation.unit.as_ref());
    writeln!(
        out,
        "{indent}{title}{}{value}",
        if value.is_empty() { "" } else { "  " }
    )?;
    for line in [&explanation.formula, &explanation.numbers].into_iter().flatten() {
        writeln!(out, "{indent}  {}", clean(line))?;
    }
    for remark in &explanation.remarks {
        writeln!(out, "{indent}  {}", context.localizer.text(remark))?;
    }
    for (part, below) in explanation.parts.iter().zip(&opened.below) {
        if let Some(below) = below {
            print(below, model, depth + 2, context, out)?;
            continue;
        }
        let label = context.localizer.text(&part.label);
        let value = figure(part.value.as_ref(), part.unit.as_ref());
        let mut line = format!("{indent}    {label}  {value}");
        if let Some(remark) = &part.remark {
            line.push_str("  ");
            line.push_str(&context.localizer.text(remark));
        }
        if let Some(target) = &part.target {
            line.push_str("  → ");
            line.push_str(&write_target(target, model));
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    if opened.unopened > 0 {
        let more = Text::new("cli-explain-more").with_count("more", opened.unopened);
        writeln!(out, "{indent}    {}", context.localizer.text(&more))?;
    }
    Ok(())
}

fn json(opened: &Opened, model: &SiteModel, context: &Context) -> Value {
    let explanation = &opened.explanation;
    let words = |text: &Text| context.localizer.text(text);
    let part = |part: &Part, below: &Option<Opened>| {
        json!({
            "label": words(&part.label),
            "value": part.value,
            "unit": part.unit,
            "remark": part.remark.as_ref().map(words),
            "target": part.target.as_ref().map(|target| write_target(target, model)),
            "opened": below.as_ref().map(|below| json(below, model, context)),
        })
    };
    json!({
        "target": write_target(&explanation.target, model),
        "title": words(&explanation.title),
        "value": explanation.value,
        "unit": explanation.unit,
        "formula": explanation.formula,
        "numbers": explanation.numbers,
        "remarks": explanation.remarks.iter().map(words).collect::<Vec<_>>(),
        "parts": explanation.parts.iter().zip(&opened.below).map(|(one, below)| part(one, below)).collect::<Vec<_>>(),
    })
}

fn flatten(opened: &Opened, model: &SiteModel, depth: u32, rows: &mut Vec<Vec<Cell>>) {
    let number = |value: &Option<String>| {
        value
            .as_ref()
            .map_or(Cell::Nothing, |value| Cell::Number(value.clone(), value.clone()))
    };
    let words = |value: &Option<String>| value.as_ref().map_or(Cell::Nothing, Cell::words);
    let explanation = &opened.explanation;
    rows.push(vec![
        Cell::count(depth),
        Cell::Text(explanation.title.clone()),
        number(&explanation.value),
        words(&explanation.unit),
        words(&explanation.numbers),
        Cell::Words(write_target(&explanation.target, model)),
    ]);
    for (part, below) in explanation.parts.iter().zip(&opened.below) {
        if let Some(below) = below {
            flatten(below, model, depth + 1, rows);
            continue;
        }
        let target = part.target.as_ref().map(|target| write_target(target, model));
        rows.push(vec![
            Cell::count(depth + 1),
            Cell::Text(part.label.clone()),
            number(&part.value),
            words(&part.unit),
            part.remark.clone().map_or(Cell::Nothing, Cell::Text),
            words(&target),
        ]);
    }
}

/// What to explain, in the words of the command line.
fn read_target(given: &[String], book: Option<&str>, model: &SiteModel, daemon: &mut Link) -> Result<Target, Failure> {
    let wrong = || Failure::usage(Text::new("cli-not-a-target").with("given", clean(&given.join(" "))));
    let book = match book {
        Some(key) => find_book(model, key)?,
        None => model.books.first().map(|book| book.id).ok_or_else(wrong)?,
    };
    let (first, second) = match given {
        [one] => (one.as_str(), None),
        [one, two] => (one.as_str(), Some(two.as_str())),
        _ => return Err(wrong()),
    };
    let (sort, value) = first.split_once(':').unwrap_or(("", first));
    match (sort, second) {
        ("node", Some(period)) => Ok(Target::Node {
            book,
            node: find_node(model, value)?,
            period: read_period(period, &model.zone)?,
        }),
        ("source", Some(period)) => Ok(Target::Source {
            book,
            source: find_source(model, value)?,
            period: read_period(period, &model.zone)?,
        }),
        ("cell", None) => {
            let (source, at) = value.split_once('@').ok_or_else(wrong)?;
            Ok(Target::Cell {
                book,
                source: find_source(model, source)?,
                hour: model.zone.hour_of(read_instant(at, &model.zone)?),
            })
        }
        ("bucket", None) => {
            let (tag, at) = value.split_once('@').ok_or_else(wrong)?;
            Ok(Target::Bucket {
                parameter: find_parameter(model, tag)?.id,
                hour: model.zone.hour_of(read_instant(at, &model.zone)?),
            })
        }
        ("reading", None) => {
            let (tag, at) = value.split_once('@').ok_or_else(wrong)?;
            let parameter = find_parameter(model, tag)?.id;
            let at = read_instant(at, &model.zone)?;
            reading_at(parameter, at, daemon)
        }
        ("factor", None) => Ok(Target::Factor { id: value.to_owned() }),
        ("record", None) => Ok(Target::Record {
            sequence: Sequence(value.parse().map_err(|_| wrong())?),
        }),
        (_, None) => Ok(Target::Node {
            book,
            node: boundary(model, book).ok_or_else(wrong)?,
            period: read_period(first, &model.zone)?,
        }),
        _ => Err(wrong()),
    }
}

fn boundary(model: &SiteModel, book: BookId) -> Option<crate::domain::identity::NodeId> {
    model
        .books
        .iter()
        .find(|known| known.id == book)
        .map(|book| book.boundary)
}

/// The reading of an instant, or of the interval that begins then.
fn reading_at(parameter: ParameterId, at: crate::domain::time::Instant, daemon: &mut Link) -> Result<Target, Failure> {
    let request = RequestBody::Readings {
        parameter,
        from: at,
        to: at.plus(1),
    };
    let ReplyBody::Readings(readings) = daemon.ask(request)? else {
        return Err(unexpected());
    };
    let found = readings.into_iter().find(|(slot, _)| slot.at == at);
    let (slot, _) = found.ok_or_else(|| Failure::refused(Text::new("cli-no-reading").with("at", at)))?;
    Ok(Target::Reading { parameter, slot })
}

fn find_source(model: &SiteModel, key: &str) -> Result<SourceId, Failure> {
    let found = model
        .sources
        .iter()
        .find(|source| source.key == key)
        .map(|source| source.id);
    found.ok_or_else(|| Failure::usage(Text::new("cli-no-source").with("given", clean(key))))
}

/// The parameter of a tag.
pub(super) fn find_parameter<'model>(model: &'model SiteModel, tag: &str) -> Result<&'model Parameter, Failure> {
    let found = model.parameters.iter().find(|parameter| parameter.tag == tag);
    found.ok_or_else(|| Failure::usage(Text::new("cli-no-parameter").with("given", clean(tag))))
}

/// A target in the words of the command line, as [`read_target`] reads it.
fn write_target(target: &Target, model: &SiteModel) -> String {
    use crate::domain::period::Period;
    let zone = &model.zone;
    let hour = |hour| zone.local(zone.hour_start(hour)).format("%Y-%m-%dT%H").to_string();
    let period = |period: &Period| match *period {
        Period::Hour(at) => format!("hour:{}", hour(at)),
        Period::Day(date) => format!("day:{date}"),
        Period::Month(month) => format!("month:{month}"),
        Period::Year(year) => format!("year:{year:04}"),
        Period::Hours(from, to) => format!("{}..{}", hour(from), hour(to)),
    };
    let node = |id| {
        model
            .nodes
            .iter()
            .find(|node| node.id == id)
            .map_or("?", |node| node.key.as_str())
    };
    let source = |id| {
        model
            .sources
            .iter()
            .find(|source| source.id == id)
            .map_or("?", |source| source.key.as_str())
    };
    let tag = |id| {
        let found = model.parameters.iter().find(|parameter| parameter.id == id);
        found.map_or("?", |parameter| parameter.tag.as_str())
    };
    let written = match target {
        Target::Node {
            node: id, period: of, ..
        } => format!("node:{} {}", node(*id), period(of)),
        Target::Source {
            source: id, period: of, ..
        } => format!("source:{} {}", source(*id), period(of)),
        Target::Cell {
            source: id, hour: at, ..
        } => format!("cell:{}@{}", source(*id), hour(*at)),
        Target::Bucket { parameter, hour: at } => format!("bucket:{}@{}", tag(*parameter), hour(*at)),
        Target::Reading { parameter, slot } => {
            format!(
                "reading:{}@{}",
                tag(*parameter),
                zone.local(slot.at).format("%Y-%m-%dT%H:%M:%S%.f")
            )
        }
        Target::Factor { id } => format!("factor:{id}"),
        Target::Record { sequence } => format!("record:{sequence}"),
    };
    clean(&written).into_owned()
}
