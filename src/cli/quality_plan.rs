//! `carbonwatch quality-plan`: what the data-quality control plan asks for in a month, what arrived, and what the evidence
//! rules say (数据质量控制计划、证据规则).

use std::io;
use std::path::PathBuf;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::context::{Context, Ending, unexpected};
use super::failure::{Failure, Outcome};
use super::format::OutputFormat;
use super::output::{Cell, Column, Table};
use crate::domain::identity::ParameterId;
use crate::domain::model::SiteModel;
use crate::domain::period::Period;
use crate::domain::text::{Explained, Text};
use crate::domain::time::Month;
use crate::engine::view::QualityPlanView;
use crate::management::evidence::{Evidence, Subject, Verdict};
use crate::quality::figure::duration;
use crate::report::quality_plan::row;
use crate::wire::message::{ReplyBody, RequestBody};

use super::when::read_period;

/// Arguments of `carbonwatch quality-plan`.
#[derive(Debug, Clone, clap::Args)]
pub struct QualityPlanArguments {
    /// The site's directory
    pub site: PathBuf,
    /// Which month, such as 2025-03; the one that runs where it is left out
    pub month: Option<String>,
    /// What the evidence rules say instead, with what it rests on
    #[arg(long)]
    pub evidence: bool,
    /// How to print the answer
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

/// Prints the plan, or the evidence. Something that fails is a finding.
pub fn run(arguments: &QualityPlanArguments, context: &Context) -> Ending {
    let mut daemon = context.daemon(&arguments.site)?;
    let model = context.model(&mut daemon)?;
    let month = arguments
        .month
        .as_deref()
        .map(|given| month_of(given, &model))
        .transpose()?;
    let ReplyBody::QualityPlan(view) = daemon.ask(RequestBody::QualityPlan { month })? else {
        return Err(unexpected());
    };
    let is_for_people = arguments.format == OutputFormat::Table;
    let table = match (arguments.evidence, is_for_people) {
        (true, true) => evidence(&view.evidence, model.simulated),
        (true, false) => evidence_for_programs(&view, &model),
        (false, true) => plan(&view, &model, context),
        (false, false) => plan_for_programs(&view, &model, context),
    };
    let mut facts = vec![
        ("month", Cell::words(view.facts.month.to_string())),
        ("is_over", Cell::Flag(!view.facts.runs)),
    ];
    if arguments.evidence {
        facts.push(("unlisted", unlisted(&view.evidence)));
    }
    table.print_with(&facts, arguments.format, &context.localizer, &mut io::stdout().lock())?;
    let count = |verdict| view.evidence.iter().filter(|one| one.verdict == verdict).count();
    context.say(
        &Text::new("cli-quality-plan-counted")
            .with("month", view.facts.month)
            .with_count("passed", count(Verdict::Pass))
            .with_count("failed", count(Verdict::Fail))
            .with_count("unknown", count(Verdict::NotEvaluable)),
    );
    let has_failed = arguments.evidence && count(Verdict::Fail) > 0;
    Ok(if has_failed { Outcome::Finding } else { Outcome::Done })
}

/// The month that was typed.
pub(super) fn month_of(given: &str, model: &SiteModel) -> Result<Month, Failure> {
    match read_period(given, &model.zone) {
        Ok(Period::Month(month)) => Ok(month),
        _ => Err(Failure::usage(
            Text::new("cli-quality-plan-no-month").with("given", crate::domain::text::clean(given)),
        )),
    }
}

fn plan(view: &QualityPlanView, model: &SiteModel, context: &Context) -> Table {
    let cell = |text: Option<Text>| text.map_or(Cell::Nothing, Cell::Text);
    let rows = view.facts.parameters.iter().map(|parameter| {
        let said = row(parameter, &view.facts);
        let name = model.parameter(parameter.parameter);
        vec![
            Cell::words(parameter.tag.clone()),
            Cell::words(name.map_or("", |known| context.localizer.name(&known.name))),
            cell(said.planned),
            cell(said.arrived),
            said.is_as_planned.map_or(Cell::Nothing, Cell::Flag),
            cell(said.calibration),
            cell(said.gaps),
            cell(parameter.missing_rule.clone()),
            Cell::count(parameter.open_anomalies),
        ]
    });
    Table {
        simulated: model.simulated,
        columns: vec![
            Column::words("tag", "cli-column-tag"),
            Column::words("name", "cli-column-name"),
            Column::words("planned", "cli-column-planned"),
            Column::words("arrived", "cli-column-arrived"),
            Column::words("as_planned", "cli-column-as-planned"),
            Column::words("calibration", "cli-column-calibration"),
            Column::words("gaps", "cli-column-gaps"),
            Column::words("missing_rule", "cli-column-missing-rule"),
            Column::figures("open_anomalies", Text::new("cli-column-open-anomalies")),
        ],
        rows: rows.collect(),
    }
}

/// The same with the numbers, the dates and the names behind the words, which are the same in every language.
fn plan_for_programs(view: &QualityPlanView, model: &SiteModel, context: &Context) -> Table {
    let mut table = plan(view, model, context);
    let named = |key: &'static str| Column::words(key, "cli-column-name");
    let numbers = [
        "interval",
        "origins",
        "expected",
        "valid",
        "share_percent",
        "filled_by_plan_hours",
        "filled_by_person_hours",
        "missing_hours",
        "nothing_came",
        "calibrated_until",
        "uncalibrated_days",
        "unplanned",
    ];
    table.columns.extend(numbers.map(named));
    let date = |date: Option<NaiveDate>| date.map_or(Cell::Nothing, |date| Cell::words(date.to_string()));
    for (row, parameter) in table.rows.iter_mut().zip(&view.facts.parameters) {
        let arrived = parameter.arrived;
        let interval = match parameter.calendar {
            Some(calendar) => Cell::words(calendar.word()),
            None if parameter.interval_ms > 0 => Cell::words(duration(parameter.interval_ms)),
            None => Cell::Nothing,
        };
        let share = parameter.share().map(|share| Decimal::new(i64::from(share), 2));
        let covered = parameter.meter.and_then(|id| {
            let mut meters = view.facts.meters.iter();
            meters.find(|meter| meter.meter == id).map(|meter| meter.covered)
        });
        let uncovered = covered.map(|covered| covered.uncovered.map_or(0, |uncovered| uncovered.days));
        row.extend([
            interval,
            Cell::List(
                parameter
                    .origins
                    .iter()
                    .map(|origin| origin.word().to_owned())
                    .collect(),
            ),
            Cell::count(parameter.expected()),
            Cell::count(parameter.valid()),
            share.map_or(Cell::Nothing, Cell::decimal),
            Cell::count(arrived.by_plan),
            Cell::count(arrived.by_person),
            Cell::count(arrived.missing),
            Cell::Flag(!arrived.any),
            date(covered.and_then(|covered| covered.until)),
            uncovered.map_or(Cell::Nothing, Cell::count),
            Cell::count(parameter.unplanned),
        ]);
    }
    table
}

/// What the rules say for programs: a row for each rule and for each thing on which one rests, with names that are the same in
/// every language.
fn evidence_for_programs(view: &QualityPlanView, model: &SiteModel) -> Table {
    let mut rows = Vec::new();
    for evidence in &view.evidence {
        let mut row = |kind: &'static str, says: &Text, subject: [Cell; 2]| {
            let mut row = vec![
                Cell::words(evidence.rule.code()),
                Cell::Text(evidence.rule.text()),
                Cell::words(evidence.verdict.key()),
                Cell::words(kind),
                Cell::Text(says.clone()),
                Cell::words(evidence.rule.clauses()),
            ];
            row.extend(subject);
            rows.push(row);
        };
        row("rule", &evidence.says, [Cell::Nothing, Cell::Nothing]);
        for rest in &evidence.rests_on {
            let kind = if rest.is_against { "against" } else { "rests-on" };
            row(kind, &rest.what, [Cell::words(rest.of.key()), named(&rest.of, view)]);
        }
    }
    Table {
        simulated: model.simulated,
        columns: vec![
            Column::words("rule", "cli-column-rule"),
            Column::words("name", "cli-column-name"),
            Column::words("verdict", "cli-column-verdict"),
            Column::words("row", "cli-column-verdict"),
            Column::words("says", "cli-column-says"),
            Column::words("clauses", "cli-column-clauses"),
            Column::words("subject", "cli-column-name"),
            Column::words("subject_name", "cli-column-name"),
        ],
        rows,
    }
}

