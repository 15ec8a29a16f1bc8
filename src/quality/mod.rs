//! Checks on readings (数据质量检查): flags that say how far a value can be trusted, and findings that say why.
//!
//! A [`Judge`] looks at the readings of one channel in the order of time, each once, with bounded memory; every check is a
//! file of [`checks`]. A [`Channel`] takes readings in the order of arrival and judges late ones where they belong: it
//! keeps the judge's state at the beginning of each day and judges again from there, so that flags never depend on the
//! order of arrival within its horizon. What is wrong with an arrival itself (late, doubled, backwards, from the future)
//! is marked apart, in [`arrival`].
//!
//! Only exact rules keep a reading out of the ledger ([`Verdict`](crate::domain::reading::Verdict)); what stands here raises
//! and never posts. The room does
//! no input or output and reads no clock. Values that are looked at are floating-point numbers and never posted; what is
//! filled in for missing data ([`filling`]) is posted, and reckoned in integers; so are the [`alarm`]s, which a person has to
//! answer for.

pub mod alarm;
pub mod anomaly;
pub mod arrival;
pub mod calibration;
pub mod channel;
pub mod checks;
mod contradiction;
pub mod defaults;
pub mod episode;
pub(crate) mod figure;
pub mod filling;
pub mod finding;
pub mod flag;
pub mod judge;
pub mod plan;
pub mod profile;
pub mod qartod;
pub mod rules;
pub mod scheme;
pub mod settings;
pub mod together;
pub mod typing;
pub mod window;

#[cfg(test)]
mod tests;

pub use arrival::{Arrival, ArrivalSettings};
pub use channel::{Channel, Judged};
pub use finding::Finding;
pub use flag::{Check, Flag, Flags, Rule};
pub use judge::{Judge, Output, Reading, Settled};
pub use rules::Rules;
pub use settings::{SettingsError, Span};
