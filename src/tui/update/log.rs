//! Keys of the audit log, and the pages that it asks for.

use std::time::Duration;

use super::super::keymap::Action;
use super::super::log::{Asked, Missing};
use super::super::model::{LinkState, Model};
use super::super::overlay::Overlay;
use super::super::pane::Pane;
use super::super::panes::log::{as_text, body_height, table_row};
use super::motion::{moved, within};
use super::{Effect, ask, explain, hold, restated, write};
use crate::domain::identity::Sequence;
use crate::domain::text::Text;
use crate::engine::view::Target;
use crate::wire::message::{ReplyBody, RequestBody};
use crate::wire::records::{KindFilter, RecordView, TailFrom};

/// Shortest time between two looks for new records.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Most records that are looked at in vain before the reader is asked whether to go on.
const MOST_IN_VAIN: u64 = 65_536;

/// Kinds of which the daemon tells what was before and what is after.
const WITH_CHANGES: [&str; 5] = ["correction", "withdrawal", "apply", "meter-change", "document"];

/// A key in the audit log.
pub(super) fn key(model: &mut Model, action: Action) -> Vec<Effect> {
    if model.log.filtering {
        match action {
            Action::Accept => model.log.filtering = false,
            Action::Back => {
                model.log.filtering = false;
                filter_by(model, "");
            }
            _ => {}
        }
        return Vec::new();
    }
    match action {
        Action::First => first(model),
        Action::Filter => model.log.filtering = true,
        Action::Kind => model.log.next_kind(),
        Action::Freeze => hold(model),
        Action::Refresh => model.log.look_again(),
        Action::Back => {
            model.log.kinds = KindFilter::All;
            filter_by(model, "");
        }
        Action::Open => {
            let target = model.log.selected().map(|record| Target::Record {
                sequence: record.sequence,
            });
            return target.map_or_else(Vec::new, |target| explain::open(model, target));
        }
        Action::Copy => return as_text(model).map_or_else(Vec::new, |text| vec![Effect::Copy(text)]),
        _ => go(model, action),
    }
    Vec::new()
}

/// Looks for words, from whatever had the keys.
pub(super) fn filter_by(model: &mut Model, words: &str) {
    model.log.filter.set(words);
    model.log.look_again();
}

/// Lists what people did.
pub(super) fn by_people(model: &mut Model) {
    model.log.kinds = KindFilter::ByPeople;
    filter_by(model, "");
}

/// Withdraws the record that is looked at: the selected one, or the one that is explained.
pub(super) fn withdraw(model: &mut Model, reason: &str) -> Result<Vec<Effect>, Text> {
    let sequence = match (model.overlays.last(), model.pane) {
        (Some(Overlay::Explain(steps)), _) => steps.last().and_then(|step| match step.target {
            Target::Record { sequence } => Some(sequence),
            _ => None,
        }),
        (None, Pane::Log) => model.log.selected().map(|record| record.sequence),
        // What a second person returned is taken back where they said so.
        (None, Pane::Entry) => model.entry.checks.record.as_ref().map(|record| record.of),
        _ => None,
    };
    let sequence = sequence.ok_or_else(|| Text::new("tui-withdraw-nothing"))?;
    if reason.trim().is_empty() {
        return Err(Text::new("tui-withdraw-reason"));
    }
    if model.link != LinkState::Up {
        return Err(Text::new("tui-withdraw-no-link"));
    }
    let body = RequestBody::Withdraw {
        sequence,
        reason: reason.trim().to_owned(),
    };
    let (effect, _) = write(model, body);
    model.withdrawing = Some((model.last_request, sequence));
    Ok(vec![effect])
}

/// Takes in what came of a withdrawal, if the answer is that.
pub(super) fn withdrawn(
    model: &mut Model,
    id: u64,
    result: Result<ReplyBody, Text>,
) -> Result<Vec<Effect>, Result<ReplyBody, Text>> {
    let Some((_, of)) = model.withdrawing.filter(|(request, _)| *request == id) else {
        return Err(result);
    };
    model.withdrawing = None;
    let withdrawn = |sequence: Sequence| Text::new("tui-withdrawn").with("of", of).with("sequence", sequence);
    model.notice = match result {
        Ok(ReplyBody::Recorded(sequence)) => Some(withdrawn(sequence)),
        Ok(ReplyBody::Restated { sequence, restated }) => {
            Text::sentences([withdrawn(sequence)].into_iter().chain(restated::told(&restated)))
        }
        Ok(_) => Some(Text::new("tui-explain-unexpected")),
        Err(why) => Some(why),
    };
    Ok(Vec::new())
}

/// The connection is new: what became of a withdrawal over the old one is in the log.
pub(super) fn forget_withdrawal(model: &mut Model) {
    if let Some((_, of)) = model.withdrawing.take() {
        model.notice = Some(Text::new("tui-withdraw-unknown").with("of", of));
    }
}

/// Lists the records of one kind.
pub(super) fn only(model: &mut Model, kind: &str) {
    model.log.kinds = KindFilter::Only(kind.to_owned());
    filter_by(model, "");
}

/// To the newest record, which stays selected as new ones come.
fn first(model: &mut Model) {
    let log = &mut model.log;
    log.cursor = 0;
    log.top = 0;
    log.following = true;
    let head = log.chain.as_ref().map_or(Sequence(0), |chain| chain.head);
    if log.unseen(head) > 0 {
        log.look_again();
    }
}

