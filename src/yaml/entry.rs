//! Entries of lists: a dash that is missing, one without its space or where none belongs, and a name where `- name:` stands.

use super::slip::{Line, Slip, above, all_above, copied, line_at, short};
use super::{lines, pointer};

/// Lists whose entries begin with their name.
const LISTS: [&str; 2] = ["models", "use_cases"];

/// `-name: x`: the space behind the dash is missing.
pub(super) fn glued(text: &str, at: usize, said: &str) -> Option<Slip> {
    if !(said.contains("mapping values") || said.contains("block") || said.contains("expected ':'")) {
        return None;
    }
    let here = line_at(text, at);
    let is_glued = |line: &Line<'_>| {
        let body = line.text.trim_start().strip_prefix('-').unwrap_or_default();
        body.starts_with(|c: char| c.is_alphabetic())
            && (body.contains(": ") || body.trim_end().ends_with(':'))
    };
    let line = std::iter::once(here).chain(above(text, here).take(1)).find(is_glued)?;
    let start = line.start + line.text.len() - line.text.trim_start().len();
    Some(Slip {
        start,
        end: start + 1,
        message: "an entry of a list begins with `-` and a space".to_owned(),
        help: "write `- `".to_owned(),
    })
}

/// The first entry of the list that holds an entry, where it begins without its dash.
pub(super) fn first(text: &str, entry: Line<'_>) -> Option<Slip> {
    let dash = indent(&entry);
    let mut first = None;
    let list = all_above(text, entry).find(|above| {
        let is_list = is_bare(above) && above.entry().is_some_and(|(key, _)| LISTS.contains(&key));
        if !(is_list && above.column <= dash) {
            first = Some(*above);
        }
        is_list && above.column <= dash
    })?;
    let first = first.filter(|first| !first.is_item() && first.column > list.column)?;
    let (list, _) = list.entry()?;
    let start = first.start + first.column.saturating_sub(2).max(dash.min(first.column));
    Some(Slip {
        start,
        end: first.start + first.text.trim_end().len(),
        message: format!("the first entry of `{list}` begins without its `-`"),
        help: format!("write `- {}`", copied(first.body())),
    })
}

/// Entries that stand too far left, a dash before a key of a map, and a name alone.
pub(super) fn misplaced(text: &str, at: usize, said: &str) -> Option<Slip> {
    if !(said.contains("block") || said.contains("mapping values")) {
        return None;
    }
    let line = line_at(text, at);
    outdented(text, line).or_else(|| dashed(text, line)).or_else(|| nameless(text, line))
}

/// `compliance:` with `- soc2` below it, and less deep.
fn outdented(text: &str, line: Line<'_>) -> Option<Slip> {
    let is_plain = |line: &Line<'_>| line.is_item() && line.entry().is_none();
    let last = std::iter::once(line).chain(above(text, line).take(1)).find(is_plain)?;
    let dash = indent(&last);
    let more = above(text, last).take_while(|above| is_plain(above) && indent(above) == dash);
    let first = more.last().unwrap_or(last);
    let parent = above(text, first).next()?;
    let (list, _) = parent.entry().filter(|(key, _)| is_bare(&parent) && lines::LISTS.contains(key))?;
    (parent.column > dash).then(|| Slip {
        start: first.start + dash,
        end: first.start + first.text.trim_end().len(),
        message: format!("the list of `{list}` stands further left than `{list}` itself"),
        help: format!("indent its entries by {} spaces, deeper than `{list}`", parent.column + 2),
    })
}

/// `- hosting: cloud` among the keys of a map.
fn dashed(text: &str, line: Line<'_>) -> Option<Slip> {
    let (key, _) =
        line.entry().filter(|(key, _)| line.is_item() && *key != "name" && pointer::is_key(key))?;
    let dash = indent(&line);
    let beside = above(text, line).find(|above| above.column <= dash)?;
    (beside.column == dash && indent(&beside) <= dash && !is_bare(&beside)).then(|| Slip {
        start: line.start + dash,
        end: line.start + line.text.trim_end().len(),
        message: format!("no `-` stands before a key: `{}` is one of the keys beside it", short(key)),
        help: format!("write `{}`", copied(line.body())),
    })
}

