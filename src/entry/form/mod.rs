//! Forms as people fill them (单据填写): which fields a form has, what the texts in them say, and what looks wrong. The terminal
//! and the command line read them by the same rules.

mod doubt;
mod fields;
mod read;
mod refused;
mod several;
mod shares;

use crate::domain::document::Document;
use crate::engine::command::MeterChange;

pub use doubt::{Paper, doubts};
pub use fields::{Called, FormField, Sort, fields, grouped, in_words, label};
pub use read::{Filled, Wrong, read};
pub use refused::{field_of, refused};
pub use several::{Line, Looked, add_doubts, lines, look_at};

/// What a form that was filled asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// A document is filed.
    Document(Box<Document>),
    /// A meter is changed.
    MeterChange(MeterChange),
}

#[cfg(test)]
mod tests;
