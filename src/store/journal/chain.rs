//! The hash chain (链式摘要) through all records: it covers what a record says, not how it was packed, so that packing may
//! change.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

use crate::domain::identity::Sequence;
use crate::domain::time::Instant;

/// A link of the hash chain (链式摘要): BLAKE3 over everything up to and with a record.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ChainHash(pub [u8; 32]);

impl ChainHash {
    /// What stands before the first record.
    pub const ZERO: Self = Self([0; 32]);
}

impl fmt::Display for ChainHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl fmt::Debug for ChainHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// A text that is not 64 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("a digest is 64 hexadecimal digits")]
pub struct HashTextError;

impl FromStr for ChainHash {
    type Err = HashTextError;

    fn from_str(text: &str) -> Result<Self, HashTextError> {
        let hash = blake3::Hash::from_hex(text.trim()).map_err(|_| HashTextError)?;
        Ok(Self(*hash.as_bytes()))
    }
}

impl TryFrom<String> for ChainHash {
    type Error = HashTextError;

    fn try_from(text: String) -> Result<Self, HashTextError> {
        text.parse()
    }
}

impl From<ChainHash> for String {
    fn from(hash: ChainHash) -> Self {
        hash.to_string()
    }
}

/// What a link of the chain covers besides the payload and the link before.
pub(super) struct Link {
    pub(super) site: Uuid,
    pub(super) epoch: u32,
    pub(super) sequence: Sequence,
    pub(super) kind: u16,
    pub(super) version: u16,
    pub(super) at: Instant,
}

impl Link {
    pub(super) fn hash(&self, payload: &[u8], previous: ChainHash) -> ChainHash {
        self.hash_of(payload.len(), blake3::hash(payload).as_bytes(), previous)
    }

    /// The link of a payload that is known by its length and its BLAKE3 digest only.
    pub(super) fn hash_of(&self, length: usize, digest: &[u8; 32], previous: ChainHash) -> ChainHash {
        let mut hasher = blake3::Hasher::new();
        hasher.update(b"carbonwatch journal 1");
        hasher.update(self.site.as_bytes());
        hasher.update(&self.epoch.to_le_bytes());
        hasher.update(&self.sequence.0.to_le_bytes());
        hasher.update(&self.kind.to_le_bytes());
        hasher.update(&self.version.to_le_bytes());
        hasher.update(&self.at.0.to_le_bytes());
        hasher.update(&(length as u64).to_le_bytes());
        hasher.update(digest);
        hasher.update(&previous.0);
        ChainHash(*hasher.finalize().as_bytes())
    }
}
