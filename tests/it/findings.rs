//! `docs/findings.md` is what the checks say of themselves, and `explain` says the same.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use govctl::check::{CHECKS, document};

#[test]
fn the_page_of_findings_is_generated() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/findings.md");
    let wanted = document::markdown();
    if std::env::var_os("GOVCTL_BLESS").is_some() {
        fs::write(&path, &wanted).expect("the page is written");
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(found == wanted, "docs/findings.md is stale: GOVCTL_BLESS=1 cargo test rewrites it");
}

#[test]
fn every_finding_is_explained() {
    for rule in CHECKS {
        let output = Command::new(env!("CARGO_BIN_EXE_govctl")).args(["explain", rule.code.0]).output();
        let output = output.expect("the program runs");
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && text.contains(rule.summary), "{}", rule.code);
        assert!(text.contains("=== registry/main.yaml"), "{} shows no example", rule.code);
        assert!(!rule.why.is_empty(), "{} does not say why it matters", rule.code);
    }
}

#[test]
fn a_code_that_does_not_exist_is_answered_with_the_nearest() {
    let output = Command::new(env!("CARGO_BIN_EXE_govctl")).args(["explain", "failover-cicle"]).output();
    let output = output.expect("the program runs");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "error: no finding is called `failover-cicle`; did you mean `failover-cycle`?\n"
    );
}
