//! A form as the terminal holds it (单据录入): its fields as they are filled, and what looks wrong about them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::attaching::Attaching;
use super::model::Wanted;
use super::several::Several;
use super::unanswered::Unanswered;
use super::widgets::field::Field;
use super::workbook::Picking;
use crate::domain::attachment::Attachment;
use crate::domain::document::{Document, DocumentForm, LONGEST_FIELD};
use crate::domain::draft::CUT;
use crate::domain::model::SiteModel;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::engine::view::{DocumentView, Doubts};
use crate::entry::form::{Filled, FormField, Paper, Sort, fields, in_words};
use crate::wire::records::RecordView;

/// How many of the newest documents of a form are looked at.
pub(super) const LOOKED_AT: u32 = 100;

/// What is written into a form and not filed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FormDraft {
    /// Files that are attached to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// What is written, by the keys of the fields.
    #[serde(flatten)]
    pub texts: Filled,
}

/// Forms that are filled and not filed, by their keys, as the daemon keeps them for a person.
pub(super) type FormDrafts = BTreeMap<String, FormDraft>;

/// What the daemon was asked to file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filed {
    /// What is written in the fields: its number.
    One(String),
    /// So many documents at once.
    Several(usize),
}

/// Documents that the daemon was asked to file.
#[derive(Debug, Clone, PartialEq)]
pub struct Filing {
    /// The request.
    pub asked: Unanswered,
    /// What was asked, to be told.
    pub what: Filed,
}

/// What looks wrong about a document that is to be filed by what the daemon knows.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// The document.
    pub of: Document,
    /// What it is.
    pub doubted: Wanted<Doubts>,
}

/// What stands in front of the fields and has the keys.
#[derive(Debug, Clone, PartialEq)]
pub enum Over {
    /// The inbox, while a workbook is picked from it.
    Picking(Box<Picking>),
    /// Several documents as they will be filed.
    Several(Box<Several>),
}

/// A form that is open.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenForm {
    /// The form.
    pub form: DocumentForm,
    /// Its fields.
    pub fields: Vec<FormField>,
    /// What was written into them.
    pub texts: Filled,
    /// Files that stand behind the document.
    pub attaching: Attaching,
    /// What stands in front of the fields.
    pub over: Option<Over>,
    /// Whether what is typed next takes the place of what the line holds: nobody has typed into it since it came there.
    pub is_fresh: bool,
    /// The field under the cursor, and the first that is seen.
    pub at: usize,
    /// The first field on the screen.
    pub top: usize,
    /// The field as it is being typed.
    pub field: Field,
    /// What is wrong, by the key of the field.
    pub wrong: BTreeMap<String, Text>,
    /// What looks wrong about what is written, with its field; said again, it is filed.
    pub doubted: Option<(Filled, Vec<(String, Text)>)>,
    /// What the daemon says of the document that is to be filed.
    pub known: Option<Known>,
    /// The newest documents of the form.
    pub standing: Wanted<Vec<DocumentView>>,
    /// Of a form that makes no documents, the newest records that came of it, newest last.
    pub records: Option<Wanted<Vec<RecordView>>>,
    /// The newest batches that its reports may be of.
    pub batches: Option<Wanted<Vec<DocumentView>>>,
    /// What was asked to be filed and not answered.
    pub filing: Option<Filing>,
    /// Number of the request by which what is written is being kept, and whether what is written now is kept.
    pub keeping: Option<u64>,
    /// Whether the daemon keeps what is written.
    pub is_kept: bool,
    /// Who writes it, by staff number.
    pub whose: Option<String>,
    /// Number of the request by which a block is asked for that was brought in before.
    pub block_awaited: Option<u64>,
    /// Why it was refused.
    pub fault: Option<Text>,
}

impl OpenForm {
    /// A form with what was written into it before.
    pub fn new(model: &SiteModel, form: DocumentForm, draft: FormDraft) -> Self {
        let FormDraft { attachments, texts } = draft;
        let fields = fields(model, &form);
        let is_empty = |field: &FormField| !texts.contains_key(&field.key);
        let at = fields.iter().position(is_empty).unwrap_or(0);
        let mut opened = Self {
            form,
            fields,
            texts,
            attaching: Attaching::of(attachments),
            over: None,
            is_fresh: true,
            at,
            top: 0,
            field: Field::new(LONGEST_FIELD),
            wrong: BTreeMap::new(),
            doubted: None,
            known: None,
            standing: Wanted::Awaited(0),
            records: None,
            batches: None,
            filing: None,
            keeping: None,
            is_kept: true,
            whose: None,
            block_awaited: None,
            fault: None,
        };
        opened.load();
        opened
    }

