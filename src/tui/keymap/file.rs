//! Reads a keymap file. Every fault is told with its place; what is right holds all the same.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error, StrDeserializer};
use toml::Spanned;

use super::{Action, Binding, Context, Key, Keymap};
use crate::domain::text::{Text, clean};
use crate::tui::fault::{FileFault, Source};

/// A binding as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    action: Spanned<String>,
    keys: Vec<Spanned<String>>,
    #[serde(default)]
    hint: bool,
}

/// A word of a list that serde knows, such as an action's name.
fn known<'de, T: Deserialize<'de>>(word: &'de str) -> Option<T> {
    let word: StrDeserializer<'de, Error> = word.into_deserializer();
    T::deserialize(word).ok()
}

/// The keys of a file and what is wrong with it.
pub(super) fn read(source: Source<'_>) -> (Keymap, Vec<FileFault>) {
    let mut keymap = Keymap::default();
    let written: BTreeMap<Spanned<String>, Vec<Written>> = match toml::from_str(source.text) {
        Ok(written) => written,
        Err(error) => return (keymap, vec![source.malformed(&error)]),
    };
    let mut faults = Vec::new();
    for (place, bindings) in &written {
        let Some(context) = known::<Context>(place.get_ref()) else {
            let why = Text::new("tui-keys-no-place").with("given", clean(place.get_ref()));
            faults.push(source.fault(&place.span(), why));
            continue;
        };
        let own = keymap.0.entry(context).or_default();
        for binding in bindings {
            let read = read_binding(source, binding, own, &mut faults);
            own.extend(read);
        }
    }
    faults.sort_by_key(|fault| fault.at);
    (keymap, faults)
}

/// A binding, as far as it is right, after those of its place that were read before.
fn read_binding(
    source: Source<'_>,
    written: &Written,
    before: &[Binding],
    faults: &mut Vec<FileFault>,
) -> Option<Binding> {
    let name = written.action.get_ref();
    let Some(action) = known::<Action>(name) else {
        let why = Text::new("tui-keys-no-action").with("given", clean(name));
        faults.push(source.fault(&written.action.span(), why));
        return None;
    };
    let mut keys: Vec<Key> = Vec::new();
    for written in &written.keys {
        let Some(key) = Key::parse(written.get_ref()) else {
            let why = Text::new("tui-keys-no-key").with("given", clean(written.get_ref()));
            faults.push(source.fault(&written.span(), why));
            continue;
        };
        let taken = before.iter().find(|binding| binding.keys.contains(&key));
        let taken = taken.map(|binding| binding.action);
        match taken.or_else(|| keys.contains(&key).then_some(action)) {
            Some(other) => {
                let why = Text::new("tui-keys-twice")
                    .with("key", key)
                    .with_text("action", other.label());
                faults.push(source.fault(&written.span(), why));
            }
            None => keys.push(key),
        }
    }
    Some(Binding {
        action,
        keys,
        hint: written.hint,
    })
}
