//! Files that are attached to what is being written (附上文件): to a form, or to the rounds of a page. Each is picked from the
//! inbox, read beside the loop, and sent to the daemon part by part before it counts as attached.

use super::inbox::{Inbox, Reading, Sending};
use crate::domain::attachment::Attachment;

/// What is attached to something, and what is on its way there.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Attaching {
    /// Who attached them, by staff number.
    pub whose: Option<String>,
    /// Files that the daemon has whole.
    pub attachments: Vec<Attachment>,
    /// The inbox, while one is picked.
    pub inbox: Option<Inbox>,
    /// The one that is being read to be sent.
    pub reading: Option<Reading>,
    /// The one that is on its way.
    pub sending: Option<Sending>,
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
