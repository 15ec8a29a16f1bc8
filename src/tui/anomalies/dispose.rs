//! The sheet in which one says what anomalies are (处置): how values are corrected, the root cause by its number, a comment,
//! the evidence; and what the daemon says would come of it, without which nothing is decided.

use std::time::Duration;

use rust_decimal::Decimal;

use crate::domain::anomaly::AnomalyPlan;
use crate::domain::text::{Explained, Text, clean};
use crate::engine::anomalies::{AnomalyDeed, AnomalyPreview};
use crate::quality::anomaly::{AnomalyId, Correction, Disposition};
use crate::tui::keymap::{Action, narrow};
use crate::tui::model::Wanted;
use crate::tui::widgets::field::Field;

/// Longest number or factor that is typed, in characters.
const LONGEST_NUMBER: usize = 40;

/// Longest number of a root cause, in digits.
const LONGEST_CAUSE: usize = 5;

/// Longest comment or evidence, in characters: as many as the daemon keeps.
const LONGEST_TEXT: usize = 500;

/// What a checker says anomalies are, without the numbers (处置结论).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conclusion {
    /// The values are true (属实).
    Real,
    /// They are corrected (更正).
    Correct,
    /// The parameter's plan fills their hours (按计划替代).
    GapFill,
    /// They do not count (剔除).
    Reject,
    /// The instrument was faulty (仪表故障).
    InstrumentFault,
    /// Somebody typed them wrongly (录入错误).
    EntryError,
}

impl Conclusion {
    /// The one that a key stands for.
    pub const fn of_action(action: Action) -> Option<Self> {
        Some(match action {
            Action::Real => Self::Real,
            Action::Correct => Self::Correct,
            Action::GapFill => Self::GapFill,
            Action::Reject => Self::Reject,
            Action::InstrumentFault => Self::InstrumentFault,
            Action::EntryError => Self::EntryError,
            _ => return None,
        })
    }

    /// Whether values are corrected by it.
    pub const fn corrects(self) -> bool {
        matches!(self, Self::Correct | Self::EntryError)
    }

    /// The disposition, with how values are corrected where they are.
    pub const fn disposition(self, by: Correction) -> Disposition {
        match self {
            Self::Real => Disposition::Real,
            Self::Correct => Disposition::Correct(by),
            Self::GapFill => Disposition::GapFill,
            Self::Reject => Disposition::Reject,
            Self::InstrumentFault => Disposition::InstrumentFault,
            Self::EntryError => Disposition::EntryError(by),
        }
    }

    /// What it is called.
    pub fn label(self) -> Text {
        self.disposition(Correction::Times(Decimal::ONE)).text()
    }
}

/// A line of the sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// How values are corrected.
    Correction,
    /// The number of the root cause.
    Cause,
    /// What more there is to say.
    Comment,
    /// Where the evidence is.
    Evidence,
}

/// What is decided, without words.
pub type Decision = (Disposition, Option<u16>);

/// What the daemon says would come of a decision.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    /// Of which.
    pub of: Decision,
    /// What it says.
    pub came: Wanted<Box<AnomalyPreview>>,
}

/// The sheet as it is filled in.
#[derive(Debug, Clone, PartialEq)]
pub struct DisposeSheet {
    /// What they are said to be.
    pub conclusion: Conclusion,
    /// Which anomalies.
    pub anomalies: Vec<AnomalyId>,
    /// How values are corrected: `12.3`, `*0.001`, `/1000`.
    pub correction: Field,
    /// The number of the root cause.
    pub cause: Field,
    /// What more there is to say.
    pub comment: Field,
    /// Where the evidence is.
    pub evidence: Field,
    /// The line that has the keys.
    pub part: Part,
    /// When something changed on which the preview depends, on the terminal's own clock; none where nothing was typed yet.
    pub typed: Option<Duration>,
    /// What would come of it.
    pub preview: Option<Preview>,
    /// Number of the request, while the daemon decides.
    pub awaited: Option<u64>,
    /// Why what was typed or sent last could not be done.
    pub fault: Option<Text>,
}

impl DisposeSheet {
    /// Nothing filled in yet.
    pub fn new(conclusion: Conclusion, anomalies: Vec<AnomalyId>) -> Self {
        Self {
            conclusion,
            anomalies,
            correction: Field::new(LONGEST_NUMBER),
            cause: Field::new(LONGEST_CAUSE),
            comment: Field::new(LONGEST_TEXT),
            evidence: Field::new(LONGEST_TEXT),
            part: if conclusion.corrects() {
                Part::Correction
            } else {
                Part::Cause
            },
            typed: None,
            preview: None,
            awaited: None,
            fault: None,
        }
    }

