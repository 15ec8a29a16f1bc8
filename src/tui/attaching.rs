//! Files that are attached to what is being written (附上文件): to a form, or to the rounds of a page. Each is picked from the
//! inbox, read beside the loop, and sent to the daemon part by part before it counts as attached.

use std::collections::BTreeMap;

use super::inbox::{Beside, Inbox, Reading, Sending};
use crate::domain::attachment::{Attachment, Digest};
use crate::domain::draft::{FileChange, OthersFiles};
use crate::domain::sheet::SheetPage;

/// What is attached to something, and what is on its way there.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Attaching {
    /// Files that the daemon has whole.
    pub attachments: Vec<Attachment>,
    /// What others attached to the same, which does not go with it.
    pub others: Vec<OthersFiles>,
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
        let here = self.inbox.as_ref().and_then(|inbox| inbox.here(self.beside()));
        change(&mut self.attachments);
        self.stay_on(here.as_ref());
    }

    /// Others attached these.
    pub fn others_have(&mut self, others: Vec<OthersFiles>) {
        let here = self.inbox.as_ref().and_then(|inbox| inbox.here(self.beside()));
        self.others = others;
        self.stay_on(here.as_ref());
    }

    /// One of them was taken over.
    pub fn take_over(&mut self, digest: Digest, of: &str) {
        let mut others = std::mem::take(&mut self.others);
        for theirs in others.iter_mut().filter(|theirs| theirs.owner == of) {
            theirs.files.retain(|file| file.digest != digest);
        }
        others.retain(|theirs| !theirs.files.is_empty());
        self.others_have(others);
    }

    fn stay_on(&mut self, file: Option<&(String, u64)>) {
        if let Some((inbox, beside)) = self.inbox_mut() {
            inbox.stay_on(file, beside);
        }
    }

    /// Keeps what is attached, and nothing else: the inbox is another person's, and what was on its way is not attached.
    pub fn keep_attached(&mut self) {
        *self = Self::of(std::mem::take(&mut self.attachments));
    }

    /// What the inbox lists before its files.
    pub fn beside(&self) -> Beside<'_> {
        Beside {
            attached: &self.attachments,
            others: &self.others,
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
    pub fn inbox_mut(&mut self) -> Option<(&mut Inbox, Beside<'_>)> {
        let beside = Beside {
            attached: &self.attachments,
            others: &self.others,
        };
        Some((self.inbox.as_mut()?, beside))
    }
}
