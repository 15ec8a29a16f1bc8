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
use super::around::ASIDE;
use super::probe::{self, Answers};
use super::repertoire::Repertoire;
use crate::domain::text::Text;

/// Begins and ends what a terminal should show in one go; terminals that do not know it pass over it.
const BEGIN_TOGETHER: &[u8] = b"\x1b[?2026h";
const END_TOGETHER: &[u8] = b"\x1b[?2026l";

/// Has the terminal remember its window's title, and take it back.
const KEEP_TITLE: &str = "\x1b[22;0t";
const RESTORE_TITLE: &str = "\x1b[23;0t";

/// What is known of the terminal, from its environment and from itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Surroundings {
    /// Whether characters are UTF-8: as the terminal shows, otherwise as the locale says.
    pub utf8: bool,
    /// What the terminal itself answered.
    pub answers: Answers,
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
        let utf8 = locale.contains("utf-8") || locale.contains("utf8");
        Self {
            utf8,
            linux_console: set("TERM").is_some_and(|terminal| terminal == "linux"),
            ..Self::default()
        }
    }

    /// With what the terminal itself answered, which knows better than the environment.
    #[must_use]
    pub fn told(self, answers: Answers) -> Self {
        Self {
            utf8: answers.utf8.unwrap_or(self.utf8),
            answers,
            ..self
        }
    }

    /// Whether the terminal showed that it reads something else than UTF-8.
    pub fn foreign_encoding(self) -> bool {
        self.answers.utf8 == Some(false)
    }

    /// What can be sent to it.
    pub fn repertoire(self) -> Repertoire {
        if self.linux_console || self.foreign_encoding() {
            Repertoire::Ascii
        } else if self.answers.ambiguous_wide {
            Repertoire::Unambiguous
        } else {
            Repertoire::All
        }
    }
}

/// The terminal while it is ours. Dropping it gives the terminal back.
#[derive(Debug)]
pub struct Screen {
    terminal: Terminal<CrosstermBackend<AtOnce<Stdout>>>,
}

