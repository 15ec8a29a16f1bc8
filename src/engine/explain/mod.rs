//! Explanations: every figure opened one level further, down to the versions of a reading and the record of each.

mod bucket;
mod cell;
mod document;
mod filling;
mod group;
mod input;
mod now;
mod numbers;
mod quantity;
mod reading;
mod record;
mod sealed;
mod stretch;
mod substitute;
mod untested;

use chrono::NaiveDate;

use crate::accounting::cell::CellSum;
use crate::accounting::exact::Exact;
use crate::domain::decimal::tonnes_of_milligrams;
use crate::domain::identity::{BookId, NodeId, ParameterId, SourceId};
use crate::domain::model::{Gas, Name, Parameter, SiteModel};
use crate::domain::period::Period;
use crate::domain::text::Text;
use crate::domain::time::{Hour, Month};

use super::Engine;
use super::command::Refusal;
use super::evaluate::Evaluator;
use super::history::History;
use super::ledger::book_of;
use super::view::{Explanation, Figure, Part, Target};
use numbers::shown;

pub(super) use substitute::rule_text;
pub(super) use untested::untested_rule_text;

/// The longest stretch that is opened into its hours; a longer one is opened into days.
const MOST_HOURS: i32 = 72;

/// The longest stretch, in days, that is opened into its days; a longer one is opened into months.
const MOST_DAYS: i32 = 92;

/// The most parts of one explanation: more than an hour of readings a second. What is left out is said.
const MOST_PARTS: usize = 4_000;

fn unknown() -> Refusal {
    Refusal::Request(Text::new("explain-unknown"))
}

pub(super) fn tonnes(milligrams: i128) -> String {
    tonnes_of_milligrams(milligrams).to_string()
}

/// What must be said of a figure.
fn marks(figure: &Figure) -> Vec<Text> {
    let mut remarks = Vec::new();
    if figure.provisional_hours > 0 {
        remarks.push(Text::new("figure-provisional").with_count("hours", figure.provisional_hours));
    }
    if figure.incomplete_hours > 0 {
        remarks.push(Text::new("figure-incomplete").with_count("hours", figure.incomplete_hours));
    }
    if figure.substituted_hours > 0 {
        remarks.push(Text::new("figure-substituted").with_count("hours", figure.substituted_hours));
    }
    if figure.overlapping_hours > 0 {
        remarks.push(Text::new("figure-overlapping").with_count("hours", figure.overlapping_hours));
    }
    if figure.failed_hours > 0 {
        remarks.push(Text::new("figure-failed").with_count("hours", figure.failed_hours));
    }
    remarks
}

/// An explanation of emissions in tCO2e.
fn emission(target: Target, title: Text, figure: &Figure) -> Explanation {
    Explanation {
        target,
        title,
        value: Some(tonnes(figure.milligrams)),
        unit: Some("tCO2e".to_owned()),
        formula: None,
        numbers: None,
        remarks: marks(figure),
        parts: Vec::new(),
    }
}

fn emission_part(label: Text, figure: &Figure, target: Target) -> Part {
    Part {
        label,
        value: Some(tonnes(figure.milligrams)),
        unit: Some("tCO2e".to_owned()),
        numbers: None,
        remark: Text::sentences(marks(figure)),
        target: Some(target),
    }
}

impl Engine {
    /// Explains a figure one level deep. Costs what the figure rests on, one level down.
    pub fn explain(&self, history: &dyn History, target: &Target) -> Result<Explanation, Refusal> {
        let model = self.model().ok_or_else(unknown)?.clone();
        let mut explanation = self.explain_open(history, &model, target)?;
        if let Some(hours) = target.hours(&model) {
            explanation.remarks.extend(self.seal_remark(history, target, hours)?);
        }
        explanation
            .remarks
            .extend(self.closing_remark(history, &model, target)?);
        explanation.remarks.extend(self.note_remarks(history, &model, target)?);
        Ok(explanation)
    }

    /// Explains a figure by what the state has, before it is said which of it is sealed.
    fn explain_open(&self, history: &dyn History, model: &SiteModel, target: &Target) -> Result<Explanation, Refusal> {
        match target {
            Target::Node { book, node, period } => self.explain_node(history, model, *book, *node, *period),
            Target::Category { .. } | Target::Gas { .. } => self.explain_group(history, model, target),
            Target::Source { book, source, period } => self.explain_source(history, model, *book, *source, *period),
            Target::Cell { book, source, hour } => self.explain_cell(history, model, *book, *source, *hour),
            Target::Input {
                book,
                source,
                input,
                hour,
            } => self.explain_input(history, *book, *source, input, *hour),
            Target::Quantity { parameter, period } => self.explain_quantity(history, model, *parameter, *period),
            Target::Bucket { parameter, hour } => self.explain_bucket(history, model, *parameter, *hour),
            Target::Substitute { parameter, hour } => self.explain_substitute(history, model, *parameter, *hour),
            Target::Reading { parameter, slot } => self.explain_reading(history, model, *parameter, *slot),
            Target::Now { book, of } => self.explain_now(history, model, *book, *of),
            Target::Factor { id } => self.explain_factor(id),
            // A record is read from the journal, which the engine does not see: the daemon explains it.
            Target::Record { .. } => Err(unknown()),
        }
    }

