//! Small private files of people beside the state: what they prefer on their screens, and the hashes of their PINs. They
//! belong to nobody's accounts: a missing or broken one hinders nothing but its owner, and no backup has it.

use std::collections::HashSet;
use std::fmt;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::domain::actor::Actor;
use crate::domain::text::clean;

use super::disk::{Disk, FileError, RealDisk, make_directory, replace_file};

/// The most files of one kind that are kept; who comes later has none.
const MOST_FILES: usize = 2_000;

/// So many hexadecimal digits tell forms apart: with a whole digest beside a long staff number the name would be too long.
const FORM_DIGITS: usize = 32;

/// What is kept of people, in a directory of its own, a file for each of them, or for each form of theirs.
#[derive(Debug, Clone, Copy)]
pub struct Personal {
    /// Name of the directory in a site's.
    directory: &'static str,
    /// Longest that one person's may be, in bytes.
    pub longest: usize,
}

/// What people prefer on their screens.
pub const PREFERENCES: Personal = Personal {
    directory: "preferences",
    longest: 8 * 1024,
};

/// Forms that people have filled and not filed. No figure rests on them.
pub const FORM_DRAFTS: Personal = Personal {
    directory: "form-drafts",
    longest: 64 * 1024,
};

/// Blocks of documents that people have brought into a form and not filed, one for each form. No figure rests on them.
pub const FORM_BLOCKS: Personal = Personal {
    directory: "form-blocks",
    longest: 1024 * 1024,
};

/// The hashes of people's PINs. Whoever restores a site from a backup has them set anew.
pub const PINS: Personal = Personal {
    directory: "pins",
    longest: 512,
};

/// One at a time: each is written beside its place first.
static WRITING: Mutex<()> = Mutex::new(());

/// Whose they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner {
    /// A person by staff number (工号).
    Person(String),
    /// A post's user, where no person is known.
    User(u32),
}

impl Owner {
    /// Whose what somebody keeps is: theirs at whatever post, or that of the post's user where no person is known.
    pub fn of(actor: &Actor) -> Self {
        match &actor.person {
            Some(staff_number) => Self::Person(staff_number.clone()),
            None => Self::User(actor.uid),
        }
    }
}

impl Owner {
    /// Whose a file's name says that it is.
    pub fn of_file(name: &str) -> Option<Self> {
        if let Some(uid) = name.strip_prefix("user-") {
            return uid.parse().ok().map(Self::User);
        }
        let digits = name.strip_prefix("person-")?.as_bytes();
        let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
        let bytes: Option<Vec<u8>> = digits.chunks(2).map(byte).collect();
        String::from_utf8(bytes?).ok().map(Self::Person)
    }
}

impl fmt::Display for Owner {
    /// For people.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(staff_number) => formatter.write_str(&clean(staff_number)),
            Self::User(uid) => write!(formatter, "uid {uid}"),
        }
    }
}

/// What of somebody's is kept in a file of its own.
pub trait Theirs {
    /// A name that is one of a file, whatever they and it are called.
    fn file_name(&self) -> String;
}

impl Theirs for Owner {
    fn file_name(&self) -> String {
        match self {
            Self::Person(staff_number) => {
                let bytes: Vec<String> = staff_number.bytes().map(|byte| format!("{byte:02x}")).collect();
                format!("person-{}", bytes.concat())
            }
            Self::User(uid) => format!("user-{uid}"),
        }
    }
}

/// What somebody has of one form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfForm {
    /// Whose it is.
    pub owner: Owner,
    /// Key of the form.
    pub form: String,
}

impl Theirs for OfForm {
    fn file_name(&self) -> String {
        let form = blake3::hash(self.form.as_bytes()).to_hex();
        format!(
            "{}-{}",
            self.owner.file_name(),
            form.get(..FORM_DIGITS).unwrap_or_default()
        )
    }
}

impl Personal {
    fn file(self, site: &Path, of: &impl Theirs) -> PathBuf {
        site.join(self.directory).join(of.file_name())
    }

    /// What is kept of somebody; `None` where nothing that can be read is there.
    pub fn read(self, site: &Path, of: &impl Theirs) -> Option<String> {
        let file = fs::File::open(self.file(site, of)).ok()?;
        let mut text = String::new();
        let most = u64::try_from(self.longest).ok()?;
        file.take(most + 1).read_to_string(&mut text).ok()?;
        (text.len() <= self.longest).then_some(text)
    }

