//! What `resolve --table` says: the answer of a table in a sentence, and with `-v` in full under headings.

use super::answer::Answer;
use super::ask::RequestArguments;
use crate::decide::Multiplier;
use crate::explain::acting::{self, Acting, Halted, done};
use crate::explain::compose::{self, Part, Worth};
use crate::explain::triggers;
use crate::explain::ways::{End, Fate, Stop};
use crate::explain::{NOTICE, and, phrases};
use crate::limits::shown;
use crate::number::{Rational, parse_decimal, whole};
use crate::table::format::{Action, Budget, Model, Terminal, Trigger};
use crate::table::{Decision, Path, Target};

/// An answer of a table, and what it was asked.
pub(super) struct Told<'a> {
    pub(super) answer: &'a Answer,
    pub(super) decision: &'a Decision<'a>,
    pub(super) asked: &'a RequestArguments,
    pub(super) on: Option<Trigger>,
    pub(super) is_down: &'a dyn Fn(&Model) -> bool,
    /// A budget of which what is left may be the share, and where the request then goes instead.
    pub(super) share: Option<(String, String)>,
}

/// What a budget does at the share that is left, and whether that is its own share.
pub(super) struct Halt<'a> {
    pub(super) budget: &'a Budget,
    pub(super) action: &'a str,
    pub(super) is_certain: bool,
}

