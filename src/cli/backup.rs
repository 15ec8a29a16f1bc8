//! `carbonwatch backup`: a copy of a live site (备份).

use std::path::PathBuf;

use super::context::{Context, Ending, unexpected};
use super::failure::{Failure, Outcome};
use super::format::OutputFormat;
use super::output::{Cell, Sheet};
use crate::wire::message::{ReplyBody, RequestBody};

/// Arguments of `carbonwatch backup`.
#[derive(Debug, Clone, clap::Args)]
pub struct BackupArguments {
    /// The site's directory
    pub site: PathBuf,
    /// Directory for the copy, which the daemon's user may write; it must be empty or not exist
    pub directory: PathBuf,
    /// How to print the answer
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

/// Has the daemon copy the site.
pub fn run(arguments: &BackupArguments, context: &Context) -> Ending {
    let directory =
        std::path::absolute(&arguments.directory).map_err(|error| Failure::file(&arguments.directory, &error))?;
    let mut daemon = context.daemon(&arguments.site)?;
    let simulated = context.model(&mut daemon)?.simulated;
    let request = RequestBody::Backup {
        directory: directory.display().to_string(),
    };
    let ReplyBody::Backup { manifest, sequence } = daemon.ask(request)? else {
        return Err(unexpected());
    };
    let mut sheet = Sheet {
        simulated,
        fields: Vec::new(),
    };
    sheet.add(
        "directory",
        "cli-backup-place",
        Cell::words(directory.display().to_string()),
    );
    sheet.add("sequence", "cli-field-sequence", Cell::count(sequence.0));
    sheet.add("manifest", "cli-backup-manifest", Cell::words(manifest));
    context.print_sheet(&sheet, arguments.format)?;
    Ok(Outcome::Done)
}
