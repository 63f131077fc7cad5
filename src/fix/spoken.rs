//! Fixes that the help of a finding says: ``write `X` `` and ``did you mean `X`?`` speak of the marked place, whole.
//!
//! `tests/it/mistakes.rs` holds that what such a help says to write is right there.

use crate::diag::fix::{Applies, Change, Fix};
use crate::diag::nearest::either;
use crate::diag::slip::is_slip;
use crate::diag::{Finding, code};
use crate::source::Sources;

/// The fixes that a finding's help says.
pub(super) fn fixes(sources: &Sources, finding: &Finding) -> Vec<Fix> {
    let Some(help) = &finding.help else { return Vec::new() };
    let span = finding.primary.span;
    let marked = sources.text(span);
    if marked.is_empty() {
        return Vec::new();
    }
    if let Some(right) = written(help) {
        let applies = if is_notation(finding, marked, right) { Applies::Safe } else { Applies::Unsafe };
        let change = Change::Text(span, right.to_owned());
        return vec![Fix { applies, ..Fix::safe(format!("write `{right}`"), change) }];
    }
    let names = meant(help).unwrap_or_default();
    let fixes = names.iter().map(|name| {
        let applies = match names.as_slice() {
            [one] if is_slip(marked.trim_matches(['"', '\'']), one) => Applies::Safe,
            // Three letters are near to too many others.
            [one] if one.chars().count().min(marked.trim_matches(['"', '\'']).chars().count()) < 4 => {
                Applies::Choice
            }
            [_] => Applies::Unsafe,
            _ => Applies::Choice,
        };
        let change = if finding.code == code::SYNTAX {
            Change::Text(span, (*name).to_owned())
        } else {
            // Help writes some names in the quotes that policies have around them.
            let bare = name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
            Change::Name(span, bare.unwrap_or(name).to_owned())
        };
        Fix { applies, ..Fix::safe(format!("write `{name}`"), change) }
    });
    fixes.collect()
}

/// What ``write `X` `` says to write, where it says nothing else but why: ``write `X`: a comment begins with `#` ``.
fn written(help: &str) -> Option<&str> {
    let (inner, rest) = help.strip_prefix("write `")?.split_once('`')?;
    let one = rest.is_empty() || rest.starts_with(": ");
    (one && !inner.contains('…')).then_some(inner)
}

/// The names of ``did you mean `a`, `b` or `c`?``.
fn meant(help: &str) -> Option<Vec<&str>> {
    let (names, _) = help.strip_prefix("did you mean ")?.split_once("`?")?;
    let names: Vec<&str> = names.split('`').skip(1).step_by(2).collect();
    // A name may have anything in it.
    let said = format!("did you mean {}?", either(&names));
    help.starts_with(&said).then_some(names)
}

/// Whether the same is only written in another way: what does not parse means nothing yet, and in YAML the letters and
/// digits stay.
fn is_notation(finding: &Finding, marked: &str, right: &str) -> bool {
    let letters = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    finding.code == code::SYNTAX || letters(marked) == letters(right)
}

#[cfg(test)]
mod tests {
    use super::{meant, written};

    #[test]
    fn a_help_says_what_to_write_or_which_names_are_meant() {
        assert_eq!(written("write `a == b`"), Some("a == b"));
        assert_eq!(written("write `a`: a comment begins with `#`"), Some("a"));
        assert_eq!(written("write `a` or `b`"), None);
        assert_eq!(written("write `fact x in {…}`"), None);
        assert_eq!(meant("did you mean `a`?"), Some(vec!["a"]));
        assert_eq!(meant("did you mean `a`, `b` or `c`?"), Some(vec!["a", "b", "c"]));
        assert_eq!(meant("did you mean `a`? it is one of `a` or `b`"), Some(vec!["a"]));
        assert_eq!(meant("did you mean `a` b`?"), None);
        assert_eq!(meant("remove it"), None);
    }
}
