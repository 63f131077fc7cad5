//! Questions that no condition asks, and statements in the form of another language.

use super::{Said, is_condition};
use crate::diag::quantity::{self, Bare, Wanted};
use crate::diag::{day, elsewhere, untested};
use crate::syntax::message::{Scene, quote};
use crate::syntax::scan::{self, Kind, Token};
use crate::syntax::words;

/// `risk is defined`, `risk exists`, `team is not null`.
pub(super) fn exists(scene: &Scene<'_>) -> Option<Said> {
    const STATED: [&str; 18] = [
        "defined",
        "exists",
        "exist",
        "present",
        "given",
        "stated",
        "known",
        "specified",
        "provided",
        "set",
        "null",
        "nil",
        "undefined",
        "missing",
        "unset",
        "empty",
        "absent",
        "assigned",
    ];
    let found = scene.found.filter(|_| is_condition(scene))?;
    let left = scene.comparison();
    let [attribute] = left.as_slice() else { return None };
    let onward = scene.onward();
    let words = scene.operand(&onward);
    // `exists risk`
    let is_first = matches!(attribute.text(scene.text), "exists" | "defined" | "is_set" | "isset");
    if let ([name], true) = (words, is_first) {
        let said = Token { start: attribute.start, ..*name };
        return (name.kind == Kind::Word).then(|| stated(name.text(scene.text), said));
    }
    let (last, before) = words.split_last()?;
    let fillers =
        ["is", "are", "does", "not", "must", "be", "n't", "isn", "'", "t", "==", "!=", "has", "been"];
    let asks = STATED.contains(&last.text(scene.text).to_lowercase().as_str())
        && before.iter().all(|word| fillers.contains(&word.text(scene.text)));
    let name = attribute.text(scene.text);
    if !asks || attribute.kind != Kind::Word || words::RESERVED.contains(&name) {
        return None;
    }
    Some(stated(name, Token { start: found.start, end: last.end, kind: Kind::Word }))
}

/// What is said where a condition asks whether something is stated.
fn stated(name: &str, span: Token) -> Said {
    let compared = if words::is_set(name) {
        format!("`{name} has …`, or `not {name} has …`")
    } else {
        format!("`{name} == {}`", elsewhere::example_of(name))
    };
    let help = if name.starts_with("model.") {
        format!(
            "what a model does not state is unknown, which keeps no promise: compare it with a value, {compared}"
        )
    } else {
        format!("each use case states what a condition tests, so compare it with a value: {compared}")
    };
    Said::new(span, format!("no condition asks whether `{name}` is stated"), help)
}

/// `model.sunset > 2027-01-01`: a key of the files that is no attribute, compared with a day.
pub(super) fn dated(scene: &Scene<'_>) -> Option<Said> {
    if !is_condition(scene) {
        return None;
    }
    let tokens: Vec<Token> = scene.comparison().into_iter().chain(scene.onward()).collect();
    let text = |token: &Token| token.text(scene.text);
    let [name, operator, value, ..] = tokens.as_slice() else { return None };
    let compares = words::COMPARISONS.contains(&text(operator)) || text(operator) == "=";
    // The parser gives up inside of the day.
    let line = scene.text.get(value.start..scan::line_end(scene.text, value.start))?;
    let written = line.split([' ', ')', '}', '#']).next()?;
    (compares && day::is_day(written)).then_some(())?;
    let help = untested::help(text(name))?;
    let help = help.split_once(": ").map_or(help.as_str(), |(_, instead)| instead).to_owned();
    Some(Said::new(*name, format!("no condition tests {}", quote(scene.text, *name)), help))
}

/// `then degrade to a/b`: another model is a target.
pub(super) fn degraded_to(scene: &Scene<'_>) -> Option<Said> {
    let found = scene.found.filter(|_| scene.first == "failover" && scene.before_text() == "degrade")?;
    let onward = scene.onward();
    let filler = |token: &&Token| {
        matches!(token.text(scene.text), "to" | "with" | "using" | "onto" | "model" | ":" | "->")
    };
    let model = onward.iter().find(|token| !filler(token))?;
    let name = model.text(scene.text);
    let is_model =
        model.kind == Kind::Word && name.split_once('/').is_some_and(|(a, b)| !a.is_empty() && !b.is_empty());
    is_model.then(|| {
        let help = format!(
            "put the model at the end of the chain, `-> {name}`: `then` says what happens when no target is left, as in `then degrade \"try again later\"`"
        );
        Said::new(Token { end: model.end, ..found }, format!("`degrade` names no model, found `{name}`"), help)
    })
}

/// `{"rule": …}`: policies are no JSON.
pub(super) fn json(scene: &Scene<'_>) -> Option<Said> {
    let open = scene.found.filter(|_| scene.expects_group("a statement"))?;
    let next = scene.behind(1).unwrap_or_default();
    let is_json = matches!((scene.found_text(), next), ("{", next) if next.starts_with('"') || next == "}")
        || matches!((scene.found_text(), next), ("[", "{" | "]"));
    is_json.then(|| {
        Said::new(
            open,
            "a policy file holds no JSON",
            "policies have a language of their own: `compliance rule restricted-stays-home { when classification == restricted require model.hosting == self-hosted }`",
        )
    })
}

