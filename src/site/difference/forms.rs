//! Forms of documents, as fields.

use super::{Collector, Sort, words};
use crate::domain::document::Basis;
use crate::domain::model::SiteModel;

/// Forms.
pub(super) fn add_forms(model: &SiteModel, add: &mut impl FnMut(Sort, String, &str, Collector)) {
    for form in &model.document_forms {
        let tag = |id| model.parameter(id).map_or("?", |parameter| parameter.tag.as_str());
        let rows: Vec<&str> = form.rows.iter().map(|row| tag(*row)).collect();
        let fields = Collector::default()
            .name(&form.name)
            .with("kind", words(&[form.kind]))
            .with("rows", rows.join(", "))
            .maybe("batches", form.batches.as_ref())
            .maybe("basis", form.basis.map(Basis::letters))
            .maybe("total_moisture", form.total_moisture.map(tag))
            .maybe("second_person", form.second_person.then_some(true));
        add(Sort::Form, form.key.clone(), &form.key, fields);
    }
}
