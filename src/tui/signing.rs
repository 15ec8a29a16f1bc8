//! A signature as it is typed (签字): under the handover of a shift, or under the figures of a month that is closed.

use super::widgets::field::Field;
use crate::domain::handover::{LONGEST_REMARK, ShiftName, Side};
use crate::domain::pin::Pin;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::engine::closing::{CloseMonth, LONGEST_REASON};
use crate::engine::handover::HandOver;
use crate::engine::view::{HandoverView, MonthView};
use crate::wire::message::RequestBody;

/// Longest PIN that is typed, in characters; what is longer than a PIN may be is wrong all the same.
const LONGEST_TYPED: usize = 32;

/// What is being typed of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SigningStep {
    /// A remark.
    Remark,
    /// The PIN, where several people share the login.
    Pin,
}

/// What is signed.
#[derive(Debug, Clone, PartialEq)]
pub enum Signed {
    /// The handover of a shift.
    Handover {
        /// Of which.
        shift: ShiftName,
        /// For which crew.
        side: Side,
        /// When the sheet was written which the person looked at.
        at: Instant,
        /// Until when the shift goes on, where whoever goes signs before it is over.
        goes_on_until: Option<Instant>,
    },
    /// The figures of a month, as the person looked at them.
    Month(MonthView),
}

impl Signed {
    /// The sheet of a shift, for a crew.
    pub fn handover(view: &HandoverView, side: Side) -> Self {
        Self::Handover {
            shift: view.shift.clone(),
            side,
            at: view.at,
            goes_on_until: (side == Side::Outgoing && view.goes_on).then_some(view.to),
        }
    }

    const fn longest_remark(&self) -> usize {
        match self {
            Self::Handover { .. } => LONGEST_REMARK,
            Self::Month(_) => LONGEST_REASON,
        }
    }
}

/// A signature as it is typed.
#[derive(Debug, Clone, PartialEq)]
pub struct SigningSheet {
    /// Under what.
    pub of: Signed,
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
    pub fn new(of: Signed, needs_pin: bool) -> Self {
        Self {
            step: SigningStep::Remark,
            field: Field::new(of.longest_remark()),
            of,
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
                let mut field = Field::new(self.of.longest_remark());
                field.set(&self.remark);
                field
            }
            SigningStep::Pin => Field::new(LONGEST_TYPED),
        };
    }

    /// What is asked of the daemon, as it stands.
    pub fn request(&self) -> RequestBody {
        let line = self.field.text().trim();
        let (remark, pin) = match self.step {
            SigningStep::Remark => (line, None),
            SigningStep::Pin => (self.remark.as_str(), Some(Pin::new(self.field.text()))),
        };
        let remark = (!remark.is_empty()).then(|| remark.to_owned());
        match &self.of {
            Signed::Handover { shift, side, at, .. } => RequestBody::HandOver {
                handover: HandOver {
                    shift: shift.clone(),
                    side: *side,
                    remark,
                    at: *at,
                },
                pin,
            },
            Signed::Month(month) => RequestBody::CloseMonth {
                closing: CloseMonth::of(month, remark),
                pin,
            },
        }
    }
}
