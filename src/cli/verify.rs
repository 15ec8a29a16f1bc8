//! `carbonwatch verify`: chain, rows, and full recomputation of a live site (核验).

use std::path::PathBuf;

use super::context::{Context, Ending, unexpected};
use super::failure::Outcome;
use super::format::OutputFormat;
use super::output::{Cell, Sheet};
use crate::wire::message::{ReplyBody, RequestBody};

/// Arguments of `carbonwatch verify`.
#[derive(Debug, Clone, clap::Args)]
pub struct VerifyArguments {
    /// The site's directory
    pub site: PathBuf,
    /// Digest that must stand in the chain, as printed on a report
    #[arg(long, value_name = "DIGEST")]
    pub expect: Option<String>,
    /// How to print the answer
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

/// Verifies; ends with 1 where anything is not as it must be.
pub fn run(arguments: &VerifyArguments, context: &Context) -> Ending {
    let mut daemon = context.daemon(&arguments.site)?;
    let simulated = context.model(&mut daemon)?.simulated;
    let expect = arguments.expect.clone();
    let ReplyBody::Verify(view) = daemon.ask(RequestBody::Verify { expect })? else {
        return Err(unexpected());
    };
    let mut sheet = Sheet {
        simulated,
        fields: Vec::new(),
    };
    sheet.add("sound", "cli-field-sound", Cell::Flag(view.sound));
    sheet.add("records", "cli-field-records", Cell::count(view.records));
    sheet.add("rows", "cli-field-rows", Cell::count(view.rows));
    sheet.add("cells", "cli-field-cells", Cell::count(view.cells));
    let sealed = view
        .sealed_through
        .map_or(Cell::Nothing, |month| Cell::words(month.to_string()));
    sheet.add("sealed_through", "cli-field-sealed-through", sealed);
    sheet.add("dropped", "cli-field-dropped", Cell::count(view.dropped));
    sheet.add("head", "cli-field-head", Cell::words(&view.head));
    let findings: Vec<String> = view.findings.iter().map(|text| context.localizer.text(text)).collect();
    sheet.add("findings", "cli-field-findings", Cell::words(findings.join("; ")));
    context.print_sheet(&sheet, arguments.format)?;
    Ok(if view.sound { Outcome::Done } else { Outcome::Finding })
}
