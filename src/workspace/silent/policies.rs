//! What is valid in policies and not read as it looks: texts in which nothing stands, thousands with a dot, an end of the
//! failover beside what happens above a cost.

use crate::syntax::scan::{self, Kind, Token};
use crate::vocabulary::TerminalKind;
use crate::yaml::apparent;

/// What is said of the text of a file, each with its place.
pub(super) fn notes(text: &str) -> Vec<(usize, String)> {
    let mut notes = empty_texts(text);
    notes.extend(thousands(text));
    notes.extend(ends_above(text));
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

/// `above 5x cost notify "a" then block`: `then` is how the whole failover ends.
fn ends_above(text: &str) -> Vec<(usize, String)> {
    let tokens: Vec<Token> = scan::tokens(text, 0).collect();
    let word = |token: &Token| token.text(text);
    let mut found = Vec::new();
    // A statement that stands in one line has all of its clauses there.
    let begins = |token: &Token| {
        let start = scan::line_start(text, token.start);
        text.get(start..token.start).is_some_and(|before| before.trim().is_empty())
    };
    for (at, above) in tokens.iter().enumerate().filter(|(_, token)| word(token) == "above" && begins(token))
    {
        let line = scan::line_end(text, above.start);
        let clause: Vec<&Token> =
            tokens.iter().skip(at).take_while(|token| token.start < line).take(16).collect();
        let [_, times, cost, ..] = clause.as_slice() else { continue };
        if word(cost) != "cost" {
            continue;
        }
        let then = clause.windows(2).find_map(|pair| match pair {
            [then, end] if word(then) == "then" && TerminalKind::parse(word(end)).is_some() => {
                Some((then, end))
            }
            _ => None,
        });
        if let Some((then, end)) = then {
            let (times, end) = (word(times), word(end));
            let instead = if end == "block" {
                format!(": `above {times} cost block` ends it there")
            } else {
                String::new()
            };
            let note = format!(
                "`then {end}` is how the whole failover ends, and not what happens above {times} cost{instead}; write it in a line of its own"
            );
            found.push((then.start, note));
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
    fn an_end_beside_what_happens_above_a_cost_is_the_end_of_the_failover() {
        let of = |text: &str| notes(text).into_iter().map(|(_, note)| note).collect::<Vec<_>>();
        let note = "`then block` is how the whole failover ends, and not what happens above 5x cost: `above 5x cost block` ends it there; write it in a line of its own";
        assert_eq!(of("failover f {\n  above 5x cost notify \"a@b.example\" then block\n}"), [note]);
        for text in [
            "failover f {\n  above 5x cost notify \"a@b.example\"\n  then block\n}",
            "failover f {\n  above 5x cost block\n  then queue\n}",
            "attribution {\n  anomaly above 20%\n}",
            "failover f { above 5x cost notify \"a@b.example\" then block }",
        ] {
            assert!(of(text).is_empty(), "{text}");
        }
    }

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
