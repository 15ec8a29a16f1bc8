//! Forms as they are filled: what the texts say, what cannot be, and what looks wrong.

use proptest::prelude::*;

use super::*;
use crate::domain::document::{Basis, Document, DocumentBody, DocumentForm, FormKind, Span};
use crate::domain::identity::Sequence;
use crate::domain::model::SiteModel;
use crate::domain::time::Instant;
use crate::engine::documents::MOST_FILED;
use crate::engine::view::DocumentView;
use crate::entry::Block;
use crate::locale::{Language, Localizer};

/// 2025-11-20 00:00 in Shanghai.
const NOW: Instant = Instant(1_763_568_000_000);

fn model() -> SiteModel {
    let rules = crate::catalogue::rule_set().unwrap();
    let text = crate::site::template("demo").unwrap().text;
    let proposal = crate::site::read(text, "site.toml", rules).unwrap();
    crate::site::assign(&proposal, None).unwrap()
}

fn form(model: &SiteModel, key: &str) -> DocumentForm {
    model.form(key).unwrap().clone()
}

fn filled(texts: &[(&str, &str)]) -> Filled {
    let texts = texts.iter();
    texts
        .map(|(key, text)| ((*key).to_owned(), (*text).to_owned()))
        .collect()
}

fn document(model: &SiteModel, key: &str, texts: &[(&str, &str)]) -> Document {
    match read(model, &form(model, key), &filled(texts)) {
        Ok(Asked::Document(document)) => *document,
        other => panic!("{other:?}"),
    }
}

fn wrong(model: &SiteModel, key: &str, texts: &[(&str, &str)]) -> Vec<(String, String)> {
    let wrong = read(model, &form(model, key), &filled(texts)).unwrap_err();
    wrong
        .into_iter()
        .map(|one| (one.field, one.why.id.into_owned()))
        .collect()
}

const REPORT: [(&str, &str); 8] = [
    ("number", "L-1"),
    ("batch", "B-1"),
    ("tested", "2025-11-05"),
    ("basis", "空干基"),
    ("moisture", "2.4"),
    ("COAL-MAR", "9.8"),
    ("COAL-NCV", "22500 kJ/kg"),
    ("remark", "ｓａｍｐｌｅ ２"),
];

const INVOICE: [(&str, &str); 5] = [
    ("number", "25372000000123456789"),
    ("seller", "晋中燃气"),
    ("issued", "2025.11.5"),
    ("from", "2025-10"),
    ("UT-LPG", "1.250"),
];

/// The texts with one of them in place of another.
fn with<'t>(texts: &[(&'t str, &'t str)], field: &'t str, text: &'t str) -> Vec<(&'t str, &'t str)> {
    let others = texts.iter().copied().filter(|(key, _)| *key != field);
    others.chain([(field, text)]).collect()
}

#[test]
fn a_report_is_read_with_its_units_and_its_basis() {
    let model = model();
    let report = document(&model, "coal-reports", &REPORT);
    let DocumentBody::Laboratory { analysis, values, .. } = &report.body else {
        panic!("{report:?}");
    };
    assert_eq!(analysis.basis.map(Basis::letters), Some("ad"));
    assert_eq!(values.len(), 2);
    assert_eq!(report.remark.as_deref(), Some("sample 2"));
    let span = Span {
        from: NOW,
        to: NOW.plus(1),
    };
    let readings = report
        .readings(&model, &form(&model, "coal-reports"), Some(span))
        .unwrap();
    let counted: Vec<i64> = readings.iter().map(|reading| reading.value).collect();
    // Total moisture as it is; 22.5 GJ/t on ad is 20.61967 on ar, rounded once to three digits.
    assert_eq!(counted, [98, 20_620]);
}

#[test]
fn a_month_and_days_are_whole_and_calendar_days_on_invoices() {
    let model = model();
    let span = |texts: &[(&str, &str)]| document(&model, "gas-invoices", texts).span().unwrap();
    let october = span(&INVOICE);
    assert_eq!(model.zone.shown(october.from), "2025-10-01 00:00:00");
    assert_eq!(model.zone.shown(october.to), "2025-11-01 00:00:00");
    let days = [&with(&INVOICE, "from", "2025-10-03")[..], &[("to", "2025-10-05")]].concat();
    let days = span(&days);
    assert_eq!(model.zone.shown(days.to), "2025-10-06 00:00:00");
}

