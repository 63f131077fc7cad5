//! Who accepts that a promise is narrower accepts what stands in its place, and not that it is gone.

use std::fs;
use std::path::Path;
use std::process::Output;

use crate::bundle::{govctl, status, stderr, stdout};
use crate::diff_gate::{denied, make};

const RULE: &str = "compliance rule placed {
  process in eu
  forbid  model.hosting == private-cloud
  because \"a promise\"
}
";

fn gate(folder: &Path, arguments: &[&str]) -> Output {
    let mut govctl = govctl();
    govctl.current_dir(folder).args(["diff", "old", "new", "--deny", "widened", "--as-of", "2026-11-21"]);
    govctl.args(arguments).output().expect("govctl runs")
}

fn says(folder: &Path, side: &str, rule: &str) {
    make(&folder.join(side));
    let regions = |text: String| {
        text.replace("hosting: self-hosted\n", "hosting: self-hosted\n    regions: [eu]\n")
            .replace("hosting: cloud\n", "hosting: cloud\n    regions: [eu]\n")
    };
    let registry = folder.join(side).join("registry/main.yaml");
    fs::write(&registry, regions(fs::read_to_string(&registry).expect("a file"))).expect("write");
    let policy = folder.join(side).join("policies/main.gov");
    let text = fs::read_to_string(&policy).expect("a file");
    fs::write(&policy, format!("regions eu, us, cn\n{text}{rule}")).expect("write");
}

#[test]
fn what_is_accepted_is_what_stands_in_its_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    says(folder, "old", RULE);
    for (narrower, others) in [
        (
            RULE.replace("in eu", "in eu, us"),
            [RULE.replace("  process in eu\n", ""), RULE.replace("in eu", "in eu, us, cn")],
        ),
        (
            RULE.replace("private-cloud", "private-cloud and model.provider == cloud"),
            [
                RULE.replace("  forbid  model.hosting == private-cloud\n", ""),
                RULE.replace("private-cloud", "private-cloud and model.provider == house"),
            ],
        ),
    ] {
        says(folder, "new", &narrower);
        denied(&gate(folder, &[]), "rule placed");
        fs::write(folder.join("accepted.yaml"), stdout(&gate(folder, &["--write-accept"]))).expect("write");
        let output = gate(folder, &["--accept", "accepted.yaml"]);
        assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
        for other in others {
            says(folder, "new", &other);
            denied(&gate(folder, &["--accept", "accepted.yaml"]), "rule placed");
        }
        // What else the statement says does not matter.
        says(folder, "new", &narrower.replace("a promise", "another reason"));
        let output = gate(folder, &["--accept", "accepted.yaml"]);
        assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
    }
}

/// A rule that says more than before still says what it said.
#[test]
fn a_promise_that_is_stricter_is_not_gone() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let rule = |clauses: &str| format!("compliance rule held {{ {clauses} because \"a promise\" }}\n");
    for (old, new) in [
        ("require model.dpa >= none", "require model.dpa >= pending"),
        ("require model.dpa > none", "require model.dpa >= pending and model.tier >= economy"),
        ("require model.tier >= economy", "require model.tier >= economy and model.dpa >= none"),
        (
            "require model.tier >= economy and model.dpa >= none",
            "require model.tier >= economy require model.dpa >= none",
        ),
        ("require model.tier >= economy or model.dpa >= none", "require model.dpa >= none"),
        (
            "require not (model.hosting == cloud and model.tier == economy)",
            "require not model.tier == economy",
        ),
        (
            "require model.hosting in [cloud, self-hosted, private-cloud]",
            "require model.hosting in [cloud, self-hosted]",
        ),
        ("require model.hosting in [cloud, self-hosted]", "require model.hosting in [self-hosted, cloud]"),
        ("forbid model.retention > 40 days", "forbid model.retention > 30 days"),
        (
            "forbid model.retention > 40 days or model.tier == premium",
            "forbid model.retention > 40 days forbid model.tier in [premium, standard]",
        ),
        ("process in eu, us, cn", "process in eu, us"),
    ] {
        says(folder, "old", &rule(old));
        says(folder, "new", &rule(new));
        let output = gate(folder, &[]);
        assert!(!stderr(&output).contains("gone"), "{old} → {new}: {}{}", stdout(&output), stderr(&output));
        assert!(!stdout(&output).contains("dropped"), "{old} → {new}: {}", stdout(&output));
        // The other way round something is gone, but for what says the same.
        says(folder, "old", &rule(new));
        says(folder, "new", &rule(old));
        if !["self-hosted, cloud", "require model.tier >= economy require"]
            .iter()
            .any(|same| new.contains(same))
        {
            assert_eq!(status(&gate(folder, &[])), 1, "{new} → {old}");
        }
    }
}

/// Who accepts that more is reached does not accept that nobody promises anything any more.
#[test]
fn what_widens_as_accepted_hides_no_promise_that_is_gone() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let rule = "compliance rule one-house { require model.provider == house because \"a promise\" }\n";
    says(folder, "old", rule);
    let both = rule.replace("== house", "in [house, cloud]");
    says(folder, "new", &both);
    denied(&gate(folder, &[]), "widened");
    fs::write(folder.join("accepted.yaml"), stdout(&gate(folder, &["--write-accept"]))).expect("write");
    let output = gate(folder, &["--accept", "accepted.yaml"]);
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
    for gone in ["", "compliance rule one-house { require model.tier >= economy because \"a promise\" }\n"] {
        says(folder, "new", gone);
        denied(&gate(folder, &["--accept", "accepted.yaml"]), "`model.provider == house`");
    }
}

/// What is stricter and ends sooner keeps nothing.
#[test]
fn a_stricter_promise_that_ends_keeps_none_that_does_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let old = "compliance rule a { require model.tier >= economy because \"x\" }\n";
    let soon = "compliance rule b { until 2026-12-01 require model.tier >= economy and model.dpa >= none because \"x\" }\n";
    let forever = soon.replace("until 2026-12-01 ", "");
    let places = "compliance rule a { process in eu, us because \"x\" }\n";
    let fewer = "compliance rule b { until 2026-12-01 process in eu because \"x\" }\n";
    let guarantee = "guarantee a { always model.tier >= economy because \"x\" }\n";
    let rule = "compliance rule a { until 2026-12-01 require model.tier >= economy because \"x\" }\n";
    let both = old.to_owned() + soon;
    for (old, new) in [(old, soon), (&both, soon), (places, fewer), (guarantee, rule)] {
        says(folder, "old", old);
        says(folder, "new", new);
        assert_eq!(status(&gate(folder, &[])), 1, "{old} → {new}: {}", stdout(&gate(folder, &[])));
    }
    says(folder, "old", old);
    says(folder, "new", &forever);
    assert_eq!(status(&gate(folder, &[])), 0, "{}", stdout(&gate(folder, &[])));
}
