//! Which key does what (键位), by context. The hint line and the help are made from the keymap in force, so that they
//! cannot say anything else than what the keys do.

mod file;
mod key;

use std::collections::BTreeMap;
use std::path::Path;

use crossterm::event::KeyEvent;
use serde::Deserialize;

pub use self::key::{Key, is_line_feed, narrow};
use super::fault::{FileFault, Source};
use crate::domain::text::Text;

/// The keys that ship.
const DEFAULTS: &str = include_str!("keymap.toml");

/// Where a key is pressed; a section of a keymap file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Context {
    /// Everywhere but in text fields, after the place's own keys.
    Global,
    /// Every text field, after the field's own keys; what is bound to nothing there is typed.
    Text,
    /// The rows of the Live pane.
    Live,
    /// The totals at its foot.
    Totals,
    /// The filter's text field.
    Filter,
    /// The Alarms pane.
    Alarms,
    /// Why an alarm is hidden, as it is typed.
    Reason,
    /// The Anomalies pane.
    Anomalies,
    /// What is said of anomalies, or to whom they are given, as it is typed.
    Work,
    /// What anomalies are, as it is filled in.
    Dispose,
    /// The sheets of the Entry pane.
    Sheets,
    /// A page of one, as a whole.
    Sheet,
    /// Its cells, as they are typed.
    Grid,
    /// A block before it is put down.
    Block,
    /// Rounds before they are sent.
    Asking,
    /// Why a cell is corrected, as it is typed.
    Correction,
    /// What is to stand in for hours that were not measured, as it is filled in.
    Gap,
    /// A form as it is filled.
    Form,
    /// The inbox, from which files are attached to it or to rounds, or read into the cells of a page.
    Inbox,
    /// What a second person is to look at.
    Checks,
    /// A record that a second person looks at.
    Check,
    /// The Handover pane.
    Handover,
    /// A signature as it is typed.
    Signing,
    /// The Plan pane.
    Plan,
    /// The Ledger pane.
    Ledger,
    /// The audit log.
    Log,
    /// An explanation.
    Explain,
    /// The crews compared.
    Crews,
    /// The alarm figures.
    Figures,
    /// Anomalies outside the queue.
    Past,
    /// What is due.
    Due,
    /// What somebody typed that no page has any more.
    Lost,
    /// A chart.
    Chart,
    /// The columns of the Live pane, as they are chosen.
    Columns,
    /// The help.
    Help,
    /// The view without borders.
    Plain,
    /// The command line with its palette.
    Palette,
    /// The jump by name.
    Jump,
    /// A note as it is typed.
    Note,
    /// A staff number and a PIN as they are typed.
    SignOn,
    /// What happened since whoever signed on sat here last.
    Since,
    /// The wall display, where no other keys hold.
    Wall,
}

impl Context {
    /// Whether characters are typed there. Keys that hold everywhere do not hold in a text field.
    pub const fn is_text_field(self) -> bool {
        matches!(
            self,
            Self::Filter
                | Self::Palette
                | Self::Jump
                | Self::Note
                | Self::Reason
                | Self::Correction
                | Self::Work
                | Self::Dispose
                | Self::Grid
                | Self::Gap
                | Self::Form
                | Self::Signing
                | Self::SignOn
        )
    }
}

