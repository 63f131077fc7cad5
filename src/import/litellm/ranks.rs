//! In which order the deployments of a name stand.

use super::deployments::Group;
use super::group::Walk;
use super::{ENVIRONMENT, stated};
use crate::import::{Notes, text};
use crate::number::{self, Rational};
use crate::yaml::Value;

/// `order`, lowest first, then `weight`, highest first.
pub(super) type Rank = (Order, Rational);

/// An `order`; those without one come last.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Order {
    Stated(Rational),
    None,
}

/// Where a deployment stands; `order` counts among the parameters before `model_info`.
pub(super) fn rank(entry: &Value, params: &Value, notes: &mut Notes) -> Rank {
    let info = entry.get("model_info").and_then(|info| info.get("order"));
    let order = params.get("order").or(info).and_then(|value| place(value, "order", notes));
    let weight = params.get("weight").and_then(|value| place(value, "weight", notes));
    (order.map_or(Order::None, Order::Stated), -weight.unwrap_or_else(|| number::whole(1)))
}

fn place(value: &Value, key: &str, notes: &mut Notes) -> Option<Rational> {
    let found = stated::plain(value);
    let Some(written) = value.text() else {
        if found.is_none() {
            notes.left(
                value.span,
                format!("`{key}`: `{}` is not a number", text::comment(&text::flow(value))),
            );
        }
        return found;
    };
    let shown = text::comment(written);
    if let Some(variable) = written.strip_prefix(ENVIRONMENT) {
        let variable = text::comment(variable);
        notes.state(value.span, format!("what `{key}` is: the environment variable `{variable}` holds it"));
    } else if found.is_none() {
        notes.left(value.span, format!("`{key}`: `{shown}` is not a number, so it does not count here"));
    } else if key == "order" {
        notes.read(value.span, format!("`{key}`, `{shown}`, as the number that it says: LiteLLM compares texts letter by letter, and fails where others are numbers"));
    }
    found
}

/// Where a name has a second deployment at an endpoint: `before` is what the first ones have, with their `num_retries`.
pub(super) fn again(
    name: &str,
    params: &Value,
    before: Option<(&mut Rank, Option<u64>)>,
    (rank, retries): (Rank, Option<u64>),
    notes: &mut Notes,
) {
    let Some((known, first)) = before else { return };
    let shown = text::comment(name);
    let span = |key: &str| params.get(key).map_or(params.span, |value| value.span);
    if first != retries {
        let said = |number: Option<u64>| {
            number.map_or("no `num_retries`".to_owned(), |number| format!("`num_retries: {number}`"))
        };
        notes.left(
            span("num_retries"),
            format!("{} of another deployment of `{shown}` at one endpoint: the first one has {}, which counts here", said(retries), said(first)),
        );
    }
    if known.0 != rank.0 {
        let said = |order: &Order| match order {
            Order::Stated(order) => format!("`order: {}`", number::exact(order)),
            Order::None => "no `order`".to_owned(),
        };
        let (lowest, other) = if rank.0 < known.0 { (&rank, &*known) } else { (&*known, &rank) };
        let why = if other.0 == Order::None {
            "LiteLLM never asks the one without"
        } else {
            "LiteLLM asks it again there, and here it stands once"
        };
        notes.left(
            span("order"),
            format!("{} of one of the deployments of `{shown}` at one endpoint: another has {}, which counts here; {why}", said(&other.0), said(&lowest.0)),
        );
        if rank.0 < known.0 {
            *known = rank;
        }
    } else if params.get("weight").is_some() || known.1 != -number::whole(1) {
        let (one, other) = (-known.1.clone(), -rank.1);
        let (shown_one, shown_other) = (number::exact(&one), number::exact(&other));
        let sum = one + other;
        notes.read(
            span("weight"),
            format!("`weight` of deployments of `{shown}` at one endpoint, {shown_one} and {shown_other}, together, as {}", number::exact(&sum)),
        );
        known.1 = -sum;
    }
}

pub(super) fn ordered(mut group: Group, ranks: &[Rank], notes: &mut Notes) -> Group {
    let mut order: Vec<usize> = (0..group.serves.len()).collect();
    order.sort_by(|a, b| ranks.get(*a).cmp(&ranks.get(*b)));
    let is_spread = ranks.iter().any(|rank| ranks.iter().filter(|other| rank.0 == other.0).count() > 1);
    if is_spread && ranks.len() > 1 {
        let shown = text::comment(&group.name);
        group
            .comments
            .push("LiteLLM spreads it over several deployments; here they have an order".to_owned());
        notes.read(group.span, format!("`{shown}` has {} deployments over which LiteLLM spreads requests: here they stand in an order, by `order`, `weight` and line", ranks.len()));
    }
    never_asked(&group, ranks, notes);
    let stated = |at: usize| match &ranks.get(at)?.0 {
        Order::Stated(order) => Some(order.clone()),
        Order::None => None,
    };
    let walked = order.iter().filter_map(|at| Some((group.serves.get(*at).copied()?, stated(*at))));
    group.walk = Walk::new(walked.collect::<Vec<_>>(), std::mem::take(&mut group.retries));
    group.serves = order.into_iter().filter_map(|at| group.serves.get(at).copied()).collect();
    group
}

/// Says which deployments the proxy never asks: those without an `order` beside others that have one.
fn never_asked(group: &Group, ranks: &[Rank], notes: &mut Notes) {
    let without = ranks.iter().filter(|(order, _)| *order == Order::None).count();
    if without == 0 || without == ranks.len() {
        return;
    }
    let shown = text::comment(&group.name);
    let which = if without == 1 {
        "its deployment without `order`".to_owned()
    } else {
        format!("its {without} deployments without `order`")
    };
    notes.read(group.span, format!("`{shown}`: LiteLLM never asks {which}, since others have one: no failover leads there, and here they stand last; state an `order`, or take them out"));
}
