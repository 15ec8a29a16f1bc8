//! Closed months in words (月度关账): what the terminal shows and the command line prints.

use crate::domain::text::{Text, clean};
use crate::domain::time::Month;
use crate::engine::view::{ClosedByView, ClosingView, MonthOfBook, MonthView};
use crate::locale::figures;
use crate::management::evidence::Rule;

/// Digits after the point of a tonne: kilograms.
const DIGITS: u32 = 3;

/// How it stands with a month.
pub fn state(view: &MonthView) -> Text {
    stands(view, view.last().is_some(), view.differs())
}

/// How it stands with the month of a book.
pub fn state_of_book(view: &MonthView, of: &MonthOfBook) -> Text {
    stands(view, of.issued.is_some(), of.differs())
}

fn stands(view: &MonthView, is_issued: bool, differs: bool) -> Text {
    if view.sealed_through.is_some() {
        return Text::new(match (is_issued, differs) {
            (false, _) => "closing-is-sealed",
            (true, false) => "closing-closed-sealed",
            (true, true) => "closing-differs-sealed",
        });
    }
    Text::new(match (is_issued, view.is_over) {
        (false, false) => "closing-runs",
        (false, true) => "closing-open",
        (true, _) if differs => "closing-closed-differs",
        (true, _) => "closing-closed",
    })
}

/// A difference in tonnes, with its sign; one that is too small for its digits is told with all of them.
pub fn difference(milligrams: i128) -> String {
    let rounded = figures::tonnes(milligrams, DIGITS);
    let is_seen = rounded.bytes().any(|byte| (b'1'..=b'9').contains(&byte));
    let shown = if is_seen {
        rounded
    } else {
        figures::tonnes(milligrams, 9)
    };
    let sign = if milligrams > 0 { "+" } else { "" };
    format!("{sign}{shown}")
}

/// What a book emitted in the month, beside what was issued.
pub fn of_book(of: &MonthOfBook) -> Text {
    let now = figures::tonnes(of.now, DIGITS);
    let text = match (of.issued, of.difference()) {
        (Some(issued), Some(by)) if by != 0 => Text::new("closing-book-differs")
            .with("issued", figures::tonnes(issued, DIGITS))
            .with("difference", difference(by)),
        (Some(_), _) if of.is_moved => Text::new("closing-book-moved"),
        (Some(_), _) => Text::new("closing-book-issued"),
        (None, _) => Text::new("closing-book-open"),
    };
    let text = text.with("book", clean(&of.key)).with("now", now);
    match of.unknown_hours {
        0 => text,
        hours => Text::new("closing-book-unknown")
            .with_text("figure", text)
            .with_count("hours", hours),
    }
}

/// Months in words: runs of them from the first to the last.
pub fn months(months: &[Month]) -> String {
    let mut runs: Vec<(Month, Month)> = Vec::new();
    for &month in months {
        match runs.last_mut() {
            Some((_, last)) if last.next() == month => *last = month,
            _ => runs.push((month, month)),
        }
    }
    let runs = runs.into_iter().map(|(first, last)| {
        if first == last {
            first.to_string()
        } else {
            format!("{first} – {last}")
        }
    });
    runs.collect::<Vec<_>>().join(", ")
}

/// Who issued the month, when, and why.
pub fn said(closing: &ClosingView) -> Text {
    let text = match &closing.reason {
        Some(reason) => Text::new("closing-said-reason").with("reason", clean(reason)),
        None => Text::new("closing-said"),
    };
    let text = text
        .with("by", clean(&closing.by))
        .with_instant("at", closing.at)
        .with("record", closing.record);
    match failing(&closing.failing) {
        Some(failing) => Text::joined([text.clone(), failing]).unwrap_or(text),
        None => text,
    }
}

/// The rules that a month's evidence failed; none where it failed none.
pub fn failing(rules: &[Rule]) -> Option<Text> {
    let codes: Vec<&str> = rules.iter().map(|rule| rule.code()).collect();
    (!codes.is_empty()).then(|| Text::new("closing-failing").with("rules", codes.join(", ")))
}

/// Who closed the month of a handover: what comes to it since then is marked.
pub fn closed_by(closed: &ClosedByView) -> Text {
    Text::new("closing-of-shift")
        .with("month", closed.month)
        .with("by", clean(&closed.by))
        .with_instant("at", closed.at)
        .with("record", closed.record)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_that_follow_each_other_are_told_as_one_run() {
        let month = |year, month| Month { year, month };
        let told = [
            month(2018, 3),
            month(2018, 11),
            month(2018, 12),
            month(2019, 1),
            month(2019, 3),
        ];
        assert_eq!(months(&told), "2018-03, 2018-11 – 2019-01, 2019-03");
        assert_eq!(months(&[]), "");
    }

    #[test]
    fn what_moved_between_sources_is_told_although_the_sum_is_the_same() {
        let of = |is_moved| MonthOfBook {
            book: crate::domain::identity::BookId(1),
            key: "shanxi".to_owned(),
            issued: Some(7),
            now: 7,
            unknown_hours: 0,
            is_moved,
        };
        assert_eq!(of_book(&of(false)).id, "closing-book-issued");
        assert_eq!(of_book(&of(true)).id, "closing-book-moved");
    }

    #[test]
    fn a_difference_is_never_told_as_nothing() {
        assert_eq!(difference(1_234_567_000_000), "+1,234.567");
        assert_eq!(difference(-2_000_000), "-0.002");
        assert_eq!(difference(3), "+0.000000003");
    }
}
