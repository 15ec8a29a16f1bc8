//! Help in both languages: clap's tree of commands is walked and its words are replaced by those of the catalogues.
//!
//! The id of a command's words is `cli-` and its name; of an argument's, `cli-`, the command's name, and the argument's.
//! Where a catalogue has none, the English of the source stays.

use std::borrow::Cow;

use clap::{Arg, ArgAction, Command};

use crate::domain::text::Text;
use crate::locale::Localizer;

/// Arguments that every command has, with their own ids.
const SHARED: &[&str] = &["lang", "format", "site"];

/// The tree of commands in a language.
pub fn localised(command: Command, localizer: &Localizer) -> Command {
    walk(command, "carbonwatch", localizer)
}

fn walk(command: Command, name: &str, localizer: &Localizer) -> Command {
    let options = localizer.plain("cli-heading-options");
    let template = format!(
        "{{before-help}}{{about-with-newline}}\n{} {{usage}}\n\n{{all-args}}\n\n{{after-help}}",
        localizer.plain("cli-heading-usage")
    );
    let children: Vec<String> = command
        .get_subcommands()
        .map(|child| child.get_name().to_owned())
        .collect();
    let mut command = command
        .help_template(template)
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .subcommand_help_heading(localizer.plain("cli-heading-commands"))
        .arg(
            Arg::new("help")
                .short('h')
                .long("help")
                .action(ArgAction::Help)
                .help(localizer.plain("cli-argument-help"))
                .help_heading(options.clone()),
        );
    if command.get_version().is_some() {
        let codes = localizer.plain("cli-exit-codes");
        command = command.after_help(codes).disable_version_flag(true).arg(
            Arg::new("version")
                .short('V')
                .long("version")
                .action(ArgAction::Version)
                .help(localizer.plain("cli-argument-version"))
                .help_heading(options.clone()),
        );
    }
    if let Some(about) = found(&format!("cli-{name}"), localizer) {
        command = command.about(about);
    }
    command = command.mut_args(|argument| {
        let id = argument.get_id().as_str().replace('_', "-");
        let heading = if argument.is_positional() {
            localizer.plain("cli-heading-arguments")
        } else {
            options.clone()
        };
        let key = if SHARED.contains(&id.as_str()) {
            format!("cli-argument-{id}")
        } else {
            format!("cli-{name}-{id}")
        };
        let argument = argument.help_heading(heading);
        match found(&key, localizer) {
            Some(help) => argument.help(help),
            None => argument,
        }
    });
    for child in children {
        command = command.mut_subcommand(&child, |command| walk(command, &child, localizer));
    }
    command
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
        for argument in command.get_arguments() {
            let id = argument.get_id().as_str().replace('_', "-");
            if matches!(id.as_str(), "help" | "version") || argument.is_hide_set() {
                continue;
            }
            wanted.push(if SHARED.contains(&id.as_str()) {
                format!("cli-argument-{id}")
            } else {
                format!("cli-{name}-{id}")
            });
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

    #[test]
    fn help_is_chinese_where_chinese_is_asked_for() {
        let mut command = localised(Arguments::command(), &Localizer::new(Language::Chinese));
        command.clone().debug_assert();
        let help = command.render_long_help().to_string();
        assert!(help.contains("用法"), "{help}");
        assert!(
            !help.contains("Usage:") && !help.contains("Options:") && !help.contains("Print help"),
            "{help}"
        );
        let status = command
            .find_subcommand_mut("status")
            .unwrap()
            .render_long_help()
            .to_string();
        assert!(status.contains("现场目录"), "{status}");
    }
}
