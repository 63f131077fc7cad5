//! What a model states together with its provider, on a day.

use super::{Date, Ending, EndingKind, Lapsed, Moment};
use crate::registry::{self as written, Certification, Dpa, Evidence, Facts};
use crate::source::Spanned;
use crate::vocabulary::DpaStatus;

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
        if self.all_expired(key, own.is_some()).is_some() { None } else { Some(value) }
    }

    /// The evidence for a fact, if all of it has expired: each with its last day.
    fn all_expired(&self, key: &str, is_own: bool) -> Option<Vec<Option<Date>>> {
        let inherited: &[Evidence] = if is_own { &[] } else { &self.provider.evidence };
        let of = |owner| move |evidence| (owner, evidence);
        let inherited = inherited.iter().map(of(self.owners.0));
        let all = inherited.chain(self.model.evidence.iter().map(of(self.owners.1)));
        let mut days = Vec::new();
        for (owner, evidence) in all.filter(|(_, evidence)| names(evidence, key)) {
            if !self.expired(owner, evidence) {
                return None;
            }
            days.push(evidence.expires.as_ref().map(|day| day.value));
        }
        (!days.is_empty()).then_some(days)
    }

    /// What is stated and no longer counts, of what keeps models out.
    pub(super) fn lapsed(&self) -> Vec<Lapsed> {
        let mut lapsed = Vec::new();
        let by_evidence = |fact: &'static str, is_stated: fn(&Facts) -> bool| {
            let is_own = is_stated(self.model);
            let days = (is_own || is_stated(self.provider)).then(|| self.all_expired(fact, is_own))??;
            let last_day = days.into_iter().flatten().max()?;
            Some(Lapsed { fact, certification: None, is_by_evidence: true, last_day })
        };
        lapsed.extend(by_evidence("regions", |facts| facts.regions.is_some()));
        lapsed.extend(by_evidence("data_retention", |facts| facts.data_retention.is_some()));
        let whole = by_evidence("compliance", |facts| facts.compliance.is_some());
        let list = self.model.compliance.as_ref().or(self.provider.compliance.as_ref());
        for entry in list.into_iter().flat_map(|list| &list.value) {
            let certification = Some(entry.name.value.clone());
            let own_day = entry.expires.as_ref().map(|day| day.value).filter(|_| !self.holds(entry));
            match (&whole, own_day) {
                (Some(whole), _) => lapsed.push(Lapsed { certification, ..whole.clone() }),
                (None, Some(last_day)) => {
                    let fact = "compliance";
                    lapsed.push(Lapsed { fact, certification, is_by_evidence: false, last_day });
                }
                (None, None) => {}
            }
        }
        lapsed
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

    /// The agreement that holds.
    pub(super) fn dpa_status(&self, dpa: &Spanned<Dpa>) -> Option<DpaStatus> {
        let owner = if self.model.dpa.is_some() { self.owners.1 } else { self.owners.0 };
        let lapsed = self.moment.is_over(dpa.value.renews.as_ref().map(|day| day.value), owner, dpa.span);
        match DpaStatus::parse(&dpa.value.status.value) {
            Some(DpaStatus::Confirmed) if lapsed => Some(DpaStatus::Pending),
            status => status,
        }
    }

    /// The last day of an agreement that was confirmed and no longer is.
    pub(super) fn dpa_lapsed(&self, dpa: &Spanned<Dpa>) -> Option<Date> {
        let is_confirmed = dpa.value.status.value == DpaStatus::Confirmed.name();
        let is_lapsed = is_confirmed && self.dpa_status(dpa) == Some(DpaStatus::Pending);
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
