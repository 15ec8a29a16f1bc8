//! Tests of the store as a whole, with disks that fail.

mod backup;
mod damage;
mod faults;
mod journal;
mod kill;
mod second_copy;
mod site;
mod state;
