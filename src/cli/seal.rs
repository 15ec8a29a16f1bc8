//! `carbonwatch seal`: months whose readings need not be kept any longer are sealed (封存).

use std::path::PathBuf;

use super::context::{Context, Ending, unexpected};
use super::failure::{Failure, Outcome};
use super::format::OutputFormat;
use super::output::{Cell, Sheet};
use super::when::read_period;
use crate::domain::period::Period;
use crate::domain::text::{Text, clean};
use crate::engine::sealed::Seal;
use crate::report::seal::warnings;
use crate::wire::answers::SealExportView;
use crate::wire::message::{ReplyBody, RequestBody};

/// Arguments of `carbonwatch seal`.
#[derive(Debug, Clone, clap::Args)]
pub struct SealArguments {
    /// The site's directory
    pub site: PathBuf,
    /// The last month to be sealed, such as 2019-12
    #[arg(long, value_name = "PERIOD")]
    pub through: String,
    /// Directory outside the site for the second copy of the export, best on another disk
    #[arg(long, value_name = "DIRECTORY")]
    pub export: PathBuf,
    /// Drop the readings that machines brought in sealed months from the journal
    #[arg(long)]
    pub drop_readings: bool,
    /// Seal without asking
    #[arg(long)]
    pub yes: bool,
    /// How to print the answer
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

/// Has the daemon export and verify, asks, and seals.
pub fn run(arguments: &SealArguments, context: &Context) -> Ending {
    let directory = std::path::absolute(&arguments.export).map_err(|error| Failure::file(&arguments.export, &error))?;
    let mut daemon = context.daemon(&arguments.site)?;
    let model = context.model(&mut daemon)?;
    let Ok(Period::Month(through)) = read_period(&arguments.through, &model.zone) else {
        return Err(Failure::usage(
            Text::new("cli-seal-not-a-month").with("given", clean(&arguments.through)),
        ));
    };
    let request = RequestBody::SealExport {
        through,
        directory: directory.display().to_string(),
    };
    let ReplyBody::SealExport(view) = daemon.ask(request)? else {
        return Err(unexpected());
    };
    for warning in warnings(through, &view.months, &view.cut) {
        context.say(&warning);
    }
    agree(arguments, &view, context)?;
    let request = RequestBody::Seal(Seal {
        through,
        applied: view.applied,
        export: view.export.clone(),
        drop: arguments.drop_readings,
    });
    let ReplyBody::Recorded(sequence) = daemon.write(request)? else {
        return Err(unexpected());
    };
    let mut sheet = Sheet {
        simulated: model.simulated,
        fields: Vec::new(),
    };
    sheet.add(
        "sealed_through",
        "cli-field-sealed-through",
        Cell::words(through.to_string()),
    );
    sheet.add("sequence", "cli-field-sequence", Cell::count(sequence.0));
    sheet.add("applied", "cli-seal-applied", Cell::count(view.applied.0));
    sheet.add("rows", "cli-field-rows", Cell::count(view.rows));
    sheet.add("path", "cli-seal-path", Cell::words(&view.path));
    sheet.add("copy", "cli-seal-copy", Cell::words(&view.copy));
    sheet.add("digest", "cli-seal-digest", Cell::words(&view.export));
    context.print_sheet(&sheet, arguments.format)?;
    Ok(Outcome::Done)
}

fn agree(arguments: &SealArguments, view: &SealExportView, context: &Context) -> Result<(), Failure> {
    let question = if arguments.drop_readings {
        "cli-seal-confirm-drop"
    } else {
        "cli-seal-confirm"
    };
    let question = Text::new(question).with("through", view.through);
    let declined = Text::new("cli-seal-declined")
        .with("path", clean(&view.path))
        .with("copy", clean(&view.copy));
    context.agree_or(arguments.yes, &question, declined, "cli-seal-needs-yes")
}