    /// Whether the fields have the keys, and may be typed into.
    pub const fn is_typed_into(&self) -> bool {
        self.filing.is_none() && self.attaching.inbox.is_none() && self.over.is_none()
    }

    /// What documents of the form are held against.
    pub fn paper<'a>(&'a self, model: &'a SiteModel, now: Instant) -> Paper<'a> {
        Paper {
            model,
            form: &self.form,
            standing: self.known(),
            batches: self.known_batches(),
            beside: &[],
            now,
        }
    }

    /// What is known around the documents of the form, all of it as far as it was asked for.
    pub fn is_known_around(&self) -> bool {
        let mut asked = [Some(&self.standing), self.batches.as_ref()].into_iter().flatten();
        asked.all(|wanted| wanted.awaits().is_none())
    }

    /// What is written, to be kept.
    pub fn draft(&self) -> FormDraft {
        FormDraft {
            attachments: self.attaching.attachments.clone(),
            texts: self.texts.clone(),
        }
    }

    /// The field under the cursor.
    pub fn here(&self) -> Option<&FormField> {
        self.fields.get(self.at)
    }

    /// What was written into a field.
    pub fn text(&self, key: &str) -> &str {
        self.texts.get(key).map_or("", String::as_str)
    }

    /// Puts what was written into the field under the cursor into the line.
    pub fn load(&mut self) {
        let text = self.here().map(|field| self.text(&field.key).to_owned());
        self.field.set(&text.unwrap_or_default());
        self.is_fresh = true;
    }

    /// Something is about to be typed: where the line holds a number, a day or a choice that was there before, that gives way, as
    /// in the cells of a sheet. Words are gone on with.
    pub fn before_typing(&mut self) {
        let is_words = self.here().is_none_or(|field| matches!(field.sort, Sort::Words));
        if std::mem::take(&mut self.is_fresh) {
            if !is_words {
                self.field.clear();
            } else if let Some(begun) = self.field.text().strip_suffix(CUT).map(str::to_owned) {
                // Words that were cut off are completed.
                self.field.set(&begun);
            }
        }
    }

    /// Whether the line holds something that is not in its field yet.
    pub fn is_typing(&self) -> bool {
        let stands = self.here().map_or("", |field| self.text(&field.key));
        self.is_typed_into() && self.field.text().trim() != stands
    }

    /// Takes what is typed into its field; whether that changed it.
    pub fn take(&mut self) -> bool {
        let Some(key) = self.here().map(|field| field.key.clone()) else {
            return false;
        };
        let text = self.field.text().trim().to_owned();
        if text == self.text(&key) {
            return false;
        }
        self.wrong.remove(&key);
        self.doubted = None;
        self.fault = None;
        self.is_kept = false;
        if text.is_empty() {
            self.texts.remove(&key);
        } else {
            self.texts.insert(key, text);
        }
        true
    }

    /// What is written, with the words of choices in place of what they are called.
    pub fn said(&self) -> Filled {
        in_words(&self.fields, &self.texts)
    }

    /// Whether what looks wrong about what is written was told.
    pub fn was_told(&self) -> bool {
        self.doubted.as_ref().is_some_and(|(texts, _)| *texts == self.texts)
    }

    /// What looks wrong about a document by what the daemon knows, and what it would refuse, where it has said so.
    pub fn doubted_of(&self, document: &Document) -> Option<&Doubts> {
        match &self.known {
            Some(Known {
                of,
                doubted: Wanted::Here(doubts),
            }) if of == document => Some(doubts),
            _ => None,
        }
    }

    /// Forgets what the daemon said of documents: it was so before what stands around them was asked for anew.
    pub fn forget_doubts(&mut self) {
        self.known = None;
        if let Some(Over::Several(several)) = &mut self.over {
            several.doubted = None;
        }
    }

    /// The documents that are there.
    pub fn known(&self) -> &[DocumentView] {
        match &self.standing {
            Wanted::Here(documents) => documents,
            Wanted::Awaited(_) | Wanted::Refused(_) => &[],
        }
    }

    /// The batches that are there.
    pub fn known_batches(&self) -> &[DocumentView] {
        match &self.batches {
            Some(Wanted::Here(batches)) => batches,
            _ => &[],
        }
    }
}
