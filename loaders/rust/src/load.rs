//! Loading: every check of docs/table.md, and the whole table is refused on any fault.

use super::day::is_day;
use super::error::{LoadError, shown_up_to};
use super::faults;
use super::format::{FORMAT, Table};
use super::index::Index;
use super::place::Place;
use super::scan::{Top, place_at, scan};
use super::signature::{self, TrustedKey, digest_beside};

/// The largest table that is read, in bytes: one of 100,000 use cases takes some 60 MB.
const MAX_BYTES: usize = 256 << 20;

/// The longest message about a value of the wrong kind, in characters.
const MAX_MESSAGE: usize = 300;

/// How to load.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct LoadOptions {
    /// The current day, `YYYY-MM-DD`: the library reads no clock. None: whether the table has expired is **not**
    /// checked.
    pub today: Option<String>,
    /// Load a table whose `valid_until` has passed all the same.
    pub allow_expired: bool,
    /// Whose signatures count: one of them suffices, so that a key can be replaced by another without a gap. Empty: no
    /// signature is asked for. With a key a table without a signature is refused.
    pub trusted_keys: Vec<TrustedKey>,
}

impl LoadOptions {
    /// Refuses a table that is no longer valid on a day.
    pub fn at(today: impl Into<String>) -> Self {
        Self { today: Some(today.into()), ..Self::default() }
    }

