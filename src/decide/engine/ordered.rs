//! What is tried, ordered once for all contexts of a use case that differ in nothing that orders or cuts.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use super::case::{Case, Situation};
use super::leads::Leads;
use crate::decide::Path;
use crate::model::names::Set;
use crate::model::trigger::Triggers;
use crate::model::{Axis, FailoverId, ModelId, RuleId, Tier};

/// The primary and what is tried after it.
pub(super) type Ordered = (Option<ModelId>, Arc<[Path]>);

/// What was ordered before.
pub(super) type Known = RefCell<HashMap<OrderingInputs, Ordered>>;

/// All that decides what is tried, and in which order.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct OrderingInputs {
    /// The positions of the classification and of the axes that promises and preferences read.
    classes: Vec<usize>,
    residency: Option<Arc<Set>>,
    /// The rules whose promises cut.
    cutting: Vec<RuleId>,
    /// The rules that order.
    ordering: Vec<RuleId>,
    /// Where the triggers lead.
    leads: Vec<(FailoverId, Triggers)>,
}

impl Case<'_, '_> {
    /// What is tried in a context where these rules order; the paths are shared. `read` are the axes that promises and
    /// preferences read.
    pub(super) fn ordered_once(
        &self,
        at: usize,
        read: &[Axis],
        situation: &Situation,
        preferring: &[(Tier, Vec<RuleId>)],
        leads: &Leads,
    ) -> Ordered {
        let key = OrderingInputs {
            classes: read.iter().map(|axis| self.space.class(at, *axis)).collect(),
            residency: situation.residency.clone(),
            cutting: situation.kept.iter().map(|(id, _)| *id).collect(),
            ordering: preferring.iter().flat_map(|(_, rules)| rules).copied().collect(),
            leads: leads.to.clone(),
        };
        if let Some(known) = self.known.borrow().get(&key) {
            return known.clone();
        }
        let (primary, paths) = self.ordered(situation, preferring, leads);
        let ordered = (primary, self.engine.shared.paths(paths.into()));
        self.known.borrow_mut().insert(key, ordered.clone());
        ordered
    }
}
