//! What two sides decide for one request, by the reference, and the kinds by which that differs: `diff` read from
//! docs/cli.md a second time.

use std::collections::{BTreeMap, BTreeSet};

use govctl::decide::{Decision, Target, reference, show};
use govctl::diff::conditions;
use govctl::diff::kind::Kind;
use govctl::diff::rename::Names;
use govctl::model::attribute::{Attribute, ModelAttribute};
use govctl::model::expr::{Node, Term, Value};
use govctl::model::{Context, Expr, Model, Per, PreferKind, Terminal, Trigger, UseCase, World};
use govctl::number;
use govctl::table::format::AxisName;
use govctl::vocabulary::DpaStatus;

use super::request;

/// Two worlds.
pub(super) struct Sides<'a> {
    pub(super) old: &'a World,
    pub(super) new: &'a World,
    /// What has another name on the new side.
    pub(super) names: &'a Names,
}

/// One side's decision of a request.
struct Seen<'a> {
    world: &'a World,
    use_case: &'a UseCase,
    context: Context,
    decision: Decision,
}

/// What data can reach.
#[derive(Default)]
struct Reached {
    providers: BTreeSet<String>,
    regions: BTreeSet<String>,
    jurisdictions: BTreeSet<String>,
    hostings: BTreeSet<String>,
    retention: Option<number::Rational>,
    is_retention_unknown: bool,
    agreement: Option<DpaStatus>,
    trains: bool,
    /// Per certification that is held by all.
    certified: Option<BTreeSet<String>>,
}

