//! Leaving the program: what is nowhere but here would be lost with it, and is told first.

use std::time::Duration;

use super::super::model::Model;
use super::super::overlay::Overlay;
use super::{Effect, entry, form};
use crate::domain::document::LONGEST_FIELD;
use crate::domain::draft::held_back;
use crate::domain::text::Text;

/// For how long it counts that this was told.
const TOLD_FOR: Duration = Duration::from_secs(30);

/// The terminal is gone: what was being typed is told to the daemon once more.
pub(super) fn part(model: &mut Model) -> Vec<Effect> {
    let mut effects = entry::part(model);
    if let Some(open) = model.entry.form.as_mut().filter(|open| open.is_typing()) {
        let stands = open.here().map_or("", |field| open.text(&field.key)).to_owned();
        let line = open.field.text().trim().to_owned();
        if !line.is_empty() {
            open.field.set(&held_back(&stands, &line, LONGEST_FIELD));
        }
    }
    effects.extend(form::take(model));
    effects
}

/// Leaves, or says what would be lost; asked once more, it leaves all the same.
pub(super) fn quit(model: &mut Model) -> Vec<Effect> {
    let was_told = model
        .leaving
        .is_some_and(|told| model.elapsed.saturating_sub(told) < TOLD_FOR);
    // What stands in the line of a form goes with it.
    let mut effects = form::take(model);
    let lost = entry::held_back(model)
        .or_else(|| form::unkept(model))
        .or_else(|| half_typed(model).then(|| Text::new("tui-quit-half-typed")));
    let lost = lost
        .or_else(|| entry::held_of_oneself(model))
        .or_else(|| entry::held_of_others(model))
        .or_else(|| entry::untold_lost(model));
    match lost.filter(|_| !was_told) {
        Some(why) => {
            model.leaving = Some(model.elapsed);
            model.notice = Text::sentences([why, Text::new("tui-quit-again")]);
        }
        None => effects.push(Effect::Quit),
    }
    effects
}

/// Whether a sheet is open over the panes, or a second check, into which something was typed that only its sender's Enter brings
/// to the daemon.
fn half_typed(model: &Model) -> bool {
    let record = model.entry.checks.record.as_ref();
    let reason = record.and_then(|record| record.reason.as_ref());
    model.overlays.iter().any(Overlay::is_half_typed) || reason.is_some_and(|reason| !reason.is_empty())
}
