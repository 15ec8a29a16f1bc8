//! What was restated by something that was recorded, in a sentence.

use crate::domain::text::Text;
use crate::engine::view::Restated;
use crate::locale::figures;

/// Digits after the point of a tonne: kilograms.
const DIGITS: u32 = 3;

/// The month of a source that changed most, before and after, and how many more were restated; none where none was.
pub(super) fn told(restated: &[Restated]) -> Option<Text> {
    let change = |one: &&Restated| (one.after - one.before).abs();
    let most = restated.iter().max_by_key(change)?;
    Some(
        Text::new(if most.is_closed {
            "tui-restated-closed"
        } else {
            "tui-restated"
        })
        .with("month", &most.month)
        .with_name("name", &most.name)
        .with("before", figures::tonnes(most.before, DIGITS))
        .with("after", figures::tonnes(most.after, DIGITS))
        .with_count("more", restated.len() - 1),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::model::Name;

    #[test]
    fn the_greatest_change_is_told_and_the_others_are_counted() {
        let one = |month: &str, before: i128, after: i128| Restated {
            book: "plant".to_owned(),
            source: "boiler".to_owned(),
            name: Name {
                zh: "锅炉".to_owned(),
                en: "Boiler".to_owned(),
            },
            month: month.to_owned(),
            before,
            after,
            is_closed: false,
        };
        assert_eq!(told(&[]), None);
        let restated = [
            one("2025-02", 5_000_000_000, 5_100_000_000),
            one("2025-03", 12_345_000_000, 12_000_000_000),
        ];
        let localizer = crate::locale::Localizer::new(crate::locale::Language::English);
        let told = localizer.text(&told(&restated).unwrap());
        assert_eq!(
            told,
            "Restated: 2025-03 Boiler 12.345 -> 12.000 tCO2e, and one figure more: see the record."
        );
    }
}
