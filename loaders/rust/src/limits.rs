//! Every maximum of the loader. The compiler has its own: the two share nothing that both have to get right.

/// The longest text of a table that a message quotes, in characters.
pub(crate) const MAX_QUOTED: usize = 60;

/// The largest table that is read, in bytes: one of 100,000 use cases takes some 60 MB.
pub(crate) const MAX_TABLE_BYTES: usize = 256 << 20;

/// The longest text of what ends that a message quotes, in characters.
pub(crate) const MAX_ENDS_QUOTED: usize = 200;

/// The longest message about a value of the wrong kind, in characters.
pub(crate) const MAX_MESSAGE: usize = 300;

/// The longest whole number that the quick reader takes, in digits.
pub(crate) const MAX_DIGITS: usize = 16;

/// The first whole number that not every language reads exactly.
pub(crate) const BEYOND_EXACT: u64 = 1 << 53;

/// Deepest nesting: a table needs six, and an `endpoint` or `profile` is as deep as YAML may be.
pub(crate) const MAX_DEPTH: usize = 64;

/// The longest digest that a message quotes, in characters: a SHA-256 whole.
pub(crate) const MAX_DIGEST_QUOTED: usize = 71;

/// The longest signature file, in bytes: minisign's comments end long before.
pub(crate) const MAX_SIGNATURE_BYTES: usize = 16 << 10;
