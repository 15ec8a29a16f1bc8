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
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::engine::view::PlanView;
use crate::wire::message::{ReplyBody, RequestBody};

/// Arguments of `carbonwatch plan`.
#[derive(Debug, Clone, clap::Args)]
pub struct PlanArguments {
    /// The site's directory
    pub site: PathBuf,
    /// Hour from which the change is to hold, in plant time; everything where it is left out
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
    /// Hour from which the change is to hold, in plant time; everything where it is left out
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
    let effective_from = effective_from(arguments.from.as_deref(), &mut daemon)?;
    let simulated = daemon.model()?.simulated;
    let plan = ask(&mut daemon, RequestBody::Plan { effective_from })?;
    show(&plan, simulated, arguments.format, context)?;
    Ok(Outcome::Done)
}

/// Puts the changed `site.toml` in force.
pub fn apply(arguments: &ApplyArguments, context: &Context) -> Ending {
    let mut daemon = context.daemon(&arguments.site)?;
    let effective_from = effective_from(arguments.from.as_deref(), &mut daemon)?;
    let simulated = daemon.model()?.simulated;
    let digest = if let Some(digest) = &arguments.plan {
        digest.clone()
    } else {
        let plan = ask(&mut daemon, RequestBody::Plan { effective_from })?;
        show(&plan, simulated, arguments.format, context)?;
        agree(arguments.yes, context)?;
        plan.digest
    };
    let request = RequestBody::Apply { digest, effective_from };
    record(&mut daemon, request, &arguments.site, context)
}

/// Puts this program's rules in force.
pub fn adopt(arguments: &AdoptArguments, context: &Context) -> Ending {
    let mut daemon = context.daemon(&arguments.site)?;
    let simulated = daemon.model()?.simulated;
    let plan = ask(&mut daemon, RequestBody::PlanAdoption)?;
    show(&plan, simulated, arguments.format, context)?;
    if arguments.dry_run {
        return Ok(Outcome::Done);
    }
    agree(arguments.yes, context)?;
    let request = RequestBody::Adopt { digest: plan.digest };
    record(&mut daemon, request, &arguments.site, context)
}

fn effective_from(given: Option<&str>, daemon: &mut Link) -> Result<Option<Instant>, Failure> {
    match given {
        None => Ok(None),
        Some(given) => Ok(Some(read_instant(given, &daemon.model()?.zone)?)),
    }
}

fn ask(daemon: &mut Link, request: RequestBody) -> Result<PlanView, Failure> {
    match daemon.ask(request)? {
        ReplyBody::Plan(plan) => Ok(*plan),
        _ => Err(unexpected()),
    }
}

fn agree(yes: bool, context: &Context) -> Result<(), Failure> {
    if yes {
        return Ok(());
    }
    match context.confirm(&Text::new("cli-plan-confirm")) {
        Some(true) => Ok(()),
        Some(false) => Err(Failure::refused(Text::new("cli-plan-declined"))),
        None => Err(Failure::usage(Text::new("cli-plan-needs-yes"))),
    }
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

fn show(plan: &PlanView, simulated: bool, format: OutputFormat, context: &Context) -> Result<(), Failure> {
    let table = restated::table(&plan.restated, simulated, context);
    let changes: Vec<String> = plan.changes.iter().map(|text| context.localizer.text(text)).collect();
    match format {
        OutputFormat::Json => {
            let value = serde_json::json!({
                "simulated": simulated,
                "plan": plan.digest,
                "changes": changes,
                "restated": table.json_rows(&context.localizer),
            });
            print_json(&value, &mut std::io::stdout().lock())?;
        }
        OutputFormat::Csv => context.print_table(&table, format)?,
        OutputFormat::Table => {
            let mut out = std::io::stdout().lock();
            if changes.is_empty() {
                writeln!(out, "{}", context.localizer.plain("cli-plan-no-changes"))?;
            }
            for change in &changes {
                writeln!(out, "{change}")?;
            }
            if plan.restated.is_empty() {
                writeln!(out, "{}", context.localizer.plain("cli-plan-nothing-restated"))?;
            } else {
                table.print(format, &context.localizer, &mut out)?;
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
