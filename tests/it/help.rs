//! What `--help` says, as snapshots: a change of the command line is seen in review.

use crate::bundle;

/// The commands, and none at all.
const COMMANDS: [&str; 14] = [
    "",
    "check",
    "resolve",
    "explain",
    "compile",
    "verify",
    "diff",
    "test",
    "outages",
    "graph",
    "fmt",
    "init",
    "completions",
    "man",
];

#[test]
fn every_command_says_what_it_takes() {
    for command in COMMANDS {
        let words: Vec<&str> = [command, "--help"].into_iter().filter(|word| !word.is_empty()).collect();
        let output = bundle::govctl().args(words).output().expect("govctl runs");
        let name = if command.is_empty() { "govctl" } else { command };
        insta::assert_snapshot!(name, bundle::stdout(&output));
    }
}
