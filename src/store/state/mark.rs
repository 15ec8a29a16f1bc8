//! The mark (检查点标记): the last checkpoint's sequence in a file of its own, by which a state that went back in time is
//! noticed.

use std::path::Path;

use crate::domain::identity::Sequence;
use crate::store::disk::{Disk, FileError, replace_file};
use crate::store::fields::Fields;

/// Name of the file that holds the last checkpoint's sequence.
const MARK: &str = "applied";

pub(super) fn write_mark(directory: &Path, applied: Sequence, disk: &dyn Disk) -> Result<(), FileError> {
    let mut bytes = applied.0.to_le_bytes().to_vec();
    bytes.extend_from_slice(&crc32c::crc32c(&applied.0.to_le_bytes()).to_le_bytes());
    replace_file(disk, &directory.join(MARK), &bytes)
}

/// The mark; 0 where there is none. A mark that cannot be read is as good as none: the sums still tell.
pub(in crate::store) fn read_mark(directory: &Path) -> Result<Sequence, FileError> {
    let path = directory.join(MARK);
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Sequence(0)),
        Err(error) => return Err(FileError::at("read", &path)(error)),
    };
    let mut fields = Fields(&bytes);
    Ok(match (fields.u64(), fields.u32()) {
        (Some(applied), Some(checksum)) if crc32c::crc32c(&applied.to_le_bytes()) == checksum => Sequence(applied),
        _ => Sequence(0),
    })
}
