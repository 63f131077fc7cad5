//! What is said of a thing: of a use case its sentence, of a rule whom it touches, of a model what is known of it.

use super::hover::{code, prose};
use super::hover_without::without;
use super::lens::Reaches;
use super::{Kind, Seen, Symbol};
use crate::decide::show::{self, Asking};
use crate::decide::survey::{Decided, Survey};
use crate::explain::{self, Explanation, Question};
use crate::limits::shown;
use crate::model::attribute::ModelAttribute;
use crate::model::words::{contexts, count};
use crate::model::{Budget, Model, ModelId, World};
use crate::number::{dollars, exact, grouped};
use crate::source::listed;
use crate::syntax::tree::{Force, StatementKind};

/// What is said of something: what it is, and what is known of it.
pub(super) fn about(seen: Seen, symbol: &Symbol) -> String {
    let known = seen.survey().and_then(|survey| known(survey, symbol));
    let head = format!("**{}** {}", symbol.kind.word(), code(&symbol.name));
    match (known, &symbol.kind) {
        (Some(text), _) => format!("{head}\n\n{text}"),
        (None, Kind::Value(_) | Kind::Word(_) | Kind::Classification) => {
            let places = seen.now.index().occurrences(symbol).count();
            format!("{head}\n\n{}", count(places, "place", "places"))
        }
        (None, _) => match resting(seen, symbol) {
            Some(text) => format!("{head}\n\n{text}"),
            None => head,
        },
    }
}

/// That no statement of a name is in force, and when one was or will be.
fn resting(seen: Seen, symbol: &Symbol) -> Option<String> {
    let today = seen.survey()?.world.as_of;
    let statements = seen.now.trees.policies.iter().flat_map(|file| &file.statements);
    let named = statements.filter(|statement| is_named(&statement.kind, symbol));
    let forces: Vec<Force> = named.map(|statement| statement.kind.force()).collect();
    let first = forces.iter().map(|force| force.first()).filter(|day| *day > today).min();
    let last = forces.iter().map(|force| force.last()).filter(|day| *day < today).max();
    if forces.is_empty() || forces.iter().any(|force| force.holds(today)) {
        return None;
    }
    match (first, last) {
        (Some(first), _) => Some(format!("not in force: it begins on {first}")),
        (None, Some(last)) => Some(format!("no longer in force: its last day was {last}")),
        (None, None) => None,
    }
}

/// Whether a statement is what a symbol stands for.
fn is_named(statement: &StatementKind, symbol: &Symbol) -> bool {
    let (kind, name) = match statement {
        StatementKind::Rule(rule) => (Kind::Rule, &rule.block.name),
        StatementKind::Failover(block) => (Kind::Failover, &block.name),
        StatementKind::Budget(block) => (Kind::Budget, &block.name),
        StatementKind::Quota(block) => (Kind::Quota, &block.name),
        StatementKind::Audit(block) => (Kind::Audit, &block.name),
        StatementKind::Guarantee(block) => (Kind::Guarantee, &block.name),
        _ => return false,
    };
    symbol.kind == kind && symbol.name == name.text
}

fn known(survey: &Survey, symbol: &Symbol) -> Option<String> {
    let (world, name) = (survey.world, symbol.name.as_str());
    match symbol.kind {
        Kind::UseCase => use_case(survey, name),
        Kind::Model => {
            let id = world.models.search(|model| model.id.as_str().cmp(name))?;
            Some(model(survey, id))
        }
        Kind::Provider => provider(world, name),
        Kind::Rule => rule(survey, name),
        Kind::Failover => {
            let failover = world.failovers.iter().find(|one| one.name.value == name)?;
            let reaches = Reaches::of(survey);
            let reach = reaches.failover(survey, name)?;
            let reason = because(failover.because.as_ref());
            Some(format!(
                "leads in {}{}{reason}",
                reach.text(),
                of(&reach.names(survey).collect::<Vec<String>>())
            ))
        }
        Kind::Budget => {
            world.budgets.enumerated().find(|(_, one)| one.name.value == name).map(|(id, one)| {
                let covers = |decided: &Decided| decided.distinct().any(|one| one.budgets.contains(&id));
                budget(one, &using(survey, covers))
            })
        }
        Kind::Fact => {
            let fact = world.facts.iter().find(|fact| fact.name == name)?;
            let values: Vec<String> = fact.values.iter().map(|value| code(value)).collect();
            let default = code(&fact.values[fact.default]);
            Some(format!("{}, by default {default}", values.join(", ")))
        }
        Kind::Classification => {
            let level = world.classifications.position(|level| level == name)?;
            Some(format!("level {} of {}, lowest first", level.position() + 1, world.classifications.len()))
        }
        Kind::Guarantee => {
            let guarantee = world.guarantees.iter().find(|one| one.name.value == name)?;
            Some(because(guarantee.because.as_ref()).trim_start().to_owned())
        }
        Kind::Quota | Kind::Audit | Kind::Test | Kind::Value(_) | Kind::Word(_) => None,
    }
}

/// ` of a, b and 3 more`.
fn of(names: &[String]) -> String {
    if names.is_empty() { String::new() } else { format!(": {}", some(names)) }
}

pub(super) fn some(names: &[String]) -> String {
    // One name more is as long as to say that there is one more.
    let named = if names.len() == shown::HOVERED + 1 { names.len() } else { shown::HOVERED };
    let shown: Vec<String> = names.iter().take(named).map(|name| code(name)).collect();
    let more = names.len().saturating_sub(named);
    listed::and_more(&shown.join(", "), more)
}

