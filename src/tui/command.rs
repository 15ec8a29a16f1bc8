//! Commands that are typed after `:`, the words that they take, and what they mean. What they do is done in
//! [`super::update`].

use super::keymap::narrow;
use super::model::Model;
use crate::domain::text::{Text, clean};
use crate::locale::Language;

/// Turns something on.
const ON: &str = "on";

/// Turns it off.
pub const OFF: &str = "off";

/// A command's first word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Word {
    /// Leave.
    Quit,
    /// Help.
    Help,
    /// Another theme.
    Theme,
    /// Another language.
    Language,
    /// Another pane.
    Pane,
    /// List only what fits.
    Filter,
    /// Go to something by its name.
    GoTo,
    /// Another book.
    Book,
    /// Write what is shown to a file.
    Export,
    /// Write a note.
    Note,
    /// List the notes.
    Notes,
    /// List what is due.
    Due,
    /// Withdraw the record that is looked at.
    Withdraw,
    /// Sign on.
    SignOn,
    /// Sign off.
    SignOff,
    /// Set a PIN.
    Pin,
    /// What happened since whoever is signed on sat here last.
    Since,
    /// Whether new alarms sound.
    Bell,
    /// Whether alarms blink.
    Blink,
}

/// What stands after a command's first word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Words {
    /// Nothing.
    None,
    /// One of these.
    OneOf(Vec<Choice>),
    /// Any words.
    Any,
}

/// A word that a command takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// As it is typed.
    pub word: String,
    /// What it means, where that is more than the word.
    pub meaning: String,
}

impl Word {
    /// All commands, in the order in which they are offered.
    pub const ALL: [Self; 19] = [
        Self::Pane,
        Self::GoTo,
        Self::Filter,
        Self::Book,
        Self::Export,
        Self::Note,
        Self::Notes,
        Self::Due,
        Self::Withdraw,
        Self::SignOn,
        Self::SignOff,
        Self::Since,
        Self::Pin,
        Self::Bell,
        Self::Blink,
        Self::Theme,
        Self::Language,
        Self::Help,
        Self::Quit,
    ];

    /// As it is typed.
    pub const fn typed(self) -> &'static str {
        match self {
            Self::Quit => "quit",
            Self::Help => "help",
            Self::Theme => "theme",
            Self::Language => "language",
            Self::Pane => "pane",
            Self::Filter => "filter",
            Self::GoTo => "goto",
            Self::Book => "book",
            Self::Export => "export",
            Self::Note => "note",
            Self::Notes => "notes",
            Self::Due => "due",
            Self::Withdraw => "withdraw",
            Self::SignOn => "sign-on",
            Self::SignOff => "sign-off",
            Self::Pin => "pin",
            Self::Since => "since",
            Self::Bell => "bell",
            Self::Blink => "blink",
        }
    }

    /// What it does.
    pub fn label(self) -> Text {
        match self {
            Self::Quit => Text::new("tui-command-quit"),
            Self::Help => Text::new("tui-command-help"),
            Self::Theme => Text::new("tui-command-theme"),
            Self::Language => Text::new("tui-command-language"),
            Self::Pane => Text::new("tui-command-pane"),
            Self::Filter => Text::new("tui-command-filter"),
            Self::GoTo => Text::new("tui-command-goto"),
            Self::Book => Text::new("tui-command-book"),
            Self::Export => Text::new("tui-command-export"),
            Self::Note => Text::new("tui-command-note"),
            Self::Notes => Text::new("tui-command-notes"),
            Self::Due => Text::new("tui-command-due"),
            Self::Withdraw => Text::new("tui-command-withdraw"),
            Self::SignOn => Text::new("tui-command-sign-on"),
            Self::SignOff => Text::new("tui-command-sign-off"),
            Self::Pin => Text::new("tui-command-pin"),
            Self::Since => Text::new("tui-command-since"),
            Self::Bell => Text::new("tui-command-bell"),
            Self::Blink => Text::new("tui-command-blink"),
        }
    }

    /// What stands after it.
    pub fn words(self, model: &Model) -> Words {
        let choice = |word: &str, meaning: &str| Choice {
            word: word.to_owned(),
            meaning: meaning.to_owned(),
        };
        match self {
            Self::Quit
            | Self::Help
            | Self::Notes
            | Self::Due
            | Self::SignOn
            | Self::SignOff
            | Self::Pin
            | Self::Since => Words::None,
            Self::Filter | Self::GoTo | Self::Export | Self::Note | Self::Withdraw => Words::Any,
            Self::Bell | Self::Blink => Words::OneOf(
                [(ON, Text::new("tui-command-on")), (OFF, Text::new("tui-command-off"))]
                    .map(|(word, meaning)| choice(word, &model.shown.text(&meaning)))
                    .to_vec(),
            ),
            Self::Theme => Words::OneOf(model.shown.themes.iter().map(|name| choice(name, "")).collect()),
            Self::Language => Words::OneOf(
                Language::ALL
                    .into_iter()
                    .map(|language| match language {
                        Language::Chinese => choice("zh", "中文"),
                        Language::English => choice("en", "English"),
                    })
                    .collect(),
            ),
            Self::Pane => Words::OneOf(
                model
                    .panes()
                    .map(|pane| choice(pane.typed(), &model.shown.text(&pane.label())))
                    .collect(),
            ),
            Self::Book => Words::OneOf(model.displayed().map_or_else(Vec::new, |(plant, _)| {
                let totals = plant.state.totals.iter();
                totals
                    .map(|totals| choice(&totals.key, model.shown.localizer.name(&totals.name)))
                    .collect()
            })),
        }
    }
}