impl Sides<'_> {
    /// The kinds by which the decisions of a request differ; none: they do not. Empty where a side decides nothing.
    pub(super) fn differ(
        &self,
        old: &str,
        new: &str,
        shown: &[(AxisName<String>, String)],
    ) -> Option<Vec<Kind>> {
        let (before, after) = match (seen(self.old, old, shown), seen(self.new, new, shown)) {
            (None, None) => return None,
            (Some(before), Some(after)) => (before, after),
            _ => return Some(Vec::new()),
        };
        let serve = (before.decision.primary.is_some(), after.decision.primary.is_some());
        let mut kinds = Vec::new();
        let mut add = |kind, holds: bool| kinds.extend(holds.then_some(kind));
        let primary = |seen: &Seen| seen.decision.primary.map(|model| seen.world.models[model].id.clone());
        let same_primary = primary(&before) == primary(&after);
        add(Kind::Primary, serve == (true, true) && !same_primary);
        let swapped: Vec<String> = [primary(&before), primary(&after)].into_iter().flatten().collect();
        let tried = |seen: &Seen, on| -> Vec<String> {
            let ids = seen.targets(on).into_iter().map(|target| seen.world.models[target.model].id.clone());
            ids.filter(|id| same_primary || !swapped.contains(id)).collect()
        };
        let other = |on: &Trigger| tried(&before, *on) != tried(&after, *on);
        add(Kind::Failover, serve == (true, true) && Trigger::ALL.iter().any(other));
        let other = |on: &Trigger| before.terminal(*on) != after.terminal(*on);
        add(Kind::Terminal, serve == (true, true) && Trigger::ALL.iter().any(other));
        add(
            Kind::Obligations,
            self.duties(&before) != self.duties(&after) || common_duties(&before, &after, same_primary),
        );
        add(Kind::Cost, costs(&before, &after, same_primary));
        let needed = &before.needed() | &after.needed();
        add(Kind::Widened, self.gains(&before.reached(), &after.reached(), &needed));
        add(Kind::Narrowed, self.gains(&after.reached(), &before.reached(), &needed));
        add(Kind::Unroutable, serve == (true, false));
        add(Kind::Routable, serve == (false, true));
        (!kinds.is_empty()).then_some(kinds)
    }

    /// Budgets, quotas and audit statements of a name that say the same on both sides.
    fn is_unedited(&self, of: fn(&World, &str) -> Option<String>, name: &str) -> bool {
        let (old, new) = (of(self.old, name), of(self.new, name));
        old.is_some_and(|old| Some(conditions::renamed(&old, self.names)) == new)
    }

    /// Everything but what belongs to targets.
    fn duties(&self, seen: &Seen) -> Vec<String> {
        let world = seen.world;
        let is_old = std::ptr::eq(world, self.old);
        let tags = show::tags(world, seen.use_case).into_iter().map(|(dimension, value)| {
            let new = self.names.of(&dimension, &value).filter(|_| is_old);
            format!("{dimension} {}", new.unwrap_or(&value))
        });
        let mut all: Vec<String> = tags.collect();
        for on in Trigger::ALL.iter().filter(|_| seen.decision.primary.is_some()) {
            let failover = seen.decision.path_on(*on).map(|path| &world.failovers[path.failover]);
            let said = failover.map_or_else(Default::default, |f| {
                let cooldown = f.cooldown.as_ref().map(number::ceil);
                (f.retry, cooldown, f.log_as.clone().unwrap_or_default(), f.notify.clone())
            });
            all.push(format!("{on:?} {said:?}"));
        }
        let budgets = seen.decision.budgets.iter().map(|id| &world.budgets[*id].name.value);
        all.extend(
            budgets.filter(|name| self.is_unedited(budget, name)).map(|name| format!("budget {name}")),
        );
        let quotas = seen.decision.quotas.iter().map(|id| &world.quotas[*id].name.value);
        all.extend(quotas.filter(|name| self.is_unedited(quota, name)).map(|name| format!("quota {name}")));
        let mut duty: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for one in &world.audits {
            let name = &one.name.value;
            if self.is_unedited(audit, name)
                && reference::applies(world, seen.use_case, &seen.context, one.when.as_ref())
            {
                duty.entry("any").or_default();
                duty.entry("mask").or_default().extend(one.mask.iter().cloned());
                duty.entry("owners").or_default().extend(one.owner.iter().cloned());
                duty.entry("lineage").or_default().extend(one.lineage.map(|_| "yes".to_owned()));
                let days = one.retain.as_ref().map(|s| number::ceil(&(s / number::whole(86_400))));
                let longest = duty.entry("days").or_default();
                let known = longest.iter().next().and_then(|days| days.parse::<u64>().ok()).max(days);
                *longest = known.map(|days| days.to_string()).into_iter().collect();
            }
        }
        all.push(format!("{duty:?}"));
        all
    }

    fn gains(&self, old: &Reached, new: &Reached, needed: &BTreeSet<String>) -> bool {
        let unknown = "unknown".to_owned();
        let beyond = |old: &BTreeSet<String>, new: &BTreeSet<String>| {
            !old.contains(&unknown) && new.iter().any(|name| !old.contains(name))
        };
        let lies = |world: &World, region: &str| {
            let symbol = |name: &str| world.names.find(name);
            symbol(region).is_some_and(|region| {
                let outer = old.regions.iter().filter_map(|outer| symbol(outer));
                outer.into_iter().any(|outer| outer != region && world.regions.lies_within(region, outer))
            })
        };
        let regions = !old.regions.contains(&unknown)
            && new.regions.iter().any(|region| {
                !(old.regions.contains(region) || lies(self.old, region) && lies(self.new, region))
            });
        let longer = old.retention.is_some()
            && !old.is_retention_unknown
            && (new.is_retention_unknown || new.retention > old.retention);
        let lost = old.certified.as_ref().zip(new.certified.as_ref());
        let uncertified =
            lost.is_some_and(|(old, new)| old.iter().any(|c| !new.contains(c) && needed.contains(c)));
        let both = old.agreement.zip(new.agreement);
        new.providers.iter().any(|name| !old.providers.contains(name))
            || regions
            || beyond(&old.jurisdictions, &new.jurisdictions)
            || beyond(&old.hostings, &new.hostings)
            || longer
            || uncertified
            || both.is_some_and(|(old, new)| new < old)
            || (both.is_some() && !old.trains && new.trains)
    }
}

/// Cost actions, pins and settings of targets that both have.
fn common_duties(before: &Seen, after: &Seen, same_primary: bool) -> bool {
    if before.decision.primary.is_none() || after.decision.primary.is_none() {
        return false;
    }
    pairs(before, after).into_iter().any(|(old, new)| {
        let of = |seen: &Seen, target: &Target| {
            let model = &seen.world.models[target.model];
            let actions = (target.notify.clone(), target.throttle, target.confirm);
            let settings = |all: &[(String, govctl::yaml::Value)]| -> BTreeMap<String, String> {
                all.iter().map(|(key, value)| (key.clone(), plain(value))).collect()
            };
            let pins = show::regions(seen.world, &seen.decision, model);
            let actions = same_primary.then_some(actions);
            (actions, pins, settings(&model.profile), settings(&model.endpoint))
        };
        of(before, &old) != of(after, &new)
    })
}

