//! Bases of a fuel's analysis (基准, GB/T 483): to which state of the fuel a share or a heating value refers, and what it is on
//! another one.
//!
//! With W the matter of one part of the dry fuel, a share on a basis is that on the dry one times W of the basis:
//!
//! | basis | W |
//! |---|---|
//! | as received (收到基, ar) | (100 − Mt) / 100 |
//! | air-dried (空气干燥基, ad) | (100 − Mad) / 100 |
//! | dry (干燥基, d) | 1 |
//! | dry and ash-free (干燥无灰基, daf) | (100 − Mad) / (100 − Mad − Aad) |
//!
//! A net heating value loses besides what it takes to evaporate the moisture, 23 J/g for each per cent of it (GB/T 213).

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::domain::text::{Explained, Text, clean};
use crate::domain::unit::{Ratio, Unit};

/// A basis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
pub enum Basis {
    /// As received (收到基).
    #[serde(rename = "ar")]
    AsReceived,
    /// Air-dried (空气干燥基).
    #[serde(rename = "ad")]
    AirDried,
    /// Dry (干燥基).
    #[serde(rename = "d")]
    Dry,
    /// Dry and ash-free (干燥无灰基).
    #[serde(rename = "daf")]
    DryAshFree,
}

impl Basis {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::AsReceived, Self::AirDried, Self::Dry, Self::DryAshFree];

    /// Its letters.
    pub const fn letters(self) -> &'static str {
        match self {
            Self::AsReceived => "ar",
            Self::AirDried => "ad",
            Self::Dry => "d",
            Self::DryAshFree => "daf",
        }
    }

    /// The basis that somebody wrote, by its letters or its Chinese name.
    pub fn read(given: &str) -> Result<Self, Text> {
        match given.trim().to_ascii_lowercase().as_str() {
            "ar" | "收到基" | "应用基" => Ok(Self::AsReceived),
            "ad" | "空气干燥基" | "空干基" | "分析基" => Ok(Self::AirDried),
            "d" | "干燥基" | "干基" => Ok(Self::Dry),
            "daf" | "干燥无灰基" | "可燃基" => Ok(Self::DryAshFree),
            _ => Err(Text::new("basis-unknown").with("given", clean(given))),
        }
    }
}

impl Explained for Basis {
    fn text(&self) -> Text {
        Text::new(match self {
            Self::AsReceived => "basis-as-received",
            Self::AirDried => "basis-air-dried",
            Self::Dry => "basis-dry",
            Self::DryAshFree => "basis-dry-ash-free",
        })
    }
}

/// What an analysis says besides the values: on which basis they are, and what is needed to convert them, in per cent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Analysis {
    /// On which basis the values are; none where they depend on none.
    pub basis: Option<Basis>,
    /// Total moisture (全水分 Mt, as received).
    pub total_moisture: Option<Decimal>,
    /// Moisture of the air-dried sample (Mad).
    pub moisture: Option<Decimal>,
    /// Ash of the air-dried sample (Aad).
    pub ash: Option<Decimal>,
}

/// How a value goes from one basis to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conversion {
    /// As a share: of carbon, of ash.
    Share,
    /// As a net heating value.
    NetHeat,
    /// Not at all: it is of no basis.
    None,
}

impl Conversion {
    /// How a value in a unit goes.
    pub fn of(unit: &Unit) -> Self {
        let like = |other: &str| Unit::parse(other).is_ok_and(|other| other.dimension() == unit.dimension());
        if like("%") || like("tC/t") {
            Self::Share
        } else if like("GJ/t") {
            Self::NetHeat
        } else {
            Self::None
        }
    }
}

/// J/g that a per cent of moisture takes to evaporate (GB/T 213, of the net heating value at constant volume).
const EVAPORATION: i128 = 23;

const HUNDRED: Decimal = Decimal::ONE_HUNDRED;

