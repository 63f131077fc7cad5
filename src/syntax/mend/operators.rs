//! Comparisons in the words of other languages: `at most`, `lacks`, `subset of`.

use super::Mend;
use crate::syntax::message::Scene;
use crate::syntax::scan::Token;
use crate::syntax::words;

/// How a word between two operands is said here.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ours {
    /// This operator.
    Infix(&'static str),
    /// `not a has b`.
    Lacks,
    /// `a in [b]`.
    In,
    /// `not a in [b]`.
    NotIn,
    /// `b covers a`.
    CoveredBy,
    /// `a == b*`.
    Begins,
    /// One of the two and not both.
    Xor,
}

/// The words, written in one and in lower case, longest first where one begins like another.
const OPERATORS: &[(&[&str], Ours)] = &[
    (
        &[
            "below",
            "under",
            "lessthan",
            "lowerthan",
            "smallerthan",
            "fewerthan",
            "cheaperthan",
            "fasterthan",
            "lt",
        ],
        Ours::Infix("<"),
    ),
    (
        &[
            "atmost",
            "upto",
            "nomorethan",
            "notmorethan",
            "lessthanorequalto",
            "lessthanorequal",
            "lessorequal",
            "lte",
            "le",
            "max",
            "maximum",
            "notover",
            "notabove",
            "notexceeding",
            "notlongerthan",
            "nolongerthan",
            "nohigherthan",
        ],
        Ours::Infix("<="),
    ),
    (
        &[
            "above",
            "over",
            "morethan",
            "greaterthan",
            "higherthan",
            "largerthan",
            "longerthan",
            "exceeds",
            "gt",
            "betterthan",
            "stricterthan",
        ],
        Ours::Infix(">"),
    ),
    (
        &[
            "atleast",
            "nolessthan",
            "notlessthan",
            "greaterthanorequalto",
            "greaterthanorequal",
            "greaterorequal",
            "gte",
            "ge",
            "min",
            "minimum",
            "notbelow",
            "notunder",
            "nolowerthan",
        ],
        Ours::Infix(">="),
    ),
    (&["equalto", "equalsto", "equal", "equals", "eq", "thesameas", "sameas"], Ours::Infix("==")),
    (
        &[
            "isnot",
            "isnt",
            "notequalto",
            "notequals",
            "notequal",
            "neq",
            "ne",
            "differsfrom",
            "doesnotequal",
            "not",
            "otherthan",
            "unequal",
            "unequalto",
        ],
        Ours::Infix("!="),
    ),
    (
        &["contains", "includes", "contain", "containing", "include", "including", "holds", "haveany"],
        Ours::Infix("has"),
    ),
    (
        &["superset", "supersetof", "asupersetof", "containsall", "includesall", "hasall", "coversall"],
        Ours::Infix("covers"),
    ),
    (
        &[
            "lacks",
            "lacking",
            "without",
            "excludes",
            "excluding",
            "doesnotcontain",
            "doesnothave",
            "doesnotinclude",
            "misses",
            "missing",
            "notcontains",
            "notcontain",
            "notincludes",
            "notinclude",
            "nothas",
            "hasno",
            "hasnot",
        ],
        Ours::Lacks,
    ),
    (&["isin", "isoneof", "oneof", "inoneof", "anyof", "among", "amongst", "eitherof"], Ours::In),
    (&["notin", "notoneof", "noneof", "nin", "notanyof", "outside", "outsideof", "notamong"], Ours::NotIn),
    (
        &["subset", "subsetof", "asubsetof", "within", "containedin", "coveredby", "inside", "insideof"],
        Ours::CoveredBy,
    ),
    (
        &[
            "matches",
            "like",
            "startswith",
            "beginswith",
            "startingwith",
            "beginningwith",
            "glob",
            "match",
            "hasprefix",
        ],
        Ours::Begins,
    ),
    (&["xor", "eitheror"], Ours::Xor),
];

