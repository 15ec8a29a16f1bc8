//! Who sits at the terminal (签到): a staff number and a PIN as they are typed, and what happened since that person sat here
//! last.

use std::time::Duration;

use super::widgets::field::Field;
use crate::domain::pin::Pin;
use crate::domain::text::Text;
use crate::wire::limits::LONGEST_STAFF_NUMBER;

/// Longest name or number that is typed to find a person, in characters.
const LONGEST_QUERY: usize = LONGEST_STAFF_NUMBER;

/// Longest PIN that is typed, in characters; what is longer than a PIN may be is wrong all the same.
const LONGEST_TYPED: usize = 32;

/// For what a person is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To sign on.
    SignOn,
    /// To set their PIN.
    SetPin,
}

/// What is being typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Staff number, or a part of a name.
    Person,
    /// The PIN until now.
    Pin,
    /// The PIN from now on.
    New,
    /// The same again: nobody sees what they type.
    Again,
}

/// What is typed, one line after the other.
#[derive(Debug, Clone, PartialEq)]
pub struct SignOnSheet {
    /// For what.
    pub purpose: Purpose,
    /// What is being typed.
    pub step: Step,
    /// The line.
    pub field: Field,
    /// Staff numbers of those whom the line may mean, the likeliest first.
    pub found: Vec<String>,
    /// The selected one.
    pub cursor: usize,
    /// The staff number, once it was typed.
    pub staff_number: String,
    /// The PIN until now, once it was typed.
    pub pin: Pin,
    /// The PIN from now on, once it was typed.
    pub new: Pin,
    /// Whether the daemon's answer is awaited.
    pub awaited: bool,
    /// When a key was touched last, on the terminal's own clock.
    pub touched: Duration,
    /// Why what was typed cannot be.
    pub fault: Option<Text>,
}

impl SignOnSheet {
    /// Nothing typed yet.
    pub fn new(purpose: Purpose) -> Self {
        Self {
            purpose,
            step: Step::Person,
            field: Field::new(LONGEST_QUERY),
            found: Vec::new(),
            cursor: 0,
            staff_number: String::new(),
            pin: Pin::default(),
            new: Pin::default(),
            awaited: false,
            touched: Duration::ZERO,
            fault: None,
        }
    }

    /// Whether what is typed is not to be seen.
    pub const fn is_secret(&self) -> bool {
        !matches!(self.step, Step::Person)
    }

    /// Goes to a step, with an empty line.
    pub fn go_to(&mut self, step: Step) {
        self.step = step;
        self.field = Field::new(if self.is_secret() { LONGEST_TYPED } else { LONGEST_QUERY });
        self.fault = None;
    }

    /// Back to the PIN after it was wrong; nothing of a PIN stays.
    pub fn refuse(&mut self, why: Text) {
        self.awaited = false;
        self.pin = Pin::default();
        self.new = Pin::default();
        self.go_to(Step::Pin);
        self.fault = Some(why);
    }
}
