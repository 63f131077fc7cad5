//! `govctl completions`: what makes a shell complete commands, options, and the names of the workspace.
//!
//! The script that is printed runs this program again for every completion, with [`VARIABLE`] set; [`answer`] is
//! what happens then.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use clap::{Args, CommandFactory, ValueEnum};
use clap_complete::CompleteEnv;
use clap_complete::engine::CompletionCandidate;
use clap_complete::env::Shells;

use super::{Answered, Status, terminal};
use crate::check::CHECKS;
use crate::load;
use crate::model::Trigger;
use crate::workspace::{self, Names};

/// Names the shell that waits for a completion.
const VARIABLE: &str = "GOVCTL_COMPLETE";

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The shell
    shell: Shell,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
    Powershell,
    Elvish,
}

pub(super) fn run(arguments: &Arguments) -> Answered {
    let name = arguments.shell.to_possible_value().map(|value| value.get_name().to_owned());
    let shells = Shells::builtins();
    let mut script = Vec::new();
    let written = name.and_then(|name| shells.completer(&name)).map(|shell| {
        // The program is found as the shell finds it, so that the script outlives a move of it.
        shell.write_registration(VARIABLE, "govctl", "govctl", "govctl", &mut script)
    });
    if let (Some(Ok(())), Ok(script)) = (written, String::from_utf8(script)) {
        terminal::answer(&format!("{}\n", script.trim()), Status::Fine)
    } else {
        Err("there is no script for this shell".into())
    }
}

/// Completes a command line where a shell asks for it; none where this is a run like any other.
pub(super) fn answer() -> Option<Status> {
    std::env::var_os(VARIABLE)?;
    let folder = std::env::current_dir().ok();
    let completion = CompleteEnv::with_factory(super::Arguments::command).var(VARIABLE).bin("govctl");
    match completion.try_complete(std::env::args_os(), folder.as_deref()) {
        Ok(true) => Some(Status::Fine),
        Ok(false) => None,
        Err(error) => {
            let _ = error.print();
            Some(Status::Unasked)
        }
    }
}

/// The names of the workspace that stands on the command line; none where there is none.
fn names() -> Names {
    let folder = folder(std::env::args_os());
    load::load(&folder).map(|loaded| workspace::names(&loaded)).unwrap_or_default()
}

/// The last `-C` or `--workspace` of a command line, else the current folder.
fn folder(arguments: impl Iterator<Item = OsString>) -> PathBuf {
    let mut folder = None;
    let mut is_next = false;
    // What is completed stands behind a first `--`, as it was typed.
    for argument in arguments.skip_while(|argument| argument != "--") {
        let text = argument.to_string_lossy();
        let joined = text.strip_prefix("--workspace=").or_else(|| text.strip_prefix("-C"));
        if std::mem::take(&mut is_next) {
            folder = Some(text.into_owned());
        } else if text == "-C" || text == "--workspace" {
            is_next = true;
        } else if let Some(joined) = joined {
            folder = Some(joined.to_owned());
        }
    }
    let Some(folder) = folder.filter(|folder| !folder.is_empty()) else { return PathBuf::from(".") };
    // The shell has not yet said where home is.
    match (folder.strip_prefix("~/"), std::env::var_os("HOME")) {
        (Some(rest), Some(home)) => PathBuf::from(home).join(rest),
        _ => PathBuf::from(folder),
    }
}

/// A name with what it stands for. A shell takes what it is given as typed by the person, and a name in a file may
/// be anything: one that could be more than a word is not offered.
fn candidate((name, about): (String, Option<String>)) -> Option<CompletionCandidate> {
    if !is_harmless(&name) {
        return None;
    }
    let about = about.map(|about| about.chars().filter(|c| !c.is_control()).collect::<String>());
    Some(CompletionCandidate::new(OsStr::new(&name)).help(about.map(Into::into)))
}

fn is_harmless(name: &str) -> bool {
    let harmless = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | ':' | '@');
    !name.starts_with('-') && name.chars().all(harmless)
}

/// Use cases, by name and by endpoint tag.
pub(super) fn use_cases() -> Vec<CompletionCandidate> {
    names().use_cases.into_iter().filter_map(candidate).collect()
}

/// Providers, failure domains and models.
pub(super) fn selectors() -> Vec<CompletionCandidate> {
    let Names { failure_domains, models, .. } = names();
    failure_domains.into_iter().chain(models).filter_map(|name| candidate((name, None))).collect()
}

/// The ways in which a primary fails.
pub(super) fn triggers() -> Vec<CompletionCandidate> {
    Trigger::NAMES.iter().filter_map(|word| candidate(((*word).to_owned(), None))).collect()
}

/// Budgets, each to be followed by what is left of it.
pub(super) fn shares() -> Vec<CompletionCandidate> {
    stated(names().budgets.into_iter().map(|name| (name, String::new())))
}

/// Facts with their values.
pub(super) fn facts() -> Vec<CompletionCandidate> {
    let of =
        |(name, values): (String, Vec<String>)| values.into_iter().map(move |value| (name.clone(), value));
    stated(names().facts.into_iter().flat_map(of))
}

/// `NAME=VALUE`, where both are harmless.
fn stated(pairs: impl Iterator<Item = (String, String)>) -> Vec<CompletionCandidate> {
    let offered = pairs.filter(|(name, value)| is_harmless(name) && is_harmless(value));
    offered.map(|(name, value)| CompletionCandidate::new(format!("{name}={value}"))).collect()
}

/// Classifications, lowest first.
pub(super) fn classifications() -> Vec<CompletionCandidate> {
    names().classifications.into_iter().filter_map(|name| candidate((name, None))).collect()
}

/// Codes of findings.
pub(super) fn codes() -> Vec<CompletionCandidate> {
    let of_rule = |rule: &crate::check::Check| (rule.code.0.to_owned(), Some(rule.summary.to_owned()));
    CHECKS.iter().map(of_rule).filter_map(candidate).collect()
}
