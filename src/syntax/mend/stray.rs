//! Conditions in the marks of others: `NOT a`, `$team`, `model->hosting`, `10% < a < 20%`, and two without a word between.

use super::Mend;
use crate::diag::elsewhere;
use crate::syntax::foreign;
use crate::syntax::message::{Scene, quote};
use crate::syntax::scan::{Kind, Token};
use crate::syntax::words;

/// `NOT a == b`: the word is written small.
pub(super) fn capital(scene: &Scene<'_>) -> Option<Mend> {
    let word = scene.before?;
    let text = word.text(scene.text);
    let is_first = scene.comparison().first().is_some_and(|first| first.start == word.start);
    let is_not = text != "not" && text.eq_ignore_ascii_case("not");
    (is_not && is_first).then(|| {
        let help = format!("write `not` instead of `{text}`");
        Mend::new(word.start, word.end, "not").message("`not` is written in small letters").help(help)
    })
}

/// `!data has pii`: a mark that stands at what it negates.
pub(super) fn marked_not(scene: &Scene<'_>) -> Option<Mend> {
    let found = scene.found.filter(|found| found.text(scene.text) == "!" && scene.expects("not"))?;
    let onward = scene.onward();
    let rest = scene.operand(onward.get(1..)?);
    let glued = rest.first().is_some_and(|next| next.start == found.end);
    let said = scene.written(rest).filter(|_| glued)?;
    Some(Mend::new(found.start, rest.last()?.end, format!("not {said}")))
}

/// A condition on a line of its own behind another one, or directly behind it.
pub(super) fn unjoined(scene: &Scene<'_>) -> Option<Mend> {
    let found = scene.found.filter(|found| found.kind == Kind::Word && scene.expects("and"))?;
    let clause = scene.clause();
    let opener = clause.first()?.text(scene.text);
    let is_condition = matches!(opener, "when" | "require" | "forbid" | "for" | "always" | "never");
    let has_or = clause.iter().any(|token| token.text(scene.text) == "or");
    let operator = scene.behind(1)?;
    let compares = words::COMPARISONS.contains(&operator) || matches!(operator, "has" | "in" | "covers");
    let name = found.text(scene.text);
    let is_name = words::is_tested(name) || (foreign::clause_of(scene).is_none() && !words::is_keyword(name));
    if !(is_condition && compares && is_name && scene.is_open(&clause)) || has_or {
        return None;
    }
    let onward = scene.onward();
    let rest = scene.operand(&onward);
    let message = "two conditions stand without a word between them";
    let said = scene.written(rest)?;
    // With `and`, less would be forbidden than each of the two says.
    if matches!(opener, "forbid" | "never") {
        let right = format!("{opener} {said}");
        let help = format!("write `{right}`; or `and {said}` where only the two together are meant");
        return Some(Mend::new(found.start, rest.last()?.end, right).message(message).help(help).choice());
    }
    let right = format!("and {said}");
    Some(Mend::new(found.start, rest.last()?.end, right).message(message).choice())
}

/// `$team`, `${team}`, `{{ team }}`: an attribute stands by its name.
pub(super) fn variable(scene: &Scene<'_>) -> Option<Mend> {
    let found = scene.found.filter(|_| scene.expects_group("a condition"))?;
    let onward = scene.onward();
    let texts: Vec<&str> = onward.iter().take(5).map(|token| token.text(scene.text)).collect();
    let (at, length) = match texts.as_slice() {
        ["$", "{", _, "}", ..] => (2, 4),
        ["{", "{", _, "}", "}"] => (2, 5),
        ["%", _, "%", ..] => (1, 3),
        ["$" | "@", _, ..] => (1, 2),
        _ => return None,
    };
    let name = onward.get(at).filter(|name| name.kind == Kind::Word)?.text(scene.text);
    let name =
        ["input.", "request.", "var.", "ctx."].iter().find_map(|of| name.strip_prefix(of)).unwrap_or(name);
    let end = onward.get(length - 1)?.end;
    let shown = quote(scene.text, Token { end, ..found });
    Some(
        Mend::new(found.start, end, name)
            .message(format!("a name stands without marks around it, found {shown}")),
    )
}

/// `when and a`, `a and and b`: one word too much between conditions.
pub(super) fn doubled(scene: &Scene<'_>) -> Option<Mend> {
    let found = scene.found.filter(|_| scene.expects_group("a condition"))?;
    let word = found.text(scene.text);
    let help = format!("leave out {}", quote(scene.text, found));
    matches!(word, "and" | "or" | "&&" | "||").then(|| Mend::new(found.start, found.end, "").help(help))
}

