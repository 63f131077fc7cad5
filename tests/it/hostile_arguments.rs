//! What the command line names is shown as what others write is: it begins no line, and nothing in it acts.

use crate::bundle::{stderr, stdout};
use crate::hostile_output::{is_talk, run, workspace};

/// What the command line names is repeated in answers and refusals.
#[cfg(unix)]
#[test]
fn what_the_command_line_names_begins_no_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let texts: Vec<String> = (0..12).map(|n| format!("text {n}")).collect();
    let name = "a\n::error::x\u{1b}[2J";
    workspace(folder.path(), &texts, 1);
    workspace(&folder.path().join(name), &texts, 2);
    let (revision, gone) = (format!("git:{name}"), format!("{name}/gone"));
    for arguments in [
        vec!["diff", name, "."],
        vec!["diff", ".", name],
        vec!["diff", &gone, "."],
        vec!["diff", &revision],
        vec!["check", &gone],
        vec!["compile", ".", "-o", &gone],
        vec!["resolve", name],
        vec!["resolve", "chat", "--down", name],
        vec!["resolve", "chat", "--table", name],
        vec!["explain", name],
        vec!["graph", name],
        vec!["fmt", &gone],
        vec!["init", name],
        vec!["usage", name],
        vec!["schema", name],
        vec!["export", "sql", "-o", &gone],
    ] {
        let output = run(folder.path(), &arguments);
        for text in [stdout(&output), stderr(&output)] {
            is_talk(&text);
            assert!(!text.lines().any(|line| line.trim_start().starts_with(": :")), "{arguments:?}: {text}");
        }
    }
}