    fn explain_node(
        &self,
        history: &dyn History,
        model: &SiteModel,
        book: BookId,
        node: NodeId,
        period: Period,
    ) -> Result<Explanation, Refusal> {
        let found = model.node(node).ok_or_else(unknown)?;
        let rules = book_of(model, Some(book))?;
        let title = Text::new("explain-node")
            .with_name("name", &found.name)
            .with_period("period", period);
        let mut total = Figure::default();
        let mut parts = Vec::new();
        for child in model.nodes.iter().filter(|other| other.parent == Some(node)) {
            let mut sum = Figure::default();
            for source in self.sources_below(model, rules, child.id) {
                sum.add(&self.source_figure(history, book, source.id, None, period)?);
            }
            total.add(&sum);
            let target = Target::Node {
                book,
                node: child.id,
                period,
            };
            parts.push(emission_part(named(&child.name), &sum, target));
        }
        for source in self.sources_at(model, rules, node) {
            let sum = self.source_figure(history, book, source.id, None, period)?;
            total.add(&sum);
            let target = Target::Source {
                book,
                source: source.id,
                period,
            };
            parts.push(emission_part(named(&source.name), &sum, target));
        }
        let mut explanation = emission(Target::Node { book, node, period }, title, &total);
        explanation.parts = parts;
        explanation.formula = Some("Σ".to_owned());
        if node == rules.boundary {
            explanation
                .remarks
                .extend(self.plan_remark(model, book, period, total.milligrams));
        }
        Ok(explanation)
    }

    /// What the plan gives to a period, and how the emissions stand against it.
    fn plan_remark(&self, model: &SiteModel, book: BookId, period: Period, emitted: i128) -> Option<Text> {
        let hours = period.hours(&self.zone, model.day_start_minutes);
        let planned = self.planned(model, book, hours, self.now, emitted)?;
        let above = planned.above.as_deref().unwrap_or("0");
        let id = if above.starts_with('-') {
            "explain-planned-below"
        } else {
            "explain-planned"
        };
        Some(
            Text::new(id)
                .with("by_now", tonnes(planned.by_now))
                .with("whole", tonnes(planned.whole))
                .with("by", above.trim_start_matches('-')),
        )
    }

    /// The figure of a source: of one gas, or of all.
    fn source_figure(
        &self,
        history: &dyn History,
        book: BookId,
        source: SourceId,
        gas: Option<Gas>,
        period: Period,
    ) -> Result<Figure, Refusal> {
        let mut sum = CellSum::default();
        let mut running = CellSum::default();
        let gases = self.gases_of(source).into_iter();
        for one in gases.filter(|&one| gas.is_none_or(|gas| gas == one)) {
            sum.add(&self.period_sum(history, book, source, one, period)?);
            running.add(&self.running(history, book, source, one, self.now)?);
        }
        let day_start = self.model().map_or(0, |model| model.day_start_minutes);
        let hours = period.hours(&self.zone, day_start);
        Ok(self.figure_of(book, source, &sum, &running, hours, self.now))
    }

    fn explain_source(
        &self,
        history: &dyn History,
        model: &SiteModel,
        book: BookId,
        source: SourceId,
        period: Period,
    ) -> Result<Explanation, Refusal> {
        if let Period::Hour(hour) = period {
            return self.explain_cell(history, model, book, source, hour);
        }
        let found = model.source(source).ok_or_else(unknown)?;
        let total = self.source_figure(history, book, source, None, period)?;
        let title = Text::new("explain-source")
            .with_name("name", &found.name)
            .with_period("period", period);
        let mut explanation = emission(Target::Source { book, source, period }, title, &total);
        explanation.formula = Some("Σ".to_owned());
        let (from, to) = self.period_hours(model, period);
        // Nothing before the first cell and after the last is told; what lies between them is, also where it is nothing.
        let mut nothing = Vec::new();
        for column in self.periods_below(model, period) {
            let sum = self.source_figure(history, book, source, None, column)?;
            let is_known = sum != Figure::default() || self.cells_in(history, book, source, column)? > 0;
            let target = match column {
                Period::Hour(hour) => Target::Cell { book, source, hour },
                period => Target::Source { book, source, period },
            };
            let label = Text::new("explain-period").with_period("period", column);
            let mut part = emission_part(label, &sum, target);
            if is_known {
                explanation.parts.append(&mut nothing);
                explanation.parts.push(part);
            } else if !explanation.parts.is_empty() {
                part.remark = Some(Text::new("explain-no-cells"));
                nothing.push(part);
            }
            if explanation.parts.len() >= MOST_PARTS {
                break;
            }
        }
        explanation.parts.truncate(MOST_PARTS);
        if let Period::Year(_) | Period::Month(_) = period {
            explanation.remarks.push(
                Text::new("explain-cells")
                    .with_count("cells", self.cells_in(history, book, source, period)?)
                    .with_name("name", &found.name),
            );
            explanation
                .remarks
                .extend(self.rounding_remark(history, book, source, (from, to))?);
        }
        let (sealed, _) = self.by_seal((from, to));
        if sealed.0 < sealed.1 {
            explanation
                .remarks
                .extend(self.other_sum_today(history, book, source, sealed)?);
        }
        Ok(explanation)
    }

