//! How the words in the catalogue's rows are said in both languages. The rows of a site are those that its journal
//! adopted, in the words of then; only their showing is decided here.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::WORDING_FILE;
use super::load::parse;
use crate::domain::model::Name;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WordingFile {
    wording: Vec<Wording>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wording {
    text: String,
    zh: String,
    en: String,
}

/// The words of a row in both languages; words that are not known, such as those of a later catalogue, as they are.
pub fn in_both(words: &str) -> Name {
    static WORDINGS: OnceLock<HashMap<String, Name>> = OnceLock::new();
    let wordings = WORDINGS.get_or_init(|| {
        // The tests read the file too: a mistake in it does not ship.
        let file = parse(WORDING_FILE).unwrap_or(WordingFile { wording: Vec::new() });
        file.wording
            .into_iter()
            .map(|row| (row.text, Name { zh: row.zh, en: row.en }))
            .collect()
    });
    wordings.get(words).cloned().unwrap_or_else(|| Name {
        zh: words.to_owned(),
        en: words.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::rule_set;

    fn is_chinese(character: char) -> bool {
        ('\u{4e00}'..='\u{9fff}').contains(&character)
    }

    /// A designation such as `GB/T 32151.34-2024` or `5.2.5.2` says the same in every language.
    fn is_designation(words: &str) -> bool {
        !words
            .chars()
            .any(|character| is_chinese(character) || character.is_ascii_lowercase())
    }

    #[test]
    fn every_word_of_the_catalogue_is_said_in_both_languages() {
        let rules = rule_set().unwrap();
        let mut words: Vec<&str> = Vec::new();
        for factor in rules.factors() {
            words.extend([factor.document.as_str(), factor.table.as_str(), factor.notes.as_str()]);
        }
        for method in rules.methods() {
            words.extend([method.document.as_str(), method.table.as_str()]);
        }
        for set in rules.gwp_sets() {
            words.push(&set.document);
            words.extend(set.values.iter().map(|value| value.notes.as_str()));
        }
        assert!(words.len() > 100);
        for text in words {
            let said = in_both(text);
            if !is_designation(text) {
                assert!(said.zh.chars().any(is_chinese), "no Chinese for {text:?}");
            }
            let gloss = said.en.split(['(', '（']).next().unwrap();
            assert!(!gloss.chars().any(is_chinese), "no English for {text:?}");
        }
    }

    #[test]
    fn what_is_not_known_is_shown_as_it_is() {
        assert_eq!(in_both("contract 12").zh, "contract 12");
    }
}
