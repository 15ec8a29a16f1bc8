//! Names found by their pinyin (拼音): `pdc`, `pidai` or `皮dc` find 皮带秤, whatever a character's reading.

use pinyin::ToPinyinMulti;

/// Longest query that is looked for; what is typed beyond it cannot be in a name.
const LONGEST: usize = 60;

/// Where in a name a query begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Found {
    /// At its beginning.
    First,
    /// Later on.
    Later,
}

/// Whether a query stands in a name: each of its letters is a letter of the name, or the next of a character's pinyin,
/// of which the first is enough. Signs and spaces of the name may be left out.
pub fn find(name: &str, query: &str) -> Option<Found> {
    let query: Vec<char> = query.to_lowercase().chars().collect();
    if query.is_empty() || query.len() > LONGEST {
        return None;
    }
    let whole = 1_u64 << query.len();
    // Bit n: the n first letters of the query are matched by what stands before here in the name.
    let mut reached = 0_u64;
    let mut from_start = 1_u64;
    for (place, character) in name.chars().flat_map(char::to_lowercase).enumerate() {
        let step = |reached: u64| step(reached, character, &query);
        from_start = step(from_start);
        reached = step(reached | 1);
        if from_start & whole != 0 {
            return Some(Found::First);
        }
        if reached & whole != 0 {
            return Some(if place == 0 { Found::First } else { Found::Later });
        }
    }
    None
}

/// What is matched after one more character of the name.
fn step(reached: u64, character: char, query: &[char]) -> u64 {
    let mut next = 0;
    if !character.is_alphanumeric() {
        next |= reached & !1;
    }
    let readings = character.to_pinyin_multi();
    for (place, &letter) in query.iter().enumerate() {
        if reached & (1 << place) == 0 {
            continue;
        }
        if letter == character {
            next |= 1 << (place + 1);
        }
        for reading in readings.into_iter().flatten() {
            let rest = query.iter().skip(place);
            let matched = reading.plain().chars().zip(rest).take_while(|(a, b)| a == *b).count();
            for length in 1..=matched {
                next |= 1 << (place + length);
            }
        }
    }
    next
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_syllables_and_mixtures_find_a_name() {
        for query in ["pdc", "pidaicheng", "pidc", "皮dc", "皮带", "PDC", "dc"] {
            assert!(find("3号皮带秤", query).is_some(), "{query}");
        }
        for query in ["pdcx", "cdp", "", "3pdc", "pdd"] {
            assert_eq!(find("3号皮带秤", query), None, "{query}");
        }
        assert_eq!(find("3号皮带秤", "3h"), Some(Found::First));
        assert_eq!(find("3号皮带秤", "pd"), Some(Found::Later));
    }

    #[test]
    fn latin_letters_and_signs_stand_between_characters() {
        assert!(find("#2 高炉-A线", "2gla").is_some());
        assert!(find("CO2 浓度", "co2nd").is_some());
        assert!(find("Boiler 1 coal", "boiler1").is_some());
    }

    #[test]
    fn every_reading_counts() {
        // 重 is zhong and chong, 行 is xing and hang.
        assert!(find("重油", "zy").is_some() && find("重油", "cy").is_some());
        assert!(find("运行", "yx").is_some() && find("运行", "yh").is_some());
    }

    #[test]
    fn long_queries_end() {
        let long = "a".repeat(1_000);
        assert_eq!(find(&long, &long), None);
        assert!(find(&"锅".repeat(500), &"guo".repeat(20)).is_some());
    }
}
