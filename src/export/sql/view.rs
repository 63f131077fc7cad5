//! The view: plain joins and `CASE`, which every dialect has.

use super::columns::Columns;
use crate::invariant::there;
use crate::table::format::Table;

/// `CREATE VIEW govctl_audit`.
pub(super) fn view(table: &Table, columns: &Columns) -> String {
    let shares: Vec<Share<'_>> = columns.shares.iter().enumerate().map(Share::new).collect();
    let facts: Vec<Fact<'_>> = columns
        .facts
        .iter()
        .enumerate()
        .map(|(at, (name, column))| {
            let default = &there(table.facts.get(name), "the fact").default;
            Fact { at, name, column, default }
        })
        .collect();
    let mut text = super::head(table) + "CREATE VIEW govctl_audit AS\nWITH\n";
    text += &located(&shares, &facts);
    text += DECIDED;
    text += PLACED;
    text + LABELLED
}

struct Share<'c> {
    at: usize,
    axis: &'c str,
    column: &'c str,
}

impl<'c> Share<'c> {
    fn new((at, (axis, column)): (usize, &'c (String, String))) -> Self {
        Self { at, axis, column }
    }

    /// The band in which the share lies; what lies outside 0 to 100 is in the first or the last.
    fn join(&self) -> String {
        let Self { at, axis, column } = self;
        let axis = literal(axis);
        format!(
            "  LEFT JOIN govctl_bands b{at} ON b{at}.grid = u.grid AND b{at}.axis = {axis}\n    \
             AND (b{at}.low IS NULL OR COALESCE(e.{column}, 100) > b{at}.low\n      \
             OR (COALESCE(e.{column}, 100) = b{at}.low AND b{at}.low_included = 1))\n    \
             AND (b{at}.high IS NULL OR COALESCE(e.{column}, 100) < b{at}.high\n      \
             OR (COALESCE(e.{column}, 100) = b{at}.high AND b{at}.high_included = 1))\n"
        )
    }
}

struct Fact<'c> {
    at: usize,
    name: &'c str,
    column: &'c str,
    default: &'c str,
}

impl Fact<'_> {
    fn joins(&self) -> String {
        let Self { at, name, column, default } = self;
        let (name, default) = (literal(name), literal(default));
        format!(
            "  LEFT JOIN govctl_facts k{at} ON k{at}.fact = {name}\n    \
             AND k{at}.fact_value = COALESCE(NULLIF(e.{column}, ''), {default})\n  \
             LEFT JOIN govctl_steps f{at} ON f{at}.grid = u.grid AND f{at}.axis = {name}\n    \
             AND f{at}.axis_value = COALESCE(NULLIF(e.{column}, ''), {default})\n"
        )
    }
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The cell of every event, and whether everything that it states is known.
fn located(shares: &[Share<'_>], facts: &[Fact<'_>]) -> String {
    let mut steps = vec!["COALESCE(c.step, 0)".to_owned()];
    steps.extend(shares.iter().map(|share| format!("COALESCE(b{}.step, 0)", share.at)));
    steps.extend(facts.iter().map(|fact| format!("COALESCE(f{}.step, 0)", fact.at)));
    let mut unknown = vec!["(NULLIF(e.classification, '') IS NOT NULL AND l.name IS NULL)".to_owned()];
    unknown.extend(facts.iter().map(|fact| format!("k{}.fact IS NULL", fact.at)));
    let joins: String = shares.iter().map(Share::join).chain(facts.iter().map(Fact::joins)).collect();
    format!(
        "located AS (\n  SELECT e.request_id, e.use_case, e.route, LOWER(e.provider) AS provider, e.hop,\n    \
         NULLIF(e.failed_on, '') AS failed_on, NULLIF(e.region, '') AS region,\n    \
         u.grid,\n    \
         CASE WHEN e.status IN ('blocked', 'queued', 'degraded')\n      \
         AND COALESCE(e.output_tokens, 0) = 0 AND COALESCE(e.billed_usd, 0) = 0 THEN 0 ELSE 1 END AS served,\n    \
         CASE WHEN {} THEN 1 ELSE 0 END AS unknown,\n    \
         u.first_cell + {} AS cell\n  \
         FROM govctl_events e\n  \
         LEFT JOIN govctl_use_cases u ON u.name = e.use_case\n  \
         LEFT JOIN govctl_classifications l ON l.name = e.classification\n  \
         LEFT JOIN govctl_steps c ON c.grid = u.grid AND c.axis = 'classification' AND c.axis_value = e.classification\n\
         {joins}),\n",
        unknown.join("\n      OR "),
        steps.join("\n      + ")
    )
}

