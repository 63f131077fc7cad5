//! Command lines that are refused: each is told what to write, which this program takes.

use std::collections::BTreeSet;
use std::path::Path;

use crate::bundle::{self, govctl, status, stderr};

/// A command line, and what is said of it.
const REFUSED: &[(&str, &str)] = &[
    ("check --as-of 25.11.2026", "for '--as-of <YYYY-MM-DD>': write it as 2026-11-25\n"),
    ("check --as-of 2026-11-31", "for '--as-of <YYYY-MM-DD>': no such day\n"),
    (
        "check --as-of today",
        "for '--as-of <YYYY-MM-DD>': leave the option out: without it, everything is decided for today\n",
    ),
    ("check --as-of soon", "for '--as-of <YYYY-MM-DD>': write a day as year-month-day, as in 2026-11-21\n"),
    ("outages -k two", "for '--down-together <N>': write it as 2\n"),
    ("outages -k 0", "for '--down-together <N>': write a whole number of 1 or more in digits, as in 2\n"),
    (
        "drill plan -k many",
        "for '--down-together <N>': write a whole number of 1 or more in digits, as in 2\n",
    ),
    ("lint", "tip: a similar subcommand exists: 'check'\n"),
    ("chek", "tip: a similar subcommand exists: 'check'\n"),
    ("validate", "tip: a similar subcommand exists: 'check'\n"),
    ("check --deny all", "tip: write `--deny warnings`\n"),
    ("check --deny no-failover", "tip: one kind is denied in `govctl.yaml`: `lints: {no-failover: deny}`\n"),
    ("diff --deny all", "tip: write `--exit-code` for status 1 on any change, or name each kind: `--deny"),
    ("diff --deny widened,narrowed", "tip: repeat it: write `--deny widened --deny narrowed`\n"),
    (
        "resolve planning --on timeout,unavailable",
        "the primary fails on one of them: ask once for each, `--on timeout` and `--on unavailable`\n",
    ),
    ("compile t.json", "`t.json` is not a workspace: to write the table there, `govctl compile -o t.json`\n"),
    ("version", "tip: write `govctl --version`\n"),
    ("apply", "tip: gateways load a table: write `govctl compile -o table.json`, or `govctl export GATEWAY"),
    ("list", "tip: write `govctl who` for what each model holds"),
    ("registry update", "tip: write `govctl registry refresh --from FILE`\n"),
    ("registry validate", "tip: write `govctl check`: it checks the registry"),
    ("check -v", "tip: leave it out: `--all-findings` prints every finding"),
    ("check -q", "tip: leave it out: the exit status says it too\n"),
    ("fmt --write", "tip: leave it out: `fmt` writes the files"),
    ("resolve --use-case planning", "tip: the use case stands alone: write `govctl resolve planning`\n"),
    ("resolve planning --fact tenant premium", "tip: write `--fact tenant=premium`\n"),
    ("resolve planning --team ops", "tip: leave it out: the estate states the `team` of a use case\n"),
    ("resolve planning --model gpt-4o", "tip: leave it out: the policy chooses the model; `--why-not MODEL`"),
    ("who gdpr", "tip: write `--certification gdpr`\n"),
    ("who model gpt-4o", "tip: write `--model gpt-4o`\n"),
    ("who north", "tip: say what it is: `--certification north`, `--provider north`, `--model north`"),
    ("check --json", "tip: write `--format json`\n"),
    ("check --strict", "tip: write `--deny warnings`\n"),
    ("check --fail-on warning", "tip: write `--deny warnings`\n"),
    ("resolve planning --explain", "tip: write `-v`\n"),
    ("resolve planning --tenant premium", "a fact: `--fact tenant=premium`\n"),
    ("resolve planning --set tenant=premium", "tip: write `--fact tenant=premium`\n"),
    ("resolve planning --var=tenant=premium", "tip: write `--fact tenant=premium`\n"),
    (
        "resolve planning --fact tenant=premium,origin=us",
        "the option: --fact tenant=premium --fact origin=us\n",
    ),
    ("resolve planning --fact tenant=premium origin=us", "`--fact tenant=premium --fact origin=us`\n"),
    ("resolve planning --trace", "tip: write `-v`\n"),
    (
        "resolve planning --region eu",
        "the `residency` of a use case; a fact that a policy declares is `--fact region=eu`\n",
    ),
    ("resolve planning --down azure-eu openai", "write `--down azure-eu --down openai`\n"),
    ("resolve planning --budget-remaining company 10%", "tip: write `--budget-remaining company=10%`\n"),
    ("resolve planning openai", "`--down openai` or `--why-not openai`\n"),
    ("resolve all", "`all` is not a use case: write `govctl resolve --all` for every one\n"),
    ("resolve support.*", "`support.*` is not a use case: write `govctl resolve --all` for every one\n"),
    ("resolve --use-case all", "tip: write `govctl resolve --all` for every use case\n"),
    ("outages --k 2", "tip: write `-k 2`\n"),
    ("outages 2", "tip: write `-k 2`\n"),
    ("drill plan --k 2", "tip: write `-k 2`\n"),
    ("drill azure-eu", "tip: write `govctl drill plan` for the outages to rehearse"),
    ("cost --group-by team", "tip: write `--by team`\n"),
    ("cost team", "tip: write `--by team`\n"),
    ("test -k support", "tip: write `--filter support`\n"),
    ("check -D warnings", "tip: write `--deny warnings`\n"),
    ("check -o json", "tip: write `--format json`\n"),
    ("check -o out.json", "tip: leave it out: the answer is printed, and `> FILE` puts it into a file\n"),
    ("check -f json", "tip: write `--format json`\n"),
    ("check -f yaml", "tip: write `--format FORMAT`\n"),
    ("who --regulation gdpr", "tip: write `--certification gdpr`\n"),
    (
        "resolve planning --down azure-eu,openai",
        "`--down` takes one; repeat it: `--down azure-eu --down openai`\n",
    ),
    (
        "resolve planning --fact classification=restricted",
        "`classification` is not a fact; write `--classification restricted`\n",
    ),
    (
        "resolve planning --budget-remaining company:10%",
        "for '--budget-remaining <[BUDGET=]PERCENT>': write company=10%\n",
    ),
];

