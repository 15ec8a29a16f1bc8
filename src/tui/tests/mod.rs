//! The terminal as a whole: screens at the sizes that matter and hostile data.

mod fixture;
mod screens;

pub(super) use self::fixture::{actor, drawn, explanation, live_value, model, model_of, press, snapshot, type_keys};
