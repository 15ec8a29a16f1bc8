//! Documents as parts of explanations.

use crate::domain::document::{Document, FormKind};
use crate::domain::model::SiteModel;
use crate::domain::text::{Explained, Text, clean};
use crate::engine::view::Part;

/// What a document is called, by its kind and number.
pub fn document_name(document: &Document) -> Text {
    document_named(document.kind(), &document.number)
}

/// What a document of a kind and a number is called.
pub fn document_named(kind: FormKind, number: &str) -> Text {
    Text::new("document-named")
        .with_text("kind", kind.text())
        .with("number", clean(number))
}

/// A document as a part of what is told of the record that filed it.
pub fn document_part(document: &Document, model: Option<&SiteModel>) -> Part {
    let span = document.span().filter(|span| span.from < span.to).map(|span| {
        Text::new("reading-interval")
            .with_instant("from", span.from)
            .with_instant("to", span.to)
    });
    Part {
        label: document_name(document),
        value: None,
        unit: None,
        numbers: None,
        remark: Text::joined(span.into_iter().chain(document.said_under(model))),
        target: None,
    }
}
