//! `carbonwatch watch --plain`: a line for every change, for scripts and screen readers (逐行播报).
//!
//! At first every parameter that is wanted gets its line, then each gets one when its value changes or its state does.
//! A connection that is lost is told, and made again for as long as it takes.

use std::collections::HashMap;
use std::io::{self, Write};
use std::time::{Duration, Instant as Moment};

use tokio::sync::mpsc;

use super::context::{Context, Ending, Link, runtime_of};
use super::failure::Outcome;
use super::list::{Wanted, line};
use super::watch::WatchArguments;
use crate::domain::identity::ParameterId;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::tui::connection::keep;
use crate::tui::link::LinkEvent;
use crate::tui::plant::{Condition, Plant, condition};
use crate::wire::message::{FromDaemon, Request, RequestBody};

/// Events that may wait; a reader that is slow keeps the daemon's mailbox, which coalesces, from being emptied.
const WAITING: usize = 16;

/// How often it is looked whether a value has become stale.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// What was said of a parameter last.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Said {
    value: Option<(Instant, i64)>,
    condition: Condition,
    when: Moment,
}

struct Reader<'a> {
    arguments: &'a WatchArguments,
    context: &'a Context,
    wanted: Wanted,
    plant: Option<Plant>,
    said: HashMap<ParameterId, Said>,
    started: Moment,
}

/// Watches and tells until the reader leaves.
pub(super) fn run(daemon: Link, arguments: &WatchArguments, context: &Context) -> Ending {
    let (runtime, client) = runtime_of(daemon);
    let site = arguments.site.clone();
    let mut reader = Reader {
        arguments,
        context,
        wanted: Wanted::new(arguments.key, arguments.filter.as_deref()),
        plant: None,
        said: HashMap::new(),
        started: Moment::now(),
    };
    let ended: io::Result<()> = runtime.block_on(async {
        let (events_in, mut events) = mpsc::channel(WAITING);
        let (requests, requests_out) = mpsc::channel(WAITING);
        let keeper = tokio::spawn(keep(site, Ok(client), events_in, requests_out));
        let mut looks = tokio::time::interval(LOOK_EVERY);
        looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
        loop {
            tokio::select! {
                event = events.recv() => match event {
                    Some(event) => reader.take(event, &requests).await?,
                    None => break,
                },
                _ = looks.tick() => reader.tell()?,
            }
        }
        keeper.abort();
        Ok(())
    });
    runtime.shutdown_background();
    ended?;
    Ok(Outcome::Done)
}

impl Reader<'_> {
    async fn take(&mut self, event: LinkEvent, requests: &mpsc::Sender<Request>) -> io::Result<()> {
        match event {
            LinkEvent::Up { .. } => {
                let request = Request {
                    id: 1,
                    key: None,
                    body: RequestBody::Watch,
                };
                // The keeper lives as long as this does.
                let _ = requests.send(request).await;
                Ok(())
            }
            LinkEvent::Down { why, retry_in } => {
                let text = Text::new("cli-plain-lost")
                    .with_text("why", why)
                    .with_count("seconds", retry_in.as_secs().max(1));
                self.say(&self.context.localizer.text(&text))
            }
            LinkEvent::Message(message) => self.hear(*message),
        }
    }

    fn hear(&mut self, message: FromDaemon) -> io::Result<()> {
        match message {
            FromDaemon::Snapshot(snapshot) => {
                self.context.localizer.keep_time_of(snapshot.model.zone);
                let again = self.plant.is_some();
                self.plant = Some(Plant::new(*snapshot, self.started.elapsed()));
                if again {
                    let text = self.context.localizer.plain("cli-plain-again");
                    self.say(&text)?;
                }
            }
            FromDaemon::Delta(delta) => {
                if let Some(plant) = &mut self.plant {
                    plant.take(*delta, self.started.elapsed());
                }
            }
            FromDaemon::Reply { result: Err(why), .. } | FromDaemon::Goodbye(why) => {
                let text = self.context.localizer.text(&why);
                self.say(&text)?;
            }
            FromDaemon::Reply { result: Ok(_), .. } | FromDaemon::Post { .. } | FromDaemon::Roles(_) => {}
        }
        self.tell()
    }

    /// Tells what changed since it was told.
    fn tell(&mut self) -> io::Result<()> {
        let Some(plant) = &self.plant else {
            return Ok(());
        };
        let now = plant.now(self.started.elapsed());
        let moment = Moment::now();
        let every = Duration::from_secs(self.arguments.every);
        let mut out = io::stdout().lock();
        for parameter in plant.parameters.iter().filter(|parameter| self.wanted.takes(parameter)) {
            let saying = Said {
                value: parameter.newest.map(|newest| (newest.at, newest.value)),
                condition: condition(parameter, now),
                when: moment,
            };
            if let Some(said) = self.said.get(&parameter.id) {
                let same_value = said.value.map(|(_, value)| value) == saying.value.map(|(_, value)| value);
                let same = same_value && said.condition == saying.condition;
                // A state that changes is told at once, whatever the pause between values.
                let too_soon = said.condition == saying.condition && moment.duration_since(said.when) < every;
                if same || too_soon {
                    continue;
                }
            }
            self.said.insert(parameter.id, saying);
            let time = stamp(plant, now);
            writeln!(out, "{time} {}", line(parameter, now, self.context))?;
        }
        out.flush()
    }

    fn say(&self, text: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        let time = self
            .plant
            .as_ref()
            .map(|plant| format!("{} ", stamp(plant, plant.now(self.started.elapsed()))));
        writeln!(out, "{}{text}", time.unwrap_or_default())?;
        out.flush()
    }
}

/// The site's time of day.
fn stamp(plant: &Plant, now: Instant) -> String {
    plant.model.zone.local(now).format("%H:%M:%S").to_string()
}
