//! "Did you mean": the names nearest to one that does not exist.

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
