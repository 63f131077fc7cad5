//! `govctl completions` and `govctl man`: what a shell asks, and pages for every command.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::bundle::{self, govctl, root, status, stderr, stdout};

/// What is offered for the last word of a command line.
fn offered(folder: &Path, words: &[&str]) -> Vec<String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_govctl"));
    let index = words.len().checked_sub(1).expect("a word");
    let command = command.env("GOVCTL_COMPLETE", "bash").env("_CLAP_IFS", "\n").current_dir(folder);
    let command = command.env("_CLAP_COMPLETE_INDEX", index.to_string()).arg("--").args(words);
    let output = command.output().expect("govctl runs");
    assert_eq!((status(&output), stderr(&output).as_str()), (0, ""), "{words:?}");
    stdout(&output).lines().map(str::to_owned).collect()
}

#[test]
fn names_of_the_workspace_complete() {
    let logistics = root("examples/logistics");
    assert_eq!(offered(&logistics, &["govctl", "resolve", "s"]), ["structured-output", "support.reply"]);
    let models = offered(&logistics, &["govctl", "resolve", "planning", "--why-not", "anth"]);
    assert_eq!(models, ["anthropic", "anthropic/claude-3-5-sonnet"]);
    let down = offered(&logistics, &["govctl", "resolve", "planning", "--down", "open"]);
    assert_eq!(down, ["openai", "openai/gpt-4-turbo"]);
    let budgets = offered(&logistics, &["govctl", "resolve", "planning", "--budget-remaining", "pl"]);
    assert_eq!(budgets, ["planning-daily="]);
    let facts = ["govctl", "resolve", "portal.ask", "--fact", "consent"];
    assert_eq!(offered(&root("examples/hospital"), &facts), ["consent=withheld", "consent=given"]);
}

#[test]
fn values_complete_whatever_lists_them() {
    let world = |policy: &str| {
        bundle::unpack_text(&format!(
            "=== registry/a.yaml\nproviders:\n  north:\n    owner: a\n    regions: [us]\n    models:\n      - {{name: alpha, regions: [eu], data_classification_max: internal, cost_per_1m_tokens_input: 1, cost_per_1m_tokens_output: 1}}\n=== estate/a.yaml\nuse_cases:\n  - {{name: chat, owner: a, data_classification: internal, residency: [ch]}}\n=== policies/a.gov\n{policy}\n"
        ))
    };
    let facts = "fact home in regions default eu\nfact level in classifications default internal";
    for (policy, option, wanted) in [
        (
            facts,
            "--fact",
            &[
                "home=ch",
                "home=eu",
                "home=us",
                "level=public",
                "level=internal",
                "level=confidential",
                "level=restricted",
            ][..],
        ),
        (facts, "--classification", &["public", "internal", "confidential", "restricted"]),
        ("classifications low < high\nregions eu { de, fr }, us", "--classification", &["low", "high"]),
        (
            "regions eu { de, fr }, us\nfact home in regions default eu",
            "--fact",
            &["home=eu", "home=de", "home=fr", "home=us"],
        ),
    ] {
        let folder = world(policy);
        assert_eq!(offered(folder.path(), &["govctl", "resolve", "chat", option, ""]), wanted, "{policy}");
    }
}

#[test]
fn the_workspace_on_the_command_line_counts() {
    for option in [vec!["-C", "logistics"], vec!["-Clogistics"], vec!["--workspace=logistics"]] {
        let words = [vec!["govctl"], option, vec!["resolve", "--down", "anth"]].concat();
        let down = offered(&root("examples"), &words);
        assert_eq!(down, ["anthropic", "anthropic/claude-3-5-sonnet"], "{words:?}");
    }
}

#[test]
fn commands_and_codes_complete() {
    let folder = root("");
    assert_eq!(offered(&folder, &["govctl", "res"]), ["resolve"]);
    assert_eq!(offered(&folder, &["govctl", "explain", "failover-cy"]), ["failover-cycle"]);
    assert_eq!(offered(&folder, &["govctl", "check", "--format", "s"]), ["sarif"]);
}

