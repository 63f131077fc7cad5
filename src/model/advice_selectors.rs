//! What is said of names that stand for providers and models, and are none.

use super::build::Builder;
use super::reference::Unresolved;
use crate::diag::{Finding, Help, elsewhere, nearest};
use crate::syntax::tree::{Selector, SelectorKind};
use crate::syntax::words;
use crate::vocabulary::Hosting;

impl Builder {
    /// A selector of a `prefer`; of a name that nothing has it is said which order may be meant.
    pub(super) fn preferred(&mut self, written: &Selector, is_alone: bool) -> Option<super::Selector> {
        const ORDERS: [&str; 3] = ["cheapest", "fastest", "most-available"];
        self.selector_or(written, |name| {
            if ORDERS.contains(&name) {
                return Some(if is_alone {
                    format!("write `{name}`: an order stands without quotes").into()
                } else {
                    format!("leave it out of the list: an order is a clause of its own, `prefer {name}`")
                        .into()
                });
            }
            if let Some(help) = no_order(name) {
                return Some(help.into());
            }
            if ["best", "quality", "smartest", "top", "highest-quality", "premium"].contains(&name) {
                return Some("write `where model.tier == premium`".into());
            }
            if let Some(attribute) = of_models(name) {
                return Some(format!("write `where {attribute} == {name}`").into());
            }
            if let Some(order) = words::order_of(name) {
                return Some(format!("write `{order}`").into());
            }
            let near = nearest::nearest(name, ORDERS);
            let order = elsewhere::meant(name, &ORDERS).or_else(|| near.first().copied())?;
            Some(Help::near(&[order]))
        })
    }

    /// The targets of an `expect`; how it ends is no target.
    pub(super) fn targets(&mut self, written: &[Selector]) -> Option<Vec<super::Selector>> {
        if let [targets @ .., last] = written
            && !targets.is_empty()
            && let SelectorKind::Name { text, .. } = &last.kind
            && matches!(text.as_str(), "queue" | "degrade" | "block")
            && self.is_nobody(text)
        {
            let targets: Vec<String> = targets.iter().map(selected).collect();
            let help = format!(
                "how it ends stands behind `then`: write it as `{} then {text}`",
                targets.join(" -> ")
            );
            self.find(Finding::missing("provider or model", text, last.span).help(help));
            return None;
        }
        let resolved: Vec<_> =
            written.iter().map(|selector| self.expected(selector, written.len() == 1)).collect();
        resolved.into_iter().collect()
    }

    /// A selector of an `expect`; of a name that nothing has it is said what else may be meant.
    pub(super) fn expected(&mut self, written: &Selector, is_alone: bool) -> Option<super::Selector> {
        const ENDS: [&str; 3] = ["queue", "degrade", "block"];
        self.selector_or(written, |name| {
            match name {
                "none" | "nothing" | "null" | "nobody" | "empty" | "unroutable" | "unrouted" | "no-route"
                | "nowhere" | "unserved" => {
                    return Some(if is_alone { "write `unroutable`".into() } else { ENDS_BY_ITSELF.into() });
                }
                "success" | "pass" | "passes" | "ok" | "allow" | "allowed" | "any" | "all" | "some"
                | "cheapest" | "fastest" => {
                    return Some(
                        "name the model or provider that is expected, as in `primary PROVIDER`".into(),
                    );
                }
                "failover" | "fallback" | "failovers" => {
                    return Some("name the targets in their order, as in `PROVIDER -> PROVIDER`".into());
                }
                _ => {}
            }
            let end = ENDS.into_iter().find(|end| *end == name).or_else(|| elsewhere::meant(name, &ENDS));
            if let Some(end) = end {
                return Some(format!("write `terminal {end}`").into());
            }
            let near = nearest::nearest(name, ["unroutable"]);
            near.first().map(|word| Help::near(&[word]))
        })
    }

    /// The selector of an `expect primary`; that there is none is expected otherwise.
    pub(super) fn expected_primary(&mut self, written: &Selector) -> Option<super::Selector> {
        self.selector_or(written, |name| {
            let is_nobody = matches!(name, "none" | "nothing" | "null" | "nobody" | "unroutable");
            is_nobody.then(|| format!("in place of `primary {name}`, write it as `unroutable`").into())
        })
    }