/// What a key asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// One row up.
    Up,
    /// One row down.
    Down,
    /// To the left.
    Left,
    /// To the right.
    Right,
    /// One screen up.
    PageUp,
    /// One screen down.
    PageDown,
    /// To the first row.
    First,
    /// To the last row.
    Last,
    /// Open what is selected: its chart, or what explains it.
    Open,
    /// Explain what is selected.
    Explain,
    /// Explain what is emitted now, in all and per unit of the products.
    Now,
    /// A shorter stretch.
    ZoomIn,
    /// A longer stretch.
    ZoomOut,
    /// Figures of a shorter time.
    Shorter,
    /// Figures of a longer time.
    Longer,
    /// Compare with another stretch.
    Compare,
    /// Draw in braille dots, or not.
    Braille,
    /// One step back.
    Back,
    /// Close the explanation with all its steps.
    Close,
    /// Start typing a filter.
    Filter,
    /// Keep the filter and go back to the rows.
    Accept,
    /// Do what is typed or selected.
    Run,
    /// Take over what is selected, to type on.
    Complete,
    /// To the beginning of what was typed.
    LineStart,
    /// To the end of what was typed.
    LineEnd,
    /// Delete the character before the cursor.
    Delete,
    /// Delete the character under the cursor.
    DeleteForward,
    /// Delete the word before the cursor.
    DeleteWord,
    /// Delete all that was typed.
    Clear,
    /// Open the command line with its palette.
    Command,
    /// Jump to something by its name.
    Jump,
    /// The order of the rows reversed.
    Reverse,
    /// Next order of the rows.
    Sort,
    /// Key parameters only, or all.
    KeyOnly,
    /// Hold the display, or let it go on.
    Freeze,
    /// Next book.
    Book,
    /// Go to the totals.
    Totals,
    /// Compare the crews.
    Crews,
    /// Show the alarm figures.
    Figures,
    /// Send what was typed.
    Send,
    /// Send all rounds.
    SendAll,
    /// Attach a file.
    Attach,
    /// Say that what somebody else wrote down is right.
    Agree,
    /// Return it to them.
    Return,
    /// Approve a version of the plan.
    Approve,
    /// Close a month.
    CloseMonth,
    /// Read a workbook into the cells.
    Workbook,
    /// Decide what stands in for hours that were not measured.
    Fill,
    /// To the next cell.
    Next,
    /// To the cell before.
    Previous,
    /// Put back what was before.
    Undo,
    /// List what was typed and no page has any more.
    Lost,
    /// Take it off the list.
    TakeOff,
    /// Show the anomalies outside the queue.
    Past,
    /// Open an anomaly again.
    Reopen,
    /// Choose the columns.
    Columns,
    /// Show it, or not.
    Toggle,
    /// As it was at first.
    Reset,
    /// To the Live pane.
    PaneLive,
    /// To the Alarms pane.
    PaneAlarms,
    /// Acknowledge alarms.
    Acknowledge,
    /// Acknowledge all alarms on the screen.
    AcknowledgeShown,
    /// Let latched alarms go.
    ResetAlarm,
    /// Put alarms on the shelf.
    Shelve,
    /// Take them off it.
    Unshelve,
    /// Take alarms out of service.
    RemoveFromService,
    /// Put them into service again.
    ReturnToService,
    /// Pick for the next deed, or not.
    Pick,
    /// List what is hidden, or what is not.
    Hidden,
    /// Explain the record in which somebody answered last.
    Record,
    /// Go to the Entry pane.
    PaneEntry,
    /// To the Anomalies pane.
    PaneAnomalies,
    /// Next saved view.
    View,
    /// Look into anomalies oneself.
    Take,
    /// Give them to somebody.
    Assign,
    /// Say something of them.
    Comment,
    /// Say that their values are true.
    Real,
    /// Correct their values.
    Correct,
    /// Have their hours filled by the plan.
    GapFill,
    /// Keep their values out.
    Reject,
    /// Say that the instrument was faulty.
    InstrumentFault,
    /// Say that somebody typed wrongly.
    EntryError,
    /// Take a decision back.
    TakeBack,
    /// Close anomalies with a word on them.
    CloseSaying,
    /// Keep the filter among the views, or forget it.
    KeepFilter,
    /// Link them to a nonconformity.
    Link,
    /// To the Handover pane.
    PaneHandover,
    /// Close a note that is carried forward.
    CloseNote,
    /// Carry a note forward from shift to shift, or not.
    Carry,
    /// Sign for the crew that goes.
    SignOutgoing,
    /// Sign for the crew that comes.
    SignIncoming,
    /// To the Plan pane.
    PanePlan,
    /// To the Ledger pane.
    PaneLedger,
    /// Hide what is below the selected row, or show it.
    Fold,
    /// To a shorter period.
    Finer,
    /// To a longer period.
    Coarser,
    /// To the period before.
    Earlier,
    /// To the period after.
    Later,
    /// To the period that runs.
    Today,
    /// Group the rows by something else.
    GroupBy,
    /// Write what is shown to a file.
    Write,
    /// Write a note.
    Note,
    /// Of something else.
    About,
    /// Sign on.
    SignOn,
    /// Next kind of records.
    Kind,
    /// Go to the parameter or node that is meant.
    Show,
    /// To the audit log.
    PaneLog,
    /// Help.
    Help,
    /// The other language.
    Language,
    /// Next theme.
    Theme,
    /// Draw everything again.
    Redraw,
    /// Copy what is selected or explained.
    Copy,
    /// Show what is selected or explained without borders.
    Plain,
    /// Give the terminal to the shell for a while.
    Suspend,
    /// Ask again.
    Refresh,
    /// Leave.
    Quit,
}

