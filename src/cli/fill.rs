//! `carbonwatch fill` and `availability`: hours that were not measured, and what stands in for them (缺失数据).

use std::path::PathBuf;

use super::context::{Context, Ending, Link, unexpected};
use super::correct::recorded;
use super::explain::find_parameter;
use super::failure::{Failure, Outcome};
use super::format::OutputFormat;
use super::output::{Cell, Column, Table};
use super::restated;
use super::when::{read_instant, read_period};
use crate::domain::decimal::parse_decimal;
use crate::domain::text::{Text, clean};
use crate::domain::time::{HOUR_MS, Hour, PlantZone};
use crate::engine::availability::Availability;
use crate::engine::filling::{Fill, FillBy, FillPreview};
use crate::wire::message::{ReplyBody, RequestBody};

/// Arguments of `carbonwatch fill`.
#[derive(Debug, Clone, clap::Args)]
pub struct FillArguments {
    /// The site's directory
    pub site: PathBuf,
    /// Tag of the parameter
    pub tag: String,
    /// The first hour, in plant time
    #[arg(value_name = "YYYY-MM-DDTHH")]
    pub from: String,
    /// The first hour after them, in plant time
    #[arg(value_name = "YYYY-MM-DDTHH")]
    pub to: String,
    /// What a whole hour counts: of a flow its mean, of others the quantity of an hour, in the parameter's unit
    #[arg(
        long,
        allow_hyphen_values = true,
        conflicts_with = "plan",
        required_unless_present = "plan"
    )]
    pub value: Option<String>,
    /// Back to what the plan says
    #[arg(long)]
    pub plan: bool,
    /// Why
    #[arg(long)]
    pub reason: String,
    /// Only show what it would do
    #[arg(long)]
    pub dry_run: bool,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
    /// How to print what it does to the figures
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

