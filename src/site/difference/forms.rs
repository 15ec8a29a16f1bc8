//! Forms of documents, as fields.

use super::things::Add;
use super::{Collector, Sort, words};
use crate::domain::document::{Basis, DocumentForm};
use crate::domain::model::SiteModel;

/// Forms.
pub(super) fn add_forms(model: &SiteModel, forms: &[DocumentForm], add: &mut impl Add) {
    let tag = |id| model.parameter(id).map_or("?", |parameter| parameter.tag.as_str());
    for form in forms {
        let DocumentForm {
            key,
            name,
            kind,
            rows,
            batches,
            basis,
            total_moisture,
            second_person,
        } = form;
        let rows: Vec<&str> = rows.iter().map(|row| tag(*row)).collect();
        let fields = Collector::default()
            .name(name)
            .with("kind", words(&[*kind]))
            .with("rows", rows.join(", "))
            .maybe("batches", batches.as_ref())
            .maybe("basis", basis.map(Basis::letters))
            .maybe("total_moisture", total_moisture.map(tag))
            .with("second_person", second_person);
        add(Sort::Form, key.clone(), key, fields);
    }
}
