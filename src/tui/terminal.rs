//! The real terminal: taken over when the screen opens, given back however it ends.

use std::future::Future;
use std::io::{self, IsTerminal, Stdout, Write, stdin, stdout};
use std::sync::Once;

use crossterm::cursor::Show;
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::style::Print;
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use crossterm::{execute, queue};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use tokio::signal::unix::{SignalKind, signal};

use super::TuiError;

/// Begins and ends what a terminal should show in one go; terminals that do not know it pass over it.
const BEGIN_TOGETHER: &[u8] = b"\x1b[?2026h";
const END_TOGETHER: &[u8] = b"\x1b[?2026l";

/// Has the terminal remember its window's title, and take it back.
const KEEP_TITLE: &str = "\x1b[22;0t";
const RESTORE_TITLE: &str = "\x1b[23;0t";

/// What is known of the terminal from its environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Surroundings {
    /// Whether the locale's characters are UTF-8.
    pub utf8: bool,
    /// Whether it is the kernel's own console, whose fonts have no Chinese.
    pub linux_console: bool,
}

impl Surroundings {
    /// Of this process.
    pub fn of_process() -> Self {
        Self::from_environment(|name| std::env::var(name).ok())
    }

    /// Of an environment: the first of `LC_ALL`, `LC_CTYPE` and `LANG` that is set decides about characters.
    pub fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
            .into_iter()
            .find_map(set)
            .unwrap_or_default();
        let locale = locale.to_ascii_lowercase();
        Self {
            utf8: locale.contains("utf-8") || locale.contains("utf8"),
            linux_console: set("TERM").is_some_and(|terminal| terminal == "linux"),
        }
    }
}

/// The terminal while it is ours. Dropping it gives the terminal back.
#[derive(Debug)]
pub struct Screen {
    terminal: Terminal<CrosstermBackend<AtOnce<Stdout>>>,
}

impl Screen {
    /// Takes the terminal over: raw, on its other screen.
    pub fn open() -> Result<Self, TuiError> {
        if !stdin().is_terminal() || !stdout().is_terminal() {
            return Err(TuiError::NotATerminal);
        }
        restore_on_panic();
        enable_raw_mode()?;
        let taken = execute!(stdout(), Print(KEEP_TITLE), EnterAlternateScreen, EnableBracketedPaste)
            .and_then(|()| Terminal::new(CrosstermBackend::new(AtOnce::new(stdout()))));
        match taken {
            Ok(terminal) => Ok(Self { terminal }),
            Err(error) => {
                restore();
                Err(error.into())
            }
        }
    }

    /// To draw on.
    pub fn terminal(&mut self) -> &mut Terminal<CrosstermBackend<AtOnce<Stdout>>> {
        &mut self.terminal
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        restore();
    }
}

/// Gives the terminal back. What fails is passed over: there is nothing left to say it on.
fn restore() {
    let mut out = stdout();
    let _ = out.write_all(END_TOGETHER);
    let _ = queue!(
        out,
        DisableBracketedPaste,
        LeaveAlternateScreen,
        Show,
        Print(RESTORE_TITLE)
    );
    let _ = out.flush();
    let _ = disable_raw_mode();
}

/// Has a panic give the terminal back before it is reported, so that the report can be read.
fn restore_on_panic() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let report = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            restore();
            report(panic);
        }));
    });
}

/// Ready when the process is told to end: the connection of the terminal is gone, or somebody asks for it.
pub fn ended_by_signal() -> io::Result<impl Future<Output = ()>> {
    let mut terminated = signal(SignalKind::terminate())?;
    let mut hung_up = signal(SignalKind::hangup())?;
    let mut interrupted = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminated.recv() => {}
            _ = hung_up.recv() => {}
            _ = interrupted.recv() => {}
        }
    })
}

/// Collects what is written until it is flushed, and then writes it in one go, marked as one picture: no tearing, and
/// one packet instead of many on a slow link.
#[derive(Debug)]
pub struct AtOnce<W: Write> {
    inner: W,
    collected: Vec<u8>,
}

impl<W: Write> AtOnce<W> {
    /// Over a writer.
    pub const fn new(inner: W) -> Self {
        Self {
            inner,
            collected: Vec::new(),
        }
    }
}

impl<W: Write> Write for AtOnce<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.collected.is_empty() {
            self.collected.extend_from_slice(BEGIN_TOGETHER);
        }
        self.collected.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.collected.is_empty() {
            return Ok(());
        }
        self.collected.extend_from_slice(END_TOGETHER);
        let written = self.inner.write_all(&self.collected);
        self.collected.clear();
        written?;
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(set: &[(&str, &str)]) -> Surroundings {
        Surroundings::from_environment(|name| {
            set.iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn the_locale_decides_about_characters() {
        assert!(of(&[("LANG", "zh_CN.UTF-8")]).utf8);
        assert!(of(&[("LANG", "C.utf8")]).utf8);
        assert!(!of(&[("LANG", "zh_CN.GB18030")]).utf8);
        assert!(!of(&[("LC_ALL", "C"), ("LANG", "zh_CN.UTF-8")]).utf8);
        assert!(of(&[("LC_ALL", ""), ("LC_CTYPE", "en_US.UTF-8"), ("LANG", "C")]).utf8);
        assert!(!of(&[]).utf8);
        assert!(of(&[("TERM", "linux")]).linux_console);
        assert!(!of(&[("TERM", "xterm-256color")]).linux_console);
    }

    #[test]
    fn a_picture_is_written_in_one_go() {
        let mut out = AtOnce::new(Vec::new());
        out.write_all(b"one ").unwrap();
        out.write_all(b"two").unwrap();
        assert!(out.inner.is_empty());
        out.flush().unwrap();
        out.flush().unwrap();
        assert_eq!(out.inner, b"\x1b[?2026hone two\x1b[?2026l");
    }
}
