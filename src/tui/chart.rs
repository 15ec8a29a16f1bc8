//! The chart of a parameter (趋势图): which stretch it shows, what it is compared with, where its cursor stands.
//!
//! What is drawn is what the daemon answered: a [`Course`] with a column for every cell of the plot (two where it is drawn
//! in braille dots). A chart that ends now is asked for again when a column has passed, and no more often than every few
//! seconds; until an answer is there the one before it stays.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::domain::identity::ParameterId;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::engine::course::{Course, CourseColumn, MOST_COLUMNS, column_start};
use crate::engine::view::NoteView;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Shortest time between two requests of a chart that ends now.
const SOONEST: Duration = Duration::from_secs(5);

/// How long a stretch a chart shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Span {
    /// One hour.
    Hour,
    /// Eight hours: a shift.
    Shift,
    /// One day.
    #[default]
    Day,
    /// Seven days.
    Week,
    /// Thirty days.
    Month,
    /// 365 days.
    Year,
}

impl Span {
    /// All, the shortest first.
    pub const ALL: [Self; 6] = [Self::Hour, Self::Shift, Self::Day, Self::Week, Self::Month, Self::Year];

    /// Its length in milliseconds.
    pub const fn length(self) -> i64 {
        match self {
            Self::Hour => HOUR,
            Self::Shift => 8 * HOUR,
            Self::Day => DAY,
            Self::Week => 7 * DAY,
            Self::Month => 30 * DAY,
            Self::Year => 365 * DAY,
        }
    }

    /// What it is called.
    pub fn text(self) -> Text {
        match self {
            Self::Hour => Text::new("tui-span-hour"),
            Self::Shift => Text::new("tui-span-shift"),
            Self::Day => Text::new("tui-span-day"),
            Self::Week => Text::new("tui-span-week"),
            Self::Month => Text::new("tui-span-month"),
            Self::Year => Text::new("tui-span-year"),
        }
    }

    /// The next shorter or longer one.
    #[must_use]
    pub fn stepped(self, longer: bool) -> Self {
        let place = Self::ALL.iter().position(|&span| span == self).unwrap_or(0);
        let wanted = if longer { place + 1 } else { place.saturating_sub(1) };
        Self::ALL.get(wanted).copied().unwrap_or(self)
    }
}

/// With what a chart is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Against {
    /// With nothing.
    #[default]
    Nothing,
    /// With the day before.
    Day,
    /// With the week before.
    Week,
    /// With 365 days before.
    Year,
}

impl Against {
    /// The next of them.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::Nothing => Self::Day,
            Self::Day => Self::Week,
            Self::Week => Self::Year,
            Self::Year => Self::Nothing,
        }
    }

    /// How many milliseconds before; `None` where nothing is compared.
    pub const fn before(self) -> Option<i64> {
        match self {
            Self::Nothing => None,
            Self::Day => Some(DAY),
            Self::Week => Some(7 * DAY),
            Self::Year => Some(365 * DAY),
        }
    }

    /// What it is called.
    pub fn text(self) -> Text {
        match self {
            Self::Nothing => Text::new("tui-against-nothing"),
            Self::Day => Text::new("tui-against-day"),
            Self::Week => Text::new("tui-against-week"),
            Self::Year => Text::new("tui-against-year"),
        }
    }
}

/// A course as far as it is known.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Line {
    /// What was answered last.
    pub course: Option<Course>,
    /// Number of the request that is awaited.
    pub awaited: Option<u64>,
    /// Why it was refused.
    pub refused: Option<Text>,
}

/// A chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// Of which parameter.
    pub parameter: ParameterId,
    /// How long a stretch.
    pub span: Span,
    /// Its end; `None` where that is now.
    pub end: Option<Instant>,
    /// The column under the cursor; `None` for the newest that is known.
    pub cursor: Option<u16>,
    /// With what it is compared.
    pub against: Against,
    /// The parameter's course.
    pub line: Line,
    /// The course with which it is compared.
    pub other: Line,
    /// What was noted meanwhile.
    pub marks: Vec<NoteView>,
    /// Number of the request for that, while it is awaited.
    pub notes_awaited: Option<u64>,
    /// When it was asked for, on the terminal's own clock.
    pub asked_at: Duration,
}

