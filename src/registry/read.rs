//! YAML documents into a [`Registry`]: schema first, then prices, dates and sets.

use std::collections::HashMap;

use super::{Certification, Date, Dpa, Evidence, Facts, Model, Provider, RateLimits, Registry};
use crate::diag::fix::{Change, Fix};
use crate::diag::{Finding, code, day};
use crate::limits::MAX_HANDED_DOWN;
use crate::number::{self, Rational, grouped};
use crate::source::{Span, Spanned};
use crate::yaml::schema::{Schema, validate};
use crate::yaml::{Kind, Value};

mod price;

/// Reads all registry documents as one.
pub fn read(documents: &[Value]) -> (Registry, Vec<Finding>) {
    let mut reader = Reader::default();
    let mut registry = Registry::default();
    let mut seen: HashMap<String, Span> = HashMap::new();
    for document in documents {
        let broken = validate(Schema::Registry, document);
        if !broken.is_empty() {
            let more = beside(document, &broken);
            reader.findings.extend(broken);
            reader.findings.extend(more);
            continue;
        }
        let top = document.get("governance").unwrap_or(document);
        let wrapped = document.get("governance").and(document.get("providers"));
        for providers in top.get("providers").into_iter().chain(wrapped) {
            for (name, value) in providers.entries() {
                if let Some(&first) = seen.get(&name.value) {
                    let message = format!("the provider `{}` is defined twice", name.value);
                    reader.findings.push(
                        Finding::error(code::DUPLICATE_NAME, name.span, message)
                            .label("again here")
                            .related(first, "first here")
                            .help("move its models into one file: a provider is defined once"),
                    );
                    continue;
                }
                seen.insert(name.value.clone(), name.span);
                let provider = reader.provider(name, value);
                reader.findings.extend(handed_down(&provider));
                registry.providers.push(provider);
            }
        }
    }
    reader.findings.append(&mut reader.unpriced);
    (registry, reader.findings)
}

/// A provider that hands more down to its models than can be held.
fn handed_down(provider: &Provider) -> Option<Finding> {
    let Facts { regions, compliance, endpoint, evidence, profile, .. } = &provider.facts;
    let lists = regions.as_ref().map_or(0, |list| list.value.len())
        + compliance.as_ref().map_or(0, |list| list.value.len());
    let settings: usize = endpoint.iter().chain(profile).map(|(_, value)| parts(value)).sum();
    let evidence: usize = evidence.iter().map(|entry| 1 + entry.facts.len()).sum();
    let (each, many) = (lists + evidence + settings, |number: usize| grouped(&number.to_string()));
    let models = provider.models.len();
    (each.saturating_mul(models) > MAX_HANDED_DOWN).then(|| {
        let message = format!(
            "`{}` hands {} facts and settings down to each of its {} models: more than {} together",
            provider.name.value,
            many(each),
            many(models),
            many(MAX_HANDED_DOWN)
        );
        Finding::error(code::SCHEMA, provider.name.span, message)
            .help("state them once at fewer models, or put these models under providers of their own")
    })
}

/// How many values a value holds, itself counted.
fn parts(value: &Value) -> usize {
    let items = value.items().iter().map(parts).sum::<usize>();
    1 + items + value.entries().iter().map(|(_, value)| parts(value)).sum::<usize>()
}

/// What is wrong in a document beside what breaks its schema: all of it is told at once.
fn beside(document: &Value, broken: &[Finding]) -> Vec<Finding> {
    let mut reader = Reader::default();
    let top = document.get("governance").unwrap_or(document);
    for (name, value) in top.get("providers").map(Value::entries).unwrap_or_default() {
        reader.provider(name, value);
    }
    let told = |finding: &Finding| {
        let span = finding.primary.span;
        let overlaps = |other: Span| span.start < other.end && other.start < span.end;
        broken.iter().any(|known| overlaps(known.primary.span))
    };
    reader.findings.retain(|finding| !told(finding));
    reader.findings.append(&mut reader.unpriced);
    reader.findings
}

