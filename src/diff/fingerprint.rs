//! A name for a change that stays the same while the change does, whatever else a pull request does.

use sha2::{Digest, Sha256};

use super::change::Compared;
use crate::source::hex;

/// How many hexadecimal digits it has.
const DIGITS: usize = 16;

/// The fingerprint of what differs for a use case: its kinds and routes, in which contexts, and where requests newly go.
pub fn fingerprint(use_case: &str, compared: &Compared) -> String {
    let mut parts = vec![use_case.to_owned()];
    parts.extend(compared.details.iter().map(|detail| detail.kind.name().to_owned()));
    parts.extend(compared.routes.iter().cloned());
    parts.extend(compared.duties.iter().cloned());
    parts.extend([&compared.gained, &compared.lost].map(|gain| gain.words().join("; ")));
    parts.push(compared.extent.bound.clone());
    of(&parts)
}

/// The fingerprint of some texts, in their order.
pub fn of<'a>(parts: impl IntoIterator<Item = &'a String>) -> String {
    whole(parts).chars().take(DIGITS).collect()
}

/// What stands for many texts, in their order.
pub(super) fn whole<'a>(parts: impl IntoIterator<Item = &'a String>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    hex(&hash.finalize())
}
