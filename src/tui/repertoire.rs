//! Which characters a terminal can be sent. What it would draw in another width than we count goes out as something that
//! it draws in ours, so that no column moves.

use unicode_width::UnicodeWidthChar;

/// The characters that a terminal draws as we count them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Repertoire {
    /// All.
    #[default]
    All,
    /// All but those whose width is ambiguous: they take two cells there.
    Unambiguous,
    /// ASCII only.
    Ascii,
}

impl Repertoire {
    /// What is sent for a text.
    pub fn sent(self, text: &[u8]) -> Vec<u8> {
        if self == Self::All || text.is_ascii() {
            return text.to_vec();
        }
        let mut sent = String::with_capacity(text.len());
        for character in String::from_utf8_lossy(text).chars() {
            if self.has(character) {
                sent.push(character);
            } else {
                let cells = character.width().unwrap_or(0);
                sent.extend(std::iter::repeat_n(alike(character), cells));
            }
        }
        sent.into_bytes()
    }

    fn has(self, character: char) -> bool {
        match self {
            Self::All => true,
            Self::Unambiguous => character.is_ascii() || character.width() == character.width_cjk(),
            Self::Ascii => character.is_ascii(),
        }
    }
}

/// The ASCII character that looks most like another one.
const fn alike(character: char) -> char {
    match character {
        '“' | '”' => '"',
        '‘' | '’' | '′' => '\'',
        '…' | '·' | '•' => '.',
        '–' | '—' | '─' | '−' => '-',
        '×' => 'x',
        '÷' | '／' => '/',
        '│' => '|',
        '°' => 'o',
        '±' | '≈' | '～' => '~',
        '█' => '#',
        '▶' | '›' | '→' | '≥' => '>',
        '‹' | '←' | '≤' => '<',
        'Σ' | '§' => 'S',
        'Δ' | 'δ' => 'd',
        '₀' | '⁰' => '0',
        '₁' | '¹' => '1',
        '₂' | '²' => '2',
        '₃' | '³' => '3',
        '₄' | '⁴' => '4',
        '₅' => '5',
        '₆' => '6',
        '₇' => '7',
        '₈' => '8',
        '₉' => '9',
        _ => '?',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(repertoire: Repertoire, text: &str) -> String {
        String::from_utf8(repertoire.sent(text.as_bytes())).unwrap()
    }

    #[test]
    fn what_cannot_be_sent_keeps_its_cells() {
        let text = "\u{1b}[1m锅炉 12 °C ×“a”…";
        assert_eq!(sent(Repertoire::All, text), text);
        assert_eq!(sent(Repertoire::Unambiguous, text), "\u{1b}[1m锅炉 12 oC x\"a\".");
        assert_eq!(
            sent(Repertoire::Ascii, "Σ (v₁ + v₂) ÷ 2 × Δt ≈ 5 ≤ 6"),
            "S (v1 + v2) / 2 x dt ~ 5 < 6"
        );
        assert_eq!(sent(Repertoire::Ascii, text), "\u{1b}[1m???? 12 oC x\"a\".");
    }
}
