//! A ledger table.

use crate::domain::identity::{BookId, NodeId};
use crate::domain::model::SiteModel;
use crate::domain::period::Period;
use crate::domain::text::Text;
use crate::engine::Engine;
use crate::engine::command::Refusal;
use crate::engine::history::History;
use crate::engine::view::{LedgerTable, Step};
use crate::wire::message::ReplyBody;

use super::super::writer::Writer;
use super::Question;

/// Most figures in one table: about as many as fit into a frame, at a hundred bytes each.
const MOST_FIGURES: usize = 140_000;

/// Which table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    pub(super) book: Option<BookId>,
    pub(super) node: Option<NodeId>,
    pub(super) period: Period,
    pub(super) step: Step,
}

impl Wanted {
    /// Refuses a table that is too large, before anything of it is computed.
    pub(super) fn check(self, writer: &Writer) -> Result<(), Text> {
        let model = writer.shared.model();
        let figures = model.map_or(0, |model| figures(&model, self.book, self.node, self.period, self.step));
        if figures <= MOST_FIGURES {
            return Ok(());
        }
        Err(Text::new("daemon-ledger-too-large")
            .with_count("figures", figures)
            .with_count("most", MOST_FIGURES))
    }

    /// Asks an engine for it.
    pub(super) fn of(self, engine: &Engine, history: &dyn History) -> Result<LedgerTable, Refusal> {
        engine.ledger(history, self.book, self.node, self.period, self.step)
    }
}

pub(super) fn question(writer: &Writer, wanted: Wanted) -> Question {
    if let Err(refusal) = wanted.check(writer) {
        return Box::new(move || Err(refusal));
    }
    let snapshot = writer.ground.snapshot();
    Box::new(move || {
        let table = snapshot.ask(|engine, history| wanted.of(engine, history))?;
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
