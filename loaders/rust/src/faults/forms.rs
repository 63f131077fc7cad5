//! The forms that texts, names and indices of a table have.

use std::cmp::Ordering;
use std::collections::HashSet;

use super::Checked;
use crate::day::is_day;
use crate::decimal::{is_decimal, is_percent};
use crate::error::shown;
use crate::place::Place;

/// Names in byte order, none empty, none twice.
pub(super) fn ascending<'n>(place: &Place, names: impl IntoIterator<Item = &'n String>) -> Checked {
    let mut last = "";
    for (at, name) in names.into_iter().enumerate() {
        let what = match last.cmp(name.as_str()) {
            Ordering::Less => None,
            Ordering::Equal if name.is_empty() => Some("an empty name".to_owned()),
            Ordering::Equal => Some(format!("`{}` stands twice", shown(name))),
            Ordering::Greater if name.is_empty() => Some("an empty name".to_owned()),
            Ordering::Greater => Some(format!("`{}` stands after `{}`", shown(name), shown(last))),
        };
        if let Some(what) = what {
            return Err(place.item(at).fault(what));
        }
        last = name;
    }
    Ok(())
}

/// At least one name, none empty, none twice; their order means something.
pub(super) fn distinct(place: &Place, names: &[String]) -> Checked {
    if names.is_empty() {
        return Err(place.fault("there is none"));
    }
    let mut seen = HashSet::new();
    for (at, name) in names.iter().enumerate() {
        if name.is_empty() {
            return Err(place.item(at).fault("an empty name"));
        }
        if !seen.insert(name) {
            return Err(place.item(at).fault(format!("`{}` stands twice", shown(name))));
        }
    }
    Ok(())
}

/// An index into a part of the table.
pub(super) fn index(place: &Place, index: usize, part: &str, size: usize) -> Checked {
    if index < size {
        return Ok(());
    }
    Err(place.fault(format!("{index} is past the end of `{part}`, which has {size}")))
}

/// Indices that ascend.
pub(super) fn indices(place: &Place, indices: &[usize], part: &str, size: usize) -> Checked {
    let mut least = 0;
    for (at, one) in indices.iter().enumerate() {
        index(&place.item(at), *one, part, size)?;
        if *one < least {
            return Err(place.item(at).fault(format!("{one} does not ascend")));
        }
        least = one + 1;
    }
    Ok(())
}

/// A word of a closed list.
pub(super) fn one_of(place: &Place, word: &str, known: &[&str]) -> Checked {
    if known.contains(&word) {
        return Ok(());
    }
    Err(place.fault(format!("`{}` is none of {}", shown(word), known.join(", "))))
}

/// A real day.
pub(super) fn day(place: &Place, text: &str) -> Checked {
    if is_day(text) { Ok(()) } else { Err(place.fault(format!("`{}` is no day", shown(text)))) }
}

/// A SHA-256 as a table writes it.
pub(super) fn sha256(place: &Place, text: &str) -> Checked {
    let digits = text.strip_prefix("sha256:").unwrap_or_default();
    let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if digits.len() == 64 && digits.bytes().all(hex) {
        return Ok(());
    }
    Err(place.fault(format!("`{}` is no SHA-256", shown(text))))
}

/// A decimal in its one form.
pub(super) fn decimal(place: &Place, text: &str, max_decimals: usize) -> Checked {
    if is_decimal(text, max_decimals) {
        return Ok(());
    }
    Err(place.fault(format!("`{}` is no number of at most {max_decimals} decimals", shown(text))))
}

/// A percent in its one form.
pub(super) fn percent(place: &Place, text: &str) -> Checked {
    if is_percent(text) { Ok(()) } else { Err(place.fault(format!("`{}` is no percent", shown(text)))) }
}
