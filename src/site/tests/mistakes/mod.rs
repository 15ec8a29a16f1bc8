//! Every mistake is found, at its place, and told in both languages.

mod alarms;
mod checks;
mod documents;
mod form;
mod people;
mod plant;
mod plausible;
mod relations;
mod sources;

use super::*;

/// A template with one place changed gives exactly one problem, of this id, at this place.
struct Case {
    template: &'static str,
    from: &'static str,
    to: &'static str,
    id: &'static str,
    /// The problem stands where this begins in the changed text, looked for from the change on; the change itself if
    /// empty.
    at: &'static str,
}

const fn case(
    template: &'static str,
    from: &'static str,
    to: &'static str,
    id: &'static str,
    at: &'static str,
) -> Case {
    Case {
        template,
        from,
        to,
        id,
        at,
    }
}

/// All mistakes that stand in the way.
fn cases() -> impl Iterator<Item = &'static Case> {
    [
        form::CASES,
        plant::CASES,
        checks::CASES,
        alarms::CASES,
        documents::CASES,
        relations::CASES,
        sources::CASES,
        people::CASES,
    ]
    .into_iter()
    .flatten()
}

/// The text of a case's template with its mistake, and the byte offset at which the problem must stand.
fn mistaken(case: &Case) -> (String, usize) {
    let original = text_of(case.template);
    let change = original
        .find(case.from)
        .unwrap_or_else(|| panic!("{:?} is not in {}", case.from, case.template));
    let text = original.replacen(case.from, case.to, 1);
    let at = if case.at.starts_with("[[") || case.at.starts_with("[source") {
        text[..change].rfind(case.at).unwrap()
    } else {
        change + text[change..].find(case.at).unwrap()
    };
    (text, at)
}

#[test]
fn every_mistake_is_found_at_its_place() {
    let mut failures = Vec::new();
    for case in cases() {
        let (text, wanted) = mistaken(case);
        let (id, alone) = case.id.strip_suffix('+').map_or((case.id, true), |id| (id, false));
        match read(&text, "site.toml", rules()) {
            Ok(_) => failures.push(format!("{:?} → {:?}: no problem", case.from, case.to)),
            Err(problems) => {
                let found = problems
                    .iter()
                    .any(|problem| problem.what.id == id && (problem.line, problem.column) == place(&text, wanted));
                let errors = problems.iter().filter(|problem| problem.severity == Severity::Error);
                if !found || (alone && errors.count() != 1) {
                    failures.push(format!(
                        "{:?} → {:?}: wanted {id} at {:?}, got\n{}",
                        case.from,
                        case.to,
                        place(&text, wanted),
                        told(&problems)
                    ));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn all_mistakes_are_told_at_once_in_the_order_of_the_file() {
    let text = text_of("power")
        .replacen("\"Asia/Shanghai\"", "\"Mars\"", 1)
        .replacen("multiplier = \"132000\"", "multiplier = \"0\"", 1)
        .replacen("unit = \"t/h\"", "unit = \"t\"", 1)
        .replacen("@1", "@9", 1);
    let problems = read(&text, "site.toml", rules()).unwrap_err();
    let ids: Vec<&str> = problems.iter().map(|problem| problem.what.id.as_ref()).collect();
    assert_eq!(
        ids,
        [
            "site-unfit-value",
            "site-not-positive",
            "site-unfit-value",
            "site-unknown-word"
        ]
    );
    let text = text
        .replacen("sector =", "sektor =", 1)
        .replacen("[rotation]", "[rotation", 1);
    let problems = read(&text, "site.toml", rules()).unwrap_err();
    let ids: Vec<&str> = problems.iter().map(|problem| problem.what.id.as_ref()).collect();
    assert!(
        ids.contains(&"site-syntax") && ids.contains(&"site-unknown-key"),
        "{ids:?}"
    );
}

#[test]
fn messages_are_whole_in_both_languages() {
    for language in Language::ALL {
        let localizer = Localizer::new(language);
        for template in TEMPLATES {
            assert!(
                !localizer.text(&template.about()).contains("site-"),
                "{}",
                template.name
            );
        }
        for case in cases() {
            let text = text_of(case.template).replacen(case.from, case.to, 1);
            for problem in read(&text, "site.toml", rules()).err().into_iter().flatten() {
                let shown = localizer.text(&problem.text());
                assert!(!shown.contains("site-"), "{shown}");
                assert!(shown.starts_with(&format!("site.toml:{}:{}", problem.line, problem.column)));
            }
        }
    }
}

#[test]
fn two_problems_of_one_flow_name_both_sources() {
    let text = text_of("power").replacen("parameter = \"OIL-STARTUP\" }", "parameter = \"1HFB10CW001\" }", 1);
    let shown = told(&read(&text, "site.toml", rules()).unwrap_err());
    assert!(
        shown.contains("unit-1-start-up-oil") && shown.contains("“unit-1-coal”"),
        "{shown}"
    );
}

#[test]
fn a_source_that_no_book_takes_in_is_told() {
    let text = text_of("minimal");
    let narrow = text
        .replacen("boundary = \"plant\"", "boundary = \"production\"", 1)
        .replacen("node = \"production\"\nmethod", "node = \"plant\"\nmethod", 1);
    let start = text.find("[[book]]").unwrap();
    let end = start + text[start..].find("# ").unwrap();
    let end = end + text[end..].find("\n\n").unwrap();
    let without = format!("{}{}", &text[..start], &text[end..]);
    for text in [narrow, without] {
        let problems = read(&text, "site.toml", rules()).unwrap_err();
        let errors: Vec<&Problem> = problems
            .iter()
            .filter(|problem| problem.severity == Severity::Error)
            .collect();
        assert_eq!(errors.len(), 1, "{}", told(&problems));
        assert_eq!(errors[0].what.id, "site-source-in-no-book");
    }
}

#[test]
fn numbers_keep_every_digit() {
    let text = text_of("power").replacen("high = \"400\"", "high = 0.1000000000000000055511151", 1);
    let text = text.replacen("operating = { low = \"60\", high = \"320\" }", "", 1);
    let text = text.replacen("value = \"320\"", "value = \"0.1\"", 1);
    let high = model(&text).parameters[0].possible.high.unwrap();
    assert_eq!(high.to_string(), "0.1000000000000000055511151");
}
