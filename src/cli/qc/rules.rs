//! A rules file (检查规则文件), read: all faults at once, each with its place, what is wrong and what to do.

use rust_decimal::prelude::ToPrimitive;
use toml::de::DeTable;

use super::fields;
use crate::connect::mapping::{FileForm, MappingFault};
use crate::domain::reading::ParameterKind;
use crate::domain::text::{Explained, Text, clean};
use crate::domain::time::PlantZone;
use crate::locale::foreign::toml_reason;
use crate::quality::checks::attenuated::AttenuatedSettings;
use crate::quality::checks::band::BandSettings;
use crate::quality::checks::counter::CounterSettings;
use crate::quality::checks::flat::FlatSettings;
use crate::quality::checks::gap::GapSettings;
use crate::quality::checks::noise::NoiseSettings;
use crate::quality::checks::outlier::OutlierSettings;
use crate::quality::checks::range::RangeSettings;
use crate::quality::checks::rate::RateSettings;
use crate::quality::checks::repeated::RepeatedSettings;
use crate::quality::checks::shift::ShiftSettings;
use crate::quality::checks::spike::{SpikeLimit, SpikeMethod, SpikeSettings};
use crate::quality::checks::unit_slip::{COARSE_FACTORS, UnitSettings};
use crate::quality::defaults::{self, Known};
use crate::quality::profile::ProfileBy;
use crate::quality::qartod::QartodRules;
use crate::quality::together::{BalanceSettings, RatioSettings, TogetherSettings};
use crate::quality::{Rules, SettingsError, Span};
use crate::site::problem::Problems;
use crate::site::reader::Reader;
use crate::site::row::{Row, Value};

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
    /// The checks.
    pub(super) rules: Rules,
    /// The same by the conventions of QARTOD, as far as it has them.
    pub(super) qartod: QartodRules,
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

/// A number of a row.
fn number(row: &Row, key: &str) -> Option<f64> {
    row.number(key).and_then(|number| number.to_f64())
}

fn whole(row: &Row, key: &str, otherwise: u32) -> u32 {
    row.whole(key)
        .map_or(otherwise, |whole| u32::try_from(whole).unwrap_or(u32::MAX))
}

impl Maker<'_, '_> {
    fn refuse(&self, row: &Row, error: &SettingsError) {
        self.problems.push(
            row.fields.get(error.key()).map_or(row.at, |field| field.at),
            Text::new("site-unfit-value")
                .with("key", row.shape.name)
                .with_text("reason", error.text()),
            Text::new("qc-remedy-settings"),
        );
    }

    /// A value, or its refusal told.
    fn made<T>(&self, row: &Row, made: Result<T, SettingsError>) -> Option<T> {
        made.map_err(|error| self.refuse(row, &error)).ok()
    }

