//! What is written into a form and not filed is kept, whatever becomes of the line and of who sits there.

use super::*;
use crate::wire::answers::SignedOnView;

#[test]
fn what_was_written_without_a_line_waits_at_a_shared_post_for_who_wrote_it() {
    let desk = |person: Option<&str>| Actor {
        person: person.map(str::to_owned),
        shared: true,
        ..operator()
    };
    let sits_down = |model: &mut Model, person: &str| {
        let view = SignedOnView {
            actor: desk(Some(person)),
            sequence: Sequence(900),
            since: None,
            wrong: 0,
        };
        let up = LinkEvent::Up {
            actor: desk(Some(person)),
            signed_on: Some(Box::new(view)),
        };
        update(model, Msg::Link(up));
        assert!(model.entry.form.is_none());
        model.overlays.clear();
    };
    let mut model = opened();
    sits_down(&mut model, "2001");
    opening(&mut model, None);
    cut(&mut model);
    assert!(fill(&mut model, &["L-7"]).is_empty());
    type_keys(&mut model, "B-2");
    // The lost connection signs off; then somebody else sits there, and then who was there before.
    update(&mut model, Msg::Link(LinkEvent::up(desk(None))));
    sits_down(&mut model, "2002");
    opening(&mut model, None);
    assert!(form(&model).texts.is_empty());
    sits_down(&mut model, "2001");
    let (_, asked) = opening(&mut model, Some(r#"{"batches":{"number":"B-9"}}"#));
    assert_eq!(
        (form(&model).text("number"), form(&model).text("batch")),
        ("L-7", "B-2")
    );
    // It is kept then, and nothing that was kept of other forms goes.
    let [RequestBody::KeepFormDrafts { text }] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    assert!(text.contains("L-7") && text.contains("B-9"), "{text}");
}

#[test]
fn what_was_begun_is_there_again_and_esc_leaves_it_there() {
    let kept = r#"{"reports":{"number":"L-9","batch":"B-2"},"other":{"number":"x"}}"#;
    let mut model = opened_with(Language::English, (80, 24), Some(kept));
    assert_eq!(form(&model).text("number"), "L-9");
    assert_eq!(form(&model).here().unwrap().key, "tested");
    type_keys(&mut model, "2025");
    press(&mut model, KeyCode::Esc);
    assert!(form(&model).field.is_empty());
    press(&mut model, KeyCode::Esc);
    assert!(model.entry.form.is_none() && model.entry.form_drafts["reports"].texts["number"] == "L-9");
    // What cannot be read was written by another version, and is no hindrance.
    let model = opened_with(Language::English, (80, 24), Some("[7"));
    assert!(form(&model).texts.is_empty());
}

#[test]
fn a_cut_line_files_once_and_loses_nothing() {
    let mut model = opened();
    fill(&mut model, &REPORT);
    fill(&mut model, &["9.8"]);
    // A cut line takes away what the daemon was going to say: it is asked for again, and nothing is filed unseen.
    let down = || {
        let why = Text::new("wire-daemon-gone");
        let retry_in = std::time::Duration::from_secs(1);
        Msg::Link(LinkEvent::Down { why, retry_in })
    };
    let [(late, RequestBody::Doubts(_))] = bodies(press(&mut model, KeyCode::F(10)))[..] else {
        panic!("it is asked what stands there")
    };
    update(&mut model, down());
    update(&mut model, Msg::Link(LinkEvent::up(operator())));
    assert_eq!(
        bodies(reply(&mut model, late, Ok(ReplyBody::Doubts(Doubts::default())))),
        []
    );
    let [(id, RequestBody::Doubts(_))] = bodies(press(&mut model, KeyCode::F(10)))[..] else {
        panic!("it is asked again")
    };
    let before = effects_keys(reply(&mut model, id, Ok(ReplyBody::Doubts(Doubts::default()))));
    update(&mut model, down());
    type_keys(&mut model, "1");
    let again = effects_keys(update(&mut model, Msg::Link(LinkEvent::up(operator()))));
    assert_eq!(before.len(), 1);
    assert!(again.contains(&before[0]), "{again:?} {before:?}");
}

#[test]
fn a_file_goes_on_after_a_cut_line_and_is_kept_with_the_draft() {
    let mut model = opened();
    fill(&mut model, &["L-1"]);
    look(&mut model);
    let number = pick(&mut model);
    update(&mut model, opened_as(number, Ok(scan())));
    cut(&mut model);
    let again = update(&mut model, Msg::Link(LinkEvent::up(operator())));
    let of_file =
        |effect: &Effect| matches!(effect, Effect::Ask(request) if matches!(request.body, RequestBody::Attach { .. }));
    let again: Vec<Effect> = again.into_iter().filter(of_file).collect();
    assert_eq!(send(&mut model, again), 3);
    let kept = serde_json::to_string(&model.entry.form_drafts).unwrap();
    let model = opened_with(Language::English, (80, 24), Some(&kept));
    assert_eq!(form(&model).attaching.attachments, [scan()]);
    assert_eq!(form(&model).text("number"), "L-1");
    // Picked once more it is taken off.
    let mut model = model;
    look(&mut model);
    press(&mut model, KeyCode::Enter);
    assert_eq!(form(&model).attaching.attachments, []);
}
