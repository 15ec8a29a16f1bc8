//! A figure in few cells, and its mark.

use crate::engine::view::Figure;
use crate::locale::figures::tonnes;
use crate::tui::theme::Tone;

/// The marks with what they mean, the gravest first.
pub(super) const MARKS: [(char, &str); 5] = [
    ('!', "tui-ledger-mark-failed"),
    ('?', "tui-ledger-mark-incomplete"),
    ('&', "tui-ledger-mark-overlapping"),
    ('s', "tui-ledger-mark-substituted"),
    ('*', "tui-ledger-mark-provisional"),
];

/// The gravest mark of a figure; the details say all.
pub(super) const fn mark(figure: &Figure) -> Option<(char, Tone)> {
    if figure.failed_hours > 0 {
        Some((MARKS[0].0, Tone::Alarm))
    } else if figure.incomplete_hours > 0 {
        Some((MARKS[1].0, Tone::Warning))
    } else if figure.overlapping_hours > 0 {
        Some((MARKS[2].0, Tone::Warning))
    } else if figure.substituted_hours > 0 {
        Some((MARKS[3].0, Tone::Substituted))
    } else if figure.provisional_hours > 0 {
        Some((MARKS[4].0, Tone::Advisory))
    } else {
        None
    }
}

/// Tonnes in a room; never cut: a number without its first or last digits would be another number.
pub(super) fn text(figure: &Figure, digits: u32, room: usize) -> String {
    let text = tonnes(figure.milligrams, digits);
    if text.len() <= room { text } else { "#".repeat(room) }
}
