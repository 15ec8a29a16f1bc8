//! Who is connected, and how much memory their requests may take: in all, and for each user, so that one user's clients,
//! however many or however broken, leave room for the others.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::domain::text::Text;
use crate::wire::message::{LARGEST_FRAME, LARGEST_PLAIN_FRAME};

/// Most connections at one time.
pub const MOST_CLIENTS: usize = 256;

/// Most connections of one user.
pub const MOST_OF_ONE_USER: usize = 64;

/// Connections that are kept for the owner of the site and for root, who must always get in.
pub const KEPT_FOR_OWNER: usize = 16;

/// Most bytes of large requests that are in memory at one time, from the moment on when they are announced: four of the
/// largest frames. One user has at most half of them.
pub const MOST_LARGE_BYTES: usize = 4 * LARGEST_FRAME;

/// The same for requests that are not larger than [`LARGEST_PLAIN_FRAME`]. They have a share of their own, so that a
/// question never waits for somebody's import.
pub const MOST_PLAIN_BYTES: usize = 256 * LARGEST_PLAIN_FRAME;

/// Bytes of requests that may be in memory.
#[derive(Debug, Clone)]
struct Share {
    plain: Arc<Semaphore>,
    large: Arc<Semaphore>,
}

impl Share {
    fn new(part: usize) -> Self {
        Self {
            plain: Arc::new(Semaphore::new(MOST_PLAIN_BYTES / part)),
            large: Arc::new(Semaphore::new(MOST_LARGE_BYTES / part)),
        }
    }

    async fn take(&self, bytes: usize) -> Option<OwnedSemaphorePermit> {
        let pool = if bytes <= LARGEST_PLAIN_FRAME {
            &self.plain
        } else {
            &self.large
        };
        let bytes = u32::try_from(bytes).ok()?;
        Arc::clone(pool).acquire_many_owned(bytes).await.ok()
    }
}

/// The memory of one request, given back when this is dropped.
#[derive(Debug)]
pub struct Room {
    _of_all: OwnedSemaphorePermit,
    _of_user: OwnedSemaphorePermit,
}

#[derive(Debug)]
struct User {
    connections: usize,
    share: Share,
}

/// Everybody who is connected.
#[derive(Debug)]
pub struct Guests {
    owner_uid: u32,
    share: Share,
    users: Mutex<BTreeMap<u32, User>>,
}

/// One connection's place; left when this is dropped.
#[derive(Debug)]
pub struct Guest {
    guests: Arc<Guests>,
    uid: u32,
    share: Share,
}

impl Guests {
    /// Nobody yet.
    pub fn new(owner_uid: u32) -> Arc<Self> {
        Arc::new(Self {
            owner_uid,
            share: Share::new(1),
            users: Mutex::new(BTreeMap::new()),
        })
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u32, User>> {
        self.users.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for a user's connection, or why there is none.
    pub fn admit(self: &Arc<Self>, uid: u32) -> Result<Guest, Text> {
        let mut users = self.lock();
        let all: usize = users.values().map(|user| user.connections).sum();
        let kept = if uid == self.owner_uid || uid == 0 {
            0
        } else {
            KEPT_FOR_OWNER
        };
        if all + kept >= MOST_CLIENTS {
            return Err(Text::new("daemon-too-many-clients"));
        }
        let user = users.entry(uid).or_insert_with(|| User {
            connections: 0,
            share: Share::new(2),
        });
        if user.connections >= MOST_OF_ONE_USER {
            return Err(Text::new("daemon-too-many-of-user").with_count("most", MOST_OF_ONE_USER));
        }
        user.connections += 1;
        Ok(Guest {
            guests: Arc::clone(self),
            uid,
            share: user.share.clone(),
        })
    }
}

impl Guest {
    /// Waits until there is room for a request of so many bytes; `None` for more than there ever is.
    pub async fn room(&self, bytes: usize) -> Option<Room> {
        if bytes > LARGEST_FRAME {
            return None;
        }
        // Everybody takes these in the same order, so that nobody waits in a circle.
        Some(Room {
            _of_user: self.share.take(bytes).await?,
            _of_all: self.guests.share.take(bytes).await?,
        })
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let mut users = self.guests.lock();
        if let Some(user) = users.get_mut(&self.uid) {
            user.connections = user.connections.saturating_sub(1);
            if user.connections == 0 {
                users.remove(&self.uid);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    #[test]
    fn one_user_takes_not_all_places_and_the_owner_always_gets_in() {
        let guests = Guests::new(1000);
        let mut inside = Vec::new();
        for uid in 1..=4 {
            for _ in 0..MOST_OF_ONE_USER {
                inside.extend(guests.admit(uid).ok());
            }
            assert_eq!(
                guests.admit(uid).err().map(|text| text.id),
                Some(
                    if uid < 4 {
                        "daemon-too-many-of-user"
                    } else {
                        "daemon-too-many-clients"
                    }
                    .into()
                )
            );
        }
        assert_eq!(inside.len(), MOST_CLIENTS - KEPT_FOR_OWNER);
        for _ in 0..KEPT_FOR_OWNER {
            inside.push(guests.admit(1000).unwrap());
        }
        assert!(guests.admit(1000).is_err(), "there is an end to it");
        inside.clear();
        assert!(guests.lock().is_empty());
        assert!(guests.admit(4).is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn large_requests_wait_for_each_other_and_questions_for_none_of_them() {
        let moment = Duration::from_secs(1);
        let guests = Guests::new(1000);
        let [one, other] = [1, 2].map(|uid| guests.admit(uid).unwrap());
        let mut held = Vec::new();
        for guest in [&one, &one, &other, &other] {
            held.push(timeout(moment, guest.room(LARGEST_FRAME)).await.unwrap().unwrap());
            if held.len() == 2 {
                assert!(
                    timeout(moment, one.room(LARGEST_FRAME)).await.is_err(),
                    "half is a user's most"
                );
            }
        }
        let third = guests.admit(3).unwrap();
        assert!(timeout(moment, third.room(LARGEST_FRAME)).await.is_err());
        assert!(timeout(moment, one.room(LARGEST_PLAIN_FRAME)).await.unwrap().is_some());
        held.pop();
        assert!(timeout(moment, third.room(LARGEST_FRAME)).await.unwrap().is_some());
        assert!(timeout(moment, one.room(LARGEST_FRAME + 1)).await.unwrap().is_none());
    }
}