#[test]
fn a_command_line_that_is_refused_is_told_what_to_write() {
    let mut wrong = Vec::new();
    for (line, wanted) in REFUSED {
        let arguments = line.split(' ');
        let output =
            govctl().args(["-C", "examples/logistics"]).args(arguments).output().expect("govctl runs");
        let said = stderr(&output);
        if status(&output) != 2 || !said.contains(wanted) || said.contains("use '-- -") {
            wrong.push(format!("{line}\n{said}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every command in back quotes of a file of the program, and of those in it.
fn offered(path: &Path, found: &mut BTreeSet<String>) {
    if path.is_dir() {
        for entry in std::fs::read_dir(path).expect("a folder") {
            offered(&entry.expect("an entry").path(), found);
        }
    } else if path.extension().is_some_and(|extension| extension == "rs") {
        let text = std::fs::read_to_string(path).expect("a file");
        let quoted = text.split('`').filter(|piece| piece.starts_with("govctl "));
        found.extend(quoted.filter(|piece| !piece.contains(['\n', '…', '{', '\\'])).map(str::to_owned));
    }
}

#[test]
fn every_command_that_the_program_offers_is_one_that_it_takes() {
    let mut all = BTreeSet::new();
    offered(&bundle::root("src"), &mut all);
    assert!(all.len() > 30, "{all:?}");
    for command in all {
        let words = command.split_whitespace().skip(1).map(|word| match word {
            "GATEWAY" => "envoy",
            "KIND" => "litellm",
            word => word,
        });
        // What is wrong in front of it is said before any help.
        let output = govctl().args(words).arg("--help").output().expect("govctl runs");
        assert_eq!(status(&output), 0, "{command}: {}", stderr(&output));
    }
}
