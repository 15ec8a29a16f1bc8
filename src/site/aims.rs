//! What must hold for emission plans and reference intensities.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::check::{Links, number, refer};
use super::problem::Problems;
use super::row::Row;
use crate::domain::plan::{DIGITS, LARGEST};
use crate::domain::text::Text;

/// Months of a year.
const MONTHS: usize = 12;

/// Checks all plans and references.
pub(super) fn check_plans(problems: &Problems<'_>, file: &Row, links: &Links<'_>) {
    let mut first: BTreeMap<(&str, Option<i64>), usize> = BTreeMap::new();
    for plan in file.rows("plan") {
        refer(problems, plan, "book", &links.books);
        check_amounts(problems, plan);
        let Some(book) = plan.words("book") else { continue };
        let place = plan.place("book");
        // A year that was refused is a problem of its own, and might have been meant to be any.
        if !plan.refused("year") {
            twice(problems, &mut first, (book, plan.whole("year")), place);
        }
    }
    let mut first: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for reference in file.rows("reference") {
        refer(problems, reference, "book", &links.books);
        refer(problems, reference, "product", &links.products);
        if let Some(intensity) = reference.number("intensity") {
            check_amount(problems, reference.place("intensity"), "intensity", intensity);
        }
        if let (Some(book), Some(product)) = (reference.words("book"), reference.words("product")) {
            twice(problems, &mut first, (book, product), reference.place("product"));
        }
    }
}

/// A problem where something was said before.
fn twice<Key: Ord>(problems: &Problems<'_>, first: &mut BTreeMap<Key, usize>, key: Key, place: usize) {
    if let Some(&before) = first.get(&key) {
        let (line, _) = problems.place(before);
        let what = Text::new("site-aim-twice").with("line", line);
        problems.push(place, what, Text::new("site-remedy-remove-one"));
    } else {
        first.insert(key, place);
    }
}

fn check_amounts(problems: &Problems<'_>, plan: &Row) {
    if plan.has("amount") == plan.has("months") {
        problems.push(
            plan.place("book"),
            Text::new("site-plan-ways"),
            Text::new("site-remedy-plan-ways"),
        );
        return;
    }
    if let Some(amount) = plan.number("amount") {
        check_amount(problems, plan.place("amount"), "amount", amount);
    }
    if plan.has("months") && !plan.refused("months") {
        let months = plan.list("months");
        if months.len() != MONTHS {
            let what = Text::new("site-plan-months").with_count("count", months.len());
            problems.push(plan.place("months"), what, Text::new("site-remedy-plan-months"));
        }
        for month in months {
            if let Some(amount) = number(month) {
                check_amount(problems, month.at, "months", amount);
            }
        }
    }
}

fn check_amount(problems: &Problems<'_>, place: usize, key: &'static str, amount: Decimal) {
    if amount.is_sign_negative() || amount > Decimal::from(LARGEST) || amount.normalize().scale() > DIGITS {
        let what = Text::new("site-aim-amount").with("key", key).with("given", amount);
        problems.push(
            place,
            what,
            Text::new("site-remedy-aim-amount").with_count("digits", DIGITS),
        );
    }
}
