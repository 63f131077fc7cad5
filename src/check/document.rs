//! `docs/findings.md`, from the same source as `govctl explain`.

use super::{CHECKS, Check, Example, Family};
use crate::model::words::list;

/// The whole page.
pub fn markdown() -> String {
    let mut text = String::from(
        "# Findings\n\nEverything that `govctl check` reports, by family.\n\
         `govctl explain CODE` prints the same in a terminal.\n\
         This page is generated from the checks; every example on it is run by the tests.\n",
    );
    for family in Family::ALL {
        text += &format!("\n## {}\n", family.name());
        for rule in CHECKS.iter().filter(|rule| rule.family == family) {
            text += &section(rule);
        }
    }
    text
}

fn section(rule: &Check) -> String {
    let Example { has, mended } = rule.example;
    let mut text = format!("\n### {}\n\n*{}*: {}.\n\n", rule.code, rule.severity.name(), rule.summary);
    text += &sentences(rule.why);
    let hidden = hidden(rule);
    if !hidden.is_empty() {
        text += &format!("{hidden}\n");
    }
    for (title, example) in [("This workspace has it:", has), ("This one has not:", mended)] {
        text += &format!("\n{title}\n\n```text\n{}\n```\n", example.trim_end());
    }
    text
}

/// One sentence a line.
fn sentences(text: &str) -> String {
    text.replace(". ", ".\n") + "\n"
}

/// What is not reported while a finding is, in a sentence; nothing where there is none.
pub fn hidden(check: &Check) -> String {
    let codes: Vec<String> = check.hides.iter().map(|code| code.0.to_owned()).collect();
    match codes.as_slice() {
        [] => String::new(),
        _ => format!("Where it is reported, {} is not.", list(&codes)),
    }
}
