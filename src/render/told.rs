//! What every output tells of a finding beside its places: why, for whom, in which context, and what to do.

use crate::diag::Finding;
use crate::limits::shown;
use crate::model::words::some;

/// Its lines below the message, each as a word and a text; a note has no word.
pub fn lines(finding: &Finding) -> Vec<(&'static str, String)> {
    let mut lines: Vec<(&str, String)> = finding.notes.iter().map(|note| ("", note.clone())).collect();
    lines.extend(concerned(finding).map(|names| ("for", names)));
    if let Some(context) = &finding.context {
        let shown: Vec<String> = context.iter().map(|(name, value)| format!("{name} {value}")).collect();
        lines.push(("in", shown.join(", ")));
    }
    lines.extend(finding.help.iter().map(|help| ("help", help.clone())));
    lines
}

/// The use cases concerned, as far as the finding's own words do not name them.
pub(super) fn concerned(finding: &Finding) -> Option<String> {
    let named = |name: &String| {
        let quoted = format!("`{name}`");
        finding.message.contains(&quoted) || finding.notes.iter().any(|note| note.contains(&quoted))
    };
    let all = &finding.use_cases;
    if all.iter().take(shown::TOLD_USE_CASES).all(named) {
        return None;
    }
    let names = some(all, shown::TOLD_USE_CASES);
    Some(if all.len() > shown::TOLD_USE_CASES { format!("{} use cases: {names}", all.len()) } else { names })
}
