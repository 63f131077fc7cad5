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

/// A model that is reached elsewhere was so accepted where it served.
#[test]
fn another_address_is_accepted_where_the_model_served() {
    let fact = format!("fact emergency in {{no, yes}} default no\n{NONE}");
    let rule = "preference rule e { when emergency == yes prefer alpha/a2 because \"x\" }\n";
    let policy = fact + rule;
    let (old, new) = (ALPHA.to_owned() + &a2(5, ""), ALPHA.to_owned() + &a2(5, EVIL));
    let sides = || Sides::of([&old, CHAT, &policy], [&new, CHAT, &policy]);
    let wide = policy.replace("when emergency == yes ", "");
    denied(&sides().accepted_then("widened", [&new, CHAT, &wide]), "`alpha/a2` is reached at");
    let later = "preference rule l { from 2026-12-01 when emergency == no prefer alpha/a2 because \"x\" }\n";
    let later = policy.clone() + later;
    denied(&sides().accepted_then("widened", [&new, CHAT, &later]), "from 2026-12-01, when rule `l` begins");
    let same = policy.clone() + "budget all { limit 5 usd per month from 2026-12-01 }\n";
    let output = sides().accepted_then("widened", [&new, CHAT, &same]);
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
    // A value that decides like another one until then.
    let policy = policy.replace("{no, yes}", "{no, maybe, yes}");
    let sides = Sides::of([&old, CHAT, &policy], [&new, CHAT, &policy]);
    let wide = policy.replace("emergency == yes", "emergency != no");
    denied(&sides.accepted_then("widened", [&new, CHAT, &wide]), "`alpha/a2` is reached at");
}

/// Whoever accepts what a later day brings accepts that day, whatever changes today that nobody denies.
#[test]
fn a_later_day_is_accepted_as_it_was_whatever_else_changes_today() {
    let registry = lapsing("2036-12-31") + &h2(ABROAD).replace(": 2", ": 9");
    let fact = format!("fact emergency in {{no, maybe, yes}} default no\n{NONE}");
    let old = format!("{fact}preference rule home {{ prefer home/h1 because \"x\" }}\n");
    // Cheaper is nothing that is denied.
    let today = "budget care { when use_case == care limit 900 usd per month at 100% throttle }\n";
    let day = |date: &str, value: &str| {
        format!(
            "preference rule on{value} {{ from {date} when emergency == {value} prefer home/h2 overrides home because \"x\" }}\n"
        )
    };
    let first = format!("{old}{today}{}", day("2026-12-01", "yes"));
    let second = first.clone() + &day("2026-12-02", "maybe");
    let sides = || Sides::of([&registry, CARE, &old], [&registry, CARE, &first]);
    denied(
        &sides().accepted_then("widened", [&registry, CARE, &second]),
        "from 2026-12-02, when rule `onmaybe` begins",
    );
    let output = sides().accepted_then("widened", [&registry, CARE, &format!("{first}# nothing else\n")]);
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
}

