//! The digest of a rule set. It is taken over a serialisation of its own, so that neither a library's format nor the
//! order of a file has a say in it.

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::exact::Rounding;
use super::rules::{Factor, GwpSet, InputDefinition, InputRole, MethodDefinition, RuleSet};
use crate::domain::model::{Name, Window};

/// Tells this serialisation from any later one.
const FORMAT: &str = "carbonwatch rules 1";

pub(super) fn of_rules(rules: &RuleSet) -> [u8; 32] {
    let mut digest = Digest(blake3::Hasher::new());
    digest.text(FORMAT);
    digest.list(rules.factors(), Digest::factor);
    digest.list(rules.gwp_sets(), Digest::gwp_set);
    digest.list(rules.methods(), Digest::method);
    *digest.0.finalize().as_bytes()
}

/// Every part is written with its length or with a fixed one, so that no two rule sets give the same bytes.
struct Digest(blake3::Hasher);

impl Digest {
    fn byte(&mut self, byte: u8) {
        self.0.update(&[byte]);
    }

    fn number(&mut self, number: i128) {
        self.0.update(&number.to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as i128);
        self.0.update(text.as_bytes());
    }

    fn list<T>(&mut self, items: &[T], each: fn(&mut Self, &T)) {
        self.number(items.len() as i128);
        for item in items {
            each(self, item);
        }
    }

    fn optional<T>(&mut self, item: Option<T>, each: fn(&mut Self, T)) {
        self.byte(u8::from(item.is_some()));
        if let Some(item) = item {
            each(self, item);
        }
    }

    fn date(&mut self, date: NaiveDate) {
        self.number(i128::from(date.num_days_from_ce()));
    }

    /// The value with its digits: 0.30 and 0.3 are two statements of a document.
    fn decimal(&mut self, value: Decimal) {
        self.number(value.mantissa());
        self.number(i128::from(value.scale()));
    }

    fn name(&mut self, name: &Name) {
        self.text(&name.zh);
        self.text(&name.en);
    }

    fn factor(&mut self, factor: &Factor) {
        self.text(&factor.key);
        self.text(&factor.factor_set);
        self.text(&factor.id);
        self.name(&factor.name);
        self.decimal(factor.value);
        self.text(factor.unit.symbol());
        self.optional(factor.data_year, |digest, year| digest.number(i128::from(year)));
        self.optional(factor.valid_from, Self::date);
        self.optional(factor.valid_to, Self::date);
        self.optional(factor.published, Self::date);
        self.text(&factor.document);
        self.text(&factor.table);
        self.byte(factor.trust.code());
        self.text(&factor.notes);
    }

    fn gwp_set(&mut self, set: &GwpSet) {
        self.text(&set.name);
        self.text(&set.document);
        self.byte(set.trust.code());
        self.list(&set.values, |digest, value| {
            digest.text(&value.substance);
            digest.byte(value.gas as u8);
            digest.decimal(value.value);
            digest.text(&value.id);
            digest.text(&value.notes);
        });
    }

    fn method(&mut self, method: &MethodDefinition) {
        self.text(&method.id);
        self.number(i128::from(method.version));
        self.name(&method.name);
        self.byte(method.category.code());
        self.byte(method.gas as u8);
        self.list(&method.inputs, Self::input);
        self.text(&method.formula);
        self.text(&method.document);
        self.text(&method.table);
        self.byte(match method.rounding {
            Rounding::HalfEven => 0,
            Rounding::HalfUp => 1,
        });
    }

    fn input(&mut self, input: &InputDefinition) {
        self.text(&input.key);
        self.name(&input.name);
        self.text(input.unit.symbol());
        self.byte(match input.role {
            InputRole::Quantity => 0,
            InputRole::Property => 1,
            InputRole::Factor => 2,
        });
        self.list(&input.windows, |digest, window| {
            digest.byte(match window {
                Window::Hour => 0,
                Window::Test => 1,
                Window::Month => 2,
                Window::Year => 3,
            });
        });
    }
}
