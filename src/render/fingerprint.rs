//! A name for a finding that stays the same as long as the finding does, whatever moves around it.

use std::collections::HashMap;

use crate::diag::Finding;
use crate::source::Sources;
use crate::table::sha256_hex;

/// The fingerprint of every finding, in their order.
pub fn all(sources: &Sources, findings: &[Finding]) -> Vec<String> {
    let mut seen = HashMap::new();
    findings.iter().map(|finding| of(sources, finding, &mut seen)).collect()
}

/// The same as long as the finding is: what, where and of whom, but no line number; repeats are counted.
pub(super) fn of(sources: &Sources, finding: &Finding, seen: &mut HashMap<String, usize>) -> String {
    let span = finding.primary.span;
    let parts = [
        finding.code.0,
        sources.path(span.file),
        sources.text(span),
        &finding.message,
        &finding.use_cases.join("\u{1f}"),
    ];
    let key = parts.join("\u{1e}");
    let count = seen.entry(key.clone()).or_default();
    *count += 1;
    sha256_hex(format!("{key}\u{1e}{count}").as_bytes()).chars().take(32).collect()
}