impl Chart {
    /// A chart that ends now.
    pub fn new(parameter: ParameterId, span: Span) -> Self {
        Self {
            parameter,
            span,
            end: None,
            cursor: None,
            against: Against::Nothing,
            line: Line::default(),
            other: Line::default(),
            marks: Vec::new(),
            notes_awaited: None,
            asked_at: Duration::ZERO,
        }
    }

    /// The stretch to ask for in so many columns: the span, and as much more as makes columns begin at times that people
    /// read easily. One that ends now ends with the column in which now lies, so that columns do not change their places
    /// with every request.
    pub fn stretch(&self, now: Instant, columns: u16) -> (Instant, Instant) {
        let columns = i64::from(columns.max(1));
        let width = readable(self.span.length().div_euclid(columns) + i64::from(self.span.length() % columns != 0));
        let end = self
            .end
            .unwrap_or(now)
            .0
            .div_euclid(width)
            .saturating_add(1)
            .saturating_mul(width);
        (Instant(end.saturating_sub(width * columns)), Instant(end))
    }

    /// Whether a chart that ends now is to be asked for again.
    pub fn is_due(&self, elapsed: Duration) -> bool {
        let Some(course) = &self.line.course else {
            return false;
        };
        let width = self.span.length() / i64::from(course.columns.max(1));
        let width = Duration::from_millis(u64::try_from(width).unwrap_or(0));
        self.end.is_none() && self.line.awaited.is_none() && elapsed.saturating_sub(self.asked_at) >= width.max(SOONEST)
    }

    /// The column under the cursor.
    pub fn column(&self) -> Option<u16> {
        let course = self.line.course.as_ref()?;
        let last = course.columns.checked_sub(1)?;
        let newest = || course.known.iter().rev().find(|column| column.values.is_some());
        Some(self.cursor.or_else(|| Some(newest()?.column)).unwrap_or(last).min(last))
    }

    /// What is known of the column under the cursor, with its beginning and end.
    pub fn under_cursor(&self) -> Option<(Instant, Instant, Option<&CourseColumn>)> {
        let course = self.line.course.as_ref()?;
        let column = self.column()?;
        let start = |column| column_start(course.from, course.to, course.columns, column);
        Some((start(column), start(column + 1), known(course, column)))
    }

    /// What is known of the same column of the course with which it is compared.
    pub fn other_under_cursor(&self) -> Option<&CourseColumn> {
        known(self.other.course.as_ref()?, self.column()?)
    }
}

/// A width of columns that is no smaller, in whole seconds, tens of seconds, or minutes.
const fn readable(width: i64) -> i64 {
    let step = if width <= MINUTE {
        1_000
    } else if width <= 10 * MINUTE {
        10_000
    } else {
        MINUTE
    };
    (width + step - 1) / step * step
}

fn known(course: &Course, column: u16) -> Option<&CourseColumn> {
    let place = course.known.binary_search_by_key(&column, |known| known.column).ok()?;
    course.known.get(place)
}

/// How many columns a plot of so many cells has.
pub fn columns(cells: u16, braille: bool) -> u16 {
    let wanted = if braille { cells.saturating_mul(2) } else { cells };
    wanted.clamp(1, MOST_COLUMNS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_that_ends_now_keeps_its_columns_in_place() {
        let chart = Chart::new(ParameterId(1), Span::Hour);
        let (from, to) = chart.stretch(Instant(10 * HOUR + 5_000), 60);
        assert_eq!((from, to), (Instant(9 * HOUR + MINUTE), Instant(10 * HOUR + MINUTE)));
        assert_eq!(chart.stretch(Instant(10 * HOUR + 59_999), 60), (from, to));
        assert_ne!(chart.stretch(Instant(10 * HOUR + 60_000), 60), (from, to));
        // A day in 66 columns: 22 minutes each.
        let (from, to) = Chart::new(ParameterId(1), Span::Day).stretch(Instant(DAY), 66);
        assert_eq!(to.since(from), 66 * 22 * MINUTE);
    }

    #[test]
    fn spans_end_where_there_are_no_more() {
        assert_eq!(Span::Hour.stepped(false), Span::Hour);
        assert_eq!(Span::Hour.stepped(true), Span::Shift);
        assert_eq!(Span::Year.stepped(true), Span::Year);
        assert_eq!(Against::Year.next(), Against::Nothing);
    }
}
