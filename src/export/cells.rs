//! Every context of a table, as gateways are told it that have conditions but no arithmetic.

use std::collections::BTreeMap;

use crate::table::format::{AxisName, Decision, Model, Path, Table, UseCase};

/// A cell of a use case.
#[derive(Debug, Clone)]
pub(crate) struct Cell<'a> {
    /// Whose it is.
    pub(crate) use_case: &'a UseCase,
    /// The value on each axis, in their order: a value, or of a share the first cut that it satisfies, else `above`.
    pub(crate) stated: Vec<(AxisName<&'a str>, &'a str)>,
    /// Index into the table's decisions.
    pub(crate) decision: usize,
}

/// Every cell of one use case, in the table's order.
pub(crate) fn of<'a>(table: &'a Table, use_case: &'a UseCase) -> impl Iterator<Item = Cell<'a>> {
    table.contexts(use_case).map(move |context| {
        let stated = context.positions().map(|(name, position)| (name, position.stated()));
        Cell { use_case, stated: stated.collect(), decision: context.decision }
    })
}

/// What requests may call a use case: its name, and its endpoint tag.
pub(crate) fn called(use_case: &UseCase) -> impl Iterator<Item = &str> {
    std::iter::once(use_case.name.as_str()).chain(use_case.endpoint_tag.as_deref())
}

/// The primary and the targets of the outage path; none without a primary.
pub(crate) fn chain<'a>(table: &'a Table, decision: &Decision) -> Vec<&'a Model> {
    along(table, decision, decision.outage_path())
}

/// The primary and the targets of one path; none without a primary.
pub(crate) fn along<'a>(table: &'a Table, decision: &Decision, path: Option<&Path>) -> Vec<&'a Model> {
    let Some(primary) = &decision.primary else { return Vec::new() };
    let targets = path.and_then(|path| table.target_lists.get(path.targets));
    let targets = targets.into_iter().flatten().map(|target| target.model);
    std::iter::once(primary.model).chain(targets).filter_map(|model| table.models.get(model)).collect()
}

/// Names that stand for others where only small letters, digits and dashes may stand: plain ones as they are, the
/// rest with the beginning of their hash.
pub(crate) fn slug(name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_lowercase() || c.is_ascii_digit() { c } else { '-' }).collect();
    let plain = plain.trim_matches('-');
    if plain == name && name.len() <= 50 && !name.is_empty() {
        return name.to_owned();
    }
    let hash: String = crate::table::sha256_hex(name.as_bytes()).chars().take(8).collect();
    let short: String = plain.chars().take(40).collect();
    format!("{short}-{hash}").trim_start_matches('-').to_owned()
}

/// Attributes as a manifest lists them.
pub(crate) fn attributes(cell: &Cell) -> BTreeMap<String, String> {
    cell.stated.iter().map(|(name, value)| (name.to_string(), (*value).to_owned())).collect()
}
