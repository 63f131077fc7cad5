//! A pull request after which a checkout, an archive or a working folder is another text than what was compared.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use crate::bundle::{self, govctl, status, stderr, stdout};
use crate::diff_git::{commit, git};
use crate::hostile_git::{gate, refused, repository};

const POLICY: &str = "ai/policy/policies/main.gov";

/// A repository in which the pull request changes nothing.
fn unchanged() -> tempfile::TempDir {
    let folder = repository();
    git(folder.path(), &["reset", "-q", "--hard", "main"]);
    assert_eq!(status(&gate(folder.path(), &["--old-revision", "main"])), 0);
    folder
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, text).expect("write");
}

/// The gate is shut, and says why, whether the new side is the work tree or its commit.
#[track_caller]
fn shut(folder: &Path, why: &str) {
    for more in [&[][..], &["git:HEAD"]] {
        let output = gate(folder, &[&["git:main"], more].concat());
        let text = stdout(&output).replace("\n  ", " ");
        assert_eq!(status(&output), 1, "{more:?}: {text}{}", stderr(&output));
        assert!(text.contains(why), "{more:?}: {text}");
        assert!(stderr(&output).contains("loosened"), "{}", stderr(&output));
    }
}

#[test]
fn a_file_that_git_checks_out_otherwise_shuts_the_gate_on_either_side() {
    for attribute in ["working-tree-encoding=UTF-7", "filter=x", "ident"] {
        let folder = unchanged();
        let name = attribute.split('=').next().expect("a name");
        write(folder.path(), ".gitattributes", &format!("*.md text\n*.gov {attribute}\n"));
        // As git stores it: the text of the work tree stays.
        let blob = git(folder.path(), &["hash-object", "-w", "--no-filters", POLICY]).trim().to_owned();
        git(folder.path(), &["add", ".gitattributes"]);
        git(folder.path(), &["update-index", "--cacheinfo", &format!("100644,{blob},{POLICY}")]);
        git(folder.path(), &["commit", "-q", "-m", "attributes"]);
        let place = format!("`.gitattributes:2` sets `{name}` on `{POLICY}`");
        shut(folder.path(), &format!("{place}: git checks out another text than it stores"));
        // Merged all the same: what it hides is gone unseen with the next one.
        git(folder.path(), &["branch", "-f", "main", "pr"]);
        git(folder.path(), &["rm", "-q", "--cached", ".gitattributes"]);
        fs::remove_file(folder.path().join(".gitattributes")).expect("remove");
        git(folder.path(), &["commit", "-q", "-m", "none"]);
        let place = place.replace("sets", "of the old side sets");
        shut(folder.path(), &format!("{place}: git checked out another text than it stores"));
    }
}

#[test]
fn attributes_in_other_letters_are_attributes_where_names_have_no_case() {
    for name in [".GitAttributes", "ai/policy/policies/.GITATTRIBUTES"] {
        let folder = unchanged();
        write(folder.path(), name, "*.gov working-tree-encoding=UTF-7\n");
        commit(folder.path(), "attributes");
        shut(folder.path(), "differ in case only: where names have no case, a checkout has one of the two");
    }
}

#[test]
fn attributes_that_are_checked_out_otherwise_themselves_are_read_from_the_commit() {
    let folder = unchanged();
    write(folder.path(), ".gitattributes", "*.gov ident\n");
    commit(folder.path(), "attributes");
    write(folder.path(), ".gitattributes", "# what an encoding has made of it\n");
    shut(folder.path(), "`.gitattributes:1` sets `ident`");
    fs::remove_file(folder.path().join(".gitattributes")).expect("remove");
    symlink("ai", folder.path().join(".gitattributes")).expect("a link");
    commit(folder.path(), "a link");
    refused(&gate(folder.path(), &["git:main"]), "is a link");
}

