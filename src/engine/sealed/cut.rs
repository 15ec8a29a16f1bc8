//! Years that a seal cuts (跨封存的年度): what is tested over a whole year is taken from all of its tests, and in the months that
//! are sealed for ever from those that are there when they are.
//!
//! Such a seal is not refused: a plant that tests nothing of its own could seal no month but a December. It is said before.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::accounting::binding::BoundValue;
use crate::domain::calendar::CalendarInterval;
use crate::domain::identity::{BookId, ParameterId, SourceId};
use crate::domain::model::Parameter;
use crate::domain::text::clean;
use crate::domain::time::{Hour, Month};
use crate::engine::history::History;
use crate::engine::models::{BoundModel, WindowKey};
use crate::engine::{Broken, Engine};

/// The longest interval of tests of which one is looked for in each month, in milliseconds.
const MONTHLY_MS: i64 = 31 * 86_400_000;

/// On what the sealed months of a cut year rest for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RestsOn {
    /// On what stands in: nothing was tested in the year.
    StandIn,
    /// On those tests of the year that there are, by number.
    Tests(u32),
    /// On the tested months of the year, by number, where they were not tested themselves; on what stands in where those are
    /// too few.
    TestedMonths(u32),
}

/// What a seal cuts of a year, of one tested value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearCut {
    /// What is tested, cleaned for showing.
    pub tag: String,
    /// The months with figures that would be sealed so.
    pub months: Vec<Month>,
    /// On what they rest.
    pub rests_on: RestsOn,
}

/// A year with the months in which a seal cuts it.
struct Halves {
    year: i32,
    /// The months that stay open.
    open: Vec<Month>,
}

/// How a tested value reaches beyond its month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reaches {
    /// It is the mean of the year.
    Year,
    /// Tested months stand for others.
    Months,
}

impl Engine {
    /// What a seal through a month would cut of the year in which it ends, where the year's tests are not all there; nothing
    /// where it ends with a year. Costs the month sums of the year up to there, and the year's tests.
    pub fn cut_by_seal(&self, history: &dyn History, through: Month) -> Result<Vec<YearCut>, Broken> {
        let unsealed = self.sealed().map(|sealed| sealed.seal.through.next());
        let is_sealed_by_it = |month: &Month| *month <= through && unsealed.is_none_or(|unsealed| *month >= unsealed);
        let halves = Halves {
            year: through.year,
            open: Month::of_year(through.year).filter(|&month| month > through).collect(),
        };
        let mut found: BTreeMap<(ParameterId, Reaches), BTreeSet<Month>> = BTreeMap::new();
        if halves.open.is_empty() {
            return Ok(Vec::new());
        }
        for month in Month::of_year(through.year).filter(is_sealed_by_it) {
            for book in self.models.all_books() {
                for source in self.models.all_sources() {
                    if self.is_known(history, book, source, month)? {
                        for (parameter, reaches) in self.reaching(book, source, month) {
                            found.entry((parameter, reaches)).or_default().insert(month);
                        }
                    }
                }
            }
        }
        let mut cuts = Vec::new();
        for ((parameter, reaches), months) in found {
            cuts.extend(self.cut_of(history, parameter, reaches, &months, &halves)?);
        }
        Ok(cuts)
    }

    fn is_known(&self, history: &dyn History, book: BookId, source: SourceId, month: Month) -> Result<bool, Broken> {
        for gas in self.gases_of(source) {
            if self.month_sum(history, book, source, gas, month)?.is_known() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The tested values of a source that reach beyond a month, in a book that takes them so.
    fn reaching(&self, book: BookId, source: SourceId, month: Month) -> BTreeSet<(ParameterId, Reaches)> {
        let mut found = BTreeSet::new();
        for model in self.models_of(self.zone.month_hours(month)) {
            let Some(bound) = model.source(source).filter(|_| model.belongs(book, source)) else {
                continue;
            };
            for input in &bound.inputs {
                let BoundValue::Property {
                    parameter,
                    window,
                    untested,
                    ..
                } = &input.value
                else {
                    continue;
                };
                if WindowKey::of(*window) == WindowKey::Year {
                    found.insert((*parameter, Reaches::Year));
                } else if untested.is_some() && model.takes_substitutes(book) {
                    found.insert((*parameter, Reaches::Months));
                }
            }
        }
        found
    }

    /// The models that hold for some of the hours from one up to, not including, another.
    fn models_of(&self, (from, to): (Hour, Hour)) -> impl Iterator<Item = &Arc<BoundModel>> {
        let starts = self.models.starts().flatten();
        let within = starts.filter(move |&start| start > from && start < to);
        std::iter::once(from)
            .chain(within)
            .filter_map(|hour| self.models.at(hour))
    }

    /// What is cut of a tested value; nothing where the rest of the year has all the tests that it is to have.
    fn cut_of(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        reaches: Reaches,
        months: &BTreeSet<Month>,
        halves: &Halves,
    ) -> Result<Option<YearCut>, Broken> {
        let tested = self.tested_months(history, parameter, halves.year)?;
        let is_tested = |month: &Month| tested.iter().any(|tested| tested.month == *month);
        let rest_is_tested = halves.open.iter().all(is_tested);
        let described = self.models.newest().and_then(|model| model.parameter(parameter));
        let (rests_on, months, is_whole) = match reaches {
            Reaches::Year => {
                let (from, to) = self.zone.year_hours(halves.year);
                let tests = self.tests_of_window(history, parameter, from, to)?.len();
                let is_whole = tests > 0 && (rest_is_tested || !described.is_some_and(is_tested_monthly));
                let rests_on = match tests {
                    0 => RestsOn::StandIn,
                    tests => RestsOn::Tests(u32::try_from(tests).unwrap_or(u32::MAX)),
                };
                (rests_on, months.iter().copied().collect::<Vec<_>>(), is_whole)
            }
            Reaches::Months => {
                let untested: Vec<Month> = months.iter().copied().filter(|month| !is_tested(month)).collect();
                let rests_on = RestsOn::TestedMonths(u32::try_from(tested.len()).unwrap_or(u32::MAX));
                let is_whole = rest_is_tested || untested.is_empty();
                (rests_on, untested, is_whole)
            }
        };
        Ok((!is_whole).then(|| YearCut {
            tag: clean(&self.tag_of(parameter)).into_owned(),
            months,
            rests_on,
        }))
    }
}

/// Whether a test is planned in every month.
fn is_tested_monthly(parameter: &Parameter) -> bool {
    match parameter.calendar {
        Some(calendar) => calendar == CalendarInterval::Month,
        None => (1..=MONTHLY_MS).contains(&parameter.interval_ms),
    }
}
