//! Every link that is shown, and what becomes of it for each use case.

use std::collections::{BTreeMap, BTreeSet};

use super::build::Scope;
use super::reason::{self, Reason, short_number};
use super::walk::{End, Step, statement, steps};
use crate::decide::{Target, show};
use crate::explain::Question;
use crate::model::{Failover, FailoverTo, ModelId, Path, World};

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
}

/// A use case whose requests are kept from a link.
#[derive(Debug)]
pub(super) struct Cut {
    pub(super) use_case: String,
    pub(super) reasons: Vec<Reason>,
}

/// All links of the use cases shown.
pub(super) fn gather(world: &World, questions: &[Question], scope: Scope) -> ByEnds {
    let mut links = ByEnds::new();
    if scope == Scope::All {
        for (id, model) in world.models.iter().enumerate() {
            if let FailoverTo::Model(to, _) = model.failover_to {
                links.entry((id, to)).or_default().sources.insert("failover_to".to_owned());
            }
        }
        world.failovers.iter().for_each(|failover| written(failover, &mut links));
    }
    for question in questions {
        for step in steps(question) {
            let link = links.entry((step.from, step.to)).or_default();
            link.sources.extend(source(question));
            link.note(question, &step);
        }
        if scope == Scope::One {
            unreached(question, &mut links);
        }
    }
    links
}

/// The arrows of a statement's chains.
fn written(failover: &Failover, links: &mut ByEnds) {
    let Path::Chains(chains) = &failover.path else { return };
    for arrow in &chains.arrows {
        links.entry((arrow.from, arrow.to)).or_default().sources.insert(chain_of(failover));
    }
}

fn chain_of(failover: &Failover) -> String {
    format!("the chain of {}", failover.name.value)
}

/// What a walk follows.
fn source(question: &Question) -> Option<String> {
    let statement = statement(question)?;
    match statement.path {
        Path::None => None,
        Path::Ranking => Some("the ranking".to_owned()),
        Path::Registry => Some("failover_to".to_owned()),
        Path::Chains(_) => Some(chain_of(statement)),
    }
}

/// The arrows of one use case's statement that its walk does not come to; those that nothing may cross are cut.
fn unreached(question: &Question, links: &mut ByEnds) {
    let Some(failover) = statement(question) else { return };
    let mut own = ByEnds::new();
    written(failover, &mut own);
    for ((from, to), link) in own {
        if let std::collections::btree_map::Entry::Vacant(place) = links.entry((from, to)) {
            place.insert(link).note(question, &Step { from, to, end: End::Unreached });
        }
    }
}

impl Links {
    fn note(&mut self, question: &Question, step: &Step) {
        let use_case = question.use_case.name.value.clone();
        match step.end {
            End::Target(position) => {
                let words = question.decision.targets.get(position).map(words).unwrap_or_default();
                self.live.push(Live { use_case, words });
            }
            End::LeftOut(left_out) => {
                self.cut.push(Cut { use_case, reasons: reason::of(question, left_out) });
            }
            End::Unreached => {
                let reasons = reason::against(question, step.to);
                if !reasons.is_empty() {
                    self.cut.push(Cut { use_case, reasons });
                } else if question.decision.targets.len() > 1 {
                    self.idle.extend(statement(question).map(|failover| past(failover.limit)));
                }
            }
        }
    }
}

fn past(limit: u64) -> String {
    format!("past the limit of {limit}")
}

/// What a target costs, and what the policy asks for when it is used.
fn words(target: &Target) -> Vec<String> {
    let times = show::multiplier(&target.multiplier);
    let cost = match times.as_str() {
        "inf" => "costs, unlike the primary".to_owned(),
        times => format!("{}x the cost", short_number(times)),
    };
    let actions =
        [(target.notify.is_some(), "notify"), (target.throttle, "throttle"), (target.confirm, "confirm")];
    let actions: Vec<&str> = actions.into_iter().filter(|(on, _)| *on).map(|(_, name)| name).collect();
    let mut words = vec![cost];
    if !actions.is_empty() {
        words.push(actions.join(", "));
    }
    words
}
