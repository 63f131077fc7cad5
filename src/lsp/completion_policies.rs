//! What can be written at a place of a policy, which need not parse: by the tokens of the statement before it.

use super::completion::{Item, ItemKind, in_policy};
use super::completion_conditions::{expression, fact_values};
use super::{Kind, Seen, keywords};
use crate::model::attribute::Subject;
use crate::syntax::scan;
use crate::syntax::tree::VocabularyKind;
use crate::syntax::vocabulary::{
    Aspect, Dimension, Mode, Period, QuotaPeriod, QuotaUnit, TerminalKind, Tier, Trigger,
};
use crate::syntax::words;

/// The statements and the clauses of each, in the order in which people write them.
const STATEMENTS: [(&str, &[&str]); 7] = [
    ("rule", &["when", "require", "forbid", "process", "prefer", "overrides", "from", "until", "because"]),
    (
        "failover",
        &[
            "when",
            "on",
            "chain",
            "follow",
            "none",
            "match",
            "limit",
            "above",
            "retry",
            "cooldown",
            "then",
            "log",
            "notify",
            "overrides",
            "from",
            "until",
            "because",
        ],
    ),
    (
        "budget",
        &[
            "when", "on", "per", "limit", "at", "mode", "within", "owner", "escalate", "from", "until",
            "because",
        ],
    ),
    ("quota", &["when", "on", "per", "limit", "then", "from", "until", "because"]),
    ("audit", words::AUDIT),
    ("guarantee", words::GUARANTEE),
    ("test", words::TEST),
];

/// Words and symbols behind which something has to follow.
const OPEN: [&str; 23] = [
    "==", "!=", "<=", ">=", "<", ">", "and", "or", "not", "in", "has", "covers", ",", "(", "[", "->",
    "where", "primary", "rule", "down", "use_case", "terminal", "for",
];

/// The statement in which a place is, up to it.
struct Here<'t> {
    /// Its tokens, the one that is being written left out.
    tokens: Vec<&'t str>,
    /// How many braces are open.
    depth: usize,
}

/// Where the word begins that is being written at a place, and what it can become; none in comments and strings.
pub(super) fn items(seen: Seen, text: &str, offset: usize) -> Option<(usize, Vec<Item>)> {
    let before = text.get(..offset)?;
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | ':' | '@' | '*');
    let start = before
        .rfind(|c| !is_part(c))
        .map_or(0, |at| at + before.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8));
    let head = before.get(..start)?;
    let here = Here::at(head)?;
    Some((start, here.items(seen)))
}

impl<'t> Here<'t> {
    /// The statement at the end of a text; none where that is in a comment or in a string.
    fn at(text: &'t str) -> Option<Self> {
        let mut here = Self { tokens: Vec::new(), depth: 0 };
        let mut end = 0;
        for token in scan::tokens(text, 0) {
            end = token.end;
            let word = token.text(text);
            if matches!(token.kind, scan::Kind::Text { closed: false }) && end == text.len() {
                return None;
            }
            if here.depth == 0 && here.begins(word) {
                here.tokens.clear();
            }
            match word {
                "{" => here.depth += 1,
                "}" => here.depth = here.depth.saturating_sub(1),
                _ => {}
            }
            here.tokens.push(word);
            if word == "}" && here.depth == 0 && here.tokens.first() != Some(&"fact") {
                here.tokens.clear();
            }
        }
        let rest = text.get(end..)?;
        let line = rest.rfind('\n').map_or(rest, |at| rest.get(at..).unwrap_or_default());
        (!line.contains('#')).then_some(here)
    }

    /// Whether a word outside of braces begins a statement.
    fn begins(&self, word: &str) -> bool {
        let is_open = self.tokens.last().is_some_and(|last| {
            OPEN.contains(last)
                || ["failover", "budget", "quota", "audit", "guarantee", "fact"].contains(last)
        });
        let words = [
            "failover",
            "budget",
            "quota",
            "attribution",
            "audit",
            "guarantee",
            "test",
            "fact",
            "precedence",
            "classifications",
        ];
        !is_open
            && (words.contains(&word) || Tier::read(word).is_some() || VocabularyKind::read(word).is_some())
    }

