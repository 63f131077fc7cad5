//! Every link that is shown, and what becomes of it for each use case.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use super::build::Scope;
use super::reason::{self, Reason};
use super::told::Told;
use super::walk::{End, Step, statement, steps};
use crate::decide::{Path, Target};
use crate::explain::Explanation;
use crate::limits::shown;
use crate::model::trigger::Triggers;
use crate::model::{Candidates, Failover, FailoverTo, ModelId, World};
use crate::work;

/// What is known of the links between two models, by the models.
pub(super) type ByEnds = BTreeMap<(ModelId, ModelId), Links>;

/// The links from one model to another.
#[derive(Debug)]
pub(super) struct Links {
    /// What writes it: `failover_to`, the chain of a statement, the ranking.
    pub(super) sources: BTreeSet<String>,
    /// Use cases whose requests go over it, each with what that costs and asks for.
    pub(super) live: Told<Rc<[String]>>,
    /// Use cases whose requests are kept from it, each with the reasons.
    pub(super) cut: Told<Vec<Reason>>,
    /// The reasons in few words, each once.
    pub(super) reasons: Vec<String>,
    known: HashSet<String>,
    /// Why requests that come near do not reach it.
    pub(super) idle: BTreeSet<String>,
}

impl Default for Links {
    fn default() -> Self {
        let live = |text: &mut String, use_case: &str, _: &Rc<[String]>, on: On| for_whom(text, use_case, on);
        let cut = |text: &mut String, use_case: &str, reasons: &Vec<Reason>, on: On| {
            let codes: Vec<&str> = reasons.iter().map(|reason| reason.code.as_str()).collect();
            *text += "cut for ";
            for_whom(text, use_case, on);
            *text += " by ";
            *text += &codes.join(", ");
        };
        Self {
            sources: BTreeSet::new(),
            live: Told::new(", ", live),
            cut: Told::new("\n", cut),
            reasons: Vec::new(),
            known: HashSet::new(),
            idle: BTreeSet::new(),
        }
    }
}

/// A use case, and on which triggers where that is not only an outage.
fn for_whom(text: &mut String, use_case: &str, on: On) {
    *text += use_case;
    if on.is_more() {
        *text += " on ";
        *text += &on.all.names().join(", ");
    }
}

/// The triggers on which a use case's requests come to a link.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct On {
    /// All of them.
    pub(super) all: Triggers,
    /// Those that its outage path answers: the rest leads elsewhere.
    pub(super) outage: Triggers,
}

impl On {
    fn of(explanation: &Explanation, path: &Path) -> Self {
        Self {
            all: path.on,
            outage: explanation.decision().outage_path().map(|path| path.on).unwrap_or_default(),
        }
    }

    /// What either is for.
    pub(super) fn with(self, other: Self) -> Self {
        Self { all: self.all.with(other.all), outage: self.outage.with(other.outage) }
    }

    /// Whether more than an outage leads here.
    fn is_more(self) -> bool {
        self.all.iter().any(|trigger| !self.outage.has(trigger))
    }

    /// Whether an outage leads here.
    pub(super) fn is_outage(self) -> bool {
        self.all.iter().any(|trigger| self.outage.has(trigger))
    }

    /// `on context-exceeded` where an outage leads elsewhere, `also on …` where it leads here too, a line each; none
    /// where only an outage does.
    pub(super) fn words(self) -> Vec<String> {
        let other: Triggers = self.all.iter().filter(|trigger| !self.outage.has(*trigger)).collect();
        let also = if self.is_outage() { "also on" } else { "on" };
        let names = other.names();
        if names.len() > shown::LINK_TRIGGERS {
            return vec![format!("{also} {} triggers", names.len())];
        }
        let last = names.len().saturating_sub(1);
        let line = |(at, name): (usize, &&str)| {
            let also = if at == 0 { format!("{also} ") } else { String::new() };
            format!("{also}{name}{}", if at == last { "" } else { "," })
        };
        names.iter().enumerate().map(line).collect()
    }
}

