//! `carbonwatch import`: takes a CSV file in (导入).

mod overlaps;

use std::collections::VecDeque;
use std::fs::File;
use std::path::PathBuf;

use super::context::{Context, Ending};
use super::failure::{Failure, Outcome};
use super::format::OutputFormat;
use super::intake::{Answered, OriginName, RepairName, digest, progress, read_mapping};
use super::output::{Cell, Sheet};
use crate::connect::csv::{CsvSource, IntakeOptions, IntakeSummary, Refusal, RefusedFile};
use crate::domain::text::{Explained, Text, clean};
use crate::domain::time::Instant;
use crate::engine::command::Provenance;
use crate::wire::message::RequestBody;

/// Readings in one request.
const BATCH: usize = 20_000;

/// Requests under way at one time: the daemon works on one while the next is read.
const UNDER_WAY: usize = 4;

/// Places where time ran backwards that are told one by one.
const TOLD_WARNINGS: u64 = 5;

/// Arguments of `carbonwatch import`.
#[derive(Debug, Clone, clap::Args)]
pub struct ImportArguments {
    /// The site's directory
    pub site: PathBuf,
    /// The file
    pub file: PathBuf,
    /// Mapping: the name of one of the site's, or a file
    #[arg(long, short)]
    pub mapping: String,
    /// By which way the readings came
    #[arg(long, value_enum, default_value = "file")]
    pub origin: OriginName,
    /// Repair a known fault of the exporting system
    #[arg(long, value_enum)]
    pub repair: Option<RepairName>,
    /// It is a past that is filled in: no alarm is raised by it, and its gaps are not told
    #[arg(long)]
    pub past: bool,
    /// Do not look for values that stand in the time of the file's already, and would count beside them
    #[arg(long)]
    pub yes: bool,
    /// How to print the summary
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

/// Imports a file; ends with 1 where something in it was refused.
pub fn run(arguments: &ImportArguments, context: &Context) -> Ending {
    let mapping = read_mapping(&arguments.site, &arguments.mapping)?;
    let (digest, length) = digest(&arguments.file)?;
    let mut daemon = context.daemon(&arguments.site)?;
    let model = context.model(&mut daemon)?;
    let options = IntakeOptions {
        repair: arguments.repair.map(Into::into),
    };
    let told = |error: &dyn Explained| Failure {
        text: Text::new("cli-import-failed")
            .with("file", arguments.file.display())
            .with_text("why", error.text()),
        outcome: Outcome::Finding,
    };
    let file = File::open(&arguments.file).map_err(|error| Failure::file(&arguments.file, &error))?;
    let mut source = CsvSource::open(file, &mapping, &model, options).map_err(|error| told(&error))?;
    overlaps::look(arguments, (&mapping, options), (&model, &mut daemon), context)?;
    let name = arguments.file.file_name().unwrap_or_default().to_string_lossy();
    let name = clean(&name).into_owned();

    let words = |text: &Text| context.localizer.text(text);
    let mut refused_file = RefusedFile::beside(&arguments.file, &words);
    let mut summary = IntakeSummary::default();
    let mut answered = Answered::default();
    let mut under_way: VecDeque<(u64, Vec<u32>)> = VecDeque::new();
    let bar = progress(length, "{bytes}/{total_bytes} {wide_bar} {eta}");
    let mut warned = 0;
    let mut failure = None;
    loop {
        let batch = match source.next_batch(BATCH) {
            Ok(Some(batch)) => batch,
            Ok(None) => break,
            Err(error) => {
                // What was read before it is taken in all the same; the file can be delivered again when it is whole.
                failure = Some(told(&error));
                break;
            }
        };
        bar.set_position(batch.bytes_read);
        summary.add(&batch);
        for warning in &batch.warnings {
            warned += 1;
            if warned <= TOLD_WARNINGS {
                bar.suspend(|| context.say(&warning.text()));
            }
        }
        let written = refused_file.write(&batch.refused);
        written.map_err(|error| Failure::file(&arguments.file, &error))?;
        if batch.readings.is_empty() {
            continue;
        }
        if under_way.len() >= UNDER_WAY {
            settle(&mut under_way, &mut answered, &mut daemon, &mut refused_file, arguments)?;
        }
        let request = RequestBody::Intake {
            origin: arguments.origin.into(),
            provenance: Provenance {
                name: name.clone(),
                digest: Some(digest.clone()),
                lines: batch.lines.clone(),
                past: arguments.past,
                ..Provenance::default()
            },
            readings: batch.readings,
        };
        under_way.push_back((daemon.send(request)?, batch.lines));
    }
    while !under_way.is_empty() {
        settle(&mut under_way, &mut answered, &mut daemon, &mut refused_file, arguments)?;
    }
    bar.finish_and_clear();
    if warned > TOLD_WARNINGS {
        context.say(&Text::new("cli-import-more-backwards").with_count("more", warned - TOLD_WARNINGS));
    }
    let refused_path = refused_file
        .finish()
        .map_err(|error| Failure::file(&arguments.file, &error))?;
    let mut sheet = Sheet {
        simulated: model.simulated,
        fields: Vec::new(),
    };
    let refused = summary.refused + answered.refused;
    sheet.add("rows", "cli-import-rows", Cell::count(summary.rows));
    sheet.add("readings", "cli-import-readings", Cell::count(summary.readings));
    sheet.add(
        "accepted",
        "cli-import-accepted",
        Cell::count(answered.outcome.accepted),
    );
    sheet.add(
        "duplicate",
        "cli-import-duplicate",
        Cell::count(answered.outcome.duplicate),
    );
    sheet.add(
        "replaced",
        "cli-import-replaced",
        Cell::count(answered.outcome.replaced),
    );
    sheet.add(
        "excluded",
        "cli-import-excluded",
        Cell::count(answered.outcome.excluded),
    );
    sheet.add("refused", "cli-import-refused", Cell::count(refused));
    sheet.add("missing", "cli-import-missing", Cell::count(summary.missing));
    sheet.add("ignored", "cli-import-ignored", Cell::count(summary.ignored));
    sheet.add("rounded", "cli-import-rounded", Cell::count(summary.rounded));
    sheet.add("repaired", "cli-import-repaired", Cell::count(summary.repaired));
    sheet.add("backwards", "cli-import-backwards", Cell::count(summary.warnings));
    let instant = |at: Option<Instant>| at.map_or(Cell::Nothing, |at| Cell::Time(at, Some(model.zone)));
    sheet.add("first", "cli-import-first", instant(summary.first));
    sheet.add("last", "cli-import-last", instant(summary.last));
    let beside = refused_path.map_or(Cell::Nothing, |path| Cell::words(path.display().to_string()));
    sheet.add("refused_file", "cli-import-refused-file", beside);
    answered.print(&sheet, arguments.format, context)?;
    match failure {
        Some(failure) => Err(failure),
        None if refused > 0 => Ok(Outcome::Finding),
        None => Ok(Outcome::Done),
    }
}

/// Waits for the oldest request under way.
fn settle(
    under_way: &mut VecDeque<(u64, Vec<u32>)>,
    answered: &mut Answered,
    daemon: &mut super::context::Link,
    refused_file: &mut RefusedFile<'_>,
    arguments: &ImportArguments,
) -> Result<(), Failure> {
    let Some((id, lines)) = under_way.pop_front() else {
        return Ok(());
    };
    answered.take(id, daemon, |place, why| {
        let line = usize::try_from(place).ok().and_then(|place| lines.get(place)).copied();
        let refusal = Refusal {
            line: line.unwrap_or(0),
            column: None,
            field: String::new(),
            row: String::new(),
            why: why.clone(),
        };
        let written = refused_file.write(&[refusal]);
        written.map_err(|error| Failure::file(&arguments.file, &error))
    })
}
