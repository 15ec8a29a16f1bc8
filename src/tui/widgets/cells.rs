//! Texts measured in terminal cells: Chinese takes two, what would steer the terminal takes none of it.
//!
//! Characters are laid out one by one. Those without a width of their own (combining marks, variation selectors, emoji
//! modifiers) are dropped: terminals disagree about them, and a column that is off by one hides a digit.

use unicode_width::UnicodeWidthChar;

use crate::domain::text::is_unsafe_for_display;

/// A character as it is drawn, with its width in cells (1 or 2); `None` where it is not drawn at all.
pub fn drawn(character: char) -> Option<(char, usize)> {
    if is_unsafe_for_display(character) || joins_or_hides(character) {
        return Some(('\u{fffd}', 1));
    }
    if matches!(character, '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0000}'..='\u{e0fff}') {
        return None;
    }
    match character.width() {
        Some(width @ 1..=2) => Some((character, width)),
        _ => None,
    }
}

/// Characters that terminals join to one picture of unforeseeable width (flags), or that fill cells with nothing.
const fn joins_or_hides(character: char) -> bool {
    matches!(
        character,
        '\u{1f1e6}'..='\u{1f1ff}' | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' | '\u{fdfd}'
    )
}

/// Width of a text in cells, as it would be drawn on one line.
pub fn width(text: &str) -> usize {
    text.chars().filter_map(drawn).map(|(_, width)| width).sum()
}

/// A text cleaned and cut to at most `cells` cells; where something is cut, `ellipsis` (one cell) says so.
pub fn fit(text: &str, cells: usize, ellipsis: char) -> String {
    let mut fitted = String::new();
    let mut used = 0;
    // Where to cut if the text turns out to be too long: the end of what leaves room for the ellipsis.
    let mut cut = 0;
    for (character, width) in text.chars().filter_map(drawn) {
        if used + width > cells {
            fitted.truncate(cut);
            if cells > 0 {
                fitted.push(ellipsis);
            }
            return fitted;
        }
        fitted.push(character);
        used += width;
        if used < cells {
            cut = fitted.len();
        }
    }
    fitted
}

/// A text cleaned and broken into lines of at most `cells` cells, at spaces where there are some; at least one line.
pub fn wrap(text: &str, cells: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    // Length of the line, and cells of it, up to and with its last space.
    let mut space = None;
    for (character, width) in text.chars().filter_map(drawn) {
        // What a break at a space leaves over may still be too long for a wide character.
        while used + width > cells && !line.is_empty() {
            let rest = match space.take() {
                // A space far back would leave most of the line empty: Chinese has few of them.
                Some((length, before)) if length < line.len() && before * 2 >= cells => line.split_off(length),
                _ => String::new(),
            };
            lines.push(line.trim_end().to_owned());
            used = self::width(&rest);
            line = rest;
        }
        line.push(character);
        used += width;
        if character == ' ' {
            space = Some((line.len(), used));
        }
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn chinese_takes_two_cells_and_is_never_halved() {
        assert_eq!(width("锅炉1"), 5);
        assert_eq!(fit("锅炉1", 5, '…'), "锅炉1");
        assert_eq!(fit("锅炉12", 5, '…'), "锅炉…");
        assert_eq!(fit("锅炉炉", 5, '…'), "锅炉…");
        assert_eq!(fit("锅炉炉", 4, '…'), "锅…");
        assert_eq!(fit("锅", 1, '…'), "…");
        assert_eq!(fit("锅", 0, '…'), "");
    }

    #[test]
    fn what_steers_a_terminal_is_replaced_and_what_has_no_width_is_dropped() {
        assert_eq!(
            fit("a\u{1b}[2Jb\u{202e}c\u{301}\u{fe0f}", 20, '…'),
            "a\u{fffd}[2Jb\u{fffd}c"
        );
        assert_eq!(fit("👍🏽", 20, '…'), "👍");
        assert_eq!(fit("🇨🇳", 20, '…'), "\u{fffd}\u{fffd}");
    }

    #[test]
    fn lines_break_at_spaces_where_there_are_some() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrap("锅炉锅炉", 5), ["锅炉", "锅炉"]);
        assert_eq!(wrap("", 5), [""]);
        assert_eq!(wrap("a b锅", 2), ["a", "b", "锅"]);
        assert_eq!(wrap("! 0锅", 3), ["!", "0锅"]);
    }

    proptest! {
        #[test]
        fn fitted_and_wrapped_texts_keep_their_widths(text in ".{0,60}", cells in 0_usize..30) {
            prop_assert!(width(&fit(&text, cells, '…')) <= cells);
            for line in wrap(&text, cells.max(2)) {
                prop_assert!(width(&line) <= cells.max(2));
            }
        }

        #[test]
        fn wrapping_loses_nothing_but_spaces(text in "[a-z 锅炉]{0,60}", cells in 2_usize..30) {
            let squeezed = |text: &str| text.replace(' ', "");
            prop_assert_eq!(squeezed(&wrap(&text, cells).concat()), squeezed(&text));
        }
    }
}
