//! What stands behind a reading: the report, the invoice, the batch that it tested; the photo of the sheet on which it was
//! written.

use crate::domain::attachment::Attachment;
use crate::domain::document::{Document, DocumentBody};
use crate::domain::identity::ParameterId;
use crate::domain::reading::Version;
use crate::domain::text::{Explained, Text, clean};
use crate::engine::documents::{document_name, document_part};
use crate::engine::history::History;
use crate::engine::view::{Part, Target};
use crate::engine::{Broken, Engine};

use super::joined;
use super::reading::origin_of;

impl Engine {
    /// The document from which a version of a reading came, where it stands.
    pub(in crate::engine) fn document_behind(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        version: &Version,
    ) -> Result<Option<Document>, Broken> {
        let documents = self.documents_of(history, version.sequence)?;
        // Of several in one record that speak of one batch, the last one counts.
        Ok(documents
            .into_iter()
            .rfind(|document| document.brought(parameter, version.slot)))
    }

    /// By which way a version came, by which record, and on which document it stands.
    pub(super) fn origin_with_document(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        version: &Version,
    ) -> Result<Text, Broken> {
        let mut said = vec![origin_of(version)];
        said.extend(self.second_person_said(history, parameter, version)?);
        if let Some(document) = self.document_behind(history, parameter, version)? {
            said.push(document_name(&document));
            let batch = document.batch();
            said.extend(batch.map(|batch| Text::new("document-batch").with("words", clean(batch))));
        }
        Ok(joined(said))
    }

    /// The document of a version, with what it says and as it was given; and the batch that it tested.
    pub(super) fn document_parts(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        version: &Version,
    ) -> Result<Vec<Part>, Broken> {
        let Some(document) = self.document_behind(history, parameter, version)? else {
            return Ok(Vec::new());
        };
        let model = self.model();
        let form = model.and_then(|model| model.form(&document.form));
        let known = model.and_then(|model| model.parameter(parameter));
        let given = document.values().iter().find(|given| given.parameter == parameter);
        let mut said = document.said();
        if let (Some(form), Some(known)) = (form, known)
            && form.is_on_basis(known)
            && let Some(basis) = form.basis
        {
            said.push(Text::new("document-counts-on").with_text("basis", basis.text()));
        }
        let mut parts = vec![Part {
            label: document_name(&document),
            value: given.map(|given| given.value.normalize().to_string()),
            unit: known.map(|known| known.unit.symbol().to_owned()),
            numbers: None,
            remark: Text::joined(said),
            target: Some(Target::Record {
                sequence: version.sequence,
            }),
        }];
        if let DocumentBody::Laboratory { batch, .. } = &document.body
            && let Some(batches) = form.and_then(|form| form.batches.as_deref())
            && let Some(row) = self.document(history, batches, batch)?
        {
            parts.push(Part {
                target: Some(Target::Record { sequence: row.record }),
                ..document_part(&row.document, model.map(|model| &**model))
            });
        }
        Ok(parts)
    }

    /// The files that are attached to the readings with which a version came.
    pub(super) fn attachment_parts(&self, history: &dyn History, version: &Version) -> Result<Vec<Part>, Broken> {
        // To what machines bring nothing is attached.
        if version.origin.is_by_machine() {
            return Ok(Vec::new());
        }
        let attached = self.attachments_of(history, version.sequence)?;
        let part = |attachment: &Attachment| Part {
            label: attachment.said(),
            value: None,
            unit: None,
            numbers: None,
            remark: None,
            target: Some(Target::Record {
                sequence: version.sequence,
            }),
        };
        Ok(attached.iter().map(part).collect())
    }
}
