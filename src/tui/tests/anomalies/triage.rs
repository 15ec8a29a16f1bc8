//! What the keys of the Anomalies pane ask for, and that nothing is decided before it is known what comes of it.

use super::*;

#[test]
fn one_is_taken_and_another_closed_with_one_key() {
    let mut model = english();
    select(&mut model, 12);
    let (request, which, deed) = asked(press(&mut model, KeyCode::Char('t'))).unwrap();
    assert_eq!((which, deed), (vec![12], AnomalyDeed::Take));
    assert!(model.anomalies.is_asked(AnomalyId(12)));
    done(&mut model, request, 1, Vec::new());
    assert!(
        notice(&model).starts_with("One anomaly taken (record 18205"),
        "{}",
        notice(&model)
    );
    assert!(!model.anomalies.is_asked(AnomalyId(12)));
    assert_eq!(model.anomalies.selected, Some(AnomalyId(12)));
    select(&mut model, 9);
    let (request, which, deed) = asked(press(&mut model, KeyCode::Char('x'))).unwrap();
    let comment = String::new();
    assert_eq!((which, deed), (vec![9], AnomalyDeed::Close { comment }));
    let why = Text::new("anomaly-refused-same-person");
    done(&mut model, request, 0, vec![(AnomalyId(9), why)]);
    assert!(
        notice(&model).starts_with("Not #9 PT-3303: So much is at stake"),
        "{}",
        notice(&model)
    );
}

#[test]
fn it_is_decided_once_it_is_known_what_comes_of_it() {
    let mut model = english();
    select(&mut model, 5);
    // Of what is true the root cause is known: the daemon is asked at once.
    let (request, which, deed) = planned(press(&mut model, KeyCode::Char('o'))).unwrap();
    let dispose = |cause, comment: &str, evidence: &str| AnomalyDeed::Dispose {
        disposition: Disposition::Real,
        cause,
        comment: comment.into(),
        evidence: evidence.into(),
    };
    assert_eq!((which, deed), (vec![5], dispose(None, "", "")));
    // Before the answer nothing is decided.
    assert_eq!(press(&mut model, KeyCode::Enter), []);
    reply(&mut model, request, Ok(preview(1, Vec::new())));
    let lines = drawn(&model).0;
    assert!(lines.contains("27,801.123 -> 27,800.001 tCO2e (-1.122)"), "{lines}");
    // Another root cause is another decision; words are not.
    type_keys(&mut model, "7");
    assert_eq!(planned(press(&mut model, KeyCode::Tab)), None);
    let (request, _, deed) = planned(later(&mut model)).unwrap();
    assert_eq!(deed, dispose(Some(7), "", ""));
    type_keys(&mut model, "启机");
    press(&mut model, KeyCode::Tab);
    type_keys(&mut model, "WO-12");
    reply(&mut model, request, Ok(preview(1, Vec::new())));
    let (request, which, deed) = asked(press(&mut model, KeyCode::Enter)).unwrap();
    assert_eq!((which, deed), (vec![5], dispose(Some(7), "启机", "WO-12")));
    // While it is decided the sheet stays as it is, and once more is not asked.
    type_keys(&mut model, "xyz");
    assert_eq!(asked(press(&mut model, KeyCode::Enter)), None);
    // Nothing is lost when it fails.
    let effects = reply(&mut model, request, Err(Text::new("wire-closed")));
    assert!(matches!(model.overlays.last(), Some(Overlay::Dispose(sheet)) if sheet.fault.is_some()));
    assert!(drawn(&model).0.contains("WO-12"), "{}", drawn(&model).0);
    let (request, ..) = planned(effects).unwrap();
    reply(&mut model, request, Ok(preview(1, Vec::new())));
    let (request, ..) = asked(press(&mut model, KeyCode::Enter)).unwrap();
    done(&mut model, request, 1, Vec::new());
    assert_eq!(model.overlays, []);
    assert!(notice(&model).starts_with("One anomaly decided"), "{}", notice(&model));
    // The cursor stands on the next that waits.
    assert_eq!(model.anomalies.selected, Some(AnomalyId(7)));
}

