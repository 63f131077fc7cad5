//! The table's contents as relations.

use super::columns::{NUMBER, PERCENT, TEXT};
use super::names;
use crate::invariant::there;
use crate::table::format::{Decision, Model, Table, Trigger, UseCase};
use crate::table::strides;

/// A relation with its rows.
pub(super) struct Relation {
    pub(super) name: &'static str,
    /// Names with types.
    pub(super) columns: Vec<(&'static str, &'static str)>,
    pub(super) rows: Vec<Vec<Cell>>,
}

/// What a column holds, as SQL writes it.
pub(super) enum Cell {
    Text(String),
    Number(u64),
    /// A decimal as it is written.
    Decimal(String),
    Null,
}

impl Cell {
    pub(super) fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    pub(super) fn number(number: usize) -> Self {
        Self::Number(number as u64)
    }

    /// A text as it is.
    pub(super) fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// As it stands in an `INSERT`.
    pub(super) fn literal(&self) -> String {
        match self {
            Self::Text(text) => format!("'{}'", text.replace('\'', "''")),
            Self::Number(number) => number.to_string(),
            Self::Decimal(text) => text.clone(),
            Self::Null => "NULL".to_owned(),
        }
    }

    /// As it stands in CSV.
    pub(super) fn csv(&self) -> String {
        match self {
            Self::Text(text) => format!("\"{}\"", text.replace('"', "\"\"")),
            Self::Number(number) => number.to_string(),
            Self::Decimal(text) => text.clone(),
            Self::Null => String::new(),
        }
    }
}

/// Every relation of the export.
pub(super) fn all(table: &Table) -> Vec<Relation> {
    let mut all = vec![
        use_cases(table),
        Relation {
            name: "govctl_classifications",
            columns: vec![("name", TEXT)],
            rows: table.classifications.iter().map(|name| vec![Cell::text(name)]).collect(),
        },
        facts(table),
        steps(table),
        bands(table),
        cells(table),
        models(table),
        decisions(table),
        places(table),
        regions(table),
    ];
    all.extend(names::all(table));
    all
}

/// Every name of a use case: where its cells begin, and how they are laid out.
fn use_cases(table: &Table) -> Relation {
    let mut rows = Vec::new();
    let mut first = 0;
    for use_case in &table.use_cases {
        let names = std::iter::once(&use_case.name).chain(&use_case.endpoint_tag);
        let mut names: Vec<&String> = names.collect();
        names.dedup();
        for name in names {
            rows.push(vec![Cell::text(name), Cell::number(use_case.axes), Cell::number(first)]);
        }
        first += use_case.cells.len();
    }
    let columns = vec![("name", TEXT), ("grid", NUMBER), ("first_cell", NUMBER)];
    Relation { name: "govctl_use_cases", columns, rows }
}

/// The values of facts.
fn facts(table: &Table) -> Relation {
    let values =
        table.facts.iter().flat_map(|(name, fact)| fact.values.iter().map(move |value| (name, value)));
    let rows = values.map(|(name, value)| vec![Cell::text(name), Cell::text(value)]).collect();
    Relation { name: "govctl_facts", columns: vec![("fact", TEXT), ("fact_value", TEXT)], rows }
}

/// Per value of a classification or fact how far it leads.
fn steps(table: &Table) -> Relation {
    let mut rows = Vec::new();
    for (grid, axes) in table.grids.iter().enumerate() {
        for (axis, stride) in strides(axes, |axis| axis.positions()) {
            for (at, value) in axis.values.iter().flatten().enumerate() {
                rows.push(vec![
                    Cell::number(grid),
                    Cell::text(&axis.fact),
                    Cell::text(value),
                    Cell::number(at * stride),
                ]);
            }
        }
    }
    let columns = vec![("grid", NUMBER), ("axis", TEXT), ("axis_value", TEXT), ("step", NUMBER)];
    Relation { name: "govctl_steps", columns, rows }
}

/// A bound of a band: the percent, and whether it belongs to what lies below.
struct Bound {
    percent: String,
    is_below: bool,
}

/// `<20%`: 20 does not belong to what lies below; `<=20%`: it does.
fn bound(cut: &str) -> Bound {
    let is_below = cut.starts_with("<=");
    let percent = cut.trim_start_matches(['<', '=']).trim_end_matches('%').to_owned();
    Bound { percent, is_below }
}

