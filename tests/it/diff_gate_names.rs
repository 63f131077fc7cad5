//! A pull request cannot open the gate in two steps: what requests may state, where they would go, and what promises mean
//! is compared though no decision shows it.

use std::fs;
use std::path::Path;
use std::process::Output;

use crate::bundle::{govctl, status, stderr, stdout};
use crate::diff_gate::denied;

const REGISTRY: &str = "providers:
  home:
    owner: a@example.com
    hosting: cloud
    dpa: {status: confirmed}
    regions: [eu-1]
    endpoint: {base_url: \"https://home.example/v1\", api_key_env: HOME_KEY}
    models:
      - {name: h, approved_use_cases: [\"*\"], data_classification_max: restricted, cost_per_1m_tokens_input: 5, cost_per_1m_tokens_output: 5}
      - {name: beta, approved_use_cases: [lab], data_classification_max: internal, cost_per_1m_tokens_input: 1, cost_per_1m_tokens_output: 1, lifecycle: {status: preview}, failure_domain: labs, endpoint: {base_url: \"https://lab.example/v1\", api_key_env: LAB_KEY}}
  vendor:
    owner: a@example.com
    hosting: cloud
    failure_domain: tests
    regions: [us]
    models:
      - {name: v, approved_use_cases: [none], data_classification_max: restricted, cost_per_1m_tokens_input: 9, cost_per_1m_tokens_output: 9}
";
const ESTATE: &str = "use_cases:
  - {name: chat, endpoint_tag: app.chat, owner: a, data_classification: public, data: [pii], regulations: [hipaa], team: t}
  - {name: lab, owner: a, data_classification: public, team: u}
";
const POLICY: &str = "classifications public < internal < confidential < restricted
regions us, eu { eu-1 }
fact consent in { given, withheld, unasked } default withheld

compliance rule old-models {
  when     consent != given
  forbid   model.lifecycle == preview
  because  \"people agree to it first\"
}

compliance rule careful {
  when     classification > internal
  forbid   model.lifecycle == preview
  because  \"a promise\"
}

compliance rule last-money {
  when     budget.teams.remaining < 20%
  forbid   model.lifecycle == preview
  because  \"what is left is for what is known\"
}

compliance rule known {
  forbid   model.failure_domain in [labs, tests]
  because  \"a promise\"
}

failover standard {
  follow   ranking
  match    compliance, classification
  because  \"base\"
}

budget teams {
  when    team == t
  limit   100 usd per month
  owner   \"a@example.com\"
}
";

/// A file, and what is written there otherwise.
type Edit<'a> = (&'a str, &'a str, &'a str);

const R: &str = "registry/r.yaml";
const E: &str = "estate/e.yaml";
const P: &str = "policies/p.gov";

/// Both sides, beginning with some edits, the new one with more.
fn sides(both: &[Edit], new: &[Edit]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (side, edits) in [("old", both.to_vec()), ("new", [both, new].concat())] {
        for (path, text) in [(R, REGISTRY), (E, ESTATE), (P, POLICY)] {
            let mut text = text.to_owned();
            for (_, before, after) in edits.iter().filter(|(of, ..)| *of == path) {
                assert!(text.contains(before), "{before}");
                text = text.replace(before, after);
            }
            let path = folder.path().join(side).join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, text).expect("write");
        }
    }
    folder
}

fn gate(folder: &Path, arguments: &[&str]) -> Output {
    let mut govctl = govctl();
    govctl.current_dir(folder).args(["diff", "old", "new", "--deny", "widened", "--as-of", "2026-11-21"]);
    govctl.args(arguments).env("COLUMNS", "400").output().expect("govctl runs")
}

#[track_caller]
fn loosened(new: &[Edit], said: &str) {
    let folder = sides(&[], new);
    denied(&gate(folder.path(), &[]), said);
}

#[test]
fn what_a_request_can_no_longer_state_is_named() {
    let refused = "requests that state it are refused, until something else is called so";
    loosened(
        &[(E, "endpoint_tag: app.chat, ", "")],
        &format!("`app.chat` names no use case any more and led to `chat` before: {refused}"),
    );
    loosened(
        &[(E, "name: chat", "name: talk")],
        &format!("`chat` names no use case any more and led to `talk` before: {refused}"),
    );
    let rename = [(P, "consent", "agreed")];
    loosened(&rename, "the fact `consent` is called `agreed`: requests that state `consent` are refused");
    let folder = sides(&[], &rename);
    assert_eq!(
        stderr(&gate(folder.path(), &[])).lines().last(),
        Some(
            "denied: 1 rule of the gate that is loosened: the fact `consent` is called `agreed`: requests that state `consent` are refused, until something else is called so"
        )
    );
    loosened(&[(P, ", unasked", "")], "`unasked` is no longer a value of `consent`: requests that state it");
    loosened(
        &[(P, "restricted", "secret"), (R, "restricted", "secret")],
        "`restricted` is no longer a classification",
    );
}

#[test]
fn what_it_means_to_state_something_is_compared() {
    loosened(
        &[(P, "default withheld", "default given")],
        "a request that does not state `consent` now counts as `given`, before as `withheld`",
    );
    let order = [(P, "internal < confidential < restricted", "confidential < restricted < internal")];
    loosened(&order, "the classification `confidential` now stands below `internal`, before above it");
    loosened(&[(P, "when    team == t", "when    team == u")], "last-money");
    loosened(&[(P, "eu { eu-1 }", "eu-1, eu { eu-2 }")], "`eu-1` no longer lies within `eu`");
    loosened(
        &[(P, "{ eu-1 }", "{ eu-1, far-1 }")],
        "`far-1` newly lies within `eu`: whoever may be processed in",
    );
}

#[test]
fn a_promise_about_money_goes_with_the_budget_that_counts_it() {
    let all = "budget all {\n  limit   500 usd per month\n  owner   \"a@example.com\"\n}\n\nbudget teams {";
    let both = [(P, "budget.teams.remaining", "budget.remaining"), (P, "budget teams {", all)];
    let teams = "rule last-money, forbid lost for lab: `model.lifecycle == preview`";
    for edit in
        [("budget all {\n  limit", "budget all {\n  on      home/beta\n  limit"), (all, "budget teams {")]
    {
        // What the other budget covers is still counted.
        denied(&gate(sides(&both, &[(P, edit.0, edit.1)]).path(), &[]), teams);
    }
    // As long as one counts as much, the promise stands.
    let folder = sides(&both, &[(P, "limit   500", "limit   400")]);
    assert_eq!(status(&gate(folder.path(), &[])), 0);
}

#[test]
fn a_bound_that_a_promise_holds_models_against_is_part_of_it() {
    let bounds = "team: t, latency_sla_ms: 1000, availability_target: 99.9%}";
    let rule =
        "compliance rule known {\n  require  model.latency_p95 <= latency_sla or model.provider == home";
    let guarantee = "guarantee up {\n  always   chain.availability >= availability_target or chain.length >= 1\n  because  \"x\"\n}\n\nbudget teams";
    let both =
        [(E, "team: t}", bounds), (P, "compliance rule known {", rule), (P, "budget teams", guarantee)];
    let folder = sides(&both, &[(E, "latency_sla_ms: 1000", "latency_sla_ms: 5000")]);
    denied(&gate(folder.path(), &[]), "use case chat, latency_sla_ms loosened: `1000 ms → 5000 ms`");
    let folder = sides(&both, &[(E, "availability_target: 99.9%", "availability_target: 1%")]);
    denied(&gate(folder.path(), &[]), "use case chat, availability_target loosened: `99.9% → 1%`");
    // Where no promise reads them, nothing is promised by them.
    let folder = sides(&both[..1], &[(E, "latency_sla_ms: 1000", "latency_sla_ms: 5000")]);
    assert_eq!(status(&gate(folder.path(), &[])), 0);
}

#[test]
fn one_text_is_one_promise_whatever_names_hold() {
    let forged = "\"labs`, `tests\"";
    let beside = format!("failure_domain: {forged}, endpoint");
    let edits = [(P, "labs, tests", forged), (R, "failure_domain: labs, endpoint", &*beside)];
    loosened(&edits, "rule `known`: forbid dropped: `model.failure_domain in [labs, tests]`");
}

#[test]
fn where_a_use_case_never_went_is_new_for_it() {
    let agreed = (P, "default withheld", "default given");
    let lab = (P, "[labs, tests]", "[tests]");
    let folder =
        sides(&[agreed, lab], &[(R, "approved_use_cases: [lab]", "approved_use_cases: [lab, chat]")]);
    denied(
        &gate(folder.path(), &[]),
        "`home/beta` is newly reached at `https://lab.example/v1`, where no request for `chat` went before",
    );
    let own = "endpoint: {base_url: \"https://own.example/v1\"}";
    let idle = (R, "    endpoint: {base_url: \"https://home.example/v1\", api_key_env: HOME_KEY}\n", "");
    let all = (R, "{name: h,", &*format!("{{name: h, {own},"));
    let folder = sides(
        &[idle, all],
        &[(
            R,
            "    hosting: cloud\n    dpa",
            "    hosting: cloud\n    endpoint: {base_url: \"https://evil.example/v1\"}\n    dpa",
        )],
    );
    denied(
        &gate(folder.path(), &[]),
        "models of `home` that do not say otherwise are reached at `https://evil.example/v1`, before at no stated address",
    );
    let bare = "      - {name: bare, approved_use_cases: [chat], data_classification_max: public, cost_per_1m_tokens_input: 1, cost_per_1m_tokens_output: 1}\n  vendor:";
    let folder = sides(&[idle, all], &[(R, "  vendor:", bare)]);
    denied(
        &gate(folder.path(), &[]),
        "`home/bare` is newly reached at no stated address, where no request for `chat` went before",
    );
}

#[test]
fn what_the_registry_and_failover_let_through_is_compared() {
    loosened(
        &[(R, "data_classification_max: internal", "data_classification_max: restricted")],
        "`home/beta` may see up to `restricted` data, before up to `internal`",
    );
    loosened(
        &[(P, "  match    compliance, classification\n", "  match    classification\n")],
        "failover `standard` no longer matches `compliance`: its targets may be worse there",
    );
    loosened(&[(E, "regulations: [hipaa], ", "")], "use case chat, regulations dropped: `hipaa`");
}

#[test]
fn an_acceptance_hides_nothing_else() {
    let widened = (R, "approved_use_cases: [none]", "approved_use_cases: [none, chat]");
    let both = [
        (P, "[labs, tests]", "[labs]"),
        (P, "  match    compliance, classification\n", ""),
        (E, "regulations: [hipaa], ", ""),
    ];
    let folder = sides(&both, &[widened]);
    let proposed = stdout(&gate(folder.path(), &["--write-accept"]));
    let accepted = |new: &[Edit]| {
        let folder = sides(&both, new);
        fs::write(folder.path().join("accepted.yaml"), &proposed).expect("write");
        gate(folder.path(), &["--accept", "accepted.yaml"])
    };
    let output = accepted(&[widened]);
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
    // What another use case, and what it itself is no longer promised.
    let dropped =
        (P, "  forbid   model.lifecycle == preview\n  because  \"a promise\"", "  because  \"a promise\"");
    denied(&accepted(&[widened, dropped]), "rule careful, forbid narrowed: `model.lifecycle == preview`");
    // What is reached otherwise from a later day on.
    let later = "failover later {\n  from     2027-01-01\n  when     classification == restricted\n  none\n  overrides standard\n  because  \"x\"\n}\n\nbudget teams";
    let output = accepted(&[widened, (P, "budget teams", later)]);
    denied(&output, "from 2027-01-01, when failover `later` begins, `chat` changes");
}

#[test]
fn what_judges_a_change_is_named() {
    let tested = (
        P,
        "budget teams",
        "test \"no vendor\" {\n  given  use_case chat\n  expect never vendor\n}\n\nbudget teams",
    );
    let folder = sides(&[tested], &[(P, "  expect never vendor\n", "  expect primary home/h\n")]);
    let output = gate(folder.path(), &[]);
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
    assert!(stdout(&output).contains("gate: test `no vendor` asks otherwise"), "{}", stdout(&output));
    let gone = (P, "test \"no vendor\" {\n  given  use_case chat\n  expect never vendor\n}\n\n", "");
    let folder = sides(&[tested], &[gone]);
    assert!(stdout(&gate(folder.path(), &[])).contains("gate: test `no vendor` is gone"));
    let table = govctl()
        .current_dir(folder.path())
        .args(["compile", "old", "-o", "table.json", "--as-of", "2026-11-21"])
        .output()
        .expect("govctl runs");
    assert_eq!(status(&table), 0, "{}", stderr(&table));
    let diff = |more: &[&str]| {
        let mut govctl = govctl();
        govctl
            .current_dir(folder.path())
            .args(["diff", "table.json", "./new", "--as-of", "2026-11-21"])
            .args(more);
        stdout(&govctl.output().expect("govctl runs"))
    };
    let said = "gate: one side is a table, which states no promises, tests, levels, comments, agreements, training\n  or later days: of these nothing is compared";
    assert!(diff(&["--deny", "widened"]).contains(said), "{}", diff(&["--deny", "widened"]));
    assert!(!diff(&[]).contains(said));
}

/// Whose requests count as another use case's are held to what that is held to.
#[test]
fn a_name_that_moves_takes_its_promises_along() {
    let moved =
        [(E, "endpoint_tag: app.chat, ", ""), (E, "{name: lab,", "{name: lab, endpoint_tag: app.chat,")];
    let said = "requests for `app.chat` count as `lab`, before as `chat`";
    loosened(&moved, &format!("{said}, and lose what that was promised: `regulations dropped: hipaa`"));
    // Whatever reads who it is, or what it states.
    let plain = [(E, ", regulations: [hipaa]", "")];
    for when in ["use_case == chat", "data has pii", "team == t"] {
        let rule = format!(
            "compliance rule own {{ when {when} require model.hosting == cloud because \"x\" }}\nfailover standard"
        );
        let rule = [plain[0], (P, "failover standard", rule.as_str())];
        let folder = sides(&rule, &moved);
        let output = gate(folder.path(), &[]);
        denied(&output, &format!("{said}, and lose what that was promised: "));
        denied(&output, "`rule own: require model.hosting == cloud`");
    }
    let later = "compliance rule own { from 2027-01-01 when use_case == chat require model.hosting == cloud because \"x\" }\nfailover standard";
    let alike = (E, "team: u", "team: t, data: [pii]");
    let folder = sides(&[plain[0], alike, (P, "failover standard", later)], &moved);
    denied(
        &gate(folder.path(), &[]),
        &format!("{said}, and may lose what that is promised from a later day on"),
    );
    // So does what the other one is promised for a while.
    let ends = "compliance rule own { when use_case == chat require model.hosting == cloud because \"x\" }
compliance rule other { until 2026-12-01 when use_case == lab require model.hosting == cloud because \"x\" }
failover standard";
    let folder = sides(&[plain[0], alike, (P, "failover standard", ends)], &moved);
    denied(&gate(folder.path(), &[]), "`rule own: require model.hosting == cloud`");
    // And who moves to what is promised for a while.
    let ends = ends.replace("use_case == chat", "team == t").replace("use_case == lab", "team == u");
    let third = "  - {name: third, owner: a, data_classification: public, team: t}\n  - {name: lab,";
    let folder = sides(
        &[plain[0], (E, "  - {name: lab,", third), (P, "failover standard", &ends)],
        &[(E, "data: [pii], team: t}", "data: [pii], team: u}")],
    );
    denied(&gate(folder.path(), &[]), "rule own, require lost for chat: `model.hosting == cloud`");
    // What is promised to both is lost by nobody.
    let folder = sides(&[plain[0], alike], &moved);
    let output = gate(folder.path(), &[]);
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
    assert!(stdout(&output).contains(said), "{}", stdout(&output));
}
