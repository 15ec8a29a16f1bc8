//! Copying files so that the copy is private, synced, and its digest known.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::Read;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::BackupError;
use super::manifest::BackedUp;
use crate::store::attachments::is_unfinished;
use crate::store::disk::{Disk, FileError};
use crate::store::journal::chain::ChainHash;

const COPY: usize = 1 << 20;
/// Nobody else reads a copy of a site: what the daemon keeps to itself is in it.
const DIRECTORY_MODE: u32 = 0o700;
const FILE_MODE: u32 = 0o600;

pub(super) struct Copying<'a> {
    pub(super) target: &'a Path,
    pub(super) disk: &'a dyn Disk,
    pub(super) files: Vec<BackedUp>,
    pub(super) left_out: Vec<PathBuf>,
    pub(super) progress: &'a mut dyn FnMut(u64),
    pub(super) copied: u64,
}

impl Copying<'_> {
    /// Copies a file and syncs the copy.
    pub(super) fn file(&mut self, from: &Path, to: &str) -> Result<(), FileError> {
        let source = File::open(from).map_err(FileError::at("open", from))?;
        self.opened(source, from, to, None)
    }

    /// Copies an open file, or its first `limit` bytes, and syncs the copy.
    pub(super) fn opened(&mut self, source: File, from: &Path, to: &str, limit: Option<u64>) -> Result<(), FileError> {
        let target = self.target.join(to);
        let mut source = source.take(limit.unwrap_or(u64::MAX));
        let copy = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(FILE_MODE)
            .open(&target)
            .map_err(FileError::at("create", &target))?;
        let mut digest = blake3::Hasher::new();
        let mut bytes = 0;
        let mut buffer = Vec::with_capacity(COPY);
        loop {
            buffer.clear();
            (&mut source)
                .take(COPY as u64)
                .read_to_end(&mut buffer)
                .map_err(FileError::at("read", from))?;
            if buffer.is_empty() {
                break;
            }
            digest.update(&buffer);
            self.disk
                .write_at(&target, &copy, &buffer, bytes)
                .map_err(FileError::at("write", &target))?;
            bytes += buffer.len() as u64;
            self.copied += buffer.len() as u64;
            (self.progress)(self.copied);
        }
        self.disk.sync(&target, &copy).map_err(FileError::at("sync", &target))?;
        self.files.push(BackedUp {
            path: to.to_owned(),
            bytes,
            blake3: ChainHash(*digest.finalize().as_bytes()),
        });
        Ok(())
    }

    /// Copies a file or a directory with all that is in it.
    pub(super) fn tree(&mut self, from: &Path, to: &str) -> Result<(), FileError> {
        let kind = match std::fs::symlink_metadata(from) {
            Ok(metadata) => metadata.file_type(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(FileError::at("look at", from)(error)),
        };
        if kind.is_file() {
            return self.file(from, to);
        }
        if !kind.is_dir() {
            self.left_out.push(from.to_owned());
            return Ok(());
        }
        self.directory(to)?;
        let mut entries = Vec::new();
        for entry in std::fs::read_dir(from).map_err(FileError::at("read directory", from))? {
            entries.push(entry.map_err(FileError::at("read directory", from))?.path());
        }
        entries.sort();
        // A file that is still being attached is none yet, and may have another name before it is reached.
        entries.retain(|path| !is_unfinished(path));
        for path in entries {
            match path.file_name().and_then(|name| name.to_str()) {
                Some(name) => self.tree(&path, &format!("{to}/{name}"))?,
                None => self.left_out.push(path),
            }
        }
        self.sync_directory(to)
    }

    pub(super) fn directory(&self, name: &str) -> Result<(), FileError> {
        let directory = self.target.join(name);
        make_private(&directory)
    }

    pub(super) fn sync_directory(&self, name: &str) -> Result<(), FileError> {
        let directory = self.target.join(name);
        self.disk
            .sync_directory(&directory)
            .map_err(FileError::at("sync directory", &directory))
    }
}

/// Makes a directory, and those above it, that only its owner looks into.
pub(super) fn make_private(directory: &Path) -> Result<(), FileError> {
    let mut builder = DirBuilder::new();
    builder.recursive(true).mode(DIRECTORY_MODE);
    builder
        .create(directory)
        .map_err(FileError::at("create directory", directory))
}

pub(super) fn refuse_unless_empty(target: &Path) -> Result<(), BackupError> {
    match std::fs::read_dir(target) {
        Ok(mut entries) => match entries.next() {
            None => Ok(()),
            Some(_) => Err(BackupError::NotEmpty(target.to_owned())),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(FileError::at("read directory", target)(error).into()),
    }
}

pub(super) fn digest_of(path: &Path) -> Result<(u64, ChainHash), FileError> {
    let file = File::open(path).map_err(FileError::at("open", path))?;
    let mut digest = blake3::Hasher::new();
    digest.update_reader(file).map_err(FileError::at("read", path))?;
    Ok((digest.count(), ChainHash(*digest.finalize().as_bytes())))
}
