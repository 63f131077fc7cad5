//! Statements that end before they have said anything: `compliance rule`, `fact tenant in`, `chain a ->`, `limit 4000 usd per`.

use super::{Said, bare, is_over};
use crate::syntax::message::{Scene, quote};
use crate::syntax::scan::{self, Kind, Token};
use crate::syntax::words;

/// The statements with a name, each with an example of its head.
const HEADS: &[(&str, &str)] = &[
    ("failover", "failover standard {"),
    ("budget", "budget company {"),
    ("quota", "quota batch {"),
    ("audit", "audit records {"),
    ("guarantee", "guarantee restricted-stays-home {"),
    ("test", "test \"support survives an outage\" {"),
    ("classifications", "classifications public < internal < confidential"),
    ("regions", "regions eu, us"),
    ("data", "data pii, health"),
    ("capabilities", "capabilities tools, vision"),
    ("teams", "teams support, sales"),
    ("business_units", "business_units service, sales"),
    ("projects", "projects assistant, search"),
    ("applications", "applications chat, mail"),
    ("precedence", "precedence compliance > latency > cost > preference"),
    ("fact", "fact tenant in {standard, premium} default standard"),
];

/// A head whose next word stands on another line and begins something else, or of which nothing more follows.
pub(super) fn head(scene: &Scene<'_>) -> Option<Said> {
    let text = |token: &Token| token.text(scene.text);
    let limit = scene.found.map_or(scene.text.len(), |found| found.end);
    let all: Vec<Token> =
        scan::tokens(scene.text, scene.start).take_while(|token| token.end <= limit).take(8).collect();
    let opened = all.iter().position(|token| text(token) == "{");
    let tokens = all.get(..opened.unwrap_or(all.len()))?;
    let first = tokens.first().map(text)?;
    let breaks = |at: usize| match (tokens.get(at - 1), tokens.get(at)) {
        (Some(a), Some(b)) => scene.text.get(a.end..b.start).is_some_and(|gap| gap.contains('\n')),
        (Some(_), None) => opened.is_none() && scene.found.is_none(),
        _ => false,
    };
    let at = (1..=tokens.len()).find(|at| breaks(*at))?;
    // What begins on the next line is of another statement, or of a block that was not opened.
    let is_other = tokens.get(at).is_none_or(|next| words::is_keyword(text(next)));
    let said: Vec<&str> = tokens.get(..at)?.iter().map(text).collect();
    let whole = Token { end: tokens.get(at - 1)?.end, ..*tokens.first()? };
    let help = match said.as_slice() {
        _ if !is_other => return None,
        ["compliance"] => {
            "write, for example, `compliance rule restricted-stays-home {`, or the names of the list, as in `compliance soc2, gdpr`"
                .to_owned()
        }
        [tier] | [tier, "rule"] if words::TIERS.contains(tier) => {
            format!("write, for example, `{tier} rule NAME {{`")
        }
        ["fact", name] => format!("say its values, for example `fact {name} in {{a, b}} default a`"),
        ["fact", name, "in"] => format!("write its values, for example `fact {name} in {{a, b}} default a`"),
        [_] => {
            let (_, example) = HEADS.iter().find(|(statement, _)| *statement == first)?;
            format!("write, for example, `{example}`")
        }
        _ => return None,
    };
    Some(Said::new(whole, format!("nothing stands after {}", quote(scene.text, whole)), help))
}

/// `fact tenant in {standard,` above another statement: where the values end is not said.
pub(super) fn values(scene: &Scene<'_>) -> Option<Said> {
    let open = scene.open.filter(|open| scene.first == "fact" && open.text(scene.text) == "{")?;
    let limit = scene.found.map_or(scene.text.len(), |found| found.end);
    let mut last = open.end;
    let mut begins = scan::tokens(scene.text, open.end).take_while(|token| token.end <= limit).map(|token| {
        let is_below = scene.text.get(last..token.start).is_some_and(|gap| gap.contains('\n'));
        last = token.end;
        is_below && words::STATEMENTS.contains(&token.text(scene.text))
    });
    let name = scan::tokens(scene.text, scene.start).nth(1)?;
    begins.any(|begins| begins).then(|| {
        let name = name.text(scene.text);
        let help =
            format!("close them with `}}`, and say their default, as in `fact {name} in {{a, b}} default a`");
        Said::new(open, format!("the values of `{name}` are not closed"), help)
    })
}

