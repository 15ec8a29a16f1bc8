//! Whether a record is looked for: its kind, and words in who, from where, what, and which parameters.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use crate::domain::identity::ParameterId;
use crate::domain::model::SiteModel;
use crate::domain::note::About;
use crate::domain::text::Text;
use crate::engine::event::{Event, RecordKind, kind_text};
use crate::engine::outline::slots_of;
use crate::locale::{Language, Localizer};
use crate::store::Record;
use crate::wire::records::{KindFilter, RecordFilter};

use super::record::Listed;

/// Whoever looks for a word sees it in one of these.
static LANGUAGES: LazyLock<[Localizer; 2]> = LazyLock::new(|| Language::ALL.map(Localizer::new));

/// What is looked for, made ready.
pub(super) struct Sieve {
    kinds: KindFilter,
    /// In lower case.
    words: Vec<String>,
    /// Tag and names of each parameter, in lower case.
    parameters: HashMap<ParameterId, String>,
}

impl Sieve {
    pub(super) fn new(filter: &RecordFilter, model: Option<&SiteModel>) -> Self {
        let words: Vec<String> = filter.words.split_whitespace().map(str::to_lowercase).collect();
        let parameters = model.filter(|_| !words.is_empty()).map_or_else(HashMap::new, |model| {
            let parameters = model.parameters.iter();
            parameters
                .map(|parameter| {
                    let names = format!("{} {} {}", parameter.tag, parameter.name.zh, parameter.name.en);
                    (parameter.id, names.to_lowercase())
                })
                .collect()
        });
        Self {
            kinds: filter.kinds.clone(),
            words,
            parameters,
        }
    }

    /// Whether every record passes.
    pub(super) fn takes_all(&self) -> bool {
        self.kinds == KindFilter::All && self.words.is_empty()
    }

    /// Whether only records pass that people made.
    pub(super) fn takes_people_only(&self) -> bool {
        match &self.kinds {
            KindFilter::All => false,
            KindFilter::ByPeople => true,
            // Of a name that is none no record is found, wherever it is looked for.
            KindFilter::Only(kind) => RecordKind::of(kind).is_none_or(RecordKind::is_by_people),
        }
    }

    /// The only kind that passes, if it is one.
    pub(super) fn kind(&self) -> Option<String> {
        match &self.kinds {
            KindFilter::Only(kind) => Some(kind.clone()),
            KindFilter::All | KindFilter::ByPeople => None,
        }
    }

    /// Whether a record passes.
    pub(super) fn takes(&self, record: &Record, listed: &Listed) -> bool {
        let kind = match &self.kinds {
            KindFilter::All => true,
            KindFilter::ByPeople => !listed.by_machine(),
            KindFilter::Only(kind) => listed.view.kind == *kind,
        };
        kind && (self.words.is_empty() || self.has_words(record, listed))
    }

    fn has_words(&self, record: &Record, listed: &Listed) -> bool {
        let view = &listed.view;
        let mut text = format!("#{} {} {}", view.sequence, view.kind, view.from);
        if let Some(actor) = &view.actor {
            let _ = write!(text, " {} {}", actor.user, actor.person.as_deref().unwrap_or_default());
        }
        let kind = kind_text(&view.kind).unwrap_or_else(|| Text::new("record-kind-unknown"));
        for language in &*LANGUAGES {
            let _ = write!(text, " {} {}", language.text(&kind), language.text(&view.what));
        }
        let text = text.to_lowercase();
        let missing = |word: &&String| !text.contains(word.as_str());
        let missing: Vec<&String> = self.words.iter().filter(missing).collect();
        // What machines bring is of every parameter, again and again.
        missing.is_empty() || (!listed.by_machine() && self.has_tags(record, &missing))
    }

    /// Whether each of these words is in a tag or name of one of the parameters that a record is about.
    fn has_tags(&self, record: &Record, words: &[&String]) -> bool {
        let decoded = record
            .payload
            .kept()
            .and_then(|payload| Event::decode(record.kind, record.version, payload).ok());
        let about: Vec<ParameterId> = match decoded {
            Some((_, Event::MeterChanged(changed))) => vec![changed.change.parameter],
            Some((_, Event::Noted(note))) => match note.about {
                About::Parameter(parameter) => vec![parameter],
                About::Site | About::Node(_) => Vec::new(),
            },
            Some((_, Event::AlarmsAnswered(answered))) => answered.alarms.iter().map(|alarm| alarm.parameter).collect(),
            Some((_, Event::Filled(filled))) => filled.decided.iter().map(|decided| decided.parameter).collect(),
            Some((_, event)) => slots_of(&event).into_iter().map(|(parameter, _)| parameter).collect(),
            None => Vec::new(),
        };
        let named = |word: &str| {
            let mut names = about.iter().filter_map(|parameter| self.parameters.get(parameter));
            names.any(|names| names.contains(word))
        };
        words.iter().all(|word| named(word.as_str()))
    }
}