impl Screen {
    /// Takes the terminal over: raw, on its other screen; and asks it what it is.
    pub fn open(surroundings: Surroundings) -> Result<(Self, Surroundings), TuiError> {
        if !stdin().is_terminal() || !stdout().is_terminal() {
            return Err(TuiError::NotATerminal);
        }
        restore_on_panic();
        let taken = take().and_then(|()| {
            let answers = probe::ask(&mut stdout(), &mut stdin().lock())?;
            let surroundings = surroundings.told(answers);
            let out = AtOnce::new(stdout(), surroundings);
            Ok((Terminal::new(CrosstermBackend::new(out))?, surroundings))
        });
        match taken {
            Ok((terminal, surroundings)) => Ok((Self { terminal }, surroundings)),
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
        // ratatui shows the cursor when it is dropped, and reports a failure on standard error, which panics where that
        // is the same lost connection: the failure is met here, and the writer then keeps quiet.
        let _ = self.terminal.show_cursor();
    }
}

/// Takes the terminal: raw, on its other screen, pastes marked as such.
fn take() -> io::Result<()> {
    enable_raw_mode()?;
    execute!(stdout(), Print(KEEP_TITLE), EnterAlternateScreen, EnableBracketedPaste)
}

/// Gives the terminal to the shell until it gives it back; why not, where no shell would.
pub fn suspend() -> Result<(), Text> {
    if !shell_takes_over() {
        return Err(Text::new("tui-notice-no-shell"));
    }
    restore();
    // All of the job, so that what started us stops as well.
    let stopped = rustix::process::kill_current_process_group(rustix::process::Signal::TSTP);
    // The shell has let us go on, or the stop failed.
    let taken = take();
    let failed = |error: io::Error| Text::new("tui-terminal-failed").with("error", error);
    stopped.map_err(|error| failed(error.into()))?;
    taken.map_err(failed)
}

/// Whether somebody with job control started us: a parent of the same session that is not of our own job. Without one
/// nothing would ever let us go on, and the kernel does not stop us in the first place. (A session or group whose leader is
/// outside our container has the number 0, which rustix's process ids cannot hold.)
fn shell_takes_over() -> bool {
    use nix::unistd::{getpgid, getpgrp, getppid, getsid};
    let parent = getppid();
    let same_session = matches!((getsid(Some(parent)), getsid(None)), (Ok(theirs), Ok(ours)) if theirs == ours);
    same_session && getpgid(Some(parent)).is_ok_and(|group| group != getpgrp())
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
            // It is caught where it happens, and the terminal is still drawn on.
            if std::thread::current().name() == Some(ASIDE) {
                return;
            }
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
/// one packet instead of many on a slow link. A terminal that failed is reported once; what is written after
/// that goes nowhere.
#[derive(Debug)]
pub struct AtOnce<W: Write> {
    inner: W,
    /// Whether the terminal failed.
    lost: bool,
    collected: Vec<u8>,
    repertoire: Repertoire,
    /// Whether the terminal knows the marks of one picture.
    together: bool,
}

impl<W: Write> AtOnce<W> {
    /// Over a writer to a terminal.
    pub fn new(inner: W, surroundings: Surroundings) -> Self {
        Self {
            inner,
            lost: false,
            collected: Vec::new(),
            repertoire: surroundings.repertoire(),
            together: surroundings.answers.together,
        }
    }
}

impl<W: Write> Write for AtOnce<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.collected.is_empty() && self.together {
            self.collected.extend_from_slice(BEGIN_TOGETHER);
        }
        self.collected.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.collected.is_empty() {
            return Ok(());
        }
        if self.together {
            self.collected.extend_from_slice(END_TOGETHER);
        }
        let sent = self.repertoire.sent(&self.collected);
        self.collected.clear();
        if self.lost {
            return Ok(());
        }
        let written = self.inner.write_all(&sent).and_then(|()| self.inner.flush());
        self.lost = written.is_err();
        written
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
    fn the_terminal_knows_better_than_its_environment() {
        let answers = |utf8, ambiguous_wide| Answers {
            utf8,
            ambiguous_wide,
            together: false,
        };
        let utf8 = of(&[("LANG", "zh_CN.UTF-8"), ("TERM", "xterm")]);
        assert_eq!(utf8.told(answers(Some(false), false)).repertoire(), Repertoire::Ascii);
        assert_eq!(
            utf8.told(answers(Some(true), true)).repertoire(),
            Repertoire::Unambiguous
        );
        assert_eq!(utf8.told(answers(None, false)), utf8);
        let plain = of(&[("LANG", "C")]);
        assert!(plain.told(answers(Some(true), false)).utf8);
        assert_eq!(of(&[("TERM", "linux")]).repertoire(), Repertoire::Ascii);
    }

    #[test]
    fn a_picture_is_written_in_one_go() {
        let together = Surroundings::default().told(Answers {
            together: true,
            ..Answers::default()
        });
        let mut out = AtOnce::new(Vec::new(), together);
        out.write_all(b"one ").unwrap();
        out.write_all(b"two").unwrap();
        assert!(out.inner.is_empty());
        out.flush().unwrap();
        out.flush().unwrap();
        assert_eq!(out.inner, b"\x1b[?2026hone two\x1b[?2026l");
    }

    /// A terminal whose connection is gone.
    #[derive(Debug, Default)]
    struct Gone(usize);

    impl Write for Gone {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            self.0 += 1;
            Err(io::Error::from_raw_os_error(5))
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_lost_terminal_is_reported_once() {
        let mut out = AtOnce::new(Gone::default(), Surroundings::default());
        out.write_all(b"one").unwrap();
        assert!(out.flush().is_err());
        out.write_all(b"two").unwrap();
        out.flush().unwrap();
        assert_eq!(out.inner.0, 1);
    }
}