#[derive(Default)]
pub(super) struct Reader {
    pub(super) findings: Vec<Finding>,
    /// Models without any price: absent, so no finding of the schema speaks of the same.
    unpriced: Vec<Finding>,
}

impl Reader {
    fn find(&mut self, span: Span, message: impl Into<String>, help: &str) {
        self.findings.push(Finding::error(code::SCHEMA, span, message).help(help));
    }

    fn provider(&mut self, name: &Spanned<String>, value: &Value) -> Provider {
        let models = value.get("models").map(Value::items).unwrap_or_default();
        Provider {
            name: name.clone(),
            owner: text(value, "owner"),
            facts: self.facts(value),
            models: models.iter().filter_map(|model| self.model(model)).collect(),
        }
    }

    fn model(&mut self, value: &Value) -> Option<Model> {
        let facts = self.facts(value);
        let price = self.price(value);
        let latency = value.get("latency");
        let milliseconds = |key| {
            latency
                .and_then(|latency| latency.get(key))
                .and_then(|v| Some(Spanned::new(v.number()?.clone(), v.span)))
        };
        let lifecycle = value.get("lifecycle");
        let sunset = lifecycle.and_then(|lifecycle| self.date(lifecycle, "sunset"));
        Some(Model {
            span: value.span,
            name: text(value, "name")?,
            aliases: texts(value.get("aliases")),
            tier: text(value, "tier"),
            approved_use_cases: texts(value.get("approved_use_cases")),
            data_classification_max: text(value, "data_classification_max")?,
            price: price?,
            max_daily_spend_usd: decimal(value, "max_daily_spend_usd"),
            context_window: whole(value, "context_window"),
            capabilities: set(value, "capabilities"),
            latency_p50: milliseconds("p50_ms"),
            latency_p95: milliseconds("p95_ms"),
            lifecycle: lifecycle.and_then(|lifecycle| text(lifecycle, "status")),
            sunset,
            failover_to: value
                .get("failover_to")
                .map(|link| Spanned::new(link.text().map(str::to_owned), link.span)),
            facts,
        })
    }

    fn facts(&mut self, value: &Value) -> Facts {
        let map = |key: &str| value.get(key).map(Value::entries).unwrap_or_default().to_vec();
        let flag = |key: &str| {
            let value = value.get(key)?;
            match value.kind {
                Kind::Bool(flag) => Some(Spanned::new(flag, value.span)),
                _ => None,
            }
        };
        let evidence = value.get("evidence").map(Value::items).unwrap_or_default();
        let evidence = evidence.iter().map(|entry| self.evidence(entry)).collect();
        Facts {
            hosting: text(value, "hosting"),
            jurisdiction: text(value, "jurisdiction"),
            dpa: value.entry("dpa").and_then(|(key, dpa)| self.dpa(key.span, dpa)),
            regions: set(value, "regions"),
            region_selectable: flag("region_selectable"),
            failure_domain: text(value, "failure_domain"),
            compliance: value.get("compliance").map(|list| self.compliance(list)),
            data_retention: days(value, "data_retention"),
            trains_on_data: flag("trains_on_data"),
            availability: percent(value, "availability"),
            open_weights: flag("open_weights"),
            rate_limits: value.entry("rate_limits").map(|(key, limits)| {
                let minute = |key| whole(limits, key).map(|n| n.value);
                let limits_read = RateLimits {
                    requests_per_minute: minute("requests_per_minute"),
                    tokens_per_minute: minute("tokens_per_minute"),
                };
                Spanned::new(limits_read, key.span)
            }),
            endpoint: map("endpoint"),
            evidence,
            profile: map("profile"),
        }
    }

