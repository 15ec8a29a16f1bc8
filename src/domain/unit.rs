//! Units of measurement: parsed from what plants write, compared by dimension, converted by exact ratios.
//!
//! A unit is a product of powers of base quantities with an exact scale. Masses of carbon and of CO₂ are quantities of
//! their own, so that tC/t is not a bare number and a factor in tCO2/MWh cannot be bound where tC/GJ is meant. Gas
//! volumes carry their reference state: a normal cubic metre (0 °C, 101.325 kPa; GB/T 32150) is the base, and a cubic
//! metre at 20 °C or 15 °C converts by the ratio of absolute temperatures. An actual cubic metre (`m3`) is not a gas
//! volume and never converts into one.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::text::{Explained, Text, clean};

/// Number of base quantities.
const BASES: usize = 12;

/// Base quantities, in the order of the exponents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Base {
    /// Tonne.
    Mass = 0,
    /// Tonne of carbon.
    Carbon = 1,
    /// Tonne of CO₂ (or CO₂ equivalent).
    CarbonDioxide = 2,
    /// Gigajoule.
    Energy = 3,
    /// Cubic metre as it is.
    Volume = 4,
    /// Cubic metre of gas at 0 °C and 101.325 kPa.
    GasVolume = 5,
    /// Hour.
    Time = 6,
    /// Kilopascal.
    Pressure = 7,
    /// Degree Celsius.
    Temperature = 8,
    /// kvarh.
    ReactiveEnergy = 9,
    /// Piece, heat, ladle: things that are counted.
    Count = 10,
    /// Ampere, volt and other electrical or local quantities are only watched: kept apart from all others.
    Watched = 11,
}

/// Exponents of the base quantities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Dimension([i8; BASES]);

impl Dimension {
    /// A bare number.
    pub const NONE: Self = Self([0; BASES]);

    fn of(base: Base) -> Self {
        let mut exponents = [0; BASES];
        if let Some(exponent) = exponents.get_mut(base as usize) {
            *exponent = 1;
        }
        Self(exponents)
    }

    fn combined(self, other: Self, sign: i8) -> Self {
        let mut exponents = self.0;
        for (mine, theirs) in exponents.iter_mut().zip(other.0) {
            *mine = mine.saturating_add(theirs.saturating_mul(sign));
        }
        Self(exponents)
    }

    /// Whether this is a rate over time, which an integration turns into a quantity.
    pub fn is_rate(self) -> bool {
        self.0.get(Base::Time as usize).is_some_and(|&exponent| exponent == -1)
    }
}

impl fmt::Display for Dimension {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        const NAMES: [&str; BASES] = [
            "mass",
            "carbon",
            "CO2",
            "energy",
            "volume",
            "gas volume",
            "time",
            "pressure",
            "temperature",
            "reactive energy",
            "count",
            "electrical",
        ];
        if *self == Self::NONE {
            return formatter.write_str("1");
        }
        let mut first = true;
        for (name, exponent) in NAMES.iter().zip(self.0).filter(|(_, exponent)| *exponent != 0) {
            if !first {
                formatter.write_str("·")?;
            }
            first = false;
            formatter.write_str(name)?;
            if exponent != 1 {
                write!(formatter, "^{exponent}")?;
            }
        }
        Ok(())
    }
}

/// Why a unit cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum UnitError {
    /// A symbol that is not known.
    #[error("unit {unit:?}: {symbol:?} is not a unit that carbonwatch knows")]
    Unknown {
        /// The whole unit as written.
        unit: String,
        /// The part that is not known.
        symbol: String,
    },
    /// Two units measure different things.
    #[error("{from} ({from_dimension}) cannot be converted into {to} ({to_dimension})")]
    Dimension {
        /// The unit that was given.
        from: String,
        /// What it measures.
        from_dimension: String,
        /// The unit that was wanted.
        to: String,
        /// What that measures.
        to_dimension: String,
    },
    /// A flow needs a rate over time.
    #[error("{0} is not a rate over time (such as t/h, kW or Nm3/h)")]
    NotARate(String),
    /// The scale does not fit into 128 bits.
    #[error("unit {0:?} is out of scale")]
    OutOfScale(String),
}

impl Explained for UnitError {
    fn text(&self) -> Text {
        match self {
            Self::Unknown { unit, symbol } => Text::new("unit-unknown")
                .with("unit", clean(unit))
                .with("symbol", clean(symbol)),
            Self::Dimension {
                from,
                from_dimension,
                to,
                to_dimension,
            } => Text::new("unit-dimension")
                .with("from", from)
                .with("from-dimension", from_dimension)
                .with("to", to)
                .with("to-dimension", to_dimension),
            Self::NotARate(unit) => Text::new("unit-not-a-rate").with("unit", unit),
            Self::OutOfScale(unit) => Text::new("unit-out-of-scale").with("unit", clean(unit)),
        }
    }
}

