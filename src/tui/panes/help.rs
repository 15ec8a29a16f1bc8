//! The help: the keys of where one was, and what the marks mean.

use super::super::keymap::Context;
use super::super::model::Model;
use super::super::overlay::Overlay;
use super::super::theme::Tone;
use super::super::widgets::canvas::Canvas;
use super::super::widgets::cells;
use crate::domain::text::Text;

/// A line: left column, right column, look.
pub struct Line {
    left: String,
    right: String,
    tone: Tone,
}

/// What may be typed into a cell, and what it means.
const CELLS: [(&str, &str); 6] = [
    ("12.5  1,234", "tui-help-cell-value"),
    ("12.5 kg", "tui-help-cell-unit"),
    ("=12*3.4", "tui-help-cell-sum"),
    ("' gauge stuck", "tui-help-cell-as-before"),
    ("/", "tui-help-cell-missing"),
    ("Ctrl-V", "tui-help-cell-block"),
];

/// What stands behind the value of a cell.
const CELL_MARKS: [(&str, &str); 8] = [
    ("+", "tui-help-cell-kept"),
    ("*", "tui-help-cell-unsaved"),
    ("@", "tui-help-cell-theirs"),
    ("?", "tui-help-cell-doubted"),
    ("!", "tui-help-cell-excluded"),
    ("~", "tui-help-cell-awaits"),
    ("^", "tui-help-cell-returned"),
    ("-s", "tui-help-cell-filled"),
];

/// Width of the left column.
const LEFT: usize = 26;

/// The keys of a context, each with what it does.
fn keys_of(model: &Model, of: Context) -> impl Iterator<Item = Line> {
    let shown = &model.shown;
    shown.keymap.bindings(of).map(|binding| {
        let keys: Vec<String> = binding.keys.iter().map(ToString::to_string).collect();
        Line {
            left: format!("  {}", keys.join("  ")),
            right: shown.text(&binding.action.label()),
            tone: Tone::Text,
        }
    })
}

/// All lines of the help.
pub fn lines(model: &Model) -> Vec<Line> {
    let shown = &model.shown;
    let Some(Overlay::Help { of, .. }) = model.overlays.last() else {
        return Vec::new();
    };
    let heading = |text: Text| Line {
        left: shown.text(&text),
        right: String::new(),
        tone: Tone::Title,
    };
    let mut lines = Vec::new();
    if !model.faults.is_empty() {
        lines.push(heading(Text::new("tui-help-faults")));
        let room = usize::from(model.size.width.saturating_sub(4)).max(2);
        for fault in &model.faults {
            lines.extend(cells::wrap(&shown.text(fault), room).into_iter().map(|line| Line {
                left: format!("  {line}"),
                right: String::new(),
                tone: Tone::Warning,
            }));
        }
        lines.push(Line {
            left: String::new(),
            right: String::new(),
            tone: Tone::Text,
        });
    }
    lines.push(heading(Text::new("tui-help-keys")));
    lines.extend(keys_of(model, *of));
    if *of == Context::Sheet {
        // The page has its keys, and its cells have others.
        lines.push(heading(Text::new("tui-help-keys-cells")));
        lines.extend(keys_of(model, Context::Grid));
    }
    if matches!(of, Context::Sheet | Context::Grid) {
        lines.push(heading(Text::new("tui-help-cells")));
        for (typed, meaning) in CELLS {
            lines.push(Line {
                left: format!("  {typed}"),
                right: shown.text(&Text::new(meaning)),
                tone: Tone::Text,
            });
        }
        lines.push(heading(Text::new("tui-help-marks")));
        for (mark, meaning) in CELL_MARKS {
            lines.push(Line {
                left: format!("  {mark}"),
                right: shown.text(&Text::new(meaning)),
                tone: Tone::Text,
            });
        }
    }
    if matches!(of, Context::Live | Context::Totals | Context::Filter) {
        lines.push(Line {
            left: String::new(),
            right: String::new(),
            tone: Tone::Text,
        });
        lines.push(heading(Text::new("tui-help-marks")));
        for (mark, meaning) in [
            ("!", Text::new("tui-help-mark-impossible")),
            ("~", Text::new("tui-help-mark-operating")),
            ("?", Text::new("tui-help-mark-doubtful")),
            ("*", Text::new("tui-help-mark-alarm")),
            ("=", Text::new("tui-help-mark-typed")),
            ("c", Text::new("tui-help-mark-corrected")),
            ("S", Text::new("tui-help-mark-simulated")),
            ("###", Text::new("tui-help-mark-too-wide")),
        ] {
            lines.push(Line {
                left: format!("  {mark}"),
                right: shown.text(&meaning),
                tone: Tone::Text,
            });
        }
    }
    let marks: Vec<(String, Text)> = match of {
        Context::Ledger => super::ledger::marks(model),
        Context::Alarms => owned(super::alarms::marks()),
        Context::Anomalies => owned(super::anomalies::marks()),
        _ => Vec::new(),
    };
    if !marks.is_empty() {
        lines.push(Line {
            left: String::new(),
            right: String::new(),
            tone: Tone::Text,
        });
        lines.push(heading(Text::new("tui-help-marks")));
        for (mark, meaning) in marks {
            lines.push(Line {
                left: format!("  {mark}"),
                right: shown.text(&meaning),
                tone: Tone::Text,
            });
        }
    }
    lines.push(Line {
        left: String::new(),
        right: String::new(),
        tone: Tone::Text,
    });
    let theme = Text::new("tui-help-theme")
        .with("theme", shown.theme.name())
        .with("version", env!("CARGO_PKG_VERSION"));
    lines.push(Line {
        left: shown.text(&theme),
        right: String::new(),
        tone: Tone::Dim,
    });
    lines
}

fn owned(marks: Vec<(&'static str, Text)>) -> Vec<(String, Text)> {
    marks
        .into_iter()
        .map(|(mark, meaning)| (mark.to_owned(), meaning))
        .collect()
}

/// Draws the help from a line on.
pub fn draw(model: &Model, scrolled: usize, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let width = canvas.width();
    let rows = 1..canvas.height();
    for (row, line) in rows.zip(lines(model).iter().skip(scrolled)) {
        let style = shown.style(line.tone);
        if line.right.is_empty() {
            canvas.put(1, row, width, &line.left, style);
            continue;
        }
        let after = canvas.put(1, row, width, &line.left, shown.style(Tone::Key));
        let column = after.max(u16::try_from(LEFT).unwrap_or(after)) + 1;
        let room = usize::from(width.saturating_sub(column));
        canvas.put(
            column,
            row,
            width,
            &cells::fit(&line.right, room, shown.glyphs.ellipsis),
            style,
        );
    }
}