    /// Its lines from above.
    pub const fn parts(&self) -> &'static [Part] {
        if self.conclusion.corrects() {
            &[Part::Correction, Part::Cause, Part::Comment, Part::Evidence]
        } else {
            &[Part::Cause, Part::Comment, Part::Evidence]
        }
    }

    /// What a line holds.
    pub const fn field(&self, part: Part) -> &Field {
        match part {
            Part::Correction => &self.correction,
            Part::Cause => &self.cause,
            Part::Comment => &self.comment,
            Part::Evidence => &self.evidence,
        }
    }

    /// The line that has the keys, unless the daemon is deciding.
    pub const fn field_mut(&mut self) -> Option<&mut Field> {
        if self.awaited.is_some() {
            return None;
        }
        Some(match self.part {
            Part::Correction => &mut self.correction,
            Part::Cause => &mut self.cause,
            Part::Comment => &mut self.comment,
            Part::Evidence => &mut self.evidence,
        })
    }

    /// The number of the root cause as far as it is typed.
    pub fn typed_cause(&self) -> String {
        self.cause.text().trim().chars().map(narrow).collect()
    }

    /// What is decided by what is filled in, or what is missing.
    pub fn decision(&self, plan: &AnomalyPlan) -> Result<Decision, Text> {
        let by = if self.conclusion.corrects() {
            correction(self.correction.text())?
        } else {
            Correction::Times(Decimal::ONE)
        };
        let disposition = self.conclusion.disposition(by);
        let typed = self.typed_cause();
        if typed.is_empty() {
            let class = disposition.class();
            let known = class.is_some() && plan.causes.iter().any(|cause| Some(cause.class) == class);
            return if known {
                Ok((disposition, None))
            } else {
                Err(Text::new("tui-anomaly-cause-needed"))
            };
        }
        let number = typed.parse().ok().filter(|&number| plan.cause(number).is_some());
        match number {
            Some(number) => Ok((disposition, Some(number))),
            None => Err(Text::new("tui-anomaly-cause-unknown").with("given", clean(&typed))),
        }
    }

    /// A decision with the words that are typed.
    pub fn deed(&self, (disposition, cause): Decision) -> AnomalyDeed {
        AnomalyDeed::Dispose {
            disposition,
            cause,
            comment: self.comment.text().trim().to_owned(),
            evidence: self.evidence.text().trim().to_owned(),
        }
    }

    /// What the daemon says would come of a decision, if it was asked of this one.
    pub fn preview_of(&self, decision: Decision) -> Option<&Wanted<Box<AnomalyPreview>>> {
        let preview = self.preview.as_ref().filter(|preview| preview.of == decision);
        preview.map(|preview| &preview.came)
    }
}

/// How values are corrected: `12.3` each is this; `*0.001` and `/1000` each is so many times what it was, exactly.
fn correction(line: &str) -> Result<Correction, Text> {
    let line: String = line
        .chars()
        .map(|character| match character {
            '×' => '*',
            '÷' => '/',
            other => narrow(other),
        })
        .filter(|character| !character.is_whitespace())
        .collect();
    let wrong = || Text::new("tui-anomaly-correction-wrong").with("given", clean(&line));
    let number = |text: &str| Decimal::from_str_exact(text).map_err(|_| wrong());
    if line.is_empty() {
        return Err(Text::new("tui-anomaly-correction-needed"));
    }
    if let Some(times) = line.strip_prefix(['*', 'x', 'X']) {
        return Ok(Correction::Times(number(times)?.normalize()));
    }
    if let Some(divisor) = line.strip_prefix('/') {
        let times = reciprocal(number(divisor)?);
        let inexact = || Text::new("tui-anomaly-correction-inexact").with("given", clean(divisor));
        return times.map(Correction::Times).ok_or_else(inexact);
    }
    Ok(Correction::Value(number(&line)?.normalize()))
}

/// One by a number, where that is a decimal number.
fn reciprocal(divisor: Decimal) -> Option<Decimal> {
    let mut left = divisor.normalize().mantissa().unsigned_abs();
    if left == 0 {
        return None;
    }
    for factor in [2, 5] {
        while left.is_multiple_of(factor) {
            left /= factor;
        }
    }
    let times = Decimal::ONE.checked_div(divisor).filter(|_| left == 1)?;
    // What has more digits than a decimal holds was rounded.
    (times.checked_mul(divisor) == Some(Decimal::ONE)).then(|| times.normalize())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn a_correction_is_a_value_or_an_exact_factor() {
        for (line, expected) in [
            ("12.3", Correction::Value(number("12.3"))),
            (" -0.50 ", Correction::Value(number("-0.5"))),
            ("*0.001", Correction::Times(number("0.001"))),
            ("×1000", Correction::Times(number("1000"))),
            ("/1000", Correction::Times(number("0.001"))),
            ("÷0.8", Correction::Times(number("1.25"))),
            ("／１００", Correction::Times(number("0.01"))),
            ("* 3.6", Correction::Times(number("3.6"))),
        ] {
            assert_eq!(correction(line), Ok(expected), "{line}");
        }
        for wrong in [
            "",
            "*",
            "/",
            "/0",
            "/3",
            "/7",
            "12,3",
            "1e3",
            "a",
            "12.3 t",
            "--1",
            "/1000000000000000000000000000001",
        ] {
            assert!(correction(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_cause_may_be_left_out_where_the_conclusion_says_it() {
        let plan = AnomalyPlan::default();
        let mut sheet = DisposeSheet::new(Conclusion::Real, Vec::new());
        assert_eq!(sheet.decision(&plan), Ok((Disposition::Real, None)));
        sheet.cause.set("４");
        assert_eq!(sheet.decision(&plan), Ok((Disposition::Real, Some(4))));
        sheet.cause.set("77");
        assert!(sheet.decision(&plan).is_err());
        let mut sheet = DisposeSheet::new(Conclusion::Reject, Vec::new());
        assert!(sheet.decision(&plan).is_err());
        sheet.cause.set("2");
        assert_eq!(sheet.decision(&plan), Ok((Disposition::Reject, Some(2))));
    }

    proptest! {
        #[test]
        fn any_line_is_read(line in ".{0,40}") {
            let _ = correction(&line);
        }

        #[test]
        fn a_reciprocal_is_exact(mantissa in 1_i64..1_000_000, scale in 0_u32..10) {
            let divisor = Decimal::new(mantissa, scale);
            if let Some(times) = reciprocal(divisor) {
                prop_assert_eq!(times * divisor, Decimal::ONE);
            }
        }
    }
}
