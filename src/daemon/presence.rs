//! Who is at the other end of a connection: the post that the kernel names, and the person who signed on there.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant as Moment, sleep_until, timeout};

use crate::domain::actor::{Actor, Right, SignOff};
use crate::domain::pin::Pin;
use crate::domain::text::{Text, clean};
use crate::wire::answers::SignedOnView;
use crate::wire::message::{ReplyBody, RequestBody};

use super::job::Shared;
use super::mailbox::Mailbox;
use super::rights::Identity;

/// How often it is looked whether a person is still in the model.
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// How long the end of a session waits for the record that its person is gone.
const FAREWELL: Duration = Duration::from_secs(5);

/// A person who signed on.
#[derive(Debug, Clone)]
struct SignedOn {
    /// As they were when they did.
    actor: Actor,
    /// When a key was touched last.
    last_key: Moment,
}

/// Who is at the other end.
#[derive(Debug)]
pub(super) struct Presence {
    pub(super) identity: Identity,
    signed_on: Mutex<Option<SignedOn>>,
    /// Somebody signed on or off, or touched a key.
    changed: Notify,
}

impl Presence {
    pub(super) fn new(identity: Identity) -> Self {
        Self {
            identity,
            signed_on: Mutex::default(),
            changed: Notify::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<SignedOn>> {
        self.signed_on.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Who acts now, under the model of this moment; `None` where nothing gives the post a role.
    pub(super) fn actor(&self, shared: &Shared) -> Option<Actor> {
        let signed_on = self
            .lock()
            .as_ref()
            .and_then(|signed_on| signed_on.actor.person.clone());
        self.identity
            .actor(shared.owner_uid, shared.model().as_deref(), signed_on.as_deref())
    }

    /// A key was touched.
    pub(super) fn touch(&self) {
        if let Some(signed_on) = &mut *self.lock() {
            signed_on.last_key = Moment::now();
        }
        self.changed.notify_one();
    }

    /// Signs a person on, in place of whoever is signed on.
    pub(super) async fn sign_on(&self, shared: &Shared, staff_number: &str, pin: Pin) -> Result<ReplyBody, Text> {
        let uid = self.identity.uid;
        let model = shared.model();
        let person = model.as_deref().and_then(|model| model.person(staff_number));
        let own = self.identity.actor(shared.owner_uid, model.as_deref(), None);
        if let Some(own) = own.and_then(|actor| actor.person) {
            return Err(Text::new("sign-on-own-login").with("person", clean(&own)));
        }
        let wrong = shared.gate.verify(uid, person, pin).await?;
        let actor = self
            .identity
            .actor(shared.owner_uid, model.as_deref(), Some(staff_number))
            .ok_or_else(|| Text::new("sign-on-wrong"))?;
        self.sign_off(shared, SignOff::Relieved).await;
        let body = RequestBody::SignOn {
            staff_number: staff_number.to_owned(),
            // It goes no further than the gate.
            pin: Pin::default(),
        };
        let ReplyBody::SignedOn(view) = shared.ask_in_session(actor.clone(), body).await? else {
            return Err(Text::new("daemon-not-a-write"));
        };
        tracing::info!(uid, person = %clean(staff_number), "signed on");
        *self.lock() = Some(SignedOn {
            actor: actor.clone(),
            last_key: Moment::now(),
        });
        self.changed.notify_one();
        Ok(ReplyBody::SignedOn(Box::new(SignedOnView { actor, wrong, ..*view })))
    }

    /// Signs whoever is signed on off, and gives who acts from then on.
    pub(super) async fn sign_off(&self, shared: &Shared, how: SignOff) -> Option<Actor> {
        // From now on nothing is done in their name, whether or not it can be recorded that they are gone.
        let signed_on = self.lock().take();
        if let Some(SignedOn { actor, .. }) = signed_on {
            let recorded = shared.ask_in_session(actor, RequestBody::SignOff { how }).await;
            if let Err(why) = recorded {
                tracing::warn!(%why, "a signing-off could not be recorded");
            }
        }
        self.actor(shared)
    }

    /// Signs whoever is signed on off when it is time to, and tells the terminal.
    pub(super) async fn watch_over(&self, shared: &Shared, mailbox: &Mailbox) -> String {
        loop {
            let how = self.ends(shared).await;
            if let Some(actor) = self.sign_off(shared, how).await {
                mailbox.post(actor, how);
            }
        }
    }

    /// Completes when whoever is signed on must not be any more.
    async fn ends(&self, shared: &Shared) -> SignOff {
        loop {
            let signed_on = self.lock().clone();
            let Some(SignedOn { actor, last_key }) = signed_on else {
                self.changed.notified().await;
                continue;
            };
            let model = shared.model();
            if model.as_deref().and_then(|model| model.person_of(&actor)).is_none() {
                return SignOff::Removed;
            }
            let idle = model.map_or(0, |model| model.sign_on_idle_ms);
            let now = Moment::now();
            let mut look = now + LOOK_EVERY;
            if let Ok(idle @ 1..) = u64::try_from(idle) {
                let ends = last_key + Duration::from_millis(idle);
                if now >= ends {
                    return SignOff::Idle;
                }
                look = look.min(ends);
            }
            tokio::select! {
                () = sleep_until(look) => {}
                () = self.changed.notified() => {}
            }
        }
    }

    /// The connection is gone.
    pub(super) async fn leave(&self, shared: &Shared) {
        // A daemon that stops records nothing any more.
        let _ = timeout(FAREWELL, self.sign_off(shared, SignOff::Left)).await;
    }

    /// Sets a person's PIN.
    pub(super) async fn set_pin(
        &self,
        shared: &Shared,
        staff_number: &str,
        old: Option<Pin>,
        new: Pin,
    ) -> Result<ReplyBody, Text> {
        let model = shared.model();
        let actor = self.actor(shared).ok_or_else(|| Text::new("sign-on-wrong"))?;
        let person = model.as_deref().and_then(|model| model.person(staff_number));
        let is_own_login = self
            .identity
            .actor(shared.owner_uid, model.as_deref(), None)
            .is_some_and(|own| own.person.as_deref() == Some(staff_number));
        match (old, person) {
            (None, None) if actor.may(Right::Administer) => {
                return Err(Text::new("pin-nobody").with("staff_number", clean(staff_number)));
            }
            (None, Some(_)) if actor.may(Right::Administer) => {}
            (None, Some(person)) if is_own_login && !shared.gate.has_pin(person) => {}
            (None, _) => return Err(Text::new("pin-needs-old")),
            (Some(old), person) => {
                shared.gate.verify(self.identity.uid, person, old).await?;
            }
        }
        let Some(person) = person else {
            return Err(Text::new("sign-on-wrong"));
        };
        new.check_new(staff_number)?;
        let hash = shared.gate.hash(new).await?;
        let body = RequestBody::SetPin {
            staff_number: staff_number.to_owned(),
            old: None,
            new: Pin::default(),
        };
        // What is recorded and then not kept can be done again; what is kept and not recorded could not be found out.
        let recorded = shared.ask_in_session(actor, body).await?;
        shared.gate.keep(person, hash).await?;
        Ok(recorded)
    }
}
