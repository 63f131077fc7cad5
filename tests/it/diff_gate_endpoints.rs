//! Endpoint by endpoint, context by context: what a rare target already is excuses no other one, and what somebody
//! accepts is that change, there, and nothing greater.

use std::fs;
use std::path::Path;
use std::process::Output;

use crate::bundle::{govctl, status, stderr, stdout};
use crate::diff_gate::denied;

const REGISTRY: &str = "providers:
  alpha:
    owner: a@example.com
    hosting: self-hosted
    jurisdiction: de
    regions: [eu]
    dpa: {status: confirmed}
    data_retention: zero-retention
    trains_on_data: false
    compliance: [soc2, gdpr]
    models:
      - name: a1
        approved_use_cases: [\"*\"]
        data_classification_max: restricted
        cost_per_1m_tokens_input: 1
        cost_per_1m_tokens_output: 2
  beta:
    owner: b@example.com
    hosting: cloud
    jurisdiction: us
    regions: [us]
    dpa: {status: none}
    data_retention: 365-days
    trains_on_data: true
    models:
      - name: b1
        approved_use_cases: [\"*\"]
        data_classification_max: restricted
        cost_per_1m_tokens_input: 2
        cost_per_1m_tokens_output: 4
";
const ESTATE: &str = "use_cases:
  - {name: chat, owner: c@example.com, data_classification: internal, data: [pii], regulations: [gdpr]}
";
const POLICY: &str = "fact vip in {a, b, c, d} default a
failover standard { follow ranking because \"base\" }
compliance rule home { when vip != d require model.hosting == self-hosted because \"x\" }
";

const REGISTRY_FILE: &str = "registry/main.yaml";
const POLICY_FILE: &str = "policies/main.gov";

/// Two sides that are alike so far.
struct Sides(tempfile::TempDir);

impl Sides {
    /// With some words of the base replaced on both sides.
    fn with(edits: &[(&str, &str, &str)]) -> Self {
        let sides = Self(tempfile::tempdir().expect("a folder"));
        for side in ["old", "new"] {
            for (path, text) in
                [(REGISTRY_FILE, REGISTRY), ("estate/main.yaml", ESTATE), (POLICY_FILE, POLICY)]
            {
                let path = sides.0.path().join(side).join(path);
                fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
                fs::write(path, text).expect("write");
            }
            for (path, from, to) in edits {
                sides.edit(side, path, from, to);
            }
        }
        sides
    }

    fn edit(&self, side: &str, path: &str, from: &str, to: &str) {
        let path = self.0.path().join(side).join(path);
        let text = fs::read_to_string(&path).expect("a file");
        assert!(text.contains(from), "`{from}` is not in {}", path.display());
        fs::write(&path, text.replacen(from, to, 1)).expect("write");
    }

    fn diff(&self, more: &[&str]) -> Output {
        let mut govctl = govctl();
        govctl.current_dir(self.0.path()).args(["diff", "old", "new", "--deny", "widened"]).args(more);
        govctl.output().expect("govctl runs")
    }

    /// Accepts all that differs now; then the new side goes further.
    #[track_caller]
    fn accepted_is_not(&self, further: &[(&str, &str, &str)]) {
        let proposed = self.diff(&["--write-accept"]);
        assert!(stdout(&proposed).contains("fingerprint"), "{}", stdout(&proposed));
        fs::write(self.0.path().join("accepted.yaml"), stdout(&proposed)).expect("write");
        let accepted = self.diff(&["--accept", "accepted.yaml"]);
        assert_eq!(status(&accepted), 0, "{}{}", stdout(&accepted), stderr(&accepted));
        for (path, from, to) in further {
            self.edit("new", path, from, to);
        }
        let output = self.diff(&["--accept", "accepted.yaml"]);
        assert_eq!(status(&output), 1, "{}{}", stdout(&output), stderr(&output));
    }
}

/// Everybody reaches both models, the second one only if the first is down.
fn open() -> Sides {
    Sides::with(&[(
        POLICY_FILE,
        "compliance rule home { when vip != d require model.hosting == self-hosted because \"x\" }\n",
        "",
    )])
}

#[test]
fn what_a_rare_target_already_is_excuses_no_other_one() {
    for (from, to, said) in [
        ("trains_on_data: false", "trains_on_data: true", "models that train on data or may"),
        ("zero-retention", "365-days", "retention of 365 days rather than zero"),
        (
            "status: confirmed",
            "status: none",
            "a data processing agreement that is none rather than confirmed",
        ),
        ("regions: [eu]", "regions: [eu, us]", "region `us`"),
        ("hosting: self-hosted", "hosting: cloud", "hosting `cloud`"),
        ("jurisdiction: de", "jurisdiction: us", "jurisdiction `us`"),
        ("[soc2, gdpr]", "[soc2]", "models without `gdpr`"),
    ] {
        let sides = open();
        sides.edit("new", REGISTRY_FILE, from, to);
        let output = sides.diff(&[]);
        // Where data goes is no better or worse by itself.
        let how = if said.starts_with("region") { "reaches more" } else { "is worse" };
        let text = format!("for `chat`, `alpha/a1` {how} than before: {said}");
        denied(&output, &format!("gate loosened: {text}"));
        assert_eq!(stderr(&output), format!("denied: 1 rule of the gate that is loosened: {text}\n"));
        // Another hosting or law is another one both ways.
        if !["hosting", "jurisdiction"].iter().any(|both| from.starts_with(both)) {
            let narrowed = open();
            narrowed.edit("old", REGISTRY_FILE, from, to);
            let output = narrowed.diff(&[]);
            assert_eq!(status(&output), 0, "{}", stdout(&output));
        }
    }
    // Nor does another name: the provider is the same.
    let sides = open();
    sides.edit("new", REGISTRY_FILE, "trains_on_data: false", "trains_on_data: true");
    sides.edit("new", REGISTRY_FILE, "name: a1", "name: a9");
    denied(
        &sides.diff(&[]),
        "for `chat`, `alpha/a9` is worse than `alpha` was there before: models that train on data or may",
    );
    sides.accepted_is_not(&[(REGISTRY_FILE, "zero-retention", "30-days")]);
}

#[test]
fn what_is_worse_from_a_later_day_on_is_denied_today() {
    let sides = Sides::with(&[
        (
            POLICY_FILE,
            "compliance rule home { when vip != d require model.hosting == self-hosted because \"x\" }\n",
            "",
        ),
        (REGISTRY_FILE, "[soc2, gdpr]", "[soc2, {name: gdpr, expires: 2099-01-31}]"),
    ]);
    sides.edit("new", REGISTRY_FILE, "2099-01-31", "2098-01-31");
    denied(&sides.diff(&["--as-of", "2026-11-21"]), "`alpha/a1` is worse than before: models without `gdpr`");
}

#[test]
fn an_accepted_change_is_accepted_in_its_contexts_alone() {
    let sides = Sides::with(&[]);
    sides.edit("new", POLICY_FILE, "vip != d", "vip in [a, b]");
    sides.accepted_is_not(&[(POLICY_FILE, "vip in [a, b]", "vip == a")]);
    let sides = Sides::with(&[]);
    sides.edit("new", POLICY_FILE, "vip != d", "vip in [a, b]");
    sides.accepted_is_not(&[(POLICY_FILE, "vip in [a, b]", "vip in [a, c]")]);
    let sides = Sides::with(&[]);
    sides.edit("new", POLICY_FILE, "vip != d", "vip in [a, b]");
    sides.accepted_is_not(&[(POLICY_FILE, "vip in [a, b]", "vip == d")]);
}

#[test]
fn what_else_the_sides_tell_apart_changes_no_fingerprint() {
    let sides = Sides::with(&[]);
    sides.edit("new", POLICY_FILE, "vip != d", "vip in [a, b]");
    fs::write(sides.0.path().join("accepted.yaml"), stdout(&sides.diff(&["--write-accept"]))).expect("write");
    let more = "fact tier in {x, y, z} default x\n\
                cost rule cheap { when tier == y prefer cheapest because \"x\" }\nfailover";
    for side in ["old", "new"] {
        sides.edit(side, POLICY_FILE, "failover", more);
    }
    let output = sides.diff(&["--accept", "accepted.yaml"]);
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
}

#[test]
fn a_new_endpoint_is_accepted_where_it_leads() {
    let gamma = "  gamma:
    owner: c@example.com
    hosting: self-hosted
    jurisdiction: de
    regions: [eu]
    endpoint: {protocol: openai, base_url: \"https://ok.example/v1\", api_key_env: OK_KEY}
    models:
      - {name: g1, approved_use_cases: [\"*\"], data_classification_max: restricted, cost_per_1m_tokens_input: 3, cost_per_1m_tokens_output: 4}
  beta:
";
    for (from, to) in [
        ("https://ok.example/v1", "https://evil.example/v1"),
        ("OK_KEY", "AWS_SECRET_ACCESS_KEY"),
        ("protocol: openai", "protocol: anthropic"),
        ("{name: g1,", "{name: g1, profile: {region: us},"),
        ("{name: g1,", "{name: g1, endpoint: {model: other},"),
    ] {
        let sides = Sides::with(&[]);
        sides.edit("new", REGISTRY_FILE, "  beta:\n", gamma);
        sides.accepted_is_not(&[(REGISTRY_FILE, from, to)]);
    }
}

#[test]
fn what_a_profile_says_is_harmless_only_where_exports_know_it() {
    let profile = |text: &str| {
        let sides = open();
        sides.edit("new", REGISTRY_FILE, "name: a1\n", &format!("name: a1\n        profile: {text}\n"));
        sides.diff(&[])
    };
    for harmless in ["{temperature: 0.1, max_output_tokens: 5}", "{stop: [END], reasoning: {effort: low}}"] {
        let output = profile(harmless);
        assert_eq!(status(&output), 0, "{harmless}: {}", stdout(&output));
    }
    for (text, key) in [
        ("{extra_body: {provider: x}}", "extra_body"),
        ("{tools: [{server_url: x}]}", "tools"),
        ("{connection: {host: x}}", "connection"),
        ("{custom_llm_provider: x}", "custom_llm_provider"),
        ("{region: us}", "region"),
        ("{token: x}", "token"),
        ("{deployment_id: x}", "deployment_id"),
        ("{organization: x}", "organization"),
        ("{ip: x}", "ip"),
        ("{reasoning: {base_url: x}}", "reasoning"),
        ("{tool_choice: {a: [\"https://evil.example\"]}}", "tool_choice"),
        ("{stop: evil.example}", "stop"),
    ] {
        denied(&profile(text), &format!("`alpha/a1` is reached with `profile.{key}`"));
    }
}

#[test]
fn a_comment_that_silences_longer_loosens_the_gate() {
    let silent = "# govctl: allow(missing-reason) until 2098-12-01 known\ncost rule quiet { prefer cheapest }\nfailover";
    let sides = Sides::with(&[(POLICY_FILE, "failover", silent)]);
    assert_eq!(status(&sides.diff(&[])), 0, "{}", stdout(&sides.diff(&[])));
    sides.edit("new", POLICY_FILE, "2098-12-01", "2099-12-01");
    let silences = format!("gate loosened: a comment silences `missing-reason` at `{POLICY_FILE}:3`");
    let output = sides.diff(&[]);
    denied(&output, &silences);
    denied(&output, "until 2099-12-01, before until 2098-12-01");
    sides.edit("new", POLICY_FILE, " until 2099-12-01", "");
    denied(&sides.diff(&[]), "without an end, before until 2098-12-01");
    sides.edit("old", POLICY_FILE, " until 2098-12-01", "");
    sides.edit("new", POLICY_FILE, "(missing-reason)", "(missing-reason) until 2099-12-01");
    assert_eq!(status(&sides.diff(&[])), 0, "{}", stdout(&sides.diff(&[])));
}

#[test]
fn entries_that_are_proposed_show_what_is_hidden() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir_all(folder.path().join("policies")).expect("a folder");
    for (path, text) in [("registry/main.yaml", REGISTRY), ("estate/main.yaml", ESTATE)] {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("write");
    }
    // What else is hidden is refused in a name.
    let name = "policies/a\u{a0}RED\u{fe0f}gnp.\u{200c}x\u{34f}.gov";
    fs::write(folder.path().join(name), "cost rule r { prefer cheapest }\n").expect("write");
    let output =
        govctl().args(["check", "--write-baseline"]).arg(folder.path()).output().expect("govctl runs");
    let text = stdout(&output);
    assert!(text.contains("a\\\\u{a0}RED\\\\u{fe0f}gnp.\\\\u{200c}x\\\\u{34f}.gov"), "{text}");
    for hidden in ['\u{a0}', '\u{fe0f}', '\u{200c}', '\u{34f}'] {
        assert!(!text.contains(hidden), "{text}");
    }
    let baseline = folder.path().join("known.yaml");
    fs::write(&baseline, &text).expect("write");
    let again = accepted(folder.path(), &baseline);
    assert_eq!(status(&again), 0, "{}{}", stdout(&again), stderr(&again));
}

fn accepted(folder: &Path, baseline: &Path) -> Output {
    let mut govctl = govctl();
    govctl.args(["check", "--deny", "warnings"]).arg(folder).arg("--baseline").arg(baseline);
    govctl.output().expect("govctl runs")
}

#[test]
fn arguments_that_are_refused_command_nobody() {
    for arguments in [
        &["check", "--as-of", "a\n::error::x"][..],
        &["check", "--\n::error::x"],
        &["::error::x"],
        &["\n::error::x"],
        &["graph", "--format", "\n##[error]x\u{9b}31m\u{202e}y\u{1b}[31m"],
        &["--color", "\u{1b}[31m\u{200b}::x"],
    ] {
        let output = govctl().args(arguments).output().expect("govctl runs");
        assert_eq!(status(&output), 2, "{arguments:?}");
        let text = stderr(&output);
        assert!(text.starts_with("error: "), "{text}");
        assert!(!text.contains("##["), "{text}");
        assert!(!text.lines().any(|line| line.trim_start().starts_with("::")), "{text}");
        assert!(!text.chars().any(|c| c != '\n' && govctl::source::visible::is_hidden(c)), "{text:?}");
    }
    let output = govctl().args(["check", "--as-of", "a\n::error::x"]).output().expect("govctl runs");
    assert!(stderr(&output).contains("'a\\n::error::x'"), "{}", stderr(&output));
}
