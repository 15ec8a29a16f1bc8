//! Keys of the help.

use super::super::keymap::{Action, Context};
use super::super::model::Model;
use super::super::overlay::Overlay;
use super::super::panes::help;
use super::motion::moved;

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
    match moved(*scrolled, action, page, most) {
        Some(line) => *scrolled = line,
        None => drop(model.overlays.pop()),
    }
}
