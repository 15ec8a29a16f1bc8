//! Methods, factors in force, exact arithmetic, and how a source's inputs are bound to them. Pure: no I/O, no clock.

pub mod binding;
mod digest;
pub mod exact;
pub mod methods;
pub mod rules;
