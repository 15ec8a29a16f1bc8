//! `carbonwatch qc --self-test`: what the default rules find in the simulated plant, and how often they are wrong.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;

use super::seeded::{self, AFTER_DAYS, FAULT_DAYS, Fault, LEARN_DAYS, SOUND, START, Simulated, Sort};
use crate::cli::failure::Failure;
use crate::cli::format::OutputFormat;
use crate::cli::output::{Cell, Column, Table};
use crate::connect::simulate::Plant;
use crate::domain::model::SiteModel;
use crate::domain::text::{Explained, Text};
use crate::domain::time::{HOUR_MS, Instant};
use crate::locale::Localizer;
use crate::locale::figures;
use crate::quality::arrival::Arrival;
use crate::quality::channel::Channel;
use crate::quality::episode::episodes;
use crate::quality::figure::duration;
use crate::quality::finding::Finding;
use crate::quality::judge::{Judge, Output, Reading};
use crate::quality::{Check, Rule, Rules};

/// Time after a fault's end in which it may still be found.
const AFTERWARDS_MS: i64 = 2 * HOUR_MS;

/// What was found of one sort.
#[derive(Debug, Default, Clone)]
pub(super) struct Tally {
    pub(super) faults: usize,
    pub(super) found: usize,
    /// From a fault's beginning to the first finding, in milliseconds.
    delays: Vec<i64>,
    /// By which checks it was found first.
    checks: Vec<Check>,
}

/// What was found altogether.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) sorts: Vec<(Sort, Tally)>,
    /// The fewest that were found of one seed's faults.
    pub(super) fewest: usize,
    /// The same of the twelve steps and drifts.
    pub(super) fewest_shifts: usize,
    /// Episodes in sound channels, and the channel-days in which they were looked for.
    pub(super) false_episodes: usize,
    pub(super) channel_days: usize,
    /// The same by channel and check.
    pub(super) false_by: BTreeMap<(String, Check), usize>,
}

impl Outcome {
    /// How many were put in, and found.
    pub(super) fn totals(&self) -> (usize, usize) {
        self.sorts.iter().fold((0, 0), |(faults, found), (_, sort)| {
            (faults + sort.faults, found + sort.found)
        })
    }
}

/// The demo plant's model.
fn demo() -> Result<SiteModel, Failure> {
    let rules = crate::catalogue::rule_set().map_err(|error| Failure::refused(error.text()))?;
    let text = crate::site::template("demo").map_or("", |template| template.text);
    let proposal = crate::site::read(text, "site.toml", rules).map_err(|problems| {
        let first = problems.first().map(Explained::text);
        Failure::refused(first.unwrap_or_else(|| Text::new("site-incomplete")))
    })?;
    crate::site::assign(&proposal, None).map_err(|problems| {
        let first = problems.first().map(Explained::text);
        Failure::refused(first.unwrap_or_else(|| Text::new("site-incomplete")))
    })
}

