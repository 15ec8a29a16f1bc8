//! The Plan pane (数据质量控制计划画面): what the evidence rules say of a month and what that rests on, what is planned of
//! every parameter and what arrived, and the versions of the plan.

mod versions;

use ratatui::layout::Size;

use super::super::model::{Model, Wanted};
use super::super::plant::Plant;
use super::super::quality_plan::{EvidenceRow, Showing};
use super::super::theme::Tone;
use super::super::widgets::canvas::Canvas;
use super::super::widgets::cells;
use super::signing::figures;
use super::{ABOVE, BELOW, say};
use crate::domain::actor::Right;
use crate::domain::text::{Explained, Text, clean};
use crate::engine::view::{MonthView, QualityPlanView};
use crate::management::evidence::{Evidence, ParameterFacts, Verdict};
use crate::report::closing::state;
use crate::report::quality_plan::{Row, row};

/// Rows above the list: the month, the headings.
const HEAD: u16 = 2;

/// Rows below it, for the selected row, with the rule over them.
const DETAIL: u16 = 4;

/// Widest column of tags.
const WIDEST_TAG: usize = 16;

/// How many rows the screen shows.
pub fn list_height(size: Size) -> usize {
    usize::from(size.height.saturating_sub(ABOVE + BELOW + HEAD + DETAIL))
}

/// Draws it.
pub fn draw(model: &Model, canvas: &mut Canvas<'_>) -> Option<(u16, u16)> {
    if model.plan.showing == Showing::Versions {
        return versions::draw(model, canvas);
    }
    draw_month(model, canvas);
    None
}

/// A month: its evidence, or its parameters.
fn draw_month(model: &Model, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let width = canvas.width();
    let pane = &model.plan;
    let showing = Text::new(match pane.showing {
        Showing::Evidence => "tui-plan-evidence",
        Showing::Parameters | Showing::Versions => "tui-plan-parameters",
    });
    let view = match pane.view.view() {
        Some(Wanted::Here(view)) => view,
        Some(Wanted::Refused(why)) => return say(model, why, Tone::Advisory, HEAD, canvas),
        Some(Wanted::Awaited(_)) | None => {
            return say(model, &Text::new("tui-explain-awaited"), Tone::Dim, HEAD, canvas);
        }
    };
    let Some((plant, _)) = model.displayed() else {
        return;
    };
    let count = |verdict| view.evidence.iter().filter(|one| one.verdict == verdict).count();
    let title = Text::new("tui-plan-title")
        .with("month", view.facts.month)
        .with_text("showing", showing)
        .with_count("passed", count(Verdict::Pass))
        .with_count("failed", count(Verdict::Fail))
        .with_count("unknown", count(Verdict::NotEvaluable));
    let after = canvas.put(1, 0, width, &shown.text(&title), shown.style(Tone::Title));
    draw_closing(model, &view.closing, after + 2, canvas);
    match pane.showing {
        Showing::Evidence => draw_evidence(model, canvas),
        _ => draw_parameters(model, plant, view, canvas),
    }
}

/// Whether the month is closed, beside its title; and, where the headings leave room, with which figures.
fn draw_closing(model: &Model, month: &MonthView, after: u16, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let width = canvas.width();
    let tone = if month.differs() { Tone::Warning } else { Tone::Title };
    let may = model.actor.as_ref().is_some_and(|actor| actor.may(Right::Close));
    let is_due = month.is_over && month.sealed_through.is_none() && (month.last().is_none() || month.differs());
    let state = state(month);
    let state = if may && is_due {
        Text::new("tui-closing-hint").with_text("state", state)
    } else {
        state
    };
    let state = shown.text(&state);
    canvas.put_right(after, 0, width.saturating_sub(after + 1), &state, shown.style(tone));
    if model.plan.showing == Showing::Evidence
        && let Some(figures) = figures(month)
    {
        canvas.put(
            1,
            1,
            width.saturating_sub(1),
            &shown.text(&figures),
            shown.style(Tone::Dim),
        );
    }
}

/// Draws what is said of the selected row, whole.
fn draw_detail(model: &Model, text: &str, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let rows = canvas.height().saturating_sub(DETAIL);
    let width = canvas.width();
    canvas.rule(rows, shown.glyphs.rule, shown.style(Tone::Dim));
    let lines = cells::wrap(text, usize::from(width.saturating_sub(2)).max(2));
    for (row, line) in (rows + 1..canvas.height()).zip(lines) {
        canvas.put(1, row, width, &line, shown.style(Tone::Text));
    }
}

/// How a verdict looks; a sign beside it says the same without a colour.
const fn tone_of(verdict: Verdict) -> Tone {
    match verdict {
        Verdict::Pass => Tone::Text,
        Verdict::Fail => Tone::Warning,
        Verdict::NotEvaluable => Tone::Dim,
    }
}