#[test]
fn everything_that_is_wrong_is_told_at_once_with_its_field() {
    let model = model();
    let report = |field, text| wrong(&model, "coal-reports", &with(&REPORT, field, text));
    let one = |field: &str, id: &str| vec![(field.to_owned(), id.to_owned())];
    assert_eq!(report("basis", "wet"), one("basis", "basis-unknown"));
    assert_eq!(report("basis", ""), one("basis", "basis-missing"));
    assert_eq!(report("tested", "11-05"), one("tested", "entry-not-a-day"));
    assert_eq!(report("number", " "), one("number", "form-field-empty"));
    assert_eq!(report("COAL-NCV", "22,5"), one("COAL-NCV", "number-comma-only"));
    assert_eq!(report("COAL-NCV", "22.5 t"), one("COAL-NCV", "unit-dimension"));
    assert_eq!(report("COAL-MAR", "9.85"), one("COAL-MAR", "entry-too-many-digits"));
    assert_eq!(report("colour", "black"), one("colour", "form-unknown-field"));
    // What was cut as the terminal went, once each: a number of a document reads like any other.
    assert_eq!(report("number", "L-1…|"), one("number", "entry-cut"));
    assert_eq!(report("remark", "sample…|"), one("remark", "entry-cut"));
    assert_eq!(report("basis", "a…|"), one("basis", "entry-cut"));
    assert_eq!(report("COAL-NCV", "22…|"), one("COAL-NCV", "entry-cut"));
    let nothing = wrong(&model, "coal-reports", &[]);
    let fields: Vec<&str> = nothing.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(fields, ["number", "batch", "tested", "COAL-MAR"]);
    let backwards = [&with(&INVOICE, "from", "2025-10-05")[..], &[("to", "2025-10-03")]].concat();
    assert_eq!(
        wrong(&model, "gas-invoices", &backwards),
        one("to", "document-ends-before")
    );
    let open = with(&INVOICE, "from", "2025-10-05 08:00");
    assert_eq!(wrong(&model, "gas-invoices", &open), one("to", "form-field-empty"));
}

#[test]
fn a_calibration_and_a_meter_change_are_read() {
    let model = model();
    let meter = model.meters[0].key.clone();
    let calibration = [
        ("meter", meter.as_str()),
        ("number", "C-1"),
        ("on", "20251101"),
        ("result", "p"),
    ];
    assert_eq!(
        wrong(&model, "calibration", &calibration),
        [("until".to_owned(), "form-until-missing".to_owned())]
    );
    let passed = document(&model, "calibration", &with(&calibration, "until", "2026-10-31"));
    assert!(matches!(passed.body, DocumentBody::Calibration { until: Some(_), .. }));
    let rejected = document(&model, "calibration", &with(&calibration, "result", "rejected"));
    assert!(matches!(rejected.body, DocumentBody::Calibration { until: None, .. }));
    let nowhere = with(&with(&calibration, "until", "2026-10-31"), "meter", "nowhere");
    assert_eq!(
        wrong(&model, "calibration", &nowhere),
        [("meter".to_owned(), "form-not-a-choice".to_owned())]
    );
    let change = [
        ("tag", "RF1-GAS-TOT"),
        ("at", "2025-11-19 10:00"),
        ("last", "1200"),
        ("first", "0"),
        ("serial", "77-B"),
        ("reason", "worn"),
    ];
    match read(&model, &form(&model, "meter-change"), &filled(&change)) {
        Ok(Asked::MeterChange(change)) => {
            assert_eq!((change.serial.as_str(), change.reason.as_str()), ("77-B", "worn"));
            assert!(change.final_value > change.initial_value);
        }
        other => panic!("{other:?}"),
    }
}

fn standing(document: Document, record: u64) -> DocumentView {
    DocumentView {
        document,
        record: Sequence(record),
        by: "2001".to_owned(),
        name: None,
        at: NOW,
        tests: Vec::new(),
        superseded: Vec::new(),
    }
}

/// Fields and ids of what looks wrong.
fn doubted(
    model: &SiteModel,
    key: &str,
    texts: &[(&str, &str)],
    around: (&[DocumentView], &[DocumentView]),
) -> Vec<(String, String)> {
    let form = form(model, key);
    let paper = Paper {
        model,
        form: &form,
        standing: around.0,
        batches: around.1,
        beside: &[],
        now: NOW,
    };
    let found = doubts(&paper, &document(model, key, texts));
    found
        .into_iter()
        .map(|(field, why)| (field, why.id.into_owned()))
        .collect()
}

