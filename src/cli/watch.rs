//! `carbonwatch watch`: the terminal on a site (监视).

use std::path::PathBuf;

use super::context::{Context, Ending, Link};
use super::failure::{Failure, Outcome};
use super::plain;
use crate::domain::text::Explained;
use crate::tui::{self, Options};

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
    /// How it looks.
    #[command(flatten)]
    pub screen: ScreenArguments,
}

/// Watches a site, starting its daemon where none runs.
pub fn run(arguments: &WatchArguments, context: &Context) -> Ending {
    let daemon = context.daemon(&arguments.site)?;
    if arguments.plain {
        return plain::run(daemon, arguments, context);
    }
    let options = options(&arguments.screen, context);
    show(daemon, &arguments.site, &options)
}

/// The terminal's options.
pub(super) fn options(screen: &ScreenArguments, context: &Context) -> Options {
    Options {
        language: context.asked_language,
        theme: screen.theme.clone(),
        keys: screen.keys.clone(),
        ascii: screen.ascii,
    }
}

/// Shows a site until the user leaves.
pub(super) fn show(daemon: Link, site: &std::path::Path, options: &Options) -> Ending {
    let Link { runtime, client } = daemon;
    let shown = runtime.block_on(tui::run(site, client, options));
    // What still reads the keyboard must not hold the program up.
    runtime.shutdown_background();
    shown.map_err(|error| Failure {
        text: error.text(),
        outcome: Outcome::InputOutput,
    })?;
    Ok(Outcome::Done)
}
