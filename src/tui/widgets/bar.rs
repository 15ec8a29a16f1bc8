//! The limit bar: where a value stands between its limits, at a glance.

use ratatui::style::Style;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::canvas::Canvas;
use crate::domain::model::Limits;
use crate::tui::glyphs::Glyphs;

/// Room left beyond each limit, as a share of the distance between them.
const MARGIN: f64 = 0.18;

/// What a bar shows.
#[derive(Debug, Clone, Copy)]
pub struct Bar {
    /// Limits that are marked.
    pub limits: Limits,
    /// The value, where there is one.
    pub value: Option<Decimal>,
}

impl Bar {
    /// The ends of the scale; `None` where there is nothing to compare with.
    fn scale(&self) -> Option<(f64, f64)> {
        let low = self.limits.low.and_then(|low| low.to_f64());
        let high = self.limits.high.and_then(|high| high.to_f64());
        let (low, high) = match (low, high) {
            (Some(low), Some(high)) if high > low => (low, high),
            // With one limit only, nought is the natural other end.
            (None, Some(high)) if high > 0.0 => (0.0, high),
            (Some(low), None) if low > 0.0 => (0.0, low * 2.0),
            _ => return None,
        };
        let margin = (high - low) * MARGIN;
        Some((low - margin, high + margin))
    }

    /// The cell of a number on a bar of `width` cells; what is beyond the scale stands in its last cell.
    fn place(&self, number: Decimal, width: u16) -> Option<u16> {
        let (from, to) = self.scale()?;
        let share = ((number.to_f64()? - from) / (to - from)).clamp(0.0, 1.0);
        (f64::from(width) * share)
            .floor()
            .to_u16()
            .map(|cell| cell.min(width.saturating_sub(1)))
    }

    /// Draws the bar; an empty track where there are no limits.
    pub fn draw(&self, canvas: &mut Canvas<'_>, glyphs: &Glyphs, track: Style, marker: Style) {
        let width = canvas.width();
        if self.scale().is_none() {
            return;
        }
        canvas.rule(0, glyphs.track, track);
        for limit in [self.limits.low, self.limits.high].into_iter().flatten() {
            if let Some(column) = self.place(limit, width) {
                canvas.set(column, 0, glyphs.limit, track);
            }
        }
        if let Some(column) = self.value.and_then(|value| self.place(value, width)) {
            canvas.set(column, 0, glyphs.marker, marker);
        }
    }
}

#[cfg(test)]
mod tests {
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;

    use super::*;

    fn drawn(low: Option<i64>, high: Option<i64>, value: Option<i64>) -> String {
        let bar = Bar {
            limits: Limits {
                low: low.map(Decimal::from),
                high: high.map(Decimal::from),
            },
            value: value.map(Decimal::from),
        };
        let area = Rect::new(0, 0, 14, 1);
        let mut buffer = Buffer::empty(area);
        bar.draw(
            &mut Canvas::new(&mut buffer, area, '>'),
            &Glyphs::ASCII,
            Style::default(),
            Style::default(),
        );
        buffer.content.iter().map(ratatui::buffer::Cell::symbol).collect()
    }

    #[test]
    fn a_value_stands_between_its_limits() {
        assert_eq!(drawn(Some(0), Some(100), Some(50)), ".|.....#....|.");
        assert_eq!(drawn(Some(0), Some(100), Some(100)), ".|..........#.");
        assert_eq!(drawn(Some(0), Some(100), None), ".|..........|.");
    }

    #[test]
    fn a_value_beyond_the_scale_stands_at_its_end() {
        assert_eq!(drawn(Some(0), Some(100), Some(9_000)), ".|..........|#");
        assert_eq!(drawn(Some(0), Some(100), Some(-9_000)), "#|..........|.");
    }

    #[test]
    fn without_limits_there_is_no_bar() {
        assert_eq!(drawn(None, None, Some(5)), " ".repeat(14));
        assert_eq!(drawn(Some(5), Some(5), Some(5)), " ".repeat(14));
        assert_eq!(drawn(None, Some(100), Some(0)), ".#..........|.");
    }
}
