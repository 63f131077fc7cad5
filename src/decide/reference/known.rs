//! What is worked out once for a use case, because no context changes it: the conditions and gates that read nothing of
//! the context, and what models cost it.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use super::costs::Costs;
use super::gates::passes_in;
use super::rules::excludes;
use super::{Scope, holds};
use crate::decide::Gate;
use crate::model::{
    Audit, Budget, Expr, Failover, Guarantee, Id, IdSet, Model, ModelId, Quota, Rule, RuleId, Table,
};
use crate::model::{ClassificationId, names::Set};

/// What is known so far of one use case.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) costs: Costs,
    pub(super) rules: Standing<Rule>,
    pub(super) failovers: Standing<Failover>,
    pub(super) budgets: Standing<Budget>,
    pub(super) quotas: Standing<Quota>,
    pub(super) audits: Standing<Audit>,
    pub(super) guarantees: Standing<Guarantee>,
    admitted: OnceCell<Vec<ModelId>>,
    /// Per rule the admitted models that keep its promises; none where its promises ask for the context.
    kept: OnceCell<Table<Rule, OnceCell<Option<IdSet<Model>>>>>,
    /// The models that are eligible, by all that decides it where no promise asks for the context.
    eligible: RefCell<HashMap<Asked, Rc<[ModelId]>>>,
    /// The admitted models as these rules order them.
    orders: RefCell<HashMap<Vec<RuleId>, Rc<[ModelId]>>>,
}

/// A classification, where a request may be processed, and the rules that promise something.
type Asked = (ClassificationId, Option<Set>, Vec<RuleId>);

/// The statements of a kind that may hold.
#[derive(Debug)]
pub(super) struct Standing<E>(OnceCell<Vec<(Id<E>, bool)>>);

impl Known {
    /// The models that pass every gate that no context changes.
    pub(super) fn admitted(&self, scope: Scope) -> &[ModelId] {
        self.admitted.get_or_init(|| {
            let gates = || Gate::ALL.into_iter().filter(|gate| !is_of_context(*gate));
            let admitted = scope.world.models.enumerated();
            let admitted = admitted.filter(|(_, model)| gates().all(|gate| passes_in(scope, model, gate)));
            admitted.map(|(id, _)| id).collect()
        })
    }

    /// The models that gates and rules leave.
    pub(super) fn eligible(&self, scope: Scope, rules: &[RuleId]) -> Rc<[ModelId]> {
        let world = scope.world;
        let promises = |id: &RuleId| !world.rules[*id].promises.is_empty();
        let rules: Vec<RuleId> = rules.iter().copied().filter(promises).collect();
        let open: Vec<Gate> = Gate::ALL.into_iter().filter(|gate| is_of_context(*gate)).collect();
        let passes = |id: &ModelId| open.iter().all(|gate| passes_in(scope, &world.models[*id], *gate));
        let left = |rules: &[RuleId]| -> Rc<[ModelId]> {
            let passing = self.admitted(scope).iter().copied().filter(passes);
            passing.filter(|id| rules.iter().all(|rule| self.keeps(scope, *rule, *id))).collect()
        };
        let mut promises = rules.iter().flat_map(|id| &world.rules[*id].promises);
        if !promises.all(|promise| is_settled(&promise.expr)) {
            return left(&rules);
        }
        let asked = (scope.context.classification, scope.residency.cloned(), rules);
        if let Some(known) = self.eligible.borrow().get(&asked) {
            return Rc::clone(known);
        }
        let eligible = left(&asked.2);
        self.eligible.borrow_mut().insert(asked, Rc::clone(&eligible));
        eligible
    }

    /// Whether a model that was admitted keeps all promises of a rule.
    pub(super) fn keeps(&self, scope: Scope, id: RuleId, model: ModelId) -> bool {
        let world = scope.world;
        let rule = &world.rules[id];
        let is_kept =
            |model: &ModelId| !excludes(Scope { model: Some(&world.models[*model]), ..scope }, rule);
        let all = self.kept.get_or_init(|| world.rules.iter().map(|_| OnceCell::new()).collect());
        let kept = all[id].get_or_init(|| {
            rule.promises.iter().all(|promise| is_settled(&promise.expr)).then(|| {
                let mut kept = IdSet::none_of(&world.models);
                kept.extend(self.admitted(scope).iter().copied().filter(is_kept));
                kept
            })
        });
        kept.as_ref().map_or_else(|| is_kept(&model), |kept| kept.contains(model))
    }

    /// The admitted models in an order that no context changes, by the rules that make it.
    pub(super) fn order(&self, rules: &[RuleId], order: impl FnOnce() -> Vec<ModelId>) -> Rc<[ModelId]> {
        if let Some(known) = self.orders.borrow().get(rules) {
            return Rc::clone(known);
        }
        let order: Rc<[ModelId]> = order().into();
        self.orders.borrow_mut().insert(rules.to_vec(), Rc::clone(&order));
        order
    }
}

/// Whether no context changes what an expression says of a model: neither what the request states, nor where `process in`
/// lets it be processed.
pub(super) fn is_settled(expr: &Expr) -> bool {
    !expr.reads.iter().any(|(read, _)| read.is_of_context() || read.is_of_place())
}

/// Whether a gate looks at the context: at the classification, or at what `process in` leaves.
fn is_of_context(gate: Gate) -> bool {
    match gate {
        Gate::ClassificationCeiling | Gate::Residency => true,
        Gate::ApprovedUseCase
        | Gate::ComplianceCoverage
        | Gate::Retention
        | Gate::Lifecycle
        | Gate::Capability => false,
    }
}

impl<E> Default for Standing<E> {
    fn default() -> Self {
        Self(OnceCell::new())
    }
}

impl<E> Standing<E> {
    /// Those of which the condition is true in a context, in order.
    pub(super) fn holding<'a>(
        &self,
        scope: Scope<'a>,
        all: &'a Table<E>,
        when: impl Fn(&'a E) -> Option<&'a Expr>,
    ) -> Vec<Id<E>> {
        let standing = self.0.get_or_init(|| {
            let standing = all.enumerated().filter_map(|(id, one)| {
                let expr = when(one);
                let asks = expr.is_some_and(|expr| expr.reads.iter().any(|(read, _)| read.is_of_context()));
                (asks || holds(scope, expr)).then_some((id, asks))
            });
            standing.collect()
        });
        let holding = standing.iter().filter(|(id, asks)| !asks || holds(scope, when(&all[*id])));
        holding.map(|(id, _)| *id).collect()
    }
}
