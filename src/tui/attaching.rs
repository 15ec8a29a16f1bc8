//! Files that are attached to what is being written (附上文件): to a form, or to the rounds of a page. Each is picked from the
//! inbox, read beside the loop, and sent to the daemon part by part before it counts as attached.

use std::collections::BTreeMap;

use super::inbox::{Inbox, Reading, Sending};
use crate::domain::attachment::Attachment;
use crate::domain::draft::FileChange;
use crate::domain::sheet::SheetPage;

/// What is attached to something, and what is on its way there.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Attaching {
    /// Files that the daemon has whole.
    pub attachments: Vec<Attachment>,
    /// The inbox, while one is picked.
    pub inbox: Option<Inbox>,
    /// The one that is being read to be sent.
    pub reading: Option<Reading>,
    /// The one that is on its way.
    pub sending: Option<Sending>,
    /// The last request that was asked before the daemon said so of the last one: what answers to those bring may be older.
    pub settled: u64,
}

/// Whose files of a page: by staff number, with the sheet and the page.
pub type OfPage = (Option<String>, String, SheetPage);

/// What was attached to pages and taken off, in its order, as long as the daemon has not said that it keeps it. That of others
/// waits until they sit here again.
pub type KeepingFiles = BTreeMap<OfPage, Vec<Keeping>>;

/// One thing that was done to the files of a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Keeping {
    /// What was done.
    pub changes: Vec<FileChange>,
    /// How far it has come.
    pub stage: Stage,
}

/// How far something has come that the daemon is to keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The daemon is to be asked.
    Due,
    /// It was asked, by the number of the request.
    Asked(u64),
    /// It refused. What was done counts all the same: it stands on the screen, and goes with what is sent.
    Refused,
}

impl Attaching {
    /// With what was attached before.
    pub fn of(attachments: Vec<Attachment>) -> Self {
        Self {
            attachments,
            ..Self::default()
        }
    }

    /// Whether a file is being read or on its way.
    pub const fn is_busy(&self) -> bool {
        self.reading.is_some() || self.sending.is_some()
    }

    /// Changes what is attached. What is attached stands first in the inbox: the cursor stays on its file all the same.
    pub fn change(&mut self, change: impl FnOnce(&mut Vec<Attachment>)) {
        let here = self.inbox.as_ref().and_then(|inbox| inbox.here(&self.attachments));
        change(&mut self.attachments);
        if let Some(inbox) = &mut self.inbox {
            inbox.stay_on(here.as_ref(), &self.attachments);
        }
    }

    /// The daemon keeps these; what it does not keep yet is done to them too.
    pub fn kept(&mut self, mut files: Vec<Attachment>, keeping: &[Keeping]) {
        for change in keeping.iter().flat_map(|keeping| &keeping.changes) {
            change.apply(&mut files);
        }
        self.change(|attachments| *attachments = files);
    }

    /// Lets go of the file that is being read or on its way; its name, where there is one.
    pub fn let_go(&mut self) -> Option<String> {
        let sending = self.sending.take().map(|sending| sending.attachment.name);
        let reading = self.reading.take().map(|reading| reading.name);
        reading.or(sending)
    }

    /// The inbox where it is open, with what is attached.
    pub fn inbox_mut(&mut self) -> Option<(&mut Inbox, &[Attachment])> {
        Some((self.inbox.as_mut()?, &self.attachments))
    }
}
