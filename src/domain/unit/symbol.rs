//! The symbols of units that plants write, and the ways of writing them.

use super::dimension::{Base, Dimension};
use super::ratio::Ratio;

/// Brings the ways of writing a unit together: superscripts, full-width signs, Chinese names of multiples.
pub(super) fn canonical(text: &str) -> String {
    let mut symbol = String::new();
    for character in text.trim().chars() {
        match character {
            '²' | '₂' => symbol.push('2'),
            '³' => symbol.push('3'),
            '⁴' => symbol.push('4'),
            '^' | ' ' | '\u{a0}' => {}
            '／' => symbol.push('/'),
            '×' | '⋅' | '•' => symbol.push('·'),
            '万' => symbol.push_str("104"),
            '℃' => symbol.push_str("°C"),
            '％' => symbol.push('%'),
            other => symbol.push(other),
        }
    }
    // "104·Nm3" and "104Nm3" are the same; so the multiple always stands at its symbol.
    symbol.replace("104·", "104")
}

/// A canonical symbol that cannot be misread: 10^4Nm3, not 104Nm3. Screens write it as their language does.
pub(super) fn printed(canonical: &str) -> String {
    let mut printed = String::new();
    for part in canonical.split_inclusive(['/', '·', '*']) {
        match part.strip_prefix("104").filter(|rest| !rest.is_empty()) {
            Some(rest) => {
                printed.push_str("10^4");
                printed.push_str(rest);
            }
            None => printed.push_str(part),
        }
    }
    printed
}

pub(super) fn parse_factor(factor: &str) -> Option<(Dimension, Ratio)> {
    if factor == "1" {
        return Some((Dimension::NONE, Ratio::ONE));
    }
    if let Some(rest) = factor.strip_prefix("104").filter(|rest| !rest.is_empty()) {
        let (dimension, scale) = parse_factor(rest)?;
        return Some((dimension, scale.times(Ratio::new(10_000, 1)?)?));
    }
    SYMBOLS
        .iter()
        .find(|(symbol, ..)| *symbol == factor)
        .and_then(|&(_, base, numerator, denominator)| {
            let dimension = match base {
                Kind::Number => Dimension::NONE,
                Kind::Of(base) => Dimension::of(base),
                Kind::Rate(base) => Dimension::of(base).combined(Dimension::of(Base::Time), -1),
            };
            Some((dimension, Ratio::new(numerator, denominator)?))
        })
}

/// What a symbol stands for.
#[derive(Clone, Copy)]
enum Kind {
    /// A bare number.
    Number,
    /// A base quantity.
    Of(Base),
    /// A base quantity an hour (power).
    Rate(Base),
}

/// Symbol, kind, and how many base units it is. Energy in GJ: 1 kWh = 3.6 MJ exactly. 1 kcal = 4.1868 kJ (international
/// table, the value the NDRC guidelines use for hot water), 1 tce = 29.3076 GJ (7000 kcal of it; GB/T 2589).
const SYMBOLS: &[(&str, Kind, i128, i128)] = &[
    ("%", Kind::Number, 1, 100),
    ("‰", Kind::Number, 1, 1000),
    ("ppm", Kind::Number, 1, 1_000_000),
    ("t", Kind::Of(Base::Mass), 1, 1),
    ("kg", Kind::Of(Base::Mass), 1, 1000),
    ("g", Kind::Of(Base::Mass), 1, 1_000_000),
    ("mg", Kind::Of(Base::Mass), 1, 1_000_000_000),
    ("tC", Kind::Of(Base::Carbon), 1, 1),
    ("kgC", Kind::Of(Base::Carbon), 1, 1000),
    ("tCO2", Kind::Of(Base::CarbonDioxide), 1, 1),
    ("kgCO2", Kind::Of(Base::CarbonDioxide), 1, 1000),
    ("gCO2", Kind::Of(Base::CarbonDioxide), 1, 1_000_000),
    ("tCO2e", Kind::Of(Base::CarbonDioxide), 1, 1),
    ("kgCO2e", Kind::Of(Base::CarbonDioxide), 1, 1000),
    ("J", Kind::Of(Base::Energy), 1, 1_000_000_000),
    ("kJ", Kind::Of(Base::Energy), 1, 1_000_000),
    ("MJ", Kind::Of(Base::Energy), 1, 1000),
    ("GJ", Kind::Of(Base::Energy), 1, 1),
    ("TJ", Kind::Of(Base::Energy), 1000, 1),
    ("Wh", Kind::Of(Base::Energy), 36, 10_000_000),
    ("kWh", Kind::Of(Base::Energy), 36, 10_000),
    ("MWh", Kind::Of(Base::Energy), 36, 10),
    ("GWh", Kind::Of(Base::Energy), 3600, 1),
    ("kcal", Kind::Of(Base::Energy), 41_868, 10_000_000_000),
    ("Mcal", Kind::Of(Base::Energy), 41_868, 10_000_000),
    ("Gcal", Kind::Of(Base::Energy), 41_868, 10_000),
    ("tce", Kind::Of(Base::Energy), 293_076, 10_000),
    ("kgce", Kind::Of(Base::Energy), 293_076, 10_000_000),
    ("W", Kind::Rate(Base::Energy), 36, 10_000_000),
    ("kW", Kind::Rate(Base::Energy), 36, 10_000),
    ("MW", Kind::Rate(Base::Energy), 36, 10),
    ("kvarh", Kind::Of(Base::ReactiveEnergy), 1, 1),
    ("kVarh", Kind::Of(Base::ReactiveEnergy), 1, 1),
    ("Mvarh", Kind::Of(Base::ReactiveEnergy), 1000, 1),
    ("kvar", Kind::Rate(Base::ReactiveEnergy), 1, 1),
    ("m3", Kind::Of(Base::Volume), 1, 1),
    ("L", Kind::Of(Base::Volume), 1, 1000),
    ("Nm3", Kind::Of(Base::GasVolume), 1, 1),
    ("Nm3(0C)", Kind::Of(Base::GasVolume), 1, 1),
    ("kNm3", Kind::Of(Base::GasVolume), 1000, 1),
    // 273.15 / 293.15 and 273.15 / 288.15, at the same pressure.
    ("Sm3(20C)", Kind::Of(Base::GasVolume), 27_315, 29_315),
    ("Sm3(15C)", Kind::Of(Base::GasVolume), 27_315, 28_815),
    ("s", Kind::Of(Base::Time), 1, 3600),
    ("min", Kind::Of(Base::Time), 1, 60),
    ("h", Kind::Of(Base::Time), 1, 1),
    ("d", Kind::Of(Base::Time), 24, 1),
    ("Pa", Kind::Of(Base::Pressure), 1, 1000),
    ("kPa", Kind::Of(Base::Pressure), 1, 1),
    ("MPa", Kind::Of(Base::Pressure), 1000, 1),
    ("bar", Kind::Of(Base::Pressure), 100, 1),
    ("mbar", Kind::Of(Base::Pressure), 1, 10),
    ("°C", Kind::Of(Base::Temperature), 1, 1),
    ("degC", Kind::Of(Base::Temperature), 1, 1),
    ("pcs", Kind::Of(Base::Count), 1, 1),
    ("heat", Kind::Of(Base::Count), 1, 1),
    ("A", Kind::Of(Base::Watched), 1, 1),
    ("V", Kind::Of(Base::Watched), 1, 1),
    ("kV", Kind::Of(Base::Watched), 1000, 1),
    ("Hz", Kind::Of(Base::Watched), 1, 1),
];
