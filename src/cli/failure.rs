//! How a command can fail, and the exit code that says so to scripts.

use std::io;
use std::process::ExitCode;

use crate::daemon::starting::StartError;
use crate::domain::decimal::NumberError;
use crate::domain::text::{Explained, Text, clean};
use crate::locale::foreign::system_reason;
use crate::wire::client::ClientError;

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
        NumberError::Comma(given) => Text::new("cli-number-comma").with("given", clean(given)),
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

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self {
            text: Text::new("cli-output-failed").with_text("error", system_reason(&error)),
            outcome: Outcome::InputOutput,
        }
    }
}
