//! Command lines that are refused: what is offered instead is something that this program takes.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, Error};

use super::Arguments;
use crate::check;
use crate::diag::quantity::{self, Wanted};
use crate::diag::{day, nearest};
use crate::model::Date;
use crate::model::attribute::Attribute;

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
    (&["--regulation", "--cert", "--standard"], "certification", "--certification NAME"),
    (&["-f", "--fmt"], "format", "--format FORMAT"),
    (&["-c"], "classification", "--classification NAME"),
    (&["-m"], "model", "--model MODEL"),
    (&["-p"], "provider", "--provider NAME"),
];

/// Options that a command does without, each with what says it, or why nothing need be said; `*` is every command.
const WITHOUT: &[(&str, &[&str], &str)] = &[
    (
        "check",
        &["-v", "-vv", "--verbose", "--details", "--all"],
        "leave it out: `--all-findings` prints every finding, and `govctl explain CODE` says more of one",
    ),
    (
        "test",
        &["-v", "-vv", "--verbose", "--details"],
        "leave it out: every test is named, and `--coverage` says what they reach",
    ),
    (
        "fmt",
        &["-w", "--write", "-i", "--in-place", "--inplace", "--fix", "-l", "--list"],
        "leave it out: `fmt` writes the files; with `--check` it names those that it would change",
    ),
    (
        "resolve",
        &["--model", "--provider", "-m", "-p"],
        "leave it out: the policy chooses the model; `--why-not MODEL` says why it is not that one",
    ),
    ("*", &["-v", "-vv", "--verbose"], "leave it out: all that there is to say is said"),
    ("*", &["-q", "--quiet", "-s", "--silent"], "leave it out: the exit status says it too"),
    (
        "*",
        &["-y", "--yes", "--force", "--no-input"],
        "leave it out: nothing is asked, and nothing overwritten unasked",
    ),
];

/// What people ask of other programs and no command is called here.
const ASKED: &[(&[&str], &str)] = &[
    (&["version", "--v"], "write `govctl --version`"),
    (
        &["apply", "deploy", "publish", "push", "release", "install", "run", "serve", "start", "proxy", "up"],
        "gateways load a table: write `govctl compile -o table.json`, or `govctl export GATEWAY -o DIR` for a gateway's own configuration",
    ),
    (
        &[
            "list",
            "ls",
            "show",
            "get",
            "models",
            "providers",
            "model",
            "provider",
            "inventory",
            "catalog",
            "catalogue",
        ],
        "write `govctl who` for what each model holds, or `govctl resolve --all` for where each use case goes",
    ),
    (
        &["status", "state", "summary", "report", "dashboard", "usecases", "use-cases", "estate"],
        "write `govctl resolve --all` for where each use case goes, `govctl cost` for what it costs, or `govctl review` for a quarter on one page",
    ),
    (
        &["policy", "policies", "rule", "rules"],
        "policies are files: `govctl check` reads them all, and `govctl resolve USE_CASE -v` says which rules apply",
    ),
    (
        &["budget", "budgets", "quota", "quotas", "limits"],
        "write `govctl cost`: it names every budget with what is expected of it",
    ),
    (&["history", "log", "blame", "drift"], "write `govctl diff --old-revision REVISION`"),
    (
        &["update", "upgrade", "refresh", "sync", "pull", "fetch"],
        "write `govctl registry refresh --from FILE`",
    ),
    (&["add", "register"], "write `govctl registry add`"),
    (
        &["whatif", "what-if", "dry-run", "try"],
        "write `govctl resolve USE_CASE`, or `govctl diff --old-revision REVISION` for a change",
    ),
    (&["doctor", "health", "verify-policies"], "write `govctl check`"),
    (&["sign", "keygen"], "write `govctl compile -o table.json --sign-key FILE`"),
    (
        &["generate", "gen", "render", "synth"],
        "write `govctl compile -o table.json`, or `govctl export GATEWAY -o DIR`",
    ),
    (
        &["config", "settings"],
        "settings stand in the file `govctl.yaml`; `govctl schema config` prints what it may hold",
    ),
];

