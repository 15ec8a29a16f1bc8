//! The content of files that were taken, and the mapping by which they were read, so that a repeated one is recognised.

use std::collections::HashMap;
use std::fs::{self, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::no_link;
use crate::connect::mapping::Mapping;
use crate::domain::text::clean;

/// Files that are remembered; the oldest are forgotten when a folder is opened. A forgotten file that is repeated is
/// taken again, and its readings are duplicates.
const MOST: usize = 100_000;
/// Most bytes of the list that are read.
const LONGEST: u64 = 64 << 20;

/// The BLAKE3 of a file's content and of the mapping by which it is read: by another mapping the same content says
/// something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Digest([u8; 32]);

impl Digest {
    /// Of a content, read by a mapping in an epoch of the site: a restored site may not have what was read before.
    pub(super) fn of(content: &blake3::Hash, mapping: &Mapping, epoch: u32) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(content.as_bytes());
        hasher.update(&mapping.digest);
        // The first epoch is that of every list from before epochs were told apart.
        if epoch > 1 {
            hasher.update(&epoch.to_le_bytes());
        }
        Self(*hasher.finalize().as_bytes())
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
        match OpenOptions::new().read(true).custom_flags(no_link()).open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
            Ok(file) => {
                for line in BufReader::new(file.take(LONGEST)).split(b'\n') {
                    let line = line?;
                    let line = String::from_utf8_lossy(&line);
                    if let Some((digest, name)) = line.split_once(' ')
                        && let Ok(hash) = blake3::Hash::from_hex(digest)
                    {
                        lines.push((Digest(*hash.as_bytes()), name.to_owned()));
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
            // What an interrupted run left; never written through.
            match fs::remove_file(&shorter) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
            let mut file = OpenOptions::new().write(true).create_new(true).open(&shorter)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
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
            .custom_flags(no_link())
            .open(&self.path)?
            .write_all(line(digest, name).as_bytes())
    }
}

fn line(digest: Digest, name: &str) -> String {
    format!("{} {}\n", blake3::Hash::from_bytes(digest.0).to_hex(), clean(name))
}
