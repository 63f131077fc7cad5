//! How models are spelled in logs and bills: names in words, between those of meters, and with a day behind them.

/// Words of bills that stand behind the name of a model and are no part of it, with those that begin like the first ones.
const METER_BEGINS: [&str; 21] = [
    "inp",
    "outp",
    "cach",
    "cchd",
    "prompt",
    "completion",
    "token",
    "glob",
    "glbl",
    "region",
    "regnl",
    "batch",
    "unit",
    "zone",
    "standard",
    "cross",
    "flex",
    "priority",
    "provision",
    "usage",
    "request",
];
const METER: [&str; 32] = [
    "in", "out", "opt", "cd", "read", "write", "rd", "wr", "hit", "text", "data", "dz", "dzone", "reg",
    "std", "ga", "on", "ptu", "per", "for", "by", "eu", "us", "emea", "europe", "apac", "asia", "uk", "api",
    "long", "short", "model",
];

/// Whether a model's name ends before a word: nothing follows but a day and words of meters. Anything else (`nano`, `pro`)
/// makes it the name of another model.
pub(super) fn ends(text: &[String], at: usize) -> bool {
    let is_number = |word: &String| word.bytes().all(|c| c.is_ascii_digit());
    let rest = text.get(at..).unwrap_or_default();
    let day = rest.iter().take_while(|word| is_number(word)).map(String::len).collect::<Vec<usize>>();
    let is_day = matches!(day.as_slice(), [] | [4 | 6 | 8] | [4, 2, 2]);
    let rest = rest.get(day.len()..).unwrap_or_default();
    // Amazon's own ids end in a version, `v1:0`.
    let rest = match rest {
        [latest, rest @ ..] if latest == "latest" => rest,
        [v, major, rest @ ..] if v == "v" && is_number(major) => {
            rest.split_first().filter(|(minor, _)| is_number(minor)).map_or(rest, |(_, rest)| rest)
        }
        _ => rest,
    };
    let follows = |word: &String| {
        METER.contains(&word.as_str()) || METER_BEGINS.iter().any(|begin| word.starts_with(begin))
    };
    is_day && rest.first().is_none_or(follows)
}

/// A name without the day or month, or the `latest`, at its end: `gpt-6-2026-09-01` is `gpt-6` of a day.
pub(super) fn undated(name: &str) -> Option<&str> {
    if let Some(name) = name.strip_suffix("-latest") {
        return Some(name);
    }
    let at = |length: usize| name.len().checked_sub(length).and_then(|at| name.split_at_checked(at));
    let is_day = |day: &str| {
        let mut bytes = day.bytes();
        let is_whole = matches!(day.len(), 5 | 7 | 9) && day.bytes().skip(1).all(|c| c.is_ascii_digit());
        let is_parted = day.len() == 11
            && day.bytes().enumerate().skip(1).all(|(at, c)| match at {
                5 | 8 => c == b'-',
                _ => c.is_ascii_digit(),
            });
        matches!(bytes.next(), Some(b'-' | b'@')) && (is_whole || is_parted)
    };
    let found = [11, 9, 7, 5].into_iter().filter_map(at).find(|(name, day)| !name.is_empty() && is_day(day));
    found.map(|(name, _)| name)
}

/// The words of a name or a text, in small letters: letters and digits apart.
pub(super) fn words_of(text: &str) -> Vec<String> {
    let (mut words, mut was_digit): (Vec<String>, Option<bool>) = (Vec::new(), None);
    for c in text.chars() {
        let is_digit = c.is_alphanumeric().then(|| c.is_numeric());
        match (is_digit, words.last_mut()) {
            (Some(_), Some(word)) if is_digit == was_digit => word.extend(c.to_lowercase()),
            (Some(_), _) => words.push(c.to_lowercase().collect()),
            (None, _) => {}
        }
        was_digit = is_digit;
    }
    words
}
