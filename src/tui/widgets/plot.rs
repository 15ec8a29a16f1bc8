//! Lines drawn in dots: two dots to a cell one above the other, or eight where braille can be drawn.

use ratatui::style::Style;

use super::canvas::Canvas;
use crate::engine::course::{Course, CourseColumn};

/// What lies between the bottom and the top of a plot, in counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// At the bottom.
    pub low: f64,
    /// At the top.
    pub high: f64,
}

impl Scale {
    /// A scale over values, with a little room above and below; one around a single value, which would have no height.
    pub fn over(values: impl Iterator<Item = f64>) -> Option<Self> {
        let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(value), high.max(value))
        });
        if low > high {
            return None;
        }
        let margin = if high > low {
            (high - low) * 0.05
        } else {
            (high.abs() * 0.05).max(1.0)
        };
        Some(Self {
            low: low - margin,
            high: high + margin,
        })
    }

    /// The row of a value on a plot of so many rows of dots, from the top.
    pub fn row(&self, value: f64, rows: u16) -> u16 {
        let share = ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        let last = f64::from(rows.saturating_sub(1));
        // The cast cuts nothing: the share lies between 0 and 1.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "0 to the number of rows"
        )]
        let row = ((1.0 - share) * last).round() as u16;
        row
    }

    /// The value in the middle of a row.
    pub fn value(&self, row: u16, rows: u16) -> f64 {
        let last = f64::from(rows.saturating_sub(1)).max(1.0);
        self.high - (self.high - self.low) * f64::from(row) / last
    }
}

/// Dots of a plot.
#[derive(Debug)]
pub struct Dots {
    width: u16,
    height: u16,
    set: Vec<bool>,
}

impl Dots {
    /// No dots.
    pub fn new(width: u16, height: u16) -> Self {
        Self {
            width,
            height,
            set: vec![false; usize::from(width) * usize::from(height)],
        }
    }

    fn place(&self, column: u16, row: u16) -> Option<usize> {
        (column < self.width && row < self.height)
            .then(|| usize::from(row) * usize::from(self.width) + usize::from(column))
    }

    fn has(&self, column: u16, row: u16) -> bool {
        self.place(column, row)
            .and_then(|place| self.set.get(place))
            .copied()
            .unwrap_or(false)
    }

    /// Sets the dots of a column between two rows.
    fn upright(&mut self, column: u16, one: u16, other: u16) {
        for row in one.min(other)..=one.max(other) {
            if let Some(dot) = self.place(column, row).and_then(|place| self.set.get_mut(place)) {
                *dot = true;
            }
        }
    }

    /// Draws a course: each column from its lowest to its highest value, joined to the one before where no gap lies between.
    pub fn course(&mut self, course: &Course, scale: &Scale) {
        let mut before: Option<(u16, i64)> = None;
        for column in &course.known {
            let Some(values) = column.values else { continue };
            let height = self.height;
            let row = |value: i64| scale.row(as_float(value), height);
            self.upright(column.column, row(values.low), row(values.high));
            if let Some((last_column, last)) = before
                && last_column + 1 == column.column
                && column.gap_ms == 0
            {
                self.upright(column.column, row(last), row(values.first));
            }
            before = Some((column.column, values.last));
        }
    }

    /// Draws what stands in for the gaps of a course.
    pub fn stand_ins(&mut self, course: &Course, scale: &Scale) {
        for column in &course.known {
            if let Some(stand_in) = column.stand_in {
                let height = self.height;
                let row = |value: i64| scale.row(as_float(value), height);
                self.upright(column.column, row(stand_in.low), row(stand_in.high));
            }
        }
    }

    /// Puts the dots on a canvas, two to a cell: upper, lower, both.
    pub fn draw_halves(&self, canvas: &mut Canvas<'_>, glyphs: [char; 3], style: Style) {
        for row in 0..canvas.height() {
            for column in 0..canvas.width() {
                let glyph = match (self.has(column, row * 2), self.has(column, row * 2 + 1)) {
                    (false, false) => continue,
                    (true, false) => glyphs.first(),
                    (false, true) => glyphs.get(1),
                    (true, true) => glyphs.get(2),
                };
                if let Some(&glyph) = glyph {
                    canvas.set(column, row, glyph, style);
                }
            }
        }
    }

