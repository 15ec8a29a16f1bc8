//! Permanent ids, and what a changed file changes.

use super::*;
use crate::domain::model::Parameter;

fn proposal(text: &str) -> Proposal {
    read(text, "site.toml", rules()).unwrap_or_else(|problems| panic!("{}", told(&problems)))
}

fn ids(problems: &[Problem]) -> Vec<&str> {
    problems.iter().map(|problem| problem.what.id.as_ref()).collect()
}

#[test]
fn the_same_file_again_changes_nothing() {
    for template in TEMPLATES {
        let first = model(template.text);
        let second = assign(&proposal(template.text), Some(&first)).unwrap();
        assert_eq!(first, second);
        assert_eq!(differences(Some(&first), &second), vec![]);
    }
}

#[test]
fn ids_stay_with_their_objects_and_are_never_given_again() {
    let text = text_of("minimal");
    let first = model(text);
    // The parameter gets another tag without `was`: another object.
    let other = text.replace("EM-001", "EM-002");
    let second = assign(&proposal(&other), Some(&first)).unwrap();
    assert_eq!(second.parameters[0].id, ParameterId(2));
    assert_eq!(second.next.parameter, 3);
    // The first tag comes back: it is new again, since what was removed is gone.
    let third = assign(&proposal(text), Some(&second)).unwrap();
    assert_eq!(third.parameters[0].id, ParameterId(3));
    assert_eq!(third.nodes, first.nodes);
    let Binding::Parameter { parameter, .. } = third.sources[0].inputs["electricity"] else {
        panic!()
    };
    assert_eq!(parameter, ParameterId(3));
}

#[test]
fn a_renamed_object_keeps_its_id() {
    let text = text_of("minimal");
    let first = model(text);
    let renamed =
        text.replace("EM-001", "EM-002")
            .replacen("tag = \"EM-002\"", "tag = \"EM-002\"\nwas = \"EM-001\"", 1);
    let second = assign(&proposal(&renamed), Some(&first)).unwrap();
    assert_eq!(second.parameters[0].id, first.parameters[0].id);
    let found = differences(Some(&first), &second);
    assert_eq!(
        found[0],
        Difference {
            sort: Sort::Parameter,
            key: "EM-002".into(),
            change: Change::Renamed {
                from: "EM-001".into(),
                fields: vec![]
            }
        }
    );
    // The source names the parameter by its new tag.
    assert_eq!(found[1].sort, Sort::Source);
    assert_eq!(found.len(), 2);
    // `was` may stay in the file after it was applied.
    assert_eq!(assign(&proposal(&renamed), Some(&second)).unwrap(), second);
    // Without a model in force there is nothing to rename.
    assert!(assign(&proposal(&renamed), None).is_ok());
}

#[test]
fn what_may_not_change_is_refused_with_its_place() {
    let text = text_of("minimal");
    let first = model(text);
    for (from, to, id) in [
        ("Asia/Shanghai", "Asia/Tokyo", "site-zone-changed"),
        ("day_start =", "simulated = true\nday_start =", "site-simulated-changed"),
        ("kind = \"counter\"", "kind = \"amount\"", "site-parameter-changed"),
        ("unit = \"kWh\"", "unit = \"MWh\"", "site-parameter-changed"),
        ("decimals = 2", "decimals = 3", "site-parameter-changed"),
    ] {
        let changed = text.replacen(from, to, 1);
        let problems = assign(&proposal(&changed), Some(&first)).unwrap_err();
        assert_eq!(ids(&problems), [id], "{to}");
        let offset = changed.find(to).unwrap();
        assert_eq!(problems[0].line, place(&changed, offset).0, "{to}");
    }
}

