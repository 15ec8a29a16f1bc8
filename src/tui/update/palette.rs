//! Keys of the command line and its palette: what is offered for what is typed, and what is done.

use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::super::command::{self, Choice, Word, Words};
use super::super::keymap::Action;
use super::super::model::Model;
use super::super::overlay::{Entry, Overlay, Palette};
use super::super::panes::palette::{list_height, names};
use super::super::pinyin;
use super::motion::around;
use super::{Effect, act, command as done};

/// Points of a name that is found by its pinyin only; what is found by its letters has more.
const BY_PINYIN: u32 = 1;

/// Points of a name that begins with what is typed, above all that letters here and there can give.
const BEGINS: u32 = 100_000;

/// What was typed changed: offers what it may mean, the likeliest first.
pub(super) fn list_again(model: &mut Model) {
    let Some(palette) = palette(model) else { return };
    let (entries, query) = offered(model, palette);
    let mut scored: Vec<(u32, Entry)> = Vec::new();
    let mut scorer = Scorer::new(&query);
    for entry in entries {
        let points = names(model, &entry).iter().filter_map(|name| scorer.points(name)).max();
        scored.extend(points.map(|points| (points, entry)));
    }
    // Without a query all have the same points and keep their order.
    scored.sort_by_key(|&(points, _)| std::cmp::Reverse(points));
    if let Some(palette) = palette_mut(model) {
        palette.entries = scored.into_iter().map(|(_, entry)| entry).collect();
        palette.cursor = 0;
        palette.fault = None;
    }
}

fn palette(model: &Model) -> Option<&Palette> {
    match model.overlays.last() {
        Some(Overlay::Palette(palette)) => Some(palette),
        _ => None,
    }
}

fn palette_mut(model: &mut Model) -> Option<&mut Palette> {
    match model.overlays.last_mut() {
        Some(Overlay::Palette(palette)) => Some(palette),
        _ => None,
    }
}

/// What may be meant at all, and by which of the typed words it is chosen: the words of a command once that is typed,
/// before that commands and the keys of where one was.
fn offered(model: &Model, palette: &Palette) -> (Vec<Entry>, String) {
    let (first, rest) = command::split(palette.field.text());
    if let (Some(word), Some(rest)) = (command::known(&first), rest) {
        let choices = match word.words(model) {
            Words::OneOf(choices) => choices,
            Words::None | Words::Any => Vec::new(),
        };
        let entries = choices.into_iter().map(|choice| Entry::Line { word, choice }).collect();
        return (entries, rest.trim().to_owned());
    }
    let mut entries: Vec<Entry> = Vec::new();
    for binding in model.shown.keymap.bindings(palette.of) {
        let entry = Entry::Action(binding.action);
        if !matches!(binding.action, Action::Command) && !entries.contains(&entry) {
            entries.push(entry);
        }
    }
    // What a key does already is offered with its key.
    let has_no_key = |word: &Word| !matches!(word, Word::Quit | Word::Help | Word::SignOn);
    entries.extend(Word::ALL.into_iter().filter(has_no_key).map(Entry::Command));
    (entries, palette.field.text().trim().to_owned())
}

/// Finds names by some of their letters.
struct Scorer<'query> {
    query: &'query str,
    pattern: Pattern,
    matcher: Matcher,
    buffer: Vec<char>,
}

impl<'query> Scorer<'query> {
    fn new(query: &'query str) -> Self {
        let pattern = Pattern::new(query, CaseMatching::Ignore, Normalization::Smart, AtomKind::Fuzzy);
        Self {
            query,
            pattern,
            matcher: Matcher::new(Config::DEFAULT),
            buffer: Vec::new(),
        }
    }

    /// The points of a name; `None` where the query is not in it.
    fn points(&mut self, name: &str) -> Option<u32> {
        let haystack = Utf32Str::new(name, &mut self.buffer);
        let by_letters = self.pattern.score(haystack, &mut self.matcher);
        let begins = name
            .get(..self.query.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(self.query));
        let more = if begins { BEGINS } else { BY_PINYIN };
        let by_pinyin = || pinyin::find(name, self.query).map(|_| BY_PINYIN);
        by_letters.map(|points| points + more).or_else(by_pinyin)
    }
}

/// A key in the command line.
pub(super) fn key(model: &mut Model, action: Action) -> Vec<Effect> {
    let page = list_height(model.size).max(1);
    let Some(palette) = palette_mut(model) else {
        return Vec::new();
    };
    let last = palette.entries.len().saturating_sub(1);
    match action {
        Action::Complete => complete(model),
        Action::Run => return run(model),
        _ => match around(palette.cursor, action, page, last) {
            Some(place) => palette.cursor = place,
            None => drop(model.overlays.pop()),
        },
    }
    Vec::new()
}

/// Puts what is selected into the line, to type on; where that is the work of a key, the first that can be typed.
fn complete(model: &mut Model) {
    let Some(palette) = palette_mut(model) else { return };
    let from_selected = palette.entries.iter().skip(palette.cursor).chain(&palette.entries);
    let line = from_selected.into_iter().find_map(|entry| match entry {
        Entry::Command(word) => Some(format!("{} ", word.typed())),
        Entry::Line { word, choice } => Some(line_of(*word, choice)),
        Entry::Action(_) => None,
    });
    let Some(line) = line else { return };
    palette.field.set(&line);
    list_again(model);
}

fn line_of(word: Word, choice: &Choice) -> String {
    format!("{} {}", word.typed(), choice.word)
}

/// Does what is typed, if it is a command as it stands, otherwise what is selected.
fn run(model: &mut Model) -> Vec<Effect> {
    let Some(palette) = palette(model) else {
        return Vec::new();
    };
    let typed = palette.field.text().to_owned();
    let parsed = command::parse(&typed, model);
    let selected = palette.entries.get(palette.cursor).cloned();
    let line = match (parsed, selected) {
        (Ok(command), _) => Ok(command),
        (Err(_), Some(Entry::Action(action))) => {
            model.overlays.pop();
            return act(model, action);
        }
        (Err(_), Some(Entry::Command(_))) => {
            complete(model);
            return Vec::new();
        }
        (Err(_), Some(Entry::Line { word, choice })) => command::parse(&line_of(word, &choice), model),
        (Err(why), None) => Err(why),
    };
    let outcome = line.and_then(|command| {
        let open = model.overlays.pop();
        let outcome = done::run(model, &command);
        // What cannot be done leaves the line as it was, to be put right.
        if outcome.is_err() {
            model.overlays.extend(open);
        }
        outcome
    });
    outcome.unwrap_or_else(|why| {
        if let Some(palette) = palette_mut(model) {
            palette.fault = Some(why);
        }
        Vec::new()
    })
}
