//! `carbonwatch plan`, `apply` and `adopt`: what a changed model or this program's rules would restate, and doing it
//! (模型变更、规则采用).

use std::io::Write;
use std::path::{Path, PathBuf};

use super::context::{Context, Ending, Link, unexpected};
use super::failure::{Failure, Outcome};
use super::format::OutputFormat;
use super::output::print_json;
use super::restated;
use super::when::read_instant;
use crate::domain::decimal::tonnes_of_milligrams;
use crate::domain::model::SiteModel;
use crate::domain::text::{Text, clean};
use crate::domain::time::PlantZone;
use crate::engine::view::{Dating, PlanView};
use crate::locale::figures;
use crate::report::table::shown_instant;
use crate::wire::message::{Effective, ReplyBody, RequestBody};

/// Arguments of `carbonwatch plan`.
#[derive(Debug, Clone, clap::Args)]
pub struct PlanArguments {
    /// The site's directory
    pub site: PathBuf,
    /// Hour from which the change is to hold, in plant time, or `start` for the beginning; as the newest version in force
    /// where it is left out
    #[arg(long, value_name = "YYYY-MM-DDTHH:MM")]
    pub from: Option<String>,
    /// How to print the answer
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

/// Arguments of `carbonwatch apply`.
#[derive(Debug, Clone, clap::Args)]
pub struct ApplyArguments {
    /// The site's directory
    pub site: PathBuf,
    /// Hour from which the change is to hold, in plant time, or `start` for the beginning; as the newest version in force
    /// where it is left out
    #[arg(long, value_name = "YYYY-MM-DDTHH:MM")]
    pub from: Option<String>,
    /// Digest of the plan that was looked at
    #[arg(long, value_name = "DIGEST")]
    pub plan: Option<String>,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
    /// How to print the answer
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

/// Arguments of `carbonwatch adopt`.
#[derive(Debug, Clone, clap::Args)]
pub struct AdoptArguments {
    /// The site's directory
    pub site: PathBuf,
    /// Only show what would be restated
    #[arg(long)]
    pub dry_run: bool,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
    /// How to print the answer
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

/// Shows what a changed `site.toml` would do.
pub fn plan(arguments: &PlanArguments, context: &Context) -> Ending {
    let mut daemon = context.daemon(&arguments.site)?;
    let model = context.model(&mut daemon)?;
    let effective = effective(arguments.from.as_deref(), &model.zone)?;
    let plan = ask(&mut daemon, RequestBody::Plan { effective })?;
    show(&plan, &model, arguments.format, context)?;
    Ok(Outcome::Done)
}

/// Puts the changed `site.toml` in force.
pub fn apply(arguments: &ApplyArguments, context: &Context) -> Ending {
    let mut daemon = context.daemon(&arguments.site)?;
    let model = context.model(&mut daemon)?;
    let mut effective = effective(arguments.from.as_deref(), &model.zone)?;
    let digest = if let Some(digest) = &arguments.plan {
        digest.clone()
    } else {
        let plan = ask(&mut daemon, RequestBody::Plan { effective })?;
        show(&plan, &model, arguments.format, context)?;
        agree(arguments.yes, context)?;
        // What was agreed to holds, whatever became the newest version meanwhile.
        effective = match plan.dating.and_then(|dating| dating.from) {
            Some(from) => Effective::From(from),
            None => Effective::Start,
        };
        plan.digest
    };
    let request = RequestBody::Apply { digest, effective };
    record(&mut daemon, request, &arguments.site, context)
}

/// Puts this program's rules in force.
pub fn adopt(arguments: &AdoptArguments, context: &Context) -> Ending {
    let mut daemon = context.daemon(&arguments.site)?;
    let model = context.model(&mut daemon)?;
    let plan = ask(&mut daemon, RequestBody::PlanAdoption)?;
    show(&plan, &model, arguments.format, context)?;
    if arguments.dry_run {
        return Ok(Outcome::Done);
    }
    agree(arguments.yes, context)?;
    let request = RequestBody::Adopt { digest: plan.digest };
    record(&mut daemon, request, &arguments.site, context)
}

fn effective(given: Option<&str>, zone: &PlantZone) -> Result<Effective, Failure> {
    match given {
        None => Ok(Effective::Newest),
        Some("start") => Ok(Effective::Start),
        Some(given) => Ok(Effective::From(read_instant(given, zone)?)),
    }
}

/// From when on a change holds, and what it replaces, in a sentence each.
fn dating_texts(dating: &Dating, zone: &PlantZone) -> Vec<Text> {
    let amended = dating.from.is_some() && dating.replaced.first() == dating.from.as_ref();
    let mut texts = vec![match dating.from {
        None => Text::new("cli-plan-from-start"),
        Some(from) if amended => Text::new("cli-plan-amends").with("from", shown_instant(from, zone)),
        Some(from) => Text::new("cli-plan-from-hour").with("from", shown_instant(from, zone)),
    }];
    let replaced: Vec<String> = dating
        .replaced
        .iter()
        .skip(usize::from(amended))
        .map(|&start| shown_instant(start, zone))
        .collect();
    if !replaced.is_empty() {
        let text = Text::new("cli-plan-replaces")
            .with_count("count", replaced.len())
            .with("starts", replaced.join(", "));
        texts.push(text);
    }
    texts
}

fn ask(daemon: &mut Link, request: RequestBody) -> Result<PlanView, Failure> {
    match daemon.ask(request)? {
        ReplyBody::Plan(plan) => Ok(*plan),
        _ => Err(unexpected()),
    }
}

fn agree(yes: bool, context: &Context) -> Result<(), Failure> {
    let question = Text::new("cli-plan-confirm");
    context.agree(yes, &question, "cli-plan-declined", "cli-plan-needs-yes")
}

fn record(daemon: &mut Link, request: RequestBody, site: &Path, context: &Context) -> Ending {
    let ReplyBody::Recorded(sequence) = daemon.write(request)? else {
        return Err(unexpected());
    };
    context.say(
        &Text::new("cli-recorded")
            .with("site", site.display())
            .with("sequence", sequence),
    );
    Ok(Outcome::Done)
}

fn show(plan: &PlanView, model: &SiteModel, format: OutputFormat, context: &Context) -> Result<(), Failure> {
    let table = restated::table(&plan.restated, model.simulated, context);
    let totals = restated::totals(&plan.restated);
    let told = |texts: &[Text]| -> Vec<String> { texts.iter().map(|text| context.localizer.text(text)).collect() };
    let changes = told(&plan.changes);
    let warnings = told(&plan.warnings);
    match format {
        OutputFormat::Json => {
            let value = serde_json::json!({
                "simulated": model.simulated,
                "plan": plan.digest,
                "changes": changes,
                "warnings": warnings,
                "effective_from": plan.dating.as_ref().and_then(|dating| dating.from).map(|from| from.to_string()),
                "replaced": plan.dating.iter().flat_map(|dating| &dating.replaced).map(ToString::to_string).collect::<Vec<_>>(),
                "restated": table.json_rows(&context.localizer),
                "totals": totals.iter().map(|total| serde_json::json!({
                    "book": total.book,
                    "before_t": tonnes_of_milligrams(total.before).to_string(),
                    "after_t": tonnes_of_milligrams(total.after).to_string(),
                    "difference_t": tonnes_of_milligrams(total.after - total.before).to_string(),
                })).collect::<Vec<_>>(),
            });
            print_json(&value, &mut std::io::stdout().lock())?;
        }
        OutputFormat::Csv => context.print_table(&table, format)?,
        OutputFormat::Table => {
            let mut out = std::io::stdout().lock();
            if changes.is_empty() {
                writeln!(out, "{}", context.localizer.plain("cli-plan-no-changes"))?;
            }
            for line in changes.iter().chain(&warnings) {
                writeln!(out, "{line}")?;
            }
            for text in plan.dating.iter().flat_map(|dating| dating_texts(dating, &model.zone)) {
                writeln!(out, "{}", context.localizer.text(&text))?;
            }
            if plan.restated.is_empty() {
                writeln!(out, "{}", context.localizer.plain("cli-plan-nothing-restated"))?;
            } else {
                table.print(format, &context.localizer, &mut out)?;
                for total in &totals {
                    let text = Text::new("cli-plan-total")
                        .with("book", clean(&total.book))
                        .with("before", figures::tonnes(total.before, 3))
                        .with("after", figures::tonnes(total.after, 3))
                        .with("difference", figures::tonnes(total.after - total.before, 3));
                    writeln!(out, "{}", context.localizer.text(&text))?;
                }
            }
            writeln!(
                out,
                "{}",
                context
                    .localizer
                    .text(&Text::new("cli-plan-digest").with("digest", &plan.digest))
            )?;
        }
    }
    Ok(())
}