/// The longest operator, and how many tokens it has.
fn operator(scene: &Scene<'_>, tokens: &[Token]) -> Option<(Ours, usize)> {
    let mut joined = String::new();
    let mut longest = None;
    for (at, token) in tokens.iter().take(6).enumerate() {
        let text = token.text(scene.text);
        if matches!(text, "'" | "’") {
            continue;
        }
        // `not ==`, `is not >=`: with the sign behind it.
        if at > 0
            && matches!(longest, Some((Ours::Infix("!="), _)))
            && let Some(ours) = opposite(text)
        {
            return Some((Ours::Infix(ours), at + 1));
        }
        if text.len() > 32 || !text.starts_with(|c: char| c.is_alphabetic()) {
            break;
        }
        joined.extend(text.chars().filter(|c| !matches!(c, '_' | '-')).flat_map(char::to_lowercase));
        let bare =
            joined.strip_prefix("is").filter(|rest| !matches!(*rest, "" | "not" | "nt")).unwrap_or(&joined);
        let known =
            OPERATORS.iter().find(|(theirs, _)| theirs.contains(&bare) || theirs.contains(&joined.as_str()));
        longest = known.map(|(_, ours)| (*ours, at + 1)).or(longest);
    }
    longest
}

/// The sign that holds where another one does not.
fn opposite(sign: &str) -> Option<&'static str> {
    match sign {
        "==" | "=" => Some("!="),
        "!=" => Some("=="),
        "<" => Some(">="),
        "<=" => Some(">"),
        ">" => Some("<="),
        ">=" => Some("<"),
        _ => None,
    }
}

/// A comparison with an operator of another language.
pub(super) fn word(scene: &Scene<'_>) -> Option<Mend> {
    if !scene.in_condition() {
        return None;
    }
    let left = scene.comparison();
    let onward = scene.onward();
    let (ours, length) = operator(scene, &onward)?;
    let right = scene.operand(onward.get(length..)?);
    let (a, b) = (scene.written(&left)?, scene.written(right)?);
    let found = scene.found?;
    let end = right.last()?.end;
    let is_set = words::is_set(a);
    let list = if b.starts_with(['[', '(', '{']) {
        format!("[{}]", b.trim_matches(['[', ']', '(', ')', '{', '}']))
    } else {
        format!("[{b}]")
    };
    let whole = |text: String| Some(Mend::condition(scene, left.first()?.start, end, &text));
    let items: Vec<&str> = b
        .trim_matches(['[', ']', '(', ')', '{', '}'])
        .split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty())
        .collect();
    let any = || {
        let all: Vec<String> = items.iter().map(|item| format!("{a} has {item}")).collect();
        if all.len() > 1 { format!("({})", all.join(" or ")) } else { all.concat() }
    };
    // Less is better here.
    if scene.found_text() == "better" && ["latency", "cost", "retention"].iter().any(|of| a.contains(of)) {
        return whole(format!("{a} < {b}"));
    }
    match ours {
        Ours::Infix("has") if !is_set && a == "use_case" => None,
        Ours::Infix("has") if a.starts_with("model.") && !is_set => whole(one_value(a, b, &list)),
        Ours::Infix("==" | "!=") if is_set && matches!(b, "empty" | "none" | "null" | "nothing") => None,
        Ours::Infix("==") if is_set => whole(format!("{a} has {b}")),
        Ours::Infix("!=") if is_set => whole(format!("not {a} has {b}")),
        Ours::Infix("!=") if b.starts_with(['[', '(', '{']) => whole(format!("not {a} in {list}")),
        Ours::Infix(operator) => {
            let operator_end = onward.get(length.checked_sub(1)?)?.end;
            let whole = whole(format!("{a} {operator} {b}"))?;
            // Where the rest stands as it is, the operator alone is replaced.
            let theirs = scene.text.get(found.start..operator_end)?;
            let help = format!("write `{operator}` instead of `{theirs}`");
            let alone = Mend::new(found.start, operator_end, operator).help(help);
            Some(if scene.parses_with(alone.start, alone.end, operator) { alone } else { whole })
        }
        Ours::Lacks => whole(format!("not {a} has {b}")),
        Ours::In if words::is_set(b) && is_set => whole(format!("{b} covers {a}")),
        Ours::In if words::is_set(b) => whole(format!("{b} has {a}")),
        Ours::In if is_set && super::sets::is_places(a) => {
            super::process::clause(scene, &items, left.first()?.start, end)
        }
        Ours::In if is_set => whole(any().trim_matches(['(', ')']).to_owned()),
        Ours::In => whole(format!("{a} in {list}")),
        Ours::NotIn if words::is_set(b) && is_set => whole(format!("not {b} covers {a}")),
        Ours::NotIn if words::is_set(b) => whole(format!("not {b} has {a}")),
        Ours::NotIn if is_set => whole(format!("not {}", any())),
        Ours::NotIn => whole(format!("not {a} in {list}")),
        Ours::CoveredBy if words::is_set(b) && is_set => whole(format!("{b} covers {a}")),
        Ours::CoveredBy if words::is_set(b) => whole(format!("{b} has {a}")),
        Ours::CoveredBy if is_set => None,
        Ours::CoveredBy => whole(format!("{a} in {list}")),
        Ours::Begins if a == "use_case" => whole(format!("use_case == {}", beginning(b))),
        Ours::Begins => None,
        Ours::Xor => whole(format!("({a} and not {b} or {b} and not {a})")),
    }
}