fn draw_evidence(model: &Model, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let pane = &model.plan;
    let width = canvas.width();
    let rows = pane.evidence_rows();
    let verdicts = [Verdict::Pass, Verdict::Fail, Verdict::NotEvaluable];
    let widest = verdicts.map(|verdict| cells::width(&shown.text(&verdict.text())));
    let widest = widest.into_iter().max().unwrap_or(0);
    let (verdict, name) = (8, 8 + u16::try_from(widest).unwrap_or(0) + 1);
    let ends = canvas.height().saturating_sub(DETAIL);
    for (row, (place, one)) in (HEAD..ends).zip(rows.iter().enumerate().skip(pane.top)) {
        let is_selected = place == pane.cursor;
        let mut line = canvas.part(0, row, width, 1);
        let tone = match one {
            _ if is_selected => Tone::Selected,
            EvidenceRow::Rule(evidence) => tone_of(evidence.verdict),
            EvidenceRow::Rest(rest) if rest.is_against => Tone::Warning,
            EvidenceRow::Rest(_) => Tone::Dim,
        };
        let style = shown.style(tone);
        if is_selected {
            line.style_row(0, style);
            line.set(0, 0, shown.glyphs.cursor, style);
        }
        match one {
            EvidenceRow::Rule(evidence) => {
                line.put(1, 0, verdict - 2, evidence.rule.code(), style);
                line.put(verdict, 0, name - verdict, &shown.text(&evidence.verdict.text()), style);
                let text = of(evidence.rule.text(), evidence.says.clone());
                line.put(name, 0, width.saturating_sub(name), &shown.text(&text), style);
            }
            EvidenceRow::Rest(rest) => {
                let sign = if rest.is_against { "!" } else { " " };
                line.put(name.saturating_sub(2), 0, 1, sign, style);
                let text = shown.text(&rest.what);
                line.put(name, 0, width.saturating_sub(name), &text, style);
            }
        }
    }
    let detail = match rows.get(pane.cursor) {
        Some(EvidenceRow::Rule(evidence)) => full(model, evidence),
        Some(EvidenceRow::Rest(rest)) => shown.text(&rest.what),
        None => String::new(),
    };
    draw_detail(model, &detail, canvas);
}

/// A rule with all that it says, its clauses and how much it rests on.
fn full(model: &Model, evidence: &Evidence) -> String {
    let shown = &model.shown;
    let against = evidence.rests_on.iter().filter(|rest| rest.is_against).count();
    let rests = Text::new("tui-plan-rests")
        .with_count("against", against)
        .with_count("all", evidence.rests_on.len())
        .with_count("more", evidence.more);
    // Where nothing is listed there is nothing to unfold, and nothing to be said of it.
    let text = if evidence.rests_on.is_empty() {
        Text::new("tui-plan-rule-alone")
    } else {
        Text::new("tui-plan-rule-rests").with_text("rests", rests)
    };
    let text = text
        .with("code", evidence.rule.code())
        .with_text("rule", evidence.rule.text())
        .with_text("says", evidence.says.clone())
        .with("clauses", evidence.rule.clauses());
    shown.text(&text)
}

/// What is said of something.
fn of(what: Text, says: Text) -> Text {
    Text::new("tui-of").with_text("what", what).with_text("says", says)
}

/// Where the columns of the parameters begin.
struct Columns {
    planned: u16,
    arrived: u16,
    calibration: u16,
    gaps: u16,
}

fn draw_parameters(model: &Model, plant: &Plant, view: &QualityPlanView, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let pane = &model.plan;
    let width = canvas.width();
    let tags = view.facts.parameters.iter().map(|one| cells::width(&clean(&one.tag)));
    let tag = u16::try_from(tags.max().unwrap_or(0).clamp(4, WIDEST_TAG)).unwrap_or(4);
    let planned = 2 + tag + 1;
    let columns = Columns {
        planned,
        arrived: planned + 17,
        calibration: planned + 17 + 10,
        gaps: planned + 17 + 10 + 18,
    };
    let headings = [
        (1, "cli-column-tag"),
        (columns.planned, "cli-column-planned"),
        (columns.arrived, "cli-column-arrived"),
        (columns.calibration, "cli-column-calibration"),
        (columns.gaps, "cli-column-gaps"),
    ];
    for (column, heading) in headings {
        let text = shown.text(&Text::new(heading));
        canvas.put(column, 1, width.saturating_sub(column), &text, shown.style(Tone::Title));
    }
    let ends = canvas.height().saturating_sub(DETAIL);
    let all = view.facts.parameters.iter().enumerate().skip(pane.top);
    for (at, (place, parameter)) in (HEAD..ends).zip(all) {
        let said = row(parameter, &view.facts);
        let mut line = canvas.part(0, at, width, 1);
        draw_parameter(model, parameter, &said, &columns, place == pane.cursor, &mut line);
    }
    let selected = view.facts.parameters.get(pane.cursor);
    let detail = selected.map_or_else(String::new, |parameter| {
        let said = row(parameter, &view.facts);
        detail_of(model, plant, parameter, said)
    });
    draw_detail(model, &detail, canvas);
}

