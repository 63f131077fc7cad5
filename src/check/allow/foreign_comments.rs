//! Comments that mean to silence and are written as other tools have it.

use super::{CHECK, MARK};
use crate::diag::Finding;
use crate::diag::slip::is_slip;
use crate::source::{FileId, SourceFile, Span};

/// Words after `govctl:` by which other tools silence.
const FOREIGN: [&str; 12] = [
    "allow",
    "ignore",
    "ignores",
    "disable",
    "disable-next-line",
    "disable-line",
    "nolint",
    "noqa",
    "silence",
    "skip",
    "suppress",
    "off",
];

/// Comments that mean to silence and are written as other tools have it.
pub(super) fn find(id: FileId, file: &SourceFile) -> Vec<Finding> {
    const NAME: &str = "govctl:";
    let mut found = Vec::new();
    for (at, _) in file.text.match_indices(NAME) {
        let before = file.text.get(..at).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        let is_comment = line.trim_end().strip_suffix('#').is_some_and(|before| {
            let before = before.trim_end_matches('#');
            before.is_empty() || before.ends_with(char::is_whitespace)
        });
        let rest = file.text.get(at + NAME.len()..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let of_name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let said = rest.trim_start();
        let word_end = said.find(|c| !of_name(c)).unwrap_or(said.len());
        let (word, after) = said.split_at(word_end);
        let is_ours = file.text.get(at..).is_some_and(|text| text.starts_with(MARK));
        let is_misspelt = || after.starts_with('(') && is_slip(word, "allow");
        let is_foreign = FOREIGN.contains(&word.to_ascii_lowercase().as_str());
        if !is_comment || is_ours || !(is_foreign || is_misspelt()) {
            continue;
        }
        let named = after.split(|c| !of_name(c)).find(|name| !name.is_empty());
        let code = named.filter(|name| crate::check::named(name).is_some()).unwrap_or("CODE");
        let end = at + NAME.len() + (rest.len() - said.len()) + word_end;
        let how = if word == "allow" { "written like this".to_owned() } else { format!("with `{word}`") };
        let message = format!("a comment {how} silences nothing");
        found.push(CHECK.finding(Span::new(id, at, end), message).help(format!(
            "write `# govctl: allow({code}) reason`, with `until 2027-01-31` before the reason if it ends"
        )));
    }
    found
}