/// All links of the use cases shown.
pub(super) fn gather(world: &World, explained: &[Explanation], scope: Scope) -> ByEnds {
    let mut links = ByEnds::new();
    if scope == Scope::All {
        for (id, model) in world.models.enumerated() {
            if let FailoverTo::Model(to, _) = model.failover_to {
                links.entry((id, to)).or_default().sources.insert("failover_to".to_owned());
            }
        }
        world.failovers.iter().for_each(|failover| written(failover, &mut links));
    }
    // Use cases that are decided alike share their paths, and then go the same steps.
    let mut walks: HashMap<(*const Path, Option<ModelId>), Rc<[Walked]>> = HashMap::new();
    for explanation in explained {
        for path in explanation.paths() {
            let key = (std::ptr::from_ref(path), explanation.decision().primary);
            let walk = walks.entry(key).or_insert_with(|| {
                let source = source(explanation, path);
                let walked = steps(explanation, path).into_iter().map(|step| {
                    let sources = &mut links.entry((step.from, step.to)).or_default().sources;
                    sources.extend(source.clone());
                    Walked::of(step)
                });
                walked.collect()
            });
            let on = On::of(explanation, path);
            for walked in walk.iter() {
                work::step();
                let ends = (walked.step.from, walked.step.to);
                links.entry(ends).or_default().note(explanation, path, walked, on);
            }
        }
        if scope == Scope::One {
            explanation.paths().for_each(|path| unreached(explanation, path, &mut links));
        }
    }
    links
}

/// A step, and what using it costs and asks for.
#[derive(Debug)]
struct Walked<'a> {
    step: Step<'a>,
    words: Rc<[String]>,
}

impl<'a> Walked<'a> {
    fn of(step: Step<'a>) -> Self {
        let words = match step.end {
            End::Target(target) => words(target),
            End::LeftOut(_) | End::Unreached | End::Aside => Vec::new(),
        };
        Self { step, words: words.into() }
    }
}

/// The arrows of a statement's chains.
fn written(failover: &Failover, links: &mut ByEnds) {
    let Candidates::Chains(chains) = &failover.candidates else { return };
    for arrow in &chains.arrows {
        links.entry((arrow.from, arrow.to)).or_default().sources.insert(chain_of(failover));
    }
}

fn chain_of(failover: &Failover) -> String {
    format!("the chain of {}", failover.name.value)
}

/// What a walk follows.
fn source(explanation: &Explanation, path: &Path) -> Option<String> {
    let statement = statement(explanation, path);
    match statement.candidates {
        Candidates::None => None,
        Candidates::Ranking => Some("the ranking".to_owned()),
        Candidates::Registry => Some("failover_to".to_owned()),
        Candidates::Chains(_) => Some(chain_of(statement)),
    }
}

/// The arrows of one use case's statement that its walk does not come to; those that nothing may cross are cut.
fn unreached(explanation: &Explanation, path: &Path, links: &mut ByEnds) {
    let mut own = ByEnds::new();
    written(statement(explanation, path), &mut own);
    for ((from, to), link) in own {
        if let std::collections::btree_map::Entry::Vacant(place) = links.entry((from, to)) {
            let walked = Walked::of(Step { from, to, end: End::Aside });
            place.insert(link).note(explanation, path, &walked, On::of(explanation, path));
        }
    }
}

impl Links {
    fn note(&mut self, explanation: &Explanation, path: &Path, walked: &Walked, on: On) {
        let use_case = explanation.question.use_case.name.value.as_str();
        match walked.step.end {
            End::Target(_) => self.live.note(use_case, Rc::clone(&walked.words), on),
            End::LeftOut(left_out) => self.cut(use_case, reason::of(explanation, left_out), on),
            End::Unreached | End::Aside => {
                let reasons = reason::against(explanation, walked.step.to);
                let limit = Some(statement(explanation, path).limit).filter(|limit| *limit > 0);
                if !reasons.is_empty() {
                    self.cut(use_case, reasons, on);
                } else if matches!(walked.step.end, End::Unreached) {
                    self.idle.extend(limit.map(past));
                }
            }
        }
    }

    /// Notes for whom it is cut, once for the same reasons.
    fn cut(&mut self, use_case: &str, reasons: Vec<Reason>, on: On) {
        for reason in &reasons {
            if self.known.insert(reason.short.clone()) {
                self.reasons.push(reason.short.clone());
            }
        }
        self.cut.note(use_case, reasons, on);
    }
}

fn past(limit: u64) -> String {
    format!("past the limit of {limit}")
}

/// What a target costs, and what the policy asks for when it is used.
fn words(target: &Target) -> Vec<String> {
    let cost = reason::cost(&target.multiplier);
    let actions =
        [(target.notify.is_some(), "notify"), (target.throttle, "throttle"), (target.confirm, "confirm")];
    let actions: Vec<&str> = actions.into_iter().filter(|(on, _)| *on).map(|(_, name)| name).collect();
    let mut words = vec![cost];
    if !actions.is_empty() {
        words.push(actions.join(", "));
    }
    words
}
