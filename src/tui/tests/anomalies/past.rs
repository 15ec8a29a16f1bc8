//! Anomalies outside the queue: looked at, opened again.

use super::*;
use crate::tui::overlay::DaysBack;

fn closed(id: u32, parameter: u32, rule: Rule, disposition: Disposition) -> AnomalyView {
    let mut one = anomaly(id, parameter, rule, 86_400 * i64::from(40 - id), 3_210_000_000);
    one.work.stage = Stage::Closed;
    one.work.settled = Some(settled(disposition, 3, "E02", 17_000 + u64::from(id)));
    one.work.closed = Some(holder("E01", 600));
    one.last = Some(Entry {
        by: "E01".into(),
        at: one.raised.plus(600_000),
        record: Sequence(17_100),
        deed: AnomalyDeed::Close {
            comment: "checked on site".into(),
        },
    });
    one
}

/// In the order in which they began.
fn past() -> Vec<AnomalyView> {
    let mut gone = anomaly(24, 6, Rule::Step, 86_400 * 16, 0);
    gone.work.stage = Stage::Gone;
    gone.work.found = false;
    vec![
        closed(21, 7, Rule::Gap, Disposition::GapFill),
        closed(
            22,
            8,
            Rule::Scale,
            Disposition::Correct(Correction::Times(Decimal::new(1, 3))),
        ),
        gone,
        closed(25, 1, Rule::SpikeAverage, Disposition::Real),
    ]
}

fn shown(language: Language, width: u16, height: u16) -> Model {
    let mut model = opened(plant(anomalies()), language, width, height);
    let effects = press(&mut model, KeyCode::Char('H'));
    let asked = bodies(effects);
    let [(id, RequestBody::PastAnomalies { from, to })] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    assert_eq!(to.since(*from), DaysBack::ThirtyDays.length_ms());
    reply(&mut model, *id, Ok(ReplyBody::PastAnomalies(past())));
    model
}

#[test]
fn past_anomalies_look_like_this() {
    for language in Language::ALL {
        for (width, height) in [(80, 24), (200, 60)] {
            let model = shown(language, width, height);
            insta::assert_snapshot!(format!("past_{language}_{width}x{height}"), drawn(&model).0);
        }
    }
}

#[test]
fn one_that_was_closed_wrongly_is_opened_again_with_a_reason() {
    let mut model = shown(Language::English, 80, 24);
    // The newest stands first.
    press(&mut model, KeyCode::Down);
    press(&mut model, KeyCode::Down);
    press(&mut model, KeyCode::Char('o'));
    assert!(matches!(model.overlays.last(), Some(Overlay::Work(_))));
    assert!(drawn(&model).0.contains("#22"), "{}", drawn(&model).0);
    assert!(
        bodies(press(&mut model, KeyCode::Enter)).is_empty(),
        "a reason is needed"
    );
    type_keys(&mut model, "the factor was wrong");
    let asked = bodies(press(&mut model, KeyCode::Enter));
    let [(id, RequestBody::Anomalies { anomalies, deed })] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    let reason = "the factor was wrong".to_owned();
    assert_eq!(
        (anomalies.as_slice(), deed),
        (&[AnomalyId(22)][..], &AnomalyDeed::Reopen { reason })
    );
    let outcome = AnomaliesOutcome {
        sequence: Some(Sequence(18_300)),
        done: 1,
        refused: Vec::new(),
        readings: 0,
        restated: Vec::new(),
    };
    let again = bodies(reply(&mut model, *id, Ok(ReplyBody::Anomalies(outcome))));
    assert!(
        matches!(again.as_slice(), [(_, RequestBody::PastAnomalies { .. })]),
        "{again:?}"
    );
    assert!(matches!(model.overlays.last(), Some(Overlay::Past(_))));
    let notice = model
        .notice
        .clone()
        .map(|notice| model.shown.text(&notice))
        .unwrap_or_default();
    assert!(notice.contains("18300"), "{notice}");
    press(&mut model, KeyCode::Esc);
    assert_eq!(model.overlays.len(), 0);
}

#[test]
fn other_days_are_asked_for_and_a_refusal_is_told() {
    let mut model = shown(Language::English, 80, 24);
    let asked = bodies(press(&mut model, KeyCode::Right));
    let [(id, RequestBody::PastAnomalies { from, to })] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    assert_eq!(to.since(*from), DaysBack::NinetyDays.length_ms());
    reply(&mut model, *id, Err(Text::new("tui-no-link")));
    assert!(!drawn(&model).0.contains("#25"));
    // Keys that need one do nothing where there is none.
    for key in ['o', 'r'] {
        assert!(bodies(press(&mut model, KeyCode::Char(key))).is_empty());
    }
    assert!(matches!(model.overlays.last(), Some(Overlay::Past(_))));
    let asked = bodies(press(&mut model, KeyCode::Char('R')));
    let [(id, _)] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    reply(&mut model, *id, Ok(ReplyBody::PastAnomalies(Vec::new())));
    assert!(drawn(&model).0.contains("None left the queue"));
}

#[test]
fn what_leaves_the_queue_meanwhile_comes_in_behind_what_is_shown() {
    let mut model = shown(Language::English, 80, 24);
    press(&mut model, KeyCode::Down);
    let left = changed(&mut model, vec![(AnomalyId(7), None)]);
    let asked = bodies(left);
    let [(id, RequestBody::PastAnomalies { .. })] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    // One question at a time, however much changes; what is shown stays, with the cursor at its anomaly.
    assert!(bodies(changed(&mut model, vec![(AnomalyId(3), None)])).is_empty());
    assert!(drawn(&model).0.contains("25  11-05"), "{}", drawn(&model).0);
    let mut all = past();
    all.push(closed(7, 7, Rule::Gap, Disposition::GapFill));
    let again = bodies(reply(&mut model, *id, Ok(ReplyBody::PastAnomalies(all))));
    let [(id, RequestBody::PastAnomalies { .. })] = again.as_slice() else {
        panic!("{again:?}")
    };
    assert_eq!(model.past().map(|past| past.all().len()), Some(5));
    let selected = |model: &Model| match model.overlays.last() {
        Some(Overlay::Past(past)) => past.selected().map(|anomaly| anomaly.anomaly),
        _ => None,
    };
    assert_eq!(selected(&model), Some(AnomalyId(24)));
    // That it could not be asked for again takes nothing away.
    reply(&mut model, *id, Err(Text::new("tui-no-link")));
    assert!(drawn(&model).0.contains("25  11-05"), "{}", drawn(&model).0);
}
