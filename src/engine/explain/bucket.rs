//! A bucket opened into the stretches between its readings, each with the arithmetic of its share.

use crate::accounting::quantity::Share;
use crate::domain::identity::ParameterId;
use crate::domain::model::{Parameter, SiteModel};
use crate::domain::period::Period;
use crate::domain::reading::{ParameterKind, Verdict, Version};
use crate::domain::text::Text;
use crate::domain::time::{Hour, Instant};
use crate::engine::command::Refusal;
use crate::engine::history::History;
use crate::engine::models::WindowKey;
use crate::engine::readings::Side;
use crate::engine::series::{PostingRule, Series, Stretch, point};
use crate::engine::tested::Test;
use crate::engine::view::{Explanation, Part, Target};
use crate::engine::{Broken, Engine};

use super::numbers::{minutes, quantity_in_unit, quantity_unit, result, share, share_unit, shown, time_conversion};
use super::reading::{origin_of, slot_label, value_of, verdict_text};
use super::stretch::{brackets, of_amount, of_stretch, rule_of_counter};
use super::substitute::substitute_part;
use super::{MOST_PARTS, described, joined};

/// The most shares that are added up in one line.
const MOST_SUMMANDS: usize = 12;

/// A line of a bucket: what it is, and how much it gives.
struct Line {
    part: Part,
    share: Option<i128>,
}

impl Engine {
    pub(super) fn explain_bucket(
        &self,
        history: &dyn History,
        model: &SiteModel,
        parameter: ParameterId,
        hour: Hour,
    ) -> Result<Explanation, Refusal> {
        let described = described(model, parameter)?;
        let series = self.series(parameter)?;
        let mut explanation = Explanation {
            target: Target::Bucket { parameter, hour },
            title: Text::new("explain-bucket")
                .with("tag", &described.tag)
                .with_name("name", &described.name)
                .with_period("period", Period::Hour(hour)),
            value: None,
            unit: Some(quantity_unit(described).symbol().to_owned()),
            formula: None,
            numbers: None,
            remarks: Vec::new(),
            parts: Vec::new(),
        };
        if series.kind == ParameterKind::Property {
            return self.explain_month_of_tests(history, described, hour, explanation);
        }
        let posted = self.posted(history, parameter, hour, true)?;
        let bucket = posted.bucket;
        let lines = if series.is_paired() {
            self.paired_lines(history, series, described, hour)?
        } else {
            self.own_lines(history, series, described, hour)?
        };
        if bucket.exists() {
            let value = quantity_in_unit(described, bucket.quantity);
            explanation.value = Some(shown(value));
            explanation.formula = Some(formula(series, hour, self).to_owned());
            // The stretch that reaches over a seal may have changed since: its share of a sealed hour has not.
            let of_lines: i128 = lines.iter().filter_map(|line| line.share).sum();
            if self.is_sealed(hour) && of_lines != bucket.quantity {
                explanation.remarks.push(
                    Text::new("explain-sealed-readings")
                        .with("value", shown(quantity_in_unit(described, of_lines)))
                        .with("unit", quantity_unit(described)),
                );
            } else {
                explanation.numbers = Some(sum_of(described, bucket.quantity, &lines));
            }
            if series.expects_coverage {
                let to_come = self.to_come_ms(series, hour).min(bucket.missing_ms());
                let missing = bucket.missing_ms() - to_come;
                let told = [("bucket-missing", missing), ("bucket-to-come", to_come)];
                explanation.remarks.extend(
                    told.into_iter()
                        .filter(|(_, length)| *length > 0)
                        .map(|(text, length)| Text::new(text).with("minutes", minutes(length))),
                );
            }
        } else if series.kind == ParameterKind::State {
            explanation.remarks.push(Text::new("quantity-none"));
        } else {
            explanation.remarks.push(Text::new("bucket-nothing"));
        }
        let is_rounded = |line: &Line| {
            line.part
                .numbers
                .as_deref()
                .is_some_and(|numbers| numbers.contains('['))
        };
        if lines.iter().any(is_rounded) {
            explanation.remarks.push(brackets(described));
        }
        let left_out = lines.get(MOST_PARTS..).unwrap_or_default();
        if !left_out.is_empty() {
            let sum = left_out.iter().filter_map(|line| line.share).sum();
            explanation.remarks.push(
                Text::new("bucket-left-out")
                    .with_count("count", left_out.len())
                    .with("sum", shown(share(described, sum)))
                    .with("unit", share_unit(described)),
            );
        }
        explanation.parts = lines.into_iter().take(MOST_PARTS).map(|line| line.part).collect();
        // What stands in for the rest is told beside what was measured; it is no part of it.
        explanation
            .parts
            .extend(substitute_part(self, described, hour, &posted));
        let (start, end) = (self.zone.hour_start(hour), self.zone.hour_start(hour.next()));
        // Where the meter was changed within the hour each line names its own.
        if let Some(rule) = series.counter_rule_at(start)
            && series.counter_rule_at(end) == Some(rule)
        {
            explanation.remarks.push(rule_of_counter(described, rule));
        }
        self.remark_meter(history, (model, described), (end, end.plus(-1)), &mut explanation)?;
        Ok(explanation)
    }

