//! The terminal (终端界面): what an operator sees and presses, over SSH at 80×24 and up.
//!
//! One loop waits for keys, the daemon and the clock ([`event_loop`]); what happened changes the [`model`] by a pure
//! function ([`update`]); the [`panes`] draw from it. Everything that is shown comes from the daemon or from what the
//! user pressed; nothing here decides or computes a figure.

pub mod alarms;
pub mod anomalies;
pub mod around;
pub mod attaching;
pub mod burst;
pub mod chart;
pub mod command;
pub mod connection;
pub mod entry;
pub mod event_loop;
pub mod fault;
mod form;
pub mod gap;
pub mod glyphs;
pub mod handover;
pub mod inbox;
pub mod keymap;
pub mod ledger;
pub mod link;
pub mod log;
pub mod model;
pub mod note;
pub mod note_closing;
pub mod overlay;
pub mod own;
pub mod pane;
pub mod panes;
pub mod pinyin;
pub mod plant;
pub mod preferences;
pub mod probe;
pub mod quality_plan;
pub mod renewed;
pub mod repertoire;
pub mod second_check;
pub mod several;
pub mod sign_on;
mod signing;
pub mod terminal;
#[cfg(test)]
mod tests;
pub mod theme;
pub mod trend;
mod unanswered;
pub mod update;
pub mod widgets;
pub mod workbook;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crossterm::event::EventStream;
use ratatui::layout::Size;
use thiserror::Error;
use tokio::sync::mpsc;

use self::around::{Around, Between};
use self::fault::{FileFault, Source};
use self::keymap::Keymap;
use self::link::Link;
use self::model::{Model, Shown};
use self::own::OwnPlaces;
use self::repertoire::Repertoire;
use self::terminal::{Screen, Surroundings};
use self::theme::{Theme, ThemeError, Themes};
use self::update::{Effect, Msg};
use crate::domain::text::{Explained, Text};
use crate::locale::foreign::system_reason;
use crate::locale::{Language, Localizer};
use crate::wire::client::{Client, ClientError};

/// Messages of the daemon that may wait to be drawn. More than that makes the daemon coalesce.
const WAITING_EVENTS: usize = 64;

/// Requests that may wait to be sent.
const WAITING_REQUESTS: usize = 64;

/// How the user wants the terminal to be.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// `--lang`; the environment's language where none is given.
    pub language: Option<Language>,
    /// Name of a theme; chosen by the environment where none is given.
    pub theme: Option<String>,
    /// A file with keys of the user's own; `keys.toml` among the user's settings where none is given.
    pub keys: Option<PathBuf>,
    /// Whether lines and marks are drawn in ASCII although the locale has more: for terminals that draw ambiguous
    /// characters two cells wide.
    pub ascii: bool,
    /// Whether it hangs on the wall.
    pub wall: bool,
}

