//! carbonwatch: carbon-emission management for plant control rooms.
//!
//! One direction of flow: commands come in through [`connect`] and [`daemon`], the [`engine`] decides, the journal of
//! [`store`] keeps the decision, and views go out to the terminal. A room may use those listed below it, never those
//! above: `cli`, `tui`, `daemon`, `connect`, `report`, `entry`, `wire`, `store`, `engine`, `management`, `quality`,
//! `site`, `accounting`, `catalogue`, `locale`, `domain`.

#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)
)]

pub mod accounting;
pub mod catalogue;
pub mod cli;
pub mod connect;
pub mod daemon;
pub mod domain;
pub mod engine;
pub mod entry;
pub mod locale;
pub mod management;
pub mod quality;
pub mod report;
pub mod site;
pub mod store;
pub mod tui;
pub mod wire;
