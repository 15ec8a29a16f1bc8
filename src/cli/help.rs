//! Help in both languages: clap's tree of commands is walked and its words are replaced by those of the catalogues.
//!
//! The id of a command's words is `cli-` and its name; of an argument's, `cli-`, the command's name, and the argument's;
//! of the name of a value, `cli-value-` and it; of a choice, `cli-choice-`, the argument's name, and the choice. Where a
//! catalogue has none, the English of the source stays.

use std::borrow::Cow;

use clap::{Arg, ArgAction, Command};

use crate::domain::text::Text;
use crate::locale::Localizer;

/// Arguments that every command has, with their own ids.
const SHARED: &[&str] = &["lang", "staff", "format", "site"];

/// The tree of commands in a language.
pub fn localised(command: Command, localizer: &Localizer) -> Command {
    let command = walk(command, "carbonwatch", localizer);
    // How a command is used follows from its arguments, and clap writes it in English when it has them all.
    let mut built = command.clone();
    built.build();
    with_usage(command, &mut built, localizer)
}

fn walk(command: Command, name: &str, localizer: &Localizer) -> Command {
    let children: Vec<String> = command
        .get_subcommands()
        .map(|child| child.get_name().to_owned())
        .collect();
    let template = template(&command, localizer);
    let mut command = command
        .help_template(template)
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .subcommand_value_name(localizer.plain("cli-value-command"))
        .arg(
            Arg::new("help")
                .short('h')
                .long("help")
                .action(ArgAction::Help)
                .help(localizer.plain("cli-argument-help")),
        );
    if command.get_version().is_some() {
        let codes = localizer.plain("cli-exit-codes");
        command = command.after_help(codes).disable_version_flag(true).arg(
            Arg::new("version")
                .short('V')
                .long("version")
                .action(ArgAction::Version)
                .help(localizer.plain("cli-argument-version")),
        );
    }
    if let Some(about) = found(&format!("cli-{name}"), localizer) {
        command = command.about(about);
    }
    // The command's own options in the order of the source, then those that every command has.
    let mut own = 0;
    command = command.mut_args(|argument| {
        let order = match argument.get_id().as_str() {
            "format" => 900,
            "lang" => 901,
            "staff" => 902,
            "help" => 903,
            "version" => 904,
            _ => {
                own += 1;
                own
            }
        };
        with_words(argument, name, localizer).display_order(order)
    });
    for child in children {
        command = command.mut_subcommand(&child, |command| walk(command, &child, localizer));
    }
    command
}

/// What stands where in a command's help.
fn template(command: &Command, localizer: &Localizer) -> String {
    let usage = localizer.text(&Text::new("cli-usage").with("usage", "{usage}"));
    let mut template = format!("{{about-with-newline}}\n{usage}\n");
    let mut section = |heading: &'static str, tag: &str| {
        for line in ["\n", &localizer.plain(heading), "\n", tag, "\n"] {
            template.push_str(line);
        }
    };
    if command.has_subcommands() {
        section("cli-heading-commands", "{subcommands}");
    }
    if command.get_positionals().next().is_some() {
        section("cli-heading-arguments", "{positionals}");
    }
    section("cli-heading-options", "{options}");
    template.push_str("{after-help}");
    template
}

/// An argument with its words: what it is for, what it is when it is left out, what it may be.
fn with_words(argument: Arg, command: &str, localizer: &Localizer) -> Arg {
    let id = key(&argument);
    let own = argument.get_help().map(ToString::to_string).unwrap_or_default();
    let mut help = found(&words_id(command, &id), localizer).unwrap_or(own);
    if !argument.get_action().takes_values() {
        return argument.help(help);
    }
    let default: Vec<Cow<'_, str>> = argument
        .get_default_values()
        .iter()
        .map(|value| value.to_string_lossy())
        .collect();
    if !default.is_empty() {
        let text = Text::new("cli-default")
            .with("help", help)
            .with("default", default.join(" "));
        help = localizer.text(&text);
    }
    for choice in argument.get_possible_values() {
        let name = choice.get_name();
        let own = choice.get_help().map(ToString::to_string).unwrap_or_default();
        let about = found(&format!("cli-choice-{id}-{name}"), localizer).unwrap_or(own);
        let text = Text::new("cli-choice").with("name", name).with("about", about);
        help.push('\n');
        help.push_str(&localizer.text(&text));
    }
    let names: Option<Vec<String>> = argument.get_value_names().map(|names| {
        let name = |name: &clap::builder::Str| value_id(name).and_then(|id| found(&id, localizer));
        names
            .iter()
            .map(|own| name(own).unwrap_or_else(|| own.to_string()))
            .collect()
    });
    let argument = argument.help(help).hide_default_value(true).hide_possible_values(true);
    match names {
        Some(names) => argument.value_names(names),
        None => argument,
    }
}

