//! Where readings come from: files, replay, the simulator.
//!
//! Everything here is synchronous and knows nothing of the daemon: it turns what is outside into [`Incoming`] readings
//! and says what it could not turn. Whoever calls it sends them on.
//!
//! [`Incoming`]: crate::domain::reading::Incoming

pub mod csv;
pub mod drop_folder;
pub mod intake;
pub mod interval;
pub mod mapping;
pub mod replay;
pub mod simulate;
pub mod upload;
