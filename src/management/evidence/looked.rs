//! What a rule looks at, one by one, and what comes of it.

use crate::domain::text::Text;

use super::rule::{Evidence, Rest, Rule, Subject, Verdict};

/// The most things that a verdict names.
const MOST_RESTS: usize = 200;

/// What a rule looks at, one by one.
#[derive(Default)]
pub(super) struct Looked {
    pub(super) sound: Vec<Rest>,
    against: Vec<Rest>,
    /// How many were looked at.
    pub(super) count: usize,
    /// How many of them are against it.
    pub(super) wrong: usize,
}

impl Looked {
    /// One was looked at: nothing, or what speaks against it.
    pub(super) fn at(&mut self, of: &Subject, against: Vec<Text>) {
        let rest = |what| Rest {
            of: of.clone(),
            what,
            is_against: true,
        };
        self.one(against.into_iter().map(rest).collect());
    }

    /// The same, where what speaks against it speaks of other things.
    pub(super) fn one(&mut self, against: Vec<Rest>) {
        self.count += 1;
        self.wrong += usize::from(!against.is_empty());
        self.against.extend(against);
    }

    /// The same, with what speaks for it where nothing speaks against it.
    pub(super) fn with(&mut self, of: &Subject, against: Option<Text>, sound: Text) {
        self.with_all(of, against.into_iter().collect(), sound);
    }

    /// The same, where several things may speak against it.
    pub(super) fn with_all(&mut self, of: &Subject, against: Vec<Text>, sound: Text) {
        if against.is_empty() {
            self.sound.push(Rest {
                of: of.clone(),
                what: sound,
                is_against: false,
            });
        }
        self.at(of, against);
    }

    /// Something that is worth saying and speaks neither for nor against.
    pub(super) fn remark(&mut self, of: &Subject, what: Text) {
        self.sound.push(Rest {
            of: of.clone(),
            what,
            is_against: false,
        });
    }

    /// What comes of it, in the words of the rule; where nothing was looked at, why not.
    pub(super) fn evidence(self, rule: Rule, says: &'static str, nothing: &'static str) -> Evidence {
        let text = Text::new(says)
            .with_count("sound", self.count - self.wrong)
            .with_count("of", self.count);
        self.saying(rule, text, nothing)
    }

    pub(super) fn saying(self, rule: Rule, says: Text, nothing: &'static str) -> Evidence {
        let verdict = match (self.count, self.wrong) {
            (0, _) => Verdict::NotEvaluable,
            (_, 0) => Verdict::Pass,
            _ => Verdict::Fail,
        };
        let more_against = self.against.len().saturating_sub(MOST_RESTS);
        let mut rests_on = self.against;
        rests_on.extend(self.sound);
        let more = rests_on.len().saturating_sub(MOST_RESTS);
        rests_on.truncate(MOST_RESTS);
        Evidence {
            rule,
            verdict,
            says: if verdict == Verdict::NotEvaluable {
                Text::new(nothing)
            } else {
                says
            },
            rests_on,
            more: u32::try_from(more).unwrap_or(u32::MAX),
            more_against: u32::try_from(more_against).unwrap_or(u32::MAX),
        }
    }
}

/// A share in hundredths of a per cent, for people.
pub(super) fn percent(hundredths: u32) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}
