//! Values that begin with a character that means something in YAML: `@team`, `%99.9`, `>= 99.9%`.

use super::slip::{Slip, copied, line_at, short};
use super::{advice, lines, marks};

/// A text that begins with a character that means something in YAML.
pub(super) fn find(text: &str, at: usize, said: &str) -> Option<Slip> {
    let rest = text.get(at..)?;
    let first = rest.chars().next()?;
    let alias = first == '*' && (said.contains("alias") || said.contains("anchor"));
    let means_something = (matches!(first, '@' | '`' | '%' | '&' | '!' | '|' | '>') && !said.contains("map"))
        || (first == '?' && said.contains("mapping keys"));
    if !(alias || means_something) {
        return None;
    }
    let flow = text.get(line_at(text, at).start..at)?.contains(['[', '{']);
    let ends = |c: char| c == '\n' || c == '#' || (flow && matches!(c, ',' | ']' | '}'));
    let word = rest.split(ends).next()?.trim_end();
    let name = word.get(1..).unwrap_or_default();
    if alias && !name.is_empty() && text.contains(&format!("&{name}")) {
        return None;
    }
    if alias && let Some(slip) = marks::no_anchor(text, at, (word, flow)) {
        return Some(slip);
    }
    if let Some(slip) = compared(text, at, word).filter(|_| first == '>') {
        return Some(slip);
    }
    let quoted = word.replace('\\', "\\\\").replace('"', "\\\"");
    // `%99.9`: the sign of a percent stands behind its number.
    let number = name.trim();
    if first == '%' && !number.is_empty() && number.chars().all(|c| c.is_ascii_digit() || c == '.') {
        return Some(Slip {
            start: at,
            end: at + word.len(),
            message: "the `%` of a percent stands behind its number".to_owned(),
            help: format!("write `{}%`", short(number)),
        });
    }
    Some(Slip {
        start: at,
        end: at + word.len(),
        message: format!("a text that begins with `{first}` needs quotes in YAML"),
        help: match line_at(text, at).entry() {
            Some(("approved_use_cases", _)) if !flow => format!("write `[\"{}\"]`", copied(&quoted)),
            _ => format!("write `\"{}\"`", copied(&quoted)),
        },
    })
}

/// `availability: >= 99.9%`: a value is no comparison, and quotes would not make one of it.
fn compared(text: &str, at: usize, word: &str) -> Option<Slip> {
    let line = line_at(text, at);
    let before = text.get(line.start..at)?.trim_end();
    let (key, help) = if let Some(before) = before.strip_suffix(':') {
        let key = before.rsplit(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).next()?;
        (key, advice::without_bound(key, word)?)
    } else {
        // `[> eu]`: one of a list.
        let (key, _) = line.entry().filter(|(key, _)| lines::LISTS.contains(key))?;
        let name = advice::without_bound(key, word)?;
        let name = name.strip_prefix("write `[").and_then(|name| name.strip_suffix("]`"))?;
        (key, format!("write `{name}`"))
    };
    Some(Slip {
        start: at,
        end: at + word.len(),
        message: format!("`{}` has a value, and no comparison", short(key)),
        help,
    })
}
