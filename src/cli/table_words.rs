//! What `resolve --table` says: the answer of a table in a sentence, and with `-v` in full under headings.

use super::answer::Answer;
use super::ask::Request as Asked;
use crate::decide::Multiplier;
use crate::explain::acting::{self, Acting, Halted, done};
use crate::explain::{self, MOST_WORDS, and, phrases, roughly};
use crate::number::{Rational, money, parse_decimal, whole};
use crate::table::format::{Action, Budget, Model, Quota, QuotaTerminal, Terminal, Trigger};
use crate::table::{Decision, Path, Target};

/// An answer of a table, and what it was asked.
pub(super) struct Told<'a> {
    pub(super) answer: &'a Answer,
    pub(super) decision: &'a Decision<'a>,
    pub(super) asked: &'a Asked,
    pub(super) on: Option<Trigger>,
    pub(super) is_down: &'a dyn Fn(&Model) -> bool,
    /// A budget of which what is left may be the share, and where the request then goes instead.
    pub(super) share: Option<(String, String)>,
}

/// What a budget does at the share that is left, and whether that is its own share.
struct Halt<'a> {
    budget: &'a Budget,
    action: &'a str,
    is_certain: bool,
}

impl Told<'_> {
    /// The table knows the decision and the rules with their reasons, not the models that were not chosen nor which rule
    /// ordered them: the sentence says so much and no more.
    pub(super) fn sentence(&self) -> String {
        let plain = self.routed();
        let rules: Vec<String> = self.decision.rules().iter().map(|name| format!("`{name}`")).collect();
        let with = |rules: &[String]| match rules {
            [] => None,
            [one] => Some(format!("{plain}; rule {one} applies")),
            several => Some(format!("{plain}; rules {} apply", and(several))),
        };
        let long = [with(&self.rules(" (", ")")), with(&rules)].into_iter().flatten();
        let text = long.into_iter().find(|text| explain::count(text) <= MOST_WORDS).unwrap_or(plain);
        format!("{text}.")
    }

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
        let outage = self.decision.outage_path();
        let of_outage = outage.iter().flat_map(|path| self.path_lines(path));
        section("route", primary.into_iter().chain(of_outage).collect());
        let outage = outage.map(|path| path.triggers());
        let others = self.decision.paths().filter(|path| Some(path.triggers()) != outage);
        section("other triggers", others.flat_map(|path| self.path_lines(&path)).collect());
        let budgets = self.decision.budgets().map(|budget| self.budget_line(budget));
        section("budgets and quotas", budgets.chain(self.decision.quotas().map(quota_line)).collect());
        text
    }

    /// The rules that apply, each with its reason where it has one.
    fn rules(&self, open: &str, close: &str) -> Vec<String> {
        let rules = self.decision.reasons().map(|(name, because)| {
            let because =
                because.map(|because| format!("{open}{}{close}", because.trim().trim_end_matches('.')));
            let name = if close.is_empty() { name.to_owned() } else { format!("`{name}`") };
            format!("{name}{}", because.unwrap_or_default())
        });
        rules.collect()
    }

    fn routed(&self) -> String {
        let subject = self.subject();
        let Some(primary) = self.answer.primary.as_ref() else {
            return format!("By the table {subject} is blocked, as no model may serve it");
        };
        let path = self.on.map_or_else(|| self.decision.outage_path(), |on| self.decision.on(on));
        let end = path.map_or_else(|| "is blocked".to_owned(), |path| end(path.then()));
        let rest = path.map_or_else(|| end.clone(), |path| self.rest(&path, &end));
        let first = match self.on {
            Some(on) => {
                format!("By the table, when `{}` fails with `{}`, {subject}", primary.model, on.name())
            }
            None => format!("By the table {subject}"),
        };
        let Some(route) = &self.answer.route else {
            let ends = format!("{end}, as {}", self.nothing(path.as_ref()));
            return match self.halted() {
                Some(Halted::Stopped(stopped)) => format!("{first} {stopped}; otherwise it {ends}"),
                Some(Halted::Noted(noted)) => format!("{first} {ends}; {noted}"),
                None => format!("{first} {ends}"),
            };
        };
        let is_primary = *route == primary.model;
        let target = path.and_then(|path| path.targets().find(|target| target.model().id == *route));
        let to =
            target.filter(|_| !is_primary).map_or_else(|| format!("`{route}`"), |target| named(&target, &[]));
        let done = match self.halted() {
            Some(Halted::Stopped(stopped)) => {
                return format!("{first} {stopped}; otherwise it would go to {to}");
            }
            Some(Halted::Noted(words)) => Some(words),
            None => self.notice(),
        };
        let mut noted = phrases::noted(done, self.elsewhere_by_share());
        let then = match path {
            _ if !is_primary => "if that fails too",
            Some(path) if !path.triggers().contains(&Trigger::Unavailable) => {
                // The outage path is that of a timeout where nothing covers an outage.
                let is_of_errors = path.triggers().contains(&Trigger::ServerError);
                if is_of_errors { "on a server error" } else { "on a timeout" }
            }
            _ => "on an outage",
        };
        noted.insert(0, format!("{first} goes to {to}"));
        noted.push(format!("{then} it {rest}"));
        noted.join("; ")
    }

    /// Where the request goes if what is left is one budget's share, unless that budget stops it anyhow.
    fn elsewhere_by_share(&self) -> Option<(String, String)> {
        let (name, goes) = self.share.as_ref()?;
        let mut halts = self.decision.budgets().filter_map(|budget| self.halt(budget));
        let stops = halts.any(|halt| halt.budget.name == *name && halt.stops());
        (!stops).then(|| (name.clone(), goes.clone()))
    }

    /// The budgets that send a notice, where none does more.
    fn notice(&self) -> Option<String> {
        let route = self.answer.route.as_deref();
        let halts: Vec<Halt> =
            self.decision.budgets().filter_map(|budget| self.halt_of(budget, route)).collect();
        let named = |is_certain: bool| -> Vec<String> {
            let of = halts.iter().filter(|halt| halt.is_certain == is_certain);
            of.map(|halt| format!("`{}`", halt.budget.name)).collect()
        };
        phrases::notice(&named(true), &named(false))
    }

    /// Where a path leads after the route, and how it ends.
    fn rest(&self, path: &Path<'_>, end: &str) -> String {
        let targets = path.targets().filter(|target| !(self.is_down)(target.model()));
        let targets = targets.filter(|target| Some(&target.model().id) != self.answer.route.as_ref());
        let targets: Vec<Target> = targets.collect();
        let Some(first) = targets.first() else { return end.to_owned() };
        let notes = |target: &Target| self.notes_at(&target.model().id);
        let stops = self.halts_at(&first.model().id).into_iter().find(Halt::stops);
        if let Some(Halt { budget, action, .. }) = stops {
            return format!(
                "would go to {}, but is {} by budget `{}`",
                named(first, &[]),
                done(action),
                budget.name
            );
        }
        let targets: Vec<String> = targets.iter().map(|target| named(target, &notes(target))).collect();
        format!("goes to {}, else {end}", targets.join(", then "))
    }

    /// Why no target is left.
    fn nothing(&self, path: Option<&Path<'_>>) -> String {
        let Some(path) = path else {
            let what = if self.on.is_some() { "that" } else { "an outage" };
            return format!("no failover statement covers {what}");
        };
        let mut ids: Vec<String> = path.targets().map(|target| format!("`{}`", target.model().id)).collect();
        if self.on.is_none() {
            ids.extend(self.answer.primary.iter().map(|primary| format!("`{}`", primary.model)));
            ids.rotate_right(1);
        }
        let name = path.failover().map_or("", |failover| failover.name.as_str());
        match ids.as_slice() {
            [] => format!("failover `{name}` leads nowhere"),
            [one] if self.on.is_none() => format!("{one} is down and failover `{name}` leads nowhere else"),
            [one] => format!("{one} is down"),
            all => format!("{} are down", and(all)),
        }
    }

    /// What budgets that count only some models do to what goes to one of these.
    fn halts_at(&self, id: &str) -> Vec<Halt<'_>> {
        let own = self.decision.budgets().filter(|budget| !budget.on.is_empty());
        own.filter_map(|budget| self.halt_of(budget, Some(id))).collect()
    }

    fn notes_at(&self, id: &str) -> Vec<String> {
        let halts = self.halts_at(id).into_iter().filter(|halt| halt.action != "notify");
        halts.map(|halt| format!("{} by budget `{}`", done(halt.action), halt.budget.name)).collect()
    }

    /// ``a `confidential` request for `x` with 15% of its budget left, while `openai` is down``.
    fn subject(&self) -> String {
        let class = self.answer.context.first().map_or("", |(_, value)| value.as_str());
        let mut given = Vec::new();
        if let Some(left) = self.asked.together().filter(|left| **left < whole(100)) {
            given.push(phrases::left(None, left));
        }
        for (name, left) in self.asked.shares().filter(|(_, left)| **left < whole(100)) {
            given.push(phrases::left(Some(name), left));
        }
        given.extend(self.asked.facts.iter().map(|(name, value)| format!("{name} `{value}`")));
        let down: Vec<String> = self.asked.down.iter().map(|name| format!("`{name}`")).collect();
        phrases::subject(class, &self.answer.use_case, &given, &down)
    }

    /// What budgets do to the request at the share that is left.
    fn halted(&self) -> Option<Halted> {
        let halts: Vec<Halt> = self.decision.budgets().filter_map(|budget| self.halt(budget)).collect();
        let acting = halts.iter().map(|Halt { budget, action, is_certain }| Acting {
            budget: &budget.name,
            action,
            is_certain: *is_certain,
        });
        let acting: Vec<Acting> = acting.collect();
        let general = self.decision.budgets().filter(|budget| budget.on.is_empty()).count();
        acting::halted(&acting, general)
    }

    /// What a budget does to the request as it goes, notices aside.
    fn halt<'b>(&self, budget: &'b Budget) -> Option<Halt<'b>> {
        let route = self.answer.route.as_deref();
        self.halt_of(budget, route).filter(|halt| halt.action != "notify")
    }

    /// What a budget does to what goes to a model, a notice included.
    fn halt_of<'b>(&self, budget: &'b Budget, model: Option<&str>) -> Option<Halt<'b>> {
        let provider = model.and_then(|model| model.split_once('/')).map(|(provider, _)| provider);
        let counts =
            budget.on.is_empty() || budget.on.iter().any(|on| [model, provider].contains(&Some(on.as_str())));
        let own = self.asked.shares().find(|(name, _)| *name == budget.name).map(|(_, left)| left);
        let alone = self.decision.budgets().filter(|budget| budget.on.is_empty()).count() == 1;
        let left = own.or_else(|| self.asked.together().filter(|_| budget.on.is_empty()))?;
        let used = whole(100) - left;
        let passed = budget.at.iter().filter(|at| percent(&at.used).is_some_and(|share| share <= used));
        let rank =
            |action: &str| ["notify", "throttle", "queue", "block"].iter().position(|one| *one == action);
        let action = passed.map(|at| at.action.as_str()).max_by_key(|action| rank(action))?;
        counts.then_some(Halt { budget, action, is_certain: own.is_some() || alone })
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