/// Puts the faults of these seeds into the demo plant and counts.
pub(super) fn measure(seeds: std::ops::RangeInclusive<u64>) -> Result<Outcome, Failure> {
    let model = demo()?;
    let mut outcome = Outcome {
        sorts: Sort::ALL.iter().map(|(sort, _)| (*sort, Tally::default())).collect(),
        fewest: usize::MAX,
        fewest_shifts: usize::MAX,
        ..Outcome::default()
    };
    for seed in seeds {
        let mut plant =
            Plant::with_imperfections(&model, seed, SOUND).map_err(|error| Failure::refused(error.text()))?;
        let channels = seeded::channels(&model, &mut plant);
        let sound: Vec<Vec<Finding>> = channels
            .iter()
            .map(|channel| findings(&channel.rules, &channel.readings))
            .collect();
        let learned = START.plus(LEARN_DAYS * 24 * HOUR_MS);
        for (channel, findings) in channels.iter().zip(&sound) {
            let late: Vec<Finding> = findings
                .iter()
                .filter(|finding| finding.to >= learned)
                .copied()
                .collect();
            for episode in episodes(&late, (channel.interval_ms * 3).max(HOUR_MS)) {
                outcome.false_episodes += 1;
                *outcome
                    .false_by
                    .entry((channel.tag.clone(), episode.check))
                    .or_default() += 1;
            }
            // What people type the simulator leaves alone: nothing was looked for in a channel without readings.
            if !channel.readings.is_empty() {
                outcome.channel_days += usize::try_from(FAULT_DAYS + AFTER_DAYS).unwrap_or(0);
            }
        }
        let (mut found_of_seed, mut shifts_of_seed) = (0, 0);
        for fault in seeded::faults(&channels, seed) {
            let (Some(channel), Some(before)) = (channels.get(fault.channel), sound.get(fault.channel)) else {
                continue;
            };
            let found = if fault.sort == Sort::Duplicate {
                doubled(channel, &fault)
            } else {
                first_new(&findings(&channel.rules, &fault.readings), before, &fault)
            };
            if let Some((_, counted)) = outcome.sorts.iter_mut().find(|(sort, _)| *sort == fault.sort) {
                counted.faults += 1;
                if let Some((at, check)) = found {
                    found_of_seed += 1;
                    shifts_of_seed += usize::from(matches!(fault.sort, Sort::Step | Sort::Drift));
                    counted.found += 1;
                    counted.delays.push(at.since(fault.from).max(0));
                    if !counted.checks.contains(&check) {
                        counted.checks.push(check);
                    }
                }
            }
        }
        outcome.fewest = outcome.fewest.min(found_of_seed);
        outcome.fewest_shifts = outcome.fewest_shifts.min(shifts_of_seed);
    }
    Ok(outcome)
}

fn findings(rules: &Rules, readings: &[Reading]) -> Vec<Finding> {
    let mut judge = Judge::new(Arc::new(rules.clone()));
    let mut output = Output::default();
    for reading in readings {
        judge.judge(reading, &mut output);
        output.settled.clear();
    }
    output.findings
}

/// The first finding that the fault brought: when it was made, and by which check. A register that ran over its end must
/// be told as such.
fn first_new(after: &[Finding], before: &[Finding], fault: &Fault) -> Option<(Instant, Check)> {
    let same = |finding: &Finding, other: &Finding| finding.rule == other.rule && finding.to == other.to;
    after
        .iter()
        .filter(|finding| finding.to >= fault.from && finding.to <= fault.to.plus(AFTERWARDS_MS))
        .filter(|finding| match fault.sort {
            Sort::Rollover => finding.rule == Rule::Rollover,
            _ => finding.flag.is_raised(),
        })
        .find(|finding| !before.iter().any(|other| same(finding, other)))
        .map(|finding| (finding.to, finding.rule.check()))
}

/// Whether every reading that came twice was marked, and no flag is another for it.
fn doubled(channel: &Simulated, fault: &Fault) -> Option<(Instant, Check)> {
    let rules = Arc::new(channel.rules.clone());
    let from = fault.from.plus(-24 * HOUR_MS);
    let near = |reading: &&Reading| reading.at >= from && reading.at < fault.to.plus(HOUR_MS);
    let (delivered, once): (Vec<Reading>, Vec<Reading>) = (
        fault.readings.iter().filter(near).copied().collect(),
        channel.readings.iter().filter(near).copied().collect(),
    );
    let mut twice = Channel::new(Arc::clone(&rules), 72 * HOUR_MS).ok()?;
    let mut plain = Channel::new(rules, 72 * HOUR_MS).ok()?;
    let marked = twice.take(&delivered).arrivals;
    plain.take(&once);
    let duplicates = marked.iter().filter(|arrival| arrival.has(Arrival::DUPLICATE)).count();
    let same = plain
        .flags()
        .map(|(_, flags)| flags)
        .eq(twice.flags().map(|(_, flags)| flags));
    (duplicates == delivered.len() - once.len() && duplicates > 0 && same).then_some((fault.from, Check::Stamp))
}

