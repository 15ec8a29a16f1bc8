//! The command line and the jump: what is typed at the foot of the pane, and above it what it may mean.

use ratatui::layout::Size;

use super::super::command::Word;
use super::super::model::Model;
use super::super::overlay::{Entry, Jump, Palette, Place};
use super::super::theme::Tone;
use super::super::widgets::canvas::Canvas;
use super::super::widgets::cells;
use super::super::widgets::field::Field;
use super::{ABOVE, BELOW};
use crate::domain::model::Name;
use crate::domain::text::Text;

/// Rows that are not the list: the rule above it and the line that is typed.
const AROUND: u16 = 2;

/// Most of the pane that the list covers, as a divisor.
const SHARE: u16 = 2;

/// Rows of the list on a screen of a size.
pub fn list_height(size: Size) -> usize {
    usize::from((size.height.saturating_sub(ABOVE + BELOW) / SHARE).saturating_sub(AROUND))
}

/// By what an entry is found: its name in the language in force, and as it is typed.
pub fn names(model: &Model, entry: &Entry) -> Vec<String> {
    let shown = &model.shown;
    match entry {
        Entry::Action(action) => vec![shown.text(&action.label())],
        Entry::Command(word) => vec![word.typed().to_owned(), shown.text(&word.label())],
        Entry::Line { choice, .. } => vec![choice.word.clone(), choice.meaning.clone()],
    }
}

/// A row of the list: what it is, what else to know of it.
pub(super) struct Row {
    pub(super) left: String,
    pub(super) right: String,
}

/// What stands at the foot of the pane.
pub(super) struct Sheet<'a> {
    pub(super) title: Text,
    /// What else to know, at the right of the title where there is room.
    pub(super) hint: Option<Text>,
    pub(super) prompt: char,
    pub(super) field: &'a Field,
    pub(super) count: usize,
    /// The selected row; `None` where none can be.
    pub(super) cursor: Option<usize>,
    /// Said in place of an empty list.
    pub(super) nothing: Option<Text>,
    /// Said below the list: why what was typed was not done.
    pub(super) said: Option<Text>,
}

/// Most rows of what is said.
const MOST_ROWS_SAID: usize = 4;

/// Draws the command line; gives where its cursor stands.
pub fn draw(model: &Model, palette: &Palette, canvas: &mut Canvas<'_>) -> (u16, u16) {
    let shown = &model.shown;
    let sheet = Sheet {
        title: Text::new("tui-palette"),
        hint: None,
        prompt: ':',
        field: &palette.field,
        count: if palette.fault.is_some() {
            0
        } else {
            palette.entries.len()
        },
        cursor: Some(palette.cursor),
        nothing: palette.fault.clone().or_else(|| hint(palette)),
        said: None,
    };
    draw_sheet(model, &sheet, canvas, |place| {
        Some(match palette.entries.get(place)? {
            Entry::Action(action) => Row {
                left: shown.text(&action.label()),
                right: shown
                    .keymap
                    .bindings(palette.of)
                    .find(|binding| binding.action == *action)
                    .map(|binding| binding.keys.iter().map(ToString::to_string).collect::<Vec<_>>())
                    .unwrap_or_default()
                    .join("  "),
            },
            Entry::Command(word) => Row {
                left: format!("{} …", word.typed()).replace('…', &shown.glyphs.ellipsis.to_string()),
                right: shown.text(&word.label()),
            },
            Entry::Line { word, choice } => Row {
                left: format!("{} {}", word.typed(), choice.word),
                right: choice.meaning.clone(),
            },
        })
    })
}

/// What to do where nothing is offered.
fn hint(palette: &Palette) -> Option<Text> {
    let (first, rest) = super::super::command::split(palette.field.text());
    match (super::super::command::known(&first), rest) {
        (Some(word @ (Word::Filter | Word::GoTo | Word::Export | Word::Note | Word::Withdraw)), Some(_)) => {
            Some(word.label())
        }
        _ => palette.entries.is_empty().then(|| Text::new("tui-palette-none")),
    }
}

