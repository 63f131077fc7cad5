//! From decisions to a graph: which models and links are shown, and what is said of them.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::links::{Links, gather};
use super::reason::{self, Reason};
use super::told::All;
use super::walk::statement;
use super::{Graph, Link, LinkState, Node, Role};
use crate::decide::Path;
use crate::explain::{self, Explanation};
use crate::limits::MAX_BYSTANDERS;
use crate::limits::shown;
use crate::model::trigger::Triggers;
use crate::model::{Model, ModelId, Terminal, Trigger, World};
use crate::number::{self, Rational};
use crate::source::listed;

/// Which use cases a graph shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// One: what its links lead to, and which models may serve it.
    One,
    /// All that are decided: every link of the workspace, and what becomes of it.
    All,
}

/// The graph of some decisions.
pub fn build(world: &World, explained: &[Explanation], scope: Scope) -> Graph {
    let links = gather(world, explained, scope);
    let mut involved: BTreeSet<ModelId> = links.keys().flat_map(|(from, to)| [*from, *to]).collect();
    involved.extend(told_once(explained).flat_map(Explanation::reached));
    let bystanders: Vec<ModelId> =
        world.models.ids().filter(|id| !involved.contains(id) && stands_by(explained, scope, *id)).collect();
    let shown = bystanders.iter().take(MAX_BYSTANDERS.saturating_sub(involved.len()));
    let shown: BTreeSet<ModelId> = involved.iter().copied().chain(shown.copied()).collect();
    let roles = Roles::of(explained, scope);
    let mut graph = Graph::default();
    let mut places: BTreeMap<ModelId, usize> = BTreeMap::new();
    for &id in &shown {
        let model = &world.models[id];
        let name = world.providers[model.provider].name.value.as_str();
        if graph.providers.last().is_none_or(|last| last != name) {
            graph.providers.push(name.to_owned());
        }
        places.insert(id, graph.nodes.len());
        graph.nodes.push(roles.node(explained, id, model, graph.providers.len() - 1));
    }
    graph.links = links.into_iter().flat_map(|(ends, link)| link.drawn(ends, &places, scope)).collect();
    describe(&mut graph, world, explained, scope, world.models.len() - shown.len());
    graph
}

/// The explanations of decisions that are others than those before: use cases that are decided alike share their paths.
fn told_once<'e, 'a>(explained: &'e [Explanation<'a>]) -> impl Iterator<Item = &'e Explanation<'a>> {
    let mut known = HashSet::new();
    explained.iter().filter(move |explanation| {
        let decision = explanation.decision();
        known.insert((decision.primary, decision.paths.as_ptr()))
    })
}

/// Whether a model that no link touches belongs in the picture: of one use case those that may serve it, or might if
/// nothing else kept them from it.
fn stands_by(explained: &[Explanation], scope: Scope, id: ModelId) -> bool {
    let (Scope::One, Some(explanation)) = (scope, explained.first()) else { return true };
    let reasons = reason::against(explanation, id);
    let unroutable = explanation.decision().primary.is_none();
    reasons.is_empty()
        || (unroutable && !reasons.iter().any(|reason| reason.code == "gate:approved-use-case"))
}

/// What models are, over all decisions shown.
struct Roles<'a> {
    scope: Scope,
    primary_of: BTreeMap<ModelId, Vec<&'a str>>,
    /// Of one use case at which position, as in `2`, or `1 on context-exceeded` where an outage leads elsewhere.
    targets: BTreeMap<ModelId, Vec<String>>,
}

