//! Lists, numbers, costs and times as a person says them.

use crate::decide::{Multiplier, Target};
use crate::number::{self, Rational, SECONDS_PER_DAY, round_half_even, whole};
use crate::source::listed;

/// `a, b and c`.
pub fn and(words: &[String]) -> String {
    listed::joined(words, "and")
}

pub(super) fn or(words: &[String]) -> String {
    listed::joined(words, "or")
}

/// `a` or `an`.
pub fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}

/// A whole number with a comma between thousands.
pub(super) fn thousands(number: &Rational) -> String {
    number::grouped(&number::exact(number))
}

/// Seconds in the largest unit that divides them.
pub fn duration(seconds: &Rational) -> String {
    let units = [(7 * SECONDS_PER_DAY, "week"), (SECONDS_PER_DAY, "day"), (3_600, "hour"), (60, "minute")];
    for (size, unit) in units {
        let count = seconds / whole(size);
        if count.is_integer() && count >= whole(1) {
            return format!("{} {unit}{}", number::exact(&count), if count == whole(1) { "" } else { "s" });
        }
    }
    format!("{} seconds", number::exact(seconds))
}

/// How long a provider keeps data, in days.
pub(super) fn kept(seconds: &Rational) -> String {
    let days = seconds / whole(SECONDS_PER_DAY);
    let text = round_half_even(&days, 2);
    if days == whole(1) { "1 day".to_owned() } else { format!("{text} days") }
}

/// What a model costs beside another, as a person says it; nothing where it is the same.
///
/// `about 10% dearer`, `twice the cost`, `about a third cheaper`, `not free, unlike the primary`.
pub fn beside(multiplier: &Multiplier) -> Option<String> {
    let times = match multiplier {
        Multiplier::Infinite => return Some("not free, unlike the primary".to_owned()),
        Multiplier::Finite(times) => times,
    };
    let (one, two, hundred) = (whole(1), whole(2), whole(100));
    if *times == one {
        return None;
    }
    let nearly_two = whole(195) / &hundred;
    let said = if *times >= nearly_two {
        let decimals = u32::from(*times < whole(10));
        let said = round_half_even(times, decimals);
        let exact = number::parse_decimal(&said).as_ref() == Some(times);
        let said = if said == "2" { "twice".to_owned() } else { format!("{} times", number::grouped(&said)) };
        (exact, format!("{said} the cost"))
    } else if times.numer() == whole(0).numer() {
        (true, "free".to_owned())
    } else {
        let difference = if *times > one { times - &one } else { &one - times };
        let percent = &difference * &hundred;
        let said = round_half_even(&percent, 0);
        let exact = number::parse_decimal(&said).as_ref() == Some(&percent);
        let how = if *times > one { "dearer" } else { "cheaper" };
        match (said.as_str(), fraction(&said)) {
            ("0", _) => (true, format!("slightly {how}")),
            // Of a price that is nearly nothing a rounded 100% would say that it is free.
            ("100", _) if *times < two => (false, "99% cheaper".to_owned()),
            ("50", _) if *times < one => (exact, "half the cost".to_owned()),
            (_, Some(part)) => (exact, format!("{part} {how}")),
            (percent, None) => (exact, format!("{percent}% {how}")),
        }
    };
    Some(if said.0 { said.1 } else { format!("about {}", said.1) })
}

/// The same without saying that it is rounded, nor what the primary costs, where words are short.
pub fn roughly(multiplier: &Multiplier) -> Option<String> {
    match multiplier {
        Multiplier::Infinite => Some("not free".to_owned()),
        Multiplier::Finite(_) => {
            beside(multiplier).map(|words| words.trim_start_matches("about ").to_owned())
        }
    }
}

/// Percents that are said as a part.
fn fraction(percent: &str) -> Option<&'static str> {
    Some(match percent {
        "10" => "a tenth",
        "20" => "a fifth",
        "25" => "a quarter",
        "33" => "a third",
        _ => return None,
    })
}

/// That somebody is told.
pub const NOTICE: &str = "with a notice";

/// What stands on a target, in the order of the grammar: `with a notice`, `throttled`, `once someone confirms`.
pub(super) fn actions(target: &Target) -> Vec<&'static str> {
    let all = [
        (target.notify.is_some(), NOTICE),
        (target.throttle, "throttled"),
        (target.confirm, "once someone confirms"),
    ];
    all.into_iter().filter(|(on, _)| *on).map(|(_, words)| words).collect()
}

/// A reason as it stands inside a sentence.
pub(super) fn clause(reason: &str) -> String {
    reason.trim().trim_end_matches('.').replace('\n', " ")
}

/// A reason in brackets, if there is one.
pub(super) fn in_brackets(because: Option<&String>) -> String {
    because.map(|reason| format!(" ({})", clause(reason))).unwrap_or_default()
}

/// How many words a text has.
pub fn count(text: &str) -> usize {
    text.split_whitespace().count()
}

#[cfg(test)]
mod tests {
    use super::{beside, thousands};
    use crate::decide::Multiplier;
    use crate::number::parse_decimal;

    #[test]
    fn costs_are_said_as_people_say_them() {
        let said = |times: &str| beside(&Multiplier::Finite(parse_decimal(times).expect("a number")));
        for (times, words) in [
            ("1.1", "a tenth dearer"),
            ("1.3286", "about a third dearer"),
            ("1.2692", "about 27% dearer"),
            ("0.7949", "about 21% cheaper"),
            ("0.8", "a fifth cheaper"),
            ("1.0001", "slightly dearer"),
            ("0.996", "slightly cheaper"),
            ("10000000", "10,000,000 times the cost"),
            ("0.0001", "about 99% cheaper"),
            ("2", "twice the cost"),
            ("1.97", "about twice the cost"),
            ("3.1746", "about 3.2 times the cost"),
            ("16.6667", "about 17 times the cost"),
            ("0", "free"),
            ("0.5", "half the cost"),
            ("1.5", "50% dearer"),
        ] {
            assert_eq!(said(times).as_deref(), Some(words), "{times}");
        }
        assert_eq!(said("1"), None);
        assert_eq!(beside(&Multiplier::Infinite).as_deref(), Some("not free, unlike the primary"));
    }

    #[test]
    fn thousands_stand_apart() {
        for (number, words) in
            [("64000", "64,000"), ("999", "999"), ("1000000", "1,000,000"), ("8191", "8,191")]
        {
            assert_eq!(thousands(&parse_decimal(number).expect("a number")), words);
        }
    }
}
