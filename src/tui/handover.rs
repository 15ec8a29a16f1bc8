//! The Handover pane as the terminal holds it (交接班画面): which shift's sheet is shown.

use super::model::Model;
use super::renewed::Renewed;
use crate::domain::handover::ShiftName;
use crate::domain::text::{Text, clean};
use crate::engine::view::{HandoverLine, HandoverView};
use crate::report;

/// The state of the Handover pane.
#[derive(Debug, Clone, Default)]
pub struct HandoverPane {
    /// Which shift was asked for; the one at hand where none is.
    pub shift: Option<ShiftName>,
    /// Whether the person went to that shift by themselves since they came to the pane: what was only signed is not chosen.
    pub is_chosen: bool,
    /// Its sheet.
    pub view: Renewed<HandoverView>,
    /// The place of the selected line.
    pub cursor: usize,
    /// First line on the screen.
    pub top: usize,
}

impl HandoverPane {
    /// The sheet, where it is there.
    pub fn sheet(&self) -> Option<&HandoverView> {
        self.view.here()
    }

    /// The selected line.
    pub fn selected(&self) -> Option<&HandoverLine> {
        self.sheet()?.lines.get(self.cursor)
    }
}

/// A shift by its day and the name that the plant has for it.
pub fn shift_text(model: &Model, shift: &ShiftName) -> Text {
    match &model.plant {
        Some(plant) => report::handover::shift(shift, None, &plant.model),
        None => Text::new("handover-shift")
            .with("slot", clean(&shift.slot))
            .with("day", shift.day),
    }
}