fn go(model: &mut Model, action: Action) {
    let page = body_height(model.size).max(1);
    let log = &mut model.log;
    let Some(last) = log.records.len().checked_sub(1) else {
        log.in_vain = 0;
        return;
    };
    let Some(cursor) = moved(log.cursor, action, page, last) else {
        return;
    };
    // Who wants to go on beyond the end has it looked for.
    if cursor == last {
        log.in_vain = 0;
    }
    log.cursor = cursor;
    let head = log.chain.as_ref().map_or(Sequence(0), |chain| chain.head);
    log.following = cursor == 0 && log.unseen(head) == 0;
    keep_in_view(model);
}

/// Scrolls as little as is needed to show the cursor.
pub(super) fn keep_in_view(model: &mut Model) {
    let height = body_height(model.size).max(1);
    let log = &mut model.log;
    log.top = within(log.top, log.cursor, height, log.records.len());
}

/// After the connection is back: what was not answered is asked again.
pub(super) fn ask_again(model: &mut Model) {
    model.log.asked = None;
    model.log.asked_at = Duration::ZERO;
}

/// Asks for what is missing around where the reader is: one page at a time.
pub(super) fn ask_for_more(model: &mut Model) -> Option<Effect> {
    if model.pane != Pane::Log || model.log.asked.is_some() || model.link != LinkState::Up {
        return None;
    }
    let height = body_height(model.size).max(1);
    let head = model.plant.as_ref()?.state.sequence;
    let due = model.elapsed.saturating_sub(model.log.asked_at) >= LOOK_EVERY || model.log.asked_at.is_zero();
    let log = &model.log;
    let near_top = log.following || log.top < height;
    let near_end = log.top + 2 * height >= log.records.len();
    let (from, again) = if log.refused.is_some() {
        return None;
    } else if log.missing == Missing::Everything {
        (TailFrom::Newest, false)
    } else if log.missing == Missing::Changes {
        (TailFrom::Before(log.newest.next()), true)
    } else if near_end && log.oldest.0 > 1 && log.in_vain < MOST_IN_VAIN {
        (TailFrom::Before(log.oldest), false)
    } else if near_top && log.unseen(head) > 0 && model.held.is_none() && due {
        (TailFrom::After(log.newest), false)
    } else {
        return None;
    };
    let count = u32::try_from(height * 2).unwrap_or(u32::MAX).clamp(50, 200);
    let filter = log.wanted();
    let effect = ask(
        model,
        RequestBody::Tail {
            count,
            from,
            filter,
            // What comes in is seldom of a kind with more to tell; only then it is asked for.
            changes: !matches!(from, TailFrom::After(_)),
        },
    );
    model.log.asked = Some(Asked {
        request: model.last_request,
        from,
        again,
    });
    if matches!(from, TailFrom::After(_)) {
        model.log.asked_at = model.elapsed;
    }
    // What is asked for from now on is of the filter as it is now.
    if from == TailFrom::Newest {
        model.log.missing = Missing::Nothing;
    }
    Some(effect)
}

/// Takes an answer, if it is one of the log's; otherwise gives it back.
pub(super) fn answer(model: &mut Model, id: u64, result: Result<ReplyBody, Text>) -> Option<Result<ReplyBody, Text>> {
    let Some(asked) = model.log.asked.filter(|asked| asked.request == id) else {
        return Some(result);
    };
    model.log.asked = None;
    // Meanwhile something else is looked for.
    if model.log.missing == Missing::Everything {
        return None;
    }
    match result {
        Ok(ReplyBody::Records(page)) => {
            // What is being typed over the log is about the record that is selected.
            model.log.following &= model.overlays.is_empty();
            model.log.take(asked, *page, model.elapsed);
            let log = &mut model.log;
            let came = log
                .records
                .iter()
                .take_while(|record| Some(record.sequence) > after(asked.from));
            if log.missing == Missing::Changes && !came.into_iter().any(has_more_to_tell) {
                log.missing = Missing::Nothing;
            }
            keep_in_view(model);
        }
        Ok(_) => model.log.refused = Some(Text::new("tui-explain-unexpected")),
        Err(why) => model.log.refused = Some(why),
    }
    None
}

const fn after(from: TailFrom) -> Option<Sequence> {
    match from {
        TailFrom::After(sequence) => Some(sequence),
        TailFrom::Newest | TailFrom::Before(_) => None,
    }
}

/// Whether there may be more to tell of a record than the line that came as it was written.
fn has_more_to_tell(record: &RecordView) -> bool {
    WITH_CHANGES.contains(&record.kind.as_str())
}

/// The held records as a table, with its heading.
pub(super) fn table(model: &Model) -> Vec<Vec<String>> {
    let headings = [
        Text::new("tui-log-sequence"),
        Text::new("tui-log-when"),
        Text::new("tui-log-who"),
        Text::new("tui-log-kind"),
        Text::new("tui-log-from"),
        Text::new("tui-log-what"),
        Text::new("tui-log-hash"),
    ];
    let headings = headings.iter().map(|heading| model.shown.text(heading)).collect();
    let rows = model.log.records.iter().map(|record| table_row(model, record));
    std::iter::once(headings).chain(rows).collect()
}
