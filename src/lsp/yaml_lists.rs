//! What a list of a YAML file has already, where an entry of it is being written.

use super::yaml_keys::{ENDS, bare};

/// The entries of a list on one line: those before a place, and those behind it up to the end of the list.
pub(super) fn on_line(before: &[String], text: &str, offset: usize) -> Vec<String> {
    let after = text.get(offset..).unwrap_or_default();
    let line = after.split(ENDS).next().unwrap_or_default();
    let within = line.split(']').next().unwrap_or_default();
    // The first is what is being written.
    let behind = within.split(',').skip(1).map(entry);
    before.iter().cloned().chain(behind).filter(|entry| !entry.is_empty()).collect()
}

/// The entries of a list with one a line, but for that of the line which begins at a place.
pub(super) fn on_lines(text: &str, line_start: usize) -> Vec<String> {
    let (before, after) =
        (text.get(..line_start).unwrap_or_default(), text.get(line_start..).unwrap_or_default());
    let mut lines = after.split(ENDS);
    let dash = lines.next().map_or(0, indent);
    let mut listed = entries(before.split(ENDS).rev(), dash);
    listed.extend(entries(lines, dash));
    listed
}

/// The entries whose dashes stand in a column, as far as the list goes.
fn entries<'t>(lines: impl Iterator<Item = &'t str>, dash: usize) -> Vec<String> {
    let said = lines.filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'));
    let is_in = |line: &&str| {
        let at = indent(line);
        at > dash || (at == dash && line.trim_start().starts_with('-'))
    };
    let items = said.take_while(is_in).filter(|line| indent(line) == dash);
    items.filter_map(|line| line.trim_start().strip_prefix('-')).map(entry).collect()
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// An entry as it is called: of a map by its `name`.
fn entry(text: &str) -> String {
    let text = text.split(" #").next().unwrap_or_default().trim();
    let text = text.trim_start_matches('{').trim_start();
    let text = text.strip_prefix("name:").unwrap_or(text);
    bare(text.split([',', '}']).next().unwrap_or_default())
}
