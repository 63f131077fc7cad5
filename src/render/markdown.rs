//! Words of others in Markdown: nothing in them is markup, a link or a mention.

use std::borrow::Cow;

use crate::limits::shown;
use crate::source::markup::{MARKS, escaped};
use crate::source::{spans, visible};

/// Anyone's words as code on one line: nothing in them is Markdown. Of a long text the rest is counted.
pub fn code(words: &str) -> String {
    let words = cut(&visible::inline(words)).replace('`', "'").replace('|', "\\|");
    format!("`{}`", if words.is_empty() { " " } else { &words })
}

/// Anyone's words as code in HTML.
pub fn html_code(words: &str) -> String {
    let words = cut(&visible::inline(words));
    format!("<code>{}</code>", escaped(&words, &MARKS, String::push))
}

/// A text, or its start and how much more there is.
pub fn cut(words: &str) -> String {
    let all = words.chars().count();
    if all <= shown::MARKDOWN_TEXT {
        return words.to_owned();
    }
    let start: String = words.chars().take(shown::MARKDOWN_TEXT).collect();
    format!("{start}… and {} more characters", all - shown::MARKDOWN_TEXT)
}

/// Our words and anyone's among them. Only words that can be nothing but words in any Markdown stand as they are; every
/// other one is code, so that what others wrote is never markup, a link or a mention.
pub fn prose(words: &str) -> String {
    all_words(words, true)
}

/// The same where something stands before it on the line, as in a cell of a table.
pub fn within(words: &str) -> String {
    all_words(words, false)
}

fn all_words(words: &str, begins_line: bool) -> String {
    let words = &one_fence(words);
    let mut text = String::new();
    let mut code_words: Vec<&str> = Vec::new();
    let close = |text: &mut String, code_words: &mut Vec<&str>| {
        if !code_words.is_empty() {
            let all = code_words.join(" ");
            let (start, words, end) = outside(&all);
            *text += &format!("{}{start}{}{end}", if text.is_empty() { "" } else { " " }, code(words));
            code_words.clear();
        }
    };
    for (at, word) in words.split(' ').enumerate().take(shown::MARKDOWN_WORDS) {
        if !code_words.is_empty() && is_open(&code_words) || !is_word(word, begins_line && at == 0) {
            code_words.push(word);
            if !is_open(&code_words) {
                close(&mut text, &mut code_words);
            }
            continue;
        }
        text += if text.is_empty() { "" } else { " " };
        text += word;
    }
    close(&mut text, &mut code_words);
    let more = words.split(' ').count().saturating_sub(shown::MARKDOWN_WORDS);
    if more > 0 { text + &format!(" … and {more} more words") } else { text }
}

/// Words whose code stands in single back quotes, with no other one anywhere.
fn one_fence(words: &str) -> Cow<'_, str> {
    if !words.contains('`') {
        return Cow::Borrowed(words);
    }
    let part = |(is_code, part): (bool, &str)| {
        let part = part.replace('`', "'");
        if is_code { format!("`{part}`") } else { part }
    };
    Cow::Owned(spans::parts(words).into_iter().map(part).collect())
}

/// Whether back quotes were opened and not closed.
fn is_open(words: &[&str]) -> bool {
    words.iter().map(|word| word.matches('`').count()).sum::<usize>() % 2 == 1
}

/// The bracket before words, the words without our back quotes around them, and the comma, colon or the like that follows.
fn outside(words: &str) -> (&str, &str, &str) {
    let kept = words.trim_end_matches([',', ':', ';', '.', ')']);
    let end = words.get(kept.len()..).unwrap_or_default();
    let inner = kept.trim_start_matches('(');
    let start = words.get(..kept.len() - inner.len()).unwrap_or_default();
    match inner.strip_prefix('`').and_then(|kept| kept.strip_suffix('`')) {
        Some(inner) => (start, inner, end),
        // A bracket that was opened before is not a part of the word that it closes after.
        None if end.starts_with(')') && !words.contains('(') => ("", kept, end),
        None => ("", words, ""),
    }
}

/// Whether a code host could take a word for a commit, an issue, an advisory or the like, and link it.
fn is_reference(word: &str) -> bool {
    let bytes = word.as_bytes();
    let is_key = bytes.windows(3).any(|three| match three {
        [before, b'-', after] => before.is_ascii_uppercase() && after.is_ascii_alphanumeric(),
        _ => false,
    });
    let lower = word.to_ascii_lowercase();
    let is_issue = lower.match_indices("gh-").any(|(at, _)| {
        let before = lower.get(..at).and_then(|before| before.chars().next_back());
        let after = bytes.get(at + 3).is_some_and(u8::is_ascii_digit);
        after && !before.is_some_and(char::is_alphanumeric)
    });
    let is_commit = lower.split(|c: char| !c.is_ascii_alphanumeric()).any(|run| {
        let has = |kind: fn(&u8) -> bool| run.bytes().any(|byte| kind(&byte));
        let mixed = has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic) || run.len() >= COMMIT_DIGITS;
        run.len() >= 7 && mixed && run.bytes().all(|byte| byte.is_ascii_hexdigit())
    });
    let is_milestone = lower.split('%').skip(1).any(|rest| rest.starts_with(char::is_alphanumeric));
    is_key || is_issue || is_commit || is_milestone
}

/// The least digits that are a whole commit id and no number of ours.
const COMMIT_DIGITS: usize = 20;

/// Whether a word is nothing but a word in any Markdown, at the start of a line too.
fn is_word(word: &str, is_first: bool) -> bool {
    let plain = |c: char| c.is_alphanumeric() || "-.,:;()%+/'→×…=".contains(c);
    let begins = |c: char| c.is_alphanumeric() || c == '(' || (!is_first && "→×…+-%/=".contains(c));
    let is_number = word.strip_suffix(['.', ')']).is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()));
    let links = word.contains("://") || word.to_ascii_lowercase().contains("www.");
    let acts = links || is_reference(word) || (is_first && is_number);
    word.chars().all(plain)
        && word.chars().next().is_none_or(begins)
        && !visible::inline(word).contains('\\')
        && !acts
}

#[cfg(test)]
mod tests {
    use super::within;

    #[test]
    fn what_code_hosts_link_is_code_and_our_words_are_not() {
        for word in [
            "GH-1",
            "gh-12",
            "(GH-1)",
            "CVE-2024-3094",
            "GHSA-jfh8-c2jp-5v3q",
            "ABC-123",
            "0123456789abcdef0123456789abcdef01234567",
            "1234567890123456789012345678901234567890",
            "dead1bee",
            "%1",
            "100%x",
        ] {
            assert_eq!(within(&format!("is {word}")), format!("is `{word}`"));
        }
        assert_eq!(
            within("of 2027 (`a@b`), as is (commit 0123abc)."),
            "of 2027 (`a@b`), as is (commit `0123abc`)."
        );
        let ours = "since 2026-11-21, 1234567 high-1 25% beef";
        assert_eq!(within(ours), ours);
    }
}
