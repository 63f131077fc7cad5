//! Days as people write them.

use jiff::civil::Date;

/// A day as people write it, where there is one reading: `01.03.2027`, `2027/3/1`, `1 March 2027`.
pub fn read(text: &str) -> Option<String> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let is_date = |date: &str| date.len() >= 8 && date.starts_with(|c: char| c.is_ascii_digit());
    let date = text.split_once(['T', ' ']).filter(|(date, _)| is_date(date)).map_or(text, |(date, _)| date);
    let parts: Vec<&str> = date.split(['.', '/', '-', ' ', ',']).filter(|part| !part.is_empty()).collect();
    let [first, second, third] = parts.as_slice() else { return None };
    let number = |part: &str| part.parse::<u16>().ok();
    let month = |part: &str| {
        let begin: String = part.to_lowercase().chars().take(3).collect();
        MONTHS.iter().position(|known| *known == begin).and_then(|at| u16::try_from(at + 1).ok())
    };
    let (year, month, day) = match (number(first), number(second), number(third)) {
        (Some(year), Some(month), Some(day)) if year > 31 => (year, month, day),
        (Some(day), Some(month), Some(year)) if date.contains('.') => (year, month, day),
        // `13/01` can only be a day and a month, `03/01` can be either.
        (Some(day), Some(month), Some(year)) if day > 12 => (year, month, day),
        (Some(month), Some(day), Some(year)) if day > 12 => (year, month, day),
        (Some(day), None, Some(year)) => (year, month(second)?, day),
        (None, Some(day), Some(year)) => (year, month(first)?, day),
        _ => return None,
    };
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
    match last_of_month(text) {
        Some(last) => format!("write `{last}`: the last day of that month"),
        None => "a day is written year-month-day, as in `2027-03-01`".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{last_of_month, read};

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
            "01.03.2027",
            "2027/03/01",
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
        for text in ["03/01/2027", "2027-03", "soon", "2027-13-01", "31.02.2027"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