#[test]
fn former_names_that_cannot_be_are_refused() {
    let text = text_of("minimal");
    let first = model(text);
    let node = |key: &str, was: &str| {
        format!(
            "{text}\n[[node]]\nkey = \"{key}\"\nname = \"x\"\nlevel = \"process\"\nparent = \"plant\"\nwas = \"{was}\"\n"
        )
    };
    let refused = |text: &str, in_force: &SiteModel| {
        ids(&assign(&proposal(text), Some(in_force)).unwrap_err())
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(refused(&node("new", "production"), &first), ["site-was-still-there"]);
    assert_eq!(refused(&node("new", "nothing"), &first), ["site-was-unknown"]);
    let second = assign(&proposal(&node("other", "other")), Some(&first)).unwrap();
    let onto = node("other", "production");
    assert_eq!(refused(&onto, &second), ["site-rename-onto-another"]);
    let twice = node("a", "other")
        + "[[node]]\nkey = \"b\"\nname = \"x\"\nlevel = \"process\"\nparent = \"plant\"\nwas = \"other\"\n";
    assert_eq!(refused(&twice, &second), ["site-was-twice"]);
}

#[test]
fn block_hours_are_kept_when_the_interval_changes() {
    let text = text_of("minimal");
    let first = model(text);
    let changed = text.replacen("\"15 min\"", "\"1 s\"", 1);
    assert_eq!(model(&changed).parameters[0].block_hours, 1);
    let second = assign(&proposal(&changed), Some(&first)).unwrap();
    assert_eq!(second.parameters[0].block_hours, 24);
    let found = differences(Some(&first), &second);
    let [
        Difference {
            change: Change::Changed { fields },
            ..
        },
    ] = found.as_slice()
    else {
        panic!("{found:?}")
    };
    let names: Vec<&str> = fields.iter().map(|change| change.field.as_str()).collect();
    assert_eq!(names, ["gap_limit", "interval"]);
    assert_eq!(fields[1].new.to_string(), "site-value value=\"1 s\"");
}

#[test]
fn a_first_model_is_all_new_and_a_shrunk_one_loses() {
    let first = model(text_of("power"));
    let added = differences(None, &first);
    assert!(added.iter().all(|found| found.change == Change::Added));
    assert_eq!(added.len(), 1 + 3 + 1 + 4 + 5 + 9 + 3 + 3 + 2 + 3 + 1);
    let text = text_of("power");
    let start = text.find("[[product]]\nkey = \"heat\"").unwrap();
    let end = start + text[start..].find("# ----").unwrap();
    let shrunk = format!("{}{}", &text[..start], &text[end..]);
    let second = assign(&proposal(&shrunk), Some(&first)).unwrap();
    let found = differences(Some(&first), &second);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].key.as_str(), &found[0].change), ("heat", &Change::Removed));
    assert_eq!(second.next.product, first.next.product);
}

/// The demo's site with checks of its coal flow.
fn demo_with(checks: &str) -> String {
    let tag = "tag = \"U1-COAL\"\n";
    text_of("demo").replacen(tag, &format!("{tag}checks = {checks}\n"), 1)
}

/// The fields of the one thing that changes, with their new values.
fn changed(before: &SiteModel, after: &SiteModel) -> Vec<(String, String)> {
    let found = differences(Some(before), after);
    let [
        Difference {
            change: Change::Changed { fields },
            ..
        },
    ] = found.as_slice()
    else {
        panic!("{found:?}")
    };
    let localizer = Localizer::new(Language::English);
    let shown = |change: &FieldChange| (change.field.clone(), localizer.text(&change.new));
    fields.iter().map(shown).collect()
}

