//! How a command can fail, and the exit code that says so to scripts.

use std::io;
use std::process::ExitCode;

use super::calc::CalcError;
use super::check::CheckError;
use super::init::InitError;
use crate::daemon::starting::StartError;
use crate::domain::comma::Meanings;
use crate::domain::decimal::NumberError;
use crate::domain::text::{Explained, Text};
use crate::locale::foreign::system_reason;
use crate::wire::client::ClientError;

/// Id of the text of an answer that nobody reads any more.
const READER_GONE: &str = "system-reader-gone";

/// The exit codes, which do not change: scripts rely on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Done (0).
    Done,
    /// Done, with something found that needs attention; or refused, with nothing changed (1).
    Finding,
    /// The command line makes no sense (2).
    Usage,
    /// No daemon, or no permission (3).
    NoDaemon,
    /// A file or the connection failed (74).
    InputOutput,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(match outcome {
            Outcome::Done => 0,
            Outcome::Finding => 1,
            Outcome::Usage => 2,
            Outcome::NoDaemon => 3,
            Outcome::InputOutput => 74,
        })
    }
}

/// Why a command failed: what the user is told, and how it ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What happened and what to do.
    pub text: Text,
    /// How it ends.
    pub outcome: Outcome,
}

impl Failure {
    /// The command line makes no sense.
    pub fn usage(text: Text) -> Self {
        Self {
            text,
            outcome: Outcome::Usage,
        }
    }

    /// A number that a person typed cannot be used.
    pub fn number(error: &NumberError) -> Self {
        Self::usage(number_text(error))
    }

    /// Something was refused.
    pub fn refused(text: Text) -> Self {
        Self {
            text,
            outcome: Outcome::Finding,
        }
    }

    /// The connection ended before the answer to a write, and could not be made again: nobody knows what became of it.
    pub fn unanswered(error: &ClientError, site: &std::path::Path) -> Self {
        Self {
            text: Text::new("cli-unanswered")
                .with_text("why", error.text())
                .with("site", site.display()),
            outcome: Outcome::InputOutput,
        }
    }

    /// Whether all that happened is that nobody reads the answer any more, as `head` does when it has enough: nothing to
    /// tell anybody.
    pub fn is_end_of_reader(&self) -> bool {
        self.text.id == READER_GONE
    }

    /// A file failed.
    pub fn file(path: &std::path::Path, error: &io::Error) -> Self {
        Self {
            text: Text::new("cli-file-failed")
                .with("path", path.display())
                .with_text("error", system_reason(error)),
            outcome: Outcome::InputOutput,
        }
    }
}

/// What is wrong with a number that a person typed: there is no mapping that could say what a comma means.
pub(super) fn number_text(error: &NumberError) -> Text {
    match error {
        NumberError::Comma(given) => Meanings::of(given).advice(given),
        other => other.text(),
    }
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        let outcome = match &error {
            ClientError::Request(_) => Outcome::Finding,
            ClientError::NoSite(_) => Outcome::Usage,
            ClientError::NoDaemon(_) | ClientError::NotPermitted(_) | ClientError::Refused(_) => Outcome::NoDaemon,
            ClientError::Goodbye(_)
            | ClientError::Closed
            | ClientError::Silent
            | ClientError::Frame(_)
            | ClientError::Io(_)
            | ClientError::Unexpected => Outcome::InputOutput,
        };
        Self {
            text: error.text(),
            outcome,
        }
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Client(error) => error.into(),
            error @ (StartError::NotYours { .. } | StartError::Failed(_) | StartError::Slow { .. }) => Self {
                text: error.text(),
                outcome: Outcome::NoDaemon,
            },
            error @ StartError::Io(_) => Self {
                text: error.text(),
                outcome: Outcome::InputOutput,
            },
        }
    }
}

impl From<InitError> for Failure {
    fn from(error: InitError) -> Self {
        match error {
            InitError::Write(error) => error.into(),
            InitError::InputOutput { .. } => Self {
                text: error.text(),
                outcome: Outcome::InputOutput,
            },
            _ => Self::refused(error.text()),
        }
    }
}

impl From<CheckError> for Failure {
    fn from(error: CheckError) -> Self {
        match error {
            CheckError::Write(error) => error.into(),
            CheckError::Read { .. } => Self {
                text: error.text(),
                outcome: Outcome::InputOutput,
            },
            CheckError::NoSite(_) => Self::usage(error.text()),
            CheckError::Catalogue(_) => Self::refused(error.text()),
        }
    }
}

impl From<CalcError> for Failure {
    fn from(error: CalcError) -> Self {
        match error {
            CalcError::Write(error) => error.into(),
            _ => Self::refused(error.text()),
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self {
            text: match error.kind() {
                io::ErrorKind::BrokenPipe => Text::new(READER_GONE),
                _ => Text::new("cli-output-failed").with_text("error", system_reason(&error)),
            },
            outcome: Outcome::InputOutput,
        }
    }
}
