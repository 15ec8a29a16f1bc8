//! Entry (录入): what people type into the cells of a sheet, what it means, and what looks wrong about it. Pure: no I/O, no
//! clock. The terminal and the command line read cells by the same rules, so that both say the same of the same text.

pub mod block;
pub mod cell;
pub mod doubt;
pub mod form;
pub mod formula;
pub mod gap;
pub mod heading;
pub mod known;
pub mod number;
pub mod register;
pub mod time;
pub mod workbook;

pub use block::{Block, Placed};
pub use cell::Entered;
pub use doubt::Doubt;
pub use known::{Row, Sheet, Source};
pub use workbook::Workbook;

#[cfg(test)]
mod tests;
