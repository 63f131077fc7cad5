//! The tree of strategies, walked as the gateway walks it: to the ways that a request may go.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::target::{self, Inherited, Targets};
use super::triggers::goes_on;
use super::turn::in_turn;
use super::{numbers, query, rest, shape};
use crate::import::condition::Test;
use crate::import::draft::Draft;
use crate::import::{Notes, text};
use crate::limits::{MAX_IMPORTED_PICKS, MAX_IMPORTED_ROUTES, MAX_IMPORTED_STEPS};
use crate::number;
use crate::yaml::Value;

/// Who is asked in turn where all fail in one way: for each trigger.
type Chains = [Rc<Vec<usize>>; 8];

/// One outcome of chance.
#[derive(Clone)]
pub(super) struct Pick<'a> {
    pub(super) chains: Chains,
    /// What the first one's retries are.
    pub(super) retry: Option<&'a Value>,
}

impl Pick<'_> {
    /// Who is asked first.
    pub(super) fn first(&self) -> Option<usize> {
        self.chains.first()?.first().copied()
    }
}

/// A way that requests of some kind go. The first whose condition is true counts, and the last one's always is.
#[derive(Clone)]
pub(super) struct Branch<'a> {
    pub(super) when: Test,
    /// What chance may pick, the likeliest first; none: the gateway refuses the request.
    pub(super) picks: Vec<Pick<'a>>,
    /// Whether something serves these requests that could not be carried over.
    pub(super) is_lost: bool,
    /// The name of the target that a condition leads to.
    pub(super) title: Option<String>,
}

fn refused<'a>() -> Branch<'a> {
    Branch { when: Test::Always, picks: Vec::new(), is_lost: false, title: None }
}

/// A walk through one config.
pub(super) struct Walk<'a> {
    pub(super) draft: &'a mut Draft,
    pub(super) targets: &'a mut Targets,
    pub(super) notes: &'a mut Notes,
    /// Whether some target has a time limit of its own.
    pub(super) has_timeout: bool,
}