#[test]
fn a_value_is_corrected_by_a_number_or_a_factor() {
    let mut model = english();
    select(&mut model, 3);
    assert_eq!(planned(press(&mut model, KeyCode::Char('m'))), None);
    assert!(drawn(&model).0.contains("What are the values?"), "{}", drawn(&model).0);
    for (typed, said) in [
        ("abc", "neither a value"),
        ("/3", "not exact"),
        ("/1000", "root cause? Type"),
    ] {
        press(&mut model, KeyCode::Home);
        update(
            &mut model,
            Msg::Key(KeyEvent::new(KeyCode::Char('u'), KeyModifiers::CONTROL)),
        );
        type_keys(&mut model, typed);
        assert_eq!(planned(press(&mut model, KeyCode::Enter)), None);
        assert!(drawn(&model).0.contains(said), "{typed}: {}", drawn(&model).0);
    }
    press(&mut model, KeyCode::Tab);
    type_keys(&mut model, "99");
    press(&mut model, KeyCode::Enter);
    assert!(drawn(&model).0.contains("no root cause “99”"), "{}", drawn(&model).0);
    press(&mut model, KeyCode::Backspace);
    press(&mut model, KeyCode::Backspace);
    type_keys(&mut model, "6");
    // Enter does not wait until what is typed rests.
    let (request, which, deed) = planned(press(&mut model, KeyCode::Enter)).unwrap();
    let expected = AnomalyDeed::Dispose {
        disposition: Disposition::Correct(Correction::Times(Decimal::new(1, 3))),
        cause: Some(6),
        comment: String::new(),
        evidence: String::new(),
    };
    assert_eq!((which, deed), (vec![3], expected.clone()));
    let why = Text::new("anomaly-no-readings");
    reply(&mut model, request, Ok(preview(0, vec![(AnomalyId(3), why)])));
    assert!(drawn(&model).0.contains("no readings left"), "{}", drawn(&model).0);
    assert_eq!(asked(press(&mut model, KeyCode::Enter)), None);
    assert!(drawn(&model).0.contains("nothing to decide"), "{}", drawn(&model).0);
}

#[test]
fn picked_ones_are_decided_together_and_what_is_refused_stays_picked() {
    let mut model = english();
    select(&mut model, 5);
    press(&mut model, KeyCode::Char(' '));
    press(&mut model, KeyCode::Char(' '));
    press(&mut model, KeyCode::Char(' '));
    assert!(drawn(&model).0.contains("3 picked"));
    let (request, ..) = planned(press(&mut model, KeyCode::Char('b'))).unwrap();
    reply(&mut model, request, Ok(preview(3, Vec::new())));
    let (request, which, deed) = asked(press(&mut model, KeyCode::Enter)).unwrap();
    assert_eq!(which, [3, 5, 7]);
    assert!(matches!(
        deed,
        AnomalyDeed::Dispose {
            disposition: Disposition::InstrumentFault,
            cause: None,
            ..
        }
    ));
    let by = Text::new("anomaly-refused-gone");
    done(&mut model, request, 2, vec![(AnomalyId(7), by)]);
    let notice = notice(&model);
    assert!(notice.starts_with("2 anomalies decided (record 18205"), "{notice}");
    assert!(
        notice.contains("Not #7 FT-3302: The checks find it no longer"),
        "{notice}"
    );
    assert_eq!(
        model.anomalies.picked.iter().copied().collect::<Vec<_>>(),
        [AnomalyId(7)]
    );
    assert_eq!(model.overlays, []);
}

#[test]
fn it_is_given_to_somebody_who_is_found_by_their_name() {
    let mut model = english();
    select(&mut model, 12);
    type_keys(&mut model, "awhs");
    let (request, which, deed) = asked(press(&mut model, KeyCode::Enter)).unwrap();
    assert_eq!((which, deed), (vec![12], AnomalyDeed::Assign { to: "E02".into() }));
    reply(&mut model, request, Err(Text::new("anomaly-refused-theirs")));
    assert!(drawn(&model).0.contains("It is theirs already"), "{}", drawn(&model).0);
    assert!(drawn(&model).0.contains("whs"), "{}", drawn(&model).0);
    press(&mut model, KeyCode::Down);
    type_keys(&mut model, "x");
    assert_eq!(asked(press(&mut model, KeyCode::Enter)), None);
    assert!(drawn(&model).0.contains("Nobody of the site"), "{}", drawn(&model).0);
}

