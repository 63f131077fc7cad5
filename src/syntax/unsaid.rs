//! What is wrong in a way that no one text mends: said at its own place, with the forms that there are.

mod bare;
mod ends;
mod half;
mod outside;
mod parts;
mod routes;
mod strangers;
mod untested;

use crate::diag::{Finding, code};
use crate::source::{FileId, Span};

use super::message::{Scene, quote};
use super::scan::{self, Kind, Token};
use super::words;

/// What is said, and of which stretch.
struct Said {
    start: usize,
    end: usize,
    message: String,
    help: String,
}

impl Said {
    fn new(token: Token, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { start: token.start, end: token.end, message: message.into(), help: help.into() }
    }
}

/// Surest first.
const KNOWN: &[fn(&Scene<'_>) -> Option<Said>] = &[
    merge,
    no_text,
    strangers::annotation,
    strangers::item,
    strangers::block_text,
    strangers::fact_source,
    routes::day,
    routes::star,
    routes::no_rule,
    routes::condition,
    routes::no_words,
    ends::two,
    ends::of_chain,
    ends::no_trigger,
    ends::no_models,
    ends::no_pattern,
    ends::again,
    ends::dear,
    untested::json,
    untested::dated,
    untested::degraded_to,
    untested::again_when,
    untested::pause,
    untested::no_values,
    empty_list,
    untested::exists,
    half::values,
    half::head,
    half::owners,
    bare::beginning,
    outside::clause,
    bare::no_left,
    bare::template,
    bare::star,
    bare::ending,
    bare::primaries,
    bare::second_limit,
    bare::limit_again,
    bare::stated,
    ends_early,
    bare::clause,
    half::swallowed,
    turned,
    no_blocking,
    one_only,
    no_name,
    parts::per_what,
    routes::expected,
    use_case,
    parts::no_set,
    parts::no_first,
    parts::no_title,
    parts::no_words,
    parts::no_chain,
    parts::fact_of,
    parts::open_region,
];

/// The finding, where what is wrong is known so.
pub(super) fn find(file: FileId, scene: &Scene<'_>) -> Option<Finding> {
    let Said { start, end, message, help } = KNOWN.iter().find_map(|known| known(scene))?;
    let span = Span::new(file, start, end);
    Some(Finding::error(code::SYNTAX, span, message).label("this").help(help))
}

/// A clause of the statement, for an example.
pub(super) fn example_of(statement: &str, clause: &str) -> Option<&'static str> {
    bare::example(statement, clause)
}

/// What is said of a clause that ends in the middle, where nothing else is known.
pub(super) fn half_written(scene: &Scene<'_>) -> Option<String> {
    half::clause(scene)
}

/// The clause in which the parser gave up, or the head of a statement, with all that it takes.
pub(super) fn example(scene: &Scene<'_>) -> Option<String> {
    let clause = scene.clause();
    let first = clause.first().map_or(scene.first, |first| first.text(scene.text));
    match (scene.first, first) {
        ("fact", _) => Some("fact tenant in {standard, premium} default standard".to_owned()),
        (tier, _) if scene.expects("rule") => Some(format!("{tier} rule NAME {{")),
        _ => bare::example(scene.first, first).map(str::to_owned),
    }
}

/// What git leaves in a file where two changes meet.
fn merge(scene: &Scene<'_>) -> Option<Said> {
    let at = |token: Token| scan::line_start(scene.text, token.start);
    let lines = [scene.found, scene.before, scene.second_before].into_iter().flatten().map(at);
    let marked = |line: &usize| {
        let text = scene.text.get(*line..).unwrap_or_default();
        ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].iter().any(|mark| text.starts_with(mark))
    };
    let start = lines.into_iter().find(marked)?;
    let mark = Token { start, end: start + 7, kind: Kind::Symbol };
    let shown = quote(scene.text, mark);
    Some(Said::new(
        mark,
        format!("{shown} is left from a merge"),
        "keep what is meant of the two sides, and remove the lines that begin with `<<<<<<<`, `=======` and `>>>>>>>`",
    ))
}

/// `because` and nothing behind it.
fn no_text(scene: &Scene<'_>) -> Option<Said> {
    let keyword = scene.before.filter(|token| token.kind == Kind::Word)?;
    let word = keyword.text(scene.text);
    let lacks =
        scene.expects_group("a string") && is_over(scene, keyword) && !super::mend::is_commented(scene);
    let example = match word {
        "because" => "because \"the regulator asks for it\"",
        "owner" => "owner \"team@example.com\"",
        "notify" => "notify \"oncall@example.com\"",
        "escalate" => "escalate \"lead@example.com\"",
        _ => return None,
    };
    lacks.then(|| {
        let help = format!("write a text in quotes behind it, for example `{example}`");
        Said::new(keyword, format!("nothing stands after `{word}`"), help)
    })
}

