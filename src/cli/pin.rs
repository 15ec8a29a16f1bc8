//! `carbonwatch pin` and `--staff`: who a person is at a shared post (工号与口令).

use std::io::{self, BufRead, IsTerminal};
use std::path::PathBuf;

use super::context::{Context, Ending, unexpected};
use super::correct::recorded;
use super::failure::{Failure, Outcome};
use crate::domain::pin::Pin;
use crate::domain::text::Text;
use crate::wire::message::{ReplyBody, RequestBody};

/// Arguments of `carbonwatch pin`.
#[derive(Debug, Clone, clap::Args)]
pub struct PinArguments {
    /// The site's directory
    pub site: PathBuf,
    /// Whose PIN, by staff number
    pub staff_number: String,
    /// As an administrator, without the old PIN
    #[arg(long)]
    pub reset: bool,
}

/// Sets a person's PIN. On a terminal each is asked for without an echo; otherwise they are read from standard input, a line
/// each: the old one, unless it is reset, then the new one.
pub fn run(arguments: &PinArguments, context: &Context) -> Ending {
    let mut daemon = context.daemon(&arguments.site)?;
    let old = if arguments.reset {
        None
    } else {
        Some(ask(&Text::new("cli-pin-old"), context)?)
    };
    let new = ask(&Text::new("cli-pin-new"), context)?;
    new.check_new(&arguments.staff_number).map_err(Failure::usage)?;
    // Nobody sees what they type.
    if io::stdin().is_terminal() && ask(&Text::new("cli-pin-again"), context)? != new {
        return Err(Failure::usage(Text::new("cli-pin-differ")));
    }
    let body = RequestBody::SetPin {
        staff_number: arguments.staff_number.clone(),
        // A person without a PIN has none to type.
        old: old.filter(|old| !old.digits().is_empty()),
        new,
    };
    let ReplyBody::Recorded(sequence) = daemon.ask(body)? else {
        return Err(unexpected());
    };
    recorded(sequence, &arguments.site, context);
    Ok(Outcome::Done)
}

/// A PIN, typed without an echo, or a line of standard input.
pub(super) fn ask(question: &Text, context: &Context) -> Result<Pin, Failure> {
    let typed = if io::stdin().is_terminal() {
        rpassword::prompt_password(format!("{} ", context.localizer.text(question)))
            .map_err(|_| Failure::usage(Text::new("cli-pin-no-terminal")))?
    } else {
        let mut line = String::new();
        if io::stdin().lock().read_line(&mut line)? == 0 {
            return Err(Failure::usage(Text::new("cli-pin-missing")));
        }
        line
    };
    Ok(Pin::new(typed.trim_end_matches(['\r', '\n'])))
}
