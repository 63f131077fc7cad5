//! `govctl explain`: what a finding means, a smallest workspace that has it, and the mended one.

use clap::Args;
use clap_complete::engine::ArgValueCandidates;

use super::{Answered, Status, ask, completions, terminal};
use crate::check::{self, CHECKS, Check, Example, Family, document};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The code of the finding; without it, all are listed
    #[arg(add = ArgValueCandidates::new(completions::codes))]
    code: Option<String>,
}

pub(super) fn run(arguments: &Arguments) -> Answered {
    let Some(code) = &arguments.code else {
        return terminal::answer(&list(), Status::Fine);
    };
    if let Some(rule) = check::named(code) {
        return terminal::answer(&page(rule), Status::Fine);
    }
    if code == check::PRACTICE {
        return terminal::answer(&practices(), Status::Fine);
    }
    let codes: Vec<&str> = CHECKS.iter().map(|rule| rule.code.0).collect();
    Err(ask::unknown("finding", code, &codes).into())
}

/// The group of findings that are off until they are turned on.
fn practices() -> String {
    let of: Vec<&Check> = CHECKS.iter().filter(|check| !check.is_on()).collect();
    let width = of.iter().map(|check| check.code.0.len()).max().unwrap_or(0);
    let name = check::PRACTICE;
    let mut text = format!(
        "{name}: findings that the language does not ask for\n\nThey are off unless govctl.yaml turns them on: all of them with `lints: {{{name}: warn}}`, or each by its code.\n\n"
    );
    for check in of {
        text += &format!("  {:width$}  {}\n", check.code.0, check.summary);
    }
    text
}

/// All codes by family.
fn list() -> String {
    let width = CHECKS.iter().map(|rule| rule.code.0.len()).max().unwrap_or(0);
    let mut text = String::new();
    for family in Family::ALL {
        text += &format!("{}\n", family.name());
        for rule in CHECKS.iter().filter(|rule| rule.family == family) {
            let level = if rule.is_on() { rule.severity.name() } else { "off" };
            text += &format!("  {:width$}  {level:7}  {}\n", rule.code.0, rule.summary);
        }
    }
    text
}

fn page(rule: &Check) -> String {
    let Example { has, mended } = rule.example;
    let mut text = format!("{}[{}]: {}\n\n{}\n", rule.severity.name(), rule.code, rule.summary, rule.why);
    let hidden = document::hidden(rule);
    if !hidden.is_empty() {
        text += &format!("\n{hidden}\n");
    }
    if !rule.is_on() {
        text += &format!("\n{}\n", turning_on(rule));
    }
    let [has_it, has_not] = document::titles(rule);
    for (title, example) in [(has_it, has), (has_not, mended)] {
        if !example.is_empty() {
            text += &format!("\n{title}:\n\n");
            text.extend(
                example.trim_end().lines().map(|line| format!("    {line}").trim_end().to_owned() + "\n"),
            );
        }
    }
    text
}

/// How a finding is had that is off.
fn turning_on(check: &Check) -> String {
    format!(
        "It is off unless govctl.yaml turns it on: `lints: {{{}: warn}}`, or `lints: {{{}: warn}}` for all of its kind.",
        check.code,
        check::PRACTICE
    )
}
