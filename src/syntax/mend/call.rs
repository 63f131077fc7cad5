//! Conditions as calls: `has(data, pii)`, `data.contains(pii)`, `len(chain) >= 2`.

use super::Mend;
use crate::syntax::message::Scene;
use crate::syntax::scan::Token;
use crate::syntax::words;

/// A call, said with an operator or as an attribute.
pub(super) fn call(scene: &Scene<'_>) -> Option<Mend> {
    let onward = scene.onward();
    let name = match scene.found_text() {
        "has" | "in" | "covers" if scene.expects_group("a condition") => scene.found?,
        "(" if scene.expects("and") => scene.before?,
        _ => return None,
    };
    let open = usize::from(scene.found.is_some_and(|found| found.start == name.start));
    let bracket = onward.get(open).filter(|token| token.text(scene.text) == "(")?;
    if bracket.start != name.end {
        return None;
    }
    let close = open + closing(scene, onward.get(open..)?)?;
    let arguments = arguments(scene, onward.get(open + 1..close)?);
    // `data.contains(pii)`: what stands before the point is the first argument.
    let (receiver, name_text) = match name.text(scene.text).rsplit_once('.') {
        Some((receiver, method)) => (Some(receiver), method),
        None => (None, name.text(scene.text)),
    };
    let arguments: Vec<&str> = receiver.into_iter().chain(arguments).collect();
    let folded: String =
        name_text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let said = match arguments.as_slice() {
        [one] => attribute(&folded, one)?,
        [a, rest @ ..] => comparison(&folded, a, rest)?,
        [] => return None,
    };
    let behind = scene.operand(onward.get(close + 1..)?);
    let end = behind.last().unwrap_or(onward.get(close)?).end;
    let text = match scene.written(behind) {
        Some(behind) => format!("{said} {behind}"),
        None => said,
    };
    Some(Mend::new(name.start, end, text))
}

/// How many tokens behind the first, which opens a bracket, the one stands that closes it.
fn closing(scene: &Scene<'_>, tokens: &[Token]) -> Option<usize> {
    let mut depth = 0_usize;
    tokens.iter().position(|token| {
        match token.text(scene.text) {
            "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    })
}

/// What stands between the commas.
fn arguments<'t>(scene: &Scene<'t>, tokens: &[Token]) -> Vec<&'t str> {
    let mut depth = 0_usize;
    let parts = tokens.split(|token| {
        match token.text(scene.text) {
            "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && token.text(scene.text) == ","
    });
    parts.filter_map(|part| scene.written(part)).collect()
}

/// What a call with one argument is here.
fn attribute(name: &str, argument: &str) -> Option<String> {
    let counts = ["len", "length", "count", "size", "cardinality", "num", "number", "depth"];
    let targets = ["chain", "chain.models", "chain.targets", "failover", "path"];
    match argument {
        argument if counts.contains(&name) && targets.contains(&argument) => Some("chain.length".to_owned()),
        "chain.providers" | "chain.failure_domains" if counts.contains(&name) => Some(argument.to_owned()),
        _ => {
            let says_nothing =
                ["lower", "lowercase", "upper", "str", "string", "trim", "float", "int", "number"];
            says_nothing.contains(&name).then(|| argument.to_owned())
        }
    }
}

/// What a call with several arguments is here.
fn comparison(name: &str, a: &str, rest: &[&str]) -> Option<String> {
    let items: Vec<&str> = match rest {
        [one] => one.trim_matches(['[', ']']).split(',').map(str::trim).collect(),
        several => several.to_vec(),
    };
    let b = items.first()?;
    let is_list = items.len() > 1;
    let all =
        |set: &str| items.iter().map(|item| format!("{set} has {item}")).collect::<Vec<_>>().join(" and ");
    let infix = match name {
        "eq" | "equals" | "equal" | "is" => "==",
        "ne" | "neq" | "notequals" => "!=",
        "lt" | "less" | "lessthan" => "<",
        "le" | "lte" | "atmost" => "<=",
        "gt" | "greater" | "greaterthan" => ">",
        "ge" | "gte" | "atleast" => ">=",
        "has" | "contains" | "includes" | "contain" | "include" | "hasall" | "containsall" | "member" => {
            return match (words::is_set(a), words::is_set(b)) {
                (true, true) => Some(format!("{a} covers {b}")),
                (true, false) => Some(all(a)),
                (false, true) => Some(format!("{b} has {a}")),
                (false, false) => None,
            };
        }
        "hasany" | "containsany" | "includesany" | "intersects" | "overlaps" if words::is_set(a) => {
            return Some(all(a).replace(" and ", " or "));
        }
        "covers" | "superset" => return Some(format!("{a} covers {b}")),
        "subset" | "subsetof" | "within" if words::is_set(b) => return Some(format!("{b} covers {a}")),
        "in" | "oneof" | "anyof" | "isin" if words::is_set(b) => return Some(format!("{b} has {a}")),
        "in" | "oneof" | "anyof" | "isin" => return Some(format!("{a} in [{}]", items.join(", "))),
        "startswith" | "beginswith" | "matches" | "match" | "like" | "glob" if a == "use_case" => {
            return Some(format!("use_case == {}", super::operators::beginning(b)));
        }
        _ => return None,
    };
    (!is_list).then(|| format!("{a} {infix} {b}"))
}
