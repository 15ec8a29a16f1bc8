//! Keys of the Ledger pane, what it asks for, and the answers that it waits for.

use std::time::Duration;

use super::super::keymap::Action;
use super::super::ledger::{Order, Sheet, Span};
use super::super::model::{LinkState, Model};
use super::super::overlay::Overlay;
use super::super::pane::Pane;
use super::super::panes::ledger::{body_height, visible_columns};
use super::super::plant::Plant;
use super::motion::{moved, scrolled};
use super::{Effect, ask, explain, save};
use crate::domain::decimal::tonnes_of_milligrams;
use crate::domain::identity::BookId;
use crate::domain::note::About;
use crate::domain::period::Period;
use crate::domain::text::{Text, clean};
use crate::domain::time::{Hour, Instant, Month};
use crate::engine::notes::MOST_NOTES;
use crate::engine::view::{Grouping, LedgerQuestion};
use crate::report;
use crate::wire::message::{ReplyBody, RequestBody};

/// Shortest time between two askings for the same table while its period runs.
const PACE: Duration = Duration::from_secs(4);

/// The same for a period that is over: what comes late may change it, but seldom does.
const PACE_OF_THE_PAST: Duration = Duration::from_secs(20);

/// The site's time, once there is one.
fn now(plant: &Plant, elapsed: Duration) -> Option<Instant> {
    plant.state.time().map(|_| plant.clock(elapsed))
}

/// The table that the pane ought to show.
fn wanted(model: &Model) -> Option<LedgerQuestion> {
    let plant = model.plant.as_ref()?;
    let view = &model.ledger;
    let period = match view.at {
        Some(period) => period,
        None => view.span.around(now(plant, model.elapsed)?, &plant.model),
    };
    Some(LedgerQuestion {
        book: plant.totals(model.live.book).map(|totals| totals.book),
        by: view.by,
        compare: true,
        ..LedgerQuestion::of(period, view.span.step())
    })
}

/// Asks for the table where that is due: another one is wanted, or the ledger went on since it was asked for last. Never
/// while nobody looks, and one at a time.
pub(super) fn follow(model: &mut Model) -> Vec<Effect> {
    let covered = model
        .overlays
        .iter()
        .any(|overlay| matches!(overlay, Overlay::Help { .. } | Overlay::Explain(_)));
    let looked_at = model.pane == Pane::Ledger && !covered && model.held.is_none();
    if !looked_at || model.link != LinkState::Up || model.ledger.awaited.is_some() {
        return Vec::new();
    }
    let (Some(wanted), Some(plant)) = (wanted(model), &model.plant) else {
        return Vec::new();
    };
    let refused = model.ledger.refused.as_ref();
    let due = match &model.ledger.sheet {
        _ if refused.is_some_and(|(question, _)| *question == wanted) => false,
        Some(sheet) if sheet.question == wanted => {
            let running = model.ledger.at.is_none();
            let pace = if running { PACE } else { PACE_OF_THE_PAST };
            sheet.table.sequence != plant.state.sequence && model.elapsed.saturating_sub(sheet.at) >= pace
        }
        _ => true,
    };
    if !due {
        return Vec::new();
    }
    let (from, to) = wanted.period.hours(&plant.model.zone, plant.model.day_start_minutes);
    let zone = plant.model.zone;
    let noted = RequestBody::Notes {
        about: About::Site,
        from: zone.hour_start(from),
        to: zone.hour_start(to),
        count: MOST_NOTES,
        open: false,
    };
    let table = ask(model, RequestBody::Ledger(wanted.clone()));
    model.ledger.awaited = Some((model.last_request, wanted));
    let noted = ask(model, noted);
    model.ledger.noted_awaited = Some(model.last_request);
    vec![table, noted]
}

/// The connection is new: what was asked on the one before is not answered any more.
pub(super) fn forget_awaited(model: &mut Model) {
    model.ledger.awaited = None;
    model.ledger.noted_awaited = None;
}

