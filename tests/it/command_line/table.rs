//! Tables from the command line: compiled, verified, asked, tampered with.

use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::Value;

use super::{BROKEN, clean_examples, logistics, resolve};
use crate::bundle::{self, govctl, json, run, status, stderr, stdout};

/// A table on disk; the folder lives as long as the value.
pub(super) struct Compiled(tempfile::TempDir);

impl Compiled {
    pub(super) fn path(&self) -> &Path {
        self.0.path()
    }
}

fn table_of(folder: &Path) -> PathBuf {
    folder.join("table.json")
}

pub(super) fn compiled(workspace: &Path) -> Compiled {
    let folder = tempfile::tempdir().expect("a folder");
    let output = run(workspace, &["compile", "-o", table_of(folder.path()).to_str().expect("UTF-8")]);
    assert_eq!((status(&output), stdout(&output).as_str()), (0, ""), "{}", stderr(&output));
    Compiled(folder)
}

pub(super) fn resolve_table(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = govctl();
    // No workspace is read: there is none here.
    command.current_dir(folder).args(["resolve", "--format", "json", "--table", "table.json"]);
    command.args(arguments).output().expect("govctl runs")
}

#[test]
fn a_workspace_with_errors_is_not_compiled_and_leaves_no_file() {
    let folder = bundle::unpack_text(BROKEN);
    let table = folder.path().join("table.json");
    let output = run(folder.path(), &["compile", "-o", table.to_str().expect("UTF-8")]);
    assert_eq!((status(&output), stdout(&output).as_str()), (1, ""));
    assert!(stderr(&output).contains("unroutable"), "{}", stderr(&output));
    assert!(!table.exists());
    let left: Vec<_> = std::fs::read_dir(folder.path()).expect("the folder").collect();
    assert_eq!(left.len(), 3, "no half file is left: {left:?}");
    std::fs::write(&table, "old").expect("write");
    assert_eq!(status(&run(folder.path(), &["compile", "-o", table.to_str().expect("UTF-8")])), 1);
    assert_eq!(std::fs::read_to_string(&table).expect("read"), "old", "an older table is left as it is");
}

#[test]
fn a_table_that_cannot_be_written_is_2() {
    let output = run(&logistics(), &["compile", "-o", "/nonexistent/folder/table.json"]);
    assert_eq!((status(&output), stdout(&output).as_str()), (2, ""));
    assert!(stderr(&output).contains("/nonexistent/folder/table.json"), "{}", stderr(&output));
}

#[test]
fn what_is_compiled_verifies_and_another_workspace_does_not() {
    for workspace in clean_examples() {
        let table = compiled(&workspace);
        let path = table_of(table.path());
        let output = run(&workspace, &["verify", path.to_str().expect("UTF-8")]);
        assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
        let text = stdout(&run(&workspace, &["compile"]));
        assert_eq!(text, std::fs::read_to_string(&path).expect("read"), "stdout and -o are the same");
    }
    let table = compiled(&logistics());
    let other = bundle::unpack_text(
        &BROKEN.replace("  - {name: secret, owner: a@example.com, data_classification: restricted}\n", ""),
    );
    let output = run(other.path(), &["verify", table_of(table.path()).to_str().expect("UTF-8")]);
    assert_eq!((status(&output), stdout(&output).as_str()), (1, ""), "{}", stderr(&output));
}

#[test]
fn a_tampered_table_is_refused() {
    let table = compiled(&logistics());
    let path = table_of(table.path());
    let text = std::fs::read_to_string(&path).expect("read");
    let tampered = [
        text.replacen("claude-3-5-sonnet", "claude-3-5-sonnet2", 1),
        text.replacen("\"cells\":[0", "\"cells\":[1", 1),
        text.replacen("restricted-waits", "restricted-weits", 1),
        text.trim_end().trim_end_matches('}').to_owned(),
        format!("{text} {text}"),
        String::new(),
        "{}".to_owned(),
        "[".repeat(100_000),
    ];
    for (at, tampered) in tampered.iter().enumerate() {
        if *tampered == text {
            assert_eq!(at, 1, "nothing was changed in {at}");
            continue;
        }
        std::fs::write(&path, tampered).expect("write");
        let verified = run(&logistics(), &["verify", path.to_str().expect("UTF-8")]);
        assert_eq!((status(&verified), stdout(&verified).as_str()), (1, ""), "{at}: {}", stderr(&verified));
        let resolved = resolve_table(table.path(), &["planning"]);
        assert!(status(&resolved) != 0 && stdout(&resolved).is_empty(), "{at}: {}", stdout(&resolved));
        assert!(!stderr(&resolved).contains("panicked"), "{at}: {}", stderr(&resolved));
    }
    std::fs::remove_file(&path).expect("remove");
    assert_eq!(status(&run(&logistics(), &["verify", path.to_str().expect("UTF-8")])), 2);
    assert_eq!(status(&resolve_table(table.path(), &["planning"])), 2);
}

