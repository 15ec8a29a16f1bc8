//! Where a user keeps settings, and what the terminal writes for them: the directories of the XDG base directory
//! specification, under `carbonwatch`.

use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

/// The program's name in the user's directories.
const PROGRAM: &str = "carbonwatch";

/// The user's directories.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnPlaces {
    /// `$XDG_CONFIG_HOME/carbonwatch`: keys and themes. None where there is no home.
    pub config: Option<PathBuf>,
    /// `$XDG_STATE_HOME/carbonwatch`: what was copied and exported.
    pub state: Option<PathBuf>,
    /// The user's home.
    pub home: Option<PathBuf>,
}

impl OwnPlaces {
    /// Those of this process's user.
    pub fn of_process() -> Self {
        let Ok(base) = etcetera::base_strategy::Xdg::new() else {
            return Self::default();
        };
        Self {
            config: Some(base.config_dir().join(PROGRAM)),
            state: base.state_dir().map(|state| state.join(PROGRAM)),
            home: Some(base.home_dir().to_owned()),
        }
    }

    /// A place as people write it: below their home with `~`, so that a line of the screen has room for it.
    pub fn told(&self, path: &Path) -> PathBuf {
        let below = self.home.as_ref().and_then(|home| path.strip_prefix(home).ok());
        below.map_or_else(|| path.to_owned(), |below| PathBuf::from("~").join(below))
    }

    /// The user's own themes.
    pub fn themes(&self) -> Option<PathBuf> {
        Some(self.config.as_ref()?.join("themes"))
    }

    /// Where what was copied and exported is put: the site's files are not for its clients.
    pub fn outbox(&self) -> Option<PathBuf> {
        Some(self.state.as_ref()?.join("outbox"))
    }

    /// Where files are put that are to be attached; at a shared post each person has a place of their own in it, by staff
    /// number. None for a number that cannot be the name of a directory.
    pub fn inbox(&self, whose: Option<&str>) -> Option<PathBuf> {
        let inbox = self.state.as_ref()?.join("inbox");
        let Some(whose) = whose else { return Some(inbox) };
        let is_name = !whose.is_empty()
            && whose
                .chars()
                .all(|character| character.is_alphanumeric() || matches!(character, '-' | '_' | '.'))
            && !whose.starts_with('.');
        is_name.then(|| inbox.join(whose))
    }

    /// The user's own keys.
    pub fn keys(&self) -> Option<PathBuf> {
        Some(self.config.as_ref()?.join("keys.toml"))
    }
}
