//! How much is looked through to help, or to be quick: past these bounds a guess is not made, or the plain way is taken.

/// Sets of `process in` clauses that are tried for a smallest one: the smaller come first.
pub const PROCESS_SETS: usize = 2_000;

/// Blends of which what is known is shared: each holds some numbers for every model.
pub const SHARED_BLENDS: usize = 64;

/// Models of what ordinary requests try that are kept: who asks says where they go, and what is behind that.
pub const TRIED_KEPT: usize = 3;

/// Parts that a name may lack of another one that has all its own.
pub const PARTS_MISSING: usize = 3;

/// The longest text that is read as a quantity, in bytes: no quantity is longer.
pub const QUANTITY_BYTES: usize = 80;

/// The longest name that is looked at for a slip of the keyboard, in bytes.
pub const SLIP_BYTES: usize = 120;

/// Pairs of routes that stand in a fingerprint one by one.
pub const FINGERPRINT_ROUTES: usize = 100;

/// Findings of one kind about the same words that are looked through for a partner.
pub const ALIKE_FINDINGS: usize = 100;

/// Promises alike in something that are held against one that is gone.
pub const ALIKE_PROMISES: usize = 32;

/// The same of all of them.
pub const ALIKE_PROMISES_IN_ALL: usize = 4 * ALIKE_PROMISES;

/// Values of one thing that are gone through, and held beside each other.
pub const DOMAIN_VALUES: usize = 16;

/// Things whose values are gone through together.
pub const DOMAINS: usize = 4;

/// Promises of later days alike in something that are held against one that is gone.
pub const LATER_ALIKE_PROMISES: usize = 24;

/// Failover statements that are gone and are asked whom they led.
pub const FAILOVERS_ASKED: usize = 64;

/// Partners of a name that are looked at: of two it is not certain which.
pub const RENAME_PARTNERS: usize = 3;

/// A block of more bytes than this is not kept for its memory.
pub const SPARE_BLOCK_BYTES: usize = 4 * 1024 * 1024;

/// A text of more bytes with escapes in it says something: a few may be blanks.
pub const ESCAPED_BYTES: usize = 1024;

/// Deepest value that the quick reader of records takes; deeper ones are left to the other reader.
pub const QUICK_RECORD_DEPTH: usize = 16;

/// The longest text that may say nothing, in bytes: `[]`, `null` and blanks.
pub const NOTHING_BYTES: usize = 16;

/// So deep a document is looked into: `resourceSpans`, `scopeSpans`, `spans`, each a list in an object.
pub const FRAMES: usize = 6;

/// Names of such lists are no longer.
pub const FRAME_NAME_BYTES: usize = 32;

/// Rounds of fixes that are made however large a workspace is.
pub const LEAST_FIX_ROUNDS: usize = 3;

/// Decisions that a hover makes again: beyond it some milliseconds become many.
pub const DECISIONS_WITHOUT: usize = 80;

/// Use cases for which it makes them.
pub const USE_CASES_WITHOUT: usize = 30;

/// Texts of outages that are kept to be written again, in bytes.
pub const OUTAGES_KEPT: usize = 64 * 1024;

/// Bytes of a file in which ends of here-documents are looked for.
pub const HERE_BYTES: usize = 64 * 1024 * 1024;

/// Bytes behind a statement's beginning in which its own clauses are looked for.
pub const CLAUSES_READ: usize = 8 * 1024;

/// Bytes of a file in which the first name of a list is looked for.
pub const LIST_READ: usize = 64 * 1024;

/// The longest beginning of a statement for which text is tried, in bytes: repairs are for people's files.
pub const MEND_BYTES: usize = 8 * 1024;

/// The longest condition that is joined to another one in help, in bytes.
pub const JOINED_BYTES: usize = 80;

/// Unknown keys of a map that are compared with one that lacks.
pub const MISSPELT_KEYS: usize = 8;

/// Pairs of words that are compared to find a key that stands elsewhere.
pub const WORDS_COMPARED: usize = 100_000;

/// Deepest nesting that the quick reader of YAML takes; past these three the library reads the file, up to its own
/// limits.
pub const QUICK_YAML_DEPTH: usize = 16;

/// Longest key that it takes, in bytes.
pub const QUICK_YAML_KEY: usize = 1_000;

/// Longest plain text that it takes, in bytes.
pub const QUICK_YAML_TEXT: usize = 100_000;

/// The longest map without its braces that is known again, in bytes.
pub const UNBRACED_BYTES: usize = 200;

/// Tokens that are looked at behind the first of a clause outside of a block.
pub const OUTSIDE_TOKENS: usize = 400;

/// The longest name that is looked for before a key in scanned code, in bytes.
pub const NAME_BEFORE_KEY_BYTES: usize = 80;
