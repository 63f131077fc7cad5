//! What a `prefer` orders by, texts without quotes, and how long a request waits.

use super::Mend;
use crate::diag::elsewhere;
use crate::syntax::message::Scene;
use crate::syntax::scan::{self, Kind, Token};
use crate::syntax::words;

/// `prefer if …`, `prefer most available`, `prefer cheapest where …`.
pub(super) fn preference(scene: &Scene<'_>) -> Option<Mend> {
    let clause = scene.clause();
    let onward = scene.onward();
    let found = scene.found_text();
    let [prefer, rest @ ..] = clause.as_slice() else { return None };
    if prefer.text(scene.text) != "prefer" {
        return None;
    }
    let begin = rest.first();
    let first = begin.map_or(found, |token| token.text(scene.text));
    let start = begin.map_or(scene.found?.start, |token| token.start);
    let condition = scene.operand(&onward);
    let end = condition.last()?.end;
    let behind = scene.written(condition)?;
    let is_order = matches!(first, "cheapest" | "fastest" | "most-available");
    if rest.len() == 1 && is_order && matches!(found, "where" | "if" | "when" | "for" | "with" | "of") {
        let tested = scene.written(condition.get(1..)?)?;
        let text = format!("prefer where {tested} prefer {first}");
        let help = format!("give each its own clause: `prefer where {tested}` and then `prefer {first}`");
        return Some(Mend::new(prefer.start, end, text).help(help));
    }
    if rest.len() == 1
        && matches!(first, "if" | "when" | "those" | "models" | "with" | "whose" | "for" | "only")
    {
        let skipped = usize::from(matches!(found, "with" | "where" | "whose" | "that"));
        let text = scene.written(condition.get(skipped..)?)?;
        return Some(Mend::new(prefer.start, end, format!("prefer where {text}")));
    }
    // `prefer model.cost == cheapest`
    if rest.len() == 1
        && first.starts_with("model.")
        && let [_, order] = condition
        && words::PREFERENCES.contains(&order.text(scene.text))
    {
        let right = format!("prefer {}", order.text(scene.text));
        let help = format!("an order needs no attribute: write it as `{right}`");
        return Some(Mend::new(prefer.start, end, right).help(help));
    }
    if rest.len() == 1 && first.starts_with("model.") && !matches!(found, "," | "->" | "or" | "and") {
        return Some(Mend::new(prefer.start, end, format!("prefer where {first} {behind}")));
    }
    let all: Vec<Token> = rest.iter().chain(condition).copied().collect();
    if let Some(order) = by_attribute(scene, &all) {
        return Some(Mend::new(start, end, order));
    }
    if rest.is_empty() && first == "not" {
        return None;
    }
    // `most available`, `the cheapest`, `lowest cost first`.
    let all: Vec<&str> = rest.iter().chain(condition).map(|token| token.text(scene.text)).collect();
    let said: Vec<&str> = all
        .into_iter()
        .filter(|text| !matches!(*text, "the" | "by" | "first" | "model" | "models" | "one"))
        .collect();
    let joined = said.join("-");
    let order = words::PREFERENCES.iter().copied().find(|known| *known == joined && joined != "where");
    let order = order.or_else(|| elsewhere::meant(&joined, words::PREFERENCES))?;
    Some(Mend::new(start, end, order))
}

