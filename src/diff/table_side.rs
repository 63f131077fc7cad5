//! A compiled table as a side: it knows what serves, and neither volumes nor text.

use std::collections::{BTreeMap, BTreeSet};

use super::destinations;
use super::edits::{Stated, Written};
use super::namer::nameless;
use super::portfolio::Entry;
use super::rename::DIMENSIONS;
use super::sides::{AxisKind, Case, CaseAxis, Side};
use super::store::{Audited, NumberedDecision, Path, Portrait, Store, Target};
use crate::model::context::Cut;
use crate::model::price::Prices;
use crate::model::{Classifications, LongPrompt};
use crate::number;
use crate::table::format::{self, AxisName, Table};
use crate::vocabulary::Trigger;

impl Side {
    /// A compiled table.
    pub fn of_table(label: &str, table: &Table, store: &mut Store) -> Self {
        let facts: Vec<(String, format::Fact)> =
            table.facts.iter().map(|(name, fact)| (name.clone(), fact.clone())).collect();
        let classifications = Classifications::from(table.classifications.clone());
        let unsaid = |model: &format::Model| Portrait { model: model.clone(), promised: None };
        let models: Vec<u32> = table.models.iter().map(|model| store.models.put(unsaid(model))).collect();
        let mut reader = Reader { table, models, store };
        let decisions: Vec<NumberedDecision> =
            table.decisions.iter().map(|decision| reader.outcome(decision)).collect();
        let cases = table.use_cases.iter().map(|use_case| {
            let tags = store.tags.put(use_case.tags.clone());
            let cells = use_case.cells.iter().filter_map(|cell| decisions.get(*cell));
            let cells = cells.map(|outcome| store.outcome(outcome.clone())).collect();
            (use_case.name.clone(), table_case(table, use_case, (&classifications, &facts), (cells, tags)))
        });
        let cases = cases.collect();
        Self {
            label: label.to_owned(),
            as_of: table.as_of.clone(),
            classifications,
            cases,
            facts,
            readers: Vec::new(),
            undefined: BTreeSet::new(),
            aliases: BTreeMap::new(),
            prices: table.models.iter().filter_map(|model| Some((model.id.clone(), price(model)?))).collect(),
            providers: BTreeSet::new(),
            entries: table.models.iter().map(|model| (model.id.clone(), entry(model))).collect(),
            serving: table.models.iter().map(|model| model.id.clone()).collect(),
            ways: table
                .models
                .iter()
                .map(|model| (model.id.clone(), destinations::of(&model.endpoint, &model.profile)))
                .collect(),
            usual_ways: BTreeMap::new(),
            written: written(table),
            enclosing: BTreeMap::new(),
            is_table: true,
        }
    }
}

/// Turns indices of a table into numbers of the store.
struct Reader<'a> {
    table: &'a Table,
    models: Vec<u32>,
    store: &'a mut Store,
}

impl Reader<'_> {
    /// A decision, which knows nothing of its use case.
    fn outcome(&mut self, decision: &format::Decision) -> NumberedDecision {
        let table = self.table;
        let mut paths = [None; Trigger::ALL.len()];
        for path in &decision.paths {
            let number = self.path(path);
            for trigger in &path.on {
                if let Some(slot) = paths.get_mut(*trigger as usize) {
                    *slot = number;
                }
            }
        }
        let primary = decision.primary.as_ref().map(|primary| format::Target {
            model: primary.model,
            cost_multiplier: "1".to_owned(),
            actions: Vec::new(),
            regions: primary.regions.clone(),
        });
        let budgets = decision.budgets.iter().filter_map(|at| Some(table.budgets.get(*at)?.name.clone()));
        let quotas = decision.quotas.iter().filter_map(|at| Some(table.quotas.get(*at)?.name.clone()));
        let names = &mut self.store.names;
        let budgets = budgets.map(|name| names.put(name)).collect();
        let quotas = quotas.map(|name| names.put(name)).collect();
        NumberedDecision {
            primary: primary.and_then(|target| self.target(target)),
            paths,
            budgets,
            quotas,
            audit: Audited::Merged(decision.audit.and_then(|at| table.audits.get(at)).cloned()),
            needed: self.store.needed.put(None),
        }
    }

    fn path(&mut self, path: &format::Path) -> Option<u32> {
        let statement = self.table.failovers.get(path.failover)?;
        let failover = self.store.failovers.put(nameless(statement.clone()));
        let targets = self.table.target_lists.get(path.targets).into_iter().flatten();
        let targets = targets.filter_map(|target| self.target(target.clone())).collect();
        Some(self.store.path(Path { failover, targets }))
    }

    fn target(&mut self, target: format::Target) -> Option<Target> {
        Some(Target {
            model: self.models.get(target.model).copied()?,
            multiplier: self.store.multipliers.put(target.cost_multiplier),
            actions: self.store.actions.put(target.actions),
            regions: self.store.regions.put(target.regions),
        })
    }
}

fn written(table: &Table) -> Written {
    let budgets =
        table.budgets.iter().map(|budget| (budget.name.clone(), Stated { said: budget.clone(), when: None }));
    let quotas =
        table.quotas.iter().map(|quota| (quota.name.clone(), Stated { said: quota.clone(), when: None }));
    Written { budgets: budgets.collect(), quotas: quotas.collect(), audits: None }
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
    (classifications, facts): (&Classifications, &[(String, format::Fact)]),
    (cells, tags): (Vec<u32>, u32),
) -> Case {
    let axes = table.axes(use_case).iter().filter_map(|axis| {
        let cuts = || axis.cuts.iter().flatten().filter_map(|cut| read_cut(cut)).collect();
        let kind = match axis.name() {
            AxisName::Classification => AxisKind::Classification,
            AxisName::Remaining => AxisKind::Share(None, cuts()),
            AxisName::RemainingOf(budget) => AxisKind::Share(Some(budget.to_owned()), cuts()),
            AxisName::Fact(name) => AxisKind::Fact(facts.iter().position(|(known, _)| known == name)?),
        };
        Some(CaseAxis::apart(kind, axis.positions()))
    });
    let dimensions = DIMENSIONS
        .into_iter()
        .filter_map(|(dimension, _)| Some((dimension, use_case.tags.get(dimension)?.clone())));
    Case {
        endpoint_tag: use_case.endpoint_tag.clone(),
        level: classifications.id_of(|name| *name == use_case.classification),
        axes: axes.collect(),
        cells,
        leads: Vec::new(),
        is_sensitive: false,
        tags,
        volume: None,
        owner: None,
        dimensions: dimensions.collect(),
    }
}

/// `<20%` or `<=20%`.
fn read_cut(text: &str) -> Option<Cut> {
    let rest = text.strip_prefix('<')?;
    let (above, percent) = rest.strip_prefix('=').map_or((false, rest), |percent| (true, percent));
    Some(Cut { percent: number::parse_decimal(percent.strip_suffix('%')?)?, above })
}
