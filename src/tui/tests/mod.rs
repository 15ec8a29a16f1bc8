//! The terminal as a whole: screens at the sizes that matter, hostile data, and the real loop on a test backend.

mod alarms;
mod anomalies;
mod attaching;
mod commands;
mod entry;
mod fixture;
mod form;
mod handover;
mod indicators;
mod labels;
mod ledger;
mod log;
mod looped;
mod notes;
mod quality_plan;
mod screens;
mod second_check;
mod several;
mod sign_on;
mod wall;

pub(super) use self::fixture::{
    actor, answer, bodies, cursor, cut, drawn, explanation, live_value, model, model_of, press, pressed, reply, say,
    snapshot, type_keys,
};
