//! Keys of a chart, and the courses that it waits for.

use super::super::chart::{Chart, Span, columns};
use super::super::keymap::Action;
use super::super::model::{LinkState, Model};
use super::super::overlay::Overlay;
use super::super::panes::chart as pane;
use super::super::plant::reading_target;
use super::{Effect, ask, explain};
use crate::domain::identity::ParameterId;
use crate::domain::note::About;
use crate::domain::reading::Slot;
use crate::domain::text::Text;
use crate::domain::time::{DAY_MS, Instant};
use crate::engine::course::{MadeOf, Measure};
use crate::engine::notes::MOST_NOTES;
use crate::engine::view::Target;
use crate::wire::message::{ReplyBody, RequestBody};

/// Opens the chart of the selected parameter.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    let Some(parameter) = model.live.selected else {
        return Vec::new();
    };
    let chart = Chart::new(parameter, model.live.span);
    model.overlays.push(Overlay::Chart(Box::new(chart)));
    ask_for(model)
}

/// Opens the chart of a parameter around an instant, with the cursor on it.
pub(super) fn open_at(model: &mut Model, parameter: ParameterId, at: Option<Instant>) -> Vec<Effect> {
    let mut chart = Chart::new(parameter, model.live.span);
    if let Some((now, at)) = now(model).zip(at) {
        let middle = at.plus(chart.span.length() / 2);
        chart.end = (middle < now).then_some(middle);
        let wide = columns(pane::plot_width(model.size), model.braille());
        let (from, to) = chart.stretch(now, wide);
        let place = at.since(from).saturating_mul(i64::from(wide)) / to.since(from).max(1);
        chart.cursor = u16::try_from(place).ok().filter(|&column| column < wide);
    }
    model.overlays.push(Overlay::Chart(Box::new(chart)));
    ask_for(model)
}

/// Opens the chart of a parameter over a stretch; as much of it as the span shows that comes next to it, up to its end.
pub(super) fn open_over(model: &mut Model, parameter: ParameterId, (from, to): (Instant, Instant)) -> Vec<Effect> {
    let mut spans = Span::ALL.into_iter();
    let holds = |span: &Span| span.length() + DAY_MS >= to.since(from);
    let mut chart = Chart::new(parameter, spans.find(holds).unwrap_or(Span::Year));
    chart.end = now(model).filter(|now| to < *now).map(|_| to.plus(-1));
    model.overlays.push(Overlay::Chart(Box::new(chart)));
    ask_for(model)
}

fn now(model: &Model) -> Option<Instant> {
    let (plant, elapsed) = model.displayed()?;
    plant.state.time()?;
    Some(plant.now(elapsed))
}

/// The chart that is seen: what stands at the foot of the pane leaves it to be.
fn on_top(model: &mut Model) -> Option<&mut Chart> {
    let seen = |overlay: &&mut Overlay| !overlay.is_at_foot();
    match model.overlays.iter_mut().rev().find(seen) {
        Some(Overlay::Chart(chart)) => Some(chart),
        _ => None,
    }
}

/// Asks for what the chart on top shows, for what it is compared with, and for what was noted meanwhile.
pub(super) fn ask_for(model: &mut Model) -> Vec<Effect> {
    let Some(now) = now(model) else {
        return Vec::new();
    };
    let wide = columns(pane::plot_width(model.size), model.braille());
    let elapsed = model.elapsed;
    let Some(chart) = on_top(model) else {
        return Vec::new();
    };
    chart.asked_at = elapsed;
    let parameters = vec![chart.parameter];
    let (from, to) = chart.stretch(now, wide);
    let before = chart.against.before();
    let body = |before: i64| RequestBody::Courses {
        parameters: parameters.clone(),
        from: from.plus(-before),
        to: to.plus(-before),
        columns: wide,
    };
    let mut effects = vec![ask(model, body(0))];
    let line = model.last_request;
    let other = before.map(|before| {
        effects.push(ask(model, body(before)));
        model.last_request
    });
    let about = parameters.first().copied().map_or(About::Site, About::Parameter);
    effects.push(ask(
        model,
        RequestBody::Notes {
            about,
            from,
            to,
            count: MOST_NOTES,
            open: false,
        },
    ));
    let notes = model.last_request;
    if let Some(chart) = on_top(model) {
        chart.notes_awaited = Some(notes);
        chart.line.awaited = Some(line);
        chart.other.awaited = other;
        if other.is_none() {
            chart.other.course = None;
        }
    }
    effects
}

/// Asks again where the chart on top ends now and a column has passed, or where the screen has another width.
pub(super) fn follow(model: &mut Model) -> Vec<Effect> {
    if model.held.is_some() || model.link != LinkState::Up {
        return Vec::new();
    }
    let wide = columns(pane::plot_width(model.size), model.braille());
    let elapsed = model.elapsed;
    let due = on_top(model).is_some_and(|chart| {
        let resized = chart.line.course.as_ref().is_some_and(|course| course.columns != wide);
        let lost = chart.line.course.is_none() && chart.line.refused.is_none();
        chart.is_due(elapsed) || (chart.line.awaited.is_none() && (resized || lost))
    });
    if due { ask_for(model) } else { Vec::new() }
}

