//! What the Ledger pane knows: which table is wanted, which is there, and how its rows hang together.

use std::collections::HashSet;
use std::time::Duration;

use crate::accounting::quantity::divide_half_even;
use crate::domain::model::{Name, SiteModel};
use crate::domain::period::Period;
use crate::domain::text::Text;
use crate::domain::time::{Hour, Instant, Month};
use crate::engine::view::{Figure, Grouping, LedgerQuestion, LedgerRow, LedgerTable, RowKind, Step, Target};
use crate::locale::figures::tonnes;

use super::widgets::cells;

/// Digits after the point of a tonne, where there is room for them: kilograms.
const DIGITS: u32 = 3;

/// Room for the figure of the whole period, without its mark.
pub const TOTAL_ROOM: usize = 13;

/// Room for the figure of a column, without its mark.
pub const FIGURE_ROOM: usize = 9;

/// Widest name of a category in either language, with room for its place in the tree.
const WIDEST_CATEGORY: usize = 28;

/// The length of the period that a table shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Span {
    /// An hour.
    Hour,
    /// A plant day, by hours.
    #[default]
    Day,
    /// A calendar month, by days.
    Month,
    /// A calendar year, by months.
    Year,
}

impl Span {
    /// The next shorter one.
    #[must_use]
    pub const fn finer(self) -> Self {
        match self {
            Self::Year => Self::Month,
            Self::Month => Self::Day,
            Self::Day | Self::Hour => Self::Hour,
        }
    }

    /// The next longer one.
    #[must_use]
    pub const fn coarser(self) -> Self {
        match self {
            Self::Hour => Self::Day,
            Self::Day => Self::Month,
            Self::Month | Self::Year => Self::Year,
        }
    }

    /// The steps of its table.
    pub const fn step(self) -> Step {
        match self {
            Self::Hour => Step::Whole,
            Self::Day => Step::Hour,
            Self::Month => Step::Day,
            Self::Year => Step::Month,
        }
    }

    /// The period of this length in which an instant lies.
    pub fn around(self, at: Instant, model: &SiteModel) -> Period {
        let zone = &model.zone;
        match self {
            Self::Hour => Period::Hour(zone.hour_of(at)),
            Self::Day => Period::Day(model.plant_day(at)),
            Self::Month => Period::Month(Month::of(zone.local(at).date())),
            Self::Year => Period::Year(Month::of(zone.local(at).date()).year),
        }
    }
}

/// Order of the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// As in the plant.
    #[default]
    Plant,
    /// Sources by what they emit in a column, the greatest first; 0 is the whole period.
    Greatest(usize),
}

/// A table that is there, with what is derived from it once.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// What was asked.
    pub question: LedgerQuestion,
    /// The answer.
    pub table: LedgerTable,
    /// When it came, on the terminal's own clock.
    pub at: Duration,
    /// Of each row the place of the row above it in the tree.
    pub parents: Vec<Option<usize>>,
    /// Whether there are rows below each.
    pub below: Vec<bool>,
    /// What each row is called in all tables: the keys of the rows down to it.
    pub paths: Vec<String>,
    /// Digits after the point with which every whole figure fits.
    pub total_digits: u32,
    /// Digits after the point with which every figure of a column fits.
    pub column_digits: u32,
    /// Cells of the widest name with its indent.
    pub widest: u16,
    /// Whether any row has an intensity.
    pub intensity: bool,
}

impl Sheet {
    /// Of an answer.
    pub fn new(question: LedgerQuestion, table: LedgerTable, at: Duration) -> Self {
        let mut parents = Vec::with_capacity(table.rows.len());
        let mut below = vec![false; table.rows.len()];
        let mut paths: Vec<String> = Vec::with_capacity(table.rows.len());
        // The rows above the next one, from the top down.
        let mut above: Vec<usize> = Vec::new();
        for (place, row) in table.rows.iter().enumerate() {
            above.truncate(usize::try_from(row.depth).unwrap_or(0));
            let parent = above.last().copied();
            parents.push(parent);
            let path = parent.and_then(|parent| paths.get(parent));
            paths.push(format!("{}/{}", path.map_or("", String::as_str), row.key));
            if let Some(mark) = parent.and_then(|parent| below.get_mut(parent)) {
                *mark = true;
            }
            above.push(place);
        }
        let rows = || table.rows.iter();
        Self {
            total_digits: digits(rows().map(|row| &row.total), TOTAL_ROOM),
            column_digits: digits(rows().flat_map(|row| &row.figures), FIGURE_ROOM),
            widest: u16::try_from(rows().map(width).max().unwrap_or(0)).unwrap_or(u16::MAX),
            intensity: rows().any(|row| !row.intensity.is_empty()),
            question,
            table,
            at,
            parents,
            below,
            paths,
        }
    }

