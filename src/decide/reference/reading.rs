//! A use case read in one context: what applies there is worked out once for many questions.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::Scope;
use super::evaluation::evaluate;
use super::gates::passes_in;
use super::known::Known;
use super::ranking::{Deciding, Silence, key, overridden, preferring, ranking};
use super::rules::{applying_rules, broken, effective_residency, eligible, removed_by};
use crate::decide::{Gate, Multiplier};
use crate::model::expr::Node;
use crate::model::names::Set;
use crate::model::{Context, Model, ModelId, Prefer, Promise, RuleId, Tier, UseCase, World};
use crate::number::Rational;

/// What applies to a use case in a context.
#[derive(Debug, Clone)]
pub struct Reading<'a> {
    world: &'a World,
    use_case: &'a UseCase,
    context: &'a Context,
    applying: Vec<RuleId>,
    residency: Option<Set>,
    preferring: Vec<(Tier, Vec<RuleId>)>,
    /// What is known of the use case in every context.
    known: Rc<Known>,
}

/// Everything that removes a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removed {
    /// The model that is out.
    pub model: ModelId,
    /// Gates that it fails, in order.
    pub gates: Vec<Gate>,
    /// Promises that it does not keep: the rule, and the position in it.
    pub promises: Vec<(RuleId, usize)>,
}

impl Removed {
    /// The rules whose promises it does not keep, by name.
    pub fn rules(&self) -> Vec<RuleId> {
        let mut rules: Vec<RuleId> = self.promises.iter().map(|(rule, _)| *rule).collect();
        rules.dedup();
        rules
    }
}

impl<'a> Reading<'a> {
    /// Of a use case in a context.
    pub fn of(world: &'a World, use_case: &'a UseCase, context: &'a Context) -> Self {
        Self::with(Rc::new(Known::default()), world, use_case, context)
    }

    pub(super) fn with(
        known: Rc<Known>,
        world: &'a World,
        use_case: &'a UseCase,
        context: &'a Context,
    ) -> Self {
        let scope = Scope { known: Some(&known), ..Scope::of(world, use_case, context) };
        let applying = applying_rules(scope);
        Self::where_these_apply(known, world, use_case, context, applying)
    }

    pub(super) fn where_these_apply(
        known: Rc<Known>,
        world: &'a World,
        use_case: &'a UseCase,
        context: &'a Context,
        applying: Vec<RuleId>,
    ) -> Self {
        let residency = effective_residency(Scope::of(world, use_case, context), &applying);
        let preferring = preferring(world, &applying);
        Self { world, use_case, context, applying, residency, preferring, known }
    }

    fn scope(&self) -> Scope<'_> {
        let scope = Scope::of(self.world, self.use_case, self.context);
        Scope { residency: self.residency.as_ref(), known: Some(&self.known), ..scope }
    }

    fn on<'s>(&'s self, model: &'s Model) -> Scope<'s> {
        Scope { model: Some(model), ..self.scope() }
    }

    /// Where the request may be processed; none is every region.
    pub fn residency(&self) -> Option<&Set> {
        self.residency.as_ref()
    }

    /// The eligible models, best first.
    pub fn ranking(&self) -> Vec<ModelId> {
        ranking(self.scope(), &self.applying, eligible(self.scope(), &self.applying))
    }

    /// Every model that is not eligible, with all that removes it; by id.
    pub fn removed(&self) -> Vec<Removed> {
        self.removed_among(|_| true)
    }

    /// The same of the models that are approved for the use case.
    pub fn removed_approved(&self) -> Vec<Removed> {
        self.removed_among(|model| self.passes(model, Gate::ApprovedUseCase))
    }

    fn removed_among(&self, wanted: impl Fn(&Model) -> bool) -> Vec<Removed> {
        let models = self.world.models.enumerated().filter(|(_, model)| wanted(model));
        let removed = models.map(|(id, _)| removed_by(self.scope(), &self.applying, id));
        removed.filter(|removed| !removed.gates.is_empty() || !removed.promises.is_empty()).collect()
    }

    /// The blended cost of a model for the use case, in US dollars per 1M tokens.
    pub fn cost(&self, model: ModelId) -> &Rational {
        self.known.costs.blended(self.world, self.use_case, model)
    }

    /// The cost of a model over that of another.
    pub fn multiplier(&self, primary: ModelId, target: ModelId) -> Multiplier {
        self.known.costs.multiplier(self.world, self.use_case, primary, target)
    }

    /// Whether a model passes a gate.
    pub fn passes(&self, model: &Model, gate: Gate) -> bool {
        passes_in(self.scope(), model, gate)
    }

    /// The promises that a model does not keep, as rule and position in the rule.
    pub fn broken(&self, model: &Model) -> Vec<(RuleId, usize)> {
        broken(self.on(model), &self.applying)
    }

    /// The parts of a broken promise's outermost `and`, of a `forbid` its `or`, that break it; none where it has no
    /// parts.
    pub fn breaking(&self, model: &Model, promise: &Promise) -> Vec<usize> {
        let wanted = Some(!promise.forbid);
        match (&promise.expr.root, promise.forbid) {
            (Node::And(parts), false) | (Node::Or(parts), true) => {
                let breaks = |part: &Node| evaluate(self.on(model), part) != wanted;
                (0..).zip(parts).filter(|(_, part)| breaks(part)).map(|(at, _)| at).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The first key of the ranking in which two models differ.
    pub fn deciding(&self, a: ModelId, b: ModelId) -> Deciding {
        let world = self.world;
        let (x, y) = (&world.models[a], &world.models[b]);
        let left = self.preferring.iter().flat_map(|(_, rules)| rules);
        for (id, rule) in left.map(|id| (*id, &world.rules[*id])) {
            let mut clauses = rule.prefers.iter();
            if let Some(position) = clauses.position(|prefer| self.differs(prefer, (a, x), (b, y))) {
                return Deciding::Preference(id, position);
            }
        }
        let scope = self.scope();
        if scope.cost(a) == scope.cost(b) { Deciding::Id } else { Deciding::Cost }
    }

    /// Whether some `prefer` clause of a rule tells two models apart.
    pub fn tells_apart(&self, rule: RuleId, (a, b): (ModelId, ModelId)) -> bool {
        let world = self.world;
        let (x, y) = (&world.models[a], &world.models[b]);
        world.rules[rule].prefers.iter().any(|prefer| self.differs(prefer, (a, x), (b, y)))
    }

    fn differs(&self, prefer: &Prefer, (a, x): (ModelId, &Model), (b, y): (ModelId, &Model)) -> bool {
        key(self.scope(), &prefer.kind, a, x) != key(self.scope(), &prefer.kind, b, y)
    }

    /// The applying rules whose `prefer` clauses order nothing, by name, and why.
    pub fn silent(&self) -> Vec<(RuleId, Silence)> {
        let heard: BTreeSet<RuleId> =
            self.preferring.iter().flat_map(|(_, rules)| rules.iter().copied()).collect();
        let overridden = overridden(self.world, &self.applying);
        let why = self.applying.iter().filter(|id| !heard.contains(id)).filter_map(|id| {
            let rule = Some(&self.world.rules[*id]).filter(|rule| !rule.prefers.is_empty())?;
            if let Some(by) = overridden.get(id) {
                return Some((*id, Silence::Overridden(*by)));
            }
            let of_tier = self.preferring.iter().find(|(tier, _)| *tier == rule.tier);
            let louder = of_tier.and_then(|(_, rules)| rules.first())?;
            Some((*id, Silence::Unconditional(*louder)))
        });
        why.collect()
    }
}
