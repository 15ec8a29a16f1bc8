//! One file per subcommand.

pub mod calc;
pub mod check;
pub mod format;
pub mod init;
