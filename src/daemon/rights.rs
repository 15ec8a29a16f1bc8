//! Which post a client is: the kernel names its user, the user data base its groups, the model in force their roles.

use std::ffi::CString;

use nix::unistd::{Gid, Group, Uid, User, getgrouplist};

use crate::domain::actor::{Actor, Right, Role};
use crate::domain::model::SiteModel;
use crate::domain::text::{Explained, Text, clean};

/// A Unix user with its groups, as they are when it connects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// User id, from the kernel.
    pub uid: u32,
    /// User name; the number where the data base knows none.
    pub user: String,
    /// Names of all its groups.
    pub groups: Vec<String>,
}

impl Identity {
    /// Looks a user up. May ask a directory service: not for use where waiting is harmful.
    pub fn look_up(uid: u32, gid: u32) -> Self {
        let user = User::from_uid(Uid::from_raw(uid)).ok().flatten();
        let ids = user
            .as_ref()
            .and_then(|user| CString::new(user.name.as_str()).ok())
            .and_then(|name| getgrouplist(&name, Gid::from_raw(gid)).ok())
            .unwrap_or_else(|| vec![Gid::from_raw(gid)]);
        let groups = ids
            .into_iter()
            .filter_map(|id| Group::from_gid(id).ok().flatten())
            .map(|group| group.name)
            .collect();
        Self {
            uid,
            user: user.map_or_else(|| uid.to_string(), |user| user.name),
            groups,
        }
    }

    /// The actor that this post is under a model, or `None` where nothing gives it a role. The owner of the site's
    /// directory and root are administrators and carbon accountants whatever the model says: somebody must be able to
    /// put a model right. Where the login is nobody's own it is the person who signed on, by staff number; they bring their
    /// roles along, to a post that has some. A login is shared where one of its posts is, unless the model names it as one
    /// that is not.
    pub fn actor(&self, owner_uid: u32, model: Option<&SiteModel>, signed_on: Option<&str>) -> Option<Actor> {
        let is_owner = self.uid == owner_uid || self.uid == 0;
        let mut roles = Vec::new();
        if is_owner {
            roles.extend([Role::Administrator, Role::CarbonAccountant]);
        }
        let (mut shared, mut named_alone) = (false, is_owner);
        for post in model.into_iter().flat_map(|model| &model.posts) {
            let by_user = post.user.as_ref().is_some_and(|user| *user == self.user);
            let by_group = post.group.as_ref().is_some_and(|group| self.groups.contains(group));
            if by_user || by_group {
                roles.extend(&post.roles);
                shared |= post.shared;
                named_alone |= by_user && !post.shared;
            }
        }
        let persons = || model.into_iter().flat_map(|model| &model.persons);
        // At a login of one's own the person is known.
        let own = persons().find(|person| person.user.as_ref() == Some(&self.user));
        let has_post = !roles.is_empty();
        let signed_on = signed_on.filter(|_| has_post);
        let person = own.or_else(|| persons().find(|person| Some(person.staff_number.as_str()) == signed_on));
        roles.extend(person.into_iter().flat_map(|person| &person.roles));
        roles.sort_unstable();
        roles.dedup();
        (!roles.is_empty()).then(|| Actor {
            uid: self.uid,
            user: self.user.clone(),
            person: person.map(|person| person.staff_number.clone()),
            roles,
            shared: shared && !named_alone && own.is_none(),
        })
    }
}

/// Whether an actor may do something; the error is what they are told.
pub fn check(actor: &Actor, right: Right, owner_uid: u32) -> Result<(), Text> {
    if actor.may(right) {
        return Ok(());
    }
    if actor.awaits_person() && right.needs_person() {
        return Err(Text::new("daemon-sign-on-first").with_text("right", right.text()));
    }
    // A person has roles of their own beside those of the post.
    let text = match &actor.person {
        Some(staff_number) => Text::new("daemon-no-right-person").with("staff_number", clean(staff_number)),
        None => Text::new("daemon-no-right").with("user", clean(&actor.user)),
    };
    Err(text
        .with_text("right", right.text())
        .with("owner", clean(&user_name(owner_uid))))
}

