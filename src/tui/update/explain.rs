//! Keys of an explanation, and the answers that it waits for.

use super::super::keymap::Action;
use super::super::model::Model;
use super::super::overlay::{Answer, ExplainStep, Overlay, Place};
use super::super::panes::explain as pane;
use super::motion::moved;
use super::{Effect, ask, jump, save};
use crate::domain::note::About;
use crate::domain::text::Text;
use crate::engine::view::Target;
use crate::report;
use crate::wire::message::{ReplyBody, RequestBody};

/// Deepest way into an explanation that is remembered.
const DEEPEST: usize = 64;

/// Opens an explanation, or the next step of the one that is open.
pub(super) fn open(model: &mut Model, target: Target) -> Vec<Effect> {
    let effect = ask(model, RequestBody::Explain(target.clone()));
    let step = ExplainStep {
        target,
        answer: Answer::Awaited(model.last_request),
        selected: None,
        scrolled: 0,
    };
    match model.overlays.last_mut() {
        Some(Overlay::Explain(steps)) => {
            if steps.len() >= DEEPEST {
                steps.remove(0);
            }
            steps.push(step);
        }
        _ => model.overlays.push(Overlay::Explain(vec![step])),
    }
    vec![effect]
}

/// After the connection is back: asks again for what was not answered.
pub(super) fn ask_again(model: &mut Model) -> Vec<Effect> {
    let mut last_request = model.last_request;
    let mut bodies = Vec::new();
    if let Some(steps) = model.explained() {
        for step in steps {
            if let Answer::Awaited(id) = &mut step.answer {
                last_request += 1;
                *id = last_request;
                bodies.push(step.target.clone());
            }
        }
    }
    bodies
        .into_iter()
        .map(|target| ask(model, RequestBody::Explain(target)))
        .collect()
}

/// An answer came.
pub(super) fn answer(model: &mut Model, id: u64, result: Result<ReplyBody, Text>) {
    let Some(step) = model
        .explained()
        .and_then(|steps| steps.iter_mut().find(|step| step.answer == Answer::Awaited(id)))
    else {
        return;
    };
    match result {
        Ok(ReplyBody::Explanation(explanation)) => {
            step.selected = explanation.parts.iter().position(|part| part.target.is_some());
            step.answer = Answer::Here(explanation);
        }
        Ok(_) => step.answer = Answer::Refused(Text::new("tui-explain-unexpected")),
        Err(why) => step.answer = Answer::Refused(why),
    }
}

/// A key in an explanation.
pub(super) fn key(model: &mut Model, action: Action) -> Vec<Effect> {
    let page = pane::body_height(model.size).max(1);
    let lines = pane::line_count(model);
    let page_part = match action {
        Action::PageUp => pane::part_a_page_on(model, false),
        Action::PageDown => pane::part_a_page_on(model, true),
        _ => None,
    };
    let Some(Overlay::Explain(steps)) = model.overlays.last_mut() else {
        return Vec::new();
    };
    match action {
        Action::Back if steps.len() > 1 => {
            steps.pop();
            return Vec::new();
        }
        Action::Back | Action::Close => {
            model.overlays.pop();
            return Vec::new();
        }
        _ => {}
    }
    let Some(step) = steps.last_mut() else {
        return Vec::new();
    };
    let parts = match &step.answer {
        Answer::Here(explanation) => explanation.parts.len(),
        _ => 0,
    };
    let most = lines.saturating_sub(page);
    match action {
        Action::Open => return open_part(model),
        Action::Show => {
            show(model);
            return Vec::new();
        }
        Action::Refresh => {
            let target = step.target.clone();
            steps.pop();
            return open(model, target);
        }
        Action::Copy => {
            let text = pane::as_text(model);
            return text.map_or_else(Vec::new, |text| vec![Effect::Copy(text)]);
        }
        Action::Write => return write(model),
        Action::Up if parts > 0 => step.selected = step.selected.and_then(|at| at.checked_sub(1)),
        Action::Down if parts > 0 => step.selected = Some(step.selected.map_or(0, |at| at + 1).min(parts - 1)),
        Action::PageUp | Action::PageDown if parts > 0 => step.selected = page_part,
        Action::First if parts > 0 => step.selected = None,
        Action::Last if parts > 0 => step.selected = Some(parts - 1),
        _ => {
            if let Some(line) = moved(step.scrolled, action, page, most) {
                step.scrolled = line;
            }
        }
    }
    Vec::new()
}

/// Writes the way to here to a file.
fn write(model: &Model) -> Vec<Effect> {
    csv(model).map_or_else(Vec::new, |(name, text)| save(&format!("{name}.csv"), text))
}

/// The way to here, each step with its parts, as `carbonwatch explain --format csv` prints them, and what to call it.
pub(super) fn csv(model: &Model) -> Option<(String, String)> {
    let plant = model.plant.as_ref()?;
    let Some(Overlay::Explain(steps)) = model.overlays.last() else {
        return None;
    };
    let words = report::target::TargetWords::of(&steps.last()?.target, &plant.model).joined();
    let explained = steps.iter().filter_map(|step| match &step.answer {
        Answer::Here(explanation) => Some(&**explanation),
        Answer::Awaited(_) | Answer::Refused(_) => None,
    });
    let mut out = Vec::new();
    report::explanation::csv(explained, &plant.model, &model.shown.localizer, &mut out).ok()?;
    Some((format!("explain-{words}"), String::from_utf8(out).ok()?))
}

/// Goes to the parameter or node that the selected part is about, or else the step itself.
fn show(model: &mut Model) {
    let Some(Overlay::Explain(steps)) = model.overlays.last() else {
        return;
    };
    let Some(step) = steps.last() else { return };
    let part = match &step.answer {
        Answer::Here(explanation) => step.selected.and_then(|selected| explanation.parts.get(selected)),
        Answer::Awaited(_) | Answer::Refused(_) => None,
    };
    let place = part
        .and_then(|part| place_of(model, part.target.as_ref()?))
        .or_else(|| place_of(model, &step.target));
    match place {
        Some(place) => {
            model.overlays.clear();
            jump::go_to(model, place);
        }
        None => model.notice = Some(Text::new("tui-explain-nowhere")),
    }
}

/// What in the plant a target is about.
fn place_of(model: &Model, target: &Target) -> Option<Place> {
    match target.about(&model.displayed()?.0.model)? {
        About::Node(node) => Some(Place::Node(node)),
        About::Parameter(parameter) => Some(Place::Parameter(parameter)),
        About::Site => None,
    }
}

fn open_part(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Explain(steps)) = model.overlays.last() else {
        return Vec::new();
    };
    let target = steps.last().and_then(|step| match &step.answer {
        Answer::Here(explanation) => explanation.parts.get(step.selected?)?.target.clone(),
        // A step that was refused is asked for again.
        Answer::Refused(_) => Some(step.target.clone()),
        Answer::Awaited(_) => None,
    });
    let Some(target) = target else {
        return Vec::new();
    };
    if let Some(Overlay::Explain(steps)) = model.overlays.last_mut()
        && steps
            .last()
            .is_some_and(|step| matches!(step.answer, Answer::Refused(_)))
    {
        steps.pop();
    }
    open(model, target)
}
