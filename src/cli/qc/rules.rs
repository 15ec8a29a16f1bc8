//! A rules file (检查规则文件), read: all faults at once, each with its place, what is wrong and what to do.

use std::collections::BTreeSet;

use rust_decimal::prelude::ToPrimitive;
use toml::de::DeTable;

use super::fields;
use crate::connect::mapping::{FileForm, MappingFault};
use crate::domain::checks::CheckPlan;
use crate::domain::reading::Origin;
use crate::domain::text::{Explained, Text, clean};
use crate::domain::time::{Instant, PlantZone};
use crate::locale::foreign::toml_reason;
use crate::quality::calibration::expired_from;
use crate::quality::defaults::Known;
use crate::quality::qartod::QartodRules;
use crate::quality::together::{BalanceSettings, PastSettings, RatioSettings, TogetherSettings};
use crate::quality::typing::TypingSettings;
use crate::quality::{self, Rules, SettingsError, Span};
use crate::site::checks;
use crate::site::problem::Problems;
use crate::site::reader::Reader;
use crate::site::row::{Row, choice};

/// A file with rules, checked.
#[derive(Debug)]
pub(super) struct RulesFile {
    /// Zone of local stamps, hours and months.
    pub(super) zone: PlantZone,
    /// How the file is written.
    pub(super) form: FileForm,
    /// The channels in the order of the file.
    pub(super) channels: Vec<ChannelRules>,
    /// Checks over several channels.
    pub(super) together: Vec<TogetherSettings>,
}

/// A channel with its checks.
#[derive(Debug)]
pub(super) struct ChannelRules {
    /// Its name.
    pub(super) name: String,
    /// The column in the file.
    pub(super) column: String,
    /// Expected time between two readings, in milliseconds; 0 where it is not told.
    pub(super) interval_ms: i64,
    /// Place of the channel that tells the load.
    pub(super) load: Option<usize>,
    /// When typed values are to be asked about.
    pub(super) typing: Option<TypingSettings>,
    /// Column that tells when a value was typed.
    pub(super) typed_at: Option<String>,
    /// Column that tells by which way a value came.
    pub(super) origin: Option<String>,
    /// Ways by which values may come; any where there are none.
    pub(super) origins: Vec<Origin>,
    /// When the calibration of its meter has run out.
    pub(super) expired: Option<Instant>,
    /// The checks.
    pub(super) rules: Rules,
    /// The same by the conventions of QARTOD, as far as it has them.
    pub(super) qartod: QartodRules,
    /// Checks that the file asks for and QARTOD's conventions here have not.
    beyond_qartod: Vec<&'static str>,
}

/// Checks of a channel that the conventions of QARTOD have not.
const BEYOND_QARTOD: &[&str] = &[
    "gap",
    "attenuated",
    "band",
    "outlier",
    "noise",
    "shift",
    "counter",
    "unit",
    "repeated",
    "published",
    "calibrated_until",
    "typing",
    "origins",
];

impl RulesFile {
    /// The checks that the file asks for and that are not made by the conventions of QARTOD.
    pub(super) fn beyond_qartod(&self) -> Vec<&'static str> {
        let of_channels = self.channels.iter().flat_map(|channel| &channel.beyond_qartod).copied();
        let together = self.together.iter().map(|settings| match settings {
            TogetherSettings::Balance(_) => "balance",
            TogetherSettings::Ratio(_) => "ratio",
        });
        let all: BTreeSet<&str> = of_channels.chain(together).collect();
        all.into_iter().collect()
    }
}

/// Reads a rules file. `file` is its name, for the faults.
pub(super) fn read(file: &str, text: &str) -> Result<RulesFile, Vec<Text>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let problems = Problems::new(text, file);
    let (document, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let what = Text::new("site-syntax").with_text("reason", toml_reason(error, text));
        let at = error.span().map_or(0, |span| span.start);
        problems.push(at, what, Text::new("site-remedy-syntax"));
    }
    let broken = !errors.is_empty();
    let reader = Reader {
        problems: &problems,
        broken,
    };
    let row = reader.row(&fields::RULES, document.get_ref(), 0);
    let structure = problems.count();
    let maker = Maker { problems: &problems };
    let zone = row.zone("zone").unwrap_or(PlantZone::UTC);
    let (channels, together) = if broken {
        (Vec::new(), Vec::new())
    } else {
        (maker.channels(&row, zone), maker.together(&row))
    };
    // The table of the file has its own reader, which needs every key of it in the right form.
    let form = match row.row("file") {
        Some(_) if structure == 0 => FileForm::parse(file, text),
        _ => Err(Vec::new()),
    };
    match form {
        Ok(form) if problems.is_empty() => Ok(RulesFile {
            zone,
            form,
            channels,
            together,
        }),
        other => Err(told(problems, &other.err().unwrap_or_default())),
    }
}

