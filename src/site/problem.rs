//! Problems of a `site.toml`: where, what, and what to do; and the nearest known word to a misspelt one.

use std::cell::RefCell;
use std::fmt;

use crate::domain::text::{Explained, Text, clean};

/// Whether a model with a problem can be put in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// It cannot.
    Error,
    /// It can, but was hardly meant so.
    Warning,
}

/// One thing that is wrong in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file's name as it was given.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Whether it can be put in force all the same.
    pub severity: Severity,
    /// What is wrong.
    pub what: Text,
    /// What to do about it.
    pub remedy: Text,
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}:{}:{}: {} — {}",
            clean(&self.file),
            self.line,
            self.column,
            self.what,
            self.remedy
        )
    }
}

impl Explained for Problem {
    fn text(&self) -> Text {
        let text = match self.severity {
            Severity::Error => Text::new("site-problem"),
            Severity::Warning => Text::new("site-warning"),
        };
        text.with("file", clean(&self.file))
            .with("line", self.line)
            .with("column", self.column)
            .with_text("what", self.what.clone())
            .with_text("remedy", self.remedy.clone())
    }
}

/// Collects problems by byte offset and turns offsets into lines and columns.
pub(crate) struct Problems<'t> {
    file: &'t str,
    text: &'t str,
    /// Byte offset at which each line starts.
    starts: Vec<usize>,
    found: RefCell<Vec<Problem>>,
}

impl<'t> Problems<'t> {
    pub(crate) fn new(text: &'t str, file: &'t str) -> Self {
        let starts = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        Self {
            file,
            text,
            starts,
            found: RefCell::new(Vec::new()),
        }
    }

    /// Line and column, both from 1, of a byte offset; offsets past the end are taken at the end.
    pub(crate) fn place(&self, at: usize) -> (usize, usize) {
        // The place after the last line break is no line of the file.
        let last = self.text.len() - usize::from(self.text.ends_with('\n'));
        let at = at.min(last);
        let line = self.starts.partition_point(|&start| start <= at).max(1);
        let start = self.starts.get(line - 1).copied().unwrap_or(0);
        let before = self.text.get(start..).map_or(0, |rest| {
            rest.char_indices()
                .take_while(|&(place, character)| start + place < at && character != '\n')
                // Editors do not count a byte-order mark.
                .filter(|&(place, character)| start + place > 0 || character != '\u{feff}')
                .count()
        });
        let column = before + 1;
        (line, column)
    }

    /// Adds an error.
    pub(crate) fn push(&self, at: usize, what: Text, remedy: Text) {
        self.add(Severity::Error, at, what, remedy);
    }

    /// Adds a warning.
    pub(crate) fn warn(&self, at: usize, what: Text, remedy: Text) {
        self.add(Severity::Warning, at, what, remedy);
    }

    fn add(&self, severity: Severity, at: usize, what: Text, remedy: Text) {
        let (line, column) = self.place(at);
        self.found.borrow_mut().push(Problem {
            file: self.file.to_owned(),
            line,
            column,
            severity,
            what,
            remedy,
        });
    }

    /// How many errors there are.
    pub(crate) fn count(&self) -> usize {
        let found = self.found.borrow();
        found
            .iter()
            .filter(|problem| problem.severity == Severity::Error)
            .count()
    }

    /// Whether nothing stands against putting the model in force.
    pub(crate) fn is_empty(&self) -> bool {
        self.count() == 0
    }

    /// All problems in the order of the file.
    pub(crate) fn into_sorted(self) -> Vec<Problem> {
        let mut found = self.found.into_inner();
        found.sort_by_key(|problem| (problem.line, problem.column));
        found
    }
}

/// The known word that was probably meant, if one is near enough.
pub(crate) fn nearest<'k>(given: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    const LONGEST: usize = 64;
    let given: Vec<char> = given.to_lowercase().chars().take(LONGEST).collect();
    // Of two letters every other word of two letters would be near.
    let allowed = if given.len() < 3 { 0 } else { given.len() / 3 };
    known
        .into_iter()
        .map(|word| {
            let letters: Vec<char> = word.to_lowercase().chars().take(LONGEST).collect();
            (distance(&given, &letters), word)
        })
        .filter(|&(steps, word)| steps <= allowed && steps < word.chars().count())
        .min_by_key(|&(steps, _)| steps)
        .map(|(_, word)| word)
}

/// Levenshtein's distance.
fn distance(left: &[char], right: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (place, mine) in left.iter().enumerate() {
        let mut diagonal = place;
        let mut before = place + 1;
        let mut next = vec![before];
        for (theirs, &above) in right.iter().zip(row.iter().skip(1)) {
            let steps = (diagonal + usize::from(mine != theirs)).min(above + 1).min(before + 1);
            next.push(steps);
            diagonal = above;
            before = steps;
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

/// What to do about an unknown word: the near one, or the list of those that are known.
pub(crate) fn remedy_for<'k>(given: &str, known: impl IntoIterator<Item = &'k str> + Clone) -> Text {
    const MOST_LISTED: usize = 12;
    if let Some(word) = nearest(given, known.clone()) {
        return Text::new("site-remedy-meant").with("word", clean(word));
    }
    let listed: Vec<&str> = known.clone().into_iter().take(MOST_LISTED).collect();
    if listed.is_empty() {
        return Text::new("site-remedy-none-known");
    }
    let more = if known.into_iter().nth(MOST_LISTED).is_some() {
        " …"
    } else {
        ""
    };
    Text::new("site-remedy-known").with("words", format!("{}{more}", clean(&listed.join(", "))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_lines_and_characters_from_one() {
        let text = "a = 1\n锅炉 = 2\r\nz";
        let problems = Problems::new(text, "site.toml");
        assert_eq!(problems.place(0), (1, 1));
        assert_eq!(problems.place(text.find('=').unwrap()), (1, 3));
        assert_eq!(problems.place(text.find("= 2").unwrap()), (2, 4));
        assert_eq!(problems.place(text.len() - 1), (3, 1));
        assert_eq!(problems.place(9999), (3, 2));
        assert_eq!(Problems::new("", "f").place(0), (1, 1));
        assert_eq!(Problems::new("\u{feff}ab", "f").place(4), (1, 2));
    }

    #[test]
    fn the_nearest_word_is_offered_only_when_near() {
        let known = ["multiplier", "rollover", "name"];
        assert_eq!(nearest("multipler", known), Some("multiplier"));
        assert_eq!(nearest("Name", known), Some("name"));
        assert_eq!(nearest("nmae", known), None);
        assert_eq!(nearest("temperature", known), None);
        assert_eq!(nearest("六值", ["一值", "二值"]), None);
        assert_eq!(nearest("co2", ["CO2", "CH4"]), Some("CO2"));
    }
}