/// `prefer -model.cost`, `prefer lowest model.cost`: what an attribute orders by.
fn by_attribute(scene: &Scene<'_>, tokens: &[Token]) -> Option<&'static str> {
    const LOW: [&str; 10] =
        ["-", "low", "lowest", "least", "min", "minimum", "smallest", "lower", "asc", "ascending"];
    const HIGH: [&str; 8] = ["high", "highest", "most", "max", "maximum", "desc", "descending", "+"];
    let mut order = None;
    for token in tokens {
        let text = token.text(scene.text);
        match text {
            "by" | "first" | "(" | ")" | "the" | "order" => {}
            _ if LOW.contains(&text) && order != Some("most-available") => {}
            _ if HIGH.contains(&text) && matches!(order, None | Some("most-available")) => {}
            _ => order = Some(words::order_of(text)?),
        }
    }
    let is_high = tokens.iter().any(|token| HIGH.contains(&token.text(scene.text)));
    let is_low = tokens.iter().any(|token| LOW.contains(&token.text(scene.text)));
    order.filter(|order| if *order == "most-available" { !is_low } else { !is_high })
}

/// `prefer openai 80%, azure 20%`: a `prefer` puts in order and does not divide.
pub(super) fn weights(scene: &Scene<'_>) -> Option<Mend> {
    let clause = scene.clause();
    let (keyword, before) = clause.split_first()?;
    let opener = keyword.text(scene.text);
    let number = |token: &Token| token.kind == Kind::Number;
    let onward = scene.onward();
    let marked = matches!(scene.found_text(), ":" | "=" | "(" | "@") && onward.get(1).is_some_and(number);
    let list = before.iter().all(|token| scene.is_word(token) || token.kind == Kind::Symbol);
    if !list {
        return None;
    }
    if !matches!(opener, "prefer" | "chain") || !(marked || scene.found.as_ref().is_some_and(number)) {
        return None;
    }
    let end = onward.iter().position(|token| token.text(scene.text) == "}").unwrap_or(onward.len());
    let all: Vec<Token> = before.iter().chain(onward.get(..end)?).copied().collect();
    let is_weight = |text: &str| {
        matches!(
            text,
            "weight" | "weights" | "weighted" | "ratio" | "share" | "split" | "traffic" | "percent"
        )
    };
    let names = all.iter().filter(|token| scene.is_word(token)).map(|token| token.text(scene.text));
    let names: Vec<&str> = names.filter(|name| !is_weight(name)).collect();
    let joint = if opener == "chain" { " -> " } else { ", " };
    let text = format!("{opener} {}", names.join(joint));
    let help = format!("models stand in an order and share no traffic: write it as `{text}`");
    Some(Mend::new(keyword.start, all.last()?.end, text).help(help))
}

/// A text of several words without quotes, or in others.
pub(super) fn strings(scene: &Scene<'_>) -> Option<Mend> {
    let found = scene.found.filter(|token| matches!(token.kind, Kind::Word | Kind::Number))?;
    let keyword = scene.before_text();
    let wanted = scene.expects_group("a string")
        && matches!(keyword, "because" | "degrade" | "owner" | "notify" | "escalate" | "test");
    if !wanted || words::is_clause(found.text(scene.text)) {
        return None;
    }
    let line = scene.text.get(found.start..scan::line_end(scene.text, found.start))?;
    let line = line.split(['#', '}', '{', '"', '\\']).next()?.trim_end();
    if line.chars().count() > 120 {
        return None;
    }
    if keyword == "degrade" && (line.starts_with("to ") || line.contains('/')) {
        let help = "`degrade` answers with a text, as in `degrade \"try again later\"`; a model stands in `chain` or `prefer`";
        return Some(
            Mend::new(found.start, found.start + line.len(), format!("\"{line}\"")).choice().help(help),
        );
    }
    let quoted = |text: &str| format!("\"{}\"", text.trim());
    let text = if matches!(keyword, "notify" | "escalate") {
        line.split(',').map(quoted).collect::<Vec<_>>().join(", ")
    } else {
        quoted(line)
    };
    Some(Mend::new(found.start, found.start + line.len(), text))
}

/// `queue up to 15 minutes`, `queue max 15 minutes`.
pub(super) fn wait(scene: &Scene<'_>) -> Option<Mend> {
    let found = scene.found?;
    if scene.before_text() != "queue" || !scene.expects("for") {
        return None;
    }
    let onward = scene.onward();
    let from = onward.iter().position(|token| token.kind == Kind::Number)?;
    let fits = |token: &&Token| {
        matches!(token.kind, Kind::Number | Kind::Word) && !words::is_clause(token.text(scene.text))
    };
    let time: Vec<Token> = onward.iter().skip(from).take_while(fits).copied().collect();
    let written = scene.written(&time)?;
    let closer = onward.get(from + time.len()).filter(|token| matches!(token.text(scene.text), ")" | "]"));
    let wanted = crate::diag::quantity::Wanted::Duration(crate::diag::quantity::Bare::Minutes);
    let (quantity, _) = crate::diag::quantity::read(written, wanted)?;
    let end = closer.or(time.last())?.end;
    let time = format!("for {}", quantity.written(wanted)?);
    let queue = scene.before.filter(|queue| queue.end == found.start);
    // `queue(15 minutes)`
    Some(match queue {
        Some(queue) => Mend::new(queue.start, end, format!("queue {time}")),
        None => Mend::new(found.start, end, time),
    })
}

/// A list in other brackets than it has here, or in none.
pub(super) fn brackets(scene: &Scene<'_>) -> Option<Mend> {
    let found = scene.found?;
    let (open, close) = match (scene.expects("["), scene.expects("{")) {
        (true, _) => ("[", "]"),
        (_, true) => ("{", "}"),
        _ => return None,
    };
    let onward = scene.onward();
    if matches!(scene.found_text(), "(" | "{" | "[") && scene.found_text() != open {
        let end = onward.iter().position(|token| matches!(token.text(scene.text), ")" | "}" | "]"))?;
        let inner = scene.written(onward.get(1..end)?)?;
        let whole = onward.get(end)?.end;
        return Some(Mend::new(found.start, whole, format!("{open}{inner}{close}")));
    }
    if scene.before_text() != "in" || !matches!(found.kind, Kind::Word | Kind::Text { .. } | Kind::Number) {
        return None;
    }
    let text = scene.found_text();
    if let Some(all) = named_list(text).filter(|all| scene.expects(all)) {
        return Some(Mend::new(found.start, found.end, all));
    }
    if scene.first == "fact" && matches!(text, "string" | "strings" | "text" | "number" | "numbers" | "enum")
    {
        return None;
    }
    if words::is_set(text) {
        // `pii in data`: the set stands on the left.
        let tokens = scene.comparison();
        let (_, element) = tokens.split_last()?;
        if let [one] = element
            && words::is_set(one.text(scene.text))
        {
            let covers = format!("{text} covers {}", one.text(scene.text));
            return Some(Mend::new(one.start, found.end, covers));
        }
        let swapped = format!("{text} has {}", scene.written(element)?);
        return Some(Mend::new(element.first()?.start, found.end, swapped));
    }
    let mut parted = true;
    let items = onward.iter().take_while(|token| {
        let comma = token.text(scene.text) == ",";
        let item = parted != comma && (comma || token.kind != Kind::Symbol);
        parted = comma;
        item
    });
    let items: Vec<Token> = items.copied().collect();
    let written = scene.written(&items)?;
    Some(Mend::new(found.start, items.last()?.end, format!("{open}{written}{close}")))
}

/// The list of the vocabulary that a word stands for, of those that have the values of facts.
pub(in crate::syntax) fn named_list(word: &str) -> Option<&'static str> {
    const LISTS: [(&[&str], &str); 2] = [
        (
            &[
                "region",
                "regions",
                "area",
                "areas",
                "location",
                "locations",
                "residency",
                "residencies",
                "country",
                "countries",
                "geo",
                "geos",
                "geography",
                "jurisdiction",
                "jurisdictions",
                "zone",
                "zones",
                "place",
                "places",
                "continents",
                "territories",
            ],
            "regions",
        ),
        (
            &[
                "classification",
                "classifications",
                "class",
                "classes",
                "level",
                "levels",
                "sensitivity",
                "sensitivities",
                "dataclassification",
                "sensitivitylevels",
                "classificationlevels",
            ],
            "classifications",
        ),
    ];
    let folded: String = word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    LISTS.iter().find(|(theirs, _)| theirs.contains(&folded.as_str())).map(|(_, ours)| *ours)
}

