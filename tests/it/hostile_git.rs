//! A pull request that would bend the comparison with its base: every way in which what it brings could be taken for it.

#![cfg(unix)]

use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Output;

use crate::bundle::{self, govctl, status, stderr, stdout};
use crate::diff::with;
use crate::diff_git::{commit, git};

/// A repository with the workspace in `ai/policy`; the work tree has a change that widens, committed on `pr`.
pub(crate) fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("ai")).expect("a folder");
    fs::rename(with(&[]).keep(), folder.path().join("ai/policy")).expect("move");
    git(folder.path(), &["init", "-q"]);
    commit(folder.path(), "base");
    git(folder.path(), &["checkout", "-q", "-b", "pr"]);
    widen(&folder.path().join("ai/policy"));
    commit(folder.path(), "the pull request");
    folder
}

pub(crate) fn widen(workspace: &Path) {
    let path = workspace.join("registry/main.yaml");
    let text = fs::read_to_string(&path).expect("a file");
    let wide = text.replace("approved_use_cases: [mail]", "approved_use_cases: [mail, chat]");
    assert_ne!(text, wide);
    fs::write(path, wide).expect("write");
}

pub(crate) fn gate(folder: &Path, arguments: &[&str]) -> Output {
    let mut govctl = govctl();
    govctl.current_dir(folder).env("PWD", folder);
    govctl.args(["diff", "-C", "ai/policy", "--deny", "widened"]).args(arguments);
    govctl.output().expect("govctl runs")
}

#[track_caller]
fn holds(output: &Output) {
    assert_ne!(status(output), 0, "{}", stdout(output));
}

#[track_caller]
pub(crate) fn refused(output: &Output, why: &str) {
    assert_eq!((status(output), stdout(output).as_str()), (2, ""), "{}", stderr(output));
    assert!(stderr(output).contains(why), "{}", stderr(output));
}

#[test]
fn a_folder_that_is_called_like_the_revision_is_not_the_old_side() {
    let folder = repository();
    let base = git(folder.path(), &["rev-parse", "main"]).trim().to_owned();
    for name in ["main", "HEAD~1", "origin/main", &base, &base[..10], "refs/heads/main"] {
        bundle::copy(&folder.path().join("ai/policy"), &folder.path().join(name));
    }
    commit(folder.path(), "folders");
    for name in ["main", "HEAD~1", "origin/main", &base, &base[..10], "refs/heads/main"] {
        refused(&gate(folder.path(), &[name]), "is both a path and a revision");
    }
    for name in ["main", &base, "HEAD~2", "refs/heads/main"] {
        let output = gate(folder.path(), &["--old-revision", name]);
        assert_eq!(status(&output), 1, "{}", stderr(&output));
        let first = format!("from revision `{name}` (commit {base}) to folder");
        assert!(stdout(&output).replace("\n  ", " ").starts_with(&first), "{}", stdout(&output));
        assert_eq!(status(&gate(folder.path(), &[&format!("git:{name}")])), 1);
    }
    refused(&gate(folder.path(), &["--old-revision", "origin/main"]), "no revision `origin/main`");
    refused(&gate(folder.path(), &["--old-revision", "main", "a", "b"]), "");
    let itself = gate(folder.path(), &["./main"]);
    assert!(stdout(&itself).starts_with("from folder `./main` to folder"), "{}", stdout(&itself));
}

#[test]
fn what_merely_looks_like_a_repository_is_none() {
    let folder = repository();
    let workspace = folder.path().join("ai/policy");
    let fake = tempfile::tempdir().expect("a folder");
    git(folder.path(), &["clone", "-q", "--bare", ".", fake.path().to_str().expect("a path")]);
    git(fake.path(), &["update-ref", "refs/heads/main", "pr"]);
    for name in ["HEAD", "config", "objects", "refs", "packed-refs"] {
        let from = fake.path().join(name);
        if from.is_dir() {
            bundle::copy(&from, &workspace.join(name));
        } else if from.exists() {
            fs::copy(from, workspace.join(name)).expect("copy");
        }
    }
    assert_eq!(status(&gate(folder.path(), &["git:main"])), 1);
    let mut within = govctl();
    within.current_dir(&workspace).env("PWD", &workspace);
    assert_eq!(status(&within.args(["diff", "main", "--deny", "widened"]).output().expect("govctl runs")), 1);
}

#[test]
fn an_object_that_is_another_one_is_found_out() {
    let folder = repository();
    let object = |path: &str| git(folder.path(), &["rev-parse", path]).trim().to_owned();
    let file = |id: &str| folder.path().join(".git/objects").join(&id[..2]).join(&id[2..]);
    for (old, new) in [
        ("main:ai/policy/registry/main.yaml", "pr:ai/policy/registry/main.yaml"),
        ("main:ai/policy", "pr:ai/policy"),
        ("main^{tree}", "pr^{tree}"),
        ("main", "pr"),
    ] {
        let (old, new) = (file(&object(old)), file(&object(new)));
        let true_bytes = fs::read(&old).expect("an object");
        fs::remove_file(&old).expect("remove");
        fs::copy(new, &old).expect("copy");
        let output = gate(folder.path(), &["git:main"]);
        assert_eq!((status(&output), stdout(&output).as_str()), (2, ""), "{}", stderr(&output));
        fs::remove_file(&old).expect("remove");
        fs::write(&old, true_bytes).expect("write");
    }
    assert_eq!(status(&gate(folder.path(), &["git:main"])), 1);
}

