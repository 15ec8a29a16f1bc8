//! Questions about cells that were open when whoever asked them was signed off (搁置), by a cut line or by the daemon: why a
//! value is to count, what is to stand in for hours, a block as it will be put down. Nobody else goes on with them; they come
//! back when the same person looks at that page again.

use super::super::super::entry::{Focus, HeldQuestion};
use super::super::super::model::{Model, Wanted};
use super::super::unanswered;
use super::{back_to_cells, correct, keep_in_view};
use crate::domain::text::Text;

/// Somebody went: what they were asking of the page waits for them.
pub(super) fn hold(model: &mut Model, gone: String) {
    let Some(open) = model.entry.open.as_mut() else { return };
    if !matches!(open.focus, Focus::Correcting(_) | Focus::Gap(_) | Focus::Block(_)) {
        return;
    }
    let cell = open.cell(open.at);
    let mut focus = std::mem::replace(&mut open.focus, Focus::Grid);
    match &mut focus {
        Focus::Correcting(correcting) => correcting.attaching.keep_attached(),
        Focus::Gap(form) => (form.measured, form.preview) = (None, None),
        _ => {}
    }
    let held = cell.map(|cell| HeldQuestion {
        sheet: open.sheet.clone(),
        page: open.page,
        cell,
        focus,
    });
    if let Some(held) = held {
        model.entry.held.insert(gone, held);
    }
}

/// Whoever sits here goes on with what they were asking, where that page is on the screen and nothing else is done on it.
pub(super) fn go_on(model: &mut Model) {
    let Some(me) = unanswered::person(model) else { return };
    let elapsed = model.elapsed;
    let (Some(open), Some(held)) = (model.entry.open.as_mut(), model.entry.held.get(&me)) else {
        return;
    };
    let Wanted::Here(view) = &open.view else { return };
    let is_free = matches!(open.focus, Focus::Grid | Focus::Page) && !open.is_typing() && open.sending.is_none();
    if !is_free || (&held.sheet, held.page) != (&open.sheet, open.page) {
        return;
    }
    let row = view.rows.iter().position(|row| row.parameter == held.cell.0);
    let column = view.rounds.iter().position(|round| round.at == held.cell.1);
    let Some(held) = model.entry.held.remove(&me) else {
        return;
    };
    // A row that the plan has no more is asked about no more.
    let (Some(row), Some(column)) = (row, column) else {
        return;
    };
    let is_correction = matches!(held.focus, Focus::Correcting(_));
    open.at = (row, column);
    back_to_cells(model);
    // What others did meanwhile may have left nothing to correct.
    let over = is_correction.then(|| correct::fault(model)).flatten();
    let Some(open) = model.entry.open.as_mut() else { return };
    if over.is_some() {
        open.fault = over;
    } else {
        open.focus = held.focus;
        if let Focus::Gap(form) = &mut open.focus {
            // What the daemon said of it was of another time.
            form.typed = Some(elapsed);
        }
        model.notice = Some(Text::new("tui-entry-held"));
    }
    keep_in_view(model);
}
