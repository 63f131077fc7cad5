//! The ways in which what is down fails, held to where a sentence says that they lead.

use govctl::decide::Path;
use govctl::model::{ModelId, TerminalKind, Trigger};

use super::Reader;
use super::words::{MET, Read, WAYS, require};

impl Reader<'_> {
    /// Each way in which what is down fails leads where an outage does, or the sentence says where it leads.
    pub(super) fn no_way_of_an_outage_is_left_unsaid(&self, clauses: &[&str], route: ModelId) -> Read<()> {
        let Some(outage) = self.decision().outage_path() else { return Ok(()) };
        if self.decision().primary != Some(route) {
            return Ok(());
        }
        let failovers = &self.question.world.failovers;
        let leads = |path: Option<&Path>| {
            let targets = path.map(|path| path.targets.clone()).unwrap_or_default();
            (targets, path.map_or(TerminalKind::Block, |path| failovers[path.failover].then.kind()))
        };
        for trigger in [Trigger::ServerError, Trigger::Timeout, Trigger::Unavailable] {
            if leads(self.decision().path_on(trigger)) == leads(Some(outage)) {
                continue;
            }
            let is_it = |(words, way): &(&str, Trigger)| {
                let says = |clause: &&str| clause.split(" it ").next().is_some_and(|it| it.contains(words));
                *way == trigger && clauses.iter().any(says)
            };
            let is_said = WAYS.iter().any(&is_it) || MET.iter().any(&is_it);
            require(is_said, &format!("nothing is said of {trigger:?}"))?;
        }
        Ok(())
    }
}