    /// The periods into which a longer one is opened: months, days or hours.
    fn periods_below(&self, model: &SiteModel, period: Period) -> Vec<Period> {
        let (from, to) = self.period_hours(model, period);
        match period {
            Period::Year(year) => Month::of_year(year).map(Period::Month).collect(),
            // Where the plant's day begins at another time than the calendar's, a month is not made of plant days.
            Period::Month(_) if model.day_start_minutes > 0 => pieces(self, from, to, |date| date),
            Period::Month(month) => {
                let dates = month.first_day().iter_days();
                dates
                    .take_while(|date| Month::of(*date) == month)
                    .map(Period::Day)
                    .collect()
            }
            Period::Hours(..) if to.0 - from.0 > MOST_DAYS * 24 => pieces(self, from, to, Month::of),
            Period::Hours(..) if to.0 - from.0 > MOST_HOURS => pieces(self, from, to, |date| date),
            _ => (from.0..to.0).map(|hour| Period::Hour(Hour(hour))).collect(),
        }
    }

    /// By how much rounding moves the cells of some hours, of those that are not sealed: what a sealed one was before it was
    /// rounded is not known any more.
    fn rounding_remark(
        &self,
        history: &dyn History,
        book: BookId,
        source: SourceId,
        hours: (Hour, Hour),
    ) -> Result<Option<Text>, Refusal> {
        let (sealed, open) = self.by_seal(hours);
        if open.0 >= open.1 {
            return Ok(None);
        }
        let Some(unrounded) = self.unrounded(history, book, source, open)? else {
            return Ok(None);
        };
        let mut ledger = 0;
        for gas in self.gases_of(source) {
            ledger += self.stretch_sum(history, book, source, gas, open)?.co2e_mg;
        }
        let id = if sealed.0 < sealed.1 {
            "explain-rounding-unsealed"
        } else {
            "explain-rounding"
        };
        let ledger = Exact::ratio(ledger, 1_000_000_000).ok();
        let difference = ledger.and_then(|ledger| ledger.checked_sub(unrounded).ok());
        Ok(Some(
            Text::new(id)
                .with("value", shown(unrounded))
                .with("difference", difference.map_or_else(String::new, shown)),
        ))
    }

    /// What the cells of some hours add up to before any of them is rounded; `None` where an hour could not be computed
    /// or the exact sum does not fit.
    fn unrounded(
        &self,
        history: &dyn History,
        book: BookId,
        source: SourceId,
        (from, to): (Hour, Hour),
    ) -> Result<Option<Exact>, Refusal> {
        let mut evaluator = Evaluator::new(self, history, book, source);
        let mut sum = Exact::ZERO;
        for hour in (from.0..to.0).map(Hour) {
            match evaluator.unrounded(hour)? {
                None => {}
                Some(Ok(tonnes)) => match sum.checked_add(tonnes) {
                    Ok(more) => sum = more,
                    Err(_) => return Ok(None),
                },
                Some(Err(_)) => return Ok(None),
            }
        }
        Ok(Some(sum))
    }

    fn cells_in(&self, history: &dyn History, book: BookId, source: SourceId, period: Period) -> Result<i64, Refusal> {
        let mut cells = 0;
        for gas in self.gases_of(source) {
            cells += self.period_sum(history, book, source, gas, period)?.cells;
        }
        Ok(cells)
    }
}

/// Several remarks as one.
fn joined(remarks: Vec<Text>) -> Text {
    Text::joined(remarks).unwrap_or_else(|| Text::new("explain-nothing-more"))
}

/// A name of the model as a text of its own.
fn named(name: &Name) -> Text {
    Text::new("plain-name").with_name("name", name)
}

pub(super) fn tag(model: &SiteModel, parameter: ParameterId) -> String {
    described(model, parameter).map_or_else(|_| parameter.to_string(), |parameter| parameter.tag.clone())
}

pub(super) fn described(model: &SiteModel, parameter: ParameterId) -> Result<&Parameter, Refusal> {
    model.parameter(parameter).ok_or_else(unknown)
}

/// A stretch of hours cut where the calendar does: each piece the hours of one day, or of one month.
fn pieces<Key: PartialEq>(engine: &Engine, from: Hour, to: Hour, key: impl Fn(NaiveDate) -> Key) -> Vec<Period> {
    let key_of = |hour: Hour| key(engine.zone.local(engine.zone.hour_start(hour)).date());
    let mut pieces = Vec::new();
    let mut start = from;
    let mut hour = from;
    while hour < to {
        let next = hour.next();
        if next == to || key_of(next) != key_of(hour) {
            pieces.push(Period::Hours(start, next));
            start = next;
        }
        hour = next;
    }
    pieces
}
