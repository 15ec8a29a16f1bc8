//! Whether somebody is who they say they are: PINs compared with their hashes, and tries limited.
//!
//! A try counts as wrong from before the comparison until it has proved right, so that nobody gains a free one by hanging
//! up. One comparison runs at a time, on a thread of its own: it takes 19 MiB and some ten milliseconds, by design.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::Instant as Moment;

use crate::domain::model::Person;
use crate::domain::pin::{LONGEST_PIN, Pin};
use crate::domain::text::{Text, clean};
use crate::store::personal::{Owner, PINS};

/// Wrong tries in a row that cost no waiting.
const FREE_TRIES: u32 = 5;

/// How long the first wait lasts; each further wrong try doubles it.
const FIRST_WAIT: Duration = Duration::from_secs(60);

/// The longest wait.
const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);

/// Who tries: a person is guarded wherever the tries come from, a post against going through the staff.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Trier {
    Person(String),
    Post(u32),
}

impl Trier {
    /// Many people mistype at one post.
    const fn free_tries(&self) -> u32 {
        match self {
            Self::Person(_) => FREE_TRIES,
            Self::Post(_) => 4 * FREE_TRIES,
        }
    }
}

/// Wrong tries since the last right one.
#[derive(Debug, Clone, Copy, Default)]
struct Tries {
    wrong: u32,
    not_before: Option<Moment>,
}

/// Compares PINs, and keeps them.
#[derive(Debug)]
pub struct Gate {
    site: PathBuf,
    /// Bounded by the people of the model and the users who may connect.
    tries: Mutex<HashMap<Trier, Tries>>,
    hashing: Arc<Semaphore>,
}

impl Gate {
    /// Of the site in a directory.
    pub fn new(site: PathBuf) -> Self {
        Self {
            site,
            tries: Mutex::default(),
            hashing: Arc::new(Semaphore::new(1)),
        }
    }

    /// Whether a person has a PIN.
    pub fn has_pin(&self, person: &Person) -> bool {
        PINS.read(&self.site, &owner(person)).is_some()
    }

    /// Compares a PIN that was typed at the post of a user; the number of wrong tries since the last right one. A staff number
    /// that nobody has costs the same time and gets the same answer as a wrong PIN.
    pub async fn verify(&self, uid: u32, person: Option<&Person>, pin: Pin) -> Result<u32, Text> {
        let kept = person.map(|person| PINS.read(&self.site, &owner(person)));
        if kept == Some(None) {
            return Err(Text::new("sign-on-no-pin"));
        }
        let triers: Vec<Trier> = person
            .map(|person| Trier::Person(person.staff_number.clone()))
            .into_iter()
            .chain([Trier::Post(uid)])
            .collect();
        let before = self.begin(&triers)?;
        let is_right = self
            .apart(move || {
                let kept = kept.flatten();
                let fits = matches(kept.as_deref().unwrap_or(nobodys()), &pin);
                fits && kept.is_some()
            })
            .await?;
        if !is_right {
            tracing::warn!(uid, known = person.is_some(), "a wrong staff number or PIN");
            return Err(Text::new("sign-on-wrong"));
        }
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        for trier in &triers {
            tries.remove(trier);
        }
        Ok(before)
    }

    /// Counts a try of each as wrong; refused where one of them has to wait. Gives how many wrong ones the first had before.
    fn begin(&self, triers: &[Trier]) -> Result<u32, Text> {
        let now = Moment::now();
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        let waits = triers
            .iter()
            .filter_map(|trier| tries.get(trier)?.not_before)
            .map(|from| from.saturating_duration_since(now))
            .max()
            .filter(|wait| !wait.is_zero());
        if let Some(wait) = waits {
            return Err(Text::new("sign-on-wait").with_count("seconds", wait.as_secs() + 1));
        }
        let mut before = None;
        for trier in triers {
            let entry = tries.entry(trier.clone()).or_default();
            before.get_or_insert(entry.wrong);
            entry.wrong = entry.wrong.saturating_add(1);
            entry.not_before = entry
                .wrong
                .checked_sub(trier.free_tries())
                .map(|over| now + FIRST_WAIT.saturating_mul(1 << over.min(10)).min(LONGEST_WAIT));
        }
        Ok(before.unwrap_or_default())
    }

    /// The hash of a new PIN, as it is kept.
    pub async fn hash(&self, pin: Pin) -> Result<String, Text> {
        let hashed = self.apart(move || Argon2::default().hash_password(pin.digits().as_bytes()));
        hashed
            .await?
            .map(|hash| hash.to_string())
            .map_err(|error| Text::new("sign-on-failed").with("error", clean(&error.to_string())))
    }

    /// Keeps the hash of a person's PIN. Whoever had to wait for that person need not any more.
    pub async fn keep(&self, person: &Person, hash: String) -> Result<(), Text> {
        let (site, owner) = (self.site.clone(), owner(person));
        let kept = self.apart(move || PINS.keep(&site, &owner, &hash)).await?;
        match kept {
            Ok(true) => {
                let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
                tries.remove(&Trier::Person(person.staff_number.clone()));
                Ok(())
            }
            Ok(false) => Err(Text::new("sign-on-not-kept")),
            Err(error) => Err(Text::new("sign-on-failed").with("error", clean(&error.to_string()))),
        }
    }

    /// Does what takes long on a thread of its own, one at a time.
    async fn apart<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Text> {
        let failed = || Text::new("daemon-stopping");
        let place = Arc::clone(&self.hashing).acquire_owned().await.map_err(|_| failed())?;
        let working = spawn_blocking(move || {
            let done = work();
            // Whoever asked may be gone; the next one waits for the work all the same.
            drop(place);
            done
        });
        working.await.map_err(|_| failed())
    }
}

