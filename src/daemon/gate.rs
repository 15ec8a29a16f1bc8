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

/// How long after a wait wrong tries are forgotten.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(3600);

/// Who tries what: a person's PIN at a post, so that nobody at one post locks them out of another; a person's PIN from
/// anywhere; and a post that goes through the staff.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Trier {
    PersonAt(String, u32),
    Person(String),
    Post(u32),
}

impl Trier {
    /// Wrong tries in a row that cost no waiting. Many people mistype at one post.
    const fn free_tries(&self) -> u32 {
        match self {
            Self::PersonAt(..) => FREE_TRIES,
            Self::Person(_) | Self::Post(_) => 4 * FREE_TRIES,
        }
    }

    fn is_of(&self, staff_number: &str) -> bool {
        matches!(self, Self::PersonAt(person, _) | Self::Person(person) if person == staff_number)
    }
}

/// Wrong tries that are not forgotten.
#[derive(Debug, Clone, Copy)]
struct Tries {
    wrong: u32,
    not_before: Moment,
}

/// Compares PINs, and keeps them.
#[derive(Debug)]
pub struct Gate {
    site: PathBuf,
    /// Bounded by the people of the model times the users who may connect.
    tries: Mutex<HashMap<Trier, Tries>>,
    /// How often the PIN of each person was set since the daemon started.
    generations: Mutex<HashMap<String, u64>>,
    hashing: Arc<Semaphore>,
}

impl Gate {
    /// Of the site in a directory.
    pub fn new(site: PathBuf) -> Self {
        Self {
            site,
            tries: Mutex::default(),
            generations: Mutex::default(),
            hashing: Arc::new(Semaphore::new(1)),
        }
    }

    /// Whether a person has a PIN.
    pub fn has_pin(&self, person: &Person) -> bool {
        PINS.read(&self.site, &owner(person)).is_some()
    }

    /// Which PIN of a person it is, counted since the daemon started.
    pub fn generation(&self, staff_number: &str) -> u64 {
        let generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        generations.get(staff_number).copied().unwrap_or_default()
    }

    /// Forgets the PINs of those who are not among these people: whoever gets their staff number later is somebody else.
    pub fn keep_only(&self, persons: &[Person]) {
        // Whoever is signed on and leaves the model is not signed on any more, even where they are back before anybody looks.
        let mut generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        for (staff_number, generation) in &mut *generations {
            if !persons.iter().any(|person| person.staff_number == *staff_number) {
                *generation += 1;
            }
        }
        for person in persons {
            generations.entry(person.staff_number.clone()).or_default();
        }
        drop(generations);
        let owners: Vec<Owner> = persons.iter().map(owner).collect();
        if let Err(error) = PINS.keep_only(&self.site, &owners) {
            tracing::error!(error = %clean(&error.to_string()), "PINs of people who are gone stay");
        }
    }

    /// Compares a PIN that was typed at the post of a user; the number of wrong tries since the last right one. A staff number
    /// that nobody has costs the same time and gets the same answer as a wrong PIN.
    pub async fn verify(&self, uid: u32, person: Option<&Person>, pin: Pin) -> Result<u32, Text> {
        let kept = person.map(|person| PINS.read(&self.site, &owner(person)));
        if kept == Some(None) {
            return Err(Text::new("sign-on-no-pin"));
        }
        let of_person = |person: &Person| {
            let number = || person.staff_number.clone();
            [Trier::Person(number()), Trier::PersonAt(number(), uid)]
        };
        let triers: Vec<Trier> = person
            .into_iter()
            .flat_map(of_person)
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
        self.was_right(&triers);
        Ok(before)
    }

    /// A try was right: the person's wrong ones are forgotten, the post's stay but for this one.
    fn was_right(&self, triers: &[Trier]) {
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        for trier in triers {
            match trier {
                Trier::PersonAt(..) | Trier::Person(_) => drop(tries.remove(trier)),
                Trier::Post(_) => {
                    if let Some(entry) = tries.get_mut(trier) {
                        entry.wrong = entry.wrong.saturating_sub(1);
                        entry.not_before = Moment::now();
                    }
                }
            }
        }
    }

