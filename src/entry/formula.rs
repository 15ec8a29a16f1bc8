//! Small sums in a cell (算式): `=12*3.4`, exact in decimals but for what a division leaves behind.

use rust_decimal::Decimal;

use super::number::number;
use crate::domain::text::{Text, clean};

/// How deep brackets may stand in each other.
const DEEPEST: u32 = 16;

/// What the formula behind `=` amounts to.
pub fn value_of(formula: &str) -> Result<Decimal, Text> {
    let mut reader = Reader {
        rest: formula.trim(),
        whole: formula,
        depth: 0,
    };
    let value = reader.sum()?;
    if reader.rest.is_empty() {
        Ok(value)
    } else {
        Err(reader.unreadable())
    }
}

struct Reader<'text> {
    rest: &'text str,
    whole: &'text str,
    depth: u32,
}

impl Reader<'_> {
    fn unreadable(&self) -> Text {
        let at = self.whole.chars().count() - self.rest.chars().count() + 1;
        Text::new("entry-formula")
            .with("given", clean(self.whole))
            .with_count("place", at)
    }

    fn beyond(&self) -> Text {
        Text::new("entry-formula-value").with("given", clean(self.whole))
    }

    /// Takes one of some signs.
    fn takes(&mut self, signs: &[char]) -> Option<char> {
        let sign = self.rest.chars().next().filter(|sign| signs.contains(sign))?;
        self.rest = self.rest.get(sign.len_utf8()..).unwrap_or_default().trim_start();
        Some(sign)
    }

    fn sum(&mut self) -> Result<Decimal, Text> {
        let mut value = self.product()?;
        while let Some(sign) = self.takes(&['+', '-']) {
            let next = self.product()?;
            let sum = if sign == '+' {
                value.checked_add(next)
            } else {
                value.checked_sub(next)
            };
            value = sum.ok_or_else(|| self.beyond())?;
        }
        Ok(value)
    }

    fn product(&mut self) -> Result<Decimal, Text> {
        let mut value = self.factor()?;
        while let Some(sign) = self.takes(&['*', '/']) {
            let next = self.factor()?;
            let product = if sign == '*' {
                value.checked_mul(next)
            } else {
                value.checked_div(next)
            };
            value = product.ok_or_else(|| self.beyond())?;
        }
        Ok(value)
    }

    fn factor(&mut self) -> Result<Decimal, Text> {
        if self.takes(&['-']).is_some() {
            return self.deeper(Self::factor).map(|value| -value);
        }
        if self.takes(&['(']).is_some() {
            let value = self.deeper(Self::sum)?;
            return self.takes(&[')']).map(|_| value).ok_or_else(|| self.unreadable());
        }
        let end = self
            .rest
            .find(|character: char| !(character.is_ascii_digit() || matches!(character, '.' | ',')))
            .unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        let value = number(digits).map_err(|_| self.unreadable())?.value;
        self.rest = rest.trim_start();
        Ok(value)
    }

    fn deeper(&mut self, read: impl FnOnce(&mut Self) -> Result<Decimal, Text>) -> Result<Decimal, Text> {
        if self.depth == DEEPEST {
            return Err(self.unreadable());
        }
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sums_are_exact_and_products_bind_closer() {
        for (formula, value) in [
            ("12*3.4", "40.8"),
            ("0.1+0.2", "0.3"),
            ("1+2*3", "7"),
            ("(1+2)*-3", "-9"),
            ("10/4", "2.5"),
            ("1,200*2 - 400", "2000"),
            ("-(-5)", "5"),
        ] {
            assert_eq!(
                value_of(formula).unwrap(),
                value.parse::<Decimal>().unwrap(),
                "{formula}"
            );
        }
    }

    #[test]
    fn what_is_no_sum_is_refused_and_says_where() {
        for formula in ["", "1+", "*3", "1//2", "(1", "1)", "2 3", "12,5*2", "1/0", "x", "1e9"] {
            assert!(value_of(formula).is_err(), "{formula}");
        }
        let deep = "(".repeat(100_000);
        assert!(value_of(&deep).is_err());
        assert!(value_of(&"-".repeat(100_000)).is_err());
        assert!(value_of("9999999999999999*9999999999999999").is_err());
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(formula in "[-+*/(). ,0-9x号]{0,40}") {
            let _ = value_of(&formula);
        }
    }
}
