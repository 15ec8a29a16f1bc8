//! What the terminal knows: the plant as the daemon told it, the connection, and where the user is.
//!
//! Changed by [`super::update`] only; panes draw from it.

use std::sync::Arc;
use std::time::Duration;

use ratatui::layout::Size;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::alarms::AlarmsView;
use super::anomalies::{AnomaliesView, PastShown};
use super::chart::Span;
use super::entry::EntryView;
use super::glyphs::Glyphs;
use super::handover::HandoverPane;
use super::keymap::{Context, Keymap};
use super::ledger::LedgerView;
use super::log::LogView;
use super::note::Sent;
use super::overlay::{ExplainStep, Overlay};
use super::pane::Pane;
use super::panes::columns::Column;
use super::plant::{Attention, Plant};
use super::preferences::Kept;
use super::quality_plan::PlanPane;
use super::sign_on::Purpose;
use super::theme::{Theme, Tone};
use super::widgets::field::Field;
use crate::domain::actor::Actor;
use crate::domain::identity::{BookId, ParameterId, Sequence};
use crate::domain::model::{Name, SiteModel};
use crate::domain::text::{Text, clean};
use crate::domain::time::Hour;
use crate::engine::crews::CrewsView;
use crate::locale::{Language, Localizer};
use crate::wire::answers::SignedOnView;

/// How things are shown: language, theme, glyphs, keys.
#[derive(Debug, Clone)]
pub struct Shown {
    /// Texts in the language in force.
    pub localizer: Arc<Localizer>,
    /// Whether Chinese can be drawn at all; if not, the language cannot be switched.
    pub chinese_drawable: bool,
    /// Theme in force.
    pub theme: Theme,
    /// Names of all themes.
    pub themes: Vec<String>,
    /// Lines and marks.
    pub glyphs: Glyphs,
    /// Keys in force.
    pub keymap: Arc<Keymap>,
}

impl Shown {
    /// The look of a tone.
    pub fn style(&self, tone: Tone) -> ratatui::style::Style {
        self.theme.style(tone)
    }

    /// A text in the language in force.
    pub fn text(&self, text: &Text) -> String {
        self.localizer.text(text)
    }

    /// Who acted: the person's name, where one is known, else staff number or user.
    pub fn who(&self, actor: &Actor, named: Option<&Name>) -> String {
        clean(named.map_or(actor.name(), |name| self.localizer.name(name))).into_owned()
    }

    /// A person of a record by name, where the plant's model knows them; else as the record has them.
    pub fn person(&self, known: Option<&SiteModel>, by: &str) -> String {
        let known = known.and_then(|model| model.person(by));
        clean(known.map_or(by, |person| self.localizer.name(&person.name))).into_owned()
    }

    /// Goes to the other language, where it can be drawn.
    pub(super) fn switch_language(&mut self) {
        let language = self.localizer.language().other();
        if language == Language::English || self.chinese_drawable {
            self.localizer = Arc::new(self.localizer.other());
        }
    }
}

/// The connection to the daemon.
#[derive(Debug, Clone, PartialEq)]
pub enum LinkState {
    /// Not yet connected for the first time.
    Connecting,
    /// Connected.
    Up,
    /// Lost, or refused.
    Down {
        /// Why.
        why: Text,
        /// When it was lost, on the terminal's own clock.
        since: Duration,
        /// When it is tried again.
        retry_at: Duration,
    },
}

/// Order of the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sort {
    /// As in the plant's tree, grouped.
    #[default]
    Plant,
    /// What is wrong first.
    Condition,
    /// By tag.
    Tag,
    /// Oldest first.
    Age,
}

impl Sort {
    /// The order after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::Plant => Self::Condition,
            Self::Condition => Self::Tag,
            Self::Tag => Self::Age,
            Self::Age => Self::Plant,
        }
    }
}

/// The figures of the totals that can be explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TotalOf {
    /// This shift.
    #[default]
    Shift,
    /// This plant day.
    Day,
    /// This calendar month.
    Month,
    /// This calendar year.
    Year,
}

impl TotalOf {
    /// All, from left to right.
    pub const ALL: [Self; 4] = [Self::Shift, Self::Day, Self::Month, Self::Year];

    /// What it is called.
    pub fn label(self) -> Text {
        Text::new(match self {
            Self::Shift => "tui-total-shift",
            Self::Day => "tui-total-day",
            Self::Month => "tui-total-month",
            Self::Year => "tui-total-year",
        })
    }
}

