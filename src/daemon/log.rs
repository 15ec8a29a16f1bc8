//! Where the daemon's words go: files under `SITE/log`, a new one each day, the oldest removed; never a terminal.

use std::fs;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::EnvFilter;

/// Days for which logs are kept.
const LOGS_KEPT: usize = 60;

/// The directory of a site's logs.
pub fn directory(site: &Path) -> PathBuf {
    site.join("log")
}

/// Makes that directory, closed to others than the owner and the group of the site.
pub(super) fn make_directory(directory: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o750).create(directory)
}

/// Starts logging for this process. `CARBONWATCH_LOG` chooses what is logged, as `tracing` filters do; `info` otherwise.
///
/// A second call in one process is without effect: the first site's log keeps everything.
pub fn start(site: &Path) -> io::Result<()> {
    let directory = directory(site);
    make_directory(&directory)?;
    let appender = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("daemon")
        .filename_suffix("log")
        .max_log_files(LOGS_KEPT)
        .build(&directory)
        .map_err(io::Error::other)?;
    let filter = EnvFilter::try_from_env("CARBONWATCH_LOG").unwrap_or_else(|_| EnvFilter::new("info,sled=warn"));
    let logging = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(false)
        // On a full disk it would complain to a terminal, line by line, that it cannot log.
        .log_internal_errors(false)
        .with_writer(appender)
        .try_init();
    if logging.is_err() {
        tracing::debug!("logging was started before");
    }
    Ok(())
}