/// Replaces clap's line of usage, whose mark for options is English.
fn with_usage(command: Command, built: &mut Command, localizer: &Localizer) -> Command {
    let usage = built.render_usage().to_string();
    let usage = usage.strip_prefix("Usage:").unwrap_or(&usage).trim();
    let usage = usage.replace("[OPTIONS]", &localizer.plain("cli-usage-options"));
    let mut command = command.override_usage(usage);
    for child in built.get_subcommands_mut() {
        let name = child.get_name().to_owned();
        command = command.mut_subcommand(name, |command| with_usage(command, child, localizer));
    }
    command
}

/// An argument's name in ids.
fn key(argument: &Arg) -> String {
    argument.get_id().as_str().replace('_', "-")
}

/// The id of an argument's words.
fn words_id(command: &str, argument: &str) -> String {
    if SHARED.contains(&argument) || matches!(argument, "help" | "version") {
        format!("cli-argument-{argument}")
    } else {
        format!("cli-{command}-{argument}")
    }
}

/// The id of a value's name; forms such as `YYYY-MM` are the same in every language and have none.
fn value_id(name: &str) -> Option<String> {
    let is_word = name.chars().all(|letter| letter.is_ascii_uppercase() || letter == '_');
    is_word.then(|| format!("cli-value-{}", name.to_lowercase().replace('_', "-")))
}

/// The words of an id, if the catalogue has it.
fn found(id: &str, localizer: &Localizer) -> Option<String> {
    let words = localizer.text(&Text {
        id: Cow::Owned(id.to_owned()),
        arguments: Vec::new(),
    });
    (words != id).then_some(words)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::cli::Arguments;
    use crate::locale::Language;

    /// Everything in the tree that has no words in a language.
    fn missing(command: &Command, name: &str, localizer: &Localizer, list: &mut Vec<String>) {
        let mut wanted = vec![format!("cli-{name}")];
        for argument in command.get_arguments().filter(|argument| !argument.is_hide_set()) {
            let id = key(argument);
            wanted.push(words_id(name, &id));
            if argument.get_action().takes_values() {
                let names = argument.get_value_names().unwrap_or_default();
                wanted.extend(names.iter().filter_map(|name| value_id(name)));
                let choices = argument.get_possible_values();
                wanted.extend(
                    choices
                        .iter()
                        .map(|choice| format!("cli-choice-{id}-{}", choice.get_name())),
                );
            }
        }
        list.extend(wanted.into_iter().filter(|id| found(id, localizer).is_none()));
        for child in command.get_subcommands() {
            missing(child, child.get_name(), localizer, list);
        }
    }

    #[test]
    fn every_command_and_argument_has_words_in_both_languages() {
        for language in Language::ALL {
            let mut list = Vec::new();
            missing(
                &Arguments::command(),
                "carbonwatch",
                &Localizer::new(language),
                &mut list,
            );
            assert_eq!(list, Vec::<String>::new(), "{language}");
        }
    }

    /// The help of every command in a language, by its name.
    fn all_help(language: Language) -> Vec<(String, String)> {
        let mut command = localised(Arguments::command(), &Localizer::new(language));
        command.clone().debug_assert();
        let mut list = vec![("carbonwatch".to_owned(), command.render_long_help().to_string())];
        command.build();
        for child in command.get_subcommands_mut() {
            list.push((child.get_name().to_owned(), child.render_long_help().to_string()));
        }
        list
    }

    #[test]
    fn help_is_chinese_where_chinese_is_asked_for() {
        for (name, help) in all_help(Language::Chinese) {
            assert!(help.contains("用法：carbonwatch"), "{name}: {help}");
            for english in [
                "Usage",
                "Options",
                "OPTIONS",
                "COMMAND",
                "Print",
                "default",
                "Possible",
                "For people",
                "<SITE>",
            ] {
                assert!(!help.contains(english), "{name}: {help}");
            }
        }
    }

    #[test]
    fn a_choice_and_what_holds_without_it_are_told() {
        for (language, wanted) in [
            (
                Language::English,
                ["json", "for programs", "without it: table", "<FORMAT>"],
            ),
            (Language::Chinese, ["json", "供程序", "不写则为 table", "<格式>"]),
        ] {
            let list = all_help(language);
            let (_, status) = list.iter().find(|(name, _)| name == "status").unwrap();
            for word in wanted {
                assert!(status.contains(word), "{word}: {status}");
            }
        }
    }

    #[test]
    fn arguments_stand_in_the_order_in_which_they_are_given() {
        let list = all_help(Language::English);
        let (_, import) = list.iter().find(|(name, _)| name == "import").unwrap();
        let places: Vec<usize> = [
            "\n  <SITE>",
            "\n  <FILE>",
            "--mapping <",
            "--origin",
            "--repair",
            "--format",
            "--lang",
            "--help",
        ]
        .iter()
        .map(|word| import.rfind(word).unwrap())
        .collect();
        assert!(places.is_sorted(), "{import}");
    }
}
