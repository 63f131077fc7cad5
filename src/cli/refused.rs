//! Command lines that are refused: what is offered instead is something that this program takes.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, Error};

use super::Arguments;
use crate::check;
use crate::diag::quantity::{self, Wanted};
use crate::diag::{day, nearest};
use crate::model::Date;

/// Options of other programs, each with what says it here: an option, and how it is written.
const OPTIONS: &[(&[&str], &str, &str)] = &[
    (&["--json", "--as-json"], "format", "--format json"),
    (&["--sarif"], "format", "--format sarif"),
    (&["--csv"], "format", "--format csv"),
    (&["--output-format", "--type"], "format", "--format FORMAT"),
    (
        &[
            "--strict",
            "--fail-on",
            "--fail-on-warnings",
            "--fail-on-warning",
            "--error-on-warnings",
            "--warnings-as-errors",
            "--max-warnings",
            "--werror",
        ],
        "deny",
        "--deny warnings",
    ),
    (&["--explain", "--verbose", "--why", "--details", "--detail", "--full"], "verbose", "-v"),
    (&["--dir", "--directory", "--path", "--cwd", "--root", "--chdir"], "workspace", "-C DIR"),
    (&["--date", "--today", "--now", "--day", "--at"], "as-of", "--as-of YYYY-MM-DD"),
    (&["--no-color", "--no-colour", "--colour"], "color", "--color never"),
    (&["--out", "--file", "--out-file", "--dest"], "output", "-o PATH"),
    (&["--level", "--sensitivity", "--data-classification"], "classification", "--classification NAME"),
    (&["--budget", "--remaining", "--budget-left"], "budget-remaining", "--budget-remaining PERCENT"),
    (&["--trigger", "--error", "--failure", "--when"], "on", "--on TRIGGER"),
    (&["--outage", "--without", "--unavailable", "--fail"], "down", "--down PROVIDER"),
    (&["--base", "--from", "--old", "--since", "--against"], "old-revision", "--old-revision REVISION"),
    (&["--write", "--autofix", "--mend"], "fix", "--fix"),
];

/// Commands of other programs, each with what does it here.
const COMMANDS: &[(&[&str], &str)] = &[
    (&["lint", "validate", "analyze", "analyse", "ci", "chk", "typecheck"], "check"),
    (&["route", "ask", "query", "decide", "why", "eval", "evaluate", "simulate"], "resolve"),
    (&["build", "make", "bundle"], "compile"),
    (&["format", "pretty"], "fmt"),
    (&["new", "create", "setup"], "init"),
    (&["plan", "compare", "changes"], "diff"),
    (&["docs", "doc", "info", "describe"], "explain"),
    (&["outage", "chaos", "failures"], "outages"),
    (&["price", "costs", "spend", "forecast"], "cost"),
    (&["dot", "draw", "viz", "visualize", "visualise"], "graph"),
    (&["convert", "migrate"], "import"),
    (&["replay", "logs"], "audit"),
    (&["server", "language-server"], "lsp"),
    (&["find", "grep", "search"], "scan"),
    (&["run-tests", "tests", "spec"], "test"),
];

/// The refusal with what to write instead, as far as it is known.
pub(super) fn with_advice(mut error: Error, arguments: &[std::ffi::OsString]) -> Error {
    match error.kind() {
        ErrorKind::UnknownArgument => option(&mut error, arguments),
        ErrorKind::InvalidSubcommand => command(&mut error),
        ErrorKind::InvalidValue => value(&mut error),
        _ => {}
    }
    error
}

/// A text of what is refused.
fn refused(error: &Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        _ => None,
    }
}

fn option(error: &mut Error, arguments: &[std::ffi::OsString]) {
    // No argument here begins with `--`, so it is never meant as one.
    error.remove(ContextKind::Suggested);
    let Some(written) = refused(error, ContextKind::InvalidArg) else { return };
    let name = written.split(['=', ' ']).next().unwrap_or_default();
    let program = Arguments::command();
    let mut words = arguments.iter().skip(1).filter_map(|word| word.to_str());
    let Some(command) = words.find_map(|word| program.find_subcommand(word)) else { return };
    let takes = |long: &str| {
        let mut all =
            command.get_arguments().chain(program.get_arguments().filter(|one| one.is_global_set()));
        all.any(|argument| argument.get_long() == Some(long))
    };
    let known = OPTIONS.iter().find(|(theirs, ours, _)| theirs.contains(&name) && takes(ours));
    let tip = match known {
        Some((.., written)) => format!("write `{written}`"),
        None if takes("fact") && error.get(ContextKind::SuggestedArg).is_none() && name.starts_with("--") => {
            format!(
                "what a request states of itself is a fact: `--fact {}=VALUE`",
                name.trim_start_matches('-')
            )
        }
        None => return,
    };
    error.remove(ContextKind::SuggestedArg);
    error.remove(ContextKind::SuggestedSubcommand);
    error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
}

