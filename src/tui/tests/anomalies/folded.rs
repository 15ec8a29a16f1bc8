//! Anomalies that look like one thing: a flood is one row, and keys act on all of it.

use super::*;

/// Everything in the queue, and forty gaps that began within ten seconds.
fn flood() -> Vec<AnomalyView> {
    let mut all = anomalies();
    all.extend((100..140).map(|id| {
        let mut gap = anomaly(id, id % 9 + 1, Rule::Gap, 900 - i64::from(id - 100) / 4, 2_500_000_000);
        gap.signs.going = true;
        gap
    }));
    all
}

fn flooded(language: Language, width: u16, height: u16) -> Model {
    opened(plant(flood()), language, width, height)
}

#[test]
fn a_flood_is_one_row_at_every_size() {
    for language in Language::ALL {
        for (width, height) in [(80, 24), (200, 60)] {
            let mut model = flooded(language, width, height);
            select(&mut model, 100);
            let name = format!("anomalies_flood_{width}x{height}_{language}");
            insta::assert_snapshot!(name, drawn(&model).0);
        }
    }
}

#[test]
fn keys_act_on_the_whole_of_a_folded_group_and_on_one_where_it_is_unfolded() {
    let mut model = flooded(Language::English, 80, 24);
    let rows = anomalies().len() + 1;
    assert_eq!(listed(&model).len(), rows);
    select(&mut model, 100);
    let (_, which, deed) = asked(press(&mut model, KeyCode::Char('t'))).unwrap();
    assert_eq!((which.len(), deed), (40, AnomalyDeed::Take));
    // Picked as a whole, and let go as a whole.
    press(&mut model, KeyCode::Char(' '));
    assert_eq!(model.anomalies.picked.len(), 40);
    select(&mut model, 100);
    press(&mut model, KeyCode::Char(' '));
    assert!(model.anomalies.picked.is_empty());
    select(&mut model, 100);
    press(&mut model, KeyCode::Char('z'));
    assert_eq!(listed(&model).len(), rows + 39);
    assert_eq!(model.anomalies.selected, Some(AnomalyId(100)));
    let (_, which, _) = asked(press(&mut model, KeyCode::Char('t'))).unwrap();
    assert_eq!(which, [100]);
    // From any of its rows it is folded again, and the cursor stays on it.
    select(&mut model, 117);
    press(&mut model, KeyCode::Left);
    assert_eq!(
        (listed(&model).len(), model.anomalies.selected),
        (rows, Some(AnomalyId(100)))
    );
    press(&mut model, KeyCode::Left);
    assert_eq!(listed(&model).len(), rows, "it is folded already");
    // What is written as a table has them all.
    assert_eq!(model.anomalies.listing.all().count(), anomalies().len() + 40);
}

#[test]
fn what_is_decided_in_one_record_stays_one_row() {
    let mut model = flooded(Language::English, 80, 24);
    let decided = flood()
        .into_iter()
        .filter(|one| (100..105).contains(&one.anomaly.0))
        .map(|mut one| {
            one.work.stage = Stage::Disposed;
            one.work.settled = Some(settled(Disposition::InstrumentFault, 2, "E01", 18_300));
            (one.anomaly, Some(one))
        });
    let decided = decided.collect();
    changed(&mut model, decided);
    // Five that were decided at once, and what is left of the flood.
    assert_eq!(listed(&model).len(), anomalies().len() + 2);
    select(&mut model, 100);
    let (_, which, deed) = asked(press(&mut model, KeyCode::Char('x'))).unwrap();
    assert_eq!(which.len(), 5);
    assert!(matches!(deed, AnomalyDeed::Close { .. }));
}

#[test]
fn a_few_alike_are_folded_when_somebody_wants_that() {
    let few = (1..=5).map(|id| anomaly(id, id, Rule::Flat, 3_000 - i64::from(id), 1_000));
    let other = anomaly(6, 6, Rule::OperatorHigh, 3_000, 1_000);
    let mut model = opened(plant(few.chain([other]).collect()), Language::English, 80, 24);
    assert_eq!(listed(&model).len(), 6);
    select(&mut model, 3);
    press(&mut model, KeyCode::Char('z'));
    let mut rows = listed(&model);
    rows.sort_unstable();
    assert_eq!(rows, [1, 6]);
    let (_, mut which, _) = asked(press(&mut model, KeyCode::Char('t'))).unwrap();
    which.sort_unstable();
    assert_eq!(which, [1, 2, 3, 4, 5]);
    // One that somebody else takes leaves the group.
    let mut taken = anomaly(2, 2, Rule::Flat, 2_998, 1_000);
    taken.work.stage = Stage::Investigating;
    taken.work.holder = Some(holder("E02", 10));
    changed(&mut model, vec![(AnomalyId(2), Some(taken))]);
    let mut rows = listed(&model);
    rows.sort_unstable();
    assert_eq!(rows, [1, 2, 6]);
}

#[test]
fn an_unfolded_group_stands_together_and_begins_with_its_first() {
    let mut few: Vec<AnomalyView> = (1..=3)
        .map(|id| anomaly(id, id, Rule::Flat, 3_000 - i64::from(id), i64::from(id) * 1_000))
        .collect();
    few.push(anomaly(6, 6, Rule::OperatorHigh, 3_000, 2_500));
    let model = opened(plant(few), Language::English, 80, 24);
    // The third has the most at stake, and the sixth more than the others; the first of the group stands before them.
    assert_eq!(listed(&model), [1, 3, 2, 6]);
}

#[test]
fn what_somebody_unfolded_stays_so_while_it_is_worked_on_and_grows() {
    let few: Vec<AnomalyView> = (1..=10)
        .map(|id| anomaly(id, id, Rule::Flat, 3_000 - i64::from(id), 1_000))
        .collect();
    let mut model = opened(plant(few), Language::English, 80, 24);
    assert_eq!(listed(&model), [1]);
    press(&mut model, KeyCode::Char('z'));
    assert_eq!(listed(&model).len(), 10);
    // The first is taken: the others are a group with another first.
    let mut taken = anomaly(1, 1, Rule::Flat, 2_999, 1_000);
    taken.work.stage = Stage::Investigating;
    taken.work.holder = Some(holder("E02", 10));
    changed(&mut model, vec![(AnomalyId(1), Some(taken))]);
    assert_eq!(listed(&model).len(), 10);
    let more = (11..=14).map(|id| (AnomalyId(id), Some(anomaly(id, id % 9 + 1, Rule::Flat, 2_980, 1_000))));
    changed(&mut model, more.collect());
    assert_eq!(listed(&model).len(), 14, "what comes to it is seen too");
}

#[test]
fn a_key_that_was_on_its_way_does_nothing_to_what_came_to_a_folded_row_meanwhile() {
    let mut model = flooded(Language::English, 80, 24);
    select(&mut model, 100);
    changed(
        &mut model,
        vec![(AnomalyId(200), Some(anomaly(200, 3, Rule::Gap, 880, 1_000)))],
    );
    assert_eq!(model.anomalies.selected, Some(AnomalyId(100)));
    assert_eq!(asked(press(&mut model, KeyCode::Char('t'))), None, "{}", notice(&model));
    later(&mut model);
    let (_, which, _) = asked(press(&mut model, KeyCode::Char('t'))).unwrap();
    assert_eq!(which.len(), 41);
}
