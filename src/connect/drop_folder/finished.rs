//! Which names say that a file is finished, or that it is not yet.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Endings of names under which programs write what is not finished.
const UNFINISHED: [&str; 8] = [
    ".part",
    ".partial",
    ".tmp",
    ".temp",
    ".filepart",
    ".crdownload",
    ".swp",
    "~",
];
/// Endings of markers that say that a file is finished.
const MARKERS: [&str; 2] = ["ok", "done"];

/// Whether a name says that its file is still being written.
pub(super) fn is_unfinished(name: &OsStr) -> bool {
    let lower = name.to_string_lossy().to_lowercase();
    UNFINISHED.iter().any(|ending| lower.ends_with(ending))
}

/// The markers among the files. One without content whose file has not come yet is a marker too.
pub(super) fn markers(present: &BTreeMap<OsString, Metadata>) -> BTreeSet<OsString> {
    let of_files = present.keys().filter_map(|name| marker_of(name, present));
    let alone = present
        .iter()
        .filter(|(name, metadata)| {
            let extension = Path::new(name).extension();
            metadata.size() == 0 && MARKERS.iter().any(|ending| extension == Some(OsStr::new(ending)))
        })
        .map(|(name, _)| name.clone());
    of_files.chain(alone).collect()
}

/// The marker of a file, if it is there.
pub(super) fn marker_of(name: &OsStr, present: &BTreeMap<OsString, Metadata>) -> Option<OsString> {
    marker_names(name).find(|marker| marker != name && present.contains_key(marker))
}

/// The names that a marker of a file may have: `export.csv.ok`, `export.ok`.
pub(super) fn marker_names(name: &OsStr) -> impl Iterator<Item = OsString> {
    let stem = Path::new(name).file_stem().unwrap_or_default().to_owned();
    [name.to_owned(), stem].into_iter().flat_map(|base| {
        MARKERS.map(|ending| {
            let mut marker = base.clone();
            marker.push(".");
            marker.push(ending);
            marker
        })
    })
}