    /// How many columns stand beside the whole period's.
    pub fn columns(&self) -> usize {
        match self.question.step {
            Step::Whole => 0,
            _ => self.table.periods.len(),
        }
    }

    /// The row at a place.
    pub fn row(&self, place: usize) -> Option<&LedgerRow> {
        self.table.rows.get(place)
    }

    /// The row above one in the tree.
    pub fn parent(&self, place: usize) -> Option<usize> {
        self.parents.get(place).copied().flatten()
    }

    /// The first of the rows above one: the whole.
    pub fn whole(&self, place: usize) -> usize {
        let mut whole = place;
        while let Some(above) = self.parent(whole) {
            whole = above;
        }
        whole
    }

    /// The period of a column; 0 is the whole.
    pub fn period(&self, column: usize) -> Period {
        let of_column = column.checked_sub(1).and_then(|place| self.table.periods.get(place));
        of_column.copied().unwrap_or(self.question.period)
    }

    /// A figure; column 0 is that of the whole period.
    pub fn figure(&self, place: usize, column: usize) -> Option<&Figure> {
        let row = self.row(place)?;
        match column.checked_sub(1) {
            Some(column) => row.figures.get(column),
            None => Some(&row.total),
        }
    }

    /// What explains a figure.
    pub fn target(&self, place: usize, column: usize) -> Option<Target> {
        let mut target = self.row(place)?.target.clone();
        let of_column = self.period(column);
        if let Target::Node { period, .. }
        | Target::Category { period, .. }
        | Target::Gas { period, .. }
        | Target::Source { period, .. } = &mut target
        {
            *period = of_column;
        }
        Some(target)
    }

    /// The rows that are listed: those of the tree that no fold hides, or the lowest rows alone by what they emit, below
    /// the whole to which they belong.
    pub fn listed(&self, order: Order, folded: &HashSet<String>) -> Vec<usize> {
        let all = 0..self.table.rows.len();
        match order {
            Order::Plant => {
                let mut hidden = vec![false; self.table.rows.len()];
                for place in all.clone() {
                    let under = self.parent(place).is_some_and(|parent| {
                        let shut = self.paths.get(parent).is_some_and(|path| folded.contains(path));
                        shut || hidden.get(parent).copied().unwrap_or(false)
                    });
                    if let Some(hidden) = hidden.get_mut(place) {
                        *hidden = under;
                    }
                }
                all.filter(|&place| !hidden.get(place).copied().unwrap_or(false))
                    .collect()
            }
            Order::Greatest(column) => {
                let lowest = |&place: &usize| !self.below.get(place).copied().unwrap_or(false);
                let mass = |place: usize| self.figure(place, column).map_or(0, |figure| figure.milligrams);
                let mut listed: Vec<usize> = all.filter(lowest).collect();
                listed.sort_by_cached_key(|&place| (self.whole(place), std::cmp::Reverse(mass(place)), place));
                let mut rows = Vec::with_capacity(listed.len() + 1);
                let mut last = None;
                for place in listed {
                    let whole = self.whole(place);
                    if last != Some(whole) && whole != place {
                        rows.push(whole);
                    }
                    last = Some(whole);
                    rows.push(place);
                }
                rows
            }
        }
    }

    /// Whether a period lies in months that are sealed.
    pub fn is_sealed(&self, period: Period, model: &SiteModel) -> bool {
        self.table.sealed_through.is_some_and(|through| {
            let (_, sealed) = Period::Month(through).hours(&model.zone, model.day_start_minutes);
            period.hours(&model.zone, model.day_start_minutes).1 <= sealed
        })
    }
}

/// The most digits after the point, up to kilograms, with which all figures fit.
fn digits<'figure>(figures: impl Iterator<Item = &'figure Figure>, room: usize) -> u32 {
    let (mut low, mut high) = (0, 0);
    for figure in figures {
        low = figure.milligrams.min(low);
        high = figure.milligrams.max(high);
    }
    let fits = |&digits: &u32| [low, high].iter().all(|&mass| tonnes(mass, digits).len() <= room);
    (0..=DIGITS).rev().find(fits).unwrap_or(0)
}

/// Cells that a row's name takes with its indent, in the language in which it is wider.
fn width(row: &LedgerRow) -> usize {
    let indent = usize::try_from(row.depth).unwrap_or(0) * 2 + 2;
    let Name { zh, en } = &row.name;
    match row.kind {
        RowKind::Category(_) => WIDEST_CATEGORY,
        _ => indent + cells::width(zh).max(cells::width(en)),
    }
}