/// `- gpt-4o` with the keys of the model below it.
fn nameless(text: &str, line: Line<'_>) -> Option<Slip> {
    let item = above(text, line).next().filter(|item| item.is_item() && line.column > indent(item))?;
    let name = item.body().trim_matches(['"', '\'']);
    let is_name = !name.is_empty() && !name.contains([':', ' ', '[', '{', '#']);
    let list = list_of(text, item, indent(&item)).filter(|_| is_name && line.entry().is_some())?;
    Some(Slip {
        start: item.start + indent(&item),
        end: item.start + item.text.trim_end().len(),
        message: format!("`{}` begins no entry of `{list}`", short(name)),
        help: format!("write `- name: {}`", short(name)),
    })
}

/// `gpt-4o:` in a list of models, with the keys of the model below it.
pub(super) fn named(text: &str, at: usize, said: &str) -> Option<Slip> {
    if !(said.contains("block") || said.contains("mapping values")) {
        return None;
    }
    let line = line_at(text, at);
    let dash = indent(&line);
    if !line.is_item() {
        let first = above(text, line).find(|above| above.is_item() && indent(above) == dash)?;
        let list = list_of(text, first, dash)?;
        return begun(line, dash, list);
    }
    let list = list_of(text, line, dash)?;
    let siblings = above(text, line).take_while(|above| above.column >= dash);
    let siblings = siblings.take_while(|above| above.entry().is_none_or(|(key, _)| key != list));
    let first = siblings.filter(|above| above.column == dash && is_bare(above) && !above.is_item()).last()?;
    begun(first, dash, list)
}

/// A key that a list's entry has twice since the line above it, `o3:`, begins none.
pub(super) fn swallowed(text: &str, at: usize) -> Option<Slip> {
    let line = line_at(text, at);
    let name = above(text, line).next().filter(|above| above.column == line.column && is_bare(above))?;
    let first = above(text, name).find(|above| above.is_item() && above.column == line.column)?;
    let dash = indent(&first);
    begun(name, dash, list_of(text, first, dash)?)
}

/// A key that an entry has twice, because the entry after it lacks its dash.
pub(super) fn dash(text: &str, at: usize) -> Option<Slip> {
    let line = line_at(text, at);
    let (key, _) = line.entry()?;
    let first = above(text, line).find(|above| above.column == line.column && above.is_item())?;
    let indent = first.text.len() - first.text.trim_start().len();
    let is_first = first.entry().is_some_and(|(known, _)| known == key);
    (is_first && !line.is_item() && indent < line.column).then(|| Slip {
        start: line.start + indent,
        end: line.start + line.column + key.len(),
        message: format!(
            "this entry of the list lacks its `-`: `{}` appears twice in the one above",
            short(key)
        ),
        help: format!("write `- {}`", short(key)),
    })
}

/// What a line that names an entry should be.
fn begun(line: Line<'_>, dash: usize, list: &str) -> Option<Slip> {
    let (name, _) = line.entry().filter(|_| is_bare(&line) && line.column >= dash)?;
    let name = name.trim_matches(['"', '\'']);
    Some(Slip {
        start: line.start + dash,
        end: line.start + line.column + line.body().len(),
        message: format!("`{}` begins no entry of `{list}`", short(name)),
        help: format!("write `- name: {}`", short(name)),
    })
}

/// The list of named entries to which the dashes of a column belong.
fn list_of(text: &str, line: Line<'_>, dash: usize) -> Option<&'static str> {
    let of = |line: Line<'_>| {
        let (key, value) = line.entry()?;
        LISTS.into_iter().find(|list| *list == key && value.is_empty())
    };
    let mut beside = all_above(text, line).take_while(|above| above.column >= dash);
    let beside = beside.find_map(|above| (above.column == dash).then(|| of(above)).flatten());
    beside.or_else(|| all_above(text, line).find(|above| above.column < dash).and_then(of))
}

/// A key with nothing behind it on its line.
fn is_bare(line: &Line<'_>) -> bool {
    line.entry().is_some_and(|(_, value)| value.is_empty())
}

/// The spaces before the line's text.
pub(super) fn indent(line: &Line<'_>) -> usize {
    line.text.len() - line.text.trim_start_matches(' ').len()
}
