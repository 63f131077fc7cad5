//! A name for a change that stays the same while the change does, whatever else a pull request does.

use sha2::{Digest, Sha256};

use super::change::Compared;

/// How many hexadecimal digits it has.
const DIGITS: usize = 16;

/// The fingerprint of what differs for a use case: its kinds and routes, not the contexts, which another fact would
/// multiply.
pub fn fingerprint(use_case: &str, compared: &Compared) -> String {
    let mut hash = Sha256::new();
    let mut part = |text: &str| {
        hash.update(text.len().to_le_bytes());
        hash.update(text);
    };
    part(use_case);
    for detail in &compared.details {
        part(detail.kind.name());
    }
    for (old, new) in &compared.routes {
        part(&old.join(" "));
        part(&new.join(" "));
    }
    for duty in &compared.duties {
        part(duty);
    }
    for gain in [&compared.gained, &compared.lost] {
        part(&gain.words().join("; "));
    }
    let digits: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    digits.chars().take(DIGITS).collect()
}