/// A text in other quotes.
pub(super) fn quotes(scene: &Scene<'_>) -> Option<Mend> {
    let found = scene.found?;
    let closers: &[char] = match scene.found_text() {
        "'" => &['\''],
        "`" => &['`'],
        "‘" | "’" => &['’', '‘'],
        "“" | "”" | "„" => &['”', '“'],
        "«" => &['»'],
        // An address, as mail programs write it.
        "<" if scene.expects_group("a string") => &['>'],
        _ => return None,
    };
    let line = scene.text.get(found.end..scan::line_end(scene.text, found.end))?;
    let length = line.find(closers)?;
    let inner = line.get(..length)?;
    let closer = line.get(length..)?.chars().next()?.len_utf8();
    let plain = inner.chars().count() <= 120 && !inner.contains(['"', '\\']);
    // An order is no name.
    let is_order = scene.before_text() == "prefer" && words::PREFERENCES.contains(&inner) && inner != "where";
    let right = if is_order { inner.to_owned() } else { format!("\"{inner}\"") };
    let end = found.end + length + closer;
    if !is_order
        && scene.expects_name()
        && scene.clause().first().is_some_and(|first| first.start != found.start)
    {
        return models(scene, inner, end, closers)
            .or_else(|| plain.then(|| Mend::new(found.start, end, right)));
    }
    plain.then(|| Mend::new(found.start, end, right))
}

