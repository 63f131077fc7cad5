//! Days as people write them.

use jiff::civil::Date;

/// The months by their names.
pub const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// A day as people write it, where there is one reading: `31.12.2027`, `2027/3/1`, `1 March 2027`, `05/05/2027`.
pub fn read(text: &str) -> Option<String> {
    match readings(text) {
        (Some(one), None) | (None, Some(one)) => Some(one),
        (Some(one), Some(other)) if one == other => Some(one),
        _ => None,
    }
}

/// Whether a text is a day, however it is written.
pub fn is_day(text: &str) -> bool {
    let (one, other) = readings(text);
    one.is_some() || other.is_some()
}

/// What is said of a day that has two readings: `03/04/2027`.
pub fn doubt(text: &str) -> Option<String> {
    let (Some(day_first), Some(month_first)) = readings(text) else { return None };
    (day_first != month_first)
        .then(|| format!("write `{day_first}` if the day stands first, `{month_first}` if the month does"))
}

/// A day as it is written here, read with the day before the month and with the month before the day; where only one
/// of the two is possible, or a name says which the month is, the other is none.
fn readings(text: &str) -> (Option<String>, Option<String>) {
    let one = |day: Option<String>| (day, None);
    let is_date = |date: &str| date.len() >= 8 && date.starts_with(|c: char| c.is_ascii_digit());
    let date = text.split_once(['T', ' ']).filter(|(date, _)| is_date(date)).map_or(text, |(date, _)| date);
    if let (8, Some(year), Some(month), Some(day)) =
        (date.len(), date.get(..4), date.get(4..6), date.get(6..))
        && date.bytes().all(|byte| byte.is_ascii_digit())
    {
        return one(read(&format!("{year}-{month}-{day}")));
    }
    let parts: Vec<&str> = date.split(['.', '/', '-', ' ', ',']).filter(|part| !part.is_empty()).collect();
    let [first, second, third] = parts.as_slice() else { return (None, None) };
    let number = |part: &str| part.parse::<u16>().ok();
    // `1st`, `3rd`: only beside a month by its name.
    let ordinal = |part: &str| number(part.trim_end_matches(|c: char| c.is_ascii_alphabetic()));
    let month = |part: &str| {
        let begin: String = part.to_lowercase().chars().take(3).collect();
        MONTHS
            .iter()
            .position(|known| known.get(..3) == Some(begin.as_str()))
            .and_then(|at| u16::try_from(at + 1).ok())
    };
    match (number(first), number(second), number(third)) {
        (Some(year), Some(month), Some(day)) if year > 31 && month > 12 => one(written(year, day, month)),
        (Some(year), Some(month), Some(day)) if year > 31 => one(written(year, month, day)),
        (Some(a), Some(b), Some(year)) => (written(year, b, a), written(year, a, b)),
        (_, None, Some(year)) => {
            let of_second = month(second).zip(ordinal(first));
            let day = of_second.or_else(|| month(first).zip(ordinal(second)));
            one(day.and_then(|(month, day)| written(year, month, day)))
        }
        (None, Some(day), Some(year)) => one(month(first).and_then(|month| written(year, month, day))),
        _ => (None, None),
    }
}

/// A day that exists.
fn written(year: u16, month: u16, day: u16) -> Option<String> {
    let number = |part: u16| i8::try_from(part).ok();
    let exists = Date::new(i16::try_from(year).ok()?, number(month)?, number(day)?).is_ok();
    (exists && (1900..=2999).contains(&year)).then(|| format!("{year}-{month:02}-{day:02}"))
}

/// The last day of the month of a day that the month does not have: `2026-02-28` for `2026-02-30`.
pub fn last_of_month(text: &str) -> Option<String> {
    let mut parts = text.splitn(3, '-').map(|part| part.parse::<i16>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let last = Date::new(year, i8::try_from(month).ok()?, 1).ok()?.last_of_month();
    (day > i16::from(last.day())).then(|| last.to_string())
}

/// What is said of a day that does not exist.
pub fn no_day(text: &str) -> String {
    match (last_of_month(text), read(text)) {
        (Some(last), _) => format!("write `{last}`: the last day of that month"),
        (None, Some(day)) => format!("write `{day}`: the month stands before the day"),
        (None, None) => "a day is written year-month-day, as in `2027-03-01`".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{doubt, is_day, last_of_month, read};

    #[test]
    fn a_day_with_two_readings_is_told_both() {
        let both = "write `2027-03-01` if the day stands first, `2027-01-03` if the month does";
        for text in ["01.03.2027", "1/3/2027", "01-03-2027"] {
            assert_eq!(doubt(text).as_deref(), Some(both), "{text}");
            assert!(is_day(text));
        }
        for text in ["05/05/2027", "31.12.2027", "2027-03-01", "soon", "31.02.2027"] {
            assert_eq!(doubt(text), None, "{text}");
        }
    }

    #[test]
    fn a_month_ends_on_its_last_day() {
        for (day, last) in [
            ("2026-02-30", Some("2026-02-28")),
            ("2028-02-31", Some("2028-02-29")),
            ("2027-06-31", Some("2027-06-30")),
            ("2027-13-01", None),
            ("2027-06-30", None),
            ("2027-06", None),
            ("soon", None),
        ] {
            assert_eq!(last_of_month(day).as_deref(), last, "{day}");
        }
    }

    #[test]
    fn a_day_is_read_where_there_is_one_reading() {
        let right = Some("2027-03-01".to_owned());
        for text in [
            "2027/03/01",
            "20270301",
            "2027/3/1",
            "1st March 2027",
            "March 1st, 2027",
            "2027-3-1",
            "1 March 2027",
            "Mar 1, 2027",
            "1 March, 2027",
            "2027-03-01T00:00:00Z",
        ] {
            assert_eq!(read(text), right, "{text}");
        }
        assert_eq!(read("December 31, 2027"), Some("2027-12-31".to_owned()));
        assert_eq!(read("31/12/2027"), Some("2027-12-31".to_owned()));
        assert_eq!(read("12/31/2027"), Some("2027-12-31".to_owned()));
        assert_eq!(read("05/05/2027"), Some("2027-05-05".to_owned()));
        assert_eq!(read("5.5.2027"), Some("2027-05-05".to_owned()));
        assert_eq!(read("2027-31-12"), Some("2027-12-31".to_owned()));
        for text in [
            "03/01/2027",
            "01.03.2027",
            "2027-31-31",
            "20273131",
            "2027-03",
            "soon",
            "2027-13-13",
            "31.02.2027",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
