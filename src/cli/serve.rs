//! `carbonwatch serve`: the site's daemon, in the foreground or detached (守护进程).

use std::path::PathBuf;

use super::context::{Context, Ending};
use super::failure::{Failure, Outcome};
use crate::daemon::{self, starting};
use crate::domain::text::{Explained, Text};

/// Arguments of `carbonwatch serve`.
#[derive(Debug, Clone, clap::Args)]
pub struct ServeArguments {
    /// The site's directory
    pub site: PathBuf,
    /// Leave the terminal's session; used when a terminal starts the daemon by itself
    #[arg(long, hide = true)]
    pub detached: bool,
}

/// Serves until it is asked to stop.
pub fn run(arguments: &ServeArguments, context: &Context) -> Ending {
    if arguments.detached {
        starting::detach();
    }
    let ready = |site: &std::path::Path| {
        if !arguments.detached {
            context.say(&Text::new("cli-serving").with("site", site.display()));
        }
    };
    daemon::serve(&arguments.site, ready).map_err(|error| Failure {
        text: error.text(),
        outcome: if error.is_in_use() {
            Outcome::Finding
        } else {
            Outcome::InputOutput
        },
    })?;
    Ok(Outcome::Done)
}
