//! A ledger table.

use crate::domain::identity::NodeId;
use crate::domain::model::SiteModel;
use crate::domain::text::Text;
use crate::engine::view::{Grouping, LedgerQuestion, Step};
use crate::wire::message::ReplyBody;

use super::super::writer::Writer;
use super::Question;

/// Most figures in one table: about as many as fit into a frame, at a hundred bytes each.
const MOST_FIGURES: usize = 140_000;

/// Refuses a table that is too large, before anything of it is computed.
pub(super) fn check(writer: &Writer, question: &LedgerQuestion) -> Result<(), Text> {
    let model = writer.shared.model();
    let figures = model.map_or(0, |model| figures(&model, question));
    if figures <= MOST_FIGURES {
        return Ok(());
    }
    Err(Text::new("daemon-ledger-too-large")
        .with_count("figures", figures)
        .with_count("most", MOST_FIGURES))
}

pub(super) fn question(writer: &Writer, question: LedgerQuestion) -> Question {
    if let Err(refusal) = check(writer, &question) {
        return Box::new(move || Err(refusal));
    }
    let snapshot = writer.ground.snapshot();
    Box::new(move || {
        let table = snapshot.ask(|engine, history| engine.ledger(history, &question))?;
        Ok(ReplyBody::Ledger(Box::new(table)))
    })
}

/// About how many figures are computed for a table: a row for every node and source, a column for every step and for
/// what the whole is compared with; of a table by books, that for every book.
fn figures(model: &SiteModel, question: &LedgerQuestion) -> usize {
    let boundary = || {
        let mut books = model.books.iter();
        books.find(|candidate| question.book.is_none_or(|book| candidate.id == book))
    };
    let Some(root) = question.node.or_else(|| boundary().map(|book| book.boundary)) else {
        return 0;
    };
    let below = |node: NodeId| model.way_up(node).any(|id| id == root);
    let nodes = model.nodes.iter().filter(|node| below(node.id)).count();
    let sources = model.sources.iter().filter(|source| below(source.node)).count();
    let (from, to) = question.period.hours(&model.zone, model.day_start_minutes);
    let hours = usize::try_from(i64::from(to.0) - i64::from(from.0)).unwrap_or(0);
    let columns = match question.step {
        Step::Hour => hours,
        Step::Day => hours.div_ceil(24),
        Step::Month => hours.div_ceil(28 * 24),
        Step::Whole => 1,
    };
    let compared = if question.compare { 3 } else { 0 };
    let books = if question.by == Grouping::Book {
        model.books.len()
    } else {
        1
    };
    (columns + compared)
        .saturating_mul(nodes + sources)
        .saturating_mul(books)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::period::Period;

    #[test]
    fn a_table_is_measured_before_it_is_made() {
        let model = crate::connect::simulate::load::load_model(100, 40).unwrap();
        let size = |node, period, step| {
            let question = LedgerQuestion {
                node,
                ..LedgerQuestion::of(period, step)
            };
            figures(&model, &question)
        };
        let all = model.nodes.len() + model.sources.len();
        assert_eq!(size(None, Period::Year(2025), Step::Whole), all);
        assert_eq!(size(None, Period::Year(2025), Step::Hour), 8760 * all);
        assert_eq!(size(None, Period::Year(2025), Step::Day), 365 * all);
        let compared = LedgerQuestion {
            compare: true,
            by: Grouping::Book,
            ..LedgerQuestion::of(Period::Year(2025), Step::Month)
        };
        assert_eq!(figures(&model, &compared), (14 + 3) * all * model.books.len());
        let leaf = model.sources.first().unwrap().node;
        assert!(size(Some(leaf), Period::Year(2025), Step::Day) < 365 * all);
        assert!(size(Some(leaf), Period::Year(2025), Step::Day) > 365);
    }
}
