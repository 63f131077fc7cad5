//! Loading: every check of docs/table.md, and the whole table is refused on any fault.

use crate::limits::{MAX_ENDS_QUOTED, MAX_MESSAGE, MAX_TABLE_BYTES};
use std::ops::Range;

use super::day::is_day;
use super::error::{LoadError, Refusal, shown_up_to};
use super::faults;
use super::format::{FORMAT, Table};
use super::index::Index;
use super::place::Place;
use super::quick;
use super::scan::{place_at, scan};
use super::signature::{self, TrustedKey, digest_beside};

/// How to load.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct LoadOptions {
    /// The current day, `YYYY-MM-DD`: the library reads no clock. None: whether the table has expired is **not**
    /// checked.
    pub as_of: Option<String>,
    /// Load a table whose `valid_until` has passed all the same.
    pub allow_expired: bool,
    /// Whose signatures count: one of them suffices, so that a key can be replaced by another without a gap. Empty: no
    /// signature is asked for. With a key a table without a signature is refused.
    pub trusted_keys: Vec<TrustedKey>,
    /// Load a table without a signature all the same; one that is there must fit.
    pub allow_unsigned: bool,
    /// The least serial number that is accepted: it stands in the signature, and a table without one is refused.
    pub least_serial: Option<u64>,
}

impl LoadOptions {
    /// Refuses a table that is no longer valid on a day.
    pub fn at(as_of: impl Into<String>) -> Self {
        Self { as_of: Some(as_of.into()), ..Self::default() }
    }

    /// Loads only what this key signed, or another one that is trusted.
    #[must_use]
    pub fn trusting(mut self, key: TrustedKey) -> Self {
        self.trusted_keys.push(key);
        self
    }

    /// Refuses a table that is older than a serial number.
    #[must_use]
    pub fn from_serial(mut self, least: u64) -> Self {
        self.least_serial = Some(least);
        self
    }
}

/// A checked table, ready to answer.
///
/// ```
/// use govctl_table::{DecisionTable, LoadOptions, Outcome, Request};
///
/// # fn main() -> Result<(), govctl_table::LoadError> {
/// # let bytes = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/example.table.json"));
/// let table = DecisionTable::from_slice(bytes, &LoadOptions::at("2026-11-21"))?;
///
/// let request = Request {
///     use_case: "customer-communication",
///     budget_remaining: Some("12.5"),
///     facts: &[("tenant", "premium")],
///     ..Request::default()
/// };
/// let decision = table.decide(&request);
/// let primary = decision.primary().map(|target| target.model().id.as_str());
/// assert_eq!(primary, Some("azure-eu/gpt-4o-mini"));
///
/// // What is down is the gateway's knowledge, and it says so by model.
/// let outcome = table.route(&request, |model| model.provider == "azure-eu");
/// assert!(matches!(outcome, Outcome::Route(target) if target.model().provider == "anthropic"));
///
/// // What is not understood is blocked.
/// assert!(table.decide(&Request::of("no-such-use-case")).primary().is_none());
/// # Ok(())
/// # }
/// ```
///
/// A gateway takes a new table while it serves ([`Live`](crate::Live)), and keeps the one it has where the new one is
/// refused: because it is broken, no longer valid, older than one taken before, or not signed by whom the gateway trusts.
///
/// ```
/// use std::sync::Arc;
///
/// use govctl_table::{DecisionTable, Live, LoadOptions, Request, TrustedKey};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # macro_rules! file { ($name:literal) => { concat!(env!("CARGO_MANIFEST_DIR"), "/", $name) } }
/// # let bytes: &[u8] = include_bytes!(file!("tests/signing/table.json"));
/// # let signature: &[u8] = include_bytes!(file!("tests/signing/table.json.sig"));
/// # let public_key = include_str!(file!("tests/signing/ci.pub"));
/// let trusted: TrustedKey = public_key.parse()?;
/// let on = |day: &str| LoadOptions::at(day).trusting(trusted.clone());
/// let live = Live::new(DecisionTable::from_signed_slice(bytes, signature, &on("2026-11-21"))?);
/// let before = live.table();
///
/// // Broken, not signed, signed but no longer valid: each is refused, and the old table goes on answering.
/// assert!(live.replace(b"{}", Some(signature), &on("2026-11-22")).is_err());
/// assert!(live.replace(bytes, None, &on("2026-11-22")).is_err());
/// assert!(live.replace(bytes, Some(signature), &on("2099-01-01")).is_err());
/// assert!(Arc::ptr_eq(&before, &live.table()));
/// assert!(live.table().decide(&Request::of("support.reply")).primary().is_some());
///
/// // One that is in order takes its place; who still decides by the old one keeps it until then.
/// live.replace(bytes, Some(signature), &on("2026-11-22"))?;
/// assert!(!Arc::ptr_eq(&before, &live.table()));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct DecisionTable {
    table: Table,
    index: Index,
    signed_by: Option<String>,
    serial: Option<u64>,
}

