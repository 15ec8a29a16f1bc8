//! Keys of the Entry pane: sheets and their pages, cells as they are typed, rounds as they are sent.

mod answers;
mod block;
mod correct;
mod files;
mod gap;
mod grid;
mod held;
mod lost;
mod page;
mod send;
mod sent;

use std::time::Duration;

use super::super::attaching::Attaching;
use super::super::entry::{Focus, Hands, Opened};
use super::super::keymap::Action;
use super::super::model::{LinkState, Model, Wanted};
use super::super::pane::Pane;
use super::super::panes::entry::{grid_height, grid_width};
use super::motion::{moved, within};
use super::rights::lacking;
use super::{Effect, ask, form, second_check, workbook};
use crate::domain::actor::Right;
use crate::domain::model::SiteModel;
use crate::domain::sheet::SheetPage;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::wire::message::RequestBody;

pub(super) use self::answers::{answer, ask_again, link_is_up};
pub(super) use self::block::{lay, paste};
pub(super) use self::correct::typed as reason_typed;
pub(super) use self::files::keep as keep_files;
pub(super) use self::gap::typed as gap_typed;
pub(super) use self::grid::{before_typing, part, typed};
pub(super) use self::held::{of_oneself as held_of_oneself, of_others as held_of_others};
pub(super) use self::lost::{key as lost_key, untold as untold_lost};

/// A key in the pane.
pub(super) fn key(model: &mut Model, action: Action) -> Vec<Effect> {
    if let Some(open) = model.entry.open.as_mut() {
        open.was_read(model.elapsed);
        open.is_typed_on();
    }
    match model.entry.open.as_ref().map(|open| &open.focus) {
        None if model.entry.form.is_some() => form::key(model, action),
        None if model.entry.checks.is_open => second_check::key(model, action),
        None => of_list(model, action),
        Some(Focus::Page) => of_page(model, action),
        Some(Focus::Grid) => grid::key(model, action),
        Some(Focus::Asking) => send::key(model, action),
        Some(Focus::Correcting(_)) => correct::key(model, action),
        Some(Focus::Picking(_)) => workbook::key(model, action),
        Some(Focus::Block(_)) => block::key(model, action),
        Some(Focus::Gap(_)) => gap::key(model, action),
    }
}

/// A key where the sheets and forms are listed, and behind them what a second person looks at.
fn of_list(model: &mut Model, action: Action) -> Vec<Effect> {
    let (sheets, forms, checks) = model.plant.as_ref().map_or((0, 0, 0), |plant| {
        let checks = usize::from(plant.model.has_second_person());
        (plant.model.sheets.len(), plant.model.forms().count(), checks)
    });
    let count = sheets + forms + checks;
    if let Some(chosen) = moved(model.entry.chosen, action, count, count.saturating_sub(1)) {
        model.entry.chosen = chosen;
        return Vec::new();
    }
    if action == Action::Lost {
        lost::open(model);
    }
    if action != Action::Open {
        return Vec::new();
    }
    if let Some(place) = model.entry.chosen.checked_sub(sheets) {
        if place >= forms && checks > 0 {
            return second_check::open(model);
        }
        return form::open(model, place);
    }
    let Some(plant) = &model.plant else { return Vec::new() };
    let Some(sheet) = plant.model.sheets.get(model.entry.chosen) else {
        return Vec::new();
    };
    let page = sheet.page_at(&plant.model, plant.now(model.elapsed));
    let key = sheet.key.clone();
    open(model, key, page)
}

