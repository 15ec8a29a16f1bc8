//! What somebody typed and no page has any more (未留存): a colleague was first, its row is gone, its question was not taken. All of
//! it is listed until whoever typed it takes it off, or has typed it again; the newest is said at once.

use std::collections::BTreeMap;

use super::super::super::entry::{Cell, Focus, HeldQuestion, Lost};
use super::super::super::keymap::{Action, Context};
use super::super::super::model::Model;
use super::super::super::overlay::Overlay;
use super::super::super::panes::lost::{as_text, body_height};
use super::super::super::plant::Plant;
use super::super::Effect;
use super::super::motion::moved;
use super::held;
use crate::domain::attachment::Attachment;
use crate::domain::identity::ParameterId;
use crate::domain::model::SiteModel;
use crate::domain::text::{Text, clean};

/// What is said of something that is lost to its page, and the value, where it was one.
#[derive(Debug)]
pub(super) struct Loss {
    text: Text,
    value: Option<(Cell, String)>,
}

impl From<Text> for Loss {
    fn from(text: Text) -> Self {
        Self { text, value: None }
    }
}

/// The tags by which people know the cells of a page, also those that the plan has no more.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tags<'m> {
    known: Option<&'m SiteModel>,
    former: &'m BTreeMap<ParameterId, String>,
}

impl<'m> Tags<'m> {
    pub(super) fn of(plant: Option<&'m Plant>, former: &'m BTreeMap<ParameterId, String>) -> Self {
        Self {
            known: plant.map(|plant| &*plant.model),
            former,
        }
    }

    /// A text about a cell, with its tag and its round.
    pub(super) fn of_cell(self, text: Text, (parameter, round): Cell) -> Text {
        let known = self.known.and_then(|model| model.parameter(parameter));
        let tag = known.map_or_else(
            || self.former.get(&parameter).map_or("", String::as_str),
            |parameter| &parameter.tag,
        );
        let round = self.known.map(|model| model.zone.local(round).format("%m-%d %H:%M"));
        text.with("tag", clean(tag))
            .with("round", round.map(|round| round.to_string()).unwrap_or_default())
    }

    /// That somebody else typed into a cell meanwhile, and what of one's own did not get there.
    pub(super) fn contested(self, cell: Cell, (theirs, by): (&str, &str), mine: &str) -> Loss {
        let text = Text::new("tui-entry-contested").with("theirs", clean(theirs));
        let text = text.with("by", clean(by)).with("mine", clean(mine));
        self.of_value(text, cell, mine)
    }

    /// What was typed into a cell that the page has no more.
    pub(super) fn gone(self, cell: Cell, text: &str) -> Loss {
        self.of_value(Text::new("tui-entry-row-gone").with("line", clean(text)), cell, text)
    }

    fn of_value(self, text: Text, cell: Cell, value: &str) -> Loss {
        Loss {
            text: self.of_cell(text, cell),
            value: Some((cell, value.to_owned())),
        }
    }

    /// What was typed into a question that nobody can answer any more, where anything was; of a block that it was not put down.
    pub(super) fn unasked(self, question: &HeldQuestion) -> Option<Text> {
        let named = |files: &[Attachment]| {
            let names: Vec<_> = files.iter().map(|file| clean(&file.name)).collect();
            names.join(", ")
        };
        let (said, files) = match &question.focus {
            Focus::Correcting(correcting) => (
                correcting.reason.text().trim().to_owned(),
                named(&correcting.attaching.attachments),
            ),
            Focus::Gap(form) => {
                let said = [form.value.text().trim(), form.reason.text().trim()];
                let said: Vec<&str> = said.into_iter().filter(|said| !said.is_empty()).collect();
                (said.join("; "), String::new())
            }
            Focus::Block(laid) => {
                let text = Text::new("tui-entry-lost-block").with_count("count", laid.placed.len());
                return Some(self.of_cell(text, question.cell));
            }
            _ => return None,
        };
        if said.is_empty() && files.is_empty() {
            return None;
        }
        let text = self.of_cell(Text::new("tui-entry-lost-question"), question.cell);
        let text = text.with("said", clean(&said));
        let files = (!files.is_empty()).then(|| Text::new("tui-entry-lost-files").with("files", files));
        Text::sentences([text].into_iter().chain(files))
    }
}