impl Action {
    /// What it does, for the hint line and the help.
    pub fn label(self) -> Text {
        match self {
            Self::Up => Text::new("tui-action-up"),
            Self::Down => Text::new("tui-action-down"),
            Self::Left => Text::new("tui-action-left"),
            Self::Right => Text::new("tui-action-right"),
            Self::PageUp => Text::new("tui-action-page-up"),
            Self::PageDown => Text::new("tui-action-page-down"),
            Self::First => Text::new("tui-action-first"),
            Self::Last => Text::new("tui-action-last"),
            Self::Open => Text::new("tui-action-open"),
            Self::Explain => Text::new("tui-action-explain"),
            Self::Now => Text::new("tui-action-now"),
            Self::ZoomIn => Text::new("tui-action-zoom-in"),
            Self::ZoomOut => Text::new("tui-action-zoom-out"),
            Self::Shorter => Text::new("tui-action-shorter"),
            Self::Longer => Text::new("tui-action-longer"),
            Self::Compare => Text::new("tui-action-compare"),
            Self::Braille => Text::new("tui-action-braille"),
            Self::Back => Text::new("tui-action-back"),
            Self::Close => Text::new("tui-action-close"),
            Self::Filter => Text::new("tui-action-filter"),
            Self::Accept => Text::new("tui-action-accept"),
            Self::Run => Text::new("tui-action-run"),
            Self::Complete => Text::new("tui-action-complete"),
            Self::LineStart => Text::new("tui-action-line-start"),
            Self::LineEnd => Text::new("tui-action-line-end"),
            Self::Delete => Text::new("tui-action-delete"),
            Self::DeleteForward => Text::new("tui-action-delete-forward"),
            Self::DeleteWord => Text::new("tui-action-delete-word"),
            Self::Clear => Text::new("tui-action-clear"),
            Self::Command => Text::new("tui-action-command"),
            Self::Jump => Text::new("tui-action-jump"),
            Self::Sort => Text::new("tui-action-sort"),
            Self::Reverse => Text::new("tui-action-reverse"),
            Self::KeyOnly => Text::new("tui-action-key-only"),
            Self::Freeze => Text::new("tui-action-freeze"),
            Self::Book => Text::new("tui-action-book"),
            Self::Totals => Text::new("tui-action-totals"),
            Self::Crews => Text::new("tui-action-crews"),
            Self::Figures => Text::new("tui-action-figures"),
            Self::Send => Text::new("tui-action-send"),
            Self::SendAll => Text::new("tui-action-send-all"),
            Self::Attach => Text::new("tui-action-attach"),
            Self::Agree => Text::new("tui-action-agree"),
            Self::Return => Text::new("tui-action-return"),
            Self::Approve => Text::new("tui-action-approve"),
            Self::CloseMonth => Text::new("tui-action-close-month"),
            Self::Workbook => Text::new("tui-action-workbook"),
            Self::Fill => Text::new("tui-action-fill"),
            Self::Next => Text::new("tui-action-next"),
            Self::Previous => Text::new("tui-action-previous"),
            Self::Undo => Text::new("tui-action-undo"),
            Self::Lost => Text::new("tui-action-lost"),
            Self::TakeOff => Text::new("tui-action-take-off"),
            Self::Past => Text::new("tui-action-past"),
            Self::Reopen => Text::new("tui-action-reopen"),
            Self::Columns => Text::new("tui-action-columns"),
            Self::Toggle => Text::new("tui-action-toggle"),
            Self::Reset => Text::new("tui-action-reset"),
            Self::PaneLive => Text::new("tui-action-pane-live"),
            Self::PaneAlarms => Text::new("tui-action-pane-alarms"),
            Self::Acknowledge => Text::new("tui-action-acknowledge"),
            Self::AcknowledgeShown => Text::new("tui-action-acknowledge-shown"),
            Self::ResetAlarm => Text::new("tui-action-reset-alarm"),
            Self::Shelve => Text::new("tui-action-shelve"),
            Self::Unshelve => Text::new("tui-action-unshelve"),
            Self::RemoveFromService => Text::new("tui-action-remove-from-service"),
            Self::ReturnToService => Text::new("tui-action-return-to-service"),
            Self::Pick => Text::new("tui-action-pick"),
            Self::Hidden => Text::new("tui-action-hidden"),
            Self::Record => Text::new("tui-action-record"),
            Self::PaneEntry => Text::new("tui-action-pane-entry"),
            Self::PaneAnomalies => Text::new("tui-action-pane-anomalies"),
            Self::CloseSaying => Text::new("tui-action-close-saying"),
            Self::KeepFilter => Text::new("tui-action-keep-filter"),
            Self::View => Text::new("tui-action-view"),
            Self::Take => Text::new("tui-action-take"),
            Self::Assign => Text::new("tui-action-assign"),
            Self::Comment => Text::new("tui-action-comment"),
            Self::Real => Text::new("tui-action-real"),
            Self::Correct => Text::new("tui-action-correct"),
            Self::GapFill => Text::new("tui-action-gap-fill"),
            Self::Reject => Text::new("tui-action-reject"),
            Self::InstrumentFault => Text::new("tui-action-instrument-fault"),
            Self::EntryError => Text::new("tui-action-entry-error"),
            Self::TakeBack => Text::new("tui-action-take-back"),
            Self::Link => Text::new("tui-action-link"),
            Self::PaneHandover => Text::new("tui-action-pane-handover"),
            Self::CloseNote => Text::new("tui-action-close-note"),
            Self::Carry => Text::new("tui-action-carry"),
            Self::SignOutgoing => Text::new("tui-action-sign-outgoing"),
            Self::SignIncoming => Text::new("tui-action-sign-incoming"),
            Self::PanePlan => Text::new("tui-action-pane-plan"),
            Self::PaneLedger => Text::new("tui-action-pane-ledger"),
            Self::Fold => Text::new("tui-action-fold"),
            Self::Finer => Text::new("tui-action-finer"),
            Self::Coarser => Text::new("tui-action-coarser"),
            Self::Earlier => Text::new("tui-action-earlier"),
            Self::Later => Text::new("tui-action-later"),
            Self::Today => Text::new("tui-action-today"),
            Self::GroupBy => Text::new("tui-action-group-by"),
            Self::Write => Text::new("tui-action-write"),
            Self::Note => Text::new("tui-action-note"),
            Self::About => Text::new("tui-action-about"),
            Self::SignOn => Text::new("tui-action-sign-on"),
            Self::Kind => Text::new("tui-action-kind"),
            Self::Show => Text::new("tui-action-show"),
            Self::PaneLog => Text::new("tui-action-pane-log"),
            Self::Help => Text::new("tui-action-help"),
            Self::Language => Text::new("tui-action-language"),
            Self::Theme => Text::new("tui-action-theme"),
            Self::Redraw => Text::new("tui-action-redraw"),
            Self::Copy => Text::new("tui-action-copy"),
            Self::Plain => Text::new("tui-action-plain"),
            Self::Suspend => Text::new("tui-action-suspend"),
            Self::Refresh => Text::new("tui-action-refresh"),
            Self::Quit => Text::new("tui-action-quit"),
        }
    }
}