/// Why the terminal cannot be used.
#[derive(Debug, Error)]
pub enum TuiError {
    /// Standard input or output is not a terminal.
    #[error("standard input and output must be a terminal")]
    NotATerminal,
    /// The terminal failed.
    #[error("the terminal failed: {0}")]
    Io(#[from] io::Error),
    /// No such theme, or a bad one.
    #[error(transparent)]
    Theme(#[from] ThemeError),
}

impl Explained for TuiError {
    fn text(&self) -> Text {
        match self {
            Self::NotATerminal => Text::new("tui-not-a-terminal"),
            Self::Io(error) => Text::new("tui-terminal-failed").with_text("error", system_reason(error)),
            Self::Theme(error) => Text::new("tui-bad-theme").with_text("error", error.text()),
        }
    }
}

/// Watches a site until the user leaves or a signal ends it. `connected` is the first connection to its daemon, or why there
/// is none yet; it is made again by itself, for ever.
pub async fn run(site: &Path, connected: Result<Client, ClientError>, options: &Options) -> Result<(), TuiError> {
    let places = OwnPlaces::of_process();
    // What is wrong with the command is told where it was given.
    let own = Own::read(options, &places)?;
    let (mut screen, surroundings) = Screen::open(Surroundings::of_process())?;
    let (shown, notice, faults) = shown(options, surroundings, own);
    let (events_in, events) = mpsc::channel(WAITING_EVENTS);
    let (requests, requests_out) = mpsc::channel(WAITING_REQUESTS);
    let connection = tokio::spawn(connection::keep(site.to_owned(), connected, events_in, requests_out));
    let (done_in, done) = mpsc::unbounded_channel();
    let mut around = Around::new(
        io::stdout(),
        Between::from_environment(|name| std::env::var(name).ok()),
        Themes { own: places.themes() },
        &places,
        done_in,
    );
    let mut model = Model::new(shown, Size::default());
    model.wall = options.wall;
    model.lot = uuid::Uuid::new_v4();
    model.notice = faults
        .first()
        .map(|first| Text::new("tui-notice-faults").with_text("first", first.clone()));
    model.notice = model.notice.or(notice);
    model.faults = faults;
    let result = event_loop::drive(
        screen.terminal(),
        EventStream::new(),
        Link { events, requests },
        done,
        terminal::ended_by_signal()?,
        |effect| match effect {
            Effect::Suspend => terminal::suspend().err().map(Msg::NotSuspended),
            effect => around.carry_out(effect),
        },
        &mut model,
    )
    .await;
    connection.abort();
    drop(screen);
    Ok(result?)
}

/// The user's settings.
struct Own {
    theme: Theme,
    themes: Vec<String>,
    keymap: Keymap,
    faults: Vec<FileFault>,
}

impl Own {
    fn read(options: &Options, places: &OwnPlaces) -> Result<Self, TuiError> {
        let themes = Themes { own: places.themes() };
        let fallback = Theme::name_for(|name| std::env::var(name).ok());
        let (keymap, mut faults) = keymap(options.keys.clone(), places);
        let theme = match themes.load(options.theme.as_deref().unwrap_or(fallback)) {
            // A file with a fault must not keep anybody from seeing the plant.
            Err(ThemeError::Fault(fault)) => {
                faults.push(fault);
                Themes::default().load(fallback)?
            }
            loaded => loaded?,
        };
        Ok(Self {
            theme,
            themes: themes.names(),
            keymap,
            faults,
        })
    }
}

/// How things are shown where the terminal is what it is, and what must be said about that and about the user's files.
fn shown(options: &Options, surroundings: Surroundings, own: Own) -> (Shown, Option<Text>, Vec<Text>) {
    let wanted = options.language.unwrap_or_else(Language::of_process);
    // Who asks for Chinese by name may know better than the locale; the Linux console never can, nor can a window that
    // showed that it reads another encoding.
    let chinese_drawable = !surroundings.linux_console
        && !surroundings.foreign_encoding()
        && (surroundings.utf8 || options.language == Some(Language::Chinese));
    let (language, notice) = match wanted {
        // One line of ASCII, in English whatever the language: nothing else can be read in such a window.
        _ if surroundings.foreign_encoding() => (Language::English, Some(Text::new("tui-notice-foreign-encoding"))),
        Language::Chinese if surroundings.linux_console => {
            (Language::English, Some(Text::new("tui-notice-linux-console")))
        }
        Language::Chinese if !chinese_drawable => (Language::English, Some(Text::new("tui-notice-not-utf8"))),
        wanted if surroundings.answers.ambiguous_wide => (wanted, Some(Text::new("tui-notice-ambiguous-wide"))),
        wanted => (wanted, None),
    };
    let trusted = surroundings.utf8 && surroundings.repertoire() == Repertoire::All;
    let glyphs = if trusted && !options.ascii {
        glyphs::Glyphs::UNICODE
    } else {
        glyphs::Glyphs::ASCII
    };
    let shown = Shown {
        localizer: Arc::new(Localizer::new(language)),
        chinese_drawable,
        theme: own.theme,
        themes: own.themes,
        glyphs,
        keymap: Arc::new(own.keymap),
    };
    let faults = own.faults.iter().map(FileFault::text).collect();
    (shown, notice, faults)
}

/// The keys in force, and what is wrong with the user's own: those of a file that is named, otherwise of the one among
/// the user's settings, if there is one.
fn keymap(named: Option<PathBuf>, places: &OwnPlaces) -> (Keymap, Vec<FileFault>) {
    let must_exist = named.is_some();
    let Some(file) = named.or_else(|| places.keys()) else {
        return (Keymap::shipped(), Vec::new());
    };
    match std::fs::read_to_string(&file) {
        Ok(text) => Keymap::with_own(Source {
            file: &file,
            text: &text,
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound && !must_exist => (Keymap::shipped(), Vec::new()),
        Err(error) => {
            let why = system_reason(&error);
            (Keymap::shipped(), vec![FileFault { file, at: None, why }])
        }
    }
}
