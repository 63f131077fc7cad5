//! What is said of a request that goes nowhere: how it ends, and why nothing serves it.

use govctl::decide::Path;
use govctl::model::Candidates;
use govctl::number::whole;

use super::Reader;
use super::words::{Read, quoted, require};

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
        self.nothing_follows(further, path)
    }

    /// Why a path has no target.
    pub(super) fn nothing_follows(&self, why: &str, path: Option<&Path>) -> Read<()> {
        let statement = path.map(|path| &self.question.world.failovers[path.failover]);
        let is_none = statement.is_some_and(|by| matches!(by.candidates, Candidates::None));
        if why.ends_with(" tries nothing") || why.ends_with(" says that nothing is tried") {
            return require(is_none, why);
        }
        if why.starts_with("no failover statement covers ") {
            return require(path.is_none(), why);
        }
        require(path.is_some() && !is_none, why)?;
        self.empty(why, path)
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