/// `--deny a,b`, `--deny all`: an option that is repeated takes one word.
fn value(error: &mut Error) {
    let Some(ContextValue::Strings(known)) = error.get(ContextKind::ValidValue).cloned() else { return };
    let (Some(written), Some(argument)) =
        (refused(error, ContextKind::InvalidValue), refused(error, ContextKind::InvalidArg))
    else {
        return;
    };
    let name = argument.split([' ', '=']).next().unwrap_or_default().to_owned();
    let words: Vec<&str> = written.split([',', ' ']).filter(|word| !word.is_empty()).collect();
    let all_known = words.iter().all(|word| known.iter().any(|one| one == word));
    let is_check = |word: &str| check::named(word).is_some();
    let tip = if name == "--deny" && known.len() == 1 && words.iter().all(|word| is_check(word)) {
        format!("one kind is denied in `govctl.yaml`: `lints: {{{written}: deny}}`")
    } else if words.len() > 1 && all_known && name == "--deny" {
        let each: Vec<String> = words.iter().map(|word| format!("{name} {word}")).collect();
        format!("repeat it: write `{}`", each.join(" "))
    } else if words.len() > 1 && all_known {
        format!("write one of them: `{name} {}`", words.first().copied().unwrap_or_default())
    } else if name == "--deny" && matches!(written.as_str(), "all" | "any" | "*" | "every" | "everything") {
        if known.iter().any(|one| one == "widened") {
            "write `--exit-code` for status 1 on any change, or name each kind: `--deny widened --deny unroutable`"
                .to_owned()
        } else {
            let first: Vec<String> = known.iter().take(2).map(|one| format!("{name} {one}")).collect();
            format!("write `{}`", first.join(" "))
        }
    } else {
        return;
    };
    error.remove(ContextKind::SuggestedValue);
    error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
}

fn command(error: &mut Error) {
    let Some(written) = refused(error, ContextKind::InvalidSubcommand) else { return };
    error.remove(ContextKind::Suggested);
    let program = Arguments::command();
    let names: Vec<&str> = program.get_subcommands().map(clap::Command::get_name).collect();
    let folded = written.to_lowercase();
    let known = COMMANDS.iter().find(|(theirs, _)| theirs.contains(&folded.as_str()));
    let meant: Vec<String> = match known {
        Some((_, ours)) => vec![(*ours).to_owned()],
        None => nearest::nearest(&folded, names).into_iter().map(str::to_owned).collect(),
    };
    if meant.is_empty() {
        error.remove(ContextKind::SuggestedSubcommand);
    } else {
        error.insert(ContextKind::SuggestedSubcommand, ContextValue::Strings(meant));
    }
}

/// A day as `--as-of` takes it.
pub(super) fn parse_date(text: &str) -> Result<Date, String> {
    let shaped = text.len() == 10 && text.bytes().filter(u8::is_ascii_digit).count() == 8;
    if let Some(day) = text.parse::<Date>().ok().filter(|_| shaped) {
        return Ok(day);
    }
    Err(match day::read(text) {
        Some(meant) => format!("write it as {meant}"),
        None if matches!(text.to_lowercase().as_str(), "today" | "now") => {
            "leave the option out: without it, everything is decided for today".to_owned()
        }
        None if shaped => "no such day".to_owned(),
        None => {
            let doubt = day::doubt(text).map(|doubt| doubt.replace('`', ""));
            doubt.unwrap_or_else(|| "write a day as year-month-day, as in 2026-11-21".to_owned())
        }
    })
}

/// A number of one or more.
pub(super) fn parse_count(text: &str) -> Result<u16, String> {
    let written = text.parse::<u16>().ok().filter(|number| *number > 0);
    written.ok_or_else(|| {
        let meant = quantity::read(text, Wanted::Targets).filter(|(_, length)| *length == text.len());
        let meant = meant.and_then(|(quantity, _)| quantity.written(Wanted::Targets));
        match meant.filter(|meant| meant != text && meant.parse::<u16>().is_ok_and(|number| number > 0)) {
            Some(meant) => format!("write it as {meant}"),
            None => "write a whole number of 1 or more in digits, as in 2".to_owned(),
        }
    })
}