/// An answer came.
pub(super) fn answer(model: &mut Model, id: u64, result: &Result<ReplyBody, Text>) {
    if model.ledger.noted_awaited.take_if(|awaited| *awaited == id).is_some() {
        if let Ok(ReplyBody::Notes(found)) = result {
            model.ledger.noted = found.notes.iter().map(|note| note.at).collect();
        }
        return;
    }
    let Some((_, question)) = model.ledger.awaited.take_if(|(awaited, _)| *awaited == id) else {
        return;
    };
    let table = match result {
        Ok(ReplyBody::Ledger(table)) => table,
        Ok(_) => {
            model.ledger.refused = Some((question, Text::new("tui-explain-unexpected")));
            return;
        }
        Err(why) => {
            model.ledger.refused = Some((question, why.clone()));
            return;
        }
    };
    let elapsed = model.elapsed;
    let view = &mut model.ledger;
    view.refused = None;
    let other = view
        .sheet
        .as_ref()
        .is_none_or(|sheet| sheet.question.period != question.period);
    let sheet = Sheet::new(question, table.as_ref().clone(), elapsed);
    if other {
        view.column = 0;
        view.first = 1;
    }
    let zone_day = model
        .plant
        .as_ref()
        .map(|plant| (plant.model.zone, plant.model.day_start_minutes));
    if let (Some(hour), Some((zone, day_start))) = (view.seek.take(), zone_day) {
        let at = sheet.table.periods.iter().position(|period| {
            let (from, to) = period.hours(&zone, day_start);
            from <= hour && hour < to
        });
        view.column = at.map_or(0, |place| place + 1);
    }
    view.column = view.column.min(sheet.columns());
    view.sheet = Some(Box::new(sheet));
    list_again(model);
    if other && model.ledger.column == 0 {
        show_newest(model);
    }
    keep_column_in_view(model);
}

/// A key in the Ledger pane.
pub(super) fn key(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Left => step_column(model, |column| column.saturating_sub(1)),
        Action::Right => step_column(model, |column| column + 1),
        Action::Back => step_column(model, |_| 0),
        Action::Fold => fold(model),
        Action::Sort => sort(model),
        Action::GroupBy => {
            model.ledger.by = match model.ledger.by {
                Grouping::Tree => Grouping::Category,
                Grouping::Category => Grouping::Gas,
                Grouping::Gas => Grouping::Book,
                Grouping::Book => Grouping::Tree,
            };
        }
        Action::Book => super::live::next_book(model),
        Action::Finer => finer(model),
        Action::Coarser => coarser(model),
        Action::Earlier => step_period(model, false),
        Action::Later => step_period(model, true),
        Action::Today => {
            model.ledger.at = None;
            model.ledger.refused = None;
        }
        Action::Refresh => refresh(model),
        Action::Open | Action::Explain => return open(model),
        Action::Copy => return copy_selected(model),
        Action::Write => return write(model),
        _ => go(model, action),
    }
    Vec::new()
}

/// Asks again at once.
pub(super) fn refresh(model: &mut Model) {
    model.ledger.refused = None;
    if let Some(sheet) = &mut model.ledger.sheet {
        sheet.at = Duration::ZERO;
        sheet.table.sequence = crate::domain::identity::Sequence(0);
    }
}

fn go(model: &mut Model, action: Action) {
    let page = body_height(model.size).max(1);
    let view = &mut model.ledger;
    let Some(last) = view.rows.len().checked_sub(1) else {
        return;
    };
    let Some(cursor) = moved(view.cursor, action, page, last) else {
        return;
    };
    view.cursor = cursor;
    remember_selected(model);
    keep_in_view(model);
}

fn remember_selected(model: &mut Model) {
    let view = &mut model.ledger;
    let path = view
        .place()
        .and_then(|place| view.sheet.as_ref()?.paths.get(place).cloned());
    view.selected = path;
}

/// Lists the rows again, with the selected one under the cursor; where a fold hides it, the one that hides it.
pub(super) fn list_again(model: &mut Model) {
    let view = &mut model.ledger;
    let Some(sheet) = &view.sheet else { return };
    if let Order::Greatest(column) = view.order
        && column > sheet.columns()
    {
        view.order = Order::Greatest(0);
    }
    view.rows = sheet.listed(view.order, &view.folded);
    let mut wanted = view
        .selected
        .as_ref()
        .and_then(|path| sheet.paths.iter().position(|other| other == path));
    view.cursor = loop {
        match wanted {
            None => break view.cursor.min(view.rows.len().saturating_sub(1)),
            Some(place) => match view.rows.iter().position(|&row| row == place) {
                Some(cursor) => break cursor,
                None => wanted = sheet.parent(place),
            },
        }
    };
    keep_in_view(model);
}