/// Goes to the page of a sheet that holds an instant; what is typed in the open one is kept by the daemon.
pub(super) fn open_at(model: &mut Model, key: &str, at: Instant) -> Vec<Effect> {
    let found = model.plant.as_ref().and_then(|plant| {
        let place = plant.model.sheets.iter().position(|sheet| sheet.key == key)?;
        let sheet = plant.model.sheets.get(place)?;
        Some((place, sheet.page_at(&plant.model, at)))
    });
    let Some((place, page)) = found else {
        return Vec::new();
    };
    super::go_to(model, Pane::Entry);
    let is_open = |open: &Opened| open.sheet == key && open.page == page;
    if let Some(open) = model.entry.open.as_deref_mut().filter(|open| is_open(open)) {
        let column = match &open.view {
            Wanted::Here(view) => view.rounds.iter().position(|round| round.at == at),
            Wanted::Awaited(_) | Wanted::Refused(_) => None,
        };
        // What is being typed or decided there is not left for it.
        let is_free = matches!(open.focus, Focus::Grid | Focus::Page) && !open.is_typing();
        if let Some(column) = column.filter(|_| is_free) {
            (open.at.1, open.hands) = (column, Hands::Typing);
            back_to_cells(model);
            keep_in_view(model);
        } else if !is_free {
            model.notice = held_back(model);
        }
        return Vec::new();
    }
    let Some(mut effects) = leave(model) else {
        return Vec::new();
    };
    model.entry.chosen = place;
    effects.extend(open(model, key.to_owned(), page));
    if let Some(open) = &mut model.entry.open {
        open.round = Some(at);
    }
    effects
}

/// Leaves whatever is open in the pane for something else: the page, the form, what a second person looks at. `None` where the
/// daemon does not have all of it: it stays open, and why is said.
pub(super) fn leave(model: &mut Model) -> Option<Vec<Effect>> {
    let mut effects = Vec::new();
    let why = match (&model.entry.open, &model.entry.form) {
        (Some(_), _) => held_back_here(model),
        (None, Some(_)) => {
            effects.extend(form::take(model));
            form::unkept(model)
        }
        (None, None) => None,
    };
    if why.is_some() {
        model.notice = why;
        return None;
    }
    model.entry.open = None;
    model.entry.form = None;
    model.entry.checks.is_open = false;
    Some(effects)
}

/// Gives the keys back to the cells.
pub(super) fn back_to_cells(model: &mut Model) {
    if let Some(open) = model.entry.open.as_mut() {
        open.focus = Focus::Grid;
        open.is_changed = false;
    }
    grid::load(model);
}

/// Opens a page of a sheet.
fn open(model: &mut Model, sheet: String, page: SheetPage) -> Vec<Effect> {
    let body = RequestBody::Sheet {
        sheet: sheet.clone(),
        page,
    };
    let effect = ask(model, body);
    let opened = Opened::asked(sheet, page, model.last_request, model.elapsed);
    model.entry.open = Some(Box::new(opened));
    vec![effect]
}

/// A key that is for the whole page.
fn of_page(model: &mut Model, action: Action) -> Vec<Effect> {
    if model.entry.open.is_none() {
        return Vec::new();
    }
    match action {
        Action::Open | Action::Accept => {
            back_to_cells(model);
            // Whoever goes to the cells from here looks at them.
            if let Some(open) = model.entry.open.as_mut()
                && matches!(open.view, Wanted::Here(_))
            {
                open.hands = Hands::Typing;
            }
            Vec::new()
        }
        Action::Send => send::ask_first(model),
        Action::Workbook => block::pick_workbook(model),
        Action::Fill => gap::open(model),
        Action::Lost => {
            lost::open(model);
            Vec::new()
        }
        Action::Refresh => {
            if let Some(open) = model.entry.open.as_mut() {
                // What waits may take the keys: it is asked for.
                open.hands = Hands::Resting;
            }
            files::try_again(model);
            again(model).into_iter().collect()
        }
        Action::Earlier => turn(model, SheetPage::previous),
        Action::Later => turn(model, SheetPage::next),
        Action::Back => {
            // What was not kept yet would be lost with the page.
            match held_back_here(model) {
                None => model.entry.open = None,
                why => model.notice = why,
            }
            Vec::new()
        }
        _ => grid::go(model, action),
    }
}

