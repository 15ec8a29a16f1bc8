//! What is known of the cell under the cursor: what stands there, what came before it, what looks wrong.

use super::super::super::entry::{Focus, Opened};
use super::super::super::keymap::{Action, Context};
use super::super::super::model::Model;
use super::super::super::plant::Plant;
use super::super::super::theme::Tone;
use super::super::super::widgets::canvas::Canvas;
use super::super::super::widgets::cells;
use super::super::inbox;
use crate::domain::actor::Right;
use crate::domain::decimal::from_count;
use crate::domain::model::Limits;
use crate::domain::reading::ParameterKind;
use crate::domain::text::{Explained, Text, clean};
use crate::engine::view::{CheckMark, FilledHours, RegisterChange, SecondCheckView, Standing};
use crate::entry::register::{Register, Stand};
use crate::entry::{Doubt, Row, Sheet};
use crate::quality::figure::duration;

/// Lines of what is known.
const KNOWN: usize = 2;

/// Draws it: two lines of what is known, two of what is to be said, or asked. Returns the cursor where something is typed.
pub(super) fn draw(
    model: &Model,
    plant: &Plant,
    open: &Opened,
    sheet: &Sheet<'_>,
    canvas: &mut Canvas<'_>,
) -> Option<(u16, u16)> {
    let shown = &model.shown;
    let width = canvas.width();
    let mut lines = Vec::new();
    if let Some(row) = sheet.row(open.at.0) {
        lines.push((shown.text(&known(model, open, sheet, &row)), Tone::Dim));
        lines.push((shown.text(&before(plant, open, sheet, &row)), Tone::Text));
    }
    // What goes with the rounds, or stands behind a correction, is right above the question, in place of what is known of one
    // cell.
    let is_asked = open.focus == Focus::Asking || open.is_correcting();
    if let Some(attached) = inbox::attached(model, open.attaching()).filter(|_| is_asked) {
        let mut attached = cells::wrap(&attached, usize::from(width.saturating_sub(2)).max(2));
        attached.truncate(KNOWN);
        lines.truncate(KNOWN.saturating_sub(attached.len()));
        lines.extend(attached.into_iter().map(|line| (line, Tone::Text)));
    }
    // What is asked is seen whole: what is known gives way to it, first what is known of one cell.
    let room = usize::from(width.saturating_sub(2)).max(2);
    let (text, tone) = said(model, plant, open, sheet);
    let told = text
        .map(|text| cells::wrap(&shown.text(&text), room))
        .unwrap_or_default();
    let is_whole = open.focus == Focus::Asking || open.doubted.is_some() || !open.unread.is_empty();
    let told_from = if is_whole {
        usize::from(canvas.height()).saturating_sub(told.len()).min(KNOWN)
    } else {
        KNOWN
    };
    let over = lines.len().saturating_sub(told_from);
    lines.drain(..over);
    for (row, (line, tone)) in (0..).zip(lines) {
        canvas.put(1, row, width.saturating_sub(2), &line, shown.style(tone));
    }
    if let Focus::Correcting(correcting) = &open.focus {
        let text = open.fault.clone().or_else(|| asked(plant, open, sheet))?;
        let tone = if open.fault.is_some() { Tone::Alarm } else { Tone::Title };
        canvas.put(1, 2, width.saturating_sub(2), &shown.text(&text), shown.style(tone));
        return Some(
            correcting
                .reason
                .draw(canvas, 1, 3, width.saturating_sub(2), shown.style(Tone::Selected)),
        );
    }
    let from = u16::try_from(told_from).unwrap_or(0);
    for (row, line) in (from..canvas.height()).zip(told) {
        canvas.put(1, row, width.saturating_sub(2), &line, shown.style(tone));
    }
    None
}

/// What a correction would do to the cell, with the question why.
fn asked(plant: &Plant, open: &Opened, sheet: &Sheet<'_>) -> Option<Text> {
    let parameter = sheet.row(open.at.0)?.parameter;
    let (value, standing) = open.correction(&plant.model)?;
    let shown = |count: i64| from_count(count, parameter.decimals).to_string();
    let text = Text::new("tui-entry-correct-ask")
        .with("tag", clean(&parameter.tag).into_owned())
        .with("round", super::label(plant, sheet.round(open.at.1)?))
        .with("was", shown(standing.value))
        .with_text("origin", standing.origin.text());
    Some(text.with("value", shown(value.count)))
}