    /// A selector in a chain; `chain none` is not the way to have no failover, and how it ends is no model.
    pub(super) fn linked(&mut self, written: &Selector) -> Option<super::Selector> {
        let SelectorKind::Name { text, .. } = &written.kind else { return self.selector(written) };
        if !self.is_nobody(text) {
            return self.selector(written);
        }
        let help = match text.as_str() {
            "none" | "nothing" | "null" | "no" => {
                "a statement without failover says `none` alone, without `chain`".to_owned()
            }
            "queue" | "degrade" | "block" => {
                format!("leave it out of the chain: how it ends is a clause of its own, `then {text}`")
            }
            "cheapest" | "fastest" | "most-available" => format!(
                "a chain names models: for the others in the order of the rules write `follow ranking` in place of the chain, with `prefer {text}` in a rule"
            ),
            // A chain has models only, so no provider is offered.
            _ => return self.model_reference(text, written.span).map(super::Selector::Model),
        };
        self.find(Finding::missing("provider or model", text, written.span).help(help));
        None
    }

    /// Whether neither a provider nor a model has a name.
    fn is_nobody(&self, name: &str) -> bool {
        !self.references.providers.contains_key(name)
            && matches!(self.references.model(name), Err(Unresolved::Nothing))
    }

    /// A selector, or a finding with help of its own where the name is nobody's.
    fn selector_or(
        &mut self,
        written: &Selector,
        help: impl Fn(&str) -> Option<Help>,
    ) -> Option<super::Selector> {
        let SelectorKind::Name { text, .. } = &written.kind else { return self.selector(written) };
        let nobody = self.is_nobody(text);
        match help(text).filter(|_| nobody) {
            Some(help) => {
                self.find(Finding::missing("provider or model", text, written.span).help(help));
                None
            }
            None => self.selector(written),
        }
    }

    /// A selector of an `on`; without the clause, everything is counted.
    pub(super) fn counted(&mut self, written: &Selector) -> Option<super::Selector> {
        const ALL: [&str; 5] = ["all", "any", "everything", "every", "providers"];
        self.selector_or(written, |name| {
            let help = "leave `on` out: without it, what goes to any model is counted";
            ALL.contains(&name).then(|| help.into())
        })
    }
}

/// What is said of a target that is none.
const ENDS_BY_ITSELF: &str = "leave it out: a chain ends with its last target, and `then block` behind it says what happens after that";

/// What is said of what other gateways have for an order, and of what orders nothing.
fn no_order(name: &str) -> Option<&'static str> {
    const SPREAD: [&str; 20] = [
        "round-robin",
        "round_robin",
        "roundrobin",
        "random",
        "shuffle",
        "simple-shuffle",
        "least-busy",
        "least_busy",
        "leastbusy",
        "least-connections",
        "weighted",
        "weights",
        "load-balance",
        "load-balanced",
        "load_balance",
        "loadbalance",
        "usage-based-routing",
        "usage-based",
        "sticky",
        "rotate",
    ];
    match name {
        _ if SPREAD.contains(&name) => Some(
            "requests are not spread: the same request goes to the same model each time. Write an order, `cheapest`, `fastest` or `most-available`, or name models",
        ),
        "newest" | "latest" | "largest" | "biggest" | "smallest" | "strongest" | "recent" => {
            Some("name the models that are meant, the first choice first, as in `prefer PROVIDER/MODEL`")
        }
        "any" | "all" | "none" | "nothing" | "default" | "auto" | "whatever" => {
            Some("leave this clause out: without it, the rule orders nothing")
        }
        _ => None,
    }
}

/// The attribute of models that has a name as its value.
fn of_models(name: &str) -> Option<&'static str> {
    match name {
        hosting if Hosting::parse(hosting).is_some() => Some("model.hosting"),
        "economy" | "standard" => Some("model.tier"),
        _ => None,
    }
}

/// A selector as a policy writes it.
fn selected(selector: &Selector) -> String {
    match &selector.kind {
        SelectorKind::Model { provider, name } => format!("{provider}/{name}"),
        SelectorKind::Name { text, .. } => text.clone(),
    }
}