#[test]
fn something_is_said_and_a_nonconformity_linked() {
    let mut model = english();
    select(&mut model, 12);
    type_keys(&mut model, "c");
    assert_eq!(asked(press(&mut model, KeyCode::Enter)), None);
    assert!(drawn(&model).0.contains("Say something first"), "{}", drawn(&model).0);
    type_keys(&mut model, "停机检修");
    let (request, _, deed) = asked(press(&mut model, KeyCode::Enter)).unwrap();
    let text = "停机检修".to_owned();
    assert_eq!(deed, AnomalyDeed::Comment { text });
    done(&mut model, request, 1, Vec::new());
    assert_eq!(model.overlays, []);
    type_keys(&mut model, "iNC-7");
    let (_, _, deed) = asked(press(&mut model, KeyCode::Enter)).unwrap();
    let nonconformity = "NC-7".to_owned();
    assert_eq!(deed, AnomalyDeed::Link { nonconformity });
    // Over a connection that is lost nobody knows.
    update(&mut model, Msg::Link(LinkEvent::up(checker())));
    assert!(drawn(&model).0.contains("the list tells"), "{}", drawn(&model).0);
    assert!(drawn(&model).0.contains("NC-7"), "{}", drawn(&model).0);
}

#[test]
fn a_decision_is_taken_back_by_withdrawing_its_record() {
    let mut model = english();
    select(&mut model, 12);
    type_keys(&mut model, "u");
    assert_eq!(model.overlays, []);
    assert!(notice(&model).contains("Nobody has decided"), "{}", notice(&model));
    select(&mut model, 9);
    type_keys(&mut model, "u");
    assert_eq!(press(&mut model, KeyCode::Enter), []);
    assert!(drawn(&model).0.contains("Say why"), "{}", drawn(&model).0);
    type_keys(&mut model, "wrong factor");
    let withdrawn = |effects| {
        bodies(effects).into_iter().find_map(|(id, body)| match body {
            RequestBody::Withdraw { sequence, reason } => Some((id, sequence, reason)),
            _ => None,
        })
    };
    let (request, sequence, reason) = withdrawn(press(&mut model, KeyCode::Enter)).unwrap();
    assert_eq!((sequence, reason.as_str()), (Sequence(18_160), "wrong factor"));
    assert!(model.anomalies.is_asked(AnomalyId(9)));
    reply(&mut model, request, Err(Text::new("withdrawal-nothing-stands")));
    assert!(drawn(&model).0.contains("wrong factor"), "{}", drawn(&model).0);
    let (request, ..) = withdrawn(press(&mut model, KeyCode::Enter)).unwrap();
    reply(&mut model, request, Ok(ReplyBody::Recorded(Sequence(18_206))));
    assert_eq!(model.overlays, []);
    assert_eq!(
        notice(&model),
        "The decision in record 18160 was taken back (record 18206)."
    );
}

#[test]
fn who_may_not_learns_it_before_they_type() {
    let mut model = english();
    update(&mut model, Msg::Link(LinkEvent::up(actor())));
    assert_eq!(planned(press(&mut model, KeyCode::Char('o'))), None);
    assert!(
        drawn(&model).0.contains("may not correct readings"),
        "{}",
        drawn(&model).0
    );
    assert_eq!(asked(press(&mut model, KeyCode::Enter)), None);
    press(&mut model, KeyCode::Esc);
    // What one knows everybody may say.
    type_keys(&mut model, "c");
    assert!(!drawn(&model).0.contains("may not"), "{}", drawn(&model).0);
}

#[test]
fn what_somebody_picked_and_filled_in_goes_with_them() {
    for keys in ["m12.3", "cabc"] {
        let mut model = english();
        press(&mut model, KeyCode::Char(' '));
        type_keys(&mut model, keys);
        assert_eq!(model.overlays.len(), 1);
        let gone = FromDaemon::Post {
            actor: actor(),
            how: crate::domain::actor::SignOff::Idle,
        };
        say(&mut model, gone);
        assert_eq!(model.overlays, []);
        assert!(model.anomalies.picked.is_empty());
    }
}

#[test]
fn without_a_connection_nothing_is_asked_for_and_nothing_typed_is_lost() {
    let mut model = english();
    let down = LinkEvent::Down {
        why: Text::new("wire-closed"),
        retry_in: Duration::from_secs(1),
    };
    update(&mut model, Msg::Link(down));
    assert_eq!(asked(press(&mut model, KeyCode::Char('t'))), None);
    assert!(notice(&model).contains("no connection"), "{}", notice(&model));
    type_keys(&mut model, "cparts");
    assert_eq!(asked(press(&mut model, KeyCode::Enter)), None);
    assert!(drawn(&model).0.contains("parts"), "{}", drawn(&model).0);
    press(&mut model, KeyCode::Esc);
    type_keys(&mut model, "o");
    assert_eq!(planned(press(&mut model, KeyCode::Enter)), None);
    // It is asked for as soon as there is one again.
    let effects = update(&mut model, Msg::Link(LinkEvent::up(checker())));
    assert!(matches!(model.overlays.last(), Some(Overlay::Dispose(_))));
    assert!(planned(effects).is_some());
}