    /// How much of an hour cannot have been read yet: what is after now, and after the newest reading as long as the next
    /// one need not be there.
    pub(super) fn to_come_ms(&self, series: &Series, hour: Hour) -> i64 {
        let (start, end) = (self.zone.hour_start(hour), self.zone.hour_start(hour.next()));
        let newest = series.row.newest.map(|newest| newest.slot.end());
        let read = newest.filter(|read| self.now.since(*read) <= series.hold_ms);
        end.since(read.unwrap_or(self.now).min(self.now).max(start)).max(0)
    }

    /// A property has no quantity: its tests of the month around an hour.
    fn explain_month_of_tests(
        &self,
        history: &dyn History,
        parameter: &Parameter,
        hour: Hour,
        mut explanation: Explanation,
    ) -> Result<Explanation, Refusal> {
        explanation.title = Text::new("explain-tested")
            .with("tag", &parameter.tag)
            .with_name("name", &parameter.name)
            .with_period("period", Period::Month(self.zone.month_of(hour)));
        let (from, to) = self.window_hours(WindowKey::Month, hour);
        for test in self.tests_between(history, parameter.id, from, to)? {
            explanation.parts.push(self.test_part(history, parameter, &test)?);
        }
        Ok(explanation)
    }

    /// The stretches between neighbouring readings that touch an hour, and the readings that count for nothing.
    fn paired_lines(
        &self,
        history: &dyn History,
        series: &Series,
        parameter: &Parameter,
        hour: Hour,
    ) -> Result<Vec<Line>, Refusal> {
        let (start, end) = (self.zone.hour_start(hour), self.zone.hour_start(hour.next()));
        let mut versions = self.tops_between(history, parameter.id, start, end)?;
        let block = series.block_of(hour);
        let first = versions.first().map_or(start, |version| version.slot.at);
        let before = self.counting_near(
            history,
            parameter.id,
            block,
            |version| version.slot.at < first,
            Side::Before,
        )?;
        let after = self.counting_near(
            history,
            parameter.id,
            block,
            |version| version.slot.at >= end,
            Side::After,
        )?;
        versions.splice(0..0, before);
        versions.extend(after);
        let mut lines = Vec::new();
        let mut before: Option<Version> = None;
        for version in versions {
            if version.verdict != Verdict::Counts {
                lines.push(excluded_line(parameter, &version));
                continue;
            }
            if let Some(before) = before {
                for stretch in series.stretches(point(&before), point(&version)) {
                    if stretch.from < stretch.to && stretch.from < end && stretch.to > start {
                        lines.push(self.stretch_line(parameter, &before, &stretch, hour));
                    }
                }
            }
            before = Some(version);
        }
        if let Some(last) = before {
            let remark = if last.slot.at >= end || lines.iter().any(|line| line.share.is_some()) {
                "bucket-closing"
            } else {
                "bucket-alone"
            };
            lines.push(Line {
                part: Part {
                    label: slot_label(last.slot),
                    value: None,
                    unit: None,
                    numbers: None,
                    remark: Some(joined(vec![
                        Text::new(remark)
                            .with("value", value_of(parameter, &last))
                            .with("unit", parameter.unit.symbol()),
                        origin_of(&last),
                    ])),
                    target: Some(Target::Reading {
                        parameter: parameter.id,
                        slot: last.slot,
                    }),
                },
                share: None,
            });
        }
        Ok(lines)
    }

    /// A stretch with what it gives to an hour. It opens the reading, or the record of the meter change, that begins it.
    fn stretch_line(&self, parameter: &Parameter, before: &Version, stretch: &Stretch<'_>, hour: Hour) -> Line {
        let (start, end) = (self.zone.hour_start(hour), self.zone.hour_start(hour.next()));
        let mut given = 0;
        stretch.shares(&self.zone, &mut |share: Share| {
            if share.hour == hour {
                given += share.quantity;
            }
        });
        let reckoned = of_stretch(parameter, stretch, (start, end));
        let mut remarks = reckoned.remarks;
        let changes = stretch.begins_with.is_some() || stretch.ends_with.is_some();
        if let (true, PostingRule::Counter(rule)) = (changes, stretch.rule) {
            remarks.push(rule_of_counter(parameter, rule));
        }
        if stretch.begins_with.is_none() {
            remarks.push(origin_of(before));
        }
        let target = match stretch.begins_with {
            None => Target::Reading {
                parameter: parameter.id,
                slot: before.slot,
            },
            Some(change) => Target::Record {
                sequence: change.sequence,
            },
        };
        Line {
            part: Part {
                label: Text::new("reading-interval")
                    .with_instant("from", stretch.from)
                    .with_instant("to", stretch.to),
                value: Some(shown(share(parameter, given))),
                unit: Some(share_unit(parameter)),
                numbers: reckoned.numbers,
                remark: Some(joined(remarks)),
                target: Some(target),
            },
            share: Some(given),
        }
    }

