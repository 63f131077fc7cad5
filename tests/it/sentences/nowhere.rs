//! What is said of a request that goes nowhere: how it ends, and why nothing serves it.

use govctl::decide::outage::Outcome;
use govctl::decide::{LeftOut, Path, outage, reference};
use govctl::model::{Candidates, ModelId};
use govctl::number::whole;

use super::Reader;
use super::words::{Read, counted, quoted, require};

/// Whether that is why a candidate was left out.
fn is_cut(one: &LeftOut, why: &str) -> bool {
    match why {
        "may not serve it" => !one.gates.is_empty() || !one.rules.is_empty(),
        "no larger context window" => one.window,
        "too dear" => one.too_dear.is_some(),
        other => other.strip_prefix("no match in ").is_some_and(|aspects| {
            let held: Vec<&str> = one.mismatches.iter().map(|aspect| aspect.name()).collect();
            aspects.split(" and ").all(|aspect| held.contains(&aspect))
        }),
    }
}

impl Reader<'_> {
    /// `is blocked, as the only model for it, `x`, is down`, with what budgets do before or behind it.
    pub(super) fn nowhere<'t>(&self, first: &'t str, mut rest: impl Iterator<Item = &'t str>) -> Read<()> {
        self.says_that_it_is_used_up(first)?;
        let stopped = first.split_once(" is blocked by ").or_else(|| first.split_once(" is queued by "));
        let text = match stopped {
            Some((_, by)) => {
                require(self.names_budgets(by), by)?;
                rest.next().and_then(|clause| clause.strip_prefix("otherwise it ")).ok_or("no end")?
            }
            None => first,
        };
        let (end, why) = text.split_once(", as ").ok_or("no reason")?;
        let path = self.decision().outage_path();
        self.end(end, path)?;
        self.none_is_up(why, path)?;
        rest.try_for_each(|clause| require(self.names_budgets(clause), clause))
    }

    fn none_is_up(&self, why: &str, path: Option<&Path>) -> Read<()> {
        let chain = self.decision().chain();
        if let Some(text) = why.strip_prefix("the only model for it, ") {
            return require(self.eligible == chain && quoted(text)?.0 == self.id(chain[0]), why);
        }
        let Some((down, further)) = why.split_once(" is down and ") else {
            let names: Vec<&str> = why.split('`').skip(1).step_by(2).collect();
            let ids: Vec<&str> = chain.iter().map(|model| self.id(*model)).collect();
            return require(names == ids && why.ends_with(" are down"), why);
        };
        require(chain.len() == 1 && self.eligible.len() > 1 && quoted(down)?.0 == self.id(chain[0]), why)?;
        if further.starts_with("on no chain of ") {
            return self.nothing_follows(&format!("{down} is {further}"), path);
        }
        self.nothing_follows(further, path)
    }

    /// Why a path has no target.
    pub(super) fn nothing_follows(&self, why: &str, path: Option<&Path>) -> Read<()> {
        let statement = path.map(|path| &self.question.world.failovers[path.failover]);
        let is_none = statement.is_some_and(|by| matches!(by.candidates, Candidates::None));
        if why.ends_with(" tries nothing") || why.ends_with(" says that nothing is tried") {
            return require(is_none, why);
        }
        if why == "no failover statement applies" {
            return require(self.decision().paths.is_empty(), why);
        }
        if why.starts_with("no failover statement covers ") {
            return require(path.is_none(), why);
        }
        require(path.is_some() && !is_none, why)?;
        self.no_more(why, path, None)
    }

    /// Where a request goes if the share that is left is that of one budget.
    pub(super) fn share(&self, text: &str) -> Read<()> {
        let question = &self.question;
        let (name, text) = quoted(text)?;
        let budget =
            question.world.budgets.position(|budget| budget.name.value == name).ok_or("no such budget")?;
        let mut context = question.context.clone();
        let share = context.shares.iter_mut().find(|(known, _)| *known == budget).ok_or("no such share")?;
        share.1.clone_from(&question.context.budget);
        let decision =
            reference::decide(question.world, question.use_case, &context).map_err(|_| "undefined")?;
        let goes = match outage::outcome(question.world, &decision, question.on, question.down) {
            Outcome::Route(model) => format!(", it goes to `{}`", self.id(model)),
            Outcome::Terminal => ", it finds nothing that is up".to_owned(),
            Outcome::Unroutable => ", it is blocked".to_owned(),
        };
        require(text == goes, text)
    }

    /// Why a path has no further target that is up, from a model that has failed.
    pub(super) fn no_more(&self, why: &str, path: Option<&Path>, from: Option<ModelId>) -> Read<()> {
        let world = self.question.world;
        let Some(path) = path else { return require(!why.starts_with("failover "), why) };
        let is_up = |model: ModelId| outage::is_up(world, self.question.down, model);
        let is_target = |model: ModelId| path.models().any(|target| target == model);
        let primary = self.decision().primary;
        let others: Vec<ModelId> = self
            .eligible
            .iter()
            .copied()
            .filter(|model| Some(*model) != primary && Some(*model) != from)
            .collect();
        let open: Vec<ModelId> =
            others.iter().copied().filter(|model| is_up(*model) && !is_target(*model)).collect();
        let statement = &world.failovers[path.failover];
        if let Some((_, text)) = why.split_once(" leaves out ") {
            let (what, cut) = text.rsplit_once(" (").ok_or("no reason")?;
            let met = path.left_out.iter().filter(|one| is_up(one.model) || path.targets.is_empty());
            let met: Vec<&LeftOut> = met.collect();
            for cut in cut.trim_end_matches(')').split(" or ").flat_map(|cut| cut.split(", ")) {
                require(met.iter().any(|one| is_cut(one, cut)), why)?;
            }
            if let Some(count) = what.strip_suffix(" models") {
                return require(count.parse() == Ok(met.len()), why);
            }
            let named: Vec<&str> = what.split('`').skip(1).step_by(2).collect();
            let ids: Vec<&str> = met.iter().map(|one| self.id(one.model)).collect();
            return require(named == ids, why);
        }
        if let Some((_, count)) = why.split_once(" ends after ") {
            let (count, _) = counted(count)?;
            return require(
                count == path.targets.len() && statement.limit == count as u64 && !open.is_empty(),
                why,
            );
        }
        if why.ends_with(" leads nowhere else") {
            return require(!others.is_empty(), why);
        }
        if let Some((id, chains)) = why.split_once("` is on no chain of ") {
            let Candidates::Chains(chained) = &statement.candidates else { return Err(chains.to_owned()) };
            let model = primary.ok_or("no primary")?;
            return require(
                id.trim_start_matches('`') == self.id(model) && !chained.members.contains(&model),
                why,
            );
        }
        match why {
            "no other model may serve it" => require(others.is_empty(), why),
            "nothing else that may serve it is up" => require(!others.iter().any(|model| is_up(*model)), why),
            _ => Err(format!("what is `{why}`")),
        }
    }

    /// The one budget of which nothing is left is named, wherever the request would have gone.
    fn says_that_it_is_used_up(&self, first: &str) -> Read<()> {
        let (world, context) = (self.question.world, self.question.context);
        let budgets = self.decision().budgets.iter().map(|id| (*id, &world.budgets[*id]));
        let general: Vec<_> = budgets.filter(|(_, budget)| budget.on.is_empty()).collect();
        let [(id, budget)] = general.as_slice() else { return Ok(()) };
        let used_up = context.share(*id).is_none() && context.budget == whole(0) && budget.at.is_empty();
        require(!used_up || first.contains(&format!("by budget `{}`", budget.name.value)), first)
    }
}