/// The decision, where everything is known; and the model, which is that of the provider where one of ours is stated. A
/// route without a provider is the model of that name, of several the one that the decision leads to.
const DECIDED: &str = "providers AS (\n  \
    SELECT DISTINCT provider FROM govctl_models\n),\n\
    decided AS (\n  \
    SELECT s.*, CASE\n      \
    WHEN v.provider = m.provider OR (v.provider IS NULL AND m.id IS NOT NULL) THEN m.id\n      \
    WHEN v.provider IS NOT NULL THEN o.model\n      \
    ELSE COALESCE(n.model, a.model) END AS model,\n    \
    d.decision, d.serves\n  \
    FROM located s\n  \
    LEFT JOIN govctl_cells c ON c.cell = s.cell AND s.unknown = 0\n  \
    LEFT JOIN govctl_decisions d ON d.decision = c.decision\n  \
    LEFT JOIN govctl_models m ON m.id = s.route\n  \
    LEFT JOIN providers v ON v.provider = s.provider\n  \
    LEFT JOIN govctl_sold o ON o.provider = v.provider AND o.name = COALESCE(m.name, s.route)\n  \
    LEFT JOIN govctl_sole n ON n.name = s.route\n  \
    LEFT JOIN govctl_several a ON a.name = s.route AND a.decision = d.decision\n),\n";

/// At which places of the decision the model stands.
const PLACED: &str = "reached AS (\n  \
    SELECT DISTINCT decision, model FROM govctl_places WHERE failed_on <> ''\n),\n\
    placed AS (\n  \
    SELECT s.*,\n    \
    CASE WHEN p.model IS NULL THEN 0 ELSE 1 END AS is_primary,\n    \
    CASE WHEN r.model IS NULL THEN 0 ELSE 1 END AS is_reached,\n    \
    CASE WHEN s.hop IS NULL\n      \
    THEN CASE WHEN p.model IS NOT NULL AND s.failed_on IS NULL THEN 1 ELSE 0 END\n      \
    ELSE CASE WHEN s.hop = 0 THEN 1 ELSE 0 END END AS at_primary,\n    \
    p.pinned AS primary_pinned, t.hop AS place, t.pinned AS place_pinned\n  \
    FROM decided s\n  \
    LEFT JOIN govctl_places p ON p.decision = s.decision AND p.failed_on = '' AND p.model = s.model\n  \
    LEFT JOIN reached r ON r.decision = s.decision AND r.model = s.model\n  \
    LEFT JOIN govctl_places t ON t.decision = s.decision AND t.failed_on = s.failed_on AND t.failed_on <> ''\n    \
    AND t.model = s.model\n)\n";

/// The first thing that is wrong.
const LABELLED: &str = "SELECT s.request_id, s.use_case, s.route, s.decision,\n  \
    CASE\n    \
    WHEN s.grid IS NULL THEN 'unknown-use-case'\n    \
    WHEN s.served = 0 THEN 'ok'\n    \
    WHEN s.unknown = 1 THEN 'not-understood'\n    \
    WHEN s.model IS NULL THEN 'unknown-model'\n    \
    WHEN s.serves = 0 THEN 'not-allowed'\n    \
    WHEN s.is_primary = 0 AND s.is_reached = 0 THEN 'not-allowed'\n    \
    WHEN s.at_primary = 1 AND s.is_primary = 0 THEN 'wrong-hop'\n    \
    WHEN s.at_primary = 0 AND s.place IS NULL THEN 'wrong-trigger'\n    \
    WHEN s.at_primary = 0 AND s.hop IS NOT NULL AND s.hop <> s.place THEN 'wrong-hop'\n    \
    WHEN s.region IS NOT NULL AND g.region IS NULL\n      \
    AND (CASE WHEN s.at_primary = 1 THEN s.primary_pinned ELSE s.place_pinned END) = 1 THEN 'wrong-region'\n    \
    ELSE 'ok'\n  \
    END AS label\n\
    FROM placed s\n\
    LEFT JOIN govctl_regions g ON g.decision = s.decision AND g.model = s.model AND g.region = s.region\n  \
    AND g.failed_on = CASE WHEN s.at_primary = 1 THEN '' ELSE s.failed_on END;\n";
