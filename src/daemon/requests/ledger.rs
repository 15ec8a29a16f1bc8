//! A ledger table.

use crate::domain::identity::{BookId, NodeId};
use crate::domain::model::SiteModel;
use crate::domain::period::Period;
use crate::domain::text::Text;
use crate::engine::view::Step;
use crate::wire::message::ReplyBody;

use super::super::writer::Writer;
use super::Question;

/// Most figures in one table: about as many as fit into a frame, at a hundred bytes each.
const MOST_FIGURES: usize = 140_000;

pub(super) fn question(
    writer: &Writer,
    book: Option<BookId>,
    node: Option<NodeId>,
    period: Period,
    step: Step,
) -> Question {
    if let Some(model) = writer.shared.model() {
        let figures = figures(&model, book, node, period, step);
        if figures > MOST_FIGURES {
            let refusal = Text::new("daemon-ledger-too-large")
                .with_count("figures", figures)
                .with_count("most", MOST_FIGURES);
            return Box::new(move || Err(refusal));
        }
    }
    let snapshot = writer.ground.snapshot();
    Box::new(move || {
        let table = snapshot.ask(|engine, history| engine.ledger(history, book, node, period, step))?;
        Ok(ReplyBody::Ledger(Box::new(table)))
    })
}

/// About how many figures a table has: a row for every node and source, a column for every step.
fn figures(model: &SiteModel, book: Option<BookId>, node: Option<NodeId>, period: Period, step: Step) -> usize {
    let boundary = || {
        let mut books = model.books.iter();
        books.find(|candidate| book.is_none_or(|book| candidate.id == book))
    };
    let Some(root) = node.or_else(|| boundary().map(|book| book.boundary)) else {
        return 0;
    };
    // A model is a tree, and no deeper than it has nodes.
    let below = |mut node: NodeId| {
        for _ in 0..=model.nodes.len() {
            if node == root {
                return true;
            }
            match model
                .nodes
                .iter()
                .find(|other| other.id == node)
                .and_then(|node| node.parent)
            {
                Some(parent) => node = parent,
                None => break,
            }
        }
        false
    };
    let nodes = model.nodes.iter().filter(|node| below(node.id)).count();
    let sources = model.sources.iter().filter(|source| below(source.node)).count();
    let (from, to) = period.hours(&model.zone, model.day_start_minutes);
    let hours = usize::try_from(i64::from(to.0) - i64::from(from.0)).unwrap_or(0);
    let columns = match step {
        Step::Hour => hours,
        Step::Day => hours.div_ceil(24),
        Step::Month => hours.div_ceil(28 * 24),
        Step::Whole => 1,
    };
    columns.saturating_mul(nodes + sources)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_measured_before_it_is_made() {
        let model = crate::connect::simulate::load::load_model(100, 40).unwrap();
        let size = |node, period, step| figures(&model, None, node, period, step);
        let all = model.nodes.len() + model.sources.len();
        assert_eq!(size(None, Period::Year(2025), Step::Whole), all);
        assert_eq!(size(None, Period::Year(2025), Step::Hour), 8760 * all);
        assert_eq!(size(None, Period::Year(2025), Step::Day), 365 * all);
        let leaf = model.sources.first().unwrap().node;
        assert!(size(Some(leaf), Period::Year(2025), Step::Day) < 365 * all);
        assert!(size(Some(leaf), Period::Year(2025), Step::Day) > 365);
    }
}