/// What is one value has nothing in it: it is compared.
fn one_value(a: &str, b: &str, list: &str) -> String {
    if b.starts_with('[') { format!("{a} in {list}") } else { format!("{a} == {b}") }
}

/// `use_case =~ "support.*"`: a regular expression, as the pattern that means the same.
pub(super) fn pattern(scene: &Scene<'_>) -> Option<Mend> {
    let symbol = scene.found_text();
    let not = match symbol {
        "=~" | "~=" | "~" => "==",
        "!~" => "!=",
        _ => return None,
    };
    let left = scene.comparison();
    let onward = scene.onward();
    let right = scene.operand(onward.get(1..)?);
    let (a, b) = (scene.written(&left)?, scene.written(right)?);
    (a == "use_case").then(|| {
        let text = format!("use_case {not} {}", beginning(b));
        Mend::new(
            left.first().map_or(scene.failed, |token| token.start),
            right.last().map_or(scene.failed, |token| token.end),
            text,
        )
    })
}

/// What names begin with, as other languages say it, as a pattern of ours: `^support\.`, `support%`.
pub(super) fn beginning(theirs: &str) -> String {
    let bare = theirs.trim_matches(['"', '\'', '^', '/']);
    let begin = bare.trim_end_matches(['*', '%', '$']).replace("\\.", ".");
    if begin.trim_end_matches(['.', '-', '_']).len() < begin.len() || bare.contains(['*', '%']) {
        format!("{}*", begin.trim_end_matches(".."))
    } else {
        format!("{begin}.*")
    }
}

/// `a between 1 and 5`.
pub(super) fn between(scene: &Scene<'_>) -> Option<Mend> {
    let onward = scene.onward();
    let is = usize::from(scene.found_text() == "is");
    let word = onward.get(is)?.text(scene.text);
    let not = usize::from(word == "not");
    if !scene.in_condition() || onward.get(is + not)?.text(scene.text) != "between" {
        return None;
    }
    let left = scene.comparison();
    let a = scene.written(&left)?;
    let low = scene.operand(onward.get(is + not + 1..)?);
    let rest = onward.get(is + not + 1 + low.len() + 1..)?;
    let high = scene.operand(rest);
    let text = if not == 1 {
        format!("{a} < {} or {a} > {}", scene.written(low)?, scene.written(high)?)
    } else {
        format!("{a} >= {} and {a} <= {}", scene.written(low)?, scene.written(high)?)
    };
    Some(Mend::condition(scene, left.first()?.start, high.last()?.end, &text))
}

/// `data has not pii`, `team == not sales`: the `not` stands before the comparison.
pub(super) fn negated_value(scene: &Scene<'_>) -> Option<Mend> {
    let onward = scene.onward();
    let tokens = scene.comparison();
    let (operator, left) = tokens.split_last()?;
    let operator = operator.text(scene.text);
    if scene.found_text() != "not" || left.is_empty() {
        return None;
    }
    let right = scene.operand(onward.get(1..)?);
    let (a, b) = (scene.written(left)?, scene.written(right)?);
    let text = match operator {
        "has" | "covers" | "in" => format!("not {a} {operator} {b}"),
        "==" => format!("{a} != {b}"),
        _ => return None,
    };
    Some(Mend::new(left.first()?.start, right.last()?.end, text))
}
