//! What a pull request does tomorrow is held to the gate today: statements that begin or end later, promises that end
//! tonight, models that are retired sooner. What both sides lose alike, and what is renewed, is not.

use std::fs;
use std::path::Path;
use std::process::Output;

use crate::bundle::{govctl, status, stderr, stdout};
use crate::diff_gate::{denied, make};

const TODAY: &str = "2026-11-21";
const REGISTRY: &str = "registry/main.yaml";
const POLICY: &str = "policies/main.gov";

/// Two sides that are the same.
struct Sides(tempfile::TempDir);

impl Sides {
    fn new() -> Self {
        let sides = Self(tempfile::tempdir().expect("a folder"));
        make(&sides.at("old"));
        make(&sides.at("new"));
        sides
    }

    fn at(&self, side: &str) -> std::path::PathBuf {
        self.0.path().join(side)
    }

    /// Edits a file of a side.
    fn edit(&self, side: &str, path: &str, edit: impl Fn(&str) -> String) {
        let path = self.at(side).join(path);
        let before = fs::read_to_string(&path).expect("a file");
        let after = edit(&before);
        assert_ne!(before, after);
        fs::write(path, after).expect("write");
    }

    /// Edits a file of both sides alike.
    fn edit_both(&self, path: &str, edit: impl Fn(&str) -> String) {
        self.edit("old", path, &edit);
        self.edit("new", path, &edit);
    }

    /// Adds statements to the policies of some sides.
    fn says(&self, sides: &[&str], statements: &str) {
        for side in sides {
            self.edit(side, POLICY, |text| format!("{text}{statements}\n"));
        }
    }

    fn diff_as_of(&self, day: &str, arguments: &[&str]) -> Output {
        let folder: &Path = self.0.path();
        let mut govctl = govctl();
        govctl.current_dir(folder).args(["diff", "old", "new", "--as-of", day]).args(arguments);
        govctl.output().expect("govctl runs")
    }

    fn diff(&self) -> Output {
        self.diff_as_of(TODAY, &["--deny", "widened"])
    }

    #[track_caller]
    fn passes(&self) {
        let output = self.diff();
        assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
    }
}

