//! Lines that are nearly YAML: another sign in the place of the colon, a list behind its key, quotes around half of a line.

use super::entry::indent;
use super::flow;
use super::slip::{Line, Slip, above, all_above, copied, line_at, short};
use crate::source::visible;

/// Keys whose values are lists.
pub(super) const LISTS: [&str; 12] = [
    "regions",
    "residency",
    "compliance",
    "regulations",
    "capabilities",
    "data",
    "aliases",
    "approved_use_cases",
    "data_sources",
    "evidence",
    "models",
    "use_cases",
];

/// As many lines below the place that the parser names are looked at: it may name where the block begins.
const BELOW: usize = 50;

/// The slip in the line where the parser gave up, in the one above it or, of a list, below it.
pub(super) fn find(text: &str, at: usize, said: &str) -> Option<Slip> {
    let here = line_at(text, at);
    let near = || std::iter::once(here).chain(above(text, here).take(1));
    let of_block = said.contains("block") || said.contains("mapping values") || said.contains("expected ':'");
    escape(here)
        .or_else(|| table(text, here))
        .or_else(|| near().find_map(bare_key))
        .or_else(|| open_text(text, here, said))
        .or_else(|| comment(here))
        .or_else(|| of_block.then(|| near().find_map(comment))?)
        .or_else(|| of_block.then(|| near().find_map(dash))?)
        .or_else(|| of_block.then(|| near().find_map(sign))?)
        .or_else(|| of_block.then(|| folded(text, here))?)
        .or_else(|| said.contains("block").then(|| listed(text, here))?)
        .or_else(|| said.contains("block").then(|| no_entry(text, here))?)
}

/// `[[use_cases]]`, `[providers.openai]`: how TOML begins a table.
fn table(text: &str, here: Line<'_>) -> Option<Slip> {
    std::iter::once(here).chain(all_above(text, here).take(BELOW)).find_map(|line| {
        let written = line.text.split(" #").next()?.trim_end();
        let inner = written.strip_prefix('[')?.strip_suffix(']')?;
        let table = inner.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')).unwrap_or(inner);
        let mut parts = table.split('.').map(|part| part.trim_matches(['"', '\'']));
        let first = parts.next().filter(|first| LISTS.contains(first) || *first == "providers")?;
        let below = match parts.next() {
            Some(next) => format!("`{}:` below it, indented", short(next)),
            None if first == "providers" => "each provider below it as a key, indented".to_owned(),
            None => "each entry below it as `- name: …`".to_owned(),
        };
        Some(Slip {
            start: line.start,
            end: line.start + written.len(),
            message: format!("`{}` is TOML, and what is read here is YAML", short(written)),
            help: format!("begin with `{first}:`, and write {below}"),
        })
    })
}

/// `"use_cases"` with its entries below: the colon is missing.
fn bare_key(line: Line<'_>) -> Option<Slip> {
    let body = line.body();
    let key = body.strip_prefix('"')?.strip_suffix('"')?;
    (line.column == 0 && (LISTS.contains(&key) || key == "providers"))
        .then(|| whole(line, format!("a colon is missing after `{key}`"), &format!("{key}:")))
}

/// A letter, digits and `_`.
fn is_key(word: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    word.starts_with(|c: char| c.is_ascii_alphabetic()) && word.chars().all(plain)
}

/// The whole of a line without its indentation.
fn whole(line: Line<'_>, message: String, right: &str) -> Slip {
    let start = line.start + line.column;
    let help = format!("write `{}`", copied(right));
    Slip { start, end: start + line.body().len(), message, help }
}

/// `owner = platform`, `owner; platform`, `owner:platform`: no colon with a space behind it.
fn sign(line: Line<'_>) -> Option<Slip> {
    let body = line.body();
    let end = body.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))?;
    let (key, rest) = body.split_at(end);
    let sign = ["=>", ":=", "=", ";", ":"].into_iter().find(|sign| rest.trim_start().starts_with(sign))?;
    let value = rest.trim_start().strip_prefix(sign)?;
    // A character that only looks like a space is told as one.
    let is_other = |c: char| c.is_whitespace() || visible::is_hidden(c) || matches!(c, '/' | ':');
    let is_glued = sign == ":" && rest.starts_with(':') && !value.starts_with(is_other);
    let value = value.trim();
    if !is_key(key) || value.is_empty() || !(is_glued || sign != ":") || value.contains(": ") {
        return None;
    }
    let message = match sign {
        ":" => format!("a space is missing after `{}:`", short(key)),
        sign => format!("a `:` stands behind a key, and not `{sign}`"),
    };
    Some(whole(line, message, &format!("{key}: {value}")))
}