/// Where keys go in the Live pane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Focus {
    /// The rows.
    #[default]
    Rows,
    /// The filter's text.
    Filter,
    /// One of the totals.
    Totals(TotalOf),
}

/// A row of the Live pane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// Heading of a group: index of the node.
    Group(usize),
    /// A parameter: its index.
    Parameter(usize),
}

/// The state of the Live pane.
#[derive(Debug, Clone)]
pub struct LiveView {
    /// Where keys go.
    pub focus: Focus,
    /// The rows that are listed.
    pub rows: Vec<Row>,
    /// How many of the rows are parameters.
    pub listed: usize,
    /// Selected parameter. It stays selected when the order changes.
    pub selected: Option<ParameterId>,
    /// Index of the selected row.
    pub cursor: usize,
    /// First row on the screen.
    pub top: usize,
    /// Order.
    pub sort: Sort,
    /// What a row must contain.
    pub filter: Field,
    /// Whether only key parameters are listed.
    pub key_only: bool,
    /// Which of the books.
    pub book: usize,
    /// The columns that are shown, in their order.
    pub columns: Columns,
    /// Trends that were asked for.
    pub trends_asked: Option<TrendsAsked>,
    /// How long a stretch charts show.
    pub span: Span,
    /// Whether charts are drawn in braille dots, where they can be.
    pub braille: bool,
    /// The crews compared, for the foot.
    pub crews: Option<CrewsOfHour>,
}

/// The columns that are shown, in their order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Columns(pub Vec<Column>);

impl Columns {
    /// Those that are shown in their order, then the others.
    pub fn listed(&self) -> Vec<Column> {
        let others = Column::ALL.into_iter().filter(|column| !self.0.contains(column));
        self.0.iter().copied().chain(others).collect()
    }
}

impl Default for Columns {
    fn default() -> Self {
        Self(Column::ALL.to_vec())
    }
}

/// Trends that were asked for and are not here yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrendsAsked {
    /// Number of the request.
    pub request: u64,
    /// The cell with which they end.
    pub cell: i64,
    /// Of which parameters.
    pub parameters: Vec<ParameterId>,
}

/// Longest filter, in characters.
const LONGEST_FILTER: usize = 64;

impl Default for LiveView {
    fn default() -> Self {
        Self {
            focus: Focus::default(),
            rows: Vec::new(),
            listed: 0,
            selected: None,
            cursor: 0,
            top: 0,
            sort: Sort::default(),
            filter: Field::new(LONGEST_FILTER),
            key_only: false,
            book: 0,
            columns: Columns::default(),
            trends_asked: None,
            span: Span::default(),
            braille: false,
            crews: None,
        }
    }
}

impl LiveView {
    /// Where a key goes in the pane.
    pub const fn context(&self) -> Context {
        match self.focus {
            Focus::Rows => Context::Live,
            Focus::Filter => Context::Filter,
            Focus::Totals(_) => Context::Totals,
        }
    }
}

/// Something that the daemon is asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Wanted<T> {
    /// Asked under this number.
    Awaited(u64),
    /// There.
    Here(T),
    /// Refused.
    Refused(Text),
}

impl<T> Wanted<T> {
    /// The number of the request that it waits for.
    pub const fn awaits(&self) -> Option<u64> {
        match self {
            Self::Awaited(id) => Some(*id),
            Self::Here(_) | Self::Refused(_) => None,
        }
    }
}

/// The crews compared, as of an hour.
#[derive(Debug, Clone, PartialEq)]
pub struct CrewsOfHour {
    /// In which book.
    pub book: BookId,
    /// As of which hour.
    pub hour: Hour,
    /// When it was asked for, on the terminal's own clock.
    pub asked_at: Duration,
    /// Number of the request by which it is asked for anew, while that is awaited.
    pub again: Option<u64>,
    /// What came of it.
    pub view: Wanted<Box<CrewsView>>,
}

/// The display as it was held.
#[derive(Debug, Clone)]
pub struct Held {
    /// The plant at that moment.
    pub plant: Plant,
    /// That moment, on the terminal's own clock.
    pub at: Duration,
}

