//! What the words of the language mean, for whoever points at one.

/// What a word means, in a sentence or two of Markdown; none where it is no word of the language.
pub(super) fn about(word: &str) -> Option<&'static str> {
    ABOUT.iter().find(|(known, _)| *known == word).map(|(_, about)| *about)
}

/// The same of a word that means something else in one statement, by the statement's first word.
pub(super) fn about_in(statement: &str, word: &str) -> Option<&'static str> {
    Some(match (statement, word) {
        ("attribution", "require") => {
            "Which dimensions every use case states, so that its cost can be attributed."
        }
        ("attribution", "above") => "From what rise on spending is an anomaly.",
        ("fact", "regions") => "The values of the fact are the regions.",
        ("fact", "classifications") => "The values of the fact are the classifications.",
        ("quota", "then") => "What happens when the quota is used up: `queue`, `failover` or `block`.",
        ("quota", "failover") => "The request fails over as if the provider had refused it.",
        ("test", "on") => "What goes wrong in a test: a trigger.",
        ("test", "rule") => "In a test: a rule that applies.",
        _ => return None,
    })
}

/// What a unit means, by its plural.
pub(super) fn about_unit(unit: &str) -> &'static str {
    match unit {
        "x" => "So many times as much: `3x`.",
        "ms" => "Milliseconds.",
        "s" => "Seconds.",
        "usd" => "US dollars; of a price `usd per 1m tokens`.",
        _ => "A unit of time.",
    }
}