/// `/* … */`, `% …`: the comments of other languages, as whole lines.
fn comment(line: Line<'_>) -> Option<Slip> {
    let body = line.body();
    let mark = ["//", "/*", "% ", "-- ", "; "].into_iter().find(|mark| body.starts_with(mark))?;
    let said = body.get(mark.len()..)?.trim_end_matches("*/").trim();
    Some(whole(line, "a comment begins with `#` in YAML".to_owned(), &format!("# {said}")))
}

/// `-eu`: the space behind the dash is missing.
fn dash(line: Line<'_>) -> Option<Slip> {
    let body = line.body();
    let item = body.strip_prefix('-').filter(|item| item.starts_with(|c: char| c.is_alphabetic()))?;
    let message = "an entry of a list begins with `-` and a space".to_owned();
    (!item.contains(": ")).then(|| whole(line, message, &format!("- {item}")))
}

/// `owner: |` with its text below, not indented.
fn folded(text: &str, line: Line<'_>) -> Option<Slip> {
    let opener = above(text, line).next()?;
    let (key, value) = opener.entry()?;
    if !matches!(value, "|" | "|-" | "|+" | ">" | ">-" | ">+") || line.column > opener.column {
        return None;
    }
    let start = line.start + line.column;
    Some(Slip {
        start,
        end: start + line.body().len(),
        message: format!("the text of `{}` is not indented", short(key)),
        help: format!("indent it by {} spaces, deeper than `{}`", opener.column + 2, short(key)),
    })
}

/// `regions: - eu`: a list that begins behind its key.
fn listed(text: &str, from: Line<'_>) -> Option<Slip> {
    let mut start = from.start;
    let lines = text.get(start..)?.split_inclusive('\n').take(BELOW).map(|line| {
        let at = start;
        start += line.len();
        Line::new(text, at)
    });
    lines.filter(|line| !line.is_blank()).find_map(|line| {
        let (key, value) = line.entry()?;
        let item = value.strip_prefix("- ").or((value == "-").then_some("")).map(str::trim)?;
        if !is_key(key) || item.contains([':', '"', '\'', '[', '{']) {
            return None;
        }
        let begin = line.start + line.column + line.body().len() - value.len();
        let help = match (LISTS.contains(&key), item) {
            (true, "") => "write `[]`: a list on one line stands in brackets".to_owned(),
            (true, item) => format!("write `[{}]`: a list on one line stands in brackets", copied(item)),
            (false, "") => "leave the `-` out, and write the value".to_owned(),
            (false, item) => format!("write `{}`", copied(item)),
        };
        let message = format!("a `-` begins no entry behind `{}:`", short(key));
        Some(Slip { start: begin, end: begin + value.len(), message, help })
    })
}

/// `- owner: x` among the keys of a map.
fn no_entry(text: &str, line: Line<'_>) -> Option<Slip> {
    let item = above(text, line).next().filter(|item| item.is_item() && indent(item) == line.column)?;
    let (key, _) = item.entry().filter(|(key, _)| *key != "name")?;
    let parent = all_above(text, item).find(|above| above.column < indent(&item))?;
    let (map, _) = parent.entry().filter(|(map, value)| value.is_empty() && !LISTS.contains(map))?;
    if line.is_item() {
        return None;
    }
    let start = item.start + indent(&item);
    Some(Slip {
        start,
        end: start + item.text.trim().len(),
        message: format!("`{}` is a map, and no `-` begins a key such as `{}`", short(map), short(key)),
        help: format!("write `{}`", copied(item.body())),
    })
}

