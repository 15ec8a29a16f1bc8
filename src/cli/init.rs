//! `carbonwatch init`: makes a site's directory with a commented model and the folders around it (新建现场).

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use thiserror::Error;
use toml_edit::{DocumentMut, Value};

use super::check::SITE_FILE;
use crate::catalogue::{self, CatalogueError};
use crate::domain::text::{Explained, Text, clean};
use crate::locale::Localizer;
use crate::locale::foreign::system_reason;
use crate::site::{Problem, TEMPLATES, Template, Vocabulary, read, template};

/// Folders of a site that people and gateways work with: mappings and drop folders. What people attach and export is in
/// places of their own.
pub const SHARED_FOLDERS: [&str; 2] = ["mappings", "drop"];

/// Folders that only the daemon looks into: whoever else could read them would see past the rights that it checks.
pub const PRIVATE_FOLDERS: [&str; 3] = ["journal", "state", "log"];

const PRIVATE_MODE: u32 = 0o700;

/// Owner writes, the group reads, others see nothing.
const DIRECTORY_MODE: u32 = 0o750;
const FILE_MODE: u32 = 0o640;

/// Name under which the model is written before it is whole.
const UNFINISHED: &str = ".site.toml.unfinished";

/// Arguments of `carbonwatch init`.
#[derive(Debug, Clone, PartialEq, Eq, clap::Args)]
pub struct InitArguments {
    /// Directory to make; it must be new or empty
    pub site: PathBuf,
    /// Template to start from
    #[arg(long, value_name = "NAME")]
    pub template: String,
    /// Short key of the site, instead of the template's
    #[arg(long, value_name = "KEY")]
    pub key: Option<String>,
    /// IANA time zone of the plant's calendar, instead of the template's; it cannot change later
    #[arg(long, value_name = "ZONE")]
    pub zone: Option<String>,
}

