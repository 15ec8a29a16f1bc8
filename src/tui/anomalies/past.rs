//! Anomalies outside the queue, as they are looked at (已关闭异常): those that are closed, and those that are found no longer.

use super::super::model::Wanted;
use super::super::overlay::DaysBack;
use crate::engine::view::AnomalyView;

/// Those of the last days.
#[derive(Debug, Clone, PartialEq)]
pub struct PastShown {
    /// Of how many days.
    pub of: DaysBack,
    /// What came of it, the newest first.
    pub view: Wanted<Vec<AnomalyView>>,
    /// The place of the selected one.
    pub cursor: usize,
    /// First row on the screen.
    pub top: usize,
    /// What was asked for once more behind what is shown, since the queue changed.
    pub again: Option<u64>,
    /// Whether the queue changed again since.
    pub is_behind: bool,
}

impl PastShown {
    /// Asked for under a number.
    pub const fn asked(of: DaysBack, request: u64) -> Self {
        Self {
            of,
            view: Wanted::Awaited(request),
            cursor: 0,
            top: 0,
            again: None,
            is_behind: false,
        }
    }

    /// Takes what came in; the cursor stays at its anomaly where that is still there.
    pub fn take(&mut self, all: Vec<AnomalyView>) {
        let kept = self.selected().map(|anomaly| anomaly.anomaly);
        let place = kept.and_then(|id| all.iter().position(|anomaly| anomaly.anomaly == id));
        self.cursor = place.unwrap_or(self.cursor).min(all.len().saturating_sub(1));
        self.view = Wanted::Here(all);
    }

    /// All of them, where they are there.
    pub fn all(&self) -> &[AnomalyView] {
        match &self.view {
            Wanted::Here(all) => all,
            Wanted::Awaited(_) | Wanted::Refused(_) => &[],
        }
    }

    /// The selected one.
    pub fn selected(&self) -> Option<&AnomalyView> {
        self.all().get(self.cursor)
    }
}
