//! Keys of the Live pane: rows, filter, totals.

use super::super::keymap::Action;
use super::super::model::{Focus, Model, Row, Sort, TotalOf};
use super::super::panes::live::{body_height, state_text};
use super::super::plant::{Plant, condition, reading_target};
use super::motion::{is_forwards, moved};
use super::{Effect, chart, columns, crews, explain, hold};
use crate::domain::decimal::from_count;
use crate::domain::identity::ParameterId;
use crate::domain::text::{Text, clean};
use crate::engine::view::{LiveParameter, NowOf, Target};

/// A key in the Live pane.
pub(super) fn key(model: &mut Model, action: Action) -> Vec<Effect> {
    match model.live.focus {
        Focus::Rows => rows_key(model, action),
        Focus::Filter => {
            filter_key(model, action);
            Vec::new()
        }
        Focus::Totals(total) => totals_key(model, total, action),
    }
}

fn rows_key(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Filter => model.live.focus = Focus::Filter,
        Action::Sort => {
            model.live.sort = model.live.sort.next();
            list_again(model);
        }
        Action::KeyOnly => {
            model.live.key_only = !model.live.key_only;
            list_again(model);
        }
        Action::Freeze => hold(model),
        Action::Book => next_book(model),
        Action::Totals => model.live.focus = Focus::Totals(TotalOf::default()),
        Action::Back => {
            model.live.filter.clear();
            list_again(model);
        }
        Action::Open => return chart::open(model),
        Action::Explain => return explain_selected(model),
        Action::Columns => columns::open(model),
        Action::Crews => return crews::open(model),
        Action::Now => return explain_now(model),
        Action::Copy => return copy_selected(model),
        _ => go(model, action),
    }
    Vec::new()
}

fn explain_selected(model: &mut Model) -> Vec<Effect> {
    let target = model
        .live
        .selected
        .and_then(|id| model.displayed()?.0.parameter_of(id).and_then(reading_target));
    target.map_or_else(Vec::new, |target| explain::open(model, target))
}

/// Copies tag, name, value, unit and time of the selected parameter, parted by tabs, as a sheet takes them.
fn copy_selected(model: &mut Model) -> Vec<Effect> {
    let row = model.displayed().and_then(|(plant, _)| {
        let parameter = plant.parameter_of(model.live.selected?)?;
        parameter.newest?;
        Some(cells(model, plant, parameter).join("\t"))
    });
    row.map_or_else(Vec::new, |row| vec![Effect::Copy(row)])
}

/// Tag, name, value, unit and time of a parameter; the value with all its digits and nothing between them.
fn cells(model: &Model, plant: &Plant, parameter: &LiveParameter) -> Vec<String> {
    let zone = &plant.model.zone;
    let (value, at) = parameter.newest.map_or_else(Default::default, |newest| {
        (
            from_count(newest.value, parameter.decimals).to_string(),
            zone.local(newest.at).format("%Y-%m-%d %H:%M:%S").to_string(),
        )
    });
    let name = model.shown.localizer.name(&parameter.name);
    let cells = [parameter.tag.as_str(), name, &value, &parameter.unit, &at];
    cells.iter().map(|cell| clean(cell).into_owned()).collect()
}

/// The listed parameters as a table, with its heading.
pub(super) fn table(model: &Model) -> Vec<Vec<String>> {
    let Some((plant, elapsed)) = model.displayed() else {
        return Vec::new();
    };
    let now = plant.now(elapsed);
    let headings = [
        Text::new("tui-column-tag"),
        Text::new("tui-column-name"),
        Text::new("tui-column-value"),
        Text::new("tui-column-unit"),
        Text::new("tui-detail-at"),
        Text::new("tui-column-state"),
    ];
    let headings = headings.iter().map(|heading| model.shown.text(heading)).collect();
    let rows = model.live.rows.iter().filter_map(|row| match row {
        Row::Parameter(place) => plant.parameter(*place),
        Row::Group(_) => None,
    });
    let rows = rows.map(|parameter| {
        let state = state_text(parameter, condition(parameter, now));
        let mut row = cells(model, plant, parameter);
        row.push(model.shown.text(&state));
        row
    });
    std::iter::once(headings).chain(rows).collect()
}

fn filter_key(model: &mut Model, action: Action) {
    match action {
        Action::Accept => model.live.focus = Focus::Rows,
        Action::Back => {
            model.live.focus = Focus::Rows;
            model.live.filter.clear();
            list_again(model);
        }
        _ => {}
    }
}

