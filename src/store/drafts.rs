//! Drafts of entry sheets, a file for each page, beside the state: what was typed and attached and not sent yet. Once a change
//! is answered it is on the medium. No figure rests on them, and no backup has them.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::disk::{Disk, FileError, RealDisk, make_directory, replace_file};
use super::personal::{Owner, Theirs};
use crate::domain::actor::Actor;
use crate::domain::attachment::{Attachment, Digest, MOST_ATTACHMENTS};
use crate::domain::draft::{Draft, DraftChange, Drafted, FileChange, OthersFiles};
use crate::domain::sheet::SheetPage;
use crate::domain::text::as_typed;
use crate::domain::time::Instant;

/// Name of the directory in a site's.
const DIRECTORY: &str = "drafts";

/// The most pages that are kept; where there are more, one has to be sent first.
const MOST_PAGES: usize = 5_000;

/// How long nobody has touched a page of which the drafts go where there are too many.
const UNTOUCHED_FOR: Duration = Duration::from_secs(365 * 24 * 3600);

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
    /// Somebody would have attached too many files to a page.
    #[error("{MOST_ATTACHMENTS} files are attached already")]
    TooManyFiles,
    /// What is there cannot be read.
    #[error("{0} cannot be read: {1}")]
    Unreadable(PathBuf, String),
}

/// What is kept of a page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PageDrafts {
    /// What was typed into its cells, in the order of time.
    pub cells: Vec<Draft>,
    /// The files that each attached, by whose they are: a staff number and a login may read the same.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attached: BTreeMap<String, Vec<Attachment>>,
    /// The same as it was written before, by staff number, or login where no person is known. Whoever of that name changes
    /// theirs first takes them over.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub files: BTreeMap<String, Vec<Attachment>>,
}

impl PageDrafts {
    /// The files that somebody attached.
    pub fn files_of(&self, by: &Actor) -> Vec<Attachment> {
        let files = self.attached.get(&Owner::of(by).file_name());
        files.or_else(|| self.files.get(by.name())).cloned().unwrap_or_default()
    }

    /// The files that others attached.
    pub fn files_of_others(&self, by: &Actor) -> Vec<OthersFiles> {
        let me = Owner::of(by).file_name();
        let others = self.attached.iter().filter(|(owner, _)| **owner != me);
        let others = others.map(|(owner, files)| OthersFiles {
            owner: owner.clone(),
            by: Owner::of_file(owner).map_or_else(|| owner.clone(), |owner| owner.to_string()),
            files: files.clone(),
        });
        others.collect()
    }

    /// Takes a file off somebody's; whether it was there.
    fn take_off(&mut self, owner: &str, digest: Digest) -> bool {
        let Some(theirs) = self.attached.get_mut(owner) else {
            return false;
        };
        let before = theirs.len();
        theirs.retain(|file| file.digest != digest);
        let was_there = theirs.len() < before;
        if theirs.is_empty() {
            self.attached.remove(owner);
        }
        was_there
    }
}

