//! The proposal for a site model, `site.toml`: reading, checking, templates, and giving permanent identities.
//!
//! The way of a file: [`read`] turns text into a [`Proposal`] or into *all* its [`Problem`]s with their places; [`assign`]
//! gives the proposal's objects their permanent ids against the model in force; [`differences`] says what changed.
//! [`fields`] is the one table of what may stand in the file: the reader and the [`schema`] both follow it.

mod aims;
mod alarms;
mod anomalies;
mod assign;
mod build;
mod check;
pub(crate) mod checks;
mod difference;
pub mod fields;
mod file;
pub(crate) mod form;
mod forms;
mod links;
mod missing;
mod people;
mod plausible;
pub(crate) mod problem;
pub(crate) mod reader;
mod relations;
pub(crate) mod row;
pub mod schema;
mod sheets;
mod templates;
#[cfg(test)]
mod tests;
mod vocabulary;

pub use assign::assign;
pub use difference::{Change, Difference, FieldChange, Sort, differences};
pub use file::{LARGEST_FILE, Proposal, read, read_bytes};
pub use problem::{Problem, Severity};
pub use templates::{TEMPLATES, Template, template};
pub use vocabulary::{FactorTerms, InputKind, InputTerms, MethodTerms, Vocabulary};