/// Closes the page for whoever may enter nothing any more: what they typed and the daemon will not keep is listed, with why.
pub(super) fn let_go(model: &mut Model, why: &Text) {
    let tags = Tags::of(model.plant.as_ref(), &model.entry.former_tags);
    let Some(open) = model.entry.open.take() else { return };
    let mut lost = Vec::new();
    for cell in open.unsaved.into_keys() {
        if let Some(typed) = open.typed.get(&cell) {
            let text = Text::new("tui-entry-let-go").with("line", clean(&typed.text));
            lost.push(tags.of_value(text.with_text("why", why.clone()), cell, &typed.text));
        }
    }
    lose(model, lost);
}

/// What the page that is open holds again, typed by whoever sits here, is lost no more. Costs what is listed.
pub(super) fn found(model: &mut Model) {
    let me = model.person();
    let Some(open) = model.entry.open.as_ref() else { return };
    let is_here = |(cell, text): &(Cell, String)| {
        let typed = open.typed.get(cell);
        typed.is_some_and(|typed| typed.by.is_none() && typed.text == *text)
    };
    let is_lost = |lost: &Lost| lost.whose != me || !lost.value.as_ref().is_some_and(is_here);
    model.entry.lost.retain(is_lost);
}

/// Something that whoever sits here typed is not on the page any more.
pub(super) fn lose(model: &mut Model, lost: Vec<Loss>) {
    let whose = model.person();
    lose_of(model, whose.as_deref(), lost);
}

/// The same of somebody. Whoever sits here is told the first at once, and how the others are seen.
pub(super) fn lose_of(model: &mut Model, whose: Option<&str>, lost: Vec<Loss>) {
    let Some(first) = lost.first().map(|loss| loss.text.clone()) else {
        return;
    };
    let more = lost.len() - 1;
    let is_mine = whose == model.person().as_deref();
    // The newest is listed first, and of those that came together the one that is the first on the page.
    let lost = lost.into_iter().rev().map(|Loss { text, value }| Lost {
        whose: whose.map(str::to_owned),
        text,
        value,
    });
    model.entry.lost.extend(lost);
    // Who looks at the list goes on looking at the same.
    if let Some(Overlay::Lost { cursor }) = model.overlays.last_mut().filter(|_| is_mine) {
        *cursor = cursor.saturating_add(more + 1);
    }
    let key = model.shown.keymap.key_of(Context::Grid, Action::Lost);
    let key = key.map(ToString::to_string).unwrap_or_default();
    let more = (more > 0).then(|| {
        Text::new("tui-entry-lost-more")
            .with_count("count", more)
            .with("key", key)
    });
    let told = Text::sentences([first].into_iter().chain(more));
    match (told.filter(|_| is_mine), model.entry.open.as_mut()) {
        (Some(told), Some(open)) => open.tell(told, model.elapsed),
        (Some(told), None) => model.notice = Some(told),
        (None, _) => {}
    }
}

/// Lists it, where there is any.
pub(super) fn open(model: &mut Model) {
    let me = model.person();
    if model.entry.lost_of(me.as_deref()).next().is_some() {
        model.overlays.push(Overlay::Lost { cursor: 0 });
    } else {
        model.notice = held::of_oneself(model).or_else(|| Some(Text::new("tui-lost-nothing")));
    }
}

/// A key where it is listed.
pub(in crate::tui::update) fn key(model: &mut Model, action: Action) -> Vec<Effect> {
    let me = model.person();
    let count = model.entry.lost_of(me.as_deref()).count();
    let page = body_height(model.size).max(1);
    let last = count.saturating_sub(1);
    let Some(Overlay::Lost { cursor }) = model.overlays.last_mut() else {
        return Vec::new();
    };
    *cursor = (*cursor).min(last);
    match action {
        Action::Back | Action::Close => drop(model.overlays.pop()),
        Action::Copy => return as_text(model).map_or_else(Vec::new, |text| vec![Effect::Copy(text)]),
        Action::TakeOff => {
            let cursor = *cursor;
            let mine = model.entry.lost.iter().enumerate().rev();
            let mut mine = mine.filter(|(_, lost)| lost.whose == me);
            if let Some(place) = mine.nth(cursor).map(|(place, _)| place) {
                model.entry.lost.remove(place);
            }
            if count <= 1 {
                model.overlays.pop();
            }
        }
        _ => *cursor = moved(*cursor, action, page, last).unwrap_or(*cursor),
    }
    Vec::new()
}

/// That something which people typed here is on no page and was not taken off the list of it.
pub(in crate::tui::update) fn untold(model: &Model) -> Option<Text> {
    let count = model.entry.lost.len();
    (count > 0).then(|| Text::new("tui-quit-lost").with_count("count", count))
}
