//! What other languages have and this one says otherwise: `else`, `not in`, `priority`, lists in brackets.

mod clauses;
mod conditions;
mod gateways;
mod statements;

pub(super) use conditions::clock;
use conditions::{computed, listed, model_named, pattern, set_test, swapped, test_of_negation};
use statements::{clause, fact, head, statement};
pub(super) use statements::{clause_of, follows_already, stands_already, tier};

use crate::diag::{elsewhere, nearest};

use super::label::{CLAUSE, Label};
use super::message::{Scene, quote};
use super::scan::{self, Kind, Token};
use super::words;

/// How this language says it, where it is known what was meant.
pub(super) fn help(scene: &Scene<'_>) -> Option<String> {
    GUESSES.iter().find_map(|guess| guess(scene))
}

const GUESSES: &[fn(&Scene<'_>) -> Option<String>] = &[
    clock,
    second_preference,
    preference,
    trigger,
    action,
    fact,
    head,
    computed,
    set_test,
    model_named,
    test_of_negation,
    swapped,
    listed,
    bracketed,
    pattern,
    string,
    given,
    assigned,
    joined_by_word,
    statement,
    clause,
    meant,
];

/// `prefer cheapest, fastest`: each is a clause of its own.
fn second_preference(scene: &Scene<'_>) -> Option<String> {
    let before = scene.before_text();
    let joins = matches!(scene.found_text(), "," | "and" | "then" | "or" | "->" | ">" | "&&" | "+");
    let next = if joins { scene.behind(1)? } else { scene.found_text() };
    let both = words::PREFERENCES.contains(&before) && words::PREFERENCES.contains(&next);
    both.then(|| format!("give each its own clause: `prefer {before}` and then `prefer {next}`"))
}

/// What a `prefer` orders by, in other words.
fn preference(scene: &Scene<'_>) -> Option<String> {
    let (found, before) = (scene.found_text(), scene.before_text());
    if before == "prefer" && found == "not" {
        return Some(format!("prefer the others, or write `forbid model.provider == {}`", scene.behind(1)?));
    }
    let clause = scene.clause();
    let is_prefer = clause.first().is_some_and(|first| first.text(scene.text) == "prefer");
    let is_attribute = |text: &str| text.starts_with("model.") && words::order_of(text).is_some();
    if is_prefer && (is_attribute(found) || is_attribute(before)) && !words::COMPARISONS.contains(&found) {
        return Some(
            "the orders are `cheapest`, `fastest` and `most-available`; `prefer where …` puts first those for which a condition is true"
                .to_owned(),
        );
    }
    if scene.second_before.map(|token| token.text(scene.text)) != Some("prefer") {
        return None;
    }
    if before.contains('.')
        && (words::COMPARISONS.contains(&found) || matches!(found, "has" | "in" | "covers" | "="))
    {
        return Some(format!("write it as `prefer where {before} {}`", scene.rest_of_line(0)));
    }
    if found == ">" {
        return Some("write `,` instead of `>`".to_owned());
    }
    let both = format!("{before}-{found}");
    let order = elsewhere::meant(&both, words::PREFERENCES)?;
    Some(format!("write it as `prefer {order}`"))
}

/// `on *`: triggers have names, and the usual ones need none.
fn trigger(scene: &Scene<'_>) -> Option<String> {
    let every = matches!(scene.found_text(), "*" | "all" | "any" | "every" | "everything" | "anything");
    (scene.first == "failover" && scene.before_text() == "on" && every).then(|| {
        "name the triggers, or leave `on` out, which stands for `on rate-limited, server-error, timeout, unavailable`"
            .to_owned()
    })
}

/// What a budget or a dear target does, without the clause that it stands in.
fn action(scene: &Scene<'_>) -> Option<String> {
    let (found, before) = (scene.found_text(), scene.before_text());
    match (scene.first, before, found) {
        ("budget", "%", "}") => {
            Some("say what happens then: `notify`, `throttle`, `queue` or `block`".to_owned())
        }
        ("budget", "on", _) if scene.behind(1) == Some("%") => {
            Some(format!("write it as `at {}`", scene.rest_of_line(0)))
        }
        ("budget", _, action) if words::BUDGET_ACTIONS.contains(&action) && before != "%" => {
            let rest = scene.phrase(1);
            let behind = if rest.starts_with('"') { format!(" {rest}") } else { String::new() };
            let share = if action == "notify" { 80 } else { 100 };
            Some(format!("give it a clause of its own: `at {share}% {action}{behind}`"))
        }
        ("failover" | "quota", "queue", _) if scene.found?.kind == Kind::Number => {
            Some(format!("write `for {}`", scene.phrase(0)))
        }
        ("failover", "degrade", "to" | "with") => {
            Some(format!("leave out the `{found}`: `degrade {}`", scene.phrase(1)))
        }
        ("failover", "then", model) if model.contains('/') => {
            Some("targets stand in a chain, joined by `->`: `chain a/b -> c/d`".to_owned())
        }
        _ => None,
    }
}

/// What stands before names with commas between them.
pub(super) const LISTS: [&str; 17] = [
    "on",
    "match",
    "mask",
    "overrides",
    "in",
    "notify",
    "escalate",
    "require",
    "prefer",
    "teams",
    "projects",
    "applications",
    "business_units",
    "data",
    "capabilities",
    "compliance",
    "regions",
];

/// Brackets around a list that has none here.
fn bracketed(scene: &Scene<'_>) -> Option<String> {
    let found = scene.found_text();
    if !matches!(found, "[" | "{" | "(") || scene.expects(found) || scene.meant().is_some() {
        return None;
    }
    let before = scene.before_text();
    if found == "{"
        && matches!(before, "when" | "require" | "forbid" | "where" | "for" | "always" | "never" | "not")
    {
        return Some("leave out the braces around the condition".to_owned());
    }
    if before == "queue" {
        return Some("write `queue for 15 minutes`".to_owned());
    }
    let is_list = LISTS.contains(&before) || matches!(before, "chain" | "down" | "given");
    let here = is_list && !scene.expects_group("a condition");
    let items = scene.listed(1);
    let joined = match before {
        "chain" => items.join(" -> "),
        "down" => items.join(", down "),
        _ => items.join(", "),
    };
    (here && !items.is_empty()).then(|| format!("a list has no brackets here: write `{joined}`"))
}

/// A text in other quotes or in none, up to the end of its line.
fn string(scene: &Scene<'_>) -> Option<String> {
    let wanted = scene.expects_group("a string") && scene.before_text() == "because";
    let found = scene.found?;
    let quotes = ["'", "‘", "’", "“", "”", "`", "«", "„"];
    let is_quote = quotes.contains(&scene.found_text());
    if !(wanted && found.kind == Kind::Word
        || is_quote
            && (scene.expects_group("a string")
                || scene.expects_name()
                || scene.expects_group("a value or attribute")))
    {
        return None;
    }
    let line = scene.text.get(found.start..scan::line_end(scene.text, found.start))?;
    let inner = if is_quote {
        let rest = line.get(found.end - found.start..)?;
        rest.split(['\'', '‘', '’', '“', '”', '`', '»']).next()?
    } else {
        line.split(['#', '}', '"']).next()?.trim_end()
    };
    let short = inner.chars().count() <= 80 && !inner.contains(['\\', '"']);
    short.then(|| format!("write `\"{inner}\"`"))
}

/// What a test gives, without a symbol between name and value.
fn given(scene: &Scene<'_>) -> Option<String> {
    if scene.first != "test" {
        return None;
    }
    let (found, before) = (scene.found_text(), scene.before_text());
    let symbol = matches!(found, "=" | "==" | ":" | "<" | "<=" | ">" | ">=" | "is");
    let of_expect = scene.second_before.is_some_and(|token| token.text(scene.text) == "expect");
    if symbol && of_expect && !words::EXPECTED.contains(&before) {
        return Some("a test expects a decision; conditions stand in a guarantee, `always …`".to_owned());
    }
    if symbol && before != "given" {
        return Some(format!("leave it out: write `{before} {}`", scene.phrase(1)));
    }
    if before == "is" && words::EXPECTED.contains(&scene.second_before?.text(scene.text)) {
        return Some(format!("leave out `is`: write `{} {found}`", scene.second_before?.text(scene.text)));
    }
    match (before, found) {
        ("expect", "not") => return Some(format!("write `never {}`", scene.phrase(1))),
        ("queue", "for") => {
            return Some("leave it out: a test names only how the request ends, `then queue`".to_owned());
        }
        (_, "." | "*") => return Some("a test is about one use case: write its whole name".to_owned()),
        _ => {}
    }
    if matches!(found, "and" | "&&" | ";") {
        let down = scene.second_before.filter(|token| token.text(scene.text) == "down");
        return Some(match (down, scene.behind(1)) {
            (Some(_), Some(next)) if next != "down" => format!("write `, down {next}`"),
            _ => format!("write `,` instead of `{found}`"),
        });
    }
    // `down a, b` and `given support.reply`: the next clause was read as a value.
    let swallowed = words::TEST.contains(&before);
    let name = scene.second_before?.text(scene.text);
    if words::GIVEN.contains(&found) && scene.expected.contains(&Label::Word(",")) {
        return Some(format!("put a comma before `{found}`"));
    }
    if words::GIVEN.contains(&name) {
        return None;
    }
    match scene.third_before() {
        Some("given") if swallowed => Some(format!("write `given use_case {name}`")),
        Some(",") if swallowed => {
            Some(format!("write the name of the fact before its value, or `down {name}`"))
        }
        _ => None,
    }
}

/// `limit = 5`, `require: …`: nothing stands between a word and what it says.
fn assigned(scene: &Scene<'_>) -> Option<String> {
    let found = scene.found_text();
    let before = scene.before?;
    let word = before.kind == Kind::Word && words::is_keyword(before.text(scene.text));
    let after = word || matches!(before.text(scene.text), "in" | "for" | "as" | "default");
    (after && matches!(found, "=" | ":" | ":=" | "=>") && !scene.expects(found) && scene.meant().is_none())
        .then(|| {
            format!("leave out the `{found}`: {} stands directly before its value", quote(scene.text, before))
        })
}

/// `on a or b`, `prefer a or b`: a list has commas.
fn joined_by_word(scene: &Scene<'_>) -> Option<String> {
    let found = scene.found_text();
    let list = scene.expected.contains(&Label::Word(","));
    if !list {
        return None;
    }
    let same_line = !scene.text.get(scene.before?.end..scene.found?.start)?.contains('\n');
    let is_clause = words::is_keyword(found) && !same_line;
    if matches!(found, "or" | "and" | "&&" | "||" | "|" | "&" | "then" | "+" | ";") && !is_clause {
        return Some(format!("write `,` instead of `{found}`"));
    }
    let item =
        scene.found.filter(|token| token.kind == Kind::Word || matches!(token.kind, Kind::Text { .. }))?;
    let opened = scene
        .second_before
        .is_some_and(|token| LISTS.contains(&token.text(scene.text)) || token.text(scene.text) == ",");
    // What begins a clause ends the list.
    let is_text = |token: Token| matches!(token.kind, Kind::Text { .. });
    let is_alike = scene.before.is_some_and(|before| is_text(before) == is_text(item));
    let is_top = scene.expects_group("a statement");
    let begins = |word: &str| if is_top { words::is_keyword(word) } else { words::is_clause(word) };
    let ends = begins(found) || begins(scene.before_text()) || !same_line || !is_alike;
    (opened && !ends).then(|| format!("put a comma before {}", quote(scene.text, item)))
}

/// A word for which this language has another one, and all that may stand there where it is a closed list.
fn meant(scene: &Scene<'_>) -> Option<String> {
    let found = scene.found.filter(|token| matches!(token.kind, Kind::Word | Kind::Number | Kind::Symbol))?;
    let text = found.text(scene.text);
    let lists: Vec<&[&str]> = scene
        .expected
        .iter()
        .filter_map(|label| match label {
            Label::Group(phrase, words) if !phrase.starts_with(CLAUSE) && words.len() > 1 => Some(*words),
            Label::Word(_) | Label::Group(..) | Label::More(..) | Label::End => None,
        })
        .collect();
    let singles: Vec<&str> = scene
        .expected
        .iter()
        .filter_map(|label| match label {
            Label::Word(word) if word.len() > 1 => Some(*word),
            _ => None,
        })
        .collect();
    let mut ours = lists.iter().copied().chain([singles.as_slice()]);
    let one = ours.find_map(|ours| elsewhere::meant(text, ours));
    one.map(|one| match lists.first().filter(|list| list.contains(&one) && list.len() <= 4) {
        Some(list) => format!("did you mean `{one}`? it is one of {}", nearest::either(list)),
        None => format!("did you mean `{one}`?"),
    })
}