#[test]
fn an_archive_that_has_another_text_shuts_the_gate_once() {
    let folder = unchanged();
    write(folder.path(), "ai/.gitattributes", "policy/policies export-ignore\n");
    commit(folder.path(), "attributes");
    let said =
        format!("`ai/.gitattributes:1` sets `export-ignore` on `{POLICY}`: archives of the repository");
    shut(folder.path(), &said);
    git(folder.path(), &["branch", "-f", "main", "pr"]);
    assert_eq!(status(&gate(folder.path(), &["git:main"])), 0);
}

#[test]
fn attributes_that_change_no_text_leave_the_gate_open() {
    let folder = unchanged();
    let text = "* text=auto eol=crlf\n*.png filter=lfs diff=lfs merge=lfs -text\n*.gov -filter linguist-language=HCL\n";
    write(folder.path(), ".gitattributes", text);
    commit(folder.path(), "attributes");
    // Line ends mean nothing.
    for path in [POLICY, "ai/policy/registry/main.yaml", "ai/policy/estate/main.yaml"] {
        let text = fs::read_to_string(folder.path().join(path)).expect("a file");
        write(folder.path(), path, &text.replace('\n', "\r\n"));
    }
    for sides in [&["git:main"][..], &["git:main", "git:HEAD"]] {
        let output = gate(folder.path(), sides);
        assert_eq!(status(&output), 0, "{}", stdout(&output));
        assert!(stdout(&output).contains("no decision changes"), "{}", stdout(&output));
    }
}

#[test]
fn a_working_folder_that_a_link_has_taken_the_place_of_shuts_the_gate() {
    let folder = repository();
    let top = folder.path();
    git(top, &["checkout", "-q", "main"]);
    bundle::copy(&top.join("ai/policy"), &top.join("ai/sandbox"));
    crate::hostile_git::widen(&top.join("ai/sandbox"));
    symlink("sandbox", top.join("ai/current")).expect("a link");
    commit(top, "base");
    git(top, &["checkout", "-q", "-B", "pr"]);
    // A runner steps into the folder that its file names, and no program is told of the link.
    let within = |folder: &str| {
        let real = top.join(folder).canonicalize().expect("a folder");
        let mut govctl = govctl();
        govctl.current_dir(&real).env("PWD", &real);
        govctl.args(["diff", "--old-revision", "main", "--deny", "widened"]).output().expect("govctl runs")
    };
    for folder in ["ai/policy", "ai/current", "ai/sandbox"] {
        assert_eq!(status(&within(folder)), 0);
    }
    fs::remove_dir_all(top.join("ai/policy")).expect("remove");
    symlink("sandbox", top.join("ai/policy")).expect("a link");
    commit(top, "a link");
    let output = within("ai/policy");
    assert_eq!(status(&output), 1, "{}", stdout(&output));
    let text = stdout(&output).replace("\n  ", " ");
    assert!(text.contains("`ai/policy` is now a link that leads to `ai/sandbox`"), "{text}");
    // One folder higher, and a link that led elsewhere before.
    git(top, &["checkout", "-q", "-f", "-B", "pr", "main"]);
    git(top, &["mv", "ai", "other"]);
    symlink("other", top.join("ai")).expect("a link");
    commit(top, "a link");
    // The base has no such folder.
    refused(&within("ai/policy"), "there is no folder `other/policy`");
    git(top, &["checkout", "-q", "-f", "-B", "pr", "main"]);
    fs::remove_file(top.join("ai/current")).expect("remove");
    symlink("policy", top.join("ai/current")).expect("a link");
    commit(top, "another link");
    let output = within("ai/current");
    assert_eq!(status(&output), 1, "{}", stdout(&output));
    // A folder around it, in the place of one that the base has as well.
    git(top, &["checkout", "-q", "-f", "main"]);
    bundle::copy(&top.join("ai/sandbox"), &top.join("other/policy"));
    commit(top, "both");
    git(top, &["checkout", "-q", "-B", "pr"]);
    fs::remove_dir_all(top.join("ai")).expect("remove");
    symlink("other", top.join("ai")).expect("a link");
    commit(top, "a link around");
    let output = within("ai/policy");
    assert_eq!(status(&output), 1, "{}", stdout(&output));
    let text = stdout(&output).replace("\n  ", " ");
    assert!(text.contains("`ai` is now a link that leads to `other`"), "{text}");
}

