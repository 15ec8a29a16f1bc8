//! The panes (画面) that one goes to by a digit: which there are, for whom, and what they are called.
//!
//! A new pane is an arm here, a file in `panes/`, one in `update/`, and its keys in `keymap.toml`.

use super::keymap::Action;
use crate::domain::actor::Role;
use crate::domain::text::Text;

/// A pane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Pane {
    /// Every parameter with its newest value, and what they add up to.
    #[default]
    Live,
    /// Alarms: what asks for an action.
    Alarms,
    /// What people write down.
    Entry,
    /// What is emitted, by source and period.
    Ledger,
    /// Data anomalies: what a checker has to look at.
    Anomalies,
    /// What one crew hands over to the next.
    Handover,
    /// The data-quality control plan: what is planned, what arrived, what is evidence of that.
    Plan,
    /// The journal's records: who did what, when and from where.
    Log,
}

impl Pane {
    /// All panes that there are, in the order of the bar.
    pub const ALL: [Self; 8] = [
        Self::Live,
        Self::Alarms,
        Self::Entry,
        Self::Ledger,
        Self::Anomalies,
        Self::Handover,
        Self::Plan,
        Self::Log,
    ];

    /// What goes there.
    pub const fn action(self) -> Action {
        match self {
            Self::Live => Action::PaneLive,
            Self::Alarms => Action::PaneAlarms,
            Self::Entry => Action::PaneEntry,
            Self::Ledger => Action::PaneLedger,
            Self::Anomalies => Action::PaneAnomalies,
            Self::Handover => Action::PaneHandover,
            Self::Plan => Action::PanePlan,
            Self::Log => Action::PaneLog,
        }
    }

    /// The pane that an action goes to, if it goes to one.
    pub fn of_action(action: Action) -> Option<Self> {
        Self::ALL.into_iter().find(|pane| pane.action() == action)
    }

    /// Its name as it is typed in a command.
    pub const fn typed(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Alarms => "alarms",
            Self::Entry => "entry",
            Self::Ledger => "ledger",
            Self::Anomalies => "anomalies",
            Self::Handover => "handover",
            Self::Plan => "plan",
            Self::Log => "log",
        }
    }

    /// Its name on the bar: at most 8 cells, so that all panes of a role fit side by side.
    pub fn label(self) -> Text {
        match self {
            Self::Live => Text::new("tui-pane-live"),
            Self::Alarms => Text::new("tui-pane-alarms"),
            Self::Entry => Text::new("tui-pane-entry"),
            Self::Ledger => Text::new("tui-pane-ledger"),
            Self::Anomalies => Text::new("tui-pane-anomalies"),
            Self::Handover => Text::new("tui-pane-handover"),
            Self::Plan => Text::new("tui-pane-plan"),
            Self::Log => Text::new("tui-pane-log"),
        }
    }

    /// Whether it is shown to one of these roles. Rights are the daemon's; this only keeps what one never uses off the
    /// bar.
    pub const fn is_for(self, _roles: &[Role]) -> bool {
        match self {
            Self::Live
            | Self::Alarms
            | Self::Entry
            | Self::Ledger
            | Self::Anomalies
            | Self::Handover
            | Self::Plan
            | Self::Log => true,
        }
    }
}