#[test]
fn the_same_invoice_under_another_number_and_a_slipped_point_are_doubted() {
    let model = model();
    let before = [standing(document(&model, "gas-invoices", &INVOICE), 7)];
    let around = (&before[..], &[][..]);
    let doubted = |texts: &[(&str, &str)]| doubted(&model, "gas-invoices", texts, around);
    let one = |field: &str, id: &str| (field.to_owned(), id.to_owned());
    let again = with(&INVOICE, "number", "25372000000123456788");
    assert_eq!(doubted(&again), [one("number", "form-doubt-same-invoice")]);
    let next = with(&with(&again, "from", "2025-11"), "issued", "2025-11-19");
    assert_eq!(doubted(&next), []);
    assert_eq!(
        doubted(&with(&next, "UT-LPG", "0.125")),
        [one("UT-LPG", "form-doubt-point")]
    );
    assert_eq!(
        doubted(&with(&next, "UT-LPG", "4.5")),
        [one("UT-LPG", "form-doubt-far")]
    );
    assert_eq!(
        doubted(&with(&next, "issued", "2024-11-19")),
        [
            one("issued", "form-doubt-issued-before"),
            one("issued", "form-doubt-month"),
        ]
    );
    // A time that was billed long ago, of a month or a year that is the wrong one.
    assert_eq!(
        doubted(&with(&next, "from", "2024-11")),
        [one("from", "form-doubt-month")]
    );
    assert_eq!(
        doubted(&with(&next, "UT-LPG", "-1.2")),
        [one("number", "form-doubt-credit")]
    );
}

#[test]
fn shares_that_cannot_be_or_were_hardly_meant_are_doubted() {
    let model = model();
    let before = [standing(
        document(&model, "coal-reports", &with(&REPORT, "ash", "12")),
        7,
    )];
    let doubted = |fields: &[(&'static str, &'static str)]| {
        let texts = with(&REPORT, "number", "L-2");
        let texts = fields
            .iter()
            .fold(texts, |texts, (field, text)| with(&texts, field, text));
        doubted(&model, "coal-reports", &texts, (&before, &[]))
    };
    let one = |field: &str, id: &str| (field.to_owned(), id.to_owned());
    assert_eq!(doubted(&[]), []);
    assert_eq!(
        doubted(&[("moisture", "10.5")]),
        [one("moisture", "form-doubt-inherent")]
    );
    assert_eq!(doubted(&[("ash", "98")]), [one("ash", "form-doubt-over-hundred")]);
    // A cell that is shown as a percentage is stored as a share.
    assert_eq!(doubted(&[("moisture", "0.024")]), [one("moisture", "form-doubt-share")]);
    assert_eq!(
        doubted(&[("COAL-MAR", "0.1"), ("moisture", "0.05")])[0],
        one("COAL-MAR", "form-doubt-share")
    );
    // Something less than before is as it may be.
    assert_eq!(doubted(&[("moisture", "0.9")]), []);
}

#[test]
fn a_batch_that_was_tested_and_one_that_had_not_begun_are_told() {
    let model = model();
    let batch = document(
        &model,
        "coal-batches",
        &[("number", "b-1"), ("from", "2025-11-06"), ("to", "2025-11-07")],
    );
    let batches = [DocumentView {
        tests: vec!["L-0".to_owned()],
        ..standing(batch, 5)
    }];
    let found = doubted(&model, "coal-reports", &REPORT, (&[], &batches));
    let ids: Vec<&str> = found.iter().map(|(_, id)| id.as_str()).collect();
    assert_eq!(ids, ["form-doubt-tested", "form-doubt-before-batch"]);
}

#[test]
fn a_block_is_a_document_for_each_line() {
    let model = model();
    let reports = form(&model, "coal-reports");
    let read_lines = |text: &str| lines(&Block::parse(text).unwrap(), (&model, &reports));
    let read = read_lines(
        "\nnumber\tBatch\ttested\t入炉煤全水分\t\nL-1\tB-1\t2025-11-05\t9.8\n\t\t\t\nL-2\tB-2\t2025-11-06\t\t\n",
    );
    let read = read.unwrap();
    assert_eq!(read.iter().map(|line| line.line).collect::<Vec<_>>(), [3, 5]);
    assert_eq!(read[0].filled.get("COAL-MAR").map(String::as_str), Some("9.8"));
    assert_eq!(read[1].filled.len(), 3);
    for (text, id) in [
        ("", "form-block-empty"),
        ("number\tbatch\n", "form-block-empty"),
        ("number\tcolour\nL-1\tblack", "form-block-heading"),
        ("number\tnumber\nL-1\tL-1", "form-block-twice"),
        ("number\t\nL-1\tB-1", "form-block-unnamed"),
    ] {
        assert_eq!(read_lines(text).unwrap_err().id, id, "{text:?}");
    }
    let of_english = read_lines("Report number\tBatch\nL-1\tB-1").unwrap();
    assert_eq!(of_english[0].filled.len(), 2);
    let many = format!("number\n{}", "L-1\n".repeat(MOST_FILED + 1));
    assert_eq!(read_lines(&many).unwrap_err().id, "documents-too-many");
    let changes = model.forms().find(|form| form.kind == FormKind::MeterChange).unwrap();
    let block = Block::parse("tag\tat\nA\tB").unwrap();
    let refused = lines(&block, (&model, changes)).unwrap_err();
    assert_eq!(refused.id, "form-block-meter-changes");
}

