//! What two decisions differ in, judged once however many contexts and use cases have the two.

use std::collections::HashMap;
use std::rc::Rc;

use super::change::Lens;
use super::duties;
use super::extent::{self, Said};
use super::kind::{Kind, Kinds};
use super::risk::Gain;
use super::store::NumberedDecision;
use crate::limits::{MAX_COMPARED_PAIRS, PAIRS_FOR_EACH};
use crate::work;

/// How two decisions differ.
#[derive(Debug, Default)]
pub(super) struct Judged {
    /// The kinds of change, those of the cost aside that depend on what is used.
    pub(super) kinds: Kinds,
    /// What is newly reachable.
    pub(super) gained: Gain,
    /// What is no longer reachable.
    pub(super) lost: Gain,
    /// How duties differ, in words.
    pub(super) duties: Vec<String>,
    /// The models that serve on both sides and may be paid otherwise, by the old and the new id.
    pub(super) billed: Vec<(String, String)>,
    /// The old and the new side's primary, where both have one.
    pub(super) primaries: Option<(String, String)>,
    /// What is tried on both sides.
    pub(super) routes: (Vec<String>, Vec<String>),
    /// What stands for it where a change is accepted; of a trial nobody asks.
    pub(super) said: Said,
}

impl Judged {
    /// Whether anything differs, or may for somebody's use.
    pub(super) fn may_differ(&self) -> bool {
        !self.kinds.is_empty() || self.may_cost()
    }

    /// Whether the cost differs, or may for somebody's use.
    pub(super) fn may_cost(&self) -> bool {
        self.kinds.has(Kind::Cost) || !self.billed.is_empty() || self.primaries.is_some()
    }
}

/// Every two decisions that were compared.
#[derive(Debug)]
pub(super) struct Pairs {
    /// By whether the expected use differs, and both decisions.
    known: HashMap<(bool, u32, u32), Rc<Judged>>,
    /// How tags differ where these are.
    tags: Vec<String>,
    /// How many were judged.
    pub(super) judged: usize,
    most: usize,
}

impl Pairs {
    /// For so many use cases.
    pub(super) fn of(use_cases: usize) -> Self {
        let most = MAX_COMPARED_PAIRS.max(PAIRS_FOR_EACH.saturating_mul(use_cases));
        Self { known: HashMap::new(), tags: Vec::new(), judged: 0, most }
    }

    /// Whether there were more than are judged.
    pub(super) fn are_too_many(&self) -> bool {
        self.judged > self.most
    }

    /// How two decisions differ; nothing past the most that are judged.
    pub(super) fn judge(&mut self, lens: &Lens, (a, b): (u32, u32)) -> Rc<Judged> {
        if self.tags != lens.tags {
            self.known.clear();
            self.tags = lens.tags.to_vec();
        }
        let key = (lens.volume, a, b);
        if let Some(known) = self.known.get(&key) {
            return Rc::clone(known);
        }
        self.judged = self.judged.saturating_add(1);
        let both = lens.store.get(a).zip(lens.store.get(b)).filter(|_| !self.are_too_many());
        let Some((before, after)) = both else { return Rc::default() };
        work::step();
        let judged = Rc::new(judged(lens, (a, b), before, after));
        self.known.insert(key, Rc::clone(&judged));
        judged
    }
}

fn judged(lens: &Lens, (a, b): (u32, u32), before: &NumberedDecision, after: &NumberedDecision) -> Judged {
    let (gained, lost) = lens.gains(before, after);
    let duties = duties::differences(lens, before, after);
    let kinds = lens.kinds(before, after, (&gained, &lost), &duties);
    let mut judged = Judged { kinds, gained, lost, duties, ..Judged::default() };
    judged.billed = lens.billed(before, after);
    if lens.volume {
        let id = |primary| lens.model(primary).map(|model| model.id.clone());
        judged.primaries = id(before.primary.as_ref()).zip(id(after.primary.as_ref()));
    }
    if judged.may_differ() {
        judged.routes = (lens.store.routes(a), lens.store.routes(b));
    }
    if !lens.is_trial {
        judged.said = extent::said(lens, &judged, (before, after));
    }
    judged
}