/// A part of a whole in tenths of a per cent, half to even; `None` where the whole is nought or too much.
pub fn per_mille(part: i128, whole: i128) -> Option<i128> {
    let (part, whole) = if whole < 0 {
        (part.checked_neg()?, whole.checked_neg()?)
    } else {
        (part, whole)
    };
    (whole > 0)
        .then(|| part.checked_mul(1000))
        .flatten()
        .map(|part| divide_half_even(part, whole))
}

/// By how many tenths of a per cent a figure is above an earlier one.
pub fn change(here: i128, before: i128) -> Option<i128> {
    per_mille(here.checked_sub(before)?, before.checked_abs()?)
}

/// Tenths of a per cent as a number.
pub fn tenths(per_mille: i128) -> String {
    let sign = if per_mille < 0 { "-" } else { "" };
    let magnitude = per_mille.unsigned_abs();
    format!("{sign}{}.{}", magnitude / 10, magnitude % 10)
}

/// The same with its sign; more than a change of a thousandfold says little and is cut to that.
pub fn signed(per_mille: i128) -> String {
    const MOST: i128 = 9_999;
    if per_mille > MOST {
        format!(">{}", tenths(MOST))
    } else if per_mille < -MOST {
        format!("<{}", tenths(-MOST))
    } else if per_mille > 0 {
        format!("+{}", tenths(per_mille))
    } else {
        tenths(per_mille)
    }
}

/// The state of the Ledger pane.
#[derive(Debug, Clone, Default)]
pub struct LedgerView {
    /// Length of the wanted period.
    pub span: Span,
    /// The wanted period; the one that runs where there is none.
    pub at: Option<Period>,
    /// By what the rows are grouped.
    pub by: Grouping,
    /// Their order.
    pub order: Order,
    /// The rows whose lower ones are hidden.
    pub folded: HashSet<String>,
    /// The table that is there.
    pub sheet: Option<Box<Sheet>>,
    /// The request that is not answered yet.
    pub awaited: Option<(u64, LedgerQuestion)>,
    /// What was refused last, and why; not asked again by itself.
    pub refused: Option<(LedgerQuestion, Text)>,
    /// The rows that are listed.
    pub rows: Vec<usize>,
    /// The selected row, by its path. It stays selected when the order changes.
    pub selected: Option<String>,
    /// Index of the selected row among those listed.
    pub cursor: usize,
    /// First row on the screen.
    pub top: usize,
    /// Selected column; 0 is the whole period.
    pub column: usize,
    /// First of the columns on the screen, counted from 1.
    pub first: usize,
    /// The times of what was noted in the period of the table.
    pub noted: Vec<Instant>,
    /// Number of the request for that, while it is awaited.
    pub noted_awaited: Option<u64>,
    /// Whose column is to be selected once it is there.
    pub seek: Option<Hour>,
}

impl LedgerView {
    /// Whether something was noted in a period.
    pub fn is_noted(&self, period: Period, model: &SiteModel) -> bool {
        let (from, to) = period.hours(&model.zone, model.day_start_minutes);
        let (from, to) = (model.zone.hour_start(from), model.zone.hour_start(to));
        self.noted.iter().any(|&at| at >= from && at < to)
    }

    /// The place of the selected row in the table.
    pub fn place(&self) -> Option<usize> {
        self.rows.get(self.cursor).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_and_changes_are_rounded_half_to_even_and_never_divide_by_nought() {
        assert_eq!(per_mille(1, 3).map(tenths).as_deref(), Some("33.3"));
        assert_eq!(per_mille(-1, 8).map(tenths).as_deref(), Some("-12.5"));
        assert_eq!(per_mille(5, 10_000).map(tenths).as_deref(), Some("0.0"));
        assert_eq!(per_mille(1, 0), None);
        assert_eq!(per_mille(i128::MAX, 2), None);
        // Of a credit that grows, more is less.
        assert_eq!(change(-150, -100).map(signed).as_deref(), Some("-50.0"));
        assert_eq!(change(110, 100).map(signed).as_deref(), Some("+10.0"));
        assert_eq!(change(100, 100).map(signed).as_deref(), Some("0.0"));
        assert_eq!(change(100, 0), None);
        assert_eq!(change(10_000_000, 1).map(signed).as_deref(), Some(">999.9"));
        assert_eq!(change(-10_000_000, 1).map(signed).as_deref(), Some("<-999.9"));
    }

    #[test]
    fn digits_are_left_out_before_a_number_is_cut() {
        let figure = |milligrams| Figure {
            milligrams,
            ..Figure::default()
        };
        let of = |tonnes: i128| digits([figure(tonnes * 1_000_000_000)].iter(), FIGURE_ROOM);
        assert_eq!(of(1_234), 3);
        assert_eq!(of(12_345), 2);
        assert_eq!(of(-12_345), 1);
        assert_eq!(of(10_000_000_000), 0);
    }
}