#[test]
fn links_within_a_workspace_are_followed_on_neither_side() {
    for (link, to) in [
        ("policies/more.gov", "main.gov"),
        ("policies/more", "../registry"),
        ("govctl.yaml", "config.yaml"),
        ("estate", "registry"),
    ] {
        let folder = unchanged();
        let workspace = folder.path().join("ai/policy");
        write(&workspace, "config.yaml", "lints: {}\n");
        let path = workspace.join(link);
        if path.is_dir() {
            fs::remove_dir_all(&path).expect("remove");
        }
        symlink(to, &path).expect("a link");
        commit(folder.path(), "a link");
        let here = gate(folder.path(), &["git:main"]);
        let there = gate(folder.path(), &["git:main", "git:HEAD"]);
        refused(&here, &format!("`{link}` is a link, which is followed in a folder and not in a revision"));
        refused(&there, &format!("`{link}` is a link, which is not followed in a revision"));
    }
}

#[test]
fn names_that_a_checkout_may_not_tell_apart_shut_the_gate() {
    let folder = unchanged();
    let policies = folder.path().join("ai/policy/policies");
    let first =
        fs::read_dir(&policies).expect("a folder").next().expect("a policy").expect("a policy").file_name();
    let first = first.to_string_lossy().into_owned();
    let other = first.to_uppercase().replace(".GOV", ".gov");
    write(&policies, &other, "# Nothing yet.\n");
    commit(folder.path(), "another case");
    let output = gate(folder.path(), &["git:main"]);
    let text = stdout(&output).replace("\n  ", " ");
    assert_eq!(status(&output), 1, "{text}");
    assert!(
        text.contains(&format!(
            "`ai/policy/policies/{other}` and `ai/policy/policies/{first}` differ in case only"
        )),
        "{text}"
    );
}

#[test]
fn names_that_some_file_systems_do_not_tell_apart_shut_the_gate_wherever_they_stand() {
    let folder = unchanged();
    let top = folder.path();
    for (more, said) in [
        (
            "ai/policy/Registry/providers.yaml",
            "`ai/policy/Registry` and `ai/policy/registry` differ in case only",
        ),
        ("ai/policy/Policies/x.gov", "`ai/policy/Policies` and `ai/policy/policies` differ in case only"),
        ("ai/policy/GOVCTL.YAML", "`ai/policy/GOVCTL.YAML` and `ai/policy/govctl.yaml` differ in case only"),
        ("ai/Policy/registry/x.yaml", "`ai/Policy` and `ai/policy` differ in case only"),
        ("AI/policy/x", "`AI` and `ai` differ in case only"),
        ("ai/policy/policie\u{17f}/x.gov", "are one name to some file systems"),
        ("ai/policy/polic\u{200c}ies/x.gov", "are one name to some file systems"),
        ("ai/policy/policies./x.gov", "`ai/policy/policies` and `ai/policy/policies.` are one name"),
    ] {
        write(top, more, "# Nothing yet.\n");
        let here = gate(top, &["git:main"]);
        commit(top, "another name");
        let there = gate(top, &["git:main", "git:HEAD"]);
        for output in [here, there] {
            let text = stdout(&output).replace("\n  ", " ");
            assert_eq!(status(&output), 1, "{more:?} {text}{}", stderr(&output));
            assert!(text.contains(said), "{more:?} {text}");
        }
        git(top, &["reset", "-q", "--hard", "main"]);
    }
    // Two that are read, of which each is another name.
    for (one, other) in [("\u{e9}", "e\u{301}"), ("ss", "\u{df}"), ("\u{3c3}", "\u{3c2}")] {
        for name in [one, other] {
            write(top, &format!("ai/policy/policies/{name}.gov"), "# Nothing yet.\n");
        }
        let output = gate(top, &["git:main"]);
        let text = stdout(&output).replace("\n  ", " ");
        assert_eq!(status(&output), 1, "{one:?} {text}");
        assert!(text.contains("are one name to some file systems"), "{text}");
        git(top, &["clean", "-q", "-f", "-d"]);
    }
    write(top, "ai/policy/docs/Registry/x.yaml", "{}\n");
    write(top, "ai/policy/policies/other.gov", "# Nothing yet.\n");
    assert_eq!(status(&gate(top, &["git:main"])), 0);
}

