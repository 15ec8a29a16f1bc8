//! Anomalies outside the queue: asked for where somebody looks at them, opened again where that was wrong.

use super::super::super::anomalies::{PastShown, Work};
use super::super::super::keymap::Action;
use super::super::super::model::{LinkState, Model, Wanted};
use super::super::super::overlay::{DaysBack, Overlay};
use super::super::super::panes::anomalies::past_height;
use super::super::motion::{moved, scrolled};
use super::super::{Effect, ask, chart, explain};
use super::sheet;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::engine::view::Target;
use crate::wire::message::{ReplyBody, RequestBody};

/// Shows those of the last thirty days.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    show(model, DaysBack::default(), true).into_iter().collect()
}

/// A key where they are shown.
pub(in crate::tui::update) fn key(model: &mut Model, action: Action) -> Vec<Effect> {
    let page = past_height(model.size).max(1);
    let Some(Overlay::Past(past)) = model.overlays.last_mut() else {
        return Vec::new();
    };
    let last = past.all().len().saturating_sub(1);
    if let Some(cursor) = moved(past.cursor, action, page, last) {
        past.cursor = cursor;
        past.top = scrolled(past.top, cursor, page);
        return Vec::new();
    }
    let of = past.of;
    let selected = past.selected();
    match action {
        Action::ZoomIn => anew(model, of.shorter()),
        Action::ZoomOut => anew(model, of.longer()),
        Action::Refresh => anew(model, of),
        Action::Reopen => {
            match selected.map(|anomaly| (anomaly.anomaly, anomaly.work.closed.is_some())) {
                Some((id, true)) => sheet::open_for(model, Work::Reopen, vec![id]),
                Some((_, false)) => model.notice = Some(Text::new("tui-past-not-closed")),
                None => {}
            }
            Vec::new()
        }
        Action::Open => {
            let meant = selected.map(|anomaly| (anomaly.parameter, anomaly.signs.from));
            meant.map_or_else(Vec::new, |(parameter, at)| chart::open_at(model, parameter, Some(at)))
        }
        Action::Record => {
            let sequence = selected.map(|anomaly| {
                let settled = anomaly.work.settled.as_ref();
                settled.map_or(anomaly.record, |settled| settled.record)
            });
            sequence.map_or_else(Vec::new, |sequence| explain::open(model, Target::Record { sequence }))
        }
        Action::Back | Action::Close => {
            model.overlays.pop();
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// Asks for those of a time; without a connection what is shown stays.
fn anew(model: &mut Model, of: DaysBack) -> Vec<Effect> {
    if model.link != LinkState::Up {
        model.notice = Some(Text::new("tui-no-link"));
        return Vec::new();
    }
    show(model, of, false).into_iter().collect()
}

/// Those that are shown, whatever covers them.
fn shown(model: &mut Model) -> Option<&mut PastShown> {
    model.overlays.iter_mut().find_map(|overlay| match overlay {
        Overlay::Past(past) => Some(&mut **past),
        _ => None,
    })
}

/// From when to when.
fn stretch(model: &Model, of: DaysBack) -> Option<(Instant, Instant)> {
    let (plant, elapsed) = model.displayed()?;
    let to = plant.now(elapsed);
    Some((to.plus(-of.length_ms()), to))
}

fn show(model: &mut Model, of: DaysBack, is_new: bool) -> Option<Effect> {
    let (from, to) = stretch(model, of)?;
    let effect = ask(model, RequestBody::PastAnomalies { from, to });
    let asked = PastShown::asked(of, model.last_request);
    match shown(model) {
        Some(past) if !is_new => *past = asked,
        _ => model.overlays.push(Overlay::Past(Box::new(asked))),
    }
    Some(effect)
}

/// Asks again for those that are shown: one of them was opened again, or the connection is back.
pub(in crate::tui::update) fn refresh(model: &mut Model) -> Option<Effect> {
    let of = shown(model)?.of;
    show(model, of, false)
}

/// The queue changed: asks behind what is shown, one question at a time.
pub(in crate::tui::update) fn follow(model: &mut Model) -> Option<Effect> {
    let past = shown(model).filter(|past| matches!(past.view, Wanted::Here(_)))?;
    if past.again.is_some() {
        past.is_behind = true;
        return None;
    }
    let of = past.of;
    let (from, to) = stretch(model, of)?;
    let effect = ask(model, RequestBody::PastAnomalies { from, to });
    let request = model.last_request;
    let past = shown(model)?;
    past.again = Some(request);
    past.is_behind = false;
    Some(effect)
}

/// Takes an answer in, if it is one that is awaited.
pub(super) fn answer(
    model: &mut Model,
    id: u64,
    result: Result<ReplyBody, Text>,
) -> Result<Vec<Effect>, Result<ReplyBody, Text>> {
    let page = past_height(model.size).max(1);
    let Some(past) = shown(model).filter(|past| past.view.awaits() == Some(id) || past.again == Some(id)) else {
        return Err(result);
    };
    let is_behind_the_view = past.again.take() == Some(id);
    match result {
        Ok(ReplyBody::PastAnomalies(mut all)) => {
            all.reverse();
            past.take(all);
            past.top = scrolled(past.top, past.cursor, page);
        }
        // What is shown is worth more than that it could not be asked for again.
        _ if is_behind_the_view => {}
        Ok(_) => past.view = Wanted::Refused(Text::new("tui-explain-unexpected")),
        Err(why) => past.view = Wanted::Refused(why),
    }
    let is_behind = past.is_behind;
    Ok(if is_behind {
        follow(model).into_iter().collect()
    } else {
        Vec::new()
    })
}
