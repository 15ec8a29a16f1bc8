//! The Entry pane as the terminal holds it (录入画面): which sheet and page are open, what was typed into its cells and not
//! sent, and what looks wrong about the cell under the cursor.

mod held;
mod view;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use super::attaching::Attaching;
use super::gap::GapForm;
use super::model::Wanted;
use super::unanswered::Unanswered;
use super::widgets::field::Field;
use super::workbook::Picking;
use crate::domain::attachment::Attachment;
use crate::domain::draft::{DraftChange, LONGEST_CELL};
use crate::domain::identity::ParameterId;
use crate::domain::model::SiteModel;
use crate::domain::reading::ParameterKind;
use crate::domain::sheet::SheetPage;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::engine::view::{SheetView, Standing};
use crate::entry::cell::{Value, read};
use crate::entry::doubt::Around;
use crate::entry::register::Stand;
use crate::entry::{Doubt, Entered, Placed, Row, Sheet, Source};
use crate::wire::message::RequestBody;

pub use self::held::{HeldCells, HeldQuestion, Lost, PageOf};
pub use self::view::EntryView;

/// The most steps that can be undone.
pub const MOST_UNDONE: usize = 500;

/// How long what came of something typed before stands at least: whoever types looks at the paper, and not at the screen.
pub const READ_FOR: Duration = Duration::from_secs(5);

/// The most of it that waits to be read.
const MOST_UNREAD: usize = 8;

/// A cell: its row and the instant of its round.
pub type Cell = (ParameterId, Instant);

/// What was typed into a cell and not sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Typed {
    /// As it was typed.
    pub text: String,
    /// Who typed it, where somebody else did.
    pub by: Option<String>,
    /// Whether what looked wrong about it was looked at.
    pub is_doubted: bool,
    /// Whether it was typed at this terminal.
    pub is_from_here: bool,
}

/// What was done to a cell, so that it can be undone.
#[derive(Debug, Clone, PartialEq)]
pub struct Undoable {
    /// The cell.
    pub cell: Cell,
    /// What it held before.
    pub before: Option<Typed>,
    /// What it was made to hold; where it holds something else by now, that is not undone with it.
    pub put: Option<String>,
}

/// What the keys go to while a page is open.
#[derive(Debug, Clone, PartialEq)]
pub enum Focus {
    /// The pane: whole pages, sending.
    Page,
    /// The cells.
    Grid,
    /// Whether the round is to be sent, or all of them.
    Asking,
    /// Why the value of the cell under the cursor is to count instead of what stands there.
    Correcting(Box<Correcting>),
    /// The inbox, while a workbook is picked from it.
    Picking(Box<Picking>),
    /// A block as it will be put down.
    Block(Box<Laid>),
    /// What is to stand in for hours around the cell under the cursor.
    Gap(Box<GapForm>),
}

/// A correction as it is decided.
#[derive(Debug, Clone, PartialEq)]
pub struct Correcting {
    /// The reason as it is typed.
    pub reason: Field,
    /// Files that stand behind it. What is attached to the page goes with its rounds.
    pub attaching: Attaching,
}

/// A block as it will be put down.
#[derive(Debug, Clone, PartialEq)]
pub struct Laid {
    /// Its cells where they go.
    pub placed: Vec<Placed>,
    /// The first that is seen.
    pub scrolled: usize,
    /// What people should know of them.
    pub remarks: Vec<Text>,
    /// The file from which they come, where they come from one.
    pub source: Option<Arc<Source>>,
}

/// What was put down in a cell from a file. It is from there as long as the cell says the same.
#[derive(Debug, Clone, PartialEq)]
pub struct FromFile {
    /// What it said there.
    pub text: String,
    /// The file.
    pub source: Arc<Source>,
}

/// Where whoever sits at a page is with their hands: what may take the keys depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hands {
    /// They are at a cell: what they type next is meant for it.
    Typing,
    /// They asked for what waits for them, and have pressed no key since: it may take the keys.
    Resting,
    /// The cell at which they were is gone, or was not there yet when they typed: nothing is typed until they say with an arrow
    /// key, or Esc, that they have looked where the cursor is.
    Astray,
}

