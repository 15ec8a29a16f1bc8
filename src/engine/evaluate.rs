//! What a source emits in an hour: its inputs over their windows, its method's function, one rounding.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::accounting::binding::{BoundInput, BoundSource, BoundValue, ValueError, factor_value};
use crate::accounting::bucket::BucketDay;
use crate::accounting::cell::{Cell, CellMarks};
use crate::accounting::exact::{Exact, Rounding};
use crate::accounting::quantity::FLOW_PARTS;
use crate::accounting::rules::Factor;
use crate::accounting::substitute::SubstituteDay;
use crate::domain::identity::{BookId, ParameterId, Sequence, SourceId};
use crate::domain::model::{Book, Constant, Gas};
use crate::domain::reading::ParameterKind;
use crate::domain::time::{DayBlock, Hour, Month};
use crate::domain::unit::Ratio;
use crate::management::evidence::StandsInFor;

use super::history::History;
use super::models::{BoundModel, WindowKey};
use super::post::MonthCache;
use super::substitutes::Posted;
use super::untested::TestedMonth;
use super::{Broken, Engine};

/// Milligrams of a tonne.
const MILLIGRAMS: i128 = 1_000_000_000;

/// A cell as computed, with the gas of the method in force.
#[derive(Debug, Clone, Copy)]
pub(super) struct Computed {
    pub(super) gas: Gas,
    /// None where nothing is known of the hour, or the source does not belong into the book then.
    pub(super) cell: Option<Cell>,
}

/// A cell that could not be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Failed;

/// Where the value of an input came from.
#[derive(Debug, Clone)]
pub(super) enum Origin {
    /// A bucket and what stands in for the rest of it, with the milliseconds for which there is nothing (0 where nothing is
    /// expected).
    Bucket {
        parameter: ParameterId,
        posted: Posted,
        missing_ms: i64,
        /// Whether intervals overlap where every hour ought to be covered once.
        overlaps: bool,
    },
    /// Tests, by number.
    Tests {
        parameter: ParameterId,
        tests: usize,
        /// Whether their intervals overlap, so that something weighs twice in the mean.
        overlaps: bool,
    },
    /// Months of the year that were tested, in the place of one that was not.
    TestedMonths {
        parameter: ParameterId,
        year: i32,
        /// How many they are.
        months: usize,
    },
    /// A factor of the rules.
    Factor(Arc<Factor>),
    /// A value of the model.
    Constant(Arc<Constant>),
}

/// The value of an input.
#[derive(Debug, Clone)]
pub(super) struct Input {
    pub(super) value: Exact,
    pub(super) provisional: bool,
    pub(super) origin: Origin,
}

/// Why an input has no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NoValue {
    /// No factor for the month, or one that does not fit.
    Value(ValueError),
    /// There is no test and nothing that stands in.
    NotTested(ParameterId),
}

/// The properties of a source that are means over a calendar window.
pub(super) fn weighted_properties(bound: &BoundSource) -> impl Iterator<Item = (ParameterId, WindowKey)> {
    bound.inputs.iter().filter_map(|input| match &input.value {
        BoundValue::Property { parameter, window, .. } => {
            let window = WindowKey::of(*window);
            (window != WindowKey::Test).then_some((*parameter, window))
        }
        _ => None,
    })
}

/// The parameter by whose quantity a source's tested values are weighted.
pub(super) fn weighing_quantity(bound: &BoundSource) -> Option<ParameterId> {
    bound.inputs.iter().find_map(|input| match &input.value {
        BoundValue::Quantity { parameter, .. } => Some(*parameter),
        _ => None,
    })
}

/// Values that hold for a whole calendar month, looked up once.
struct MonthValues {
    model: Sequence,
    month: Month,
    values: Vec<Option<Result<Input, NoValue>>>,
}

/// The inputs of a source in an hour.
struct Inputs<'a> {
    book: &'a Book,
    bound: &'a BoundSource,
    /// Whether anything is known of its quantities.
    known: bool,
    marks: CellMarks,
    values: Vec<Exact>,
}

/// Computes cells of one source in one book, hour after hour.
pub(super) struct Evaluator<'a> {
    engine: &'a Engine,
    history: &'a dyn History,
    book: BookId,
    source: SourceId,
    months: MonthCache,
    kept: Option<MonthValues>,
    /// The day of buckets last looked at, by parameter: hours come in order, so it serves 24 of them.
    days: Vec<DayBuckets<'a>>,
    /// What was tested in the years of which an untested month was asked for.
    years: BTreeMap<(ParameterId, i32), Vec<TestedMonth>>,
    gases: BTreeSet<Gas>,
}

