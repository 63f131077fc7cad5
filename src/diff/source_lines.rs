//! How the text of a cause differs, line by line.

use similar::{ChangeTag, TextDiff};

use super::causes::Cause;
use crate::source::visible;

/// The most lines that are shown of one cause.
const MOST_LINES: usize = 40;

/// A line of a textual difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// `-`, `+` or a space.
    pub sign: char,
    /// The line without its end.
    pub text: String,
}

/// The lines that differ, with those around them; what is past the limit is counted in the last line.
pub fn lines(cause: &Cause) -> Vec<Line> {
    let side = |text: &Option<String>| text.as_deref().map(dedented).unwrap_or_default();
    let (old, new) = (side(&cause.old), side(&cause.new));
    let changes = TextDiff::from_lines(&old, &new);
    let lines = changes.iter_all_changes().map(|change| {
        let sign = match change.tag() {
            ChangeTag::Delete => '-',
            ChangeTag::Insert => '+',
            ChangeTag::Equal => ' ',
        };
        let text = visible::inline(change.value().trim_end()).into_owned();
        Line { sign, text }
    });
    let mut lines: Vec<Line> = lines.collect();
    let more = lines.len().saturating_sub(MOST_LINES);
    if more > 0 {
        lines.truncate(MOST_LINES);
        lines.push(Line { sign: ' ', text: format!("… and {more} more lines") });
    }
    lines
}

/// Without the white space that all lines begin with; the first may begin within a line, and then does not count.
fn dedented(text: &str) -> String {
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let within = !text.starts_with(' ');
    let lines = || text.lines().enumerate().map(|(at, line)| (at == 0 && within, line));
    let indented = lines().filter(|(within, line)| !within && !line.trim().is_empty());
    let common = indented.map(|(_, line)| indent(line)).min().unwrap_or(0);
    let dedented = lines().map(|(within, line)| {
        let line = if within { line } else { line.get(common.min(indent(line))..).unwrap_or(line) };
        format!("{line}\n")
    });
    dedented.collect()
}
