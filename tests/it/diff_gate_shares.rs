//! What is left of a budget decides where some promises hold: they cannot be emptied by a budget that counts less, or more.

use std::fs;
use std::path::Path;
use std::process::Output;

use crate::bundle::{govctl, status, stderr, stdout};
use crate::diff_gate::denied;

const REGISTRY: &str = "providers:
  home:
    owner: a@example.com
    models:
      - {name: h, approved_use_cases: [\"*\"], data_classification_max: restricted, cost_per_1m_tokens_input: 5, cost_per_1m_tokens_output: 5}
      - {name: beta, approved_use_cases: [\"*\"], data_classification_max: restricted, cost_per_1m_tokens_input: 9, cost_per_1m_tokens_output: 9}
";
const ESTATE: &str = "use_cases:
  - {name: chat, owner: a, data_classification: internal, team: t}
  - {name: lab, owner: a, data_classification: internal, team: u}
";
const POLICY: &str = "compliance rule known {
  when     WHEN
  forbid   model.id == home/beta
  because  \"what is left is for what is known\"
}

failover standard {
  follow   ranking
  because  \"base\"
}

budget all {
  limit    500 usd per month
}

budget teams {
  when     team == t
  limit    100 usd per month
}

budget others {
  when     team == u
  limit    100 usd per month
}
";

/// Both sides with a rule that holds when something is so, the new one with an edit: old and new text.
fn sides(when: &str, edits: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (side, edits) in [("old", &[][..]), ("new", edits)] {
        let mut policy = POLICY.replace("WHEN", when);
        for (from, to) in edits {
            assert!(policy.contains(from), "{from}");
            policy = policy.replace(from, to);
        }
        for (path, text) in
            [("registry/r.yaml", REGISTRY), ("estate/e.yaml", ESTATE), ("policies/p.gov", &policy)]
        {
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
    govctl.args(arguments).output().expect("govctl runs")
}

#[track_caller]
fn loosened(when: &str, edits: &[(&str, &str)], said: &str) {
    let output = gate(sides(when, edits).path(), &[]);
    denied(&output, &format!("gate loosened: {said}: rule `known` goes by what is left"));
}

#[track_caller]
fn passes(when: &str, edits: &[(&str, &str)]) {
    let output = gate(sides(when, edits).path(), &[]);
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
}

const TEAMS: &str = "budget teams {\n  when     team == t\n  limit    100 usd per month\n}\n";
const LITTLE: [&str; 4] = [
    "budget.teams.remaining < 20%",
    "budget.teams.remaining <= 20% and team == t",
    "not (20% < budget.teams.remaining)",
    "classification > public and (budget.teams.remaining < 5% or budget.remaining < 1%)",
];

#[test]
fn a_budget_that_counts_less_empties_what_holds_once_little_is_left() {
    for when in LITTLE {
        let raised = TEAMS.replace("100 usd", "100000000 usd");
        loosened(
            when,
            &[(TEAMS, &raised)],
            "budget `teams` allows 100,000,000 usd a month, before 100 usd a month",
        );
        loosened(
            when,
            &[(TEAMS, &raised.replace("month", "year").replace("100000000", "100"))],
            "budget `teams` allows 100 usd a year, before 100 usd a month",
        );
        let on = TEAMS.replace("  limit", "  on       home/beta\n  limit");
        loosened(
            when,
            &[(TEAMS, &on)],
            "budget `teams` counts what is spent on `home/beta`, before everything",
        );
        let per = TEAMS.replace("  limit", "  per      user\n  limit");
        loosened(when, &[(TEAMS, &per)], "budget `teams` has its limit per `user`, before for all together");
        let fewer = TEAMS.replace("team == t", "team == t and criticality == high");
        loosened(when, &[(TEAMS, &fewer)], "budget `teams` no longer covers `chat`");
        let by_request = TEAMS.replace("team == t", "team == t and classification == internal");
        loosened(when, &[(TEAMS, &by_request)], "budget `teams` no longer always covers `chat`");
        // However it is written, it covers the same use case.
        passes(when, &[(TEAMS, &TEAMS.replace("team == t", "team in [t] or criticality == high"))]);
        passes(when, &[(TEAMS, &TEAMS.replace("100 usd", "90 usd"))]);
        passes(
            when,
            &[(TEAMS, &TEAMS.replace("  limit", "  at       50% notify \"a@example.com\"\n  limit"))],
        );
        passes(
            when,
            &[(
                "budget others {\n  when     team == u\n  limit    100",
                "budget others {\n  when     team == u\n  limit    99",
            )],
        );
    }
    // What no request of the promise is counted by is no matter.
    let others = [("team == u\n  limit    100", "team == u\n  limit    900")];
    passes(LITTLE[0], &others);
    passes("team == t and budget.remaining < 20%", &others);
    loosened(
        "budget.remaining < 20%",
        &others,
        "budget `others` allows 900 usd a month, before 100 usd a month",
    );
}

#[test]
fn a_narrower_choice_of_models_counts_less() {
    let when = "budget.teams.remaining < 20%";
    let both = |from: &str, to: &str| {
        let folder = sides(when, &[]);
        for (side, on) in [("old", from), ("new", to)] {
            let path = folder.path().join(side).join("policies/p.gov");
            let text = fs::read_to_string(&path).expect("a file");
            let on = format!("team == t\n  on       {on}\n  limit");
            fs::write(&path, text.replace("team == t\n  limit", &on)).expect("write");
        }
        gate(folder.path(), &[])
    };
    for (from, to, said) in [
        (
            "home",
            "home/h, home/beta",
            "counts what is spent on `home/beta` and `home/h`, before what is spent on `home`",
        ),
        (
            "home/h, home/beta",
            "home/h",
            "counts what is spent on `home/h`, before what is spent on `home/beta` and `home/h`",
        ),
    ] {
        denied(&both(from, to), said);
        assert_eq!(status(&both(to, from)), 0);
    }
}

#[test]
fn a_budget_that_takes_the_place_of_another_counts_as_much() {
    let when = "budget.remaining < 20%";
    let decoy = TEAMS.replace("budget teams", "budget decoy");
    passes(when, &[(TEAMS, &decoy)]);
    passes(when, &[(TEAMS, &(TEAMS.replace("100 usd", "900 usd") + &decoy))]);
    passes(when, &[(TEAMS, "budget whole { limit 50 usd per month }\n")]);
    let gone = "budget `teams` counts nothing any more";
    let instead = |allows: &str| format!("{gone} and `decoy` is new and allows {allows}");
    loosened(when, &[(TEAMS, &decoy.replace("100 usd", "100000 usd"))], &instead("100,000 usd a month"));
    loosened(when, &[(TEAMS, &decoy.replace("month", "day"))], &instead("100 usd a day"));
    loosened(when, &[(TEAMS, &decoy.replace("  limit", "  on       home\n  limit"))], gone);
}

#[test]
fn a_budget_that_counts_more_empties_what_holds_while_much_is_left() {
    let when = "budget.teams.remaining > 20%";
    loosened(
        when,
        &[(TEAMS, &TEAMS.replace("100 usd", "0.01 usd"))],
        "budget `teams` allows 0.01 usd a month, before 100 usd a month",
    );
    loosened(when, &[("when     team == t\n", "")], "budget `teams` newly covers `lab`");
    passes(when, &[(TEAMS, &TEAMS.replace("100 usd", "200 usd"))]);
    let decoy = "budget decoy { limit 0.01 usd per month }\n";
    let more = format!("{TEAMS}{decoy}");
    loosened(
        "budget.remaining >= 20%",
        &[(TEAMS, &more)],
        "budget `decoy` is new and allows 0.01 usd a month",
    );
    passes(when, &[(TEAMS, &more)]);
    passes("budget.remaining < 20%", &[(TEAMS, &more)]);
    // Nobody can tell.
    let when = "budget.teams.remaining == 20%";
    for limit in ["1 usd", "900 usd"] {
        loosened(
            when,
            &[(TEAMS, &TEAMS.replace("100 usd", limit))],
            &format!("budget `teams` allows {limit} a month, before 100 usd a month"),
        );
    }
}

/// Both sides with a rule that holds when something is so and these policies besides, the new one with another team of
/// `chat`.
fn moved_to(team: &str, when: &str, more: &str) -> tempfile::TempDir {
    let folder = sides(when, &[]);
    for side in ["old", "new"] {
        let path = folder.path().join(side).join("policies/p.gov");
        let text = fs::read_to_string(&path).expect("a file");
        fs::write(&path, format!("teams t, u, v\n{text}{more}\n")).expect("write");
    }
    let estate = ESTATE.replace("team: t}", &format!("team: {team}}}"));
    fs::write(folder.path().join("new/estate/e.yaml"), estate).expect("write");
    folder
}

#[test]
fn a_use_case_that_leaves_a_budget_by_its_own_entry_is_counted_less() {
    let left = "budget `teams` no longer covers `chat`: rule `known` goes by what is left";
    let shares = "compliance rule other { when budget.teams.remaining < 10% and team == u forbid model.id == home/beta because \"x\" }";
    for (when, more) in
        [("budget.remaining < 20%", ""), ("budget.remaining < 20% or budget.teams.remaining < 5%", shares)]
    {
        denied(&gate(moved_to("v", when, more).path(), &[]), left);
    }
    // A budget that is as strict counts it there.
    let output = gate(moved_to("u", "budget.remaining < 20%", "").path(), &[]);
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
    denied(
        &gate(
            moved_to("u", "budget.remaining > 20%", "budget u { when team == u limit 1 usd per month }")
                .path(),
            &[],
        ),
        "budget `u` newly covers `chat`: rule `known` goes by what is left",
    );
}

#[test]
fn a_use_case_that_a_budget_covers_in_fewer_contexts_is_counted_less() {
    let fact = "fact tenant in { normal, premium } default normal\nbudget tenants { when team == t or tenant == premium limit 5 usd per month }";
    denied(
        &gate(moved_to("v", "budget.tenants.remaining < 20%", fact).path(), &[]),
        "budget `tenants` no longer always covers `chat`: rule `known` goes by what is left",
    );
}

#[test]
fn a_use_case_that_is_counted_apart_has_a_limit_of_its_own() {
    let each = "budget each { limit 5 usd per month per team }";
    // From a team of its own to another one, and back.
    let folder = moved_to("u", "budget.each.remaining < 20%", each);
    let output = gate(folder.path(), &[]);
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
    let side = |name: &str| folder.path().join(name);
    for (from, to) in [("old", "back"), ("new", "old"), ("back", "new")] {
        fs::rename(side(from), side(to)).expect("rename");
    }
    denied(
        &gate(folder.path(), &[]),
        "budget `each` counts `chat` for another `team`: rule `known` goes by what is left",
    );
}

#[test]
fn another_default_of_a_fact_that_only_a_budget_reads_is_no_detail() {
    let fact = "fact tenant in { normal, premium } default normal\nbudget tenants { when tenant == normal limit 5 usd per month }";
    let folder = moved_to("t", "budget.remaining < 20%", fact);
    let path = folder.path().join("new/policies/p.gov");
    let text = fs::read_to_string(&path).expect("a file");
    fs::write(&path, text.replace("default normal", "default premium")).expect("write");
    denied(
        &gate(folder.path(), &[]),
        "a request that does not state `tenant` now counts as `premium`, before as `normal`",
    );
}

#[test]
fn a_budget_that_stands_ends_with_no_other() {
    let second = "budget second { limit 500 usd per month until 2026-12-31 }";
    let folder = moved_to("t", "budget.remaining < 20%", second);
    let path = folder.path().join("new/policies/p.gov");
    let text = fs::read_to_string(&path).expect("a file");
    fs::write(&path, text.replace("budget all {\n  limit    500", "budget all {\n  limit    600"))
        .expect("write");
    let output = gate(folder.path(), &[]);
    assert!(!stdout(&output).contains("budget `all` ends"), "{}", stdout(&output));
}

#[test]
fn whoever_goes_by_what_is_left_is_named() {
    let raised = ("limit    500", "limit    5000000");
    for (statement, said) in [
        (
            "guarantee g { for budget.remaining < 5% never model.id == home/beta because \"x\" }",
            "guarantee `g` goes",
        ),
        (
            "guarantee g { never model.id == home/beta and budget.remaining < 5% because \"x\" }",
            "guarantee `g` goes",
        ),
        ("failover tight { when budget.remaining < 5% none because \"x\" }", "failover `tight` goes"),
        (
            "failover tight { when budget.remaining < 5% follow ranking match compliance because \"x\" }",
            "failover `tight` goes",
        ),
        (
            "failover wide { when budget.remaining > 5% follow ranking because \"x\" }\nfailover tight { when team == t follow ranking match compliance because \"x\" }",
            "failover `wide` goes",
        ),
        (
            "compliance rule r { require budget.remaining > 5% or model.id != home/beta because \"x\" }",
            "rule `r` goes",
        ),
        ("compliance rule r { when budget.remaining < 5% process in eu because \"x\" }", "rule `r` goes"),
    ] {
        let folder = sides("team == t", &[raised]);
        for side in ["old", "new"] {
            let path = folder.path().join(side).join("policies/p.gov");
            let text = fs::read_to_string(&path).expect("a file");
            fs::write(&path, format!("{text}{statement}\n")).expect("write");
        }
        let output = gate(folder.path(), &[]);
        denied(
            &output,
            &format!(
                "budget `all` allows 5,000,000 usd a month, before 500 usd a month: {said} by what is left"
            ),
        );
    }
    passes("team == t", &[raised]);
}

#[test]
fn what_is_accepted_of_a_budget_is_that_and_no_more() {
    let alone = |when: &str, accepted: &str, other: &str, said: &str| {
        let proposed = stdout(&gate(sides(when, &[(TEAMS, accepted)]).path(), &["--write-accept"]));
        let accepting = |teams: &str| {
            let folder = sides(when, &[(TEAMS, teams)]);
            fs::write(folder.path().join("accepted.yaml"), &proposed).expect("write");
            gate(folder.path(), &["--accept", "accepted.yaml"])
        };
        let output = accepting(accepted);
        assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
        denied(&accepting(other), said);
    };
    let share = "budget.teams.remaining < 20%";
    let raised = |limit: &str| TEAMS.replace("100 usd", limit);
    alone(share, &raised("200 usd"), &raised("201 usd"), "budget `teams` allows 201 usd a month");
    // Neither is another condition, by which it covers the same use case in other contexts.
    let only = |level: &str| TEAMS.replace("team == t", &format!("team == t and classification == {level}"));
    let said = "budget `teams` no longer always covers `chat`";
    alone(share, &only("internal"), &only("restricted"), said);
    // What stands in the place of one that is gone is accepted with it.
    let firm = |limit: &str| TEAMS.replace("budget teams", "budget firm").replace("100 usd", limit);
    let said = "`firm` is new and allows 150,000 usd a month";
    alone("budget.remaining < 20%", &firm("150 usd"), &firm("150000 usd"), said);
}

#[test]
fn a_later_day_is_asked_today() {
    let when = "budget.teams.remaining < 20%";
    let until = TEAMS.replace("  limit", "  until    2026-12-31\n  limit");
    let from = TEAMS.replace("  limit", "  from     2027-01-01\n  limit").replace("100 usd", "100000 usd");
    loosened(
        when,
        &[(TEAMS, &format!("{until}{from}"))],
        "from 2027-01-01, when budget `teams` begins and budget `teams` has ended, budget `teams` allows 100,000 usd a month, before 100 usd a month",
    );
    let later = "team == t and budget.teams.remaining < 50%\n  from     2027-02-01";
    loosened(
        later,
        &[(TEAMS, &TEAMS.replace("100 usd", "300 usd"))],
        "from 2027-02-01, when rule `known` begins, budget `teams` allows 300 usd a month, before 100 usd a month",
    );
}
