//! Command lines that are refused: what is offered instead is something that this program takes.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command, CommandFactory, Error};

use super::{Arguments, ask};
use crate::check;
use crate::diag::quantity::{self, Wanted};
use crate::diag::{day, nearest};
use crate::model::Date;
use crate::model::attribute::Attribute;
use words::{ASKED, CERTIFICATIONS, COMMANDS, OF_REGISTRY, OPTIONS, WITHOUT};

mod words;

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
    let words: Vec<&str> = arguments.iter().skip(1).filter_map(|word| word.to_str()).collect();
    let Some(command) = asked(&program, &words) else {
        if matches!(name, "-v" | "--v" | "-version") {
            suggest(error, "write `govctl --version`".to_owned());
        }
        return;
    };
    let line = Line { program: &program, command, words: &words };
    // `-as-of` is read as `-a` with more letters behind it.
    let is_long = |word: &&str| {
        let name = word.strip_prefix('-').and_then(|name| name.split('=').next()).unwrap_or_default();
        name.len() > 1 && name.starts_with(name_of(&written)) && line.argument(name).is_some()
    };
    if let Some(word) = words.iter().copied().find(is_long) {
        suggest(error, format!("write `-{word}`, with two dashes"));
        return;
    }
    let value = line.value_of(name);
    let known = OPTIONS.iter().find(|(theirs, ours, _)| {
        theirs.contains(&name) && line.argument(ours).is_some_and(|ours| !is_file(name, value, ours))
    });
    let without = || {
        let mut all = WITHOUT
            .iter()
            .filter(|(of, names, _)| names.contains(&name) && (*of == command.get_name() || *of == "*"));
        all.next().filter(|_| known.is_none())
    };
    let tip = match known {
        _ if let Some(tip) = plainly(&line, &written) => tip,
        Some((_, ours, right)) => format!("write `{}`", line.filled(ours, right, value)),
        None if let Some((.., tip)) = without() => (*tip).to_owned(),
        None if command.get_name() == "resolve" && is_stated(name) => stated(name, value),
        None if line.argument("fact").is_some()
            && error.get(ContextKind::SuggestedArg).is_none()
            && name.starts_with("--") =>
        {
            format!(
                "what a request states of itself is a fact: `--fact {}={}`",
                name.trim_start_matches('-'),
                value.unwrap_or("VALUE")
            )
        }
        None => return,
    };
    suggest(error, tip);
}

/// An option without its dashes.
fn name_of(written: &str) -> &str {
    written.trim_start_matches('-')
}

/// Whether `-o` is followed by a file, and not by a format.
fn is_file(option: &str, value: Option<&str>, meant: &Arg) -> bool {
    let formats = meant.get_possible_values();
    let is_format = |value: &str| formats.iter().any(|known| known.matches(value, true));
    matches!(option, "-o" | "--output") && meant.get_long() == Some("format") && !value.is_some_and(is_format)
}

/// The command that is asked for, of a command of commands the inner one.
fn asked<'c>(program: &'c Command, words: &[&str]) -> Option<&'c Command> {
    let mut words = words.iter();
    let command = words.find_map(|word| program.find_subcommand(word))?;
    Some(words.find_map(|word| command.find_subcommand(word)).unwrap_or(command))
}

/// A command line with the command that it asks for.
struct Line<'c> {
    program: &'c Command,
    command: &'c Command,
    words: &'c [&'c str],
}

impl<'c> Line<'c> {
    /// The arguments that the command takes.
    fn arguments(&self) -> impl Iterator<Item = &'c Arg> {
        let global = self.program.get_arguments().filter(|one| one.is_global_set());
        self.command.get_arguments().chain(global)
    }

    /// One of them by its long name.
    fn argument(&self, long: &str) -> Option<&'c Arg> {
        self.arguments().find(|argument| argument.get_long() == Some(long))
    }

    /// What stands behind an option, or behind its `=`.
    fn value_of(&self, option: &str) -> Option<&'c str> {
        let glued = |word: &&'c str| word.strip_prefix(option)?.strip_prefix('=');
        self.words.iter().find_map(glued).or_else(|| {
            let at = self.words.iter().position(|word| *word == option)?;
            self.words.get(at + 1).copied().filter(|next| !next.starts_with('-'))
        })
    }

    /// An option with the value that was written behind another one, where it takes that.
    fn filled(&self, long: &str, right: &str, value: Option<&str>) -> String {
        let is_open = |word: &str| word.chars().all(|c| c.is_ascii_uppercase() || matches!(c, '_' | '-'));
        let (Some((option, word)), Some(value)) = (right.rsplit_once(' '), value) else {
            return right.to_owned();
        };
        let known = self.argument(long).map(Arg::get_possible_values).unwrap_or_default();
        let is_taken = known.is_empty() || known.iter().any(|known| known.matches(value, true));
        if is_open(word) && is_taken { format!("{option} {value}") } else { right.to_owned() }
    }
}

fn suggest(error: &mut Error, tip: String) {
    error.remove(ContextKind::SuggestedArg);
    error.remove(ContextKind::SuggestedSubcommand);
    error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
}