/// `10% < budget.remaining < 20%`: two comparisons.
pub(super) fn chained(scene: &Scene<'_>) -> Option<Mend> {
    let sign = Some(scene.found_text()).filter(|sign| scene.expects("and") && flipped(sign).is_some())?;
    let left = scene.comparison();
    let at = left.iter().position(|token| flipped(token.text(scene.text)).is_some())?;
    let (low, middle) = (left.get(..at)?, left.get(at + 1..)?);
    let [middle] = middle else { return None };
    let onward = scene.onward();
    let high = scene.operand(onward.get(1..)?);
    let (name, turned) = (middle.text(scene.text), flipped(left.get(at)?.text(scene.text))?);
    let (low_text, high_text) = (scene.written(low)?, scene.written(high)?);
    let text = format!("{name} {turned} {low_text} and {name} {sign} {high_text}");
    (middle.kind == Kind::Word).then(|| {
        Mend::condition(
            scene,
            left.first().map_or(middle.start, |t| t.start),
            high.last().map_or(middle.end, |t| t.end),
            &text,
        )
    })
}

fn flipped(sign: &str) -> Option<&'static str> {
    match sign {
        "<" => Some(">"),
        "<=" => Some(">="),
        ">" => Some("<"),
        ">=" => Some("<="),
        _ => None,
    }
}

/// `model->hosting`, `model["hosting"]`, `data["pii"]`: an attribute has a dot, and a set is asked with `has`.
pub(super) fn indexed(scene: &Scene<'_>) -> Option<Mend> {
    const FAMILIES: [&str; 6] = ["model", "budget", "chain", "audit", "failover", "quota"];
    // What is of the request has no family here.
    const OF_REQUESTS: [&str; 17] = [
        "facts",
        "fact",
        "request",
        "req",
        "input",
        "context",
        "ctx",
        "labels",
        "tags",
        "metadata",
        "attributes",
        "attrs",
        "headers",
        "params",
        "vars",
        "use_case",
        "user",
    ];
    let before = scene.before.filter(|before| before.kind == Kind::Word)?;
    let opened = scene.clause();
    let opener = opened.first()?.text(scene.text);
    let is_condition =
        matches!(opener, "when" | "require" | "forbid" | "where" | "for" | "always" | "never" | "prefer");
    let rest = scene.text.get(before.start..).filter(|_| is_condition)?;
    let end = rest.find(|c: char| c.is_whitespace() || matches!(c, ',' | ')' | '}')).unwrap_or(rest.len());
    let written = rest.get(..end)?;
    let is_name = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
    };
    let marks = ["->", "::", ":", "["];
    let (family, name) = marks.iter().find_map(|mark| written.split_once(mark))?;
    let name = name.trim_matches(['[', ']', '"', '\'', '$']);
    let right = if FAMILIES.contains(&family) {
        format!("{family}.{name}")
    } else if OF_REQUESTS.contains(&family) && written.contains('[') {
        name.to_owned()
    } else if words::is_set(family) && written.contains('[') {
        format!("{family} has {name}")
    } else {
        return None;
    };
    let message = format!("there is no `{}` of names here", if written.contains('[') { "[…]" } else { "->" });
    let message = if written.contains("->") || written.contains('[') {
        message
    } else {
        format!("an attribute is written with a dot, found `{written}`")
    };
    (is_name(name) && is_name(family))
        .then(|| Mend::new(before.start, before.start + end, right).message(message))
}

/// `self–hosted`: a name has the plain `-`.
pub(super) fn dash(scene: &Scene<'_>) -> Option<Mend> {
    let found = scene.found.filter(|found| matches!(found.text(scene.text), "–" | "—" | "−" | "‑" | "‐"))?;
    let before = scene.before.filter(|before| before.end == found.start && before.kind == Kind::Word)?;
    let onward = scene.onward();
    let mut next = onward.get(1).filter(|next| next.start == found.end && next.kind == Kind::Word)?;
    let mut name = format!("{}-{}", before.text(scene.text), next.text(scene.text));
    // A name may have several of them.
    for pair in onward.get(2..).unwrap_or_default().chunks(2) {
        let [dash, part] = pair else { break };
        let is_dash = matches!(dash.text(scene.text), "–" | "—" | "−" | "‑" | "‐");
        if !is_dash || dash.start != next.end || part.start != dash.end || part.kind != Kind::Word {
            break;
        }
        name = format!("{name}-{}", part.text(scene.text));
        next = part;
    }
    let is_alone = scene.clause().len() == 2 && scene.in_condition();
    let right = match elsewhere::attribute_of(&name).filter(|_| is_alone) {
        Some(attribute) => format!("{attribute} == {name}"),
        None => name,
    };
    let message = format!("a name has the plain `-`, and not {}", quote(scene.text, found));
    Some(Mend::new(before.start, next.end, right).message(message))
}

