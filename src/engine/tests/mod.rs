//! The engine against its own past, in any order: what it keeps incrementally is what it would compute from nothing.

mod alarms;
mod anomalies;
mod attached;
mod attendance;
mod by_hand;
mod checked;
mod courses;
mod documents;
mod explained;
mod filling;
mod handover;
mod known;
mod ledger;
mod notes;
mod parts;
mod plant;
mod property;
mod quality_plan;
mod relations;
mod restated;
mod sealed;
mod second_check;
mod second_persons;
mod sheets;
mod stories;
mod untested;
