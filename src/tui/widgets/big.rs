//! Large characters, to be read from across a control room.

use ratatui::style::Style;
use ratatui::text::Line;
use tui_big_text::{BigText, PixelSize};

use super::canvas::Canvas;

/// How large characters are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Magnitude {
    /// 8 cells wide and 8 rows high.
    Full,
    /// 8 cells wide and 4 rows high.
    Flat,
    /// 4 cells wide and 4 rows high.
    Half,
    /// As everything else.
    Plain,
}

impl Magnitude {
    /// All, the largest first.
    pub const ALL: [Self; 4] = [Self::Full, Self::Flat, Self::Half, Self::Plain];

    /// Cells of a character, and rows.
    pub const fn cells(self) -> (u16, u16) {
        match self {
            Self::Full => (8, 8),
            Self::Flat => (8, 4),
            Self::Half => (4, 4),
            Self::Plain => (1, 1),
        }
    }

    /// Whether it can be drawn with nothing but a solid character.
    pub const fn is_solid(self) -> bool {
        matches!(self, Self::Full | Self::Plain)
    }

    const fn pixels(self) -> Option<PixelSize> {
        match self {
            Self::Full => Some(PixelSize::Full),
            Self::Flat => Some(PixelSize::HalfHeight),
            Self::Half => Some(PixelSize::Quadrant),
            Self::Plain => None,
        }
    }
}

/// Draws a text of ASCII characters at the upper left corner; `solid` stands for a whole filled cell.
pub fn draw(canvas: &mut Canvas<'_>, text: &str, magnitude: Magnitude, solid: char, style: Style) {
    let Some(pixels) = magnitude.pixels() else {
        let width = canvas.width();
        canvas.put(0, 0, width, text, style);
        return;
    };
    let big = BigText::builder()
        .pixel_size(pixels)
        .style(style)
        .lines(vec![Line::from(text.to_owned())])
        .build();
    canvas.render(big);
    if solid != '█' {
        canvas.replace("█", solid);
    }
}
