//! What units measure: products of powers of base quantities (量纲).

use std::fmt;

use crate::domain::text::{Explained, Text};

/// Number of base quantities.
const BASES: usize = 12;

/// Base quantities, in the order of the exponents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Base {
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

    pub(super) fn of(base: Base) -> Self {
        let mut exponents = [0; BASES];
        if let Some(exponent) = exponents.get_mut(base as usize) {
            *exponent = 1;
        }
        Self(exponents)
    }

    pub(super) fn combined(self, other: Self, sign: i8) -> Self {
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

/// What the base quantities are called: in logs, and the ids of their names in both languages.
const NAMES: [(&str, &str); BASES] = [
    ("mass", "dimension-mass"),
    ("carbon", "dimension-carbon"),
    ("CO2", "dimension-carbon-dioxide"),
    ("energy", "dimension-energy"),
    ("volume", "dimension-volume"),
    ("gas volume", "dimension-gas-volume"),
    ("time", "dimension-time"),
    ("pressure", "dimension-pressure"),
    ("temperature", "dimension-temperature"),
    ("reactive energy", "dimension-reactive-energy"),
    ("count", "dimension-count"),
    ("electrical", "dimension-electrical"),
];

impl Dimension {
    /// The base quantities that it holds, with their exponents.
    fn powers(self) -> impl Iterator<Item = (&'static str, &'static str, i8)> {
        NAMES
            .iter()
            .zip(self.0)
            .filter(|(_, exponent)| *exponent != 0)
            .map(|(&(name, id), exponent)| (name, id, exponent))
    }
}

impl fmt::Display for Dimension {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::NONE {
            return formatter.write_str("1");
        }
        for (place, (name, _, exponent)) in self.powers().enumerate() {
            if place > 0 {
                formatter.write_str("·")?;
            }
            formatter.write_str(name)?;
            if exponent != 1 {
                write!(formatter, "^{exponent}")?;
            }
        }
        Ok(())
    }
}

impl Explained for Dimension {
    fn text(&self) -> Text {
        let mut product: Option<Text> = None;
        for (_, id, exponent) in self.powers() {
            let base = Text::new(id);
            let power = if exponent == 1 {
                base
            } else {
                Text::new("dimension-power")
                    .with_text("base", base)
                    .with("exponent", exponent)
            };
            product = Some(match product {
                None => power,
                Some(before) => Text::new("dimension-product")
                    .with_text("first", before)
                    .with_text("second", power),
            });
        }
        product.unwrap_or_else(|| Text::new("dimension-number"))
    }
}
