//! A pull request cannot open the gate by what no decision shows: where names lead, who may state what, where models are
//! reached, how long a promise stands, how loud findings are, and what the old side is.

use std::fs;
use std::path::Path;
use std::process::Output;

use crate::bundle::{govctl, status, stderr, stdout};
use crate::diff_git::{commit, git};

const REGISTRY: &str = "providers:
  house:
    owner: a@example.com
    hosting: self-hosted
    endpoint: {base_url: \"https://llm.internal.example/v1\"}
    models:
      - {name: a1, approved_use_cases: [\"*\"], data_classification_max: restricted, cost_per_1m_tokens_input: 1, cost_per_1m_tokens_output: 2}
  cloud:
    owner: b@example.com
    hosting: cloud
    models:
      - {name: b1, approved_use_cases: [\"*\"], data_classification_max: restricted, cost_per_1m_tokens_input: 2, cost_per_1m_tokens_output: 4}
";
const ESTATE: &str = "use_cases:
  - {name: secret, endpoint_tag: app.secret, owner: a, data_classification: restricted, data: [pii]}
  - {name: chat, endpoint_tag: app.chat, owner: a, data_classification: internal}
";
const POLICY: &str = "compliance rule home {
  when     use_case == secret
  require  model.hosting == self-hosted
  because  \"a promise\"
}

failover standard {
  follow   ranking
  because  \"base\"
}

budget all {
  limit  5 usd per month
}
";
const CONFIG: &str = "request:
  from_credentials: [use_case]
  jwks: {url: \"https://issuer.example/keys\", issuer: \"https://issuer.example\", audience: gateway}
lints: {good-practice: deny, unbudgeted: allow}
";

pub(crate) fn make(folder: &Path) {
    for (path, text) in [
        ("registry/main.yaml", REGISTRY),
        ("estate/main.yaml", ESTATE),
        ("policies/main.gov", POLICY),
        ("govctl.yaml", CONFIG),
    ] {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("write");
    }
}

fn diff(folder: &Path, arguments: &[&str]) -> Output {
    let mut govctl = govctl();
    govctl.current_dir(folder).args(["diff", "--deny", "widened"]).args(arguments);
    govctl.output().expect("govctl runs")
}

/// Both sides in folders that are in no repository, the new one with an edit.
fn edited(path: &str, edit: impl Fn(&str) -> String) -> (tempfile::TempDir, Output) {
    let folder = tempfile::tempdir().expect("a folder");
    make(&folder.path().join("old"));
    make(&folder.path().join("new"));
    let file = folder.path().join("new").join(path);
    let before = fs::read_to_string(&file).expect("a file");
    let after = edit(&before);
    assert_ne!(before, after);
    fs::write(&file, after).expect("write");
    let output = diff(folder.path(), &["old", "new"]);
    (folder, output)
}

#[track_caller]
pub(crate) fn denied(output: &Output, said: &str) {
    assert_eq!(status(output), 1, "{}{}", stdout(output), stderr(output));
    let text = stdout(output).split_whitespace().collect::<Vec<&str>>().join(" ");
    assert!(text.contains(said), "{}", stdout(output));
}

#[test]
fn a_name_that_leads_to_another_use_case_is_what_its_requests_get() {
    let swap = |text: &str| {
        text.replace("app.secret", "x").replace("app.chat", "app.secret").replace('x', "app.chat")
    };
    let (folder, output) = edited("estate/main.yaml", |text| swap(text));
    denied(&output, "chat (asked as app.secret, which was secret)");
    let lost = "`data_classification lowered: restricted → internal` and `rule home: require model.hosting == self-hosted`";
    let asked =
        "requests for `app.secret` count as `chat`, before as `secret`, and lose what that was promised";
    let denied_for =
        format!("denied: `widened` for `chat`; 1 rule of the gate that is loosened: {asked}: {lost}");
    assert_eq!(stderr(&output).lines().last(), Some(denied_for.as_str()));
    let json = stdout(&diff(folder.path(), &["old", "new", "--format", "json"]));
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    crate::schemas::holds("diff", &json);
    assert_eq!(json["changes"][0]["asked_as"], "app.secret", "{json:#}");
    assert_eq!(json["changes"][0]["renamed_from"], "secret", "{json:#}");
    let (_, output) = edited("estate/main.yaml", |text| {
        let more =
            "  - {name: secret2, endpoint_tag: app.secret, owner: a, data_classification: restricted}\n";
        text.replace("app.secret", "app.secret-old") + more
    });
    denied(&output, "secret2 (asked as app.secret, which was secret)");
}

#[test]
fn what_today_changes_no_decision_is_named_and_denied() {
    let until = |text: &str| text.replace("home {\n", "home {\n  until    2099-01-31\n");
    let (folder, output) = edited("policies/main.gov", |text| until(text));
    denied(&output, "gate loosened: rule `home` ends on 2099-01-31, before without an end");
    let accepted = diff(folder.path(), &["old", "new", "--write-accept"]);
    fs::write(folder.path().join("accepted.yaml"), stdout(&accepted)).expect("write");
    let output = diff(folder.path(), &["old", "new", "--accept", "accepted.yaml"]);
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
    assert!(stdout(&output).contains("(accepted until "), "{}", stdout(&output));
    let (_, output) = edited("registry/main.yaml", |text| text.replace("llm.internal", "evil"));
    denied(
        &output,
        "gate loosened: `house/a1` is reached at `https://evil.example/v1`, before at `https://llm.internal.example/v1`",
    );
    let (_, output) = edited("govctl.yaml", |text| text.replace("issuer.example", "evil.example"));
    denied(&output, "gate loosened: `request.jwks` says");
    let (_, output) = edited("govctl.yaml", |text| text.replace("  from_credentials: [use_case]\n", ""));
    denied(&output, "gate loosened: `request.from_credentials` says nothing, before `[\"use_case\"]`");
}

/// The house's model, with another one of it.
fn beside(more: &str) -> impl Fn(&str) -> String + '_ {
    move |text| text.replace("  cloud:\n", &format!("      - {{name: a2, {APPROVED}, {more}}}\n  cloud:\n"))
}

const APPROVED: &str = "approved_use_cases: [\"*\"], data_classification_max: restricted, cost_per_1m_tokens_input: 0.1, cost_per_1m_tokens_output: 0.2";

#[test]
fn another_destination_is_named_whatever_the_model_is_called() {
    let elsewhere = |text: &str| text.replace("llm.internal", "evil");
    let before = "`https://llm.internal.example/v1`";
    let (_, output) =
        edited("registry/main.yaml", |text| elsewhere(text).replace("name: a1,", "name: a9, aliases: [a1],"));
    denied(&output, &format!("`house/a9` is reached at `https://evil.example/v1`, before at {before}"));
    let (_, output) = edited("registry/main.yaml", |text| elsewhere(text).replace("name: a1,", "name: a9,"));
    let where_none = "where no request for `chat` and `secret` went before";
    denied(&output, &format!("`house/a9` is newly reached at `https://evil.example/v1`, {where_none}"));
    let evil = "endpoint: {base_url: \"https://evil.example/v1\"}";
    let (_, output) = edited("registry/main.yaml", beside(evil));
    denied(&output, &format!("`house/a2` is newly reached at `https://evil.example/v1`, {where_none}"));
    let stated = |text: &str| {
        let stated = "    hosting: cloud\n    endpoint: {base_url: \"https://evil.example/v1\"}\n";
        text.replace("    hosting: cloud\n", stated)
    };
    let (_, output) = edited("registry/main.yaml", stated);
    denied(&output, "`cloud/b1` is reached at `https://evil.example/v1`, before at no stated address");
    let key = |text: &str| text.replace("/v1\"}", "/v1\", api_key_env: AWS_SECRET_ACCESS_KEY, model: other}");
    let (_, output) = edited("registry/main.yaml", key);
    denied(
        &output,
        "`house/a1` is reached with the key in `AWS_SECRET_ACCESS_KEY`, before with the key in nothing",
    );
    denied(&output, "`house/a1` is reached as `other`, before as `a1`");
    let profile = |text: &str| {
        text.replace(
            "{name: a1,",
            "{name: a1, profile: {api_base: \"https://evil.example\", temperature: 0},",
        )
    };
    let (_, output) = edited("registry/main.yaml", profile);
    denied(
        &output,
        "reached with `profile.api_base` `https://evil.example`, before with `profile.api_base` nothing",
    );
    assert!(!stdout(&output).contains("gate loosened: `house/a1` is reached with `profile.temperature`"));
}

#[test]
fn a_host_that_served_others_alone_is_new_for_who_never_went_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let [old, new] = ["old", "new"].map(|name| folder.path().join(name));
    let evil = "endpoint: {base_url: \"https://evil.example/v1\"}";
    for side in [&old, &new] {
        make(side);
        // A model that serves nobody yet leads there: it was merged before, and nobody had to look.
        let idle = format!("{evil}, lifecycle: {{status: retired}}");
        let text = fs::read_to_string(side.join("registry/main.yaml")).expect("a file");
        fs::write(side.join("registry/main.yaml"), beside(&idle)(&text)).expect("write");
    }
    assert_eq!(status(&diff(folder.path(), &["old", "new"])), 0);
    let text = fs::read_to_string(new.join("registry/main.yaml")).expect("a file");
    fs::write(new.join("registry/main.yaml"), text.replace(", lifecycle: {status: retired}", ""))
        .expect("write");
    denied(&diff(folder.path(), &["old", "new"]), "`house/a2` is newly reached at `https://evil.example/v1`");
}

#[test]
fn a_model_that_goes_where_its_provider_does_loosens_nothing() {
    let (_, output) = edited("registry/main.yaml", beside("tier: economy"));
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
    let (_, output) = edited("registry/main.yaml", |text| {
        text.replace("name: a1,", "name: a9, aliases: [a1], endpoint: {model: a1},")
    });
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
}

#[test]
fn a_review_that_is_put_off_is_named() {
    let plan = "reviews: [{name: quarterly, owner: a, cadence: quarterly, last: 2026-10-01}]\n";
    let folder = tempfile::tempdir().expect("a folder");
    let put = |side: &str, plan: &str| {
        make(&folder.path().join(side));
        fs::write(folder.path().join(side).join("govctl.yaml"), format!("{CONFIG}{plan}")).expect("write");
    };
    put("old", plan);
    let against = |plan: &str| {
        put("new", plan);
        diff(folder.path(), &["old", "new", "--as-of", "2026-11-21"])
    };
    denied(&against(""), "gate loosened: `govctl.yaml` no longer plans the review `quarterly`");
    denied(
        &against(&plan.replace("2026-10", "2036-10")),
        "gate loosened: the review `quarterly` names `2036-10-01` as its last, a day still to come, before `2026-10-01`",
    );
    denied(
        &against(&plan.replace("cadence: quarterly", "cadence: yearly")),
        "is planned yearly, before quarterly",
    );
    let held = against(&plan.replace("2026-10-01", "2026-11-20"));
    assert_eq!(status(&held), 0, "{}", stdout(&held));
    assert!(stdout(&held).contains("gate: the review `quarterly` names `2026-11-20` as its last, before"));
}

#[test]
fn levels_are_compared_as_they_count() {
    let (_, output) = edited("govctl.yaml", |text| text.replace("deny,", "deny, no-alert: warn,"));
    denied(&output, "gate loosened: `govctl.yaml` sets `no-alert` to warn, before deny");
    let (_, output) = edited("govctl.yaml", |text| text.replace("good-practice: deny, ", ""));
    denied(&output, "gate loosened: `govctl.yaml` sets `audit-incomplete`, `deprecated-model`,");
    let (_, output) = edited("govctl.yaml", |text| text.replace("unbudgeted: allow", "unbudgeted: deny"));
    assert_eq!(status(&output), 0, "{}", stdout(&output));
    assert!(stdout(&output).contains("gate: `govctl.yaml` sets `unbudgeted` to deny, before allow"));
}

#[test]
fn in_a_repository_a_plain_name_is_no_folder_of_the_pull_request() {
    let folder = tempfile::tempdir().expect("a folder");
    let top = folder.path().join("top");
    make(&top);
    git(&top, &["init", "-q"]);
    commit(&top, "base");
    make(&top.join("release"));
    make(&top.join("main"));
    for name in ["main", "release"] {
        let output = diff(&top, &[name]);
        assert_eq!(status(&output), 2, "{}", stdout(&output));
        assert!(
            stderr(&output).contains(&format!("`{name}` is both a path and a revision")),
            "{}",
            stderr(&output)
        );
    }
    assert_eq!(status(&diff(&top, &["./release"])), 0);
    // A repository that is not to be trusted answers for no name either.
    fs::write(top.join(".git/objects/info/alternates"), "/nowhere/objects\n").expect("write");
    let output = diff(&top, &["main"]);
    assert_eq!(status(&output), 2, "{}", stdout(&output));
    assert!(stderr(&output).contains("`main` may be a revision: write `./main`"), "{}", stderr(&output));
}