/// All faults in the order of the file.
fn told(problems: Problems<'_>, faults: &[MappingFault]) -> Vec<Text> {
    let mut all: Vec<(usize, usize, Text)> = problems
        .into_sorted()
        .iter()
        .map(|problem| (problem.line, problem.column, problem.text()))
        .collect();
    let place = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    all.extend(
        faults
            .iter()
            .map(|fault| (place(fault.line), place(fault.column), fault.text())),
    );
    all.sort_by_key(|(line, column, _)| (*line, *column));
    all.into_iter().map(|(_, _, text)| text).collect()
}

/// Makes settings of rows; what is refused becomes a problem at the key that it is about.
struct Maker<'p, 't> {
    problems: &'p Problems<'t>,
}

/// Checks that a channel asks for and that the conventions of QARTOD have not. A spike by the channel's own steps is none of
/// theirs either, and they know no standstill.
fn beyond_qartod(row: &Row) -> Vec<&'static str> {
    let mut beyond: Vec<&str> = BEYOND_QARTOD.iter().copied().filter(|key| row.has(key)).collect();
    if row.row("spike").is_some_and(|spike| spike.has("times")) {
        beyond.push("spike");
    }
    if row.row("rate").is_some_and(|rate| rate.has("idle")) {
        beyond.push("rate.idle");
    }
    beyond
}

/// A number of a row.
fn number(row: &Row, key: &str) -> Option<f64> {
    row.number(key).and_then(|number| number.to_f64())
}

impl Maker<'_, '_> {
    /// A value, or its refusal told.
    fn made<T>(&self, row: &Row, made: Result<T, SettingsError>) -> Option<T> {
        made.map_err(|error| checks::refuse(self.problems, row, &error)).ok()
    }

    fn span(&self, row: &Row, key: &'static str) -> Option<Span> {
        let span = row.row(key)?;
        self.made(row, Span::new(key, number(span, "low"), number(span, "high")))
    }

    fn channels(&self, file: &Row, zone: PlantZone) -> Vec<ChannelRules> {
        let rows = file.named("channel");
        let names: Vec<&str> = rows.iter().map(|(name, _)| name.value.as_str()).collect();
        let clause = file.words("clause");
        rows.iter()
            .filter_map(|(name, row)| {
                let load = match row.words("load") {
                    None => None,
                    Some(wanted) => match names.iter().position(|name| *name == wanted) {
                        Some(place) if wanted != name.value => Some(place),
                        Some(_) => {
                            self.problems.push(
                                row.place("load"),
                                Text::new("qc-own-load").with("name", clean(wanted)),
                                Text::new("qc-remedy-own-load"),
                            );
                            return None;
                        }
                        None => {
                            self.unknown_channel(row, "load", wanted, &names);
                            return None;
                        }
                    },
                };
                let interval_ms = row.milliseconds("interval").unwrap_or(0);
                self.beside(row);
                let (plan, rules, qartod) = self.rules(row, zone, interval_ms, load.is_some(), clause)?;
                let typing = plan
                    .typing
                    .set()
                    .and_then(|_| quality::plan::typing(&plan, interval_ms));
                let expired = row
                    .date("calibrated_until")
                    .and_then(|until| expired_from(until, &zone));
                let typed_at = row.row("typing").and_then(|typing| typing.words("at"));
                Some(ChannelRules {
                    typing,
                    typed_at: typed_at.map(str::to_owned),
                    origin: row.words("origin").map(str::to_owned),
                    origins: row.words_of("origins").filter_map(|word| choice(word.value)).collect(),
                    expired,
                    name: name.value.clone(),
                    column: row.words("column").unwrap_or(&name.value).to_owned(),
                    interval_ms,
                    load,
                    rules,
                    qartod,
                    beyond_qartod: beyond_qartod(row),
                })
            })
            .collect()
    }

