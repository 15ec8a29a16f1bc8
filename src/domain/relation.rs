//! Relations between parameters (参数关系): what should add up, and what should keep a proportion (平衡与比值), emissions to a
//! product among it (排放强度).
//!
//! A relation is looked at over windows of the plant's calendar, in what its parameters say of the whole window: quantities
//! as they are posted, means of what is only watched or tested.

use chrono::{Datelike, TimeDelta};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::identity::{BookId, ParameterId, ProductId};
use super::model::{Limits, Name, Product, SiteModel};
use super::period::Period;
use super::reading::ParameterKind;
use super::time::{HOUR_MS, Hour};
use super::unit::Unit;

/// Hours of a day; shorter windows divide it.
const DAY_HOURS: u32 = 24;

/// The most hours of a window that is not a month: thirty days.
const MOST_HOURS: u32 = 30 * DAY_HOURS;

/// Over what a relation is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RelationWindow {
    /// Hours: a part of the plant's day, or whole days of it.
    Hours(u32),
    /// A calendar month.
    Month,
}

impl RelationWindow {
    /// Windows of hours that divide a day or are whole days, up to thirty; `None` for others.
    pub const fn hours(hours: u32) -> Option<Self> {
        let divides = hours > 0 && DAY_HOURS.is_multiple_of(hours);
        let is_of_days = hours > 0 && hours.is_multiple_of(DAY_HOURS) && hours <= MOST_HOURS;
        if divides || is_of_days {
            Some(Self::Hours(hours))
        } else {
            None
        }
    }

    /// The window that a length of time in milliseconds names, likewise; thirty-one days, at which a month is taken where
    /// lengths are written, are a month.
    pub fn of_length(milliseconds: i64) -> Option<Self> {
        let hours = u32::try_from(milliseconds / HOUR_MS).ok()?;
        if milliseconds % HOUR_MS != 0 {
            None
        } else if hours == MOST_HOURS + DAY_HOURS {
            Some(Self::Month)
        } else {
            Self::hours(hours)
        }
    }

    /// Its length in milliseconds; a month is taken at its longest.
    pub fn length_ms(self) -> i64 {
        let hours = match self {
            Self::Hours(hours) => hours,
            Self::Month => MOST_HOURS + DAY_HOURS,
        };
        i64::from(hours) * HOUR_MS
    }

    /// The window in which an hour lies: its first hour, and the one behind its last. Windows of a part of a day begin with
    /// the plant's day, and so do those of days.
    pub fn around(self, model: &SiteModel, hour: Hour) -> (Hour, Hour) {
        let hours_of = |period: Period| period.hours(&model.zone, model.day_start_minutes);
        let length = match self {
            Self::Month => return hours_of(Period::Month(model.zone.month_of(hour))),
            Self::Hours(length) => i32::try_from(length.max(1)).unwrap_or(i32::MAX),
        };
        // An hour in which a day begins is that day's.
        let day = model.plant_day(model.zone.hour_start(hour.next()).plus(-1));
        let days = i64::from(length.unsigned_abs() / DAY_HOURS);
        if days > 0 {
            let back = i64::from(day.num_days_from_ce()).rem_euclid(days);
            let moved = |days: i64| {
                let day = day.checked_add_signed(TimeDelta::days(days));
                day.map(|day| hours_of(Period::Day(day)))
            };
            let (Some(first), Some(last)) = (moved(-back), moved(days - 1 - back)) else {
                return hours_of(Period::Day(day));
            };
            return (first.0, last.1);
        }
        let (from, to) = hours_of(Period::Day(day));
        let place = (hour.0 - from.0).div_euclid(length);
        let start = Hour(from.0.saturating_add(place.saturating_mul(length)));
        (start, Hour(start.0.saturating_add(length)).min(to))
    }
}

impl RelationWindow {
    /// The windows that hold some hours, from one up to and including another.
    pub fn between(self, model: &SiteModel, (first, last): (Hour, Hour)) -> impl Iterator<Item = (Hour, Hour)> {
        let after = move |(_, to): &(Hour, Hour)| Some(self.around(model, *to));
        let windows = std::iter::successors(Some(self.around(model, first)), after);
        windows.take_while(move |(from, _)| *from <= last)
    }
}

/// A term of a relation: what a parameter says of a window, times what tested values say, times a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// The quantity, or what is watched or tested.
    pub parameter: ParameterId,
    /// Tested values by which its hours are multiplied: a carbon content, a heating value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by: Vec<ParameterId>,
    /// A number by which it is multiplied.
    pub factor: Decimal,
    /// Whether it is what a watched level rose by in the window, a stock (库存变化), instead of its mean.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub change: bool,
}

