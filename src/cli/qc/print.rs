//! What was found, for people as episodes, for programs as a row of flags for each row and channel of the file.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::columns::Columns;
use super::flags::ChannelFlags;
use super::rules::RulesFile;
use crate::cli::format::OutputFormat;
use crate::cli::output::{Cell, Column, Table};
use crate::domain::text::{Text, clean};
use crate::domain::time::Instant;
use crate::locale::Localizer;
use crate::quality::episode::{Episode, episodes};
use crate::quality::finding::Finding;
use crate::quality::scheme::{self, Hj212Edition};
use crate::quality::{Check, Flag, Rule};

/// Pause that ends an episode where no interval is told, in milliseconds.
const PAUSE_MS: i64 = 3_600_000;

/// All that is told of a file.
pub(super) struct Told<'qc> {
    pub(super) rules: &'qc RulesFile,
    pub(super) columns: &'qc Columns,
    pub(super) channels: &'qc [ChannelFlags],
    /// Flags as the numbers of QARTOD.
    pub(super) as_numbers: bool,
}

/// What the system said of a row that could not be written, so that a reader who has enough is known as such.
fn written(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// A finding for programs. What is no finite number has none.
fn finding_json(finding: &Finding) -> Value {
    let number = |number: f64| number.is_finite().then(|| number.to_string());
    json!({
        "rule": finding.rule.code(),
        "flag": finding.flag.name(),
        "from": finding.from.to_string(),
        "to": finding.to.to_string(),
        "since": finding.since.to_string(),
        "value": number(finding.value),
        "limit": number(finding.limit),
        "reference": number(finding.reference),
        "window_s": finding.window_ms / 1000,
        "part": finding.part,
    })
}

/// One row and channel.
struct Row {
    channel: usize,
    line: u32,
    stamp: Option<Instant>,
    value: f64,
    flag: Flag,
    flags: Vec<(Check, Flag)>,
    /// Codes of what is wrong.
    causes: Vec<&'static str>,
    /// The rule that decided the flag.
    rule: Option<Rule>,
    arrivals: Vec<&'static str>,
    why: Vec<Text>,
    found: Vec<Finding>,
}

impl Told<'_> {
    /// Whether nothing was found and everything could be read.
    pub(super) fn is_clean(&self) -> bool {
        (0..self.channels.len()).all(|channel| self.flags(channel).all(|flag| !flag.is_raised()))
    }

    fn flags(&self, channel: usize) -> impl Iterator<Item = Flag> {
        let told = self.channels.get(channel);
        (0..self.columns.lines.len()).filter_map(move |row| told.map(|told| told.together(self.columns, channel, row)))
    }

    fn rows(&self) -> impl Iterator<Item = Row> {
        let channels = self.channels.len();
        (0..self.columns.lines.len())
            .flat_map(move |row| (0..channels).filter_map(move |channel| self.row(channel, row)))
    }

    fn row(&self, channel: usize, row: usize) -> Option<Row> {
        let told = self.channels.get(channel)?;
        let clause = self.rules.channels.get(channel)?.rules.clause.as_deref();
        let flag = told.together(self.columns, channel, row);
        let mut findings: Vec<&Finding> = told
            .of_rows
            .get(&row)
            .into_iter()
            .flatten()
            .filter_map(|place| told.findings.get(*place))
            .collect();
        // What weighs most first.
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.flag));
        let mut causes = Vec::new();
        let mut why = Vec::new();
        if let Some(reason) = self.columns.refused.get(&row) {
            causes.push("row.refused");
            why.push(reason.clone());
        } else if let Some(reason) = self.columns.unreadable.get(&(channel, row)) {
            causes.push("value.unreadable");
            why.push(reason.clone());
        }
        why.extend(self.columns.untold.get(&(channel, row)).cloned());
        for finding in &findings {
            if !causes.contains(&finding.rule.code()) {
                causes.push(finding.rule.code());
                why.push(finding.explained(clause, ""));
            }
        }
        Some(Row {
            channel,
            line: *self.columns.lines.get(row)?,
            stamp: *self.columns.stamps.get(row)?,
            value: self.columns.value(channel, row),
            flag,
            flags: told.flags.get(row)?.iter().collect(),
            causes,
            rule: findings
                .first()
                .filter(|finding| finding.flag == flag)
                .map(|finding| finding.rule),
            arrivals: told.arrivals.get(row)?.names().collect(),
            why,
            found: findings.into_iter().copied().collect(),
        })
    }

    fn shown(&self, flag: Flag) -> String {
        if self.as_numbers {
            scheme::qartod(flag).to_string()
        } else {
            flag.name().to_owned()
        }
    }

    fn name(&self, channel: usize) -> &str {
        self.rules.channels.get(channel).map_or("", |channel| &channel.name)
    }

    /// All rows as JSON.
    pub(super) fn json(&self, localizer: &Localizer, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{{\n\"simulated\": false,\n\"rows\": [")?;
        for (place, row) in self.rows().enumerate() {
            if place > 0 {
                writeln!(out, ",")?;
            }
            let checks: Map<String, Value> = row
                .flags
                .iter()
                .map(|(check, flag)| (check.name().to_owned(), json!(self.shown(*flag))))
                .collect();
            let status = scheme::opc_ua(row.flag, row.rule);
            let why: Vec<String> = row.why.iter().map(|why| localizer.for_programs(why)).collect();
            serde_json::to_writer(
                &mut *out,
                &json!({
                    "line": row.line,
                    "time": row.stamp.map(|stamp| stamp.to_string()),
                    "channel": self.name(row.channel),
                    "value": (!row.value.is_nan()).then(|| row.value.to_string()),
                    "flag": self.shown(row.flag),
                    "qartod": scheme::qartod(row.flag),
                    "hj212": scheme::hj212(Hj212Edition::E2017, row.flag, row.rule).to_string(),
                    "opc_ua": status.name,
                    "opc_ua_code": status.code,
                    "checks": checks,
                    "causes": row.causes,
                    "arrival": row.arrivals,
                    "why": why,
                    "findings": row.found.iter().map(finding_json).collect::<Vec<_>>(),
                }),
            )?;
        }
        writeln!(out, "\n]\n}}")
    }

    /// All rows as CSV.
    pub(super) fn csv(&self, localizer: &Localizer, out: &mut dyn Write) -> io::Result<()> {
        let mut writer = csv::Writer::from_writer(out);
        let asked: Vec<Check> = Check::ALL
            .into_iter()
            .filter(|check| {
                let mut all = self.channels.iter().flat_map(|told| &told.flags);
                all.any(|flags| flags.of(*check).is_some())
            })
            .collect();
        let begin = ["line", "time", "channel", "value", "flag", "qartod", "hj212", "opc_ua"];
        let end = ["causes", "arrival", "why", "simulated"];
        let checks = asked.iter().map(|check| check.name());
        writer
            .write_record(begin.into_iter().chain(checks).chain(end))
            .map_err(written)?;
        for row in self.rows() {
            let why: Vec<String> = row.why.iter().map(|why| localizer.for_programs(why)).collect();
            let mut fields = vec![
                row.line.to_string(),
                row.stamp.map(|stamp| stamp.to_string()).unwrap_or_default(),
                Cell::words(self.name(row.channel)).csv(localizer),
                if row.value.is_nan() {
                    String::new()
                } else {
                    row.value.to_string()
                },
                self.shown(row.flag),
                scheme::qartod(row.flag).to_string(),
                scheme::hj212(Hj212Edition::E2017, row.flag, row.rule).to_string(),
                scheme::opc_ua(row.flag, row.rule).name.to_owned(),
            ];
            fields.extend(asked.iter().map(|check| {
                let found = row.flags.iter().find(|(asked, _)| asked == check);
                found.map(|(_, flag)| self.shown(*flag)).unwrap_or_default()
            }));
            fields.push(row.causes.join(" "));
            fields.push(row.arrivals.join(" "));
            fields.push(Cell::words(why.join(" ")).csv(localizer));
            fields.push("false".to_owned());
            writer.write_record(&fields).map_err(written)?;
        }
        writer.flush()
    }

    /// The channels, and under them the episodes.
    pub(super) fn summary(&self, localizer: &Localizer, out: &mut dyn Write) -> io::Result<()> {
        let figures = |key: &'static str, title: &'static str| Column::figures(key, Text::new(title));
        let mut table = Table {
            simulated: false,
            columns: vec![
                Column::words("channel", "qc-column-channel"),
                figures("rows", "qc-column-rows"),
                figures("good", "quality-good"),
                figures("suspect", "quality-suspect"),
                figures("bad", "quality-bad"),
                figures("missing", "quality-missing"),
                figures("unknown", "quality-unknown"),
                figures("marks", "qc-column-arrivals"),
            ],
            rows: Vec::new(),
        };
        for (channel, told) in self.channels.iter().enumerate() {
            let count = |wanted: Flag| Cell::count(self.flags(channel).filter(|flag| *flag == wanted).count());
            let marked = told.arrivals.iter().filter(|arrival| arrival.names().next().is_some());
            table.rows.push(vec![
                Cell::words(self.name(channel)),
                Cell::count(told.flags.len()),
                count(Flag::Good),
                count(Flag::Suspect),
                count(Flag::Bad),
                count(Flag::Missing),
                count(Flag::Unknown),
                Cell::count(marked.count()),
            ]);
        }
        table.print(OutputFormat::Table, localizer, out)?;
        self.unusable(localizer, out)?;
        let mut table = Table {
            simulated: false,
            columns: vec![
                Column::words("channel", "qc-column-channel"),
                Column::words("from", "qc-column-from"),
                Column::words("to", "qc-column-to"),
                Column::words("check", "qc-column-check"),
                figures("findings", "qc-column-findings"),
                Column::words("worst", "qc-column-worst"),
            ],
            rows: Vec::new(),
        };
        let mut all: Vec<(usize, Episode)> = Vec::new();
        for (channel, (told, settings)) in self.channels.iter().zip(&self.rules.channels).enumerate() {
            let pause_ms = if settings.interval_ms > 0 {
                settings.interval_ms.saturating_mul(3)
            } else {
                PAUSE_MS
            };
            let found = episodes(&told.findings, pause_ms);
            all.extend(found.into_iter().map(|episode| (channel, episode)));
        }
        // What began first stands first: of one cause in many channels that is where to look.
        all.sort_by_key(|(channel, episode)| (episode.from, *channel, episode.check));
        for (channel, episode) in &all {
            let clause = self
                .rules
                .channels
                .get(*channel)
                .and_then(|channel| channel.rules.clause.as_deref());
            table.rows.push(self.episode(*channel, episode, clause));
        }
        if table.rows.is_empty() {
            return Ok(());
        }
        writeln!(out)?;
        table.print(OutputFormat::Table, localizer, out)
    }

    fn episode(&self, channel: usize, episode: &Episode, clause: Option<&str>) -> Vec<Cell> {
        let zone = Some(self.rules.zone);
        vec![
            Cell::words(self.name(channel)),
            Cell::Time(episode.from, zone),
            Cell::Time(episode.to, zone),
            Cell::Text(episode.worst.rule.check().text()),
            Cell::count(i64::from(episode.findings)),
            Cell::Text(episode.worst.explained(clause, "")),
        ]
    }

    /// Rows and cells that cannot be read, the first of them one by one.
    fn unusable(&self, localizer: &Localizer, out: &mut dyn Write) -> io::Result<()> {
        const MOST_TOLD: usize = 10;
        let refused = self.columns.refused.iter().map(|(row, why)| (*row, None, why));
        let unreadable = self.columns.unreadable.iter();
        let mut all: Vec<(usize, Option<usize>, &Text)> = refused
            .chain(unreadable.map(|((channel, row), why)| (*row, Some(*channel), why)))
            .collect();
        all.sort_by_key(|(row, channel, _)| (*row, *channel));
        for (row, channel, why) in all.iter().take(MOST_TOLD) {
            let text = match channel {
                None => Text::new("qc-unusable"),
                Some(channel) => Text::new("qc-unusable-cell").with("channel", clean(self.name(*channel))),
            };
            let text = text
                .with("line", self.columns.lines.get(*row).copied().unwrap_or(0))
                .with_text("why", (*why).clone());
            writeln!(out, "{}", localizer.text(&text))?;
        }
        if all.len() > MOST_TOLD {
            let text = Text::new("qc-more-unusable").with_count("count", all.len() - MOST_TOLD);
            writeln!(out, "{}", localizer.text(&text))?;
        }
        Ok(())
    }
}
