//! References to providers and models: by id, bare name or alias.

use std::collections::{BTreeMap, HashMap};

use super::build::Builder;
use super::{Down, ModelId, ProviderId, Selector};
use crate::diag::{Finding, Help, among, code, nearest};
use crate::limits::shown;
use crate::source::Span;
use crate::syntax::tree::{self, SelectorKind};

/// Everything that a reference can name.
#[derive(Debug, Default)]
pub(super) struct References {
    pub(super) providers: BTreeMap<String, ProviderId>,
    pub(super) ids: BTreeMap<String, ModelId>,
    /// Per model its id.
    pub(super) names: Vec<String>,
    pub(super) bare: BTreeMap<String, Vec<ModelId>>,
    pub(super) aliases: BTreeMap<String, ModelId>,
    /// `provider/alias`.
    pub(super) full_aliases: HashMap<String, ModelId>,
}

/// What else than a model a reference could have named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Or {
    Nothing,
    Provider,
    /// A provider or a failure domain.
    Domain,
}

/// Why a reference names no model.
pub(super) enum Unresolved {
    /// Several models have the bare name.
    Several(Vec<ModelId>),
    /// Nothing has it.
    Nothing,
}

impl References {
    /// The model of a reference.
    pub(super) fn model(&self, text: &str) -> Result<ModelId, Unresolved> {
        if let Some(&id) = self.ids.get(text).or_else(|| self.full_aliases.get(text)) {
            return Ok(id);
        }
        match self.bare.get(text).map(Vec::as_slice) {
            Some([one]) => return Ok(*one),
            Some(several) if !several.is_empty() => return Err(Unresolved::Several(several.to_vec())),
            _ => {}
        }
        self.aliases.get(text).copied().ok_or(Unresolved::Nothing)
    }

    fn all(&self) -> Vec<&str> {
        let names = self.ids.keys().chain(self.bare.keys()).chain(self.aliases.keys());
        names.map(String::as_str).collect()
    }

    /// The same names, of a bare one that several providers have each of its ids: alone it names no model.
    fn whole<'n>(&'n self, names: &[&'n str]) -> Vec<&'n str> {
        let mut all: Vec<&str> = Vec::new();
        for name in names {
            let models = self.bare.get(*name).filter(|models| models.len() > 1);
            let is_other = self.providers.contains_key(*name);
            let Some(models) = models.filter(|_| !is_other) else {
                all.push(name);
                continue;
            };
            let ids = models.iter().filter_map(|id| self.names.get(id.position()));
            all.extend(ids.map(String::as_str));
        }
        let mut seen: Vec<&str> = Vec::new();
        for name in all {
            if !seen.contains(&name) && seen.len() < shown::WHOLE_IDS {
                seen.push(name);
            }
        }
        seen
    }
}

impl Builder {
    /// The model of a reference, or a finding.
    pub(super) fn model_reference(&mut self, text: &str, span: Span) -> Option<ModelId> {
        match self.references.model(text) {
            Ok(id) => Some(id),
            Err(unresolved) => {
                self.unresolved(text, span, &unresolved, Or::Nothing);
                None
            }
        }
    }