/// Everything.
#[derive(Debug)]
pub struct Model {
    /// Size of the screen.
    pub size: Size,
    /// Whether it hangs on the wall: nobody sits at it.
    pub wall: bool,
    /// How things are shown.
    pub shown: Shown,
    /// The terminal's own clock: time since it began.
    pub elapsed: Duration,
    /// The connection.
    pub link: LinkState,
    /// Who we are.
    pub actor: Option<Actor>,
    /// The plant, once the daemon told it.
    pub plant: Option<Plant>,
    /// The display, while it is held.
    pub held: Option<Box<Held>>,
    /// How many parameters want attention.
    pub attention: Attention,
    /// The pane that is shown.
    pub pane: Pane,
    /// The Live pane.
    pub live: LiveView,
    /// The Alarms pane.
    pub alarms: AlarmsView,
    /// The Anomalies pane.
    pub anomalies: AnomaliesView,
    /// The Entry pane.
    pub entry: EntryView,
    /// The Handover pane.
    pub handover: HandoverPane,
    /// The Plan pane.
    pub plan: PlanPane,
    /// The Ledger pane.
    pub ledger: LedgerView,
    /// The audit log.
    pub log: LogView,
    /// What covers the pane; the last one is on top and has the keys.
    pub overlays: Vec<Overlay>,
    /// What is wrong with files of the user's own; help tells all of it.
    pub faults: Vec<Text>,
    /// Something the user must know about the terminal itself.
    pub notice: Option<Text>,
    /// Until when no key takes it away: what came unasked while somebody was typing is read first.
    pub notice_stays_until: Duration,
    /// When a paste was dropped last, on the terminal's own clock, and how many characters it had.
    pub(super) dropped: Option<(Duration, usize)>,
    /// When it was told that something would be lost by leaving the program.
    pub(super) leaving: Option<Duration>,
    /// The window's title.
    pub(super) titled: String,
    /// The link is back, and nothing has come yet: since when it was lost, and the last record before that.
    pub(super) back: Option<(Duration, Sequence)>,
    /// What the person prefers, as far as the daemon keeps it.
    pub kept: Kept,
    /// Number of the last request.
    pub(super) last_request: u64,
    /// What happened since whoever signed on here sat at a post last, while somebody is signed on.
    pub signed_on: Option<Box<SignedOnView>>,
    /// The request by which somebody signs on, or sets a PIN, and which of the two.
    pub(super) signing_on: Option<(u64, Purpose)>,
    /// Number of the request by which they sign off.
    pub(super) signing_off: Option<u64>,
    /// When the daemon was told last that a key was touched, on the terminal's own clock.
    pub(super) told_here: Duration,
    /// Number of the request by which a record is withdrawn, and the record.
    pub(super) withdrawing: Option<(u64, Sequence)>,
    /// Number of the last request before the connection that there is now.
    pub(super) link_began: u64,
    /// Notes that the daemon was asked to write and has not answered yet.
    pub writing: Vec<Sent>,
    /// What makes this terminal's idempotency keys its own: drawn by lot when it starts.
    pub(super) lot: Uuid,
}

impl Model {
    /// Before anything is known.
    pub fn new(shown: Shown, size: Size) -> Self {
        Self {
            size,
            wall: false,
            shown,
            elapsed: Duration::ZERO,
            link: LinkState::Connecting,
            actor: None,
            plant: None,
            held: None,
            attention: Attention::default(),
            titled: String::new(),
            back: None,
            pane: Pane::default(),
            live: LiveView::default(),
            alarms: AlarmsView::default(),
            anomalies: AnomaliesView::default(),
            entry: EntryView::default(),
            handover: HandoverPane::default(),
            plan: PlanPane::default(),
            ledger: LedgerView::default(),
            log: LogView::default(),
            overlays: Vec::new(),
            faults: Vec::new(),
            notice: None,
            notice_stays_until: Duration::ZERO,
            dropped: None,
            leaving: None,
            kept: Kept::default(),
            last_request: 0,
            withdrawing: None,
            link_began: 0,
            signed_on: None,
            signing_on: None,
            signing_off: None,
            told_here: Duration::ZERO,
            writing: Vec::new(),
            lot: Uuid::nil(),
        }
    }

    /// The plant that is on the screen, with the moment of the terminal's clock for which it is shown: the held one
    /// while the display is held.
    pub fn displayed(&self) -> Option<(&Plant, Duration)> {
        match &self.held {
            Some(held) => Some((&held.plant, held.at)),
            None => self.plant.as_ref().map(|plant| (plant, self.elapsed)),
        }
    }

