//! Public keys as `minisign -G` writes them.

use std::fmt;
use std::str::FromStr;

use minisign_verify::PublicKey;

use super::base64;

/// How many bytes a public key, a secret key and a signature have before they are base64.
const PUBLIC_BYTES: usize = 42;
const SECRET_BYTES: usize = 158;
const SIGNATURE_BYTES: usize = 74;

/// A public key whose signatures are trusted: of minisign, read with `parse` from its `.pub` file, or from the second
/// line of that alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedKey {
    pub(super) key: PublicKey,
    pub(super) id: String,
}

impl TrustedKey {
    /// What minisign calls the key: 16 hexadecimal digits.
    pub fn id(&self) -> &str {
        &self.id
    }
}

/// Why a text is not a public key: lower case, no final period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyError(String);

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for KeyError {}

impl FromStr for TrustedKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let mut lines = text.lines();
        let mut line = lines.next().unwrap_or_default();
        if line.starts_with("untrusted comment:") {
            line = lines.next().unwrap_or_default();
        }
        let line = line.trim();
        let bytes = base64::decode(line).unwrap_or_default();
        let what = match bytes.len() {
            PUBLIC_BYTES => None,
            // Quotes nothing of what must not be shown.
            SECRET_BYTES => Some("this is a secret key, which belongs only where tables are signed"),
            SIGNATURE_BYTES => Some("this is a signature"),
            _ => Some("this is not a public key of minisign"),
        };
        let refused = |what: &str| {
            KeyError(format!("{what}; give the `.pub` file that `minisign -G` made, or its second line"))
        };
        if let Some(what) = what {
            return Err(refused(what));
        }
        let key = PublicKey::from_base64(line)
            .map_err(|_| refused("this is a public key of a kind that minisign does not make"))?;
        let id = key_id(&bytes).ok_or_else(|| refused("this is not a public key of minisign"))?;
        Ok(Self { key, id })
    }
}

/// The id that stands in a key or a signature after two bytes that name the algorithm.
pub(super) fn key_id(bytes: &[u8]) -> Option<String> {
    let id: [u8; 8] = bytes.get(2..10)?.try_into().ok()?;
    Some(format!("{:016X}", u64::from_le_bytes(id)))
}