#[test]
fn a_link_on_the_way_to_the_workspace_is_refused_on_both_sides() {
    let folder = repository();
    bundle::copy(&folder.path().join("ai/policy"), &folder.path().join("sandbox"));
    fs::remove_dir_all(folder.path().join("ai/policy")).expect("remove");
    symlink("../sandbox", folder.path().join("ai/policy")).expect("a link");
    commit(folder.path(), "a link");
    refused(&gate(folder.path(), &["git:main"]), "is a link");
    refused(&gate(folder.path(), &["git:main", "git:HEAD"]), "`ai/policy` is a link");
    // The same from within: the shell names the folder by the link.
    let mut within = govctl();
    let named = folder.path().join("ai/policy");
    within.current_dir(&named).env("PWD", &named);
    refused(&within.args(["diff", "git:main"]).output().expect("govctl runs"), "is a link");
    // And one folder higher.
    fs::remove_file(folder.path().join("ai/policy")).expect("remove");
    fs::remove_dir(folder.path().join("ai")).expect("remove");
    fs::create_dir_all(folder.path().join("other/policy")).expect("a folder");
    bundle::copy(&folder.path().join("sandbox"), &folder.path().join("other/policy"));
    symlink("other", folder.path().join("ai")).expect("a link");
    refused(&gate(folder.path(), &["git:main"]), "is a link");
    let output =
        govctl().current_dir(folder.path()).args(["diff", "git:main", "-C", "ai/../other/policy"]).output();
    refused(&output.expect("govctl runs"), "goes back through a link");
}

#[test]
fn another_repository_in_the_place_of_the_workspace_is_refused() {
    let folder = repository();
    let other = repository();
    git(other.path(), &["branch", "-f", "main", "pr"]);
    let workspace = folder.path().join("ai/policy");
    // As a submodule: a file `.git` that leads to its repository.
    let module = folder.path().join(".git/modules/policy");
    fs::create_dir_all(module.parent().expect("a folder")).expect("a folder");
    git(
        folder.path(),
        &["clone", "-q", "--bare", other.path().to_str().expect("a path"), ".git/modules/policy"],
    );
    fs::write(workspace.join(".git"), "gitdir: ../../.git/modules/policy\n").expect("write");
    refused(&gate(folder.path(), &["git:main"]), "is a submodule");
    // As a link to a checkout that lies about.
    fs::remove_dir_all(folder.path().join("ai")).expect("remove");
    symlink(other.path().join("ai"), folder.path().join("ai")).expect("a link");
    refused(&gate(folder.path(), &["git:main"]), "is a link");
    fs::remove_file(folder.path().join("ai")).expect("remove");
    symlink(other.path(), folder.path().join("ai")).expect("a link");
    let output =
        govctl().current_dir(folder.path()).args(["diff", "git:main", "-C", "ai/ai/policy"]).output();
    refused(&output.expect("govctl runs"), "is a link to another repository");
}

#[test]
fn a_store_that_borrows_from_outside_is_refused() {
    let folder = repository();
    let other = repository();
    let alternates = folder.path().join(".git/objects/info/alternates");
    fs::write(&alternates, format!("{}\n", other.path().join(".git/objects").display())).expect("write");
    refused(&gate(folder.path(), &["git:main"]), "borrows objects from");
}

#[test]
fn a_name_that_means_two_commits_is_refused() {
    let folder = repository();
    git(folder.path(), &["tag", "main", "pr"]);
    refused(&gate(folder.path(), &["git:main"]), "`main` is ambiguous");
    let short = git(folder.path(), &["rev-parse", "--short=8", "refs/heads/main"]).trim().to_owned();
    git(folder.path(), &["branch", &short, "pr"]);
    refused(&gate(folder.path(), &["--old-revision", &short]), "is ambiguous");
    assert_eq!(status(&gate(folder.path(), &["--old-revision", "refs/heads/main"])), 1);
}