/// Scrolls as little as is needed to show the cursor.
pub(super) fn keep_in_view(model: &mut Model) {
    let height = body_height(model.size).max(1);
    let view = &mut model.ledger;
    view.top = scrolled(view.top, view.cursor, height).min(view.rows.len().saturating_sub(height));
}

fn step_column(model: &mut Model, to: impl FnOnce(usize) -> usize) {
    let Some(most) = model.ledger.sheet.as_ref().map(|sheet| sheet.columns()) else {
        return;
    };
    // Where no column is marked yet, the first step goes to one that is on the screen.
    let from = model.ledger.column;
    let next = to(from).min(most);
    model.ledger.column = if from == 0 && next == 1 {
        model.ledger.first.clamp(1, most.max(1)).min(most)
    } else {
        next
    };
    keep_column_in_view(model);
}

/// Scrolls the columns as little as is needed to show the selected one, and not into what is still to come.
pub(super) fn keep_column_in_view(model: &mut Model) {
    let seen = visible_columns(model).max(1);
    let begun = begun_columns(model);
    let view = &mut model.ledger;
    let last = begun.max(view.column);
    view.first = view.first.min((last + 1).saturating_sub(seen));
    if view.column > 0 {
        view.first = view.first.min(view.column).max((view.column + 1).saturating_sub(seen));
    }
    view.first = view.first.max(1);
}

/// Scrolls the columns so that the one that runs is the last on the screen.
fn show_newest(model: &mut Model) {
    model.ledger.first = begun_columns(model).max(1);
}

/// How many of the columns have begun.
fn begun_columns(model: &Model) -> usize {
    let (Some((plant, elapsed)), Some(sheet)) = (model.displayed(), &model.ledger.sheet) else {
        return 0;
    };
    let hour = plant.model.zone.hour_of(plant.now(elapsed));
    let begun = |period: &&Period| period.hours(&plant.model.zone, plant.model.day_start_minutes).0 <= hour;
    let columns = sheet.columns();
    sheet.table.periods.iter().take(columns).filter(begun).count()
}

/// Folds the selected row, or the one above it where it has none below; unfolds it where it is folded.
fn fold(model: &mut Model) {
    let view = &mut model.ledger;
    let (Some(sheet), Some(place)) = (&view.sheet, view.place()) else {
        return;
    };
    if view.order != Order::Plant {
        return;
    }
    let foldable = sheet.below.get(place).copied().unwrap_or(false);
    let of = if foldable { Some(place) } else { sheet.parent(place) };
    let Some(path) = of.and_then(|place| sheet.paths.get(place)) else {
        return;
    };
    if !view.folded.remove(path) {
        view.folded.insert(path.clone());
    }
    view.selected = Some(path.clone());
    list_again(model);
}

/// The greatest of the selected column first; back to the plant's order where that is so already.
fn sort(model: &mut Model) {
    let view = &mut model.ledger;
    let wanted = Order::Greatest(view.column);
    view.order = if view.order == wanted { Order::Plant } else { wanted };
    // Who sorts wants to see what comes first.
    if view.order != Order::Plant {
        view.selected = None;
        view.cursor = 1;
        view.top = 0;
    }
    list_again(model);
    remember_selected(model);
}

/// The hours of the period that is shown, or of the selected column.
fn hours_shown(model: &Model, column: usize) -> Option<(Hour, Hour)> {
    let (plant, elapsed) = model.displayed()?;
    let period = match &model.ledger.sheet {
        Some(sheet) if column > 0 => sheet.period(column),
        _ => match model.ledger.at {
            Some(period) => period,
            None => model.ledger.span.around(now(plant, elapsed)?, &plant.model),
        },
    };
    Some(period.hours(&plant.model.zone, plant.model.day_start_minutes))
}

/// Wants the period of the span in which an hour lies; the one that runs is followed.
fn want(model: &mut Model, hour: Hour) {
    let Some((plant, elapsed)) = model.displayed() else {
        return;
    };
    let Some(now) = now(plant, elapsed) else { return };
    let span = model.ledger.span;
    let wanted = span.around(plant.model.zone.hour_start(hour), &plant.model);
    let running = span.around(now, &plant.model);
    let start = |period: Period| period.hours(&plant.model.zone, plant.model.day_start_minutes).0;
    model.ledger.at = (start(wanted) < start(running)).then_some(wanted);
}

