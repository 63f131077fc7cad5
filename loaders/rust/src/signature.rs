//! The signature beside a table: minisign's, over the bytes of the file.
//!
//! The bytes hold the digest, so that a signature vouches for the digest and for the form that it was written in.

pub mod base64;
mod key;
mod read;

use crate::limits::MAX_DIGEST_QUOTED;
use std::ops::Range;

use minisign_verify::Error;

use super::canonical::sha256_hex_of;
use super::error::{LoadError, Refusal, shown_up_to};
use super::format::FORMAT;
use super::load::LoadOptions;
use super::place::Place;
use super::scan::scan;

pub use key::{KeyError, TrustedKey};

/// The trusted comment of a signature that `compile` makes: what it is of, so that the signature of one table is not
/// taken for that of another, and its serial number, where it has one. It has no time in it, so that equal tables have
/// equal signatures.
pub fn trusted_comment(digest: &str, serial: Option<u64>) -> String {
    let serial = serial.map(|serial| format!("\tserial:{serial}")).unwrap_or_default();
    format!("format:{FORMAT}\tdigest:{digest}{serial}")
}

/// The serial number that a trusted comment states: digits without needless zeros; none where it states none, or
/// something else.
fn named_serial(comment: &str) -> Option<u64> {
    let text = comment.split('\t').find_map(|field| field.strip_prefix("serial:"))?;
    text.parse::<u64>().ok().filter(|serial| serial.to_string() == text)
}

/// The digest that a trusted comment names; one that minisign made by itself names none.
fn named_digest(comment: &str) -> Option<&str> {
    comment.split('\t').find_map(|field| field.strip_prefix("digest:"))
}

/// A signature that fits.
#[derive(Debug)]
pub(super) struct Signed {
    /// The id of the key that made it.
    pub(super) key_id: String,
    /// The serial number that it states, if it states one.
    pub(super) serial: Option<u64>,
    /// The digest that it names, if it names one.
    digest: Option<String>,
}

/// Checks the signature of a table's bytes.
///
/// Without trusted keys a table needs no signature. With one, a table without a signature is refused unless that is
/// allowed: a bundle from which somebody took the signature must not pass for one that never had any.
pub(super) fn check(
    bytes: &[u8],
    signature: Option<&[u8]>,
    options: &LoadOptions,
) -> Result<Option<Signed>, LoadError> {
    let keys: &[TrustedKey] = &options.trusted_keys;
    let refused = |what: String| Place::Table.fault(Refusal::Signature, what);
    let signature = match (signature, keys) {
        (None, []) => return Ok(None),
        (None, _) if options.allow_unsigned => return Ok(None),
        (None, _) => return Err(Place::Table.fault(Refusal::Unsigned, MISSING)),
        (Some(_), []) => return Err(Place::Table.fault(Refusal::Key, NO_KEY)),
        (Some(signature), _) => read::read(signature).map_err(refused)?,
    };
    let with_its_id: Vec<&TrustedKey> = keys.iter().filter(|key| key.id == signature.key_id).collect();
    if with_its_id.is_empty() {
        return Err(Place::Table.fault(Refusal::Key, wrong_key(&signature.key_id, keys)));
    }
    let checked = with_its_id.iter().map(|key| key.key.verify(bytes, &signature.parsed, false));
    match checked.reduce(Result::or) {
        Some(Ok(())) => {
            let comment = signature.parsed.trusted_comment();
            let digest = named_digest(comment).map(str::to_owned);
            Ok(Some(Signed { serial: named_serial(comment), key_id: signature.key_id, digest }))
        }
        Some(Err(Error::UnexpectedAlgorithm)) => Err(refused(OLD_FORM.to_owned())),
        _ => Err(refused(misfit(bytes, &signature, &with_its_id))),
    }
}

const MISSING: &str = "it has no signature, and with a trusted key only signed tables are loaded; put the `.sig` file \
                       that `govctl compile --sign-key` writes beside it";

const NO_KEY: &str = "it has a signature and there is no trusted key to check it with; give the public key of whoever \
                      signs";

const OLD_FORM: &str = "its signature has minisign's old form, which is not accepted; sign it again without \
                        `minisign -l`";

const CHANGED: &str = "its signature does not fit: the table or the signature was changed after it was signed; fetch \
                       both again, or compile and sign the policy again";

impl Signed {
    /// A signature that names a digest names that of its table.
    pub(super) fn check_digest(&self, digest: &str) -> Result<(), LoadError> {
        match &self.digest {
            Some(named) if named != digest => {
                Err(Place::Table.fault(Refusal::Signature, other_table(named, digest)))
            }
            _ => Ok(()),
        }
    }
}

fn wrong_key(id: &str, keys: &[TrustedKey]) -> String {
    let trusted: Vec<String> = keys.iter().map(|key| format!("`{}`", key.id)).collect();
    let trusted = match trusted.as_slice() {
        [only] => format!("the trusted key is {only}"),
        several => format!("the trusted keys are {}", several.join(", ")),
    };
    format!(
        "its signature was made with the key `{id}`, and {trusted}; trust that key if it is yours, or sign the table \
         with one that is trusted"
    )
}

fn other_table(named: &str, digest: &str) -> String {
    format!(
        "its signature is of another table: it names `{}`, and this one is `{}`; take both files of one `govctl \
         compile`",
        shown_up_to(MAX_DIGEST_QUOTED, named),
        shown_up_to(MAX_DIGEST_QUOTED, digest)
    )
}

/// Why a signature with a trusted key's id does not fit. It is refused whatever this says: none of what is read here
/// is vouched for.
fn misfit(bytes: &[u8], signature: &read::Read, keys: &[&TrustedKey]) -> String {
    let Some((digest, fits)) = content_digest(bytes) else {
        return CHANGED.to_owned();
    };
    let named = named_digest(signature.parsed.trusted_comment());
    if let Some(restored) =
        signature.with_comment(&trusted_comment(&digest, named_serial(signature.parsed.trusted_comment())))
        && keys.iter().any(|key| key.key.verify(bytes, &restored, false).is_ok())
    {
        return "the trusted comment of its signature was changed after it was signed; fetch the signature again"
            .to_owned();
    }
    match named {
        Some(named) if fits && named != digest => other_table(named, &digest),
        _ => CHANGED.to_owned(),
    }
}

/// The digest of a table's content, and whether the table says the same; none where it is no canonical JSON.
fn content_digest(bytes: &[u8]) -> Option<(String, bool)> {
    let text = std::str::from_utf8(bytes).ok()?;
    let top = scan(text).ok()?;
    let member = top.digest.unwrap_or_default();
    let digest = format!("sha256:{}", digest_beside(text, &member));
    let member = text.get(member).unwrap_or_default();
    let fits = member.contains(&digest);
    Some((digest, fits))
}

/// The digest of the text without its member `digest`: canonical JSON without one member is canonical.
pub(super) fn digest_beside(text: &str, member: &Range<usize>) -> String {
    let bytes = text.as_bytes();
    let before = bytes.get(..member.start).unwrap_or_default();
    let after = bytes.get(member.end..).unwrap_or_default();
    sha256_hex_of(&[before, after])
}
