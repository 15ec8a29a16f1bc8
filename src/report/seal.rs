//! What is to be known before months are sealed, in words (封存前提示).

use crate::domain::text::{Text, clean};
use crate::domain::time::Month;
use crate::engine::closing::MonthsToSeal;
use crate::engine::sealed::{RestsOn, YearCut};

use super::closing::months;

/// What whoever is asked to seal through a month is told first, a line each.
pub fn warnings(through: Month, to_seal: &MonthsToSeal, cuts: &[YearCut]) -> Vec<Text> {
    let mut told = Vec::new();
    let named = |id: &'static str, named: &[Month]| {
        let text = Text::new(id).with("months", months(named));
        (!named.is_empty()).then_some(text)
    };
    told.extend(named("seal-never-closed", &to_seal.never_closed));
    told.extend(named("seal-without-figures", &to_seal.without_figures));
    if let Some(first) = to_seal.known_from {
        told.push(Text::new("seal-nothing-before").with("first", first));
    }
    told.extend(cuts.iter().map(|cut| of_cut(cut, through)));
    if !cuts.is_empty() {
        told.push(Text::new("seal-cut-instead"));
    }
    told
}

fn of_cut(cut: &YearCut, through: Month) -> Text {
    let text = match cut.rests_on {
        RestsOn::StandIn => Text::new("seal-cut-stand-in"),
        RestsOn::Tests(tests) => Text::new("seal-cut-tests").with_count("tests", tests),
        RestsOn::TestedMonths(tested) => Text::new("seal-cut-months").with_count("tested", tested),
    };
    text.with("tag", clean(&cut.tag))
        .with("year", through.year)
        .with("months", months(&cut.months))
        .with("first", through.next())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::{Language, Localizer};

    const fn month(month: u32) -> Month {
        Month { year: 2021, month }
    }

    fn cut(rests_on: RestsOn) -> YearCut {
        YearCut {
            tag: "CC".to_owned(),
            months: vec![month(1), month(2)],
            rests_on,
        }
    }

    #[test]
    fn what_a_seal_takes_for_ever_is_told_before_it_is_set() {
        let to_seal = MonthsToSeal {
            never_closed: vec![month(1)],
            without_figures: vec![month(2), month(3), month(5)],
            known_from: Some(month(1)),
        };
        let cuts = [RestsOn::StandIn, RestsOn::Tests(1), RestsOn::TestedMonths(2)].map(cut);
        let told = warnings(month(5), &to_seal, &cuts);
        let english = Localizer::new(Language::English);
        let told: Vec<String> = told.iter().map(|text| english.text(text)).collect();
        for (line, words) in [
            (0, "Never closed: 2021-01."),
            (1, "No figures: 2021-02 – 2021-03, 2021-05."),
            (2, "before 2021-01"),
            (
                3,
                "was not tested in 2021: the figures of 2021-01 – 2021-02 rest for ever on what stands in",
            ),
            (
                4,
                "for ever on the one test that there is. What comes later counts from 2021-06 on.",
            ),
            (5, "of which there are 2 so far"),
            (6, "December"),
        ] {
            assert!(told[line].contains(words), "{words}: {}", told[line]);
        }
        assert_eq!(warnings(month(12), &MonthsToSeal::default(), &[]), []);
    }
}