#[test]
fn a_repository_of_its_own_in_a_folder_that_is_read_shuts_the_gate() {
    let folder = unchanged();
    let top = folder.path();
    let id = git(top, &["rev-parse", "HEAD"]).trim().to_owned();
    for path in ["ai/policy/registry/more", "ai/policy/policies/deep/more"] {
        git(top, &["update-index", "--add", "--cacheinfo", &format!("160000,{id},{path}")]);
        git(top, &["commit", "-q", "-m", "a submodule"]);
        // As a checkout without submodules has it.
        fs::create_dir_all(top.join(path)).expect("a folder");
        let output = gate(top, &["git:main"]);
        let text = stdout(&output).replace("\n  ", " ");
        assert_eq!(status(&output), 1, "{text}");
        assert!(text.contains(&format!("`{path}` is a repository of its own, which is empty")), "{text}");
        git(top, &["reset", "-q", "--hard", "main"]);
    }
    // However the folder is written.
    for registry in ["./registry", "registry/", "registry//."] {
        write(&top.join("ai/policy"), "govctl.yaml", &format!("registry: [\"{registry}\"]\n"));
        git(top, &["add", "ai/policy/govctl.yaml"]);
        git(top, &["update-index", "--add", "--cacheinfo", &format!("160000,{id},ai/policy/registry/more")]);
        git(top, &["commit", "-q", "-m", "a submodule"]);
        let output = gate(top, &["git:main"]);
        let text = stdout(&output).replace("\n  ", " ");
        assert!(text.contains("`ai/policy/registry/more` is a repository of its own"), "{registry}: {text}");
        git(top, &["reset", "-q", "--hard", "main"]);
    }
    // Beside what is read it is nobody's.
    git(top, &["update-index", "--add", "--cacheinfo", &format!("160000,{id},ai/policy/tools")]);
    git(top, &["commit", "-q", "-m", "a submodule"]);
    assert_eq!(status(&gate(top, &["git:main"])), 0);
}

#[test]
fn what_a_change_accepts_of_itself_does_not_count_however_the_workspace_is_named() {
    let folder = repository();
    let top = folder.path();
    git(top, &["checkout", "-q", "main"]);
    write(top, "accepted.yaml", "accepted: []\n");
    commit(top, "nothing is accepted");
    git(top, &["checkout", "-q", "-B", "accepting", "pr"]);
    let propose = gate(top, &["git:main", "--write-accept"]);
    write(top, "accepted.yaml", &stdout(&propose));
    commit(top, "accept it all");
    let elsewhere = tempfile::tempdir().expect("a folder");
    let link = elsewhere.path().join("link");
    symlink(top, &link).expect("a link");
    let real = top.join("accepted.yaml");
    let linked = link.join("accepted.yaml");
    for workspace in [top.join("ai/policy"), link.join("ai/policy")] {
        for file in [&real, &linked] {
            let mut govctl = govctl();
            govctl.current_dir(elsewhere.path()).arg("-C").arg(&workspace).arg("diff");
            govctl.args(["git:main", "--deny", "widened", "--accept"]).arg(file);
            let output = govctl.output().expect("govctl runs");
            assert_eq!(status(&output), 1, "{}{}", stdout(&output), stderr(&output));
            assert!(stderr(&output).contains("accepts more than"), "{}", stderr(&output));
        }
    }
}