/// The line is over behind a token, or the block is.
pub(super) fn is_over(scene: &Scene<'_>, last: Token) -> bool {
    scene.found.is_none_or(|found| {
        let between = scene.text.get(last.end..found.start).unwrap_or_default();
        between.contains('\n') || found.text(scene.text) == "}"
    })
}

/// `in []`, `data == []`, `data is empty`.
fn empty_list(scene: &Scene<'_>) -> Option<Said> {
    if !is_condition(scene) {
        return None;
    }
    let words =
        [scene.found_text(), scene.behind(1).unwrap_or_default(), scene.behind(2).unwrap_or_default()];
    let is_empty = match words {
        ["is" | "are", "not", last] | ["is" | "are", last, _] => NOTHING.contains(&last),
        ["isempty" | "is_empty" | "empty" | "isn't", ..] => true,
        _ => false,
    };
    if let Some(set) = scene.before.filter(|before| is_empty && words::is_set(before.text(scene.text))) {
        let end = scene.found?.end;
        return Some(Said::new(
            Token { end, ..set },
            "no condition asks whether a set is empty",
            no_empty(set.text(scene.text)),
        ));
    }
    let tokens: Vec<Token> = scene.comparison().into_iter().chain(scene.onward()).collect();
    let text = |token: &Token| token.text(scene.text);
    let open = tokens.windows(2).position(|pair| {
        let [open, close] = pair else { return false };
        matches!((text(open), text(close)), ("[", "]") | ("(", ")") | ("{", "}"))
    })?;
    let (left, operator) = (tokens.first()?, tokens.get(open.checked_sub(1)?)?);
    let tests = words::COMPARISONS.contains(&text(operator))
        || matches!(text(operator), "in" | "has" | "covers" | "any" | "all" | "=" | "is");
    let (start, end) = (tokens.get(open)?.start, tokens.get(open + 1)?.end);
    let is_near = scene.failed >= left.start && scene.failed <= end;
    if !tests || !is_near || open > 4 {
        return None;
    }
    let attribute = text(left);
    let help = if words::is_set(attribute) {
        format!("no condition asks whether a set is empty: {}", no_empty(attribute))
    } else {
        format!("name the values, as in `{attribute} in [a, b]`")
    };
    let brackets = Token { start, end, kind: Kind::Symbol };
    Some(Said::new(brackets, format!("nothing stands between {}", quote(scene.text, brackets)), help))
}

/// The clause in which the parser gave up is a condition.
fn is_condition(scene: &Scene<'_>) -> bool {
    let opens = ["when", "require", "forbid", "where", "for", "always", "never"];
    scene.clause().first().is_some_and(|first| opens.contains(&first.text(scene.text)))
}

/// Words for what is empty.
const NOTHING: [&str; 6] = ["empty", "none", "null", "nothing", "nil", "undefined"];

fn no_empty(set: &str) -> String {
    format!("name what it must not have, as in `not {set} has …`")
}

/// `when team ==` and nothing behind it: the next line was read as the value.
fn ends_early(scene: &Scene<'_>) -> Option<Said> {
    let (before, second) = (scene.before?, scene.second_before?);
    let is_operator = |token: Token| {
        let text = token.text(scene.text);
        words::COMPARISONS.contains(&text) || matches!(text, "has" | "in" | "covers" | "and" | "or" | "not")
    };
    let breaks = |a: Token, b: Token| scene.text.get(a.end..b.start).is_some_and(|gap| gap.contains('\n'));
    let read = words::is_clause(before.text(scene.text)) && breaks(second, before) && scene.first != "test";
    let joins = matches!(before.text(scene.text), "and" | "or" | "not");
    let ends = is_over(scene, before) || (!joins && matches!(scene.found_text(), "and" | "or" | ")"));
    let lacking = if is_operator(before) && ends && is_condition(scene) {
        before
    } else if is_operator(second) && read {
        second
    } else {
        return None;
    };
    let word = lacking.text(scene.text);
    let help = match word {
        "and" | "or" | "not" => format!("write the condition that follows `{word}`, or leave it out"),
        "in" if scene.second_before.is_some_and(|second| second.text(scene.text) == "process") => {
            "write, for example, `process in eu`".to_owned()
        }
        "in" => "write a list behind it, as in `in [a, b]`".to_owned(),
        "has" => "write the name that the set must have".to_owned(),
        "covers" => {
            "write the attribute whose names the set must have, as in `model.compliance covers regulations`"
                .to_owned()
        }
        _ => "write the value that it is compared with".to_owned(),
    };
    Some(Said::new(lacking, format!("nothing stands after `{word}`"), help))
}

/// `process not in us`: the clause names where, and not where not.
fn turned(scene: &Scene<'_>) -> Option<Said> {
    let found = scene.found.filter(|_| super::mend::is_turned(scene))?;
    Some(Said::new(
        found,
        "`process in` says where a request may be processed",
        "name the regions where it may be: `process in eu`; a model is ruled out with `forbid model.regions has us`",
    ))
}

