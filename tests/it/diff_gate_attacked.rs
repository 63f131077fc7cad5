//! Promises, limits and duties that a pull request takes away without touching what states them, or by putting something
//! beside it that looks alike.

use crate::bundle::{status, stderr, stdout};
use crate::diff_promises::{Edit, RULE, diff, sides};

const P: &str = "policies/p.gov";
const E: &str = "estate/e.yaml";
const R: &str = "registry/r.yaml";
const NO_DATA: Edit<'_> = (E, "internal, data: [pii]", "internal");

/// What the gate says of a change: the status, what is denied, and the report.
pub(crate) fn gate(base: &[Edit], edits: &[Edit], deny: &str) -> (i32, String, String) {
    let folder = sides(base, edits);
    let output = diff(folder.path(), &["--deny", deny]);
    (status(&output), stderr(&output), stdout(&output).split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Holds that a change is refused, and says why.
fn refused(base: &[Edit], edits: &[Edit], deny: &str, why: &str) {
    let (status, denied, report) = gate(base, edits, deny);
    assert_eq!(status, 1, "{denied}{report}");
    assert!(report.contains(why), "{why}\n{denied}{report}");
}

fn passes(base: &[Edit], edits: &[Edit], deny: &str) {
    let (status, denied, report) = gate(base, edits, deny);
    assert_eq!(status, 0, "{denied}{report}");
}

#[test]
fn a_use_case_loses_a_promise_that_begins_later() {
    for (kind, said) in [
        (
            "compliance rule later { from 2027-01-01 when data has pii forbid",
            "rule `later`: forbid lost for chat",
        ),
        (
            "guarantee later { from 2027-01-01 for data has pii never",
            "guarantee `later`: never lost for chat",
        ),
    ] {
        let policy = format!("{kind} model.trains_on_data because \"gdpr\" }}\n");
        let base = [(P, RULE, policy.as_str())];
        refused(&base, &[NO_DATA], "widened", said);
    }
    let bound =
        "compliance rule later { from 2027-01-01 forbid model.latency_p95 > latency_sla because \"x\" }\n";
    let slow = (E, "team: hr}", "team: hr, latency_sla_ms: 3000}");
    let base = [(P, RULE, bound), slow];
    refused(&base, &[(E, "3000", "9000")], "widened", "rule `later`: forbid lost for chat");
    passes(&base, &[(E, "3000", "2000")], "widened");
}

#[test]
fn a_clause_that_reads_the_use_case_is_lost_by_what_that_states() {
    let clause = |text: &str| format!("compliance rule c {{ {text} because \"x\" }}\n");
    let guarantee = |text: &str| format!("guarantee c {{ {text} because \"x\" }}\n");
    let cases = [
        (clause("forbid data has pii and model.trains_on_data"), NO_DATA, "rule c, forbid lost for chat"),
        (
            guarantee("never data has pii and model.trains_on_data"),
            NO_DATA,
            "guarantee c, never lost for chat",
        ),
        (
            clause("require team != hr or not model.trains_on_data"),
            (E, "team: hr", "team: ops"),
            "rule c, require lost for chat",
        ),
        (
            clause("require model.tier == premium or not (data has pii) or model.dpa == confirmed"),
            NO_DATA,
            "rule c, require lost for chat",
        ),
    ];
    for (policy, edit, why) in cases {
        refused(&[(P, RULE, &policy)], &[edit], "widened", why);
        // Where it says more than before, nothing is lost.
        passes(&[(P, RULE, &policy)], &[(E, "data: [pii]", "data: [pii, health]")], "widened");
    }
    // What nothing was promised to loses nothing.
    let nobody = clause("forbid data has health and model.trains_on_data");
    passes(&[(P, RULE, &nobody)], &[NO_DATA], "widened");
}

#[test]
fn a_fact_that_only_a_guarantee_or_a_later_day_reads_keeps_its_meaning() {
    let fact = "fact caller in {eu, us} default us\n";
    let of = |text: &str| format!("{fact}{text}");
    let promised = of("guarantee g { for caller == us always model.retention <= 30 days because \"x\" }\n");
    let default = (P, "default us", "default eu");
    refused(
        &[(P, RULE, &promised)],
        &[default],
        "widened",
        "a request that does not state `caller` now counts as `eu`",
    );
    let later = of(
        "compliance rule l { from 2027-01-01 when caller == us require model.dpa == confirmed because \"x\" }\n",
    );
    let why =
        "from 2027-01-01, when rule `l` begins, a request that does not state `caller` now counts as `eu`";
    refused(&[(P, RULE, &later)], &[default], "widened", why);
    // Nobody reads it.
    passes(&[(P, RULE, &of(RULE))], &[default], "widened");
}

#[test]
fn a_value_or_a_level_that_is_new_is_promised_what_it_was() {
    let fact = "fact caller in {eu, us} default us\n";
    let rule = format!(
        "{fact}compliance rule c {{ when caller in [us] forbid model.trains_on_data because \"x\" }}\n"
    );
    let more = (P, "{eu, us}", "{eu, us, de}");
    refused(&[(P, RULE, &rule)], &[more], "widened", "rule c, forbid lost for chat and mail");
    let all = rule.replace("when caller in [us] ", "");
    passes(&[(P, RULE, &all)], &[more], "widened");
    let levels = "classifications public < internal < confidential < restricted\n";
    let rule = "compliance rule c { when classification in [confidential, restricted] forbid model.trains_on_data because \"x\" }\n";
    let base = format!("{levels}{rule}");
    let mid = (P, "< restricted", "< mid < restricted");
    refused(&[(P, RULE, &base)], &[mid], "widened", "rule c, forbid lost for chat and mail");
    let above = base.replace("in [confidential, restricted]", ">= confidential");
    passes(&[(P, RULE, &above)], &[mid], "widened");
}

#[test]
fn a_promise_is_kept_by_what_lasts_as_long_and_reaches_as_far() {
    let rule = |name: &str, head: &str| {
        format!("compliance rule {name} {{ {head} forbid model.trains_on_data because \"x\" }}\n")
    };
    let lasting = rule("g", "when data has pii");
    // Restated for the same use cases until tonight.
    let tonight = rule("h", "until 2026-11-25 when team == hr");
    refused(&[(P, RULE, &lasting)], &[(P, &lasting, &tonight)], "widened", "rule g, forbid narrowed");
    // Removed while something temporary says the same.
    let freeze = rule("freeze", "until 2026-12-31 when team == hr");
    let both = format!("{freeze}{lasting}");
    refused(&[(P, RULE, &both)], &[(P, &lasting, "")], "widened", "rule g, forbid narrowed");
    // Narrowed to whom it covers today.
    let today = rule("g", "when use_case in [chat, mail]");
    let why = "rule g, forbid kept for the use cases of today alone";
    refused(&[(P, RULE, &lasting)], &[(P, &lasting, &today)], "widened", why);
    let but = rule("g", "when data has pii and not (team == ops)");
    let ops = (
        E,
        "use_cases:\n",
        "use_cases:\n  - {name: plain, owner: o@example.com, data_classification: internal, team: ops}\n",
    );
    refused(&[(P, RULE, &lasting), ops], &[(P, &lasting, &but)], "widened", why);
    // For more than before, or for as many by two.
    let more = rule("g", "when data has pii or team == hr");
    passes(&[(P, RULE, &lasting)], &[(P, &lasting, &more)], "widened");
    let teams = rule("g", "when use_case in [chat, mail]");
    let two = format!("{}{}", rule("g", "when use_case == chat"), rule("h", "when use_case == mail"));
    passes(&[(P, RULE, &teams)], &[(P, &teams, &two)], "widened");
}

#[test]
fn a_second_name_of_a_model_is_no_way_around_what_holds_for_the_first() {
    let beta = (
        R,
        "  b:\n",
        "      - {name: beta, lifecycle: {status: preview}, approved_use_cases: [mail], data_classification_max: internal, cost_per_1m_tokens_input: 3, cost_per_1m_tokens_output: 3}\n  b:\n",
    );
    let second = (
        R,
        "  b:\n",
        "      - {name: y, endpoint: {model: beta}, approved_use_cases: [\"*\"], data_classification_max: restricted, cost_per_1m_tokens_input: 4, cost_per_1m_tokens_output: 4}\n  b:\n",
    );
    let why = "`a/y` is new and asked for as `beta`, which is `a/beta`: what rules and the registry say of that one by its name does not hold for it; it may see up to `restricted` data, before up to `internal`; it is approved for `*`, before not";
    refused(&[beta], &[second], "widened", why);
    // Another protocol, or other letters.
    for how in ["{model: beta, protocol: anthropic}", "{model: Beta}"] {
        let edit = format!("endpoint: {how}");
        refused(
            &[beta],
            &[second, (R, "endpoint: {model: beta}", &edit)],
            "widened",
            "asked for as `beta`, which is `a/beta`",
        );
    }
    let elsewhere = (R, "endpoint: {model: beta}", "endpoint: {model: gamma}");
    passes(&[beta], &[second, elsewhere], "unroutable");
    let (_, denied, report) = gate(&[beta], &[second, elsewhere], "widened");
    assert!(!report.contains("asked for as"), "{denied}{report}");
}

#[test]
fn limits_that_multiply_are_obligations() {
    let fact = "fact caller in {eu, us} default us\n";
    let budget = |per: &str| {
        format!(
            "{fact}budget b {{ per {per} limit 10 usd per month at 100% block because \"x\" }}\nquota q {{ per {per} limit 10 requests per minute because \"x\" }}\n"
        )
    };
    let of_caller = budget("caller");
    let base = [(P, RULE, of_caller.as_str())];
    let more = (P, "{eu, us}", "{eu, us, de, fr, it}");
    refused(
        &base,
        &[more],
        "obligations",
        "budget `b`: has 5 limits per caller, before 2: newly for `de`, `fr` and `it`",
    );
    refused(&base, &[more], "obligations", "quota `q` changed: has 5 limits per caller, before 2");
    let of_team = budget("team");
    let base = [(P, RULE, of_team.as_str())];
    let moved = (E, "data: [pii], team: hr", "data: [pii], team: ops");
    refused(&base, &[moved], "obligations", "has 2 limits per team, before 1: newly for `ops`");
    let later = of_team
        .replace("budget b {", "budget b { from 2027-01-01")
        .replace("quota q {", "quota q { from 2027-01-01");
    let why = "from 2027-01-01, when budget `b` begins and quota `q` begins, budget `b` changes";
    refused(&[(P, RULE, later.as_str())], &[moved], "obligations", why);
    // A use case that is new may bring a team of its own.
    let added = (
        E,
        "use_cases:\n",
        "use_cases:\n  - {name: new, owner: o@example.com, data_classification: internal, team: ops}\n",
    );
    let (_, denied, _) = gate(&base, &[added], "obligations");
    assert!(!denied.contains("budget b"), "{denied}");
}

#[test]
fn an_audit_statement_that_becomes_a_copy_of_another_one_is_gone() {
    let strict = "audit secret { when classification == restricted retain 7 years lineage required owner \"ciso@example.com\" }\n";
    let plain = "audit plain { when data has pii retain 1 year owner \"o@example.com\" }\n";
    let base = format!("{RULE}{strict}{plain}");
    let copy = plain.replace("plain", "secret");
    let why = "audit `secret` changed: audit retention: 2,555 days → 365 days";
    refused(&[(P, RULE, &base)], &[(P, strict, &copy)], "obligations", why);
    // Another name alone changes nothing, nor do two that swap theirs.
    let other = strict.replace("secret", "hidden");
    passes(&[(P, RULE, &base)], &[(P, strict, &other)], "obligations");
    let swapped = format!("{}{}", plain.replace("plain", "secret"), strict.replace("secret", "plain"));
    passes(&[(P, RULE, &base)], &[(P, &format!("{strict}{plain}"), &swapped)], "obligations");
}

#[test]
fn promises_that_are_nested_deep_are_compared_at_once() {
    let nested = |within: usize| {
        (1..=28).fold("model.latency_p95 >= 1 ms".to_owned(), |inner, at| {
            let most = at + within;
            format!("(model.latency_p95 >= {at} ms or ({inner} and model.latency_p95 <= {most} ms))")
        })
    };
    let of = |text: &str| format!("guarantee n {{ for data has health always {text} because \"x\" }}\n");
    let (old, new) = (of(&nested(100)), of(&nested(200)));
    refused(&[(P, RULE, &old)], &[(P, &old, &new)], "widened", "guarantee n, always dropped");
}

#[test]
fn a_promise_to_nobody_yet_is_gone_too_where_its_words_are() {
    let teams = "teams hr, ops\n";
    let rule = "compliance rule c { when team == ops forbid model.trains_on_data because \"x\" }\n";
    let base = format!("{teams}{rule}");
    let why = "rule `c`: forbid dropped: `model.trains_on_data`: it cannot be promised again, since something that it names is gone";
    refused(&[(P, RULE, &base)], &[(P, &base, "teams hr\n")], "widened", why);
}

#[test]
fn failover_that_leads_nobody_yet_is_gone_too() {
    let teams = "teams hr, ops\n";
    let none = "failover z { when team == ops none because \"x\" }\n";
    let base = format!("{teams}{RULE}{none}");
    let why =
        "failover `z` is gone, which led nobody yet: whoever it would lead next fails over as others say";
    refused(&[(P, RULE, &base)], &[(P, none, "")], "widened", why);
    // Under another name it is there.
    let renamed = none.replace("failover z", "failover y");
    passes(&[(P, RULE, &base)], &[(P, none, &renamed)], "widened");
}

#[test]
fn a_clause_that_reads_a_fact_or_a_level_is_promised_to_new_values() {
    let fact = "fact caller in {eu, us} default us\n";
    let more = (P, "{eu, us}", "{eu, us, de}");
    for clause in [
        "compliance rule c { forbid caller in [us] and model.trains_on_data because \"x\" }\n",
        "guarantee c { never caller in [us] and model.trains_on_data because \"x\" }\n",
        "compliance rule c { from 2027-01-01 forbid caller in [us] and model.trains_on_data because \"x\" }\n",
    ] {
        let policy = format!("{fact}{clause}");
        refused(&[(P, RULE, &policy)], &[more], "widened", "lost for chat and mail");
        // Whoever states nothing was promised nothing, so a new value is not either.
        let other = policy.replace("default us", "default eu");
        passes(&[(P, RULE, &other)], &[more], "widened");
    }
    let levels = "classifications public < internal < confidential < restricted\n";
    let rule = "compliance rule c { forbid classification in [confidential, restricted] and model.trains_on_data because \"x\" }\n";
    let base = format!("{levels}{rule}");
    let mid = (P, "< restricted", "< mid < restricted");
    refused(&[(P, RULE, &base)], &[mid], "widened", "rule c, forbid lost for chat and mail");
}

#[test]
fn a_level_that_is_called_like_an_attribute_is_no_attribute() {
    let base = "classifications public < internal < confidential < restricted\nfact doc in classifications default internal\nguarantee c { always doc <= model.data_classification_max because \"x\" }\n";
    let edits = [
        (P, "< restricted", "< restricted < \"model.data_classification_max\""),
        (P, "<= model.data_classification_max", "<= \"model.data_classification_max\""),
    ];
    refused(&[(P, RULE, base)], &edits, "widened", "guarantee c, always dropped");
}

/// Whether what is accepted of one change covers another one.
fn covers(base: &[Edit], first: &[Edit], second: &[Edit]) -> bool {
    let folder = sides(base, first);
    let accepted = stdout(&diff(folder.path(), &["--deny", "widened", "--write-accept"]));
    let folder = sides(base, second);
    std::fs::write(folder.path().join("accepted.yaml"), accepted).expect("write");
    status(&diff(folder.path(), &["--deny", "widened", "--accept", "accepted.yaml"])) == 0
}

#[test]
fn who_accepts_that_some_requests_lose_a_promise_accepts_no_more() {
    let base = "fact caller in {eu, us} default us\ncompliance rule c { when data has pii and caller == us forbid model.trains_on_data because \"x\" }\n";
    let more = (P, "{eu, us}", "{eu, us, de}");
    assert!(covers(&[(P, RULE, base)], &[more], &[more]));
    let none = (
        E,
        "data: [pii], team: hr}\n  - {name: mail, owner: o@example.com, data_classification: internal, data: [pii], ",
        "team: hr}\n  - {name: mail, owner: o@example.com, data_classification: internal, ",
    );
    assert!(!covers(&[(P, RULE, base)], &[more], &[more, none]));
    // Whoever else says the same, for whom and how long, is a part of what is accepted.
    let rule = "compliance rule c { when data has pii forbid model.trains_on_data because \"x\" }\n";
    let some =
        rule.replace("rule c", "rule h").replace("has pii", "has pii and classification >= confidential");
    let fewer = some.replace("confidential", "restricted");
    let tonight = some.replace("when", "until 2026-11-25 when");
    let accepted = |second: &str| covers(&[(P, RULE, rule)], &[(P, rule, &some)], &[(P, rule, second)]);
    assert!(accepted(&some));
    assert!(!accepted(&fewer) && !accepted(&tonight));
}
