//! What a pull request does on a later day is held to the same as today: where requests go, beside what lapses on that
//! day, and where nothing was decided before. What somebody accepts is that, there and then.

use std::fs;
use std::process::Output;

use crate::bundle::{govctl, status, stderr, stdout};
use crate::diff_gate::denied;

/// A provider with its own address and key, and one model.
const ALPHA: &str = "providers:
  alpha:
    owner: a@example.com
    endpoint: {protocol: openai, base_url: \"https://api.alpha.example/v1\", api_key_env: ALPHA_KEY}
    models:
      - {name: a1, approved_use_cases: [chat], data_classification_max: internal, cost_per_1m_tokens_input: 2, cost_per_1m_tokens_output: 2}
";
/// Another model of it, with a price and where it is reached.
fn a2(usd: usize, more: &str) -> String {
    format!(
        "      - {{name: a2, approved_use_cases: [chat], data_classification_max: internal, cost_per_1m_tokens_input: {usd}, cost_per_1m_tokens_output: {usd}{more}}}\n"
    )
}
const EVIL: &str = ", endpoint: {base_url: \"https://evil.example/v1\", api_key_env: EVIL}";
const CHAT: &str = "use_cases:\n  - {name: chat, owner: c@example.com, data_classification: internal}\n";
const NONE: &str = "failover standard { none because \"x\" }\n";

/// One whose certification ends on a day, and one at home.
fn lapsing(day: &str) -> String {
    format!("providers:
  alpha:
    owner: a@example.com
    hosting: cloud
    jurisdiction: us
    regions: [us]
    data_retention: 30-days
    trains_on_data: false
    compliance: [{{name: gdpr, expires: {day}}}]
    models:
      - {{name: a1, approved_use_cases: [care], data_classification_max: restricted, cost_per_1m_tokens_input: 1, cost_per_1m_tokens_output: 1}}
  home:
    owner: h@example.com
    hosting: self-hosted
    jurisdiction: eu
    regions: [eu]
    data_retention: zero-retention
    trains_on_data: false
    compliance: [gdpr]
    models:
      - {{name: h1, approved_use_cases: [care], data_classification_max: restricted, cost_per_1m_tokens_input: 3, cost_per_1m_tokens_output: 3}}
")
}
/// A cheaper model at home, with what it says of itself.
fn h2(more: &str) -> String {
    format!(
        "      - {{name: h2, approved_use_cases: [care], data_classification_max: restricted, cost_per_1m_tokens_input: 2, cost_per_1m_tokens_output: 2{more}}}\n"
    )
}
const ABROAD: &str = ", hosting: cloud, jurisdiction: us, regions: [us], data_retention: 30-days";
const CARE: &str = "use_cases:\n  - {name: care, owner: c@example.com, data_classification: restricted, compliance: [gdpr]}\n";

/// Two sides, each of a registry, an estate and a policy.
struct Sides(tempfile::TempDir);

type Texts<'a> = [&'a str; 3];

impl Sides {
    fn of(old: Texts, new: Texts) -> Self {
        let sides = Self(tempfile::tempdir().expect("a folder"));
        sides.write("old", old);
        sides.write("new", new);
        sides
    }

    fn write(&self, side: &str, texts: Texts) {
        for (path, text) in ["registry/main.yaml", "estate/main.yaml", "policies/main.gov"].iter().zip(texts)
        {
            let path = self.0.path().join(side).join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, text).expect("write");
        }
    }

    fn diff(&self, arguments: &[&str]) -> Output {
        let mut govctl = govctl();
        govctl
            .current_dir(self.0.path())
            .args(["diff", "old", "new", "--as-of", "2026-11-21"])
            .args(arguments);
        govctl.output().expect("govctl runs")
    }

    fn widened(&self) -> Output {
        self.diff(&["--deny", "widened"])
    }

    #[track_caller]
    fn passes(&self) {
        let output = self.widened();
        assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
    }

    /// Accepts all that is there now; then the new side says something else.
    #[track_caller]
    fn accepted_then(&self, deny: &str, further: Texts) -> Output {
        let proposed = self.diff(&["--deny", deny, "--write-accept"]);
        fs::write(self.0.path().join("accepted.yaml"), stdout(&proposed)).expect("write");
        let accepted = ["--deny", deny, "--accept", "accepted.yaml"];
        assert_eq!(status(&self.diff(&["--deny", deny])), 1);
        let output = self.diff(&accepted);
        assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
        self.write("new", further);
        self.diff(&accepted)
    }
}

