//! The Handover pane as the terminal holds it (交接班画面): which shift's sheet is shown, and a signature as it is typed.

use super::renewed::Renewed;
use super::widgets::field::Field;
use crate::domain::handover::{LONGEST_REMARK, ShiftName, Side};
use crate::domain::pin::Pin;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::engine::view::{HandoverLine, HandoverView};

/// Longest PIN that is typed, in characters; what is longer than a PIN may be is wrong all the same.
const LONGEST_TYPED: usize = 32;

/// The state of the Handover pane.
#[derive(Debug, Clone, Default)]
pub struct HandoverPane {
    /// Which shift was asked for; the one at hand where none is.
    pub shift: Option<ShiftName>,
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

/// What is being typed of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SigningStep {
    /// A remark.
    Remark,
    /// The PIN, where several people share the login.
    Pin,
}

/// A signature as it is typed.
#[derive(Debug, Clone, PartialEq)]
pub struct SigningSheet {
    /// Of which shift.
    pub shift: ShiftName,
    /// For which crew.
    pub side: Side,
    /// When the sheet was written which the person looked at.
    pub at: Instant,
    /// What is being typed.
    pub step: SigningStep,
    /// The line.
    pub field: Field,
    /// The remark, once it was typed.
    pub remark: String,
    /// Whether a PIN is asked for.
    pub needs_pin: bool,
    /// Number of the request, while the daemon's answer is awaited.
    pub awaited: Option<u64>,
    /// Why what was typed or sent last could not be done.
    pub fault: Option<Text>,
}

impl SigningSheet {
    /// Nothing typed yet.
    pub fn new(view: &HandoverView, side: Side, needs_pin: bool) -> Self {
        Self {
            shift: view.shift.clone(),
            side,
            at: view.at,
            step: SigningStep::Remark,
            field: Field::new(LONGEST_REMARK),
            remark: String::new(),
            needs_pin,
            awaited: None,
            fault: None,
        }
    }

    /// Goes to a step; the remark is kept, a PIN is not.
    pub fn go_to(&mut self, step: SigningStep) {
        if self.step == SigningStep::Remark {
            self.remark = self.field.text().trim().to_owned();
        }
        self.step = step;
        self.fault = None;
        self.field = match step {
            SigningStep::Remark => {
                let mut field = Field::new(LONGEST_REMARK);
                field.set(&self.remark);
                field
            }
            SigningStep::Pin => Field::new(LONGEST_TYPED),
        };
    }

    /// Remark and PIN as they stand.
    pub fn typed(&self) -> (Option<String>, Option<Pin>) {
        let line = self.field.text().trim();
        let (remark, pin) = match self.step {
            SigningStep::Remark => (line, None),
            SigningStep::Pin => (self.remark.as_str(), Some(Pin::new(self.field.text()))),
        };
        ((!remark.is_empty()).then(|| remark.to_owned()), pin)
    }
}
