//! Documents and tables made from views (报表): what the command line prints and the terminal writes to files is made here,
//! so that both say the same.

pub mod closing;
pub mod explanation;
pub mod handover;
pub mod ledger;
pub mod quality_plan;
pub mod seal;
pub mod table;
pub mod target;