/// Keys that do one thing in one context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// What they do.
    pub action: Action,
    /// The keys; the first is named in the hint line.
    pub keys: Vec<Key>,
    /// Whether the hint line names it.
    pub hint: bool,
}

/// The keys in force.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keymap(BTreeMap<Context, Vec<Binding>>);

impl Keymap {
    /// The keys that ship.
    pub fn shipped() -> Self {
        // A test holds them to be free of faults.
        file::read(Source {
            file: Path::new("keymap.toml"),
            text: DEFAULTS,
        })
        .0
    }

    /// The keys that ship with a user's own before them, and what is wrong with the user's file. What is right in it
    /// holds.
    pub fn with_own(own: Source<'_>) -> (Self, Vec<FileFault>) {
        let (mut keymap, faults) = file::read(own);
        for (context, bindings) in Self::shipped().0 {
            keymap.0.entry(context).or_default().extend(bindings);
        }
        (keymap, faults)
    }

    /// What an event asks for in a context.
    pub fn action(&self, context: Context, event: &KeyEvent) -> Option<Action> {
        let key = Key::of(event);
        self.bindings(context)
            .find(|binding| binding.keys.contains(&key))
            .map(|binding| binding.action)
    }

    /// The key that is named for an action in a context.
    pub fn key_of(&self, context: Context, action: Action) -> Option<&Key> {
        self.bindings(context)
            .find(|binding| binding.action == action)?
            .keys
            .first()
    }

    /// The bindings of a context in order, its own before those of all text fields or of everywhere else.
    pub fn bindings(&self, context: Context) -> impl Iterator<Item = &Binding> {
        let after = match context {
            Context::Wall => None,
            context if context.is_text_field() => Some(Context::Text),
            _ => Some(Context::Global),
        };
        let sections = [Some(context), after.filter(|&after| after != context)];
        sections
            .into_iter()
            .flatten()
            .filter_map(|section| self.0.get(&section))
            .flatten()
    }
}

#[cfg(test)]
mod tests;
