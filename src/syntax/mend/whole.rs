//! Words that are a whole clause elsewhere: `cheapest_eligible`, `route_to_self_hosted_only`, `prefer_anthropic`.

use super::Mend;
use crate::diag::among::{is_next, order, own};
use crate::diag::elsewhere;
use crate::syntax::foreign;
use crate::syntax::message::Scene;
use crate::syntax::scan::{Kind, Token};
use crate::syntax::words;

/// Words for what comes next where a model fails.
const FALLBACKS: [&str; 9] = [
    "fallback",
    "fallbacks",
    "fall_back",
    "fallback_to",
    "failover",
    "otherwise",
    "else",
    "backup",
    "orelse",
];

/// Whether a word stands for what comes next where a model fails.
fn is_fallback(word: &str) -> bool {
    FALLBACKS.contains(&word.to_lowercase().as_str())
}

/// `fallback: cheapest_eligible`, `follow next_eligible` in a failover statement: it goes through all that may serve.
pub(super) fn of_failover(scene: &Scene<'_>) -> Option<Mend> {
    let found = scene.found.filter(|_| scene.first == "failover")?;
    let onward = scene.onward();
    let text = |token: &Token| token.text(scene.text);
    let opener = scene.before.filter(|before| matches!(text(before), "follow" | "chain"));
    let skips = |token: &&Token| matches!(text(token), ":" | "=" | "to" | "is" | "the" | "->");
    let at = match opener {
        Some(_) => 0,
        None if is_fallback(text(&found)) => 1 + onward.iter().skip(1).take_while(skips).count(),
        None => return None,
    };
    let next = onward.get(at).filter(|next| is_next(text(next)))?;
    if opener.is_none() && foreign::follows_already(scene) {
        let help = "leave it out: what the statement has already says who comes next, and `ranking` goes through all that may serve";
        let shown = Token { end: next.end, ..found };
        let message = format!("who comes next is said already, found `{}`", shown.text(scene.text));
        return Some(Mend::new(found.start, next.end, "").message(message).help(help));
    }
    let start = opener.map_or(found.start, |opener| opener.start);
    let right = "follow ranking";
    let write = if opener.is_some() { "write it as" } else { "write" };
    let help = format!(
        "{write} `{right}`: it goes through all that may serve, the cheapest first without a `prefer`"
    );
    Some(Mend::new(start, next.end, right).help(help))
}

/// `prefer azure-eu fallback openai`: what comes next stands behind a comma, or is an order of its own.
pub(super) fn of_prefer(scene: &Scene<'_>) -> Option<Mend> {
    let found = scene.found?;
    let onward = scene.onward();
    let text = |token: &Token| token.text(scene.text);
    let clause = scene.clause();
    let is_prefer = clause.first().is_some_and(|first| text(first) == "prefer") && clause.len() > 1;
    let skips = |token: &&Token| matches!(text(token), ":" | "=" | "to" | "is" | "the" | "->");
    let joins = |token: &&Token| matches!(text(token), "," | "and" | "with" | "then" | "or");
    let joined = onward.iter().take_while(joins).count();
    // `prefer a, fallback: b`: the word was read as a name.
    if let Some(before) = scene.before.filter(|before| is_prefer && is_fallback(text(before))) {
        let next = onward.iter().find(|token| !skips(token)).filter(|next| scene.is_word(next))?;
        return Some(Mend::new(before.start, next.end, text(next)));
    }
    let is_fallback = is_fallback(text(onward.get(joined)?));
    let at = joined + 1 + onward.iter().skip(joined + 1).take_while(skips).count();
    let next = onward.get(at).filter(|next| is_prefer && is_fallback && scene.is_word(next))?;
    let right = match order(text(next)).or_else(|| own(text(next))) {
        Some(order) => format!("prefer {order}"),
        None => format!(", {}", text(next)),
    };
    let before = scene.before?;
    Some(match right.strip_prefix(", ") {
        Some(_) => {
            let right = format!("{}{right}", text(&before));
            Mend::new(before.start, next.end, right)
        }
        None => Mend::new(found.start, next.end, right),
    })
}

/// Names by which people call providers everywhere.
fn is_vendor(name: &str) -> bool {
    const VENDORS: [&str; 14] = [
        "anthropic",
        "azure",
        "bedrock",
        "claude",
        "cohere",
        "deepseek",
        "gemini",
        "google",
        "gpt",
        "groq",
        "llama",
        "mistral",
        "openai",
        "vertex",
    ];
    VENDORS.iter().any(|vendor| name.starts_with(vendor))
}