/// Why no site was made.
#[derive(Debug, Error)]
pub enum InitError {
    /// There is no such template.
    #[error("there is no template {0:?}")]
    UnknownTemplate(String),
    /// The directory holds something.
    #[error("{0} is not empty")]
    NotEmpty(PathBuf),
    /// Something that is no directory has that name.
    #[error("{0} is not a directory")]
    NotADirectory(PathBuf),
    /// Key or zone cannot be used.
    #[error("the model would have {} problems", .0.len())]
    Refused(Vec<Problem>),
    /// The system refused.
    #[error("cannot make {path}: {error}")]
    InputOutput {
        /// What could not be made.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The catalogue cannot be read.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// The answer cannot be written; the site was made.
    #[error("cannot write the answer: {0}")]
    Write(#[from] io::Error),
}

impl Explained for InitError {
    fn text(&self) -> Text {
        let shown = |path: &Path| clean(&path.to_string_lossy()).into_owned();
        match self {
            Self::UnknownTemplate(given) => {
                let known: Vec<&str> = TEMPLATES.iter().map(|template| template.name).collect();
                Text::new("init-unknown-template")
                    .with("template", clean(given))
                    .with("known", known.join(", "))
            }
            Self::NotEmpty(path) => Text::new("init-not-empty").with("path", shown(path)),
            Self::NotADirectory(path) => Text::new("init-not-a-directory").with("path", shown(path)),
            // One is enough to go on with: there are only a key and a zone to get wrong.
            Self::Refused(problems) => {
                let first = problems
                    .first()
                    .map_or(Text::new("site-incomplete"), |problem| problem.what.clone());
                Text::new("init-refused").with_text("problems", first)
            }
            Self::InputOutput { path, error } => Text::new("init-input-output")
                .with("path", shown(path))
                .with_text("error", system_reason(error)),
            Self::Catalogue(error) => error.text(),
            Self::Write(error) => Text::new("check-write").with_text("error", system_reason(error)),
        }
    }
}

/// Makes the site and says what to do next. Where it fails, nothing that it made is left.
pub fn run(arguments: &InitArguments, out: &mut dyn Write, localizer: &Localizer) -> Result<(), InitError> {
    let chosen = template(&arguments.template).ok_or_else(|| InitError::UnknownTemplate(arguments.template.clone()))?;
    let text = fitted(chosen, arguments, catalogue::rule_set()?)?;
    make_site(&arguments.site, &text)?;
    let path = clean(&arguments.site.to_string_lossy()).into_owned();
    let file = clean(&arguments.site.join(SITE_FILE).to_string_lossy()).into_owned();
    let done = Text::new("init-done").with("path", &path).with("template", chosen.name);
    let next = Text::new("init-next").with("file", file).with("path", &path);
    writeln!(out, "{}\n{}", localizer.text(&done), localizer.text(&next))?;
    Ok(())
}

/// The template with the given key and zone in it, checked; its comments stay.
fn fitted(chosen: &Template, arguments: &InitArguments, rules: &dyn Vocabulary) -> Result<String, InitError> {
    let mut text = chosen.text.to_owned();
    if let Ok(mut document) = text.parse::<DocumentMut>() {
        for (key, given) in [("key", &arguments.key), ("zone", &arguments.zone)] {
            let value = document
                .get_mut("site")
                .and_then(|site| site.get_mut(key))
                .and_then(|item| item.as_value_mut());
            if let (Some(given), Some(value)) = (given, value) {
                let comments = value.decor().clone();
                *value = Value::from(given.as_str());
                *value.decor_mut() = comments;
            }
        }
        text = document.to_string();
    }
    read(&text, SITE_FILE, rules).map_err(InitError::Refused)?;
    Ok(text)
}

/// Makes a site's directory, its folders, and last its model: a directory with a `site.toml` is a whole site.
///
/// # Errors
/// Where the directory holds something or the system refuses; what was made by then is removed again.
pub fn make_site(site: &Path, text: &str) -> Result<(), InitError> {
    let mut made = Made::default();
    let result = fill(site, text, &mut made);
    if result.is_err() {
        made.undo();
    }
    result
}

/// What was made so far, in order.
#[derive(Default)]
struct Made {
    directories: Vec<PathBuf>,
    files: Vec<PathBuf>,
}

impl Made {
    /// Removes it again, as far as the system lets it: the first failure is what is told.
    fn undo(self) {
        for file in &self.files {
            let _ = fs::remove_file(file);
        }
        for directory in self.directories.iter().rev() {
            let _ = fs::remove_dir(directory);
        }
    }
}

fn fill(site: &Path, text: &str, made: &mut Made) -> Result<(), InitError> {
    let failed = |path: &Path| {
        let path = path.to_path_buf();
        move |error| InitError::InputOutput { path, error }
    };
    match fs::read_dir(site) {
        Ok(mut entries) => {
            if entries.next().is_some() {
                return Err(InitError::NotEmpty(site.to_path_buf()));
            }
            fs::set_permissions(site, Permissions::from_mode(DIRECTORY_MODE)).map_err(failed(site))?;
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            directory(site, DIRECTORY_MODE, made).map_err(failed(site))?;
        }
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
            return Err(InitError::NotADirectory(site.to_path_buf()));
        }
        Err(error) => return Err(failed(site)(error)),
    }
    let shared = SHARED_FOLDERS.map(|folder| (folder, DIRECTORY_MODE));
    let private = PRIVATE_FOLDERS.map(|folder| (folder, PRIVATE_MODE));
    for (folder, mode) in shared.into_iter().chain(private) {
        let folder = site.join(folder);
        directory(&folder, mode, made).map_err(failed(&folder))?;
    }
    let unfinished = site.join(UNFINISHED);
    let model = site.join(SITE_FILE);
    write_whole(&unfinished, text, made).map_err(failed(&model))?;
    fs::rename(&unfinished, &model).map_err(failed(&model))?;
    made.files.push(model);
    File::open(site)
        .and_then(|directory| directory.sync_all())
        .map_err(failed(site))
}

fn directory(path: &Path, mode: u32, made: &mut Made) -> io::Result<()> {
    DirBuilder::new().mode(mode).create(path)?;
    made.directories.push(path.to_path_buf());
    // A narrow umask must not lock the group out of what is meant for it.
    fs::set_permissions(path, Permissions::from_mode(mode))
}

fn write_whole(path: &Path, text: &str, made: &mut Made) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(FILE_MODE)
        .open(path)?;
    made.files.push(path.to_path_buf());
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Language;

