//! Values and identities: what a plant, a reading, a period and a person are.
//!
//! The lowest room of the house. It does no I/O, reads no clock and knows no other room.

pub mod actor;
pub mod alarms;
pub mod anomaly;
pub mod attachment;
pub mod calendar;
pub mod calibration;
pub mod checks;
pub mod comma;
pub mod decimal;
pub mod document;
pub mod draft;
pub mod handover;
pub mod identity;
pub mod missing;
pub mod model;
pub mod note;
pub mod period;
pub mod pin;
pub mod plan;
pub mod reading;
pub mod relation;
pub mod second_person;
pub mod sheet;
pub mod text;
pub mod time;
pub mod unit;