impl DecisionTable {
    /// Loads a table from its bytes.
    ///
    /// # Errors
    ///
    /// The first fault: no canonical JSON, another format, a key or a kind of value that the format does not have, a
    /// digest that does not fit, an index past the end, names out of order, a `valid_until` that has passed, or
    /// whatever else keeps the table from saying one thing. With a trusted key always: it has no signature.
    pub fn from_slice(bytes: &[u8], options: &LoadOptions) -> Result<Self, LoadError> {
        Self::load(bytes, None, options)
    }

    /// Loads a table from its bytes and those of the signature beside it.
    ///
    /// The signature is checked before anything else of the table is looked at.
    ///
    /// # Errors
    ///
    /// Those of [`DecisionTable::from_slice`], and before them: no trusted key, a signature that is cut short or of
    /// another format, that no trusted key made, or that is not of these bytes; after them a serial number below the
    /// least that is accepted.
    pub fn from_signed_slice(
        bytes: &[u8],
        signature: &[u8],
        options: &LoadOptions,
    ) -> Result<Self, LoadError> {
        Self::load(bytes, Some(signature), options)
    }

    /// Loads a table with or without a signature.
    ///
    /// # Errors
    ///
    /// Those of [`DecisionTable::from_signed_slice`].
    pub fn load(bytes: &[u8], signature: Option<&[u8]>, options: &LoadOptions) -> Result<Self, LoadError> {
        if bytes.len() > MAX_TABLE_BYTES {
            return Err(
                Place::Table.fault(Refusal::Range, format!("it is larger than {MAX_TABLE_BYTES} bytes"))
            );
        }
        let signed = signature::check(bytes, signature, options)?;
        let text = std::str::from_utf8(bytes).map_err(|error| {
            Place::Table.fault(Refusal::NotJson, format!("it is not UTF-8 at byte {}", error.valid_up_to()))
        })?;
        let (table, digest_at) = match quick::read(text) {
            Some(read) => read,
            None => read(text)?,
        };
        let digest = format!("sha256:{}", digest_beside(text, &digest_at));
        if digest != table.digest {
            let what = "it does not fit the content: the table was changed after it was compiled";
            return Err(Place::Table.key("digest").fault(Refusal::Digest, what));
        }
        if let Some(signed) = &signed {
            signed.check_digest(&table.digest)?;
        }
        faults::check(&table)?;
        expired(&table, options)?;
        let serial = signed.as_ref().and_then(|signed| signed.serial);
        let signed_by = signed.map(|signed| signed.key_id);
        let loaded = Self { index: Index::new(&table), table, signed_by, serial };
        loaded.newer_than(options.least_serial)?;
        Ok(loaded)
    }