impl Halt<'_> {
    fn stops(&self) -> bool {
        ["block", "queue"].contains(&self.action)
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

fn percent(text: &str) -> Option<Rational> {
    parse_decimal(text.trim_end_matches('%'))
}

/// What a target costs over the primary; none where that is no number.
fn multiplier(target: &Target) -> Option<Multiplier> {
    let times = target.cost_multiplier();
    if times == "inf" { Some(Multiplier::Infinite) } else { parse_decimal(times).map(Multiplier::Finite) }
}

/// A target with what it costs and asks for.
fn named(target: &Target, notes: &[String]) -> String {
    let actions = target.actions().iter().map(|action| words(action).to_owned());
    let notes: Vec<String> = actions.chain(notes.iter().cloned()).collect();
    phrases::target(&target.model().id, multiplier(target).as_ref(), &notes)
}

fn words(action: &Action) -> &'static str {
    match action {
        Action::Notify { .. } => "with a notice",
        Action::Throttle {} => "throttled",
        Action::Confirm {} => "once someone confirms",
    }
}

/// How a path ends.
fn end(terminal: &Terminal) -> String {
    match terminal {
        Terminal::Queue { seconds } => phrases::queues(seconds.map(whole).as_ref()),
        Terminal::Degrade { .. } => "gets a degraded answer".to_owned(),
        Terminal::Block {} => "is blocked".to_owned(),
    }
}