/// The rows and the rounds of a page, in their order.
pub type Lines = (Vec<ParameterId>, Vec<Instant>);

/// What a question speaks of: its cells, with what was typed into each and what stands there.
pub type AskedOf = BTreeMap<Cell, (Option<String>, Option<Standing>)>;

/// Values that the daemon was asked to take.
#[derive(Debug, Clone, PartialEq)]
pub struct Sending {
    /// The request.
    pub asked: Unanswered,
    /// The cells, with what they said, in the order of the request.
    pub cells: Vec<(Cell, String)>,
    /// The cell that was under the cursor.
    pub at: Option<Cell>,
    /// The question that was answered by it, until it is known that it was taken.
    pub question: Option<Box<HeldQuestion>>,
}

impl Sending {
    /// The files that go with them.
    pub fn attachments(&self) -> &[Attachment] {
        match &self.asked.body {
            RequestBody::Intake { provenance, .. } | RequestBody::Correct { provenance, .. } => &provenance.attachments,
            _ => &[],
        }
    }
}

/// A page that is open.
#[derive(Debug, Clone, PartialEq)]
pub struct Opened {
    /// Key of the sheet.
    pub sheet: String,
    /// Which page.
    pub page: SheetPage,
    /// What stands in it. While it is asked for anew, as it was.
    pub view: Wanted<SheetView>,
    /// Number of the request by which it is asked for anew.
    pub again: Option<u64>,
    /// What was typed and not sent.
    pub typed: BTreeMap<Cell, Typed>,
    /// What each cell held that the daemon keeps, as far as it has said so.
    pub kept: BTreeMap<Cell, String>,
    /// Cells of which the daemon does not know yet what they hold, each with what it kept there when whoever typed it began: what
    /// others put there since was not seen.
    pub unsaved: BTreeMap<Cell, Option<String>>,
    /// Numbers of the requests by which cells are being kept, with the changes.
    pub saving: Vec<(u64, Vec<DraftChange>)>,
    /// The round to which somebody was led; the one that is being made where none was named.
    pub round: Option<Instant>,
    /// Row and column of the cursor.
    pub at: (usize, usize),
    /// First row and column on the screen.
    pub corner: (usize, usize),
    /// The cell as it is being typed.
    pub field: Field,
    /// The cell that is being typed into, with what it held when that began: what others put there meanwhile was not seen.
    pub begun: Option<(Cell, Option<String>)>,
    /// Whether what is typed next takes the place of what the line holds: it was there before, or was not taken.
    pub is_fresh: bool,
    /// Where whoever sits here is with their hands.
    pub hands: Hands,
    /// What the keys go to.
    pub focus: Focus,
    /// Whether what the open question speaks of became another while it was open: that is looked at before it is answered.
    pub is_changed: bool,
    /// What looks wrong about the text that is typed; said again, it is taken.
    pub doubted: Option<(String, Vec<Doubt>)>,
    /// Why it cannot be taken, or what came of sending.
    pub fault: Option<Text>,
    /// What came of what was typed before, the newest first; no key that types anything takes it away.
    pub unread: VecDeque<Text>,
    /// When the newest of it came, on the terminal's own clock.
    pub unread_since: Duration,
    /// What was sent and not answered.
    pub sending: Option<Sending>,
    /// What was typed into cells, the newest last; those of a block together.
    pub undo: VecDeque<Vec<Undoable>>,
    /// Files that go with the rounds that are sent next.
    pub attaching: Attaching,
    /// When it was last asked for, on the terminal's own clock.
    pub asked_at: Duration,
    /// When the daemon was last told what cells hold, likewise.
    pub told_at: Duration,
    /// Whether it was last asked for in the name of somebody else, to whom belongs what is kept of it.
    pub is_anothers: bool,
}