    /// Loads only what this key signed, or another one that is trusted.
    #[must_use]
    pub fn trusting(mut self, key: TrustedKey) -> Self {
        self.trusted_keys.push(key);
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
/// let primary = decision.targets().primary().map(|target| target.model().id.as_str());
/// assert_eq!(primary, Some("azure-eu/gpt-4o-mini"));
///
/// // What is down is the gateway's knowledge, and it says so by model.
/// let outcome = table.decide_with_outages(&request, |model| model.provider == "azure-eu");
/// assert!(matches!(outcome, Outcome::Route(target) if target.model().provider == "anthropic"));
///
/// // What is not understood is blocked.
/// assert!(table.decide(&Request::of("no-such-use-case")).targets().is_empty());
/// # Ok(())
/// # }
/// ```
///
/// A gateway takes a new table while it serves, and keeps the one it has where the new one is refused: because it is
/// broken, no longer valid, or not signed by whom the gateway trusts.
///
/// ```
/// use std::sync::{Arc, PoisonError, RwLock};
///
/// use govctl_table::{DecisionTable, LoadError, LoadOptions, Request, TrustedKey};
///
/// /// The table in use, and whose tables may follow it.
/// struct Live {
///     table: RwLock<Arc<DecisionTable>>,
///     trusted: TrustedKey,
/// }
///
/// impl Live {
///     /// The table for one request, or for a batch that must be decided alike.
///     fn table(&self) -> Arc<DecisionTable> {
///         Arc::clone(&self.table.read().unwrap_or_else(PoisonError::into_inner))
///     }
///
///     /// Loads beside the table in use, and changes over only once nothing can fail any more. Without a signature file
///     /// `signature` is none, and the table is refused.
///     fn reload(&self, bytes: &[u8], signature: Option<&[u8]>, today: &str) -> Result<(), LoadError> {
///         let options = LoadOptions::at(today).trusting(self.trusted.clone());
///         let table = match signature {
///             Some(signature) => DecisionTable::from_signed_slice(bytes, signature, &options)?,
///             None => DecisionTable::from_slice(bytes, &options)?,
///         };
///         *self.table.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(table);
///         Ok(())
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # macro_rules! file { ($name:literal) => { concat!(env!("CARGO_MANIFEST_DIR"), "/", $name) } }
/// # let bytes: &[u8] = include_bytes!(file!("tests/signing/table.json"));
/// # let signature: &[u8] = include_bytes!(file!("tests/signing/table.json.sig"));
/// # let public_key = include_str!(file!("tests/signing/ci.pub"));
/// let trusted: TrustedKey = public_key.parse()?;
/// let options = LoadOptions::at("2026-11-21").trusting(trusted.clone());
/// let first = DecisionTable::from_signed_slice(bytes, signature, &options)?;
/// let live = Live { table: RwLock::new(Arc::new(first)), trusted };
/// let before = live.table();
///
/// // Broken, not signed, signed but no longer valid: each is refused, and the old table goes on answering.
/// assert!(live.reload(b"{}", Some(signature), "2026-11-22").is_err());
/// assert!(live.reload(bytes, None, "2026-11-22").is_err());
/// assert!(live.reload(bytes, Some(signature), "2099-01-01").is_err());
/// assert!(Arc::ptr_eq(&before, &live.table()));
/// assert!(!live.table().decide(&Request::of("support.reply")).targets().is_empty());
///
/// // One that is in order takes its place; who still decides by the old one keeps it until then.
/// live.reload(bytes, Some(signature), "2026-11-22")?;
/// assert!(!Arc::ptr_eq(&before, &live.table()));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct DecisionTable {
    pub(super) table: Table,
    pub(super) index: Index,
    signed_by: Option<String>,
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
    /// another format, that no trusted key made, or that is not of these bytes.
    pub fn from_signed_slice(
        bytes: &[u8],
        signature: &[u8],
        options: &LoadOptions,
    ) -> Result<Self, LoadError> {
        Self::load(bytes, Some(signature), options)
    }

    fn load(bytes: &[u8], signature: Option<&[u8]>, options: &LoadOptions) -> Result<Self, LoadError> {
        if bytes.len() > MAX_BYTES {
            return Err(Place::Table.fault(format!("it is larger than {MAX_BYTES} bytes")));
        }
        let signed = signature::check(bytes, signature, &options.trusted_keys)?;
        let text = std::str::from_utf8(bytes).map_err(|error| {
            Place::Table.fault(format!("it is not UTF-8 at byte {}", error.valid_up_to()))
        })?;
        let top = scan(text)?;
        let table = read(text, &top)?;
        let digest = format!("sha256:{}", digest_beside(text, &top));
        if digest != table.digest {
            let what = "it does not fit the content: the table was changed after it was compiled";
            return Err(Place::Table.key("digest").fault(what));
        }
        if let Some(signed) = &signed {
            signed.check_digest(&table.digest)?;
        }
        faults::check(&table)?;
        expired(&table, options)?;
        Ok(Self { index: Index::new(&table), table, signed_by: signed.map(|signed| signed.key_id) })
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

/// Reads canonical JSON as a table.
fn read(text: &str, top: &Top) -> Result<Table, LoadError> {
    // Another version has other keys, so its name is asked for first.
    if let Some(format) = top.format.and_then(|json| serde_json::from_str::<String>(json).ok())
        && format != FORMAT
    {
        return Err(faults::other_format(&format));
    }
    let table: Table = serde_json::from_str(text).map_err(|error| misread(text, &error))?;
    // The bytes are canonical and each key is known. What is left is that serde reads a list where an object belongs,
    // and takes its items for the values in order: without their keys, so that it is shorter than the table.
    let same = serde_json::to_string(&table).is_ok_and(|written| written.len() == text.len());
    if same { Ok(table) } else { Err(Place::Table.fault("somewhere in it a list stands for an object")) }
}

/// What serde says of a table whose JSON is in order, with the place and without the words of Rust.
fn misread(text: &str, error: &serde_json::Error) -> LoadError {
    let said = error.to_string();
    let said = said.rsplit_once(" at line ").map_or(said.as_str(), |(said, _)| said);
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
    LoadError::new(place_at(text, error.column()), shown_up_to(MAX_MESSAGE, &what))
}

/// Refuses a table that is no longer valid.
fn expired(table: &Table, options: &LoadOptions) -> Result<(), LoadError> {
    let Some(today) = &options.today else { return Ok(()) };
    if !is_day(today) {
        return Err(Place::Table.fault("the current day that the loader was given is no day"));
    }
    match &table.valid_until {
        Some(until) if today > until && !options.allow_expired => {
            let what =
                format!("something that a target rests on ended after {until}; compile the policy again");
            Err(Place::Table.key("valid_until").fault(what))
        }
        _ => Ok(()),
    }
}
