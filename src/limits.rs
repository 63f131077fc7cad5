//! Every maximum and its reason. Passing one is a finding with a position, never a crash or a hang.
//!
//! What is looked through for help or speed, what other programs take, and what people are shown stand below: past
//! those bounds nothing is refused.

pub mod effort;
pub mod gateways;
pub mod shown;

/// Largest file that is read, in bytes: an estate of 100,000 use cases takes some 90 MB.
pub const MAX_FILE_BYTES: u64 = 256 * 1024 * 1024;

/// Longest message of an editor, in bytes: it carries one open file, and one that people edit is far smaller.
pub const MAX_MESSAGE_BYTES: u64 = 64 * 1024 * 1024;

/// Longest header of an editor's message, in bytes; one has some 60.
pub const MAX_MESSAGE_HEADER_BYTES: u64 = 4 * 1024;

/// Largest decision table that is read, in bytes; the loader takes no more either.
pub const MAX_TABLE_BYTES: u64 = 256 * 1024 * 1024;

/// Largest key or signature that is read, in bytes: each is a few lines.
pub const MAX_KEY_BYTES: u64 = 64 * 1024;

/// Most bytes of all files of a workspace together: four of the largest.
pub const MAX_WORKSPACE_BYTES: u64 = 4 * MAX_FILE_BYTES;

/// Most files of a workspace: one for each use case of a very large estate.
pub const MAX_WORKSPACE_FILES: usize = 100_000;

/// Most entries of folders that are looked at for files of one kind: a small revision can unfold into billions of paths.
pub const MAX_FOLDER_ENTRIES: usize = 1_000_000;

/// Deepest nesting of folders in a workspace.
pub const MAX_FOLDER_DEPTH: usize = 64;

/// Most files in a workspace's folders that are named as not read: after so many, more do not help.
pub const MAX_IGNORED_FILES: usize = 100;

/// Most entries of folders that are looked at for a workspace near by, and for a folder whose name is misspelt.
pub const MAX_LOOKED_AT: usize = 10_000;

/// Largest policy file, in bytes: far above any that people write, and it bounds the parser's memory.
pub const MAX_POLICY_BYTES: usize = 16 * 1024 * 1024;

/// Deepest nesting of parentheses, brackets, braces and `not` in a policy: pest recurses, so this is checked before it runs.
pub const MAX_POLICY_NESTING: usize = 64;

/// The most regions that lie one within the other, the outermost counted.
pub const MAX_REGION_NESTING: usize = 8;

/// Deepest nesting in YAML: our documents need eight.
pub const MAX_YAML_DEPTH: usize = 32;

/// Most nodes in one YAML file: 100,000 use cases have some 6 million.
pub const MAX_YAML_NODES: usize = 20_000_000;

/// Most aliases that are followed in one YAML file; each copies its anchor.
pub const MAX_YAML_ALIASES: usize = 1_000;

/// Most bytes that aliases may add to the texts of one YAML file.
pub const MAX_YAML_UNFOLDED_BYTES: usize = 16 * 1024 * 1024;

/// Most faults that a schema finds in one file before those that are shown are chosen: the first by place.
pub const MAX_SCHEMA_FAULTS: usize = 2_000;

/// Most facts and settings that a provider hands down to its models, all together: each model has its own copy, and 2,500
/// models with two hundred each are far more than anybody writes.
pub const MAX_HANDED_DOWN: usize = 500_000;

/// Most findings that reading one file gives: after this many, more do not help.
pub const MAX_FINDINGS_PER_FILE: usize = 100;

/// Most contexts of one use case that have to be decided apart: values that every statement treats alike count once.
pub const MAX_CONTEXTS: usize = 100_000;

/// Most cells that a decision table has for one use case: it lists every value of a fact that decides something, so that
/// gateways look a decision up by an index alone. Two such tables can still be compared.
pub const MAX_CELLS: usize = 500_000;

/// Most cells that a decision table has for all use cases together: some tens of megabytes.
pub const MAX_CELLS_TOGETHER: usize = 10_000_000;

