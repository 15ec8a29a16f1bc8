//! Who is at the other end of a connection: the post that the kernel names, and the person who signed on there.
//!
//! Coming and going are changes of a few steps, of which a record is one. One of them runs at a time, on a task of its own,
//! so that a connection that breaks in the middle leaves nobody half signed on.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant as Moment, sleep_until};

use crate::domain::actor::{Actor, Right, SignOff};
use crate::domain::pin::Pin;
use crate::domain::text::{Text, clean};
use crate::wire::answers::SignedOnView;
use crate::wire::message::{ReplyBody, RequestBody};

use super::job::{Admission, Shared};
use super::mailbox::Mailbox;
use super::rights::Identity;

/// When nothing else is due: long enough to cost nothing.
const FAR_AWAY: Duration = Duration::from_secs(86_400);

/// A person who signed on.
#[derive(Debug, Clone)]
struct SignedOn {
    /// As they were when they did.
    actor: Actor,
    /// When a key was touched last.
    last_key: Moment,
    /// Which of their PINs it was.
    pin: u64,
}

impl SignedOn {
    fn staff_number(&self) -> &str {
        self.actor.person.as_deref().unwrap_or_default()
    }
}

#[derive(Debug, Default)]
struct State {
    signed_on: Option<SignedOn>,
    /// Who the terminal knows to be there, with which roles.
    known: Option<Actor>,
    /// The connection is gone.
    is_over: bool,
}

/// Who is at the other end.
#[derive(Debug)]
pub(super) struct Presence {
    pub(super) identity: Arc<Identity>,
    state: Mutex<State>,
    /// Held by whoever comes or goes.
    turn: tokio::sync::Mutex<()>,
    /// Somebody signed on or off, or touched a key.
    changed: Notify,
}

