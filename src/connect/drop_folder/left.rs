//! What lies in a site's drop folders and was not dealt with (未处理的投递文件).

use std::fs::{self, Metadata};
use std::io;
use std::path::Path;

use super::error::DropError;
use super::finished::markers;
use super::shown;

/// Files that lie in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftFiles {
    /// The folder's name, cleaned for showing; of the directory of all drop folders itself nothing.
    pub folder: String,
    /// How many they are.
    pub files: usize,
}

/// The files in the drop folders under a directory, and in that itself, where nobody takes them: whether finished or still
/// being written, and whether or not there is a mapping for their folder. Hidden files, markers, links and directories are
/// none, as for [`super::DropFolder::scan`].
///
/// A file stays where it is until everything in it was acknowledged, so that one that is just being taken is told too.
pub fn left_files(drop: &Path) -> Result<Vec<LeftFiles>, DropError> {
    let error = |path: &Path, error| DropError::Folder {
        path: path.to_owned(),
        error,
    };
    let mut found = Vec::new();
    let entries = match fs::read_dir(drop) {
        Err(missing) if missing.kind() == io::ErrorKind::NotFound => return Ok(found),
        other => other.map_err(|reason| error(drop, reason))?,
    };
    let files = files_in(drop).map_err(|reason| error(drop, reason))?;
    found.push(LeftFiles {
        folder: String::new(),
        files,
    });
    for entry in entries {
        let entry = entry.map_err(|reason| error(drop, reason))?;
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let name = entry.file_name();
        if is_folder && !name.as_encoded_bytes().starts_with(b".") {
            let files = files_in(&entry.path()).map_err(|reason| error(&entry.path(), reason))?;
            found.push(LeftFiles {
                folder: shown(&name),
                files,
            });
        }
    }
    found.retain(|left| left.files > 0);
    found.sort_by(|one, other| one.folder.cmp(&other.folder));
    Ok(found)
}

fn files_in(folder: &Path) -> io::Result<usize> {
    let mut present = std::collections::BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        // One that is gone by now was dealt with.
        let metadata = fs::symlink_metadata(entry.path()).ok().filter(Metadata::is_file);
        if let Some(metadata) = metadata.filter(|_| !name.as_encoded_bytes().starts_with(b".")) {
            present.insert(name, metadata);
        }
    }
    Ok(present.len() - markers(&present).len())
}
