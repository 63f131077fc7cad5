//! Everything that can be wrong with a table that is well-formed JSON; the first fault refuses the whole.

mod cells;
mod decisions;
mod forms;
mod parts;

use super::error::{LoadError, Refusal, shown};
use super::format::{AxisName, FORMAT, Table};
use super::place::Place;

use forms::{day, distinct, sha256};

type Checked<T = ()> = Result<T, LoadError>;

/// Checks everything but the digest and whether the table has expired.
pub(super) fn check(table: &Table) -> Checked {
    header(table)?;
    vocabulary(table)?;
    parts::models(table)?;
    parts::failovers(table)?;
    parts::budgets(table)?;
    parts::quotas(table)?;
    parts::attribution(table)?;
    parts::proof(table)?;
    decisions::decisions(table)?;
    parts::reasons(table)?;
    cells::use_cases(table)
}

/// What stands before the first part; the loader asks for `format` before it reads anything else.
fn header(table: &Table) -> Checked {
    let top = Place::Table;
    if table.format != FORMAT {
        return Err(other_format(&table.format));
    }
    day(&top.key("as_of"), &table.as_of)?;
    if let Some(until) = &table.valid_until {
        day(&top.key("valid_until"), until)?;
        if *until < table.as_of {
            return Err(top.key("valid_until").fault(Refusal::Range, "it lies before `as_of`"));
        }
    }
    if table.ends.is_some() != table.valid_until.is_some() {
        let what = "it says what ends after `valid_until`, and stands with it only";
        return Err(top.key("ends").fault(Refusal::Range, what));
    }
    for (path, digest) in &table.sources {
        sha256(&top.key("sources").key(path), digest)?;
    }
    Ok(())
}

/// The fault of a table of another format, or of another version of it.
pub(super) fn other_format(format: &str) -> LoadError {
    Place::Table.key("format").fault(Refusal::Format, format!("`{}` is not `{FORMAT}`", shown(format)))
}

fn vocabulary(table: &Table) -> Checked {
    let top = Place::Table;
    distinct(&top.key("classifications"), &table.classifications)?;
    let facts = top.key("facts");
    for (name, fact) in &table.facts {
        let place = facts.key(name);
        let reserved = ["budget.", "model.", "chain."].iter().any(|prefix| name.starts_with(prefix));
        if name.is_empty() || reserved || AxisName::of(name) == AxisName::Classification {
            return Err(place.fault(Refusal::Range, "a fact cannot be called that"));
        }
        distinct(&place.key("values"), &fact.values)?;
        if !fact.values.contains(&fact.default) {
            let what = format!("`{}` is none of its values", shown(&fact.default));
            return Err(place.key("default").fault(Refusal::Index, what));
        }
    }
    Ok(())
}
