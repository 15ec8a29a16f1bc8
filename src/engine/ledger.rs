//! Ledger tables: the tree of nodes and sources over successive periods.

use std::collections::BTreeMap;

use crate::accounting::cell::CellSum;
use crate::accounting::exact::{Exact, Rounding};
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
use super::totals::intensity;
use super::view::{Figure, Intensity, LedgerRow, LedgerTable, Step, Target};
use super::{Broken, Engine};

/// The most columns that a table may have.
const MOST_COLUMNS: usize = 9_000;

impl Engine {
    /// A table of a book: the rows of a node and all below it, a column a step. Costs a cell day for every source and
    /// day; whole months are read as their sums.
    pub fn ledger(
        &self,
        history: &dyn History,
        book: Option<BookId>,
        node: Option<NodeId>,
        period: Period,
        step: Step,
    ) -> Result<LedgerTable, Refusal> {
        let model = self
            .model()
            .ok_or_else(|| Refusal::Request(Text::new("site-has-no-model")))?;
        let book = book_of(model, book)?;
        let root = node.unwrap_or(book.boundary);
        if !model.nodes.iter().any(|other| other.id == root) {
            return Err(Refusal::Request(Text::new("node-unknown")));
        }
        let periods = self.columns(model, period, step)?;
        let mut table = LedgerTable {
            book: book.id,
            book_key: book.key.clone(),
            sequence: crate::domain::identity::Sequence(self.next.0.saturating_sub(1)),
            simulated: model.simulated,
            labels: periods.iter().map(|period| period.shown(&self.zone)).collect(),
            rows: Vec::new(),
            direct: Figure::default(),
            periods,
        };
        self.node_row(history, model, book, root, 0, period, &mut table)?;
        Ok(table)
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

    /// Adds the row of a node and the rows below it; gives back the node's figures.
    #[expect(
        clippy::too_many_arguments,
        reason = "the recursion carries what the table is made of"
    )]
    fn node_row(
        &self,
        history: &dyn History,
        model: &SiteModel,
        book: &Book,
        node: NodeId,
        depth: u32,
        period: Period,
        table: &mut LedgerTable,
    ) -> Result<Vec<Figure>, Refusal> {
        let place = table.rows.len();
        let (key, name) = model
            .nodes
            .iter()
            .find(|other| other.id == node)
            .map(|node| (node.key.clone(), node.name.clone()))
            .unwrap_or_default();
        let mut row = LedgerRow {
            key,
            name,
            depth,
            leaf: false,
            figures: vec![Figure::default(); table.periods.len()],
            total: Figure::default(),
            target: Target::Node {
                book: book.id,
                node,
                period,
            },
            intensity: Vec::new(),
        };
        table.rows.push(row.clone());
        for source in self.sources_at(model, book, node) {
            let mut figures = Vec::with_capacity(table.periods.len());
            let mut total = Figure::default();
            for &column in &table.periods {
                let mut sum = CellSum::default();
                for gas in self.gases_of(source.id) {
                    sum.add(&self.period_sum(history, book.id, source.id, gas, column)?);
                }
                let hours = self.period_hours(model, column);
                let figure = self.figure_of(book.id, source.id, &sum, hours, self.now);
                figures.push(figure);
                total.add(&figure);
            }
            if !source.indirect {
                table.direct.add(&total);
            }
            add(&mut row.figures, &figures);
            table.rows.push(LedgerRow {
                key: source.key,
                name: source.name,
                depth: depth + 1,
                leaf: true,
                figures,
                total,
                target: Target::Source {
                    book: book.id,
                    source: source.id,
                    period,
                },
                intensity: Vec::new(),
            });
        }
        for child in model.nodes.iter().filter(|other| other.parent == Some(node)) {
            let figures = self.node_row(history, model, book, child.id, depth + 1, period, table)?;
            add(&mut row.figures, &figures);
        }
        for figure in &row.figures {
            row.total.add(figure);
        }
        for product in model.products.iter().filter(|product| product.node == node) {
            row.intensity
                .push(self.intensity(history, model, product, period, row.total.milligrams)?);
        }
        let figures = row.figures.clone();
        if let Some(slot) = table.rows.get_mut(place) {
            *slot = row;
        }
        Ok(figures)
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
                self.hours_sum(history, book, source, gas, other.hours(&self.zone, day_start))
            }
        }
    }

    /// A product's output over a period, in its unit, exactly.
    pub(super) fn output(
        &self,
        history: &dyn History,
        model: &SiteModel,
        product: &Product,
        period: Period,
    ) -> Result<Exact, Refusal> {
        let parameter = model
            .parameters
            .iter()
            .find(|parameter| parameter.id == product.parameter)
            .ok_or(Broken::Row("a product's parameter is not known"))?;
        let Some(scale) = product_scale(parameter, product) else {
            return Err(Refusal::Request(
                Text::new("product-unit").with("product", &product.key),
            ));
        };
        let (from, to) = self.period_hours(model, period);
        let mut bucket = crate::accounting::bucket::Bucket::default();
        for (_, hour) in self.buckets_between(history, parameter.id, from, to)? {
            bucket.quantity += hour.quantity;
        }
        Ok(quantity(parameter.kind, &bucket, scale))
    }

    /// The sources that stand at a node, those of earlier models too: what they emitted stays in the sums. A source whose
    /// node is no longer there stands at the top of the book.
    pub(super) fn sources_at(&self, model: &SiteModel, book: &Book, node: NodeId) -> Vec<SourceAt> {
        let mut found: BTreeMap<SourceId, SourceAt> = BTreeMap::new();
        for version in self.models.versions_bound() {
            for source in &version.model().sources {
                let known = model.nodes.iter().any(|other| other.id == source.node);
                found.insert(
                    source.id,
                    SourceAt {
                        id: source.id,
                        key: source.key.clone(),
                        name: source.name.clone(),
                        node: if known { source.node } else { book.boundary },
                        indirect: version
                            .source(source.id)
                            .is_some_and(|bound| bound.category.is_energy_indirect()),
                    },
                );
            }
        }
        found.into_values().filter(|source| source.node == node).collect()
    }

    /// The sources of a node and all below it.
    pub(super) fn sources_below(&self, model: &SiteModel, book: &Book, node: NodeId) -> Vec<SourceId> {
        subtree(model, node)
            .into_iter()
            .flat_map(|node| self.sources_at(model, book, node))
            .map(|source| source.id)
            .collect()
    }

    fn intensity(
        &self,
        history: &dyn History,
        model: &SiteModel,
        product: &Product,
        period: Period,
        milligrams: i128,
    ) -> Result<Intensity, Refusal> {
        let output = self.output(history, model, product, period)?;
        Ok(Intensity {
            product: product.name.clone(),
            output: output
                .to_decimal(6, Rounding::HalfEven)
                .map(|output| output.normalize().to_string())
                .unwrap_or_default(),
            unit: product.unit.symbol().to_owned(),
            value: intensity(milligrams, output),
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
    /// Whether it is electricity or heat, bought or sold.
    pub(super) indirect: bool,
}

/// The book of an id; the first where none is named.
pub(super) fn book_of(model: &SiteModel, book: Option<BookId>) -> Result<&Book, Refusal> {
    model
        .books
        .iter()
        .find(|candidate| book.is_none_or(|book| candidate.id == book))
        .ok_or_else(|| Refusal::Request(Text::new("book-unknown")))
}

fn add(sums: &mut [Figure], figures: &[Figure]) {
    for (sum, figure) in sums.iter_mut().zip(figures) {
        sum.add(figure);
    }
}
