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
use crate::quality::alarm::ratio::Ratio;
use crate::wire::message::{ReplyBody, RequestBody};

/// Digits after the point of a share in per cent.
const DIGITS: u32 = 2;

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
            Column::figures("to_come_h", Text::new("cli-column-to-come")),
            Column::words("rule", "cli-column-missing-rule"),
        ],
        rows: rows.collect(),
    };
    context.print_table(&table, arguments.format)?;
    Ok(Outcome::Done)
}

fn row(found: &Availability, context: &Context) -> Vec<Cell> {
    let of_expected = |part: u64, whole: u64| {
        // As everywhere else a share is shown: what is judged by it is judged as it is.
        let share = Ratio::new(part, whole).percent(DIGITS);
        share.map_or(Cell::Nothing, |share| {
            Cell::Number(share.to_string(), share.to_string())
        })
    };
    let expected = i64::from(found.expected);
    let hours = u64::from(found.expected);
    vec![
        Cell::words(&found.tag),
        Cell::words(context.localizer.name(&found.name)),
        Cell::Count(expected),
        Cell::Count(i64::from(found.valid)),
        of_expected(u64::from(found.valid), hours),
        of_expected(
            u64::try_from(found.measured_ms).unwrap_or_default(),
            hours.saturating_mul(HOUR_MS.unsigned_abs()),
        ),
        Cell::Count(i64::from(found.by_plan)),
        Cell::Count(i64::from(found.by_person)),
        Cell::Count(i64::from(found.missing)),
        Cell::Count(i64::from(found.to_come)),
        found
            .rule
            .clone()
            .map_or_else(|| Cell::Text(Text::new("cli-rule-none")), Cell::Text),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_rounded_as_in_the_plan() {
        let shares = |valid, expected| {
            let found = Availability {
                parameter: crate::domain::identity::ParameterId(1),
                tag: "T-1".to_owned(),
                name: crate::domain::model::Name::default(),
                expected,
                valid,
                measured_ms: i64::from(valid) * HOUR_MS,
                by_plan: 0,
                by_person: 0,
                missing: 0,
                to_come: 0,
                rule: None,
            };
            let context = Context {
                localizer: crate::locale::Localizer::new(crate::locale::Language::English),
                asked_language: None,
                staff_number: None,
            };
            let shown = row(&found, &context);
            let shown = [&shown[4], &shown[5]].map(|cell| match cell {
                Cell::Number(people, _) => Some(people.clone()),
                _ => None,
            });
            assert_eq!(shown[0], shown[1]);
            shown[0].clone()
        };
        assert_eq!(shares(696, 720).as_deref(), Some("96.67"));
        assert_eq!(shares(720, 720).as_deref(), Some("100.00"));
        assert_eq!(shares(0, 5).as_deref(), Some("0.00"));
        assert_eq!(shares(0, 0), None);
    }

    #[test]
    fn hours_are_whole() {
        let zone = PlantZone::parse("Asia/Shanghai").unwrap();
        assert!(read_hour("2025-03-01T14", &zone).is_ok());
        assert!(read_hour("2025-03-01T14:00", &zone).is_ok());
        assert!(read_hour("2025-03-01T14:30", &zone).is_err());
    }
}
