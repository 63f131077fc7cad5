//! A name alone where a condition should stand: what it is a value of, and what it cannot promise.

use super::VocabularyKind;
use super::build::Builder;
use super::spent::used_up;
use super::typing::Place;
use super::typing::sets::Aim;
use super::words::written;
use crate::diag::Finding;
use crate::source::Span;
use crate::vocabulary::{Criticality, Hosting, ModelTier, Risk, Workload};

impl Builder {
    /// Reports a name that says a whole condition, `data.health`; whether it is one.
    pub(super) fn is_condition(&mut self, name: &str, not: bool, span: Span, place: Place) -> bool {
        let meant = used_up(name, place)
            .or_else(|| self.element(name, place))
            .or_else(|| self.has_itself(name, place));
        let not = if not { "not " } else { "" };
        let help = if let Some(condition) = meant {
            format!("write `{not}{condition}`")
        } else {
            let all = self.of_values(name, place);
            if all.is_empty() {
                return false;
            }
            let all: Vec<String> = all.iter().map(|condition| format!("{not}{condition}")).collect();
            self.promise_of(name, &all, place)
        };
        self.find(Finding::missing("attribute or fact", name, span).help(help));
        true
    }

    /// What to write for a name that stands for one of some conditions. What is promised of models is not said with what a
    /// request is like: beside a `when` of the same it would promise nothing.
    pub(super) fn promise_of(&self, name: &str, conditions: &[String], place: Place) -> String {
        let is_promise = place == Place::Chain || self.aim != Aim::Ask;
        let is_of_model = |condition: &&String| condition.trim_start_matches("not ").starts_with("model.");
        let of_models: Vec<&String> = conditions.iter().filter(is_of_model).collect();
        let is_place = of_models.iter().any(|condition| condition.starts_with("model.regions has "));
        if is_promise && is_place {
            let name = written(name);
            return match (place, self.aim) {
                (Place::Candidate, Aim::Require) => format!(
                    "a rule narrows where requests are processed with a clause of its own, `process in {name}`"
                ),
                _ => format!("write `model.regions has {name}`"),
            };
        }
        let Some(first) = conditions.first() else { return String::new() };
        if is_promise && of_models.is_empty() {
            let asks = if place == Place::Chain { "for" } else { "when" };
            return format!(
                "that is what a request is like: ask for it in `{asks}`, as in `{asks} {first}`, and promise what a model is like"
            );
        }
        match conditions.get(1) {
            None => format!("write `{first}`"),
            Some(other) => format!("write `{first}`, or `{other}` where that is meant"),
        }
    }

    /// `tools`, `soc2`, `zero-retention`: what a model has, where nothing lists all that there are.
    fn has_itself(&self, name: &str, place: Place) -> Option<String> {
        const USUAL: [(VocabularyKind, &str, &[&str]); 2] = [
            (
                VocabularyKind::Capabilities,
                "model.capabilities",
                &["tools", "vision", "json-schema", "embeddings"],
            ),
            (
                VocabularyKind::Compliance,
                "model.compliance",
                &["soc2", "gdpr", "hipaa", "iso27001", "pci", "ccpa", "fedramp"],
            ),
        ];
        if !place.knows_models() || self.fact_ids.contains_key(name) {
            return None;
        }
        let bare = name.replace('_', "-");
        if matches!(bare.as_str(), "zero-retention" | "zdr" | "zero-data-retention" | "no-retention") {
            return Some("model.retention == 0 days".to_owned());
        }
        let has = USUAL.iter().find(|(kind, _, usual)| {
            let is_open = self.vocabularies.get(kind).is_none_or(|known| known.closed.is_none());
            let is_known = *kind == VocabularyKind::Capabilities && self.names_of(*kind).contains(&bare);
            is_known || (is_open && usual.contains(&bare.as_str()))
        });
        has.map(|(_, set, _)| format!("{set} has {}", written(&bare)))
    }

    /// The comparisons with a name that is a value of an attribute or a fact: `workload == batch` for `batch`.
    fn of_values(&self, name: &str, place: Place) -> Vec<String> {
        const VALUES: [(&[&str], &str); 7] = [
            (Hosting::NAMES, "model.hosting"),
            (ModelTier::NAMES, "model.tier"),
            (&["preview", "deprecated", "retired"], "model.lifecycle"),
            (&["confirmed", "pending"], "model.dpa"),
            (Workload::NAMES, "workload"),
            (Risk::NAMES, "risk"),
            (Criticality::NAMES, "criticality"),
        ];
        if self.attribute_of(name).is_some() || self.use_case_ids.contains_key(name) {
            return Vec::new();
        }
        // `model.self_hosted`
        let of_model = name.strip_prefix("model.").map(|bare| bare.replace('_', "-"));
        let name = match of_model.as_deref() {
            Some("selfhosted" | "on-prem" | "on-premises" | "onprem") => "self-hosted",
            Some(bare) => bare,
            None => name,
        };
        let allows = |attribute: &str| self.attribute_of(attribute).is_some_and(|known| place.allows(known));
        let own = VALUES.iter().filter(|(values, attribute)| {
            let fits = of_model.is_none() || attribute.starts_with("model.");
            values.contains(&name) && fits && allows(attribute)
        });
        let own = own.map(|(_, attribute)| format!("{attribute} == {name}"));
        let facts = self.facts.iter().filter(|_| of_model.is_none());
        let facts = facts.filter(|fact| fact.values.iter().any(|value| value == name));
        let facts = facts.map(|fact| format!("{} == {}", written(&fact.name), written(name)));
        let facts: Vec<String> = facts.collect();
        // A fact hides nothing else that has the name.
        let other =
            if facts.is_empty() || of_model.is_some() { None } else { self.compared_with(name, place) };
        let mut all: Vec<String> = own.chain(other).chain(facts).collect();
        all.truncate(2);
        all
    }

    /// The comparison with a name of something.
    pub(super) fn compared_with(&self, name: &str, place: Place) -> Option<String> {
        let in_list = |kind: VocabularyKind| self.names_of(kind).iter().any(|known| known == name);
        let model = place == Place::Candidate || place == Place::Chain;
        Some(if self.references.providers.contains_key(name) && model {
            format!("model.provider == {name}")
        } else if model && let Some(tested) = self.tested_model(name) {
            tested
        } else if self.use_case_ids.contains_key(name) {
            format!("use_case == {name}")
        } else if self.classifications.iter().any(|level| level == name) {
            format!("classification == {name}")
        } else if in_list(VocabularyKind::Data) {
            format!("data has {name}")
        } else if in_list(VocabularyKind::Teams) {
            format!("team == {name}")
        } else if in_list(VocabularyKind::Compliance) {
            format!("{}compliance has {name}", if model { "model." } else { "" })
        } else if in_list(VocabularyKind::Regions) {
            if model { format!("model.regions has {name}") } else { format!("residency has {name}") }
        } else {
            return None;
        })
    }
}
