//! The alarm figures on the screen: asked for where somebody looks at them.

use super::super::keymap::Action;
use super::super::model::{Model, Wanted};
use super::super::overlay::{DaysBack, FiguresShown, Overlay};
use super::super::panes::indicators::below;
use super::motion::moved;
use super::{Effect, ask};
use crate::domain::text::Text;
use crate::wire::message::{ReplyBody, RequestBody};

/// Shows the figures of the last thirty days.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    show(model, DaysBack::default(), true).into_iter().collect()
}

/// A key where they are shown.
pub(super) fn key(model: &mut Model, action: Action) -> Vec<Effect> {
    let (last, page) = below(model);
    let Some(Overlay::Figures(shown)) = model.overlays.last_mut() else {
        return Vec::new();
    };
    if let Some(top) = moved(shown.top.min(last), action, page, last) {
        shown.top = top;
        return Vec::new();
    }
    let of = match action {
        Action::Shorter => shown.of.shorter(),
        Action::Longer => shown.of.longer(),
        Action::Refresh => shown.of,
        Action::Back | Action::Close => {
            model.overlays.pop();
            return Vec::new();
        }
        _ => return Vec::new(),
    };
    show(model, of, false).into_iter().collect()
}

fn show(model: &mut Model, of: DaysBack, is_new: bool) -> Option<Effect> {
    let (plant, elapsed) = model.displayed()?;
    let to = plant.now(elapsed);
    let from = to.plus(-of.length_ms());
    let effect = ask(model, RequestBody::AlarmFigures { from, to });
    let shown = FiguresShown {
        of,
        top: 0,
        view: Wanted::Awaited(model.last_request),
    };
    match model.overlays.last_mut() {
        Some(Overlay::Figures(standing)) if !is_new => *standing = shown,
        _ => model.overlays.push(Overlay::Figures(shown)),
    }
    Some(effect)
}

/// After the connection is back: asks again for what was not answered.
pub(super) fn ask_again(model: &mut Model) -> Option<Effect> {
    let Some(Overlay::Figures(shown)) = model.overlays.last() else {
        return None;
    };
    let of = shown.of;
    shown.view.awaits()?;
    show(model, of, false)
}

/// Takes an answer in, if it is one that is awaited.
pub(super) fn answer(model: &mut Model, id: u64, result: Result<ReplyBody, Text>) -> Option<Result<ReplyBody, Text>> {
    let mut shown = model.overlays.iter_mut().filter_map(|overlay| match overlay {
        Overlay::Figures(shown) => Some(&mut shown.view),
        _ => None,
    });
    let Some(view) = shown.find(|view| view.awaits() == Some(id)) else {
        return Some(result);
    };
    *view = match result {
        Ok(ReplyBody::AlarmFigures(figures)) => Wanted::Here(figures),
        Ok(_) => Wanted::Refused(Text::new("tui-explain-unexpected")),
        Err(why) => Wanted::Refused(why),
    };
    None
}
