//! Entry sheets: what stands on a page, and what people typed and have not sent yet.

use crate::domain::actor::Actor;
use crate::domain::draft::{Draft, DraftChange, Drafted};
use crate::domain::sheet::{SheetPage, page_of, unknown};
use crate::domain::text::{Text, clean};
use crate::domain::time::Instant;
use crate::engine::view::SheetView;
use crate::store::drafts::{DraftError, DraftPage};
use crate::wire::message::ReplyBody;

use super::super::writer::Writer;
use super::Question;

/// Why drafts could not be read or kept.
fn told(error: &DraftError) -> Text {
    match error {
        DraftError::TooMany => Text::new("daemon-drafts-too-many"),
        DraftError::File(_) | DraftError::Unreadable(..) => {
            Text::new("daemon-drafts-failed").with("error", clean(&error.to_string()))
        }
    }
}

pub(super) fn question(writer: &Writer, sheet: String, page: SheetPage) -> Question {
    let (snapshot, site) = (writer.ground.snapshot(), writer.shared.site.clone());
    Box::new(move || {
        let view: SheetView = snapshot.ask(|engine, history| engine.sheet_page(history, &sheet, page))?;
        let of_page = DraftPage {
            site: &site,
            sheet: &sheet,
            page,
        };
        let drafts: Vec<Draft> = of_page.read().map_err(|error| told(&error))?;
        Ok(ReplyBody::Sheet(Box::new(view), drafts))
    })
}

pub(super) fn drafting(
    writer: &Writer,
    actor: &Actor,
    (sheet, page): (String, SheetPage),
    changes: Vec<DraftChange>,
    at: Instant,
) -> Question {
    // The model is enough: a snapshot for every cell that is typed would be dear.
    let (model, site) = (writer.ground.model().cloned(), writer.shared.site.clone());
    let by = actor.name().to_owned();
    Box::new(move || {
        // Only cells that there are: a client may say what it likes.
        let model = model.ok_or_else(|| unknown(&sheet))?;
        let (known, rounds) = page_of(&model, &sheet, page)?;
        let is_cell = |change: &DraftChange| {
            known.rows.contains(&change.parameter) && rounds.iter().any(|round| round.at == change.round)
        };
        if !changes.iter().all(is_cell) {
            return Err(Text::new("sheet-no-cell"));
        }
        let of_page = DraftPage {
            site: &site,
            sheet: &sheet,
            page,
        };
        let drafted: Drafted = of_page.change(&changes, &by, at).map_err(|error| told(&error))?;
        Ok(ReplyBody::Drafted(Box::new(drafted)))
    })
}
