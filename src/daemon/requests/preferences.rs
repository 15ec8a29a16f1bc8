//! What is kept of people and rests on nothing: what they prefer on their screens, forms that they have begun, and blocks of
//! documents that they have not filed. Whose it is is what the kernel says of the post and who signed on there, never what the
//! terminal says.

use crate::domain::actor::Actor;
use crate::domain::text::{Text, clean};
use crate::store::disk::FileError;
use crate::store::personal::{FORM_BLOCKS, FORM_DRAFTS, OfForm, Owner, PREFERENCES, Personal, Theirs};
use crate::wire::message::ReplyBody;

use super::super::writer::Writer;
use super::Question;

pub(super) fn question(writer: &Writer, actor: &Actor) -> Question {
    let (site, owner) = (writer.shared.site.clone(), Owner::of(actor));
    Box::new(move || Ok(ReplyBody::Preferences(PREFERENCES.read(&site, &owner))))
}

pub(super) fn drafts(writer: &Writer, actor: &Actor) -> Question {
    let (site, owner) = (writer.shared.site.clone(), Owner::of(actor));
    Box::new(move || Ok(ReplyBody::FormDrafts(FORM_DRAFTS.read(&site, &owner))))
}

pub(super) fn block(writer: &Writer, actor: &Actor, form: String) -> Question {
    let (site, of) = (
        writer.shared.site.clone(),
        OfForm {
            owner: Owner::of(actor),
            form,
        },
    );
    Box::new(move || Ok(ReplyBody::DraftBlock(FORM_BLOCKS.read(&site, &of))))
}

pub(super) fn keeping(writer: &Writer, actor: &Actor, text: String) -> Question {
    kept(writer, PREFERENCES, Owner::of(actor), text)
}

pub(super) fn keeping_drafts(writer: &Writer, actor: &Actor, text: String) -> Question {
    kept(writer, FORM_DRAFTS, Owner::of(actor), text)
}

pub(super) fn keeping_block(writer: &Writer, actor: &Actor, form: String, text: Option<String>) -> Question {
    let of = OfForm {
        owner: Owner::of(actor),
        form,
    };
    let Some(text) = text else {
        let site = writer.shared.site.clone();
        return Box::new(move || {
            FORM_BLOCKS.forget(&site, &of).map_err(|error| failed(&error))?;
            Ok(ReplyBody::Done)
        });
    };
    // Only forms that there are: a client may say what it likes.
    if writer.ground.model().is_none_or(|model| model.form(&of.form).is_none()) {
        return Box::new(move || Err(Text::new("sheet-or-form-unknown").with("key", clean(&of.form))));
    }
    kept(writer, FORM_BLOCKS, of, text)
}

fn kept(writer: &Writer, what: Personal, of: impl Theirs + Send + 'static, text: String) -> Question {
    let site = writer.shared.site.clone();
    Box::new(move || match what.keep(&site, &of, &text) {
        Ok(true) => Ok(ReplyBody::Done),
        Ok(false) => Err(Text::new("daemon-personal-not-kept")),
        Err(error) => Err(failed(&error)),
    })
}

fn failed(error: &FileError) -> Text {
    Text::new("daemon-personal-failed").with("error", clean(&error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::daemon::writer::group::tests::writer;
    use crate::domain::actor::Role;
    use crate::domain::document::{DocumentForm, FormKind};
    use crate::domain::model::Name;
    use crate::engine::command::CommandBody;

    fn operator(person: &str) -> Actor {
        Actor {
            uid: 7,
            user: "desk".to_owned(),
            person: Some(person.to_owned()),
            roles: vec![Role::Operator],
            shared: true,
        }
    }

    #[test]
    fn a_block_is_kept_for_who_brought_it_into_a_form_that_there_is() {
        let site = tempfile::tempdir().unwrap();
        let (mut writer, _lock) = writer(site.path());
        let mut model = writer.ground.model().map(|model| (**model).clone()).unwrap();
        model.document_forms.push(DocumentForm {
            key: "batches".to_owned(),
            name: Name::default(),
            kind: FormKind::Batch,
            batches: None,
            basis: None,
            total_moisture: None,
            second_person: false,
            rows: Vec::new(),
        });
        let apply = CommandBody::Apply {
            model: Box::new(model),
            digest: "00".to_owned(),
            effective_from: None,
        };
        writer.command(&Actor::daemon(), apply).unwrap();
        let [li, wang] = [operator("2001"), operator("2002")];
        let keep = |by: &Actor, form: &str, text: Option<&str>| {
            let asked = keeping_block(&writer, by, form.to_owned(), text.map(str::to_owned));
            asked().map(drop).map_err(|why| why.id.into_owned())
        };
        let given = |by: &Actor| match block(&writer, by, "batches".to_owned())() {
            Ok(ReplyBody::DraftBlock(text)) => text,
            other => panic!("{other:?}"),
        };
        assert_eq!(keep(&li, "nothing", Some("{}")).unwrap_err(), "sheet-or-form-unknown");
        keep(&li, "batches", Some("a block")).unwrap();
        assert_eq!((given(&li).as_deref(), given(&wang)), (Some("a block"), None));
        let too_long = "x".repeat(FORM_BLOCKS.longest + 1);
        assert_eq!(
            keep(&li, "batches", Some(&too_long)).unwrap_err(),
            "daemon-personal-not-kept"
        );
        keep(&wang, "batches", None).unwrap();
        assert_eq!(given(&li).as_deref(), Some("a block"));
        keep(&li, "batches", None).unwrap();
        assert_eq!(given(&li), None);
    }
}
