//! What happens when something happens: pure, so that every key and every message can be tested without a terminal.

mod alarms;
mod anomalies;
mod approval;
mod asking;
mod chart;
mod columns;
mod command;
mod crews;
mod daemon;
mod due;
mod entry;
mod explain;
mod form;
mod handover;
mod help;
mod inbox;
mod indicators;
mod jump;
mod leaving;
mod ledger;
mod live;
mod log;
mod motion;
mod note;
mod note_closing;
mod palette;
mod plain;
mod preferences;
mod quality_plan;
mod restated;
mod rights;
mod rounds;
mod second_check;
mod sign_on;
mod signing;
#[cfg(test)]
mod tests;
mod trend;
mod unanswered;
mod workbook;

use std::path::PathBuf;
use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::layout::Size;

use self::asking::{ask, newest_record, next_number, write, write_under};
pub(in crate::tui) use self::sign_on::NOBODY;
use super::alarms::Tally;
use super::inbox::Contents;
use super::keymap::{Action, Context};
use super::link::LinkEvent;
use super::model::{Held, LinkState, Model};
use super::overlay::Overlay;
use super::overlay::Palette;
use super::pane::Pane;
use super::panes::SMALLEST;
use super::sign_on::Purpose;
use super::theme::Theme;
use super::workbook::Found;
use crate::domain::attachment::Attachment;
use crate::domain::text::Text;
use crate::wire::message::Request;

/// What can happen.
#[derive(Debug, Clone, PartialEq)]
pub enum Msg {
    /// The terminal is gone: nobody sees anything any more.
    Parting,
    /// So much time has passed since the terminal began.
    Clock(Duration),
    /// A key.
    Key(KeyEvent),
    /// Text pasted.
    Paste(String),
    /// The screen has a new size.
    Resize(Size),
    /// The connection.
    Link(LinkEvent),
    /// A theme was read.
    Theme {
        /// It, or why it cannot be used.
        loaded: Result<Theme, Text>,
        /// Why others on the way to it cannot be used.
        passed_over: Vec<Text>,
        /// Names of all themes that there are now.
        names: Vec<String>,
    },
    /// Something was copied.
    Copied(Copied),
    /// A file was written, or why not.
    Written(Result<PathBuf, Text>),
    /// The inbox was looked into.
    Inbox {
        /// Where it is, as people write it.
        directory: PathBuf,
        /// What is in it, or why that cannot be said.
        contents: Result<Contents, Text>,
    },
    /// A file of the inbox was opened and read once.
    AttachmentOpened {
        /// Number under which that was asked for.
        number: u64,
        /// What it is, or why it cannot be attached.
        opened: Result<Attachment, Text>,
    },
    /// A part of it was read, with where it begins, or why not.
    AttachmentRead(Result<(u64, Vec<u8>), Text>),
    /// A workbook of the inbox was read.
    WorkbookRead {
        /// Number under which that was asked for.
        number: u64,
        /// What it holds, or why it cannot be taken.
        found: Result<Found, Text>,
    },
    /// The terminal could not be given to the shell.
    NotSuspended(Text),
}

/// Which theme is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ThemeWish {
    /// The one of a name, read anew.
    Named(String),
    /// The one after that of a name.
    After(String),
}

/// What came of copying.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// The first line of what was copied.
    pub first: String,
    /// Whether it was short enough for a clipboard.
    pub clipboard: bool,
    /// The file that holds it, or why there is none.
    pub file: Result<PathBuf, Text>,
}

/// What is to be done besides drawing.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Ask the daemon.
    Ask(Request),
    /// Sound the terminal's bell.
    Bell,
    /// Name the terminal's window.
    Title(String),
    /// Put a text into the clipboard of the user's own terminal, and into the outbox.
    Copy(String),
    /// Write a file into the outbox.
    Write {
        /// Its name.
        name: String,
        /// What it holds.
        text: String,
    },
    /// Look into the inbox.
    LookIntoInbox {
        /// Staff number of whose it is, at a shared post.
        whose: Option<String>,
    },
    /// Open a file of the inbox that is to be attached.
    OpenAttachment {
        /// Likewise.
        whose: Option<String>,
        /// Its name.
        name: String,
        /// Number under which it is told what came of it.
        number: u64,
    },
    /// Read a workbook of the inbox.
    ReadWorkbook {
        /// Likewise.
        whose: Option<String>,
        /// Its name.
        name: String,
        /// The worksheet that was chosen.
        worksheet: Option<String>,
        /// Number under which it is told what came of it.
        number: u64,
    },
    /// Read a part of the file that was opened last.
    ReadAttachment {
        /// Where it begins.
        at: u64,
    },
    /// Read a theme, from its file where it is the user's own.
    LoadTheme(ThemeWish),
    /// Give the terminal to the shell for a while.
    Suspend,
    /// Draw everything again, whatever the terminal has kept.
    Redraw,
    /// Leave.
    Quit,
}

