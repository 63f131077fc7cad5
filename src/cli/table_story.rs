//! What `resolve --table -v` says under headings: all that a table holds of one decision.

use super::table_words::{Told, multiplier, words};
use crate::explain::acting::done;
use crate::explain::phrases::{self, Duties};
use crate::explain::{and, roughly};
use crate::number::{money, parse_decimal, whole};
use crate::table::format::{Budget, Quota, QuotaTerminal, Terminal};
use crate::table::{Path, Target};

impl Told<'_> {
    /// Every part that has something to say, each under its heading.
    pub(super) fn story(&self) -> String {
        let mut text = String::new();
        let mut section = |heading: &str, lines: Vec<String>| {
            if !lines.is_empty() {
                text += &format!("  {heading}\n");
                text.extend(lines.into_iter().map(|line| format!("    {line}\n")));
            }
        };
        section("rules", self.rules(": ", ""));
        let primary =
            self.answer.primary.as_ref().map(|primary| {
                format!("+ {}: primary{}", primary.model, if primary.up { "" } else { ", down" })
            });
        let told = self.told();
        let of_told = told.iter().flat_map(|path| self.path_lines(path));
        section("route", primary.into_iter().chain(of_told).collect());
        section("regions", self.regions());
        let told = told.map(|path| path.triggers());
        let others = self.decision.paths().filter(|path| Some(path.triggers()) != told);
        section("other triggers", others.flat_map(|path| self.path_lines(&path)).collect());
        let budgets = self.decision.budgets().map(|budget| self.budget_line(budget));
        section("budgets and quotas", budgets.chain(self.decision.quotas().map(quota_line)).collect());
        section("obligations", self.obligations());
        text
    }

    /// The path that is asked for, else the one of an outage.
    fn told(&self) -> Option<Path<'_>> {
        self.on.map_or_else(|| self.decision.outage_path(), |on| self.decision.on(on))
    }

    /// Where the primary and the targets of the path told of must be processed, if anywhere in particular.
    fn regions(&self) -> Vec<String> {
        let primary = self.decision.primary().into_iter();
        let targets = self.told().into_iter().flat_map(|path| path.targets().collect::<Vec<Target>>());
        let lines = primary.chain(targets).filter_map(|target| {
            let regions = target.regions()?.iter().map(|name| format!("`{name}`"));
            Some(format!("{}: {}", target.model().id, and(&regions.collect::<Vec<String>>())))
        });
        lines.collect()
    }

    /// What audits ask for, and what each failover statement does beside leading on.
    fn obligations(&self) -> Vec<String> {
        let audit = self.decision.audit();
        let audit = audit
            .map(|audit| phrases::audit(audit.retain_days, audit.lineage, &audit.mask, &audit.owners))
            .or_else(|| self.answer.primary.is_some().then(|| phrases::NO_AUDIT.to_owned()));
        let mut lines: Vec<String> = audit.into_iter().collect();
        let mut named: Vec<&str> = Vec::new();
        for failover in self.decision.paths().filter_map(|path| path.failover()) {
            if named.contains(&failover.name.as_str()) {
                continue;
            }
            named.push(&failover.name);
            let is_its = |path: &Path| path.failover().is_some_and(|other| other.name == failover.name);
            let leads = self.decision.paths().filter(is_its).any(|path| path.targets().next().is_some());
            let cooldown = failover.cooldown_seconds.map(whole);
            let duties = Duties {
                log_as: failover.log_as.as_deref(),
                notify: &failover.notify,
                retry: failover.retry,
                cooldown: cooldown.as_ref(),
            };
            lines.extend(phrases::duties(&failover.name, &duties, leads));
        }
        lines
    }

    /// A path: its statement and its targets.
    fn path_lines(&self, path: &Path<'_>) -> Vec<String> {
        let triggers: Vec<&str> = path.triggers().iter().map(|trigger| trigger.name()).collect();
        let because = path.reason().map(|because| format!(": {because}")).unwrap_or_default();
        let name = path.failover().map_or("", |failover| failover.name.as_str());
        let then = match path.then() {
            Terminal::Queue { seconds } => phrases::queue(seconds.map(whole).as_ref()),
            Terminal::Degrade { message: Some(message) } => format!("degrade \"{message}\""),
            other => other.name().to_owned(),
        };
        let mut lines = vec![format!("failover {name} on {}, then {then}{because}", triggers.join(", "))];
        for (position, target) in (1..).zip(path.targets()) {
            let mut notes = vec![
                multiplier(&target).as_ref().and_then(roughly).unwrap_or_else(|| "the same cost".to_owned()),
            ];
            notes.extend(target.actions().iter().map(|action| words(action).to_owned()));
            notes.extend(self.notes_at(&target.model().id));
            let down = if (self.is_down)(target.model()) { ", down" } else { "" };
            lines.push(format!("+ {}: target {position}, {}{down}", target.model().id, notes.join(", ")));
        }
        lines
    }

    /// What a budget that counts only some models does to what goes to a target: `: queued at b/w`.
    fn elsewhere(&self, budget: &Budget) -> String {
        let mut ids: Vec<String> = self.answer.primary.iter().map(|primary| primary.model.clone()).collect();
        for target in self.decision.paths().flat_map(|path| path.targets()) {
            if !ids.contains(&target.model().id) {
                ids.push(target.model().id.clone());
            }
        }
        let halt = |id: &String| self.halt_of(budget, Some(id)).filter(|_| !budget.on.is_empty());
        let done = ids.iter().find_map(halt).map(|halt| done(halt.action));
        ids.retain(|id| halt(id).is_some());
        done.map_or_else(String::new, |done| format!(": {done} at {}", and(&ids)))
    }

    fn budget_line(&self, budget: &Budget) -> String {
        let what = self.halt_of(budget, self.answer.route.as_deref()).map_or_else(
            || self.elsewhere(budget),
            |halt| {
                let sure = if halt.is_certain { "" } else { " if what is left is its own" };
                format!(": {}{sure}", done(halt.action))
            },
        );
        let limit = parse_decimal(&budget.limit_usd);
        let limit = limit.map_or_else(|| budget.limit_usd.clone(), |limit| money(&limit, phrases::MONEY));
        let on: Vec<&str> = budget.on.iter().map(String::as_str).collect();
        let counted = phrases::counted(&on, budget.per.as_deref());
        format!("budget {}{counted}: {limit} usd per {}{what}", budget.name, budget.period)
    }
}

fn quota_line(quota: &Quota) -> String {
    let limits =
        [quota.requests_per_minute, quota.tokens_per_minute, quota.requests_per_day, quota.tokens_per_day];
    let counted =
        phrases::counted(&quota.on.as_deref().into_iter().collect::<Vec<&str>>(), quota.per.as_deref());
    let then = match &quota.then {
        QuotaTerminal::Queue { seconds } => phrases::queue(seconds.map(whole).as_ref()),
        QuotaTerminal::Failover {} => "failover".to_owned(),
        QuotaTerminal::Block {} => "block".to_owned(),
    };
    phrases::quota(&quota.name, &counted, limits, &then)
}
