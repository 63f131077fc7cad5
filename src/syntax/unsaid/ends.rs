//! Ends of which there is one, and what sets nothing off: `then queue or block`, `on 404`, `chain 2`.

use super::Said;
use crate::diag::elsewhere;
use crate::syntax::foreign;
use crate::syntax::mend;
use crate::syntax::message::{Scene, quote};
use crate::syntax::scan::{self, Kind, Token};
use crate::syntax::words;

/// `then queue for 15 minutes or block`, `at 100% block or queue`: one of them.
pub(super) fn two(scene: &Scene<'_>) -> Option<Said> {
    let is_or = matches!(scene.found_text(), "or" | "else" | "otherwise" | "||" | "|" | "/");
    let is_and = matches!(scene.found_text(), "and" | "," | "then" | "&" | ";" | "->");
    let found = scene.found.filter(|_| is_or || is_and)?;
    let clause = scene.clause();
    let opener = clause.first()?.text(scene.text);
    let (known, takes_several): (&[&str], bool) = match (scene.first, opener) {
        ("failover", "then") => (words::TERMINALS, false),
        ("quota", "then") => (words::USED_UP, false),
        ("budget", "at") => (words::BUDGET_ACTIONS, true),
        ("failover", "above") => (words::COST_ACTIONS, true),
        _ => return None,
    };
    let joins = is_or || !takes_several;
    let onward = scene.onward();
    let text = |token: &Token| token.text(scene.text);
    let at = onward.iter().position(|token| known.contains(&text(token)))?;
    let is_joint = |token: &Token| {
        matches!(
            text(token),
            "or" | "else"
                | "otherwise"
                | "and"
                | ","
                | "then"
                | "finally"
                | ";"
                | "->"
                | "||"
                | "|"
                | "/"
                | "&"
        )
    };
    let end = onward.iter().position(|token| text(token) == "}").unwrap_or(onward.len());
    let second = onward.get(at..end).filter(|_| joins)?;
    let first = scene.written(&clause)?;
    let head = clause.iter().position(|token| known.contains(&text(token)))?;
    let head = scene.written(clause.get(..head)?)?;
    let second = format!("{head} {}", scene.written(second)?);
    let is_plain = onward.get(..at)?.iter().all(is_joint);
    let last = onward.get(end.checked_sub(1)?)?;
    let said = Token { end: last.end, ..found };
    let what = if opener == "then" { "a request ends in one way" } else { "one thing is done there" };
    is_plain.then(|| {
        Said::new(
            said,
            format!("{what}, found {}", quote(scene.text, said)),
            format!("leave out one of the two: `{first}` or `{second}`"),
        )
    })
}

/// `chain a/b -> queue for 5 minutes` beside a `then`: how it ends is said there.
pub(super) fn of_chain(scene: &Scene<'_>) -> Option<Said> {
    let (arrow, end) = mend::chain_end(scene).filter(|_| foreign::stands_already(scene, "then"))?;
    let onward = scene.onward();
    let last = onward.iter().take_while(|token| token.text(scene.text) != "}").last()?;
    let said = Token { end: last.end, ..arrow };
    let right = scene.text.get(end.start..last.end)?;
    Some(Said::new(
        said,
        format!("how it ends is not part of a chain, found {}", quote(scene.text, said)),
        format!("leave it out, and say it in the `then` that the statement has: `then {right}`"),
    ))
}

/// `then queue and notify "x"` beside a `notify`: who is told is said there.
pub(super) fn again(scene: &Scene<'_>) -> Option<Said> {
    let found = scene
        .found
        .filter(|found| matches!(found.text(scene.text), "and" | "," | "&" | ";" | "+" | "then"))?;
    let begins = scene.beginnings().or_else(|| scene.expects("->").then_some(words::FAILOVER))?;
    let onward = scene.onward();
    let at = onward.iter().take(3).skip(1).position(|token| begins.contains(&token.text(scene.text)))? + 1;
    let word = onward.get(at)?.text(scene.text);
    let end = onward.iter().position(|token| token.text(scene.text) == "}").unwrap_or(onward.len());
    let last = onward.get(end.checked_sub(1)?)?;
    let clause = scene.text.get(onward.get(at)?.start..last.end)?;
    // What is done at a share or a multiple is no clause of the statement.
    let opener = scene.clause().first()?.text(scene.text);
    let is_list = opener == word || (matches!(opener, "at" | "above") && word == "notify");
    let said = Token { end: last.end, ..found };
    (foreign::stands_already(scene, word) && !is_list).then(|| {
        Said::new(
            said,
            format!("`{word}` stands once in a statement, found {}", quote(scene.text, said)),
            format!("leave it out, and say it in the `{word}` that the statement has: `{clause}`"),
        )
    })
}

