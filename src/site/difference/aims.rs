//! Emission plans, reference intensities and relations, as fields.

use super::things::Add;
use super::{Collector, Sort, duration};
use crate::domain::identity::{BookId, ProductId};
use crate::domain::model::SiteModel;
use crate::domain::plan::{Amounts, Plan, Reference};
use crate::domain::relation::{Relating, Relation, Term};

/// Plans and references.
pub(super) fn add_aims(model: &SiteModel, (plans, references): (&[Plan], &[Reference]), add: &mut impl Add) {
    let book = |id| book_key(model, id);
    for plan in plans {
        let Plan {
            book: of,
            year,
            amounts,
        } = plan;
        let year = year.map_or_else(|| "*".to_owned(), |year| year.to_string());
        let key = format!("{} {year}", book(*of));
        let fields = match amounts {
            Amounts::Year(amount) => Collector::default().with("amount", amount),
            Amounts::Months(amounts) => {
                let amounts: Vec<String> = amounts.iter().map(ToString::to_string).collect();
                Collector::default().with("months", amounts.join(", "))
            }
        };
        add(Sort::Plan, format!("{of} {year}"), &key, fields);
    }
    for reference in references {
        let Reference {
            book: of,
            product,
            intensity,
            origin,
        } = reference;
        let key = format!("{} {}", book(*of), product_key(model, *product));
        let fields = Collector::default().with("intensity", intensity).with("origin", origin);
        add(Sort::Reference, format!("{of} {product}"), &key, fields);
    }
}

fn product_key(model: &SiteModel, id: ProductId) -> &str {
    let mut products = model.products.iter();
    let product = products.find(|product| product.id == id);
    product.map_or("?", |product| product.key.as_str())
}

fn book_key(model: &SiteModel, id: BookId) -> &str {
    let mut books = model.books.iter();
    books.find(|book| book.id == id).map_or("?", |book| book.key.as_str())
}

/// Relations between parameters.
pub(super) fn add_relations(model: &SiteModel, relations: &[Relation], add: &mut impl Add) {
    let terms = |terms: &[Term]| {
        let terms: Vec<String> = terms.iter().map(|term| term.shown(model)).collect();
        terms.join(", ")
    };
    for relation in relations {
        let Relation {
            key,
            name,
            clause,
            window,
            relating,
        } = relation;
        let fields = Collector::default()
            .name(name)
            .maybe("clause", clause.as_ref())
            .with("window", duration(window.length_ms()));
        let fields = match relating {
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
                // Follows from the product.
                output: _,
            } => fields
                .with("product", product_key(model, *product))
                .with("book", book_key(model, *of))
                .limits("usual", usual.unwrap_or_default())
                .with("least", least)
                .maybe("against_past.share", past.as_ref().map(|past| past.share))
                .maybe("against_past.windows", past.as_ref().map(|past| past.windows)),
        };
        add(Sort::Relation, key.clone(), key, fields);
    }
}