/// A command that can be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// What.
    pub word: Word,
    /// Its words; one of its choices where it has some.
    pub rest: String,
}

/// The first word of a line, and what is typed after it, if anything is. Full-width letters count as their ASCII ones.
pub fn split(line: &str) -> (String, Option<&str>) {
    let line = line.trim_start();
    let blank = |character: char| character.is_whitespace();
    let (first, rest) = match line.split_once(blank) {
        Some((first, rest)) => (first, Some(rest)),
        None => (line, None),
    };
    (first.chars().map(narrow).collect::<String>().to_lowercase(), rest)
}

/// The command of a first word; `q` is `quit`, as in every editor.
pub fn known(first: &str) -> Option<Word> {
    if first == "q" {
        return Some(Word::Quit);
    }
    Word::ALL.into_iter().find(|word| word.typed() == first)
}

/// What a line means, or why it means nothing.
pub fn parse(line: &str, model: &Model) -> Result<Command, Text> {
    let (first, rest) = split(line);
    let Some(word) = known(&first) else {
        return Err(Text::new("tui-command-unknown").with("given", clean(&first)));
    };
    let rest = rest.unwrap_or_default().trim();
    let rest = match word.words(model) {
        Words::None if !rest.is_empty() => {
            return Err(Text::new("tui-command-takes-nothing").with("command", word.typed()));
        }
        Words::Any | Words::None => rest.to_owned(),
        Words::OneOf(choices) => {
            let narrowed: String = rest.chars().map(narrow).collect();
            let same = |choice: &&Choice| choice.word.eq_ignore_ascii_case(&narrowed);
            match choices.iter().find(same) {
                Some(choice) => choice.word.clone(),
                None => return Err(no_such_choice(word, rest, &choices)),
            }
        }
    };
    Ok(Command { word, rest })
}

fn no_such_choice(word: Word, rest: &str, choices: &[Choice]) -> Text {
    let known: Vec<&str> = choices.iter().map(|choice| choice.word.as_str()).collect();
    let known = known.join(", ");
    if rest.is_empty() {
        Text::new("tui-command-needs").with("command", word.typed())
    } else {
        Text::new("tui-command-no-choice")
            .with("command", word.typed())
            .with("given", clean(rest))
    }
    .with("known", known)
}
