//! `carbonwatch completions`: what a shell needs to complete commands and options (命令补全).

use std::io;

use clap::Command;
use clap_complete::{Shell, generate};

/// Arguments of `carbonwatch completions`.
#[derive(Debug, Clone, clap::Args)]
pub struct CompletionsArguments {
    /// The shell
    #[arg(value_enum)]
    pub shell: Shell,
}

/// Writes the script for a shell, made from the commands as they are.
pub fn run(arguments: &CompletionsArguments, mut command: Command, out: &mut dyn io::Write) -> io::Result<()> {
    // It is made in memory, because whoever reads it may stop reading.
    let mut script = Vec::new();
    generate(arguments.shell, &mut command, "carbonwatch", &mut script);
    out.write_all(&script)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn every_shell_gets_every_command() {
        for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
            let mut script = Vec::new();
            let command = crate::cli::Arguments::command();
            let names: Vec<String> = command
                .get_subcommands()
                .map(|child| child.get_name().to_owned())
                .collect();
            run(&CompletionsArguments { shell }, command, &mut script).unwrap();
            let script = String::from_utf8(script).unwrap();
            for name in names {
                assert!(script.contains(&name), "{shell} {name}");
            }
        }
    }
}
