//! Evidence (证据): what the site knows itself of whether its data-quality control plan (数据质量控制计划) is kept. Pure: facts
//! of a month in, verdicts out, each with what it rests on.
//!
//! A rule that finds nothing to look at says so: what cannot be evaluated is never green. Numbers in brackets in the rules
//! are the program's own, since neither standard names one; they stand in [`Limits`].

mod facts;
mod judged;
mod looked;
mod metered;
mod rule;

pub use facts::{
    AlarmFacts, AnomalyFacts, Arrived, BookFacts, Covered, DefaultFacts, Facts, Frequency, MeterFacts, NotCovered,
    ParameterFacts, RoundFacts, SourceFacts, StandInFacts, StandsInFor, Uncovered,
};
pub use judged::{Limits, judge};
pub use rule::{Evidence, Rest, Rule, Subject, Verdict};

#[cfg(test)]
mod tests;
