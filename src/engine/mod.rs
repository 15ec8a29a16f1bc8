//! Command → event → state. The only writer of figures; it reads no clock, no file and no random number.

pub mod command;
pub mod history;
pub mod view;