/// Ids of what looks wrong about the lines of a block, and the fields that cannot be read, by line.
fn looked_at(key: &str, batches: &[DocumentView], text: &str) -> Vec<(usize, Vec<String>)> {
    let model = model();
    let form = form(&model, key);
    let paper = Paper {
        model: &model,
        form: &form,
        standing: &[],
        batches,
        beside: &[],
        now: NOW,
    };
    let lines = lines(&Block::parse(text).unwrap(), (&model, &form)).unwrap();
    let says = |one: Looked| match one.read {
        Ok(_) => one.doubts.into_iter().map(|(_, why)| why.id.into_owned()).collect(),
        Err(wrong) => wrong.into_iter().map(|one| one.field).collect(),
    };
    let looked = look_at(&paper, &lines).into_iter();
    looked.map(|one| (one.line, says(one))).collect()
}

#[test]
fn what_filing_would_refuse_is_wrong_before_it_is_filed() {
    let model = model();
    let reports = form(&model, "coal-reports");
    let before = [standing(document(&model, "coal-reports", &REPORT), 7)];
    let paper = Paper {
        model: &model,
        form: &reports,
        standing: &before,
        batches: &[],
        beside: &[],
        now: NOW,
    };
    let look = |texts: &[&[(&str, &str)]]| {
        let lines = (2..).zip(texts).map(|(line, texts)| Line {
            line,
            filled: filled(texts),
        });
        let looked = look_at(&paper, &lines.collect::<Vec<_>>()).into_iter();
        let says = looked.map(|one| one.read.err().unwrap_or_default());
        let says = says.map(|wrong| {
            wrong
                .into_iter()
                .map(|one| (one.field, one.why.id.into_owned()))
                .collect()
        });
        says.collect::<Vec<Vec<(String, String)>>>()
    };
    let one = |field: &str, id: &str| vec![(field.to_owned(), id.to_owned())];
    let other = with(&REPORT, "number", "L-2");
    assert_eq!(look(&[&other]), [vec![]]);
    // Numbers are the same whatever capitals and spaces they are written with.
    let again = with(&REPORT, "number", "l - 1");
    assert_eq!(look(&[&again]), [one("number", "document-twice")]);
    assert_eq!(look(&[&other, &other]), [vec![], one("number", "document-twice-given")]);
    // A heating value on another basis needs the moisture of the sample.
    let dry = with(&other, "moisture", "");
    assert_eq!(look(&[&dry]), [one("basis", "document-of-value")]);
}

#[test]
fn an_invoice_for_other_things_of_the_same_time_overlaps_nothing() {
    let model = model();
    let mut first = document(&model, "gas-invoices", &INVOICE);
    let again = with(&with(&INVOICE, "number", "F-2"), "UT-LPG", "1.3");
    let around = |first: &Document| doubted(&model, "gas-invoices", &again, (&[standing(first.clone(), 7)], &[]));
    assert_eq!(around(&first), [("from".to_owned(), "form-doubt-overlap".to_owned())]);
    if let DocumentBody::Invoice { values, .. } = &mut first.body {
        values[0].parameter = crate::domain::identity::ParameterId(0);
    }
    assert_eq!(around(&first), []);
}