/// Changes the model by what happened, and says what else is to be done.
pub fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    let mut effects = happened(model, msg);
    // Nobody looks into anything on the wall, nor prefers anything.
    if model.wall {
        return effects;
    }
    effects.extend(alarms::ring(model));
    effects.extend(trend::ask_for_visible(model));
    effects.extend(crews::ask_for_foot(model));
    effects.extend(chart::follow(model));
    effects.extend(preferences::ask_or_keep(model));
    effects.extend(ledger::follow(model));
    effects.extend(log::ask_for_more(model));
    effects.extend(anomalies::follow(model));
    effects.extend(entry::follow(model));
    effects.extend(rounds::follow(model));
    effects.extend(second_check::follow(model));
    effects.extend(handover::follow(model));
    effects.extend(quality_plan::follow(model));
    effects
}

fn happened(model: &mut Model, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Parting => leaving::part(model),
        Msg::Clock(elapsed) => {
            let second = |duration: Duration| duration.as_secs();
            let passed = second(elapsed) != second(model.elapsed);
            model.elapsed = elapsed.max(model.elapsed);
            if passed {
                sign_on::forget_secrets(model);
                live::ordering_may_have_changed(model);
                return count_attention(model);
            }
            Vec::new()
        }
        Msg::Resize(size) => {
            model.size = size;
            live::keep_in_view(model);
            alarms::keep_in_view(model);
            anomalies::keep_in_view(model);
            entry::keep_in_view(model);
            form::keep_in_view(model);
            handover::keep_in_view(model);
            quality_plan::keep_in_view(model);
            inbox::keep_in_view(model);
            ledger::keep_in_view(model);
            ledger::keep_column_in_view(model);
            log::keep_in_view(model);
            Vec::new()
        }
        Msg::Key(event) if event.kind == KeyEventKind::Release => Vec::new(),
        Msg::Key(event) => {
            if model.elapsed >= model.notice_stays_until {
                model.notice = None;
            }
            let mut effects = key(model, &event);
            effects.extend(sign_on::still_here(model));
            effects
        }
        Msg::Paste(text) => {
            let is_laid = match model.context() {
                Context::Grid => entry::paste(model, &text),
                Context::Form => form::paste(model, &text),
                _ => false,
            };
            if is_laid {
                // It is looked at before it is put down.
            } else if model.field_mut().is_some() {
                type_text(model, &text);
            } else {
                drop_paste(model, &text);
            }
            sign_on::still_here(model).into_iter().collect()
        }
        Msg::Link(event) => daemon::link(model, event),
        Msg::Theme {
            loaded,
            passed_over,
            names,
        } => {
            model.shown.themes = names;
            let wrong = match loaded {
                Ok(theme) => {
                    let told = Text::new("tui-notice-theme").with("name", theme.name());
                    model.shown.theme = theme;
                    model.notice = Some(told);
                    passed_over.into_iter().next()
                }
                Err(why) => Some(why),
            };
            if let Some(why) = wrong {
                model.notice = Some(Text::new("tui-notice-theme-kept").with_text("why", why));
            }
            Vec::new()
        }
        Msg::Copied(copied) => {
            model.notice = Some(copied_text(copied));
            Vec::new()
        }
        Msg::Written(outcome) => {
            model.notice = Some(match outcome {
                Ok(path) => Text::new("tui-notice-written").with("file", path.display()),
                Err(why) => Text::new("tui-notice-not-written").with_text("why", why),
            });
            Vec::new()
        }
        Msg::Inbox { directory, contents } => {
            inbox::is_here(model, directory, contents);
            Vec::new()
        }
        Msg::AttachmentOpened { number, opened } => inbox::is_open(model, number, opened),
        Msg::WorkbookRead { number, found } => {
            workbook::is_read(model, number, found);
            Vec::new()
        }
        Msg::AttachmentRead(read) => inbox::is_read(model, read),
        Msg::NotSuspended(why) => {
            model.notice = Some(why);
            Vec::new()
        }
    }
}

/// Where what was copied is now.
fn copied_text(copied: Copied) -> Text {
    match (copied.clipboard, copied.file) {
        (true, Ok(file)) => Text::new("tui-notice-copied").with("file", file.display()),
        (false, Ok(file)) => Text::new("tui-notice-copied-long").with("file", file.display()),
        (true, Err(why)) => Text::new("tui-notice-copied-only").with_text("why", why),
        (false, Err(why)) => Text::new("tui-notice-not-written").with_text("why", why),
    }
    .with("what", copied.first)
}

