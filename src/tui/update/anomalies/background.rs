//! What is asked of the daemon about the selected anomaly when the cursor rests on it: once, and of no other.

use std::time::Duration;

use super::super::super::anomalies::{Background, COURSE_COLUMNS, around, neighbours};
use super::super::super::model::{LinkState, Model, Wanted};
use super::super::super::pane::Pane;
use super::super::{Effect, ask};
use super::selected;
use crate::domain::note::About;
use crate::domain::text::Text;
use crate::wire::message::{ReplyBody, RequestBody};

/// How long the cursor rests on an anomaly before the daemon is asked about it: who passes by asks nothing.
const REST: Duration = Duration::from_millis(300);

/// The most notes that are asked for: those of the whole site in that time, among which those of its neighbours are.
const MOST_NOTES: u32 = 100;

/// Asks what is not known yet of the selected anomaly, once the cursor rests on it.
pub(super) fn ask_for(model: &mut Model) -> Vec<Effect> {
    let Some(anomaly) = selected(model) else {
        model.anomalies.background = None;
        return Vec::new();
    };
    let (id, (from, to)) = (anomaly.anomaly, around(anomaly));
    let last = anomaly.last.as_ref().map(|last| last.record);
    let background = model.anomalies.background.as_mut();
    let known = background.filter(|background| background.anomaly == id);
    let Some(known) = known else {
        model.anomalies.background = Some(Background {
            anomaly: id,
            since: model.elapsed,
            history: None,
            notes: None,
            courses: None,
        });
        return Vec::new();
    };
    // What was done with it since makes what was told of it old.
    let told = match &known.history {
        Some(Wanted::Here(history)) => history.anomaly.last.as_ref().map(|last| last.record),
        _ => last,
    };
    if told != last {
        known.history = None;
        known.since = model.elapsed;
    }
    let rests = model.elapsed.saturating_sub(known.since) >= REST;
    let is_seen = model.pane == Pane::Anomalies && model.overlays.is_empty() && model.link == LinkState::Up;
    if !rests || !is_seen {
        return Vec::new();
    }
    let (no_history, no_notes, no_courses) = (known.history.is_none(), known.notes.is_none(), known.courses.is_none());
    let mut effects = Vec::new();
    if no_history {
        effects.push(ask(model, RequestBody::Anomaly(id)));
        let request = model.last_request;
        if let Some(background) = &mut model.anomalies.background {
            background.history = Some(Wanted::Awaited(request));
        }
    }
    if no_notes {
        let body = RequestBody::Notes {
            about: About::Site,
            from,
            // The last moment of it is of its time as well.
            to: to.plus(1),
            count: MOST_NOTES,
            open: false,
        };
        effects.push(ask(model, body));
        let request = model.last_request;
        if let Some(background) = &mut model.anomalies.background {
            background.notes = Some(Wanted::Awaited(request));
        }
    }
    if no_courses && let Some(body) = courses(model) {
        effects.push(ask(model, body));
        let request = model.last_request;
        if let Some(background) = &mut model.anomalies.background {
            background.courses = Some(Wanted::Awaited(request));
        }
    }
    effects
}

/// Takes an answer in, if it is one that is awaited here.
pub(super) fn answer(
    model: &mut Model,
    id: u64,
    result: Result<ReplyBody, Text>,
) -> Result<(), Result<ReplyBody, Text>> {
    let Some(background) = &mut model.anomalies.background else {
        return Err(result);
    };
    let unexpected = || Text::new("tui-explain-unexpected");
    if background.history.as_ref().and_then(Wanted::awaits) == Some(id) {
        background.history = Some(match result {
            Ok(ReplyBody::Anomaly(history)) => Wanted::Here(history),
            Ok(_) => Wanted::Refused(unexpected()),
            Err(why) => Wanted::Refused(why),
        });
        return Ok(());
    }
    if background.notes.as_ref().and_then(Wanted::awaits) == Some(id) {
        background.notes = Some(match result {
            Ok(ReplyBody::Notes(found)) => Wanted::Here(*found),
            Ok(_) => Wanted::Refused(unexpected()),
            Err(why) => Wanted::Refused(why),
        });
        return Ok(());
    }
    if background.courses.as_ref().and_then(Wanted::awaits) == Some(id) {
        background.courses = Some(match result {
            Ok(ReplyBody::Courses(courses)) => Wanted::Here(courses),
            Ok(_) => Wanted::Refused(unexpected()),
            Err(why) => Wanted::Refused(why),
        });
        return Ok(());
    }
    Err(result)
}

/// How the selected one's parameter and its neighbours went around it: as long before it and after it as it is itself, half
/// an hour at least.
fn courses(model: &Model) -> Option<RequestBody> {
    let (plant, _) = model.displayed()?;
    let anomaly = selected(model)?;
    let (from, to) = around(anomaly);
    Some(RequestBody::Courses {
        parameters: neighbours(plant, anomaly),
        from,
        to,
        columns: COURSE_COLUMNS,
    })
}

/// The connection is new: what was awaited over the old one does not come.
pub(super) fn link_is_up(model: &mut Model) {
    if let Some(background) = &mut model.anomalies.background {
        if matches!(background.history, Some(Wanted::Awaited(_))) {
            background.history = None;
        }
        if matches!(background.notes, Some(Wanted::Awaited(_))) {
            background.notes = None;
        }
        if matches!(background.courses, Some(Wanted::Awaited(_))) {
            background.courses = None;
        }
    }
}
