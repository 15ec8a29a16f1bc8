//! Keys where the columns of the Live pane are chosen and ordered.

use super::super::keymap::Action;
use super::super::model::{Columns, Model};
use super::super::overlay::Overlay;
use super::super::panes::columns::Column;
use super::motion::moved;

/// Shows the columns.
pub(super) fn open(model: &mut Model) {
    model.overlays.push(Overlay::Columns { cursor: 0 });
}

/// A key there. What is changed holds at once.
pub(super) fn key(model: &mut Model, action: Action) {
    let listed = model.live.columns.listed();
    let chosen = &mut model.live.columns.0;
    let Some(Overlay::Columns { cursor }) = model.overlays.last_mut() else {
        return;
    };
    let last = listed.len().saturating_sub(1);
    let column = listed.get(*cursor).copied();
    let place = column.and_then(|column| chosen.iter().position(|&other| other == column));
    match action {
        Action::Toggle => match (place, column) {
            // A row without its value says nothing.
            (Some(_), Some(Column::Value)) | (_, None) => {}
            (Some(place), _) => {
                chosen.remove(place);
            }
            (None, Some(column)) => chosen.push(column),
        },
        Action::Left if place.is_some_and(|place| place > 0) => {
            if let Some(place) = place {
                chosen.swap(place, place - 1);
            }
        }
        Action::Right if place.is_some_and(|place| place + 1 < chosen.len()) => {
            if let Some(place) = place {
                chosen.swap(place, place + 1);
            }
        }
        Action::Reset => model.live.columns = Columns::default(),
        Action::Back | Action::Close => {
            model.overlays.pop();
            return;
        }
        _ => {
            if let Some(place) = moved(*cursor, action, listed.len(), last) {
                *cursor = place;
            }
            return;
        }
    }
    // The cursor stays on its column.
    if let (Some(column), Some(Overlay::Columns { cursor })) = (column, model.overlays.last_mut())
        && let Some(place) = model.live.columns.listed().iter().position(|&other| other == column)
    {
        *cursor = place;
    }
}
