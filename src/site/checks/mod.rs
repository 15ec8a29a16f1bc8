//! What a parameter's plan says of its quality checks (检查设置): the keys of `checks`, what must hold among them, what they
//! become, and how changes of them are told. A channel of a rules file is read by the same code.

mod check;
mod read;
mod shape;
mod shown;

pub(crate) use super::relations::PAST;
pub(super) use check::check_checks;
pub(super) use read::plan_of_sound;
pub(crate) use read::{planned, refuse, tell};
pub(super) use shape::CHECKS;
pub(crate) use shape::{CLAUSE, COMMON, COUNTER, SPAN, TYPING_FIELDS, WITHOUT, joined};