/// By what a program finds what a row speaks of.
fn named(of: &Subject, view: &QualityPlanView) -> Cell {
    let tag = |id: &ParameterId| {
        let known = view.facts.parameters.iter().find(|one| one.parameter == *id);
        known.map_or(Cell::Nothing, |known| Cell::words(known.tag.clone()))
    };
    match of {
        Subject::Parameter(id) => tag(id),
        Subject::Alarm(alarm) => tag(&alarm.parameter),
        Subject::Meter(id) => {
            let known = view.facts.meters.iter().find(|one| one.meter == *id);
            known.map_or(Cell::Nothing, |known| Cell::words(known.name.clone()))
        }
        Subject::Anomaly(id) => Cell::words(id.to_string()),
        Subject::Book(id) => {
            let known = view.closing.books.iter().find(|one| one.book == *id);
            known.map_or(Cell::Nothing, |known| Cell::words(known.key.clone()))
        }
        Subject::Round { sheet, .. } => Cell::words(sheet.clone()),
    }
}

/// What the rules say, each with what it rests on, what speaks against it first; and how much of that is not listed.
fn evidence(all: &[Evidence], simulated: bool) -> Table {
    let mut rows = Vec::new();
    for evidence in all {
        let head = |says: Text, verdict: Cell| {
            vec![
                Cell::words(evidence.rule.code()),
                Cell::Text(evidence.rule.text()),
                verdict,
                Cell::Text(says),
                Cell::words(evidence.rule.clauses()),
            ]
        };
        rows.push(head(evidence.says.clone(), Cell::Text(evidence.verdict.text())));
        let rests = evidence.rests_on.iter().map(|rest| {
            let id = if rest.is_against {
                "evidence-against"
            } else {
                "evidence-rests-on"
            };
            head(rest.what.clone(), Cell::Text(Text::new(id)))
        });
        rows.extend(rests);
        if evidence.more_against > 0 {
            let unlisted = Text::new("cli-quality-plan-unlisted").with_count("count", evidence.more_against);
            rows.push(head(unlisted, Cell::Text(Text::new("evidence-against"))));
        }
    }
    Table {
        simulated,
        columns: vec![
            Column::words("rule", "cli-column-rule"),
            Column::words("name", "cli-column-name"),
            Column::words("verdict", "cli-column-verdict"),
            Column::words("says", "cli-column-says"),
            Column::words("clauses", "cli-column-clauses"),
        ],
        rows,
    }
}

