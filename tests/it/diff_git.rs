//! Sides in a git repository: read from the object store, whatever the repository says should happen.

use std::path::Path;
use std::process::{Command, Output};

use crate::bundle::{govctl, status, stderr, stdout};
use crate::diff::with;

/// Runs git, with nothing of this machine's configuration.
pub(crate) fn git(folder: &Path, arguments: &[&str]) -> String {
    let mut git = Command::new("git");
    git.arg("-C").arg(folder).args([
        "-c",
        "user.name=n",
        "-c",
        "user.email=e@example.com",
        "-c",
        "init.defaultBranch=main",
    ]);
    git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
    git.env("GIT_AUTHOR_DATE", "2026-01-01T00:00:00Z").env("GIT_COMMITTER_DATE", "2026-01-01T00:00:00Z");
    let output = git.args(arguments).output().expect("git runs");
    assert!(output.status.success(), "git {arguments:?}: {}", stderr(&output));
    stdout(&output)
}

pub(crate) fn commit(folder: &Path, message: &str) {
    git(folder, &["add", "-A"]);
    git(folder, &["commit", "-q", "--allow-empty", "-m", message]);
}

fn diff(folder: &Path, arguments: &[&str]) -> Output {
    govctl().current_dir(folder).arg("diff").args(arguments).output().expect("govctl runs")
}

fn edit(folder: &Path, path: &str, from: &str, to: &str) {
    let path = folder.join(path);
    let text = std::fs::read_to_string(&path).expect("a file");
    assert!(text.contains(from), "`{from}` is not there");
    std::fs::write(path, text.replace(from, to)).expect("write");
}

/// A repository whose workspace is one folder down, with two commits and a change that is not committed.
fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let workspace = folder.path().join("teams/ai");
    std::fs::create_dir_all(folder.path().join("teams")).expect("a folder");
    std::fs::rename(with(&[]).keep(), &workspace).expect("move");
    git(folder.path(), &["init", "-q"]);
    commit(folder.path(), "first");
    git(folder.path(), &["tag", "2026Q3"]);
    edit(&workspace, "policies/main.gov", "then queue", "then block");
    commit(folder.path(), "second");
    edit(&workspace, "registry/main.yaml", "tokens_input: 1\n", "tokens_input: 2\n");
    folder
}

#[test]
fn a_revision_is_read_from_the_workspaces_own_folder_and_nothing_is_touched() {
    let folder = repository();
    let workspace = folder.path().join("teams/ai");
    let before = (
        git(folder.path(), &["status", "--porcelain"]),
        std::fs::read(folder.path().join(".git/index")).expect("an index"),
    );
    for (arguments, changed) in
        [(&["2026Q3", "HEAD"][..], "terminal"), (&["HEAD"], "cost"), (&["HEAD~1", "main"], "terminal")]
    {
        let output = diff(&workspace, arguments);
        assert_eq!(status(&output), 0, "{}", stderr(&output));
        assert!(stdout(&output).contains(&format!("chat: {changed}")), "{}", stdout(&output));
    }
    let from_outside =
        govctl().args(["diff", "2026Q3", "HEAD", "-C"]).arg(&workspace).output().expect("govctl runs");
    assert!(stdout(&from_outside).contains("chat: terminal in"), "{}", stderr(&from_outside));
    let after = (
        git(folder.path(), &["status", "--porcelain"]),
        std::fs::read(folder.path().join(".git/index")).expect("an index"),
    );
    assert_eq!(before, after);
}

#[test]
fn a_revision_and_a_checked_out_folder_read_alike() {
    let folder = repository();
    let workspace = folder.path().join("teams/ai");
    std::fs::write(workspace.join("govctl.yaml"), "policies: [rules, one.txt]\n").expect("write");
    std::fs::rename(workspace.join("policies"), workspace.join("rules")).expect("move");
    std::fs::write(workspace.join("one.txt"), "data pii\n").expect("write");
    std::fs::create_dir(workspace.join("rules/.hidden")).expect("a folder");
    std::fs::write(workspace.join("rules/.hidden/x.gov"), "nonsense").expect("write");
    std::fs::write(workspace.join("rules/notes.md"), "nonsense").expect("write");
    commit(folder.path(), "another layout");
    let output = diff(&workspace, &["HEAD", "--exit-code"]);
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
    std::fs::write(workspace.join("rules/broken.gov"), "failover {").expect("write");
    commit(folder.path(), "broken");
    let revision = diff(&workspace, &["HEAD", "2026Q3"]);
    let folder_itself = diff(&workspace, &[".", "2026Q3"]);
    assert_eq!((status(&revision), status(&folder_itself)), (2, 2));
    assert_eq!(stderr(&revision).replace("`HEAD`", "`.`"), stderr(&folder_itself));
}