fn owner(person: &Person) -> Owner {
    Owner::Person(person.staff_number.clone())
}

/// Whether a PIN is the one of a hash.
fn matches(kept: &str, pin: &Pin) -> bool {
    // What is longer than any PIN is compared as far as a PIN reaches, and is wrong.
    let (head, rest) = pin.digits().split_at_checked(LONGEST_PIN).unwrap_or((pin.digits(), ""));
    PasswordHash::new(kept)
        .is_ok_and(|hash| Argon2::default().verify_password(head.as_bytes(), &hash).is_ok() && rest.is_empty())
}

/// A hash with which nobody's PIN is compared.
fn nobodys() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| {
        let hash = Argon2::default().hash_password(b"nobody");
        hash.map(|hash| hash.to_string()).unwrap_or_default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::model::Name;

    const POST: u32 = 1000;

    fn person(staff_number: &str) -> Person {
        Person {
            staff_number: staff_number.to_owned(),
            name: Name::default(),
            roles: Vec::new(),
            user: None,
        }
    }

    async fn gate(site: &tempfile::TempDir) -> (Gate, Person) {
        let gate = Gate::new(site.path().to_owned());
        let li = person("2001");
        let hash = gate.hash(Pin::new("482913")).await.unwrap();
        assert!(hash.starts_with("$argon2id$") && !hash.contains("482913"));
        gate.keep(&li, hash).await.unwrap();
        (gate, li)
    }

    async fn tried(gate: &Gate, uid: u32, person: Option<&Person>, pin: &str) -> Result<u32, String> {
        let verified = gate.verify(uid, person, Pin::new(pin)).await;
        verified.map_err(|text| text.id.into_owned())
    }

    #[tokio::test(start_paused = true)]
    async fn wrong_tries_cost_longer_and_longer_waits_wherever_they_come_from() {
        let site = tempfile::tempdir().unwrap();
        let (gate, li) = gate(&site).await;
        assert_eq!(tried(&gate, POST, Some(&li), "482913").await, Ok(0));
        let wrongs = ["", "482914", "48291", "4829130", &"4".repeat(64)];
        for (uid, wrong) in (POST..).zip(wrongs) {
            assert_eq!(tried(&gate, uid, Some(&li), wrong).await.unwrap_err(), "sign-on-wrong");
        }
        // Even the right one has to wait now.
        for wait in [60, 120, 240, 480, 900, 900] {
            assert_eq!(
                tried(&gate, POST, Some(&li), "482913").await.unwrap_err(),
                "sign-on-wait"
            );
            tokio::time::advance(Duration::from_secs(wait - 2)).await;
            assert_eq!(
                tried(&gate, POST, Some(&li), "482913").await.unwrap_err(),
                "sign-on-wait"
            );
            tokio::time::advance(Duration::from_secs(3)).await;
            assert_eq!(
                tried(&gate, POST, Some(&li), "1357").await.unwrap_err(),
                "sign-on-wrong"
            );
        }
        // A new PIN of an administrator ends it, and nothing but the right one is right.
        let hash = gate.hash(Pin::new("2580")).await.unwrap();
        gate.keep(&li, hash).await.unwrap();
        assert_eq!(
            tried(&gate, POST, Some(&li), "482913").await.unwrap_err(),
            "sign-on-wrong"
        );
        assert_eq!(tried(&gate, POST, Some(&li), "2580").await, Ok(1));
        assert_eq!(tried(&gate, POST, Some(&li), "2580").await, Ok(0));
    }

    #[tokio::test(start_paused = true)]
    async fn a_post_that_goes_through_the_staff_waits_too_and_learns_nothing() {
        let site = tempfile::tempdir().unwrap();
        let (gate, li) = gate(&site).await;
        for _ in 0..20 {
            assert_eq!(tried(&gate, POST, None, "2580").await.unwrap_err(), "sign-on-wrong");
        }
        assert_eq!(
            tried(&gate, POST, Some(&li), "482913").await.unwrap_err(),
            "sign-on-wait"
        );
        assert_eq!(
            tried(&gate, POST + 1, Some(&li), "482913").await,
            Ok(0),
            "another post is free"
        );
        let wang = person("2002");
        assert_eq!(
            tried(&gate, POST + 1, Some(&wang), "1357").await.unwrap_err(),
            "sign-on-no-pin"
        );
    }

    #[tokio::test]
    async fn who_hangs_up_has_tried_all_the_same() {
        let site = tempfile::tempdir().unwrap();
        let (gate, li) = gate(&site).await;
        for _ in 0..5 {
            let mut trying = Box::pin(gate.verify(POST, Some(&li), Pin::new("1357")));
            let begun = std::future::poll_fn(|context| std::task::Poll::Ready(trying.as_mut().poll(context)));
            assert!(begun.await.is_pending());
        }
        assert_eq!(
            tried(&gate, POST, Some(&li), "482913").await.unwrap_err(),
            "sign-on-wait"
        );
    }

    #[tokio::test]
    async fn a_broken_hash_is_nobodys() {
        let site = tempfile::tempdir().unwrap();
        let (gate, li) = gate(&site).await;
        PINS.keep(site.path(), &owner(&li), "$argon2id$v=19$m=4294967295,t=1$AAAA$AAAA")
            .unwrap();
        assert_eq!(
            tried(&gate, POST, Some(&li), "482913").await.unwrap_err(),
            "sign-on-wrong"
        );
        PINS.keep(site.path(), &owner(&li), "482913").unwrap();
        assert_eq!(
            tried(&gate, POST, Some(&li), "482913").await.unwrap_err(),
            "sign-on-wrong"
        );
    }
}
