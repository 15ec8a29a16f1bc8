//! A bucket opened into its readings, and a reading into its versions.

use crate::accounting::exact::Exact;
use crate::accounting::quantity::{FLOW_PARTS, Share};
use crate::domain::decimal::from_count;
use crate::domain::identity::ParameterId;
use crate::domain::model::{Parameter, SiteModel};
use crate::domain::period::Period;
use crate::domain::reading::{Origin, ParameterKind, Slot, Verdict, Version};
use crate::domain::text::{Text, clean};
use crate::domain::time::{Hour, Instant};
use crate::engine::command::Refusal;
use crate::engine::history::History;
use crate::engine::models::WindowKey;
use crate::engine::readings::Side;
use crate::engine::series::{Series, point};
use crate::engine::view::{Explanation, Part, Target};
use crate::engine::{Broken, Engine};

use super::{MOST_PARTS, described, minutes, shown};

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
        let (start, end) = (self.zone.hour_start(hour), self.zone.hour_start(hour.next()));
        let title = Text::new("explain-bucket")
            .with("tag", &described.tag)
            .with_name("name", &described.name)
            .with("period", self.label(Period::Hour(hour)));
        let mut explanation = Explanation {
            target: Target::Bucket { parameter, hour },
            title,
            value: None,
            unit: Some(quantity_unit(described)),
            formula: None,
            numbers: None,
            remarks: Vec::new(),
            parts: Vec::new(),
        };
        if series.kind == ParameterKind::Property {
            // A window begins with this hour; its tests are shown for the month around it.
            explanation.title = Text::new("explain-tested")
                .with("tag", &described.tag)
                .with_name("name", &described.name)
                .with("period", self.label(Period::Month(self.zone.month_of(hour))));
            let (from, to) = self.window_hours(WindowKey::Month, hour);
            for test in self.tests_between(history, parameter, from, to)? {
                explanation
                    .parts
                    .push(self.reading_part(described, &test.version, None));
            }
            return Ok(explanation);
        }
        let bucket = self.bucket(history, parameter, hour)?;
        if bucket.exists() {
            explanation.value = Some(shown(quanta(series.kind, bucket.quantity, described.decimals)));
            if series.expects_coverage && bucket.missing_ms() > 0 {
                explanation
                    .remarks
                    .push(Text::new("bucket-missing").with("minutes", minutes(bucket.missing_ms())));
            }
        } else {
            explanation.remarks.push(Text::new("bucket-nothing"));
        }
        let mut tops = self.tops_between(history, parameter, start, end)?;
        if series.is_paired() {
            let block = series.block_of(hour);
            let first = tops.first().map_or(start, |version| version.slot.at);
            let before = self.counting_near(
                history,
                parameter,
                block,
                |version| version.slot.at < first,
                Side::Before,
            )?;
            let after = self.counting_near(history, parameter, block, |version| version.slot.at >= end, Side::After)?;
            tops.splice(0..0, before);
            tops.extend(after);
        }
        explanation.formula = Some(bucket_formula(series).to_owned());
        let mut before: Option<Version> = None;
        for version in tops {
            let mut share: Option<Share> = None;
            if version.verdict == Verdict::Counts {
                let mut take = |candidate: Share| {
                    if candidate.hour == hour {
                        share = Some(candidate);
                    }
                };
                match series.kind {
                    ParameterKind::Amount => Series::own_shares(&self.zone, version.slot, version.value, &mut take),
                    _ => {
                        if let Some(before) = before {
                            series.pair_shares(&self.zone, point(&before), point(&version), &mut take);
                        }
                    }
                }
                before = Some(version);
            }
            if explanation.parts.len() < MOST_PARTS {
                let share = share.map(|share| quanta(series.kind, share.quantity, described.decimals));
                explanation.parts.push(self.reading_part(described, &version, share));
            }
        }
        self.remark_meter(model, described, end, &mut explanation);
        Ok(explanation)
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

    fn reading_part(&self, parameter: &Parameter, version: &Version, share: Option<Exact>) -> Part {
        let value = from_count(version.value, parameter.decimals);
        let label = if version.slot.span_s == 0 {
            Text::new("reading-at").with("at", self.local(version.slot.at))
        } else {
            Text::new("reading-interval")
                .with("from", self.local(version.slot.at))
                .with("to", self.local(version.slot.end()))
        };
        let origin = Text::new("reading-origin")
            .with_text("origin", origin_text(version.origin))
            .with("record", version.sequence);
        let remark = match (version.verdict, share) {
            (Verdict::Counts, Some(share)) => Text::new("reading-gives")
                .with("share", shown(share))
                .with("unit", quantity_unit(parameter))
                .with_text("of", origin),
            (Verdict::Counts, None) => origin,
            (verdict, _) => Text::new("reading-excluded")
                .with_text("why", verdict_text(verdict))
                .with_text("of", origin),
        };
        Part {
            label,
            value: Some(value.to_string()),
            unit: Some(parameter.unit.symbol().to_owned()),
            remark: Some(remark),
            target: Some(Target::Reading {
                parameter: parameter.id,
                slot: version.slot,
            }),
        }
    }

    pub(super) fn explain_reading(
        &self,
        history: &dyn History,
        model: &SiteModel,
        parameter: ParameterId,
        slot: Slot,
    ) -> Result<Explanation, Refusal> {
        let described = described(model, parameter)?;
        let series = self.series(parameter)?;
        let block = series.block_of(self.zone.hour_of(slot.at));
        let (mut versions, _) = self.block_versions(history, parameter, block)?;
        versions.retain(|version| version.slot == slot);
        let top = series.on_top(&versions).into_iter().next();
        let label = if slot.span_s == 0 {
            Text::new("reading-at").with("at", self.local(slot.at))
        } else {
            Text::new("reading-interval")
                .with("from", self.local(slot.at))
                .with("to", self.local(slot.end()))
        };
        let mut explanation = Explanation {
            target: Target::Reading { parameter, slot },
            title: Text::new("explain-reading")
                .with("tag", &described.tag)
                .with_name("name", &described.name)
                .with_text("slot", label),
            value: top.map(|top| from_count(top.value, described.decimals).to_string()),
            unit: Some(described.unit.symbol().to_owned()),
            formula: None,
            numbers: None,
            remarks: Vec::new(),
            parts: Vec::new(),
        };
        if versions.is_empty() {
            explanation.remarks.push(Text::new("reading-none"));
        }
        for version in versions.iter().rev() {
            let state = if !version.stands() {
                Text::new("version-withdrawn").with("by", version.withdrawn_by)
            } else if top == Some(*version) {
                Text::new("version-on-top")
            } else {
                Text::new("version-below")
            };
            let mut remark = Text::new("version-remark")
                .with_text("state", state)
                .with_text("origin", origin_text(version.origin));
            remark = remark.with_text("verdict", verdict_text(version.verdict));
            explanation.parts.push(Part {
                label: Text::new("version-of").with("record", version.sequence),
                value: Some(from_count(version.value, described.decimals).to_string()),
                unit: Some(described.unit.symbol().to_owned()),
                remark: Some(remark),
                target: Some(Target::Record {
                    sequence: version.sequence,
                }),
            });
        }
        self.remark_meter(model, described, slot.end().plus(1), &mut explanation);
        Ok(explanation)
    }

    pub(super) fn remark_meter(
        &self,
        model: &SiteModel,
        parameter: &Parameter,
        until: Instant,
        explanation: &mut Explanation,
    ) {
        let meter = parameter
            .meter
            .and_then(|id| model.meters.iter().find(|meter| meter.id == id));
        if let Some(meter) = meter {
            let date = |date: Option<chrono::NaiveDate>| date.map_or_else(|| "—".to_owned(), |date| date.to_string());
            explanation.remarks.push(
                Text::new("explain-meter")
                    .with_name("name", &meter.name)
                    .with("serial", clean(&meter.serial))
                    .with("accuracy", clean(&meter.accuracy))
                    .with("calibrated", date(meter.calibrated_on))
                    .with("until", date(meter.calibrated_until)),
            );
        }
        if let Ok(series) = self.series(parameter.id) {
            for recorded in series.row.changes.iter().filter(|recorded| recorded.change.at < until) {
                explanation.remarks.push(
                    Text::new("explain-meter-change")
                        .with("at", self.local(recorded.change.at))
                        .with("serial", clean(&recorded.change.serial))
                        .with("record", recorded.sequence),
                );
            }
        }
    }

    fn local(&self, at: Instant) -> String {
        self.zone.local(at).format("%Y-%m-%d %H:%M:%S").to_string()
    }
}