/// Goes to a month of a book.
pub(super) fn open_month(model: &mut Model, book: BookId, month: Month) {
    super::go_to(model, Pane::Ledger);
    let found = model.displayed().map(|(plant, _)| {
        let place = plant.state.totals.iter().position(|totals| totals.book == book);
        let hours = Period::Month(month).hours(&plant.model.zone, plant.model.day_start_minutes);
        (place, hours.0)
    });
    let Some((place, first)) = found else {
        return;
    };
    model.live.book = place.unwrap_or(model.live.book);
    model.ledger.span = Span::Month;
    model.ledger.column = 0;
    want(model, first);
}

/// To the period under the cursor, or to the last part of the whole one.
fn finer(model: &mut Model) {
    if model.ledger.span == Span::Hour {
        return;
    }
    let column = model.ledger.column;
    let Some((from, to)) = hours_shown(model, column) else {
        return;
    };
    let hour = if column > 0 { from } else { Hour(to.0.saturating_sub(1)) };
    model.ledger.span = model.ledger.span.finer();
    want(model, hour);
}

/// To the longer period that holds this one, which is then under the cursor.
fn coarser(model: &mut Model) {
    if model.ledger.span == Span::Year {
        return;
    }
    let Some((from, _)) = hours_shown(model, 0) else {
        return;
    };
    model.ledger.span = model.ledger.span.coarser();
    model.ledger.seek = Some(from);
    want(model, from);
}

fn step_period(model: &mut Model, forwards: bool) {
    let Some((from, to)) = hours_shown(model, 0) else {
        return;
    };
    want(model, if forwards { to } else { Hour(from.0.saturating_sub(1)) });
}

fn open(model: &mut Model) -> Vec<Effect> {
    let view = &model.ledger;
    let target = view
        .place()
        .and_then(|place| view.sheet.as_ref()?.target(place, view.column));
    target.map_or_else(Vec::new, |target| explain::open(model, target))
}

/// Copies name, period, tonnes and the record number of the selected figure, parted by tabs, as a sheet takes them.
fn copy_selected(model: &mut Model) -> Vec<Effect> {
    let line = model.plant.as_ref().and_then(|plant| {
        let view = &model.ledger;
        let sheet = view.sheet.as_ref()?;
        let place = view.place()?;
        let name = report::ledger::row_name(sheet.row(place)?, &model.shown.localizer);
        let period = sheet.period(view.column).shown(&plant.model.zone);
        let tonnes = tonnes_of_milligrams(sheet.figure(place, view.column)?.milligrams);
        let record = format!("#{}", sheet.table.sequence);
        Some(format!(
            "{}\t{period}\t{tonnes}\ttCO2e\t{}\t{record}",
            clean(&name),
            clean(&sheet.table.book_key)
        ))
    });
    line.map_or_else(Vec::new, |line| vec![Effect::Copy(line)])
}

/// Writes the table to a file.
fn write(model: &Model) -> Vec<Effect> {
    csv(model).map_or_else(Vec::new, |(name, text)| save(&format!("{name}.csv"), text))
}

/// The table as `carbonwatch ledger --format csv` prints it, with the rows that are folded, and what to call it.
pub(super) fn csv(model: &Model) -> Option<(String, String)> {
    let plant = model.plant.as_ref()?;
    let sheet = model.ledger.sheet.as_ref()?;
    let period = report::target::typed_period(sheet.question.period, &plant.model.zone);
    let mut out = Vec::new();
    report::ledger::csv(&sheet.table, &period, &model.shown.localizer, &mut out).ok()?;
    let by = match sheet.question.by {
        Grouping::Tree => "source",
        Grouping::Category => "category",
        Grouping::Gas => "gas",
        Grouping::Book => "book",
    };
    let (key, record) = (&sheet.table.book_key, sheet.table.sequence);
    Some((
        format!("ledger-{key}-{period}-{by}-{record}"),
        String::from_utf8(out).ok()?,
    ))
}

/// A new model: what was refused may be answered now.
pub(super) fn forget_refused(model: &mut Model) {
    model.ledger.refused = None;
}