/// A page as it stands in its file. Before files could be attached to a page, only its cells did: a list. Which of the two it is
/// the first byte says; to try one after the other would read a large page at half the speed, and all others wait meanwhile.
fn parse(bytes: &[u8]) -> serde_json::Result<PageDrafts> {
    if bytes.trim_ascii_start().starts_with(b"[") {
        let cells = serde_json::from_slice(bytes)?;
        return Ok(PageDrafts {
            cells,
            ..PageDrafts::default()
        });
    }
    serde_json::from_slice(bytes)
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

    /// What is kept of it.
    pub fn read(&self) -> Result<PageDrafts, DraftError> {
        let path = self.path();
        let wrong = |why: String| DraftError::Unreadable(path.clone(), why);
        let file = match fs::File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(PageDrafts::default()),
            Err(error) => return Err(wrong(error.to_string())),
        };
        let mut bytes = Vec::new();
        let read = file.take(LARGEST + 1).read_to_end(&mut bytes);
        read.map_err(|error| wrong(error.to_string()))?;
        let mut page = parse(&bytes).map_err(|error| wrong(error.to_string()))?;
        // What was kept before may hold anything.
        page.cells.retain_mut(|draft| {
            let typed = as_typed(&draft.text);
            if typed != draft.text {
                draft.text = typed.into_owned();
            }
            !draft.text.is_empty()
        });
        Ok(page)
    }

    /// Changes cells in somebody's name. A cell into which somebody else typed since is left as it is, and told. Whatever a client
    /// says, cells hold what a line can show: who only goes over one is not to change it.
    pub fn change(&self, changes: &[DraftChange], by: &str, at: Instant) -> Result<Drafted, DraftError> {
        let mut contested = Vec::new();
        let changes: Vec<DraftChange> = changes.iter().map(DraftChange::as_typed).collect();
        let page = self.rewrite(|page| {
            let (cells, others) = changed(std::mem::take(&mut page.cells), &changes, by, at);
            page.cells = cells;
            contested = others;
            Ok(())
        })?;
        Ok(Drafted {
            drafts: page.cells,
            contested,
            gone: Vec::new(),
        })
    }

    /// Attaches files and takes some off in somebody's name, all of them or none; gives what they have attached then.
    pub fn attach(&self, changes: &[FileChange], by: &Actor) -> Result<Vec<Attachment>, DraftError> {
        let owner = Owner::of(by).file_name();
        let page = self.rewrite(|page| {
            let theirs = page.attached.remove(&owner);
            let theirs = theirs.or_else(|| page.files.remove(by.name()));
            let mut files = theirs.unwrap_or_default();
            for change in changes {
                // What went with a record of theirs meanwhile is not taken over: it would stand behind another one too.
                let is_there = match change {
                    FileChange::TakenOver { file, of } => page.take_off(of, file.digest),
                    FileChange::Attached(_) | FileChange::TakenOff(_) => true,
                };
                if is_there {
                    change.apply(&mut files);
                }
            }
            if files.len() > MOST_ATTACHMENTS {
                return Err(DraftError::TooManyFiles);
            }
            if !files.is_empty() {
                page.attached.insert(owner.clone(), files);
            }
            Ok(())
        })?;
        Ok(page.files_of(by))
    }

    /// Reads what is kept, changes it, and writes it where it has become another.
    fn rewrite(
        &self,
        change: impl FnOnce(&mut PageDrafts) -> Result<(), DraftError>,
    ) -> Result<PageDrafts, DraftError> {
        let _writing = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
        let before = self.read()?;
        let mut page = before.clone();
        change(&mut page)?;
        if page != before {
            self.write(&page)?;
        }
        Ok(page)
    }

    fn write(&self, page: &PageDrafts) -> Result<(), DraftError> {
        let path = self.path();
        if *page == PageDrafts::default() {
            RealDisk.remove(&path).map_err(FileError::at("remove", &path))?;
            return Ok(());
        }
        let directory = self.site.join(DIRECTORY);
        make_directory(&RealDisk, &directory)?;
        let room = |most| has_room(&directory, most).map_err(FileError::at("read directory", &directory));
        if !path.exists() && !room(MOST_PAGES)? {
            return Err(DraftError::TooMany);
        }
        let bytes =
            serde_json::to_vec(page).map_err(|error| DraftError::Unreadable(path.clone(), error.to_string()))?;
        replace_file(&RealDisk, &path, &bytes)?;
        Ok(())
    }
}

