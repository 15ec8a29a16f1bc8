//! Files that are attached to what is being written (附上文件): to a form, or to the rounds of a page. Each is picked from the
//! inbox, read beside the loop, and sent to the daemon part by part before it counts as attached.

use super::inbox::{Inbox, Reading, Sending};
use crate::domain::attachment::Attachment;
use crate::domain::draft::FileChange;

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
    /// What the daemon does not keep yet.
    pub keeping: Vec<Keeping>,
    /// The last request that was asked before the daemon said so of the last one: what answers to those bring may be older.
    pub settled: u64,
}

/// What was attached and taken off, as long as the daemon has not said that it keeps it.
#[derive(Debug, Clone, PartialEq)]
pub struct Keeping {
    /// Number of the request by which it is to.
    pub request: u64,
    /// What was done.
    pub changes: Vec<FileChange>,
    /// In whose name, by staff number.
    pub by: Option<String>,
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

    /// The daemon keeps these; what it does not know yet is done to them too.
    pub fn kept(&mut self, mut files: Vec<Attachment>) {
        for change in self.keeping.iter().flat_map(|keeping| &keeping.changes) {
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