    /// Whether charts are drawn in braille dots.
    pub const fn braille(&self) -> bool {
        self.live.braille && self.shown.glyphs.braille
    }

    /// The person in whose name things are recorded at the moment, by staff number.
    pub fn person(&self) -> Option<String> {
        self.actor.as_ref().and_then(|actor| actor.person.clone())
    }

    /// Where a key goes.
    pub fn context(&self) -> Context {
        match (self.overlays.last(), self.pane) {
            _ if self.wall => Context::Wall,
            (Some(overlay), _) => overlay.context(),
            (None, Pane::Live) => self.live.context(),
            (None, Pane::Alarms) => self.alarms.context(),
            (None, Pane::Anomalies) => self.anomalies.context(),
            (None, Pane::Entry) => self.entry.context(),
            (None, Pane::Handover) => Context::Handover,
            (None, Pane::Plan) => self.plan.context(),
            (None, Pane::Ledger) => Context::Ledger,
            (None, Pane::Log) => self.log.context(),
        }
    }

    /// The panes of one's roles, in the order of the bar.
    pub fn panes(&self) -> impl Iterator<Item = Pane> {
        let roles = self.actor.as_ref().map_or(&[][..], |actor| &actor.roles);
        Pane::ALL.into_iter().filter(|pane| pane.is_for(roles))
    }

    /// The text field that has the keys.
    pub(super) fn field_mut(&mut self) -> Option<&mut Field> {
        match (self.overlays.last_mut(), self.pane) {
            (Some(Overlay::Palette(palette)), _) => Some(&mut palette.field),
            (Some(Overlay::Jump(jump)), _) => Some(&mut jump.field),
            // What is being written stays as it is.
            (Some(Overlay::Note(note)), _) => (!note.is_sent()).then_some(&mut note.field),
            (Some(Overlay::Reason(sheet)), _) => sheet.awaited.is_none().then_some(&mut sheet.field),
            (Some(Overlay::Work(sheet)), _) => sheet.is_open().then_some(&mut sheet.field),
            (Some(Overlay::Dispose(sheet)), _) => sheet.field_mut(),
            (Some(Overlay::SignOn(sheet)), _) => (!sheet.awaited).then_some(&mut sheet.field),
            (Some(Overlay::Signing(sheet)), _) => sheet.awaited.is_none().then_some(&mut sheet.field),
            (Some(Overlay::NoteClosing(sheet)), _) => sheet.awaited.is_none().then_some(&mut sheet.field),
            (Some(_), _) | (None, Pane::Ledger | Pane::Handover) => None,
            (None, Pane::Plan) => self.plan.field_mut(),
            (None, Pane::Live) => (self.live.focus == Focus::Filter).then_some(&mut self.live.filter),
            (None, Pane::Alarms) => self.alarms.filtering.then_some(&mut self.alarms.filter),
            (None, Pane::Entry) => self.entry.field_mut(),
            (None, Pane::Anomalies) => self.anomalies.filtering.then_some(&mut self.anomalies.filter),
            (None, Pane::Log) => self.log.filtering.then_some(&mut self.log.filter),
        }
    }

    /// The anomalies outside the queue that are shown, whatever covers them.
    pub(super) fn past(&self) -> Option<&PastShown> {
        self.overlays.iter().find_map(|overlay| match overlay {
            Overlay::Past(past) => Some(&**past),
            _ => None,
        })
    }

    /// The explanation that is open, whatever covers it.
    pub(super) fn explained(&mut self) -> Option<&mut Vec<ExplainStep>> {
        self.overlays.iter_mut().rev().find_map(|overlay| match overlay {
            Overlay::Explain(steps) => Some(steps),
            Overlay::Help { .. }
            | Overlay::Plain { .. }
            | Overlay::Palette(_)
            | Overlay::Jump(_)
            | Overlay::Crews(_)
            | Overlay::Figures(_)
            | Overlay::Past(_)
            | Overlay::Due { .. }
            | Overlay::Lost { .. }
            | Overlay::Chart(_)
            | Overlay::Note(_)
            | Overlay::Reason(_)
            | Overlay::Work(_)
            | Overlay::Signing(_)
            | Overlay::NoteClosing(_)
            | Overlay::Dispose(_)
            | Overlay::SignOn(_)
            | Overlay::Since(_)
            | Overlay::Columns { .. } => None,
        })
    }
}
