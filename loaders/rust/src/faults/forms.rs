//! The forms that texts, names and indices of a table have.

use std::collections::HashSet;

use super::Checked;
use crate::day::is_day;
use crate::decimal::{is_decimal, is_percent};
use crate::error::{Refusal, shown};
use crate::place::Place;

/// Names in byte order, none empty, none twice.
pub(super) fn ascending<'n>(place: &Place, names: impl IntoIterator<Item = &'n String>) -> Checked {
    let mut last = "";
    for (at, name) in names.into_iter().enumerate() {
        if last < name.as_str() {
            last = name;
            continue;
        }
        let (refusal, what) = if name.is_empty() {
            (Refusal::Range, "an empty name".to_owned())
        } else if last == name {
            (Refusal::Order, format!("`{}` appears twice", shown(name)))
        } else {
            (Refusal::Order, format!("`{}` stands after `{}`", shown(name), shown(last)))
        };
        return Err(place.item(at).fault(refusal, what));
    }
    Ok(())
}

/// At least one name, none empty, none twice; their order means something.
pub(super) fn distinct(place: &Place, names: &[String]) -> Checked {
    if names.is_empty() {
        return Err(place.fault(Refusal::Range, "there is none"));
    }
    let mut seen = HashSet::new();
    for (at, name) in names.iter().enumerate() {
        if name.is_empty() {
            return Err(place.item(at).fault(Refusal::Range, "an empty name"));
        }
        if !seen.insert(name) {
            return Err(place.item(at).fault(Refusal::Order, format!("`{}` appears twice", shown(name))));
        }
    }
    Ok(())
}

/// An index into a part of the table.
pub(super) fn index(place: &Place, index: usize, part: &str, size: usize) -> Checked {
    if index < size {
        return Ok(());
    }
    Err(place.fault(Refusal::Index, format!("{index} is past the end of `{part}`, which has {size}")))
}

/// Indices that ascend.
pub(super) fn indices(place: &Place, indices: &[usize], part: &str, size: usize) -> Checked {
    let mut least = 0;
    for (at, one) in indices.iter().enumerate() {
        index(&place.item(at), *one, part, size)?;
        if *one < least {
            return Err(place.item(at).fault(Refusal::Order, format!("{one} does not ascend")));
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
    Err(place.fault(Refusal::Range, format!("`{}` is none of {}", shown(word), known.join(", "))))
}

/// A real day.
pub(super) fn day(place: &Place, text: &str) -> Checked {
    if is_day(text) {
        Ok(())
    } else {
        Err(place.fault(Refusal::Range, format!("`{}` is not a day", shown(text))))
    }
}

/// A SHA-256 as a table writes it.
pub(super) fn sha256(place: &Place, text: &str) -> Checked {
    let digits = text.strip_prefix("sha256:").unwrap_or_default();
    let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if digits.len() == 64 && digits.bytes().all(hex) {
        return Ok(());
    }
    Err(place.fault(Refusal::Range, format!("`{}` is not a SHA-256", shown(text))))
}

/// A decimal in its one form.
pub(super) fn decimal(place: &Place, text: &str, max_decimals: usize) -> Checked {
    if is_decimal(text, max_decimals) {
        return Ok(());
    }
    Err(place.fault(
        Refusal::Range,
        format!("`{}` is not a number of at most {max_decimals} decimals", shown(text)),
    ))
}

/// A percent in its one form.
pub(super) fn percent(place: &Place, text: &str) -> Checked {
    if is_percent(text) {
        Ok(())
    } else {
        Err(place.fault(Refusal::Range, format!("`{}` is not a percent", shown(text))))
    }
}
