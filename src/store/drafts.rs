//! Drafts of entry sheets, a file for each page, beside the state: what was typed and not sent yet. Once a change is
//! answered it is on the medium. No figure rests on them, and no backup has them.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::disk::{Disk, FileError, RealDisk, make_directory, replace_file};
use crate::domain::draft::{Draft, DraftChange, Drafted};
use crate::domain::sheet::SheetPage;
use crate::domain::time::Instant;

/// Name of the directory in a site's.
const DIRECTORY: &str = "drafts";

/// The most pages that are kept; where there are more, one has to be sent first.
const MOST_PAGES: usize = 5_000;

/// The largest file, in bytes: every cell of the largest page with the longest text.
const LARGEST: u64 = 8 * 1024 * 1024;

/// Why drafts could not be kept.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    /// The disk did not do it.
    #[error(transparent)]
    File(#[from] FileError),
    /// Too many pages have some.
    #[error("{MOST_PAGES} pages have drafts already")]
    TooMany,
    /// What is there cannot be read.
    #[error("{0} cannot be read: {1}")]
    Unreadable(PathBuf, String),
}

/// The drafts of a page.
#[derive(Debug, Clone, Copy)]
pub struct DraftPage<'a> {
    /// The site's directory.
    pub site: &'a Path,
    /// Key of the sheet.
    pub sheet: &'a str,
    /// The page.
    pub page: SheetPage,
}

/// One at a time: a change reads what is there and writes it anew.
static WRITING: Mutex<()> = Mutex::new(());

impl DraftPage<'_> {
    /// A name that is one of a file whatever the key is made of.
    fn path(&self) -> PathBuf {
        let name = blake3::hash(self.sheet.as_bytes()).to_hex();
        self.site.join(DIRECTORY).join(format!("{name}-{}", self.page))
    }

    /// What was typed into it, in the order of time.
    pub fn read(&self) -> Result<Vec<Draft>, DraftError> {
        let path = self.path();
        let wrong = |why: String| DraftError::Unreadable(path.clone(), why);
        let file = match fs::File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(wrong(error.to_string())),
        };
        let mut bytes = Vec::new();
        let read = file.take(LARGEST + 1).read_to_end(&mut bytes);
        read.map_err(|error| wrong(error.to_string()))?;
        serde_json::from_slice(&bytes).map_err(|error| wrong(error.to_string()))
    }

    /// Changes cells in somebody's name. A cell into which somebody else typed since is left as it is, and told.
    pub fn change(&self, changes: &[DraftChange], by: &str, at: Instant) -> Result<Drafted, DraftError> {
        let _writing = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
        let before = self.read()?;
        let (drafts, contested) = changed(before.clone(), changes, by, at);
        if drafts != before {
            self.write(&drafts)?;
        }
        Ok(Drafted { drafts, contested })
    }

    fn write(&self, drafts: &[Draft]) -> Result<(), DraftError> {
        let path = self.path();
        if drafts.is_empty() {
            RealDisk.remove(&path).map_err(FileError::at("remove", &path))?;
            return Ok(());
        }
        let directory = self.site.join(DIRECTORY);
        make_directory(&RealDisk, &directory)?;
        let pages = || -> io::Result<usize> { Ok(fs::read_dir(&directory)?.count()) };
        if !path.exists() && pages().map_err(FileError::at("read directory", &directory))? >= MOST_PAGES {
            return Err(DraftError::TooMany);
        }
        let bytes =
            serde_json::to_vec(drafts).map_err(|error| DraftError::Unreadable(path.clone(), error.to_string()))?;
        replace_file(&RealDisk, &path, &bytes)?;
        Ok(())
    }
}

