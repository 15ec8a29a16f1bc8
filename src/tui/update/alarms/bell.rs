//! The sound of a new alarm (报警声): the terminal's bell, for what does not wait, at most once a second.

use std::collections::BTreeMap;
use std::time::Duration;

use super::super::super::alarms::{Bell, is_urgent};
use super::super::super::model::Model;
use super::super::Effect;
use crate::engine::view::AlarmView;
use crate::quality::alarm::AlarmId;

/// Shortest time between two sounds.
const EVERY: Duration = Duration::from_secs(1);

/// Whether something was announced that was not before, and does not wait.
pub(in crate::tui::update) fn announced<'a>(
    before: &BTreeMap<AlarmId, AlarmView>,
    mut told: impl Iterator<Item = &'a AlarmView>,
) -> bool {
    told.any(|alarm| {
        let sounds = alarm.state.label().indication().audible && is_urgent(alarm.priority);
        let known = before.get(&alarm.alarm).and_then(|before| before.told);
        sounds && alarm.told > known
    })
}

/// The sound that is owed, once it may be made.
pub(in crate::tui::update) fn ring(model: &mut Model) -> Option<Effect> {
    let alarms = &mut model.alarms;
    if alarms.signals.quiet {
        alarms.bell.owed = false;
    }
    let rested = alarms
        .bell
        .rang
        .is_none_or(|rang| model.elapsed.saturating_sub(rang) >= EVERY);
    if !alarms.bell.owed || !rested {
        return None;
    }
    alarms.bell = Bell {
        owed: false,
        rang: Some(model.elapsed),
    };
    Some(Effect::Bell)
}
