//! The simulated plant as a source of data: first a history, as fast as it goes, then live at the pace of the wall clock.
//!
//! The history is coarser than the live data, as far as the gaps that the model allows let it be: a year of every ten
//! seconds would make whoever starts the demo wait.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::connect::simulate::{Plant, SimulateError};
use crate::domain::actor::Actor;
use crate::domain::model::SiteModel;
use crate::domain::reading::{Incoming, Origin, ParameterKind};
use crate::domain::text::{Explained, Text};
use crate::domain::time::{HOUR_MS, Instant};
use crate::engine::command::Provenance;
use crate::locale::foreign::system_reason;
use crate::wire::live::Feed;
use crate::wire::message::RequestBody;

use super::job::Shared;
use super::system;

/// Name of the feed.
const NAME: &str = "simulator";

/// Readings in one request.
const BATCH: usize = 20_000;

/// Batches that are made ahead.
const AHEAD: usize = 4;

/// How much of the past is as fine as the live data.
const FINE_MS: i64 = 6 * HOUR_MS;

/// Time simulated in one go.
const STRIDE_MS: i64 = 6 * HOUR_MS;

/// Pace of the live data.
const BEAT: Duration = Duration::from_millis(500);

/// What a simulator is asked to do.
#[derive(Debug, Clone, Copy)]
pub struct Simulation {
    /// Seed: the same gives the same plant.
    pub seed: u64,
    /// Days of history before the live data.
    pub days: u32,
}

/// Whether the history is filled, or why it is not.
pub type Filled = Result<(), Text>;

/// Starts the simulator on its own thread. The receiver hears once that the history is filled, or why it is not.
pub fn start(shared: Arc<Shared>, simulation: Simulation) -> io::Result<(JoinHandle<()>, Receiver<Filled>)> {
    let (tell, told) = sync_channel(1);
    let thread = std::thread::Builder::new().name(NAME.to_owned()).spawn(move || {
        let ended = run(&shared, simulation, &tell);
        if let Err(why) = ended {
            report(&shared, None, String::new(), Some(why.clone()));
            // Whoever waits for the history hears why there is none.
            let _ = tell.try_send(Err(why));
        }
    })?;
    Ok((thread, told))
}

fn run(shared: &Arc<Shared>, simulation: Simulation, tell: &SyncSender<Filled>) -> Result<(), Text> {
    let model = shared.model().ok_or_else(|| Text::new("daemon-no-model"))?;
    let failed = |error: SimulateError| error.text();
    let mut fine = Plant::new(&model, simulation.seed).map_err(failed)?;
    let coarse = Plant::new(&coarser(&model), simulation.seed).map_err(failed)?;
    let now = system::clocks().wall;
    let switch = now.plus(-FINE_MS);
    fill(
        shared,
        coarse,
        now.plus(-i64::from(simulation.days) * 24 * HOUR_MS),
        switch,
    )?;
    let mut reached = switch;
    let mut filled = false;
    while shared.stop.borrow().is_none() {
        let now = system::clocks().wall;
        let readings: Vec<Incoming> = fine
            .deliveries(reached, now)
            .map(|delivery| delivery.incoming)
            .collect();
        reached = reached.max(now);
        for batch in readings.chunks(BATCH) {
            // While nothing is accepted the simulated plant goes on all the same, as a real one would.
            let trouble = intake(shared, batch.to_vec(), false).err();
            report(shared, batch.last(), "1×".to_owned(), trouble);
        }
        // The clock follows what came: nothing was silent in between.
        shared.ask(Actor::daemon(), None, RequestBody::SetClock { now })?;
        if !filled {
            filled = true;
            // Nobody waits any more when the demo is left during its start.
            let _ = tell.try_send(Ok(()));
        }
        std::thread::sleep(BEAT);
    }
    Ok(())
}

/// Fills the history: one thread makes batches, this one hands them over.
fn fill(shared: &Arc<Shared>, mut plant: Plant, from: Instant, to: Instant) -> Result<(), Text> {
    let (make, made) = sync_channel::<Vec<Incoming>>(AHEAD);
    let maker = std::thread::Builder::new()
        .name("simulated-past".to_owned())
        .spawn(move || {
            let mut at = from;
            let mut batch = Vec::with_capacity(BATCH);
            while at < to {
                let next = at.plus(STRIDE_MS).min(to);
                for delivery in plant.deliveries(at, next) {
                    batch.push(delivery.incoming);
                    if batch.len() >= BATCH && make.send(std::mem::take(&mut batch)).is_err() {
                        return;
                    }
                }
                at = next;
            }
            // The other end is gone when the demo is left during its start.
            let _ = make.send(batch);
        });
    maker.map_err(|error| Text::new("daemon-no-thread").with_text("error", system_reason(&error)))?;
    for batch in made {
        let reached = batch.last().copied();
        intake(shared, batch, true)?;
        if let Some(reached) = reached {
            let days = to.since(reached.slot.at) / (24 * HOUR_MS);
            report(shared, Some(&reached), format!("−{days} d"), None);
        }
    }
    Ok(())
}

fn intake(shared: &Shared, readings: Vec<Incoming>, past: bool) -> Result<(), Text> {
    if readings.is_empty() {
        return Ok(());
    }
    let request = RequestBody::Intake {
        origin: Origin::Simulated,
        provenance: Provenance {
            name: NAME.to_owned(),
            past,
            ..Provenance::default()
        },
        readings,
    };
    shared.ask(Actor::daemon(), None, request).map(drop)
}

fn report(shared: &Shared, newest: Option<&Incoming>, last: String, trouble: Option<Text>) {
    let now = system::clocks().wall;
    let at = newest.map(|reading| reading.slot.end());
    shared.feeds.report(Feed {
        name: NAME.to_owned(),
        last,
        at,
        lag_ms: at.map(|at| now.since(at)),
        clock_offset_ms: None,
        trouble,
    });
}

/// The model with longer intervals between readings: of flows as long as no gap arises, of counters a quarter of an hour,
/// of what is only watched an hour.
fn coarser(model: &SiteModel) -> SiteModel {
    let mut model = model.clone();
    for parameter in &mut model.parameters {
        let interval = parameter.interval_ms;
        let wanted = match parameter.kind {
            ParameterKind::Flow => parameter.gap_limit_ms * 6 / 10,
            ParameterKind::Counter => HOUR_MS / 4,
            ParameterKind::State => HOUR_MS,
            ParameterKind::Amount | ParameterKind::Property => interval,
        };
        if interval > 0 {
            // Whole multiples keep the stamps where the finer plant has them too.
            parameter.interval_ms = interval * (wanted / interval).max(1);
        }
    }
    model
}