impl<'a> Roles<'a> {
    fn of(explained: &[Explanation<'a>], scope: Scope) -> Self {
        let mut primary_of: BTreeMap<ModelId, Vec<&str>> = BTreeMap::new();
        let mut targets = BTreeMap::new();
        for explanation in explained {
            if let Some(primary) = explanation.decision().primary {
                primary_of.entry(primary).or_default().push(&explanation.question.use_case.name.value);
            }
        }
        for explanation in told_once(explained) {
            for model in explanation.paths().flat_map(Path::models) {
                targets.entry(model).or_insert_with(|| positions(explanation, model));
            }
        }
        Self { scope, primary_of, targets }
    }

    fn node(&self, explained: &[Explanation], id: ModelId, model: &Model, provider: usize) -> Node {
        let world = explained.first().map(Explanation::world);
        let ceiling = world.map(|world| &world.classifications[model.ceiling]);
        let lines = vec![
            format!("{} in, {} out per 1M", usd(&model.input_cost), usd(&model.output_cost)),
            format!("up to {}", ceiling.map_or("", String::as_str)),
        ];
        let down = explained.first().is_some_and(|explanation| !explanation.is_up(id));
        let mut hint = vec![model.id.clone(), lines.join(", ")];
        let (mut role, mut mark) = match (self.primary_of.get(&id), self.targets.get(&id)) {
            (Some(use_cases), _) => {
                if self.scope == Scope::All {
                    hint.push(format!("primary of {}", use_cases.join(", ")));
                }
                (Role::Primary, self.primary_mark(use_cases))
            }
            (None, Some(positions)) if self.scope == Scope::One => {
                (Role::Target, format!("target {}", positions.join("; ")))
            }
            (None, Some(_)) => (Role::Target, String::new()),
            (None, None) => {
                let reasons = match (self.scope, explained.first()) {
                    (Scope::One, Some(explanation)) => reason::against(explanation, id),
                    _ => Vec::new(),
                };
                hint.extend(reasons.iter().map(|reason| format!("out by {}", reason.code)));
                self.bystander(&reasons, model)
            }
        };
        if down {
            role = Role::Down;
            mark = if mark.is_empty() { "down".to_owned() } else { format!("{mark}, down") };
        }
        Node { provider, name: model.name.value.clone(), lines, role, mark, hint: hint.join("\n") }
    }

    fn bystander(&self, reasons: &[Reason], model: &Model) -> (Role, String) {
        match reasons {
            [] if model.retired => (Role::Out, "retired".to_owned()),
            [] if self.scope == Scope::All => (Role::Bystander, String::new()),
            [] => (Role::Bystander, "may serve".to_owned()),
            [first, rest @ ..] => (Role::Out, format!("out: {}", listed::and_more(&first.short, rest.len()))),
        }
    }

    fn primary_mark(&self, use_cases: &[&str]) -> String {
        match (self.scope, use_cases) {
            (Scope::One, _) => "primary".to_owned(),
            (Scope::All, [one]) => format!("primary of {one}"),
            (Scope::All, many) => format!("primary of {} use cases", many.len()),
        }
    }
}

/// At which positions of its paths a model is tried: first that of an outage, or of the only path there is, then those of
/// other triggers where they are others.
fn positions(explanation: &Explanation, model: ModelId) -> Vec<String> {
    let usual = explanation.decision().outage_path().map(|path| path.on).unwrap_or_default();
    let is_only = explanation.paths().count() == 1;
    let mut plain = None;
    let mut others: BTreeMap<usize, Triggers> = BTreeMap::new();
    for path in explanation.paths() {
        let Some(at) = path.models().position(|target| target == model) else { continue };
        if is_only || path.on.iter().any(|trigger| usual.has(trigger)) {
            plain = Some(at + 1);
        } else {
            let on = others.entry(at + 1).or_default();
            *on = on.with(path.on);
        }
    }
    others.retain(|at, _| plain != Some(*at));
    let others = others.into_iter().map(|(at, on)| format!("{at} on {}", on.names().join(", ")));
    plain.map(|at| at.to_string()).into_iter().chain(others).collect()
}

/// A price as people write it.
fn usd(price: &Rational) -> String {
    let cents = number::fixed_half_even(price, 2);
    let exact = number::round_half_even(price, 6);
    if number::parse_decimal(&cents).as_ref() == Some(price) {
        format!("${}", cents.strip_suffix(".00").unwrap_or(&cents))
    } else {
        format!("${exact}")
    }
}

/// Title and subtitle.
fn describe(graph: &mut Graph, world: &World, explained: &[Explanation], scope: Scope, hidden: usize) {
    let count = |n: usize, one: &str, many: &str| crate::model::words::count(n, one, many);
    if let (Scope::One, [explanation]) = (scope, explained) {
        graph.title = format!("Failover of {}", explanation.question.use_case.name.value);
        let context = world.show_context(explanation.question.context);
        let words = context.iter().map(|(name, value)| format!("{name} {value}"));
        graph.subtitle.push(words.collect::<Vec<String>>().join(" · "));
        graph.subtitle.extend(in_words(explanation));
    } else {
        "Failover".clone_into(&mut graph.title);
        graph.subtitle.push(format!(
            "{} · {} · {}",
            count(explained.len(), "use case", "use cases"),
            count(graph.nodes.len(), "model", "models"),
            count(graph.providers.len(), "provider", "providers"),
        ));
    }
    if hidden > 0 {
        graph.subtitle.push(match scope {
            Scope::One => format!("{} not shown", count(hidden, "other model is", "other models are")),
            Scope::All => format!("{} that no link touches not shown", count(hidden, "model", "models")),
        });
    }
}

/// What the failover statements say besides their links: a line for each path.
fn in_words(explanation: &Explanation) -> Vec<String> {
    if explanation.decision().primary.is_none() {
        return vec!["no model may serve it, so it is blocked".to_owned()];
    }
    if explanation.paths().next().is_none() {
        let what = explanation.question.on.map_or("it", Trigger::name);
        return vec![format!("no failover statement covers {what}, then block")];
    }
    let paths = explanation.paths().map(|path| {
        let statement = statement(explanation, path);
        let then = match &statement.then {
            Terminal::Queue(None) => "then queue".to_owned(),
            Terminal::Queue(Some(seconds)) => format!("then queue for {}", explain::duration(seconds)),
            Terminal::Degrade(_) => "then degrade".to_owned(),
            Terminal::Block => "then block".to_owned(),
        };
        format!("failover {}: on {} · {then}", statement.name.value, path.on.names().join(", "))
    });
    paths.collect()
}

impl Links {
    /// The link as it is drawn: twice where some requests go over it and others are kept from it.
    fn drawn(self, ends: (ModelId, ModelId), places: &BTreeMap<ModelId, usize>, scope: Scope) -> Vec<Link> {
        let (Some(&from), Some(&to)) = (places.get(&ends.0), places.get(&ends.1)) else { return Vec::new() };
        let sources: Vec<&str> = self.sources.iter().map(String::as_str).collect();
        let by = format!("by {}", sources.join(", "));
        let link = |state, label, hint: String| Link { from, to, state, label, hint };
        let mut drawn = Vec::new();
        if let Some(live) = self.live.finished() {
            let mut label = match (scope, live.count) {
                (Scope::One, 1) => live.what.to_vec(),
                (_, 1) => vec![live.use_case.clone()],
                (_, many) => vec![format!("{many} use cases")],
            };
            label.extend(live.triggers(scope));
            drawn.push(link(LinkState::Live, label, format!("{by}\nfor {}", live.text)));
        }
        if let Some(cut) = self.cut.finished() {
            let label = cut_label(&self.reasons, &cut, scope);
            drawn.push(link(LinkState::Cut, label, format!("{by}\n{}", cut.text)));
        }
        if drawn.is_empty() {
            let hint = format!("{by}\nreached by no request");
            drawn.push(link(LinkState::Idle, self.idle.into_iter().collect(), hint));
        }
        drawn
    }
}

/// The reasons, and whom they concern where several use cases are shown.
fn cut_label(reasons: &[String], cut: &All<Vec<Reason>>, scope: Scope) -> Vec<String> {
    let mut label: Vec<String> = reasons.iter().take(shown::CUT_REASONS).cloned().collect();
    if reasons.len() > shown::CUT_REASONS {
        label.push(format!("and {} more", reasons.len() - shown::CUT_REASONS));
    }
    if scope == Scope::All {
        label.push(match cut.count {
            1 => format!("for {}", cut.use_case),
            many => format!("for {many} use cases"),
        });
    }
    label.extend(cut.triggers(scope));
    label
}
