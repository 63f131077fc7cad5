//! What a policy decides, read as the language page reads: one module a paragraph, short, slow and obviously right.

mod costs;
mod duties;
mod evaluation;
mod failover;
mod gates;
mod guarantees;
mod known;
mod obligations;
mod ranking;
mod reading;
mod rules;
mod values;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use crate::decide::{Decision, Undefined};
use crate::model::expr::Node;
use crate::model::names::Set;
use crate::model::{
    Context, Expr, FailoverId, GuaranteeId, Id, Model, ModelId, RuleId, Table, UseCase, World,
};
use crate::number::Rational;
use crate::vocabulary::Trigger;
use duties::Duties;
use evaluation::evaluate;
use failover::{applying_failovers, forking, holding_failovers, paths};
use guarantees::Chain;
use known::{Known, Standing};
use obligations::audit;
use ranking::{ambiguous_preferences, ranking};
use rules::{applying_rules, effective_residency, eligible};

pub use failover::{cost_multiplier, forks};
pub use gates::approves;
pub use guarantees::{Broken, breaks, chain_availability, chain_value, premise_holds};
pub use ranking::{Deciding, Silence};
pub use reading::{Reading, Removed};
pub use rules::{applying, kept_out_by_promises, processed_in};

/// Everything that an expression may read.
#[derive(Clone, Copy)]
struct Scope<'a> {
    world: &'a World,
    use_case: &'a UseCase,
    context: &'a Context,
    model: Option<&'a Model>,
    chain: Option<&'a Chain>,
    duties: Option<&'a Duties>,
    /// Where the request may be processed (none: everywhere): in a condition what the use case states, elsewhere what
    /// `process in` leaves of it.
    residency: Option<&'a Set>,
    /// What is known of the use case; none: everything is worked out each time.
    known: Option<&'a Known>,
}

impl<'a> Scope<'a> {
    /// A request as a condition reads it.
    fn of(world: &'a World, use_case: &'a UseCase, context: &'a Context) -> Self {
        let residency = use_case.stated_residency();
        Self { world, use_case, context, model: None, chain: None, duties: None, residency, known: None }
    }

    /// The blended cost of a model.
    fn cost(self, id: ModelId) -> Cow<'a, Rational> {
        match self.known {
            Some(known) => Cow::Borrowed(known.costs.blended(self.world, self.use_case, id)),
            None => Cow::Owned(self.use_case.blended_cost(&self.world.models[id])),
        }
    }
}

/// Decides a use case in many contexts.
#[derive(Debug)]
pub struct Reader<'a> {
    world: &'a World,
    use_case: &'a UseCase,
    known: Rc<Known>,
}

impl<'a> Reader<'a> {
    /// For a use case of a world.
    pub fn new(world: &'a World, use_case: &'a UseCase) -> Self {
        Self { world, use_case, known: Rc::new(Known::default()) }
    }

    /// The decision in a context, or why there is none.
    pub fn decide(&self, context: &Context) -> Result<Decision, Undefined> {
        decided(self.scope(context))
    }

    /// The guarantees whose `for` is true in a context, in order.
    pub fn premises(&self, context: &'a Context) -> Vec<GuaranteeId> {
        let all = &self.world.guarantees;
        self.known.guarantees.holding(self.scope(context), all, |guarantee| guarantee.premise.as_ref())
    }

    /// The use case in a context where it is known which rules apply, by name.
    pub fn where_these_apply(&self, context: &'a Context, applying: Vec<RuleId>) -> Reading<'a> {
        Reading::where_these_apply(Rc::clone(&self.known), self.world, self.use_case, context, applying)
    }

    /// The use case in a context, for many questions.
    pub fn reading(&self, context: &'a Context) -> Reading<'a> {
        Reading::with(Rc::clone(&self.known), self.world, self.use_case, context)
    }

    fn scope<'s>(&'s self, context: &'s Context) -> Scope<'s> {
        let scope = Scope::of(self.world, self.use_case, context);
        Scope { known: Some(&self.known), ..scope }
    }
}

/// The decision for a use case in a context.
pub fn decide(world: &World, use_case: &UseCase, context: &Context) -> Result<Decision, Undefined> {
    decided(Scope::of(world, use_case, context))
}

fn decided(scope: Scope) -> Result<Decision, Undefined> {
    let world = scope.world;
    let rules = applying_rules(scope);
    let mut undefined =
        Undefined { preferences: ambiguous_preferences(world, &rules), ..Undefined::default() };
    let mut led = Vec::new();
    let failovers = holding_failovers(scope);
    for trigger in Trigger::ALL {
        match applying_failovers(world, &failovers, trigger).as_slice() {
            [] => {}
            [one] => led.push((trigger, *one)),
            several => undefined.failovers.push((trigger, several.to_vec())),
        }
    }
    undefined.forks = forking(world, &led);
    if undefined != Undefined::default() {
        return Err(undefined);
    }
    let residency = effective_residency(scope, &rules);
    let scope = Scope { residency: residency.as_ref(), ..scope };
    let eligible = eligible(scope, &rules);
    let ranking = ranking(scope, &rules, eligible);
    let primary = ranking.first().copied();
    let paths = primary.map(|primary| paths(scope, &rules, &ranking, primary, &led)).unwrap_or_default();
    let (budgets, quotas) = (
        holding(scope, &world.budgets, |known| &known.budgets, |budget| budget.when.as_ref()),
        holding(scope, &world.quotas, |known| &known.quotas, |quota| quota.when.as_ref()),
    );
    let audit = audit(scope).map(Arc::new);
    Ok(Decision {
        rules: rules.into(),
        primary,
        paths: paths.into(),
        budgets: budgets.into(),
        quotas: quotas.into(),
        audit,
        residency: residency.map(Arc::new),
    })
}

/// The failover statements that some trigger leads to, by name; of a trigger that several claim, none.
pub fn led(world: &World, use_case: &UseCase, context: &Context) -> BTreeSet<FailoverId> {
    let scope = Scope::of(world, use_case, context);
    let failovers = holding_failovers(scope);
    let left = Trigger::ALL.into_iter().map(|trigger| applying_failovers(world, &failovers, trigger));
    left.filter_map(|left| if let [one] = left.as_slice() { Some(*one) } else { None }).collect()
}

/// Whether a condition over the request is true; no condition is.
pub fn applies(world: &World, use_case: &UseCase, context: &Context, when: Option<&Expr>) -> bool {
    holds(Scope::of(world, use_case, context), when)
}

/// Whether an expression over the request is true; none is unknown.
pub fn truth(world: &World, use_case: &UseCase, context: &Context, node: &Node) -> Option<bool> {
    evaluate(Scope::of(world, use_case, context), node)
}

fn holds(scope: Scope, when: Option<&Expr>) -> bool {
    let scope = Scope { residency: scope.use_case.stated_residency(), ..scope };
    when.is_none_or(|expr| evaluate(scope, &expr.root) == Some(true))
}

/// The statements of a kind whose condition is true.
fn holding<'a, E>(
    scope: Scope<'a>,
    all: &'a Table<E>,
    known: impl Fn(&'a Known) -> &'a Standing<E>,
    when: impl Fn(&'a E) -> Option<&'a Expr>,
) -> Vec<Id<E>> {
    if let Some(known_of_use_case) = scope.known {
        return known(known_of_use_case).holding(scope, all, when);
    }
    all.enumerated().filter(|(_, one)| holds(scope, when(one))).map(|(id, _)| id).collect()
}