#[test]
fn changed_checks_are_told_by_the_words_of_the_file() {
    let first = model(text_of("demo"));
    let checks = "{ clause = \"6.1.2\", load = \"U1-LOAD\", without = [\"unit\", \"gap\"], repeated = {}, \
                  rate = { suspect = \"0.50\" }, flat = { window = \"90 min\", idle = { high = 0 } }, \
                  band = [{ months = [11, 3], load = { low = 30 }, usual = { low = 10, high = 26 } }] }";
    let second = assign(&proposal(&demo_with(checks)), Some(&first)).unwrap();
    let coal = second
        .parameters
        .iter()
        .find(|parameter| parameter.tag == "U1-COAL")
        .unwrap();
    let load = second
        .parameters
        .iter()
        .find(|parameter| parameter.tag == "U1-LOAD")
        .unwrap();
    assert_eq!(coal.checks.as_ref().unwrap().load, Some(load.id));
    let fields = changed(&first, &second);
    let expected = [
        ("checks.band", "months 11–3 load 30… usual 10…26"),
        ("checks.clause", "6.1.2"),
        ("checks.flat.idle.high", "0"),
        ("checks.flat.window", "90 min"),
        ("checks.load", "U1-LOAD"),
        ("checks.rate.suspect", "0.50"),
        ("checks.repeated", "{}"),
        ("checks.without", "gap, unit"),
    ];
    let expected: Vec<(String, String)> = expected
        .iter()
        .map(|&(field, value)| (field.to_owned(), value.to_owned()))
        .collect();
    assert_eq!(fields, expected);
    // A setting less, and another.
    let third = checks
        .replacen(", idle = { high = 0 }", "", 1)
        .replacen("90 min", "2 h", 1);
    let third = assign(&proposal(&demo_with(&third)), Some(&second)).unwrap();
    let fields = changed(&second, &third);
    assert_eq!(fields.len(), 2);
    assert_eq!(fields[1], ("checks.flat.window".to_owned(), "2 h".to_owned()));
    // A table that says nothing is none.
    let empty = assign(&proposal(&demo_with("{}")), Some(&first)).unwrap();
    assert_eq!(empty, first);
}

#[test]
fn the_load_of_checks_is_known_by_its_permanent_id() {
    let first = model(&demo_with("{ load = \"U1-LOAD\" }"));
    let renamed = demo_with("{ load = \"U1-LOAD\" }")
        .replace("\"U1-LOAD\"", "\"U1-POWER\"")
        .replacen("tag = \"U1-POWER\"\n", "tag = \"U1-POWER\"\nwas = \"U1-LOAD\"\n", 1);
    let second = assign(&proposal(&renamed), Some(&first)).unwrap();
    let load_of = |model: &SiteModel| {
        let mut plans = model
            .parameters
            .iter()
            .filter_map(|parameter| parameter.checks.as_ref());
        plans.next().unwrap().load.unwrap()
    };
    assert_eq!(load_of(&first), load_of(&second));
    // A parameter before the load moves its place in the file, not its id.
    let text = renamed.replacen(
        "[[parameter]]",
        "[[parameter]]\ntag = \"NEW\"\nname = \"x\"\nkind = \"state\"\nunit = \"%\"\ndecimals = 0\nnode = \"unit-1\"\n\n[[parameter]]",
        1,
    );
    let third = assign(&proposal(&text), Some(&second)).unwrap();
    assert_eq!(load_of(&third), load_of(&first));
}

#[test]
fn the_checks_of_the_readme_are_sound() {
    let readme = include_str!("../../../README.md");
    let section = readme.split("### Checks of a site").nth(1).unwrap();
    let example = section.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let checks = example.split("[parameter.checks]").nth(1).unwrap();
    let place = "[[parameter]]\ntag = \"U1-STEAM\"";
    let text = text_of("demo").replacen(place, &format!("[parameter.checks]{checks}\n{place}"), 1);
    let model = model(&text);
    let coal = model
        .parameters
        .iter()
        .find(|parameter| parameter.tag == "U1-COAL")
        .unwrap();
    assert!(coal.checks.as_ref().unwrap().load.is_some());
}

