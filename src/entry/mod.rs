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

use crate::domain::draft::CUT;
use crate::domain::text::{Text, clean};

/// Refuses what was cut as the terminal was gone: whatever the beginning reads like, it says nothing before somebody has looked.
/// That it is so in every place where a text is read is why no place needs to know how it was kept.
fn check_whole(text: &str) -> Result<(), Text> {
    if text.trim_end().ends_with(CUT) {
        return Err(Text::new("entry-cut").with("given", clean(text)));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