/// Whether fewer pages than so many have drafts. Where they are too many, those go that nobody has touched for long: what somebody
/// has attached who left is in nobody else's hands, and would keep a place for ever.
fn has_room(directory: &Path, most: usize) -> io::Result<bool> {
    let pages: Vec<PathBuf> = fs::read_dir(directory)?
        .map(|entry| Ok(entry?.path()))
        .collect::<io::Result<_>>()?;
    if pages.len() < most {
        return Ok(true);
    }
    let is_old = |path: &Path| -> io::Result<bool> {
        let age = fs::metadata(path)?.modified()?.elapsed();
        Ok(age.is_ok_and(|age| age > UNTOUCHED_FOR))
    };
    let mut left = pages.len();
    for path in pages {
        if is_old(&path)? {
            RealDisk.remove(&path)?;
            left -= 1;
        }
    }
    Ok(left < most)
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
    use crate::domain::actor::Role;
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
        assert_eq!(page.read().unwrap(), PageDrafts::default());
        let typed = page.change(
            &[change(1, None, Some("12.3")), change(2, None, Some("-"))],
            "E01",
            Instant(5),
        );
        assert_eq!(typed.unwrap().drafts.len(), 2);
        let read = page.read().unwrap().cells;
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
    fn cells_hold_what_a_line_can_show_whatever_a_client_says() {
        let site = tempfile::tempdir().unwrap();
        let page = DraftPage {
            site: site.path(),
            sheet: "rounds",
            page: SheetPage::Month(Month { year: 2025, month: 3 }),
        };
        let odd = " ' gau\u{200b}ge stuck";
        let kept = page
            .change(
                &[change(1, None, Some(odd)), change(2, None, Some("\u{feff}"))],
                "E01",
                Instant(5),
            )
            .unwrap();
        assert_eq!(kept.drafts.len(), 1, "there is nothing in the other");
        assert_eq!(kept.drafts[0].text, "' gauge stuck");
        // A colleague's terminal that only goes over it types nothing, and their name stays away from it.
        let over = change(1, Some(odd), Some("' gauge stuck"));
        let kept = page.change(&[over], "E02", Instant(6)).unwrap();
        assert_eq!((kept.drafts[0].by.as_str(), kept.contested.len()), ("E01", 0));
        // So it is with what was kept before.
        let before = format!(r#"[{{"parameter":1,"round":0,"text":"{odd}","by":"E01","at":5}}]"#);
        fs::write(page.path(), before).unwrap();
        assert_eq!(page.read().unwrap().cells, kept.drafts);
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

    fn person(staff_number: &str) -> Actor {
        Actor {
            uid: 1010,
            user: "desk".to_owned(),
            person: Some(staff_number.to_owned()),
            roles: vec![Role::Operator],
            shared: true,
        }
    }

    fn file(name: &str) -> Attachment {
        Attachment {
            name: name.to_owned(),
            bytes: 5,
            digest: Digest::of(name.as_bytes()),
        }
    }

    #[test]
    fn files_are_of_who_attached_them_and_stay_beside_the_cells() {
        let site = tempfile::tempdir().unwrap();
        let page = DraftPage {
            site: site.path(),
            sheet: "rounds",
            page: SheetPage::Month(Month { year: 2025, month: 3 }),
        };
        let attached = |name| FileChange::Attached(file(name));
        let taken_off = |name: &str| FileChange::TakenOff(file(name).digest);
        page.attach(&[attached("a.jpg"), attached("b.jpg")], &person("E01"))
            .unwrap();
        // Said twice, as over a new connection, it is there once.
        let files = page.attach(&[attached("a.jpg")], &person("E01")).unwrap();
        assert_eq!(files, [file("a.jpg"), file("b.jpg")]);
        assert_eq!(
            page.attach(&[attached("a.jpg")], &person("E02")).unwrap(),
            [file("a.jpg")]
        );
        page.change(&[change(1, None, Some("12"))], "E01", Instant(5)).unwrap();
        assert_eq!(
            page.attach(&[taken_off("a.jpg")], &person("E01")).unwrap(),
            [file("b.jpg")]
        );
        let read = page.read().unwrap();
        assert_eq!(
            (read.cells.len(), read.files_of(&person("E02"))),
            (1, vec![file("a.jpg")])
        );
        // Sent, nothing is left of it.
        page.attach(&[taken_off("b.jpg")], &person("E01")).unwrap();
        page.attach(&[taken_off("a.jpg")], &person("E02")).unwrap();
        page.change(&[change(1, None, None)], "E01", Instant(6)).unwrap();
        assert_eq!(fs::read_dir(site.path().join(DIRECTORY)).unwrap().count(), 0);
    }

    #[test]
    fn a_file_is_taken_over_once_and_is_never_behind_two() {
        let site = tempfile::tempdir().unwrap();
        let page = DraftPage {
            site: site.path(),
            sheet: "rounds",
            page: SheetPage::Month(Month { year: 2025, month: 3 }),
        };
        let [li, wang] = [person("E01"), person("E02")];
        page.attach(&[FileChange::Attached(file("a.jpg"))], &li).unwrap();
        let others = page.read().unwrap().files_of_others(&wang);
        assert_eq!((others.len(), others[0].by.as_str()), (1, "E01"));
        assert_eq!(others[0].files, [file("a.jpg")]);
        let over = FileChange::TakenOver {
            file: file("a.jpg"),
            of: others[0].owner.clone(),
        };
        assert_eq!(
            page.attach(std::slice::from_ref(&over), &wang).unwrap(),
            [file("a.jpg")]
        );
        let read = page.read().unwrap();
        assert_eq!(
            (read.files_of(&li), read.files_of_others(&wang)),
            (Vec::new(), Vec::new())
        );
        assert_eq!(read.files_of_others(&li)[0].by, "E02");
        // Said twice, as over a new connection, or of what went with a record, nothing comes of it.
        assert_eq!(
            page.attach(std::slice::from_ref(&over), &wang).unwrap(),
            [file("a.jpg")]
        );
        page.attach(&[FileChange::TakenOff(file("a.jpg").digest)], &wang)
            .unwrap();
        assert_eq!(page.attach(&[over], &wang).unwrap(), []);
    }

    #[test]
    fn too_many_files_are_refused_and_those_before_stay() {
        let site = tempfile::tempdir().unwrap();
        let page = DraftPage {
            site: site.path(),
            sheet: "rounds",
            page: SheetPage::Month(Month { year: 2025, month: 3 }),
        };
        let several = |count: usize| -> Vec<FileChange> {
            let names = (0..count).map(|number| format!("{number}.jpg"));
            names.map(|name| FileChange::Attached(file(&name))).collect()
        };
        page.attach(&several(MOST_ATTACHMENTS), &person("E01")).unwrap();
        assert!(matches!(
            page.attach(&several(MOST_ATTACHMENTS + 1), &person("E01")),
            Err(DraftError::TooManyFiles)
        ));
        assert_eq!(page.read().unwrap().files_of(&person("E01")).len(), MOST_ATTACHMENTS);
    }

    #[test]
    fn what_was_kept_before_files_could_be_attached_is_read() {
        let site = tempfile::tempdir().unwrap();
        let page = DraftPage {
            site: site.path(),
            sheet: "rounds",
            page: SheetPage::Month(Month { year: 2025, month: 3 }),
        };
        make_directory(&RealDisk, &site.path().join(DIRECTORY)).unwrap();
        let cells = r#"[{"parameter":1,"round":0,"text":"12","by":"E01","at":5}]"#;
        fs::write(page.path(), cells).unwrap();
        assert_eq!(page.read().unwrap().cells[0].text, "12");
        page.attach(&[FileChange::Attached(file("a.jpg"))], &person("E01"))
            .unwrap();
        let read = page.read().unwrap();
        assert_eq!((read.cells.len(), read.attached.len()), (1, 1));
    }

    #[test]
    fn a_login_that_reads_as_a_staff_number_has_files_of_its_own() {
        let site = tempfile::tempdir().unwrap();
        let page = DraftPage {
            site: site.path(),
            sheet: "rounds",
            page: SheetPage::Month(Month { year: 2025, month: 3 }),
        };
        let login = Actor {
            uid: 1042,
            user: "2001".to_owned(),
            person: None,
            roles: vec![Role::Operator],
            shared: false,
        };
        let attached = |name| FileChange::Attached(file(name));
        page.attach(&[attached("a.jpg")], &person("2001")).unwrap();
        assert_eq!(page.attach(&[attached("b.jpg")], &login).unwrap(), [file("b.jpg")]);
        assert_eq!(page.read().unwrap().files_of(&person("2001")), [file("a.jpg")]);
        // What was written before is of who has it first.
        let before = PageDrafts {
            files: BTreeMap::from([("2001".to_owned(), vec![file("a.jpg")])]),
            ..PageDrafts::default()
        };
        page.write(&before).unwrap();
        assert_eq!(page.read().unwrap().files_of(&person("2001")), [file("a.jpg")]);
        let both = page.attach(&[attached("b.jpg")], &person("2001")).unwrap();
        assert_eq!(both, [file("a.jpg"), file("b.jpg")]);
        assert_eq!(page.read().unwrap().files_of(&login), []);
    }

    #[test]
    fn where_pages_are_too_many_those_go_that_nobody_touched_for_a_year() {
        let site = tempfile::tempdir().unwrap();
        let touched = |name: &str, days: u64| {
            let file = fs::File::create(site.path().join(name)).unwrap();
            let age = Duration::from_secs(days * 24 * 3600);
            file.set_modified(std::time::SystemTime::now() - age).unwrap();
        };
        touched("long ago", 366);
        touched("lately", 364);
        assert!(has_room(site.path(), 3).unwrap());
        assert!(site.path().join("long ago").exists(), "there is room for it");
        assert!(has_room(site.path(), 2).unwrap());
        assert!(!site.path().join("long ago").exists());
        assert!(!has_room(site.path(), 1).unwrap());
        assert!(site.path().join("lately").exists());
    }
}
