//! `docs/findings.md`, from the same source as `govctl explain`.

use super::{CHECKS, Check, Example, Family, PRACTICE};
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
        if family == Family::Practice {
            text += &format!(
                "\nThe language asks for none of these, so they are off until `govctl.yaml` turns them on, each by its code or all by `{PRACTICE}`:\n\n\
                 ```yaml\nlints:\n  {PRACTICE}: warn\n  no-alert: deny # an error that stops `compile`\n  unknown-volume: allow\n```\n"
            );
        }
        for rule in CHECKS.iter().filter(|rule| rule.family == family) {
            text += &section(rule);
        }
    }
    text
}

fn section(rule: &Check) -> String {
    let Example { has, mended } = rule.example;
    let level = if rule.is_on() { rule.severity.name() } else { "off, a warning where turned on" };
    let mut text = format!("\n### {}\n\n*{level}*: {}.\n\n", rule.code, rule.summary);
    text += &sentences(rule.why);
    let hidden = hidden(rule);
    if !hidden.is_empty() {
        text += &format!("{hidden}\n");
    }
    let [has_it, has_not] = titles(rule);
    for (title, example) in [(has_it, has), (has_not, mended)] {
        text += &format!("\n{title}:\n\n```text\n{}\n```\n", example.trim_end());
    }
    text
}

/// The day on which the examples are read, and the findings whose examples depend on it.
const DAY: &str = "2026-11-21";
const DATED: [&str; 3] = ["expiring", "review-due", "drill-due"];

/// What stands above the two examples of a finding.
pub fn titles(check: &Check) -> [String; 2] {
    let on = if DATED.contains(&check.code.0) { format!(", on {DAY}") } else { String::new() };
    ["This workspace has it", "This one does not"].map(|title| format!("{title}{on}"))
}

/// One sentence a line.
fn sentences(text: &str) -> String {
    text.replace(". ", ".\n") + "\n"
}

/// What is not reported while a finding is, in a sentence; nothing where there is none.
pub fn hidden(check: &Check) -> String {
    let [hidden] = check.hides else {
        let codes: Vec<String> = check.hides.iter().map(|code| code.0.to_owned()).collect();
        return if codes.is_empty() {
            String::new()
        } else {
            format!("Where it is reported, {} is not.", list(&codes))
        };
    };
    let (at, of) = match (hidden.0, check.code.0) {
        ("no-failover", "primary-off-chain") => (" of the statement that an outage leads to", "use case"),
        ("no-failover", _) => (" at a link that the path of an outage walks", "use case"),
        ("failover-overload", _) => ("", "limit"),
        ("budget-failover", _) => ("", "budget"),
        ("ineffective-rule", _) => ("", "rule"),
        _ => ("", "use case"),
    };
    format!("Where it is reported{at}, `{}` of that {of} is not.", hidden.0)
}