    /// Puts the dots on a canvas, eight to a cell.
    pub fn draw_braille(&self, canvas: &mut Canvas<'_>, style: Style) {
        const BITS: [(u16, u16, u32); 8] = [
            (0, 0, 0x01),
            (0, 1, 0x02),
            (0, 2, 0x04),
            (1, 0, 0x08),
            (1, 1, 0x10),
            (1, 2, 0x20),
            (0, 3, 0x40),
            (1, 3, 0x80),
        ];
        for row in 0..canvas.height() {
            for column in 0..canvas.width() {
                let bits = BITS
                    .iter()
                    .filter(|(right, down, _)| self.has(column * 2 + right, row * 4 + down))
                    .map(|(_, _, bit)| bit)
                    .sum::<u32>();
                if bits > 0
                    && let Some(glyph) = char::from_u32(0x2800 + bits)
                {
                    canvas.set(column, row, glyph, style);
                }
            }
        }
    }

    /// Puts one glyph on each cell that has a dot, of so many columns and rows of dots a cell.
    pub fn draw_marks(&self, canvas: &mut Canvas<'_>, (across, down): (u16, u16), glyph: char, style: Style) {
        for row in 0..canvas.height() {
            for column in 0..canvas.width() {
                let any = (0..across).any(|x| (0..down).any(|y| self.has(column * across + x, row * down + y)));
                if any {
                    canvas.set(column, row, glyph, style);
                }
            }
        }
    }
}

/// A count as a number to draw: what a screen shows is far coarser than what is lost.
#[expect(clippy::cast_precision_loss, reason = "a screen has some hundred rows")]
pub const fn as_float(count: i64) -> f64 {
    count as f64
}

/// The columns that fall into a cell.
pub fn of_cell(course: &Course, cell: u16, across: u16) -> impl Iterator<Item = &CourseColumn> {
    let first = course.known.partition_point(|column| column.column < cell * across);
    course
        .known
        .iter()
        .skip(first)
        .take_while(move |column| column.column < (cell + 1) * across)
}

#[cfg(test)]
mod tests {
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;

    use super::*;
    use crate::domain::identity::ParameterId;
    use crate::domain::time::Instant;
    use crate::engine::course::{CourseMarks, Extent, MadeOf, Measure};

    fn course(values: &[Option<i64>]) -> Course {
        let known = (0..).zip(values).map(|(column, value)| CourseColumn {
            column,
            values: value.map(|value| Extent {
                low: value,
                high: value,
                first: value,
                last: value,
                last_at: Instant(0),
                sum: 0,
                weight: 0,
                count: 1,
            }),
            gap_ms: i64::from(value.is_none()),
            stand_in: None,
            marks: CourseMarks::default(),
        });
        Course {
            parameter: ParameterId(1),
            from: Instant(0),
            to: Instant(100),
            columns: 8,
            made_of: MadeOf::Readings,
            measure: Measure::Value,
            known: known.collect(),
        }
    }

    fn drawn(values: &[Option<i64>], braille: bool) -> Vec<String> {
        let course = course(values);
        let area = Rect::new(0, 0, if braille { 4 } else { 8 }, 2);
        let mut buffer = Buffer::empty(area);
        let mut dots = Dots::new(8, if braille { 8 } else { 4 });
        let scale = Scale { low: 0.0, high: 3.0 };
        dots.course(&course, &scale);
        let mut canvas = Canvas::new(&mut buffer, area, '>');
        if braille {
            dots.draw_braille(&mut canvas, Style::default());
        } else {
            dots.draw_halves(&mut canvas, ['\'', '.', ':'], Style::default());
        }
        let rows = buffer.content.chunks(usize::from(area.width));
        rows.map(|row| row.iter().map(ratatui::buffer::Cell::symbol).collect())
            .collect()
    }

    #[test]
    fn a_line_is_joined_and_a_gap_is_a_gap() {
        let values = [Some(0), Some(1), None, Some(3), Some(3), Some(0), None, Some(2)];
        assert_eq!(drawn(&values, false), ["   '': .", ".:   :  "]);
    }

    #[test]
    fn braille_has_eight_dots_to_a_cell() {
        let rows = drawn(&[Some(3), Some(3), Some(0), Some(0)], true);
        assert_eq!(rows[0].chars().next(), Some('⠉'));
        assert_eq!(rows[1].chars().nth(1), Some('⣇'));
    }

    #[test]
    fn what_is_one_value_has_a_height_all_the_same() {
        let scale = Scale::over([5.0, 5.0].into_iter()).unwrap();
        assert!(scale.low < 5.0 && scale.high > 5.0);
        assert_eq!(scale.row(5.0, 11), 5);
        assert_eq!(Scale::over(std::iter::empty()), None);
    }
}
