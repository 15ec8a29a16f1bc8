//! The evidence rules of the quality plan on the demo plant: each passes, fails and has no basis somewhere, and says on what it
//! rests.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::connect::simulate::{Delivery, Imperfections, Plant};
use crate::domain::decimal::count;
use crate::domain::model::{Limits, Parameter, SiteModel};
use crate::domain::reading::{Incoming, Origin, ParameterKind, Quality};
use crate::domain::sheet::Round;
use crate::domain::time::{HOUR_MS, Instant, Month};
use crate::engine::view::QualityPlanView;
use crate::management::evidence::{Rule, Verdict};

use super::plant::Site;

/// 2026-10-01 00:00 in Shanghai.
const START: Instant = Instant(1_790_784_000_000);
const OCTOBER: Month = Month { year: 2026, month: 10 };

fn demo() -> SiteModel {
    let rules = crate::catalogue::rule_set().unwrap();
    let text = crate::site::template("demo").unwrap().text;
    let proposal = crate::site::read(text, "site.toml", rules).unwrap_or_else(|problems| panic!("{problems:?}"));
    crate::site::assign(&proposal, None).unwrap()
}

/// What the plant delivers in its first hours.
fn delivered(model: &SiteModel, hours: i64) -> Vec<Incoming> {
    let mut plant = Plant::with_imperfections(model, 2970, Imperfections::NONE).unwrap();
    let to = START.plus(hours * HOUR_MS);
    let all: Vec<Delivery> = plant.deliveries(START, to).collect();
    all.into_iter().map(|delivery| delivery.incoming).collect()
}

/// A site of that plan with what it delivers in some hours, so many hours after it began.
fn site(model: SiteModel, hours: i64, now: i64) -> Site {
    let mut site = Site::made(START);
    let readings = delivered(&model, hours);
    site.apply(model);
    site.now = START.plus(now * HOUR_MS);
    if !readings.is_empty() {
        site.bring(Origin::Simulated, readings);
    }
    site
}

fn seen(site: &Site) -> QualityPlanView {
    site.engine.quality_plan(&site.history, site.now, OCTOBER).unwrap()
}

/// The demo plant without all but what it sells to the grid, and the rounds of its boiler.
fn trimmed() -> SiteModel {
    let mut model = demo();
    model.sources.retain(|source| source.key == "export-power");
    model.sheets.retain(|sheet| sheet.key == "rounds");
    (model.document_forms, model.relations, model.products) = (Vec::new(), Vec::new(), Vec::new());
    let rows = model.sheets[0].rows.clone();
    let is_kept = |parameter: &Parameter| parameter.tag == "U1-EXPORT" || rows.contains(&parameter.id);
    model.parameters.retain(is_kept);
    for parameter in &mut model.parameters {
        (parameter.checks, parameter.alarms) = (None, None);
    }
    for node in &mut model.nodes {
        node.runs = None;
    }
    model
}

/// A value of a round that is neither impossible nor out of the ordinary; registers go on.
fn usual(parameter: &Parameter, hour: i64) -> i64 {
    let middle = |limits: &Limits| Some((limits.low? + limits.high?) / Decimal::TWO);
    let value = middle(&parameter.operating).or_else(|| middle(&parameter.possible));
    let value = value.unwrap_or(Decimal::ONE_HUNDRED);
    let ahead = if parameter.kind == ParameterKind::Counter {
        hour
    } else {
        0
    };
    count(value + Decimal::from(ahead), parameter.decimals).unwrap().count
}

/// Its first thirty hours minute by minute, in which every round is written down within five.
fn run_as_planned(model: &SiteModel, is_delivered: bool) -> Site {
    let mut site = Site::made(START);
    let mut plant = Plant::with_imperfections(model, 2970, Imperfections::NONE).unwrap();
    let all: Vec<Delivery> = plant.deliveries(START, START.plus(30 * HOUR_MS)).collect();
    let mut coming = all.into_iter().filter(|_| is_delivered).peekable();
    site.apply(model.clone());
    for minute in 0..30 * 60 {
        site.now = START.plus(minute * 60_000);
        let mut come = Vec::new();
        while let Some(delivery) = coming.next_if(|delivery| delivery.arrives <= site.now) {
            come.push(delivery.incoming);
        }
        if !come.is_empty() {
            site.bring(Origin::Simulated, come);
        }
        if minute % 120 == 5 {
            let hour = minute / 60;
            let sheet = &model.sheets[0];
            let rounds = sheet.rounds_of(model, sheet.page_at(model, site.now));
            let round_at = |round: &&Round| round.at == START.plus(hour * HOUR_MS);
            let of_sheet = rounds.iter().find(round_at).unwrap();
            let rows = sheet.rows.iter().filter_map(|row| model.parameter(*row));
            let round = rows.map(|row| Incoming {
                parameter: row.id,
                slot: of_sheet.slot(row.kind),
                value: usual(row, hour),
                quality: Quality::Good,
            });
            let round: Vec<Incoming> = round.collect();
            let count = u64::try_from(round.len()).unwrap();
            assert_eq!(site.bring(Origin::Typed, round).accepted, count);
        }
    }
    site
}

#[test]
fn every_rule_passes_fails_and_has_no_basis_somewhere() {
    let mut uncertified = trimmed();
    for meter in &mut uncertified.meters {
        meter.calibrated_until = Some("2026-09-30".parse().unwrap());
    }
    let variants = vec![
        ("nothing came", site(demo(), 0, 6)),
        ("some hours", site(demo(), 6, 6)),
        ("silent for a day", site(demo(), 6, 30)),
        ("months later", site(demo(), 6, 100 * 24)),
        ("as planned", run_as_planned(&trimmed(), true)),
        ("never delivered", run_as_planned(&trimmed(), false)),
        ("without a certificate", run_as_planned(&uncertified, true)),
    ];
    let mut said: BTreeMap<Rule, BTreeMap<Verdict, &str>> = BTreeMap::new();
    for (name, site) in variants {
        for one in seen(&site).evidence {
            let against = one.rests_on.iter().filter(|rest| rest.is_against).count();
            assert_eq!(one.verdict == Verdict::Fail, against > 0, "{name}: {one:?}");
            said.entry(one.rule).or_default().insert(one.verdict, name);
        }
    }
    // What is run as it is planned fails no rule.
    let planned = seen(&run_as_planned(&trimmed(), true));
    let failed: Vec<_> = planned
        .evidence
        .iter()
        .filter(|one| one.verdict == Verdict::Fail)
        .collect();
    assert!(failed.is_empty(), "{failed:?}");
    for rule in Rule::ALL {
        let of_rule = said.get(&rule).unwrap();
        assert_eq!(of_rule.len(), 3, "{rule:?} {of_rule:?}");
    }
}
