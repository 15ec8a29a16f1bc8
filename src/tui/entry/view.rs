//! The pane as a whole: the page or the form that is open, what waits to be kept, and where a key goes.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::attaching::{Attaching, KeepingFiles};
use super::super::form::{FormDraft, FormDrafts, OpenForm, Over};
use super::super::inbox::{Beside, Inbox};
use super::super::keymap::Context;
use super::super::renewed::Renewed;
use super::super::second_check::SecondChecks;
use super::super::several::KeepingBlocks;
use super::super::widgets::field::Field;
use super::super::workbook::Picking;
use super::{Cell, Focus, FromFile, HeldCells, HeldQuestion, Lost, Opened, PageOf};
use crate::domain::identity::ParameterId;
use crate::domain::text::Text;
use crate::engine::view::RoundView;
use crate::entry::Source;

/// The state of the Entry pane.
#[derive(Debug, Clone, Default)]
pub struct EntryView {
    /// The sheet under the cursor, where none is open.
    pub chosen: usize,
    /// The page that is open.
    pub open: Option<Box<Opened>>,
    /// The form that is open, where no page is.
    pub form: Option<Box<OpenForm>>,
    /// Forms that are filled and not filed.
    pub form_drafts: FormDrafts,
    /// What people wrote into forms and the daemon does not keep, because they went with the line: by whose it is and the key of
    /// the form, for when they sit here again.
    pub unkept_forms: BTreeMap<(Option<String>, String), FormDraft>,
    /// Number of the request by which they are asked for.
    pub drafts_awaited: Option<u64>,
    /// Blocks of documents of which the daemon does not know yet.
    pub keeping_blocks: KeepingBlocks,
    /// The round of every sheet that is being made.
    pub rounds: Renewed<Vec<RoundView>>,
    /// What a second person looks at.
    pub checks: SecondChecks,
    /// Cells, on whatever page, that were put down from files and not sent, whoever sits here.
    pub from_files: BTreeMap<Cell, FromFile>,
    /// What people were asking of pages when they were signed off.
    pub held: BTreeMap<PageOf, HeldQuestion>,
    /// What people had typed into pages when they were signed off, and the daemon does not keep.
    pub held_cells: BTreeMap<PageOf, HeldCells>,
    /// What people typed here that no page has any more, the newest last.
    pub lost: Vec<Lost>,
    /// Tags of parameters that plans had and the one in force does not have: what was typed there is told by them.
    pub former_tags: BTreeMap<ParameterId, String>,
    /// What was done to the files of pages of which the daemon does not know yet.
    pub keeping_files: KeepingFiles,
}

impl EntryView {
    /// Whether the daemon has not said yet that it keeps what was typed last.
    pub fn is_being_kept(&self) -> bool {
        let is_page = self.open.as_ref().is_some_and(|open| !open.saving.is_empty());
        is_page || self.form.as_ref().is_some_and(|form| !form.is_kept)
    }

    /// What somebody typed that no page has any more, the newest first.
    pub fn lost_of(&self, whose: Option<&str>) -> impl Iterator<Item = &Text> {
        let theirs = self
            .lost
            .iter()
            .rev()
            .filter(move |lost| lost.whose.as_deref() == whose);
        theirs.map(|lost| &lost.text)
    }

    /// Where a key goes.
    pub fn context(&self) -> Context {
        match self.open.as_ref().map(|open| &open.focus) {
            None if self.form.is_some() => {
                match (self.form.as_ref().and_then(|form| form.over.as_ref()), self.attaching()) {
                    (Some(Over::Picking(_)), _) | (None, Some(Attaching { inbox: Some(_), .. })) => Context::Inbox,
                    (Some(Over::Several(_)), _) => Context::Block,
                    (None, _) => Context::Form,
                }
            }
            None if self.checks.is_open => match &self.checks.record {
                Some(record) if record.reason.is_some() => Context::Reason,
                Some(_) => Context::Check,
                None => Context::Checks,
            },
            None => Context::Sheets,
            Some(Focus::Page) => Context::Sheet,
            Some(Focus::Grid) => Context::Grid,
            Some(Focus::Picking(_)) => Context::Inbox,
            Some(Focus::Asking | Focus::Correcting(_)) if self.is_attaching() => Context::Inbox,
            Some(Focus::Asking) => Context::Asking,
            Some(Focus::Block(_)) => Context::Block,
            Some(Focus::Gap(_)) => Context::Gap,
            Some(Focus::Correcting(_)) => Context::Correction,
        }
    }

