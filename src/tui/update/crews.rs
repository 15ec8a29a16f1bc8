//! The crews compared: asked for once an hour for the foot of the Live pane, and for a month where one looks at it.

use std::time::Duration;

use super::super::keymap::Action;
use super::super::model::{CrewsOfHour, LinkState, Model, Wanted};
use super::super::overlay::{CrewsShown, Overlay};
use super::super::pane::Pane;
use super::{Effect, ask};
use crate::domain::text::Text;
use crate::domain::time::Month;
use crate::wire::message::{ReplyBody, RequestBody};

/// After how long the shift on duty is compared anew within the hour.
const AGAIN_AFTER: Duration = Duration::from_secs(180);

/// Asks for the shift on duty, where the Live pane is shown and an hour has begun since that was last asked for, as only
/// full hours are compared; and every few minutes, because what completes an hour may come late.
pub(super) fn ask_for_foot(model: &mut Model) -> Option<Effect> {
    let shown = model.pane == Pane::Live && model.overlays.is_empty();
    if !shown || model.held.is_some() || model.link != LinkState::Up {
        return None;
    }
    let (plant, elapsed) = model.displayed()?;
    plant.state.time()?;
    let hour = plant.model.zone.hour_of(plant.now(elapsed));
    let book = plant.totals(model.live.book)?.book;
    let known = model.live.crews.as_ref();
    let same = known.filter(|known| (known.book, known.hour) == (book, hour));
    let waits = same.is_some_and(|known| known.again.is_some() || known.view.awaits().is_some());
    if waits || same.is_some_and(|known| model.elapsed.saturating_sub(known.asked_at) < AGAIN_AFTER) {
        return None;
    }
    // What is known stays until it is known anew.
    let view = same.map(|known| known.view.clone());
    let effect = ask(
        model,
        RequestBody::Crews {
            book: Some(book),
            month: None,
        },
    );
    let request = model.last_request;
    model.live.crews = Some(CrewsOfHour {
        book,
        hour,
        asked_at: model.elapsed,
        again: view.is_some().then_some(request),
        view: view.unwrap_or(Wanted::Awaited(request)),
    });
    Some(effect)
}

/// Shows the crews of this month.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    let month = model.displayed().and_then(|(plant, elapsed)| {
        plant.state.time()?;
        let zone = &plant.model.zone;
        Some(zone.month_of(zone.hour_of(plant.now(elapsed))))
    });
    let Some(month) = month else {
        return Vec::new();
    };
    let effect = ask_for(model, month);
    model.overlays.push(Overlay::Crews(CrewsShown {
        month,
        view: Wanted::Awaited(model.last_request),
    }));
    vec![effect]
}

fn ask_for(model: &mut Model, month: Month) -> Effect {
    let book = model.displayed().and_then(|(plant, _)| plant.totals(model.live.book));
    let book = book.map(|totals| totals.book);
    ask(
        model,
        RequestBody::Crews {
            book,
            month: Some(month),
        },
    )
}

/// A key where the crews are compared.
pub(super) fn key(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(Overlay::Crews(shown)) = model.overlays.last() else {
        return Vec::new();
    };
    let month = match action {
        Action::Earlier => shown.month.previous(),
        Action::Later => shown.month.next(),
        Action::Refresh => shown.month,
        Action::Back | Action::Close => {
            model.overlays.pop();
            return Vec::new();
        }
        _ => return Vec::new(),
    };
    vec![show(model, month)]
}

fn show(model: &mut Model, month: Month) -> Effect {
    let effect = ask_for(model, month);
    if let Some(Overlay::Crews(shown)) = model.overlays.last_mut() {
        *shown = CrewsShown {
            month,
            view: Wanted::Awaited(model.last_request),
        };
    }
    effect
}

/// After the connection is back: asks again for what was not answered.
pub(super) fn ask_again(model: &mut Model) -> Option<Effect> {
    if model
        .live
        .crews
        .as_ref()
        .is_some_and(|known| known.again.is_some() || known.view.awaits().is_some())
    {
        model.live.crews = None;
    }
    let Some(Overlay::Crews(shown)) = model.overlays.last() else {
        return None;
    };
    let month = shown.month;
    shown.view.awaits()?;
    Some(show(model, month))
}

/// Takes an answer in, if it is one that is awaited.
pub(super) fn answer(model: &mut Model, id: u64, result: Result<ReplyBody, Text>) -> Option<Result<ReplyBody, Text>> {
    let shown = model.overlays.iter_mut().filter_map(|overlay| match overlay {
        Overlay::Crews(shown) => Some(&mut shown.view),
        _ => None,
    });
    let of_hour = model.live.crews.iter_mut().map(|known| {
        if known.again.take_if(|again| *again == id).is_some() {
            known.view = Wanted::Awaited(id);
        }
        &mut known.view
    });
    let Some(view) = shown.chain(of_hour).find(|view| view.awaits() == Some(id)) else {
        return Some(result);
    };
    *view = match result {
        Ok(ReplyBody::Crews(view)) => Wanted::Here(view),
        Ok(_) => Wanted::Refused(Text::new("tui-explain-unexpected")),
        Err(why) => Wanted::Refused(why),
    };
    None
}