    fn items(&self, seen: Seen) -> Vec<Item> {
        let first = self.tokens.first().copied().unwrap_or_default();
        let is_rule = Tier::read(first).is_some() && self.tokens.get(1) == Some(&"rule");
        let statement = if is_rule { "rule" } else { first };
        let clauses = STATEMENTS.iter().find(|(name, _)| *name == statement).map(|(_, clauses)| *clauses);
        let clauses = if statement == "attribution" { Some(words::ATTRIBUTION) } else { clauses };
        match clauses {
            Some(clauses) if self.depth > 0 => self.in_block(seen, statement, clauses),
            Some(_) => Vec::new(),
            None => self.outside(seen, first),
        }
    }

    /// At the top, and in statements without clauses.
    fn outside(&self, seen: Seen, first: &str) -> Vec<Item> {
        let last = self.tokens.last().copied().unwrap_or_default();
        let open = OPEN.contains(&last) || self.tokens.len() == 1;
        if let Some(kind) = VocabularyKind::read(first)
            && open
        {
            let mut items = in_policy(seen, &Kind::Word(kind));
            if Tier::read(first).is_some() {
                items.insert(0, Item::word("rule", about("rule")));
            }
            return items;
        }
        match first {
            _ if Tier::read(first).is_some() && self.tokens.len() == 1 => {
                vec![Item::word("rule", about("rule"))]
            }
            "precedence" if open => {
                Tier::ALL.iter().map(|tier| Item::word(tier.word(), tier.about())).collect()
            }
            "fact" => match (last, self.tokens.as_slice()) {
                ("in", _) => vec![
                    Item::word("regions", "its values are regions"),
                    Item::word("classifications", "its values are classifications"),
                ],
                ("default", [_, name, ..]) => in_policy(seen, &Kind::Value((*name).to_owned())),
                ("}" | "regions" | "classifications", _) => vec![Item::word("default", about("default"))],
                _ => Vec::new(),
            },
            _ if open && !self.tokens.is_empty() => Vec::new(),
            _ => statements(),
        }
    }

    fn in_block(&self, seen: Seen, statement: &str, clauses: &[&str]) -> Vec<Item> {
        let open = self.tokens.iter().position(|token| *token == "{").map_or(0, |at| at + 1);
        let body = self.tokens.get(open..).unwrap_or_default();
        let mut clause: Option<(&str, usize)> = None;
        let mut before = "{";
        for (at, token) in body.iter().enumerate() {
            let ends = !OPEN.contains(&before) && (!clauses.contains(&before) || before == "none");
            let begun = clause.and_then(|(word, from)| Some((word, body.get(from..at)?)));
            // The period of a limit, which has one.
            let is_period =
                *token == "per" && begun.is_some_and(|(word, said)| is_open(statement, word, said));
            if clauses.contains(token) && (ends || clause.is_none()) && !is_period {
                clause = Some((token, at + 1));
            }
            before = token;
        }
        let Some((clause, at)) = clause else { return clause_items(clauses) };
        let said = body.get(at..).unwrap_or_default();
        let mut items = arguments(seen, statement, clause, said);
        let last = said.last().copied().unwrap_or_default();
        let is_over = !OPEN.contains(&last) && !is_open(statement, clause, said);
        if (!said.is_empty() || clause == "none") && is_over {
            items.extend(clause_items(clauses));
        }
        items
    }
}

/// Whether a clause goes on behind a number or a unit.
fn is_open(statement: &str, clause: &str, said: &[&str]) -> bool {
    let last = said.last().copied().unwrap_or_default();
    match (statement, clause) {
        ("budget" | "quota", "limit") => !said.contains(&"per") || last == "per",
        ("budget", "at") => !said.is_empty() && last.ends_with('%'),
        ("failover", "limit" | "retry") => said.len() == 1,
        ("failover", "above") => !said.is_empty() && (said.len() < 3 || last == "cost"),
        _ => false,
    }
}