    fn unresolved(&mut self, text: &str, span: Span, why: &Unresolved, or: Or) {
        if self.is_full(span.file) {
            return;
        }
        let what = match or {
            Or::Nothing => "model",
            Or::Provider => "provider or model",
            Or::Domain => "provider, failure domain or model",
        };
        let finding = match why {
            Unresolved::Several(models) => {
                let ids = self.references.ids.iter().filter(|(_, id)| models.contains(id));
                let ids: Vec<&str> = ids.map(|(name, _)| name.as_str()).collect();
                Finding::error(code::UNKNOWN_NAME, span, format!("several providers have a model `{text}`"))
                    .label("which one is meant?")
                    .help(format!("write the provider too: {}", nearest::either(&ids)))
            }
            Unresolved::Nothing => {
                // The widest kind first: whoever writes a part of a provider's name means the provider.
                let mut candidates: Vec<&str> = Vec::new();
                if or != Or::Nothing {
                    candidates.extend(self.references.providers.keys().map(String::as_str));
                }
                if or == Or::Domain {
                    candidates.extend(self.failure_domains.iter().map(String::as_str));
                }
                let others = candidates.clone();
                candidates.extend(self.references.all());
                let near = self.effort.nearest(text, &candidates);
                let near = self.references.whole(&near);
                let provider = text.split('/').next().unwrap_or_default();
                let help = if or == Or::Nothing
                    && ["none", "no", "never", "nothing", "null", "~"].contains(&text)
                {
                    "write `null`, without quotes, where it fails over to nothing".into()
                } else if !near.is_empty() {
                    Help::near(&near)
                } else if among::is_next(text) {
                    "in place of the whole chain, write it as `follow ranking`: it goes through all that may serve, the cheapest first without a `prefer`".into()
                } else if self.references.providers.contains_key(text) {
                    format!("`{text}` is a provider: name one of its models, as in `{text}/…`").into()
                } else if self.references.providers.contains_key(provider) {
                    let prefix = format!("{provider}/");
                    let of: Vec<&str> = self.references.ids.keys().map(String::as_str).collect();
                    let of: Vec<&str> = of.into_iter().filter(|name| name.starts_with(&prefix)).collect();
                    self.effort.help(text, &format!("model of `{provider}`"), &of)
                } else {
                    let ids = self.references.ids.keys().map(String::as_str);
                    self.effort.help(text, what, &others.into_iter().chain(ids).collect::<Vec<_>>())
                };
                Finding::missing(what, text, span).help(help)
            }
        };
        self.find(finding);
    }

    /// A selector: a provider, or where no provider has the name a model.
    pub(super) fn selector(&mut self, written: &tree::Selector) -> Option<Selector> {
        let text = match &written.kind {
            SelectorKind::Model { provider, name } => format!("{provider}/{name}"),
            SelectorKind::Name { text, .. } => text.clone(),
        };
        if matches!(written.kind, SelectorKind::Name { .. })
            && let Some(&provider) = self.references.providers.get(&text)
        {
            return Some(Selector::Provider(provider));
        }
        match self.references.model(&text) {
            Ok(id) => Some(Selector::Model(id)),
            Err(unresolved) => {
                self.unresolved(&text, written.span, &unresolved, Or::Provider);
                None
            }
        }
    }

    /// What is down: a provider or a failure domain, or where neither has the name a model.
    pub(super) fn down(&mut self, written: &tree::Selector) -> Option<Down> {
        let text = match &written.kind {
            SelectorKind::Model { provider, name } => format!("{provider}/{name}"),
            SelectorKind::Name { text, .. } => text.clone(),
        };
        self.down_named(&text, written.span)
    }

    /// The same for a name of the estate.
    pub(super) fn down_named(&mut self, text: &str, span: Span) -> Option<Down> {
        if self.references.providers.contains_key(text) || self.failure_domains.contains(text) {
            return Some(Down::Named(self.names.intern(text)));
        }
        match self.references.model(text) {
            Ok(id) => Some(Down::Model(id)),
            Err(unresolved) => {
                self.unresolved(text, span, &unresolved, Or::Domain);
                None
            }
        }
    }

    /// A selector that must name a model.
    pub(super) fn model_selector(&mut self, written: &tree::Selector) -> Option<ModelId> {
        // What a chain cannot hold is not offered for it.
        if let SelectorKind::Model { provider, name } = &written.kind {
            return self.model_reference(&format!("{provider}/{name}"), written.span);
        }
        match self.linked(written)? {
            Selector::Model(id) => Some(id),
            Selector::Provider(provider) => {
                let name = self.references.providers.iter().find(|(_, id)| **id == provider);
                let name = name.map(|(name, _)| name.clone()).unwrap_or_default();
                let prefix = format!("{name}/");
                let models: Vec<&str> = self
                    .references
                    .ids
                    .keys()
                    .map(String::as_str)
                    .filter(|id| id.starts_with(&prefix))
                    .collect();
                let models: Vec<&str> = models.into_iter().take(4).collect();
                let message = format!("a chain links models, and `{name}` is a provider");
                let mut finding =
                    Finding::error(code::TYPE_MISMATCH, written.span, message).label("a provider");
                if !models.is_empty() {
                    finding = finding.help(format!("name the model: {}", nearest::either(&models)));
                }
                self.find(finding);
                None
            }
        }
    }
}