/// Every word with what it means, in alphabetical order.
pub(super) const ABOUT: &[(&str, &str)] = &[
    (
        "above",
        "`above 3x cost …`: what happens to a target that costs so many times as much as the primary: `notify`, `confirm`, `throttle` or `block`.",
    ),
    (
        "always",
        "What a guarantee holds in every context: true of the primary and of every target of every path.",
    ),
    ("and", "Both must be true. An unknown part makes it unknown, unless the other is false."),
    ("anomaly", "`anomaly above 40%`: from what rise on spending is an anomaly."),
    ("as", "`log as NAME`: under which name a failover is logged."),
    ("at", "`at 80% notify …`: what a budget does when so much of it is spent."),
    ("attribution", "Which dimensions every use case states, so that its cost can be attributed."),
    ("audit", "How long records of requests are kept, whether lineage is required and what is masked."),
    ("because", "The reason, for people: sentences that explain a decision quote it."),
    ("block", "The request is refused."),
    ("budget", "Money for a period, who is told when it runs out, and what happens then."),
    ("chain", "Models in the order in which they are tried: `chain a -> b -> c`."),
    ("cheapest", "The model with the lowest blended cost for the use case comes first."),
    ("classification", "How confidential a request is: the use case's own, or higher."),
    (
        "classifications",
        "The names of all classifications, lowest first: `public < internal < confidential`.",
    ),
    ("confirm", "Somebody has to agree before the target is used."),
    ("cooldown", "For how long an endpoint that failed is left alone."),
    (
        "cost",
        "Before `rule`: the tier of rules about money. After `above 3x`: what the target costs beside the primary.",
    ),
    ("covers", "The left set holds everything that the right set holds."),
    ("default", "The value of a fact that a request does not state."),
    ("degrade", "The caller answers with less, with a message if there is one."),
    ("down", "A provider, a failure domain or a model that is taken to be down in a test."),
    ("escalate", "Who is told when a budget is used up."),
    (
        "expect",
        "What a test expects: targets in order, `primary`, `never`, `terminal`, `unroutable` or `rule`.",
    ),
    ("fact", "Something that requests may state beside their use case, with all its values and the default."),
    ("failover", "What is tried when the primary fails: candidates, conditions on them, and how it ends."),
    ("false", "What a condition may be, or an attribute that is true or false."),
    ("fastest", "The model with the lowest p95 latency comes first."),
    (
        "follow",
        "`follow ranking`: the models that come next. `follow registry`: the registry's `failover_to`.",
    ),
    ("for", "In a guarantee: the contexts of which it speaks. After `queue`: for how long."),
    ("forbid", "A promise: no model of which this is true or unknown serves the request."),
    ("from", "The first day on which the statement is in force."),
    (
        "given",
        "What a test is given: a use case, a classification, facts, what is left of budgets, what is down.",
    ),
    ("guarantee", "Something that is proved in every context, or reported."),
    ("has", "The set on the left holds the name on the right."),
    ("hop", "How many targets are tried after the primary at most; 2 where nothing is said."),
    ("hops", "How many targets are tried after the primary at most; 2 where nothing is said."),
    ("in", "One of a list. After `process`: where the request is processed. In a fact: its values."),
    ("latency", "The tier of rules about speed."),
    (
        "limit",
        "Of a failover: how many hops. Of a budget: how much money for a period. Of a quota: how many requests or tokens.",
    ),
    ("lineage", "`lineage required`: every use case names its data sources."),
    ("log", "`log as NAME`: under which name a failover is logged."),
    ("mask", "Kinds of data that are masked in records."),
    ("match", "What every target shares with the primary, such as `compliance` or `residency`."),
    ("mode", "`chargeback`: the cost is charged to whoever caused it. `showback`: it is shown."),
    ("most-available", "The model with the highest availability comes first."),
    ("never", "In a guarantee: false in every context. In a test: a model or provider that is not a target."),
    ("none", "Deliberately no failover."),
    ("not", "The opposite. Unknown stays unknown."),
    ("notify", "Who is told."),
    (
        "on",
        "The triggers that a failover answers; the models or providers whose spending a budget counts; what a quota limits.",
    ),
    ("or", "One of both is true, or both are."),
    ("overrides", "The rules or failover statements that give way where both claim a request."),
    ("owner", "Who answers for it."),
    ("per", "`per team`: one limit for each value. In a limit: the period."),
    ("precedence", "The order of the tiers of rules: the earlier tier orders first."),
    ("prefer", "A wish: it orders the models that are left, and never admits or removes one."),
    ("preference", "The tier of rules about taste."),
    ("primary", "The model that serves while nothing fails."),
    ("process", "`process in eu`: a promise about where the request is processed."),
    ("queue", "The request waits, for a time if one is stated."),
    ("quota", "How many requests or tokens for a minute or a day."),
    ("ranking", "The models in the order of the rules' wishes, then of cost."),
    ("regions", "Where requests may be processed: all names, and which lie within which."),
    ("registry", "`follow registry`: a model fails over to the one that its `failover_to` names."),
    (
        "require",
        "A promise: only models of which this is true serve the request. What is unknown is not true.",
    ),
    ("required", "`lineage required`: every use case names its data sources."),
    ("retain", "How long records are kept."),
    ("retry", "How often the same model is tried again before the next."),
    ("rule", "Promises that narrow the models, and wishes that order what is left."),
    ("terminal", "How a failover ends: `queue`, `degrade` or `block`."),
    ("test", "A request with the answer that is expected."),
    ("then", "What happens when no target is up: `queue`, `degrade` or `block`."),
    ("throttle", "Requests are slowed down."),
    ("times", "`retry 2 times`."),
    ("tokens", "What a price or a quota counts."),
    ("true", "What a condition may be, or an attribute that is true or false."),
    ("unroutable", "No model may serve the request."),
    ("until", "The last day on which the statement is in force."),
    ("usd", "US dollars."),
    ("use_case", "What is routed: an entry of the estate, by name or endpoint tag."),
    ("when", "The requests of which the statement speaks; without it, all."),
    ("where", "`prefer where …`: models of which this is true come first."),
    ("within", "The budget of which this one is a part."),
];

#[cfg(test)]
mod tests {
    use super::{ABOUT, about};

    #[test]
    fn every_keyword_of_the_grammar_is_explained() {
        assert!(ABOUT.is_sorted_by(|a, b| a.0 < b.0));
        let grammar = include_str!("../../grammar/gov.pest");
        let mut seen = 0;
        for line in grammar.lines().filter(|line| line.starts_with("kw_")) {
            for (at, word) in line.split('"').enumerate().filter(|(at, _)| at % 2 == 1) {
                let is_explained = about(word).is_some() || word.contains('.');
                assert!(is_explained, "{at}: {word}");
                seen += 1;
            }
        }
        assert!(seen > 60);
    }
}
