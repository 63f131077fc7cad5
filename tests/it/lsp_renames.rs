//! Renames whose new name could be read as something else where the old one stands: written so that each place keeps what
//! it means, or refused with the place.

use govctl::load::Texts;
use govctl::lsp::{Seen, held, rename};

use crate::bundle;
use crate::lsp::{edited, look};

/// Two providers, three models, a use case and a drill that names a model by its provider.
const WORLD: &str = "=== registry/all.yaml
providers:
  acme:
    owner: a@example.com
    hosting: cloud
    regions: [eu, us]
    region_selectable: true
    models:
      - name: small
        approved_use_cases: [chat]
        data_classification_max: internal
        cost_per_1m_tokens_input: 1
        cost_per_1m_tokens_output: 2
        context_window: 100000
        failover_to: acme/big
      - name: big
        approved_use_cases: [chat]
        data_classification_max: internal
        cost_per_1m_tokens_input: 2
        cost_per_1m_tokens_output: 3
        context_window: 100000
        failover_to: 'zeta/other'
  zeta:
    owner: a@example.com
    hosting: cloud
    regions: [eu, us]
    region_selectable: true
    models:
      - name: other
        approved_use_cases: [chat]
        data_classification_max: internal
        cost_per_1m_tokens_input: 3
        cost_per_1m_tokens_output: 4
        context_window: 100000
=== estate/all.yaml
use_cases:
  - name: chat
    owner: a@example.com
    business_unit: sales
    team: red
    data_classification: internal
    residency: [eu, us]
