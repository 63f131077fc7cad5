//! What is offered in policies: by the grammar at every place of every example, and by type where the grammar takes more.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use govctl::load::Texts;
use govctl::lsp::{Seen, completion};
use govctl::source::{FileId, FileKind};
use govctl::syntax::{ahead, scan};

use crate::bundle;
use crate::lsp::{look, look_half_written};

/// The labels that are offered at the mark of a text.
fn offered(example: &str, path: &str, text: &str) -> Vec<String> {
    let at = text.find('¦').expect("a mark");
    let text = text.replace('¦', "");
    look_half_written(&bundle::root(example), path, &text, |seen, file| {
        let items = completion::complete(seen, file, at).map(|found| found.items).unwrap_or_default();
        items.into_iter().map(|item| item.label).collect()
    })
}

#[test]
fn what_stands_next_is_offered_and_what_is_offered_parses() {
    let (mut wrong, mut looked, mut tried) = (String::new(), 0, 0);
    let mut known: BTreeSet<Vec<String>> = BTreeSet::new();
    let mut parsed = BTreeSet::new();
    for example in ["saas", "hospital", "enterprise", "logistics"] {
        look(&bundle::root(&format!("examples/{example}")), &Texts::new(), |seen| {
            for (file, source) in seen.now.workspace.sources.of_kind(FileKind::Policy) {
                let text = source.text.as_str();
                let tokens: Vec<scan::Token> = scan::tokens(text, 0).collect();
                for (at, token) in tokens.iter().enumerate() {
                    let before = &tokens[at.saturating_sub(3)..=at];
                    let place: Vec<String> = before.iter().map(|token| token.text(text).to_owned()).collect();
                    // What is glued to what stands before it is a part of it for an editor.
                    let is_glued = at > 0 && tokens[at - 1].end == token.start;
                    if is_glued || !known.insert(place) {
                        continue;
                    }
                    looked += 1;
                    tried += at_place(seen, file, text, *token, (&mut parsed, &mut wrong));
                }
            }
        });
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    assert!(looked > 500 && tried > 5000, "{looked} places, {tried} offers");
}

/// Looks at one place; how many things are offered there. What the grammar takes there is told by what it expects.
fn at_place(
    seen: Seen,
    file: FileId,
    text: &str,
    token: scan::Token,
    (parsed, wrong): (&mut BTreeSet<(String, String)>, &mut String),
) -> usize {
    let found = completion::complete(seen, file, token.start).expect("no comment and no string");
    let ahead = ahead::ahead(file, &text[..token.start]);
    let (head, state) = (ahead.statement, format!("{:?} {:?}", ahead.words, ahead.slots));
    let next = token.text(text);
    let index = seen.now.index();
    let here = index.at(file, token.start).filter(|one| one.span.start as usize == token.start);
    let is_free = here.is_some_and(|one| one.is_definition || one.is_other_name)
        || matches!(token.kind, scan::Kind::Number | scan::Kind::Text { .. })
        || next.ends_with('*')
        || head.ends_with(" as");
    let is_it = |item: &completion::Item| {
        let label = item.label.split(' ').next().unwrap_or_default();
        item.text == next || label == next || item.text.ends_with(&format!("/{next}"))
    };
    if !is_free && !found.items.iter().any(is_it) {
        let labels: Vec<&str> = found.items.iter().map(|item| item.label.as_str()).collect();
        let _ = writeln!(wrong, "`{next}` is not offered behind\n{head}\nbut {labels:?}");
    }
    for item in found.items.iter().filter(|item| !item.is_snippet) {
        let is_new = parsed.insert((state.clone(), item.text.clone()));
        if is_new && !ahead::takes(file, head, &item.text) {
            let _ = writeln!(wrong, "`{}` is offered and does not parse behind\n{head}", item.text);
        }
    }
    found.items.len()
}

#[test]
fn what_is_offered_fits_the_grammar_and_the_types() {
    let rule = |text: &str| format!("compliance rule x {{ {text}");
    // What stands before the mark; some of what is offered; what is not.
    let cases: Vec<Case> = vec![
        ("fact x in {a, b} default a\n¦".into(), &["fact", "compliance", "failover"], &["default"]),
        (rule("require residency covers ¦"), &[], &["eu", "and"]),
        (
            rule("require model.compliance covers ¦"),
            &["compliance", "regulations"],
            &["gdpr", "model.regions"],
        ),
        (rule("when regulations covers compliance ¦"), &["and", "or", "because"], &["has", "covers"]),
        ("failover f { cooldown 10 ¦".into(), &["seconds", "minutes"], &["then", "}"]),
        ("audit a { retain 3 ¦".into(), &["days", "years"], &["owner"]),
        ("failover f { then queue for 5 ¦".into(), &["minutes"], &["notify"]),
        ("budget b { at 80 ¦".into(), &["%"], &["notify", "limit"]),
        ("attribution { anomaly above ¦".into(), &[], &["require", "above"]),
        ("attribution { anomaly ¦".into(), &["above"], &["mode"]),
        (rule("require model.cost < 3 ¦"), &["usd"], &["and", "because", "days"]),
        (rule("require model.cost < 3 usd ¦"), &["per"], &["and", "usd"]),
        (rule("require model.cost < 3 usd per 1m ¦"), &["tokens"], &["and"]),
        (rule("require model.retention < 3 ¦"), &["days"], &["usd", "%"]),
        (rule("when min_context > 3 ¦"), &["and", "require"], &["usd", "%", "days"]),
        ("failover f { above 3x ¦".into(), &["cost"], &["block"]),
        ("failover f { log as ¦".into(), &[], &["chain", "then", "as"]),
        (rule("require model.hosting in [cloud ¦"), &[",", "]"], &["and", "because"]),
        ("attribution { require team ¦".into(), &[",", "mode", "anomaly", "}"], &["==", "in"]),
        ("attribution { require team mode ¦".into(), &["chargeback", "showback"], &["and", "require"]),
        ("precedence compliance > ¦".into(), &["cost", "latency"], &["rule", "gdpr"]),
        ("regions eu { ¦".into(), &["eu"], &["fact", "compliance rule"]),
        ("fact x ¦".into(), &["in"], &["default"]),
        ("fact h in regions default ¦".into(), &["eu"], &["fact"]),
        ("fact h in {yes, no} default ¦".into(), &["yes", "no"], &[]),
        ("fact h in classifications default ¦".into(), &["internal"], &[]),
        (rule("process in ¦"), &["eu", "home"], &["incident"]),
        ("failover f { then queue ¦".into(), &["for", "notify"], &["queue"]),
        ("test \"x\" { expect a/b ¦".into(), &["then", "->"], &["terminal"]),
        ("test \"x\" { given down ¦".into(), &["anthropic"], &["use_case"]),
        ("test \"x\" { given ¦".into(), &["use_case", "incident", "budget.remaining"], &["expect"]),
        (rule("when use_case == ¦"), &["hr.handbook", "helpdesk.draft"], &["use_case"]),
        (rule("require model.jurisdiction == ¦"), &["us"], &["eu-central-1"]),
        (rule("require model.failure_domain == ¦"), &["anthropic"], &["cloud"]),
        (rule("require model.latency_p95 <= ¦"), &["latency_sla", "model.latency_p50"], &["min_context"]),
        (rule("require model.context_window > ¦"), &["min_context"], &["latency_sla", "and"]),
        (
            rule("require model.data_classification_max >= ¦"),
            &["classification", "internal"],
            &["model.data_classification_max"],
        ),
        (rule("when data ¦"), &["has", "covers"], &["==", "and", "require"]),
        (rule("when regulated_output ¦"), &["and", "require", "=="], &["<", "has"]),
        (rule("when regulated_output == ¦"), &["true", "false"], &["and"]),
        ("failover f { limit 1 ¦".into(), &["hop"], &["hops"]),
        ("audit a { retain 1 ¦".into(), &["year", "day"], &["years"]),
        (
            "test \"x\" { given use_case hr.handbook, consent given\nexpect ¦".into(),
            &["primary", "never", "unroutable"],
            &["expect", "given"],
        ),
    ];
    hold(cases);
}

#[test]
fn what_remains_of_a_budget_is_offered_only_where_it_compares() {
    let rule = |text: &str| format!("compliance rule x {{ {text}");
    hold(vec![
        (
            rule("require model.availability >= ¦"),
            &["availability_target"],
            &["budget.remaining", "budget.company.remaining"],
        ),
        (
            "guarantee g { always chain.availability >= ¦".into(),
            &["availability_target"],
            &["budget.remaining"],
        ),
        (rule("when availability_target >= ¦"), &[], &["budget.remaining", "budget.company.remaining"]),
        (rule("when budget.remaining >= ¦"), &[], &["availability_target", "budget.company.remaining"]),
    ]);
}

/// What stands before a mark, some of what is offered there, and what is not.
type Case<'a> = (String, &'a [&'a str], &'a [&'a str]);

fn hold(cases: Vec<Case>) {
    let mut wrong = String::new();
    for (text, wanted, not) in cases {
        let labels = offered("examples/enterprise", "policies/new.gov", &text);
        let missing: Vec<_> =
            wanted.iter().filter(|one| !labels.iter().any(|label| label == **one)).collect();
        let extra: Vec<_> = not.iter().filter(|one| labels.iter().any(|label| label == **one)).collect();
        if !missing.is_empty() || !extra.is_empty() {
            let _ = writeln!(wrong, "{text}: missing {missing:?}, extra {extra:?}, of {labels:?}");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn budgets_and_tags_are_offered_by_their_names() {
    let shares = offered(
        "examples/saas",
        "policies/new.gov",
        "budget money { limit 5 usd per day }\ntest \"x\" { given ¦",
    );
    assert!(
        shares.iter().any(|label| label.starts_with("budget.") && label.ends_with(".remaining")),
        "{shares:?}"
    );
}

#[test]
fn maps_on_one_line_are_completed_in_yaml() {
    let estate = |text: &str| offered("examples/enterprise", "estate/new.yaml", text);
    let registry = |text: &str| offered("examples/enterprise", "registry/new.yaml", text);
    let config = |text: &str| offered("examples/enterprise", "govctl.yaml", text);
    let keys = estate("drills:\n  - {use_case: chat, ¦}");
    assert!(keys.contains(&"down".to_owned()) && !keys.contains(&"use_case".to_owned()), "{keys:?}");
    assert!(estate("drills:\n  - {¦").contains(&"use_case".to_owned()));
    assert!(!estate("drills:\n  - {use_case: chat, result: ¦}").is_empty());
    assert_eq!(config("reviews:\n  - {name: x, ¦}"), ["cadence", "last", "owner"]);
    let sources = estate("use_cases:\n  - name: a\n    data_sources: [{name: a, ¦}]");
    assert!(!sources.is_empty() && !sources.contains(&"name".to_owned()), "{sources:?}");
    for text in ["drills:\n  - use_case: ¦", "drills:\n  - {use_case: ¦}"] {
        assert!(estate(text).contains(&"hr.handbook".to_owned()), "{text}");
    }
    for text in [
        "drills:\n  - use_case: a\n    down: [¦]",
        "drills:\n  - {down: [azure-eu, ¦]}",
        "drills:\n  - use_case: a\n    down:\n      - ¦",
    ] {
        assert!(estate(text).contains(&"anthropic".to_owned()), "{text}");
    }
    let keys = registry("governance:\n  providers:\n    a:\n      ¦");
    assert!(keys.contains(&"hosting".to_owned()), "{keys:?}");
    assert_eq!(registry("governance:\n  ¦"), ["providers"]);
    let values = registry("governance:\n  providers:\n    a:\n      hosting: ¦");
    assert!(values.contains(&"cloud".to_owned()), "{values:?}");
    let dpa = registry("providers:\n  a:\n    dpa: {status: none, ¦}");
    assert!(dpa.contains(&"renews".to_owned()) && !dpa.contains(&"status".to_owned()), "{dpa:?}");
}
