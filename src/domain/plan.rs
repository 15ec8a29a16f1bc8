//! Emission plans (碳排放计划) and reference intensities (基准强度), as `site.toml` states them for a book.
//!
//! A plan is an amount for each month of a year, or one for the whole year. What a shift, a day or any stretch may emit by
//! it is its share by calendar hours: F(end) − F(start), where F is the amount up to an hour, rounded once to a milligram,
//! so that the shares of a month or a year always add up to the whole.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};

use super::identity::{BookId, ProductId};
use super::model::SiteModel;
use super::period::Period;
use super::time::{Hour, Month};

/// Milligrams of a tonne.
const MILLIGRAMS: u64 = 1_000_000_000;

/// Digits after the point that an amount may have: a tonne's milligrams.
pub const DIGITS: u32 = 9;

/// The largest amount, in tonnes: more than the world emits in a year.
pub const LARGEST: u64 = 1_000_000_000_000;

/// What a plan gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Amounts {
    /// Tonnes of `CO2e` in the whole year.
    Year(Decimal),
    /// Tonnes of `CO2e` in each of the twelve months.
    Months(Vec<Decimal>),
}

/// A plan of a book for a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Which book.
    pub book: BookId,
    /// Which calendar year; `None` for every year that has no plan of its own.
    pub year: Option<i32>,
    /// How much.
    pub amounts: Amounts,
}

/// What a product's intensity is compared with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// In which book.
    pub book: BookId,
    /// Of which product.
    pub product: ProductId,
    /// Tonnes of `CO2e` per unit of the product.
    pub intensity: Decimal,
    /// Where it comes from: base year, quota, advanced value.
    pub origin: String,
}

fn milligrams(tonnes: Decimal) -> Option<i128> {
    tonnes.checked_mul(Decimal::from(MILLIGRAMS))?.to_i128()
}

/// What part of an amount for the hours of `whole` falls to those of `part`, which lie in it.
fn share(amount: i128, whole: (Hour, Hour), part: (Hour, Hour)) -> Option<i128> {
    let hours = i128::from(whole.1.0) - i128::from(whole.0.0);
    if hours <= 0 {
        return None;
    }
    let up_to = |hour: Hour| {
        let product = amount.checked_mul(i128::from(hour.0) - i128::from(whole.0.0))?;
        let (quotient, rest) = (product.div_euclid(hours), product.rem_euclid(hours) * 2);
        let up = rest > hours || (rest == hours && quotient % 2 != 0);
        Some(quotient + i128::from(up))
    };
    Some(up_to(part.1)? - up_to(part.0)?)
}

impl SiteModel {
    fn plan(&self, book: BookId, year: i32) -> Option<&Plan> {
        let of_book = || self.plans.iter().filter(|plan| plan.book == book);
        of_book()
            .find(|plan| plan.year == Some(year))
            .or_else(|| of_book().find(|plan| plan.year.is_none()))
    }

    /// Milligrams of `CO2e` that a book's plan gives the hours from one up to, not including, another; `None` where it says
    /// nothing of one of them.
    pub fn planned(&self, book: BookId, from: Hour, to: Hour) -> Option<i128> {
        let mut sum = 0_i128;
        let mut hour = from;
        while hour < to {
            let month = self.zone.month_of(hour);
            let plan = self.plan(book, month.year)?;
            let (amount, period) = match &plan.amounts {
                Amounts::Year(amount) => (*amount, Period::Year(month.year)),
                Amounts::Months(amounts) => (
                    *amounts.get(usize::try_from(month.month).ok()?.checked_sub(1)?)?,
                    Period::Month(Month {
                        year: month.year,
                        month: month.month,
                    }),
                ),
            };
            let whole = period.hours(&self.zone, self.day_start_minutes);
            let end = whole.1.min(to);
            if end <= hour {
                return None;
            }
            sum = sum.checked_add(share(milligrams(amount)?, whole, (hour.max(whole.0), end))?)?;
            hour = end;
        }
        Some(sum)
    }

    /// What the intensity of a product is compared with in a book.
    pub fn reference(&self, book: BookId, product: ProductId) -> Option<&Reference> {
        self.references
            .iter()
            .find(|reference| reference.book == book && reference.product == product)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::time::PlantZone;

    const BOOK: BookId = BookId(1);

    fn model(amounts: Amounts, year: Option<i32>) -> SiteModel {
        SiteModel {
            plans: vec![Plan {
                book: BOOK,
                year,
                amounts,
            }],
            ..SiteModel::empty("test", PlantZone::parse("Asia/Shanghai").unwrap())
        }
    }

    fn hours(model: &SiteModel, period: Period) -> (Hour, Hour) {
        period.hours(&model.zone, 0)
    }

    fn months() -> Amounts {
        Amounts::Months((1..=12).map(|month| Decimal::from(month * 1000)).collect())
    }

    #[test]
    fn months_and_years_are_what_was_planned() {
        let planned = |model: &SiteModel, period| {
            let (from, to) = hours(model, period);
            model.planned(BOOK, from, to)
        };
        let tonnes = |tonnes: i128| Some(tonnes * 1_000_000_000);
        let by_month = model(months(), Some(2025));
        let march = Period::Month(Month { year: 2025, month: 3 });
        assert_eq!(planned(&by_month, march), tonnes(3_000));
        assert_eq!(planned(&by_month, Period::Year(2025)), tonnes(78_000));
        assert_eq!(planned(&by_month, Period::Year(2026)), None);
        let by_year = model(Amounts::Year(Decimal::from(8_760)), None);
        assert_eq!(planned(&by_year, Period::Year(2025)), tonnes(8_760));
        assert_eq!(planned(&by_year, march), tonnes(744));
        assert_eq!(by_year.planned(BookId(9), Hour(500_000), Hour(500_001)), None);
    }

    proptest! {
        #[test]
        fn shares_add_up_to_the_whole(cuts in prop::collection::vec(0_i32..8_760, 0..20), tonnes in 0_i64..1_000_000, by_month in any::<bool>()) {
            let amounts = if by_month { months() } else { Amounts::Year(Decimal::new(tonnes, 3)) };
            let model = model(amounts, None);
            let (from, to) = hours(&model, Period::Year(2025));
            let mut cuts: Vec<Hour> = cuts.into_iter().map(|cut| Hour(from.0 + cut)).collect();
            cuts.extend([from, to]);
            cuts.sort_unstable();
            let parts: i128 = cuts.windows(2).filter_map(|pair| model.planned(BOOK, pair[0], pair[1])).sum();
            prop_assert_eq!(Some(parts), model.planned(BOOK, from, to));
        }
    }
}