/// `prefer cheapest unless data has pii`: when a statement applies is said once.
pub(super) fn again_when(scene: &Scene<'_>) -> Option<Said> {
    let begins = scene.beginnings()?;
    let opener = ["when", "for"].into_iter().find(|word| begins.contains(word))?;
    let found = scene.found?;
    let not = match (scene.found_text(), scene.behind(1)) {
        ("unless" | "except" | "excluding" | "without", _) | ("but", Some("not")) => true,
        ("if" | "when" | "where" | "provided", _) => false,
        _ => return None,
    };
    let onward = scene.onward();
    let filler = |token: &&Token| matches!(token.text(scene.text), "for" | "when" | "if" | "that");
    // `but not` is one opener; any other `not` denies what follows.
    let own = if scene.found_text() == "but" { 2 } else { 1 };
    let skipped = own + onward.iter().skip(own).take_while(filler).count();
    let said = scene.written(until_brace(scene, onward.get(skipped..)?))?;
    // A wish that only some models fulfil is a clause of its own.
    if said.contains("model.") {
        return None;
    }
    // Behind an attribute that is not compared yet, the word belongs to the comparison.
    let same_line = scene
        .before
        .is_some_and(|before| scene.text.get(before.end..found.start).is_some_and(|gap| !gap.contains('\n')));
    let clause = scene.clause();
    let is_condition = clause.first().is_some_and(|first| first.text(scene.text) == opener);
    if same_line && is_condition && !scene.is_open(&clause) {
        return None;
    }
    let when = when_of(scene, opener)?;
    let part = |part: &str| if part.contains(" or ") { format!("({part})") } else { part.to_owned() };
    let is_joined = said.contains(" and ") || said.contains(" or ");
    let more = match (not, is_joined) {
        (true, true) => format!("not ({said})"),
        (true, false) => format!("not {said}"),
        (false, _) => part(said),
    };
    let help =
        format!("say it in the `{opener}` that the statement has: `{opener} {} and {more}`", part(when));
    let shown = Token { end: onward.last()?.end, ..found };
    Some(Said::new(
        shown,
        format!("when a statement applies is said once, found {}", quote(scene.text, shown)),
        help,
    ))
}

/// The condition of the `when` before the failure, where it stands on a line of its own.
pub(super) fn when_of<'t>(scene: &Scene<'t>, opener: &str) -> Option<&'t str> {
    let before = scan::tokens(scene.text, scene.start).take_while(|token| token.start < scene.failed);
    let when = before.filter(|token| token.text(scene.text) == opener).last()?;
    let end = scan::line_end(scene.text, when.end).min(scene.failed);
    let tokens: Vec<Token> = scan::tokens(scene.text, when.end)
        .take_while(|token| token.start < end && !words::opens_rule(token.text(scene.text)))
        .take(64)
        .collect();
    // A condition over several lines is not shown by its first one.
    let next = scan::next(scene.text, tokens.last()?.end);
    let is_found = next.is_some_and(|next| scene.found.is_some_and(|found| found.start == next.start));
    let next = next.map_or("", |token| token.text(scene.text));
    (is_found || words::is_clause(next)).then(|| scene.written(&tokens))?
}

fn until_brace<'a>(scene: &Scene<'_>, tokens: &'a [Token]) -> &'a [Token] {
    let end = tokens.iter().position(|token| token.text(scene.text) == "}");
    tokens.get(..end.unwrap_or(tokens.len())).unwrap_or_default()
}

/// `retry 2 times after 5s`: how long an endpoint is left alone is a clause of its own.
pub(super) fn pause(scene: &Scene<'_>) -> Option<Said> {
    let found = scene.found.filter(|_| scene.first == "failover" && scene.before_text() == "times")?;
    let waits = matches!(
        scene.found_text(),
        "after" | "every" | "wait" | "waiting" | "delay" | "backoff" | "interval" | "with" | "within" | "in"
    );
    let onward = scene.onward();
    let number = onward.iter().find(|token| token.kind == Kind::Number)?;
    let line = scene.text.get(number.start..scan::line_end(scene.text, number.start))?;
    let wanted = Wanted::Duration(Bare::Seconds);
    let (quantity, length) = quantity::read(line, wanted)?;
    let right = quantity.written(wanted)?;
    let end = number.start + line.get(..length)?.trim_end().len();
    let shown = Token { end, ..found };
    waits.then(|| {
        Said::new(
            shown,
            format!("`retry` has no pause, found {}", quote(scene.text, shown)),
            format!("leave it out; for how long an endpoint that failed is left alone is a clause of its own, `cooldown {right}`"),
        )
    })
}

/// `fact vip in {}`: a list without a name in it.
pub(super) fn no_values(scene: &Scene<'_>) -> Option<Said> {
    let (open, close) = (scene.before?, scene.found?);
    let braces = Token { end: close.end, ..open };
    let is_empty = open.text(scene.text) == "{" && close.text(scene.text) == "}";
    let help = match scene.first {
        "fact" => "name the values, as in `{no, yes}`",
        "regions" => "name the regions that lie within it, or leave the braces out",
        _ => return None,
    };
    is_empty.then(|| Said::new(braces, format!("nothing stands between {}", quote(scene.text, braces)), help))
}