/// Why a page cannot be left yet.
pub(super) fn held_back(model: &Model) -> Option<Text> {
    let why = held_back_with(model, model.entry.open.as_ref()?.unsaved.len());
    why.or_else(|| files::held_back(model)).or_else(|| busy(model))
}

/// The same where the page is left for another. What whoever sits here typed before they might enter nothing any more is kept
/// by nobody, however long they wait: it holds them back no more, and is listed.
fn held_back_here(model: &mut Model) -> Option<Text> {
    let is_known = model.actor.as_ref().is_some_and(|actor| !actor.awaits_person());
    let Some(may_not) = lacking(model, Right::Enter).filter(|_| is_known) else {
        return held_back(model);
    };
    let why = held_back_with(model, 0).or_else(|| busy(model));
    if why.is_none() {
        files::let_go(model);
        lost::let_go(model, &may_not);
    }
    why
}

fn held_back_with(model: &Model, unsaved: usize) -> Option<Text> {
    let open = model.entry.open.as_ref()?;
    if matches!(open.focus, Focus::Block(_)) {
        return Some(Text::new("tui-entry-block-open"));
    }
    if open.is_deciding() {
        return Some(Text::new("tui-entry-question-open"));
    }
    if open.is_typing() || unsaved > 0 || open.sending.is_some() {
        return Some(Text::new("tui-entry-unsaved").with_count("count", unsaved.max(1)));
    }
    None
}

/// That a file is on its way.
fn busy(model: &Model) -> Option<Text> {
    let open = model.entry.open.as_ref()?;
    open.attaching().is_busy().then(|| Text::new("tui-inbox-busy"))
}

/// Turns to another page.
fn turn(model: &mut Model, to: impl Fn(SheetPage) -> SheetPage) -> Vec<Effect> {
    let Some(open) = &model.entry.open else {
        return Vec::new();
    };
    let (sheet, page) = (open.sheet.clone(), to(open.page));
    if let Some(why) = held_back_here(model) {
        model.notice = Some(why);
        return Vec::new();
    }
    let effects = self::open(model, sheet, page);
    if let Some(open) = &mut model.entry.open {
        open.focus = Focus::Page;
    }
    effects
}

/// Asks for the page anew; what is on the screen stays until the answer is there.
fn again(model: &mut Model) -> Option<Effect> {
    let open = model.entry.open.as_ref()?;
    let body = RequestBody::Sheet {
        sheet: open.sheet.clone(),
        page: open.page,
    };
    let effect = ask(model, body);
    let (request, elapsed) = (model.last_request, model.elapsed);
    let open = model.entry.open.as_mut()?;
    if matches!(open.view, Wanted::Here(_)) {
        open.again = Some(request);
    } else {
        open.view = Wanted::Awaited(request);
    }
    open.asked_at = elapsed;
    open.is_anothers = false;
    Some(effect)
}

/// Another version of the plan is in force than before: the page that is open may have other rows. Where it is asked for already,
/// that was before.
pub(super) fn plan_changed(model: &mut Model, before: &SiteModel) -> Option<Effect> {
    if let Some(plant) = &model.plant {
        let gone = before.parameters.iter();
        let gone = gone.filter(|parameter| plant.model.parameter(parameter.id).is_none());
        let tags = gone.map(|parameter| (parameter.id, parameter.tag.clone()));
        model.entry.former_tags.extend(tags);
    }
    held::give_up(model);
    model.entry.open.as_ref()?;
    again(model)
}

/// Scrolls as little as is needed to show the cursor, and back where there is room.
pub(super) fn keep_in_view(model: &mut Model) {
    let (height, width) = (grid_height(model.size).max(1), grid_width(model.size).max(1));
    if let Some(open) = model.entry.open.as_mut() {
        let (rows, columns) = open.size();
        open.corner = (
            within(open.corner.0, open.at.0, height, rows),
            within(open.corner.1, open.at.1, width, columns),
        );
    }
}