fn totals_key(model: &mut Model, total: TotalOf, action: Action) -> Vec<Effect> {
    let place = TotalOf::ALL.iter().position(|&of| of == total).unwrap_or(0);
    let step = |place: usize| TotalOf::ALL.get(place).copied().unwrap_or(total);
    match action {
        Action::Left => model.live.focus = Focus::Totals(step(place.saturating_sub(1))),
        Action::Right => model.live.focus = Focus::Totals(step(place + 1)),
        Action::Back => model.live.focus = Focus::Rows,
        Action::Book => next_book(model),
        Action::Freeze => hold(model),
        Action::Crews => return crews::open(model),
        Action::Now => return explain_now(model),
        Action::Filter => model.live.focus = Focus::Filter,
        Action::Open => {
            let target = model
                .displayed()
                .and_then(|(plant, elapsed)| plant.total_target(model.live.book, total, plant.now(elapsed)));
            return target.map_or_else(Vec::new, |target| explain::open(model, target));
        }
        _ => {}
    }
    Vec::new()
}

/// Opens what is emitted now in the chosen book.
fn explain_now(model: &mut Model) -> Vec<Effect> {
    let totals = model
        .displayed()
        .and_then(|(plant, _)| Some(plant.totals(model.live.book)?.book));
    totals.map_or_else(Vec::new, |book| {
        explain::open(model, Target::Now { book, of: NowOf::Book })
    })
}

pub(super) fn next_book(model: &mut Model) {
    let books = model.displayed().map_or(0, |(plant, _)| plant.state.totals.len());
    model.live.book = (model.live.book + 1).checked_rem(books).unwrap_or(0);
}

fn go(model: &mut Model, action: Action) {
    let page = body_height(model.size).max(1);
    let last = model.live.rows.len().saturating_sub(1);
    if let Some(wanted) = moved(model.live.cursor, action, page, last) {
        stand_at(model, wanted, is_forwards(action));
    }
}

/// Puts the cursor on a row, or on the next that is no heading.
fn stand_at(model: &mut Model, wanted: usize, forwards: bool) {
    let live = &mut model.live;
    let Some(last) = live.rows.len().checked_sub(1) else {
        return;
    };
    let wanted = wanted.min(last);
    let parameter_at = |place: &usize| matches!(live.rows.get(*place), Some(Row::Parameter(_)));
    let ahead = (wanted..=last).find(parameter_at);
    let behind = (0..=wanted).rev().find(parameter_at);
    let found = if forwards { ahead.or(behind) } else { behind.or(ahead) };
    if let Some(found) = found {
        live.cursor = found;
    }
    remember_selected(model);
    keep_in_view(model);
}

fn remember_selected(model: &mut Model) {
    let selected = model.displayed().and_then(|(plant, _)| {
        let Row::Parameter(place) = *model.live.rows.get(model.live.cursor)? else {
            return None;
        };
        plant.parameter(place).map(|parameter| parameter.id)
    });
    model.live.selected = selected;
}

/// Lists the rows again, keeping the selected parameter under the cursor where it is still listed.
pub(super) fn list_again(model: &mut Model) {
    let rows = model.displayed().map_or_else(Vec::new, |(plant, elapsed)| {
        let live = &model.live;
        plant.rows(live.sort, live.filter.text(), live.key_only, plant.now(elapsed))
    });
    let selected = model.displayed().and_then(|(plant, _)| {
        let id = model.live.selected?;
        rows.iter().position(|row| match row {
            Row::Parameter(place) => plant.parameter(*place).is_some_and(|parameter| parameter.id == id),
            Row::Group(_) => false,
        })
    });
    model.live.listed = rows.iter().filter(|row| matches!(row, Row::Parameter(_))).count();
    model.live.rows = rows;
    match selected {
        Some(place) => {
            model.live.cursor = place;
            keep_in_view(model);
        }
        None => stand_at(model, model.live.cursor, true),
    }
    if model.live.rows.is_empty() {
        model.live.cursor = 0;
        model.live.top = 0;
    }
}

/// Time has passed: orders that depend on it are made again. A held display keeps its order.
pub(super) fn ordering_may_have_changed(model: &mut Model) {
    if model.held.is_none() && matches!(model.live.sort, Sort::Condition | Sort::Age) {
        list_again(model);
    }
}

/// Scrolls as little as is needed to show the cursor, with the heading above it where there is room.
pub(super) fn keep_in_view(model: &mut Model) {
    let height = body_height(model.size).max(1);
    let live = &mut model.live;
    let heading = live
        .cursor
        .checked_sub(1)
        .filter(|&above| height > 1 && matches!(live.rows.get(above), Some(Row::Group(_))))
        .unwrap_or(live.cursor);
    live.top = live.top.min(heading).max((live.cursor + 1).saturating_sub(height));
    live.top = live.top.min(live.rows.len().saturating_sub(height));
}

/// Filters the rows by a text, from whatever had the keys.
pub(super) fn filter_by(model: &mut Model, text: &str) {
    model.live.focus = Focus::Rows;
    model.live.filter.set(text);
    list_again(model);
}

/// Goes to a parameter; what keeps it off the list is lifted.
pub(super) fn select(model: &mut Model, id: ParameterId) {
    model.live.focus = Focus::Rows;
    model.live.selected = Some(id);
    list_again(model);
    if model.live.selected != Some(id) {
        model.live.filter.clear();
        model.live.key_only = false;
        model.live.selected = Some(id);
        list_again(model);
    }
}