/// Draws the jump; gives where its cursor stands.
pub fn draw_jump(model: &Model, jump: &Jump, canvas: &mut Canvas<'_>) -> (u16, u16) {
    let shown = &model.shown;
    let sheet = Sheet {
        title: Text::new("tui-jump"),
        hint: None,
        prompt: '\'',
        field: &jump.field,
        count: jump.found.len(),
        cursor: Some(jump.cursor),
        nothing: jump.found.is_empty().then(|| Text::new("tui-jump-none")),
        said: None,
    };
    let plant = model.displayed().map(|(plant, _)| plant);
    let path = |place: Option<usize>| {
        let path = plant.and_then(|plant| Some(plant.path(place?))).unwrap_or_default();
        let names: Vec<&str> = path.into_iter().map(|name| shown.localizer.name(name)).collect();
        names.join(&format!(" {} ", shown.glyphs.step))
    };
    let both = |key: &str, name: &Name| format!("{key}  {}", shown.localizer.name(name));
    draw_sheet(model, &sheet, canvas, |place| {
        let plant = plant?;
        match *jump.found.get(place)? {
            Place::Parameter(id) => {
                let parameter = plant.parameter_of(id)?;
                Some(Row {
                    left: both(&parameter.tag, &parameter.name),
                    right: path(plant.node_place(parameter.node)),
                })
            }
            Place::Node(id) => {
                let place = plant.node_place(id)?;
                let node = plant.nodes.get(place)?;
                Some(Row {
                    left: both(&node.key, &node.name),
                    right: path(Some(place)),
                })
            }
        }
    })
}

/// Draws what stands at the foot of a pane; gives where its cursor stands.
pub(super) fn draw_sheet(
    model: &Model,
    sheet: &Sheet<'_>,
    canvas: &mut Canvas<'_>,
    row_of: impl Fn(usize) -> Option<Row>,
) -> (u16, u16) {
    let shown = &model.shown;
    let width = canvas.width();
    let most = list_height(model.size).max(1);
    let nothing = sheet.nothing.as_ref().filter(|_| sheet.count == 0);
    let wrapped = |text: &Text| {
        let mut lines = cells::wrap(&shown.text(text), usize::from(width.saturating_sub(3)).max(2));
        lines.truncate(MOST_ROWS_SAID);
        lines
    };
    let said: Vec<String> = sheet.said.as_ref().or(nothing).map(wrapped).unwrap_or_default();
    let least = usize::from(said.is_empty());
    let rows = sheet.count.min(most.saturating_sub(said.len()).max(1)).max(least);
    let rows_drawn = u16::try_from(rows).unwrap_or(1);
    let rows_said = u16::try_from(said.len()).unwrap_or(0);
    let height = (rows_drawn + rows_said + AROUND).min(canvas.height());
    let mut part = canvas.part(0, canvas.height() - height, width, height);
    part.clear(shown.style(Tone::Text));
    part.rule(0, shown.glyphs.rule, shown.style(Tone::Rule));
    let title = format!(" {} ", shown.text(&sheet.title));
    let after = part.put(2, 0, width, &title, shown.style(Tone::Title)) + 2;
    if let Some(hint) = &sheet.hint {
        let hint = format!(" {} ", shown.text(hint));
        let room = width.saturating_sub(after + 2);
        if cells::width(&hint) <= usize::from(room) {
            part.put_right(after, 0, room, &hint, shown.style(Tone::Dim));
        }
    }
    let top = sheet.cursor.map_or(0, |cursor| (cursor + 1).saturating_sub(rows));
    for (line, place) in (1..=rows_drawn).zip(top..sheet.count) {
        let Some(row) = row_of(place) else { continue };
        let selected = Some(place) == sheet.cursor;
        let (left, right) = if selected {
            part.style_row(line, shown.style(Tone::Selected));
            part.set(0, line, shown.glyphs.cursor, shown.style(Tone::Selected));
            (Tone::Selected, Tone::Selected)
        } else {
            (Tone::Text, Tone::Dim)
        };
        let column = part.put(2, line, width.saturating_sub(2), &row.left, shown.style(left)) + 2;
        let beside = (width / 2).max(column);
        let room = width.saturating_sub(beside + 1);
        if cells::width(&row.right) <= usize::from(room) || room >= 8 {
            part.put(beside, line, room, &row.right, shown.style(right));
        }
    }
    for (line, said) in (rows_drawn + 1..).zip(&said) {
        part.put(2, line, width.saturating_sub(3), said, shown.style(Tone::Advisory));
    }
    let line = height - 1;
    let column = part.put(0, line, 1, &sheet.prompt.to_string(), shown.style(Tone::Key));
    sheet
        .field
        .draw(&mut part, column, line, width, shown.style(Tone::Text))
}
