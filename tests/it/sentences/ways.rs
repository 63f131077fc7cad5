//! The ways in which a primary fails, held to where a sentence says that they lead.

use govctl::decide::{Multiplier, Path, Target};
use govctl::model::trigger::{OUTAGE, Triggers};
use govctl::model::{ModelId, TerminalKind, Trigger};
use govctl::number::whole;

use super::Reader;
use super::words::{MET, Read, WAYS, costs, require};

/// Whether a clause says where a trigger leads.
fn is_said(trigger: Trigger, clauses: &[&str]) -> bool {
    let is_it = |(words, way): &(&str, Trigger)| {
        let says = |clause: &&str| clause.split(" it ").next().is_some_and(|it| it.contains(words));
        *way == trigger && clauses.iter().any(says)
    };
    WAYS.iter().any(is_it) || MET.iter().any(is_it)
}

impl Reader<'_> {
    /// How many of these triggers lead elsewhere than an outage does; those aside that no statement is for.
    pub(super) fn led_elsewhere(&self, triggers: &[Trigger]) -> usize {
        triggers.iter().filter(|trigger| self.leads_elsewhere(**trigger)).count()
    }

    pub(super) fn leads_elsewhere(&self, trigger: Trigger) -> bool {
        let failovers = &self.question.world.failovers;
        let leads = |path: Option<&Path>| {
            let targets = path.map(|path| path.targets.clone()).unwrap_or_default();
            (targets, path.map_or(TerminalKind::Block, |path| failovers[path.failover].then.kind()))
        };
        let (outage, path) = (self.decision().outage_path(), self.decision().path_on(trigger));
        let is_covered = path.is_some() || (outage.is_some() && Triggers::usual().has(trigger));
        is_covered && leads(path) != leads(outage)
    }

    /// Whether a clause that hints at other triggers is true of them; none where it is no such clause.
    pub(super) fn hints(&self, clause: &str, clauses: &[&str]) -> Option<bool> {
        let failovers = &self.question.world.failovers;
        let ends = |trigger: &Trigger, kind: TerminalKind| {
            let path = self.decision().path_on(*trigger);
            let end = path.map_or(TerminalKind::Block, |path| failovers[path.failover].then.kind());
            path.is_none_or(|path| path.targets.is_empty()) && end == kind
        };
        let others = || Trigger::ALL.into_iter().filter(|trigger| self.leads_elsewhere(*trigger));
        let all = |kind: TerminalKind| others().filter(|trigger| ends(trigger, kind)).count() > 1;
        Some(match clause {
            "other triggers lead elsewhere" => others().any(|trigger| {
                let path = self.decision().path_on(trigger);
                path.is_some_and(|path| !path.targets.is_empty())
            }),
            "other triggers end otherwise" => others().count() > 1,
            "some other triggers block it" => all(TerminalKind::Block),
            "some other triggers queue it" => all(TerminalKind::Queue),
            "some other triggers degrade it" => all(TerminalKind::Degrade),
            "otherwise it is blocked" => {
                let mut all = Trigger::ALL.into_iter();
                all.all(|trigger| is_said(trigger, clauses) || ends(&trigger, TerminalKind::Block))
            }
            _ => return None,
        })
    }

    /// Whether a trigger leads to what an outage leads to, however it ends then.
    pub(super) fn goes_there_too(&self, path: Option<&Path>) -> bool {
        let targets = |path: Option<&Path>| path.map(|path| path.targets.clone()).unwrap_or_default();
        !targets(path).is_empty() && targets(path) == targets(self.decision().outage_path())
    }

    /// Each trigger leads where an outage does, or the sentence says where it leads: those as which what is down fails
    /// one by one, of the others at least that there are some.
    pub(super) fn no_way_is_left_unsaid(&self, clauses: &[&str], route: ModelId) -> Read<()> {
        if self.decision().primary != Some(route) {
            return Ok(());
        }
        let is_hinted = clauses.iter().any(|clause| self.hints(clause, clauses).is_some());
        let is_rest = clauses.contains(&"otherwise it is blocked");
        for trigger in Trigger::ALL.into_iter().filter(|trigger| self.leads_elsewhere(*trigger)) {
            let is_said = is_said(trigger, clauses);
            // Beside what is down a long sentence leaves out what leads where that does.
            let is_there_too = self.goes_there_too(self.decision().path_on(trigger));
            let may_miss =
                !OUTAGE.contains(&trigger) && (is_hinted || is_there_too || self.led_elsewhere(&OUTAGE) > 0);
            require(is_said || is_rest || may_miss, &format!("nothing is said of {trigger:?}"))?;
        }
        Ok(())
    }

    /// What stands behind `2 more`: what they cost at most where that is more than what is named, and what some or all
    /// of them ask for.
    pub(super) fn notes_of_more(&self, text: &str, shown: &[&Target], hidden: &[&Target]) -> Read<()> {
        let dearest = |targets: &[&Target]| targets.iter().map(|target| target.multiplier.clone()).max();
        let (most, known) = (dearest(hidden), dearest(shown));
        let notes = text.strip_prefix(" (").and_then(|text| text.strip_suffix(')')).unwrap_or(text);
        if notes == "likewise" {
            let asks = |one: &&Target| (one.throttle, one.confirm, one.multiplier.clone());
            return require(hidden.iter().all(|one| shown.last().map(asks) == Some(asks(one))), notes);
        }
        let mut has_cost = false;
        let mut asks = [None, None];
        for note in notes.split(", ").filter(|note| !note.is_empty()) {
            let is_some = note.starts_with("some ");
            match note.strip_prefix("some ").unwrap_or(note) {
                "throttled" => asks[0] = Some(is_some),
                "once someone confirms" => asks[1] = Some(is_some),
                by if by.contains(" by budget `") || by.contains(" by quota `") => {
                    require(self.names_budgets(by) || self.names_quota(by), by)?;
                }
                "not free" => has_cost |= most == Some(Multiplier::Infinite),
                cost => {
                    let cost = if hidden.len() == 1 { Some(cost) } else { cost.strip_prefix("up to ") };
                    let cost = cost.ok_or_else(|| format!("what is {notes}"))?;
                    require(most.as_ref().is_some_and(|most| costs(cost, most)), cost)?;
                    has_cost = true;
                }
            }
        }
        let is_dear = most > Some(Multiplier::one()) && known.is_none_or(|known| most > Some(known));
        require(has_cost == is_dear, &format!("what {notes} cost"))?;
        let held = |has: fn(&Target) -> bool| match hidden.iter().filter(|target| has(target)).count() {
            0 => None,
            count => Some(count < hidden.len()),
        };
        require(asks == [held(|target| target.throttle), held(|target| target.confirm)], notes)
    }

    /// What stands in brackets behind a target: its cost and its actions, all of them and no others.
    pub(super) fn notes<'t>(text: &'t str, target: &Target) -> Read<&'t str> {
        let (notes, rest) = match text.strip_prefix(" (") {
            Some(text) => text.split_once(')').ok_or("no bracket")?,
            None => ("", text),
        };
        let free = Multiplier::Finite(whole(1));
        let mut has_cost = target.multiplier == free;
        let mut stands = (false, false, false);
        for note in notes.split(", ").filter(|note| !note.is_empty()) {
            match note {
                "with a notice" => stands.0 = true,
                "throttled" => stands.1 = true,
                "once someone confirms" => stands.2 = true,
                by if by.contains(" by budget `") => {}
                "not free" => has_cost |= target.multiplier == Multiplier::Infinite,
                cost => {
                    require(costs(cost, &target.multiplier), &format!("{cost}: {:?}", target.multiplier))?;
                    has_cost = true;
                }
            }
        }
        require(has_cost, &format!("the cost of {text}"))?;
        // A long sentence leaves a notice to `-v`.
        require((stands.1, stands.2) == (target.throttle, target.confirm), text)?;
        require(!stands.0 || target.notify.is_some(), text)?;
        Ok(rest)
    }
}
