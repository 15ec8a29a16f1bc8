//! The Plan pane as the terminal holds it (数据质量控制计划画面): which month and which of its views is shown.

use super::keymap::Context;
use super::renewed::Renewed;
use super::unanswered::Unanswered;
use super::widgets::field::Field;
use crate::domain::identity::Sequence;
use crate::domain::text::Text;
use crate::domain::time::Month;
use crate::engine::view::QualityPlanView;
use crate::management::evidence::{Evidence, Rest, Rule};
use crate::wire::records::RecordView;

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Showing {
    /// What the evidence rules say (证据).
    #[default]
    Evidence,
    /// What is planned of every parameter, and what arrived (计划与实到).
    Parameters,
    /// The versions of the plan that came into force (版本).
    Versions,
}

impl Showing {
    /// The next one.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::Evidence => Self::Parameters,
            Self::Parameters => Self::Versions,
            Self::Versions => Self::Evidence,
        }
    }
}

/// What is being said of a version of the plan.
#[derive(Debug, Clone)]
pub struct Approval {
    /// The record that put it in force.
    pub of: Sequence,
    /// The record of what was said of it last, as it is shown.
    pub seen: Option<Sequence>,
    /// Why it is not approved, while that is typed.
    pub reason: Option<Field>,
    /// What the daemon was asked to record.
    pub asked: Option<Unanswered>,
    /// Why it was refused.
    pub fault: Option<Text>,
}

/// A row of the evidence: a rule, or something on which it rests.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum EvidenceRow<'view> {
    /// A rule.
    Rule(&'view Evidence),
    /// Something on which the rule that is unfolded rests.
    Rest(&'view Rest),
}

/// The state of the Plan pane.
#[derive(Debug, Clone, Default)]
pub struct PlanPane {
    /// Which month was asked for; the one that runs where none is.
    pub month: Option<Month>,
    /// What came of it.
    pub view: Renewed<QualityPlanView>,
    /// The versions of the plan, the newest first.
    pub versions: Renewed<Vec<RecordView>>,
    /// What is looked at.
    pub showing: Showing,
    /// The rule whose grounds are unfolded.
    pub unfolded: Option<Rule>,
    /// A version that is being approved, or not.
    pub approval: Option<Approval>,
    /// The place of the selected row.
    pub cursor: usize,
    /// First row on the screen.
    pub top: usize,
}

impl PlanPane {
    /// The month, where it is there.
    pub fn here(&self) -> Option<&QualityPlanView> {
        self.view.here()
    }

    /// The versions, where they are there.
    pub fn versions_here(&self) -> &[RecordView] {
        self.versions.here().map_or(&[], Vec::as_slice)
    }

    /// Where a key goes.
    pub fn context(&self) -> Context {
        match &self.approval {
            Some(approval) if approval.reason.is_some() => Context::Reason,
            _ => Context::Plan,
        }
    }

    /// The reason that has the keys.
    pub fn field_mut(&mut self) -> Option<&mut Field> {
        let approval = self.approval.as_mut().filter(|approval| approval.asked.is_none());
        approval.and_then(|approval| approval.reason.as_mut())
    }

    /// The rows of the evidence, with what the unfolded rule rests on below it.
    pub fn evidence_rows(&self) -> Vec<EvidenceRow<'_>> {
        let mut rows = Vec::new();
        for evidence in self.here().map_or(&[][..], |view| &view.evidence) {
            rows.push(EvidenceRow::Rule(evidence));
            if self.unfolded == Some(evidence.rule) {
                rows.extend(evidence.rests_on.iter().map(EvidenceRow::Rest));
            }
        }
        rows
    }

    /// How many rows what is looked at has.
    pub fn count(&self) -> usize {
        match self.showing {
            Showing::Evidence => self.evidence_rows().len(),
            Showing::Parameters => self.here().map_or(0, |view| view.facts.parameters.len()),
            Showing::Versions => self.versions_here().len(),
        }
    }
}
