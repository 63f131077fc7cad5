//! Regular expressions that JavaScript cannot read.

/// Whether a pattern is none: a group or a class that nothing ends or begins, nothing to repeat, nothing to escape.
pub(super) fn is_none(pattern: &str) -> bool {
    let (mut groups, mut is_class, mut repeats) = (0_usize, false, false);
    let mut rest = pattern.chars().peekable();
    while let Some(c) = rest.next() {
        let (before, is_lazy) = (repeats, c == '?' && repeats);
        repeats = true;
        match c {
            '\\' if rest.next().is_none() => return true,
            ']' if is_class => is_class = false,
            _ if is_class || c == '\\' => {}
            '[' => is_class = true,
            '(' => {
                groups += 1;
                repeats = false;
                // What a group is begins with a mark that repeats nothing.
                rest.next_if_eq(&'?');
            }
            ')' => match groups.checked_sub(1) {
                Some(outer) => groups = outer,
                None => return true,
            },
            '|' | '^' => repeats = false,
            '*' | '+' if !before => return true,
            '?' if !before && !is_lazy => return true,
            _ => {}
        }
    }
    is_class || groups > 0
}

#[cfg(test)]
mod tests {
    use super::is_none;

    #[test]
    fn a_pattern_that_cannot_be_read_is_told() {
        for pattern in ["(", "a)", "[a", "*a", "a|*", "a\\", "(?:a", "(*a)", "?"] {
            assert!(is_none(pattern), "{pattern}");
        }
        for pattern in [
            "",
            "^a.*$",
            "(a|b)+?",
            "(?:a)",
            "(?=a)b",
            "[(]",
            "\\(",
            "a{2,3}?",
            "[]a]?",
            "a]",
            "(?<year>x)",
            "{",
            "[^)]*",
        ] {
            assert!(!is_none(pattern), "{pattern}");
        }
    }
}
