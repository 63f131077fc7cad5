//! What `--help` says, as snapshots: a change of the command line is seen in review.

use crate::bundle;

#[test]
fn every_command_says_what_it_takes() {
    for command in ["", "check", "resolve", "explain", "diff", "compile", "verify"] {
        let words: Vec<&str> = [command, "--help"].into_iter().filter(|word| !word.is_empty()).collect();
        let output = bundle::govctl().args(words).output().expect("govctl runs");
        let name = if command.is_empty() { "govctl" } else { command };
        insta::assert_snapshot!(name, bundle::stdout(&output));
    }
}
