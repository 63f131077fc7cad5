//! A compiled table as a side: it knows what serves, and neither volumes nor text.

use std::collections::{BTreeMap, BTreeSet};

use super::portfolio::Entry;
use super::sides::{Case, Side, nameless, tags};
use super::store::{Outcome, Store, Target};
use crate::model::context::Cut;
use crate::number::{self, Rational};
use crate::table::format::{self, Table};

impl Side {
    /// A compiled table.
    pub fn of_table(label: &str, table: &Table, store: &mut Store) -> Self {
        let facts: Vec<(String, format::Fact)> =
            table.facts.iter().map(|(name, fact)| (name.clone(), fact.clone())).collect();
        let models: Vec<u32> = table.models.iter().map(|model| store.models.put(model.clone())).collect();
        let failovers: Vec<u32> =
            table.failovers.iter().map(|failover| store.failovers.put(nameless(failover.clone()))).collect();
        let budgets: Vec<u32> =
            table.budgets.iter().map(|budget| store.budgets.put(budget.clone())).collect();
        let quotas: Vec<u32> = table.quotas.iter().map(|quota| store.quotas.put(quota.clone())).collect();
        let all = |known: &[u32], at: &[usize]| at.iter().filter_map(|at| known.get(*at).copied()).collect();
        let target = |target: &format::Target, store: &mut Store| {
            Some(Target {
                model: models.get(target.model).copied()?,
                multiplier: store.multipliers.put(target.cost_multiplier.clone()),
                actions: store.actions.put(target.actions.clone()),
                regions: store.regions.put(target.regions.clone()),
            })
        };
        let cases = table.use_cases.iter().map(|use_case| {
            let tags = store.tags.put(tags(use_case.tags.clone(), table.attribution.as_ref()));
            let cells = use_case.cells.iter().filter_map(|cell| table.decisions.get(*cell)).map(|decision| {
                let targets = decision.targets.iter().filter_map(|one| target(one, store)).collect();
                store.outcome(Outcome {
                    targets,
                    failover: decision.failover.and_then(|at| failovers.get(at).copied()),
                    budgets: all(&budgets, &decision.budgets),
                    quotas: all(&quotas, &decision.quotas),
                    audit: decision.audit.clone(),
                    tags,
                })
            });
            (use_case.name.clone(), table_case(table, use_case, &facts, cells.collect()))
        });
        Self {
            label: label.to_owned(),
            as_of: table.as_of.clone(),
            classifications: table.classifications.clone(),
            cases: cases.collect(),
            facts,
            undefined: BTreeSet::new(),
            aliases: BTreeMap::new(),
            prices: table.models.iter().filter_map(|model| Some((model.id.clone(), price(model)?))).collect(),
            providers: BTreeSet::new(),
            entries: table.models.iter().map(|model| (model.id.clone(), entry(model))).collect(),
            serving: table.models.iter().map(|model| model.id.clone()).collect(),
            is_table: true,
        }
    }
}

fn price(model: &format::Model) -> Option<(Rational, Rational)> {
    let read = |text: &str| number::parse_decimal(text);
    Some((read(&model.input_usd_per_1m)?, read(&model.output_usd_per_1m)?))
}

/// What a table says of a model; of the rest it knows nothing.
fn entry(model: &format::Model) -> Entry {
    Entry {
        provider: model.provider.clone(),
        price: (model.input_usd_per_1m.clone(), model.output_usd_per_1m.clone()),
        compliance: model.compliance.iter().flatten().cloned().collect(),
        ..Entry::default()
    }
}

fn table_case(
    table: &Table,
    use_case: &format::UseCase,
    facts: &[(String, format::Fact)],
    cells: Vec<u32>,
) -> Case {
    let axis = |name: &str| use_case.axes.iter().find(|axis| axis.fact == name);
    let cuts = axis("budget.remaining").and_then(|axis| axis.cuts.as_ref());
    let level = table.classifications.iter().position(|name| *name == use_case.classification);
    let axes = facts.iter().enumerate().filter(|(_, (name, _))| axis(name).is_some());
    Case {
        endpoint_tag: use_case.endpoint_tag.clone(),
        level: level.unwrap_or(0),
        by_class: axis("classification").is_some(),
        cuts: cuts.into_iter().flatten().filter_map(|cut| read_cut(cut)).collect(),
        facts: axes.map(|(at, _)| at).collect(),
        cells,
        volume: None,
        owner: None,
        team: use_case.tags.get("team").cloned(),
    }
}

/// `<20%` or `<=20%`.
fn read_cut(text: &str) -> Option<Cut> {
    let rest = text.strip_prefix('<')?;
    let (above, percent) = rest.strip_prefix('=').map_or((false, rest), |percent| (true, percent));
    Some(Cut { percent: number::parse_decimal(percent.strip_suffix('%')?)?, above })
}