fn about(word: &str) -> &'static str {
    keywords::about(word).unwrap_or_default()
}

fn clause_items(clauses: &[&str]) -> Vec<Item> {
    clauses.iter().map(|word| Item::word(word, about(word))).collect()
}

fn statements() -> Vec<Item> {
    let snippet = |label: &str, text: &str, word: &str| Item {
        is_snippet: true,
        ..Item::new(label, text, ItemKind::Keyword, about(word))
    };
    let mut items: Vec<Item> = Tier::ALL
        .iter()
        .map(|tier| {
            let tier = tier.word();
            snippet(&format!("{tier} rule"), &format!("{tier} rule ${{1:name}} {{\n  $0\n}}"), "rule")
        })
        .collect();
    for word in ["failover", "budget", "quota", "audit", "guarantee"] {
        items.push(snippet(word, &format!("{word} ${{1:name}} {{\n  $0\n}}"), word));
    }
    items.push(snippet("attribution", "attribution {\n  require $0\n}", "attribution"));
    items.push(snippet(
        "test",
        "test \"${1:what is expected}\" {\n  given  use_case $2\n  expect $0\n}",
        "test",
    ));
    items.push(snippet("fact", "fact ${1:name} in {${2:a, b}} default ${3:a}", "fact"));
    for word in ["classifications", "precedence"] {
        items.push(Item::word(word, about(word)));
    }
    items.extend(VocabularyKind::ALL.iter().map(|kind| Item::word(kind.word(), kind.about())));
    items
}

/// What can follow in a clause.
fn arguments(seen: Seen, statement: &str, clause: &str, said: &[&str]) -> Vec<Item> {
    let last = said.last().copied().unwrap_or_default();
    let opens = said.is_empty() || OPEN.contains(&last);
    let words =
        |words: &[&str]| -> Vec<Item> { words.iter().map(|word| Item::word(word, about(word))).collect() };
    match (statement, clause) {
        ("attribution", "require") if opens => dimensions(),
        (_, "when" | "for") => expression(seen, said, &[Subject::Request]),
        ("guarantee", "always" | "never") => {
            expression(seen, said, &[Subject::Request, Subject::Model, Subject::Chain, Subject::Duty])
        }
        (_, "require" | "forbid") => expression(seen, said, &[Subject::Request, Subject::Model]),
        (_, "prefer") if said.first() == Some(&"where") => {
            expression(seen, said.get(1..).unwrap_or_default(), &[Subject::Request, Subject::Model])
        }
        (_, "prefer") if said.is_empty() => {
            [words(&["cheapest", "fastest", "most-available", "where"]), selectors(seen)].concat()
        }
        (_, "prefer") | ("budget" | "quota", "on") if opens => selectors(seen),
        (_, "chain") if opens => in_policy(seen, &Kind::Model),
        (_, "chain") => vec![Item::new("->", "->", ItemKind::Operator, "the model after it")],
        ("failover", "on") if opens => {
            Trigger::ALL.iter().map(|one| Item::word(one.word(), one.about())).collect()
        }
        (_, "match") if opens => Aspect::ALL.iter().map(|one| Item::word(one.word(), one.about())).collect(),
        ("rule", "overrides") if opens => in_policy(seen, &Kind::Rule),
        (_, "overrides") if opens => in_policy(seen, &Kind::Failover),
        (_, "within") if said.is_empty() => in_policy(seen, &Kind::Budget),
        (_, "per") if said.is_empty() => [dimensions(), in_policy(seen, &Kind::Fact)].concat(),
        (_, "mask") if opens => in_policy(seen, &Kind::Word(VocabularyKind::Data)),
        (_, "follow") if said.is_empty() => words(&["ranking", "registry"]),
        (_, "process") if said.is_empty() => words(&["in"]),
        (_, "process") if opens => {
            [in_policy(seen, &Kind::Word(VocabularyKind::Regions)), in_policy(seen, &Kind::Fact)].concat()
        }
        ("quota", "then") if said.is_empty() => words(&["queue", "failover", "block"]),
        (_, "then") if said.is_empty() => terminals(),
        (_, "log") if said.is_empty() => words(&["as"]),
        (_, "lineage") if said.is_empty() => words(&["required"]),
        (_, "mode") if said.is_empty() => {
            Mode::ALL.iter().map(|one| Item::word(one.word(), one.about())).collect()
        }
        ("budget", "limit") if said.len() == 1 => words(&["usd"]),
        ("quota", "limit") if said.len() == 1 => {
            QuotaUnit::ALL.iter().map(|one| Item::word(one.word(), one.about())).collect()
        }
        ("failover", "limit") if said.len() == 1 => words(&["hops"]),
        ("failover", "retry") if said.len() == 1 => words(&["times"]),
        ("budget" | "quota", "limit") if said.len() == 2 => words(&["per"]),
        (_, "limit") if last == "per" => {
            let periods = Period::ALL.iter().map(|one| Item::word(one.word(), one.about()));
            let quotas = QuotaPeriod::ALL.iter().map(|one| Item::word(one.word(), one.about()));
            if statement == "quota" { quotas.collect() } else { periods.collect() }
        }
        ("budget", "at") if last.ends_with('%') => words(&["notify", "throttle", "queue", "block"]),
        (_, "above") if last == "cost" => words(&["notify", "confirm", "throttle", "block"]),
        (_, "given") => given(seen, said),
        (_, "expect") => expected(seen, said),
        _ => Vec::new(),
    }
}