    /// Whether the inbox is open, to pick a file from it.
    fn is_attaching(&self) -> bool {
        self.attaching().is_some_and(|attaching| attaching.inbox.is_some())
    }

    /// The cell that has the keys.
    pub fn field_mut(&mut self) -> Option<&mut Field> {
        let Some(open) = self.open.as_mut() else {
            if self.form.is_some() {
                let form = self.form.as_mut().filter(|form| form.is_typed_into());
                return form.map(|form| &mut form.field);
            }
            let record = self.checks.record.as_mut().filter(|record| record.asked.is_none());
            return record.and_then(|record| record.reason.as_mut());
        };
        let takes_text = open.takes_text();
        match &mut open.focus {
            Focus::Grid => Some(&mut open.field).filter(|_| takes_text),
            Focus::Correcting(correcting) => {
                Some(&mut correcting.reason).filter(|_| correcting.attaching.inbox.is_none())
            }
            Focus::Gap(form) => Some(form.field_mut()),
            Focus::Page | Focus::Asking | Focus::Picking(_) | Focus::Block(_) => None,
        }
    }

    /// The inbox where it is open, for a page or for a form, with what is attached to that.
    pub fn inbox_mut(&mut self) -> Option<(&mut Inbox, Beside<'_>)> {
        match &mut self.open {
            Some(open) => match &mut open.focus {
                Focus::Picking(picking) => Some((&mut picking.inbox, Beside::default())),
                Focus::Correcting(correcting) => correcting.attaching.inbox_mut(),
                _ => open.attaching.inbox_mut(),
            },
            None => match self.form.as_mut()?.as_mut() {
                OpenForm {
                    over: Some(Over::Picking(picking)),
                    ..
                } => Some((&mut picking.inbox, Beside::default())),
                form => form.attaching.inbox_mut(),
            },
        }
    }

    /// The workbook that is being picked, for a page or for a form.
    pub fn picking_mut(&mut self) -> Option<&mut Picking> {
        match &mut self.open {
            Some(open) => match &mut open.focus {
                Focus::Picking(picking) => Some(picking),
                _ => None,
            },
            None => match &mut self.form.as_mut()?.over {
                Some(Over::Picking(picking)) => Some(picking),
                _ => None,
            },
        }
    }

    /// What is attached to the page, to a correction or to the form that is open.
    pub fn attaching(&self) -> Option<&Attaching> {
        match &self.open {
            Some(open) => Some(open.attaching()),
            None => self.form.as_ref().map(|form| &form.attaching),
        }
    }

    /// The same, to be changed.
    pub fn attaching_mut(&mut self) -> Option<&mut Attaching> {
        match &mut self.open {
            Some(open) => Some(open.attaching_mut()),
            None => self.form.as_mut().map(|form| &mut form.attaching),
        }
    }

    /// The file from which all of some cells come, as what they say was put down; none where one does not.
    pub fn source_of(&self, cells: &[(Cell, String)]) -> Option<Arc<Source>> {
        let of = |(cell, text): &(Cell, String)| {
            let from = self.from_files.get(cell).filter(|from| from.text == *text)?;
            Some(&from.source)
        };
        let first = of(cells.first()?)?;
        let is_same = |cell| of(cell).is_some_and(|source| source == first);
        cells.iter().all(is_same).then(|| Arc::clone(first))
    }
}