impl<'a> Walk<'_> {
    /// The ways through a target.
    pub(super) fn branches(
        &mut self,
        node: &'a Value,
        inherited: &Inherited<'a>,
        path: &str,
    ) -> Vec<Branch<'a>> {
        let title = target::title(node, path);
        let inner = inherited.within(node);
        let mode = node.get("strategy").and_then(|strategy| strategy.get("mode")).and_then(Value::text);
        let children = node.get("targets").map(Value::items).unwrap_or_default();
        shape::misshapen(node, &title, self.notes);
        rest::of(node, &title, mode.is_none(), self.notes);
        let Some((mode, strategy)) = mode.zip(node.get("strategy")) else {
            return self.leaf(node, inherited, &title, !children.is_empty());
        };
        self.strategy_rest(strategy, mode, &title);
        if children.is_empty() {
            self.notes.left(node.span, format!("{}: a strategy without targets", text::comment(&title)));
            return vec![refused()];
        }
        let paths: Vec<String> = (0..children.len()).map(|at| format!("{path}.targets[{at}]")).collect();
        match mode {
            "single" => {
                if let Some(second) = children.get(1) {
                    self.notes.left(
                        second.span,
                        format!(
                            "{}: targets after the first, which `single` never asks",
                            text::comment(&title)
                        ),
                    );
                }
                let first = children.iter().zip(&paths).next();
                first.map_or_else(|| vec![refused()], |(child, path)| self.branches(child, &inner, path))
            }
            "conditional" => self.conditional(strategy, children, &inner, &paths, &title),
            "loadbalance" => self.spread(children, &inner, &paths, &title),
            "fallback" => {
                let all: Vec<Vec<Branch>> = children
                    .iter()
                    .zip(&paths)
                    .map(|(child, path)| self.branches(child, &inner, path))
                    .collect();
                self.in_turn_otherwise(&all, children, &title);
                let on = goes_on(strategy, &title, self.has_timeout, self.notes);
                let is_cut = Cell::new(false);
                let ways = self.product(&all, node, &title, &|parts| in_turn(parts, on, &is_cut));
                if is_cut.get() {
                    let title = text::comment(&title);
                    self.notes.left(
                        node.span,
                        format!("{title}: targets beyond {MAX_IMPORTED_STEPS} that are tried in turn"),
                    );
                }
                ways
            }
            other => {
                self.notes.left(
                    strategy.span,
                    format!(
                        "{}: Portkey has no strategy `{}`, and refuses the config",
                        text::comment(&title),
                        text::comment(other)
                    ),
                );
                vec![refused()]
            }
        }
    }

    /// Says what of targets that are asked in turn stands otherwise in a chain.
    fn in_turn_otherwise(&mut self, all: &[Vec<Branch<'a>>], children: &[Value], title: &str) {
        let shown = text::comment(title);
        let attempts = |pick: &Pick| numbers::whole(pick.retry.and_then(|retry| retry.get("attempts")));
        let picks =
            |ways: &[Branch<'a>]| ways.iter().flat_map(|way| way.picks.clone()).collect::<Vec<Pick>>();
        let first: BTreeSet<u64> = all
            .iter()
            .take(1)
            .flat_map(|ways| picks(ways))
            .filter_map(|pick| attempts(&pick))
            .map(|(n, _)| n)
            .collect();
        let mut met: BTreeSet<usize> = BTreeSet::new();
        for (at, (ways, child)) in all.iter().zip(children).enumerate() {
            if at + 1 < all.len() && refuses(ways) {
                let named = text::comment(&target::title(child, &format!("targets[{at}]")));
                self.notes.left(child.span, format!("of {shown}: the targets behind {named}, for the requests that it leads to nobody: Portkey refuses them there, and goes no further"));
            }
            if at > 0 && ways.iter().any(|way| way.picks.len() > 1) {
                self.notes.left(child.span, format!("of {shown}: the less likely targets of this one: where it steps in, chance asks one of them, and a chain has the likeliest"));
            }
            let picks = picks(ways);
            for (number, span) in
                picks.iter().filter_map(attempts).filter(|(n, _)| at > 0 && !first.contains(n))
            {
                self.notes.left(span, format!("of {shown}: `retry.attempts: {number}` of a target behind the first: a failover statement has one number for all, that of the first target"));
            }
            let steps: BTreeSet<usize> = picks
                .iter()
                .filter_map(|pick| pick.chains.first())
                .flat_map(|chain| chain.iter().copied())
                .collect();
            if steps.iter().any(|step| met.contains(step)) {
                self.notes.left(
                    child.span,
                    format!("of {shown}: a target that was asked before: a chain asks each model once"),
                );
            }
            met.extend(steps);
        }
    }

    fn leaf(
        &mut self,
        node: &'a Value,
        inherited: &Inherited<'a>,
        title: &str,
        has_targets: bool,
    ) -> Vec<Branch<'a>> {
        if has_targets {
            self.notes.left(
                node.span,
                format!(
                    "{}: `targets` without a `strategy`, which Portkey does not walk",
                    text::comment(title)
                ),
            );
        }
        let inner = inherited.within(node);
        self.has_timeout |= inner.timeout.is_some();
        let Some(at) = self.targets.endpoint(node, inherited, self.draft, self.notes) else {
            return vec![Branch { is_lost: target::names_somebody(node, inherited), ..refused() }];
        };
        let chain = Rc::new(vec![at]);
        let chains = std::array::from_fn(|_| Rc::clone(&chain));
        vec![Branch { picks: vec![Pick { chains, retry: inner.retry }], ..refused() }]
    }

    /// Keys of a strategy that its mode does not read.
    fn strategy_rest(&mut self, strategy: &Value, mode: &str, title: &str) {
        let read: &[&str] = match mode {
            "fallback" => &["mode", "on_status_codes"],
            "conditional" => &["mode", "conditions", "default"],
            _ => &["mode"],
        };
        let others = strategy.entries().iter().filter(|(key, _)| !read.contains(&key.value.as_str()));
        let others: Vec<String> = others.map(|(key, _)| format!("`{}`", text::comment(&key.value))).collect();
        if !others.is_empty() {
            self.notes.left(
                strategy.span,
                format!(
                    "of {}: {} of a strategy `{}`",
                    text::comment(title),
                    others.join(", "),
                    text::comment(mode)
                ),
            );
        }
    }

    /// By weight, at random: whoever is picked is not failed over from.
    fn spread(
        &mut self,
        children: &'a [Value],
        inner: &Inherited<'a>,
        paths: &[String],
        title: &str,
    ) -> Vec<Branch<'a>> {
        let shown = text::comment(title);
        let weight = |child: &Value| match child.get("weight") {
            Some(weight) => numbers::number(weight).unwrap_or_else(|| number::whole(0)),
            None => number::whole(1),
        };
        let mut order: Vec<usize> = (0..children.len()).collect();
        order.sort_by_key(|at| children.get(*at).map(|child| -weight(child)));
        let (mut all, mut picked) = (Vec::new(), Vec::new());
        for (child, path) in order.into_iter().filter_map(|at| children.get(at).zip(paths.get(at))) {
            if weight(child) <= number::whole(0) {
                let why = match child.get("weight").and_then(numbers::number) {
                    Some(_) => "a target with weight 0, which is never picked",
                    None => "a target whose weight is not a number",
                };
                self.notes.left(child.span, format!("of {shown}: {why}"));
            } else {
                all.push(self.branches(child, inner, path));
                picked.push((child, path));
            }
        }
        let Some(first) = children.first() else { return vec![refused()] };
        if all.len() > 1 {
            self.notes.read(first.span, format!("{shown} spreads requests over {} targets by weight: here the likeliest comes first, and, as in Portkey, none takes over for another", all.len()));
            for (_, (child, path)) in all.iter().zip(&picked).filter(|(ways, _)| refuses(ways)) {
                let named = text::comment(&target::title(child, path));
                self.notes.left(child.span, format!("of {shown}: the requests that {named} leads to nobody: Portkey refuses them where chance picks it, and here the other targets serve them"));
            }
        }
        self.product(&all, first, title, &|parts| {
            parts.iter().flat_map(|branch| &branch.picks).take(MAX_IMPORTED_PICKS + 1).cloned().collect()
        })
    }

    fn conditional(
        &mut self,
        strategy: &'a Value,
        children: &'a [Value],
        inner: &Inherited<'a>,
        paths: &[String],
        title: &str,
    ) -> Vec<Branch<'a>> {
        let shown = text::comment(title);
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        for (at, child) in children.iter().enumerate() {
            if let Some(name) = name_of(child) {
                places.entry(name).or_insert(at);
            }
        }
        let mut walked: Vec<Option<Vec<Branch>>> = vec![None; children.len()];
        let mut found = Vec::new();
        let conditions = strategy.get("conditions").map(Value::items).unwrap_or_default();
        let default = strategy.get("default");
        for (asked, condition) in conditions.iter().map(Some).chain([None]).enumerate() {
            let then = condition.map_or(default, |condition| condition.get("then"));
            let asked_of = condition.map(|one| query::of(one, &mut self.draft.facts, self.notes));
            let asked_of = asked_of.unwrap_or_else(|| query::Asked::of(Test::Always));
            if asked_of.refuses != Test::Never {
                found.push(Branch { when: asked_of.refuses.clone(), ..refused() });
            }
            if asked_of.refuses == Test::Always {
                let behind = conditions.iter().skip(asked + 1).chain(default);
                for unread in behind {
                    self.notes.left(unread.span, format!("of {shown}: what stands behind that condition, since Portkey refuses every request before it comes so far"));
                }
                break;
            }
            let test = asked_of.holds;
            let target = then.and_then(Value::text);
            let at = target.and_then(|target| places.get(target).copied());
            let Some((at, (child, path))) =
                at.and_then(|at| Some((at, children.get(at).zip(paths.get(at))?)))
            else {
                if let Some(then) = then {
                    self.notes.state(then.span, format!("who `{}` is: a condition of {shown} names it, but no target does; Portkey refuses these requests", text::comment(&text::flow(then))));
                }
                found.push(Branch { when: test, ..refused() });
                continue;
            };
            if walked.get(at).is_some_and(Option::is_none) {
                let ways = self.branches(child, inner, path);
                if let Some(place) = walked.get_mut(at) {
                    *place = Some(ways);
                }
            }
            for way in walked.get(at).into_iter().flatten().flatten() {
                let title = way.title.clone().or_else(|| target.map(str::to_owned));
                found.push(Branch {
                    when: Test::all([test.clone(), way.when.clone()]),
                    picks: way.picks.clone(),
                    is_lost: way.is_lost,
                    title,
                });
            }
        }
        found.push(refused());
        for (child, _) in children.iter().zip(&walked).filter(|(_, walked)| walked.is_none()) {
            let name = name_of(child).map_or_else(String::new, |name| format!(" `{}`", text::comment(name)));
            self.notes.left(child.span, format!("of {shown}: the target{name}, which no condition names"));
        }
        self.bounded(found, strategy, title)
    }

    /// Every combination of the ways through several targets.
    fn product(
        &mut self,
        all: &[Vec<Branch<'a>>],
        node: &Value,
        title: &str,
        together: &dyn Fn(&[&Branch<'a>]) -> Vec<Pick<'a>>,
    ) -> Vec<Branch<'a>> {
        let mut met: Vec<(Option<usize>, &Branch)> = Vec::new();
        let mut ends: Vec<Option<usize>> = vec![None];
        for ways in all {
            let longer = ends.iter().flat_map(|before| ways.iter().map(move |way| (*before, way)));
            let start = met.len();
            met.extend(longer.take(MAX_IMPORTED_ROUTES + 1).collect::<Vec<_>>());
            ends = (start..met.len()).map(Some).collect();
        }
        let combined = ends.into_iter().map(|end| {
            let steps =
                std::iter::successors(end.and_then(|at| met.get(at)), |(before, _)| met.get((*before)?));
            let mut parts: Vec<&Branch> = steps.map(|(_, way)| *way).collect();
            parts.reverse();
            parts
        });
        let mut is_cut = false;
        let branch = |parts: Vec<&Branch<'a>>| {
            let mut picks = together(&parts);
            is_cut |= picks.len() > MAX_IMPORTED_PICKS;
            picks.truncate(MAX_IMPORTED_PICKS);
            let title = parts.iter().find_map(|part| part.title.clone());
            let is_lost = picks.is_empty() && parts.iter().any(|part| part.is_lost);
            Branch { when: Test::all(parts.iter().map(|part| part.when.clone())), picks, is_lost, title }
        };
        let found = combined.map(branch).collect();
        if is_cut {
            let title = text::comment(title);
            self.notes
                .left(node.span, format!("{title}: targets beyond {MAX_IMPORTED_PICKS} that chance picks"));
        }
        self.bounded(found, node, title)
    }

    /// No more ways than are read.
    fn bounded(&mut self, mut found: Vec<Branch<'a>>, node: &Value, title: &str) -> Vec<Branch<'a>> {
        if found.len() > MAX_IMPORTED_ROUTES {
            found.truncate(MAX_IMPORTED_ROUTES - 1);
            found.push(Branch { is_lost: true, ..refused() });
            self.notes.left(
                node.span,
                format!("{}: more than {MAX_IMPORTED_ROUTES} ways lead through it", text::comment(title)),
            );
        }
        found
    }
}

/// Whether a target leads some requests to nobody.
fn refuses(ways: &[Branch]) -> bool {
    let met = ways.split_inclusive(|way| way.when == Test::Always).next();
    met.into_iter().flatten().any(|way| way.picks.is_empty() && !way.is_lost)
}

/// What a target is called by conditions.
fn name_of(target: &Value) -> Option<&str> {
    target.get("name").and_then(Value::text)
}
