//! `carbonwatch stop`: ends the daemon cleanly.

use std::path::PathBuf;

use super::context::{Context, Ending};
use super::failure::Outcome;
use crate::domain::text::Text;
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
    context.say(&Text::new("cli-stopped").with("site", arguments.site.display()));
    Ok(Outcome::Done)
}