/// The parameter, its limits, and what stands in the cell.
fn known(model: &Model, open: &Opened, sheet: &Sheet<'_>, row: &Row<'_>) -> Text {
    let parameter = row.parameter;
    let id = if parameter.possible == Limits::default() {
        "tui-entry-known-unlimited"
    } else {
        "tui-entry-known"
    };
    let text = Text::new(id)
        .with("tag", clean(&parameter.tag))
        .with_name("name", &parameter.name)
        .with("unit", clean(&model.shown.localizer.unit(parameter.unit.symbol())))
        .with("limits", parameter.possible);
    let stands = match row.standing(open.at.1) {
        Some(standing) => Text::new("tui-entry-stands")
            .with("value", from_count(standing.value, parameter.decimals))
            .with_text("origin", standing.origin.text())
            .with("record", standing.record),
        None => match row.filled(open.at.1) {
            Some(filled) => filled_text(model, filled),
            None => Text::new("tui-entry-stands-nothing"),
        },
    };
    let by = open
        .cell(open.at)
        .and_then(|cell| open.typed.get(&cell)?.by.clone())
        .filter(|_| sheet.round(open.at.1).is_some());
    match by {
        Some(by) => text.with_text("stands", Text::new("tui-entry-typed-by").with("by", by)),
        None => text.with_text("stands", stands),
    }
}

/// What stands in for the missing hours of a cell, and the key that opens it.
fn filled_text(model: &Model, filled: FilledHours) -> Text {
    let key = model.shown.keymap.key_of(Context::Grid, Action::Fill);
    let text = Text::new(if filled.by_person {
        "tui-entry-filled-by-person"
    } else {
        "tui-entry-filled"
    });
    text.with_count("hours", filled.hours)
        .with("key", key.map(ToString::to_string).unwrap_or_default())
}

/// The value before; of a register, how much it counted since, beside how much it had counted before that.
fn before(plant: &Plant, open: &Opened, sheet: &Sheet<'_>, row: &Row<'_>) -> Text {
    let parameter = row.parameter;
    let Some((since, last)) = open.last(&plant.model, open.at) else {
        return Text::new("tui-entry-before-nothing");
    };
    let value = |count: i64| from_count(count, parameter.decimals).to_string();
    if parameter.kind != ParameterKind::Counter {
        return Text::new("tui-entry-before").with("last", value(last));
    }
    // Over a change of the meter, what each of the two counted.
    let register = Register::of(&plant.model, row);
    let amount = |from: Stand, to: Stand| register.reckoned(&register.parts(from, to));
    let here = row.at(open.at.1);
    let counted = typed_count(plant, open, sheet)
        .zip(here)
        .and_then(|(typed, here)| amount((since, last), (here, typed)));
    let mut earlier = row.earlier(open.at.1);
    let was = earlier
        .next()
        .zip(earlier.next())
        .and_then(|(newest, older)| amount(older, newest));
    let or_nothing = |amount: Option<String>| amount.unwrap_or_else(|| "-".to_owned());
    let told = Text::new("tui-entry-before-register")
        .with("last", value(last))
        .with("counted", or_nothing(counted))
        .with("was", or_nothing(was));
    let is_between = |change: &&RegisterChange| change.at > since && here.is_some_and(|here| change.at <= here);
    let changed = row.row.changes.iter().rev().find(is_between).map(|change| {
        let value = |read: Option<i64>| or_nothing(read.map(value));
        Text::new("tui-entry-meter-changed")
            .with("at", plant.model.zone.local(change.at).format("%m-%d %H:%M"))
            .with("last", value(change.last))
            .with("first", value(change.first))
    });
    Text::sentences([told].into_iter().chain(changed)).unwrap_or_else(|| Text::new("tui-entry-before-nothing"))
}

/// What is being typed, or was, or stands.
fn typed_count(plant: &Plant, open: &Opened, sheet: &Sheet<'_>) -> Option<i64> {
    let row = sheet.row(open.at.0)?;
    let typing = crate::entry::cell::read(open.field.text(), &row, None).ok();
    match typing {
        Some(crate::entry::Entered::Value(value)) => Some(value.count),
        _ => open
            .value(&plant.model, open.at)
            .or_else(|| row.standing(open.at.1).map(|standing| standing.value)),
    }
}