/// Most contexts of all use cases together that have to be decided apart: each takes some hundred bytes, and 20,000
/// use cases with a hundred each are still decided.
pub const MAX_CONTEXTS_TOGETHER: usize = 2_000_000;

/// Most facts of all use cases together, beyond the few that any number of use cases may have: a hundred facts for
/// thousands of use cases, or five hundred for as many.
pub const MAX_FACTS_TOGETHER: usize = 250_000;

/// Most use cases that are all checked where one of them is asked about, which takes no time that a person notices.
pub const MAX_CHECKED_FOR_ONE: usize = 500;

/// Most sets of statements that conflict, of one kind, of which each is a finding; the last says that there are more.
pub const MAX_AMBIGUOUS_SETS: usize = 500;

/// Most circles that are shown of one kind: a dense graph has exponentially many.
pub const MAX_CIRCLES: usize = 100;

/// Most combinations of providers down that `outages` works out: two of 140 providers, three of 38.
pub const MAX_OUTAGE_COMBINATIONS: usize = 10_000;

/// Most `test` statements that `test --suggest` writes at once: a person confirms each of them.
pub const MAX_SUGGESTIONS: usize = 200;

/// Most contexts of one use case that two sides may have together: each has at most [`MAX_CONTEXTS`], and other facts
/// or thresholds on each side multiply.
pub const MAX_COMPARED_CONTEXTS: usize = 1_000_000;

/// Most contexts that two sides are gone through together for, over all use cases that differ: some tenth of a second for
/// each million.
pub const MAX_COMPARED_CONTEXTS_IN_ALL: usize = 4_000_000;

/// Most decisions of two sides that are held against each other, one pair for all contexts and use cases that have the
/// two: some ten microseconds each. Past it use cases are not compared.
pub const MAX_COMPARED_PAIRS: usize = 30_000;

/// So many for each use case are held against each other however many there are.
pub const PAIRS_FOR_EACH: usize = 20;

/// Most times that `diff` decides a world again to see which difference makes a change.
pub const MAX_CAUSE_TRIALS: usize = 1000;

/// Most entries and statements that are read again and use cases that are decided again for that, over all times: for a
/// small workspace enough to try every difference, for one of a megabyte some tenths of a second.
pub const MAX_CAUSE_WORK: usize = 10_000;

/// Most times that `diff` decides a world again to see which dropped promise has no effect.
pub const MAX_LATENT_TRIALS: usize = 50;

/// Most models, use cases and statements that are read again for that, over all times.
pub const MAX_LATENT_WORK: usize = 20_000;

/// Most approvals of new models that `diff` holds against models of their providers that are gone, each against every one;
/// of more it says that they are not compared.
pub const MAX_SUCCESSION_WORK: usize = 200_000;

/// Most use cases, or contexts where a request has a say, of which `diff` asks whether budgets cover them; of more it says
/// that they are not compared.
pub const MAX_COVERAGE_WORK: usize = 500_000;

/// Most contexts, over all promises, in which `diff` looks whether a use case is still promised what it was; of more the
/// promise counts as lost.
pub const MAX_LATENT_CONTEXTS: usize = 50_000;

/// Most parts of promises that `diff` holds against each other to see which is only stricter now; past it a promise that is
/// written otherwise counts as gone.
pub const MAX_LATENT_COMPARED: usize = 2_000_000;

/// Most entries that are read and decided again on later days, to see what a change does then: a small estate is compared
/// on several hundred days.
pub const MAX_LATER_WORK: usize = 100_000;

/// So many later days are compared where both sides are larger, as far as that is no more than [`MOST_LATER_WORK`].
pub const LEAST_LATER_DAYS: usize = 40;

/// Most of that for sides of any size: some tenths of a second, ten days of four thousand models with days of their own.
pub const MOST_LATER_WORK: usize = 250_000;

/// Most times that a workspace is made and decided again to see what ends with a certification, an agreement, evidence, a
/// model or a statement.
pub const MAX_TRIALS: usize = 200;

/// Most entries and statements that are read again for that, over all times; past it whatever may rest on an ending is
/// named.
pub const MAX_TRIAL_WORK: usize = 20_000;

