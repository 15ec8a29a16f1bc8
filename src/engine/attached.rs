//! Files that people attached to readings (附件), found by the record that brought those.
//!
//! They stand in the journal with the readings. An explanation of a reading names them, and the engine does not read the
//! journal: so they stand in a tree of their own too, and one look-up finds them.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::attachment::{Attachment, Digest, check_all, tidy};
use crate::domain::identity::Sequence;
use crate::domain::reading::Origin;
use crate::domain::text::{Text, clean};

use super::command::{Provenance, Refusal};
use super::history::{History, Row, Tree};
use super::{Broken, Engine, keys};

/// How many of those that name a file are told; the others are counted.
const MOST_TOLD: usize = 3;

/// What names a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NamedBy {
    /// The record that brought it.
    pub record: Sequence,
    /// The number of the document behind which it stands; none where it stands behind readings.
    pub document: Option<String>,
}

impl NamedBy {
    fn text(&self) -> Text {
        match &self.document {
            Some(number) => Text::new("attachment-of-document").with("number", clean(number)),
            None => Text::new("attachment-of-record"),
        }
        .with("record", self.record)
    }
}

/// A file with all that names it (附件出处).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// What it was called where it came from, the last time.
    pub name: String,
    /// What names it.
    pub by: BTreeSet<NamedBy>,
}

impl Named {
    /// Takes in what names a file, and how it is called there.
    pub(super) fn put(&mut self, attachment: &Attachment, by: NamedBy) {
        self.name.clone_from(&attachment.name);
        self.by.insert(by);
    }

    /// A text with what the file is called, and what names it: as much as one can look at, the others by their count.
    #[must_use]
    pub fn told(&self, text: Text) -> Text {
        let also = |told: Text, next: Text| {
            Text::new("attachment-named-also")
                .with_text("told", told)
                .with_text("next", next)
        };
        let told = self.by.iter().take(MOST_TOLD).map(NamedBy::text).reduce(also);
        let rest = self.by.len().saturating_sub(MOST_TOLD);
        let rest = (rest > 0).then(|| Text::new("attachment-named-more").with_count("count", rest));
        let by = told.into_iter().chain(rest).reduce(also);
        let text = text.with("name", clean(&self.name));
        match by {
            Some(by) => text.with_text("by", by),
            None => text.with("by", ""),
        }
    }
}

/// Files by their records, as far as they are not handed over yet.
#[derive(Debug, Clone, Default)]
pub(super) struct Attached(BTreeMap<Sequence, Vec<Attachment>>);

impl Attached {
    /// As rows that differ from those that were handed over.
    pub(super) fn unsaved(&self) -> BTreeMap<Sequence, Option<Vec<Attachment>>> {
        let unsaved = self.0.iter();
        unsaved.map(|(&record, files)| (record, Some(files.clone()))).collect()
    }

    /// A record was written. Its files stay known when it is taken back: who looks at what it said looks at them too.
    pub(super) fn put(&mut self, record: Sequence, attachments: &[Attachment]) {
        if !attachments.is_empty() {
            self.0.insert(record, attachments.to_vec());
        }
    }

    /// The rows, to be handed over.
    pub(super) fn take(&mut self) -> Result<Vec<Row>, Broken> {
        let rows = std::mem::take(&mut self.0).into_iter().map(|(record, files)| {
            let bytes = rmp_serde::to_vec_named(&files).map_err(|error| Broken::Record(error.to_string()))?;
            Ok(Row {
                tree: Tree::Attached,
                key: keys::record(record),
                value: Some(bytes),
            })
        });
        rows.collect()
    }
}

/// The files of a row.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Attachment>, Broken> {
    rmp_serde::from_slice(bytes).map_err(|_| Broken::Row("what is attached to a record cannot be read"))
}

/// Where readings come from, with what is attached to them as it is kept. Refused where a machine brings them: nobody looked
/// at anything of which there could be a photo.
pub(super) fn with_attached(origin: Origin, mut provenance: Provenance) -> Result<Provenance, Refusal> {
    if origin.is_by_machine() && !provenance.attachments.is_empty() {
        return Err(Refusal::Request(Text::new("attachments-by-machine")));
    }
    tidy(&mut provenance.attachments);
    check_all(&provenance.attachments).map_err(Refusal::Request)?;
    Ok(provenance)
}

impl Engine {
    /// The files that are attached to the readings of a record.
    pub(super) fn attachments_of(&self, history: &dyn History, record: Sequence) -> Result<Vec<Attachment>, Broken> {
        if let Some(files) = self.attached.0.get(&record) {
            return Ok(files.clone());
        }
        let bytes = history.get(Tree::Attached, &keys::record(record))?;
        bytes.map_or(Ok(Vec::new()), |bytes| read(&bytes))
    }

    /// What names a file: records whose readings it stands behind, and documents that stand. Looks at all of them, since it is
    /// asked only of a file that is lost; none where nothing names it.
    pub fn naming(&self, history: &dyn History, digest: Digest) -> Result<Option<Named>, Broken> {
        let mut named = Named::default();
        let mut look_at = |files: &[Attachment], by: NamedBy| {
            if let Some(file) = files.iter().find(|file| file.digest == digest) {
                named.put(file, by);
            }
        };
        let of_record = |record| NamedBy { record, document: None };
        let mut broken = None;
        history.scan(Tree::Attached, &[], &[u8::MAX; 24], &mut |key, bytes| {
            match (keys::record_of(key), read(bytes)) {
                (Some(record), Ok(files)) => look_at(&files, of_record(record)),
                (_, Err(error)) => broken = Some(error),
                (None, _) => {}
            }
            broken.is_none()
        })?;
        if let Some(broken) = broken {
            return Err(broken);
        }
        for (&record, files) in &self.attached.0 {
            look_at(files, of_record(record));
        }
        for row in self.documents.all(history)? {
            let by = NamedBy {
                record: row.record,
                document: Some(row.document.number.clone()),
            };
            look_at(&row.document.attachments, by);
        }
        Ok(Some(named).filter(|named| !named.by.is_empty()))
    }
}