fn dimensions() -> Vec<Item> {
    Dimension::ALL.iter().map(|one| Item::word(one.word(), one.about())).collect()
}

fn terminals() -> Vec<Item> {
    TerminalKind::ALL.iter().map(|one| Item::word(one.word(), one.about())).collect()
}

fn selectors(seen: Seen) -> Vec<Item> {
    [in_policy(seen, &Kind::Provider), in_policy(seen, &Kind::Model)].concat()
}

fn given(seen: Seen, said: &[&str]) -> Vec<Item> {
    match said.last().copied() {
        None | Some(",") => {
            let words = ["use_case", "classification", "budget.remaining", "down", "on"];
            let words = words.iter().map(|word| Item::word(word, about(word)));
            words.chain(in_policy(seen, &Kind::Fact)).collect()
        }
        Some("use_case") => in_policy(seen, &Kind::UseCase),
        Some("classification") => in_policy(seen, &Kind::Classification),
        Some("down") => selectors(seen),
        Some("on") => Trigger::ALL.iter().map(|one| Item::word(one.word(), one.about())).collect(),
        Some(name) => fact_values(seen, name),
    }
}

fn expected(seen: Seen, said: &[&str]) -> Vec<Item> {
    match said.last().copied() {
        None => {
            let words = ["primary", "never", "terminal", "unroutable", "rule"];
            let words = words.iter().map(|word| Item::word(word, about(word)));
            words.chain(selectors(seen)).collect()
        }
        Some("primary" | "never" | "->") => selectors(seen),
        Some("terminal" | "then") => terminals(),
        Some("rule") => in_policy(seen, &Kind::Rule),
        Some(_) => vec![Item::new("->", "->", ItemKind::Operator, "the target after it")],
    }
}

#[cfg(test)]
mod tests {
    use super::{STATEMENTS, words};

    #[test]
    fn every_clause_of_a_statement_is_offered() {
        let sorted = |clauses: &[&'static str]| {
            let mut clauses = clauses.to_vec();
            clauses.sort_unstable();
            clauses
        };
        for (name, clauses) in STATEMENTS {
            let known = words::CLAUSES.iter().find(|(kind, _)| kind.split(' ').any(|word| word == name));
            let (_, known) = known.expect("the statement is known");
            assert_eq!(sorted(clauses), sorted(known), "{name}");
        }
    }
}
