//! Tests of the store as a whole, with disks that fail.

mod faults;
mod journal;
mod site;
mod state;