    /// The readings that touch an hour and stand for themselves, each with its share.
    fn own_lines(
        &self,
        history: &dyn History,
        series: &Series,
        parameter: &Parameter,
        hour: Hour,
    ) -> Result<Vec<Line>, Refusal> {
        let (start, end) = (self.zone.hour_start(hour), self.zone.hour_start(hour.next()));
        let mut lines = Vec::new();
        for version in self.tops_between(history, parameter.id, start, end)? {
            if version.verdict != Verdict::Counts {
                lines.push(excluded_line(parameter, &version));
                continue;
            }
            let counts = series.kind == ParameterKind::Amount;
            let mut given = 0;
            if counts {
                Series::own_shares(&self.zone, version.slot, version.value, &mut |share: Share| {
                    if share.hour == hour {
                        given += share.quantity;
                    }
                });
            }
            let interval = (version.slot.at, version.slot.end());
            lines.push(Line {
                part: Part {
                    label: slot_label(version.slot),
                    value: Some(if counts {
                        shown(share(parameter, given))
                    } else {
                        value_of(parameter, &version)
                    }),
                    unit: Some(share_unit(parameter)),
                    numbers: counts.then(|| of_amount(parameter, version.value, interval, (start, end))),
                    remark: Some(self.origin_with_document(history, parameter.id, &version)?),
                    target: Some(Target::Reading {
                        parameter: parameter.id,
                        slot: version.slot,
                    }),
                },
                share: counts.then_some(given),
            });
        }
        Ok(lines)
    }

    /// A tested value with the time for which it holds, and the document that says it.
    pub(super) fn test_part(&self, history: &dyn History, parameter: &Parameter, test: &Test) -> Result<Part, Broken> {
        let version = &test.version;
        Ok(Part {
            label: slot_label(version.slot),
            value: Some(value_of(parameter, version)),
            unit: Some(parameter.unit.symbol().to_owned()),
            numbers: None,
            remark: Some(joined(vec![
                Text::new("test-holds")
                    .with_instant("from", version.slot.at)
                    .with_instant("to", test.until),
                self.origin_with_document(history, parameter.id, version)?,
            ])),
            target: Some(Target::Reading {
                parameter: parameter.id,
                slot: version.slot,
            }),
        })
    }

    /// The nearest reading that counts before or after some, starting from a block.
    fn counting_near(
        &self,
        history: &dyn History,
        parameter: ParameterId,
        block: Hour,
        wanted: impl Fn(&Version) -> bool,
        side: Side,
    ) -> Result<Option<Version>, Broken> {
        let here = self.counting_in(history, parameter, block)?;
        let found = match side {
            Side::Before => here.iter().rev().find(|version| wanted(version)),
            Side::After => here.iter().find(|version| wanted(version)),
        };
        match found {
            Some(found) => Ok(Some(*found)),
            None => self.nearest_counting(history, parameter, block, side),
        }
    }
}

/// A reading that an exact rule keeps out of the ledger.
fn excluded_line(parameter: &Parameter, version: &Version) -> Line {
    Line {
        part: Part {
            label: slot_label(version.slot),
            value: None,
            unit: None,
            numbers: None,
            remark: Some(joined(vec![
                Text::new("reading-excluded")
                    .with_text("why", verdict_text(version.verdict))
                    .with("value", value_of(parameter, version))
                    .with("unit", parameter.unit.symbol()),
                origin_of(version),
            ])),
            target: Some(Target::Reading {
                parameter: parameter.id,
                slot: version.slot,
            }),
        },
        share: None,
    }
}

/// The shares added up, and what brings their sum into the bucket's unit.
fn sum_of(parameter: &Parameter, quantity: i128, lines: &[Line]) -> String {
    let sum = share(parameter, quantity);
    let shares: Vec<String> = lines
        .iter()
        .filter_map(|line| line.share)
        .map(|given| super::numbers::operand(&shown(share(parameter, given))))
        .collect();
    let written = if shares.len() > 1 && shares.len() <= MOST_SUMMANDS {
        format!("{} = {}", shares.join(" + "), shown(sum))
    } else {
        format!("Σ = {}", shown(sum))
    };
    let unit = share_unit(parameter);
    let conversion = time_conversion(parameter);
    if conversion.is_empty() {
        return format!("{written} {unit}");
    }
    format!(
        "{written} {unit}; {} {unit}{conversion} {} {}",
        shown(sum),
        result(quantity_in_unit(parameter, quantity)),
        quantity_unit(parameter)
    )
}

fn formula(series: &Series, hour: Hour, engine: &Engine) -> &'static str {
    let start: Instant = engine.zone.hour_start(hour);
    match series.kind {
        ParameterKind::Flow if series.is_step_at(start) => "Σ v × Δt",
        ParameterKind::Flow => "Σ (v₁ + v₂) ÷ 2 × Δt",
        ParameterKind::Counter => "Σ (n₂ − n₁) × k",
        _ => "Σ q",
    }
}