/// Whether the round is to be sent, and where others hold something too, whether all of them are.
fn question(model: &Model, plant: &Plant, open: &Opened, sheet: &Sheet<'_>) -> Option<Text> {
    let round = sheet
        .round(open.at.1)
        .map_or_else(String::new, |round| super::label(plant, round));
    let doubted =
        |doubted: usize| (doubted > 0).then(|| Text::new("tui-entry-ask-doubted").with_count("count", doubted));
    let (count, of_it) = open.unsent(&[open.at.1]);
    let (_, empty) = open.of_column(open.at.1);
    let here = if count > 0 {
        Text::new("tui-entry-ask")
            .with("round", round)
            .with_count("count", count)
            .with_count("empty", empty)
    } else {
        Text::new("tui-entry-ask-not-here").with("round", round)
    };
    let sheet_now = sheet.clone().at(plant.now(model.elapsed));
    let ahead = sheet_now.ahead(open.at.1).filter(|_| count > 0);
    let ahead = ahead.map(|ahead| Text::new("tui-entry-ask-ahead").with("ahead", duration(ahead)));
    let columns = open.unsent_columns();
    let of_all_ahead = columns.iter().filter(|column| sheet_now.ahead(**column).is_some());
    let of_all_ahead = of_all_ahead.count();
    let is_more = columns.iter().any(|column| *column != open.at.1);
    let (all, of_all) = open.unsent(&columns);
    let key = model.shown.keymap.key_of(Context::Asking, Action::SendAll);
    let others = key.filter(|_| is_more).map(|key| {
        Text::new("tui-entry-ask-all")
            .with("key", key)
            .with_count("rounds", columns.len())
            .with_count("count", all)
    });
    let of_all = doubted(of_all).filter(|_| others.is_some());
    let are_ahead = (of_all_ahead > 0).then(|| Text::new("tui-entry-ask-all-ahead").with_count("count", of_all_ahead));
    let are_ahead = are_ahead.filter(|_| others.is_some());
    let changed = open.is_changed.then(|| Text::new("tui-entry-question-changed"));
    let said = [changed, Some(here), ahead, doubted(of_it), others, are_ahead, of_all];
    let typists: Vec<String> = open.typists().into_iter().collect();
    let typists = (!typists.is_empty()).then(|| Text::new("tui-entry-ask-others").with("by", typists.join(", ")));
    let key = model.shown.keymap.key_of(Context::Asking, Action::Attach);
    let theirs = key.into_iter().flat_map(|key| {
        let others = open.attaching.others.iter();
        others.map(move |theirs| {
            let names: Vec<_> = theirs.files.iter().map(|file| clean(&file.name)).collect();
            let text = Text::new("tui-entry-ask-theirs").with("by", clean(&theirs.by));
            text.with("files", names.join(", ")).with("key", key)
        })
    });
    let said = said.into_iter().flatten().chain(typists).chain(theirs);
    Text::sentences(said.chain([Text::new("tui-entry-ask-back")]))
}

/// What is to be said: what is asked, what is wrong, what looks wrong.
fn said(model: &Model, plant: &Plant, open: &Opened, sheet: &Sheet<'_>) -> (Option<Text>, Tone) {
    if open.focus == Focus::Asking {
        return (question(model, plant, open, sheet), Tone::Title);
    }
    if let Some(fault) = &open.fault {
        return (Some(fault.clone()), Tone::Alarm);
    }
    if let Some((_, doubts)) = &open.doubted {
        let told = doubts.iter().map(|doubt| doubt.text(sheet, open.at.0));
        let is_conflict = |doubt: &Doubt| matches!(doubt, Doubt::Other(_, _, true));
        let may_correct = model.actor.as_ref().is_some_and(|actor| actor.may(Right::Correct));
        let hint = (may_correct && doubts.iter().any(is_conflict)).then(|| Text::new("tui-entry-correct-hint"));
        let told: Vec<Text> = told.chain([Text::new("tui-entry-again")]).chain(hint).collect();
        return (Text::sentences(told), Tone::Warning);
    }
    if let Some(unread) = Text::sentences(open.unread.iter().cloned()) {
        return (Some(unread), Tone::Alarm);
    }
    match sheet.row(open.at.0).and_then(|row| row.standing(open.at.1)) {
        Some(standing) => second_person(sheet, standing),
        None => (None, Tone::Text),
    }
}

/// How it stands with the second person of what stands in a cell, where the plan asked for one.
fn second_person(sheet: &Sheet<'_>, standing: Standing) -> (Option<Text>, Tone) {
    let returned = || {
        let mut returned = sheet.view.returned.iter();
        returned.find(|check| check.record == standing.record)
    };
    match standing.check {
        Some(CheckMark::Returned) => (returned().map(SecondCheckView::said), Tone::Warning),
        Some(mark) => (Some(mark.text()), Tone::Dim),
        None => (None, Tone::Text),
    }
}
