//! Figures that sum sources across the tree: those of a category, or what is emitted of a gas.

use crate::domain::model::SiteModel;
use crate::domain::text::{Explained, Text};
use crate::engine::Engine;
use crate::engine::command::Refusal;
use crate::engine::history::History;
use crate::engine::ledger::book_of;
use crate::engine::models::subtree;
use crate::engine::view::{Explanation, Figure, Target};

use super::{emission, emission_part, named, unknown};

impl Engine {
    pub(super) fn explain_group(
        &self,
        history: &dyn History,
        model: &SiteModel,
        target: &Target,
    ) -> Result<Explanation, Refusal> {
        let (book, node, period, gas, category) = match *target {
            Target::Category {
                book,
                node,
                category,
                period,
            } => (book, node, period, None, Some(category)),
            Target::Gas {
                book,
                node,
                gas,
                period,
            } => (book, node, period, Some(gas), None),
            _ => return Err(unknown()),
        };
        let rules = book_of(model, Some(book))?;
        let found = model.node(node).ok_or_else(unknown)?;
        let of = category.map_or_else(
            || Text::new("plain-words").with("words", gas.map_or("", |gas| gas.symbol())),
            |category| category.text(),
        );
        let title = Text::new("explain-group")
            .with_text("of", of)
            .with_name("name", &found.name)
            .with_period("period", period);
        let nodes = subtree(model, node);
        let mut total = Figure::default();
        let mut parts = Vec::new();
        for source in self.sources_of(model, rules) {
            let gases = self.gases_of(source.id);
            let counts = nodes.contains(&source.node)
                && category.is_none_or(|category| source.category == Some(category))
                && gas.is_none_or(|gas| gases.contains(&gas));
            if !counts {
                continue;
            }
            let figure = self.source_figure(history, book, source.id, gas, period)?;
            total.add(&figure);
            let target = Target::Source {
                book,
                source: source.id,
                period,
            };
            parts.push(emission_part(named(&source.name), &figure, target));
        }
        let mut explanation = emission(target.clone(), title, &total);
        explanation.parts = parts;
        explanation.formula = Some("Σ".to_owned());
        Ok(explanation)
    }
}
