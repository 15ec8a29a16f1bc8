//! What is emitted at this moment: the rate of a book with the sources that cause it, and per unit of its products.

use super::numbers::{result, shown};
use super::{named, tonnes, unknown};
use crate::accounting::exact::Exact;
use crate::domain::identity::{BookId, ProductId};
use crate::domain::model::{Binding, Book, Product, SiteModel, Source};
use crate::domain::reading::ParameterKind;
use crate::domain::text::Text;
use crate::engine::Engine;
use crate::engine::command::Refusal;
use crate::engine::history::History;
use crate::engine::ledger::book_of;
use crate::engine::models::subtree;
use crate::engine::totals::Intensity;
use crate::engine::view::{Explanation, Part, Target};

impl Engine {
    /// The rate of a book, or what is emitted per unit of one of its products.
    pub(super) fn explain_now(
        &self,
        history: &dyn History,
        model: &SiteModel,
        book: BookId,
        product: Option<ProductId>,
    ) -> Result<Explanation, Refusal> {
        let rules = book_of(model, Some(book))?;
        let rates = self.rates(history, model, book, self.now)?;
        match product {
            None => self.explain_rate(model, rules, &rates),
            Some(id) => {
                let mut products = model.products.iter();
                let product = products.find(|product| product.id == id).ok_or_else(unknown)?;
                self.explain_intensity(model, rules, product, &rates)
            }
        }
    }

    fn explain_rate(
        &self,
        model: &SiteModel,
        book: &Book,
        rates: &[(&Source, Option<i128>)],
    ) -> Result<Explanation, Refusal> {
        let known: Vec<i128> = rates.iter().filter_map(|&(_, rate)| rate).collect();
        let nodes = subtree(model, book.boundary);
        let mut parts: Vec<Part> = rates
            .iter()
            .map(|&(source, rate)| self.rate_part(book, source, rate))
            .collect();
        for product in model.products.iter().filter(|product| nodes.contains(&product.node)) {
            let intensity = self.intensity_now(model, book.id, product, rates, self.now)?;
            parts.push(Part {
                label: named(&product.name),
                value: intensity.value.and_then(Intensity::told),
                unit: Some(unit_of(product)),
                numbers: division(&intensity),
                remark: reference(&intensity),
                target: Some(Target::Now {
                    book: book.id,
                    product: Some(product.id),
                }),
            });
        }
        Ok(Explanation {
            target: Target::Now {
                book: book.id,
                product: None,
            },
            title: Text::new("explain-now")
                .with_name("name", &book.name)
                .with_instant("at", self.now),
            value: (!known.is_empty()).then(|| tonnes(known.iter().sum())),
            unit: Some("tCO2e/h".to_owned()),
            formula: Some("Σ".to_owned()),
            numbers: None,
            remarks: vec![Text::new("explain-now-newest")],
            parts,
        })
    }

    fn explain_intensity(
        &self,
        model: &SiteModel,
        book: &Book,
        product: &Product,
        rates: &[(&Source, Option<i128>)],
    ) -> Result<Explanation, Refusal> {
        let intensity = self.intensity_now(model, book.id, product, rates, self.now)?;
        let below = subtree(model, product.node);
        let own = rates.iter().filter(|(source, _)| below.contains(&source.node));
        let mut parts: Vec<Part> = own.map(|&(source, rate)| self.rate_part(book, source, rate)).collect();
        let mut parameters = model.parameters.iter();
        let parameter = parameters.find(|parameter| parameter.id == product.parameter);
        let newest = self.series(product.parameter)?.row.newest;
        parts.push(Part {
            label: parameter.map_or_else(
                || named(&product.name),
                |parameter| {
                    Text::new("explain-now-output")
                        .with("tag", &parameter.tag)
                        .with_name("name", &parameter.name)
                },
            ),
            value: intensity.output.map(shown),
            unit: Some(format!("{}/h", product.unit.symbol())),
            numbers: None,
            remark: intensity.output.is_none().then(|| Text::new("explain-now-unknown")),
            target: newest.map(|newest| Target::Reading {
                parameter: product.parameter,
                slot: newest.slot,
            }),
        });
        Ok(Explanation {
            target: Target::Now {
                book: book.id,
                product: Some(product.id),
            },
            title: Text::new("explain-now")
                .with_name("name", &product.name)
                .with_instant("at", self.now),
            value: intensity.value.and_then(Intensity::told),
            unit: Some(unit_of(product)),
            formula: Some("Σ E / P".to_owned()),
            numbers: division(&intensity),
            remarks: reference(&intensity)
                .into_iter()
                .chain([Text::new("explain-now-newest")])
                .collect(),
            parts,
        })
    }

    /// A source's rate, and the reading on which it rests; where there is none its running hour.
    fn rate_part(&self, book: &Book, source: &Source, rate: Option<i128>) -> Part {
        let newest = |binding: &Binding| match binding {
            Binding::Parameter { parameter, .. } => {
                let series = self.series(*parameter).ok()?;
                let newest = series.row.newest.filter(|_| series.kind != ParameterKind::Property)?;
                Some(Target::Reading {
                    parameter: *parameter,
                    slot: newest.slot,
                })
            }
            _ => None,
        };
        let reading = source.inputs.values().find_map(newest);
        Part {
            label: named(&source.name),
            value: rate.map(tonnes),
            unit: Some("tCO2e/h".to_owned()),
            numbers: None,
            remark: rate.is_none().then(|| Text::new("explain-now-unknown")),
            target: reading.or(Some(Target::Cell {
                book: book.id,
                source: source.id,
                hour: self.zone.hour_of(self.now),
            })),
        }
    }
}

fn unit_of(product: &Product) -> String {
    format!("tCO2e/{}", product.unit.symbol())
}

/// The division with its numbers.
fn division(intensity: &Intensity) -> Option<String> {
    let (rate, output, value) = (intensity.rate?, intensity.output?, intensity.value?);
    let told = Exact::ratio(rate, 1_000_000_000).ok()?;
    Some(format!("{} / {} {}", shown(told), shown(output), result(value)))
}

/// With what it is compared.
fn reference(intensity: &Intensity) -> Option<Text> {
    let reference = intensity.reference?;
    let above = intensity.above().unwrap_or_else(|| "--".to_owned());
    let id = if above.starts_with('-') && above != "--" {
        "explain-now-reference-below"
    } else {
        "explain-now-reference"
    };
    Some(
        Text::new(id)
            .with("reference", reference.normalize())
            .with("by", above.trim_start_matches('-')),
    )
}