/// How many things that speak against a rule are not listed, for programs.
fn unlisted(all: &[Evidence]) -> Cell {
    Cell::Count(all.iter().map(|evidence| i64::from(evidence.more_against)).sum())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Instant;
    use crate::locale::{Language, Localizer};
    use crate::management::evidence::{Rest, Rule};

    fn checks_made(more_against: u32) -> Evidence {
        Evidence {
            rule: Rule::ChecksMade,
            verdict: Verdict::Fail,
            says: Text::new("evidence-counted-rounds")
                .with_count("sound", 0)
                .with_count("of", 250),
            rests_on: vec![Rest {
                of: Subject::Round {
                    sheet: "rounds".to_owned(),
                    at: Instant(0),
                },
                what: Text::new("evidence-no-meter").with("tag", "FT-1"),
                is_against: true,
            }],
            more: more_against + 7,
            more_against,
        }
    }

    #[test]
    fn what_is_not_listed_is_counted_and_a_rule_is_headed_as_one() {
        let table = evidence(&[checks_made(49)], false);
        let chinese = Localizer::new(Language::Chinese);
        assert_eq!(chinese.text(&table.columns[0].title), "规则");
        let english = Localizer::new(Language::English);
        let says: Vec<_> = table.rows.iter().map(|row| row[3].for_people(&english)).collect();
        assert_eq!(says[2], "more that is not listed: 49");
        assert_eq!(unlisted(&[checks_made(49)]), Cell::Count(49));
        assert_eq!(evidence(&[checks_made(0)], false).rows.len(), 2);
    }
}