fn because(reason: Option<&String>) -> String {
    reason.map(|reason| format!("\n\nbecause {}", prose(reason))).unwrap_or_default()
}

/// The sentence of a use case; none where its decision is not defined.
pub fn sentence(survey: &Survey, name: &str) -> Option<String> {
    let world = survey.world;
    let id = world.use_cases.search(|one| one.name.value.as_str().cmp(name))?;
    let decided = survey.decided_at(id)?;
    let (use_case, context) = (decided.use_case, world.baseline(decided.use_case));
    let decision = decided.baseline;
    let question =
        Question { world, use_case, context: &context, decision, on: None, down: &[], stated: &[] };
    Some(explain::sentence(&Explanation::of(question)))
}

fn use_case(survey: &Survey, name: &str) -> Option<String> {
    let world = survey.world;
    let use_case = world.use_cases.iter().find(|one| one.name.value == name)?;
    let said = sentence(survey, name).map_or_else(
        || "its decision is not defined: `govctl check` says why".to_owned(),
        |sentence| prose(&sentence),
    );
    let contexts = contexts(world.count_contexts(use_case), u64::MAX);
    Some(format!("{said}\n\n{contexts}, owned by {}", prose(&use_case.owner)))
}

fn provider(world: &World, name: &str) -> Option<String> {
    let provider = world.providers.iter().find(|one| one.name.value == name)?;
    let models = provider.models.iter().map(|id| &world.models[*id]);
    let models: Vec<String> = models.map(|model| model.name.value.clone()).collect();
    let owner = provider.owner.as_ref().map(|owner| format!("\n\nowned by {}", prose(owner)));
    Some(format!(
        "{}: {}{}",
        count(models.len(), "model", "models"),
        some(&models),
        owner.unwrap_or_default()
    ))
}

fn rule(survey: &Survey, name: &str) -> Option<String> {
    let world = survey.world;
    let id = world.rules.search(|rule| rule.name.value.as_str().cmp(name))?;
    let reaches = Reaches::of(survey);
    let reach = reaches.rule(survey, name)?;
    let reason = because(world.rules[id].because.as_ref());
    Some(format!(
        "applies in {}{}\n\n{}{reason}",
        reach.text(),
        of(&reach.names(survey).collect::<Vec<String>>()),
        without(survey, id)
    ))
}

/// The use cases of which something is true.
fn using(survey: &Survey, is: impl Fn(&Decided) -> bool) -> Vec<String> {
    survey.decided().filter(|decided| is(decided)).map(|decided| decided.name()).collect()
}

fn model(survey: &Survey, id: ModelId) -> String {
    use ModelAttribute as A;
    let model = &survey.world.models[id];
    let is_stated = |attribute: A| show::is_stated(survey.world, Asking::default(), model, attribute);
    // Those that every reader asks about are said to be unknown, the others only where they are stated.
    let always = [
        A::Hosting,
        A::Regions,
        A::Ceiling,
        A::Compliance,
        A::Retention,
        A::TrainsOnData,
        A::Dpa,
        A::ContextWindow,
        A::LatencyP95,
        A::Availability,
        A::Lifecycle,
    ];
    // Prices stand above, and where requests are processed depends on them.
    let apart = [A::Id, A::Provider, A::ProcessedIn, A::Cost, A::InputCost, A::OutputCost];
    let shown =
        |attribute: &A| always.contains(attribute) || !apart.contains(attribute) && is_stated(*attribute);
    let facts = A::ALL.iter().copied().filter(shown);
    let facts = facts.map(|fact| show::fact(survey.world, Asking::default(), model, fact));
    let facts: Vec<String> = facts.map(|fact| format!("- {fact}")).collect();
    let primary = using(survey, |decided| decided.distinct().any(|one| one.primary == Some(id)));
    let target = using(survey, |decided| {
        decided.distinct().any(|one| one.paths.iter().any(|path| path.models().any(|model| model == id)))
    });
    let approved: Vec<String> = model.approved.iter().map(|one| one.value.clone()).collect();
    let line = |what: &str, names: &[String]| {
        if names.is_empty() { format!("\n\n{what} nothing") } else { format!("\n\n{what} {}", some(names)) }
    };
    format!(
        "{}\n\n{}{}{}{}",
        price(model),
        facts.join("\n"),
        line("approved for", &approved),
        line("primary of", &primary),
        line("target of", &target),
    )
}

/// What a model costs per 1M tokens, with all that makes some of them cheaper or dearer.
fn price(model: &Model) -> String {
    let mut all = vec![format!("{} usd in", dollars(&model.input_cost))];
    all.extend(
        model.cached_input_cost.as_ref().map(|cost| format!("{} usd in from the cache", dollars(cost))),
    );
    all.push(format!("{} usd out per 1M tokens", dollars(&model.output_cost)));
    let mut text = all.join(", ");
    if let Some(long) = &model.long_prompt {
        let above = grouped(&long.above_tokens.to_string());
        text += &format!(
            "; prompts above {above} tokens: {} usd in, {} usd out",
            dollars(&long.input),
            dollars(&long.output)
        );
    }
    if let Some(discount) = &model.batch_discount {
        text += &format!("; {}% less in batches", exact(discount));
    }
    text
}

fn budget(budget: &Budget, covered: &[String]) -> String {
    let owner = budget.owner.as_ref().map(|owner| format!("\n\nowned by {}", prose(owner)));
    format!(
        "{} usd a {}; covers {}{}{}",
        exact(&budget.limit),
        budget.period.name(),
        count(covered.len(), "use case", "use cases"),
        of(covered),
        owner.unwrap_or_default()
    )
}
