//! `carbonwatch watch`: the terminal on a site (监视).

use std::path::{Path, PathBuf};

use tokio::runtime::Runtime;

use super::context::{Context, Ending, Link, runtime};
use super::failure::{Failure, Outcome};
use super::plain;
use crate::daemon::starting::connect_or_start;
use crate::domain::text::Explained;
use crate::tui::{self, Options};
use crate::wire::client::{Client, ClientError};

/// How the terminal looks.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct ScreenArguments {
    /// Name of a theme
    #[arg(long)]
    pub theme: Option<String>,
    /// File with keys of one's own, put before those that ship
    #[arg(long, value_name = "FILE")]
    pub keys: Option<PathBuf>,
    /// Draw lines and marks in ASCII
    #[arg(long)]
    pub ascii: bool,
}

/// Arguments of `carbonwatch watch`.
#[derive(Debug, Clone, clap::Args)]
pub struct WatchArguments {
    /// The site's directory
    pub site: PathBuf,
    /// A line for every change instead of a screen, for scripts and screen readers
    #[arg(long)]
    pub plain: bool,
    /// With --plain: only key parameters
    #[arg(long, requires = "plain")]
    pub key: bool,
    /// With --plain: only parameters whose tag or name contains this
    #[arg(long, value_name = "NAME", requires = "plain")]
    pub filter: Option<String>,
    /// With --plain: shortest time between two values of a parameter, in seconds; changes of state come at once
    #[arg(long, value_name = "SECONDS", default_value_t = 0, requires = "plain")]
    pub every: u64,
    /// A wall display: large figures, nothing to work with, waiting for the daemon as long as it takes
    #[arg(long, conflicts_with = "plain")]
    pub wall: bool,
    /// How it looks.
    #[command(flatten)]
    pub screen: ScreenArguments,
}

/// Watches a site, starting its daemon where none runs.
pub fn run(arguments: &WatchArguments, context: &Context) -> Ending {
    if arguments.wall {
        return wall(arguments, context);
    }
    let daemon = context.daemon(&arguments.site)?;
    if arguments.plain {
        return plain::run(daemon, arguments, context);
    }
    let options = options(&arguments.screen, context);
    show(daemon, &arguments.site, &options)
}

/// Shows a site to whoever passes by. Who put it up may be gone: it waits for whatever is not there yet.
fn wall(arguments: &WatchArguments, context: &Context) -> Ending {
    let site = &arguments.site;
    let runtime = runtime()?;
    let connected = runtime.block_on(async {
        match connect_or_start(site, context.localizer.language(), |text| context.say(text)).await {
            Ok(client) => Ok(client),
            // Why it cannot be reached stands on the screen.
            Err(_) => Client::connect(site).await,
        }
    });
    let options = Options {
        wall: true,
        ..options(&arguments.screen, context)
    };
    watch(runtime, connected, site, &options)
}

/// The terminal's options.
pub(super) fn options(screen: &ScreenArguments, context: &Context) -> Options {
    Options {
        language: context.asked_language,
        theme: screen.theme.clone(),
        keys: screen.keys.clone(),
        ascii: screen.ascii,
        wall: false,
    }
}

/// Shows a site until the user leaves.
pub(super) fn show(daemon: Link, site: &Path, options: &Options) -> Ending {
    let Link { runtime, client, .. } = daemon;
    watch(runtime, Ok(client), site, options)
}

fn watch(runtime: Runtime, connected: Result<Client, ClientError>, site: &Path, options: &Options) -> Ending {
    let shown = runtime.block_on(tui::run(site, connected, options));
    // What still reads the keyboard must not hold the program up.
    runtime.shutdown_background();
    shown.map_err(|error| Failure {
        text: error.text(),
        outcome: Outcome::InputOutput,
    })?;
    Ok(Outcome::Done)
}