/// A written value without its place.
fn plain(value: &govctl::yaml::Value) -> String {
    format!("{:?}", value.kind).split("span").next().unwrap_or_default().to_owned()
}

fn seen<'a>(world: &'a World, name: &str, shown: &[(AxisName<String>, String)]) -> Option<Seen<'a>> {
    let use_case = world.use_cases.iter().find(|use_case| use_case.name.value == name)?;
    let context = request(world, use_case, shown);
    let decision = reference::decide(world, use_case, &context).ok()?;
    Some(Seen { world, use_case, context, decision })
}

/// The primary and the targets that both sides try on some trigger.
fn pairs(before: &Seen, after: &Seen) -> Vec<(Target, Target)> {
    let mut found = Vec::new();
    for on in Trigger::ALL {
        let id = |seen: &Seen, target: &Target| seen.world.models[target.model].id.clone();
        let others = after.route(on);
        for target in before.route(on) {
            let other = others.iter().find(|other| id(after, other) == id(before, &target));
            found.extend(other.map(|other| (target.clone(), other.clone())));
        }
    }
    found
}

/// Whether a use case pays otherwise for what serves it on both sides, or for its use of what served it before.
fn costs(before: &Seen, after: &Seen, same_primary: bool) -> bool {
    let of = |seen: &Seen, target: &Target| {
        let multiplier = same_primary.then(|| show::multiplier(&target.multiplier));
        (paid(&seen.world.models[target.model], seen.use_case), multiplier)
    };
    let primary = before.decision.primary.filter(|_| after.decision.primary.is_some());
    let is_used_otherwise = primary.is_some_and(|model| {
        let model = &before.world.models[model];
        paid(model, before.use_case) != paid(model, after.use_case)
    });
    is_used_otherwise || pairs(before, after).iter().any(|(old, new)| of(before, old) != of(after, new))
}

/// What a month's tokens cost, or three of input and one of output where no tokens are stated; and which of the two.
fn paid(model: &Model, use_case: &UseCase) -> (bool, number::Rational) {
    let whole = number::whole;
    let stated = use_case.tokens.filter(|(input, output)| input + output > 0);
    let (input, output) = stated.unwrap_or((3, 1));
    let usage = &use_case.usage;
    let one = |plain: &number::Rational, cached: Option<&number::Rational>, answer: &number::Rational| {
        let read = &usage.cached * cached.unwrap_or(plain) + (whole(1) - &usage.cached) * plain;
        read * whole(input) + answer * whole(output)
    };
    let mut usd = one(&model.input_cost, model.cached_input_cost.as_ref(), &model.output_cost);
    if let Some(long) = &model.long_prompt {
        let is_long = usage.prompt_tokens.as_ref().is_some_and(|tokens| *tokens > whole(long.above_tokens));
        let share = usage.long_prompts.clone().unwrap_or_else(|| whole(u64::from(is_long)));
        let dear = one(&long.input, long.cached_input.as_ref(), &long.output);
        usd = (whole(1) - &share) * usd + share * dear;
    }
    if let Some(discount) = model.batch_discount.as_ref().filter(|_| usage.batch) {
        usd = usd * (whole(100) - discount) / whole(100);
    }
    (stated.is_some(), usd)
}

