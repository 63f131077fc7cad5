//! Whether a name is another one misspelt, and surely not a third.

use crate::limits::effort;

/// Whether a word is another one with a slip in it: case, the marks between its parts, or few letters.
///
/// A part with a digit in it, and one of less than four letters, must be the same: `gpt-4` is no slip of `gpt-5`, nor `us`
/// of `uk`. The first letter must be the same, and one part may not just be longer: `external` and `unrestricted` are no
/// slips of `internal` and `restricted`.
pub fn is_slip(wanted: &str, other: &str) -> bool {
    let (wanted, other) = (wanted.to_lowercase(), other.to_lowercase());
    if wanted.len() > effort::SLIP_BYTES || other.len() > effort::SLIP_BYTES {
        return false;
    }
    if letters(&wanted) == letters(&other) {
        return !letters(&wanted).is_empty();
    }
    let (a, b): (Vec<&str>, Vec<&str>) = (parts(&wanted), parts(&other));
    a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| is_slip_of_part(a, b))
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| !is_mark(*c)).collect()
}

fn parts(text: &str) -> Vec<&str> {
    text.split(is_mark).collect()
}

fn is_mark(c: char) -> bool {
    matches!(c, '-' | '_' | '.' | '/' | ':' | ' ')
}

fn is_slip_of_part(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let shorter = a.len().min(b.len());
    let most = match shorter {
        0..4 => return false,
        4..8 => 1,
        _ => 2,
    };
    let has_digit = a.iter().chain(&b).any(char::is_ascii_digit);
    let is_longer = a.len().abs_diff(b.len()) > 1 && (a.starts_with(&b) || b.starts_with(&a));
    !has_digit && a.first() == b.first() && !is_longer && super::nearest::distance(&a, &b) <= most
}

#[cfg(test)]
mod tests {
    use super::is_slip;

    #[test]
    fn a_slip_is_a_slip_and_nothing_else_is() {
        for (wanted, other) in [
            ("anlaysis", "analysis"),
            ("customer_communication", "customer-communication"),
            ("customercommunication", "customer-communication"),
            ("Confidential", "confidential"),
            ("openai/gpt-4-trubo", "openai/gpt-4-turbo"),
            ("model.hostng", "model.hosting"),
            ("requre", "require"),
        ] {
            assert!(is_slip(wanted, other), "{wanted}");
        }
        for (wanted, other) in [
            ("us", "uk"),
            ("eu", "us"),
            ("gpt-5", "gpt-4"),
            ("gpt-4", "gpt-4o"),
            ("eu-west-2", "eu-west-1"),
            ("external", "internal"),
            ("unrestricted", "restricted"),
            ("azure", "azure-eu"),
            ("prod", "product"),
            ("", "a"),
            ("-", "_"),
        ] {
            assert!(!is_slip(wanted, other), "{wanted}");
        }
    }
}
