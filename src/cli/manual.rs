//! `carbonwatch manual`: the manual pages (手册页), made from the same definitions as the help.

use std::io;
use std::path::PathBuf;

use clap::Command;
use clap_mangen::Man;

use super::failure::Failure;

/// Arguments of `carbonwatch manual`.
#[derive(Debug, Clone, clap::Args)]
pub struct ManualArguments {
    /// Directory for the pages, one a command; without it the first page goes to standard output
    pub directory: Option<PathBuf>,
}

/// Writes the pages.
pub fn run(arguments: &ManualArguments, mut command: Command, out: &mut dyn io::Write) -> Result<(), Failure> {
    command.build();
    let Some(directory) = &arguments.directory else {
        out.write_all(&page(command)?)?;
        return Ok(());
    };
    std::fs::create_dir_all(directory).map_err(|error| Failure::file(directory, &error))?;
    let mut commands = vec![("carbonwatch".to_owned(), command)];
    while let Some((name, command)) = commands.pop() {
        for child in command.get_subcommands() {
            commands.push((format!("{name}-{}", child.get_name()), child.clone()));
        }
        let path = directory.join(format!("{name}.1"));
        let page = page(command.display_name(name.clone()).name(name))?;
        std::fs::write(&path, page).map_err(|error| Failure::file(&path, &error))?;
    }
    Ok(())
}

fn page(command: Command) -> io::Result<Vec<u8>> {
    let mut page = Vec::new();
    Man::new(command).render(&mut page)?;
    Ok(page)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn there_is_a_page_for_every_command() {
        let directory = tempfile::tempdir().unwrap();
        let arguments = ManualArguments {
            directory: Some(directory.path().to_owned()),
        };
        let localizer = crate::locale::Localizer::new(crate::locale::Language::English);
        let command = crate::cli::help::localised(crate::cli::Arguments::command(), &localizer);
        let count = command.get_subcommands().count();
        run(&arguments, command, &mut Vec::new()).unwrap();
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), count + 1);
        let ledger = std::fs::read_to_string(directory.path().join("carbonwatch-ledger.1")).unwrap();
        assert!(
            ledger.contains("carbonwatch\\-ledger") && ledger.contains("as\\-known"),
            "{ledger}"
        );
    }
}
