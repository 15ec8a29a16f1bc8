//! `carbonwatch stop`: ends the daemon cleanly.

use std::path::PathBuf;

use super::context::{Context, Ending};
use super::failure::Outcome;
use crate::domain::text::Text;
use crate::store::SiteLock;
use crate::wire::message::RequestBody;

/// Arguments of `carbonwatch stop`.
#[derive(Debug, Clone, clap::Args)]
pub struct StopArguments {
    /// The site's directory
    pub site: PathBuf,
}

/// Asks the daemon to stop and waits until it has.
pub fn run(arguments: &StopArguments, context: &Context) -> Ending {
    let mut daemon = context.running_daemon(&arguments.site)?;
    daemon.ask(RequestBody::Shutdown)?;
    daemon.wait_for_end();
    // The daemon has said goodbye; when its lock is free it is gone. Others than the owner cannot ask, and need not.
    let _ = SiteLock::acquire(&arguments.site);
    context.say(&Text::new("cli-stopped").with("site", arguments.site.display()));
    Ok(Outcome::Done)
}