/// Per band of a remaining share how far it leads: from `low` to `high`, each included or not.
fn bands(table: &Table) -> Relation {
    let flag = |is: bool| Cell::Number(u64::from(is));
    let mut rows = Vec::new();
    for (grid, axes) in table.grids.iter().enumerate() {
        for (axis, stride) in strides(axes, |axis| axis.positions()) {
            let Some(cuts) = &axis.cuts else { continue };
            let bounds: Vec<Bound> = cuts.iter().map(|cut| bound(cut)).collect();
            for at in 0..=bounds.len() {
                let (low, high) = (at.checked_sub(1).and_then(|at| bounds.get(at)), bounds.get(at));
                let percent = |bound: Option<&Bound>| {
                    bound.map_or(Cell::Null, |bound| Cell::Decimal(bound.percent.clone()))
                };
                rows.push(vec![
                    Cell::number(grid),
                    Cell::text(&axis.fact),
                    percent(low),
                    flag(low.is_some_and(|low| !low.is_below)),
                    percent(high),
                    flag(high.is_some_and(|high| high.is_below)),
                    Cell::number(at * stride),
                ]);
            }
        }
    }
    let columns = vec![
        ("grid", NUMBER),
        ("axis", TEXT),
        ("low", PERCENT),
        ("low_included", NUMBER),
        ("high", PERCENT),
        ("high_included", NUMBER),
        ("step", NUMBER),
    ];
    Relation { name: "govctl_bands", columns, rows }
}

/// The decision of every cell.
fn cells(table: &Table) -> Relation {
    let all = table.use_cases.iter().flat_map(|use_case: &UseCase| &use_case.cells);
    let rows =
        all.enumerate().map(|(at, decision)| vec![Cell::number(at), Cell::number(*decision)]).collect();
    Relation { name: "govctl_cells", columns: vec![("cell", NUMBER), ("decision", NUMBER)], rows }
}

/// The models, with their providers in small letters.
fn models(table: &Table) -> Relation {
    let row = |model: &Model| {
        let provider = model.provider.to_ascii_lowercase();
        vec![Cell::text(&model.id), Cell::Text(provider), Cell::text(&model.name)]
    };
    let columns = vec![("id", TEXT), ("provider", TEXT), ("name", TEXT)];
    Relation { name: "govctl_models", columns, rows: table.models.iter().map(row).collect() }
}

/// Whether a decision leads anywhere.
fn decisions(table: &Table) -> Relation {
    let row = |(at, decision): (usize, &Decision)| {
        let serves = Cell::Number(u64::from(decision.primary.is_some()));
        vec![Cell::number(at), serves]
    };
    let rows = table.decisions.iter().enumerate().map(row).collect();
    Relation { name: "govctl_decisions", columns: vec![("decision", NUMBER), ("serves", NUMBER)], rows }
}

/// A place of a decision: the trigger (empty for the primary), the hop, the model, the regions it is pinned to.
pub(super) struct Place<'t> {
    pub(super) decision: usize,
    trigger: &'static str,
    hop: usize,
    pub(super) model: &'t str,
    regions: Option<&'t Vec<String>>,
}

/// The places of all decisions, the primary first, then paths in their order.
pub(super) fn all_places(table: &Table) -> Vec<Place<'_>> {
    let id = |model: usize| there(table.models.get(model), "the model").id.as_str();
    let mut places = Vec::new();
    for (decision, one) in table.decisions.iter().enumerate() {
        if let Some(primary) = &one.primary {
            let regions = primary.regions.as_ref();
            places.push(Place { decision, trigger: "", hop: 0, model: id(primary.model), regions });
        }
        for path in &one.paths {
            let targets = table.target_lists.get(path.targets).map(Vec::as_slice).unwrap_or_default();
            for trigger in &path.on {
                for (hop, target) in (1..).zip(targets) {
                    let regions = target.regions.as_ref();
                    let (trigger, model) = (Trigger::name(*trigger), id(target.model));
                    places.push(Place { decision, trigger, hop, model, regions });
                }
            }
        }
    }
    places
}

/// Where a decision leads: the primary with an empty trigger, and the targets of every path by trigger.
fn places(table: &Table) -> Relation {
    let row = |place: Place<'_>| {
        vec![
            Cell::number(place.decision),
            Cell::text(place.trigger),
            Cell::number(place.hop),
            Cell::text(place.model),
            Cell::Number(u64::from(place.regions.is_some())),
        ]
    };
    let columns =
        vec![("decision", NUMBER), ("failed_on", TEXT), ("hop", NUMBER), ("model", TEXT), ("pinned", NUMBER)];
    Relation { name: "govctl_places", columns, rows: all_places(table).into_iter().map(row).collect() }
}

/// Where a place that is pinned may be processed.
fn regions(table: &Table) -> Relation {
    let mut rows = Vec::new();
    for place in all_places(table) {
        for region in place.regions.into_iter().flatten() {
            rows.push(vec![
                Cell::number(place.decision),
                Cell::text(place.trigger),
                Cell::text(place.model),
                Cell::text(region),
            ]);
        }
    }
    let columns = vec![("decision", NUMBER), ("failed_on", TEXT), ("model", TEXT), ("region", TEXT)];
    Relation { name: "govctl_regions", columns, rows }
}