/// What a clause lacks that ends in the middle.
pub(super) fn clause(scene: &Scene<'_>) -> Option<String> {
    let text = |token: &Token| token.text(scene.text);
    let last = scene.before.filter(|before| scene.beginnings().is_none() && is_over(scene, *before))?;
    let clause = scene.clause();
    let opener = text(clause.first()?);
    let written = scene.written(&clause)?;
    let short = written.chars().count() <= 80 && !written.contains('\n');
    Some(match (scene.first, opener, text(&last)) {
        ("budget", "limit", "per") if short => format!("write, for example, `{written} month`"),
        ("quota", "limit", "per") if short => format!("write, for example, `{written} minute`"),
        ("budget", "limit", "usd") if short => format!("write, for example, `{written} per month`"),
        ("quota", "limit", "requests" | "tokens") if short => {
            format!("write, for example, `{written} per minute`")
        }
        ("failover", "chain", "->") => "write the model that follows, as in `chain a/b -> c/d`".to_owned(),
        ("test", "expect", "->") => "write the model that follows, as in `expect a/b -> c/d`".to_owned(),
        ("test", "expect", "rule") => "write its name, as in `expect rule NAME`".to_owned(),
        ("test", "expect", "then") if short => format!("write, for example, `{written} block`"),
        ("test", "given", name) if last.kind == Kind::Word => of_given(name),
        (_, _, ",") => return None,
        (_, "when" | "require" | "forbid" | "for" | "always" | "never", _) => return None,
        (statement, opener, _) if words::is_clause(opener) && is_over(scene, last) => {
            let example = bare::example(statement, opener)?;
            format!("write, for example, `{example}`")
        }
        _ => return None,
    })
}

/// What is said of a name in a test with no value behind it.
fn of_given(name: &str) -> String {
    match name {
        "use_case" => "write its name, as in `use_case support.reply`".to_owned(),
        "classification" => "write the level, as in `classification restricted`".to_owned(),
        "down" => "write what is down, as in `down openai`".to_owned(),
        "on" => "write the trigger, as in `on timeout`".to_owned(),
        "budget.remaining" => "write its share, as in `budget.remaining 15%`".to_owned(),
        name => format!("write its value, as in `{name} NAME`"),
    }
}

/// `given` with nothing behind it, `given use_case a, tenant`: the next clause was read as what is given.
pub(super) fn swallowed(scene: &Scene<'_>) -> Option<Said> {
    let first = *scene.clause().first()?;
    let before = scan::tokens(scene.text, scene.start).take_while(|token| token.end <= first.start);
    let before: Vec<Token> = before.take(400).collect();
    let lacking = *before.last()?;
    let breaks = scene.text.get(lacking.end..first.start)?.contains('\n');
    let earlier = before.get(before.len().checked_sub(2)?).map_or("", |token| token.text(scene.text));
    let name = lacking.text(scene.text);
    let message = format!("nothing stands after {}", quote(scene.text, lacking));
    // `down north, quay` names two that are down.
    let is_down = before.iter().rev().take(12).any(|token| token.text(scene.text) == "down");
    if scene.first == "test"
        && breaks
        && (words::GIVEN.contains(&name) || (earlier == "," && !is_down))
        && matches!(earlier, "given" | ",")
        && words::TEST.contains(&first.text(scene.text))
    {
        return Some(Said::new(lacking, message, of_given(name)));
    }
    if scene.first == "test" && breaks && name == "," {
        return Some(Said::new(lacking, message, "leave out the `,`, or write behind it what else is given"));
    }
    if !matches!(name, "given" | "expect" | "on") {
        return None;
    }
    let line = scan::line_start(scene.text, lacking.start);
    let is_alone = scene.text.get(line..lacking.start)?.trim().is_empty()
        && scene.text.get(lacking.end..first.start)?.contains('\n');
    let example = bare::example(scene.first, lacking.text(scene.text)).filter(|_| is_alone)?;
    let help = format!("write, for example, `{example}`");
    Some(Said::new(lacking, message, help))
}

/// `owner ["a", "b"]`: there is one.
pub(super) fn owners(scene: &Scene<'_>) -> Option<Said> {
    let open = scene.found.filter(|found| matches!(found.text(scene.text), "[" | "(" | "{"))?;
    let onward = scene.onward();
    let mut texts = onward.iter().filter(|token| matches!(token.kind, Kind::Text { closed: true }));
    let first = texts.next().filter(|_| scene.before_text() == "owner")?;
    texts.next()?;
    let close = onward.iter().find(|token| matches!(token.text(scene.text), "]" | ")" | "}"))?;
    let help = format!(
        "write one of them without brackets, as in `owner {}`: `escalate` and `notify` name the others",
        first.text(scene.text)
    );
    Some(Said::new(Token { end: close.end, ..open }, "there is one `owner`", help))
}
