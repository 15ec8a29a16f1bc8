//! What covers the pane: help, explanations, charts, the command line.

use super::alarms::ReasonSheet;
use super::anomalies::{DisposeSheet, PastShown, WorkSheet};
use super::chart::Chart;
use super::command::{Choice, Word};
use super::keymap::{Action, Context};
use super::model::Wanted;
use super::note::NoteSheet;
use super::note_closing::NoteClosingSheet;
use super::sign_on::SignOnSheet;
use super::signing::{SigningSheet, SigningStep};
use super::widgets::field::Field;
use crate::domain::identity::{NodeId, ParameterId};
use crate::domain::text::Text;
use crate::domain::time::{DAY_MS, Month};
use crate::engine::crews::CrewsView;
use crate::engine::view::{Explanation, Target};
use crate::quality::alarm::figures::Figures;
use crate::wire::answers::SignedOnView;

/// What covers the pane.
#[derive(Debug, Clone, PartialEq)]
pub enum Overlay {
    /// Help.
    Help {
        /// Lines scrolled.
        scrolled: usize,
        /// The context whose keys are listed.
        of: Context,
    },
    /// An explanation, step by step; never empty.
    Explain(Vec<ExplainStep>),
    /// An item without borders, scrolled by so many lines.
    Plain {
        /// The item as text.
        text: String,
        /// Lines scrolled.
        scrolled: usize,
    },
    /// The command line with its palette.
    Palette(Palette),
    /// The jump by name.
    Jump(Jump),
    /// The crews of a month compared.
    Crews(CrewsShown),
    /// The alarm figures.
    Figures(FiguresShown),
    /// Anomalies outside the queue.
    Past(Box<PastShown>),
    /// What is due.
    Due {
        /// The selected one.
        cursor: usize,
    },
    /// What somebody typed that no page has any more.
    Lost {
        /// The selected one.
        cursor: usize,
    },
    /// A parameter's chart.
    Chart(Box<Chart>),
    /// A note as it is typed.
    Note(Box<NoteSheet>),
    /// Why alarms are hidden, as it is typed.
    Reason(Box<ReasonSheet>),
    /// What is said of anomalies, or to whom they are given, as it is typed.
    Work(Box<WorkSheet>),
    /// A signature as it is typed.
    Signing(Box<SigningSheet>),
    /// What came of a note that is closed, as it is typed.
    NoteClosing(Box<NoteClosingSheet>),
    /// What anomalies are, as it is filled in.
    Dispose(Box<DisposeSheet>),
    /// A staff number and a PIN as they are typed.
    SignOn(Box<SignOnSheet>),
    /// What happened since whoever signed on sat here last.
    Since(Box<SignedOnView>),
    /// The columns of the Live pane, as they are chosen.
    Columns {
        /// The one under the cursor.
        cursor: usize,
    },
}

impl Overlay {
    /// Whether it holds words that somebody typed and did not send. What is looked for, or at, is no work of anybody's.
    pub fn is_half_typed(&self) -> bool {
        match self {
            Self::Note(sheet) => !sheet.field.is_empty(),
            Self::Reason(sheet) => !sheet.field.is_empty(),
            Self::Work(sheet) => !sheet.field.is_empty(),
            Self::NoteClosing(sheet) => !sheet.field.is_empty(),
            Self::Dispose(sheet) => sheet.parts().iter().any(|part| !sheet.field(*part).is_empty()),
            Self::Signing(sheet) => {
                let is_remark = sheet.step == SigningStep::Remark && !sheet.field.is_empty();
                is_remark || !sheet.remark.is_empty()
            }
            _ => false,
        }
    }

    /// Whether it stands at the foot of a pane and leaves the rest of it to be seen.
    pub const fn is_at_foot(&self) -> bool {
        matches!(
            self,
            Self::Palette(_)
                | Self::Jump(_)
                | Self::Note(_)
                | Self::Reason(_)
                | Self::Work(_)
                | Self::Signing(_)
                | Self::NoteClosing(_)
                | Self::Dispose(_)
                | Self::SignOn(_)
                | Self::Since(_)
        )
    }