/// `then block` in a rule.
fn no_blocking(scene: &Scene<'_>) -> Option<Said> {
    let found = scene.found?;
    let is_rule = words::TIERS.contains(&scene.first) && scene.expects("because");
    let then = matches!(scene.found_text(), "then" | "action" | "effect" | "=>" | "->" | "do" | "else");
    let next = scene.behind(1)?.to_lowercase();
    let ends = matches!(
        next.as_str(),
        "block" | "deny" | "reject" | "stop" | "fail" | "queue" | "degrade" | "escalate" | "refuse" | "error"
    );
    (is_rule && then && ends).then(|| {
        let onward = scene.onward();
        let end = onward.get(1).map_or(found.end, |next| next.end);
        let said = Token { end, ..found };
        Said::new(
            said,
            format!("a rule does not end a request: {}", quote(scene.text, said)),
            "say which models may serve it, with `require …` or `forbid …`: where none may, nothing is sent; `then block` stands in a failover statement, `at 100% block` in a budget",
        )
    })
}

/// `on a, b` of a quota, `per team, project`: a clause that takes one.
fn one_only(scene: &Scene<'_>) -> Option<Said> {
    let follows = |word: &str| matches!(word, "ranking" | "registry");
    if let Some(found) = scene.found.filter(|found| follows(found.text(scene.text)))
        && scene.second_before.is_some_and(|second| second.text(scene.text) == "follow")
        && follows(scene.before_text())
    {
        let message = format!("`follow` takes one, and {} goes on", quote(scene.text, found));
        return Some(Said::new(
            found,
            message,
            "leave out one of the two: `follow ranking` or `follow registry`",
        ));
    }
    let found =
        scene.found.filter(|found| matches!(found.text(scene.text), "," | "and" | "or" | "+" | "&"))?;
    let clause = scene.second_before?.text(scene.text);
    let help = match (scene.first, clause) {
        ("quota", "on") => "a quota counts one provider or model: write a quota for each",
        ("quota" | "budget", "per")
            if words::PERIODS.contains(&scene.before_text())
                || words::QUOTA_PERIODS.contains(&scene.before_text()) =>
        {
            return None;
        }
        ("quota" | "budget", "per") => {
            "`per` takes one: write a statement for each, or one `per` a fact that names what is meant"
        }
        ("budget", "within") => "a budget lies within one other, which may lie within a third",
        ("budget" | "audit", "owner") => "there is one `owner`: `escalate` and `notify` name the others",
        ("budget" | "attribution", "mode") => "a `mode` is `chargeback` or `showback`",
        ("failover", "follow") => "`follow` takes one: `ranking` or `registry`",
        ("test", "primary") if scene.behind(1).is_some_and(|next| words::EXPECTED.contains(&next)) => {
            return None;
        }
        ("test", "primary") => "a route has one primary: targets stand behind it, as in `expect a -> b`",
        _ => return None,
    };
    let message = format!("`{clause}` takes one, and {} goes on", quote(scene.text, found));
    Some(Said::new(found, message, help))
}

/// `rule r priority 10 {`, `budget b per team {`: what stands before the brace is not all of a name.
fn no_name(scene: &Scene<'_>) -> Option<Said> {
    let found = scene.found.filter(|token| matches!(token.kind, Kind::Word | Kind::Number))?;
    if !scene.only_brace() || scene.first == "attribution" {
        return None;
    }
    let onward = scene.onward();
    let brace = onward.iter().position(|token| token.text(scene.text) == "{")?;
    let tokens = onward.get(..brace)?;
    let numbers = ["priority", "weight", "order", "rank", "precedence"];
    let is_number = tokens.iter().any(|token| numbers.contains(&token.text(scene.text)))
        || tokens.iter().all(|token| token.kind == Kind::Number);
    let is_clause = tokens.iter().any(|token| {
        let text = token.text(scene.text);
        words::is_clause(text)
            || token.kind == Kind::Number
            || matches!(text, "extends" | "inherits" | "if" | "where" | "with" | "unless" | "enabled")
    });
    let said = Token { end: tokens.last()?.end, ..found };
    let shown = quote(scene.text, said);
    let message = format!("{shown} cannot be part of a name");
    if is_number {
        let help = "leave it out: statements have no numbers, and `overrides NAME` says which of two counts";
        return Some(Said::new(said, message, help));
    }
    is_clause.then(|| {
        Said::new(said, message, "clauses stand between the braces, and a name of several words in quotes")
    })
}

/// `per use case`: the word is one.
fn use_case(scene: &Scene<'_>) -> Option<Said> {
    let use_word = scene.before.filter(|before| before.text(scene.text) == "use")?;
    let case = scene.found.filter(|found| matches!(found.text(scene.text), "case" | "cases" | "-case"))?;
    let said = Token { end: case.end, ..use_word };
    Some(Said::new(said, "`use_case` is one word", "write `use_case`"))
}
