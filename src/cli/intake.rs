//! What `import` and `replay` share: mapping, file, origin, and counting what the daemon answers.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::context::{Context, Link, unexpected};
use super::failure::{Failure, Outcome};
use super::format::OutputFormat;
use super::output::{Sheet, print_json};
use super::restated;
use crate::connect::mapping::{Mapping, Repair};
use crate::domain::reading::Origin;
use crate::domain::text::{Explained, Text};
use crate::engine::view::{IntakeOutcome, Restated};
use crate::wire::message::ReplyBody;

/// Largest mapping file.
const LARGEST_MAPPING: u64 = 1 << 20;

/// By which way a file's readings came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OriginName {
    /// A file of a system
    File,
    /// Typed by a person
    Typed,
    /// A laboratory's results
    Laboratory,
    /// Invoices or settlement sheets
    Invoice,
}

impl From<OriginName> for Origin {
    fn from(origin: OriginName) -> Self {
        match origin {
            OriginName::File => Self::File,
            OriginName::Typed => Self::Typed,
            OriginName::Laboratory => Self::Laboratory,
            OriginName::Invoice => Self::Invoice,
        }
    }
}

/// Repairs that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RepairName {
    /// The last row of each day is stamped 0:00 of the same day instead of the next
    DayEnd,
}

impl From<RepairName> for Repair {
    fn from(repair: RepairName) -> Self {
        match repair {
            RepairName::DayEnd => Self::DayEnd,
        }
    }
}

/// Reads a mapping: a file where the name has a slash or ends in `.toml`, otherwise one of the site's mappings.
pub(super) fn read_mapping(site: &Path, name: &str) -> Result<Mapping, Failure> {
    let is_path = name.contains('/') || Path::new(name).extension().is_some_and(|ending| ending == "toml");
    let path = if is_path {
        PathBuf::from(name)
    } else {
        site.join("mappings").join(format!("{name}.toml"))
    };
    let mut text = String::new();
    File::open(&path)
        .and_then(|file| file.take(LARGEST_MAPPING).read_to_string(&mut text))
        .map_err(|error| match error.kind() {
            io::ErrorKind::NotFound if !is_path => no_mapping(site, name),
            _ => Failure::file(&path, &error),
        })?;
    Mapping::parse(&path.display().to_string(), &text).map_err(|faults| {
        let mut list = None;
        // All faults are told, the first first.
        for fault in faults.iter().rev() {
            list = Some(match list {
                None => fault.text(),
                Some(rest) => Text::new("cli-and")
                    .with_text("first", fault.text())
                    .with_text("rest", rest),
            });
        }
        Failure {
            text: list.unwrap_or_else(|| Text::new("cli-mapping-bad").with("path", path.display())),
            outcome: Outcome::Finding,
        }
    })
}

/// There is no mapping of a name; what there is is named.
fn no_mapping(site: &Path, name: &str) -> Failure {
    let folder = site.join("mappings");
    let mut known: Vec<String> = fs::read_dir(&folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .filter_map(|path| Some(path.file_stem()?.to_string_lossy().into_owned()))
        .collect();
    known.sort_unstable();
    let text = Text::new("cli-no-mapping")
        .with("given", name)
        .with("folder", folder.display());
    Failure::usage(if known.is_empty() {
        text
    } else {
        Text::new("cli-mistake-known")
            .with_text("what", text)
            .with("known", known.join(", "))
    })
}

/// Digest of a file, and its length.
pub(super) fn digest(path: &Path) -> Result<(String, u64), Failure> {
    let failed = |error: io::Error| Failure::file(path, &error);
    let length = fs::metadata(path).map_err(failed)?.len();
    let mut hasher = blake3::Hasher::new();
    let file = File::open(path).map_err(failed)?;
    hasher.update_reader(file).map_err(failed)?;
    Ok((hasher.finalize().to_hex().to_string(), length))
}

/// What the daemon answered in all.
#[derive(Debug, Default)]
pub(super) struct Answered {
    /// The sum of all outcomes, without the refusals' texts.
    pub(super) outcome: IntakeOutcome,
    /// How many readings it refused.
    pub(super) refused: u64,
    /// Why it refused the first.
    pub(super) first_refusal: Option<Text>,
    /// What was restated, by book, source and month: from before the first batch to after the last.
    restated: BTreeMap<(String, String, String), Restated>,
}

impl Answered {
    /// Waits for an answer and adds it; what was refused is handed to `refused` with its place in its batch.
    pub(super) fn take(
        &mut self,
        id: u64,
        daemon: &mut Link,
        mut refused: impl FnMut(u32, &Text) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let ReplyBody::Intake(outcome) = daemon.answer(id)? else {
            return Err(unexpected());
        };
        let sum = &mut self.outcome;
        sum.sequence = outcome.sequence.or(sum.sequence);
        sum.accepted += outcome.accepted;
        sum.duplicate += outcome.duplicate;
        sum.replaced += outcome.replaced;
        sum.excluded += outcome.excluded;
        sum.left_sealed.extend(outcome.left_sealed);
        for restated in outcome.restated {
            let key = (restated.book.clone(), restated.source.clone(), restated.month.clone());
            let after = restated.after;
            self.restated.entry(key).or_insert(restated).after = after;
        }
        for (place, why) in &outcome.refused {
            self.refused += 1;
            refused(*place, why)?;
            self.first_refusal.get_or_insert_with(|| why.clone());
        }
        Ok(())
    }
}

impl Answered {
    /// Prints the summary of an intake, and what it restated.
    pub(super) fn print(&self, sheet: &Sheet, format: OutputFormat, context: &Context) -> Result<(), Failure> {
        let changed = self
            .restated
            .values()
            .filter(|restated| restated.before != restated.after);
        // The summary above says already whether it is simulated.
        let table = restated::table(changed, false, context);
        for left in &self.outcome.left_sealed {
            context.say(left);
        }
        let mut out = io::stdout().lock();
        match format {
            OutputFormat::Json => {
                let mut object = sheet.json(&context.localizer);
                object.insert("restated".to_owned(), table.json_rows(&context.localizer));
                print_json(&serde_json::Value::Object(object), &mut out)?;
            }
            // One table a file: the months that were restated stand in the table and in JSON.
            OutputFormat::Csv => sheet.print(format, &context.localizer, &mut out)?,
            OutputFormat::Table => {
                sheet.print(format, &context.localizer, &mut out)?;
                if !table.rows.is_empty() {
                    writeln!(out, "\n{}", context.localizer.plain("cli-restated"))?;
                    table.print(format, &context.localizer, &mut out)?;
                }
            }
        }
        Ok(())
    }
}

/// A progress bar on a terminal, and nothing elsewhere.
pub(super) fn progress(length: u64, template: &str) -> indicatif::ProgressBar {
    if !Context::is_watched() {
        return indicatif::ProgressBar::hidden();
    }
    let bar = indicatif::ProgressBar::new(length);
    if let Ok(style) = indicatif::ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}
