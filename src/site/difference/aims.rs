//! Emission plans, reference intensities and relations, as fields.

use super::{Collector, Sort, duration};
use crate::domain::identity::BookId;
use crate::domain::model::SiteModel;
use crate::domain::plan::Amounts;
use crate::domain::relation::{Relating, Term};

/// Plans and references.
pub(super) fn add_aims(model: &SiteModel, add: &mut impl FnMut(Sort, String, &str, Collector)) {
    let book = |id| book_key(model, id);
    for plan in &model.plans {
        let year = plan.year.map_or_else(|| "*".to_owned(), |year| year.to_string());
        let key = format!("{} {year}", book(plan.book));
        let fields = match &plan.amounts {
            Amounts::Year(amount) => Collector::default().with("amount", amount),
            Amounts::Months(amounts) => {
                let amounts: Vec<String> = amounts.iter().map(ToString::to_string).collect();
                Collector::default().with("months", amounts.join(", "))
            }
        };
        add(Sort::Plan, format!("{} {year}", plan.book), &key, fields);
    }
    for reference in &model.references {
        let mut products = model.products.iter();
        let product = products.find(|product| product.id == reference.product);
        let key = format!(
            "{} {}",
            book(reference.book),
            product.map_or("?", |product| product.key.as_str())
        );
        let fields = Collector::default()
            .with("intensity", reference.intensity)
            .with("origin", &reference.origin);
        add(
            Sort::Reference,
            format!("{} {}", reference.book, reference.product),
            &key,
            fields,
        );
    }
}

fn book_key(model: &SiteModel, id: BookId) -> &str {
    let mut books = model.books.iter();
    books.find(|book| book.id == id).map_or("?", |book| book.key.as_str())
}

/// Relations between parameters.
pub(super) fn add_relations(model: &SiteModel, add: &mut impl FnMut(Sort, String, &str, Collector)) {
    let terms = |terms: &[Term]| {
        let terms: Vec<String> = terms.iter().map(|term| term.shown(model)).collect();
        terms.join(", ")
    };
    for relation in &model.relations {
        let fields = Collector::default()
            .name(&relation.name)
            .maybe("clause", relation.clause.as_ref())
            .with("window", duration(relation.window.length_ms()));
        let fields = match &relation.relating {
            Relating::Balance {
                left,
                right,
                relative,
                absolute,
            } => fields
                .with("left", terms(left))
                .with("right", terms(right))
                .with("relative", relative)
                .with("absolute", absolute),
            Relating::Ratio {
                above,
                below,
                usual,
                least,
                past,
            } => fields
                .with("above", above.shown(model))
                .with("below", below.shown(model))
                .limits("usual", usual.unwrap_or_default())
                .with("least", least)
                .maybe("against_past.share", past.as_ref().map(|past| past.share))
                .maybe("against_past.windows", past.as_ref().map(|past| past.windows)),
            Relating::Intensity {
                product,
                book: of,
                usual,
                least,
                past,
                ..
            } => {
                let mut products = model.products.iter();
                let product = products.find(|other| other.id == *product);
                fields
                    .with("product", product.map_or("?", |product| product.key.as_str()))
                    .with("book", book_key(model, *of))
                    .limits("usual", usual.unwrap_or_default())
                    .with("least", least)
                    .maybe("against_past.share", past.as_ref().map(|past| past.share))
                    .maybe("against_past.windows", past.as_ref().map(|past| past.windows))
            }
        };
        add(Sort::Relation, relation.key.clone(), &relation.key, fields);
    }
}