fn origin_text(origin: Origin) -> Text {
    Text::new(match origin {
        Origin::Connector => "origin-connector",
        Origin::File => "origin-file",
        Origin::Typed => "origin-typed",
        Origin::Laboratory => "origin-laboratory",
        Origin::Invoice => "origin-invoice",
        Origin::Simulated => "origin-simulated",
        Origin::Correction => "origin-correction",
    })
}

fn verdict_text(verdict: Verdict) -> Text {
    Text::new(match verdict {
        Verdict::Counts => "verdict-counts",
        Verdict::OutOfRange => "verdict-out-of-range",
        Verdict::MarkedBad => "verdict-marked-bad",
    })
}

fn quantity_unit(parameter: &Parameter) -> String {
    match parameter.kind {
        ParameterKind::Flow => parameter
            .unit
            .integrated()
            .map_or_else(|_| parameter.unit.symbol().to_owned(), |unit| unit.symbol().to_owned()),
        _ => parameter.unit.symbol().to_owned(),
    }
}

/// A quantity of a bucket in the unit that [`quantity_unit`] names.
fn quanta(kind: ParameterKind, quantity: i128, decimals: u32) -> Exact {
    let parts = if kind == ParameterKind::Flow { FLOW_PARTS } else { 1 };
    10_i128
        .checked_pow(decimals)
        .and_then(|scale| Exact::ratio(quantity, scale.checked_mul(parts)?).ok())
        .unwrap_or(Exact::ZERO)
}

fn bucket_formula(series: &Series) -> &'static str {
    match series.kind {
        ParameterKind::Flow => "Σ ∫ v dt",
        ParameterKind::Counter => "Σ (vₙ − vₙ₋₁) × k",
        _ => "Σ q",
    }
}