#[test]
fn a_broken_workspace_or_none_says_nothing() {
    let folder =
        bundle::unpack_text("=== registry/main.yaml\nproviders: [\n=== estate/main.yaml\nuse_cases: 3\n");
    assert!(offered(folder.path(), &["govctl", "resolve", "x"]).is_empty());
    assert!(offered(folder.path(), &["govctl", "resolve", "-C", "nowhere", "x"]).is_empty());
    // A policy that does not parse is no reason to forget the names.
    let folder = bundle::unpack_text(
        "=== registry/main.yaml\nproviders: {}\n=== estate/main.yaml\nuse_cases:\n  - {name: chat, owner: a, \
         data_classification: internal}\n=== policies/main.gov\nrule {\n",
    );
    assert_eq!(offered(folder.path(), &["govctl", "resolve", "c"]), ["chat"]);
}

#[test]
fn a_name_that_a_shell_would_run_is_not_offered() {
    let folder = bundle::unpack_text(
        "=== registry/main.yaml\nproviders: {}\n=== estate/main.yaml\nuse_cases:\n  - {name: \"chat$(id)\", owner: a, \
         data_classification: internal}\n  - {name: chats, owner: a, data_classification: internal, description: \
         red}\n",
    );
    assert_eq!(offered(folder.path(), &["govctl", "resolve", "c"]), ["chats"]);
}

#[test]
fn every_shell_has_a_script() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = govctl().args(["completions", shell]).output().expect("govctl runs");
        assert_eq!((status(&output), stderr(&output).as_str()), (0, ""));
        let script = stdout(&output);
        assert!(script.contains("GOVCTL_COMPLETE") && script.contains("govctl"), "{script}");
        assert!(!script.contains(env!("CARGO_BIN_EXE_govctl")), "the script knows this machine: {script}");
    }
    let output = govctl().args(["completions", "tcsh"]).output().expect("govctl runs");
    assert_eq!((status(&output), stdout(&output).as_str()), (2, ""));
}

#[test]
fn bash_takes_the_script() {
    let binary = Path::new(env!("CARGO_BIN_EXE_govctl"));
    let folder = binary.parent().expect("a folder").to_str().expect("a path");
    let script =
        "source <(govctl completions bash); COMP_WORDS=(govctl resolve sup); COMP_CWORD=2; COMP_TYPE=9
        _clap_complete_govctl govctl sup resolve; printf '%s' \"${COMPREPLY[*]}\"";
    let path = format!("{folder}:{}", std::env::var("PATH").unwrap_or_default());
    let mut bash = Command::new("bash");
    bash.args(["-c", script]).env("PATH", path).current_dir(root("examples/logistics"));
    let Ok(output) = bash.stderr(Stdio::null()).output() else {
        eprintln!("there is no bash here");
        return;
    };
    assert_eq!(stdout(&output).trim(), "support.reply");
}

#[test]
fn every_command_has_a_page() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let pages = folder.path().join("man1");
    let output = govctl().args(["man", "-o"]).arg(&pages).output().expect("govctl runs");
    assert_eq!((status(&output), stderr(&output).as_str()), (0, ""));
    let help = stdout(&govctl().arg("--help").output().expect("govctl runs"));
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let commands: Vec<&str> = listed
        .take_while(|line| !line.is_empty())
        // A description that goes on in the next line stands further to the right.
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert_eq!(stdout(&output).lines().count(), commands.len() + 1);
    for command in &commands {
        let page = std::fs::read_to_string(pages.join(format!("govctl-{command}.1"))).expect("a page");
        let alone = govctl().args(["man", command]).output().expect("govctl runs");
        assert_eq!(stdout(&alone), page);
        for section in ["NAME", "SYNOPSIS", "OPTIONS", "EXIT STATUS"] {
            let heading = |line: &str| line.trim_start_matches(".SH ").trim_matches('"') == section;
            assert!(page.lines().any(heading), "the page of {command} has no {section}");
        }
    }
    let own = stdout(&govctl().arg("man").output().expect("govctl runs"));
    assert!(commands.iter().all(|command| own.contains(&format!("govctl\\-{command}"))), "{own}");
    let unknown = govctl().args(["man", "chekc"]).output().expect("govctl runs");
    assert_eq!((status(&unknown), stdout(&unknown).as_str()), (2, ""));
    assert!(stderr(&unknown).contains("did you mean `check`?"), "{}", stderr(&unknown));
}