    /// Refuses a table that is older than another one.
    pub(super) fn newer_than(&self, least: Option<u64>) -> Result<(), LoadError> {
        let Some(least) = least else { return Ok(()) };
        match self.serial {
            Some(serial) if serial >= least => Ok(()),
            Some(serial) => Err(Place::Table.fault(
                Refusal::Expired,
                format!("its serial number is {serial}, and a table with {least} was taken before"),
            )),
            None => Err(Place::Table.fault(
                Refusal::Unsigned,
                format!(
                    "no signature states its serial number, and {least} is the least that is accepted; compile it \
                     with `--serial` and `--sign-key`"
                ),
            )),
        }
    }

    pub(super) fn index(&self) -> &Index {
        &self.index
    }

    /// The `because` of a rule or failover statement that some decision names.
    pub fn reason(&self, kind: &str, name: &str) -> Option<&str> {
        self.table.reasons.get(&format!("{kind} {name}"))?.as_deref()
    }

    /// The serial number that the signature states.
    pub fn serial(&self) -> Option<u64> {
        self.serial
    }

    /// The table as it was read.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// The SHA-256 that identifies the table: two tables with one digest decide alike.
    pub fn digest(&self) -> &str {
        &self.table.digest
    }

    /// The id of the trusted key that signed the table; none where no signature was asked for.
    pub fn signed_by(&self) -> Option<&str> {
        self.signed_by.as_deref()
    }
}

/// Reads any text as a table, and says what is wrong with it; and where the member `digest` stands.
pub(super) fn read(text: &str) -> Result<(Table, Range<usize>), LoadError> {
    let top = scan(text)?;
    // Another version has other keys, so its name is asked for first.
    if let Some(format) = top.format.and_then(|json| serde_json::from_str::<String>(json).ok())
        && format != FORMAT
    {
        return Err(faults::other_format(&format));
    }
    let table: Table = serde_json::from_str(text).map_err(|error| misread(text, &error))?;
    // The bytes are canonical and each key is known. What is left is a list where an object belongs.
    if quick::written_length(&table) == Some(text.len()) {
        Ok((table, top.digest.unwrap_or_default()))
    } else {
        Err(Place::Table.fault(Refusal::Type, "somewhere in it a list stands for an object"))
    }
}

/// What serde says of a table whose JSON is in order, with the place and without the words of Rust.
fn misread(text: &str, error: &serde_json::Error) -> LoadError {
    let said = error.to_string();
    let said = said.rsplit_once(" at line ").map_or(said.as_str(), |(said, _)| said);
    let refusal = match said.split('`').next().unwrap_or_default() {
        "missing field " => Refusal::MissingField,
        "unknown field " => Refusal::UnknownField,
        "unknown variant " => Refusal::Range,
        _ if said.starts_with("invalid value") => Refusal::Range,
        _ => Refusal::Type,
    };
    let what = match said.rsplit_once(", expected ") {
        None => said.to_owned(),
        Some((found, wanted)) => {
            let found = match found {
                "invalid type: sequence" => "invalid type: list",
                "invalid type: map" => "invalid type: object",
                other => other,
            };
            let wanted = match wanted {
                "u64" | "usize" => "a whole number",
                "a sequence" => "a list",
                "a map" => "an object",
                other => other,
            };
            format!("{found}, expected {wanted}")
        }
    };
    // Canonical JSON is one line, so the column counts all bytes.
    LoadError::new(refusal, place_at(text, error.column()), shown_up_to(MAX_MESSAGE, &what))
}

/// Refuses a table that is no longer valid.
fn expired(table: &Table, options: &LoadOptions) -> Result<(), LoadError> {
    let Some(today) = &options.as_of else { return Ok(()) };
    if !is_day(today) {
        return Err(
            Place::Table.fault(Refusal::Expired, "the current day that the loader was given is not a day")
        );
    }
    match &table.valid_until {
        Some(until) if today > until && !options.allow_expired => {
            let ends = table.ends.as_deref().unwrap_or_default();
            let what = format!(
                "it is valid through {until} ({}); compile the policy again",
                shown_up_to(MAX_ENDS_QUOTED, ends)
            );
            Err(Place::Table.key("valid_until").fault(Refusal::Expired, what))
        }
        _ => Ok(()),
    }
}
