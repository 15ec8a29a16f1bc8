//! Tests of the room as a whole: the life cycle against its whole table, conditions against their definition, figures
//! against counts made by hand.

mod conditions;
mod counted;
mod histories;
mod life;
mod refusals;
