//! What people prefer on their screens: a small file for each of them beside the state. It belongs to nobody's accounts: a
//! missing or broken one hinders nothing, and no backup has it.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::disk::{FileError, RealDisk, make_directory, replace_file};

/// Name of the directory in a site's.
pub const PREFERENCES: &str = "preferences";

/// Longest that one person's may be, in bytes.
pub const LONGEST: usize = 8 * 1024;

/// The most people whose preferences are kept; who comes later has none.
const MOST_PEOPLE: usize = 2_000;

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
    fn file(&self, site: &Path) -> PathBuf {
        let name = match self {
            Self::Person(staff_number) => {
                let bytes: Vec<String> = staff_number.bytes().map(|byte| format!("{byte:02x}")).collect();
                format!("person-{}", bytes.concat())
            }
            Self::User(uid) => format!("user-{uid}"),
        };
        site.join(PREFERENCES).join(name)
    }
}

/// What somebody prefers, as it was kept; `None` where nothing that can be read is there.
pub fn read(site: &Path, owner: &Owner) -> Option<String> {
    let file = fs::File::open(owner.file(site)).ok()?;
    let mut text = String::new();
    let most = u64::try_from(LONGEST).ok()?;
    file.take(most + 1).read_to_string(&mut text).ok()?;
    (text.len() <= LONGEST).then_some(text)
}

/// Keeps what somebody prefers, in place of what was kept before. `false` where it cannot be kept because it is too long,
/// or because too many people have some.
pub fn keep(site: &Path, owner: &Owner, text: &str) -> Result<bool, FileError> {
    // One at a time: each is written beside its place first.
    static WRITING: Mutex<()> = Mutex::new(());
    let _writing = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    let directory = site.join(PREFERENCES);
    let path = owner.file(site);
    // The name of a file has 255 bytes at most.
    let too_long = path.file_name().is_none_or(|name| name.len() > 200);
    if text.len() > LONGEST || too_long {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_has_their_own_and_a_broken_one_is_none() {
        let site = tempfile::tempdir().unwrap();
        let person = Owner::Person("../../etc/passwd".to_owned());
        let user = Owner::User(1000);
        assert_eq!(read(site.path(), &person), None);
        assert!(keep(site.path(), &person, "sort = \"tag\"").unwrap());
        assert!(keep(site.path(), &user, "sort = \"age\"").unwrap());
        assert!(keep(site.path(), &user, "sort = \"plant\"").unwrap());
        assert_eq!(read(site.path(), &person).as_deref(), Some("sort = \"tag\""));
        assert_eq!(read(site.path(), &user).as_deref(), Some("sort = \"plant\""));
        let files = fs::read_dir(site.path().join(PREFERENCES)).unwrap().count();
        assert_eq!(files, 2, "nothing lies beside them or elsewhere");
        assert!(!keep(site.path(), &user, &"x".repeat(LONGEST + 1)).unwrap());
        assert!(!keep(site.path(), &Owner::Person("厂".repeat(99)), "x").unwrap());
        fs::write(user.file(site.path()), [0xff, 0xfe]).unwrap();
        assert_eq!(read(site.path(), &user), None);
        fs::write(user.file(site.path()), "x".repeat(LONGEST + 1)).unwrap();
        assert_eq!(read(site.path(), &user), None);
    }
}
