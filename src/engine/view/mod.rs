//! What the engine shows: live values, totals, ledger tables, explanations. Plain data, in no language.

mod alarms;
mod anomalies;
mod closing;
mod documents;
mod explanation;
mod handover;
mod ledger;
mod live;
mod outcome;
mod overlap;
mod quality;
mod quality_plan;
mod second_check;
mod sheets;

pub use alarms::{AlarmView, Answerer, Flooded, grouped};
pub use anomalies::AnomalyView;
pub use closing::{ClosedByView, ClosingView, MonthOfBook, MonthView};
pub use documents::{DocumentView, Superseded};
pub use explanation::{Explanation, NoteView, NowOf, Part, Target};
pub use handover::{HandoverLine, HandoverView, Mark, SignatureView};
pub use ledger::{Compared, Comparison, Grouping, Intensity, LedgerQuestion, LedgerRow, LedgerTable, RowKind, Step};
pub use live::{Cause, Figure, IntensityNow, LiveParameter, LiveValue, NodeView, Planned, PlannedTotals, Totals};
pub use outcome::{Dating, IntakeOutcome, PlanView, Restated};
pub use overlap::{Doubted, Doubts, Overlap, Together, time_of};
pub use quality::EpisodeView;
pub use quality_plan::QualityPlanView;
pub use second_check::{CheckMark, CheckedCell, LookedView, SecondCheckView};
pub use sheets::{FilledHours, NamedReading, RegisterChange, RegisterRule, RoundView, SheetRow, SheetView, Standing};
