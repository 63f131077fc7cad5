//! Every link that is shown, and what becomes of it for each use case.

use std::collections::{BTreeMap, BTreeSet};

use super::build::Scope;
use super::reason::{self, Reason};
use super::walk::{End, Step, statement, steps};
use crate::decide::{Path, Target};
use crate::explain::Explanation;
use crate::model::trigger::Triggers;
use crate::model::{Candidates, Failover, FailoverTo, ModelId, World};

/// What is known of the links between two models, by the models.
pub(super) type ByEnds = BTreeMap<(ModelId, ModelId), Links>;

/// The links from one model to another.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// What writes it: `failover_to`, the chain of a statement, the ranking.
    pub(super) sources: BTreeSet<String>,
    /// Use cases whose requests go over it.
    pub(super) live: Vec<Live>,
    /// Use cases whose requests are kept from it.
    pub(super) cut: Vec<Cut>,
    /// Why requests that come near do not reach it.
    pub(super) idle: BTreeSet<String>,
}

/// A use case whose requests go over a link.
#[derive(Debug)]
pub(super) struct Live {
    pub(super) use_case: String,
    /// What it costs and asks for.
    pub(super) words: Vec<String>,
    /// How the primary fails so that they do.
    pub(super) on: On,
}

/// A use case whose requests are kept from a link.
#[derive(Debug)]
pub(super) struct Cut {
    pub(super) use_case: String,
    pub(super) reasons: Vec<Reason>,
    /// How the primary fails so that they come to it.
    pub(super) on: On,
}

/// At most so many triggers are named at a link.
const MOST_NAMED: usize = 3;

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
        if names.len() > MOST_NAMED {
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
    for explanation in explained {
        for path in explanation.paths() {
            for step in steps(explanation, path) {
                let link = links.entry((step.from, step.to)).or_default();
                link.sources.extend(source(explanation, path));
                link.note(explanation, path, &step);
            }
        }
        if scope == Scope::One {
            explanation.paths().for_each(|path| unreached(explanation, path, &mut links));
        }
    }
    links
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
            place.insert(link).note(explanation, path, &Step { from, to, end: End::Aside });
        }
    }
}

impl Links {
    fn note(&mut self, explanation: &Explanation, path: &Path, step: &Step) {
        let use_case = explanation.question.use_case.name.value.clone();
        let on = On::of(explanation, path);
        match step.end {
            End::Target(target) => {
                let words = words(target);
                let known = |live: &&mut Live| live.use_case == use_case && live.words == words;
                match self.live.iter_mut().find(known) {
                    Some(live) => live.on.all = live.on.all.with(on.all),
                    None => self.live.push(Live { use_case, words, on }),
                }
            }
            End::LeftOut(left_out) => {
                self.cut(use_case, reason::of(explanation, left_out), on);
            }
            End::Unreached | End::Aside => {
                let reasons = reason::against(explanation, step.to);
                let limit = Some(statement(explanation, path).limit).filter(|limit| *limit > 0);
                if !reasons.is_empty() {
                    self.cut(use_case, reasons, on);
                } else if matches!(step.end, End::Unreached) {
                    self.idle.extend(limit.map(past));
                }
            }
        }
    }
}

impl Links {
    /// Notes for whom it is cut, once for the same reasons.
    fn cut(&mut self, use_case: String, reasons: Vec<Reason>, on: On) {
        let known = |cut: &&mut Cut| cut.use_case == use_case && cut.reasons == reasons;
        match self.cut.iter_mut().find(known) {
            Some(cut) => cut.on.all = cut.on.all.with(on.all),
            None => self.cut.push(Cut { use_case, reasons, on }),
        }
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