=== policies/main.gov
classifications public < internal
regions eu, us
budget money { limit 5 usd per month owner \"a@example.com\" escalate \"a@example.com\" }
";

/// What a rename of the first occurrence of a text makes of a policy beside the world: the policy, or why it is refused.
fn renamed(policy: &str, path: &str, old: &str, new: &str) -> Result<Texts, String> {
    let text = format!("{WORLD}=== policies/new.gov\n{policy}\n");
    let folder = bundle::unpack_text(&text);
    look(folder.path(), &Texts::new(), |before: Seen| {
        let findings = &before.now.checked.findings;
        let said: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
        assert!(before.now.workspace.world.is_some(), "{policy}: {said:?}");
        let (file, source) = before.now.file(path).expect("a file");
        let offset = source.text.find(old).expect("a name");
        let edits = rename::rename(before, file, offset, new)?;
        let texts = edited(before, &edits);
        look(folder.path(), &texts, |after: Seen| {
            held(before.now, after.now, (file, offset, new), &edits)?;
            let findings = &after.now.checked.findings;
            let said: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
            assert!(after.now.workspace.world.is_some(), "{new}: {said:?}\n{texts:?}");
            Ok(texts.clone())
        })
    })
}

#[test]
fn a_new_name_is_written_so_that_each_place_means_the_same() {
    let rule = |clause: &str| format!("cost rule c {{ {clause} because \"x\" }}");
    let main = "policies/main.gov";
    let registry = "registry/all.yaml";
    let estate = "estate/all.yaml";
    for (policy, path, old, new, wanted) in [
        // A value that would be read as the attribute it is compared with, as another, or as a fact.
        (rule("when team == red prefer cheapest"), estate, "red", "team", "when team == \"team\""),
        (rule("when team == red prefer cheapest"), estate, "red", "project", "when team == \"project\""),
        (rule("when team in [red] prefer cheapest"), estate, "red", "model.id", "in [\"model.id\"]"),
        (
            format!("fact home in regions default eu {}", rule("process in us")),
            main,
            "us",
            "home",
            "process in \"home\"",
        ),
        (rule("require model.provider == acme"), registry, "acme", "team", "== \"team\""),
        // Models by their name alone.
        (rule("prefer big"), registry, "big", "zeta", "prefer acme/zeta"),
        (rule("prefer big"), registry, "big", "other", "prefer acme/other"),
        (rule("prefer big"), registry, "big", "cheapest", "prefer acme/cheapest"),
        (rule("prefer big"), registry, "big", "gpt-4:x", "prefer \"gpt-4:x\""),
        (rule("prefer big"), registry, "big", "org/big", "prefer acme/org/big"),
        (rule("prefer \"big\""), registry, "big", "large", "prefer \"large\""),
        (rule("prefer acme"), registry, "acme", "fastest", "prefer \"fastest\""),
        // Parts of a reference, each quoted by itself.
        (rule("prefer acme/big"), registry, "big", "a b", "prefer acme/\"a b\""),
        (rule("prefer acme/big"), registry, "big", "😀", "prefer acme/\"😀\""),
        (rule("prefer acme/small"), registry, "acme", "a b", "prefer \"a b\"/small"),
        (rule("prefer acme/small"), registry, "acme", "in", "prefer \"in\"/small"),
        (rule("prefer acme/small"), registry, "acme", "true", "prefer \"true\"/small"),
        (rule("prefer \"acme/small\""), registry, "acme", "a b", "prefer \"a b/small\""),
        (rule("prefer acme/\"small\""), registry, "small", "little", "prefer acme/\"little\""),
        (rule("prefer acme/\"small\""), registry, "acme", "new", "prefer new/\"small\""),
        // Names with a `/` stand in quotes.
        (rule("prefer cheapest"), "policies/new.gov", "c {", "x/y", "cost rule \"x/y\" {"),
        (rule("when team == red prefer cheapest"), estate, "red", "x/y", "when team == \"x/y\""),
        (rule("when use_case == chat prefer cheapest"), estate, "chat", "x/y", "== \"x/y\""),
        (
            rule("when budget.money.remaining < 5% prefer cheapest"),
            main,
            "money",
            "cash",
            "budget.cash.remaining < 5%",
        ),
        (
            "fact home in {a, b} default a budget b { limit 1 usd per day per home owner \"a\" escalate \"b\" }"
                .to_owned(),
            "policies/new.gov",
            "home",
            "primary",
            "per \"primary\"",
        ),
    ] {
        let texts = renamed(&policy, path, old, new).unwrap_or_else(|why| panic!("{policy} {new}: {why}"));
        assert!(texts["policies/new.gov"].contains(wanted), "{new}: {}", texts["policies/new.gov"]);
    }
}

#[test]
fn both_parts_of_a_reference_in_yaml_are_quoted_together() {
    let registry = "registry/all.yaml";
    let policy = "cost rule c { prefer cheapest because \"x\" }";
    for (old, new, wanted) in [
        ("big", "a b", "failover_to: \"acme/a b\""),
        ("acme", "a b", "failover_to: \"a b/big\""),
        ("other", "new", "failover_to: 'zeta/new'"),
        ("zeta", "it's", "failover_to: \"it's/other\""),
    ] {
        let texts = renamed(policy, registry, old, new).unwrap_or_else(|why| panic!("{new}: {why}"));
        assert!(texts[registry].contains(wanted), "{new}: {}", texts[registry]);
    }
}

#[test]
fn a_rename_that_would_change_what_a_place_means_is_refused_with_the_place() {
    let rule = |clause: &str| format!("cost rule c {{ {clause} because \"x\" }}");
    let main = "policies/main.gov";
    let registry = "registry/all.yaml";
    let new_gov = "policies/new.gov";
    for (policy, path, old, new, why) in [
        // A fact that a written region would then be, a provider that a written model would.
        (
            format!("fact home in regions default eu\n{}", rule("process in us")),
            new_gov,
            "home",
            "us",
            "as `us`, policies/new.gov:2 would name the fact `us` and not the region `us`",
        ),
        (
            rule("prefer big"),
            registry,
            "acme",
            "big",
            "as `big`, policies/new.gov:1 would name the provider `big` and not the model `big/big`",
        ),
        (
            rule("when team == red prefer cheapest") + "\nfact home in {a, b} default a",
            new_gov,
            "home",
            "red",
            "as `red`, policies/new.gov:1 would name the fact `red` and not the team `red`",
        ),
        // The model that has the name alone would share it.
        (
            rule("prefer other"),
            registry,
            "small",
            "other",
            "as `other`, policies/new.gov:1 would no longer name the model `zeta/other`",
        ),
        // What cannot be quoted.
        (
            rule("when budget.money.remaining < 5% prefer cheapest"),
            main,
            "money",
            "a b",
            "`budget.NAME.remaining` takes no quotes, which `a b` needs (policies/new.gov:1)",
        ),
        (
            format!("fact home in {{a, b}} default a {}", rule("when home == a prefer cheapest")),
            new_gov,
            "home",
            "a b",
            "a fact is read by its name without quotes, which `a b` needs (policies/new.gov:1)",
        ),
        // A pattern that matches names.
        (
            rule("when use_case == ch* prefer cheapest"),
            "estate/all.yaml",
            "chat",
            "talk",
            "`ch*` (policies/new.gov:1) matches it and would not match `talk`: name it there first",
        ),
    ] {
        let refused = renamed(&policy, path, old, new).expect_err(&policy);
        assert!(refused.starts_with(why), "{policy}\n{refused}");
    }
}

/// What a rename makes of a workspace with `govctl.yaml` and other files beside the world.
fn renamed_beside(more: &str, path: &str, old: &str, new: &str) -> Texts {
    let folder = bundle::unpack_text(&format!("{WORLD}{more}"));
    look(folder.path(), &Texts::new(), |before: Seen| {
        let (file, source) = before.now.file(path).expect("a file");
        let offset = source.text.find(old).expect("a name");
        let edits = rename::rename(before, file, offset, new).expect("a rename");
        let texts = edited(before, &edits);
        look(folder.path(), &texts, |after: Seen| {
            held(before.now, after.now, (file, offset, new), &edits).expect("nothing else changes");
            let said: Vec<&str> = after.now.checked.findings.iter().map(|one| one.message.as_str()).collect();
            assert!(after.now.workspace.world.is_some(), "{said:?}\n{texts:?}");
        });
        texts
    })
}

#[test]
fn a_model_keeps_the_id_by_which_its_provider_knows_it() {
    let registry = "registry/all.yaml";
    let texts = renamed_beside("", registry, "small", "a: b");
    let wanted = "      - name: \"a: b\"\n        endpoint: {model: small}\n        approved";
    assert!(texts[registry].contains(wanted), "{}", texts[registry]);
    // What has an endpoint gets the id there, in whatever style it is written.
    let of_acme = "=== registry/more.yaml\nproviders:\n  more:\n    owner: a@example.com\n    models:\n      - {name: gpt, data_classification_max: internal, endpoint: {protocol: openai}, cost_per_1m_tokens_input: 1, cost_per_1m_tokens_output: 1}\n";
    let texts = renamed_beside(of_acme, "registry/more.yaml", "gpt", "sol");
    let more = &texts["registry/more.yaml"];
    assert!(more.contains("{name: sol,") && more.contains("{protocol: openai, model: gpt}"), "{more}");
    // What states its id keeps that.
    let stated = of_acme.replace("protocol: openai", "model: gpt-6");
    let texts = renamed_beside(&stated, "registry/more.yaml", "gpt", "sol");
    assert!(texts["registry/more.yaml"].contains("endpoint: {model: gpt-6}"), "{texts:?}");
}

#[test]
fn facts_and_budgets_are_renamed_where_it_is_said_who_may_state_them() {
    let config = "=== govctl.yaml\nrequest:\n  from_credentials: [consent, \"budget.money.remaining\"]\n  claims: {consent: patient_consent, 'budget.money.remaining': left}\n=== policies/facts.gov\nfact consent in {given, missing} default missing\n";
    let texts = renamed_beside(config, "policies/facts.gov", "consent", "agreed");
    let wanted = "[agreed, \"budget.money.remaining\"]\n  claims: {agreed: patient_consent, ";
    assert!(texts["govctl.yaml"].contains(wanted), "{texts:?}");
    let texts = renamed_beside(config, "policies/main.gov", "money", "cash");
    let wanted = "[consent, \"budget.cash.remaining\"]\n  claims: {consent: patient_consent, 'budget.cash.remaining': left}";
    assert!(texts["govctl.yaml"].contains(wanted), "{texts:?}");
}