/// `principal in Team::"claims"`: an attribute compared with the name of what is meant.
pub(super) fn entity(scene: &Scene<'_>) -> Option<Mend> {
    let mut tokens = scene.comparison();
    tokens.extend(scene.onward());
    let text = |token: &Token| token.text(scene.text);
    let [left, operator, kind, first, second, name, ..] = tokens.as_slice() else { return None };
    let is_entity = (text(first), text(second)) == (":", ":") && scene.failed <= name.end;
    let folded: String =
        text(kind).chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let attribute = match folded.as_str() {
        "team" | "group" => "team",
        "project" => "project",
        "application" | "app" => "application",
        "usecase" => "use_case",
        "businessunit" => "business_unit",
        "classification" => "classification",
        _ => return None,
    };
    let operator = match text(operator) {
        "==" | "in" | "=" | "is" => "==",
        "!=" => "!=",
        _ => return None,
    };
    let bare = text(name).trim_matches('"');
    let is_plain = bare.starts_with(|c: char| c.is_ascii_alphabetic())
        && bare.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    let value = if is_plain { bare } else { text(name) };
    is_entity
        .then(|| Mend::condition(scene, left.start, name.end, &format!("{attribute} {operator} {value}")))
}

/// `require model supports vision`, `require model is self-hosted`: what a model has is an attribute.
pub(super) fn of_model(scene: &Scene<'_>) -> Option<Mend> {
    let mut tokens = scene.comparison();
    tokens.extend(scene.onward());
    let text = |token: &Token| token.text(scene.text);
    let (model, rest) = tokens.split_first()?;
    if !matches!(text(model), "model" | "models" | "provider" | "it")
        || !scene.expects("and") && !scene.expects("==")
    {
        return None;
    }
    let rest = scene.operand(rest);
    let (value, verbs) = rest.split_last()?;
    let verbs: Vec<&str> = verbs.iter().map(text).collect();
    let is_not = verbs.contains(&"not");
    let verb = verbs
        .iter()
        .copied()
        .find(|verb| !matches!(*verb, "must" | "be" | "a" | "an" | "not" | "that" | "should" | "can"));
    let name = text(value);
    let negated = |tested: String| if is_not { format!("not {tested}") } else { tested };
    let right = match verb.unwrap_or(if verbs.is_empty() { "" } else { "is" }) {
        "supports" | "support" | "offers" | "provides" | "handles" | "does" => {
            negated(format!("model.capabilities has {name}"))
        }
        "certified" | "holds" => negated(format!("model.compliance has {name}")),
        "is" | "are" => {
            let attribute = elsewhere::attribute_of(name).filter(|of| of.starts_with("model."))?;
            format!("{attribute} {} {name}", if is_not { "!=" } else { "==" })
        }
        _ => return None,
    };
    let is_name = matches!(value.kind, Kind::Word | Kind::Text { closed: true });
    is_name.then(|| Mend::new(model.start, value.end, right.clone()).help(format!("write it as `{right}`")))
}

/// `team == claims`, `team claims` where a clause begins: what is meant stands in a `when`.
pub(super) fn clauseless(scene: &Scene<'_>) -> Option<Mend> {
    let found = scene.found.filter(|found| words::is_tested(found.text(scene.text)))?;
    let begins = scene.beginnings()?;
    let opener = ["when", "for"].into_iter().find(|word| begins.contains(word))?;
    if scene.first == "test" || foreign::stands_already(scene, opener) {
        return None;
    }
    let onward = scene.onward();
    let rest = scene.operand(&onward);
    let condition = stated(scene, rest)?;
    Some(Mend::new(found.start, rest.last()?.end, format!("{opener} {condition}")))
}

/// An attribute and its value as a condition, with an operator between them or without.
pub(in crate::syntax) fn stated(scene: &Scene<'_>, tokens: &[Token]) -> Option<String> {
    let text = |token: &Token| token.text(scene.text);
    let name = text(tokens.first()?);
    match tokens {
        [_, operator, _, ..]
            if words::COMPARISONS.contains(&text(operator))
                || matches!(text(operator), "has" | "in" | "covers") =>
        {
            Some(scene.written(tokens)?.to_owned())
        }
        [_, value] | [_, _, value] if matches!(value.kind, Kind::Word | Kind::Text { closed: true }) => {
            let is_said = tokens.len() == 2 || matches!(text(tokens.get(1)?), ":" | "=" | "is");
            let operator = if words::is_set(name) { "has" } else { "==" };
            let value = elsewhere::value_of(name, text(value));
            (is_said && !words::is_keyword(value)).then(|| format!("{name} {operator} {value}"))
        }
        _ => None,
    }
}

/// Whether a comparison of its own stands behind the sign at which the parser gave up.
pub(in crate::syntax) fn compares_itself(scene: &Scene<'_>) -> bool {
    let operator = scene.behind(2).unwrap_or_default();
    words::COMPARISONS.contains(&operator) || matches!(operator, "has" | "in" | "covers")
}

/// `when a == b \` with more on the next line: a line needs no mark to go on.
pub(super) fn goes_on(scene: &Scene<'_>) -> Option<Mend> {
    let found = scene.found.filter(|found| found.text(scene.text) == "\\")?;
    let is_last = scene.onward().len() == 1;
    let help = "leave out the `\\`: what stands on the next line goes on by itself";
    is_last.then(|| Mend::new(found.start, found.end, "").help(help))
}
