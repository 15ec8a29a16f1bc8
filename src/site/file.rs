//! Reads a whole `site.toml` into a proposal.

use std::collections::{BTreeMap, BTreeSet};

use toml::de::DeTable;

use super::build::build;
use super::check::check;
use super::fields;
use super::links::check_sources;
use super::plausible::check_plausible;
use super::problem::{Problem, Problems};
use super::reader::Reader;
use super::row::Row;
use super::vocabulary::Vocabulary;
use crate::domain::model::SiteModel;
use crate::domain::text::Text;
use crate::locale::foreign::toml_reason;

/// Longest `site.toml` that is read, in bytes.
pub const LARGEST_FILE: usize = 8 * 1024 * 1024;

/// Id of the text that tells of broken TOML.
const SYNTAX: &str = "site-syntax";

/// Sorts of objects that have permanent ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kept {
    Node,
    Meter,
    Parameter,
    Source,
    Product,
    Book,
}

impl Kept {
    pub(super) const ALL: [Self; 6] = [
        Self::Node,
        Self::Meter,
        Self::Parameter,
        Self::Source,
        Self::Product,
        Self::Book,
    ];

    /// The table in the file, and the key that names an object in it.
    pub(super) const fn table(self) -> (&'static str, &'static str) {
        match self {
            Self::Node => ("node", "key"),
            Self::Meter => ("meter", "key"),
            Self::Parameter => ("parameter", "tag"),
            Self::Source => ("source", "key"),
            Self::Product => ("product", "key"),
            Self::Book => ("book", "key"),
        }
    }
}

/// Line and column of something in the file, from 1.
pub(super) type Place = (usize, usize);

/// What a file says of one object beyond the model: its former name, and where its keys stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) was: Option<String>,
    pub(super) places: BTreeMap<&'static str, Place>,
}

impl Mark {
    fn of(row: &Row, keys: &[&'static str], problems: &Problems<'_>) -> Self {
        Self {
            was: keys
                .contains(&"was")
                .then(|| row.words("was").map(str::to_owned))
                .flatten(),
            places: keys.iter().map(|&key| (key, problems.place(row.place(key)))).collect(),
        }
    }

    pub(super) fn place(&self, key: &str) -> Place {
        self.places.get(key).copied().unwrap_or((1, 1))
    }
}

/// A model as a file proposes it, free of problems. Its objects have no permanent ids yet: [`super::assign`] gives them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The file's name as it was given.
    pub(super) file: String,
    /// The model with places in the file as ids.
    pub(super) draft: SiteModel,
    pub(super) site: Mark,
    pub(super) marks: BTreeMap<Kept, Vec<Mark>>,
    /// What is possible but was hardly meant.
    pub(super) warnings: Vec<Problem>,
}

impl Proposal {
    /// The proposed model. Its ids are places in the file, good only among themselves.
    pub fn draft(&self) -> &SiteModel {
        &self.draft
    }

    /// What is possible but was hardly meant, in the order of the file.
    pub fn warnings(&self) -> &[Problem] {
        &self.warnings
    }

    pub(super) fn mark(&self, sort: Kept, place: u32) -> Option<&Mark> {
        self.marks.get(&sort)?.get(usize::try_from(place).ok()?)
    }
}

/// Of a broken line only the first thing that is wrong: the others follow from it.
fn beside_broken_lines(found: Vec<Problem>) -> Vec<Problem> {
    let broken: BTreeSet<usize> = found
        .iter()
        .filter(|problem| problem.what.id == SYNTAX)
        .map(|problem| problem.line)
        .collect();
    let mut told = BTreeSet::new();
    found
        .into_iter()
        .filter(|problem| !broken.contains(&problem.line) || (problem.what.id == SYNTAX && told.insert(problem.line)))
        .collect()
}

/// Reads a `site.toml` from its bytes; see [`read`].
///
/// # Errors
/// As [`read`], and where the bytes are not UTF-8, the place of the first that is not.
pub fn read_bytes(bytes: &[u8], file: &str, rules: &dyn Vocabulary) -> Result<Proposal, Vec<Problem>> {
    match std::str::from_utf8(bytes) {
        Ok(text) => read(text, file, rules),
        Err(error) => {
            let valid = String::from_utf8_lossy(bytes.get(..error.valid_up_to()).unwrap_or_default());
            // One more character, so that the place after the last line break is a line.
            let text = format!("{valid}\u{fffd}");
            let problems = Problems::new(&text, file);
            problems.push(
                valid.len(),
                Text::new("site-not-utf8"),
                Text::new("site-remedy-not-utf8"),
            );
            Err(problems.into_sorted())
        }
    }
}

/// Reads a `site.toml`. `file` is its name for messages.
///
/// # Errors
/// All problems of the file at once, in its order and with its warnings: broken TOML, unknown and missing keys, unfit values, references that
/// lead nowhere, and what the rules do not know. After broken TOML only what certainly is wrong is told beside it.
pub fn read(text: &str, file: &str, rules: &dyn Vocabulary) -> Result<Proposal, Vec<Problem>> {
    let problems = Problems::new(text, file);
    if text.len() > LARGEST_FILE {
        let what = Text::new("site-file-too-large").with_count("bytes", text.len());
        problems.push(0, what, Text::new("site-remedy-file-too-large"));
        return Err(problems.into_sorted());
    }
    let (document, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let what = Text::new(SYNTAX).with_text("reason", toml_reason(error, text));
        let at = error.span().map_or(0, |span| span.start);
        problems.push(at, what, Text::new("site-remedy-syntax"));
    }
    let broken = !errors.is_empty();
    let reader = Reader {
        problems: &problems,
        broken,
    };
    let rows = reader.row(&fields::FILE, document.get_ref(), 0);
    if broken {
        return Err(beside_broken_lines(problems.into_sorted()));
    }
    let links = check(&rows, rules, &problems);
    check_sources(&rows, &links, rules, &problems);
    check_plausible(&problems, &rows, &links);
    let draft = if problems.is_empty() {
        build(&rows, &links, rules)
    } else {
        None
    };
    let Some(draft) = draft else {
        if problems.is_empty() {
            problems.push(0, Text::new("site-incomplete"), Text::new("site-remedy-incomplete"));
        }
        return Err(problems.into_sorted());
    };
    let keys_of = |sort: Kept| match sort {
        Kept::Parameter => ["tag", "was", "kind", "unit", "decimals"].as_slice(),
        _ => ["key", "was"].as_slice(),
    };
    let marks = Kept::ALL
        .into_iter()
        .map(|sort| {
            let (table, _) = sort.table();
            let marks = rows
                .rows(table)
                .iter()
                .map(|row| Mark::of(row, keys_of(sort), &problems))
                .collect();
            (sort, marks)
        })
        .collect();
    let site = rows
        .row("site")
        .map(|row| Mark::of(row, &["key", "zone", "simulated"], &problems));
    Ok(Proposal {
        file: file.to_owned(),
        draft,
        site: site.unwrap_or(Mark {
            was: None,
            places: BTreeMap::new(),
        }),
        marks,
        warnings: problems.into_sorted(),
    })
}
