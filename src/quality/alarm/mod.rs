//! Alarms (报警): from a condition of a parameter to what the operator hears and sees, and to the figures by which a plant
//! judges its alarms.
//!
//! | file | idea |
//! |---|---|
//! | [`identity`] | which alarm, which operator |
//! | [`condition`] | when a parameter is in alarm: limits, no data, marked bad; deadband and delays |
//! | [`plan`] | which conditions a parameter of the model has |
//! | [`state`] | in which state an alarm is, and what of it is shown |
//! | [`event`] | what can happen to an alarm |
//! | [`transition`] | what an event makes of a state, or why it is refused |
//! | [`occurrence`] | each time that an alarm was annunciated |
//! | [`refusal`] | the refusals, each with what, why and what to do |
//! | [`priority`] | priority from what is at stake and the time to act |
//! | [`group`] | alarms of one cause as one thing, with the first of them |
//! | [`flood`] | more alarms than an operator can deal with, as one thing |
//! | [`chatter`] | alarms that chatter, that are fleeting, that are stale |
//! | [`figures`] | alarm figures of a period; [`target`] holds them against the standard's |
//!
//! An alarm asks an operator for an action. What asks for none (a finding about data that a checker works on) is no
//! alarm and does not come here.
//!
//! The life cycle is that of ANSI/ISA-18.2-2016, clause 5, and of IEC 62682, which GB/T 41261-2022 adopts in its edition
//! of 2014; latching and shelving follow OPC 10000-9, 5.8, where it is more exact. Standards are told in our own
//! words, by what public sources quote of them: who claims conformance holds the room against their text first.
//!
//! Everything here is a pure function of what it is given: instants come in, no clock is read; values are counts of their
//! parameter's quantum, amounts are milligrams, shares are exact ratios.

pub mod chatter;
pub mod condition;
pub mod event;
pub mod figures;
pub mod flood;
pub mod group;
pub mod identity;
pub mod occurrence;
pub mod plan;
pub mod priority;
pub mod ratio;
pub mod refusal;
pub mod state;
pub mod target;
pub mod transition;

#[cfg(test)]
mod tests;

pub use condition::{Change, Condition, Observation, Test, Watch};
pub use event::Event;
pub use identity::{AlarmId, Kind, Operator, action_on};
pub use occurrence::{Occurrence, OpenOccurrences};
pub use plan::conditions_of;
pub use priority::Priority;
pub use refusal::Refusal;
pub use state::{AlarmState, Annunciation, Label};
pub use transition::{LifeRules, Step, after};
