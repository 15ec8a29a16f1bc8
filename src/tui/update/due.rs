//! Keys where what is due is listed.

use super::super::keymap::Action;
use super::super::model::Model;
use super::super::overlay::{Overlay, Place};
use super::super::panes::due::{as_text, body_height};
use super::motion::moved;
use super::{Effect, jump};

/// Lists what is due.
pub(super) fn open(model: &mut Model) {
    model.overlays.push(Overlay::Due { cursor: 0 });
}

/// A key there: Enter goes to the first parameter that the meter measures.
pub(super) fn key(model: &mut Model, action: Action) -> Vec<Effect> {
    let page = body_height(model.size).max(1);
    let Some(&Overlay::Due { cursor }) = model.overlays.last() else {
        return Vec::new();
    };
    let meters: Vec<_> = model.displayed().map_or_else(Vec::new, |(plant, elapsed)| {
        plant.due(elapsed).iter().map(|due| due.meter.id).collect()
    });
    match action {
        Action::Open => {
            let first = model
                .plant
                .as_ref()
                .zip(meters.get(cursor.min(meters.len().saturating_sub(1))))
                .and_then(|(plant, meter)| {
                    let mut parameters = plant.model.parameters.iter();
                    parameters.find(|parameter| parameter.meter == Some(*meter))
                });
            if let Some(id) = first.map(|parameter| parameter.id) {
                model.overlays.clear();
                jump::go_to(model, Place::Parameter(id));
            }
        }
        Action::Copy => return as_text(model).map_or_else(Vec::new, |text| vec![Effect::Copy(text)]),
        Action::Back | Action::Close => drop(model.overlays.pop()),
        _ => {
            let last = meters.len().saturating_sub(1);
            if let (Some(place), Some(Overlay::Due { cursor })) =
                (moved(cursor.min(last), action, page, last), model.overlays.last_mut())
            {
                *cursor = place;
            }
        }
    }
    Vec::new()
}