/// A parameter's buckets of a day.
struct DayBuckets<'a> {
    parameter: ParameterId,
    day: DayBlock,
    buckets: Cow<'a, BucketDay>,
    /// None where there are none, or the book takes none.
    substitutes: Option<Cow<'a, SubstituteDay>>,
}

impl<'a> Evaluator<'a> {
    pub(super) fn new(engine: &'a Engine, history: &'a dyn History, book: BookId, source: SourceId) -> Self {
        let gases = engine
            .models
            .versions_bound()
            .filter_map(|model| model.source(source).map(|bound| bound.gas))
            .collect();
        Self {
            engine,
            history,
            book,
            source,
            months: MonthCache::default(),
            kept: None,
            days: Vec::new(),
            years: BTreeMap::new(),
            gases,
        }
    }

    /// Gases that the source has emitted under any model.
    pub(super) fn gases(self) -> BTreeSet<Gas> {
        self.gases
    }

    /// For what something stands in among the inputs of an hour, once for each.
    pub(super) fn stand_ins(&mut self, hour: Hour) -> Result<Vec<StandsInFor>, Broken> {
        let engine = self.engine;
        let Some(model) = engine.models.at(hour) else {
            return Ok(Vec::new());
        };
        let mut found = BTreeSet::new();
        let inputs = model.source(self.source).into_iter().flat_map(|bound| {
            let inputs = bound.inputs.iter().enumerate();
            inputs.map(move |(place, input)| (bound, place, input))
        });
        for (bound, place, input) in inputs {
            let of = match &input.value {
                BoundValue::Property { parameter, .. } => StandsInFor::Test(*parameter),
                BoundValue::Factor { .. } => StandsInFor::Factor,
                // What is metered has substitutes of its own, and a constant is what it is.
                BoundValue::Quantity { .. } | BoundValue::Constant { .. } => continue,
            };
            let value = self.input(model, bound, place, input, hour)?;
            if value.is_ok_and(|value| value.provisional) {
                found.insert(of);
            }
        }
        Ok(found.into_iter().collect())
    }

