//! A character that nobody sees is told once: what else is wrong with the text that has it follows from it.

use std::collections::BTreeSet;

use crate::diag::{Finding, code};
use crate::source::FileId;

/// Leaves out what is said of texts beside the character that nobody sees in them.
pub(super) fn once(findings: &mut Vec<Finding>) {
    let tells = |finding: &Finding, what: &str| {
        finding.code == code::SCHEMA
            && finding.message.starts_with("the character U+")
            && finding.message.contains(what)
    };
    let is_shown = |finding: &Finding| !tells(finding, " does not show");
    let place = |finding: &Finding| (finding.primary.span.file, finding.primary.span.start);
    let unseen: BTreeSet<(FileId, u32)> =
        findings.iter().filter(|finding| !is_shown(finding)).map(place).collect();
    let holds = |places: &BTreeSet<(FileId, u32)>, finding: &Finding| {
        let span = finding.primary.span;
        places.range((span.file, span.start)..(span.file, span.end.max(span.start))).next().is_some()
    };
    findings.retain(|finding| finding.code != code::SCHEMA || !is_shown(finding) || !holds(&unseen, finding));
    let in_names = findings.iter().filter(|finding| tells(finding, " cannot be in "));
    let in_names: BTreeSet<(FileId, u32)> = in_names.map(place).collect();
    findings
        .retain(|finding| finding.code != code::SCHEMA || tells(finding, "") || !holds(&in_names, finding));
}