/// An exact positive ratio in lowest terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Ratio {
    /// Above the line.
    pub numerator: i128,
    /// Below the line; never 0.
    pub denominator: i128,
}

impl Ratio {
    /// One.
    pub const ONE: Self = Self {
        numerator: 1,
        denominator: 1,
    };

    /// A ratio in lowest terms; `None` when the denominator is not positive.
    pub fn new(numerator: i128, denominator: i128) -> Option<Self> {
        if denominator <= 0 {
            return None;
        }
        let divisor = greatest_common_divisor(numerator.unsigned_abs(), denominator.unsigned_abs());
        let divisor = i128::try_from(divisor.max(1)).ok()?;
        Some(Self {
            numerator: numerator / divisor,
            denominator: denominator / divisor,
        })
    }

    /// The product, or `None` when it does not fit.
    pub fn times(self, other: Self) -> Option<Self> {
        let left = Self::new(self.numerator, other.denominator)?;
        let right = Self::new(other.numerator, self.denominator)?;
        Self::new(
            left.numerator.checked_mul(right.numerator)?,
            left.denominator.checked_mul(right.denominator)?,
        )
    }

    /// The reciprocal, or `None` of zero and of negative ratios.
    pub fn reciprocal(self) -> Option<Self> {
        Self::new(self.denominator, self.numerator)
    }
}

fn greatest_common_divisor(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// A unit of measurement.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Unit {
    symbol: String,
    dimension: Dimension,
    /// How many of the product of base units one of this unit is.
    scale: Ratio,
}

impl TryFrom<String> for Unit {
    type Error = UnitError;

    fn try_from(symbol: String) -> Result<Self, UnitError> {
        Self::parse(&symbol)
    }
}

impl From<Unit> for String {
    fn from(unit: Unit) -> Self {
        unit.symbol
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.symbol)
    }
}

impl Unit {
    /// Reads a unit: symbols joined by `·` or `*`, one or more `/`, and 10⁴ (also written `10^4`, `万`) before a symbol.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        let symbol = canonical(text);
        if symbol.is_empty() || symbol.chars().count() > 40 {
            return Err(UnitError::Unknown {
                unit: text.chars().take(40).collect(),
                symbol: symbol.chars().take(40).collect(),
            });
        }
        let mut dimension = Dimension::NONE;
        let mut scale = Ratio::ONE;
        for (place, part) in symbol.split('/').enumerate() {
            let sign = if place == 0 { 1 } else { -1 };
            for factor in part.split(['·', '*']) {
                let (factor_dimension, factor_scale) = parse_factor(factor).ok_or_else(|| UnitError::Unknown {
                    unit: symbol.clone(),
                    symbol: factor.to_owned(),
                })?;
                dimension = dimension.combined(factor_dimension, sign);
                let factor_scale = if sign > 0 {
                    Some(factor_scale)
                } else {
                    factor_scale.reciprocal()
                };
                scale = factor_scale
                    .and_then(|factor_scale| scale.times(factor_scale))
                    .ok_or_else(|| UnitError::OutOfScale(symbol.clone()))?;
            }
        }
        Ok(Self {
            symbol: printed(&symbol),
            dimension,
            scale,
        })
    }

    /// How the unit is written.
    pub fn symbol(&self) -> &str {
        &self.symbol
    }

    /// What it measures.
    pub fn dimension(&self) -> Dimension {
        self.dimension
    }

    /// How many of `target` one of this unit is.
    pub fn ratio_to(&self, target: &Self) -> Result<Ratio, UnitError> {
        if self.dimension != target.dimension {
            return Err(UnitError::Dimension {
                from: self.symbol.clone(),
                from_dimension: self.dimension.to_string(),
                to: target.symbol.clone(),
                to_dimension: target.dimension.to_string(),
            });
        }
        target
            .scale
            .reciprocal()
            .and_then(|target_scale| self.scale.times(target_scale))
            .ok_or_else(|| UnitError::OutOfScale(self.symbol.clone()))
    }

    /// How many of `target` one of this rate makes in one hour: t/h into t, kW into `MWh`, t/d into t.
    pub fn hourly_ratio_to(&self, target: &Self) -> Result<Ratio, UnitError> {
        if !self.dimension.is_rate() {
            return Err(UnitError::NotARate(self.symbol.clone()));
        }
        let quantity = Self {
            symbol: format!("{}·h", self.symbol),
            dimension: self.dimension.combined(Dimension::of(Base::Time), 1),
            scale: self.scale,
        };
        quantity.ratio_to(target)
    }

    /// A readable unit for the quantity that an hour of this rate makes: t for t/h, kWh for kW.
    pub fn integrated(&self) -> Result<Self, UnitError> {
        if !self.dimension.is_rate() {
            return Err(UnitError::NotARate(self.symbol.clone()));
        }
        let symbol = match self.symbol.as_str() {
            "W" => "Wh".to_owned(),
            "kW" => "kWh".to_owned(),
            "MW" => "MWh".to_owned(),
            "kvar" => "kvarh".to_owned(),
            other => match other.rsplit_once('/') {
                Some((quantity, _)) => quantity.to_owned(),
                None => return Err(UnitError::NotARate(other.to_owned())),
            },
        };
        Self::parse(&symbol)
    }
}

