//! The rows of a ledger table, by what they are grouped.

use std::collections::{BTreeMap, HashMap};

use crate::accounting::cell::CellSum;
use crate::accounting::rules::Category;
use crate::domain::identity::NodeId;
use crate::domain::model::{Book, Gas, Name, SiteModel};
use crate::domain::period::Period;
use crate::domain::time::Hour;
use crate::engine::Engine;
use crate::engine::command::Refusal;
use crate::engine::history::History;
use crate::engine::view::{
    Compared, Comparison, Figure, Grouping, Intensity, LedgerQuestion, LedgerRow, RowKind, Target,
};

use super::SourceAt;

/// What every row of a table has in common.
pub(super) struct Columns<'a> {
    pub(super) engine: &'a Engine,
    pub(super) history: &'a dyn History,
    pub(super) model: &'a SiteModel,
    pub(super) period: Period,
    pub(super) periods: &'a [Period],
    pub(super) hours: Vec<(Hour, Hour)>,
    pub(super) compared: Option<Compared>,
}

/// The rows, and what they are without electricity and heat.
#[derive(Default)]
pub(super) struct Rows {
    pub(super) rows: Vec<LedgerRow>,
    pub(super) direct: Figure,
}

/// The figures of a row.
#[derive(Clone, Default)]
struct Line {
    figures: Vec<Figure>,
    total: Figure,
    comparison: Option<Comparison>,
}

impl Line {
    fn add(&mut self, other: &Self) {
        for (sum, figure) in self.figures.iter_mut().zip(&other.figures) {
            sum.add(figure);
        }
        self.total.add(&other.total);
        if let (Some(sum), Some(other)) = (&mut self.comparison, other.comparison) {
            let add = |sum: Option<i128>, other: Option<i128>| match (sum, other) {
                (Some(sum), Some(other)) => Some(sum + other),
                (known, None) | (None, known) => known,
            };
            sum.here += other.here;
            sum.before = add(sum.before, other.before);
            sum.year_ago = add(sum.year_ago, other.year_ago);
        }
    }
}