/// How long a page that others may type into is shown before it is asked for anew.
const FRESH_FOR: Duration = Duration::from_secs(20);

/// The largest page, in cells, that is asked for anew by itself.
const MOST_BY_ITSELF: usize = 1_000;

/// Asks what is needed for the form that is open, and for what others have typed meanwhile, where somebody looks at it.
pub(super) fn follow(model: &mut Model) -> Vec<Effect> {
    let mut effects = gap::ask_for(model, false);
    effects.extend(keep_again(model));
    effects.extend(files::follow(model));
    effects.extend(form::follow(model));
    effects.extend(follow_others(model));
    effects
}

/// What the daemon could not keep is told again after a while: its medium was full, or nobody had signed on.
fn keep_again(model: &mut Model) -> Vec<Effect> {
    let is_due = model.entry.open.as_ref().is_some_and(|open| {
        let is_old = model.elapsed.saturating_sub(open.told_at) >= FRESH_FOR;
        is_old && !open.unsaved.is_empty() && open.saving.is_empty() && open.sending.is_none()
    });
    if is_due && lacking(model, Right::Enter).is_none() {
        grid::keep_unsaved(model)
    } else {
        Vec::new()
    }
}

fn follow_others(model: &mut Model) -> Option<Effect> {
    let is_seen = model.pane == Pane::Entry && model.overlays.is_empty() && model.link == LinkState::Up;
    let open = model.entry.open.as_ref().filter(|_| is_seen)?;
    let (rows, columns) = open.size();
    let is_old = model.elapsed.saturating_sub(open.asked_at) >= FRESH_FOR;
    let is_quiet = open.again.is_none() && open.saving.is_empty() && open.sending.is_none();
    let is_due = is_old && rows > 0 && rows * columns <= MOST_BY_ITSELF;
    (is_quiet && (is_due || open.is_anothers)).then(|| again(model))?
}

/// Somebody else sits here, instead of the person who is gone.
pub(super) fn somebody_else(model: &mut Model, gone: Option<String>) {
    let me = model.person();
    files::try_again(model);
    // What was lost while nobody was signed on is of who signs on then.
    if me.is_some() && gone.is_none() {
        for lost in model.entry.lost.iter_mut().filter(|lost| lost.whose.is_none()) {
            lost.whose.clone_from(&me);
        }
    }
    // The rest of what they were typing is for no cell.
    let is_cut_off = |open: &Opened| open.hands == Hands::Astray || open.is_typing() || open.is_deciding();
    let is_cut_off = gone.is_some() && model.entry.open.as_deref().is_some_and(is_cut_off);
    if let Some(gone) = gone.filter(|gone| me.as_ref() != Some(gone)) {
        held::hold(model, &gone);
    }
    let Some(open) = model.entry.open.as_mut() else { return };
    open.doubted = None;
    open.undo.clear();
    if is_cut_off {
        open.hands = Hands::Astray;
    } else if open.hands != Hands::Astray {
        open.hands = Hands::Typing;
    }
    // What one attached is kept for them, by the daemon or until it does; the inbox is another one.
    if let Focus::Correcting(correcting) = &mut open.focus {
        correcting.attaching.keep_attached();
    }
    open.attaching = Attaching {
        settled: model.last_request,
        ..Attaching::default()
    };
    open.is_anothers = true;
    // Nobody answers a question that was asked of another one.
    if matches!(open.focus, Focus::Picking(_) | Focus::Gap(_) | Focus::Asking) {
        open.focus = Focus::Grid;
    }
    // What one person sent and nobody answered waits for them as long as nobody else sits here; then the page shows what
    // became of it: files that went with a record are not among those that the daemon gives with it any more.
    let theirs = open.sending.take_if(|sending| me.is_some() && sending.asked.by != me);
    if let Some(theirs) = theirs {
        held::unanswered_of(model, theirs);
    }
}
