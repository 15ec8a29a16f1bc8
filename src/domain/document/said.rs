//! What a document says, in words.

use rust_decimal::Decimal;

use super::{Document, DocumentBody};
use crate::domain::attachment::Attachment;
use crate::domain::model::SiteModel;
use crate::domain::text::{Explained, Text, clean};

impl Document {
    /// The same under a model, which knows what it is of: of a calibration, of which meter.
    pub fn said_under(&self, model: Option<&SiteModel>) -> Vec<Text> {
        let meter = match &self.body {
            DocumentBody::Calibration { meter, .. } => {
                model.and_then(|model| model.meters.iter().find(|known| known.id == *meter))
            }
            _ => None,
        };
        let meter = meter.map(|meter| {
            let text = Text::new("document-meter").with("key", clean(&meter.key));
            text.with_name("name", &meter.name)
        });
        meter.into_iter().chain(self.said()).collect()
    }

    /// What it says besides its values and its time, each in a few words.
    pub fn said(&self) -> Vec<Text> {
        let words =
            |id: &'static str, words: &str| (!words.is_empty()).then(|| Text::new(id).with("words", clean(words)));
        let per_cent = |id: &'static str, share: Option<Decimal>| {
            share.map(|share| Text::new(id).with("share", share.normalize()))
        };
        let mut said = Vec::new();
        match &self.body {
            DocumentBody::Batch { .. } => {}
            DocumentBody::Laboratory {
                batch,
                laboratory,
                tested_on,
                analysis,
                ..
            } => {
                said.extend(words("document-batch", batch));
                said.push(Text::new("document-tested").with("day", tested_on));
                said.extend(words("document-laboratory", laboratory));
                said.extend(
                    analysis
                        .basis
                        .map(|basis| Text::new("document-basis").with_text("basis", basis.text())),
                );
                said.extend(per_cent("document-total-moisture", analysis.total_moisture));
                said.extend(per_cent("document-moisture", analysis.moisture));
                said.extend(per_cent("document-ash", analysis.ash));
            }
            DocumentBody::Invoice { seller, issued_on, .. } => {
                said.extend(words("document-seller", seller));
                said.push(Text::new("document-issued").with("day", issued_on));
            }
            DocumentBody::Stock { method, .. } => said.extend(words("document-method", method)),
            DocumentBody::Calibration {
                on,
                until,
                laboratory,
                error,
                serial,
                ..
            } => {
                said.push(Text::new("document-calibrated").with("day", on));
                said.extend(until.map(|until| Text::new("document-holds").with("day", until)));
                said.extend(words("document-serial", serial));
                said.extend(words("document-laboratory", laboratory));
                said.extend(words("document-error", error));
                if until.is_none() {
                    said.push(Text::new("document-rejected"));
                }
            }
        }
        said.extend(self.attachments.iter().map(Attachment::said));
        said.extend(
            self.remark
                .as_deref()
                .and_then(|remark| words("document-remark", remark)),
        );
        said
    }
}