#[test]
fn what_is_no_revision_is_said() {
    let folder = repository();
    let workspace = folder.path().join("teams/ai");
    for (name, why) in [
        ("nope", "has no revision `nope`"),
        ("--output=x", ""),
        ("main:teams", "`main:teams` names a file or looks for words of a commit"),
        ("", "is not a revision"),
    ] {
        let output = diff(&workspace, &[name]);
        assert_eq!((status(&output), stdout(&output).as_str()), (2, ""), "{name}");
        assert!(stderr(&output).contains(why), "{}", stderr(&output));
    }
    let dashed = diff(&workspace, &["--", "--upload-pack=x"]);
    assert!(stderr(&dashed).contains("`--upload-pack=x` is not a revision"), "{}", stderr(&dashed));
    let alone = with(&[]);
    let output = diff(alone.path(), &["HEAD"]);
    assert!(
        status(&output) == 2 && stderr(&output).contains("is in no git repository"),
        "{}",
        stderr(&output)
    );
    let fresh = folder.path().join("teams/new");
    std::fs::create_dir(&fresh).expect("a folder");
    let output = diff(&fresh, &["HEAD"]);
    assert!(stderr(&output).contains("there is no folder `teams/new` in `HEAD`"), "{}", stderr(&output));
}

#[test]
fn every_kind_of_repository_and_name_is_read() {
    let folder = repository();
    let workspace = folder.path().join("teams/ai");
    git(folder.path(), &["tag", "-a", "signed", "-m", "an annotated tag", "HEAD"]);
    git(folder.path(), &["branch", "release/26"]);
    git(folder.path(), &["pack-refs", "--all"]);
    git(folder.path(), &["gc", "-q", "--prune=now"]);
    let short = git(folder.path(), &["rev-parse", "--short", "HEAD"]).trim().to_owned();
    for name in ["signed", "release/26", "refs/heads/main", &short, "signed~0"] {
        let output = diff(&workspace, &["2026Q3", name]);
        assert!(stdout(&output).contains("chat: terminal in"), "{name}: {}", stderr(&output));
    }
    // A bare repository looks like any folder that a pull request can bring, so it is never found by its look.
    let other = tempfile::tempdir().expect("a folder");
    let source = folder.path().to_str().expect("a path");
    git(other.path(), &["clone", "-q", "--bare", source, "bare.git"]);
    let output = diff(&other.path().join("bare.git"), &["2026Q3", "main", "-C", "teams/ai"]);
    assert!(stderr(&output).contains("`teams/ai` is in no git repository"), "{}", stderr(&output));
    // The work tree need not have what two revisions have.
    git(folder.path(), &["rm", "-q", "-r", "-f", "--cached", "teams"]);
    std::fs::remove_dir_all(folder.path().join("teams")).expect("remove");
    let output = diff(folder.path(), &["2026Q3", "HEAD", "-C", "teams/ai"]);
    assert!(stdout(&output).contains("chat: terminal in"), "{}", stderr(&output));
}