#[test]
fn a_host_and_a_key_that_are_reached_tomorrow_are_denied_today() {
    let later =
        format!("{NONE}compliance rule later {{ forbid model.id == a2 until 2026-11-21 because \"x\" }}\n");
    let with =
        |more: &str| Sides::of([ALPHA, CHAT, NONE], [&(ALPHA.to_owned() + &a2(1, more)), CHAT, &later]);
    let output = with(EVIL).widened();
    denied(
        &output,
        "from 2026-11-22, when rule `later` has ended, `alpha/a2` is newly reached at `https://evil.example/v1`, where no request for `chat` went before",
    );
    denied(&output, "newly reached with the key in `EVIL`");
    // So it is whatever is denied.
    assert_eq!(status(&with(EVIL).diff(&["--deny", "unroutable"])), 1);
    with("").passes();
    with(", endpoint: {base_url: \"https://api.alpha.example/v1\", api_key_env: ALPHA_KEY}").passes();
}

/// Nothing in the change has a day: something of the old side ends.
#[test]
fn a_host_that_is_reached_once_another_model_is_gone_is_denied_today() {
    let registry = ALPHA.replace("{name: a1,", "{name: a1, lifecycle: {status: active, sunset: 2026-12-01},")
        + &a2(3, "").replace("a2", "a3");
    let policy = "failover standard { follow ranking limit 1 hops because \"x\" }\n";
    let with =
        |more: &str| Sides::of([&registry, CHAT, policy], [&(registry.clone() + &a2(4, more)), CHAT, policy]);
    denied(
        &with(EVIL).widened(),
        "from 2026-12-01, when model `alpha/a1` has ended, `alpha/a2` is newly reached at `https://evil.example/v1`",
    );
    with("").passes();
}

#[test]
fn what_is_more_than_each_old_side_is_denied_however_these_differ() {
    let old = lapsing("2026-12-31");
    let with = |more: &str| Sides::of([&old, CARE, NONE], [&(old.clone() + &h2(more)), CARE, NONE]);
    let output = with(ABROAD).widened();
    denied(
        &output,
        "from 2027-01-01, when certification `gdpr` of `alpha` has ended, `care` changes: widened: region `us`, jurisdiction `us`, hosting `cloud`",
    );
    let evil = format!("{ABROAD}, endpoint: {{base_url: \"https://evil.example\"}}");
    denied(&with(&evil).widened(), "`home/h2` is newly reached at `https://evil.example`");
    denied(
        &with(", endpoint: {base_url: \"https://evil.example\"}").widened(),
        "`home/h2` is newly reached at",
    );
    // One that is as good as the other at home is no more.
    with("").passes();
    // Neither is a renewal, also beside another model and where something else ends on both sides.
    let renewed = lapsing("2027-12-31");
    Sides::of([&old, CARE, NONE], [&renewed, CARE, NONE]).passes();
    Sides::of([&old, CARE, NONE], [&(renewed + &h2("")), CARE, NONE]).passes();
}

/// Where both could be reached before, a model at home is held against what home was.
#[test]
fn what_lapses_excuses_no_model_that_is_worse_than_its_provider_was() {
    let old = lapsing("2026-12-31");
    let follow = "failover standard { follow ranking because \"x\" }\n";
    let with = |more: &str| {
        let new = old.clone() + &h2(more);
        Sides::of([&old, CARE, follow], [&new, CARE, follow]).widened()
    };
    assert_eq!(status(&with(ABROAD)), 1);
    let dear = |more: &str| h2(more).replace(": 2", ": 9");
    let hidden = "failover standard { follow ranking limit 1 hops because \"x\" }\n";
    let with = |more: &str| Sides::of([&old, CARE, hidden], [&(old.clone() + &dear(more)), CARE, hidden]);
    denied(
        &with(ABROAD).widened(),
        "from 2027-01-01, when certification `gdpr` of `alpha` has ended, `care` changes: widened",
    );
    with("").passes();
}

#[test]
fn a_destination_is_accepted_where_it_was_reached() {
    let fact = format!("fact emergency in {{no, yes}} default no\n{NONE}");
    let prefer = |when: &str| format!("{fact}preference rule e {{ {when} prefer alpha/a2 because \"x\" }}\n");
    let registry = ALPHA.to_owned() + &a2(5, EVIL);
    let sides = || Sides::of([ALPHA, CHAT, &fact], [&registry, CHAT, &prefer("when emergency == yes")]);
    denied(
        &sides().accepted_then("widened", [&registry, CHAT, &prefer("")]),
        "`alpha/a2` is newly reached at",
    );
    let follows = prefer("when emergency == yes").replace("none", "follow ranking");
    assert_eq!(status(&sides().accepted_then("widened", [&registry, CHAT, &follows])), 1);
    // From a later day on it is reached elsewhere.
    let later = prefer("when emergency == yes")
        + "preference rule l { from 2026-12-01 when emergency == no prefer alpha/a2 because \"x\" }\n";
    denied(
        &sides().accepted_then("widened", [&registry, CHAT, &later]),
        "from 2026-12-01, when rule `l` begins, `alpha/a2` is newly reached",
    );
    let same = prefer("when emergency == yes") + "# nothing else\nbudget all { limit 5 usd per month }\n";
    let output = sides().accepted_then("widened", [&registry, CHAT, &same]);
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
}
