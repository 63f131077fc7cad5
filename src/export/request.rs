//! What `request` of `govctl.yaml` says, as the table carries it: where a gateway finds use case and facts.

use serde_json::{Map, Value};

use super::Refused;
use crate::limits::MAX_FIRST_BYTE_SECONDS;
use crate::table::format::{AxisName, Table};

/// The settings, with their defaults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestSettings {
    /// What headers begin with, in lower case.
    pub header_prefix: String,
    /// Attributes that only credentials state.
    pub from_credentials: Vec<String>,
    /// Seconds until the first byte of one attempt, as decimal text.
    pub first_byte_timeout: String,
    /// Attributes whose claim has a name of its own.
    pub claims: Vec<(String, String)>,
    /// How tokens are verified; none: an authenticator in front does it.
    pub jwks: Option<Jwks>,
}

/// Where the keys of tokens are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jwks {
    /// An address or a file.
    pub source: Source,
    /// Who must have issued a token.
    pub issuer: Option<String>,
    /// For whom it must be.
    pub audience: Option<String>,
}

/// Where a key set is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Fetched by the gateway.
    Url(String),
    /// Read by the gateway.
    File(String),
}

impl RequestSettings {
    /// Reads the table's `request`, whose form its schema has checked.
    pub fn read(request: &Map<String, Value>) -> Self {
        let text = |key: &str| request.get(key).and_then(Value::as_str);
        let names = request.get("from_credentials").and_then(Value::as_array);
        let claims = request.get("claims").and_then(Value::as_object);
        Self {
            header_prefix: text("header_prefix").unwrap_or("x-govctl-").to_ascii_lowercase(),
            from_credentials: names
                .map(|names| names.iter().filter_map(Value::as_str).map(str::to_owned).collect())
                .unwrap_or_default(),
            first_byte_timeout: text("first_byte_timeout")
                .and_then(seconds)
                .unwrap_or_else(|| "30".to_owned()),
            claims: claims
                .map(|claims| {
                    let pair =
                        |(key, claim): (&String, &Value)| Some((key.clone(), claim.as_str()?.to_owned()));
                    claims.iter().filter_map(pair).collect()
                })
                .unwrap_or_default(),
            jwks: request.get("jwks").and_then(Value::as_object).and_then(jwks),
        }
    }

    /// The claim that states an attribute: its own, else `govctl_` and the attribute with `.` as `_`.
    pub fn claim(&self, attribute: &str) -> String {
        let own = self.claims.iter().find(|(known, _)| known == attribute);
        own.map_or_else(|| format!("govctl_{}", attribute.replace('.', "_")), |(_, claim)| claim.clone())
    }

    /// The time to the first byte of one attempt in whole milliseconds, rounded up.
    pub fn first_byte_milliseconds(&self) -> u64 {
        let seconds = crate::number::parse_decimal(&self.first_byte_timeout);
        let milliseconds = seconds.map(|seconds| (seconds * crate::number::whole(1000)).ceil().to_integer());
        milliseconds.and_then(|milliseconds| u64::try_from(milliseconds).ok()).unwrap_or(30_000)
    }

    /// The same in seconds as decimal text: a part of a millisecond would be cut off, and no time at all is no limit.
    pub fn first_byte_seconds(&self) -> String {
        use crate::number::{exact, whole};
        exact(&(whole(self.first_byte_milliseconds()) / whole(1000)))
    }

    /// Whether only credentials state an attribute. Shares of budgets never come from a caller.
    pub fn is_of_credentials(&self, attribute: &str) -> bool {
        attribute.starts_with("budget.") || self.from_credentials.iter().any(|name| name == attribute)
    }
}

/// Refuses a time to the first byte that gateways cannot keep: none at all switches it off in some and ends every attempt
/// in others.
pub fn check(table: &Table) -> Result<(), Refused> {
    let Some(stated) = table.request.get("first_byte_timeout").and_then(Value::as_str) else { return Ok(()) };
    let Some(time) = seconds(stated).and_then(|text| crate::number::parse_decimal(&text)) else {
        return Ok(());
    };
    let most = crate::number::whole(MAX_FIRST_BYTE_SECONDS.into());
    if time > crate::number::whole(0) && time <= most {
        return Ok(());
    }
    let message = format!(
        "`request.first_byte_timeout` is `{stated}`; an attempt waits longer than no time, and at most {MAX_FIRST_BYTE_SECONDS} seconds"
    );
    Err(Refused { message, help: "write a time such as `30 s` in `govctl.yaml`".to_owned() })
}

/// The header of an attribute, without its prefix.
pub(crate) fn header_name(attribute: &str) -> String {
    match AxisName::of(attribute) {
        AxisName::Fact("use_case") => "use-case".to_owned(),
        AxisName::Classification => "classification".to_owned(),
        AxisName::Remaining => "budget-remaining".to_owned(),
        AxisName::RemainingOf(budget) => format!("budget-{}-remaining", budget.to_ascii_lowercase()),
        AxisName::Fact(fact) => format!("fact-{}", fact.to_ascii_lowercase()),
    }
}

fn jwks(jwks: &Map<String, Value>) -> Option<Jwks> {
    let text = |key: &str| jwks.get(key).and_then(Value::as_str).map(str::to_owned);
    let source = text("url").map(Source::Url).or_else(|| text("file").map(Source::File))?;
    Some(Jwks { source, issuer: text("issuer"), audience: text("audience") })
}

/// `30 s`, `500ms`, `2 minutes` as seconds in decimal text.
fn seconds(duration: &str) -> Option<String> {
    let duration = duration.trim();
    let unit_at = duration.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(duration.len());
    let (number, unit) = duration.split_at(unit_at);
    let number = crate::number::parse_decimal(number.trim())?;
    let factor = match unit.trim().to_ascii_lowercase().as_str() {
        "ms" => return Some(crate::number::exact(&(number / crate::number::whole(1000)))),
        "s" | "second" | "seconds" | "" => 1,
        "minute" | "minutes" => 60,
        "hour" | "hours" => 3600,
        _ => return None,
    };
    Some(crate::number::exact(&(number * crate::number::whole(factor))))
}