#[test]
fn what_pipelines_lack_is_said_with_what_to_do() {
    let folder = repository();
    let other = tempfile::tempdir().expect("a folder");
    let source = format!("file://{}", folder.path().display());
    git(folder.path(), &["branch", "change"]);
    git(other.path(), &["clone", "-q", "--depth", "1", "-b", "change", &source, "shallow"]);
    git(other.path(), &["clone", "-q", "-b", "change", &source, "whole"]);
    let said = |name: &str, revision: &str| {
        let output = diff(&other.path().join(name).join("teams/ai"), &[revision]);
        assert_eq!((status(&output), stdout(&output).as_str()), (2, ""));
        stderr(&output)
    };
    let shallow = said("shallow", "HEAD~1");
    assert!(shallow.contains("it is a shallow clone: fetch the history that holds it"), "{shallow}");
    let remote = said("whole", "main");
    assert!(remote.contains("no revision `main`, but it has `origin/main`"), "{remote}");
    let mut nowhere = govctl();
    nowhere.env("PATH", "/nowhere").current_dir(folder.path().join("teams/ai"));
    let output = nowhere.args(["diff", "HEAD"]).output().expect("govctl runs");
    let said = stderr(&output);
    assert!(status(&output) == 2 && said.contains("the program `git` cannot be started"), "{said}");
    assert!(!said.contains("is in no git repository"), "{said}");
}

#[cfg(unix)]
#[test]
fn links_and_submodules_in_a_revision_are_refused() {
    let folder = repository();
    let workspace = folder.path().join("teams/ai");
    std::os::unix::fs::symlink("/etc/hostname", workspace.join("policies/link.gov")).expect("a link");
    commit(folder.path(), "a link");
    let output = diff(&workspace, &["HEAD", "2026Q3"]);
    assert_eq!(status(&output), 2);
    assert!(
        stderr(&output).contains("`policies/link.gov` is a link, which is not followed in a revision"),
        "{}",
        stderr(&output)
    );
    std::fs::remove_file(workspace.join("policies/link.gov")).expect("remove");
    std::fs::remove_dir_all(workspace.join("policies")).expect("remove");
    std::os::unix::fs::symlink("../../elsewhere", workspace.join("policies")).expect("a link");
    commit(folder.path(), "a folder elsewhere");
    let output = diff(&workspace, &["HEAD", "2026Q3"]);
    assert!(stderr(&output).contains("`policies` is a link"), "{}", stderr(&output));
}

#[cfg(unix)]
#[test]
fn a_hostile_repository_runs_nothing_and_replaces_nothing() {
    use std::os::unix::fs::PermissionsExt;
    let folder = repository();
    let workspace = folder.path().join("teams/ai");
    let trap = folder.path().join("trap.sh");
    let sprung = folder.path().join("sprung");
    std::fs::write(&trap, format!("#!/bin/sh\ntouch {}\nexit 1\n", sprung.display())).expect("write");
    std::fs::set_permissions(&trap, std::fs::Permissions::from_mode(0o755)).expect("permissions");
    let trap = trap.to_str().expect("a path");
    for key in [
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "core.editor",
        "core.askPass",
        "diff.external",
        "filter.x.smudge",
        "filter.x.clean",
        "diff.x.textconv",
        "remote.origin.uploadpack",
        "alias.cat-file",
        "alias.ls-tree",
        "credential.helper",
    ] {
        git(folder.path(), &["config", key, trap]);
    }
    git(folder.path(), &["config", "remote.origin.url", &format!("ext::{trap}")]);
    git(folder.path(), &["config", "remote.origin.promisor", "true"]);
    git(folder.path(), &["config", "extensions.partialClone", "origin"]);
    std::fs::write(folder.path().join(".git/info/attributes"), "* filter=x diff=x\n").expect("write");
    let object = |path: &str| git(folder.path(), &["rev-parse", path]).trim().to_owned();
    let (old, new) = (object("2026Q3:teams/ai/policies/main.gov"), object("HEAD:teams/ai/policies/main.gov"));
    git(folder.path(), &["replace", &old, &new]);
    let output = diff(&workspace, &["2026Q3", "HEAD"]);
    assert!(stdout(&output).contains("chat: terminal in"), "{}{}", stdout(&output), stderr(&output));
    // A file whose object is gone would be fetched by what the repository names.
    let gone = folder.path().join(".git/objects").join(&old[..2]).join(&old[2..]);
    std::fs::remove_file(gone).expect("remove");
    let output = diff(&workspace, &["2026Q3", "HEAD"]);
    assert_eq!(status(&output), 2, "{}", stdout(&output));
    assert!(!sprung.exists(), "something of the repository was run");
}
