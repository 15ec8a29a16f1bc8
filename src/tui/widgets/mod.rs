//! What panes are made of: cells of the terminal, bars, lists of lines.

pub mod bar;
pub mod big;
pub mod canvas;
pub mod cells;
pub mod field;
pub mod plot;