/// Brings the ways of writing a unit together: superscripts, full-width signs, Chinese names of multiples.
fn canonical(text: &str) -> String {
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
fn printed(canonical: &str) -> String {
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

fn parse_factor(factor: &str) -> Option<(Dimension, Ratio)> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(from: &str, to: &str) -> (i128, i128) {
        let ratio = Unit::parse(from).unwrap().ratio_to(&Unit::parse(to).unwrap()).unwrap();
        (ratio.numerator, ratio.denominator)
    }

    #[test]
    fn converts_by_exact_ratios() {
        assert_eq!(ratio("kg", "t"), (1, 1000));
        assert_eq!(ratio("MWh", "GJ"), (18, 5));
        assert_eq!(ratio("kWh", "MWh"), (1, 1000));
        assert_eq!(ratio("10⁴Nm³", "Nm3"), (10_000, 1));
        assert_eq!(ratio("万Nm3", "10^4 Nm3"), (1, 1));
        assert_eq!(ratio("kJ/kg", "GJ/t"), (1, 1000));
        assert_eq!(ratio("GJ/10⁴Nm³", "MJ/Nm3"), (1, 10));
        assert_eq!(Unit::parse("GJ/10^4 Nm3").unwrap().symbol(), "GJ/10^4Nm3");
        assert_eq!(ratio("%", "1"), (1, 100));
        assert_eq!(ratio("kgCO2/kWh", "tCO2/MWh"), (1, 1));
    }

    #[test]
    fn gas_volumes_carry_their_reference_state() {
        assert_eq!(ratio("Sm3(20C)", "Nm3"), (5463, 5863));
        assert!(
            Unit::parse("m3")
                .unwrap()
                .ratio_to(&Unit::parse("Nm3").unwrap())
                .is_err()
        );
    }

    #[test]
    fn rates_become_quantities_of_an_hour() {
        let hourly = |from: &str, to: &str| {
            let ratio = Unit::parse(from)
                .unwrap()
                .hourly_ratio_to(&Unit::parse(to).unwrap())
                .unwrap();
            (ratio.numerator, ratio.denominator)
        };
        assert_eq!(hourly("t/h", "t"), (1, 1));
        assert_eq!(hourly("kg/s", "t"), (18, 5));
        assert_eq!(hourly("t/d", "t"), (1, 24));
        assert_eq!(hourly("kW", "MWh"), (1, 1000));
        assert_eq!(hourly("10⁴Nm³/h", "10⁴Nm³"), (1, 1));
        assert_eq!(Unit::parse("MW").unwrap().integrated().unwrap().symbol(), "MWh");
        assert_eq!(Unit::parse("t/h").unwrap().integrated().unwrap().symbol(), "t");
        assert!(matches!(
            Unit::parse("t").unwrap().hourly_ratio_to(&Unit::parse("t").unwrap()),
            Err(UnitError::NotARate(_))
        ));
    }

    #[test]
    fn carbon_is_not_mass_and_mass_is_not_co2() {
        let error = Unit::parse("tC/GJ").unwrap().ratio_to(&Unit::parse("tCO2/GJ").unwrap());
        assert!(matches!(error, Err(UnitError::Dimension { .. })));
        assert!(
            Unit::parse("tC/t")
                .unwrap()
                .ratio_to(&Unit::parse("1").unwrap())
                .is_err()
        );
    }

    #[test]
    fn unknown_parts_are_named() {
        assert_eq!(
            Unit::parse("t/fortnight"),
            Err(UnitError::Unknown {
                unit: "t/fortnight".into(),
                symbol: "fortnight".into()
            })
        );
        for nonsense in ["", "/", "t//h", "104", "·", "\u{1b}[2J"] {
            assert!(Unit::parse(nonsense).is_err(), "{nonsense:?}");
        }
    }
}
