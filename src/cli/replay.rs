//! `carbonwatch replay`: feeds a file into the running daemon at 1 to 100,000 times real time (回放).

use std::collections::VecDeque;
use std::fs::File;
use std::path::PathBuf;
use std::time::{Duration, Instant as Moment};

use super::context::{Context, Ending, Link};
use super::failure::{Failure, Outcome};
use super::format::OutputFormat;
use super::intake::{Answered, OriginName, RepairName, digest, progress, read_mapping};
use super::output::{Cell, Sheet};
use super::value::{number, whole};
use crate::connect::csv::{CsvSource, IntakeOptions, IntakeSummary};
use crate::connect::replay::{ReplayClock, disorder};
use crate::domain::reading::Incoming;
use crate::domain::text::{Explained, Text, clean};
use crate::engine::command::Provenance;
use crate::wire::message::RequestBody;

/// Readings in one request.
const BATCH: usize = 10_000;

/// Requests under way at one time.
const UNDER_WAY: usize = 4;

/// Shortest time between two requests: at high speed readings gather into batches.
const PACE: Duration = Duration::from_millis(20);

/// Longest time without a look at the clock.
const LONGEST_PAUSE: Duration = Duration::from_millis(250);

/// Arguments of `carbonwatch replay`.
#[derive(Debug, Clone, clap::Args)]
pub struct ReplayArguments {
    /// The site's directory
    pub site: PathBuf,
    /// The file
    pub file: PathBuf,
    /// Mapping: the name of one of the site's, or a file
    #[arg(long, short)]
    pub mapping: String,
    /// How many times as fast as real time, 1 to 100000
    #[arg(long, default_value_t = 1.0, value_parser = number(1.0..=100_000.0))]
    pub speed: f64,
    /// Deliver in a random order that this number decides
    #[arg(long, value_name = "SEED", value_parser = whole::<u64>(0..=u64::MAX))]
    pub shuffle: Option<u64>,
    /// Deliver this fraction of the readings twice, 0 to 1
    #[arg(long, value_name = "FRACTION", default_value_t = 0.0, value_parser = number(0.0..=1.0))]
    pub duplicate: f64,
    /// By which way the readings came
    #[arg(long, value_enum, default_value = "file")]
    pub origin: OriginName,
    /// Repair a known fault of the exporting system
    #[arg(long, value_enum)]
    pub repair: Option<RepairName>,
    /// How to print the summary
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

/// Replays a file.
pub fn run(arguments: &ReplayArguments, context: &Context) -> Ending {
    let mapping = read_mapping(&arguments.site, &arguments.mapping)?;
    let (digest, _) = digest(&arguments.file)?;
    let mut daemon = context.daemon(&arguments.site)?;
    let model = context.model(&mut daemon)?;
    let told = |error: &dyn Explained| Failure {
        text: Text::new("cli-import-failed")
            .with("file", arguments.file.display())
            .with_text("why", error.text()),
        outcome: Outcome::Finding,
    };
    let options = IntakeOptions {
        repair: arguments.repair.map(Into::into),
    };
    let file = File::open(&arguments.file).map_err(|error| Failure::file(&arguments.file, &error))?;
    let mut source = CsvSource::open(file, &mapping, &model, options).map_err(|error| told(&error))?;
    let mut readings = Vec::new();
    let mut summary = IntakeSummary::default();
    while let Some(mut batch) = source.next_batch(BATCH).map_err(|error| told(&error))? {
        summary.add(&batch);
        readings.append(&mut batch.readings);
    }
    readings.sort_by_key(|reading| reading.slot.end());
    let ends = readings
        .first()
        .zip(readings.last())
        .map(|(first, last)| (first.slot.end(), last.slot.end()));
    let Some((first, last)) = ends else {
        return Err(Failure::refused(Text::new("cli-replay-empty")));
    };
    let out_of_order = arguments.shuffle.is_some() || arguments.duplicate > 0.0;
    if out_of_order {
        readings = disorder(&readings, arguments.shuffle.unwrap_or(0), arguments.duplicate);
    }
    let name = arguments.file.file_name().unwrap_or_default().to_string_lossy();
    let mut delivery = Delivery {
        provenance: Provenance {
            name: format!("replay {}", clean(&name)),
            digest: Some(digest),
            ..Provenance::default()
        },
        under_way: VecDeque::new(),
        answered: Answered::default(),
    };
    let clock =
        ReplayClock::new(first, arguments.speed, Moment::now()).map_err(|error| Failure::usage(error.text()))?;
    let total = readings.len();
    let bar = progress(u64::try_from(total).unwrap_or(u64::MAX), "{pos}/{len} {wide_bar} {eta}");
    let mut sent = 0;
    while sent < total {
        let waiting = readings.get(sent..).unwrap_or_default();
        let now = Moment::now();
        let due = if out_of_order {
            clock.ready_of(total, last, now).saturating_sub(sent).min(BATCH)
        } else {
            clock.ready(waiting, now, BATCH)
        };
        if due == 0 {
            let next = waiting.first().map_or(PACE, |reading| {
                clock
                    .until(reading.slot.end())
                    .saturating_sub(clock.until(clock.at(now)))
            });
            let pause = if out_of_order { PACE } else { next };
            std::thread::sleep(pause.clamp(Duration::from_millis(1), LONGEST_PAUSE));
            continue;
        }
        delivery.send(waiting.get(..due).unwrap_or_default(), arguments, &mut daemon)?;
        sent += due;
        bar.set_position(u64::try_from(sent).unwrap_or(u64::MAX));
        if due < BATCH {
            std::thread::sleep(PACE);
        }
    }
    while !delivery.under_way.is_empty() {
        delivery.settle(&mut daemon)?;
    }
    bar.finish_and_clear();
    let answered = delivery.answered;
    let (outcome, refused) = (&answered.outcome, answered.refused);
    let mut sheet = Sheet {
        simulated: model.simulated,
        fields: Vec::new(),
    };
    sheet.add("rows", "cli-import-rows", Cell::count(summary.rows));
    sheet.add("delivered", "cli-replay-delivered", Cell::count(total));
    sheet.add("accepted", "cli-import-accepted", Cell::count(outcome.accepted));
    sheet.add("duplicate", "cli-import-duplicate", Cell::count(outcome.duplicate));
    sheet.add("replaced", "cli-import-replaced", Cell::count(outcome.replaced));
    sheet.add("excluded", "cli-import-excluded", Cell::count(outcome.excluded));
    sheet.add("refused", "cli-import-refused", Cell::count(summary.refused + refused));
    sheet.add("repaired", "cli-import-repaired", Cell::count(summary.repaired));
    answered.print(&sheet, arguments.format, context)?;
    if let Some(why) = &answered.first_refusal {
        context.say(why);
    }
    let clean = summary.refused + refused == 0;
    Ok(if clean { Outcome::Done } else { Outcome::Finding })
}

/// Readings on their way to the daemon.
struct Delivery {
    provenance: Provenance,
    under_way: VecDeque<u64>,
    answered: Answered,
}

impl Delivery {
    fn send(&mut self, readings: &[Incoming], arguments: &ReplayArguments, daemon: &mut Link) -> Result<(), Failure> {
        if self.under_way.len() >= UNDER_WAY {
            self.settle(daemon)?;
        }
        let request = RequestBody::Intake {
            origin: arguments.origin.into(),
            provenance: self.provenance.clone(),
            readings: readings.to_vec(),
        };
        self.under_way.push_back(daemon.send(request)?);
        Ok(())
    }

    fn settle(&mut self, daemon: &mut Link) -> Result<(), Failure> {
        match self.under_way.pop_front() {
            Some(id) => self.answered.take(id, daemon, |_, _| Ok(())),
            None => Ok(()),
        }
    }
}
