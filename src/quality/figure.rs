//! Real numbers: out of counts and milliseconds, and as people read them.

/// Digits that are shown.
const DIGITS: i32 = 6;

/// A count or a number of milliseconds as a real number.
#[expect(
    clippy::cast_precision_loss,
    reason = "milliseconds of a century and counts of quanta stay below 2^53"
)]
pub(crate) const fn real(count: i64) -> f64 {
    count as f64
}

/// A number of things as a real number.
pub(crate) fn counted(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::from(u32::MAX), f64::from)
}

/// A value with the digits that matter: `1234.57`, `0.00125`.
pub(crate) fn shown(value: f64) -> String {
    if !value.is_finite() {
        return value.to_string();
    }
    let magnitude = value.abs();
    if magnitude > 0.0 && !(1e-6..1e15).contains(&magnitude) {
        return format!("{value:.5e}");
    }
    // Digits before the point; none for zero.
    let mut before = 0;
    let mut power = 1.0;
    while power <= magnitude && before < 16 {
        power *= 10.0;
        before += 1;
    }
    let mut leading = 0;
    if magnitude > 0.0 && before == 0 {
        let mut scaled = magnitude;
        while scaled < 0.1 && leading < 6 {
            scaled *= 10.0;
            leading += 1;
        }
    }
    let places = usize::try_from((DIGITS - before + leading).max(0)).unwrap_or(0);
    let text = format!("{value:.places$}");
    if !text.contains('.') {
        return text;
    }
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// A length of time: `90 s`, `15 min`, `36 h`, `7 d`.
pub(crate) fn duration(milliseconds: i64) -> String {
    const UNITS: [(i64, &str); 4] = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "min"), (1000, "s")];
    for (length, unit) in UNITS {
        // Two days are 48 h; only what is longer is told in days. An hour and a second need no seconds.
        let least = if unit == "d" { 3 * length } else { length };
        if milliseconds >= least && milliseconds % length == 0 && milliseconds < 1000 * length {
            return format!("{} {unit}", milliseconds / length);
        }
    }
    match milliseconds {
        0..10_000 => format!("{milliseconds} ms"),
        10_000..600_000 => format!("{} s", milliseconds / 1000),
        600_000..36_000_000 => format!("{} min", milliseconds / 60_000),
        _ => format!("{} h", milliseconds / 3_600_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_show_the_digits_that_matter() {
        for (value, wanted) in [
            (0.0, "0"),
            (-0.0, "0"),
            (1.5, "1.5"),
            (1234.5678, "1234.57"),
            (-0.001_254_321_9, "-0.00125432"),
            (1_000_000.0, "1000000"),
            (1e20, "1.00000e20"),
            (f64::INFINITY, "inf"),
        ] {
            assert_eq!(shown(value), wanted);
        }
    }

    #[test]
    fn times_are_told_in_a_fitting_unit() {
        for (milliseconds, wanted) in [
            (250, "250 ms"),
            (90_000, "90 s"),
            (900_000, "15 min"),
            (172_800_000, "48 h"),
            (604_800_000, "7 d"),
            (3_701_000, "61 min"),
        ] {
            assert_eq!(duration(milliseconds), wanted);
        }
    }
}
