use clap::Parser;

use super::*;
use crate::locale::Language;

#[derive(Parser)]
struct Command {
    #[command(flatten)]
    calc: CalcArguments,
}

fn output(language: Language, words: &[&str]) -> Result<String, CalcError> {
    let command = Command::try_parse_from(std::iter::once(&"calc").chain(words)).unwrap();
    let mut out = Vec::new();
    run(&command.calc, &mut out, &Localizer::new(language))?;
    Ok(String::from_utf8(out).unwrap())
}

fn english(words: &[&str]) -> String {
    output(Language::English, words).unwrap()
}

fn error(words: &[&str]) -> String {
    let error = output(Language::English, words).unwrap_err();
    for language in Language::ALL {
        let localizer = Localizer::new(language);
        let shown = localizer.text(&error.text());
        assert!(!shown.contains("calc-"), "{shown}");
    }
    Localizer::new(Language::English).text(&error.text())
}

#[test]
fn prints_result_formula_and_numbers() {
    let shown = english(&[
        "electricity.purchased",
        "electricity=1234.5",
        "grid=@grid.national/2022",
    ]);
    // 1234.5 × 0.5366 = 662.43270
    assert_eq!(
        shown,
        "electricity.purchased@1  Purchased electricity\n\
         \x20 GB/T 32150; GB/T 32151.34-2024, purchased electricity\n\
         \x20 electricity = 1234.5 MWh  Electricity\n\
         \x20 grid_factor = 0.5366 tCO2/MWh  Grid factor\n\
         \x20   grid.national/2022: National, average electricity CO2 factor, 0.5366 tCO2/MWh; \
         Announcement 2024 No. 33 of the environment ministry and the statistics bureau (生态环境部、国家统计局公告2024年第33号), Tables 1 to 3 (two sources agree)\n\
         E = electricity × grid_factor\n\
         \x20 = 1234.5 MWh × 0.5366 tCO2/MWh\n\
         \x20 = 662.4327 tCO2\n"
    );
}

#[test]
fn speaks_chinese() {
    let shown = output(
        Language::Chinese,
        &["heat.sold@1", "heat=100", "heat_factor=@heat.default"],
    )
    .unwrap();
    assert!(
        shown.starts_with("heat.sold@1  输出热力\n  GB/T 32150；GB/T 32151.34-2024，输出热力\n  heat = 100 GJ  热量\n"),
        "{shown}"
    );
    assert!(shown.contains("转录，待核对"), "{shown}");
    assert!(
        shown.ends_with("E = −heat × heat_factor\n  = −100 GJ × 0.11 tCO2/GJ\n  = -11 tCO2\n"),
        "{shown}"
    );
}

#[test]
fn shares_that_cannot_be_meant_are_refused() {
    let with = |oxidation: &str| {
        error(&[
            "combustion.mass@1",
            "fuel-mass=1",
            "carbon_content=0.7",
            &format!("oxidation={oxidation}"),
        ])
    };
    let slip = with("0.98");
    assert!(slip.contains("98") && slip.contains("0.98 %"), "{slip}");
    assert!(with("120").contains("100 %"));
    assert!(with("1.2 1").contains("100 %"));
    let comma = with("0,98");
    assert!(comma.contains("0,98") && !comma.contains("mapping"), "{comma}");
    let few = english(&[
        "combustion.mass@1",
        "fuel-mass=1",
        "carbon_content=0.7",
        "oxidation=0.98 %",
    ]);
    assert!(few.contains("0.98 %"), "{few}");
}

#[test]
fn units_are_converted_and_endless_results_rounded_to_the_milligram() {
    let shown = english(&[
        "combustion.mass@1",
        "fuel-mass=100000kg",
        "carbon_content=0.7",
        "oxidation=0.98 1",
    ]);
    assert!(shown.contains("= 100 t × 0.7 tC/t × 98 % × 44/12\n"), "{shown}");
    // 3773/15 = 251.53333…
    assert!(
        shown.contains("251.533333333 tCO2, rounded to the milligram (exactly 3773/15 t)"),
        "{shown}"
    );
    let gas = english(&[
        "combustion.heat-from-volume",
        "fuel_volume=12e0",
        "net=@natural-gas.net-calorific-value",
        "carbon=@natural-gas.carbon-content-per-heat",
        "oxidation=@natural-gas.oxidation-factor",
        "--factor-set",
        "GB/T 32151.34-2024",
    ]);
    assert!(
        gas.contains("12 10⁴Nm³ × 389.31 GJ/10⁴Nm³ × 0.0153 tC/GJ × 99 % × 44/12\n  = 259.46265708 tCO2"),
        "{gas}"
    );
}