    /// Keeps something of somebody, in place of what was kept before. `false` where it cannot be kept because it is too
    /// long, or because too many people have some.
    pub fn keep(self, site: &Path, of: &impl Theirs, text: &str) -> Result<bool, FileError> {
        let _writing = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
        let directory = site.join(self.directory);
        let path = self.file(site, of);
        // The name of a file has 255 bytes at most.
        let too_long = path.file_name().is_none_or(|name| name.len() > 200);
        if text.len() > self.longest || too_long {
            return Ok(false);
        }
        make_directory(&RealDisk, &directory)?;
        let people = || -> io::Result<usize> { Ok(fs::read_dir(&directory)?.count()) };
        if !path.exists() && people().map_err(FileError::at("read directory", &directory))? >= MOST_FILES {
            return Ok(false);
        }
        replace_file(&RealDisk, &path, text.as_bytes())?;
        Ok(true)
    }

    /// Keeps nothing of somebody any more.
    pub fn forget(self, site: &Path, of: &impl Theirs) -> Result<(), FileError> {
        let _writing = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
        let path = self.file(site, of);
        if path.exists() {
            RealDisk.remove(&path).map_err(FileError::at("remove", &path))?;
        }
        Ok(())
    }

    /// Removes what is kept of anybody else.
    pub fn keep_only(self, site: &Path, owners: &[Owner]) -> Result<(), FileError> {
        let directory = site.join(self.directory);
        let kept: HashSet<String> = owners.iter().map(Theirs::file_name).collect();
        let entries = match fs::read_dir(&directory) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(FileError::at("read directory", &directory)(error)),
        };
        for entry in entries {
            let entry = entry.map_err(FileError::at("read directory", &directory))?;
            if entry.file_name().to_str().is_none_or(|name| !kept.contains(name)) {
                let path = entry.path();
                RealDisk.remove(&path).map_err(FileError::at("remove", &path))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_has_their_own_and_a_broken_one_is_none() {
        let site = tempfile::tempdir().unwrap();
        let person = Owner::Person("../../etc/passwd".to_owned());
        let user = Owner::User(1000);
        assert_eq!(PREFERENCES.read(site.path(), &person), None);
        assert!(PREFERENCES.keep(site.path(), &person, "sort = \"tag\"").unwrap());
        assert!(PREFERENCES.keep(site.path(), &user, "sort = \"age\"").unwrap());
        assert!(PREFERENCES.keep(site.path(), &user, "sort = \"plant\"").unwrap());
        assert_eq!(
            PREFERENCES.read(site.path(), &person).as_deref(),
            Some("sort = \"tag\"")
        );
        assert_eq!(
            PREFERENCES.read(site.path(), &user).as_deref(),
            Some("sort = \"plant\"")
        );
        assert_eq!(PINS.read(site.path(), &user), None);
        let files = fs::read_dir(site.path().join(PREFERENCES.directory)).unwrap().count();
        assert_eq!(files, 2, "nothing lies beside them or elsewhere");
        assert!(
            !PREFERENCES
                .keep(site.path(), &user, &"x".repeat(PREFERENCES.longest + 1))
                .unwrap()
        );
        assert!(
            !PREFERENCES
                .keep(site.path(), &Owner::Person("厂".repeat(99)), "x")
                .unwrap()
        );
        fs::write(PREFERENCES.file(site.path(), &user), [0xff, 0xfe]).unwrap();
        assert_eq!(PREFERENCES.read(site.path(), &user), None);
        fs::write(
            PREFERENCES.file(site.path(), &user),
            "x".repeat(PREFERENCES.longest + 1),
        )
        .unwrap();
        assert_eq!(PREFERENCES.read(site.path(), &user), None);
    }

    #[test]
    fn everybody_has_a_block_of_each_form_until_it_is_filed() {
        let site = tempfile::tempdir().unwrap();
        let of = |staff_number: &str, form: &str| OfForm {
            owner: Owner::Person(staff_number.to_owned()),
            form: form.to_owned(),
        };
        for (staff_number, form) in [("2001", "../reports"), ("2001", "batches"), ("2002", "../reports")] {
            let text = format!("{staff_number} {form}");
            assert!(FORM_BLOCKS.keep(site.path(), &of(staff_number, form), &text).unwrap());
        }
        let read = |staff_number, form| FORM_BLOCKS.read(site.path(), &of(staff_number, form));
        assert_eq!(read("2001", "../reports").as_deref(), Some("2001 ../reports"));
        FORM_BLOCKS.forget(site.path(), &of("2001", "../reports")).unwrap();
        FORM_BLOCKS.forget(site.path(), &of("2001", "../reports")).unwrap();
        assert_eq!(read("2001", "../reports"), None);
        assert_eq!(read("2001", "batches").as_deref(), Some("2001 batches"));
        assert_eq!(read("2002", "../reports").as_deref(), Some("2002 ../reports"));
        let too_long = "x".repeat(FORM_BLOCKS.longest + 1);
        assert!(
            !FORM_BLOCKS
                .keep(site.path(), &of("2001", "batches"), &too_long)
                .unwrap()
        );
        assert_eq!(read("2001", "batches").as_deref(), Some("2001 batches"));
    }
}
