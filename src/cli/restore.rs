//! `carbonwatch restore`: a backup becomes a site again (恢复). No daemon is asked: there is none yet.

use std::path::PathBuf;

use super::context::{Context, Ending};
use super::failure::{Failure, Outcome};
use super::format::OutputFormat;
use super::intake::progress;
use super::output::{Cell, Sheet};
use crate::domain::text::Explained;
use crate::store::backup::{restore, verify_backup};

/// Arguments of `carbonwatch restore`.
#[derive(Debug, Clone, clap::Args)]
pub struct RestoreArguments {
    /// Directory of the backup
    pub backup: PathBuf,
    /// Directory of the restored site; it must be empty or not exist
    #[arg(required_unless_present = "check")]
    pub site: Option<PathBuf>,
    /// Only check the backup against its manifest
    #[arg(long, conflicts_with = "site")]
    pub check: bool,
    /// How to print the answer
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

/// Checks a backup, and restores it.
pub fn run(arguments: &RestoreArguments, context: &Context) -> Ending {
    let told = |error: &dyn Explained| Failure::refused(error.text());
    let manifest = verify_backup(&arguments.backup).map_err(|error| told(&error))?;
    let bytes = manifest.files.iter().map(|file| file.bytes).sum();
    if let Some(site) = &arguments.site {
        let bar = progress(bytes, "{bytes}/{total_bytes} {wide_bar} {eta}");
        restore(&arguments.backup, site, &mut |copied| bar.set_position(copied)).map_err(|error| told(&error))?;
        bar.finish_and_clear();
    }
    // Whether a site is simulated is said by its model, which a backup holds only in its journal: the figures do.
    let mut sheet = Sheet::default();
    let place = arguments
        .site
        .as_ref()
        .map_or(Cell::Nothing, |site| Cell::words(site.display().to_string()));
    sheet.add("site", "cli-restore-place", place);
    sheet.add("files", "cli-restore-files", Cell::count(manifest.files.len()));
    sheet.add("bytes", "cli-restore-bytes", Cell::count(bytes));
    sheet.add("sequence", "cli-field-sequence", Cell::count(manifest.sequence.0));
    sheet.add("head", "cli-field-head", Cell::words(manifest.hash.to_string()));
    context.print_sheet(&sheet, arguments.format)?;
    Ok(Outcome::Done)
}
