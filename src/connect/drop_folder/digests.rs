//! The content of files that were taken, so that a repeated one is recognised.

use std::collections::HashMap;
use std::fs::{self, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use crate::domain::text::clean;

/// Files that are remembered; the oldest are forgotten when a folder is opened. A forgotten file that is repeated is
/// taken again, and its readings are duplicates.
const MOST: usize = 100_000;
/// Most bytes of the list that are read.
const LONGEST: u64 = 64 << 20;

/// The BLAKE3 of a file's content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Digest([u8; 32]);

impl Digest {
    /// From a finished hash.
    pub(super) fn of(hash: &blake3::Hash) -> Self {
        Self(*hash.as_bytes())
    }
}

/// Remembered files, kept as lines `digest name` in a file.
pub(super) struct Digests {
    path: PathBuf,
    names: HashMap<Digest, String>,
}

impl Digests {
    /// Reads the list; lines that cannot be read are passed over.
    pub(super) fn load(path: &Path) -> io::Result<Self> {
        let mut lines: Vec<(Digest, String)> = Vec::new();
        match fs::File::open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
            Ok(file) => {
                for line in BufReader::new(file.take(LONGEST)).split(b'\n') {
                    let line = line?;
                    let line = String::from_utf8_lossy(&line);
                    if let Some((digest, name)) = line.split_once(' ')
                        && let Ok(hash) = blake3::Hash::from_hex(digest)
                    {
                        lines.push((Digest::of(&hash), name.to_owned()));
                    }
                }
            }
        }
        if lines.len() > MOST {
            lines.drain(..lines.len() - MOST);
            let shorter = path.with_extension("part");
            let mut text = String::new();
            for (digest, name) in &lines {
                text.push_str(&line(*digest, name));
            }
            fs::write(&shorter, text)?;
            fs::rename(&shorter, path)?;
        }
        Ok(Self {
            path: path.to_owned(),
            names: lines.into_iter().collect(),
        })
    }

    /// The name under which a content was taken before.
    pub(super) fn get(&self, digest: &Digest) -> Option<&str> {
        self.names.get(digest).map(String::as_str)
    }

    /// Remembers a file.
    pub(super) fn remember(&mut self, digest: Digest, name: &str) -> io::Result<()> {
        if self.names.insert(digest, name.to_owned()).is_some() {
            return Ok(());
        }
        OpenOptions::new()
            .append(true)
            .create(true)
            .open(&self.path)?
            .write_all(line(digest, name).as_bytes())
    }
}

fn line(digest: Digest, name: &str) -> String {
    format!("{} {}\n", blake3::Hash::from_bytes(digest.0).to_hex(), clean(name))
}
