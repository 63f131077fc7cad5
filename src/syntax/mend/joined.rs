//! Several in one clause where each is a clause of its own: `forbid a, b`, `notify "x" and block`, `then queue and notify "x"`.

use super::Mend;
use crate::syntax::foreign;
use crate::syntax::message::Scene;
use crate::syntax::scan::{Kind, Token};
use crate::syntax::words;

/// Words and marks that join clauses elsewhere.
const JOINTS: [&str; 13] =
    ["and", ",", ";", "&", "&&", "+", "then", "also", "plus", "but", "with", "or", "||"];

/// `forbid a, b`: each is forbidden by itself. Two conditions of another clause are joined by `and`.
pub(super) fn conditions(scene: &Scene<'_>) -> Option<Mend> {
    let clause = scene.clause();
    let keyword = clause.first()?;
    let opener = keyword.text(scene.text);
    let is_each = matches!(opener, "forbid" | "never");
    if !is_each && !matches!(opener, "when" | "require" | "where" | "for" | "always") {
        return None;
    }
    let onward = scene.onward();
    let whole: Vec<Token> = clause.iter().skip(1).chain(&onward).copied().collect();
    let whole = scene.up_to(&whole, words::opens_rule);
    let inner = without_brackets(scene, whole);
    let is_bracketed = inner.len() < whole.len();
    let parts = parted(scene, inner)?;
    let written: Option<Vec<&str>> = parts.iter().map(|part| scene.written(part)).collect();
    let (first, last) = (whole.first()?, whole.last()?);
    if is_each {
        let clauses: Vec<String> = written?.iter().map(|part| format!("{opener} {part}")).collect();
        let help = format!("write a clause for each: {}", each(&clauses));
        return Some(Mend::new(keyword.start, last.end, clauses.join(" ")).help(help));
    }
    // Other brackets stand around lists of which one may be enough.
    if is_bracketed && first.text(scene.text) != "(" {
        return None;
    }
    let parts: Vec<String> = written?
        .iter()
        .map(|part| if part.contains(" or ") { format!("({part})") } else { (*part).to_owned() })
        .collect();
    let right = parts.join(" and ");
    let help = format!("join them with `and`: write it as `{right}`");
    Some(Mend::new(first.start, last.end, right).help(help))
}

/// Conditions without the brackets around all of them.
fn without_brackets<'a>(scene: &Scene<'_>, tokens: &'a [Token]) -> &'a [Token] {
    let [open, inner @ .., close] = tokens else { return tokens };
    let around =
        matches!((open.text(scene.text), close.text(scene.text)), ("(", ")") | ("[", "]") | ("{", "}"));
    let mut depth = 0_usize;
    let stays_open = inner.iter().all(|token| match token.text(scene.text) {
        "(" | "[" | "{" => {
            depth += 1;
            true
        }
        ")" | "]" | "}" => {
            let is_open = depth > 0;
            depth = depth.saturating_sub(1);
            is_open
        }
        _ => true,
    });
    if around && stays_open { inner } else { tokens }
}

/// The conditions between commas, where there are several and each is one.
fn parted<'a>(scene: &Scene<'_>, tokens: &'a [Token]) -> Option<Vec<&'a [Token]>> {
    let mut depth = 0_usize;
    let parts: Vec<&[Token]> = tokens
        .split(|token| {
            match token.text(scene.text) {
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" => depth = depth.saturating_sub(1),
                "," | ";" => return depth == 0,
                _ => {}
            }
            false
        })
        .collect();
    (parts.len() > 1 && parts.iter().all(|part| is_condition(scene, part))).then_some(parts)
}

/// Whether tokens are a comparison, or an attribute that is true or false.
pub(super) fn is_condition(scene: &Scene<'_>, part: &[Token]) -> bool {
    let text = |token: &Token| token.text(scene.text);
    let compares = |token: &Token| {
        words::COMPARISONS.contains(&text(token)) || matches!(text(token), "has" | "in" | "covers")
    };
    // What stands alone of a model is true or false.
    let is_alone = |token: &Token| {
        words::is_boolean(text(token)) || (text(token).starts_with("model.") && !words::is_set(text(token)))
    };
    match part {
        [] => false,
        [one] => is_alone(one),
        [not, one] if text(not) == "not" => is_alone(one),
        all => all.iter().any(compares),
    }
}

/// `` `a`, `b` and `c` ``.
pub(super) fn each(clauses: &[String]) -> String {
    let quoted: Vec<String> = clauses.iter().map(|clause| format!("`{clause}`")).collect();
    match quoted.as_slice() {
        [init @ .., last] if !init.is_empty() => format!("{} and {last}", init.join(", ")),
        all => all.concat(),
    }
}