    /// An agreement stands where its key does, however it is laid out.
    fn dpa(&mut self, place: Span, value: &Value) -> Option<Spanned<Dpa>> {
        let renews = self.date(value, "renews");
        let document = value.get("document").and_then(Value::text).map(str::to_owned);
        Some(Spanned::new(Dpa { status: text(value, "status")?, document, renews }, place))
    }

    fn compliance(&mut self, list: &Value) -> Spanned<Vec<Certification>> {
        let mut entries: Vec<Certification> = Vec::new();
        let mut known: HashMap<String, Span> = HashMap::new();
        for item in list.items() {
            let name = item.spanned().or_else(|| text(item, "name"));
            let Some(name) = name else { continue };
            if let Some(&first) = known.get(&name.value) {
                self.findings.push(
                    Finding::error(
                        code::SCHEMA,
                        item.span,
                        format!("`{}` appears twice in `compliance`", name.value),
                    )
                    .label("again here")
                    .related(first, "first here")
                    .help("remove one of the two: a set holds each name once")
                    .fix(Fix::choice("remove it here", Change::Item(item.span))),
                );
                continue;
            }
            known.insert(name.value.clone(), item.span);
            let expires = self.date(item, "expires");
            let evidence = item.get("evidence").and_then(Value::text).map(str::to_owned);
            entries.push(Certification { name, span: item.span, expires, evidence });
        }
        Spanned::new(entries, list.span)
    }

    fn evidence(&mut self, value: &Value) -> Evidence {
        let read_on = self.date(value, "read_on").map(|date| date.value);
        Evidence {
            span: value.span,
            facts: texts(value.get("facts")),
            source: value.get("source").and_then(Value::text).map(str::to_owned),
            read_on,
            expires: self.date(value, "expires"),
        }
    }

    fn date(&mut self, value: &Value, key: &str) -> Option<Spanned<Date>> {
        let written = text(value, key)?;
        if let Ok(date) = written.value.parse::<Date>() {
            return Some(Spanned::new(date, written.span));
        }
        let message = format!("`{key}`: there is no day `{}`", written.value);
        self.find(written.span, message, &day::no_day(&written.value));
        None
    }
}

/// The text of a key.
pub(crate) fn text(value: &Value, key: &str) -> Option<Spanned<String>> {
    value.get(key).and_then(Value::spanned)
}

/// The texts of a list.
pub(crate) fn texts(list: Option<&Value>) -> Vec<Spanned<String>> {
    list.map(Value::items).unwrap_or_default().iter().filter_map(Value::spanned).collect()
}

/// The texts of a list under a key, if it is there.
fn set(value: &Value, key: &str) -> Option<Spanned<Vec<Spanned<String>>>> {
    let list = value.get(key)?;
    Some(Spanned::new(texts(Some(list)), list.span))
}

/// The exact number of a key.
pub(crate) fn decimal(value: &Value, key: &str) -> Option<Spanned<Rational>> {
    let value = value.get(key)?;
    Some(Spanned::new(value.number()?.clone(), value.span))
}

/// The whole number of a key.
pub(crate) fn whole(value: &Value, key: &str) -> Option<Spanned<u64>> {
    let value = value.get(key)?;
    Some(Spanned::new(number::to_whole(value.number()?)?, value.span))
}

/// `99.9%` as 99.9.
pub(crate) fn percent(value: &Value, key: &str) -> Option<Spanned<Rational>> {
    let written = text(value, key)?;
    let digits = written.value.strip_suffix('%')?.trim_end();
    Some(Spanned::new(number::parse_decimal(digits)?, written.span))
}

/// `zero-retention`, `30-days` or `custom-30-days` in days.
pub(crate) fn days(value: &Value, key: &str) -> Option<Spanned<u64>> {
    let written = text(value, key)?;
    let count = written.value.strip_prefix("custom-").unwrap_or(&written.value);
    let days = if count == "zero-retention" { 0 } else { count.strip_suffix("-days")?.parse().ok()? };
    Some(Spanned::new(days, written.span))
}
