//! `carbonwatch attachment`, and files that `enter` and `correct` attach: to a document, the values of a round, a correction (附件).

use std::cell::Cell;
use std::fs::{self, OpenOptions};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use super::context::{Context, Ending, Link, unexpected};
use super::failure::{Failure, Outcome};
use crate::connect::upload::Upload;
use crate::domain::attachment::{Attachment, Digest, check_all};
use crate::domain::text::{Explained, Text, clean};
use crate::wire::message::{ReplyBody, RequestBody};

/// Arguments of `carbonwatch attachment`.
#[derive(Debug, Clone, clap::Args)]
pub struct AttachmentArguments {
    /// The site's directory
    pub site: PathBuf,
    /// Digest of the attachment, as documents name it
    pub digest: String,
    /// Write it into a new file, instead of to standard output
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// Gives an attachment out, byte for byte, once all of it was held against its digest.
pub(super) fn attachment(arguments: &AttachmentArguments, context: &Context) -> Ending {
    let digest = Digest::parse(&arguments.digest)
        .ok_or_else(|| Failure::usage(Text::new("cli-attachment-no-digest").with("given", clean(&arguments.digest))))?;
    let mut daemon = context.daemon(&arguments.site)?;
    let mut part = |at| match daemon.ask(RequestBody::Attachment { digest, at })? {
        ReplyBody::AttachmentPart { of, bytes } => Ok((of, bytes.to_vec())),
        _ => Err(unexpected()),
    };
    match &arguments.output {
        None if io::stdout().is_terminal() => Err(Failure::usage(Text::new("cli-attachment-terminal"))),
        None => give(digest, &mut part, Path::new("-"), || Ok(io::stdout().lock())),
        Some(path) => {
            let is_made = Cell::new(false);
            let make = || {
                let made = OpenOptions::new().write(true).create_new(true).open(path);
                is_made.set(made.is_ok());
                made
            };
            let given = give(digest, &mut part, path, make);
            // What stood there before is not ours to take away.
            if given.is_err() && is_made.get() {
                // Half of it would be taken for the whole; where it cannot go, the failure says that it is none.
                let _ = fs::remove_file(path);
            }
            given
        }
    }
}

/// Gives out what is what its digest says. It is read twice, first for its digest alone: whoever gets it takes what comes for
/// the file, and a byte that went out cannot be called back.
fn give<W: Write>(
    digest: Digest,
    part: &mut impl FnMut(u64) -> Result<(u64, Vec<u8>), Failure>,
    path: &Path,
    make: impl FnOnce() -> io::Result<W>,
) -> Ending {
    let failed = |error: io::Error| Failure::file(path, &error);
    let whole = |found| {
        let damaged = || Failure::refused(Text::new("attachment-damaged").with("digest", digest));
        (found == digest).then_some(()).ok_or_else(damaged)
    };
    whole(read_through(part, |_| Ok(()))?)?;
    let mut to = make().map_err(failed)?;
    let found = read_through(part, |bytes| to.write_all(bytes).map_err(failed))?;
    to.flush().map_err(failed)?;
    whole(found)?;
    Ok(Outcome::Done)
}

/// Reads an attachment part by part; its digest.
fn read_through(
    part: &mut impl FnMut(u64) -> Result<(u64, Vec<u8>), Failure>,
    mut take: impl FnMut(&[u8]) -> Result<(), Failure>,
) -> Result<Digest, Failure> {
    let mut hasher = blake3::Hasher::new();
    loop {
        let at = hasher.count();
        let (of, bytes) = part(at)?;
        if bytes.is_empty() || at >= of {
            return Ok(Digest::of_hash(&hasher.finalize()));
        }
        hasher.update(&bytes);
        take(&bytes)?;
    }
}

/// The files that are to be attached, each looked at and all of them together, as what they will be; nothing has gone yet.
pub(super) fn opened(paths: &[PathBuf]) -> Result<(Vec<Upload>, Vec<Attachment>), Failure> {
    let open = |path: &PathBuf| Upload::open(path).map_err(|error| Failure::usage(error.text()));
    let uploads = paths.iter().map(open).collect::<Result<Vec<_>, _>>()?;
    let attachments: Vec<Attachment> = uploads.iter().map(|upload| upload.attachment.clone()).collect();
    check_all(&attachments).map_err(Failure::usage)?;
    Ok((uploads, attachments))
}

/// Takes files into the site, so that what is written down can name them.
pub(super) fn send(uploads: Vec<Upload>, daemon: &mut Link) -> Result<(), Failure> {
    for mut upload in uploads {
        let mut at = 0;
        let mut bytes = Vec::new();
        while at < upload.attachment.bytes {
            let asked = RequestBody::Attach {
                digest: upload.attachment.digest,
                of: upload.attachment.bytes,
                at,
                bytes: bytes.into(),
            };
            let ReplyBody::Attached { have } = daemon.ask(asked)? else {
                return Err(unexpected());
            };
            at = have;
            bytes = upload.part(at).map_err(|error| Failure::usage(error.text()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives out what is read as `first`, and the second time as `then`; what went out.
    fn given(digest: Digest, first: &[u8], then: &[u8]) -> (Ending, Vec<u8>) {
        let mut begun = 0;
        let mut part = |at: u64| {
            begun += usize::from(at == 0);
            let whole = if begun == 1 { first } else { then };
            let from = usize::try_from(at).unwrap().min(whole.len());
            let bytes = whole[from..].iter().take(3).copied().collect();
            Ok((whole.len() as u64, bytes))
        };
        let mut out = Vec::new();
        let ending = give(digest, &mut part, Path::new("-"), || Ok(&mut out));
        (ending, out)
    }

    #[test]
    fn no_byte_goes_out_of_what_is_not_what_its_digest_says() {
        let digest = Digest::of(b"a scan");
        assert_eq!(
            given(digest, b"a scan", b"a scan"),
            (Ok(Outcome::Done), b"a scan".to_vec())
        );
        for tampered in [&b"a scam"[..], b"a scan and more", b""] {
            let (ending, out) = given(digest, tampered, tampered);
            assert_eq!(ending.unwrap_err().text.id, "attachment-damaged");
            assert_eq!(out, b"");
        }
        // What is written over while it is given out is found all the same.
        let (ending, _) = given(digest, b"a scan", b"a scam");
        assert_eq!(ending.unwrap_err().text.id, "attachment-damaged");
    }
}
