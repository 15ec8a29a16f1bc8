//! Which language to speak (界面语言): from the locale's environment variables, or as the user says.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A language that carbonwatch speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Language {
    /// 中文（简体）.
    #[serde(rename = "zh-CN")]
    Chinese,
    /// English.
    #[serde(rename = "en")]
    English,
}

impl Language {
    /// All languages.
    pub const ALL: [Self; 2] = [Self::Chinese, Self::English];

    /// The BCP 47 tag under which its texts are kept.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }

    /// The other language, for switching by one key.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Chinese => Self::English,
            Self::English => Self::Chinese,
        }
    }

    /// The language of a POSIX locale or a language tag: any form of Chinese is Chinese, all else is English.
    pub fn of_locale(locale: &str) -> Self {
        let primary = locale.split(['_', '-', '.', '@']).next().unwrap_or_default();
        if primary.eq_ignore_ascii_case("zh") {
            Self::Chinese
        } else {
            Self::English
        }
    }

    /// The language of the environment: the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that is set and not empty
    /// decides; where none is, English.
    ///
    /// `variable` looks a variable up, so that tests need not touch the process's own environment.
    pub fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Self {
        ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .filter_map(variable)
            .find(|value| !value.is_empty())
            .map_or(Self::English, |value| Self::of_locale(&value))
    }

    /// The language of this process's environment.
    pub fn of_process() -> Self {
        Self::from_environment(|name| std::env::var(name).ok())
    }
}

impl fmt::Display for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.tag())
    }
}

/// A `--lang` that is neither Chinese nor English.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("language {0:?} is not spoken here: use zh or en")]
pub struct UnknownLanguage(String);

impl FromStr for Language {
    type Err = UnknownLanguage;

    /// Reads what `--lang` gives: `zh`, `zh-CN`, `en`, `en_GB` and the like. Other languages are refused.
    fn from_str(given: &str) -> Result<Self, UnknownLanguage> {
        match given.split(['_', '-', '.']).next() {
            Some(primary) if primary.eq_ignore_ascii_case("zh") => Ok(Self::Chinese),
            Some(primary) if primary.eq_ignore_ascii_case("en") => Ok(Self::English),
            _ => Err(UnknownLanguage(given.chars().take(32).collect())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_chinese_is_chinese_and_all_else_english() {
        for (locale, language) in [
            ("zh_CN.UTF-8", Language::Chinese),
            ("zh_CN.GB18030", Language::Chinese),
            ("zh_CN", Language::Chinese),
            ("zh-Hant-TW", Language::Chinese),
            ("zh_TW.UTF-8", Language::Chinese),
            ("zh", Language::Chinese),
            ("ZH_cn@pinyin", Language::Chinese),
            ("zha_CN", Language::English),
            ("C", Language::English),
            ("C.UTF-8", Language::English),
            ("POSIX", Language::English),
            ("en_US.UTF-8", Language::English),
            ("de_DE", Language::English),
            ("", Language::English),
        ] {
            assert_eq!(Language::of_locale(locale), language, "{locale:?}");
        }
    }

    #[test]
    fn the_first_variable_that_is_set_decides() {
        let decided = |set: &[(&str, &str)]| {
            Language::from_environment(|name| {
                set.iter()
                    .find(|(key, _)| *key == name)
                    .map(|(_, value)| (*value).to_owned())
            })
        };
        assert_eq!(decided(&[]), Language::English);
        assert_eq!(decided(&[("LANG", "zh_CN.UTF-8")]), Language::Chinese);
        assert_eq!(
            decided(&[("LC_ALL", ""), ("LC_MESSAGES", ""), ("LANG", "zh_CN.UTF-8")]),
            Language::Chinese
        );
        assert_eq!(decided(&[("LC_ALL", "C"), ("LANG", "zh_CN.UTF-8")]), Language::English);
        assert_eq!(
            decided(&[("LC_MESSAGES", "zh_CN"), ("LANG", "en_US.UTF-8")]),
            Language::Chinese
        );
        // What decides the characters does not decide the language.
        assert_eq!(decided(&[("LC_CTYPE", "zh_CN.UTF-8")]), Language::English);
    }

    #[test]
    fn the_option_refuses_what_is_not_spoken() {
        assert_eq!("zh-CN".parse(), Ok(Language::Chinese));
        assert_eq!("EN_gb.UTF-8".parse(), Ok(Language::English));
        assert_eq!("fr".parse::<Language>(), Err(UnknownLanguage("fr".into())));
        assert!("".parse::<Language>().is_err());
    }
}