impl Term {
    /// The unit of what it says of a window: of a flow that of the quantity that it makes.
    pub fn unit(&self, model: &SiteModel) -> Option<Unit> {
        let parameter = model.parameter(self.parameter)?;
        let of_window = if parameter.kind == ParameterKind::Flow {
            parameter.unit.integrated().ok()?
        } else {
            parameter.unit.clone()
        };
        self.by
            .iter()
            .try_fold(of_window, |unit, by| unit.times(&model.parameter(*by)?.unit).ok())
    }

    /// How people write it, by tags.
    pub fn shown(&self, model: &SiteModel) -> String {
        let tag = |id| model.parameter(id).map_or("?", |parameter| parameter.tag.as_str());
        let mut shown = if self.change {
            format!("change({})", tag(self.parameter))
        } else {
            tag(self.parameter).to_owned()
        };
        for by in &self.by {
            shown.push_str(" * ");
            shown.push_str(tag(*by));
        }
        if self.factor != Decimal::ONE {
            shown.push_str(" * ");
            shown.push_str(&self.factor.normalize().to_string());
        }
        shown
    }
}

/// What a quotient was in the windows before (与前期比).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgainstPast {
    /// By what share of the median of the windows before it may differ.
    pub share: Decimal,
    /// How many windows before it are looked at; at least half of them have to say something.
    pub windows: u32,
}

/// What should hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relating {
    /// Two sides that should be the same: two meters of one quantity, sub-meters and the main one, purchase and use,
    /// carbon in and out (比对、平衡).
    Balance {
        /// One side.
        left: Vec<Term>,
        /// The other.
        right: Vec<Term>,
        /// Share of the larger side by which they may differ.
        relative: Decimal,
        /// Amount by which they may differ beside, in the unit of the first term, a window.
        absolute: Decimal,
    },
    /// A quotient that keeps to a band, or to what it was: an intensity, a specific consumption, an apparent factor
    /// (强度、单耗、表观因子).
    Ratio {
        /// Above the line.
        above: Term,
        /// Below it.
        below: Term,
        /// The band, where there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        usual: Option<Limits>,
        /// Least value below the line, a window, of which the quotient says something.
        least: Decimal,
        /// How far it may be off what it was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        past: Option<AgainstPast>,
    },
    /// What is emitted at a product's node and below it, by its output (排放强度); in tCO2e by the product's unit.
    Intensity {
        /// The product.
        product: ProductId,
        /// The book whose emissions count.
        book: BookId,
        /// What counts the product.
        output: Term,
        /// The band, where there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        usual: Option<Limits>,
        /// Least output, a window, of which the intensity says something; in the product's unit.
        least: Decimal,
        /// How far it may be off what it was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        past: Option<AgainstPast>,
    },
}

/// Unit of emissions, above the line of an intensity.
const EMISSIONS: &str = "tCO2e";

/// A relation between parameters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relation {
    /// Its key in `site.toml`, by which anomalies name it.
    pub key: String,
    /// Its name.
    pub name: Name,
    /// Clause of the data-quality control plan (数据质量控制计划条款).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
    /// Over what it is looked at.
    pub window: RelationWindow,
    /// What should hold.
    pub relating: Relating,
}

impl Relation {
    /// The terms: those of the left side or above the line before the others.
    pub fn terms(&self) -> impl Iterator<Item = &Term> {
        let (first, second) = self.sides();
        first.iter().chain(second)
    }

    /// The terms of both sides, or above and below the line; emissions are no term.
    pub fn sides(&self) -> (&[Term], &[Term]) {
        match &self.relating {
            Relating::Balance { left, right, .. } => (left, right),
            Relating::Ratio { above, below, .. } => (std::slice::from_ref(above), std::slice::from_ref(below)),
            Relating::Intensity { output, .. } => (&[], std::slice::from_ref(output)),
        }
    }

