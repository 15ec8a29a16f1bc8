//! `carbonwatch stop`: ends the daemon cleanly.

use std::path::PathBuf;

use super::context::{Context, Ending, Link, runtime};
use super::failure::Outcome;
use crate::domain::text::Text;
use crate::store::SiteLock;
use crate::wire::client::{Client, ClientError};
use crate::wire::message::RequestBody;

/// Arguments of `carbonwatch stop`.
#[derive(Debug, Clone, clap::Args)]
pub struct StopArguments {
    /// The site's directory
    pub site: PathBuf,
}

/// Asks the daemon to stop and waits until it has. Where none runs, that is said.
pub fn run(arguments: &StopArguments, context: &Context) -> Ending {
    let runtime = runtime()?;
    let mut daemon = match runtime.block_on(Client::connect(&arguments.site)) {
        Ok(client) => Link::new(runtime, client, &arguments.site, context.localizer.language()),
        Err(ClientError::NoDaemon(_)) => {
            context.say(&Text::new("cli-not-running").with("site", arguments.site.display()));
            return Ok(Outcome::NoDaemon);
        }
        Err(error) => return Err(error.into()),
    };
    daemon.ask(RequestBody::Shutdown)?;
    daemon.wait_for_end();
    // The daemon has said goodbye; when its lock is free it is gone. Others than the owner cannot ask, and need not.
    let _ = SiteLock::acquire(&arguments.site);
    context.say(&Text::new("cli-stopped").with("site", arguments.site.display()));
    Ok(Outcome::Done)
}