/// Measures and prints the table.
pub(super) fn run(
    seeds: std::ops::RangeInclusive<u64>,
    format: OutputFormat,
    localizer: &Localizer,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let outcome = measure(seeds)?;
    Ok(print(&outcome, format, localizer, out)?)
}

fn print(outcome: &Outcome, format: OutputFormat, localizer: &Localizer, out: &mut dyn Write) -> io::Result<()> {
    let figures = |key: &'static str, title: &'static str| Column::figures(key, Text::new(title));
    let mut table = Table {
        simulated: true,
        columns: vec![
            Column::words("fault", "qc-column-fault"),
            figures("put_in", "qc-column-put-in"),
            figures("found", "qc-column-found"),
            figures("median_delay", "qc-column-delay"),
            Column::words("by", "qc-column-by"),
        ],
        rows: Vec::new(),
    };
    for (sort, found) in &outcome.sorts {
        let mut delays = found.delays.clone();
        delays.sort_unstable();
        let delay = delays
            .get(delays.len() / 2)
            .map_or(Cell::Nothing, |delay| Cell::words(duration(delay - delay % 1000)));
        let checks = found.checks.iter().map(|check| localizer.text(&check.text())).collect();
        table.rows.push(vec![
            Cell::Text(sort.text()),
            Cell::count(found.faults),
            Cell::count(found.found),
            delay,
            Cell::List(checks),
        ]);
    }
    let (faults, found) = outcome.totals();
    let per_day = rust_decimal::Decimal::from(outcome.false_episodes)
        .checked_div(rust_decimal::Decimal::from(outcome.channel_days))
        .unwrap_or_default();
    let per_day = figures::rounded(per_day, 3);
    let facts = [
        ("all_put_in", Cell::count(faults)),
        ("all_found", Cell::count(found)),
        ("fewest_of_a_seed", Cell::count(outcome.fewest)),
        ("fewest_steps_and_drifts_of_a_seed", Cell::count(outcome.fewest_shifts)),
        ("false_episodes", Cell::count(outcome.false_episodes)),
        ("channel_days", Cell::count(outcome.channel_days)),
        ("false_a_channel_and_day", Cell::words(per_day.clone())),
    ];
    table.print_with(&facts, format, localizer, out)?;
    if format == OutputFormat::Table {
        let text = Text::new("qc-self-test-totals")
            .with("found", found)
            .with("faults", faults)
            .with("fewest", outcome.fewest)
            .with("shifts", outcome.fewest_shifts)
            .with("false_episodes", outcome.false_episodes)
            .with("channel_days", outcome.channel_days)
            .with("per_day", per_day);
        writeln!(out, "{}", localizer.text(&text))?;
        for ((tag, check), count) in &outcome.false_by {
            let name = localizer.text(&check.text());
            writeln!(out, "  {tag}  {name}  {count}")?;
        }
    }
    Ok(())
}

impl Sort {
    fn text(self) -> Text {
        match self {
            Self::Stuck => Text::new("qc-fault-stuck"),
            Self::Step => Text::new("qc-fault-step"),
            Self::Drift => Text::new("qc-fault-drift"),
            Self::Spike => Text::new("qc-fault-spike"),
            Self::Gap => Text::new("qc-fault-gap"),
            Self::UnitSlip => Text::new("qc-fault-unit"),
            Self::Rollover => Text::new("qc-fault-rollover"),
            Self::Duplicate => Text::new("qc-fault-duplicate"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_rules_find_what_was_put_in_and_are_quiet_otherwise() {
        let outcome = measure(1..=1).unwrap();
        let (faults, found) = outcome.totals();
        assert_eq!(faults, 72);
        assert!(found >= 68, "{found} of {faults}");
        let of = |wanted: Sort| outcome.sorts.iter().find(|(sort, _)| *sort == wanted).unwrap().1.found;
        assert!(of(Sort::Step) + of(Sort::Drift) >= 10);
        let episodes = u32::try_from(outcome.false_episodes).unwrap();
        assert!(f64::from(episodes) <= 0.5 * f64::from(u32::try_from(outcome.channel_days).unwrap()));
    }
}