/// Most differences that are named for a change where there are too many to try them.
pub const MAX_CAUSES_UNTRIED: usize = 20;

/// Most models in a failover graph that no link touches, together with those that one does: what nothing leads to only
/// fills the picture.
pub const MAX_BYSTANDERS: usize = 60;

/// Most models and most links that are drawn as SVG: past this nobody can read it, and placing it takes long.
pub const MAX_DRAWN: usize = 1_000;

/// Largest object that is no file, in bytes: a folder of a hundred thousand files takes some 6 MB.
pub const MAX_STRUCTURE_BYTES: u64 = 16 * 1024 * 1024;

/// Largest of the small files that lead to a repository, in bytes: each is a path.
pub const MAX_POINTER_BYTES: u64 = 64 * 1024;

/// Most steps of holding files against the patterns of `.gitattributes`: five hundred patterns and a thousand files.
pub const MAX_ATTRIBUTE_WORK: usize = 100_000_000;

/// The longest statement, in bytes: far above any that people write, and the parser needs some 250
/// times as much memory while it reads one.
pub const MAX_STATEMENT_BYTES: usize = 1024 * 1024;

/// Most links that are followed one after the other.
pub const MAX_LINKS: usize = 40;

/// Most steps of the search for circles beyond the first of each kind: a dense graph has exponentially many paths.
pub const MAX_CIRCLE_STEPS: usize = 2_000_000;

/// Most pairs of models that are compared to say why wishes change no order; past it no reason is given, and the rules are
/// named all the same.
pub const MAX_PAIRS_COMPARED: usize = 200_000;

/// Most use cases that the findings of one kind name together, besides the first of each; past it they count them.
pub const MAX_NAMED: usize = 100_000;

/// Most sums that findings of one kind show besides the first of each; past it they count them.
pub const MAX_SUMS_SHOWN: usize = 10_000;

/// Most use cases that the sums of all budgets together go through, where each covers other ones; a forecast past it is
/// said not to be worked out.
pub const MAX_SUMMED: usize = 200_000;

/// So many for each use case are gone through however many there are.
pub const SUMMED_FOR_EACH: usize = 20;

/// Most times that statements are asked in contexts that have to be decided apart, over all use cases.
pub const MAX_ASKED: usize = 5_000_000;

/// So many times for each use case statements are asked however many there are.
pub const ASKED_FOR_EACH: usize = 2_000;

/// The longest number that is read, in digits: longer ones are refused before they cost time.
pub const MAX_DIGITS: usize = 60;

/// The largest power of ten in scientific notation.
pub const MAX_EXPONENT: i32 = 60;

/// The longest denominator of a sum, in bits. Sums are exact below it, as those of all prices with decimals are; only
/// thousands of prices over different large primes come above it, and such a sum is rounded to so many binary digits.
pub const MAX_SUM_BITS: u64 = 1024;

/// Most names that one reading compares with names that do not exist, to say which was meant: past it help lists names.
pub const MAX_NAMES_COMPARED: usize = 300_000;

/// Most pairs of lines between two places where the layout agrees that `fmt --diff` compares; past it they are shown as
/// taken out and put in.
pub const MAX_LINES_COMPARED: usize = 1_000_000;

/// The longest expression of an imported file, in bytes: people write a line.
pub const MAX_IMPORTED_EXPRESSION: usize = 4096;

/// Deepest nesting of parentheses and `not` in one.
pub const MAX_IMPORTED_NESTING: usize = 32;

/// Largest file that is imported, in bytes: configurations of gateways have some hundred kilobytes.
pub const MAX_IMPORTED_BYTES: u64 = 16 * 1024 * 1024;

/// Most use cases, models or rules that one import writes.
pub const MAX_IMPORTED_ENTRIES: usize = 10_000;

/// Largest record of a log, in bytes: a batch of spans or a page of usage with long prompts in it.
pub const MAX_RECORD_BYTES: usize = 16 * 1024 * 1024;

