//! `carbonwatch qc`: the quality checks over any CSV file, without a site (离线质量检查).

mod came;
mod columns;
mod fields;
mod flags;
mod print;
mod rules;
mod seeded;
mod self_test;
mod table;

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use self::columns::Columns;
use self::print::Told;
use super::context::{Context, Ending};
use super::failure::{Failure, Outcome};
use super::format::OutputFormat;
use super::value::whole;
use crate::domain::text::{Explained, Text, clean};
use crate::domain::time::Instant;

/// Largest rules file that is read, in bytes.
const LARGEST_RULES: u64 = 1 << 22;

/// Arguments of `carbonwatch qc`.
#[derive(Debug, Clone, clap::Args)]
pub struct QcArguments {
    /// The file
    #[arg(required_unless_present = "self_test")]
    pub file: Option<PathBuf>,
    /// Rules: how the file is written, and the checks of its columns
    #[arg(long, short, required_unless_present = "self_test")]
    pub rules: Option<PathBuf>,
    /// Keep the conventions of another program instead
    #[arg(long, value_enum)]
    pub compat: Option<Convention>,
    /// Put seeded faults into the simulated plant instead, and count what the default rules find
    #[arg(long, conflicts_with_all = ["file", "rules", "compat"])]
    pub self_test: bool,
    /// With --self-test: how many seeds, from 1 on
    #[arg(long, requires = "self_test", value_parser = whole::<u64>(1..=1000), default_value_t = 5)]
    pub seeds: u64,
    /// How to print the answer
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

/// Conventions that are kept on demand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Convention {
    /// QARTOD, as `ioos_qc` has it: range, spike, rate and flat line
    Qartod,
}

/// Checks a file; ends with 1 where something was found or could not be read.
pub fn run(arguments: &QcArguments, context: &Context) -> Ending {
    let (Some(path), Some(rules)) = (&arguments.file, &arguments.rules) else {
        let out = &mut io::stdout().lock();
        self_test::run(1..=arguments.seeds, arguments.format, &context.localizer, out)?;
        return Ok(Outcome::Done);
    };
    let name = rules.to_string_lossy();
    let text = read_rules(rules)?;
    let rules = match rules::read(&clean(&name), &text) {
        Ok(rules) => rules,
        Err(faults) => {
            for fault in &faults {
                context.say(fault);
            }
            return Err(Failure::refused(
                Text::new("qc-rules-refused")
                    .with("file", clean(&name))
                    .with_count("count", faults.len()),
            ));
        }
    };
    context.localizer.keep_time_of(rules.zone);
    let failed = |why: Text| Failure {
        text: Text::new("qc-failed")
            .with("file", clean(&path.to_string_lossy()))
            .with_text("why", why),
        outcome: Outcome::Finding,
    };
    let file = File::open(path).map_err(|error| Failure::file(path, &error))?;
    let columns = Columns::read(file, &rules).map_err(|error| failed(error.text()))?;
    if columns.lines.is_empty() {
        return Err(failed(Text::new("qc-no-rows")));
    }
    let mut channels = match arguments.compat {
        Some(Convention::Qartod) => {
            let without = rules.beyond_qartod();
            if !without.is_empty() {
                context.say(&Text::new("qc-compat-without").with("checks", without.join(", ")));
            }
            table::judge_as_qartod(&rules, &columns)
        }
        None => table::judge(&rules, &columns),
    };
    table::mark_future(&columns, &mut channels, Instant::from_utc(chrono::Utc::now()));
    let told = Told {
        rules: &rules,
        columns: &columns,
        channels: &channels,
        as_numbers: arguments.compat.is_some(),
    };
    let out = &mut io::BufWriter::new(io::stdout().lock());
    match arguments.format {
        OutputFormat::Table => told.summary(&context.localizer, out)?,
        OutputFormat::Json => told.json(&context.localizer, out)?,
        OutputFormat::Csv => told.csv(&context.localizer, out)?,
    }
    io::Write::flush(out)?;
    Ok(if told.is_clean() {
        Outcome::Done
    } else {
        Outcome::Finding
    })
}

fn read_rules(path: &Path) -> Result<String, Failure> {
    let failed = |error: io::Error| Failure::file(path, &error);
    let mut bytes = Vec::new();
    // What a file says of its length need not be true.
    let file = File::open(path).map_err(failed)?;
    file.take(LARGEST_RULES + 1).read_to_end(&mut bytes).map_err(failed)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > LARGEST_RULES) {
        let text = Text::new("qc-rules-too-large").with("file", clean(&path.to_string_lossy()));
        return Err(Failure::refused(text));
    }
    String::from_utf8(bytes).map_err(|error| failed(io::Error::new(io::ErrorKind::InvalidData, error.utf8_error())))
}

#[cfg(test)]
mod tests;
