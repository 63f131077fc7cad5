//! Words of others among ours: code in back quotes, with a fence that is longer than any run of back quotes in it.

/// Anyone's words as code.
pub fn quoted(words: &str) -> String {
    if !words.contains('`') {
        return format!("`{words}`");
    }
    let longest = words.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let padding = if words.starts_with('`') || words.ends_with('`') { " " } else { "" };
    format!("{fence}{padding}{words}{padding}{fence}")
}

/// The parts of a text, each with whether it is code. A single back quote within a word, as in a name that somebody put
/// in a single pair, neither opens nor closes.
pub fn parts(text: &str) -> Vec<(bool, &str)> {
    let mut parts = Vec::new();
    let (mut from, mut at) = (0, 0);
    // Lengths of fences that nothing closes from here on.
    let mut unclosed: Vec<usize> = Vec::new();
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('`')) {
        let start = at + found;
        let Some((inner, end)) = code(text, start, &mut unclosed) else {
            at = start + run(text, start).max(1);
            continue;
        };
        parts.extend(text.get(from..start).filter(|words| !words.is_empty()).map(|words| (false, words)));
        parts.push((true, inner));
        (from, at) = (end, end);
    }
    parts.extend(text.get(from..).filter(|words| !words.is_empty()).map(|words| (false, words)));
    parts
}

/// A text without what makes words in it code.
pub fn plain(text: &str) -> String {
    parts(text).into_iter().map(|(_, words)| words).collect()
}

/// The code that begins at a place, and where it ends with its fence.
fn code<'a>(text: &'a str, start: usize, unclosed: &mut Vec<usize>) -> Option<(&'a str, usize)> {
    let long = run(text, start);
    let is_within = text.get(..start)?.chars().next_back().is_some_and(char::is_alphanumeric);
    for fence in if long > 1 { [long, 1] } else { [1, 1] } {
        if unclosed.contains(&fence) || (fence == 1 && is_within) {
            continue;
        }
        let open = start + fence;
        let Some(close) = closing(text, open, fence) else {
            unclosed.push(fence);
            continue;
        };
        if let Some(inner) = text.get(open..close).filter(|inner| !inner.is_empty()) {
            let trimmed = inner.strip_prefix(' ').and_then(|inner| inner.strip_suffix(' '));
            return Some((trimmed.filter(|_| fence > 1).unwrap_or(inner), close + fence));
        }
    }
    None
}

/// Where a fence closes: a run of just its length, or a single back quote that ends a word.
fn closing(text: &str, open: usize, fence: usize) -> Option<usize> {
    let mut at = open;
    loop {
        let start = at + text.get(at..)?.find('`')?;
        let long = run(text, start);
        let after = text.get(start + long..)?.chars().next();
        if fence == 1 && !after.is_some_and(char::is_alphanumeric) {
            return Some(start + long - 1);
        }
        if fence > 1 && long == fence {
            return Some(start);
        }
        at = start + long;
    }
}

/// How many back quotes stand at a place.
fn run(text: &str, at: usize) -> usize {
    text.get(at..).unwrap_or_default().bytes().take_while(|byte| *byte == b'`').count()
}

#[cfg(test)]
mod tests {
    use super::{parts, plain, quoted};

    #[test]
    fn a_name_is_one_span_whatever_back_quotes_it_has() {
        for name in ["a", "a`b", "`a", "a`", "`", "a`` b", "a` b", "x `y` z", "a`.b", "```"] {
            let text = format!("the model {} ends, and {} too", quoted(name), quoted("b"));
            let wanted =
                [(false, "the model "), (true, name), (false, " ends, and "), (true, "b"), (false, " too")];
            assert_eq!(parts(&text), wanted, "{text}");
            assert_eq!(plain(&text), format!("the model {name} ends, and b too"));
        }
    }

    #[test]
    fn a_back_quote_within_a_word_turns_nothing_about() {
        for name in ["a`b", "`a", "a`", "pro`vider/mo`del"] {
            let text = format!("`{name}` goes to `b`, else `c`: (`d`)");
            let code: Vec<&str> =
                parts(&text).into_iter().filter(|(is, _)| *is).map(|(_, words)| words).collect();
            assert_eq!(code, [name, "b", "c", "d"], "{text}");
        }
        assert_eq!(parts("a ` b"), [(false, "a ` b")]);
        assert_eq!(parts("who owns ``, and `b`"), [(false, "who owns ``, and "), (true, "b")]);
        assert_eq!(parts(""), []);
    }
}