impl Opened {
    /// A page that was asked for.
    pub fn asked(sheet: String, page: SheetPage, request: u64, asked_at: Duration) -> Self {
        Self {
            sheet,
            page,
            view: Wanted::Awaited(request),
            again: None,
            typed: BTreeMap::new(),
            kept: BTreeMap::new(),
            unsaved: BTreeMap::new(),
            saving: Vec::new(),
            round: None,
            at: (0, 0),
            corner: (0, 0),
            field: Field::new(LONGEST_CELL),
            begun: None,
            is_fresh: true,
            hands: Hands::Typing,
            focus: Focus::Grid,
            is_changed: false,
            doubted: None,
            fault: None,
            unread: VecDeque::new(),
            unread_since: Duration::ZERO,
            sending: None,
            undo: VecDeque::new(),
            attaching: Attaching::default(),
            asked_at,
            told_at: asked_at,
            is_anothers: false,
        }
    }

    /// Whether a correction is decided.
    pub const fn is_correcting(&self) -> bool {
        matches!(self.focus, Focus::Correcting(_))
    }

    /// Whether something was typed into a correction or a gap that is not decided yet.
    pub fn is_deciding(&self) -> bool {
        match &self.focus {
            Focus::Correcting(correcting) => {
                !correcting.reason.is_empty() || !correcting.attaching.attachments.is_empty()
            }
            Focus::Gap(form) => !form.reason.is_empty() || !form.value.is_empty(),
            _ => false,
        }
    }

    /// What is attached to what is decided at the moment: a correction, or the rounds.
    pub const fn attaching(&self) -> &Attaching {
        match &self.focus {
            Focus::Correcting(correcting) => &correcting.attaching,
            _ => &self.attaching,
        }
    }

    /// The same, to be changed.
    pub const fn attaching_mut(&mut self) -> &mut Attaching {
        match &mut self.focus {
            Focus::Correcting(correcting) => &mut correcting.attaching,
            _ => &mut self.attaching,
        }
    }

    /// Whether the line holds something that somebody typed and that is not in its cell yet. What only came there with the
    /// cursor nobody typed, even where the line cannot show all of it.
    pub fn is_typing(&self) -> bool {
        let cell = self.cell(self.at);
        let is_begun = self.begun.as_ref().is_some_and(|(begun, _)| Some(*begun) == cell);
        let typed = cell.and_then(|cell| self.typed.get(&cell));
        self.focus == Focus::Grid && is_begun && self.field.text().trim() != typed.map_or("", |typed| &typed.text)
    }

    /// What the question that is open speaks of; none where none is.
    pub fn asked_of(&self) -> Option<AskedOf> {
        let cells: Vec<(usize, usize)> = match &self.focus {
            Focus::Asking => self.unsent_places(&self.unsent_columns()),
            Focus::Correcting(_) => vec![self.at],
            _ => return None,
        };
        let Wanted::Here(view) = &self.view else { return None };
        let asked_of = cells.into_iter().filter_map(|at| {
            let cell = self.cell(at)?;
            let text = self.typed.get(&cell).map(|typed| typed.text.clone());
            let standing = view.rows.get(at.0)?.cells.get(at.1).copied().flatten();
            Some((cell, (text, standing)))
        });
        Some(asked_of.collect())
    }

    /// Tells what came of something that was typed before, at a time of the terminal's own clock.
    pub fn tell(&mut self, text: Text, elapsed: Duration) {
        self.unread.retain(|unread| *unread != text);
        self.unread.push_front(text);
        self.unread.truncate(MOST_UNREAD);
        self.unread_since = elapsed;
    }

    /// A key was pressed that types nothing: what could be read by then is told no more.
    pub fn was_read(&mut self, elapsed: Duration) {
        if elapsed.saturating_sub(self.unread_since) >= READ_FOR {
            self.unread.clear();
        }
    }

    /// Whether a line was begun under the cursor, or something else is being decided on the page: the cursor stays where it is.
    pub fn is_busy(&self) -> bool {
        !matches!(self.focus, Focus::Grid | Focus::Page) || self.begun.is_some()
    }

    /// Whether characters are typed into the cell under the cursor.
    pub const fn takes_text(&self) -> bool {
        matches!(self.view, Wanted::Here(_)) && !matches!(self.hands, Hands::Astray)
    }