/// Arguments of `carbonwatch availability`.
#[derive(Debug, Clone, clap::Args)]
pub struct AvailabilityArguments {
    /// The site's directory
    pub site: PathBuf,
    /// Which period: 2025, 2025-Q1, 2025-03, 2025-03-01, or a stretch of hours
    pub period: String,
    /// Only the parameter with this tag
    #[arg(long, value_name = "TAG")]
    pub parameter: Option<String>,
    /// How to print the answer
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

/// Decides of hours that were not measured, after showing what that does.
pub fn fill(arguments: &FillArguments, context: &Context) -> Ending {
    let mut daemon = context.daemon(&arguments.site)?;
    let model = context.model(&mut daemon)?;
    let parameter = find_parameter(&model, &arguments.tag)?;
    let by = match &arguments.value {
        Some(value) => FillBy::Value(parse_decimal(value).map_err(|error| Failure::number(&error))?),
        None => FillBy::Plan,
    };
    let fill = Fill {
        parameter: parameter.id,
        from: read_hour(&arguments.from, &model.zone)?,
        to: read_hour(&arguments.to, &model.zone)?,
        by,
        reason: arguments.reason.clone(),
    };
    let preview = preview(&mut daemon, fill.clone())?;
    tell(&preview, context);
    let table = restated::table(&preview.restated, model.simulated, context);
    context.print_table(&table, arguments.format)?;
    if arguments.dry_run {
        return Ok(Outcome::Done);
    }
    let question = Text::new("cli-fill-confirm");
    context.agree(arguments.yes, &question, "cli-plan-declined", "cli-fill-needs-yes")?;
    // What it restates was shown before.
    let (ReplyBody::Recorded(sequence) | ReplyBody::Restated { sequence, .. }) =
        daemon.write(RequestBody::Fill(fill))?
    else {
        return Err(unexpected());
    };
    recorded(sequence, &arguments.site, context);
    Ok(Outcome::Done)
}

fn preview(daemon: &mut Link, fill: Fill) -> Result<FillPreview, Failure> {
    match daemon.ask(RequestBody::PlanFill(fill))? {
        ReplyBody::FillPreview(preview) => Ok(*preview),
        _ => Err(unexpected()),
    }
}

/// What is decided, beside the table of what that restates.
fn tell(preview: &FillPreview, context: &Context) {
    for part in &preview.parts {
        context.say(&part.filled_text());
    }
    if preview.measured > 0 {
        context.say(&Text::new("cli-fill-measured").with_count("hours", preview.measured));
    }
    if preview.restated.is_empty() {
        context.say(&Text::new("cli-fill-restates-nothing"));
    }
}

/// A whole hour: what lies within one names none.
fn read_hour(given: &str, zone: &PlantZone) -> Result<Hour, Failure> {
    let at = read_instant(given, zone)?;
    let hour = zone.hour_of(at);
    if zone.hour_start(hour) == at {
        Ok(hour)
    } else {
        Err(Failure::usage(
            Text::new("cli-not-a-whole-hour").with("given", clean(given)),
        ))
    }
}

/// Prints how much of each quantity was measured.
pub fn availability(arguments: &AvailabilityArguments, context: &Context) -> Ending {
    let mut daemon = context.daemon(&arguments.site)?;
    let model = context.model(&mut daemon)?;
    let only = arguments
        .parameter
        .as_deref()
        .map(|tag| find_parameter(&model, tag).map(|parameter| parameter.id))
        .transpose()?;
    let period = read_period(&arguments.period, &model.zone)?;
    let (from, to) = period.hours(&model.zone, model.day_start_minutes);
    let ReplyBody::Availability(found) = daemon.ask(RequestBody::Availability { from, to })? else {
        return Err(unexpected());
    };
    let rows = found
        .iter()
        .filter(|found| only.is_none_or(|only| only == found.parameter))
        .map(|found| row(found, context));
    let table = Table {
        simulated: model.simulated,
        columns: vec![
            Column::words("tag", "cli-column-tag"),
            Column::words("name", "cli-column-name"),
            Column::figures("expected_h", Text::new("cli-column-expected")),
            Column::figures("valid_h", Text::new("cli-column-valid")),
            Column::figures("valid_percent", Text::new("cli-column-valid-percent")),
            Column::figures("measured_percent", Text::new("cli-column-measured-percent")),
            Column::figures("by_plan_h", Text::new("cli-column-by-plan")),
            Column::figures("by_person_h", Text::new("cli-column-by-person")),
            Column::figures("missing_h", Text::new("cli-column-missing")),
            Column::words("rule", "cli-column-rule"),
        ],
        rows: rows.collect(),
    };
    context.print_table(&table, arguments.format)?;
    Ok(Outcome::Done)
}

fn row(found: &Availability, context: &Context) -> Vec<Cell> {
    let of_expected =
        |part: i64, whole: i64| percent(part, whole).map_or(Cell::Nothing, |text| Cell::Number(text.clone(), text));
    let expected = i64::from(found.expected);
    vec![
        Cell::words(&found.tag),
        Cell::words(context.localizer.name(&found.name)),
        Cell::Count(expected),
        Cell::Count(i64::from(found.valid)),
        of_expected(i64::from(found.valid), expected),
        of_expected(found.measured_ms, expected.saturating_mul(HOUR_MS)),
        Cell::Count(i64::from(found.by_plan)),
        Cell::Count(i64::from(found.by_person)),
        Cell::Count(i64::from(found.missing)),
        found
            .rule
            .clone()
            .map_or_else(|| Cell::Text(Text::new("cli-rule-none")), Cell::Text),
    ]
}

/// Per cent with two digits, cut and not rounded: what is not reached is not shown as reached. `None` of nothing.
fn percent(part: i64, whole: i64) -> Option<String> {
    let hundredths = i128::from(part).checked_mul(10_000)?.checked_div(i128::from(whole))?;
    Some(format!("{}.{:02}", hundredths / 100, hundredths % 100))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_reached_is_not_shown_as_reached() {
        assert_eq!(percent(74_999, 100_000).as_deref(), Some("74.99"));
        assert_eq!(percent(3, 3).as_deref(), Some("100.00"));
        assert_eq!(percent(0, 5).as_deref(), Some("0.00"));
        assert_eq!(percent(0, 0), None);
    }

    #[test]
    fn hours_are_whole() {
        let zone = PlantZone::parse("Asia/Shanghai").unwrap();
        assert!(read_hour("2025-03-01T14", &zone).is_ok());
        assert!(read_hour("2025-03-01T14:00", &zone).is_ok());
        assert!(read_hour("2025-03-01T14:30", &zone).is_err());
    }
}