#[test]
fn a_decision_that_is_defined_on_the_new_side_alone_is_not_unchanged() {
    let registry = ALPHA.to_owned() + &a2(2, "") + "  cheap:
    owner: a@example.com
    jurisdiction: cn
    models:
      - {name: c1, approved_use_cases: [chat], data_classification_max: internal, cost_per_1m_tokens_input: 9, cost_per_1m_tokens_output: 9}
";
    let old = "preference rule one { prefer alpha because \"x\" }
preference rule two { prefer cheapest from 2027-01-01 because \"x\" }
failover standard { chain alpha/a1 -> alpha/a2 because \"x\" }
";
    let decided = old.replace("cheapest", "cheapest overrides one");
    let wide = decided.clone()
        + "failover later { when classification >= public chain alpha/a1 -> cheap/c1 from 2027-01-01 because \"x\" }\n";
    let said = "begins, `chat` is not compared: its decision is not defined on both sides";
    let sides = |new: &str| Sides::of([&registry, CHAT, old], [&registry, CHAT, new]);
    denied(&sides(&wide).widened(), said);
    // Whoever accepts that it is decided accepts what is.
    denied(&sides(&decided).accepted_then("widened", [&registry, CHAT, &wide]), said);
    // Where neither side decides, nothing changes.
    sides(&format!("{old}budget all {{ limit 5 usd per month }}\n")).passes();
}

/// What is worse today in some contexts is worse there alone.
#[test]
fn a_model_that_is_accepted_as_worse_is_so_in_these_contexts() {
    let registry = lapsing("2036-12-31")
        .replace("trains_on_data: false\n    compliance: [{", "trains_on_data: true\n    compliance: [{")
        + &h2(", hosting: cloud, jurisdiction: us, regions: [us], trains_on_data: true")
            .replace(": 2", ": 9");
    let old = "fact emergency in {no, yes} default no\nfailover standard { chain home/h1 -> alpha/a1 because \"x\" }\n";
    let fast = format!(
        "{old}preference rule fast {{ when emergency == yes prefer home/h2 because \"x\" }}
failover fast {{ when emergency == yes chain home/h2 -> alpha/a1 because \"x\" }}
"
    );
    let old = old.to_owned() + "preference rule home { prefer home/h1 because \"x\" }\n";
    let fast = fast + "preference rule home { prefer home/h1 because \"x\" }\noverride\n";
    let fast = fast.replace("override\n", "");
    let fast = fast.replace("rule fast {", "rule fast { overrides home");
    let later = fast.clone() + "preference rule later { when emergency == no prefer home/h2 overrides home from 2026-11-22 because \"x\" }
failover later { when emergency == no chain home/h2 -> alpha/a1 from 2026-11-22 because \"x\" }
";
    let sides = || Sides::of([&registry, CARE, &old], [&registry, CARE, &fast]);
    denied(&sides().accepted_then("widened", [&registry, CARE, &later]), "from 2026-11-22, when");
    let same = fast.clone() + "budget all { limit 5 usd per month from 2026-11-22 }\n";
    let output = sides().accepted_then("widened", [&registry, CARE, &same]);
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
}

#[test]
fn who_accepts_an_end_accepts_nothing_less_before_it() {
    let registry = lapsing("2036-12-31");
    let promise = "require model.hosting == self-hosted require model.jurisdiction == eu";
    let rule =
        |promise: &str, days: &str| format!("compliance rule stays {{ {promise} {days} because \"x\" }}\n");
    let always = |days: &str| {
        format!("guarantee stays {{ {} {days} because \"x\" }}\n", promise.replace("require", "always"))
    };
    let side = |guarantees: &str, rules: &str| format!("{NONE}{guarantees}{rules}");
    let old = side(&always(""), &rule(promise, ""));
    let ends = side(&always("until 2027-06-30"), &rule(promise, ""));
    let less = "guarantee stays { always model.jurisdiction == eu from 2026-11-22 until 2027-06-30 because \"x\" }\n";
    let less = side(&(always("until 2026-11-21") + less), &rule(promise, ""));
    let sides = || Sides::of([&registry, CARE, &old], [&registry, CARE, &ends]);
    denied(&sides().accepted_then("widened", [&registry, CARE, &less]), "guarantee `stays` promises less");
    let kept = always("until 2026-12-31") + &always("from 2027-01-01 until 2027-06-30");
    let kept = side(&kept, &rule(promise, ""));
    let output = sides().accepted_then("widened", [&registry, CARE, &kept]);
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
    // The same of a rule.
    let ends = side(&always(""), &rule(promise, "until 2027-06-30"));
    let less = rule(promise, "until 2026-11-21")
        + &rule("require model.provider == home", "from 2026-11-22 until 2027-06-30");
    let less = side(&always(""), &less);
    let sides = Sides::of([&registry, CARE, &old], [&registry, CARE, &ends]);
    denied(&sides.accepted_then("widened", [&registry, CARE, &less]), "from 2026-11-22");
}

#[test]
fn an_edit_that_is_accepted_is_the_edit_of_that_day() {
    let registry = lapsing("2036-12-31");
    let audit = |owner: &str, days: &str| {
        format!(
            "audit personal {{ retain 3 years mask pii owner \"{owner}@example.com\" {days} because \"x\" }}\n"
        )
    };
    let with = |audits: &str| format!("{NONE}{audits}");
    let (old, new) = (with(&audit("dpo", "")), with(&audit("privacy", "")));
    let sides = || Sides::of([&registry, CARE, &old], [&registry, CARE, &new]);
    let weak =
        "audit personal { retain 1 days owner \"privacy@example.com\" from 2026-11-22 because \"x\" }\n";
    let weak = with(&(audit("privacy", "until 2026-11-21") + weak));
    denied(&sides().accepted_then("obligations", [&registry, CARE, &weak]), "audit `personal` changes");
    let same = with(
        &(audit("privacy", "")
            + "guarantee g { from 2027-01-01 always model.compliance has gdpr because \"x\" }\n"),
    );
    let output = sides().accepted_then("obligations", [&registry, CARE, &same]);
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
}
