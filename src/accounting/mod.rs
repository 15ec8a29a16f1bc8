//! Methods, factors in force, exact arithmetic, and how a source's inputs are bound to them. Pure: no I/O, no clock.

pub mod binding;
pub mod bucket;
pub mod cell;
mod digest;
pub mod exact;
pub mod methods;
pub mod quantity;
pub mod rules;
pub mod substitute;