/// Takes out of a workspace's answer the shares of single budgets that change no decision: a table does not know them.
fn forget_shares(of_table: &Value, of_workspace: &mut Value) {
    let known = of_table["context"].as_object().expect("a context");
    let context = of_workspace["context"].as_object_mut().expect("a context");
    context.retain(|key, value| {
        known.contains_key(key)
            || !(key.starts_with("budget.") && key.ends_with(".remaining") && value == "100%")
    });
}

#[test]
fn the_table_answers_as_the_workspace_does() {
    for workspace in clean_examples() {
        let table = compiled(&workspace);
        let all = resolve(&workspace, &["--all"]);
        // Of the large example some are enough: `--all` below asks for everybody.
        for answer in all.as_array().expect("an array").iter().take(7) {
            let name = answer["use_case"].as_str().expect("a name");
            let primary = answer["primary"]["model"].as_str().expect("every use case has a primary");
            let (provider, _) = primary.split_once('/').expect("an id");
            let requests: [&[&str]; 6] = [
                &[],
                &["--classification", "restricted"],
                &["--budget-remaining", "0%"],
                &["--budget-remaining", "19.5%", "--classification", "confidential"],
                &["--down", provider],
                &["--down", provider, "--budget-remaining", "50%"],
            ];
            for request in requests {
                let arguments = [&[name], request].concat();
                let from_workspace =
                    run(&workspace, &[&["resolve", "--format", "json"][..], &arguments].concat());
                let from_table = resolve_table(table.path(), &arguments);
                assert_eq!(
                    status(&from_workspace),
                    status(&from_table),
                    "{arguments:?} {}",
                    stderr(&from_table)
                );
                let (mut wanted, mut found) = (json(&from_workspace), json(&from_table));
                assert!(found.get("excluded").is_none(), "a table has no reasons");
                for answer in [&mut wanted, &mut found] {
                    let answer = answer.as_object_mut().expect("an object");
                    answer.remove("excluded");
                    assert!(answer.remove("sentence").is_some());
                }
                forget_shares(&found, &mut wanted);
                assert_eq!(found, wanted, "{arguments:?}");
            }
        }
        let mut wanted = all.clone();
        for answer in wanted.as_array_mut().expect("an array") {
            let answer = answer.as_object_mut().expect("an object");
            answer.remove("excluded");
            answer.remove("sentence");
        }
        let mut found = json(&resolve_table(table.path(), &["--all"]));
        for answer in found.as_array_mut().expect("an array") {
            answer.as_object_mut().expect("an object").remove("sentence");
        }
        let pairs = found.as_array().expect("an array").iter().zip(wanted.as_array_mut().expect("an array"));
        for (found, wanted) in pairs {
            forget_shares(found, wanted);
        }
        assert_eq!(found, wanted);
    }
}

#[test]
fn an_expired_table_is_refused() {
    let table = compiled(&logistics());
    let late = govctl()
        .current_dir(table.path())
        .args(["resolve", "--format", "json", "--table", "table.json", "planning"])
        .output()
        .expect("govctl runs");
    assert_eq!(status(&late), 0);
    let mut late = std::process::Command::new(env!("CARGO_BIN_EXE_govctl"));
    let late = late.current_dir(table.path()).args([
        "--as-of",
        "2199-01-01",
        "resolve",
        "--table",
        "table.json",
        "planning",
    ]);
    let late = late.output().expect("govctl runs");
    assert!(status(&late) != 0 && stdout(&late).is_empty(), "{}", stdout(&late));
}
