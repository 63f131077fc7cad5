//! `govctl man`: manual pages, made from the same description of the command line as `--help`.

use std::io;
use std::path::PathBuf;

use clap::{Args, Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};

use super::help::Ending;
use super::{Answered, Status, ask, output, terminal};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The command that the page is about [default: govctl itself]
    #[arg(conflicts_with = "output")]
    command: Option<String>,
    /// Write all pages to a folder
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments) -> Answered {
    let mut pages = Vec::new();
    for command in commands() {
        match page(command) {
            Ok(page) => pages.push(page),
            Err(error) => return Err(format!("cannot make the page: {error}").into()),
        }
    }
    if let Some(folder) = &arguments.output {
        return write(folder, &pages);
    }
    let name = arguments.command.as_ref().map_or("govctl.1".to_owned(), |name| format!("govctl-{name}.1"));
    if let Some((_, text)) = pages.iter().find(|(file, _)| *file == name) {
        return terminal::answer(text, Status::Fine);
    }
    let known: Vec<&str> =
        pages.iter().filter_map(|(file, _)| file.strip_prefix("govctl-")?.strip_suffix(".1")).collect();
    Err(ask::unknown("command", arguments.command.as_deref().unwrap_or_default(), &known).into())
}

fn write(folder: &std::path::Path, pages: &[(String, String)]) -> Answered {
    if let Err(error) = std::fs::create_dir_all(folder) {
        return Err(format!("cannot make `{}`: {error}", folder.display()).into());
    }
    let files: Vec<(PathBuf, &str)> =
        pages.iter().map(|(file, page)| (folder.join(file), page.as_str())).collect();
    if let Err((path, error)) = output::write_below(folder, &files) {
        return Err(format!("cannot write `{}`: {error}", path.display()).into());
    }
    let text: String = files.iter().map(|(path, _)| format!("{}\n", path.display())).collect();
    terminal::show(&text, Status::Fine)
}

/// The program and all its commands that people see.
fn commands() -> Vec<Command> {
    let mut program = super::Arguments::command().disable_help_subcommand(true);
    program.build();
    let commands: Vec<Command> =
        program.get_subcommands().filter(|command| !command.is_hide_set()).cloned().collect();
    std::iter::once(program).chain(commands).collect()
}

/// A page and the name of its file.
fn page(command: Command) -> io::Result<(String, String)> {
    let name = command.get_name().trim_start_matches("govctl-").to_owned();
    let man = Man::new(command).manual("govctl manual").source(concat!("govctl ", env!("CARGO_PKG_VERSION")));
    let file = man.get_filename();
    let mut bytes = Vec::new();
    man.render(&mut bytes)?;
    if let Some(ending) = Ending::of(&name) {
        let mut end = Roff::default();
        end.control("SH", ["EXAMPLES"]);
        for (line, what) in ending.examples {
            let what = if what.is_empty() { String::new() } else { format!("  # {what}") };
            end.control("PP", []).text([roman(format!("{line}{what}"))]);
        }
        end.control("SH", ["EXIT STATUS"]).text([roman(ending.status())]);
        end.to_writer(&mut bytes)?;
    }
    let text = String::from_utf8(bytes).map_err(|error| io::Error::other(error.to_string()))?;
    Ok((file, text))
}
