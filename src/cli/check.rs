//! `carbonwatch check`: reads a `site.toml` and tells all that is wrong with it (检查).

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use serde_json::json;
use thiserror::Error;

use super::format::OutputFormat;
use crate::catalogue::{self, CatalogueError};
use crate::domain::model::SiteModel;
use crate::domain::text::{Explained, Text, clean};
use crate::locale::Localizer;
use crate::locale::foreign::system_reason;
use crate::site::{LARGEST_FILE, Problem, Proposal, Severity, Vocabulary, read_bytes, schema};

/// Name of the model's file in a site's directory.
pub const SITE_FILE: &str = "site.toml";

/// Arguments of `carbonwatch check`.
#[derive(Debug, Clone, PartialEq, Eq, clap::Args)]
pub struct CheckArguments {
    /// Directory of the site, or a site.toml itself
    #[arg(required_unless_present = "schema")]
    pub site: Option<PathBuf>,
    /// Print the JSON schema of site.toml instead
    #[arg(long)]
    pub schema: bool,
    /// How to print the answer
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checked {
    /// Nothing is wrong.
    Clean,
    /// Problems were printed.
    Faulty,
}

impl Checked {
    /// The exit code that says so.
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Faulty => 1,
        }
    }
}

/// Why nothing could be checked.
#[derive(Debug, Error)]
pub enum CheckError {
    /// The directory holds no model.
    #[error("{0} has no site.toml")]
    NoSite(PathBuf),
    /// The file cannot be read.
    #[error("cannot read {path}: {error}")]
    Read {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The catalogue cannot be read.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// The answer cannot be written.
    #[error("cannot write the answer: {0}")]
    Write(#[from] io::Error),
}

impl Explained for CheckError {
    fn text(&self) -> Text {
        match self {
            Self::NoSite(path) => Text::new("check-no-site").with("path", clean(&path.to_string_lossy())),
            Self::Read { path, error } => Text::new("check-input-output")
                .with("path", clean(&path.to_string_lossy()))
                .with_text("error", system_reason(error)),
            Self::Catalogue(error) => error.text(),
            Self::Write(error) => Text::new("check-write").with_text("error", system_reason(error)),
        }
    }
}

/// Checks, and prints all problems or a short summary to `out`.
pub fn run(arguments: &CheckArguments, out: &mut dyn Write, localizer: &Localizer) -> Result<Checked, CheckError> {
    let Some(site) = arguments.site.as_deref().filter(|_| !arguments.schema) else {
        writeln!(out, "{:#}", schema::schema())?;
        return Ok(Checked::Clean);
    };
    let file = site_file(site);
    let name = file.to_string_lossy().into_owned();
    let checked = read_site(site, catalogue::rule_set()?)?;
    match arguments.format {
        OutputFormat::Table => print_table(&name, checked.as_ref(), out, localizer)?,
        OutputFormat::Json => print_json(&name, checked.as_ref(), out, localizer)?,
        OutputFormat::Csv => print_csv(found(checked.as_ref()), out, localizer)?,
    }
    Ok(if checked.is_ok() {
        Checked::Clean
    } else {
        Checked::Faulty
    })
}

/// The model's file of a site's directory; a file stands for itself.
fn site_file(site: &Path) -> PathBuf {
    if site.is_file() {
        site.to_path_buf()
    } else {
        site.join(SITE_FILE)
    }
}

/// Reads the model of a site's directory, or a `site.toml` itself: the proposal, or all its problems.
pub fn read_site(site: &Path, rules: &dyn Vocabulary) -> Result<Result<Proposal, Vec<Problem>>, CheckError> {
    let path = site_file(site);
    let read = || -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        // One byte more than is allowed is enough to know that it is too long.
        let most = u64::try_from(LARGEST_FILE).unwrap_or(u64::MAX).saturating_add(1);
        File::open(&path)?.take(most).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    match read() {
        Ok(bytes) => Ok(read_bytes(&bytes, &path.to_string_lossy(), rules)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(CheckError::NoSite(site.to_path_buf())),
        Err(error) => Err(CheckError::Read { path, error }),
    }
}

/// What a model holds, by name.
fn counts(model: &SiteModel) -> [(&'static str, usize); 5] {
    [
        ("nodes", model.nodes.len()),
        ("meters", model.meters.len()),
        ("parameters", model.parameters.len()),
        ("sources", model.sources.len()),
        ("books", model.books.len()),
    ]
}

/// What was found, be it in the way or not.
fn found<'checked>(checked: Result<&'checked Proposal, &'checked Vec<Problem>>) -> &'checked [Problem] {
    checked.map_or_else(Vec::as_slice, Proposal::warnings)
}

fn print_table(
    file: &str,
    checked: Result<&Proposal, &Vec<Problem>>,
    out: &mut dyn Write,
    localizer: &Localizer,
) -> io::Result<()> {
    match checked {
        Ok(proposal) => {
            print_lines(proposal.warnings(), out, localizer)?;
            let warnings = proposal.warnings().len();
            let mut text = Text::new(if warnings == 0 { "check-clean" } else { "check-doubtful" })
                .with("file", clean(file))
                .with_count("warnings", warnings);
            for (name, count) in counts(proposal.draft()) {
                text = text.with_count(name, count);
            }
            writeln!(out, "{}", localizer.text(&text))
        }
        Err(problems) => {
            print_lines(problems, out, localizer)?;
            let errors = problems.iter().filter(|problem| problem.severity == Severity::Error);
            let text = Text::new("check-problems")
                .with("file", clean(file))
                .with_count("count", errors.count());
            writeln!(out, "{}", localizer.text(&text))
        }
    }
}

fn print_lines(problems: &[Problem], out: &mut dyn Write, localizer: &Localizer) -> io::Result<()> {
    for problem in problems {
        writeln!(out, "{}", localizer.text(&problem.text()))?;
    }
    Ok(())
}

/// What a problem is called for programs.
const fn severity(problem: &Problem) -> &'static str {
    match problem.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

fn print_json(
    file: &str,
    checked: Result<&Proposal, &Vec<Problem>>,
    out: &mut dyn Write,
    localizer: &Localizer,
) -> io::Result<()> {
    let listed: Vec<_> = found(checked)
        .iter()
        .map(|problem| {
            json!({
                "file": problem.file,
                "line": problem.line,
                "column": problem.column,
                "severity": severity(problem),
                "id": problem.what.id,
                "what": localizer.text(&problem.what),
                "remedy": localizer.text(&problem.remedy),
            })
        })
        .collect();
    let answer = match checked {
        Ok(proposal) => {
            let counts: serde_json::Map<_, _> = counts(proposal.draft())
                .into_iter()
                .map(|(name, count)| (name.to_owned(), json!(count)))
                .collect();
            json!({ "file": file, "problems": listed, "counts": counts })
        }
        Err(_) => json!({ "file": file, "problems": listed }),
    };
    writeln!(out, "{answer:#}")
}

fn print_csv(problems: &[Problem], out: &mut dyn Write, localizer: &Localizer) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(["file", "line", "column", "severity", "what", "remedy"])?;
    for problem in problems {
        writer.write_record([
            clean(&problem.file).as_ref(),
            &problem.line.to_string(),
            &problem.column.to_string(),
            severity(problem),
            &localizer.text(&problem.what),
            &localizer.text(&problem.remedy),
        ])?;
    }
    writer.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Language;
    use crate::site::template;

    fn check(site: &Path, format: OutputFormat) -> (Checked, String) {
        let arguments = CheckArguments {
            site: Some(site.to_path_buf()),
            schema: false,
            format,
        };
        let mut out = Vec::new();
        let checked = run(&arguments, &mut out, &Localizer::new(Language::English)).unwrap();
        (checked, String::from_utf8(out).unwrap())
    }

    fn site_of(text: impl AsRef<[u8]>) -> tempfile::TempDir {
        let site = tempfile::tempdir().unwrap();
        std::fs::write(site.path().join(SITE_FILE), text).unwrap();
        site
    }

    #[test]
    fn a_sound_model_is_summed_up() {
        let site = site_of(template("power").unwrap().text);
        let (checked, shown) = check(site.path(), OutputFormat::Table);
        assert_eq!(checked.exit_code(), 0);
        assert!(
            shown.ends_with("is sound: 4 nodes, 5 meters, 9 parameters, 3 sources, 2 books.\n"),
            "{shown}"
        );
        let (_, shown) = check(&site.path().join(SITE_FILE), OutputFormat::Json);
        let answer: serde_json::Value = serde_json::from_str(&shown).unwrap();
        assert_eq!(answer["counts"]["parameters"], 9);
        assert_eq!(answer["problems"], json!([]));
    }

    #[test]
    fn problems_are_printed_with_their_places() {
        let text = template("minimal").unwrap().text;
        let site = site_of(text.replace("kWh", "kWhh").replace("AR5", "AR9"));
        let (checked, shown) = check(site.path(), OutputFormat::Table);
        assert_eq!(checked.exit_code(), 1);
        let lines: Vec<&str> = shown.lines().collect();
        assert_eq!(lines.len(), 3, "{shown}");
        assert!(lines[0].contains("site.toml:50:8: unit cannot be used: "), "{shown}");
        assert!(lines[0].contains(" — Write it like \"t/h\""), "{shown}");
        assert!(lines[2].ends_with("has 2 problems."), "{shown}");
        let (_, shown) = check(site.path(), OutputFormat::Csv);
        let mut reader = csv::Reader::from_reader(shown.as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), 2);
        assert_eq!((&rows[0][1], &rows[0][2]), ("50", "8"));
        let (_, shown) = check(site.path(), OutputFormat::Json);
        let answer: serde_json::Value = serde_json::from_str(&shown).unwrap();
        assert_eq!(answer["problems"][1]["id"], "site-unknown-word");
    }

    #[test]
    fn bytes_that_are_no_text_are_told_with_their_place() {
        let site = site_of(b"[site]\nname = \"\xb9\xa4\xb3\xa7\"\n");
        let (checked, shown) = check(site.path(), OutputFormat::Table);
        assert_eq!(checked, Checked::Faulty);
        assert!(shown.contains("site.toml:2:9: The file is not in UTF-8"), "{shown}");
    }

    #[test]
    fn a_directory_without_a_model_is_no_site() {
        let site = tempfile::tempdir().unwrap();
        let arguments = CheckArguments {
            site: Some(site.path().to_path_buf()),
            schema: false,
            format: OutputFormat::Table,
        };
        let error = run(&arguments, &mut Vec::new(), &Localizer::new(Language::English)).unwrap_err();
        assert!(matches!(error, CheckError::NoSite(_)));
    }

    #[test]
    fn the_schema_is_printed_without_a_site() {
        let arguments = CheckArguments {
            site: None,
            schema: true,
            format: OutputFormat::Table,
        };
        let mut out = Vec::new();
        run(&arguments, &mut out, &Localizer::new(Language::English)).unwrap();
        let schema: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(schema["properties"]["site"]["type"], "object");
    }
}