#[test]
fn json_keeps_every_digit_as_text() {
    let shown = english(&["heat.purchased", "heat=500.00", "heat_factor=0.11", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(value["result"]["value"], "55");
    assert_eq!(value["result"]["unit"], "tCO2");
    assert_eq!(value["inputs"][0]["value"], "500");
    assert_eq!(value["category"], "purchased-heat");
}

#[test]
fn csv_has_a_header_and_one_row_for_each_number() {
    let shown = english(&[
        "heat.purchased",
        "heat=500",
        "heat_factor=@heat.default",
        "--format",
        "csv",
    ]);
    assert_eq!(
        shown,
        "method,item,value,unit,factor\n\
         heat.purchased@1,heat,500,GJ,\n\
         heat.purchased@1,heat_factor,0.11,tCO2/GJ,HEAT-011\n\
         heat.purchased@1,result,55,tCO2,\n"
    );
}

#[test]
fn lists_all_methods_in_every_format() {
    let table = english(&["--list"]);
    let csv = english(&["--list", "--format", "csv"]);
    let json: serde_json::Value = serde_json::from_str(&english(&["--list", "--format", "json"])).unwrap();
    let rules = catalogue::rule_set().unwrap();
    assert_eq!(json.as_array().unwrap().len(), rules.methods().len());
    for method in rules.methods() {
        assert!(table.contains(&method.reference()) && csv.contains(&method.formula));
    }
    assert!(table.contains("\n    fuel_mass                t "), "{table}");
    assert!(!table.contains("104Nm3"));
}

#[test]
fn says_what_is_wrong_and_what_to_do() {
    let bought = "electricity.purchased";
    assert!(error(&["nothing"]).contains("--list"));
    assert!(error(&[bought, "electricity"]).contains("name=value"));
    assert!(error(&[bought, "colour=3"]).contains("It has: electricity, grid_factor"));
    assert!(error(&[bought, "electricity=1", "elec=2"]).contains("twice"));
    assert!(error(&[bought, "electricity=1"]).contains("grid_factor (tCO2/MWh)"));
    assert!(error(&[bought, "electricity=NaN"]).starts_with("Input “electricity”"));
    assert!(error(&[bought, "electricity=1 t"]).starts_with("Input “electricity”"));
    assert!(error(&[bought, "electricity=1,5"]).starts_with("Input “electricity”"));
    assert!(error(&[bought, "electricity=1 parsec"]).contains("parsec"));
    assert!(error(&[bought, "grid_factor=@grid.atlantis"]).contains("grid.atlantis"));
    assert!(error(&[bought, "grid_factor=@grid.national"]).contains("@grid.national/2022"));
    assert!(error(&[bought, "grid_factor=@grid.national/latest"]).contains("latest"));
    assert!(error(&[bought, "grid_factor=@grid.national/2019"]).contains("2021, 2022, 2023"));
    assert!(error(&[bought, "grid_factor=@grid.national", "--month", "2025"]).contains("2025-03"));
    assert!(error(&[bought, "grid_factor=@grid.national", "--month", "2018-01"]).contains("2018-01"));
    assert!(error(&["combustion.mass", "oxidation=@coke.oxidation-factor"]).contains("--factor-set"));
    assert!(!error(&[bought, "electricity=\u{1b}[31m"]).contains('\u{1b}'));
}

#[test]
fn a_month_finds_the_factor_of_its_year_and_says_when_it_is_provisional() {
    let at = |month| {
        english(&[
            "electricity.purchased",
            "electricity=1",
            "grid=@grid.national",
            "--month",
            month,
        ])
    };
    assert!(at("2022-06").contains("0.5366") && !at("2022-06").contains("provisional"));
    assert!(at("2026-06").contains("0.5306") && at("2026-06").contains("; provisional"));
}
