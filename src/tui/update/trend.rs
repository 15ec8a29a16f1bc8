//! Asks for the trends of the rows on the screen, and takes them in.

use super::super::keymap::Context;
use super::super::model::{LinkState, Model, Row, TrendsAsked};
use super::super::pane::Pane;
use super::super::panes::live::{body_height, shows_trends};
use super::super::trend;
use super::{Effect, ask};
use crate::domain::identity::ParameterId;
use crate::domain::text::Text;
use crate::engine::course::MOST_COURSES;
use crate::wire::message::{ReplyBody, RequestBody};

/// Asks for what is on the screen and not known, unless an answer is still awaited.
pub(super) fn ask_for_visible(model: &mut Model) -> Option<Effect> {
    let shown = model.pane == Pane::Live && model.overlays.is_empty() && model.context() != Context::Global;
    if !shown || model.live.trends_asked.is_some() || model.held.is_some() || model.link != LinkState::Up {
        return None;
    }
    let (plant, elapsed) = model.displayed()?;
    plant.state.time()?;
    if !shows_trends(model, plant) {
        return None;
    }
    let cell = trend::cell_of(plant.now(elapsed));
    let parameters: Vec<ParameterId> = model
        .live
        .rows
        .iter()
        .skip(model.live.top)
        .take(body_height(model.size))
        .filter_map(|row| match row {
            Row::Parameter(place) => plant.parameter(*place).map(|parameter| parameter.id),
            Row::Group(_) => None,
        })
        .filter(|&id| !plant.trends.has(id, cell))
        .take(MOST_COURSES)
        .collect();
    if parameters.is_empty() {
        return None;
    }
    let (from, to) = trend::stretch(cell);
    let effect = ask(
        model,
        RequestBody::Courses {
            parameters: parameters.clone(),
            from,
            to,
            columns: u16::try_from(trend::CELLS).unwrap_or(1),
        },
    );
    model.live.trends_asked = Some(TrendsAsked {
        request: model.last_request,
        cell,
        parameters,
    });
    Some(effect)
}

/// Takes an answer in, if it is the one that is awaited.
pub(super) fn answer(model: &mut Model, id: u64, result: Result<ReplyBody, Text>) -> Option<Result<ReplyBody, Text>> {
    let Some(asked) = model.live.trends_asked.take_if(|asked| asked.request == id) else {
        return Some(result);
    };
    let Some(plant) = &mut model.plant else {
        return None;
    };
    match result {
        Ok(ReplyBody::Courses(courses)) => plant.trends.take(courses, asked.cell),
        // The row shows no trend; what is wrong with the daemon is said elsewhere.
        _ => plant.trends.refused(&asked.parameters, asked.cell),
    }
    None
}
