//! The forms in which figures are printed without a screen.

use clap::ValueEnum;

/// How a subcommand prints its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum OutputFormat {
    /// For people, in their language.
    #[default]
    Table,
    /// For programs; numbers are texts, so that no digit is lost.
    Json,
    /// For spreadsheets, with a header.
    Csv,
}