impl Analysis {
    /// The moisture on a basis.
    fn moisture_on(&self, basis: Basis) -> Result<Decimal, Text> {
        match basis {
            Basis::AsReceived => share(self.total_moisture, "basis-needs-total-moisture"),
            Basis::AirDried => share(self.moisture, "basis-needs-moisture"),
            Basis::Dry | Basis::DryAshFree => Ok(Decimal::ZERO),
        }
    }

    /// Numerator and denominator of the matter on a basis for one part of dry fuel.
    fn matter(&self, basis: Basis) -> Result<(Decimal, Decimal), Text> {
        match basis {
            Basis::AsReceived | Basis::AirDried => Ok((HUNDRED - self.moisture_on(basis)?, HUNDRED)),
            Basis::Dry => Ok((Decimal::ONE, Decimal::ONE)),
            Basis::DryAshFree => {
                let dry = HUNDRED - share(self.moisture, "basis-needs-moisture")?;
                let burning = dry - share(self.ash, "basis-needs-ash")?;
                if burning <= Decimal::ZERO {
                    return Err(Text::new("basis-nothing-burns"));
                }
                Ok((dry, burning))
            }
        }
    }

    /// A value in a unit, which the analysis gives on its basis, on another one: exact but for the last digits of the
    /// quotient.
    pub fn convert(&self, value: Decimal, unit: &Unit, to: Basis) -> Result<Decimal, Text> {
        let conversion = Conversion::of(unit);
        if conversion == Conversion::None {
            return Ok(value);
        }
        let from = self.basis.ok_or_else(|| Text::new("basis-missing"))?;
        if from == to {
            return Ok(value);
        }
        let (above, below) = self.matter(from)?;
        let (to_above, to_below) = self.matter(to)?;
        let evaporated = |basis| -> Result<Decimal, Text> {
            if conversion == Conversion::Share {
                return Ok(Decimal::ZERO);
            }
            let per_cent = Unit::parse("kJ/kg").and_then(|joules| joules.ratio_to(unit));
            let per_cent = per_cent.map_err(|error| error.text())?;
            let one = times(Decimal::from(EVAPORATION), per_cent)?;
            self.moisture_on(basis)?.checked_mul(one).ok_or_else(too_large)
        };
        let (lost, to_lose) = (evaporated(from)?, evaporated(to)?);
        // Multiplied first, divided once.
        value
            .checked_add(lost)
            .and_then(|gross| gross.checked_mul(below)?.checked_mul(to_above))
            .and_then(|product| product.checked_div(above.checked_mul(to_below)?))
            .and_then(|gross| gross.checked_sub(to_lose))
            .ok_or_else(too_large)
    }
}

/// A share in per cent that must be known, and be one.
fn share(given: Option<Decimal>, missing: &'static str) -> Result<Decimal, Text> {
    let share = given.ok_or_else(|| Text::new(missing))?;
    if (Decimal::ZERO..HUNDRED).contains(&share) {
        Ok(share)
    } else {
        Err(Text::new("basis-not-a-share").with("given", share))
    }
}

fn times(value: Decimal, ratio: Ratio) -> Result<Decimal, Text> {
    let part = |number| Decimal::try_from_i128_with_scale(number, 0).ok();
    part(ratio.numerator)
        .and_then(|above| value.checked_mul(above))
        .and_then(|above| above.checked_div(part(ratio.denominator)?))
        .ok_or_else(too_large)
}

