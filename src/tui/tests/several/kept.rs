//! Blocks of documents that the daemon keeps until they are filed or put away.

use super::*;
use crate::store::personal::FORM_BLOCKS;

/// What the daemon is to keep of blocks.
fn kept(asked: &[(u64, RequestBody)]) -> Vec<(u64, Option<String>)> {
    let told = asked.iter().filter_map(|(id, body)| match body {
        RequestBody::KeepDraftBlock { form, text } => {
            assert_eq!(form, "reports");
            Some((*id, text.clone()))
        }
        _ => None,
    });
    told.collect()
}

/// The only thing that it is to keep.
fn kept_one(asked: &[(u64, RequestBody)]) -> (u64, Option<String>) {
    let [one] = <[_; 1]>::try_from(kept(asked)).unwrap();
    one
}

#[test]
fn a_block_is_kept_until_it_is_filed_and_is_there_again_with_its_file() {
    let mut model = opened();
    let asked = bodies(update(&mut model, Msg::Paste(format!("{HEADING}{REPORTS}"))));
    let text = kept_one(&asked).1.unwrap();
    assert!(text.contains("L-2"), "{text}");

    let mut model = opened_again(Language::English, (80, 24));
    assert_eq!(model.context(), Context::Block);
    assert_eq!(several(&model).counts(), (0, 1));
    assert!(drawn(&model).0.contains("三月化验.xlsx"), "{}", drawn(&model).0);
    press(&mut model, KeyCode::Enter);
    let (id, numbers, name, digest) = filed(&bodies(press(&mut model, KeyCode::Enter)));
    assert_eq!((numbers.len(), name.as_str()), (2, "reports: 三月化验.xlsx"));
    assert!(digest.is_some());
    let outcome = IntakeOutcome {
        sequence: Some(Sequence(77)),
        ..IntakeOutcome::default()
    };
    let after = bodies(reply(&mut model, id, Ok(ReplyBody::Intake(outcome))));
    assert!(matches!(kept(&after).as_slice(), [(_, None)]), "{after:?}");
}

#[test]
fn a_block_that_is_put_away_goes_after_what_was_kept_before() {
    let mut model = opened();
    let asked = bodies(update(&mut model, Msg::Paste(format!("{HEADING}{REPORTS}"))));
    let (id, _) = kept_one(&asked);
    // One thing after the other, so that the last one stays.
    assert_eq!(kept(&bodies(press(&mut model, KeyCode::Esc))), []);
    let after = bodies(reply(&mut model, id, Ok(ReplyBody::Done)));
    let (id, text) = kept_one(&after);
    assert_eq!(text, None);
    reply(&mut model, id, Ok(ReplyBody::Done));
    assert!(model.entry.keeping_blocks.is_empty());
}

#[test]
fn a_block_that_was_brought_in_without_a_line_is_kept_once_there_is_one() {
    let mut model = opened();
    cut(&mut model);
    let asked = bodies(update(&mut model, Msg::Paste(format!("{HEADING}{REPORTS}"))));
    assert_eq!(asked, []);
    assert!(!several(&model).is_kept);
    let again = update(&mut model, Msg::Link(LinkEvent::up(operator())));
    let (id, text) = kept_one(&bodies(again));
    assert!(text.is_some());
    // Cut once more before that was answered, it is told once more.
    cut(&mut model);
    let again = update(&mut model, Msg::Link(LinkEvent::up(operator())));
    let (newer, text) = kept_one(&bodies(again));
    assert!(text.is_some() && id != newer);
    reply(&mut model, newer, Ok(ReplyBody::Done));
    assert!(several(&model).is_kept);
}

#[test]
fn a_block_that_is_there_again_is_held_against_what_stands_by_now_and_so_it_is_after_a_cut_line() {
    let (mut model, awaited) = opened_awaiting_block(Language::English, (80, 24), None);
    let effects = reply(&mut model, awaited, Ok(ReplyBody::DraftBlock(Some(draft()))));
    let asked = told_around(&mut model, effects, &[]);
    let [(late, RequestBody::Doubts(_))] = asked[..] else {
        panic!("{asked:?}")
    };
    cut(&mut model);
    let again = update(&mut model, Msg::Link(LinkEvent::up(operator())));
    reply(&mut model, late, Ok(ReplyBody::Doubts(Doubts::default())));
    assert_eq!(press(&mut model, KeyCode::Enter), []);
    assert_eq!(form(&model).fault.as_ref().unwrap().id, "tui-explain-awaited");
    let of_documents = |effect: &Effect| matches!(effect, Effect::Ask(request) if matches!(request.body, RequestBody::Documents { .. }));
    let again = again.into_iter().filter(of_documents).collect();
    let asked = told_around(&mut model, again, &[]);
    let [(id, RequestBody::Doubts(_))] = asked[..] else {
        panic!("{asked:?}")
    };
    reply(&mut model, id, Ok(ReplyBody::Doubts(doubts(&[beside(0)]))));
    assert_eq!(several(&model).counts(), (0, 2));
    assert!(several(&model).is_kept);
    assert_eq!(press(&mut model, KeyCode::Enter), []);
    filed(&bodies(press(&mut model, KeyCode::Enter)));
}