    /// The product and the book of an intensity.
    pub fn intensity<'m>(&self, model: &'m SiteModel) -> Option<(&'m Product, BookId)> {
        let Relating::Intensity { product, book, .. } = self.relating else {
            return None;
        };
        let mut products = model.products.iter();
        Some((products.find(|other| other.id == product)?, book))
    }

    /// The parameter under which is told what is found: the first of the left side, or above the line; of an intensity what
    /// counts the product.
    pub fn subject(&self) -> Option<ParameterId> {
        self.terms().next().map(|term| term.parameter)
    }

    /// All parameters that it speaks of, some perhaps more than once.
    pub fn parameters(&self) -> impl Iterator<Item = ParameterId> {
        self.terms()
            .flat_map(|term| std::iter::once(term.parameter).chain(term.by.iter().copied()))
    }

    /// The unit in which what is found is told: a balance's first term's, a quotient's own.
    pub fn unit(&self, model: &SiteModel) -> Option<Unit> {
        match &self.relating {
            Relating::Balance { left, .. } => left.first()?.unit(model),
            Relating::Ratio { above, below, .. } => above.unit(model)?.per(&below.unit(model)?).ok(),
            Relating::Intensity { .. } => {
                let (product, _) = self.intensity(model)?;
                Unit::parse(EMISSIONS).ok()?.per(&product.unit).ok()
            }
        }
    }

    /// What is held against what, by tags: both sides of a balance, a quotient. Of emissions is told of which node, in
    /// which book.
    pub fn shown(&self, model: &SiteModel) -> String {
        if let Relating::Intensity { book, output, .. } = &self.relating {
            let node = self.intensity(model).and_then(|(product, _)| model.node(product.node));
            let node = node.map_or("?", |node| node.key.as_str());
            let mut books = model.books.iter();
            let book = books
                .find(|other| other.id == *book)
                .map_or("?", |book| book.key.as_str());
            return format!("{EMISSIONS} ({node}, {book}) / {}", output.shown(model));
        }
        let (first, second) = self.sides();
        let side = |terms: &[Term]| {
            let terms: Vec<String> = terms.iter().map(|term| term.shown(model)).collect();
            terms.join(" + ")
        };
        let between = match self.relating {
            Relating::Balance { .. } => "=",
            Relating::Ratio { .. } | Relating::Intensity { .. } => "/",
        };
        format!("{} {between} {}", side(first), side(second))
    }

    /// Gives every parameter, product and book another id.
    pub fn renumber(
        &mut self,
        renumbered: impl Fn(ParameterId) -> ParameterId,
        of_product: impl Fn(ProductId) -> ProductId,
        of_book: impl Fn(BookId) -> BookId,
    ) {
        let each = |term: &mut Term| {
            term.parameter = renumbered(term.parameter);
            for by in &mut term.by {
                *by = renumbered(*by);
            }
        };
        match &mut self.relating {
            Relating::Balance { left, right, .. } => left.iter_mut().chain(right).for_each(each),
            Relating::Ratio { above, below, .. } => [above, below].into_iter().for_each(each),
            Relating::Intensity {
                product, book, output, ..
            } => {
                *product = of_product(*product);
                *book = of_book(*book);
                each(output);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::time::PlantZone;

    fn model(day_start_minutes: u32) -> SiteModel {
        SiteModel {
            day_start_minutes,
            ..SiteModel::empty("test", PlantZone::parse("Asia/Shanghai").unwrap())
        }
    }

    #[test]
    fn windows_divide_a_day_or_are_whole_days() {
        for hours in [1, 2, 3, 4, 6, 8, 12, 24, 48, 168, 720] {
            assert!(RelationWindow::hours(hours).is_some(), "{hours}");
        }
        for hours in [0, 5, 7, 25, 36, 744] {
            assert_eq!(RelationWindow::hours(hours), None, "{hours}");
        }
        assert_eq!(
            RelationWindow::of_length(31 * 24 * HOUR_MS),
            Some(RelationWindow::Month)
        );
        assert_eq!(RelationWindow::of_length(8 * HOUR_MS), Some(RelationWindow::Hours(8)));
        assert_eq!(RelationWindow::of_length(HOUR_MS / 2), None);
        assert_eq!(RelationWindow::of_length(-HOUR_MS), None);
    }

    proptest! {
        #[test]
        fn every_hour_lies_in_one_window_and_windows_follow_each_other(
            hour in 400_000_i32..600_000,
            length in prop::sample::select(vec![1_u32, 2, 3, 8, 12, 24, 48, 168, 720, 0]),
            day_start in prop::sample::select(vec![0_u32, 480, 450]),
        ) {
            let window = RelationWindow::hours(length).unwrap_or(RelationWindow::Month);
            let model = model(day_start);
            let (from, to) = window.around(&model, Hour(hour));
            prop_assert!(from.0 <= hour && hour < to.0);
            for other in [from.0, i32::midpoint(from.0, to.0), to.0 - 1] {
                prop_assert_eq!(window.around(&model, Hour(other)), (from, to));
            }
            prop_assert_eq!(window.around(&model, to).0, to);
            if let RelationWindow::Hours(length) = window {
                prop_assert_eq!((to.0 - from.0).unsigned_abs(), length);
            }
        }
    }
}
