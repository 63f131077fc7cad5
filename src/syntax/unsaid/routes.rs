//! What a test cannot expect, and what it is not given: conditions, rules that do not apply, patterns, days.

use super::Said;
use crate::diag::day;
use crate::syntax::message::{Scene, quote};
use crate::syntax::scan::{self, Kind, Token};
use crate::syntax::words;

/// `expect failover f`: what a test may expect.
pub(super) fn expected(scene: &Scene<'_>) -> Option<Said> {
    let (found, before) = (scene.found?, scene.before?);
    let of_expect = scene.second_before.is_some_and(|token| token.text(scene.text) == "expect");
    let names = |token: Token| matches!(token.kind, Kind::Word | Kind::Text { .. });
    let other = !words::EXPECTED.contains(&before.text(scene.text)) && names(before) && names(found);
    let same_line = !scene.text.get(before.end..found.start)?.contains('\n');
    let ours = words::TEST.contains(&scene.found_text()) || scene.found_text() == "then";
    let is_primary = before.text(scene.text) == "primary" && scene.found_text() == "not";
    let not_what = before.text(scene.text) == "expect"
        && scene.first == "test"
        && scene.found_text() == "not"
        && scene.behind(1).is_some_and(|next| words::EXPECTED.contains(&next));
    if not_what {
        return Some(Said::new(found, "a test expects what is decided, and not what is not", FORMS));
    }
    if scene.first != "test" || !of_expect || !same_line || ours || !(other || is_primary) {
        return None;
    }
    if crate::syntax::mend::expects(scene) {
        return None;
    }
    let said = Token { start: before.start, ..found };
    let message = format!("a test does not expect {}", quote(scene.text, said));
    let name = found.text(scene.text);
    Some(match before.text(scene.text) {
        "rules" | "applies" | "applied" | "matches" => {
            Said::new(said, message, format!("write `rule {name}`: one `expect` for each rule"))
        }
        _ => Said::new(said, message, FORMS),
    })
}

/// What a test may expect.
const FORMS: &str = "write `primary MODEL`, `never MODEL`, `rule NAME`, `terminal block`, `unroutable`, or the targets as in `a -> b`";

/// The tokens of the `expect` in which the parser gave up, from behind it to the end of its line or block.
fn expectation(scene: &Scene<'_>) -> Option<Vec<Token>> {
    if scene.first != "test" {
        return None;
    }
    // A line below begins a clause of its own, unless what is expected was not named yet.
    let (before, found) = (scene.before?, scene.found.map_or(scene.failed, |found| found.start));
    let is_below = scene.text.get(before.end..found).is_some_and(|gap| gap.contains('\n'));
    let waits = ["expect", "->", "primary", "never", "terminal", "rule"].contains(&scene.before_text());
    if is_below && !waits {
        return None;
    }
    let clause = scene.clause();
    let expect = clause.first()?.text(scene.text) == "expect";
    let mut tokens: Vec<Token> = clause.get(1..).filter(|_| expect)?.to_vec();
    tokens.extend(scene.onward());
    let end = tokens.iter().position(|token| token.text(scene.text) == "}");
    tokens.truncate(end.unwrap_or(tokens.len()));
    Some(tokens)
}

/// The stretch from the first to the last of some tokens.
fn stretch(tokens: &[Token]) -> Option<Token> {
    let (first, last) = (tokens.first()?, tokens.last()?);
    Some(Token { start: first.start, end: last.end, kind: first.kind })
}

/// `expect primary model.hosting == cloud`, `expect primary in eu`: a test names what is decided.
pub(super) fn condition(scene: &Scene<'_>) -> Option<Said> {
    let tokens = expectation(scene)?;
    let text = |token: &Token| token.text(scene.text);
    let [kind, rest @ ..] = tokens.as_slice() else { return None };
    // Behind what is expected, a clause begins that is none of a test.
    let rest =
        rest.get(..rest.iter().position(|token| words::is_clause(text(token))).unwrap_or(rest.len()))?;
    let tests = |token: &Token| {
        words::COMPARISONS.contains(&text(token)) || matches!(text(token), "has" | "in" | "covers")
    };
    let tested = rest.iter().position(tests)?;
    let operator = text(rest.get(tested)?);
    let is_list = rest.get(tested + 1).is_some_and(|next| matches!(text(next), "[" | "one"));
    if !matches!(text(kind), "primary" | "never")
        || (tested == 0 && (is_list || matches!(operator, "==" | "!=")))
    {
        return None;
    }
    let written = |from: usize| scene.text.get(rest.get(from)?.start..rest.last()?.end);
    let condition = match (tested, operator) {
        (0, "in") => format!("model.regions has {}", text(rest.get(1)?)),
        (0, "has" | "covers") => format!("model.compliance {}", written(0)?),
        _ => {
            let attribute = text(rest.first()?);
            let family = if attribute.starts_with("model.") { "" } else { "model." };
            format!("{family}{}", written(0)?)
        }
    };
    let always = if text(kind) == "never" { "never" } else { "always" };
    Some(Said::new(
        stretch(rest)?,
        "a test names the model or provider that is expected",
        format!(
            "write its name, as in `{} PROVIDER`; a condition is promised in a guarantee, `{always} {condition}`",
            text(kind)
        ),
    ))
}

