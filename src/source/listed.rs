//! Lists as people write them.

use super::spans;

/// `a`, `a and b`, `a, b and c`, with the word before the last; nothing of none.
pub fn joined<S: AsRef<str>>(words: &[S], last: &str) -> String {
    match words {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [init @ .., end] => {
            let init: Vec<&str> = init.iter().map(AsRef::as_ref).collect();
            format!("{} {last} {}", init.join(", "), end.as_ref())
        }
    }
}

/// The same of names, each in back quotes.
pub fn quoted<S: AsRef<str>>(names: &[S], last: &str) -> String {
    let quoted: Vec<String> = names.iter().map(|name| spans::quoted(name.as_ref())).collect();
    joined(&quoted, last)
}

/// What is shown of a list, and how many more there are.
pub fn and_more(shown: &str, more: usize) -> String {
    if more == 0 { shown.to_owned() } else { format!("{shown} and {more} more") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_end_as_people_end_them() {
        assert_eq!(joined::<&str>(&[], "and"), "");
        assert_eq!(joined(&["a"], "and"), "a");
        assert_eq!(joined(&["a", "b"], "or"), "a or b");
        assert_eq!(quoted(&["a", "b", "c"], "and"), "`a`, `b` and `c`");
        assert_eq!((and_more("a", 0), and_more("a, b", 2)), ("a".to_owned(), "a, b and 2 more".to_owned()));
    }
}
