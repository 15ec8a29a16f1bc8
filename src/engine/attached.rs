//! Files that people attached to readings (附件), found by the record that brought those.
//!
//! They stand in the journal with the readings. An explanation of a reading names them, and the engine does not read the
//! journal: so they stand in a tree of their own too, and one look-up finds them.

use std::collections::BTreeMap;

use crate::domain::attachment::{Attachment, check_all, tidy};
use crate::domain::identity::Sequence;
use crate::domain::reading::Origin;
use crate::domain::text::Text;

use super::command::{Provenance, Refusal};
use super::history::{History, Row, Tree};
use super::{Broken, Engine, keys};

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
}