/// After the connection is back.
pub(super) fn ask_again(model: &mut Model) -> Vec<Effect> {
    let mut waits = false;
    for overlay in &mut model.overlays {
        if let Overlay::Chart(chart) = overlay {
            waits |= chart.line.awaited.take().is_some()
                | chart.other.awaited.take().is_some()
                | chart.notes_awaited.take().is_some();
        }
    }
    if waits { ask_for(model) } else { Vec::new() }
}

fn charts(model: &mut Model) -> impl Iterator<Item = &mut Chart> {
    model.overlays.iter_mut().filter_map(|overlay| match overlay {
        Overlay::Chart(chart) => Some(&mut **chart),
        _ => None,
    })
}

/// Takes an answer in, if it is one that a chart awaits.
pub(super) fn answer(model: &mut Model, id: u64, result: Result<ReplyBody, Text>) -> Option<Result<ReplyBody, Text>> {
    if let Some(chart) = charts(model).find(|chart| chart.notes_awaited == Some(id)) {
        chart.notes_awaited = None;
        if let Ok(ReplyBody::Notes(found)) = result {
            chart.marks = found.notes;
        }
        return None;
    }
    let mut lines = charts(model).flat_map(|chart| [&mut chart.line, &mut chart.other]);
    let Some(line) = lines.find(|line| line.awaited == Some(id)) else {
        return Some(result);
    };
    line.awaited = None;
    line.refused = None;
    match result {
        Ok(ReplyBody::Courses(mut courses)) if courses.len() == 1 => line.course = courses.pop(),
        Ok(_) => line.refused = Some(Text::new("tui-explain-unexpected")),
        Err(why) => line.refused = Some(why),
    }
    None
}

/// A key in a chart.
pub(super) fn key(model: &mut Model, action: Action) -> Vec<Effect> {
    let now = now(model);
    // In braille two columns stand in a cell: the cursor goes by cells.
    let step = if model.braille() { 2 } else { 1 };
    let Some(chart) = on_top(model) else {
        return Vec::new();
    };
    let last = chart
        .line
        .course
        .as_ref()
        .map_or(0, |course| course.columns.saturating_sub(1));
    match action {
        Action::Left => chart.cursor = chart.column().map(|column| column.saturating_sub(step)),
        Action::Right => chart.cursor = chart.column().map(|column| column.saturating_add(step).min(last)),
        Action::First => chart.cursor = Some(0),
        Action::Last => {
            chart.cursor = None;
            if chart.end.take().is_some() {
                return ask_for(model);
            }
        }
        Action::ZoomIn | Action::ZoomOut => return zoom(model, action == Action::ZoomOut, now),
        Action::PageUp | Action::PageDown => {
            let half = chart.span.length() / 2;
            let end = chart.end.or(now).unwrap_or(Instant::EARLIEST);
            let moved = end.plus(if action == Action::PageUp { -half } else { half });
            // What lies after now is not known: there the chart follows it again.
            chart.end = (now.is_some_and(|now| moved < now)).then_some(moved.max(Instant::EARLIEST));
            return ask_for(model);
        }
        Action::Compare => {
            chart.against = chart.against.next();
            chart.other = super::super::chart::Line::default();
            return ask_for(model);
        }
        Action::Braille => {
            model.live.braille = !model.live.braille;
            return ask_for(model);
        }
        Action::Refresh => return ask_for(model),
        Action::Open | Action::Explain => {
            let target = target(model);
            return target.map_or_else(Vec::new, |target| explain::open(model, target));
        }
        Action::Copy => {
            return pane::as_text(model).map(Effect::Copy).into_iter().collect();
        }
        Action::Back | Action::Close => {
            model.overlays.pop();
        }
        _ => {}
    }
    Vec::new()
}

/// The next shorter or longer span, around the cursor.
fn zoom(model: &mut Model, longer: bool, now: Option<Instant>) -> Vec<Effect> {
    let Some(chart) = on_top(model) else {
        return Vec::new();
    };
    let span = chart.span.stepped(longer);
    if span == chart.span {
        return Vec::new();
    }
    let around = chart
        .cursor
        .and_then(|_| chart.under_cursor())
        .map(|(start, _, _)| start.plus(span.length() / 2));
    chart.end = around.or(chart.end).filter(|&end| now.is_some_and(|now| end < now));
    chart.span = span;
    chart.cursor = None;
    model.live.span = span;
    ask_for(model)
}

/// What explains what is under the cursor: the reading, or the quantity of its hour.
fn target(model: &Model) -> Option<Target> {
    let Some(Overlay::Chart(chart)) = model.overlays.last() else {
        return None;
    };
    let (plant, _) = model.displayed()?;
    let course = chart.line.course.as_ref();
    let under = chart
        .under_cursor()
        .and_then(|(start, _, column)| Some((start, column?.values?)));
    let (Some(course), Some((start, values))) = (course, under) else {
        return plant.parameter_of(chart.parameter).and_then(reading_target);
    };
    if course.made_of == MadeOf::Hours || course.measure == Measure::PerHour {
        return Some(Target::Bucket {
            parameter: chart.parameter,
            hour: plant.model.zone.hour_of(start),
        });
    }
    let newest = plant.parameter_of(chart.parameter).and_then(reading_target);
    let is_newest = matches!(&newest, Some(Target::Reading { slot, .. }) if slot.end() == values.last_at);
    if is_newest {
        return newest;
    }
    Some(Target::Reading {
        parameter: chart.parameter,
        slot: Slot::instant(values.last_at),
    })
}