#[test]
fn a_promise_under_a_new_name_that_ends_tonight_is_denied_today() {
    let sides = Sides::new();
    sides.edit("new", POLICY, |text| text.replace("home {", "sweet-home {\n  until 2026-11-21"));
    let output = sides.diff();
    denied(&output, "gate loosened: rule `home` ends on 2026-11-21, before without an end");
    let from =
        "from 2026-11-22, when rule `sweet-home` has ended, `secret` changes: widened: provider `cloud`";
    denied(&output, from);
    let output = sides.diff_as_of(TODAY, &["--deny", "widened", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&stdout(&output)).expect("JSON");
    crate::schemas::holds("diff", &json);
    assert_eq!(json["summary"]["widened"], 0, "{json:#}");
    assert_eq!(json["changes"], serde_json::json!([]), "{json:#}");
    assert_eq!(json["later"][0]["from"], "2026-11-22", "{json:#}");
    assert_eq!(json["later"][0]["loosened"], true, "{json:#}");
    // A day later it is what changes on the day itself.
    assert_eq!(status(&sides.diff_as_of("2026-11-22", &["--deny", "widened"])), 1);
    // Without a gate nobody waits for other days.
    assert!(!stdout(&sides.diff_as_of(TODAY, &[])).contains("from 2026-11-22"));
    let accepted = sides.diff_as_of(TODAY, &["--deny", "widened", "--write-accept"]);
    fs::write(sides.0.path().join("accepted.yaml"), stdout(&accepted)).expect("write");
    let output = sides.diff_as_of(TODAY, &["--deny", "widened", "--accept", "accepted.yaml"]);
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
}

/// What a comparison does not look for is not said to be gone.
#[test]
fn an_accepted_later_day_is_no_longer_there_only_where_it_was_looked_for() {
    let sides = Sides::new();
    sides.edit("new", POLICY, |text| text.replace("home {", "sweet-home {\n  until 2026-11-21"));
    let both = ["--deny", "widened", "--deny", "cost"];
    let proposed = stdout(&sides.diff_as_of(TODAY, &[&both[..], &["--write-accept"]].concat()));
    assert!(proposed.contains("what: \"gate: from 2026-11-22"), "{proposed}");
    fs::write(sides.at("accepted.yaml"), proposed).expect("write");
    let said = |deny: &[&str]| {
        let output = sides.diff_as_of(TODAY, &[deny, &["--accept", "accepted.yaml"]].concat());
        (status(&output), stderr(&output).matches("accepts what no longer occurs").count())
    };
    assert_eq!(said(&both), (0, 0));
    assert_eq!(said(&[]), (0, 0));
    assert_eq!(said(&["--deny", "cost"]).1, 0);
    // What was looked for and is gone is.
    sides.edit("new", POLICY, |text| text.replace("sweet-home {\n  until 2026-11-21", "home {"));
    let (_, gone) = said(&both);
    assert!(gone > 0);
    assert_eq!(said(&[]), (0, 0));
}

#[test]
fn a_statement_that_begins_later_is_decided_then() {
    let calm = |text: &str| {
        let text = text.replace("follow   ranking", "none");
        format!(
            "{text}cost rule taste {{ prefer house because \"x\" }}\nprecedence compliance > latency > cost > preference\n"
        )
    };
    for (statement, kind) in [
        ("failover wide { from 2026-11-22 follow ranking overrides standard because \"x\" }", "failover"),
        (
            "compliance rule wide { from 2026-11-22 when use_case == chat forbid model.provider == house because \"x\" }",
            "rule",
        ),
        ("latency rule wide { from 2026-11-22 prefer cloud because \"x\" }", "rule"),
    ] {
        let sides = Sides::new();
        sides.edit_both(POLICY, calm);
        sides.says(&["new"], statement);
        let from =
            format!("from 2026-11-22, when {kind} `wide` begins, `chat` changes: widened: provider `cloud`");
        denied(&sides.diff(), &from);
        // A kind that nobody denies is nobody's matter.
        let output = sides.diff_as_of(TODAY, &["--deny", "unroutable"]);
        assert!(!stdout(&output).contains("changes: widened"), "{}", stdout(&output));
        assert_eq!(status(&output), i32::from(kind == "failover"));
    }
}

#[test]
fn a_promise_that_does_not_stand_yet_cannot_be_dropped_or_put_off() {
    let soon = "compliance rule soon { from 2026-11-22 require model.hosting == self-hosted because \"x\" }";
    let sides = Sides::new();
    sides.says(&["old"], soon);
    let gone = "from 2026-11-22, when rule `soon` begins on the old side alone, `chat` changes: widened: provider `cloud`";
    denied(&sides.diff(), gone);
    sides.says(&["new"], &soon.replace("2026", "2036"));
    let output = sides.diff();
    denied(&output, gone);
    denied(&output, "gate loosened: rule `soon` begins on 2036-11-22, before on 2026-11-22");
}

#[test]
fn a_model_that_is_retired_sooner_is_gone_then() {
    let sides = Sides::new();
    sides.edit("new", POLICY, |text| {
        text.replace("  require  model.hosting == self-hosted\n", "  prefer house\n")
    });
    sides.edit("old", POLICY, |text| {
        text.replace("  require  model.hosting == self-hosted\n", "  prefer house\n")
    });
    sides.edit_both(POLICY, |text| text.replace("follow   ranking", "none"));
    sides.edit("new", REGISTRY, |text| {
        text.replace("{name: a1,", "{name: a1, lifecycle: {sunset: 2026-12-01},")
    });
    denied(
        &sides.diff(),
        "from 2026-12-01, when model `house/a1` has ended, `chat` changes: widened: provider `cloud`",
    );
}

#[test]
fn what_was_harmless_because_of_something_that_ends_is_not_harmless_then() {
    let sides = Sides::new();
    let held = "compliance rule held { until 2026-12-31 require model.hosting == self-hosted because \"x\" }";
    sides.says(&["old", "new"], held);
    sides.edit_both(POLICY, |text| text.replace("follow   ranking", "none"));
    sides.says(&["old", "new"], "cost rule taste { prefer house because \"x\" }");
    // Today no other model is left for it.
    sides.edit("new", POLICY, |text| text.replace("prefer house", "prefer cloud"));
    denied(
        &sides.diff(),
        "from 2027-01-01, when rule `held` has ended, `chat` changes: widened: provider `cloud`",
    );
}

#[test]
fn a_guarantee_promises_as_long_and_as_much() {
    let promise = "guarantee g { for use_case == secret always model.hosting == self-hosted because \"x\" }";
    let base = || {
        let sides = Sides::new();
        sides.says(&["old"], promise);
        sides
    };
    let ends = "gate loosened: guarantee `g` ends on 2026-11-21, before without an end";
    for (new, said) in [
        (promise.replace("g {", "g { until 2026-11-21"), ends),
        (promise.replace("g {", "other { until 2026-11-21"), ends),
        (
            promise.replace("g {", "g { until 2026-11-21")
                + "\nguarantee g { from 2026-11-22 for use_case == secret always model.hosting in [self-hosted, cloud] because \"x\" }",
            "from 2026-11-22, when guarantee `g` begins and guarantee `g` has ended, guarantee `g` promises less",
        ),
    ] {
        let sides = base();
        sides.says(&["new"], &new);
        denied(&sides.diff(), said);
    }
    let sides = Sides::new();
    sides.says(&["old"], &promise.replace("g {", "g { from 2026-12-01"));
    sides.says(&["new"], "# gone");
    denied(
        &sides.diff(),
        "from 2026-12-01, when guarantee `g` begins on the old side alone, guarantee `g` promises less",
    );
    // One that takes over without a gap and says the same takes nothing.
    let sides = base();
    sides.says(&["new"], &promise.replace("g {", "g { until 2026-12-31"));
    sides.says(&["new"], &promise.replace("g {", "g { from 2027-01-01"));
    sides.passes();
}

#[test]
fn what_is_only_stricter_from_a_later_day_on_promises_no_less() {
    let dated = |text: &str, days: &str| text.replacen('{', &format!("{{ {days}"), 1);
    let guarantee = |says: &str| {
        format!("guarantee g {{ for use_case == secret always model.hosting in [{says}] because \"x\" }}")
    };
    let rule =
        |says: &str| format!("compliance rule r {{ when use_case == chat require {says} because \"x\" }}");
    let context = "model.context_window";
    for (old, new) in [
        (guarantee("self-hosted, cloud"), guarantee("self-hosted")),
        (rule(&format!("{context} >= 1_000")), rule(&format!("{context} >= 2_000"))),
        (
            rule(&format!("{context} >= 1_000")),
            rule(&format!("{context} >= 1_000 and not ({context} > 9_000_000)")),
        ),
    ] {
        let sides = Sides::new();
        sides.says(&["old"], &old);
        sides.says(
            &["new"],
            &format!("{}\n{}", dated(&old, "until 2026-11-21"), dated(&new, "from 2026-11-22")),
        );
        sides.passes();
        // The other way round it is less.
        let sides = Sides::new();
        sides.says(&["old"], &new);
        sides.says(
            &["new"],
            &format!("{}\n{}", dated(&new, "until 2026-11-21"), dated(&old, "from 2026-11-22")),
        );
        denied(&sides.diff(), "promises less");
        // So it is where it ends again.
        let sides = Sides::new();
        sides.says(&["old"], &old);
        let for_a_while = dated(&new, "from 2026-11-22 until 2026-12-31");
        sides.says(&["new"], &format!("{}\n{for_a_while}", dated(&old, "until 2026-11-21")));
        denied(&sides.diff(), "ends on 2026-12-31, before without an end");
    }
}

#[test]
fn an_audit_under_a_new_name_that_ends_tonight_is_named() {
    let audit = "audit long { retain 3 years }";
    let sides = Sides::new();
    sides.says(&["old"], audit);
    sides.says(&["new"], &audit.replace("long {", "longer { until 2026-11-21"));
    let output = sides.diff_as_of(TODAY, &["--deny", "obligations"]);
    denied(&output, "gate loosened: audit `long` ends on 2026-11-21, before without an end");
    denied(&output, "from 2026-11-22, when audit `longer` has ended, audit `long` changes");
}

#[test]
fn what_both_sides_lose_alike_and_what_is_renewed_is_no_difference() {
    let certified = |day: &str| {
        let entry = format!("compliance: [{{name: soc2, expires: {day}}}]");
        move |text: &str| text.replace("    hosting: cloud\n", &format!("    hosting: cloud\n    {entry}\n"))
    };
    let rule =
        "compliance rule sure { when use_case == chat require model.compliance has soc2 because \"x\" }";
    let sides = Sides::new();
    sides.edit_both(REGISTRY, certified("2027-01-31"));
    sides.says(&["old", "new"], rule);
    sides.says(&["new"], "budget more { limit 7 usd per month }");
    sides.passes();
    // A renewal lets nobody reach what was not reached before.
    let sides = Sides::new();
    sides.says(&["old", "new"], rule);
    sides.edit("old", REGISTRY, certified("2027-01-31"));
    sides.edit("new", REGISTRY, certified("2028-01-31"));
    sides.passes();
    // Neither does it where something else lapses on that day on both sides, and another use is made of both.
    let agreed = |text: &str| {
        let entry = "    dpa: {status: confirmed, renews: 2027-01-31}\n";
        text.replace("    hosting: self-hosted\n", &format!("    hosting: self-hosted\n{entry}"))
    };
    sides.edit_both(REGISTRY, agreed);
    sides.passes();
    // An exception that is prolonged is no renewal.
    let exception = "failover wide { until 2026-12-31 when use_case == chat follow ranking overrides standard because \"x\" }";
    let sides = Sides::new();
    let calm = |text: &str| text.replace("follow   ranking", "none");
    sides.edit_both(POLICY, calm);
    sides.says(&["old", "new"], "cost rule taste { prefer house because \"x\" }");
    sides.says(&["old"], exception);
    sides.says(&["new"], &exception.replace("2026", "2036"));
    let from =
        "from 2027-01-01, when failover `wide` has ended on the old side alone, `chat` changes: widened";
    denied(&sides.diff(), from);
}

#[test]
fn what_widens_today_is_not_said_again_of_later_days() {
    let sides = Sides::new();
    sides.says(&["old", "new"], "budget later { from 2027-01-01 limit 7 usd per month }");
    sides.edit("new", POLICY, |text| {
        text.replace("  require  model.hosting == self-hosted\n", "  prefer house\n")
    });
    let output = sides.diff();
    denied(&output, "widened");
    assert!(!stdout(&output).contains("gate loosened"), "{}", stdout(&output));
}

#[test]
fn more_days_than_are_compared_are_not_passed_over_in_silence() {
    let sides = Sides::new();
    sides.edit_both(POLICY, |text| text.replace("follow   ranking", "none"));
    let day = |at: usize| format!("{}-{:02}-{:02}", 2027 + at / 336, at / 28 % 12 + 1, at % 28 + 1);
    let many: String =
        (0..400).map(|at| format!("budget b{at} {{ from {} limit 7 usd per month }}\n", day(at))).collect();
    sides.says(&["old", "new"], &many);
    sides.says(&["new"], "compliance rule wide { from 2030-01-01 when use_case == chat forbid model.provider == house because \"x\" }");
    let output = sides.diff();
    denied(&output, "of 401 later days on which something begins or ends only ");
    denied(&output, "are compared: there may be more from ");
    denied(&output, "from 2030-01-01, when rule `wide` begins, `chat` changes: widened");
}
