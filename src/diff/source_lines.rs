//! How the text of a cause differs, line by line.

use similar::{ChangeTag, TextDiff};

use super::causes::Cause;
use crate::limits::MAX_LINES_COMPARED;
use crate::limits::shown;
use crate::source::visible;

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
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let pairs = || old.iter().zip(&new);
    let head = pairs().take_while(|(a, b)| a == b).count();
    let rest = old.len().min(new.len()) - head;
    let tail = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    let middle = |all: &[&str]| -> Vec<String> {
        let middle = all.get(head..all.len() - tail).unwrap_or_default();
        middle.iter().map(|line| format!("{line}\n")).collect()
    };
    let plain = |lines: &[&str]| -> Vec<Line> { lines.iter().map(|line| self::line(' ', line)).collect() };
    let mut lines = plain(old.get(..head).unwrap_or_default());
    lines.extend(changed(&middle(&old), &middle(&new)));
    lines.extend(plain(old.get(old.len() - tail..).unwrap_or_default()));
    let more = lines.len().saturating_sub(shown::CAUSE_LINES);
    if more > 0 {
        // The difference itself is shown before what stands around it.
        let from = head.saturating_sub(shown::LINES_BEFORE).min(more);
        lines.drain(..from);
        let after = lines.len().saturating_sub(shown::CAUSE_LINES);
        lines.truncate(shown::CAUSE_LINES);
        if from > 0 {
            lines.insert(0, Line { sign: ' ', text: format!("… {from} more lines") });
        }
        if after > 0 {
            lines.push(Line { sign: ' ', text: format!("… and {after} more lines") });
        }
    }
    lines
}

fn line(sign: char, text: &str) -> Line {
    Line { sign, text: visible::inline(text.trim_end()).into_owned() }
}

/// The lines between what is the same at both ends.
fn changed(old: &[String], new: &[String]) -> Vec<Line> {
    // Comparing takes time by the product of both; of so many lines nobody reads which go together.
    if old.len().saturating_mul(new.len()) > MAX_LINES_COMPARED {
        let out = old.iter().map(|text| line('-', text));
        return out.chain(new.iter().map(|text| line('+', text))).collect();
    }
    let (old, new) = (old.concat(), new.concat());
    let changes = TextDiff::from_lines(&old, &new);
    let lines = changes.iter_all_changes().map(|change| {
        let sign = match change.tag() {
            ChangeTag::Delete => '-',
            ChangeTag::Insert => '+',
            ChangeTag::Equal => ' ',
        };
        line(sign, change.value())
    });
    lines.collect()
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