/// Every way in which one leaf of a stored model may be another: its path, and the model as it would be then.
fn altered(value: &serde_json::Value, path: &str, out: &mut Vec<(String, serde_json::Value)>) {
    use serde_json::{Value, json};
    let mut keep = |wrapped: Vec<(String, Value)>| out.extend(wrapped);
    match value {
        Value::Object(fields) => {
            for (key, inner) in fields {
                let mut of_inner = Vec::new();
                altered(inner, &format!("{path}.{key}"), &mut of_inner);
                keep(
                    of_inner
                        .into_iter()
                        .map(|(path, inner)| {
                            let mut fields = fields.clone();
                            fields.insert(key.clone(), inner);
                            (path, Value::Object(fields))
                        })
                        .collect(),
                );
            }
        }
        Value::Array(entries) => {
            for (place, inner) in entries.iter().enumerate() {
                let mut of_inner = Vec::new();
                altered(inner, &format!("{path}.{place}"), &mut of_inner);
                keep(
                    of_inner
                        .into_iter()
                        .map(|(path, inner)| {
                            let mut entries = entries.clone();
                            entries[place] = inner;
                            (path, Value::Array(entries))
                        })
                        .collect(),
                );
            }
        }
        Value::Bool(is) => keep(vec![(path.to_owned(), json!(!is))]),
        Value::Number(number) => keep(
            number
                .as_i64()
                .map(|number| (path.to_owned(), json!(number + 60_000)))
                .into_iter()
                .collect(),
        ),
        Value::String(text) => {
            let other = if text.parse::<rust_decimal::Decimal>().is_ok() {
                format!("{text}7")
            } else {
                format!("{text} x")
            };
            keep(vec![(path.to_owned(), json!(other))]);
        }
        Value::Null => {}
    }
}

#[test]
fn whatever_changes_in_a_model_is_told() {
    let text = EVERYTHING.replace("second_person = true", "second_person = false");
    for text in [EVERYTHING, &text, text_of("steel"), text_of("demo")] {
        let before = model(text);
        let mut ways = Vec::new();
        altered(&serde_json::to_value(&before).unwrap(), "", &mut ways);
        assert!(ways.len() > 200);
        let (mut looked_at, mut silent) = (0, Vec::new());
        for (path, value) in ways {
            // What ids come next is no part of the plant, and neither is how readings are packed.
            if path.starts_with(".next.")
                || path.ends_with(".block_hours")
                || path.contains(".relating.intensity.output")
            {
                continue;
            }
            let Ok(after) = serde_json::from_value::<SiteModel>(value) else {
                continue;
            };
            looked_at += 1;
            // The tiers of a table that is named are what the table says.
            let tables = |rule: &MissingRule| matches!(rule, MissingRule::Tiers { table: Some(_), .. });
            let is_of_table = |known: &Parameter| known.missing.as_ref().is_some_and(|plan| tables(&plan.rule));
            if path.contains(".rule.tiers.tiers.") && after.parameters.iter().any(is_of_table) {
                continue;
            }
            if after != before && differences(Some(&before), &after).is_empty() {
                silent.push(path);
            }
        }
        assert!(looked_at > 150, "{looked_at}");
        assert_eq!(silent, Vec::<String>::new(), "they change in silence");
    }
}

#[test]
fn changed_sheets_and_forms_are_told() {
    let first = model(EVERYTHING);
    let second = SiteModel {
        sheets: first
            .sheets
            .iter()
            .cloned()
            .map(|sheet| crate::domain::sheet::EntrySheet {
                due_ms: 1_200_000,
                second_person: !sheet.second_person,
                ..sheet
            })
            .collect(),
        document_forms: Vec::new(),
        ..first.clone()
    };
    let found = differences(Some(&first), &second);
    let of = |sort| {
        found
            .iter()
            .filter(|one| one.sort == sort)
            .map(|one| &one.change)
            .collect::<Vec<_>>()
    };
    assert!(
        matches!(of(Sort::Sheet).as_slice(), [Change::Changed { fields }] if fields.len() == 2),
        "{found:?}"
    );
    assert!(
        of(Sort::Form).len() >= 2 && of(Sort::Form).iter().all(|change| **change == Change::Removed),
        "{found:?}"
    );
}