/// `on 404`, `on 4xx`: a status that no trigger stands for.
pub(super) fn no_trigger(scene: &Scene<'_>) -> Option<Said> {
    let found = scene.found.filter(|found| found.kind == Kind::Number && scene.expects_group("a trigger"))?;
    let status = found.text(scene.text).to_lowercase();
    let is_status = status.len() == 3 && status.bytes().all(|byte| byte.is_ascii_digit() || byte == b'x');
    let is_known = elsewhere::meant(&status, words::TRIGGERS).is_some();
    let help = match status.as_str() {
        "400" | "422" | "4xx" => {
            "name what is meant, as `content-filtered` or `context-exceeded`: any other mistake in a request goes back to the caller, and nobody else is asked"
        }
        _ => "leave it out: such an answer goes back to the caller, and nobody else is asked",
    };
    (is_status && !is_known).then(|| Said::new(found, format!("no trigger stands for `{status}`"), help))
}

/// `chain north/* -> quay/large`: a chain names models.
pub(super) fn no_pattern(scene: &Scene<'_>) -> Option<Said> {
    let star = scene.found.filter(|found| found.text(scene.text) == "*")?;
    let clause = scene.clause();
    let is_chain = clause.first().is_some_and(|first| first.text(scene.text) == "chain");
    let provider = clause.iter().rev().find(|token| token.kind == Kind::Word).filter(|_| is_chain)?;
    let written = scene.text.get(provider.start..star.end)?;
    let name = written.strip_suffix("/*").filter(|name| !name.contains(['/', ' ', '\n']))?;
    let said = Token { start: provider.start, end: star.end, kind: Kind::Word };
    Some(Said::new(
        said,
        format!("`{written}` names no model: there are no patterns of models"),
        format!(
            "a chain names models one by one: write each, as in `{name}/NAME`; `follow ranking` goes through all"
        ),
    ))
}

/// `when cost > 5x block`: what a target costs more is not a condition.
pub(super) fn dear(scene: &Scene<'_>) -> Option<Said> {
    if scene.first != "failover" {
        return None;
    }
    let found = scene.found?;
    let start = scan::line_start(scene.text, found.start).max(scene.start);
    let end = scan::line_end(scene.text, found.start);
    let text = |token: &Token| token.text(scene.text);
    let line = scan::tokens(scene.text, start).take_while(|token| token.start < end && text(token) != "}");
    let tokens: Vec<Token> = line.take(32).collect();
    let at = tokens.iter().position(|token| matches!(text(token), "when" | "if" | "where" | "on"))?;
    let [keyword, cost, sign, number, rest @ ..] = tokens.get(at..)? else { return None };
    let is_cost = matches!(
        text(cost),
        "cost"
            | "price"
            | "model.cost"
            | "multiplier"
            | "cost_multiplier"
            | "target.cost"
            | "chain.max_cost_multiplier"
    );
    let is_more = matches!(text(sign), ">" | ">=" | "over" | "above" | "exceeds");
    let digits = text(number).trim_end_matches(['x', 'X']);
    // `5 x` is two.
    let rest = match rest {
        [x, behind @ ..] if text(number) == digits && matches!(text(x), "x" | "X" | "times") => behind,
        rest => rest,
    };
    let action = rest.first().filter(|action| words::COST_ACTIONS.contains(&text(action)))?;
    let right = format!("above {digits}x cost {}", scene.text.get(action.start..rest.last()?.end)?);
    let said = Token { end: rest.last()?.end, ..*keyword };
    (is_cost && is_more && number.kind == Kind::Number).then(|| {
        let message =
            format!("what a target costs more is not a condition, found {}", quote(scene.text, said));
        Said::new(said, message, format!("write `{right}`"))
    })
}

/// `chain 2`: how many may follow is another clause.
pub(super) fn no_models(scene: &Scene<'_>) -> Option<Said> {
    let number = scene.found.filter(|found| found.kind == Kind::Number && scene.before_text() == "chain")?;
    let onward = scene.onward();
    let noun = |token: &Token| {
        matches!(
            token.text(scene.text),
            "hops" | "hop" | "models" | "model" | "targets" | "target" | "times" | "deep" | "}"
        )
    };
    let is_count = onward.get(1..)?.iter().all(noun) && scene.first == "failover";
    is_count.then(|| {
        let count = number.text(scene.text);
        let hops = if count == "1" { "hop" } else { "hops" };
        let help = format!("name the models in their order, as in `chain a/b -> c/d`; how many may follow is `limit {count} {hops}`");
        Said::new(number, format!("a chain names models, found `{count}`"), help)
    })
}