/// What a word says in a rule: the clause of ours.
fn clause_of(word: &str) -> Option<String> {
    const BEGINNINGS: [(&str, &str); 24] = [
        ("route-to-", "prefer"),
        ("send-to-", "prefer"),
        ("go-to-", "prefer"),
        ("use-", "prefer"),
        ("prefer-", "prefer"),
        ("favor-", "prefer"),
        ("favour-", "prefer"),
        ("prioritize-", "prefer"),
        ("prioritise-", "prefer"),
        ("only-", "require"),
        ("require-", "require"),
        ("requires-", "require"),
        ("must-be-", "require"),
        ("must-use-", "require"),
        ("restrict-to-", "require"),
        ("allow-only-", "require"),
        ("no-", "forbid"),
        ("forbid-", "forbid"),
        ("block-", "forbid"),
        ("avoid-", "forbid"),
        ("deny-", "forbid"),
        ("never-", "forbid"),
        ("exclude-", "forbid"),
        ("ban-", "forbid"),
    ];
    let folded = word.to_lowercase().replace('_', "-");
    let begin = BEGINNINGS.iter().find_map(|(begin, ours)| Some((folded.strip_prefix(begin)?, *ours)));
    let (rest, ours) = begin.unwrap_or((&folded, ""));
    let (rest, is_only) = match rest.strip_suffix("-only") {
        Some(rest) => (rest, true),
        None => (rest, false),
    };
    let ours = match (ours, is_only) {
        ("prefer" | "", true) => "require",
        ("", false) => return order(rest).map(|order| format!("prefer {order}")),
        (ours, _) => ours,
    };
    let rest =
        ["the-", "models-in-", "models-from-"].iter().find_map(|of| rest.strip_prefix(of)).unwrap_or(rest);
    let rest = rest.trim_end_matches("-models").trim_end_matches("-provider").trim_end_matches("-region");
    if rest.is_empty() {
        return None;
    }
    let order = order(rest).or_else(|| own(rest)).or_else(|| elsewhere::meant(rest, words::PREFERENCES));
    if let Some(order) = order.filter(|_| ours != "forbid") {
        return Some(format!("prefer {order}"));
    }
    let is_place = matches!(rest, "eu" | "us" | "uk" | "de" | "ch" | "fr" | "apac" | "emea");
    if is_place && ours == "require" {
        return Some(format!("process in {rest}"));
    }
    let hosting = elsewhere::meant(rest, &["self-hosted", "private-cloud"]);
    let tested = match (elsewhere::attribute_of(rest), hosting) {
        (Some(attribute), _) => format!("{attribute} == {rest}"),
        (None, Some(hosting)) => format!("model.hosting == {hosting}"),
        (None, None) if ours == "prefer" => return Some(format!("prefer {rest}")),
        (None, None) => format!("model.provider == {rest}"),
    };
    Some(if ours == "prefer" { format!("prefer where {tested}") } else { format!("{ours} {tested}") })
}

/// `cheapest_eligible`, `route_to_self_hosted_only`, `fallback: cheapest_eligible` where a clause of a rule begins.
pub(super) fn of_rule(scene: &Scene<'_>) -> Option<Mend> {
    let found = scene.found.filter(|found| found.kind == Kind::Word)?;
    let begins = scene.beginnings().is_some_and(|words| words.contains(&"prefer"));
    if !begins || words::is_keyword(found.text(scene.text)) {
        return None;
    }
    let onward = scene.onward();
    let text = |token: &Token| token.text(scene.text);
    let skips = |token: &&Token| matches!(text(token), ":" | "=" | "to" | "is" | "the" | "->");
    let behind = onward.iter().skip(1).take_while(skips).count();
    if is_fallback(text(&found)) {
        let next = onward.get(1 + behind)?;
        let order = order(text(next)).or_else(|| own(text(next)))?;
        return Some(Mend::new(found.start, next.end, format!("prefer {order}")));
    }
    // With something behind it, the word is another's.
    let ends = onward.get(1).is_none_or(|next| text(next) == "}" || words::is_clause(text(next)));
    let right = clause_of(text(&found)).filter(|_| ends && text(&found).contains(['_', '-']))?;
    let mend = Mend::new(found.start, found.end, right.clone());
    // Whether there is a provider of that name, no text says.
    let guessed = right
        .strip_prefix("prefer ")
        .or_else(|| right.rsplit_once("model.provider == ").map(|(_, name)| name));
    let is_guess =
        |name: &&str| !words::PREFERENCES.contains(name) && !name.contains(' ') && !is_vendor(name);
    Some(match guessed.filter(is_guess) {
        Some(name) => mend.help(format!("if `{name}` is a provider, write `{right}`")).choice(),
        None => mend,
    })
}