    /// The inputs of an hour under the model that holds for it; `None` where the source is not in the book then.
    fn inputs(&mut self, hour: Hour) -> Result<Option<Inputs<'a>>, Broken> {
        let engine = self.engine;
        let Some(model) = engine.models.at(hour) else {
            return Ok(None);
        };
        let (Some(book), Some(bound)) = (model.book(self.book), model.source(self.source)) else {
            return Ok(None);
        };
        if !model.belongs(self.book, self.source) {
            return Ok(None);
        }
        let mut inputs = Inputs {
            book,
            bound,
            known: false,
            marks: CellMarks::default(),
            values: Vec::with_capacity(bound.inputs.len()),
        };
        for (place, input) in bound.inputs.iter().enumerate() {
            match self.input(model, bound, place, input, hour)? {
                Ok(input) => {
                    match &input.origin {
                        Origin::Bucket {
                            posted,
                            missing_ms,
                            overlaps,
                            ..
                        } => {
                            inputs.known |= posted.exists();
                            inputs.marks.substituted |= posted.substitute.is_some();
                            inputs.marks.incomplete |= *missing_ms > 0;
                            inputs.marks.overlapping |= *overlaps;
                        }
                        Origin::Tests { overlaps, .. } => inputs.marks.overlapping |= *overlaps,
                        Origin::TestedMonths { .. } | Origin::Factor(_) | Origin::Constant(_) => {}
                    }
                    inputs.marks.provisional |= input.provisional;
                    inputs.values.push(input.value);
                }
                Err(_) => inputs.marks.failed = true,
            }
        }
        Ok(Some(inputs))
    }

    /// The cell of an hour.
    pub(super) fn cell(&mut self, hour: Hour) -> Result<Computed, Broken> {
        let Some(inputs) = self.inputs(hour)? else {
            return Ok(Computed {
                gas: Gas::CarbonDioxide,
                cell: None,
            });
        };
        let gas = inputs.bound.gas;
        if !inputs.known {
            return Ok(Computed { gas, cell: None });
        }
        let mut cell = Cell {
            gas_mg: 0,
            co2e_mg: 0,
            marks: inputs.marks,
        };
        if !cell.marks.failed {
            match self.mass(inputs.bound, inputs.book, &inputs.values) {
                Some((gas_mg, co2e_mg)) => (cell.gas_mg, cell.co2e_mg) = (gas_mg, co2e_mg),
                None => cell.marks.failed = true,
            }
        }
        Ok(Computed { gas, cell: Some(cell) })
    }

    /// Tonnes of `CO2e` of an hour before the cell is rounded; `None` where there is no cell, an error where it failed.
    pub(super) fn unrounded(&mut self, hour: Hour) -> Result<Option<Result<Exact, Failed>>, Broken> {
        let Some(inputs) = self.inputs(hour)?.filter(|inputs| inputs.known) else {
            return Ok(None);
        };
        if inputs.marks.failed {
            return Ok(Some(Err(Failed)));
        }
        let warming = self.warming(inputs.bound, inputs.book);
        let tonnes = (inputs.bound.function)(&inputs.values)
            .ok()
            .zip(warming)
            .and_then(|(tonnes, warming)| tonnes.checked_mul(warming).ok());
        Ok(Some(tonnes.ok_or(Failed)))
    }

    /// `CO2e` of one unit of the source's gas, by the book's GWP set.
    fn warming(&self, bound: &BoundSource, book: &Book) -> Option<Exact> {
        if bound.gas == Gas::CarbonDioxide {
            return Some(Exact::ONE);
        }
        self.engine.rules.gwp(&book.gwp_set, bound.gas).map(Exact::from_decimal)
    }

    /// Milligrams of the gas and of `CO2e`; `None` when the arithmetic has no result that fits.
    pub(super) fn mass(&self, bound: &BoundSource, book: &Book, values: &[Exact]) -> Option<(i64, i64)> {
        let tonnes = (bound.function)(values).ok()?;
        let milligrams = tonnes.checked_mul(Exact::integer(MILLIGRAMS)).ok()?;
        let round = |exact: Exact| i64::try_from(exact.round_to_integer(Rounding::HalfEven).ok()?).ok();
        let gas_mg = round(milligrams)?;
        if bound.gas == Gas::CarbonDioxide {
            return Some((gas_mg, gas_mg));
        }
        let warming = self.warming(bound, book)?;
        Some((gas_mg, round(milligrams.checked_mul(warming).ok()?)?))
    }

    /// What is posted of a parameter in an hour.
    fn posted(&mut self, model: &BoundModel, parameter: ParameterId, hour: Hour) -> Result<Posted, Broken> {
        let day = hour.day_block();
        let filled = model.takes_substitutes(self.book);
        let of_hour = |kept: &DayBuckets<'_>| {
            let place = hour.place_in_block();
            let bucket = kept.buckets.hours.get(place).copied().unwrap_or_default();
            let substitutes = kept.substitutes.as_ref().filter(|_| filled);
            let substitute = substitutes
                .and_then(|day| day.hours.get(place))
                .and_then(Option::as_ref);
            Posted::new(bucket, substitute)
        };
        let mut kept = self.days.iter_mut().find(|kept| kept.parameter == parameter);
        if let Some(kept) = kept.as_deref().filter(|kept| kept.day == day) {
            return Ok(of_hour(kept));
        }
        let fresh = DayBuckets {
            parameter,
            day,
            buckets: self.engine.bucket_day(self.history, parameter, day)?,
            substitutes: self.engine.substitute_day(self.history, parameter, day)?,
        };
        let posted = of_hour(&fresh);
        match &mut kept {
            Some(kept) => **kept = fresh,
            None => self.days.push(fresh),
        }
        Ok(posted)
    }

    /// The value of an input in an hour.
    pub(super) fn input(
        &mut self,
        model: &BoundModel,
        bound: &BoundSource,
        place: usize,
        input: &BoundInput,
        hour: Hour,
    ) -> Result<Result<Input, NoValue>, Broken> {
        match &input.value {
            BoundValue::Quantity { parameter, scale } => {
                let series = self.engine.series(*parameter)?;
                let posted = self.posted(model, *parameter, hour)?;
                Ok(Ok(Input {
                    value: quantity(series.kind, posted.quantity(), *scale),
                    provisional: false,
                    origin: Origin::Bucket {
                        parameter: *parameter,
                        missing_ms: if series.expects_coverage {
                            posted.missing_ms()
                        } else {
                            0
                        },
                        overlaps: series.expects_coverage && posted.bucket.overlaps(),
                        posted,
                    },
                }))
            }
            BoundValue::Property { window, .. } if WindowKey::of(*window) == WindowKey::Test => {
                self.tested(model, bound, &input.value, hour)
            }
            value => {
                let month = self.months.month_of(&self.engine.zone, hour);
                let is_kept = self
                    .kept
                    .as_ref()
                    .is_some_and(|kept| kept.month == month && kept.model == model.applied.sequence);
                if !is_kept {
                    self.kept = Some(MonthValues {
                        model: model.applied.sequence,
                        month,
                        values: vec![None; bound.inputs.len()],
                    });
                }
                if let Some(Some(found)) = self.kept.as_ref().and_then(|kept| kept.values.get(place)) {
                    return Ok(found.clone());
                }
                let found = match value {
                    BoundValue::Property { .. } => self.tested(model, bound, value, hour)?,
                    other => self.fixed(model, other, month),
                };
                if let Some(slot) = self.kept.as_mut().and_then(|kept| kept.values.get_mut(place)) {
                    *slot = Some(found.clone());
                }
                Ok(found)
            }
        }
    }

    /// A factor or a constant.
    fn fixed(&self, model: &BoundModel, value: &BoundValue, month: Month) -> Result<Input, NoValue> {
        match value {
            BoundValue::Constant { value, constant } => Ok(Input {
                value: *value,
                provisional: false,
                origin: Origin::Constant(Arc::new(constant.clone())),
            }),
            BoundValue::Factor { key, data_year, target } => {
                let sets = model.book(self.book).map_or(&[][..], |book| &book.factor_sets);
                let resolved = self
                    .engine
                    .rules
                    .resolve(sets, key, *data_year, month)
                    .map_err(|error| NoValue::Value(error.into()))?;
                Ok(Input {
                    value: factor_value(&resolved, target).map_err(NoValue::Value)?,
                    provisional: resolved.provisional,
                    origin: Origin::Factor(Arc::new(resolved.factor.clone())),
                })
            }
            BoundValue::Quantity { parameter, .. } | BoundValue::Property { parameter, .. } => {
                Err(NoValue::NotTested(*parameter))
            }
        }
    }

    /// A tested value over its window, or what stands in for it.
    fn tested(
        &mut self,
        model: &BoundModel,
        bound: &BoundSource,
        value: &BoundValue,
        hour: Hour,
    ) -> Result<Result<Input, NoValue>, Broken> {
        let BoundValue::Property {
            parameter,
            window,
            scale,
            untested,
            provisional,
        } = value
        else {
            return Ok(Err(NoValue::NotTested(ParameterId(0))));
        };
        let found = match WindowKey::of(*window) {
            WindowKey::Test => self.engine.mean_of_hour(self.history, *parameter, hour)?,
            window => self.engine.mean_of_window(
                self.history,
                bound,
                *parameter,
                window,
                hour,
                model.takes_substitutes(self.book),
            )?,
        };
        if let Some(mean) = found
            && let Ok(value) = mean.quanta.checked_mul(Exact::from_ratio(*scale))
        {
            return Ok(Ok(Input {
                value,
                provisional: false,
                origin: Origin::Tests {
                    parameter: *parameter,
                    tests: mean.tests,
                    overlaps: mean.overlaps,
                },
            }));
        }
        let month = self.engine.zone.month_of(hour);
        if let Some(plan) = untested.filter(|_| model.takes_substitutes(self.book)) {
            let tested = self.tested_months(*parameter, month.year)?;
            let value = plan
                .of_months(month, tested)
                .and_then(|quanta| quanta.checked_mul(Exact::from_ratio(*scale)).ok());
            if let Some(value) = value {
                let origin = Origin::TestedMonths {
                    parameter: *parameter,
                    year: month.year,
                    months: tested.len(),
                };
                return Ok(Ok(Input {
                    value,
                    provisional: true,
                    origin,
                }));
            }
        }
        let Some(stand_in) = provisional else {
            return Ok(Err(NoValue::NotTested(*parameter)));
        };
        Ok(self.fixed(model, stand_in, month).map(|input| Input {
            provisional: true,
            ..input
        }))
    }

    /// The months of a year in which a parameter was tested, looked up once.
    fn tested_months(&mut self, parameter: ParameterId, year: i32) -> Result<&[TestedMonth], Broken> {
        use std::collections::btree_map::Entry;
        Ok(match self.years.entry((parameter, year)) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(self.engine.tested_months(self.history, parameter, year)?),
        })
    }
}

/// A quantity in a bucket's parts, in the unit of an input.
pub(super) fn quantity(kind: ParameterKind, quantity: i128, scale: Ratio) -> Exact {
    let parts = if kind == ParameterKind::Flow { FLOW_PARTS } else { 1 };
    let quanta = Exact::ratio(quantity, parts).unwrap_or(Exact::ZERO);
    quanta.checked_mul(Exact::from_ratio(scale)).unwrap_or(Exact::ZERO)
}
