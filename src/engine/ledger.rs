//! Ledger tables: emissions by nodes and sources, categories, gases or books over successive periods.

mod comparison;
mod rows;

use std::collections::{BTreeMap, HashSet};

use crate::accounting::cell::CellSum;
use crate::accounting::exact::{Exact, Rounding};
use crate::accounting::rules::Category;
use crate::domain::identity::{BookId, NodeId, SourceId};
use crate::domain::model::{Book, Gas, Name, Parameter, Product, SiteModel};
use crate::domain::period::Period;
use crate::domain::reading::ParameterKind;
use crate::domain::text::Text;
use crate::domain::time::{Hour, Month};
use crate::domain::unit::Ratio;

use super::command::Refusal;
use super::evaluate::quantity;
use super::history::History;
use super::models::subtree;
use super::rate::intensity;
use super::view::{Intensity, LedgerQuestion, LedgerTable, Step};
use super::{Broken, Engine};
use rows::Columns;

/// The most columns that a table may have.
const MOST_COLUMNS: usize = 9_000;

impl Engine {
    /// A table of a book, a column a step. Costs a cell day for every source and day; whole months are read as their
    /// sums. A comparison costs as much again as the whole period does.
    pub fn ledger(&self, history: &dyn History, question: &LedgerQuestion) -> Result<LedgerTable, Refusal> {
        let model = self
            .model()
            .ok_or_else(|| Refusal::Request(Text::new("site-has-no-model")))?;
        let book = book_of(model, question.book)?;
        let root = question.node.unwrap_or(book.boundary);
        if model.node(root).is_none() {
            return Err(Refusal::Request(Text::new("node-unknown")));
        }
        let compared = if question.compare {
            self.compared(model, question.period)
        } else {
            None
        };
        let periods = self.columns(model, question.period, question.step)?;
        let columns = Columns {
            engine: self,
            history,
            model,
            period: question.period,
            hours: periods.iter().map(|column| self.period_hours(model, *column)).collect(),
            periods: &periods,
            compared,
        };
        let rows = columns.rows(book, root, question)?;
        Ok(LedgerTable {
            book: book.id,
            book_key: book.key.clone(),
            sequence: crate::domain::identity::Sequence(self.next.0.saturating_sub(1)),
            simulated: model.simulated,
            labels: periods.iter().map(|period| period.shown(&self.zone)).collect(),
            rows: rows.rows,
            direct: rows.direct,
            periods,
            compared,
            sealed_through: self.sealed().map(|sealed| sealed.seal.through),
        })
    }

    /// The columns of a period.
    fn columns(&self, model: &SiteModel, period: Period, step: Step) -> Result<Vec<Period>, Refusal> {
        let (from, to) = self.period_hours(model, period);
        let mut columns = Vec::new();
        let mut hour = from;
        while hour < to {
            let column = match step {
                Step::Whole => period,
                Step::Hour => Period::Hour(hour),
                Step::Day => Period::Day(model.plant_day(self.zone.hour_start(hour))),
                Step::Month => Period::Month(self.zone.month_of(hour)),
            };
            let (start, end) = self.period_hours(model, column);
            // A day or a month that only partly lies in the period gives only that part.
            columns.push(if start < from || end > to {
                Period::Hours(start.max(from), end.min(to))
            } else {
                column
            });
            // A column always ends after it begins; this only guards against a calendar that does not.
            hour = if end > hour { end } else { hour.next() };
            if columns.len() > MOST_COLUMNS {
                return Err(Refusal::Request(
                    Text::new("ledger-too-wide").with_count("most", MOST_COLUMNS),
                ));
            }
        }
        Ok(columns)
    }

    /// The hours of a period by the newest model's day.
    pub(super) fn period_hours(&self, model: &SiteModel, period: Period) -> (Hour, Hour) {
        period.hours(&self.zone, model.day_start_minutes)
    }

    /// Sum of a source's cells over a period: month sums where whole months lie in it, cells elsewhere.
    pub(super) fn period_sum(
        &self,
        history: &dyn History,
        book: BookId,
        source: SourceId,
        gas: Gas,
        period: Period,
    ) -> Result<CellSum, Refusal> {
        match period {
            Period::Month(month) => Ok(self.month_sum(history, book, source, gas, month)?),
            Period::Year(year) => {
                let mut sum = CellSum::default();
                for month in Month::of_year(year) {
                    sum.add(&self.month_sum(history, book, source, gas, month)?);
                }
                Ok(sum)
            }
            other => {
                let day_start = self.model().map_or(0, |model| model.day_start_minutes);
                let (from, to) = other.hours(&self.zone, day_start);
                Ok(self.stretch_sum(history, book, source, gas, (from, to))?)
            }
        }
    }