/// Models in other quotes, which need none, with the others of the line.
fn models(scene: &Scene<'_>, inner: &str, end: usize, closers: &[char]) -> Option<Mend> {
    let opener = scene.clause().first()?.text(scene.text);
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
    let is_plain = inner.starts_with(|c: char| c.is_ascii_alphabetic())
        && inner.ends_with(|c: char| c.is_ascii_alphanumeric())
        && inner.chars().all(is_part)
        && !words::RESERVED.contains(&inner);
    if !is_plain || !matches!(opener, "prefer" | "chain" | "on" | "expect") {
        return None;
    }
    let rest = scene.text.get(end..scan::line_end(scene.text, end))?.trim_end();
    let marks = |c: char| closers.contains(&c) || scene.found_text().contains(c);
    let others = if rest.contains(marks) && !rest.contains(['#', '}']) { rest } else { "" };
    let right = format!("{inner}{}", others.replace(marks, ""));
    Some(Mend::new(scene.found?.start, end + others.len(), right))
}

/// A text with three quotes on each side, of those that are none here.
pub(super) fn tripled(scene: &Scene<'_>) -> Option<Mend> {
    let found = scene.found.filter(|_| scene.expects_group("a string"))?;
    let line = scene.text.get(found.start..scan::line_end(scene.text, found.start))?;
    let (inner, rest) = line.strip_prefix("'''")?.split_once("'''")?;
    let is_text = !inner.is_empty() && !inner.contains(['"', '\\']);
    is_text.then(|| Mend::new(found.start, found.start + line.len() - rest.len(), format!("\"{inner}\"")))
}

/// `classifications {a < b}`: a list of the vocabulary has no brackets.
pub(super) fn unbracketed(scene: &Scene<'_>) -> Option<Mend> {
    let found = scene.found.filter(|found| matches!(found.text(scene.text), "{" | "[" | "("))?;
    let is_list =
        matches!(scene.first, "classifications" | "precedence") || words::VOCABULARIES.contains(&scene.first);
    if !is_list || scene.before_text() != scene.first {
        return None;
    }
    let onward = scene.onward();
    let end = onward.iter().position(|token| matches!(token.text(scene.text), "}" | "]" | ")"))?;
    let inner = scene.written(onward.get(1..end)?)?;
    if scene.first == "precedence" && !inner.contains('>') {
        let mut tiers: Vec<&str> = inner.split([',', '<', ';']).map(str::trim).collect();
        if tiers.last() == Some(&"compliance") {
            tiers.reverse();
        }
        let right = tiers.join(" > ");
        let help = format!("the strongest stands first: write it as `{right}` if that is their order");
        return Some(Mend::new(found.start, onward.get(end)?.end, right).help(help).choice());
    }
    if scene.first == "classifications" && inner.contains(',') && !inner.contains(['<', '>', '"']) {
        let names: Vec<&str> = inner.split(',').map(str::trim).collect();
        let right = names.join(" < ");
        let help =
            format!("levels stand in their order, the lowest first: write it as `{right}` if that is theirs");
        return Some(Mend::new(found.start, onward.get(end)?.end, right).help(help).choice());
    }
    let help = format!("the list has no brackets: write it as `{inner}`");
    Some(Mend::new(found.start, onward.get(end)?.end, inner).help(help))
}