    /// What is asked of columns beside the values says nothing without them.
    fn beside(&self, row: &Row) {
        let lacks = |at: usize, key: &'static str, example: &'static str| {
            self.problems.push(
                at,
                Text::new("qc-says-nothing").with("key", key),
                Text::new("site-remedy-add-key").with("example", example),
            );
        };
        let typing = row.row("typing");
        if row.has("origins") && !row.has("origin") {
            lacks(row.place("origins"), "origins", "origin = \"COLUMN\"");
        }
        if row.has("origin") && !row.has("origins") && typing.is_none() {
            lacks(row.place("origin"), "origin", "origins = [\"typed\"]");
        }
        let Some(typing) = typing else { return };
        for key in ["late", "rounds", "within"] {
            if typing.has(key) && !typing.has("at") {
                lacks(typing.place(key), key, "at = \"COLUMN\"");
            }
        }
        if typing.has("rounds") && !row.has("interval") {
            lacks(typing.place("rounds"), "rounds", "interval = \"8 h\"");
        }
    }

    fn unknown_channel(&self, row: &Row, key: &str, wanted: &str, names: &[&str]) {
        self.problems.push(
            row.place(key),
            Text::new("qc-unknown-channel").with("name", clean(wanted)),
            crate::site::problem::remedy_for(wanted, names.iter().copied()),
        );
    }

    /// The checks of a channel; `clause` is that of the file.
    fn rules(
        &self,
        row: &Row,
        zone: PlantZone,
        interval_ms: i64,
        has_load: bool,
        clause: Option<&str>,
    ) -> Option<(CheckPlan, Rules, QartodRules)> {
        let known = Known {
            kind: row.choice("kind"),
            sensor: None,
            operator: None,
            interval_ms,
            rollover: row.row("counter").and_then(|counter| number(counter, "rollover")),
            has_load,
            least_load: None,
            published: None,
        };
        let (plan, mut rules) = checks::planned(self.problems, row, zone, &known)?;
        rules.clause = rules.clause.or_else(|| clause.map(str::to_owned));
        let qartod = quality::plan::qartod(&plan).map_err(|refused| checks::tell(self.problems, row, &refused));
        let qartod = qartod.ok()?;
        Some((plan, rules, qartod))
    }

    fn together(&self, file: &Row) -> Vec<TogetherSettings> {
        let names: Vec<&str> = file
            .named("channel")
            .iter()
            .map(|(name, _)| name.value.as_str())
            .collect();
        let place = |row: &Row, key: &str, wanted: &str| {
            let found = names.iter().position(|name| *name == wanted);
            if found.is_none() {
                self.unknown_channel(row, key, wanted, &names);
            }
            found
        };
        let mut all = Vec::new();
        for row in file.rows("balance") {
            let side = |key: &str, sign: f64| -> Vec<(usize, f64)> {
                row.words_of(key)
                    .filter_map(|name| Some((place(row, key, name.value)?, sign)))
                    .collect()
            };
            let mut terms = side("left", 1.0);
            terms.extend(side("right", -1.0));
            let Some(window) = row.milliseconds("window") else {
                continue;
            };
            let made = BalanceSettings::new(
                terms,
                number(row, "relative").unwrap_or(0.0),
                number(row, "absolute").unwrap_or(0.0),
                window,
            );
            all.extend(self.made(row, made).map(TogetherSettings::Balance));
        }
        for row in file.rows("ratio") {
            let channel = |key: &str| place(row, key, row.words(key)?);
            let (Some(above), Some(below)) = (channel("above"), channel("below")) else {
                continue;
            };
            let past = row.row("against_past").and_then(|past| {
                let windows = past.whole("windows").and_then(|windows| u32::try_from(windows).ok());
                self.made(past, PastSettings::new(number(past, "share")?, windows?))
            });
            // What was given and refused has been told.
            let usual = self.span(row, "usual");
            if usual.is_none() && row.has("usual") || past.is_none() && row.has("against_past") {
                continue;
            }
            if let (Some(least), Some(window)) = (number(row, "least"), row.milliseconds("window")) {
                let made = RatioSettings::new((above, below), usual, past, least, window);
                all.extend(self.made(row, made).map(TogetherSettings::Ratio));
            }
        }
        all
    }
}
