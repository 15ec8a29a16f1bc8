//! What filing would refuse although every field can be read (拒收): said before, so that a preview promises nothing that is not
//! done. What the daemon alone knows it still says itself.

use super::doubt::Paper;
use super::read::Wrong;
use crate::domain::document::{Document, DocumentBody, Span, plain_number};
use crate::domain::text::{Text, clean};
use crate::engine::command::AHEAD_MS;

/// Why a document would not be filed, the field first; nothing where nothing is known against it.
pub fn refused(paper: &Paper<'_>, document: &Document) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    wrong.extend(number_stands(paper, document).map(|why| Wrong {
        field: "number".to_owned(),
        why,
    }));
    if let Some(span) = document.span().filter(|span| span.to > paper.now.plus(AHEAD_MS)) {
        let field = match document.body {
            DocumentBody::Stock { .. } => "at",
            _ => "from",
        };
        wrong.push(Wrong {
            field: field.to_owned(),
            why: Text::new("document-in-future")
                .with_instant("at", span.to)
                .with_instant("now", paper.now),
        });
    }
    // What a report counts as does not depend on when its batch was.
    let now = Span {
        from: paper.now,
        to: paper.now,
    };
    let span = document.span().or(Some(now));
    if let Err(why) = document.readings(paper.model, paper.form, span) {
        let field = if paper.form.basis.is_some() {
            "basis".to_owned()
        } else {
            let first = document.values().first();
            let first = first.and_then(|given| paper.model.parameter(given.parameter));
            first.map_or_else(|| "number".to_owned(), |first| first.tag.clone())
        };
        wrong.push(Wrong { field, why });
    }
    wrong
}

/// The field of which a refusal speaks that only the daemon could know; none where it speaks of the document as a whole.
pub fn field_of(why: &Text) -> Option<&'static str> {
    Some(match why.id.as_ref() {
        "document-unknown-batch" => "batch",
        "document-twice" | "document-twice-given" => "number",
        "document-unknown-meter" => "meter",
        _ => return None,
    })
}

/// That a number is on the form already, or on another document beside it: numbers are compared as they are when they are
/// filed.
fn number_stands(paper: &Paper<'_>, document: &Document) -> Option<Text> {
    let number = plain_number(&document.number);
    let is_it = |other: &Document| plain_number(&other.number) == number;
    let mut standing = paper.standing.iter();
    if let Some(standing) = standing.find(|view| is_it(&view.document)) {
        return Some(
            Text::new("document-twice")
                .with("number", clean(&standing.document.number))
                .with("record", standing.record)
                .with("by", clean(&standing.by))
                .with_instant("at", standing.at),
        );
    }
    let is_beside = paper.beside.iter().any(is_it);
    is_beside.then(|| Text::new("document-twice-given"))
}
