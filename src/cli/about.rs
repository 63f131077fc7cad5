//! `govctl --version --verbose`: what this program was built from, for what and how.

use std::ffi::OsString;

use super::{CommandError, Status, terminal};

/// Says it, where that alone is asked for.
pub(super) fn answer() -> Option<Status> {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let text = asked(&arguments)?;
    Some(terminal::answer(&text, Status::Fine).unwrap_or_else(CommandError::say))
}

fn asked(arguments: &[OsString]) -> Option<String> {
    let [_, first, second] = arguments else { return None };
    let is = |argument: &OsString, names: [&str; 2]| names.iter().any(|name| argument == name);
    let (version, verbose) = (["--version", "-V"], ["--verbose", "-v"]);
    let asks = is(first, version) && is(second, verbose) || is(first, verbose) && is(second, version);
    asks.then(|| {
        format!(
            "govctl {}\ncommit {}\ntarget {}\nprofile {}\n",
            env!("CARGO_PKG_VERSION"),
            env!("GOVCTL_BUILT_FROM"),
            env!("GOVCTL_BUILT_FOR"),
            env!("GOVCTL_BUILT_AS"),
        )
    })
}
