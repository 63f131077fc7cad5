//! A compiled table as a side: it knows what serves, and neither volumes nor text.

use std::collections::{BTreeMap, BTreeSet};

use super::portfolio::Entry;
use super::sides::{AxisKind, Case, CaseAxis, Side, nameless, tags};
use super::store::{Outcome, Store, Target};
use crate::model::LongPrompt;
use crate::model::context::Cut;
use crate::model::price::Prices;
use crate::number;
use crate::table::format::{self, Table};

impl Side {
    /// A compiled table.
    pub fn of_table(label: &str, table: &Table, store: &mut Store) -> Self {
        let facts: Vec<(String, format::Fact)> =
            table.facts.iter().map(|(name, fact)| (name.clone(), fact.clone())).collect();
        let models: Vec<u32> = table.models.iter().map(|model| store.models.put(model.clone())).collect();
        let budgets: Vec<u32> =
            table.budgets.iter().map(|budget| store.budgets.put(budget.clone())).collect();
        let quotas: Vec<u32> = table.quotas.iter().map(|quota| store.quotas.put(quota.clone())).collect();
        let all = |known: &[u32], at: &[usize]| at.iter().filter_map(|at| known.get(*at).copied()).collect();
        let cases = table.use_cases.iter().map(|use_case| {
            let tags = store.tags.put(tags(use_case.tags.clone(), table.attribution.as_ref()));
            let cells = use_case.cells.iter().filter_map(|cell| table.decisions.get(*cell)).map(|decision| {
                let path = decision.outage_path();
                let outcome = Outcome {
                    targets: targets(table, decision, path, &models, store),
                    failover: path.and_then(|path| failover(table, path, store)),
                    budgets: all(&budgets, &decision.budgets),
                    quotas: all(&quotas, &decision.quotas),
                    audit: decision.audit.and_then(|at| table.audits.get(at)).cloned(),
                    tags,
                };
                store.outcome(outcome)
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

/// The primary and the targets of a path.
fn targets(
    table: &Table,
    decision: &format::Decision,
    path: Option<&format::Path>,
    models: &[u32],
    store: &mut Store,
) -> Vec<Target> {
    let primary = decision.primary.iter().map(|primary| format::Target {
        model: primary.model,
        cost_multiplier: "1".to_owned(),
        actions: Vec::new(),
        regions: primary.regions.clone(),
    });
    let after = path.and_then(|path| table.target_lists.get(path.targets)).into_iter().flatten().cloned();
    let numbered = primary.chain(after).filter_map(|target| {
        Some(Target {
            model: models.get(target.model).copied()?,
            multiplier: store.multipliers.put(target.cost_multiplier),
            actions: store.actions.put(target.actions),
            regions: store.regions.put(target.regions),
        })
    });
    numbered.collect()
}

fn failover(table: &Table, path: &format::Path, store: &mut Store) -> Option<u32> {
    let statement = table.failovers.get(path.failover)?;
    Some(store.failovers.put((path.on.clone(), nameless(statement.clone()))))
}

fn price(model: &format::Model) -> Option<Prices> {
    let read = |text: &str| number::parse_decimal(text);
    Some(Prices {
        input: read(&model.input_usd_per_1m)?,
        output: read(&model.output_usd_per_1m)?,
        cached_input: model.cached_input_usd_per_1m.as_deref().and_then(read),
        long_prompt: model.long_prompt.as_ref().and_then(|long| {
            Some(LongPrompt {
                above_tokens: long.above_tokens,
                input: read(&long.input_usd_per_1m)?,
                output: read(&long.output_usd_per_1m)?,
                cached_input: long.cached_input_usd_per_1m.as_deref().and_then(read),
            })
        }),
        batch_discount: model.batch_discount.as_deref().and_then(|text| read(text.strip_suffix('%')?)),
    })
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
    let level = table.classifications.iter().position(|name| *name == use_case.classification);
    let axes = table.axes(use_case).iter().filter_map(|axis| {
        if let Some(cuts) = &axis.cuts {
            let cuts: Vec<Cut> = cuts.iter().filter_map(|cut| read_cut(cut)).collect();
            let positions = cuts.len().saturating_add(1);
            return Some(CaseAxis::apart(AxisKind::Share(axis.fact.clone(), cuts), positions));
        }
        let kind = match axis.fact.as_str() {
            "classification" => AxisKind::Classification,
            name => AxisKind::Fact(facts.iter().position(|(known, _)| known == name)?),
        };
        Some(CaseAxis::apart(kind, axis.values.as_ref().map_or(1, Vec::len)))
    });
    Case {
        endpoint_tag: use_case.endpoint_tag.clone(),
        level: level.unwrap_or(0),
        axes: axes.collect(),
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