    /// Counts a try of each as wrong; refused where one of them has to wait. Gives how many wrong ones the first had before.
    fn begin(&self, triers: &[Trier]) -> Result<u32, Text> {
        let now = Moment::now();
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        tries.retain(|_, entry| now < entry.not_before + FORGOTTEN_AFTER);
        let waits = triers
            .iter()
            .filter_map(|trier| Some(tries.get(trier)?.not_before.saturating_duration_since(now)))
            .max()
            .filter(|wait| !wait.is_zero());
        if let Some(wait) = waits {
            return Err(Text::new("sign-on-wait").with_count("seconds", wait.as_secs() + 1));
        }
        let mut before = None;
        for trier in triers {
            let none = Tries {
                wrong: 0,
                not_before: now,
            };
            let entry = tries.entry(trier.clone()).or_insert(none);
            before.get_or_insert(entry.wrong);
            entry.wrong = entry.wrong.saturating_add(1);
            let wait = entry
                .wrong
                .checked_sub(trier.free_tries())
                .map(|over| FIRST_WAIT.saturating_mul(1 << over.min(10)).min(LONGEST_WAIT));
            entry.not_before = now + wait.unwrap_or_default();
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

    /// Keeps the hash of a person's PIN, and gives which one it is. Whoever had to wait for that person need not any more.
    pub async fn keep(&self, person: &Person, hash: String) -> Result<u64, Text> {
        let (site, owner) = (self.site.clone(), owner(person));
        let kept = self.apart(move || PINS.keep(&site, &owner, &hash)).await?;
        match kept {
            Ok(true) => {
                let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
                tries.retain(|trier, _| !trier.is_of(&person.staff_number));
                let mut generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
                let generation = generations.entry(person.staff_number.clone()).or_default();
                *generation += 1;
                Ok(*generation)
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
    async fn wrong_tries_cost_longer_and_longer_waits() {
        let site = tempfile::tempdir().unwrap();
        let (gate, li) = gate(&site).await;
        assert_eq!(tried(&gate, POST, Some(&li), "482913").await, Ok(0));
        for wrong in ["", "482914", "48291", "4829130", &"4".repeat(64)] {
            assert_eq!(tried(&gate, POST, Some(&li), wrong).await.unwrap_err(), "sign-on-wrong");
        }
        // Even the right one has to wait now, here; at another post it has not.
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
                tried(&gate, POST, Some(&li), "135792").await.unwrap_err(),
                "sign-on-wrong"
            );
        }
        assert_eq!(tried(&gate, POST + 1, Some(&li), "482913").await, Ok(11));
        // A new PIN of an administrator ends it, and nothing but the right one is right.
        let hash = gate.hash(Pin::new("258046")).await.unwrap();
        assert_eq!(gate.keep(&li, hash).await, Ok(2));
        assert_eq!(
            tried(&gate, POST, Some(&li), "482913").await.unwrap_err(),
            "sign-on-wrong"
        );
        assert_eq!(tried(&gate, POST, Some(&li), "258046").await, Ok(1));
        assert_eq!(tried(&gate, POST, Some(&li), "258046").await, Ok(0));
    }

    #[tokio::test(start_paused = true)]
    async fn many_posts_do_not_make_many_tries() {
        let site = tempfile::tempdir().unwrap();
        let (gate, li) = gate(&site).await;
        for uid in POST..POST + 20 {
            assert_eq!(
                tried(&gate, uid, Some(&li), "135792").await.unwrap_err(),
                "sign-on-wrong"
            );
        }
        assert_eq!(tried(&gate, 1, Some(&li), "482913").await.unwrap_err(), "sign-on-wait");
        tokio::time::advance(LONGEST_WAIT + FORGOTTEN_AFTER).await;
        assert_eq!(
            tried(&gate, 1, Some(&li), "482913").await,
            Ok(0),
            "it is forgotten in the end"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_post_that_goes_through_the_staff_waits_too_and_learns_nothing() {
        let site = tempfile::tempdir().unwrap();
        let (gate, li) = gate(&site).await;
        for number in 0..20 {
            assert_eq!(tried(&gate, POST, None, "258046").await.unwrap_err(), "sign-on-wrong");
            // One's own right PIN in between makes up for nothing.
            if number < 19 {
                assert_eq!(tried(&gate, POST, Some(&li), "482913").await, Ok(0));
            }
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
            tried(&gate, POST + 1, Some(&wang), "135792").await.unwrap_err(),
            "sign-on-no-pin"
        );
    }

    #[tokio::test]
    async fn who_is_gone_leaves_no_pin() {
        let site = tempfile::tempdir().unwrap();
        let (gate, li) = gate(&site).await;
        gate.keep_only(&[person("2002"), person("2001")]);
        let before = gate.generation("2001");
        assert!(gate.has_pin(&li));
        gate.keep_only(&[person("2002")]);
        assert!(!gate.has_pin(&li));
        gate.keep_only(&[person("2002"), person("2001")]);
        assert!(
            gate.generation("2001") > before,
            "who was signed on meanwhile is not any more"
        );
        assert!(!gate.has_pin(&li));
    }

    #[tokio::test]
    async fn who_hangs_up_has_tried_all_the_same() {
        let site = tempfile::tempdir().unwrap();
        let (gate, li) = gate(&site).await;
        for _ in 0..5 {
            let mut trying = Box::pin(gate.verify(POST, Some(&li), Pin::new("135792")));
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