/// Name of a user for messages; its number where there is no name.
pub fn user_name(uid: u32) -> String {
    User::from_uid(Uid::from_raw(uid))
        .ok()
        .flatten()
        .map_or_else(|| uid.to_string(), |user| user.name)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::domain::model::{Name, Person, Post};
    use crate::domain::time::PlantZone;

    /// A model with nothing in it but posts.
    pub(in crate::daemon) fn model_with(posts: Vec<Post>) -> SiteModel {
        SiteModel {
            name: Name {
                zh: "试验厂".into(),
                en: "Test plant".into(),
            },
            posts,
            ..SiteModel::empty("test", PlantZone::parse("Asia/Shanghai").unwrap())
        }
    }

    fn identity(uid: u32, user: &str, groups: &[&str]) -> Identity {
        Identity {
            uid,
            user: user.into(),
            groups: groups.iter().map(|group| (*group).to_owned()).collect(),
        }
    }

    #[test]
    fn roles_come_from_user_and_groups_and_others_have_none() {
        let model = model_with(vec![
            Post {
                user: Some("zhang".into()),
                group: None,
                roles: vec![Role::CarbonAccountant],
                shared: false,
            },
            Post {
                user: None,
                group: Some("control".into()),
                roles: vec![Role::Operator],
                shared: true,
            },
        ]);
        let both = identity(7, "zhang", &["control"])
            .actor(1000, Some(&model), None)
            .unwrap();
        assert_eq!(both.roles, [Role::Operator, Role::CarbonAccountant]);
        let operator = identity(8, "wang", &["users", "control"])
            .actor(1000, Some(&model), None)
            .unwrap();
        assert!(operator.awaits_person(), "somebody of the control room, but who?");
        assert!(operator.may(Right::Note) && !operator.may(Right::Enter));
        assert!(!both.shared && both.may(Right::Enter) && !both.awaits_person());
        assert!(!Role::Viewer.may(Right::Note) && Role::TopManagement.may(Right::Note));
        assert_eq!(identity(9, "li", &["users"]).actor(1000, Some(&model), None), None);
        assert_eq!(identity(9, "li", &["users"]).actor(1000, None, None), None);
    }

    #[test]
    fn a_person_is_known_at_a_login_of_ones_own_and_brings_roles_along() {
        let mut model = model_with(vec![Post {
            user: None,
            group: Some("control".into()),
            roles: vec![Role::Operator],
            shared: true,
        }]);
        model.persons = vec![Person {
            staff_number: "2001".into(),
            name: Name::default(),
            roles: vec![Role::CarbonAccountant],
            user: Some("li".into()),
        }];
        let li = identity(7, "li", &["control"]).actor(1000, Some(&model), None).unwrap();
        assert_eq!(li.person.as_deref(), Some("2001"));
        assert_eq!(li.roles, [Role::Operator, Role::CarbonAccountant]);
        let desk = |signed_on| {
            identity(8, "desk", &["control"])
                .actor(1000, Some(&model), signed_on)
                .unwrap()
        };
        let shared = desk(None);
        assert_eq!(
            (&shared.person, &shared.roles, shared.shared),
            (&None, &vec![Role::Operator], true)
        );
        // Who signs on brings roles along, and may what they may; who is not in the model is nobody.
        let signed_on = desk(Some("2001"));
        assert_eq!(signed_on.person.as_deref(), Some("2001"));
        assert_eq!(signed_on.roles, [Role::Operator, Role::CarbonAccountant]);
        assert!(signed_on.may(Right::Correct) && !shared.may(Right::Enter));
        assert_eq!(desk(Some("2002")), shared);
        // Everybody may look: that makes nobody's post one's own.
        let mut open = model.clone();
        open.posts.push(Post {
            user: None,
            group: Some("users".into()),
            roles: vec![Role::Viewer],
            shared: false,
        });
        let desk_too = identity(8, "desk", &["users", "control"]);
        assert!(desk_too.actor(1000, Some(&open), None).unwrap().awaits_person());
        // Where the post is gone nobody is signed on at it.
        open.posts.clear();
        assert_eq!(desk_too.actor(1000, Some(&open), Some("2001")), None);
        // At a login of one's own nobody else acts.
        let own = identity(7, "li", &["control"]).actor(1000, Some(&model), Some("2002"));
        assert_eq!(own.unwrap().person.as_deref(), Some("2001"));
        // Nobody becomes somebody for having no login.
        model.persons[0].user = None;
        assert_eq!(identity(7, "li", &[]).actor(1000, Some(&model), None), None);
    }

    #[test]
    fn a_refusal_speaks_of_a_person_where_one_is_known() {
        let of_post = Actor {
            uid: 7,
            user: "desk".into(),
            person: None,
            roles: vec![Role::Viewer],
            shared: false,
        };
        let of_person = Actor {
            person: Some("3001".into()),
            ..of_post.clone()
        };
        for (actor, has, has_not) in [
            (&of_post, "User desk", "staff"),
            (&of_person, "staff number 3001", "post"),
        ] {
            let why = check(actor, Right::Close, 0).unwrap_err();
            let said = crate::locale::Localizer::new(crate::locale::Language::English).text(&why);
            assert!(said.contains(has) && !said.contains(has_not), "{said}");
        }
    }

    #[test]
    fn the_owner_and_root_may_always_administer() {
        for uid in [0, 1000] {
            let actor = identity(uid, "x", &[]).actor(1000, None, None).unwrap();
            assert!(actor.may(Right::Administer) && actor.may(Right::Model));
        }
    }

    #[test]
    fn root_has_a_name_and_a_group() {
        let root = Identity::look_up(0, 0);
        assert_eq!(root.user, "root");
        assert!(root.groups.contains(&"root".to_owned()));
    }
}
