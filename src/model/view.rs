//! What a model states together with its provider, on a day.

use super::registry::position;
use super::{Date, Ending, EndingKind, Moment};
use crate::registry::{self as written, Certification, Dpa, Evidence, Facts};
use crate::source::Spanned;

/// What a model states together with its provider.
pub(super) struct View<'a> {
    pub(super) moment: &'a Moment,
    /// The provider's name and the model's id.
    pub(super) owners: (&'a str, &'a str),
    pub(super) provider: &'a Facts,
    pub(super) model: &'a Facts,
}

impl<'a> View<'a> {
    /// The value that holds: the model's own, else the provider's; none where its evidence has expired.
    pub(super) fn stated<T>(&self, key: &str, field: impl Fn(&'a Facts) -> Option<&'a T>) -> Option<&'a T> {
        let own = field(self.model);
        let value = own.or_else(|| field(self.provider))?;
        let inherited: &[Evidence] = if own.is_none() { &self.provider.evidence } else { &[] };
        let of = |owner| move |evidence| (owner, evidence);
        let inherited = inherited.iter().map(of(self.owners.0));
        let all = inherited.chain(self.model.evidence.iter().map(of(self.owners.1)));
        let naming = all.filter(|(_, evidence)| names(evidence, key));
        let mut expiries = naming.map(|(owner, evidence)| self.expired(owner, evidence)).peekable();
        let all_expired = expiries.peek().is_some() && expiries.all(|expired| expired);
        if all_expired { None } else { Some(value) }
    }

    /// What is not stated is false; what expired evidence took away is unknown.
    pub(super) fn region_selectable(&self) -> Option<bool> {
        let written = self.model.region_selectable.as_ref().or(self.provider.region_selectable.as_ref());
        match written {
            None => Some(false),
            Some(_) => self
                .stated("region_selectable", |facts| facts.region_selectable.as_ref())
                .map(|flag| flag.value),
        }
    }

    pub(super) fn expired(&self, owner: &str, evidence: &Evidence) -> bool {
        self.moment.is_over(evidence.expires.as_ref().map(|day| day.value), owner, evidence.span)
    }

    /// Whether a certification of the list that holds is held.
    pub(super) fn holds(&self, entry: &Certification) -> bool {
        let owner = if self.model.compliance.is_some() { self.owners.1 } else { self.owners.0 };
        !self.moment.is_over(entry.expires.as_ref().map(|day| day.value), owner, entry.span)
    }

    /// The level of the agreement that holds.
    pub(super) fn dpa_level(&self, dpa: &Spanned<Dpa>) -> Option<usize> {
        let owner = if self.model.dpa.is_some() { self.owners.1 } else { self.owners.0 };
        let lapsed = self.moment.is_over(dpa.value.renews.as_ref().map(|day| day.value), owner, dpa.span);
        match position(&["none", "pending", "confirmed"], &dpa.value.status.value) {
            Some(2) if lapsed => Some(1),
            level => level,
        }
    }

    /// The last day of an agreement that was confirmed and no longer is.
    pub(super) fn dpa_lapsed(&self, dpa: &Spanned<Dpa>) -> Option<Date> {
        let is_lapsed = dpa.value.status.value == "confirmed" && self.dpa_level(dpa) == Some(1);
        dpa.value.renews.as_ref().filter(|_| is_lapsed).map(|day| day.value)
    }

    pub(super) fn retired(&self, model: &written::Model) -> bool {
        let stated = model.lifecycle.as_ref().is_some_and(|status| status.value == "retired");
        // The day before the first without it is its last.
        let over = |day: &Spanned<Date>| {
            day.value <= self.moment.day() || self.moment.is_over(None, self.owners.1, day.span)
        };
        stated || model.sunset.as_ref().is_some_and(over)
    }

    /// Evidence that has not expired.
    pub(super) fn evidence(&self) -> Vec<(String, Option<Date>)> {
        let of = |owner| move |evidence| (owner, evidence);
        let all = self.provider.evidence.iter().map(of(self.owners.0));
        let all = all.chain(self.model.evidence.iter().map(of(self.owners.1)));
        let believed = all.filter(|(owner, evidence)| !self.expired(owner, evidence)).map(|(_, evidence)| {
            let facts: Vec<&str> = evidence.facts.iter().map(|fact| fact.value.as_str()).collect();
            let source = evidence.source.as_deref().unwrap_or("evidence");
            let last = evidence.expires.as_ref().map(|date| date.value);
            (format!("{source} (for {})", facts.join(", ")), last)
        });
        believed.collect()
    }

    /// Everything attached to the model that has a last day, on or after the as-of date.
    pub(super) fn endings(&self, model: &written::Model, retired: bool) -> Vec<Ending> {
        let mut endings = Vec::new();
        let mut add = |kind, name: &str, last_day: Date, span, is_inherited| {
            if last_day >= self.moment.day() {
                endings.push(Ending { kind, name: name.to_owned(), last_day, span, is_inherited });
            }
        };
        // What is unknown because its evidence has expired is held by nobody, so it cannot end.
        if let Some(list) = self.stated("compliance", |facts| facts.compliance.as_ref()) {
            for entry in &list.value {
                if let Some(date) = &entry.expires {
                    let is_inherited = self.model.compliance.is_none();
                    add(EndingKind::Certification, &entry.name.value, date.value, entry.span, is_inherited);
                }
            }
        }
        if let Some(dpa) = self.stated("dpa", |facts| facts.dpa.as_ref())
            && dpa.value.status.value == "confirmed"
            && let Some(date) = &dpa.value.renews
        {
            let document = dpa.value.document.as_deref().unwrap_or("");
            add(EndingKind::Dpa, document, date.value, dpa.span, self.model.dpa.is_none());
        }
        let inherited = self.provider.evidence.iter().map(|evidence| (evidence, true));
        for (evidence, is_inherited) in inherited.chain(self.model.evidence.iter().map(|own| (own, false))) {
            if let Some(date) = &evidence.expires {
                let source = evidence.source.as_deref().unwrap_or("");
                add(EndingKind::Evidence, source, date.value, evidence.span, is_inherited);
            }
        }
        if let Some(sunset) = &model.sunset
            && !retired
            && let Ok(last) = sunset.value.yesterday()
        {
            add(EndingKind::Model, &model.name.value, last, sunset.span, false);
        }
        endings
    }
}

fn names(evidence: &Evidence, key: &str) -> bool {
    evidence.facts.iter().any(|fact| fact.value == key)
}

/// Certifications and evidence that have passed their date.
pub(super) fn stale(facts: &Facts, as_of: Date) -> Vec<Ending> {
    let certifications = facts.compliance.iter().flat_map(|list| &list.value).filter_map(|entry| {
        let date = entry.expires.as_ref()?.value;
        Some(Ending {
            kind: EndingKind::Certification,
            name: entry.name.value.clone(),
            last_day: date,
            is_inherited: false,
            span: entry.span,
        })
    });
    let evidence = facts.evidence.iter().filter_map(|entry| {
        let date = entry.expires.as_ref()?.value;
        let name = entry.source.clone().unwrap_or_default();
        Some(Ending {
            kind: EndingKind::Evidence,
            name,
            last_day: date,
            is_inherited: false,
            span: entry.span,
        })
    });
    certifications.chain(evidence).filter(|ending| ending.last_day < as_of).collect()
}
