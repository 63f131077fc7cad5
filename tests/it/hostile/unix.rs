//! Links, pipes, permissions and names that are no text.

use std::os::unix::fs::{PermissionsExt as _, symlink};

use super::{POLICY, run, status, stderr, stdout, survives, with};

#[test]
fn a_link_out_of_the_workspace_is_refused() {
    let outside = tempfile::tempdir().expect("a folder");
    std::fs::write(outside.path().join("secret.gov"), "secret").expect("write");
    for target in [outside.path().join("secret.gov"), outside.path().to_path_buf(), "/etc/passwd".into()] {
        let folder = with("policies/main.gov", POLICY.as_bytes());
        symlink(&target, folder.path().join("policies/link.gov")).expect("a link");
        let output = survives(folder.path());
        assert_eq!(status(&output), 1, "{}", stdout(&output));
        assert!(stdout(&output).contains("policies/link.gov"), "{}", stdout(&output));
        assert!(!stdout(&output).contains("root:"), "{}", stdout(&output));
    }
    let folder = with("policies/main.gov", POLICY.as_bytes());
    std::fs::remove_dir_all(folder.path().join("policies")).expect("remove");
    symlink(outside.path(), folder.path().join("policies")).expect("a link");
    let output = survives(folder.path());
    assert_eq!(status(&output), 1, "a whole folder: {}", stdout(&output));
}

#[test]
fn links_that_lead_nowhere_or_in_a_circle_are_refused() {
    let folder = with("policies/main.gov", POLICY.as_bytes());
    symlink("nowhere.gov", folder.path().join("policies/a.gov")).expect("a link");
    let output = survives(folder.path());
    assert_eq!(status(&output), 1);
    assert!(stdout(&output).contains("policies/a.gov"), "{}", stdout(&output));
    let folder = with("policies/main.gov", POLICY.as_bytes());
    symlink("loop.gov", folder.path().join("policies/loop.gov")).expect("a link");
    assert_eq!(status(&survives(folder.path())), 1);
    let folder = with("policies/main.gov", POLICY.as_bytes());
    symlink(folder.path(), folder.path().join("policies/round")).expect("a link");
    assert!(status(&survives(folder.path())) <= 1);
}

#[test]
fn a_folder_or_pipe_where_a_file_should_be_is_refused() {
    let folder = with("policies/main.gov", POLICY.as_bytes());
    std::fs::create_dir(folder.path().join("policies/folder.gov")).expect("a folder");
    assert!(status(&survives(folder.path())) <= 1);
    let folder = with("policies/main.gov", POLICY.as_bytes());
    std::fs::create_dir(folder.path().join("govctl.yaml")).expect("a folder");
    let output = survives(folder.path());
    assert_eq!(status(&output), 1);
    assert!(stdout(&output).contains("govctl.yaml"), "{}", stdout(&output));
    let folder = with("policies/main.gov", POLICY.as_bytes());
    let pipe = folder.path().join("policies/pipe.gov");
    if std::process::Command::new("mkfifo").arg(&pipe).status().is_ok_and(|status| status.success()) {
        assert_eq!(status(&survives(folder.path())), 1, "a pipe would never end");
    }
}

#[test]
fn what_may_not_be_read_is_refused() {
    let folder = with("policies/main.gov", POLICY.as_bytes());
    let secret = folder.path().join("policies/secret");
    std::fs::create_dir(&secret).expect("a folder");
    std::fs::write(secret.join("a.gov"), "x").expect("write");
    std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o000)).expect("chmod");
    // The superuser reads everything.
    let readable = std::fs::read_dir(&secret).is_ok();
    let output = run(folder.path(), &["check"]);
    std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o700)).expect("chmod");
    assert!(!stderr(&output).contains("panicked"));
    assert_eq!(status(&output), 1);
    assert!(readable || stdout(&output).contains("policies/secret"), "{}", stdout(&output));
}

#[test]
fn names_that_are_not_utf8_are_survived() {
    use std::os::unix::ffi::OsStrExt as _;
    let folder = with("policies/main.gov", POLICY.as_bytes());
    let name = std::ffi::OsStr::from_bytes(b"\xff.gov");
    if std::fs::write(folder.path().join("policies").join(name), "x").is_ok() {
        assert_eq!(status(&survives(folder.path())), 1);
    }
}
