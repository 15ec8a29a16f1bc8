//! Keys of the help.

use super::super::keymap::{Action, Context};
use super::super::model::{Model, Overlay};
use super::super::panes::help;

/// Opens the help on the keys of a context.
pub(super) fn open(model: &mut Model, of: Context) {
    if of == Context::Help {
        return;
    }
    model.overlays.push(Overlay::Help { scrolled: 0, of });
}

/// A key in the help.
pub(super) fn key(model: &mut Model, action: Action) {
    let page = usize::from(model.size.height.saturating_sub(4)).max(1);
    let most = help::lines(model).len().saturating_sub(page);
    let Some(Overlay::Help { scrolled, .. }) = model.overlays.last_mut() else {
        return;
    };
    match action {
        Action::Up => *scrolled = scrolled.saturating_sub(1),
        Action::Down => *scrolled = (*scrolled + 1).min(most),
        Action::PageUp => *scrolled = scrolled.saturating_sub(page),
        Action::PageDown => *scrolled = (*scrolled + page).min(most),
        Action::First => *scrolled = 0,
        Action::Last => *scrolled = most,
        _ => drop(model.overlays.pop()),
    }
}
