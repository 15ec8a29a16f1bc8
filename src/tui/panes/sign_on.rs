//! The line for a staff number and a PIN at the foot of the pane, and what happened since that person sat here last.

use super::super::handover::shift_text;
use super::super::keymap::{Action, Context};
use super::super::model::Model;
use super::super::sign_on::{Purpose, SignOnSheet, Step};
use super::super::theme::Tone;
use super::super::update::NOBODY;
use super::super::widgets::canvas::Canvas;
use super::note::short;
use super::palette::{Row, Sheet, draw_sheet};
use crate::domain::actor::Actor;
use crate::domain::handover::AT_HAND_MS;
use crate::domain::model::Person;
use crate::domain::text::{Explained, Text, clean};
use crate::engine::attendance::Since;
use crate::engine::event::kind_text;
use crate::wire::answers::SignedOnView;

/// Draws the line; gives where its cursor stands.
pub fn draw(model: &Model, sheet: &SignOnSheet, canvas: &mut Canvas<'_>) -> (u16, u16) {
    let shown = &model.shown;
    let person_of = |number: &str| model.plant.as_ref()?.model.person(number);
    let hidden;
    let field = if sheet.is_secret() {
        hidden = sheet.field.hidden();
        &hidden
    } else {
        &sheet.field
    };
    let is_said = sheet.fault.is_some() || sheet.awaited;
    let nothing = match &sheet.fault {
        Some(fault) => Some(fault.clone()),
        None if sheet.awaited => Some(Text::new("tui-sign-on-awaited")),
        None if sheet.step == Step::Person => Some(Text::new("tui-sign-on-none")),
        None => None,
    };
    let lines = Sheet {
        title: title(model, sheet, person_of(&sheet.staff_number)),
        hint: Some(step_text(sheet)),
        prompt: shown.glyphs.cursor,
        field,
        count: if is_said { 0 } else { sheet.found.len() },
        cursor: Some(sheet.cursor),
        nothing,
        said: None,
    };
    draw_sheet(model, &lines, canvas, |place| {
        let number = sheet.found.get(place)?;
        if number == NOBODY {
            return Some(Row {
                left: shown.text(&Text::new("tui-action-sign-off")),
                right: model.actor.as_ref().map(|actor| name(model, actor)).unwrap_or_default(),
            });
        }
        person_row(model, number)
    })
}

/// A person of the site by their staff number, with what they are.
pub(super) fn person_row(model: &Model, number: &str) -> Option<Row> {
    let shown = &model.shown;
    let person = model.plant.as_ref()?.model.person(number)?;
    let roles: Vec<String> = person.roles.iter().map(|role| shown.text(&role.text())).collect();
    Some(Row {
        left: format!("{}  {}", clean(number), clean(shown.localizer.name(&person.name))),
        right: roles.join(", "),
    })
}

/// For what, and whom.
fn title(model: &Model, sheet: &SignOnSheet, person: Option<&Person>) -> Text {
    let what = match (sheet.purpose, &model.signed_on) {
        (Purpose::SetPin, _) => Text::new("tui-pin-title"),
        (Purpose::SignOn, None) => Text::new("tui-sign-on-title"),
        (Purpose::SignOn, Some(view)) => Text::new("tui-sign-on-instead").with("name", name(model, &view.actor)),
    };
    if sheet.step == Step::Person {
        return what;
    }
    let named = match person {
        Some(person) => model.shown.localizer.name(&person.name),
        None => &sheet.staff_number,
    };
    Text::new("tui-sign-on-of")
        .with_text("what", what)
        .with("name", clean(named))
}

fn step_text(sheet: &SignOnSheet) -> Text {
    Text::new(match (sheet.step, sheet.purpose) {
        (Step::Person, _) => "tui-sign-on-person",
        (Step::Pin, Purpose::SignOn) => "tui-sign-on-pin",
        (Step::Pin, Purpose::SetPin) => "tui-pin-old",
        (Step::New, _) => "tui-pin-new",
        (Step::Again, _) => "tui-pin-again",
    })
}

fn name(model: &Model, actor: &Actor) -> String {
    let named = model.plant.as_ref().and_then(|plant| plant.model.name_of(actor));
    model.shown.who(actor, named)
}

/// Draws what happened since.
pub fn draw_since(model: &Model, view: &SignedOnView, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let width = canvas.width();
    let lines = since_lines(model, view);
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(1);
    let height = height.min(canvas.height());
    let mut part = canvas.part(0, canvas.height() - height, width, height);
    part.clear(shown.style(Tone::Text));
    part.rule(0, shown.glyphs.rule, shown.style(Tone::Rule));
    let title = Text::new("tui-since-title").with("name", name(model, &view.actor));
    part.put(
        2,
        0,
        width,
        &format!(" {} ", shown.text(&title)),
        shown.style(Tone::Title),
    );
    for (row, (line, tone)) in (1..height).zip(lines) {
        part.put(2, row, width.saturating_sub(3), &shown.text(&line), shown.style(tone));
    }
}

fn since_lines(model: &Model, view: &SignedOnView) -> Vec<(Text, Tone)> {
    let mut lines = Vec::new();
    if view.wrong > 0 {
        let wrong = Text::new("tui-since-wrong").with_count("count", view.wrong);
        lines.push((wrong, Tone::Warning));
    }
    lines.extend(unsigned(model).map(|text| (text, Tone::Warning)));
    match &view.since {
        None => lines.push((Text::new("tui-since-never"), Tone::Text)),
        Some(since) => lines.extend(since_then(model, since)),
    }
    lines
}

/// That the handover of the shift before was not signed, and the keys that lead to it: the pane shows the shift on duty first
/// once that has gone on for a while.
fn unsigned(model: &Model) -> Option<Text> {
    let plant = model.plant.as_ref()?;
    let unsigned = plant.state.unsigned.as_ref()?;
    let key = |context, action| {
        let key = model.shown.keymap.key_of(context, action);
        key.map(ToString::to_string).unwrap_or_default()
    };
    let now = plant.now(model.elapsed);
    let is_at_hand = plant
        .model
        .shift_at(now)
        .is_some_and(|on_duty| now.since(on_duty.start) < AT_HAND_MS);
    let text = if is_at_hand {
        Text::new("tui-since-unsigned")
    } else {
        Text::new("tui-since-unsigned-before").with("earlier", key(Context::Handover, Action::Earlier))
    };
    let pane = key(Context::Since, Action::PaneHandover);
    Some(text.with_text("shift", shift_text(model, unsigned)).with("key", pane))
}

fn since_then(model: &Model, since: &Since) -> Vec<(Text, Tone)> {
    let mut lines = Vec::new();
    if let Some(plant) = &model.plant {
        let now = plant.now(model.elapsed);
        let age = now.0.saturating_sub(since.at.0);
        let last = Text::new("tui-since-last")
            .with("at", short(&plant.model.zone, since.at, now))
            .with("age", model.shown.localizer.age(age));
        lines.push((last, Tone::Text));
    }
    for (kind, count) in &since.deeds {
        let kind = kind_text(kind).unwrap_or_else(|| Text::new("record-kind-unknown"));
        let deed = Text::new("tui-since-deed").with_text("kind", kind).with("count", count);
        lines.push((deed, Tone::Text));
    }
    let hint = if since.deeds.is_empty() {
        Text::new("tui-since-nothing")
    } else {
        Text::new("tui-since-hint")
    };
    lines.push((hint, Tone::Dim));
    lines
}
