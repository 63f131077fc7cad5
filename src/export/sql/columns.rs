//! The columns of the events that the view reads.

use std::collections::BTreeSet;

use crate::render::markdown::code;
use crate::table::format::Table;

/// A column: its name, its type, and what it is.
pub(super) type Column = (String, &'static str, String);

/// The columns of `govctl_events`.
pub(super) struct Columns {
    /// All, in their order.
    pub(super) all: Vec<Column>,
    /// Facts with their columns, by name.
    pub(super) facts: Vec<(String, String)>,
    /// Shares that some decision depends on: the attribute and its column.
    pub(super) shares: Vec<(String, String)>,
}

/// What a text column is.
pub(super) const TEXT: &str = "VARCHAR(1000)";
/// What a number is.
pub(super) const NUMBER: &str = "INTEGER";
/// What a number that may be large is.
const LARGE: &str = "BIGINT";
/// What an amount is.
const MONEY: &str = "DECIMAL(18, 9)";
/// What a percent is.
pub(super) const PERCENT: &str = "DECIMAL(18, 9)";

impl Columns {
    pub(super) fn new(table: &Table) -> Self {
        let mut taken = BTreeSet::new();
        let mut all: Vec<Column> = Vec::new();
        let mut add = |name: String, kind: &'static str, about: String| {
            let name = free(&mut taken, &name);
            all.push((name.clone(), kind, about));
            name
        };
        let fixed = [
            ("request_id", TEXT, "the request's own id; the view hands it on"),
            ("use_case", TEXT, "name or endpoint tag of the use case"),
            ("classification", TEXT, "the classification that the request stated; null: none"),
            ("route", TEXT, "id of the model that was asked, `provider/name`, or its name alone"),
            (
                "provider",
                TEXT,
                "what the log calls the provider: one of the table's decides, others do not; null: not known",
            ),
            ("hop", NUMBER, "0 for the primary, n for the n-th target; null: not known"),
            ("failed_on", TEXT, "the trigger, where it failed over; null: none"),
            ("region", TEXT, "where it was processed; null: not known"),
            ("status", TEXT, "`blocked`, `queued`, `degraded` where no model was asked; else anything"),
            (
                "output_tokens",
                LARGE,
                "tokens that were answered, which belies such a status; null: none known",
            ),
            ("billed_usd", MONEY, "what was billed, which belies it too; null: nothing known"),
        ];
        for (name, kind, about) in fixed {
            add(name.to_owned(), kind, about.to_owned());
        }
        let axes: BTreeSet<&str> = table
            .grids
            .iter()
            .flatten()
            .filter(|axis| axis.cuts.is_some())
            .map(|axis| axis.fact.as_str())
            .collect();
        let shares = axes.into_iter().map(|name| {
            let about = format!("{} in percent, such as 12.5; null: 100", code(name));
            (name.to_owned(), add(plain(name), PERCENT, about))
        });
        let shares = shares.collect();
        let facts = table.facts.iter().map(|(name, fact)| {
            let about = format!("the fact {}; null: {}", code(name), code(&fact.default));
            (name.clone(), add(format!("fact_{}", plain(name)), TEXT, about))
        });
        let facts = facts.collect();
        Self { all, facts, shares }
    }

    /// An empty table of that shape.
    pub(super) fn create(&self) -> String {
        let columns: Vec<String> =
            self.all.iter().map(|(name, kind, _)| format!("  {name} {kind}")).collect();
        format!("CREATE TABLE govctl_events (\n{}\n);\n", columns.join(",\n"))
    }
}

/// A name that needs no quotes in any dialect.
fn plain(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    name.chars().map(plain).collect()
}

/// A name that nothing else has.
fn free(taken: &mut BTreeSet<String>, name: &str) -> String {
    let mut free = name.to_owned();
    for number in 2.. {
        if taken.insert(free.clone()) {
            break;
        }
        free = format!("{name}_{number}");
    }
    free
}