/// `expect rule not x`, `expect never rule x`: no test says that a rule does not apply.
pub(super) fn no_rule(scene: &Scene<'_>) -> Option<Said> {
    let tokens = expectation(scene)?;
    let said: Vec<&str> = tokens.iter().map(|token| token.text(scene.text)).collect();
    let is_not = |word: &str| matches!(word, "not" | "no" | "never" | "!" | "!=" | "without");
    let what = match said.as_slice() {
        ["rule" | "rules", not, _] | [not, "rule" | "rules", _] if is_not(not) => {
            "that a rule does not apply"
        }
        ["terminal" | "then", not, _] | [not, "terminal" | "then", _] if is_not(not) => {
            "how a request does not end"
        }
        [not, "unroutable"] | ["unroutable", not] if is_not(not) || matches!(*not, "false" | "off") => {
            "that there is a route"
        }
        _ => return None,
    };
    let span = stretch(&tokens)?;
    Some(Said::new(span, format!("no test expects {what}, found {}", quote(scene.text, span)), FORMS))
}

/// `expect * -> a`, `expect never *`: what is expected has a name.
pub(super) fn star(scene: &Scene<'_>) -> Option<Said> {
    let star = scene.found.filter(|found| found.text(scene.text) == "*")?;
    expectation(scene)?;
    // `north/*` stands for the provider.
    if scene.before.is_some_and(|before| before.end >= star.start) {
        return None;
    }
    let help = match scene.before_text() {
        "never" => "name the one that may not serve it; where none may, a test expects `unroutable`",
        "->" => "name every target in its order, or expect the first alone, as in `primary PROVIDER`",
        "primary" => "name the provider or model that is expected first, as in `primary PROVIDER`",
        _ => {
            "name the providers or models, as in `a -> b`; of a route, `never PROVIDER` says who is not on it"
        }
    };
    Some(Said::new(star, "a test names what is expected: a `*` names nothing", help))
}

/// `given use_case a, date 2027-01-01`, `as-of 2027-01-01`: the day is the one for which everything is decided.
pub(super) fn day(scene: &Scene<'_>) -> Option<Said> {
    if scene.first != "test" {
        return None;
    }
    let start = scan::line_start(scene.text, scene.found?.start).max(scene.start);
    let end = scan::line_end(scene.text, scene.found?.start);
    let tokens: Vec<Token> =
        scan::tokens(scene.text, start).take_while(|token| token.start < end).take(64).collect();
    let is_number =
        |token: &&Token| token.kind == Kind::Number || matches!(token.kind, Kind::Text { closed: true });
    let (name, written) = tokens.windows(2).find_map(|pair| {
        let [name, value] = pair else { return None };
        let line = scene.text.get(value.start..end).filter(|_| is_number(&value))?;
        let written = line.trim_start_matches('"').get(..10).filter(|written| day::is_day(written))?;
        Some((*name, (written, value.start + line.find(written)? + written.len())))
    })?;
    let (written, last) = written;
    let said = Token { end: last, ..name };
    Some(Said::new(
        said,
        format!("a test is given no day, found {}", quote(scene.text, said)),
        format!("leave it out: every test is run for one day, `govctl test --as-of {written}`"),
    ))
}

/// `expect a then degrade "x"`: a test names how it ends.
pub(super) fn no_words(scene: &Scene<'_>) -> Option<Said> {
    let text = scene.found.filter(|found| matches!(found.kind, Kind::Text { closed: true }))?;
    let end = scene.before_text();
    let is_end = scene.first == "test" && words::TERMINALS.contains(&end);
    is_end.then(|| {
        let help = format!(
            "leave the text out: a test expects how it ends, `{} {end}`",
            scene.second_before.map_or("then", |token| token.text(scene.text))
        );
        Said::new(text, format!("`{end}` has no text in a test"), help)
    })
}