    /// What the daemon kept of a cell when whoever typed there began, or keeps of it where nobody did: what they saw.
    pub fn seen_in(&self, cell: &Cell) -> Option<String> {
        let begun = self.begun.as_ref().filter(|(begun, _)| begun == cell);
        let begun = begun.map(|(_, seen)| seen).or_else(|| self.unsaved.get(cell));
        begun.cloned().unwrap_or_else(|| self.kept.get(cell).cloned())
    }

    /// A key was pressed on the page.
    pub fn is_typed_on(&mut self) {
        if self.hands == Hands::Resting {
            self.hands = Hands::Typing;
        }
    }

    /// The daemon is to be told what a cell holds.
    pub fn mark_unsaved(&mut self, cell: Cell) {
        let seen = self.seen_in(&cell);
        self.unsaved.entry(cell).or_insert(seen);
    }

    /// Whether what a cell says was sent, and not answered yet.
    pub fn is_being_sent(&self, cell: &Cell) -> bool {
        let sending = self.sending.as_ref();
        sending.is_some_and(|sending| sending.cells.iter().any(|(sent, _)| sent == cell))
    }

    /// The page with the parameters of its rows, where it is there.
    pub fn known<'a>(&'a self, model: &'a SiteModel) -> Option<Sheet<'a>> {
        let Wanted::Here(view) = &self.view else {
            return None;
        };
        Some(Sheet::new(model, view, model.sheet(&self.sheet)?.origin))
    }

    /// The cell at a row and a column.
    pub fn cell(&self, (row, column): (usize, usize)) -> Option<Cell> {
        let Wanted::Here(view) = &self.view else {
            return None;
        };
        Some((view.rows.get(row)?.parameter, view.rounds.get(column)?.at))
    }

    /// Its rows and rounds; none while it is not there.
    pub fn lines(&self) -> Lines {
        match &self.view {
            Wanted::Here(view) => lines(view),
            Wanted::Awaited(_) | Wanted::Refused(_) => Lines::default(),
        }
    }

    /// The row and the column of a cell, where the page has it.
    pub fn place_of(&self, (parameter, round): Cell) -> Option<(usize, usize)> {
        let Wanted::Here(view) = &self.view else {
            return None;
        };
        let row = view.rows.iter().position(|row| row.parameter == parameter);
        row.zip(view.rounds.iter().position(|known| known.at == round))
    }

    /// How many rows and columns it has.
    pub fn size(&self) -> (usize, usize) {
        match &self.view {
            Wanted::Here(view) => (view.rows.len(), view.rounds.len()),
            Wanted::Awaited(_) | Wanted::Refused(_) => (0, 0),
        }
    }

    /// The value before a cell in its row, typed or sent.
    pub fn last(&self, model: &SiteModel, (row, column): (usize, usize)) -> Option<Stand> {
        let sheet = self.known(model)?;
        let known = sheet.row(row)?;
        let of_page = (0..column).rev();
        let mut of_page = of_page.filter_map(|column| self.stand(model, &known, (row, column)));
        of_page.next().or_else(|| known.last_sent(0))
    }

    /// What a cell of a row says, typed or sent.
    fn stand(&self, model: &SiteModel, known: &Row<'_>, at: (usize, usize)) -> Option<Stand> {
        let typed = self.value(model, at).zip(known.at(at.1));
        typed.map(|(value, at)| (at, value)).or_else(|| known.stand(at.1))
    }

    /// What is next to a cell in its row, typed or sent.
    pub fn around(&self, model: &SiteModel, (row, column): (usize, usize)) -> Around {
        let known = self.known(model);
        let known = known.as_ref().and_then(|sheet| sheet.row(row));
        let after = known.and_then(|known| {
            // Only a register is held against it.
            (known.parameter.kind == ParameterKind::Counter).then_some(())?;
            let columns = known.row.cells.len();
            let of_page = (column + 1..columns).find_map(|column| self.stand(model, &known, (row, column)));
            of_page.or_else(|| known.next_sent(columns))
        });
        Around {
            before: self.last(model, (row, column)),
            after,
        }
    }

