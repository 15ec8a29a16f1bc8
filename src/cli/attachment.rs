//! `carbonwatch attachment`, and files that `enter` and `correct` attach: to a document, the values of a round, a correction (附件).

use std::fs::OpenOptions;
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

/// Gives an attachment out, byte for byte; what was written is held against its digest at the end.
pub(super) fn attachment(arguments: &AttachmentArguments, context: &Context) -> Ending {
    let digest = Digest::parse(&arguments.digest)
        .ok_or_else(|| Failure::usage(Text::new("cli-attachment-no-digest").with("given", clean(&arguments.digest))))?;
    let mut daemon = context.daemon(&arguments.site)?;
    match &arguments.output {
        None if io::stdout().is_terminal() => Err(Failure::usage(Text::new("cli-attachment-terminal"))),
        None => give(digest, &mut daemon, Path::new("-"), &mut io::stdout().lock()),
        Some(path) => {
            let failed = |error: io::Error| Failure::file(path, &error);
            let mut file = OpenOptions::new()
                .write(true)
                .create_new(true)
                .open(path)
                .map_err(failed)?;
            give(digest, &mut daemon, path, &mut file)
        }
    }
}

fn give(digest: Digest, daemon: &mut Link, path: &Path, to: &mut impl Write) -> Ending {
    let failed = |error: io::Error| Failure::file(path, &error);
    let mut hasher = blake3::Hasher::new();
    loop {
        let at = hasher.count();
        let asked = RequestBody::Attachment { digest, at };
        let ReplyBody::AttachmentPart { of, bytes } = daemon.ask(asked)? else {
            return Err(unexpected());
        };
        if bytes.is_empty() || at >= of {
            break;
        }
        hasher.update(&bytes);
        to.write_all(&bytes).map_err(failed)?;
    }
    to.flush().map_err(failed)?;
    if Digest::of_hash(&hasher.finalize()) != digest {
        return Err(Failure::refused(Text::new("attachment-damaged").with("digest", digest)));
    }
    Ok(Outcome::Done)
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
