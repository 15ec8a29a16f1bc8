//! Filters that a person keeps among the views.

use super::*;

#[test]
fn a_filter_is_kept_among_the_views_and_forgotten() {
    let mut model = english();
    press(&mut model, KeyCode::Char('S'));
    assert!(notice(&model).starts_with("There is no filter"), "{}", notice(&model));
    for words in ["gap", "spike"] {
        press(&mut model, KeyCode::Char('/'));
        press(&mut model, KeyCode::Esc);
        press(&mut model, KeyCode::Char('/'));
        type_keys(&mut model, words);
        press(&mut model, KeyCode::Enter);
        press(&mut model, KeyCode::Char('S'));
        assert!(notice(&model).starts_with("The filter is kept"), "{}", notice(&model));
    }
    assert_eq!(listed(&model), [5]);
    let lines = drawn(&model).0;
    assert!(lines.contains("kept filter 2 of 2"), "{lines}");
    // Behind the last comes everything, then the other views, then the first of the kept.
    let mut seen = Vec::new();
    for _ in 0..7 {
        press(&mut model, KeyCode::Tab);
        seen.push((model.anomalies.saved, model.anomalies.filter.text().to_owned()));
    }
    let none = String::new;
    assert_eq!(
        seen,
        [
            (Saved::Open, none()),
            (Saved::Undecided, none()),
            (Saved::Mine, none()),
            (Saved::ToClose, none()),
            (Saved::Going, none()),
            (Saved::Open, "gap".to_owned()),
            (Saved::Open, "spike".to_owned()),
        ]
    );
    press(&mut model, KeyCode::Char('S'));
    assert!(
        notice(&model).starts_with("The filter is not kept"),
        "{}",
        notice(&model)
    );
    assert_eq!(model.anomalies.filters, ["gap"]);
}

#[test]
fn one_is_closed_with_a_word_on_it() {
    let mut model = english();
    select(&mut model, 9);
    press(&mut model, KeyCode::Char('X'));
    assert_eq!(asked(press(&mut model, KeyCode::Enter)), None, "nothing was said");
    type_keys(&mut model, "certificate 7731 seen");
    let (_, which, deed) = asked(press(&mut model, KeyCode::Enter)).unwrap();
    let comment = "certificate 7731 seen".to_owned();
    assert_eq!((which, deed), (vec![9], AnomalyDeed::Close { comment }));
}