    fn span(&self, row: &Row, key: &'static str) -> Option<Span> {
        let span = row.row(key)?;
        let made = Span::new(key, number(span, "low"), number(span, "high"));
        made.map_err(|error| self.refuse(row, &error)).ok()
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
                        _ => {
                            self.unknown_channel(row, "load", wanted, &names);
                            return None;
                        }
                    },
                };
                let interval_ms = row.milliseconds("interval").unwrap_or(0);
                let rules = self.rules(row, zone, interval_ms, load.is_some(), clause)?;
                Some(ChannelRules {
                    name: name.value.clone(),
                    column: row.words("column").unwrap_or(&name.value).to_owned(),
                    interval_ms,
                    load,
                    rules,
                    qartod: self.qartod(row)?,
                })
            })
            .collect()
    }

    fn unknown_channel(&self, row: &Row, key: &str, wanted: &str, names: &[&str]) {
        self.problems.push(
            row.place(key),
            Text::new("qc-unknown-channel").with("name", clean(wanted)),
            crate::site::problem::remedy_for(wanted, names.iter().copied()),
        );
    }

    fn rules(
        &self,
        row: &Row,
        zone: PlantZone,
        interval_ms: i64,
        has_load: bool,
        clause: Option<&str>,
    ) -> Option<Rules> {
        let before = self.problems.count();
        let (sensor, operator) = row.row("range").map_or((None, None), |range| {
            (self.span(range, "sensor"), self.span(range, "operator"))
        });
        let counter = row.row("counter");
        let mut rules = match row.choice::<ParameterKind>("kind") {
            None => Rules::none(zone),
            Some(kind) => {
                let known = Known {
                    kind: Some(kind),
                    sensor,
                    operator,
                    interval_ms,
                    rollover: counter.and_then(|counter| number(counter, "rollover")),
                    has_load,
                    least_load: row.row("flat").and_then(|flat| number(flat, "least_load")),
                };
                // Contradictions are told below, where they are made.
                defaults::rules(zone, &known).unwrap_or_else(|_| Rules::none(zone))
            }
        };
        for check in row.words_of("without") {
            match check.value {
                "gap" => rules.gap = None,
                "range" => rules.range = None,
                "spike" => rules.spike = None,
                "flat" => rules.flat = None,
                "shift" => rules.shift = None,
                "counter" => rules.counter = None,
                "unit" => rules.unit = None,
                _ => rules.repeated = None,
            }
        }
        rules.clause = row.words("clause").or(clause).map(str::to_owned);
        match row.milliseconds("gap") {
            None => {}
            Some(0) => rules.gap = None,
            Some(longest) => rules.gap = self.made(row, GapSettings::new(longest)),
        }
        if let Some(range) = row.row("range") {
            rules.range = self.made(range, RangeSettings::new(sensor, operator));
        }
        if let Some(counter) = counter {
            let made = CounterSettings::new(number(counter, "rollover"), number(counter, "most_an_hour"));
            rules.counter = self.made(counter, made);
        }
        if let Some(spike) = row.row("spike") {
            rules.spike = self.spike(spike);
        }
        if let Some(rate) = row.row("rate") {
            rules.rate = number(rate, "suspect")
                .and_then(|suspect| self.made(rate, RateSettings::new(suspect, number(rate, "bad"))));
        }
        if let Some(flat) = row.row("flat") {
            rules.flat = self.flat(flat);
        }
        if let Some(attenuated) = row.row("attenuated") {
            rules.attenuated = self.attenuated(attenuated);
        }
        rules.bands = row.rows("band").iter().filter_map(|band| self.band(band)).collect();
        if let Some(outlier) = row.row("outlier") {
            let made = OutlierSettings::new(
                whole(outlier, "values", 61),
                number(outlier, "score").unwrap_or(3.5),
                number(outlier, "deviation").unwrap_or(0.0),
            );
            rules.outlier = self.made(outlier, made);
        }
        if let Some(noise) = row.row("noise")
            && let (Some(most), Some(window)) = (number(noise, "deviation"), noise.milliseconds("window"))
        {
            rules.noise = self.made(noise, NoiseSettings::new(most, window, whole(noise, "least", 5)));
        }
        if let Some(shift) = row.row("shift") {
            rules.shift = self.shift(shift, has_load);
        }
        if let Some(unit) = row.row("unit") {
            rules.unit = self.unit(unit);
        }
        if let Some(repeated) = row.row("repeated") {
            let made = RepeatedSettings::new(whole(repeated, "most", 1), self.span(repeated, "except"));
            rules.repeated = self.made(repeated, made);
        }
        (self.problems.count() == before).then_some(rules)
    }

    fn spike(&self, row: &Row) -> Option<SpikeSettings> {
        // What belongs to the other kind of limit would never speak.
        let stray = (row.has("suspect") && row.has("least")) || (row.has("times") && row.has("bad"));
        let limit = match (number(row, "suspect"), number(row, "times")) {
            (Some(suspect), None) if !stray => SpikeLimit::Fixed {
                suspect,
                bad: number(row, "bad"),
            },
            (None, Some(times)) if !stray => SpikeLimit::Usual {
                times,
                least: number(row, "least").unwrap_or(0.0),
            },
            _ if row.refused("suspect") || row.refused("times") => return None,
            _ => {
                self.problems
                    .push(row.at, Text::new("qc-spike-choice"), Text::new("qc-remedy-settings"));
                return None;
            }
        };
        self.made(row, SpikeSettings::new(spike_method(row), limit))
    }

    fn flat(&self, row: &Row) -> Option<FlatSettings> {
        let window = row.milliseconds("window")?;
        let tolerance = number(row, "tolerance").unwrap_or(0.0);
        let settings = FlatSettings::new(tolerance, window, row.milliseconds("bad"), whole(row, "least", 5));
        let settings = self.made(row, settings)?.idle(self.span(row, "idle"));
        self.made(row, settings.least_load(number(row, "least_load")))
    }

    fn attenuated(&self, row: &Row) -> Option<AttenuatedSettings> {
        let (deviation, window) = (number(row, "deviation")?, row.milliseconds("window")?);
        let made = AttenuatedSettings::new(deviation, window, whole(row, "least", 5), self.span(row, "idle"));
        self.made(row, made)
    }

    fn band(&self, row: &Row) -> Option<BandSettings> {
        let ends = |key| {
            let ends: Vec<u32> = row
                .list(key)
                .iter()
                .filter_map(|value| match value.value {
                    Value::Whole(whole) => u32::try_from(whole).ok(),
                    _ => None,
                })
                .collect();
            match ends.as_slice() {
                &[first, last] => Ok(Some((first, last))),
                [] if !row.has(key) => Ok(None),
                _ => Err(()),
            }
        };
        let (Ok(months), Ok(hours)) = (ends("months"), ends("hours")) else {
            self.problems
                .push(row.at, Text::new("qc-band-ends"), Text::new("qc-remedy-settings"));
            return None;
        };
        let usual = self.span(row, "usual")?;
        self.made(row, BandSettings::new(months, hours, self.span(row, "load"), usual))
    }

    fn shift(&self, row: &Row, has_load: bool) -> Option<ShiftSettings> {
        let by = match row.words("by") {
            Some("hour") => ProfileBy::HourOfDay,
            Some("nothing") => ProfileBy::Nothing,
            None if !has_load => ProfileBy::HourOfDay,
            _ => self.made(row, ProfileBy::load(whole(row, "steps", 12)))?,
        };
        if matches!(by, ProfileBy::Load { .. }) && !has_load {
            self.problems.push(
                row.place("by"),
                Text::new("qc-no-load"),
                Text::new("site-remedy-add-key").with("example", "load = \"CHANNEL\""),
            );
            return None;
        }
        let made = ShiftSettings::new(
            by,
            row.milliseconds("block")?,
            whole(row, "learn", 8),
            number(row, "weight").unwrap_or(0.2),
            number(row, "times").unwrap_or(1.5),
            row.milliseconds("follow"),
        );
        self.made(row, made)
    }

    fn unit(&self, row: &Row) -> Option<UnitSettings> {
        let factors: Vec<f64> = row
            .list("factors")
            .iter()
            .filter_map(|value| match &value.value {
                Value::Number(number) => number.to_f64(),
                _ => None,
            })
            .collect();
        let factors = if row.has("factors") {
            factors.as_slice()
        } else {
            &COARSE_FACTORS
        };
        self.made(row, UnitSettings::new(factors, row.milliseconds("window")?))
    }

    /// What QARTOD has of a channel's checks.
    fn qartod(&self, row: &Row) -> Option<QartodRules> {
        let mut rules = QartodRules::default();
        if let Some(range) = row.row("range") {
            rules = rules.range(self.span(range, "sensor"), self.span(range, "operator"));
        }
        if let Some(spike) = row.row("spike")
            && let Some(suspect) = number(spike, "suspect")
        {
            rules = self.made(spike, rules.spike(spike_method(spike), suspect, number(spike, "bad")))?;
        }
        if let Some(rate) = row.row("rate")
            && let Some(suspect) = number(rate, "suspect")
        {
            rules = self.made(rate, rules.rate(suspect, number(rate, "bad")))?;
        }
        if let Some(flat) = row.row("flat")
            && let Some(window) = flat.milliseconds("window")
        {
            let tolerance = number(flat, "tolerance").unwrap_or(0.0);
            rules = self.made(flat, rules.flat(tolerance, window, flat.milliseconds("bad")))?;
        }
        Some(rules)
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
            let (Some(above), Some(below), Some(usual)) = (channel("above"), channel("below"), self.span(row, "usual"))
            else {
                continue;
            };
            if let (Some(least), Some(window)) = (number(row, "least"), row.milliseconds("window")) {
                let made = RatioSettings::new(above, below, usual, least, window);
                all.extend(self.made(row, made).map(TogetherSettings::Ratio));
            }
        }
        all
    }
}

fn spike_method(row: &Row) -> SpikeMethod {
    match row.words("method") {
        Some("average") => SpikeMethod::Average,
        _ => SpikeMethod::Differential,
    }
}
