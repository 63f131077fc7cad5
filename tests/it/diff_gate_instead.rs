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
