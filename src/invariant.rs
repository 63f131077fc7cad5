//! What has to be so. Where it is not, there is no answer to give, so none is: the command line ends with status 2 and
//! "internal error".

use std::fmt;

/// What was looked up by a position or a name that was made for it.
///
/// # Panics
///
/// If it is not there.
#[track_caller]
#[inline]
pub fn there<T>(found: Option<T>, what: &str) -> T {
    match found {
        Some(found) => found,
        None => broken(format_args!("{what} is not where it was")),
    }
}

/// The one place where a broken invariant ends.
///
/// # Panics
///
/// Always.
#[cold]
#[track_caller]
#[expect(clippy::panic, reason = "a wrong decision is worse than none")]
pub fn broken(what: fmt::Arguments<'_>) -> ! {
    panic!("{what}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[should_panic(expected = "the model is not where it was")]
    fn what_is_not_there_ends_everything() {
        there(None::<u8>, "the model");
    }
}
