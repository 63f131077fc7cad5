//! The entries of the registry that have a last day.

use super::build::Builder;
use super::moment::Expiry;
use super::{Date, EndingKind, ModelId};
use crate::registry::{self as written, Facts};
use crate::source::Span;

/// A model as written, with its index and its id.
pub(super) type Indexed<'a> = (ModelId, &'a str, &'a written::Model);

impl Builder {
    /// The entries of a provider and of its models that end on some day on or after the world's; what all models
    /// replace is no entry.
    pub(super) fn expiries(&self, provider: &written::Provider, models: &[Indexed]) -> Vec<Expiry> {
        let mut found = Vec::new();
        let name = provider.name.value.as_str();
        let inheriting = |replaces: fn(&Facts) -> bool| -> Vec<ModelId> {
            models.iter().filter(|(.., model)| !replaces(&model.facts)).map(|(id, ..)| *id).collect()
        };
        let all = inheriting(|_| false);
        let certified = inheriting(|facts| facts.compliance.is_some());
        let agreed = inheriting(|facts| facts.dpa.is_some());
        self.of_facts(&provider.facts, name, [&certified, &agreed, &all], &mut found);
        for (index, id, model) in models {
            let own = &vec![*index];
            self.of_facts(&model.facts, id, [own, own, own], &mut found);
            let stated = model.lifecycle.as_ref().is_some_and(|status| status.value == "retired");
            if let Some(sunset) = model.sunset.as_ref().filter(|_| !stated)
                && let Ok(last) = sunset.value.yesterday()
            {
                let (span, place) = (sunset.span, model.name.span);
                let entry = Entry { kind: EndingKind::Model, name: "", span, place };
                self.expiry(&entry, id, Some(last), own, &mut found);
            }
        }
        found
    }

    /// The entries of one set of facts, with the models that hold its certifications, its agreement and its evidence.
    fn of_facts(&self, facts: &Facts, owner: &str, models: [&Vec<ModelId>; 3], found: &mut Vec<Expiry>) {
        let [certified, agreed, all] = models;
        for one in facts.compliance.iter().flat_map(|list| &list.value).filter(|_| !certified.is_empty()) {
            let entry = Entry {
                kind: EndingKind::Certification,
                name: &one.name.value,
                span: one.span,
                place: one.span,
            };
            self.expiry(&entry, owner, one.expires.as_ref().map(|day| day.value), certified, found);
        }
        if let Some(dpa) = facts.dpa.as_ref().filter(|_| !agreed.is_empty())
            && dpa.value.status.value == "confirmed"
        {
            let entry = Entry { kind: EndingKind::Dpa, name: "", span: dpa.span, place: dpa.span };
            self.expiry(&entry, owner, dpa.value.renews.as_ref().map(|day| day.value), agreed, found);
        }
        for one in &facts.evidence {
            let entry = Entry { kind: EndingKind::Evidence, name: "", span: one.span, place: one.span };
            self.expiry(&entry, owner, one.expires.as_ref().map(|day| day.value), all, found);
        }
    }

    fn expiry(
        &self,
        entry: &Entry,
        owner: &str,
        last_day: Option<Date>,
        models: &[ModelId],
        found: &mut Vec<Expiry>,
    ) {
        let Some(last_day) = last_day.filter(|last| *last >= self.moment.day()) else { return };
        let &Entry { kind, name, span, place } = entry;
        let (name, owner, models) = (name.to_owned(), owner.to_owned(), models.to_vec());
        found.push(Expiry { kind, name, owner, last_day, models, span, place });
    }
}

/// An entry as it stands.
struct Entry<'a> {
    kind: EndingKind,
    name: &'a str,
    span: Span,
    place: Span,
}
