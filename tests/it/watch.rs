//! `check --watch` checks again when a file changes.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use crate::bundle;

/// Ends the program whatever happens to the test.
struct Stopped(Child);

impl Drop for Stopped {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_change_is_checked_at_once() {
    let text = std::fs::read_to_string(bundle::root("tests/cases/check/failover-cycle/near-miss.txt"));
    let folder = bundle::unpack_text(&text.expect("the case"));
    let mut command = bundle::govctl();
    command.args(["check", "--watch", "-C"]).arg(folder.path()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut program = Stopped(command.spawn().expect("govctl runs"));
    let mut lines = BufReader::new(program.0.stdout.take().expect("stdout")).lines();
    let mut until = |wanted: &str| {
        let found = lines.by_ref().map(|line| line.expect("a line")).find(|line| line.contains(wanted));
        assert!(found.is_some(), "`{wanted}` never came");
    };
    until("ok: ");
    let policy = folder.path().join("policies/main.gov");
    std::fs::write(&policy, "failover standard { folow ranking }").expect("a change");
    until("error[syntax]");
    std::fs::write(&policy, "failover standard { follow ranking because \"again\" }").expect("a change");
    until("ok: ");
}

#[test]
fn the_newest_error_stays_in_view() {
    let text = std::fs::read_to_string(bundle::root("tests/cases/check/failover-cycle/near-miss.txt"));
    let folder = bundle::unpack_text(&text.expect("the case"));
    let policy = folder.path().join("policies/main.gov");
    std::fs::write(&policy, "failover standard { folow ranking }").expect("a mistake");
    let mut command = bundle::govctl();
    command.args(["check", "--watch", "-C"]).arg(folder.path()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut program = Stopped(command.spawn().expect("govctl runs"));
    let mut lines = BufReader::new(program.0.stdout.take().expect("stdout")).lines();
    let mut errors = |count: usize| {
        let mut errors = Vec::new();
        for line in lines.by_ref().map(|line| line.expect("a line")) {
            if line.contains("error[") {
                errors.push(line);
            } else if line.starts_with(&format!("{count} error")) {
                return errors;
            }
        }
        panic!("{count} errors never came");
    };
    assert_eq!(errors(1).len(), 1);
    let text = "budget b { limt 5 usd per day }\nfailover standard { folow ranking }\n";
    std::fs::write(&policy, text).expect("another mistake, above the first");
    let errors = errors(2);
    assert!(errors[0].ends_with("found `folow`"), "{errors:?}");
    assert!(errors[1].ends_with("found `limt`"), "{errors:?}");
}