fn key(model: &mut Model, event: &KeyEvent) -> Vec<Effect> {
    // Where nothing can be seen, nothing is done but to leave, as the screen says, whatever would have the keys.
    let is_seen = model.size.width >= SMALLEST.width && model.size.height >= SMALLEST.height;
    if !is_seen {
        let action = model.shown.keymap.action(Context::Global, event);
        return match action {
            Some(Action::Quit) => leaving::quit(model),
            _ => Vec::new(),
        };
    }
    let context = model.context();
    let action = model.shown.keymap.action(context, event);
    if let Some(action) = action {
        return act(model, action);
    }
    if let KeyCode::Char(character) = event.code
        && !event.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT)
    {
        type_text(model, character.encode_utf8(&mut [0; 4]));
    }
    Vec::new()
}

/// How long after a dropped paste another piece counts as part of it.
const SAME_PASTE: Duration = Duration::from_secs(1);

/// Nothing of a paste outside a text field is done; that is said.
fn drop_paste(model: &mut Model, text: &str) {
    let before = model
        .dropped
        .filter(|(at, _)| model.elapsed.saturating_sub(*at) < SAME_PASTE)
        .map_or(0, |(_, count)| count);
    let count = before + text.chars().count();
    model.dropped = Some((model.elapsed, count));
    model.notice = Some(Text::new("tui-notice-paste-dropped").with_count("count", count));
}

/// Types into the text field that has the keys, if one has.
fn type_text(model: &mut Model, text: &str) {
    match model.context() {
        Context::Grid => entry::before_typing(model),
        Context::Form => form::before_typing(model),
        _ => {}
    }
    let Some(field) = model.field_mut() else {
        return;
    };
    if !field.insert(text) {
        model.notice = Some(Text::new("tui-notice-field-full"));
    }
    typed(model);
}

/// The text field that has the keys holds something else than before.
fn typed(model: &mut Model) {
    match model.context() {
        Context::Filter => match model.pane {
            Pane::Live => live::list_again(model),
            Pane::Alarms => alarms::list_again(model),
            Pane::Anomalies => anomalies::list_again(model),
            Pane::Log => model.log.look_again(),
            // These have no filter.
            Pane::Ledger | Pane::Entry | Pane::Handover | Pane::Plan => {}
        },
        Context::Palette => palette::list_again(model),
        Context::Jump => jump::list_again(model),
        Context::Note => note::typed(model),
        Context::Reason => {
            alarms::typed(model);
            second_check::typed(model);
            approval::typed(model);
            note_closing::typed(model);
        }
        Context::Correction => entry::reason_typed(model),
        Context::Work | Context::Dispose => anomalies::typed(model),
        Context::Signing => signing::typed(model),
        Context::SignOn => sign_on::typed(model),
        Context::Grid => entry::typed(model),
        Context::Gap => entry::gap_typed(model),
        Context::Form => form::typed(model),
        _ => {}
    }
}

/// Does what a key or the palette asks for.
fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let context = model.context();
    if let Some(changed) = model.field_mut().and_then(|field| field.edit(action)) {
        // A key of editing says that the line is to be edited.
        if changed || matches!(context, Context::Grid | Context::Form) {
            typed(model);
        }
        return Vec::new();
    }
    if model.wall {
        return on_the_wall(model, action);
    }
    if context == Context::Log {
        model.log.select_meant(model.elapsed);
    }
    match action {
        Action::Quit => return leaving::quit(model),
        Action::Redraw => return vec![Effect::Redraw],
        Action::Language => {
            other_language(model);
            return Vec::new();
        }
        Action::Theme => return vec![next_theme(model)],
        Action::Help if context != Context::Help => {
            help::open(model, context);
            return Vec::new();
        }
        Action::Command => {
            model.overlays.push(Overlay::Palette(Palette::new(context)));
            palette::list_again(model);
            return Vec::new();
        }
        Action::Jump => {
            jump::open(model, "");
            return Vec::new();
        }
        Action::Note => return note::open(model, ""),
        Action::SignOn => {
            sign_on::open(model, Purpose::SignOn);
            return Vec::new();
        }
        Action::Suspend => return vec![Effect::Suspend],
        Action::Plain => {
            plain::open(model);
            return Vec::new();
        }
        _ => {}
    }
    if let Some(pane) = Pane::of_action(action) {
        go_to(model, pane);
        return Vec::new();
    }
    match (model.overlays.last(), model.pane) {
        (Some(Overlay::Help { .. }), _) => {
            help::key(model, action);
            Vec::new()
        }
        (Some(Overlay::Explain(_)), _) => explain::key(model, action),
        (Some(Overlay::Plain { .. }), _) => {
            plain::key(model, action);
            Vec::new()
        }
        (Some(Overlay::Palette(_)), _) => palette::key(model, action),
        (Some(Overlay::Jump(_)), _) => {
            jump::key(model, action);
            Vec::new()
        }
        (Some(Overlay::Chart(_)), _) => chart::key(model, action),
        (Some(Overlay::Note(_)), _) => note::key(model, action),
        (Some(Overlay::Reason(_)), _) => alarms::reason_key(model, action),
        (Some(Overlay::Work(_)), _) => anomalies::work_key(model, action),
        (Some(Overlay::Dispose(_)), _) => anomalies::dispose_key(model, action),
        (Some(Overlay::Signing(_)), _) => signing::key(model, action),
        (Some(Overlay::NoteClosing(_)), _) => note_closing::key(model, action),
        (Some(Overlay::SignOn(_)), _) => sign_on::key(model, action),
        (Some(Overlay::Since(_)), _) => {
            sign_on::since_key(model, action);
            Vec::new()
        }
        (Some(Overlay::Columns { .. }), _) => {
            columns::key(model, action);
            Vec::new()
        }
        (Some(Overlay::Crews(_)), _) => crews::key(model, action),
        (Some(Overlay::Figures(_)), _) => indicators::key(model, action),
        (Some(Overlay::Past(_)), _) => anomalies::past_key(model, action),
        (Some(Overlay::Due { .. }), _) => due::key(model, action),
        (Some(Overlay::Lost { .. }), _) => entry::lost_key(model, action),
        (None, Pane::Live) => live::key(model, action),
        (None, Pane::Alarms) => alarms::key(model, action),
        (None, Pane::Anomalies) => anomalies::key(model, action),
        (None, Pane::Entry) => entry::key(model, action),
        (None, Pane::Handover) => handover::key(model, action),
        (None, Pane::Plan) => quality_plan::key(model, action),
        (None, Pane::Ledger) => ledger::key(model, action),
        (None, Pane::Log) => log::key(model, action),
    }
}

