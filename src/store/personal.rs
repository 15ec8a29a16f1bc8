//! Small private files of people beside the state: what they prefer on their screens, and the hashes of their PINs. They
//! belong to nobody's accounts: a missing or broken one hinders nothing but its owner, and no backup has it.

use std::collections::HashSet;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::disk::{Disk, FileError, RealDisk, make_directory, replace_file};

/// The most people of whom something is kept; who comes later has none.
const MOST_PEOPLE: usize = 2_000;

/// What is kept of people, in a directory of its own, a file for each.
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

/// The hashes of people's PINs. Whoever restores a site from a backup has them set anew.
pub const PINS: Personal = Personal {
    directory: "pins",
    longest: 512,
};

/// Whose they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner {
    /// A person by staff number (工号).
    Person(String),
    /// A post's user, where no person is known.
    User(u32),
}

impl Owner {
    /// A name that is one of a file whatever the staff number is made of.
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

impl Personal {
    fn file(self, site: &Path, owner: &Owner) -> PathBuf {
        site.join(self.directory).join(owner.file_name())
    }

    /// What is kept of somebody; `None` where nothing that can be read is there.
    pub fn read(self, site: &Path, owner: &Owner) -> Option<String> {
        let file = fs::File::open(self.file(site, owner)).ok()?;
        let mut text = String::new();
        let most = u64::try_from(self.longest).ok()?;
        file.take(most + 1).read_to_string(&mut text).ok()?;
        (text.len() <= self.longest).then_some(text)
    }

    /// Keeps something of somebody, in place of what was kept before. `false` where it cannot be kept because it is too
    /// long, or because too many people have some.
    pub fn keep(self, site: &Path, owner: &Owner, text: &str) -> Result<bool, FileError> {
        // One at a time: each is written beside its place first.
        static WRITING: Mutex<()> = Mutex::new(());
        let _writing = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
        let directory = site.join(self.directory);
        let path = self.file(site, owner);
        // The name of a file has 255 bytes at most.
        let too_long = path.file_name().is_none_or(|name| name.len() > 200);
        if text.len() > self.longest || too_long {
            return Ok(false);
        }
        make_directory(&RealDisk, &directory)?;
        let people = || -> io::Result<usize> { Ok(fs::read_dir(&directory)?.count()) };
        if !path.exists() && people().map_err(FileError::at("read directory", &directory))? >= MOST_PEOPLE {
            return Ok(false);
        }
        replace_file(&RealDisk, &path, text.as_bytes())?;
        Ok(true)
    }

    /// Removes what is kept of anybody else.
    pub fn keep_only(self, site: &Path, owners: &[Owner]) -> Result<(), FileError> {
        let directory = site.join(self.directory);
        let kept: HashSet<String> = owners.iter().map(Owner::file_name).collect();
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
}