/// The same of `govctl registry`.
const OF_REGISTRY: &[(&[&str], &str)] = &[
    (
        &["update", "upgrade", "sync", "pull", "fetch", "check", "diff", "drift", "outdated", "prices"],
        "write `govctl registry refresh --from FILE`",
    ),
    (
        &["list", "ls", "show", "get", "models", "providers"],
        "write `govctl who`: it prints what each model holds",
    ),
    (&["validate", "lint", "test"], "write `govctl check`: it checks the registry with all that rests on it"),
    (&["new", "create", "register", "insert"], "write `govctl registry add`"),
    (&["import", "load", "init"], "write `govctl import KIND FILE -o DIR`"),
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
        ErrorKind::InvalidSubcommand => command(&mut error, arguments),
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
    let Some(command) = words.find_map(|word| program.find_subcommand(word)) else {
        if matches!(name, "-v" | "--v" | "-version") {
            suggest(error, "write `govctl --version`".to_owned());
        }
        return;
    };
    let takes = |long: &str| {
        let mut all =
            command.get_arguments().chain(program.get_arguments().filter(|one| one.is_global_set()));
        all.any(|argument| argument.get_long() == Some(long))
    };
    let known = OPTIONS.iter().find(|(theirs, ours, _)| theirs.contains(&name) && takes(ours));
    let without = || {
        let mut all = WITHOUT
            .iter()
            .filter(|(of, names, _)| names.contains(&name) && (*of == command.get_name() || *of == "*"));
        all.next().filter(|_| known.is_none())
    };
    let words: Vec<&str> = arguments.iter().skip(1).filter_map(|word| word.to_str()).collect();
    let tip = match known {
        _ if let Some(tip) = plainly(command.get_name(), &written, &words, &takes) => tip,
        Some((.., written)) => format!("write `{written}`"),
        None if let Some((.., tip)) = without() => (*tip).to_owned(),
        None if command.get_name() == "resolve" && is_stated(name) => {
            format!(
                "leave it out: the estate states the `{}` of a use case",
                name.trim_start_matches('-').replace('-', "_")
            )
        }
        None if takes("fact") && error.get(ContextKind::SuggestedArg).is_none() && name.starts_with("--") => {
            format!(
                "what a request states of itself is a fact: `--fact {}=VALUE`",
                name.trim_start_matches('-')
            )
        }
        None => return,
    };
    suggest(error, tip);
}

fn suggest(error: &mut Error, tip: String) {
    error.remove(ContextKind::SuggestedArg);
    error.remove(ContextKind::SuggestedSubcommand);
    error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
}

/// Whether an option is called like what the estate states of each use case.
fn is_stated(option: &str) -> bool {
    let name = option.trim_start_matches('-').replace('-', "_");
    let is_given = matches!(name.as_str(), "classification" | "use_case");
    !is_given && matches!(Attribute::named(&name), Some(Attribute::Request(_)))
}

/// What is said of a plain argument, and of an option that is one: `who gdpr`, `--fact tenant premium`, `--use-case X`.
fn plainly(command: &str, written: &str, words: &[&str], takes: &dyn Fn(&str) -> bool) -> Option<String> {
    let at = words.iter().position(|word| *word == written)?;
    let next = words.get(at + 1).copied().filter(|next| !next.starts_with('-'));
    let is_use_case =
        matches!(written, "--use-case" | "--usecase" | "--use_case" | "-u" | "--name" | "--for");
    if command == "resolve" && is_use_case {
        return Some(format!(
            "the use case stands alone: write `govctl resolve {}`",
            next.unwrap_or("USE_CASE")
        ));
    }
    if written.starts_with('-') {
        return None;
    }
    let before = |back: usize| at.checked_sub(back).and_then(|at| words.get(at)).copied();
    if let (Some("--fact"), Some(name)) = (before(2), before(1)) {
        return Some(format!("write `--fact {name}={written}`"));
    }
    if let (true, Some(next)) = (takes(written), next) {
        return Some(format!("write `--{written} {next}`"));
    }
    (command == "who").then(|| match written {
        _ if written.contains('/') => format!("write `--model {written}`"),
        _ if CERTIFICATIONS.iter().any(|known| written.to_lowercase().starts_with(known)) => {
            format!("write `--certification {written}`")
        }
        _ => format!(
            "say what it is: `--certification {written}`, `--provider {written}`, `--model {written}` or `--region {written}`"
        ),
    })
}

/// How the names of certifications and regulations begin.
const CERTIFICATIONS: [&str; 12] =
    ["gdpr", "hipaa", "soc", "iso", "pci", "fedramp", "ccpa", "hitrust", "c5", "dora", "nis2", "eu-ai-act"];

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

fn command(error: &mut Error, arguments: &[std::ffi::OsString]) {
    let Some(written) = refused(error, ContextKind::InvalidSubcommand) else { return };
    error.remove(ContextKind::Suggested);
    let program = Arguments::command();
    let mut words = arguments.iter().skip(1).filter_map(|word| word.to_str());
    let parent = words.find_map(|word| program.find_subcommand(word));
    let names: Vec<&str> =
        parent.unwrap_or(&program).get_subcommands().map(clap::Command::get_name).collect();
    let folded = written.to_lowercase();
    let asked = if parent.is_some() { OF_REGISTRY } else { ASKED };
    let is_of = parent.is_none_or(|parent| parent.get_name() == "registry");
    if let Some((_, tip)) = asked.iter().find(|(theirs, _)| is_of && theirs.contains(&folded.as_str())) {
        return suggest(error, (*tip).to_owned());
    }
    let known =
        COMMANDS.iter().find(|(theirs, ours)| theirs.contains(&folded.as_str()) && names.contains(ours));
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
