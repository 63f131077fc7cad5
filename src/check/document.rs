//! `docs/findings.md`, from the same source as `govctl explain`.

use super::{Family, RULES, Rule};

/// The whole page.
pub fn markdown() -> String {
    let mut text = String::from(
        "# Findings\n\nEverything that `govctl check` reports, by family.\n\
         `govctl explain CODE` prints the same in a terminal.\n\
         This page is generated from the checks; every example on it is run by the tests.\n",
    );
    for family in Family::ALL {
        text += &format!("\n## {}\n", family.name());
        for rule in RULES.iter().filter(|rule| rule.family == family) {
            text += &section(rule);
        }
    }
    text
}

fn section(rule: &Rule) -> String {
    let (has, mended) = rule.examples();
    let mut text = format!("\n### {}\n\n*{}*: {}.\n\n", rule.code, rule.severity.name(), rule.summary);
    text += &sentences(rule.why());
    for (title, example) in [("This workspace has it:", has), ("This one has not:", mended)] {
        text += &format!("\n{title}\n\n```text\n{}\n```\n", example.trim_end());
    }
    text
}

/// One sentence a line.
fn sentences(text: &str) -> String {
    text.replace(". ", ".\n") + "\n"
}