/// Most comparisons that conditions of one import come to, once each excludes those before it.
pub const MAX_IMPORTED_TESTS: usize = 100_000;

/// Most ways that requests of one imported use case may go.
pub const MAX_IMPORTED_ROUTES: usize = 100;

/// Most targets that chance may pick on one of these ways.
pub const MAX_IMPORTED_PICKS: usize = 20;

/// Most steps that all failover chains of one import have together.
pub const MAX_IMPORTED_LINKS: usize = 100_000;

/// Most times that rules, keys and providers are gone through for the names of one import.
pub const MAX_IMPORTED_WORK: usize = 1_500_000;

/// The longest value that an imported condition compares with, in bytes.
pub const MAX_IMPORTED_VALUE: usize = 200;

/// Most models that one imported chain of fallbacks has.
pub const MAX_IMPORTED_STEPS: usize = 200;

/// Most files that an imported configuration includes.
pub const MAX_INCLUDED_FILES: usize = 100;

/// Most parts of one configuration of Envoy that budgets and quotas come to: each takes more than a kilobyte while it is
/// made.
pub const MAX_EXPORTED_LIMITS: usize = 150_000;

/// Most tables whose parts an export for Envoy keeps beside its own, for connections that were opened by them: an idle one
/// lives for ten minutes, and each table is as large as the new one.
pub const MAX_KEPT_TABLES: usize = 4;

/// Longest time to the first byte that an export takes, in seconds: timers of some gateways hold no more than 24 days.
pub const MAX_FIRST_BYTE_SECONDS: u32 = 1_000_000;

/// Largest catalogue that is read, in bytes: the largest known has 3 MB.
pub const MAX_CATALOGUE_BYTES: u64 = 64 * 1024 * 1024;

/// Most combinations of month, use case, provider, model and tags that spending is kept apart by.
pub const MAX_LEDGER_ENTRIES: usize = 500_000;

/// Most combinations of month and use case that requests in logs are counted by for `review`; past it they are counted
/// without a name.
pub const MAX_TRAFFIC_ENTRIES: usize = 200_000;

/// Most events that are remembered to find those that logs hold twice: a power of two, 16 bytes each. Past it the
/// earlier ones are forgotten, and how many is said.
pub const MAX_SEEN_EVENTS: usize = 2 * 1024 * 1024;

/// Largest source file that `scan` looks into, in bytes: larger ones are data.
pub const MAX_SCANNED_BYTES: u64 = 8 * 1024 * 1024;

/// Most hits in one file that `scan` reports.
pub const MAX_SCANNED_HITS: usize = 10_000;

/// Most rounds of fixes: one finding hides others, and five kinds of them one behind the other are many.
pub const MAX_FIX_ROUNDS: usize = 20;

/// Most times that a fix is tried alone because together with others it made things worse.
pub const MAX_FIX_TRIALS: usize = 100;

/// Most bytes of the workspace that are read again to try fixes, over all times: for a small workspace all of them are
/// tried.
pub const MAX_FIX_BYTES: usize = 4 * 1024 * 1024;

/// Deepest nesting of rules in a catalogue: those of genai-prices have two levels. A deeper rule is left out.
pub const MAX_CATALOGUE_RULES: usize = 16;

/// Most work and memory that opening a signing key may ask for, as a power of two: what minisign itself asks for, 1
/// GiB.
pub const MAX_KEY_LOG_N: u8 = 20;

/// Most lanes that opening one may ask for.
pub const MAX_KEY_PARALLEL: u64 = 16;

/// Longest name that an editor may give to something, in bytes, as in the schemas.
pub const MAX_NAME_BYTES: usize = 200;

/// The largest whole number that a table can hold, and that every reader of JSON has exactly: what counts past it
/// says "at least".
pub const MAX_WHOLE: u64 = (1 << 53) - 1;

/// Longest number of money in an event, in digits: a price has some fifteen.
pub const MAX_MONEY_DIGITS: usize = 30;

/// Longest first line of git's answer about an object, in bytes: an id, a kind and a length.
pub const MAX_OBJECT_HEAD_BYTES: u64 = 1024;