/// What the estate states of each use case, by the name of an option.
fn of_estate(option: &str) -> String {
    let name = option.trim_start_matches('-').replace('-', "_");
    match name.as_str() {
        "region" | "regions" | "location" | "data_residency" => "residency".to_owned(),
        "bu" | "department" => "business_unit".to_owned(),
        "app" => "application".to_owned(),
        _ => name,
    }
}

/// Whether an option is called like that.
fn is_stated(option: &str) -> bool {
    let name = of_estate(option);
    let is_given = matches!(name.as_str(), "classification" | "use_case");
    !is_given && matches!(Attribute::named(&name), Some(Attribute::Request(_)))
}

fn stated(option: &str, value: Option<&str>) -> String {
    let (name, written) = (of_estate(option), option.trim_start_matches('-'));
    let tip = format!("leave it out: the estate states the `{name}` of a use case");
    if name == written.replace('-', "_") {
        return tip;
    }
    format!("{tip}; a fact that a policy declares is `--fact {written}={}`", value.unwrap_or("VALUE"))
}

/// What is said of a plain argument, and of an option that is one: `who gdpr`, `--fact tenant premium`, `--use-case X`.
fn plainly(line: &Line<'_>, written: &str) -> Option<String> {
    let command = line.command.get_name();
    let next = line.value_of(written);
    let is_use_case =
        matches!(written, "--use-case" | "--usecase" | "--use_case" | "-u" | "--name" | "--for");
    if command == "resolve" && is_use_case && next.is_some_and(|name| ask::not_several(name).is_err()) {
        return Some("write `govctl resolve --all` for every use case".to_owned());
    }
    if command == "resolve" && is_use_case {
        return Some(format!(
            "the use case stands alone: write `govctl resolve {}`",
            next.unwrap_or("USE_CASE")
        ));
    }
    if let Some(letter) = written.strip_prefix("--").filter(|name| name.chars().count() == 1) {
        let takes = |one: &Arg| one.get_short().is_some_and(|short| letter.starts_with(short));
        let value = next.map(|next| format!(" {next}")).unwrap_or_default();
        return line.arguments().any(takes).then(|| format!("write `-{letter}{value}`"));
    }
    if written.starts_with('-') {
        // `--set tenant=premium`
        let is_known = OPTIONS
            .iter()
            .any(|(theirs, ours, _)| theirs.contains(&written) && line.argument(ours).is_some());
        let pair = next.filter(|next| next.contains('=') && !is_known && line.argument("fact").is_some());
        return pair.map(|pair| format!("write `--fact {pair}`"));
    }
    plain(line, written)
}

/// What is said of a plain argument.
fn plain(line: &Line<'_>, written: &str) -> Option<String> {
    let command = line.command.get_name();
    let at = line.words.iter().position(|word| *word == written)?;
    let before = |back: usize| at.checked_sub(back).and_then(|at| line.words.get(at)).copied();
    match (before(2), before(1)) {
        (Some(option @ ("--fact" | "--budget-remaining")), Some(name)) if !name.contains('=') => {
            return Some(format!("write `{option} {name}={written}`"));
        }
        (
            Some(option @ ("--fact" | "--down" | "--budget-remaining" | "--deny" | "--catalogue")),
            Some(first),
        ) => {
            return Some(format!("repeat the option: write `{option} {first} {option} {written}`"));
        }
        _ => {}
    }
    if let (true, Some(next)) = (line.argument(written).is_some(), line.value_of(written)) {
        return Some(format!("write `--{written} {next}`"));
    }
    let is_number = !written.is_empty() && written.bytes().all(|byte| byte.is_ascii_digit());
    if is_number && line.argument("down-together").is_some() {
        return Some(format!("write `-k {written}`"));
    }
    // `cost team`: the value of one option alone.
    let of = |one: &&Arg| one.get_possible_values().iter().any(|known| known.matches(written, true));
    let options: Vec<&str> = line.arguments().filter(of).filter_map(Arg::get_long).collect();
    if let [option] = options.as_slice() {
        return Some(format!("write `--{option} {written}`"));
    }
    match command {
        "resolve" => Some(format!(
            "one use case is asked of, or `--all`; of a provider or a model say what it is: `--down {written}` or `--why-not {written}`"
        )),
        "who" if written.contains('/') => Some(format!("write `--model {written}`")),
        "who" if CERTIFICATIONS.iter().any(|known| written.to_lowercase().starts_with(known)) => {
            Some(format!("write `--certification {written}`"))
        }
        "who" => Some(format!(
            "say what it is: `--certification {written}`, `--provider {written}`, `--model {written}` or `--region {written}`"
        )),
        _ => None,
    }
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

fn command(error: &mut Error, arguments: &[std::ffi::OsString]) {
    let Some(written) = refused(error, ContextKind::InvalidSubcommand) else { return };
    error.remove(ContextKind::Suggested);
    let program = Arguments::command();
    let mut words = arguments.iter().skip(1).filter_map(|word| word.to_str());
    let parent = words.find_map(|word| program.find_subcommand(word));
    let names: Vec<&str> =
        parent.unwrap_or(&program).get_subcommands().map(clap::Command::get_name).collect();
    let folded = written.to_lowercase();
    if parent.is_some_and(|parent| parent.get_name() == "drill") {
        let tip = format!(
            "write `govctl drill plan` for the outages to rehearse, or `govctl resolve --all --down {written}` for where requests go in one"
        );
        return suggest(error, tip);
    }
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
