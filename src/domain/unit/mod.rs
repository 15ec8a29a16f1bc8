//! Units of measurement: parsed from what plants write, compared by dimension, converted by exact ratios.
//!
//! A unit is a product of powers of base quantities with an exact scale. Masses of carbon and of CO₂ are quantities of
//! their own, so that tC/t is not a bare number and a factor in tCO2/MWh cannot be bound where tC/GJ is meant. Gas
//! volumes carry their reference state: a normal cubic metre (0 °C, 101.325 kPa; GB/T 32150) is the base, and a cubic
//! metre at 20 °C or 15 °C converts by the ratio of absolute temperatures. An actual cubic metre (`m3`) is not a gas
//! volume and never converts into one.

mod dimension;
mod ratio;
mod symbol;

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use self::dimension::Base;
pub use self::dimension::Dimension;
pub use self::ratio::Ratio;
use self::symbol::{canonical, parse_factor, printed};
use super::text::{Explained, Text, clean};

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
        from_dimension: Dimension,
        /// The unit that was wanted.
        to: String,
        /// What that measures.
        to_dimension: Dimension,
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
                .with_text("from-dimension", from_dimension.text())
                .with("to", to)
                .with_text("to-dimension", to_dimension.text()),
            Self::NotARate(unit) => Text::new("unit-not-a-rate").with("unit", unit),
            Self::OutOfScale(unit) => Text::new("unit-out-of-scale").with("unit", clean(unit)),
        }
    }
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
                from_dimension: self.dimension,
                to: target.symbol.clone(),
                to_dimension: target.dimension,
            });
        }
        target
            .scale
            .reciprocal()
            .and_then(|target_scale| self.scale.times(target_scale))
            .ok_or_else(|| UnitError::OutOfScale(self.symbol.clone()))
    }

    /// The unit of a product of values: t times tC/t is tC. What stands above and below the line falls out where it is
    /// written alike.
    pub fn times(&self, other: &Self) -> Result<Self, UnitError> {
        self.combined(other, false)
    }

    /// The unit of a quotient of values, likewise: t by `MWh` is t/MWh.
    pub fn per(&self, other: &Self) -> Result<Self, UnitError> {
        self.combined(other, true)
    }

    fn combined(&self, other: &Self, is_below: bool) -> Result<Self, UnitError> {
        let (mut above, mut below): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
        for (unit, is_below) in [(self, false), (other, is_below)] {
            for (place, part) in unit.symbol.split('/').enumerate() {
                let side = if (place == 0) == is_below {
                    &mut below
                } else {
                    &mut above
                };
                side.extend(part.split(['·', '*']).filter(|symbol| *symbol != "1"));
            }
        }
        above.retain(|symbol| {
            let same = below.iter().position(|other| other == symbol);
            same.map(|place| below.remove(place)).is_none()
        });
        let mut symbol = if above.is_empty() {
            "1".to_owned()
        } else {
            above.join("·")
        };
        for part in below {
            symbol.push('/');
            symbol.push_str(part);
        }
        let other_scale = if is_below {
            other.scale.reciprocal()
        } else {
            Some(other.scale)
        };
        let scale = other_scale.and_then(|other_scale| self.scale.times(other_scale));
        Ok(Self {
            dimension: self.dimension.combined(other.dimension, if is_below { -1 } else { 1 }),
            scale: scale.ok_or_else(|| UnitError::OutOfScale(symbol.clone()))?,
            symbol,
        })
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
    fn products_and_quotients_are_units_again() {
        let unit = |symbol: &str| Unit::parse(symbol).unwrap();
        for (left, right, product) in [
            ("t", "tC/t", "tC"),
            ("t", "GJ/t", "GJ"),
            ("GJ", "%", "GJ·%"),
            ("t", "1", "t"),
        ] {
            let found = unit(left).times(&unit(right)).unwrap();
            assert_eq!(found.symbol(), product);
            assert_eq!(
                found,
                Unit {
                    symbol: product.to_owned(),
                    ..unit(product)
                },
                "{left} times {right}"
            );
        }
        for (above, below, quotient) in [("t", "MWh", "t/MWh"), ("tC/t", "GJ/t", "tC/GJ"), ("t", "t", "1")] {
            let found = unit(above).per(&unit(below)).unwrap();
            assert_eq!(found.symbol(), quotient);
            assert_eq!(found.ratio_to(&unit(quotient)).unwrap(), Ratio::ONE);
        }
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