#[test]
fn a_name_that_stands_for_digits_or_words_of_a_commit_is_refused() {
    let folder = repository();
    let id = |name: &str| git(folder.path(), &["rev-parse", name]).trim().to_owned();
    let (base, pr) = (id("main"), id("pr"));
    git(folder.path(), &["tag", "v1", "main"]);
    // A branch that is not here, whose name git would take for the digits of what the pull request brings.
    let described = format!("v1-1-g{}", &pr[..7]);
    for name in [described.clone(), format!("refs/heads/{described}"), format!("{described}~0")] {
        refused(&gate(folder.path(), &["--old-revision", &name]), "is not a branch or tag here");
    }
    // One that is here and is called like a commit.
    git(folder.path(), &["branch", &described, "main"]);
    refused(&gate(folder.path(), &["--old-revision", &described]), "`git describe` calls a commit so");
    let whole = format!("refs/heads/{described}");
    assert_eq!(status(&gate(folder.path(), &["--old-revision", &whole])), 1);
    git(folder.path(), &["branch", "release-gada", "main"]);
    git(folder.path(), &["branch", "release-gadded", "main"]);
    for name in ["release-gada", "release-gadded"] {
        assert_eq!(status(&gate(folder.path(), &["--old-revision", name])), 1);
    }
    // A commit that says what is looked for, and one that is called like another.
    for name in [":/the pull request", "HEAD:ai", ":0:ai"] {
        refused(&gate(folder.path(), &["--old-revision", name]), "which anybody can write");
    }
    git(folder.path(), &["update-ref", &format!("refs/heads/{base}"), "pr"]);
    refused(&gate(folder.path(), &["--old-revision", &base]), "is ambiguous");
}

#[test]
fn names_that_are_no_text_are_refused_in_folders_and_revisions() {
    let folder = repository();
    let policies = folder.path().join("ai/policy/policies");
    for (name, text) in [(&b"\xfe.gov"[..], "data pii\n"), (b"\xff.gov", "# nothing\n"), (b"\xfd", "")] {
        let path = policies.join(std::ffi::OsStr::from_bytes(name));
        if name.ends_with(b".gov") {
            fs::write(path, text).expect("write");
        } else {
            fs::create_dir(&path).expect("a folder");
            fs::write(path.join("x.gov"), text).expect("write");
        }
    }
    commit(folder.path(), "names");
    for sides in [&["git:HEAD", "git:main"][..], &["git:main"]] {
        let output = gate(folder.path(), sides);
        holds(&output);
        for name in ["`policies/\\xfe.gov`", "`policies/\\xff.gov`", "`policies/\\xfd`"] {
            assert!(
                stderr(&output).contains(&format!("the name of {name} is not UTF-8")),
                "{}",
                stderr(&output)
            );
        }
    }
}

#[test]
fn what_the_environment_says_of_repositories_is_not_heard() {
    let folder = repository();
    let other = repository();
    git(other.path(), &["branch", "-f", "main", "pr"]);
    let mut govctl = govctl();
    govctl.current_dir(folder.path()).env("PWD", "/").env("GIT_DIR", other.path().join(".git"));
    govctl.env("GIT_OBJECT_DIRECTORY", other.path().join(".git/objects"));
    govctl
        .env("GIT_CONFIG_COUNT", "1")
        .env("GIT_CONFIG_KEY_0", "core.worktree")
        .env("GIT_CONFIG_VALUE_0", "/");
    let output = govctl.args(["diff", "git:main", "-C", "ai/policy", "--deny", "widened"]).output();
    assert_eq!(status(&output.expect("govctl runs")), 1);
}

#[test]
fn a_revision_that_unfolds_into_billions_of_paths_is_bounded() {
    let folder = repository();
    git(folder.path(), &["checkout", "-q", "--orphan", "bomb"]);
    let blob = git(folder.path(), &["rev-parse", "main:ai/policy/policies/main.gov"]).trim().to_owned();
    let mktree = |entries: &str| -> String {
        let list = folder.path().join("list");
        fs::write(&list, entries).expect("write");
        let mut git = std::process::Command::new("git");
        git.arg("-C").arg(folder.path()).arg("mktree").stdin(fs::File::open(&list).expect("a file"));
        stdout(&git.output().expect("git runs")).trim().to_owned()
    };
    let mut tree = mktree(&format!("100644 blob {blob}\tx.gov\n"));
    for _ in 0..10 {
        let entries: String = (0..10).map(|n| format!("040000 tree {tree}\td{n}\n")).collect();
        tree = mktree(&entries);
    }
    let base = git(folder.path(), &["rev-parse", "main:ai/policy"]).trim().to_owned();
    let mut entries: String = String::new();
    for line in git(folder.path(), &["ls-tree", &base]).lines() {
        if line.ends_with("\tpolicies") {
            entries += &format!("040000 tree {tree}\tpolicies\n");
        } else {
            entries += &format!("{line}\n");
        }
    }
    let policy = mktree(&entries);
    let ai = mktree(&format!("040000 tree {policy}\tpolicy\n"));
    let root = mktree(&format!("040000 tree {ai}\tai\n"));
    let commit = git(folder.path(), &["commit-tree", &root, "-m", "a bomb"]).trim().to_owned();
    let output = gate(folder.path(), &["git:main", &format!("git:{commit}")]);
    holds(&output);
    assert!(
        stderr(&output).contains("has more folders and files below it than are read"),
        "{}",
        stderr(&output)
    );
}