impl Seen<'_> {
    fn targets(&self, on: Trigger) -> Vec<Target> {
        self.decision.path_on(on).map(|path| path.targets.clone()).unwrap_or_default()
    }

    /// The primary, then the targets.
    fn route(&self, on: Trigger) -> Vec<Target> {
        let first = self.decision.chain_targets().into_iter().take(1);
        if self.decision.primary.is_none() {
            return Vec::new();
        }
        first.chain(self.targets(on)).collect()
    }

    fn terminal(&self, on: Trigger) -> Terminal {
        let path = self.decision.path_on(on);
        let then = path.map_or(Terminal::Block, |path| self.world.failovers[path.failover].then.clone());
        match then {
            Terminal::Queue(seconds) => {
                Terminal::Queue(seconds.map(|seconds| number::whole(number::ceil(&seconds))))
            }
            other => other,
        }
    }

    fn reached(&self) -> Reached {
        let mut reached = Reached::default();
        let unknown = || "unknown".to_owned();
        for id in self.decision.reaches() {
            let model = &self.world.models[id];
            let names = &self.world.names;
            let pinned = show::regions(self.world, &self.decision, model);
            let regions = pinned.or_else(|| model.regions.as_ref().map(|set| names.sorted(set)));
            reached.providers.insert(names.name(model.provider_symbol).to_owned());
            reached.regions.extend(regions.unwrap_or_else(|| vec![unknown()]));
            let name =
                |symbol: Option<_>| symbol.map_or_else(unknown, |symbol| names.name(symbol).to_owned());
            reached.jurisdictions.insert(name(model.jurisdiction));
            reached.hostings.insert(name(model.hosting));
            let days =
                model.retention.as_ref().map(|s| number::whole(number::ceil(&(s / number::whole(86_400)))));
            reached.is_retention_unknown |= days.is_none();
            reached.retention = reached.retention.take().max(Some(days.unwrap_or_default()));
            let agreement = model.dpa.unwrap_or(DpaStatus::None);
            reached.agreement = Some(reached.agreement.map_or(agreement, |least| least.min(agreement)));
            reached.trains |= model.trains_on_data != Some(false);
            let held: BTreeSet<String> = model.compliance.iter().flat_map(|set| names.sorted(set)).collect();
            reached.certified = Some(reached.certified.map_or(held.clone(), |all| &all & &held));
        }
        reached
    }

    /// Certifications that the use case names or an applying rule or guarantee tests.
    fn needed(&self) -> BTreeSet<String> {
        let names = &self.world.names;
        let mut needed: BTreeSet<String> = [&self.use_case.compliance, &self.use_case.regulations]
            .into_iter()
            .flat_map(|set| names.sorted(set))
            .collect();
        let mut exprs: Vec<&Expr> = Vec::new();
        for rule in self.decision.rules.iter().map(|id| &self.world.rules[*id]) {
            exprs.extend(rule.promises.iter().map(|promise| &promise.expr));
            exprs.extend(rule.prefers.iter().filter_map(|prefer| match &prefer.kind {
                PreferKind::Where(expr) => Some(expr),
                _ => None,
            }));
        }
        for one in &self.world.guarantees {
            if reference::applies(self.world, self.use_case, &self.context, one.premise.as_ref()) {
                exprs.extend(one.parts.iter().map(|part| &part.expr));
            }
        }
        for expr in exprs {
            expr.root.walk(&mut |node| {
                if let Node::Has(
                    Attribute::Model(ModelAttribute::Compliance),
                    Term::Value(Value::Symbol(name)),
                ) = node
                {
                    needed.insert(names.name(*name).to_owned());
                }
            });
        }
        needed
    }
}

fn per(world: &World, per: Option<Per>) -> String {
    match per {
        Some(Per::Fact(fact)) => format!("fact {}", world.facts[fact].name),
        Some(Per::Dimension(dimension)) => format!("{dimension:?}"),
        None => String::new(),
    }
}

/// A condition in names.
fn when(world: &World, expr: Option<&Expr>) -> String {
    conditions::text(world, expr)
}

fn budget(world: &World, name: &str) -> Option<String> {
    let budget = world.budgets.iter().find(|budget| budget.name.value == name)?;
    let on: BTreeSet<&str> = budget.on.iter().map(|on| on.name(world)).collect();
    let limit = (number::exact(&budget.limit), budget.period, budget.mode);
    let within = budget.within.as_ref().map(|parent| &world.budgets[parent.value].name.value);
    let at = budget.at.iter().map(|at| format!("{} {:?}", number::exact(&at.used), at.action));
    let at: Vec<String> = at.collect();
    let duty = (&budget.owner, &budget.escalate);
    let when = when(world, budget.when.as_ref());
    Some(format!("{limit:?} {} {on:?} {within:?} {at:?} {duty:?} {when}", per(world, budget.per)))
}

fn quota(world: &World, name: &str) -> Option<String> {
    let quota = world.quotas.iter().find(|quota| quota.name.value == name)?;
    let limits =
        (quota.requests_per_minute, quota.tokens_per_minute, quota.requests_per_day, quota.tokens_per_day);
    let on = quota.on.map(|on| on.name(world));
    let when = when(world, quota.when.as_ref());
    Some(format!("{on:?} {} {limits:?} {:?} {when}", per(world, quota.per), quota.then))
}

fn audit(world: &World, name: &str) -> Option<String> {
    let audit = world.audits.iter().find(|audit| audit.name.value == name)?;
    let lineage = audit.lineage.is_some();
    let days = audit.retain.as_ref().map(|s| number::ceil(&(s / number::whole(86_400))));
    let when = when(world, audit.when.as_ref());
    Some(format!("{days:?} {lineage} {:?} {:?} {when}", audit.mask, audit.owner))
}