fn too_large() -> Text {
    Text::new("basis-too-large")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn analysis(basis: Basis) -> Analysis {
        Analysis {
            basis: Some(basis),
            total_moisture: Some(decimal("9.8")),
            moisture: Some(decimal("2.4")),
            ash: Some(decimal("22.1")),
        }
    }

    /// Calculated by hand.
    #[test]
    fn a_share_is_less_of_what_holds_more() {
        let carbon = Unit::parse("%").unwrap();
        for (from, to, value, wanted) in [
            (Basis::AirDried, Basis::AsReceived, "58.30", "53.8797"),
            (Basis::Dry, Basis::AsReceived, "60", "54.12"),
            (Basis::AirDried, Basis::Dry, "58.30", "59.7336"),
            (Basis::DryAshFree, Basis::AirDried, "77.2185430463576", "58.3"),
            (Basis::AsReceived, Basis::AsReceived, "53.88", "53.88"),
        ] {
            let converted = analysis(from).convert(decimal(value), &carbon, to).unwrap();
            assert_eq!(converted.round_dp(4).normalize(), decimal(wanted), "{from:?} to {to:?}");
        }
    }

    /// (22.50 MJ/kg + 23 J/g × 2.4) × (100 − 9.8) / (100 − 2.4) − 23 J/g × 9.8, by hand.
    #[test]
    fn a_net_heating_value_loses_what_evaporates_the_moisture() {
        let heat = Unit::parse("GJ/t").unwrap();
        let converted = analysis(Basis::AirDried).convert(decimal("22.50"), &heat, Basis::AsReceived);
        assert_eq!(converted.unwrap().round_dp(5), decimal("20.61967"));
        let in_kilojoules = Unit::parse("kJ/kg").unwrap();
        let converted = analysis(Basis::AirDried).convert(decimal("22500"), &in_kilojoules, Basis::AsReceived);
        assert_eq!(converted.unwrap().round_dp(2), decimal("20619.67"));
    }

    #[test]
    fn what_is_missing_is_named() {
        let unit = Unit::parse("%").unwrap();
        let wanting = Analysis {
            total_moisture: None,
            ..analysis(Basis::AirDried)
        };
        let missing = |analysis: Analysis, to| analysis.convert(Decimal::TEN, &unit, to).unwrap_err().id;
        assert_eq!(missing(wanting, Basis::AsReceived), "basis-needs-total-moisture");
        assert_eq!(missing(Analysis::default(), Basis::AsReceived), "basis-missing");
        let wet = Analysis {
            total_moisture: Some(HUNDRED),
            ..analysis(Basis::Dry)
        };
        assert_eq!(missing(wet, Basis::AsReceived), "basis-not-a-share");
        let ash = Analysis {
            ash: Some(decimal("97.6")),
            ..analysis(Basis::DryAshFree)
        };
        assert_eq!(missing(ash, Basis::Dry), "basis-nothing-burns");
        let factor = Unit::parse("tC/GJ").unwrap();
        assert_eq!(
            Analysis::default().convert(Decimal::TEN, &factor, Basis::Dry),
            Ok(Decimal::TEN)
        );
    }

    #[test]
    fn bases_are_read_in_both_languages() {
        for basis in Basis::ALL {
            assert_eq!(Basis::read(basis.letters()), Ok(basis));
        }
        assert_eq!(Basis::read(" 空干基 "), Ok(Basis::AirDried));
        assert_eq!(Basis::read("AR"), Ok(Basis::AsReceived));
        assert_eq!(Basis::read("wet").unwrap_err().id, "basis-unknown");
    }

    proptest! {
        #[test]
        fn there_and_back_is_the_same(
            value in 1_i64..40_000,
            moistures in (0_i64..400, 0_i64..200),
            ash in 0_i64..400,
            bases in (0_usize..4, 0_usize..4),
            is_heat in any::<bool>(),
        ) {
            let unit = Unit::parse(if is_heat { "GJ/t" } else { "%" }).unwrap();
            let (from, to) = (Basis::ALL[bases.0], Basis::ALL[bases.1]);
            let there = Analysis {
                basis: Some(from),
                total_moisture: Some(Decimal::new(moistures.0, 1)),
                moisture: Some(Decimal::new(moistures.1, 1)),
                ash: Some(Decimal::new(ash, 1)),
            };
            let back = Analysis { basis: Some(to), ..there };
            let value = Decimal::new(value, 3);
            let converted = there.convert(value, &unit, to).unwrap();
            let again = back.convert(converted, &unit, from).unwrap();
            prop_assert!((again - value).abs() < Decimal::new(1, 15), "{value} {converted} {again}");
        }
    }
}