    /// What was typed into a cell says, if it says a value.
    pub fn value(&self, model: &SiteModel, at: (usize, usize)) -> Option<i64> {
        match self.entered(model, at)? {
            Ok(Entered::Value(value)) => Some(value.count),
            Ok(Entered::Empty | Entered::Missing) | Err(_) => None,
        }
    }

    /// The value under the cursor with what it would take the place of, where a correction has both.
    pub fn correction(&self, model: &SiteModel) -> Option<(Value, Standing)> {
        let standing = self.known(model)?.row(self.at.0)?.standing(self.at.1)?;
        match self.entered(model, self.at)? {
            Ok(Entered::Value(value)) => Some((value, standing)),
            Ok(Entered::Empty | Entered::Missing) | Err(_) => None,
        }
    }

    /// What was typed into a cell says; none where nothing was.
    pub fn entered(&self, model: &SiteModel, at: (usize, usize)) -> Option<Result<Entered, Text>> {
        self.entered_in(model, &self.known(model)?.row(at.0)?, at)
    }

    /// The same where its row was found already.
    pub fn entered_in(&self, model: &SiteModel, row: &Row<'_>, at: (usize, usize)) -> Option<Result<Entered, Text>> {
        let typed = self.typed.get(&self.cell(at)?)?;
        // What is as before needs what is before; nothing else does.
        let last = if typed.text.starts_with(|first: char| !first.is_ascii_digit()) {
            self.last(model, at).map(|(_, value)| value)
        } else {
            None
        };
        Some(read(&typed.text, row, last))
    }

    /// The cells of a column that hold something which was not sent, and how many rows hold nothing at all.
    pub fn of_column(&self, column: usize) -> (Vec<usize>, usize) {
        let Wanted::Here(view) = &self.view else {
            return (Vec::new(), 0);
        };
        let (mut typed, mut empty) = (Vec::new(), 0);
        for (place, row) in view.rows.iter().enumerate() {
            let Some(cell) = self.cell((place, column)) else {
                continue;
            };
            if self.typed.contains_key(&cell) {
                typed.push(place);
            } else if row.cells.get(column).copied().flatten().is_none() {
                empty += 1;
            }
        }
        (typed, empty)
    }

    /// Who else has typed what is not sent: by sending it, one answers for it.
    pub fn typists(&self) -> BTreeSet<String> {
        self.typed.values().filter_map(|typed| typed.by.clone()).collect()
    }

    /// Whether nothing stands in it and nothing was typed.
    pub fn is_untouched(&self) -> bool {
        let Wanted::Here(view) = &self.view else { return false };
        self.typed.is_empty() && view.rows.iter().all(|row| row.cells.iter().all(Option::is_none))
    }

    /// The columns that hold something which was not sent.
    pub fn unsent_columns(&self) -> Vec<usize> {
        let (_, columns) = self.size();
        (0..columns)
            .filter(|column| !self.of_column(*column).0.is_empty())
            .collect()
    }

    /// The places of columns that hold something which was not sent.
    fn unsent_places(&self, columns: &[usize]) -> Vec<(usize, usize)> {
        let places = columns.iter().flat_map(|&column| {
            let (rows, _) = self.of_column(column);
            rows.into_iter().map(move |row| (row, column))
        });
        places.collect()
    }

    /// How many cells of columns hold something which was not sent, and how many of those looked wrong.
    pub fn unsent(&self, columns: &[usize]) -> (usize, usize) {
        let places = self.unsent_places(columns);
        let is_doubted = |place: &&(usize, usize)| {
            let typed = self.cell(**place).and_then(|cell| self.typed.get(&cell));
            typed.is_some_and(|typed| typed.is_doubted)
        };
        (places.len(), places.iter().filter(is_doubted).count())
    }
}

/// The rows and rounds of a page.
pub fn lines(view: &SheetView) -> Lines {
    let rows = view.rows.iter().map(|row| row.parameter);
    (rows.collect(), view.rounds.iter().map(|round| round.at).collect())
}
