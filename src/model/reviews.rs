//! Reviews that `govctl.yaml` plans: what, by whom, how often, and when it was last.

use jiff::ToSpan as _;

use super::Date;
use crate::diag::{Finding, code, day};
use crate::source::{Span, Spanned};
use crate::yaml::Value;

/// How many months lie between two reviews.
const CADENCES: [(&str, i32); 4] = [("monthly", 1), ("quarterly", 3), ("half-yearly", 6), ("yearly", 12)];

/// A review that is held again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// Its name, and where that stands.
    pub name: Spanned<String>,
    /// Who holds it.
    pub owner: String,
    /// The word for how often.
    pub cadence: String,
    /// The day of the last one, and where it is written.
    pub last: Option<(Date, Span)>,
    /// The day by which the next one is to be held; none: no one was held yet.
    pub next: Option<Date>,
}

/// Reads `reviews:`, which keeps its schema.
pub fn read(written: &Value) -> (Vec<Review>, Vec<Finding>) {
    let (mut reviews, mut findings) = (Vec::new(), Vec::new());
    for entry in written.items() {
        match review(entry) {
            Ok(review) => reviews.extend(review),
            Err(finding) => findings.push(*finding),
        }
    }
    (reviews, findings)
}

fn review(entry: &Value) -> Result<Option<Review>, Box<Finding>> {
    let text = |key: &str| entry.get(key).and_then(Value::spanned);
    let (Some(name), Some(owner), Some(cadence)) = (text("name"), text("owner"), text("cadence")) else {
        return Ok(None);
    };
    let day = |written: &Spanned<String>| {
        written.value.parse::<Date>().map(|day| (day, written.span)).map_err(|_| {
            let message = format!("`last`: there is no day `{}`", written.value);
            let finding = Finding::error(code::SCHEMA, written.span, message);
            Box::new(finding.help(day::no_day(&written.value)))
        })
    };
    let last = text("last").as_ref().map(day).transpose()?;
    let months = months(&cadence.value);
    let next = last.map(|(day, _)| day.saturating_add(months.months()));
    Ok(Some(Review { name, owner: owner.value, cadence: cadence.value, last, next }))
}

/// How many months lie between two reviews.
fn months(cadence: &str) -> i32 {
    CADENCES.iter().find(|(word, _)| *word == cadence).map_or(1, |(_, months)| *months)
}

impl Review {
    /// How many months lie between two of them.
    pub fn months(&self) -> i32 {
        months(&self.cadence)
    }

    /// Whether it is to be held by now.
    pub fn is_due(&self, as_of: Date) -> bool {
        self.next.is_none_or(|next| next < as_of)
    }
}
