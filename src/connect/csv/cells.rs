//! From the text of a cell to a count of its parameter's quantum.

use super::batch::{Batch, Refusal, cut};
use super::number_of;
use super::plan::{LongPlan, Target, WideColumn};
use super::record::Record;
use super::stamp::Stamp;
use crate::connect::mapping::{Mapping, QualityWords};
use crate::domain::decimal::Counted;
use crate::domain::reading::Quality;
use crate::domain::text::{Explained, Text, clean};
use crate::domain::unit::{Ratio, Unit};

/// Most units by row that are kept; what is beyond is worked out anew.
const MOST_RATIOS: usize = 4096;

/// How the cells of a file are read.
pub(super) struct Cells {
    missing: Vec<String>,
    quality: QualityWords,
    decimal_comma: bool,
    /// A number with its decimal comma turned into a point.
    point: String,
}

impl Cells {
    /// As a mapping has them.
    pub(super) fn new(mapping: &Mapping) -> Self {
        Self {
            missing: mapping.missing.iter().cloned().collect(),
            quality: mapping.quality.clone(),
            decimal_comma: mapping.decimal_comma,
            point: String::new(),
        }
    }

    /// Whether a cell says that there is no value.
    fn is_missing(&self, text: &str) -> bool {
        self.missing.iter().any(|word| word == text)
    }

    /// Takes a cell of a wide row.
    pub(super) fn wide(
        &mut self,
        column: &WideColumn,
        record: &Record,
        stamp: &Stamp,
        own_id: u64,
        line: u32,
        batch: &mut Batch,
    ) {
        let text = record.field(column.index);
        if self.is_missing(text) {
            batch.missing += 1;
            return;
        }
        let quality = column
            .quality
            .map_or(Ok(Quality::Good), |column| self.quality_of(record.field(column)));
        let counted = quality.and_then(|quality| Ok((quality, self.count(text, &column.target, column.target.ratio)?)));
        match counted {
            Ok((quality, counted)) => batch.push(&column.target, stamp, own_id, line, quality, counted),
            Err(why) => batch.refused.push(Refusal {
                line,
                column: number_of(column.index),
                field: column.name.clone(),
                row: String::new(),
                why,
            }),
        }
    }

    /// Takes the value of a long row; an error names the column.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn long(
        &mut self,
        plan: &mut LongPlan,
        place: usize,
        record: &Record,
        stamp: &Stamp,
        own_id: u64,
        line: u32,
        batch: &mut Batch,
    ) -> Result<(), (usize, Text)> {
        let Some((target, _)) = plan.series.get(place) else {
            return Ok(());
        };
        let text = record.field(plan.value);
        if self.is_missing(text) {
            batch.missing += 1;
            return Ok(());
        }
        let quality = match plan.quality {
            Some(column) => self.quality_of(record.field(column)).map_err(|why| (column, why))?,
            None => Quality::Good,
        };
        let ratio = match plan.unit {
            Some(column) if !record.field(column).is_empty() => {
                let written = record.field(column);
                let key = (place, written.to_owned());
                if let Some(ratio) = plan.ratios.get(&key) {
                    *ratio
                } else {
                    let ratio = Unit::parse(written)
                        .and_then(|unit| unit.ratio_to(&target.unit))
                        .map_err(|error| (column, error.text()))?;
                    if plan.ratios.len() < MOST_RATIOS {
                        plan.ratios.insert(key, ratio);
                    }
                    ratio
                }
            }
            _ => target.ratio,
        };
        let counted = self.count(text, target, ratio).map_err(|why| (plan.value, why))?;
        batch.push(target, stamp, own_id, line, quality, counted);
        Ok(())
    }

    fn quality_of(&self, word: &str) -> Result<Quality, Text> {
        self.quality
            .meaning(word)
            .ok_or_else(|| Text::new("intake-quality-unknown").with("word", clean(word)))
    }

    fn count(&mut self, text: &str, target: &Target, ratio: Ratio) -> Result<Counted, Text> {
        let mut number = text;
        if self.decimal_comma {
            if text.contains('.') {
                return Err(Text::new("intake-decimal-point").with("given", cut(text)));
            }
            if text.contains(',') {
                self.point.clear();
                self.point.push_str(text);
                if let Some(comma) = self.point.find(',') {
                    self.point.replace_range(comma..=comma, ".");
                }
                number = &self.point;
            }
        }
        let counted = super::number::quantise(number, ratio, target.decimals).map_err(|error| error.text())?;
        // By the text: what is below zero and rounds to zero is below zero.
        let below_zero = number.starts_with('-')
            && number
                .split(['e', 'E'])
                .next()
                .is_some_and(|mantissa| mantissa.contains(|digit: char| ('1'..='9').contains(&digit)));
        if target.refuse_negative && below_zero {
            return Err(Text::new("intake-negative").with("given", cut(text)));
        }
        Ok(counted)
    }
}
