//! The attributes that conditions of the format test, and values that have a unit.

use super::tokens::Token;
use crate::import::CLASSIFICATIONS;

/// What an attribute is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Name,
    Ordered,
    Set,
    Percent,
    Number,
    Duration,
    Boolean,
}

/// The names that the format and its relatives use, with ours.
pub(super) const ATTRIBUTES: [(&str, &str, Type); 25] = [
    ("use_case", "use_case", Type::Name),
    ("team", "team", Type::Name),
    ("project", "project", Type::Name),
    ("application", "application", Type::Name),
    ("agent", "application", Type::Name),
    ("business_unit", "business_unit", Type::Name),
    ("workload", "workload", Type::Name),
    ("data_classification", "classification", Type::Ordered),
    ("classification", "classification", Type::Ordered),
    ("risk", "risk", Type::Ordered),
    ("criticality", "criticality", Type::Ordered),
    ("compliance", "compliance", Type::Set),
    ("regulations", "regulations", Type::Set),
    ("residency", "residency", Type::Set),
    ("data", "data", Type::Set),
    ("capabilities", "capabilities", Type::Set),
    ("cost_budget_remaining", "budget.remaining", Type::Percent),
    ("budget_remaining", "budget.remaining", Type::Percent),
    ("budget.remaining", "budget.remaining", Type::Percent),
    ("regulated_output", "regulated_output", Type::Boolean),
    ("availability_target", "availability_target", Type::Percent),
    ("min_context", "min_context", Type::Number),
    ("latency_sla", "latency_sla", Type::Duration),
    ("latency_sla_ms", "latency_sla", Type::Duration),
    ("retention_max", "retention_max", Type::Duration),
];

pub(super) fn attribute(word: &str) -> Option<(&'static str, &'static str, Type)> {
    ATTRIBUTES.into_iter().find(|(theirs, _, _)| *theirs == word)
}

pub(super) fn unknown(word: &str) -> String {
    if ["provider", "model", "hosting", "region"].contains(&word) {
        return format!("`{word}` is a fact of a model: a condition speaks of the request");
    }
    format!("there is no attribute `{word}`; if a request states it, declare it as a `fact`")
}

/// A level that no workspace has unless it declares it, with what it would be one of.
pub(super) fn unknown_level(ours: &str, value: &str) -> Option<(&'static str, String)> {
    let (what, known): (_, &[&str]) = match ours {
        "classification" => ("classifications: `classifications public < …`", &CLASSIFICATIONS),
        "risk" => {
            ("levels of risk, which are `minimal`, `limited` and `high`", &["minimal", "limited", "high"])
        }
        "criticality" => {
            ("levels of criticality, which are `low`, `normal` and `high`", &["low", "normal", "high"])
        }
        _ => return None,
    };
    (!known.contains(&value)).then(|| (what, value.to_owned()))
}

/// A length of time: a number with its unit, which stands in the text itself or behind the number.
pub(super) fn duration(ours: &str, token: &Token, unit: Option<&str>) -> Result<String, String> {
    let cannot = |shown: String| {
        format!(
            "{shown} is not a length of time, as `{ours}` is: write a number and its unit, as in `30 days` or `2 seconds`"
        )
    };
    let (digits, unit) = match (token, unit) {
        (Token::Number(digits), Some(unit)) => (digits.as_str(), unit),
        (Token::Text(text), _) => {
            text.split_at(text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len()))
        }
        _ => return Err(cannot(token.shown())),
    };
    let written = match unit.trim_matches(['_', ' ', '-']).to_ascii_lowercase().as_str() {
        "ms" | "millisecond" | "milliseconds" => "ms",
        "s" | "sec" | "second" | "seconds" => "s",
        "min" | "minute" | "minutes" => " minutes",
        "h" | "hour" | "hours" => " hours",
        "d" | "day" | "days" => " days",
        "week" | "weeks" => " weeks",
        "year" | "years" => " years",
        _ => return Err(cannot(format!("`{digits}{unit}`"))),
    };
    match crate::number::parse_decimal(digits) {
        Some(_) => Ok(format!("{digits}{written}")),
        None => Err(cannot(token.shown())),
    }
}
