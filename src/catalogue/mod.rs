//! Reference data as TOML files embedded in the binary, with typed loaders.
//!
//! Every row names the document and the table that it stands in and how far it may be relied on. Rows that were only
//! recalled, that contradict each other, or that were seen only in somebody's program are not here: whoever needs such a
//! value gives it as a constant with its origin.
//!
//! The default tables of a standard carry no validity of their own. From which accounting period a standard applies is
//! decided by the competent authority, year by year, and stands in the model as the choice of a book's factor sets.
//! What is announced for certain years (grid factors) carries its data year or its validity.

mod load;
pub mod wording;

use std::sync::OnceLock;

use thiserror::Error;

use crate::accounting::rules::RuleSet;
use crate::domain::text::{Explained, Text, clean};

/// The files of factors: name, contents.
const FACTOR_FILES: &[(&str, &str)] = &[
    (
        "fuel-gbt-32151-34-2024.toml",
        include_str!("data/fuel-gbt-32151-34-2024.toml"),
    ),
    (
        "fuel-ndrc-2013-steel.toml",
        include_str!("data/fuel-ndrc-2013-steel.toml"),
    ),
    (
        "carbonate-gbt-32151-34-2024.toml",
        include_str!("data/carbonate-gbt-32151-34-2024.toml"),
    ),
    ("grid-2021.toml", include_str!("data/grid-2021.toml")),
    ("grid-2022.toml", include_str!("data/grid-2022.toml")),
    ("grid-2023.toml", include_str!("data/grid-2023.toml")),
    ("grid-ets.toml", include_str!("data/grid-ets.toml")),
    ("heat.toml", include_str!("data/heat.toml")),
];

/// The file of the global warming potentials.
const GWP_FILE: (&str, &str) = ("gwp.toml", include_str!("data/gwp.toml"));

/// The file of how rows are said in both languages.
const WORDING_FILE: (&str, &str) = ("wording.toml", include_str!("data/wording.toml"));

/// The file of the methods.
const METHOD_FILE: (&str, &str) = ("methods.toml", include_str!("data/methods.toml"));

/// Why the embedded catalogue cannot be read: a mistake in the program itself.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("embedded catalogue file {file}: {reason}")]
pub struct CatalogueError {
    /// Which file.
    pub file: &'static str,
    /// What is wrong with it.
    pub reason: String,
}

impl Explained for CatalogueError {
    fn text(&self) -> Text {
        Text::new("catalogue-unreadable")
            .with("file", self.file)
            .with("reason", clean(&self.reason))
    }
}

/// The rule set that this version of the program ships. Read once; what counts for a site is what it adopted.
pub fn rule_set() -> Result<&'static RuleSet, CatalogueError> {
    static RULES: OnceLock<Result<RuleSet, CatalogueError>> = OnceLock::new();
    RULES
        .get_or_init(|| load::rule_set(FACTOR_FILES, GWP_FILE, METHOD_FILE))
        .as_ref()
        .map_err(Clone::clone)
}

#[cfg(test)]
mod tests;