    /// Sum of a source's cells over some hours, in which whole months are read as their sums.
    pub(super) fn stretch_sum(
        &self,
        history: &dyn History,
        book: BookId,
        source: SourceId,
        gas: Gas,
        (from, to): (Hour, Hour),
    ) -> Result<CellSum, Broken> {
        let hours = |from, to| self.hours_sum(history, book, source, gas, (from, to));
        let mut month = self.zone.month_of(from);
        if self.zone.month_hours(month).0 < from {
            month = month.next();
        }
        let (mut start, mut end) = self.zone.month_hours(month);
        if end > to {
            return hours(from, to);
        }
        let mut sum = hours(from, start)?;
        // Months after the last of which anything can be known have no hours.
        while start < end && end <= to {
            sum.add(&self.month_sum(history, book, source, gas, month)?);
            month = month.next();
            (start, end) = self.zone.month_hours(month);
        }
        sum.add(&hours(start, to)?);
        Ok(sum)
    }

    /// A product's output over a period, in its unit, exactly; with what stands in for missing hours, or without; and in how
    /// many hours something does.
    pub(super) fn output(
        &self,
        history: &dyn History,
        model: &SiteModel,
        product: &Product,
        period: Period,
        filled: bool,
    ) -> Result<(Exact, u32), Refusal> {
        let parameter = model
            .parameter(product.parameter)
            .ok_or(Broken::Row("a product's parameter is not known"))?;
        let Some(scale) = product_scale(parameter, product) else {
            return Err(Refusal::Request(
                Text::new("product-unit").with("product", &product.key),
            ));
        };
        let (from, to) = self.period_hours(model, period);
        let posted = self.posted_between(history, parameter.id, from, to, filled)?;
        let sum = posted
            .values()
            .fold(0_i128, |sum, hour| sum.saturating_add(hour.quantity()));
        let substituted = posted.values().filter(|hour| hour.substitute.is_some()).count();
        Ok((
            quantity(parameter.kind, sum, scale),
            u32::try_from(substituted).unwrap_or(u32::MAX),
        ))
    }

    /// The sources that stand at a node, those of earlier models too: what they emitted stays in the sums. A source whose
    /// node is no longer there stands at the top of the book.
    pub(super) fn sources_at(&self, model: &SiteModel, book: &Book, node: NodeId) -> Vec<SourceAt> {
        let mut sources = self.sources_of(model, book);
        sources.retain(|source| source.node == node);
        sources
    }

    /// All sources, those of earlier models too, each with its node.
    pub(super) fn sources_of(&self, model: &SiteModel, book: &Book) -> Vec<SourceAt> {
        let nodes: HashSet<NodeId> = model.nodes.iter().map(|node| node.id).collect();
        let mut found: BTreeMap<SourceId, SourceAt> = BTreeMap::new();
        for version in self.models.versions_bound() {
            for source in &version.model().sources {
                let known = nodes.contains(&source.node);
                found.insert(
                    source.id,
                    SourceAt {
                        id: source.id,
                        key: source.key.clone(),
                        name: source.name.clone(),
                        node: if known { source.node } else { book.boundary },
                        category: version.source(source.id).map(|bound| bound.category),
                    },
                );
            }
        }
        found.into_values().collect()
    }

    /// The sources of a node and all below it.
    pub(super) fn sources_below(&self, model: &SiteModel, book: &Book, node: NodeId) -> Vec<SourceAt> {
        let nodes = subtree(model, node);
        let mut sources = self.sources_of(model, book);
        sources.retain(|source| nodes.contains(&source.node));
        sources
    }

    fn intensity(
        &self,
        history: &dyn History,
        model: &SiteModel,
        product: &Product,
        period: Period,
        milligrams: i128,
        filled: bool,
    ) -> Result<Intensity, Refusal> {
        let (output, substituted_hours) = self.output(history, model, product, period, filled)?;
        Ok(Intensity {
            product: product.name.clone(),
            output: output
                .to_decimal(6, Rounding::HalfEven)
                .map(|output| output.normalize().to_string())
                .unwrap_or_default(),
            unit: product.unit.symbol().to_owned(),
            value: intensity(milligrams, output),
            substituted_hours,
        })
    }
}

/// Units of a product in a quantum of the parameter that counts it (a flow's: in a quantum held for an hour).
pub(super) fn product_scale(parameter: &Parameter, product: &Product) -> Option<Ratio> {
    let ratio = match parameter.kind {
        ParameterKind::Flow => parameter.unit.hourly_ratio_to(&product.unit),
        _ => parameter.unit.ratio_to(&product.unit),
    };
    let quantum = Ratio::new(1, 10_i128.checked_pow(parameter.decimals)?)?;
    ratio.ok()?.times(quantum)
}

/// A source as the newest model that has it describes it.
#[derive(Debug, Clone)]
pub(super) struct SourceAt {
    pub(super) id: SourceId,
    pub(super) key: String,
    pub(super) name: Name,
    pub(super) node: NodeId,
    /// Its category; that of its newest method.
    pub(super) category: Option<Category>,
}

/// The book of an id; the first where none is named.
pub(super) fn book_of(model: &SiteModel, book: Option<BookId>) -> Result<&Book, Refusal> {
    model
        .books
        .iter()
        .find(|candidate| book.is_none_or(|book| candidate.id == book))
        .ok_or_else(|| Refusal::Request(Text::new("book-unknown")))
}