impl Columns<'_> {
    /// The rows of a node and all below it.
    pub(super) fn rows(&self, book: &Book, root: NodeId, question: &LedgerQuestion) -> Result<Rows, Refusal> {
        let mut rows = Rows::default();
        match question.by {
            Grouping::Tree => {
                let mut at: HashMap<NodeId, Vec<SourceAt>> = HashMap::new();
                for source in self.engine.sources_of(self.model, book) {
                    at.entry(source.node).or_default().push(source);
                }
                self.tree(book, root, 0, &mut at, &mut rows)?;
            }
            Grouping::Category => self.categories(book, root, &mut rows)?,
            Grouping::Gas => self.gases(book, root, &mut rows)?,
            Grouping::Book => {
                for other in &self.model.books {
                    let node = question.node.unwrap_or(other.boundary);
                    let mut of_book = Rows::default();
                    self.categories(other, node, &mut of_book)?;
                    for mut row in of_book.rows.into_iter().filter(|row| !row.leaf) {
                        if row.depth == 0 {
                            row.kind = RowKind::Book;
                            row.key.clone_from(&other.key);
                            row.name = other.name.clone();
                        }
                        rows.rows.push(row);
                    }
                    if other.id == book.id {
                        rows.direct = of_book.direct;
                    }
                }
            }
        }
        Ok(rows)
    }

    /// Adds the row of a node and the rows below it; gives back the node's figures.
    fn tree(
        &self,
        book: &Book,
        node: NodeId,
        depth: u32,
        at: &mut HashMap<NodeId, Vec<SourceAt>>,
        rows: &mut Rows,
    ) -> Result<Line, Refusal> {
        let place = rows.rows.len();
        rows.rows.push(self.node_row(book, node, depth));
        let mut sum = self.nothing();
        for source in at.remove(&node).unwrap_or_default() {
            let line = self.line(book, &source, None)?;
            rows.count(&source, &line);
            sum.add(&line);
            rows.rows.push(self.source_row(book, source, depth + 1, line));
        }
        for child in self.model.nodes.iter().filter(|other| other.parent == Some(node)) {
            sum.add(&self.tree(book, child.id, depth + 1, at, rows)?);
        }
        let intensity = self.intensities(book, node, sum.total.milligrams)?;
        if let Some(row) = rows.rows.get_mut(place) {
            row.fill(sum.clone());
            row.intensity = intensity;
        }
        Ok(sum)
    }

    /// The whole, then each category with its sources.
    fn categories(&self, book: &Book, root: NodeId, rows: &mut Rows) -> Result<(), Refusal> {
        let mut groups: BTreeMap<Category, Vec<(SourceAt, Line)>> = BTreeMap::new();
        for source in self.engine.sources_below(self.model, book, root) {
            let Some(category) = source.category else { continue };
            let line = self.line(book, &source, None)?;
            rows.count(&source, &line);
            groups.entry(category).or_default().push((source, line));
        }
        let groups = groups.into_iter().map(|(category, sources)| {
            let target = Target::Category {
                book: book.id,
                node: root,
                category,
                period: self.period,
            };
            let key = category.key().to_owned();
            (RowKind::Category(category), key, Name::default(), target, sources)
        });
        self.groups(book, root, groups.collect(), rows)
    }

    /// The whole, then each gas with what the sources emit of it.
    fn gases(&self, book: &Book, root: NodeId, rows: &mut Rows) -> Result<(), Refusal> {
        let mut groups: BTreeMap<Gas, Vec<(SourceAt, Line)>> = BTreeMap::new();
        for source in self.engine.sources_below(self.model, book, root) {
            for gas in self.engine.gases_of(source.id) {
                let line = self.line(book, &source, Some(gas))?;
                rows.count(&source, &line);
                groups.entry(gas).or_default().push((source.clone(), line));
            }
        }
        let groups = groups.into_iter().map(|(gas, sources)| {
            let target = Target::Gas {
                book: book.id,
                node: root,
                gas,
                period: self.period,
            };
            let name = Name {
                zh: gas.symbol().to_owned(),
                en: gas.symbol().to_owned(),
            };
            (RowKind::Gas(gas), gas.symbol().to_owned(), name, target, sources)
        });
        self.groups(book, root, groups.collect(), rows)
    }

    /// The whole, then groups with their sources.
    #[expect(clippy::type_complexity, reason = "a group is used here only")]
    fn groups(
        &self,
        book: &Book,
        root: NodeId,
        groups: Vec<(RowKind, String, Name, Target, Vec<(SourceAt, Line)>)>,
        rows: &mut Rows,
    ) -> Result<(), Refusal> {
        rows.rows.push(self.node_row(book, root, 0));
        let mut whole = self.nothing();
        for (kind, key, name, target, sources) in groups {
            let place = rows.rows.len();
            rows.rows.push(LedgerRow {
                kind,
                key,
                name,
                target: target.clone(),
                ..self.node_row(book, root, 1)
            });
            let mut sum = self.nothing();
            for (source, line) in sources {
                sum.add(&line);
                let id = source.id;
                let mut row = self.source_row(book, source, 2, line);
                // A source's figure of one of its gases stands in that gas's explanation.
                if matches!(kind, RowKind::Gas(_)) && self.engine.gases_of(id).len() > 1 {
                    row.target = target.clone();
                }
                rows.rows.push(row);
            }
            if let Some(row) = rows.rows.get_mut(place) {
                row.fill(sum.clone());
            }
            whole.add(&sum);
        }
        let intensity = self.intensities(book, root, whole.total.milligrams)?;
        if let Some(row) = rows.rows.first_mut() {
            row.fill(whole);
            row.intensity = intensity;
        }
        Ok(())
    }

    /// The figures of nothing.
    fn nothing(&self) -> Line {
        Line {
            figures: vec![Figure::default(); self.periods.len()],
            total: Figure::default(),
            comparison: self.compared.map(|_| Comparison::default()),
        }
    }

    /// The figures of a source: of one gas, or of all.
    fn line(&self, book: &Book, source: &SourceAt, gas: Option<Gas>) -> Result<Line, Refusal> {
        let engine = self.engine;
        let gases: Vec<Gas> = engine.gases_of(source.id).into_iter().collect();
        let wanted = || gases.iter().filter(|&&one| gas.is_none_or(|gas| gas == one));
        let mut running = CellSum::default();
        for &one in wanted() {
            running.add(&engine.running(self.history, book.id, source.id, one, engine.now)?);
        }
        let sum_of = |period: Period| -> Result<CellSum, Refusal> {
            let mut sum = CellSum::default();
            for &one in wanted() {
                sum.add(&engine.period_sum(self.history, book.id, source.id, one, period)?);
            }
            Ok(sum)
        };
        let first = engine.expected_from(book.id, source.id);
        let mut line = Line::default();
        for (&column, &hours) in self.periods.iter().zip(&self.hours) {
            let figure = engine.figure_since(first, &sum_of(column)?, &running, hours, engine.now);
            line.figures.push(figure);
            line.total.add(&figure);
        }
        if let Some(compared) = self.compared {
            let known = |period: Period| -> Result<Option<i128>, Refusal> {
                let sum = sum_of(period)?;
                Ok((!sum.is_empty()).then_some(sum.co2e_mg))
            };
            line.comparison = Some(Comparison {
                here: if compared.here == self.period {
                    line.total.milligrams
                } else {
                    sum_of(compared.here)?.co2e_mg
                },
                before: known(compared.before)?,
                year_ago: compared.year_ago.map(known).transpose()?.flatten(),
            });
        }
        Ok(line)
    }

    /// The row of a node, without its figures.
    fn node_row(&self, book: &Book, node: NodeId, depth: u32) -> LedgerRow {
        let (key, name) = self
            .model
            .node(node)
            .map(|node| (node.key.clone(), node.name.clone()))
            .unwrap_or_default();
        LedgerRow {
            kind: RowKind::Node,
            key,
            name,
            depth,
            leaf: false,
            figures: Vec::new(),
            total: Figure::default(),
            target: Target::Node {
                book: book.id,
                node,
                period: self.period,
            },
            intensity: Vec::new(),
            comparison: None,
        }
    }

    fn source_row(&self, book: &Book, source: SourceAt, depth: u32, line: Line) -> LedgerRow {
        LedgerRow {
            kind: RowKind::Source,
            key: source.key,
            name: source.name,
            depth,
            leaf: true,
            figures: line.figures,
            total: line.total,
            target: Target::Source {
                book: book.id,
                source: source.id,
                period: self.period,
            },
            intensity: Vec::new(),
            comparison: line.comparison,
        }
    }

    fn intensities(&self, book: &Book, node: NodeId, milligrams: i128) -> Result<Vec<Intensity>, Refusal> {
        let products = self.model.products.iter().filter(|product| product.node == node);
        products
            .map(|product| {
                self.engine.intensity(
                    self.history,
                    self.model,
                    product,
                    self.period,
                    milligrams,
                    !book.measured_only,
                )
            })
            .collect()
    }
}

impl Rows {
    /// Counts a source to the whole without electricity and heat.
    fn count(&mut self, source: &SourceAt, line: &Line) {
        if !source.category.is_some_and(Category::is_energy_indirect) {
            self.direct.add(&line.total);
        }
    }
}

impl LedgerRow {
    fn fill(&mut self, line: Line) {
        self.figures = line.figures;
        self.total = line.total;
        self.comparison = line.comparison;
    }
}
