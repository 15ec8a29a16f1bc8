//! Starting a site's daemon when a terminal finds none, as tmux does: detached, and only for the owner of the site.

use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use thiserror::Error;

use crate::domain::text::{Explained, Text, clean};
use crate::locale::Language;
use crate::locale::foreign::system_reason;
use crate::wire::client::{Client, ClientError};

use super::log;
use super::rights::user_name;

/// How long a daemon may take to come up. Recovery after a crash is part of it.
const PATIENCE: Duration = Duration::from_secs(60);

/// How often it is asked whether it is up.
const ASK_EVERY: Duration = Duration::from_millis(40);

/// Largest message of a failed start that is passed on.
const LARGEST_LAST_WORDS: u64 = 4000;

/// Why there is no daemon to talk to.
#[derive(Debug, Error)]
pub enum StartError {
    /// The connection failed for a reason that a start would not mend.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The site belongs to somebody else.
    #[error("no daemon serves {site:?}, and it belongs to {owner}")]
    NotYours {
        /// The site.
        site: PathBuf,
        /// Name of its owner.
        owner: String,
    },
    /// It ended again at once.
    #[error("the daemon did not start: {0}")]
    Failed(String),
    /// It does not answer.
    #[error("the daemon does not answer; see {log:?}")]
    Slow {
        /// Its log directory.
        log: PathBuf,
    },
    /// The process could not be made.
    #[error("cannot start the daemon: {0}")]
    Io(#[from] io::Error),
}

impl Explained for StartError {
    fn text(&self) -> Text {
        match self {
            Self::Client(error) => error.text(),
            Self::NotYours { site, owner } => Text::new("daemon-not-yours")
                .with("site", site.display())
                .with("owner", owner),
            Self::Failed(said) => Text::new("daemon-start-failed").with("said", clean(said)),
            Self::Slow { log } => Text::new("daemon-start-slow")
                .with_count("seconds", PATIENCE.as_secs())
                .with("log", log.display()),
            Self::Io(error) => Text::new("daemon-cannot-start").with_text("error", system_reason(error)),
        }
    }
}

/// Connects to the site's daemon, and starts one first where none runs and the site belongs to this user. `announce` is
/// told when one is started; what it says when it cannot start is in `language`.
pub async fn connect_or_start(
    site: &Path,
    language: Language,
    announce: impl FnOnce(&Text),
) -> Result<Client, StartError> {
    match Client::connect(site).await {
        Err(ClientError::NoDaemon(_)) => {}
        other => return Ok(other?),
    }
    let owner = fs::metadata(site)?.uid();
    if owner != nix::unistd::geteuid().as_raw() {
        return Err(StartError::NotYours {
            site: site.to_owned(),
            owner: user_name(owner),
        });
    }
    announce(&Text::new("daemon-starting").with("site", site.display()));
    let last_words = log::directory(site).join("start.txt");
    let mut child = spawn(site, language, &last_words)?;
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        tokio::time::sleep(ASK_EVERY).await;
        match Client::connect(site).await {
            Err(error) if is_starting(&error) => {}
            // The child may have lost a race against another start; what counts is that one answers.
            other => return Ok(other?),
        }
        if child.try_wait()?.is_some() {
            return match Client::connect(site).await {
                Err(error) if is_starting(&error) => Err(StartError::Failed(read_last_words(&last_words))),
                other => Ok(other?),
            };
        }
    }
    Err(StartError::Slow {
        log: log::directory(site),
    })
}

/// Whether a daemon that comes up, or ends again because it cannot, may be met so: its socket is not there yet, or is
/// closed before a word.
fn is_starting(error: &ClientError) -> bool {
    matches!(
        error,
        ClientError::NoDaemon(_) | ClientError::Io(_) | ClientError::Closed
    )
}

/// Starts this program as the site's daemon. It leaves our session by itself (see [`detach`]); what it has to say before
/// it can log goes into a file.
fn spawn(site: &Path, language: Language, last_words: &Path) -> io::Result<Child> {
    log::make_directory(&log::directory(site))?;
    Command::new(std::env::current_exe()?)
        .arg("serve")
        .arg("--detached")
        .arg("--lang")
        .arg(language.tag())
        .arg("--")
        .arg(fs::canonicalize(site)?)
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(File::create(last_words)?)
        .spawn()
}

/// Leaves the terminal's session, so that the daemon outlives it. Called by the daemon itself, first thing.
pub fn detach() {
    // It fails only where the process leads its session already, which is what is wanted.
    let _ = nix::unistd::setsid();
}

fn read_last_words(path: &Path) -> String {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(LARGEST_LAST_WORDS).read_to_end(&mut bytes));
    match read {
        Ok(_) => String::from_utf8_lossy(&bytes).trim().replace('\n', " "),
        Err(error) => error.to_string(),
    }
}
