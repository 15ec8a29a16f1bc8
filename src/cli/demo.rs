//! `carbonwatch demo`: the terminal on a simulated plant, in a throw-away site (演示).

use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::context::{Context, Ending};
use super::failure::{Failure, Outcome};
use super::init::make_site;
use super::value::whole;
use super::watch::{ScreenArguments, options, show};
use crate::daemon::simulator::{self, Simulation};
use crate::daemon::{Running, log};
use crate::domain::text::{Explained, Text};
use crate::site::template;

/// Seed of the demo plant: every demo shows the same plant.
const SEED: u64 = 2970;

/// How long the history may take before the terminal opens; the rest is filled while it is watched.
const PATIENCE: Duration = Duration::from_secs(8);

/// Arguments of `carbonwatch demo`.
#[derive(Debug, Clone, clap::Args)]
pub struct DemoArguments {
    /// Days of history to fill first
    #[arg(long, default_value_t = 400, value_parser = whole::<u32>(1..=3650))]
    pub days: u32,
    /// How it looks.
    #[command(flatten)]
    pub screen: ScreenArguments,
}

/// A directory that is removed when this is dropped.
struct ThrowAway(PathBuf);

impl ThrowAway {
    fn make() -> Result<Self, Failure> {
        let path = std::env::temp_dir().join(format!("carbonwatch-demo-{}", uuid::Uuid::new_v4()));
        DirBuilder::new()
            .mode(0o700)
            .create(&path)
            .map_err(|error| Failure::file(&path, &error))?;
        Ok(Self(path))
    }
}

impl Drop for ThrowAway {
    fn drop(&mut self) {
        // What cannot be removed lies in the system's temporary directory, which is cleared anyway.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Runs the demo until the user leaves it.
pub fn run(arguments: &DemoArguments, context: &Context) -> Ending {
    let options = options(&arguments.screen, context);
    let home = ThrowAway::make()?;
    let site = home.0.join("site");
    let refused = |error: &dyn Explained| Failure::refused(error.text());
    let demo = template("demo").ok_or_else(|| Failure::refused(Text::new("cli-demo-no-template")))?;
    make_site(&site, demo.text).map_err(|error| refused(&error))?;
    log::start(&site).map_err(|error| Failure::file(&log::directory(&site), &error))?;
    context.say(&Text::new("cli-demo-starting").with_count("days", arguments.days));
    let running = Running::start(&site).map_err(|error| refused(&error))?;
    let shared = Arc::clone(running.shared());
    let serving = std::thread::Builder::new()
        .name("daemon".to_owned())
        .spawn(move || running.serve())?;
    let shown = watch(&site, &shared, arguments, &options, context);
    shared.ask_to_stop(Text::new("daemon-stopped"));
    // The daemon must be done with the directory before it is removed.
    let served = serving.join();
    drop(home);
    let outcome = shown?;
    match served {
        Ok(Ok(())) => Ok(outcome),
        Ok(Err(error)) => Err(refused(&error)),
        Err(_) => Err(Failure::refused(Text::new("daemon-writer-ended"))),
    }
}

fn watch(
    site: &Path,
    shared: &Arc<crate::daemon::job::Shared>,
    arguments: &DemoArguments,
    options: &crate::tui::Options,
    context: &Context,
) -> Ending {
    let simulation = Simulation {
        seed: SEED,
        days: arguments.days,
    };
    let (simulator, filled) = simulator::start(Arc::clone(shared), simulation)?;
    if let Ok(Err(why)) = filled.recv_timeout(PATIENCE) {
        return Err(Failure::refused(why));
    }
    let shown = context
        .running_daemon(site)
        .and_then(|daemon| show(daemon, site, options));
    shared.ask_to_stop(Text::new("daemon-stopped"));
    if simulator.join().is_err() {
        return Err(Failure::refused(Text::new("cli-demo-simulator-ended")));
    }
    shown.map(|_| Outcome::Done)
}