#[test]
fn every_invoice_of_the_same_time_is_named_with_what_stands_on_it() {
    let model = model();
    let form = form(&model, "gas-invoices");
    let numbers = ["F-1", "F-2", "F-3", "F-4", "F-5"];
    let before = numbers.map(|number| standing(document(&model, "gas-invoices", &with(&INVOICE, "number", number)), 7));
    let told = |standing: &[DocumentView]| {
        let paper = Paper {
            model: &model,
            form: &form,
            standing,
            batches: &[],
            beside: &[],
            now: NOW,
        };
        let again = with(&with(&INVOICE, "number", "F-9"), "UT-LPG", "1.3");
        let found = doubts(&paper, &document(&model, "gas-invoices", &again));
        let languages = [Language::English, Language::Chinese];
        languages.map(|language| Localizer::new(language).text(&found[0].1))
    };
    assert_eq!(
        told(&before[..1]),
        [
            "Of the same time, or some of it: F-1 (2025-10-01..2025-10-31, 1.25 t). If it is the same thing, it counts twice.",
            "同一时段或部分重叠：F-1 (2025-10-01..2025-10-31, 1.25 t)。若是同一项，将重复计量。",
        ]
    );
    let [five, _] = told(&before);
    assert!(
        five.contains("F-3 (2025-10-01..2025-10-31, 1.25 t) and 2 more."),
        "{five}"
    );
}

#[test]
fn a_report_on_another_batch_of_the_same_days_is_told() {
    let model = model();
    let batch = |number, from| {
        let texts = [("number", number), ("from", from), ("to", "2025-11-05")];
        standing(document(&model, "coal-batches", &texts), 5)
    };
    let before = [standing(
        document(
            &model,
            "coal-reports",
            &with(&with(&REPORT, "number", "L-0"), "batch", "B-0"),
        ),
        7,
    )];
    let ids = |batches: &[DocumentView]| doubted(&model, "coal-reports", &REPORT, (&before, batches));
    let beside = [batch("b-0", "2025-11-05"), batch("B-1", "2025-11-04")];
    assert_eq!(
        ids(&beside),
        [("batch".to_owned(), "form-doubt-other-batch".to_owned())]
    );
    let apart = [batch("b-0", "2025-11-05"), {
        let texts = [("number", "B-1"), ("from", "2025-11-03"), ("to", "2025-11-04")];
        standing(document(&model, "coal-batches", &texts), 5)
    }];
    assert_eq!(ids(&apart), []);
}

#[test]
fn a_second_stock_taking_of_one_instant_is_doubted() {
    let model = model();
    let key = &model
        .document_forms
        .iter()
        .find(|form| form.kind == FormKind::Stock)
        .unwrap()
        .key;
    let taken = |number, at| [("number", number), ("at", at), ("UT-COAL-STOCK", "4200")];
    let before = [standing(document(&model, key, &taken("S-1", "2025-11-19 08:00")), 7)];
    let doubted = |at| doubted(&model, key, &taken("S-2", at), (&before, &[]));
    assert_eq!(
        doubted("2025-11-19 08:00"),
        [("at".to_owned(), "form-doubt-stock-again".to_owned())]
    );
    assert_eq!(doubted("2025-11-19 16:00"), []);
}

#[test]
fn each_document_of_a_block_is_held_against_those_before_it() {
    let invoices = looked_at(
        "gas-invoices",
        &[],
        "number\tseller\tissued\tfrom\tUT-LPG\n\
         F-1\tGrid\t2025-11-05\t2025-10\t1.2\n\
         F-2\tGrid\t2025-11-05\t2025-10\t1.2\n\
         F-3\tGrid\t2025-11-x\t2025-10\t1.2\n",
    );
    assert_eq!(
        invoices,
        [
            (2, vec![]),
            (3, vec!["form-doubt-same-invoice-beside".to_owned()]),
            (4, vec!["issued".to_owned()])
        ]
    );
    let reports = looked_at(
        "coal-reports",
        &[],
        "number\tbatch\ttested\tbasis\tmoisture\tCOAL-MAR\tCOAL-NCV\n\
         L-1\tB-1\t2025-11-05\tad\t2.4\t9.8\t22.5\n\
         L-2\tb-1 \t2025-11-06\tad\t2.4\t0.9\t22.5\n\
         L-3\tB-3\t2025-11-06\tad\t2.4\t—\t/\n",
    );
    assert_eq!(reports[0], (2, vec![]));
    let mut second = reports[1].1.clone();
    second.sort();
    assert_eq!(second, ["form-doubt-inherent", "form-doubt-point", "form-doubt-tested"]);
    // What says that there is nothing says nothing.
    assert_eq!(reports[2], (4, vec!["COAL-MAR".to_owned()]));
}

proptest! {
    #[test]
    fn no_text_breaks_a_form(field in 0_usize..12, text in "[-0-9年月/. :,=*()%adrf空基kJgt１]{0,16}") {
        let model = model();
        for form in model.forms() {
            let fields = fields(&model, form);
            let Some(field) = fields.get(field) else { continue };
            let _ = read(&model, form, &Filled::from([(field.key.clone(), text.clone())]));
        }
    }
}
