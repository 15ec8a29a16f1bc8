//! One file per subcommand.

pub mod calc;
pub mod format;
