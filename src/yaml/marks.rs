//! Characters that came into a file by another hand: marks of a merge, spaces that are none, commas within numbers.

use super::lines;
use super::slip::{Slip, copied, line_at, short};
use crate::source::visible;

/// The first of them at or next to the place where the parser gave up.
pub(super) fn find(text: &str, at: usize) -> Option<Slip> {
    merge(text).or_else(|| space(text, at)).or_else(|| thousands(text, at)).or_else(|| commas(text, at))
}

/// What git leaves in a file where two changes meet.
fn merge(text: &str) -> Option<Slip> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with("<<<<<<< ") || line.starts_with(">>>>>>> ") || line.trim_end() == "=======" {
            let mark = line.get(..7)?;
            return Some(Slip {
                start,
                end: start + 7,
                message: format!("`{mark}` is left from a merge"),
                help: "keep what is meant of the two sides, and remove the lines that begin with `<<<<<<<`, `=======` and `>>>>>>>`".to_owned(),
            });
        }
        start += line.len();
    }
    None
}

/// A space of another kind before a key: YAML takes it as a part of the key.
fn space(text: &str, at: usize) -> Option<Slip> {
    let here = line_at(text, at);
    let before = here.start.checked_sub(1).map(|end| line_at(text, end));
    [Some(here), before].into_iter().flatten().find_map(|line| {
        let begins = |c: char| c.is_whitespace() || visible::is_hidden(c);
        let indentation = line.text.len() - line.text.trim_start_matches(begins).len();
        let (place, c) =
            line.text.get(..indentation)?.char_indices().find(|(_, c)| !matches!(c, ' ' | '\t'))?;
        Some(Slip {
            start: line.start + place,
            end: line.start + place + c.len_utf8(),
            message: if visible::is_blank(c) {
                format!("the character {} looks like a space and is none", visible::code_point(c))
            } else {
                format!("the character {} does not show", visible::code_point(c))
            },
            help: "indent with ordinary spaces, as the lines around it".to_owned(),
        })
    })
}

/// `400,000` in a map on one line: the comma ends the number.
pub(super) fn thousands(text: &str, at: usize) -> Option<Slip> {
    let line = line_at(text, at);
    let bytes = line.text.as_bytes();
    let digits = |from: usize| bytes.iter().skip(from).take_while(|byte| byte.is_ascii_digit()).count();
    let is_in_flow = |place: usize| line.text.get(..place).is_some_and(|head| head.contains('{'));
    let mut place = 0;
    while place < bytes.len() {
        let first = digits(place);
        let mut end = place + first;
        let begins = (1..=3).contains(&first) && (place == 0 || bytes.get(place - 1) == Some(&b' '));
        while begins && bytes.get(end) == Some(&b',') && digits(end + 1) == 3 {
            end += 4;
        }
        let whole = line.text.get(place..end)?;
        if whole.contains(',') && is_in_flow(place) {
            return Some(Slip {
                start: line.start + place,
                end: line.start + end,
                message: format!("the commas of `{whole}` end the number"),
                help: format!("write `{}`", whole.replace(',', "")),
            });
        }
        place += first.max(1);
    }
    None
}

/// `[gdpr,, soc2]`: a comma too much.
fn commas(text: &str, at: usize) -> Option<Slip> {
    let line = line_at(text, at);
    let mut before = None;
    for (place, c) in line.text.char_indices().filter(|(_, c)| !c.is_whitespace()) {
        if c == ',' && before == Some(',') && line.text.get(..place)?.contains(['[', '{']) {
            return Some(Slip {
                start: line.start + place,
                end: line.start + place + 1,
                message: "nothing stands between two commas".to_owned(),
                help: "leave one of the two commas out".to_owned(),
            });
        }
        before = Some(c);
    }
    None
}

/// `* name: a`, `residency: *eu`: a mark of lists elsewhere, and a value that is marked nowhere.
pub(super) fn no_anchor(text: &str, at: usize, (word, flow): (&str, bool)) -> Option<Slip> {
    let name = word.get(1..)?;
    let slip = |message: String, help: String| Some(Slip { start: at, end: at + word.len(), message, help });
    let line = line_at(text, at);
    if name.starts_with(' ') && line.text.get(..at - line.start)?.trim().is_empty() {
        let right = copied(name.trim());
        return slip(
            "an entry of a list begins with `-`, and not `*`".to_owned(),
            format!("write `- {right}`"),
        );
    }
    let (key, _) = line.entry()?;
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    if !is_name || key == "approved_use_cases" {
        return None;
    }
    let value = if lines::LISTS.contains(&key) && !flow { format!("[{name}]") } else { name.to_owned() };
    slip(
        format!("`{}` stands for a value that is marked `&{}`, and none is", short(word), short(name)),
        format!("write the value itself, as in `{}`", short(&value)),
    )
}