    /// Where a key goes while it is on top.
    pub const fn context(&self) -> Context {
        match self {
            Self::Help { .. } => Context::Help,
            Self::Explain(_) => Context::Explain,
            Self::Plain { .. } => Context::Plain,
            Self::Palette(_) => Context::Palette,
            Self::Jump(_) => Context::Jump,
            Self::Crews(_) => Context::Crews,
            Self::Figures(_) => Context::Figures,
            Self::Past(_) => Context::Past,
            Self::Due { .. } => Context::Due,
            Self::Lost { .. } => Context::Lost,
            Self::Chart(_) => Context::Chart,
            Self::Columns { .. } => Context::Columns,
            Self::Note(_) => Context::Note,
            Self::Reason(_) | Self::NoteClosing(_) => Context::Reason,
            Self::Work(_) => Context::Work,
            Self::Signing(_) => Context::Signing,
            Self::Dispose(_) => Context::Dispose,
            Self::SignOn(_) => Context::SignOn,
            Self::Since(_) => Context::Since,
        }
    }
}

/// What is known of a step of an explanation.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// Asked under this number.
    Awaited(u64),
    /// There.
    Here(Box<Explanation>),
    /// Refused.
    Refused(Text),
}

/// One step of an explanation.
#[derive(Debug, Clone, PartialEq)]
pub struct ExplainStep {
    /// What is explained.
    pub target: Target,
    /// The answer.
    pub answer: Answer,
    /// Selected part; `None` stands at the top.
    pub selected: Option<usize>,
    /// Lines scrolled, where there are no parts to go through.
    pub scrolled: usize,
}

/// Of what time something is shown: the days up to now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DaysBack {
    /// One day.
    Day,
    /// A week.
    Week,
    /// Thirty days: from so many on they tell of the alarm system.
    #[default]
    ThirtyDays,
    /// Ninety days.
    NinetyDays,
}

impl DaysBack {
    /// Its length in milliseconds.
    pub const fn length_ms(self) -> i64 {
        DAY_MS
            * match self {
                Self::Day => 1,
                Self::Week => 7,
                Self::ThirtyDays => 30,
                Self::NinetyDays => 90,
            }
    }

    /// What it is called.
    pub const fn text(self) -> Text {
        Text::new(match self {
            Self::Day => "tui-figures-day",
            Self::Week => "tui-figures-week",
            Self::ThirtyDays => "tui-figures-thirty-days",
            Self::NinetyDays => "tui-figures-ninety-days",
        })
    }

    /// The next longer time; the longest again.
    #[must_use]
    pub const fn longer(self) -> Self {
        match self {
            Self::Day => Self::Week,
            Self::Week => Self::ThirtyDays,
            Self::ThirtyDays | Self::NinetyDays => Self::NinetyDays,
        }
    }

    /// The next shorter time; the shortest again.
    #[must_use]
    pub const fn shorter(self) -> Self {
        match self {
            Self::NinetyDays => Self::ThirtyDays,
            Self::ThirtyDays => Self::Week,
            Self::Week | Self::Day => Self::Day,
        }
    }
}

/// The alarm figures, as they are looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct FiguresShown {
    /// Of what time.
    pub of: DaysBack,
    /// How far what stands below the figures is scrolled.
    pub top: usize,
    /// What came of it.
    pub view: Wanted<Box<Figures>>,
}

/// The crews of a month, as they are looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct CrewsShown {
    /// Which month.
    pub month: Month,
    /// What came of it.
    pub view: Wanted<Box<CrewsView>>,
}

/// Longest command line, in characters.
const LONGEST_COMMAND: usize = 200;

/// The command line with its palette (命令面板): what is typed, and what it may mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Palette {
    /// What is typed.
    pub field: Field,
    /// What it may mean, the likeliest first.
    pub entries: Vec<Entry>,
    /// The selected one.
    pub cursor: usize,
    /// The context from which it was opened.
    pub of: Context,
    /// Why what was typed last could not be done.
    pub fault: Option<Text>,
}

impl Palette {
    /// Nothing typed yet.
    pub fn new(of: Context) -> Self {
        Self {
            field: Field::new(LONGEST_COMMAND),
            entries: Vec::new(),
            cursor: 0,
            of,
            fault: None,
        }
    }
}

/// Something that the palette offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// What a key of the context does.
    Action(Action),
    /// A command that takes words after it.
    Command(Word),
    /// A command with one of its words.
    Line {
        /// The command.
        word: Word,
        /// Its word.
        choice: Choice,
    },
}

/// The jump by name: what is typed, and what it may mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Jump {
    /// What is typed.
    pub field: Field,
    /// What it may mean, the likeliest first.
    pub found: Vec<Place>,
    /// The selected one.
    pub cursor: usize,
}

/// Something in the plant that one can go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A parameter.
    Parameter(ParameterId),
    /// A node of the tree.
    Node(NodeId),
}