impl Told<'_> {
    /// The table knows the decision and the rules with their reasons, not the models that were not chosen nor which rule
    /// ordered them: the sentence says so much and no more.
    pub(super) fn sentence(&self) -> String {
        let subject = self.subject();
        let (head, mut parts) = match self.answer.primary.as_ref() {
            None => (format!("By the table {subject} is blocked, as no model may serve it"), Vec::new()),
            Some(primary) => self.routed(&subject, &primary.model),
        };
        parts.push(Part::clause(self.rules_that_apply()));
        phrases::ended(&compose::composed(&head, &parts, shown::SENTENCE))
    }

    /// Which rules apply, with their reasons while there is room.
    fn rules_that_apply(&self) -> Vec<(Worth, String)> {
        let names: Vec<String> = self.decision.rules().iter().map(|name| format!("`{name}`")).collect();
        let reasons = self.rules(" (", ")");
        let first = reasons.iter().zip(&names).position(|(reason, name)| reason != name);
        let mut with_first = names.clone();
        if let Some((at, reason)) = first.and_then(|at| Some((at, reasons.get(at)?))) {
            with_first.splice(at..=at, [reason.clone()]);
        }
        let apply = |rules: &[String]| match rules {
            [] => String::new(),
            [one] => format!("rule {one} applies"),
            several => format!("rules {} apply", and(several)),
        };
        let mut all = vec![(Worth::Order, apply(&reasons)), (Worth::Order, apply(&with_first))];
        if names.len() <= shown::RULES_WITHOUT_REASON {
            all.push((Worth::More, apply(&names)));
        }
        // Which of them decided the table does not say, so none of several is named alone.
        let many = if names.len() > 1 { format!("{} rules apply", names.len()) } else { apply(&names) };
        all.push((Worth::Cause, many));
        all.push((Worth::Kept, String::new()));
        all
    }

    /// The rules that apply, each with its reason where it has one.
    pub(super) fn rules(&self, open: &str, close: &str) -> Vec<String> {
        let rules = self.decision.reasons().map(|(name, because)| {
            let because =
                because.map(|because| format!("{open}{}{close}", because.trim().trim_end_matches('.')));
            let name = if close.is_empty() { name.to_owned() } else { format!("`{name}`") };
            format!("{name}{}", because.unwrap_or_default())
        });
        rules.collect()
    }

    /// Where the request goes, and what follows.
    fn routed(&self, subject: &str, primary: &str) -> (String, Vec<Part>) {
        let path = self.on.map_or_else(|| self.decision.outage_path(), |on| self.decision.on(on));
        let first = match self.on {
            Some(on) => {
                let fails = phrases::fails(on);
                format!("By the table, when `{primary}` {fails}, {subject}")
            }
            None => format!("By the table {subject}"),
        };
        let Some(route) = &self.answer.route else {
            let end = path.map_or(End::BLOCKED, |path| end(path.then()));
            let ends = format!("{end}, as {}", self.nothing(path.as_ref()));
            return match self.halted() {
                Some(Halted::Stopped(stopped)) => {
                    (format!("{first} {stopped}"), vec![Part::kept(format!("otherwise it {ends}"))])
                }
                Some(Halted::Noted(noted)) if acting::is_beside_nowhere(&noted, &ends) => {
                    (format!("{first} {ends}"), vec![Part::kept(noted)])
                }
                Some(Halted::Noted(_)) | None => (format!("{first} {ends}"), Vec::new()),
            };
        };
        let is_primary = route == primary;
        let target = path.and_then(|path| path.targets().find(|target| target.model().id == *route));
        let to = target.filter(|_| !is_primary).map_or_else(|| format!("`{route}`"), |target| named(&target));
        let noted = match self.halted() {
            Some(Halted::Stopped(stopped)) => {
                // What it costs is said beside the model that it stands in for.
                let otherwise = Part::kept(format!("otherwise it would go to `{route}`"));
                return (format!("{first} {stopped}"), vec![otherwise]);
            }
            Some(Halted::Noted(words)) => Some(words),
            None => None,
        };
        let mut parts: Vec<Part> = self.notice().map(Part::kept).into_iter().collect();
        parts.extend(phrases::noted(noted, self.elsewhere_by_share()).into_iter().map(Part::kept));
        parts.extend(self.follows(path.as_ref(), is_primary));
        let instead =
            if is_primary || self.on.is_some() { String::new() } else { format!(" in place of `{primary}`") };
        (format!("{first} goes to {to}{instead}"), parts)
    }

    /// What follows on an outage, and where other triggers lead elsewhere.
    fn follows(&self, path: Option<&Path<'_>>, is_primary: bool) -> Vec<Part> {
        let usual = path.map_or_else(|| Fate::blocked(None), |path| self.fate(path));
        if !is_primary {
            return vec![Part::clause(usual.wordings("if that fails too"))];
        }
        let led =
            triggers::led(path.is_some(), |trigger| self.decision.on(trigger).map(|path| self.fate(&path)));
        let when = if self.asked.down.is_empty() { "on an outage" } else { "if that fails too" };
        triggers::clauses(when, &usual, led)
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
        if halts.iter().any(|halt| halt.action != "notify") {
            return None;
        }
        let named = |is_certain: bool| -> Vec<String> {
            let of = halts.iter().filter(|halt| halt.is_certain == is_certain);
            of.map(|halt| format!("`{}`", halt.budget.name)).collect()
        };
        phrases::notice(&named(true), &named(false))
    }

    /// Where a path leads after the route, and how it ends.
    fn fate(&self, path: &Path<'_>) -> Fate {
        let targets = path.targets().filter(|target| !(self.is_down)(target.model()));
        let targets = targets.filter(|target| Some(&target.model().id) != self.answer.route.as_ref());
        let targets: Vec<Target> = targets.collect();
        let stops = targets.first().and_then(|first| {
            self.halts_at(&first.model().id)
                .into_iter()
                .find(Halt::stops)
                .map(|halt| (halt.action, halt.budget))
        });
        let halted = stops.map(|(action, budget)| format!("is {} by budget `{}`", done(action), budget.name));
        let stop = |target: &Target| {
            let has = |wanted: fn(&Action) -> bool| target.actions().iter().any(wanted);
            Stop {
                id: target.model().id.clone(),
                asks: asks(target),
                held: if halted.is_none() { self.notes_at(&target.model().id) } else { Vec::new() },
                multiplier: multiplier(target),
                is_confirmed: has(|action| matches!(action, Action::Confirm {})),
                is_throttled: has(|action| matches!(action, Action::Throttle {})),
            }
        };
        Fate { stops: targets.iter().map(stop).collect(), end: end(path.then()), why: None, halted }
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

    pub(super) fn notes_at(&self, id: &str) -> Vec<String> {
        let halts = self.halts_at(id).into_iter().filter(|halt| halt.action != "notify");
        halts.map(|halt| format!("{} by budget `{}`", done(halt.action), halt.budget.name)).collect()
    }

    /// ``a `confidential` request for `x` with 15% of its budget left, while `openai` is down``.
    fn subject(&self) -> String {
        let class = self.answer.context.first().map_or("", |(_, value)| value.as_str());
        let mut given = Vec::new();
        if let Some(left) = self.asked.together().filter(|left| **left < whole(100)) {
            given.push(phrases::left_of_all(left, self.decision.budgets().next().is_none()));
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
    pub(super) fn halt_of<'b>(&self, budget: &'b Budget, model: Option<&str>) -> Option<Halt<'b>> {
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
}

impl Halt<'_> {
    fn stops(&self) -> bool {
        ["block", "queue"].contains(&self.action)
    }
}

fn percent(text: &str) -> Option<Rational> {
    parse_decimal(text.trim_end_matches('%'))
}

/// What a target costs over the primary; none where that is not a number.
pub(super) fn multiplier(target: &Target) -> Option<Multiplier> {
    let times = target.cost_multiplier();
    if times == "inf" { Some(Multiplier::Infinite) } else { parse_decimal(times).map(Multiplier::Finite) }
}

/// A target with what it costs and asks for.
fn named(target: &Target) -> String {
    phrases::target(&target.model().id, multiplier(target).as_ref(), &asks(target))
}

fn asks(target: &Target) -> Vec<String> {
    target.actions().iter().map(|action| words(action).to_owned()).collect()
}

pub(super) fn words(action: &Action) -> &'static str {
    match action {
        Action::Notify { .. } => NOTICE,
        Action::Throttle {} => "throttled",
        Action::Confirm {} => "once someone confirms",
    }
}

/// How a path ends.
fn end(terminal: &Terminal) -> End {
    match terminal {
        Terminal::Queue { seconds } => End::queued(seconds.map(whole).as_ref()),
        Terminal::Degrade { .. } => End::DEGRADED,
        Terminal::Block {} => End::BLOCKED,
    }
}