/// What a key does on the wall: nothing but how it looks.
fn on_the_wall(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Quit => return vec![Effect::Quit],
        Action::Redraw => return vec![Effect::Redraw],
        Action::Suspend => return vec![Effect::Suspend],
        Action::Theme => return vec![next_theme(model)],
        Action::Language => other_language(model),
        Action::Book => live::next_book(model),
        _ => {}
    }
    Vec::new()
}

fn other_language(model: &mut Model) {
    let before = model.shown.localizer.language();
    model.shown.switch_language();
    alarms::list_again(model);
    anomalies::list_again(model);
    if model.shown.localizer.language() == before {
        model.notice = Some(Text::new("tui-no-chinese-here"));
    }
}

fn next_theme(model: &Model) -> Effect {
    let name = model.shown.theme.name().to_owned();
    Effect::LoadTheme(ThemeWish::After(name))
}

/// Shows a pane, without anything that covered the one before. What is not of one's role is not gone to.
fn go_to(model: &mut Model, pane: Pane) {
    if model.panes().any(|shown| shown == pane) {
        model.overlays.clear();
        if pane == Pane::Handover {
            handover::visit(model, model.pane == pane);
        }
        model.pane = pane;
    }
}

/// Holds the display, or lets it go on.
fn hold(model: &mut Model) {
    model.held = match (model.held.take(), &model.plant) {
        (None, Some(plant)) => Some(Box::new(Held {
            plant: plant.clone(),
            at: model.elapsed,
        })),
        _ => None,
    };
    live::list_again(model);
    alarms::list_again(model);
    anomalies::list_again(model);
    count_attention(model);
}

/// Writes a file; of its name only what every system takes is kept.
fn save(name: &str, text: String) -> Vec<Effect> {
    let plain = |character: char| {
        if character.is_alphanumeric() || ".-_".contains(character) {
            character
        } else {
            '_'
        }
    };
    let name = name.chars().map(plain).collect();
    vec![Effect::Write { name, text }]
}

/// Counts anew what wants attention, and names the window after it where that changed.
fn count_attention(model: &mut Model) -> Vec<Effect> {
    let attention = model
        .displayed()
        .map(|(plant, elapsed)| plant.attention(plant.now(elapsed)));
    model.attention = attention.unwrap_or_default();
    let Some(plant) = &model.plant else {
        return Vec::new();
    };
    // Of a plant whose daemon is gone nobody knows how it is.
    let counts = if matches!(model.link, LinkState::Down { .. }) {
        "??".to_owned()
    } else {
        let (Tally { first, second, .. }, due) = (model.alarms.tally, model.attention.due);
        format!("P1:{first} P2:{second} due:{due}")
    };
    let title = format!("{counts} {} carbonwatch", crate::domain::text::clean(&plant.key));
    if title == model.titled {
        return Vec::new();
    }
    model.titled.clone_from(&title);
    vec![Effect::Title(title)]
}
