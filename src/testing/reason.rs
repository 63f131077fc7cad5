//! Why an expectation is not met: the gates, rules and failover statements that made it so, with their lines.

use super::Reason;
use crate::decide::{Decision, Gate, LeftOut, Path, outage, reference};
use crate::explain::{self, Explanation, Question};
use crate::limits::shown;
use crate::model::{Context, Expectation, Failover, Model, ModelId, RuleId, Selector, Test, UseCase, World};
use crate::number::round_half_even;
use crate::source::Span;
use crate::testing::expectations;

/// What a test asks, and what is decided.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) world: &'a World,
    pub(super) use_case: &'a UseCase,
    pub(super) context: &'a Context,
    pub(super) decision: &'a Decision,
    pub(super) test: &'a Test,
}

fn reason(text: String, place: impl Into<Option<Span>>) -> Reason {
    Reason { text, place: place.into() }
}

impl Asked<'_> {
    /// Why an expectation is not met.
    pub(super) fn reasons(&self, expectation: &Expectation) -> Vec<Reason> {
        let up = expectations::up(self.world, self.decision, self.test);
        let is_of_budgets =
            matches!(expectation, Expectation::Never(_) | Expectation::Terminal(_) | Expectation::Unroutable);
        let budgets = is_of_budgets.then(|| self.budgets()).flatten();
        [budgets.into_iter().collect(), self.of_route(expectation, &up)].concat()
    }

    /// What stops the request, though a test asks only where it would go.
    fn budgets(&self) -> Option<Reason> {
        let stopped = explain::stopped(&self.explanation())?;
        let text = format!("tests do not count what budgets and quotas do, else it {stopped}");
        Some(reason(text, None))
    }

    /// What makes the route another than expected.
    fn of_route(&self, expectation: &Expectation, up: &[ModelId]) -> Vec<Reason> {
        match expectation {
            Expectation::Targets(list, then) => {
                let mut reasons = self.targets(list, up);
                let terminal = outage::terminal(self.world, self.decision, self.test.on).kind();
                if then.is_some_and(|kind| kind != terminal) {
                    reasons.push(self.terminal());
                }
                reasons
            }
            Expectation::Primary(selector) => self.why_not(*selector, up.first().copied()),
            Expectation::Never(selector) => {
                let reached = up.iter().filter(|model| selector.matches(self.world, **model));
                reached.map(|model| self.why(*model)).collect()
            }
            Expectation::Terminal(_) => match up.first() {
                Some(model) => vec![self.why(*model)],
                None => vec![self.terminal()],
            },
            Expectation::Unroutable => match self.decision.primary {
                Some(primary) => vec![self.why(primary)],
                None => Vec::new(),
            },
            Expectation::Rule(rule) => self.silent(*rule).into_iter().collect(),
            Expectation::RestingRule(_) => Vec::new(),
        }
    }

    /// The first place where the targets that are up are others than expected.
    fn targets(&self, list: &[Selector], up: &[ModelId]) -> Vec<Reason> {
        for (at, selector) in list.iter().enumerate() {
            let came = up.get(at).copied();
            if !came.is_some_and(|model| selector.matches(self.world, model)) {
                return self.why_not(*selector, came);
            }
        }
        up.get(list.len()).map(|model| self.why(*model)).into_iter().collect()
    }

    /// The path that the test is about.
    fn path(&self) -> Option<&Path> {
        self.decision.path(self.test.on)
    }

    fn failover(&self) -> Option<&Failover> {
        self.path().map(|path| &self.world.failovers[path.failover])
    }

    fn id(&self, model: ModelId) -> &str {
        self.world.models[model].id.as_str()
    }

    /// What says how it ends.
    fn terminal(&self) -> Reason {
        let kind = outage::terminal(self.world, self.decision, self.test.on).kind().name();
        match self.failover() {
            _ if self.decision.primary.is_none() => {
                reason(format!("without an eligible model it ends in `{kind}`"), None)
            }
            Some(failover) => {
                let text = format!("failover `{}` ends in `{kind}`", failover.name.value);
                reason(text, failover.name.span)
            }
            None => reason(format!("no failover statement applies, so it ends in `{kind}`"), None),
        }
    }

    /// Why a rule does not apply.
    fn silent(&self, rule: RuleId) -> Option<Reason> {
        let rule = &self.world.rules[rule];
        let when = rule.when.as_ref()?;
        Some(reason(format!("the `when` of rule `{}` is not true here", rule.name.value), when.span))
    }

    /// Why a model is a target.
    fn why(&self, model: ModelId) -> Reason {
        let id = self.id(model);
        let passes = format!("`{id}` passes every gate and every rule that applies");
        if self.decision.primary == Some(model) {
            return reason(passes, self.world.models[model].name.span);
        }
        match self.failover() {
            Some(failover) => {
                let text = format!("{passes}, and failover `{}` leads to it", failover.name.value);
                reason(text, failover.name.span)
            }
            None => reason(passes, None),
        }
    }

    /// Why no model that is selected stands where `came` does.
    fn why_not(&self, selector: Selector, came: Option<ModelId>) -> Vec<Reason> {
        let models = self.world.models.ids().filter(|model| selector.matches(self.world, *model));
        let models: Vec<ModelId> = models.collect();
        // A model that cannot do the work is not the one that is meant, where another one of the provider can.
        let explanation = self.explanation();
        let unfit = [Gate::ApprovedUseCase, Gate::Lifecycle, Gate::Capability];
        let is_fit = |model: &&ModelId| {
            let removed = explanation.removed_by(**model);
            removed.is_none_or(|removed| !removed.gates.iter().any(|gate| unfit.contains(gate)))
        };
        let fit: Vec<ModelId> = models.iter().filter(is_fit).copied().collect();
        let told = if fit.is_empty() { models } else { fit };
        let mut reasons: Vec<Reason> = Vec::new();
        for model in told.into_iter().take(shown::REASONED) {
            for reason in self.why_not_model(model, came) {
                // What bars several models is one reason.
                if !reasons.contains(&reason) {
                    reasons.push(reason);
                }
            }
        }
        reasons
    }

    fn why_not_model(&self, id: ModelId, came: Option<ModelId>) -> Vec<Reason> {
        let model = &self.world.models[id];
        if self.decision.tried(self.test.on).contains(&id) {
            if !outage::is_up(self.world, &self.test.down, id) {
                return vec![reason(format!("`{}` is down in this test", model.id), None)];
            }
            return came.map(|came| self.before(came, id)).into_iter().collect();
        }
        let excluded = self.excluded(id, model);
        let mut left_out = self.path().into_iter().flat_map(|path| &path.left_out);
        if let Some(left_out) = left_out.find(|left_out| left_out.model == id) {
            return [excluded, self.left_out(model, left_out)].concat();
        }
        if !excluded.is_empty() {
            return excluded;
        }
        let primary = self.decision.primary;
        match came {
            Some(came) if Some(came) == primary => vec![self.before(came, id)],
            _ => vec![self.not_reached(id, model)],
        }
    }

    /// What is asked, explained.
    fn explanation(&self) -> Explanation<'_> {
        Explanation::of(Question {
            world: self.world,
            use_case: self.use_case,
            context: self.context,
            decision: self.decision,
            on: self.test.on,
            down: &self.test.down,
            stated: &self.test.shares,
        })
    }

    /// The gates and promises that a model does not pass.
    fn excluded(&self, id: ModelId, model: &Model) -> Vec<Reason> {
        let explanation = self.explanation();
        let Some(removed) = explanation.removed_by(id) else {
            return Vec::new();
        };
        let gates = removed.gates.iter().map(|gate| {
            let words = explain::reason::of_gate(&explanation, model, *gate);
            reason(format!("gate `{}` excludes `{}`: {words}", gate.name(), self.id(id)), place(model, *gate))
        });
        let rules = removed.promises.iter().map(|(rule, position)| {
            let rule = &self.world.rules[*rule];
            let because = rule.because.as_ref().map(|why| format!(" ({why})")).unwrap_or_default();
            let text = format!("rule `{}` excludes `{}`{because}", rule.name.value, model.id);
            reason(text, rule.promises.get(*position).map(|promise| promise.span))
        });
        gates.chain(rules).collect()
    }

    /// What the failover statement has against a candidate.
    fn left_out(&self, model: &Model, left_out: &LeftOut) -> Vec<Reason> {
        let Some(failover) = self.failover() else { return Vec::new() };
        let mismatches = left_out.mismatches.iter().map(|aspect| {
            let span = failover.matches.iter().find(|(known, _)| known == aspect).map(|(_, span)| *span);
            let text = format!("`{}` does not match the primary's {}", model.id, aspect.name());
            reason(text, span)
        });
        let explanation = self.explanation();
        let dear = left_out.too_dear.map(|span| {
            let blocks = explain::reason::blocking(&explanation, span);
            let blocks = blocks.map(|clause| format!(", and {clause} leaves it out")).unwrap_or_default();
            reason(format!("`{}` is {}{blocks}", model.id, explain::reason::dear(&left_out.multiplier)), span)
        });
        let window = left_out.window.then(|| {
            let words = explain::reason::no_larger(&explanation, left_out);
            let text = format!("the context window of `{}` {words}", model.id);
            reason(text, model.context_window_span.unwrap_or(model.name.span))
        });
        mismatches.chain(window).chain(dear).collect()
    }

    /// Why one target comes before another.
    fn before(&self, came: ModelId, expected: ModelId) -> Reason {
        let (first, second) = (self.id(came), self.id(expected));
        let primary = self.decision.primary;
        if primary != Some(came)
            && let Some(failover) = self.failover()
        {
            let text = format!("failover `{}` leads to `{first}` before `{second}`", failover.name.value);
            return reason(text, failover.name.span);
        }
        let reading = reference::Reading::of(self.world, self.use_case, self.context);
        match reading.deciding(came, expected) {
            reference::Deciding::Preference(rule, position) => {
                let rule = &self.world.rules[rule];
                let name = &rule.name.value;
                let span = rule.prefers.get(position).map(|prefer| prefer.span);
                reason(format!("rule `{name}` puts `{first}` before `{second}`"), span)
            }
            reference::Deciding::Cost => {
                let cost =
                    |id: ModelId| round_half_even(&self.use_case.blended_cost(&self.world.models[id]), 4);
                let (a, b) = (cost(came), cost(expected));
                reason(format!("`{first}` is cheaper than `{second}` ({a} and {b} usd per 1m tokens)"), None)
            }
            reference::Deciding::Id => {
                reason(format!("`{first}` costs the same as `{second}` and comes first by name"), None)
            }
        }
    }

    /// Why an eligible model is no target.
    fn not_reached(&self, id: ModelId, model: &Model) -> Reason {
        if let (Some(path), Some(failover)) = (self.path(), self.failover()) {
            let explanation = self.explanation();
            let why = explanation.unreached(path, id);
            let text = explain::reason::unreached(&explanation, path, &model.id, why);
            return reason(text, failover.name.span);
        }
        let trigger = self.test.on.map_or("an outage".to_owned(), |on| format!("`{}`", on.name()));
        reason(format!("no failover statement covers {trigger}, so nothing leads to `{}`", model.id), None)
    }
}

/// Where the registry says what a gate tests.
fn place(model: &Model, gate: Gate) -> Span {
    let stated = match gate {
        Gate::ApprovedUseCase => model.approved.first().map(|entry| entry.span),
        Gate::ClassificationCeiling => Some(model.ceiling_span),
        Gate::ComplianceCoverage => model.compliance_span,
        Gate::Residency => model.regions_span,
        Gate::Retention => model.retention_span,
        Gate::Lifecycle => model.lifecycle_span,
        Gate::Capability => model.capabilities_span.or(model.context_window_span),
    };
    stated.unwrap_or(model.name.span)
}
