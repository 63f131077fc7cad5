//! "Did you mean": the names nearest to one that does not exist.

use crate::limits::MAX_NAMES_COMPARED;

/// How many names one reading may still compare: a thousand unknown names beside ten thousand known ones are ten million
/// comparisons, and past some a suggestion is not worth its time. Then help lists names as it does where none is near.
#[derive(Debug)]
pub struct Effort {
    left: usize,
}

impl Default for Effort {
    fn default() -> Self {
        Self { left: MAX_NAMES_COMPARED }
    }
}

impl Effort {
    /// Whether a name may be compared with so many others; they count.
    pub fn allows(&mut self, names: usize) -> bool {
        match self.left.checked_sub(names) {
            Some(left) => self.left = left,
            None => self.left = 0,
        }
        self.left > 0
    }

    /// [`nearest`], as far as the effort lasts; then none.
    pub fn nearest<'a>(&mut self, wanted: &str, candidates: &[&'a str]) -> Vec<&'a str> {
        if self.allows(candidates.len()) { nearest(wanted, candidates.iter().copied()) } else { Vec::new() }
    }

    /// [`help`], as far as the effort lasts; then without near ones.
    pub fn help(&mut self, wanted: &str, what: &str, candidates: &[&str]) -> String {
        if self.allows(candidates.len()) { help(wanted, what, candidates) } else { listed(what, candidates) }
    }
}

/// Up to three candidates close enough to be meant, nearest first, ties in the order given.
pub fn nearest<'a>(wanted: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted_folded = fold(wanted);
    let limit = (wanted_folded.len() / 3).max(1);
    let mut scored: Vec<(usize, &str)> = Vec::new();
    for candidate in candidates {
        let folded = fold(candidate);
        if folded.len().abs_diff(wanted_folded.len()) > limit {
            continue;
        }
        let distance = distance(&wanted_folded, &folded);
        if distance <= limit && !scored.iter().any(|(_, name)| *name == candidate) {
            scored.push((distance, candidate));
        }
    }
    scored.sort_by_key(|(distance, _)| *distance);
    // Next to a clear answer, far ones are noise.
    let best = scored.first().map_or(0, |(distance, _)| *distance);
    scored.into_iter().filter(|(distance, _)| *distance <= best + 1).take(3).map(|(_, name)| name).collect()
}

/// Names in back quotes, joined by commas and a final `or`.
pub fn either(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => format!("`{one}`"),
        [init @ .., last] => {
            let init: Vec<String> = init.iter().map(|name| format!("`{name}`")).collect();
            format!("{} or `{last}`", init.join(", "))
        }
    }
}

/// Help for a name that does not exist: the near ones, else all that there are while they are few.
pub fn help(wanted: &str, what: &str, candidates: &[&str]) -> String {
    let near = nearest(wanted, candidates.iter().copied());
    if !near.is_empty() {
        return format!("did you mean {}?", either(&near));
    }
    listed(what, candidates)
}

/// All that there are while they are few, else some of them and how many.
fn listed(what: &str, candidates: &[&str]) -> String {
    match candidates.len() {
        0 => format!("there is no {what} yet"),
        1 => format!("the only {what} is {}", either(candidates)),
        2..=12 => format!("write one of {}", either(candidates)),
        n => {
            let few: Vec<String> = candidates.iter().take(8).map(|name| format!("`{name}`")).collect();
            format!("there are {n} of that kind: {}, …", few.join(", "))
        }
    }
}

fn fold(text: &str) -> Vec<char> {
    text.chars().take(80).flat_map(char::to_lowercase).map(|c| if c == '_' { '-' } else { c }).collect()
}

/// Edits between two words, a swap of neighbours counting once.
fn distance(a: &[char], b: &[char]) -> usize {
    let width = b.len() + 1;
    let mut before: Vec<usize> = vec![0; width];
    let mut last: Vec<usize> = (0..width).collect();
    for (i, &ca) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(width);
        row.push(i + 1);
        for (j, &cb) in b.iter().enumerate() {
            let at = |row: &[usize], j: usize| row.get(j).copied().unwrap_or(usize::MAX / 2);
            let mut best =
                (at(&last, j) + usize::from(ca != cb)).min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(&cb) && b.get(j - 1) == Some(&ca);
            if swapped {
                best = best.min(at(&before, j - 1) + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::Effort;
    use crate::limits::MAX_NAMES_COMPARED;

    #[test]
    fn suggestions_end_where_they_would_cost_too_much() {
        let names: Vec<String> = (0..1_000).map(|n| format!("use-case-{n}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut effort = Effort::default();
        assert_eq!(
            effort.help("use-case-7x", "use case", &names),
            "did you mean `use-case-7`, `use-case-70` or `use-case-71`?"
        );
        let near = (0..5 * MAX_NAMES_COMPARED / 1_000).filter(|_| effort.allows(names.len())).count();
        assert!(near < MAX_NAMES_COMPARED / 1_000);
        let help = effort.help("use-case-7x", "use case", &names);
        assert!(help.starts_with("there are 1000 of that kind: `use-case-0`, "), "{help}");
    }
}
