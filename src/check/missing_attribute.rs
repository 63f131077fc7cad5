//! `missing-attribute`: a condition tests what a use case does not state.

use std::collections::HashMap;

use super::{Check, Family, Run};
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};

pub(super) const CHECK: Check = Check {
    code: Code("missing-attribute"),
    severity: Severity::Error,
    family: Family::Routing,
    summary: "a condition tests an attribute that a use case does not state",
    why: "A condition that tests what a use case does not state would have to guess, and guessing is how restricted data ends up at a default provider. The owner states the fact instead.",
    example: example!("missing-attribute"),
    hides: &[],
    run: Run::Survey(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    let mut findings = Vec::new();
    for case in &survey.cases {
        let use_case = &survey.world.use_cases[case.id];
        for missing in &case.missing {
            let (name, attribute) = (&use_case.name.value, missing.attribute.name());
            let key = match attribute {
                "latency_sla" => "latency_sla_ms",
                other => other,
            };
            findings.push(
                CHECK
                    .finding(
                        use_case.name.span,
                        format!("`{name}` does not state `{attribute}`, which a condition tests"),
                    )
                    .about(attribute)
                    .label(format!("no `{key}` here"))
                    .related(missing.tested, "tested here")
                    .help(format!(
                        "add `{key}: …` to the use case: govctl assumes nothing that is not stated"
                    ))
                    .use_cases([name.clone()]),
            );
        }
    }
    findings
}

/// Several of one condition and one attribute as people read them: one, at the condition. Others stay as they are.
pub fn together(findings: &[Finding]) -> Vec<Finding> {
    let place = |finding: &Finding| {
        let tested = finding.related.first().map(|label| label.span);
        (tested, finding.primary.text.clone())
    };
    let mut groups: Vec<Vec<&Finding>> = Vec::new();
    let mut known = HashMap::new();
    for finding in findings {
        let at = if finding.code == CHECK.code {
            *known.entry(place(finding)).or_insert(groups.len())
        } else {
            groups.len()
        };
        match groups.get_mut(at) {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    groups.into_iter().filter_map(|group| one(&group)).collect()
}

/// How many use cases are pointed at.
const POINTED_AT: usize = 5;

fn one(group: &[&Finding]) -> Option<Finding> {
    let (first, more) = group.split_first()?;
    if more.is_empty() {
        return Some((*first).clone());
    }
    let tested = first.related.first()?.span;
    let attribute = &first.subject.as_ref()?.name;
    let message = format!("{} use cases do not state `{attribute}`, which a condition tests", group.len());
    let names = group.iter().flat_map(|finding| finding.use_cases.iter().cloned());
    let mut finding = CHECK.finding(tested, message).label("tested here").use_cases(names);
    for one in group.iter().take(POINTED_AT) {
        finding = finding.related(one.primary.span, one.primary.text.clone());
    }
    finding.help.clone_from(&first.help);
    finding.help = finding.help.map(|help| help.replace("the use case:", "each use case:"));
    Some(finding)
}