/// Drafts after changes, and the places of those changes that were not made.
fn changed(mut drafts: Vec<Draft>, changes: &[DraftChange], by: &str, at: Instant) -> (Vec<Draft>, Vec<u32>) {
    let mut contested = Vec::new();
    for (place, change) in (0..).zip(changes) {
        let is_cell = |draft: &Draft| draft.parameter == change.parameter && draft.round == change.round;
        let standing = drafts.iter().position(is_cell);
        let text = standing
            .and_then(|standing| drafts.get(standing))
            .map(|draft| &draft.text);
        if text == change.text.as_ref() {
            continue;
        }
        let is_others = standing
            .and_then(|standing| drafts.get(standing))
            .is_some_and(|draft| draft.by != by);
        if is_others && text != change.seen.as_ref() {
            contested.push(place);
            continue;
        }
        if let Some(standing) = standing {
            drafts.remove(standing);
        }
        if let Some(text) = &change.text {
            drafts.push(Draft {
                parameter: change.parameter,
                round: change.round,
                text: text.clone(),
                by: by.to_owned(),
                at,
            });
        }
    }
    (drafts, contested)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::identity::ParameterId;
    use crate::domain::time::Month;

    fn change(parameter: u32, seen: Option<&str>, text: Option<&str>) -> DraftChange {
        DraftChange {
            parameter: ParameterId(parameter),
            round: Instant(0),
            seen: seen.map(str::to_owned),
            text: text.map(str::to_owned),
        }
    }

    #[test]
    fn what_was_typed_is_there_again_and_what_is_emptied_leaves_no_file() {
        let site = tempfile::tempdir().unwrap();
        let page = DraftPage {
            site: site.path(),
            sheet: "../../etc/表",
            page: SheetPage::Month(Month { year: 2025, month: 3 }),
        };
        assert_eq!(page.read().unwrap(), []);
        let typed = page.change(
            &[change(1, None, Some("12.3")), change(2, None, Some("-"))],
            "E01",
            Instant(5),
        );
        assert_eq!(typed.unwrap().drafts.len(), 2);
        let read = page.read().unwrap();
        assert_eq!(
            (read[0].text.as_str(), read[0].by.as_str(), read[0].at),
            ("12.3", "E01", Instant(5))
        );
        page.change(&[change(1, None, None), change(2, None, None)], "E01", Instant(6))
            .unwrap();
        assert_eq!(fs::read_dir(site.path().join(DIRECTORY)).unwrap().count(), 0);
    }

    #[test]
    fn two_in_one_cell_are_told_and_nothing_is_lost() {
        let site = tempfile::tempdir().unwrap();
        let page = DraftPage {
            site: site.path(),
            sheet: "rounds",
            page: SheetPage::Month(Month { year: 2025, month: 3 }),
        };
        page.change(&[change(1, None, Some("12"))], "E01", Instant(5)).unwrap();
        let second = page.change(
            &[change(1, None, Some("13")), change(2, None, Some("7"))],
            "E02",
            Instant(6),
        );
        let second = second.unwrap();
        assert_eq!(second.contested, [0]);
        assert_eq!(second.drafts[0].text, "12");
        assert_eq!(second.drafts[1].text, "7");
        // Who saw what stands there may change it, and one's own in any case.
        let seen = page
            .change(&[change(1, Some("12"), Some("13"))], "E02", Instant(7))
            .unwrap();
        assert_eq!((seen.contested.len(), seen.drafts[1].text.as_str()), (0, "13"));
        let own = page.change(&[change(2, None, Some("8"))], "E02", Instant(8)).unwrap();
        assert!(own.contested.is_empty());
    }

    #[test]
    fn what_cannot_be_read_is_not_written_over() {
        let site = tempfile::tempdir().unwrap();
        let page = DraftPage {
            site: site.path(),
            sheet: "rounds",
            page: SheetPage::Month(Month { year: 2025, month: 3 }),
        };
        page.change(&[change(1, None, Some("12"))], "E01", Instant(5)).unwrap();
        fs::write(page.path(), b"[{").unwrap();
        assert!(matches!(
            page.change(&[change(1, None, Some("13"))], "E01", Instant(6)),
            Err(DraftError::Unreadable(..))
        ));
        assert_eq!(fs::read(page.path()).unwrap(), b"[{");
    }
}
