//! What no decision has to show today: models that may see more sensitive data, failover that no longer asks its targets
//! to be like the primary, budgets that count less though promises go by what is left of them, lists of names that are gone.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::causes::{Text, Texts};
use super::gate::Moved;
use super::rename::Names;
use super::shares::{self, Shares};
use super::{Diff, conditions, holds, successors};
use crate::decide::engine::Statement;
use crate::decide::survey::Survey;
use crate::limits::effort;
use crate::limits::shown;
use crate::model::words::{list, some};
use crate::model::{ClassificationId, Failover, World};
use crate::syntax::tree::{StatementKind, VocabularyKind};

/// Ceilings of models that are raised, and what failover statements, and those that lead in their place, no longer match.
pub fn moved(texts: &Texts, diff: &Diff) -> Vec<Moved> {
    let (old, new) = (texts.old.1.survey.world, texts.new.1.survey.world);
    let mut all = ceilings(old, new, &diff.names);
    all.extend(successors::moved(old, new, &diff.names));
    all.extend(successors::aliases(old, new, &diff.names));
    all.extend(matches(old, new));
    all.extend(unled(texts.old.1.survey, new, &diff.names));
    all.extend(opened(texts));
    all.extend(holds::moved_today(diff));
    let [old, new] = [&texts.old.1, &texts.new.1].map(|side| Shares::of(side.survey));
    all.extend(shares::moved(&old, &new, &diff.names));
    all
}

/// Those that move alike are one entry. How sensitive a classification is, the new side says.
fn ceilings(old: &World, new: &World, names: &Names) -> Vec<Moved> {
    let after: BTreeMap<&str, ClassificationId> =
        new.models.iter().map(|model| (model.id.as_str(), model.ceiling)).collect();
    let level: HashMap<&String, ClassificationId> =
        new.classifications.enumerated().map(|(level, name)| (name, level)).collect();
    let mut raised: BTreeMap<(ClassificationId, &String), Vec<&str>> = BTreeMap::new();
    for model in &old.models {
        let id = names.of("model", &model.id).unwrap_or(&model.id);
        let Some(after) = after.get(id.as_str()) else { continue };
        let before = &old.classifications[model.ceiling];
        if level.get(before).is_some_and(|was| after > was) {
            raised.entry((*after, before)).or_default().push(id);
        }
    }
    let moved = raised.into_iter().map(|((after, before), ids)| {
        let level = &new.classifications[after];
        let text = format!(
            "{} may see up to `{level}` data, before up to `{before}`",
            some(&ids, shown::DIFF_NAMES)
        );
        Moved::loosened(text).binding(ids.iter().skip(shown::DIFF_NAMES).map(|id| (*id).to_owned()).collect())
    });
    moved.collect()
}

/// Per failover statement the aspects that it no longer matches; one that is gone says nothing of its targets.
fn matches(old: &World, new: &World) -> Vec<Moved> {
    let aspects = |one: &Failover| -> Vec<&'static str> {
        one.matches.iter().map(|(aspect, _)| aspect.name()).collect()
    };
    let known: HashMap<&String, &Failover> = new.failovers.iter().map(|one| (&one.name.value, one)).collect();
    let moved = old.failovers.iter().filter_map(|before| {
        let kept = aspects(known.get(&before.name.value)?);
        let gone: Vec<&str> = aspects(before).into_iter().filter(|aspect| !kept.contains(aspect)).collect();
        (!gone.is_empty()).then(|| {
            let name = &before.name.value;
            let text = format!(
                "failover `{name}` no longer matches {}: its targets may be worse there",
                list(&gone)
            );
            Moved::loosened(text)
        })
    });
    moved.collect()
}

/// Failover statements that are gone and led nobody yet: of one that led somebody the decisions tell.
fn unled(old: &Survey, new: &World, names: &Names) -> Vec<Moved> {
    let when = |world: &World, one: &Failover| conditions::text(world, one.when.as_ref());
    let known: BTreeSet<&String> = new.failovers.iter().map(|one| &one.name.value).collect();
    let kept: BTreeSet<String> = new.failovers.iter().map(|one| when(new, one)).collect();
    let gone = old.world.failovers.enumerated().filter(|(_, one)| {
        !known.contains(&one.name.value) && !kept.contains(&conditions::renamed(&when(old.world, one), names))
    });
    let leads = |id| {
        let statement = Statement::Failover(id);
        let holds = |id| old.engine.holds_somewhere(&old.world.use_cases[id], statement);
        match old.engine.may_concern(statement) {
            Some(ids) => ids.into_iter().any(holds),
            None => old.world.use_cases.ids().any(holds),
        }
    };
    let unled = gone.take(effort::FAILOVERS_ASKED).filter(|(id, _)| !leads(*id)).map(|(_, one)| {
        let name = &one.name.value;
        Moved::loosened(format!(
            "failover `{name}` is gone, which led nobody yet: whoever it would lead next fails over as others say"
        ))
    });
    unled.collect()
}

/// Lists of names that are gone: any other name passes for one now.
fn opened(texts: &Texts) -> Vec<Moved> {
    let lists = |side: &Text| -> BTreeSet<&'static str> {
        let statements = side.trees.policies.iter().flat_map(|file| &file.statements);
        let words = statements.filter_map(|statement| match &statement.kind {
            StatementKind::Regions(_) => Some(VocabularyKind::Regions.name()),
            StatementKind::Vocabulary(kind, _) => Some(kind.name()),
            _ => None,
        });
        words.collect()
    };
    let gone = &lists(&texts.old.1) - &lists(&texts.new.1);
    let moved = gone.into_iter().map(|list| {
        Moved::loosened(format!(
            "`{list}` no longer lists the names that there are: any other one passes for one"
        ))
    });
    moved.collect()
}