    fn init(site: &Path, template: &str, key: Option<&str>, zone: Option<&str>) -> Result<String, InitError> {
        let arguments = InitArguments {
            site: site.to_path_buf(),
            template: template.to_owned(),
            key: key.map(str::to_owned),
            zone: zone.map(str::to_owned),
        };
        let mut out = Vec::new();
        run(&arguments, &mut out, &Localizer::new(Language::English))?;
        Ok(String::from_utf8(out).unwrap())
    }

    fn names(directory: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(directory)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn every_template_makes_a_site() {
        let parent = tempfile::tempdir().unwrap();
        for template in TEMPLATES {
            let site = parent.path().join(template.name);
            let shown = init(&site, template.name, None, None).unwrap();
            assert!(shown.contains("carbonwatch check"), "{shown}");
            assert_eq!(fs::read_to_string(site.join(SITE_FILE)).unwrap(), template.text);
            assert_eq!(
                names(&site),
                ["drop", "journal", "log", "mappings", "site.toml", "state"]
            );
            for (path, mode) in [
                (site.clone(), DIRECTORY_MODE),
                (site.join("drop"), DIRECTORY_MODE),
                (site.join("journal"), PRIVATE_MODE),
                (site.join("state"), PRIVATE_MODE),
            ] {
                assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, mode);
            }
        }
    }

    #[test]
    fn key_and_zone_are_put_in_and_comments_stay() {
        let parent = tempfile::tempdir().unwrap();
        let site = parent.path().join("a");
        init(&site, "minimal", Some("ning-bo"), Some("Asia/Urumqi")).unwrap();
        let text = fs::read_to_string(site.join(SITE_FILE)).unwrap();
        let wanted = crate::site::template("minimal")
            .unwrap()
            .text
            .replacen("\"my-site\"", "\"ning-bo\"", 1)
            .replacen("\"Asia/Shanghai\"", "\"Asia/Urumqi\"", 1);
        assert_eq!(text, wanted);
    }

    #[test]
    fn what_cannot_be_leaves_nothing_behind() {
        let parent = tempfile::tempdir().unwrap();
        let site = parent.path().join("a");
        let refused = |key, zone, template| init(&site, template, key, zone).unwrap_err();
        assert!(matches!(refused(None, None, "nuclear"), InitError::UnknownTemplate(_)));
        assert!(matches!(refused(None, Some("Mars"), "minimal"), InitError::Refused(_)));
        assert!(matches!(
            refused(Some("a\u{1b}[2J"), None, "minimal"),
            InitError::Refused(_)
        ));
        assert!(!site.exists());
        // A parent that does not exist is not made on the way.
        let deep = parent.path().join("no/such");
        assert!(matches!(
            init(&deep, "minimal", None, None),
            Err(InitError::InputOutput { .. })
        ));
        assert_eq!(names(parent.path()), Vec::<String>::new());
    }

    #[test]
    fn only_empty_directories_are_filled() {
        let parent = tempfile::tempdir().unwrap();
        let empty = parent.path().join("empty");
        fs::create_dir(&empty).unwrap();
        init(&empty, "minimal", None, None).unwrap();
        assert!(matches!(
            init(&empty, "minimal", None, None),
            Err(InitError::NotEmpty(_))
        ));
        let file = parent.path().join("file");
        fs::write(&file, "x").unwrap();
        assert!(matches!(
            init(&file, "minimal", None, None),
            Err(InitError::NotADirectory(_))
        ));
        assert_eq!(fs::read_to_string(&file).unwrap(), "x");
    }

    #[test]
    fn a_failure_half_way_is_undone() {
        let parent = tempfile::tempdir().unwrap();
        let site = parent.path().join("site");
        let mut made = Made::default();
        fill(&site, "x", &mut made).unwrap();
        made.undo();
        assert_eq!(names(parent.path()), Vec::<String>::new());
    }
}
