//! What is valid in policies and not read as it looks: texts in which nothing stands, thousands with a dot.

use crate::syntax::scan::{self, Kind, Token};
use crate::yaml::apparent;

/// What is said of the text of a file, each with its place.
pub(super) fn notes(text: &str) -> Vec<(usize, String)> {
    let mut notes = empty_texts(text);
    notes.extend(thousands(text));
    notes.sort_by_key(|(at, _)| *at);
    notes
}

/// Units of which nobody writes thousandths, in the plural.
const LARGE: [&str; 9] = ["usd", "requests", "tokens", "ms", "seconds", "minutes", "hours", "days", "weeks"];

/// Attributes that are compared with large numbers without a unit.
const COUNTED: [&str; 2] = ["min_context", "model.context_window"];

/// `limit 100.000 tokens per minute`: a dot begins a fraction.
fn thousands(text: &str) -> Vec<(usize, String)> {
    let tokens: Vec<Token> = scan::tokens(text, 0).collect();
    let said = |at: Option<usize>| at.and_then(|at| tokens.get(at)).map_or("", |token| token.text(text));
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate().filter(|(_, token)| token.kind == Kind::Number) {
        let written = token.text(text);
        let digits = written.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
        let (number, glued) = written.split_at_checked(digits).unwrap_or((written, ""));
        let next = said(Some(at + 1));
        let unit = if glued.is_empty() { next } else { glued }.to_lowercase();
        let is_unit = LARGE.iter().any(|large| *large == unit || large.trim_end_matches('s') == unit);
        let behind = at + 1 + usize::from(glued.is_empty());
        // A price has as many digits as it needs.
        let is_rate = unit == "usd" && matches!(said(Some(behind + 1)), "1k" | "1m" | "1K" | "1M");
        let is_counted = [at.checked_sub(2), Some(at + 2)].into_iter().any(|at| COUNTED.contains(&said(at)))
            && glued.is_empty()
            && !matches!(next, "%" | "x");
        let shown = if glued.is_empty() && is_unit { format!("{number} {next}") } else { written.to_owned() };
        if (is_unit && !is_rate) || is_counted {
            found.extend(apparent::thousands(&shown, number).map(|note| (token.start, note)));
        }
    }
    found
}

/// `notify ""`: a text in which nothing stands.
fn empty_texts(text: &str) -> Vec<(usize, String)> {
    let mut clause = "";
    let mut found = Vec::new();
    for token in scan::tokens(text, 0) {
        let said = match (token.text(text), token.kind) {
            (word, Kind::Word) => {
                clause = word;
                continue;
            }
            ("\"\"", Kind::Text { .. }) => match clause {
                "notify" => {
                    "`notify \"\"` tells nobody: write who is told, as in `notify \"team@example.com\"`"
                }
                "escalate" => {
                    "`escalate \"\"` tells nobody: write who is told, as in `escalate \"cfo@example.com\"`"
                }
                "owner" => {
                    "`owner \"\"` names nobody: write who answers for it, as in `owner \"team@example.com\"`"
                }
                "as" => "`log as \"\"` has no name: write one, as in `log as governance-event`",
                "because" => "`because \"\"` gives no reason: write why, in one sentence",
                "degrade" => {
                    "`degrade \"\"` answers nothing: write what is answered, as in `degrade \"try again later\"`"
                }
                _ => continue,
            },
            _ => continue,
        };
        found.push((token.start, said.to_owned()));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::notes;

    #[test]
    fn thousands_with_a_dot_are_read_as_a_fraction() {
        let of = |text: &str| notes(text).into_iter().map(|(_, note)| note).collect::<Vec<_>>();
        let note =
            "`100.000 tokens` is read as 100: a dot begins a fraction; write `100000` if thousands are meant";
        assert_eq!(of("quota q { limit 100.000 tokens per minute }"), [note]);
        for text in [
            "audit a { retain 1.095 days }",
            "budget b { limit 12.000usd per month }",
            "when min_context >= 128.000 and team == a",
            "when 128.000 <= model.context_window",
        ] {
            assert_eq!(of(text).len(), 1, "{text}");
        }
        for text in [
            "when model.cost <= 1.250 usd per 1m tokens",
            "when availability_target >= 99.950%",
            "budget b { limit 12.50 usd per month }",
            "budget b { limit 0.125 usd per day }",
            "above 1.125x cost block",
            "retain 1.5 years",
            "because \"about 100.000 tokens per day\" # 100.000 tokens",
        ] {
            assert!(of(text).is_empty(), "{text}");
        }
    }
}