/// `"C:\data"`, `["support\.*"]`: a backslash that escapes nothing.
fn escape(line: Line<'_>) -> Option<Slip> {
    const KNOWN: &str = "0abt\tnvfre \"/\\N_LPxuU";
    let mut from = 0;
    while let Some(open) = line.text.get(from..)?.find('"').map(|at| from + at) {
        let rest = line.text.get(open..)?;
        let closed = flow::quoted(rest, '"');
        let length = closed.or_else(|| Some(rest.get(1..)?.find('"')? + 2))?;
        from = open + length;
        let inner = rest.get(1..length - 1)?;
        let odd = inner.match_indices('\\').find_map(|(at, _)| {
            let next = inner.get(at + 1..)?.chars().next().filter(|c| !KNOWN.contains(*c))?;
            let before = inner.get(..at)?;
            ((before.len() - before.trim_end_matches('\\').len()) % 2 == 0).then_some(next)
        });
        let Some(odd) = odd.filter(|_| flow::begins(line.text, open)) else {
            // Behind a quote that does not close, there is no telling where a text begins.
            closed?;
            continue;
        };
        // A pattern of names is not a regular expression.
        let pattern = inner.replace('\\', "");
        let is_pattern = pattern
            .strip_suffix(".*")
            .is_some_and(|name| name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.')));
        let right = if is_pattern {
            format!("\"{pattern}\"")
        } else if inner.contains('\'') {
            format!("\"{}\"", inner.replace('\\', "\\\\"))
        } else {
            format!("'{inner}'")
        };
        return Some(Slip {
            start: line.start + open,
            end: line.start + open + length,
            message: format!("`\\{odd}` stands for nothing in double quotes"),
            help: format!("write `{}`", copied(&right)),
        });
    }
    None
}

/// `providers: openai:`: a key that stands behind the one to which it belongs.
pub(super) fn behind(key: &str, value: &str, start: usize) -> Option<Slip> {
    let inner = value.strip_suffix(':').filter(|inner| !inner.contains([' ', ':', '"']))?;
    Some(Slip {
        start,
        end: start + value.len(),
        message: format!("`{}:` stands behind `{}:` on one line", short(inner), short(key)),
        help: format!(
            "begin a line of its own with `{}:`, indented deeper than `{}:`",
            short(inner),
            short(key)
        ),
    })
}

/// A quote above that is closed nowhere: the lines below are read as its text.
fn open_text(text: &str, line: Line<'_>, said: &str) -> Option<Slip> {
    if !said.contains("multiline quoted") {
        return None;
    }
    let opened = std::iter::once(line).chain(above(text, line)).find_map(|line| {
        let (key, value) = line.entry()?;
        let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        (is_key(key) && value.matches(quote).count() == 1).then_some((line, value, quote))
    });
    let (here, (line, value, quote)) = (line, opened?);
    let start = line.start + line.column + line.body().len() - value.len();
    Some(Slip {
        start,
        end: start + value.len(),
        message: format!("`{quote}` is not closed"),
        help: match here.entry() {
            Some(_) => format!("write `{}{quote}`", copied(value)),
            None => format!("close it with `{quote}` where the text ends, all of it on one line"),
        },
    })
}

#[cfg(test)]
mod tests {
    use crate::source::FileId;
    use crate::yaml::parse_whole;

    fn said(text: &str) -> String {
        let (_, findings) = parse_whole(FileId::NONE, text);
        let first = findings.first().expect("a finding");
        format!("{}: {}", first.message, first.help.as_deref().unwrap_or_default())
    }

    #[test]
    fn what_is_said_stands_at_the_line_that_is_wrong() {
        let within = |line: &str| format!("providers:\n  north:\n    {line}\n    hosting: cloud\n");
        assert_eq!(
            said(&within("owner = platform")),
            "a `:` stands behind a key, and not `=`: write `owner: platform`"
        );
        assert_eq!(
            said(&within("owner:platform")),
            "a space is missing after `owner:`: write `owner: platform`"
        );
        assert_eq!(
            said(&within("regions: - eu")),
            "a `-` begins no entry behind `regions:`: write `[eu]`: a list on one line stands in brackets"
        );
        assert_eq!(
            said(&within("- owner: platform")),
            "`north` is a map, and no `-` begins a key such as `owner`: write `owner: platform`"
        );
        assert_eq!(said(&within("\"owner: platform")), "`\"` is not closed: write `owner: platform`");
        assert_eq!(
            said(&within("owner: \"C:\\data\"")),
            "`\\d` stands for nothing in double quotes: write `'C:\\data'`"
        );
    }
}
