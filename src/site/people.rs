//! What must hold of shifts, crews, posts and people in a `site.toml`.

use std::collections::BTreeSet;

use super::check::{filled, repeated, unique};
use super::problem::{Problems, remedy_for};
use super::row::{Row, Value, words_in};
use crate::domain::text::Text;

pub(super) fn check_shifts(problems: &Problems<'_>, shifts: &[Row]) {
    unique(problems, shifts, "key");
    let mut starts: Vec<(u32, &Row)> = Vec::new();
    for shift in shifts {
        let Some(start) = shift.minutes("start") else { continue };
        if let Some((_, first)) = starts.iter().find(|(known, _)| *known == start) {
            let (line, _) = problems.place(first.place("start"));
            problems.push(
                shift.place("start"),
                Text::new("site-shift-same-start").with("line", line),
                Text::new("site-remedy-shift-start"),
            );
        } else {
            starts.push((start, shift));
        }
    }
    // Each slot ends where the next in the list begins; so the clock may pass midnight only once on the way round.
    let following = starts.iter().cycle().skip(1);
    let mut backward = starts
        .iter()
        .zip(following)
        .filter(|(before, after)| after.0 < before.0);
    if let (Some((_, after)), Some(_)) = (backward.next(), backward.next()) {
        problems.push(
            after.1.place("start"),
            Text::new("site-shift-order"),
            Text::new("site-remedy-shift-order"),
        );
    }
}

pub(super) fn check_rotation(problems: &Problems<'_>, rotation: &Row, slots: usize) {
    filled(problems, rotation, "crews");
    filled(problems, rotation, "cycle");
    repeated(problems, rotation, "crews");
    if slots == 0 {
        problems.push(
            rotation.at,
            Text::new("site-rotation-without-shifts"),
            Text::new("site-remedy-rotation-shifts"),
        );
    }
    let crews: Vec<&str> = rotation.words_of("crews").map(|crew| crew.value).collect();
    if rotation.has("crews_en") && rotation.list("crews_en").len() != rotation.list("crews").len() {
        problems.push(
            rotation.place("crews_en"),
            Text::new("site-crew-names"),
            Text::new("site-remedy-crew-names"),
        );
    }
    for row in rotation.list("cycle") {
        let Value::List(slots_of_day) = &row.value else {
            continue;
        };
        if slots_of_day.len() != slots && slots > 0 {
            let what = Text::new("site-cycle-row")
                .with_count("given", slots_of_day.len())
                .with_count("slots", slots);
            problems.push(row.at, what, Text::new("site-remedy-cycle-row"));
        }
        let mut today = BTreeSet::new();
        for crew in words_in(slots_of_day) {
            if !crews.contains(&crew.value) {
                let what = Text::new("site-unresolved")
                    .with("field", "crews")
                    .with("key", crew.value);
                problems.push(crew.at, what, remedy_for(crew.value, crews.iter().copied()));
            } else if !today.insert(crew.value) {
                let what = Text::new("site-crew-twice").with("crew", crew.value);
                problems.push(crew.at, what, Text::new("site-remedy-crew-twice"));
            }
        }
    }
}

/// The shortest time without a key after which a person may be signed off: a terminal tells only now and then that one was
/// touched.
const SHORTEST_IDLE_MS: i64 = 60_000;

pub(super) fn check_rights(problems: &Problems<'_>, file: &Row) {
    if let Some(site) = file.row("site")
        && let Some(1..SHORTEST_IDLE_MS) = site.milliseconds("sign_on_idle")
    {
        problems.push(
            site.place("sign_on_idle"),
            Text::new("site-idle-too-short"),
            Text::new("site-remedy-idle"),
        );
    }
    let posts = file.rows("post");
    unique(problems, posts, "user");
    unique(problems, posts, "group");
    for post in posts {
        filled(problems, post, "roles");
        repeated(problems, post, "roles");
        if post.has("user") == post.has("group") {
            problems.push(
                post.at,
                Text::new("site-post-user-or-group"),
                Text::new("site-remedy-post"),
            );
        }
    }
    let persons = file.rows("person");
    unique(problems, persons, "staff_number");
    unique(problems, persons, "user");
    for person in persons {
        filled(problems, person, "roles");
        repeated(problems, person, "roles");
        let shared = posts
            .iter()
            .any(|post| post.flag("shared") && post.has("user") && post.words("user") == person.words("user"));
        if let (Some(user), true) = (person.words("user"), shared) {
            problems.push(
                person.place("user"),
                Text::new("site-person-shared-login").with("user", user),
                Text::new("site-remedy-person-login"),
            );
        }
    }
}