impl Presence {
    pub(super) fn new(identity: Identity) -> Arc<Self> {
        Arc::new(Self {
            identity: Arc::new(identity),
            state: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
            changed: Notify::new(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Who acts now, under the model of this moment; `None` where nothing gives the post a role.
    pub(super) fn actor(&self, shared: &Shared) -> Option<Actor> {
        let signed_on = self.lock().signed_on.as_ref().map(|one| one.staff_number().to_owned());
        self.identity
            .actor(shared.owner_uid, shared.model().as_deref(), signed_on.as_deref())
    }

    /// Who acts now; the terminal is told of it.
    pub(super) fn tell_actor(&self, shared: &Shared) -> Option<Actor> {
        let actor = self.actor(shared);
        self.lock().known.clone_from(&actor);
        actor
    }

    /// Who is there with other roles than the terminal knows; it is told of them. Who came or went it is told by that.
    fn other_roles(&self, now: &Actor) -> bool {
        let mut state = self.lock();
        let is_other = |known: &Actor| known.person == now.person && known.roles != now.roles;
        let is_told = state.known.as_ref().is_some_and(is_other);
        if is_told {
            state.known = Some(now.clone());
        }
        is_told
    }

    /// Under what something is let in at the moment.
    pub(super) fn admission(&self, shared: &Shared) -> Admission {
        Admission {
            identity: Arc::clone(&self.identity),
            under: shared.model(),
        }
    }

    /// A key was touched.
    pub(super) fn touch(&self) {
        if let Some(signed_on) = &mut self.lock().signed_on {
            signed_on.last_key = Moment::now();
        }
        self.changed.notify_one();
    }

    /// Signs a person on, in place of whoever is signed on.
    pub(super) async fn sign_on(
        self: &Arc<Self>,
        shared: &Arc<Shared>,
        staff_number: String,
        pin: Pin,
    ) -> Result<ReplyBody, Text> {
        let (presence, shared) = (Arc::clone(self), Arc::clone(shared));
        let coming = tokio::spawn(async move { presence.come(&shared, staff_number, pin).await });
        coming.await.unwrap_or_else(|_| Err(Text::new("daemon-stopping")))
    }

    async fn come(&self, shared: &Shared, staff_number: String, pin: Pin) -> Result<ReplyBody, Text> {
        let _turn = self.turn.lock().await;
        let uid = self.identity.uid;
        let model = shared.model();
        let own = self.identity.actor(shared.owner_uid, model.as_deref(), None);
        if let Some(own) = own.and_then(|actor| actor.person) {
            return Err(Text::new("sign-on-own-login").with("person", clean(&own)));
        }
        let person = model.as_deref().and_then(|model| model.person(&staff_number));
        let generation = shared.gate.generation(&staff_number);
        let wrong = shared.gate.verify(uid, person, pin).await?;
        // The model may have changed meanwhile; what changes from now on the writer finds out.
        let admission = self.admission(shared);
        let actor = self
            .identity
            .actor(shared.owner_uid, admission.under.as_deref(), Some(&staff_number))
            .filter(|actor| actor.person.as_ref() == Some(&staff_number))
            .ok_or_else(|| Text::new("sign-on-wrong"))?;
        // Who signs on again where they are signed on relieves nobody.
        let before = self.lock().signed_on.as_ref().map(|one| one.staff_number().to_owned());
        if before.as_ref() == Some(&staff_number) {
            self.record_leaving(shared, SignOff::Asked).await;
        }
        let instead_of = before.filter(|before| *before != staff_number);
        let body = RequestBody::SignOn {
            staff_number,
            // It goes no further than the gate.
            pin: Pin::default(),
            instead_of,
        };
        let recorded = shared.ask_in_session(actor.clone(), Some(admission), body).await?;
        let ReplyBody::SignedOn(view) = recorded else {
            return Err(Text::new("daemon-not-a-write"));
        };
        tracing::info!(uid, person = %clean(actor.name()), "signed on");
        let is_over = {
            let mut state = self.lock();
            state.signed_on = Some(SignedOn {
                actor: actor.clone(),
                last_key: Moment::now(),
                pin: generation,
            });
            state.known = Some(actor.clone());
            state.is_over
        };
        if is_over {
            self.record_leaving(shared, SignOff::Left).await;
        }
        self.changed.notify_one();
        Ok(ReplyBody::SignedOn(Box::new(SignedOnView { actor, wrong, ..*view })))
    }

    /// Whether whoever signs something is who they say: who signed on at the post types their PIN once more, and must still be
    /// the same, with the same roles, when it has proved right.
    pub(super) async fn confirm(&self, shared: &Shared, actor: &Actor, pin: Option<Pin>) -> Result<(), Text> {
        let own = self.identity.actor(shared.owner_uid, shared.model().as_deref(), None);
        // At a login of one's own the kernel has said who it is.
        let signed_on = actor
            .person
            .as_ref()
            .filter(|person| own.as_ref().and_then(|own| own.person.as_ref()) != Some(*person));
        if let Some(staff_number) = signed_on {
            let pin = pin.ok_or_else(|| Text::new("sign-pin-needed"))?;
            let model = shared.model();
            let person = model.as_deref().and_then(|model| model.person(staff_number));
            shared.gate.verify(self.identity.uid, person, pin).await?;
        }
        if self.actor(shared).as_ref() == Some(actor) {
            Ok(())
        } else {
            Err(Text::new("sign-somebody-else"))
        }
    }

    /// Signs whoever is signed on off, and gives who acts from then on.
    pub(super) async fn sign_off(self: &Arc<Self>, shared: &Arc<Shared>, how: SignOff) -> Option<Actor> {
        let (presence, theirs) = (Arc::clone(self), Arc::clone(shared));
        let going = tokio::spawn(async move {
            let _turn = presence.turn.lock().await;
            presence.record_leaving(&theirs, how).await;
        });
        // Whether or not it went well, nobody is signed on any more.
        let _ = going.await;
        self.tell_actor(shared)
    }

    /// Takes whoever is signed on away, and has it recorded. The turn is the caller's.
    async fn record_leaving(&self, shared: &Shared, how: SignOff) {
        // From now on nothing is done in their name, whether or not it can be recorded that they are gone.
        let Some(SignedOn { actor, .. }) = self.lock().signed_on.take() else {
            return;
        };
        let recorded = shared.ask_in_session(actor, None, RequestBody::SignOff { how }).await;
        if let Err(why) = recorded {
            tracing::warn!(%why, "a signing-off could not be recorded");
        }
    }

    /// Signs whoever is signed on off when it is time to, and tells the terminal; also of other roles. Ends where the post is none
    /// any more.
    pub(super) async fn watch_over(self: &Arc<Self>, shared: &Arc<Shared>, mailbox: &Arc<Mailbox>) -> String {
        let mut people = shared.people.subscribe();
        loop {
            let Ok(look) = self.must_go(shared) else {
                if !self.send_away(shared, mailbox).await {
                    return "it has no post any more".to_owned();
                }
                continue;
            };
            let Some(actor) = self.actor(shared) else {
                return "it has no post any more".to_owned();
            };
            if self.other_roles(&actor) {
                mailbox.roles(actor);
            }
            tokio::select! {
                () = sleep_until(look) => {}
                () = self.changed.notified() => {}
                // The sender lives in what is shared.
                _ = people.changed() => {}
            }
        }
    }

    /// When it is to be looked again, or why whoever is signed on must not be any more.
    fn must_go(&self, shared: &Shared) -> Result<Moment, SignOff> {
        let now = Moment::now();
        let Some(signed_on) = self.lock().signed_on.clone() else {
            return Ok(now + FAR_AWAY);
        };
        let still = self.actor(shared).and_then(|actor| actor.person);
        if still.as_deref() != Some(signed_on.staff_number()) {
            return Err(SignOff::Removed);
        }
        if shared.gate.generation(signed_on.staff_number()) != signed_on.pin {
            return Err(SignOff::PinChanged);
        }
        let idle = shared.model().map_or(0, |model| model.sign_on_idle_ms);
        let Ok(idle @ 1..) = u64::try_from(idle) else {
            return Ok(now + FAR_AWAY);
        };
        let ends = signed_on.last_key + Duration::from_millis(idle);
        if now >= ends { Err(SignOff::Idle) } else { Ok(ends) }
    }

    /// Signs whoever must go off, if that is still so when it is their turn; `false` where the post is none any more.
    async fn send_away(self: &Arc<Self>, shared: &Arc<Shared>, mailbox: &Arc<Mailbox>) -> bool {
        let (presence, theirs, mailbox) = (Arc::clone(self), Arc::clone(shared), Arc::clone(mailbox));
        let going = tokio::spawn(async move {
            let _turn = presence.turn.lock().await;
            let Err(how) = presence.must_go(&theirs) else {
                return;
            };
            presence.record_leaving(&theirs, how).await;
            if let Some(actor) = presence.tell_actor(&theirs) {
                mailbox.post(actor, how);
            }
        });
        let _ = going.await;
        self.actor(shared).is_some()
    }

    /// The connection is gone. Whoever was signed on is signed off, also who is just coming; nobody waits for that.
    pub(super) fn leave(self: &Arc<Self>, shared: &Arc<Shared>) {
        self.lock().is_over = true;
        let (presence, shared) = (Arc::clone(self), Arc::clone(shared));
        tokio::spawn(async move {
            let _turn = presence.turn.lock().await;
            presence.record_leaving(&shared, SignOff::Left).await;
        });
    }

    /// Sets a person's PIN.
    pub(super) async fn set_pin(
        self: &Arc<Self>,
        shared: &Arc<Shared>,
        staff_number: String,
        old: Option<Pin>,
        new: Pin,
    ) -> Result<ReplyBody, Text> {
        let (presence, shared) = (Arc::clone(self), Arc::clone(shared));
        let setting = tokio::spawn(async move { presence.change_pin(&shared, staff_number, old, new).await });
        setting.await.unwrap_or_else(|_| Err(Text::new("daemon-stopping")))
    }

    async fn change_pin(
        &self,
        shared: &Shared,
        staff_number: String,
        old: Option<Pin>,
        new: Pin,
    ) -> Result<ReplyBody, Text> {
        let _turn = self.turn.lock().await;
        // Before anything is compared, so that a right old PIN is never told by how a new one is refused.
        new.check_new(&staff_number)?;
        if old.as_ref() == Some(&new) {
            return Err(Text::new("pin-same"));
        }
        let model = shared.model();
        let actor = self.actor(shared).ok_or_else(|| Text::new("sign-on-wrong"))?;
        let person = model.as_deref().and_then(|model| model.person(&staff_number));
        let is_own_login = self
            .identity
            .actor(shared.owner_uid, model.as_deref(), None)
            .is_some_and(|own| own.person.as_ref() == Some(&staff_number));
        match (old, person) {
            (None, None) if actor.may(Right::Administer) => {
                return Err(Text::new("pin-nobody").with("staff_number", clean(&staff_number)));
            }
            (None, Some(_)) if actor.may(Right::Administer) => {}
            (None, Some(person)) if is_own_login && !shared.gate.has_pin(person) => {}
            (None, _) => return Err(Text::new("pin-needs-old")),
            // Whose PIN it is types it; from where somebody else sits nobody's is tried.
            (Some(_), _) if actor.person.as_ref().is_some_and(|person| *person != staff_number) => {
                return Err(Text::new("pin-of-another"));
            }
            (Some(old), person) => {
                shared.gate.verify(self.identity.uid, person, old).await?;
            }
        }
        let Some(person) = person else {
            return Err(Text::new("sign-on-wrong"));
        };
        let hash = shared.gate.hash(new).await?;
        let body = RequestBody::SetPin {
            staff_number: staff_number.clone(),
            old: None,
            new: Pin::default(),
        };
        // What is recorded and then not kept can be done again; what is kept and not recorded could not be found out.
        let admission = Some(self.admission(shared));
        let recorded = shared.ask_in_session(actor, admission, body).await?;
        let generation = shared.gate.keep(person, hash).await?;
        // Who set it here stays; wherever else they are signed on it was with the old one.
        if let Some(signed_on) = &mut self.lock().signed_on
            && signed_on.staff_number() == staff_number
        {
            signed_on.pin = generation;
        }
        shared.people_changed();
        Ok(recorded)
    }
}