#[test]
fn a_block_that_is_too_large_or_refused_is_looked_at_and_said_not_to_be_kept() {
    let mut model = opened();
    let note = "x".repeat(FORM_BLOCKS.longest);
    let one = format!("{HEADING}L-1\tB-2\t2025-11-15\tad\t2.4\t9.8\t{note}\n");
    let asked = bodies(update(&mut model, Msg::Paste(one)));
    assert!(matches!(kept(&asked).as_slice(), [(_, None)]), "{}", asked.len());
    assert_eq!(several(&model).remarks[0].id, "tui-form-several-too-large");
    assert!(drawn(&model).0.contains("more than 1 MB"), "{}", drawn(&model).0);

    let mut model = opened();
    let asked = bodies(update(&mut model, Msg::Paste(format!("{HEADING}{REPORTS}"))));
    let (id, _) = kept_one(&asked);
    let after = bodies(reply(&mut model, id, Err(Text::new("daemon-personal-not-kept"))));
    assert_eq!(several(&model).remarks[0].id, "tui-entry-not-kept");
    assert!(!several(&model).is_kept && kept(&after).is_empty());
    // Refused over and over, it is said once.
    let (id, text) = kept_one(&later(&mut model));
    assert!(text.is_some());
    reply(&mut model, id, Err(Text::new("daemon-personal-not-kept")));
    assert_eq!(several(&model).remarks.len(), 1);
    let (id, _) = kept_one(&later(&mut model));
    reply(&mut model, id, Ok(ReplyBody::Done));
    assert!(several(&model).is_kept && several(&model).remarks.is_empty());
}

/// What is asked a minute later.
fn later(model: &mut Model) -> Vec<(u64, RequestBody)> {
    let minute = std::time::Duration::from_secs(60);
    bodies(update(model, Msg::Clock(model.elapsed + minute)))
}

#[test]
fn a_block_that_the_daemon_does_not_forget_is_told_and_forgotten_later() {
    for over_a_new_line in [false, true] {
        let mut model = opened_again(Language::English, (80, 24));
        let (id, text) = kept_one(&bodies(press(&mut model, KeyCode::Esc)));
        assert_eq!(text, None);
        let after = bodies(reply(&mut model, id, Err(Text::new("daemon-personal-failed"))));
        assert_eq!(kept(&after), [], "not over and over");
        assert_eq!(model.notice.take().unwrap().id, "tui-form-several-not-forgotten");
        // Opened again meanwhile, the form does not bring it back.
        for _ in 0..2 {
            press(&mut model, KeyCode::Esc);
        }
        let asked = bodies(press(&mut model, KeyCode::Enter));
        let is_of_block = |body: &RequestBody| matches!(body, RequestBody::DraftBlock { .. });
        assert!(!asked.iter().any(|(_, body)| is_of_block(body)), "{asked:?}");
        let again = if over_a_new_line {
            cut(&mut model);
            bodies(update(&mut model, Msg::Link(LinkEvent::up(operator()))))
        } else {
            later(&mut model)
        };
        let (id, text) = kept_one(&again);
        assert_eq!(text, None);
        reply(&mut model, id, Ok(ReplyBody::Done));
        assert!(model.entry.keeping_blocks.is_empty());
    }
}

#[test]
fn a_block_that_comes_back_after_all_of_it_was_filed_is_put_away() {
    for (standing, is_filed) in [(vec!["L-1", "l-2"], true), (vec!["L-1"], false)] {
        let (mut model, awaited) = opened_awaiting_block(Language::English, (80, 24), None);
        let asked = bodies(reply(&mut model, awaited, Ok(ReplyBody::DraftBlock(Some(draft())))));
        let mut after = Vec::new();
        for (id, body) in asked {
            let numbers: &[&str] = match &body {
                RequestBody::Documents { form, .. } if form == "reports" => &standing,
                RequestBody::Documents { .. } => &[],
                other => panic!("{other:?}"),
            };
            let documents = numbers.iter().map(|number| batch(number, &[])).collect();
            after.extend(bodies(reply(&mut model, id, Ok(ReplyBody::Documents(documents)))));
        }
        if is_filed {
            assert_eq!(model.context(), Context::Form);
            assert_eq!(model.notice.as_ref().unwrap().id, "tui-form-several-stand");
            assert_eq!(kept_one(&after).1, None);
        } else {
            assert_eq!(several(&model).looked.len(), 2);
        }
    }
}

#[test]
fn what_was_brought_in_before_takes_nothing_away_that_stands_there_by_now() {
    let (mut model, awaited) = opened_awaiting_block(Language::English, (80, 24), None);
    let one = "L-5\tB-2\t2025-11-15\tad\t2.4\t9.8\t22.5\n";
    paste(&mut model, &format!("{HEADING}{one}"));
    reply(&mut model, awaited, Ok(ReplyBody::DraftBlock(Some(draft()))));
    assert_eq!(several(&model).looked.len(), 1);
    // What another version wrote is no block.
    let (mut model, awaited) = opened_awaiting_block(Language::English, (80, 24), None);
    reply(&mut model, awaited, Ok(ReplyBody::DraftBlock(Some("{}".to_owned()))));
    assert_eq!(model.context(), Context::Form);
}