/// `at 80% notify "x" and throttle`, `above 5x cost notify, block`: what a share or a multiple does is one thing.
pub(super) fn actions(scene: &Scene<'_>) -> Option<Mend> {
    let known = match scene.first {
        "budget" => words::BUDGET_ACTIONS,
        "failover" => words::COST_ACTIONS,
        _ => return None,
    };
    let clause = scene.clause();
    let opener = *clause.first()?;
    let text = |token: &Token| token.text(scene.text);
    if !matches!(text(&opener), "at" | "above") {
        return None;
    }
    let onward = scene.onward();
    let all: Vec<Token> = clause.iter().chain(&onward).copied().collect();
    let end = all.iter().position(|token| text(token) == "}").unwrap_or(all.len());
    let all = all.get(..end)?;
    let at = all.iter().position(|token| known.contains(&text(token)))?;
    let (head, rest) = all.split_at_checked(at)?;
    let head = scene.written(head)?;
    let mut clauses: Vec<String> = Vec::new();
    for (at, token) in rest.iter().enumerate() {
        match token.kind {
            // The next one with a share of its own stands as it is.
            Kind::Word if text(token) == text(&opener) => {
                clauses.push(scene.written(rest.get(at..)?)?.to_owned());
                break;
            }
            Kind::Word if known.contains(&text(token)) => clauses.push(format!("{head} {}", text(token))),
            Kind::Text { closed: true } => {
                let last = clauses.last_mut().filter(|last| last.contains(" notify"))?;
                let comma = if last.ends_with('"') { "," } else { "" };
                *last += &format!("{comma} {}", text(token));
            }
            _ if text(token) != "or" && JOINTS.contains(&text(token)) => {}
            _ => return None,
        }
    }
    let right = clauses.join(" ");
    let help = format!("write a clause for each: {}", each(&clauses));
    (clauses.len() > 1)
        .then(|| Mend::new(opener.start, rest.last().map_or(opener.end, |last| last.end), right).help(help))
}

/// `above 5x cost block "a@b"`: who is told is a clause of its own.
pub(super) fn told(scene: &Scene<'_>) -> Option<Mend> {
    let is_other = |word: &str| word != "notify" && words::COST_ACTIONS.contains(&word);
    let action = scene.before.filter(|before| is_other(before.text(scene.text)))?;
    let clause = scene.clause();
    let above = clause.first().filter(|first| first.text(scene.text) == "above")?;
    let onward = scene.onward();
    let filler = |token: &&Token| matches!(token.text(scene.text), "with" | "by" | "to" | "of" | "from");
    let skipped = onward.iter().take_while(filler).count();
    let is_text =
        |token: &&Token| matches!(token.kind, Kind::Text { closed: true }) || token.text(scene.text) == ",";
    let texts: Vec<Token> = onward.iter().skip(skipped).take_while(is_text).copied().collect();
    let head = scene.written(clause.get(..clause.len().checked_sub(1)?)?)?;
    let first = format!("{head} {}", action.text(scene.text));
    let second = format!("{head} notify {}", scene.written(&texts)?);
    let help = format!("who is told is a clause of its own: `{first}` and `{second}`");
    Some(Mend::new(above.start, texts.last()?.end, format!("{first} {second}")).help(help))
}

/// `then queue and notify "x"`: a clause of this statement behind a word that joins.
pub(super) fn clauses(scene: &Scene<'_>) -> Option<Mend> {
    let found = scene.found.filter(|found| JOINTS.contains(&found.text(scene.text)))?;
    let begins = scene.beginnings()?;
    let onward = scene.onward();
    let skipped = onward.iter().take_while(|token| JOINTS.contains(&token.text(scene.text))).count();
    // Of several, the last one may begin a clause itself: `, then block`.
    let last = onward.get(..skipped)?.iter().rposition(|token| begins.contains(&token.text(scene.text)));
    let next = onward.get(last.unwrap_or(skipped))?;
    let word = next.text(scene.text);
    if !begins.contains(&word) || next.start == found.start || foreign::stands_already(scene, word) {
        return None;
    }
    let joint = scene.written(onward.get(..last.unwrap_or(skipped))?)?;
    let opener = scene.clause().first()?.text(scene.text);
    if opener == word && scene.expects(",") {
        let help = format!("leave out the second `{word}`: write `,` instead of `{joint} {word}`");
        return Some(Mend::new(found.start, next.end, ",").help(help));
    }
    let help = format!("leave out `{joint}`: `{word}` begins a clause of its own");
    Some(Mend::new(found.start, next.end, word).help(help))
}