fn draw_parameter(
    model: &Model,
    parameter: &ParameterFacts,
    said: &Row,
    columns: &Columns,
    is_selected: bool,
    line: &mut Canvas<'_>,
) {
    let shown = &model.shown;
    let plain = if is_selected { Tone::Selected } else { Tone::Text };
    let wrong = if is_selected { Tone::Selected } else { Tone::Warning };
    let style = shown.style(plain);
    if is_selected {
        line.style_row(0, style);
        line.set(0, 0, shown.glyphs.cursor, style);
    }
    let room = |from: u16, to: u16| to.saturating_sub(from + 1);
    let text = |text: &Option<Text>| text.as_ref().map_or_else(String::new, |text| shown.text(text));
    line.put(1, 0, room(1, columns.planned), &clean(&parameter.tag), style);
    let planned = text(&said.planned);
    line.put(
        columns.planned,
        0,
        room(columns.planned, columns.arrived),
        &planned,
        style,
    );
    // What is not as planned is marked, whatever the colours.
    let (mark, tone) = match said.is_as_planned {
        Some(false) => ("!", wrong),
        _ => ("", plain),
    };
    let arrived = format!("{}{mark}", text(&said.arrived));
    let to = columns.calibration;
    line.put(
        columns.arrived,
        0,
        room(columns.arrived, to),
        &arrived,
        shown.style(tone),
    );
    let is_off = said.calibration.is_some() && !said.is_calibrated;
    let calibration = format!("{}{}", text(&said.calibration), if is_off { "!" } else { "" });
    let tone = if is_off { wrong } else { plain };
    let to = columns.gaps;
    line.put(
        columns.calibration,
        0,
        room(columns.calibration, to),
        &calibration,
        shown.style(tone),
    );
    let gaps = format!("{}{}", text(&said.gaps), if said.is_missing { "!" } else { "" });
    let tone = if said.is_missing { wrong } else { plain };
    let width = line.width();
    line.put(
        columns.gaps,
        0,
        width.saturating_sub(columns.gaps),
        &gaps,
        shown.style(tone),
    );
}

/// A parameter with all that is said of it.
fn detail_of(model: &Model, plant: &Plant, parameter: &ParameterFacts, said: Row) -> String {
    let shown = &model.shown;
    let name = plant
        .model
        .parameter(parameter.parameter)
        .map_or("", |known| shown.localizer.name(&known.name));
    let column = |heading: &'static str, text: Text| of(Text::new(heading), text);
    let parts = [
        said.planned.map(|text| column("cli-column-planned", text)),
        said.arrived.map(|text| column("cli-column-arrived", text)),
        said.calibration.map(|text| column("cli-column-calibration", text)),
        said.gaps.map(|text| column("cli-column-gaps", text)),
        parameter
            .missing_rule
            .clone()
            .map(|text| column("cli-column-missing-rule", text)),
        (parameter.unplanned > 0).then(|| {
            Text::new("evidence-unplanned")
                .with("tag", clean(&parameter.tag))
                .with_count("count", parameter.unplanned)
        }),
        (parameter.open_anomalies > 0)
            .then(|| Text::new("tui-plan-open-anomalies").with_count("count", parameter.open_anomalies)),
    ];
    let said = Text::joined(parts.into_iter().flatten()).map(|said| shown.text(&said));
    let said = said.unwrap_or_default();
    format!("{} {}  {said}", clean(&parameter.tag), clean(name))
}

/// The selected row as text.
pub fn as_text(model: &Model) -> Option<String> {
    let (plant, _) = model.displayed()?;
    let pane = &model.plan;
    match pane.showing {
        Showing::Evidence => match pane.evidence_rows().get(pane.cursor)? {
            EvidenceRow::Rule(evidence) => Some(full(model, evidence)),
            EvidenceRow::Rest(rest) => Some(model.shown.text(&rest.what)),
        },
        Showing::Parameters => {
            let view = pane.here()?;
            let parameter = view.facts.parameters.get(pane.cursor)?;
            let said = row(parameter, &view.facts);
            Some(detail_of(model, plant, parameter, said))
        }
        Showing::Versions => Some(versions::line(model, plant, pane.versions_here().get(pane.cursor)?)),
    }
}
