//! Intervals of the calendar (日历周期): each as long as its month or its year.

use serde::{Deserialize, Serialize};

use super::text::{Explained, Text};
use super::time::{DAY_MS, Month};

/// An interval of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CalendarInterval {
    /// A month (每月).
    Month,
    /// A year (每年).
    Year,
}

impl CalendarInterval {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Month, Self::Year];

    /// The word for it in a plan.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Year => "year",
        }
    }

    /// The one of a word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|interval| interval.word() == word)
    }

    /// How long the longest of them is, in milliseconds: what comes once a month is not late in the longest of them.
    pub const fn longest_ms(self) -> i64 {
        match self {
            Self::Month => 31 * DAY_MS,
            Self::Year => 366 * DAY_MS,
        }
    }

    /// The month with which the interval ends in which a month lies.
    #[must_use]
    pub const fn last_month(self, month: Month) -> Month {
        match self {
            Self::Month => month,
            Self::Year => Month { month: 12, ..month },
        }
    }

    /// The first month of the interval that ends with a month; none where none ends with it.
    pub const fn ending_with(self, month: Month) -> Option<Month> {
        match self {
            Self::Month => Some(month),
            Self::Year if month.month == 12 => Some(Month { month: 1, ..month }),
            Self::Year => None,
        }
    }
}

impl Explained for CalendarInterval {
    fn text(&self) -> Text {
        Text::new(match self {
            Self::Month => "interval-month",
            Self::Year => "interval-year",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_month_ends_a_month_and_december_a_year() {
        for month in Month::of_year(2025) {
            assert_eq!(CalendarInterval::Month.ending_with(month), Some(month));
            let january = Month { year: 2025, month: 1 };
            let year = CalendarInterval::Year.ending_with(month);
            assert_eq!(year, (month.month == 12).then_some(january));
            assert_eq!(CalendarInterval::Month.last_month(month), month);
            assert_eq!(CalendarInterval::Year.last_month(month).to_string(), "2025-12");
        }
    }
}
