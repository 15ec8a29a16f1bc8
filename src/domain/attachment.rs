//! Attachments (附件): files that stand behind a document, as a scanned report or an invoice, or behind readings that somebody
//! wrote down, as a photo of the paper sheet. The site keeps each once, under the digest of what is in it, so that what was
//! attached cannot change without being found.

use serde::{Deserialize, Serialize};

use super::text::{Text, clean, one_line};

/// The largest file that is attached, in bytes: a scan of many pages. What is larger is not evidence but an archive.
pub const LARGEST_ATTACHMENT: u64 = 100 * 1024 * 1024;

/// The largest part in which one goes to the daemon or comes from it, in bytes: others get their turn between two of them.
pub const LARGEST_PART: usize = 512 * 1024;

/// The most files of one document, or of readings that are written down together.
pub const MOST_ATTACHMENTS: usize = 20;

/// The longest name of a file, in characters.
pub const LONGEST_FILE_NAME: usize = 200;

/// A file that stands behind a document, or behind readings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// What the file was called where it came from; without directories.
    pub name: String,
    /// How long it is.
    pub bytes: u64,
    /// BLAKE3 of what is in it.
    pub digest: Digest,
}

impl Attachment {
    /// Refused where its name is none or too long, or where it is empty or too large.
    pub fn check(&self) -> Result<(), Text> {
        let name = self.name.trim();
        if name.is_empty() || name.chars().count() > LONGEST_FILE_NAME || one_line(name) != self.name {
            return Err(Text::new("attachment-name").with_count("most", LONGEST_FILE_NAME));
        }
        check_length(&self.name, self.bytes)
    }

    /// Why it is refused beside the same file.
    pub fn twice(&self, same: &Self) -> Text {
        Text::new("attachment-twice")
            .with("name", clean(&self.name))
            .with("same", clean(&same.name))
    }

    /// What is told of it, wherever it is told.
    pub fn said(&self) -> Text {
        Text::new("document-attachment")
            .with("name", clean(&self.name))
            .with("bytes", size(self.bytes))
            .with("digest", self.digest)
    }
}

/// Refuses attachments that are too many, the same twice, or none that can be.
pub fn check_all(attachments: &[Attachment]) -> Result<(), Text> {
    if attachments.len() > MOST_ATTACHMENTS {
        return Err(Text::new("attachments-too-many").with_count("most", MOST_ATTACHMENTS));
    }
    for (place, attachment) in attachments.iter().enumerate() {
        attachment.check()?;
        let mut before = attachments.iter().take(place);
        if let Some(same) = before.find(|other| other.digest == attachment.digest) {
            return Err(attachment.twice(same));
        }
    }
    Ok(())
}

/// Makes every name the clean line as which it is kept.
pub fn tidy(attachments: &mut [Attachment]) {
    for attachment in attachments {
        attachment.name = one_line(&attachment.name);
    }
}

/// Refuses a file that is empty, or too large to be attached.
pub fn check_length(name: &str, bytes: u64) -> Result<(), Text> {
    let named = |id: &'static str| Text::new(id).with("name", one_line(name));
    match bytes {
        0 => Err(named("attachment-empty")),
        bytes if bytes > LARGEST_ATTACHMENT => Err(named("attachment-too-large")
            .with("bytes", bytes)
            .with("most", LARGEST_ATTACHMENT / (1024 * 1024))),
        _ => Ok(()),
    }
}

/// A length of a file for people: in kB from a thousand bytes on, in MB from a million.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

/// BLAKE3 of what is in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest([u8; 32]);

impl Digest {
    /// Of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }

    /// As a hash gives it.
    pub fn of_hash(hash: &blake3::Hash) -> Self {
        Self(*hash.as_bytes())
    }

    /// As it is written, 64 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let hash = blake3::Hash::from_hex(text.to_ascii_lowercase()).ok()?;
        Some(Self::of_hash(&hash))
    }
}

impl std::fmt::Display for Digest {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&blake3::Hash::from_bytes(self.0).to_hex())
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.to_string()
    }
}

impl TryFrom<String> for Digest {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("a digest has 64 hexadecimal digits")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_read_as_it_is_written() {
        let digest = Digest::of(b"scan");
        assert_eq!(Digest::parse(&digest.to_string()), Some(digest));
        assert_eq!(Digest::parse(&digest.to_string().to_uppercase()), Some(digest));
        for wrong in ["", "../../etc/passwd", "zz", &"0".repeat(63)] {
            assert_eq!(Digest::parse(wrong), None, "{wrong}");
        }
        let packed = rmp_serde::to_vec_named(&digest).unwrap();
        assert_eq!(rmp_serde::from_slice::<Digest>(&packed).unwrap(), digest);
        assert!(rmp_serde::from_slice::<Digest>(&rmp_serde::to_vec("0a").unwrap()).is_err());
    }

    #[test]
    fn what_cannot_be_attached_is_refused() {
        let attachment = |name: &str, bytes| Attachment {
            name: name.to_owned(),
            bytes,
            digest: Digest::of(b""),
        };
        let refused = |name: &str, bytes| attachment(name, bytes).check().map_err(|why| why.id.into_owned());
        assert_eq!(refused("报告.pdf", 1), Ok(()));
        assert_eq!(refused("报告.pdf", LARGEST_ATTACHMENT), Ok(()));
        assert_eq!(refused("a.pdf", 0), Err("attachment-empty".to_owned()));
        assert_eq!(refused("a.iso", 2 << 30), Err("attachment-too-large".to_owned()));
        assert_eq!(refused(" ", 1), Err("attachment-name".to_owned()));
        assert_eq!(refused("a\u{1b}[2J", 1), Err("attachment-name".to_owned()));
        assert_eq!(refused(&"a".repeat(201), 1), Err("attachment-name".to_owned()));
        let several = |count: u8| {
            let number = 0..count;
            let files = number.map(|number| Attachment {
                digest: Digest::of(&[number]),
                ..attachment("a.jpg", 1)
            });
            files.collect::<Vec<_>>()
        };
        let refused = |files: &[Attachment]| check_all(files).map_err(|why| why.id.into_owned());
        assert_eq!(refused(&several(20)), Ok(()));
        assert_eq!(refused(&several(21)), Err("attachments-too-many".to_owned()));
        let twice = [several(1), several(1)].concat();
        assert_eq!(refused(&twice), Err("attachment-twice".to_owned()));
        assert_eq!(refused(&[attachment("", 1)]), Err("attachment-name".to_owned()));
        let mut untidy = [attachment(" a\u{1b}[2J\n.jpg ", 1)];
        tidy(&mut untidy);
        assert_eq!(refused(&untidy), Ok(()));
    }
}
