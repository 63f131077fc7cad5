//! A broken invariant ends here, in one place: status 2 and "internal error", never a decision.

use std::panic::{PanicHookInfo, UnwindSafe, catch_unwind};

use super::{Status, terminal};

/// Runs a command; where an invariant is broken within it, that is said in place of a trace, and nothing was answered.
pub(super) fn guarded(command: impl FnOnce() -> Status + UnwindSafe) -> Status {
    std::panic::set_hook(Box::new(|info| terminal::say(&described(info))));
    ended(command)
}

fn ended(command: impl FnOnce() -> Status + UnwindSafe) -> Status {
    catch_unwind(command).unwrap_or(Status::Unasked)
}

fn described(info: &PanicHookInfo) -> String {
    let payload = info.payload();
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    let place = info.location().map(|at| format!("{}:{}", at.file(), at.line())).unwrap_or_default();
    told(&place, text.unwrap_or("unknown"))
}

fn told(place: &str, what: &str) -> String {
    format!(
        "error: internal error at {place}: {what}\n  help: this is a fault of govctl, and no answer was given; please \
         report it with the command and this line\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_invariant_is_no_answer() {
        assert_eq!(ended(|| panic!("no model has this index")), Status::Unasked);
        assert_eq!(ended(|| Status::Negative), Status::Negative);
    }

    #[test]
    fn it_is_told_with_its_place() {
        assert_eq!(
            told("src/model/mod.rs:12", "no model has this index"),
            "error: internal error at src/model/mod.rs:12: no model has this index\n  help: this is a fault of govctl, \
             and no answer was given; please report it with the command and this line\n"
        );
    }
}
