//! A registry held against catalogues: what differs, what they do not agree on, what they do not know.

use std::collections::BTreeSet;

use super::agree::{Agreed, agree, capabilities};
use super::facts::{Fact, Model, PRICE_KEYS, Unit, models, of_unit};
use super::{Catalogue, Entry};
use crate::source::Span;
use crate::yaml::edit::{Edit, is_flow};
use crate::yaml::{Kind, Value};

/// Keys behind which a new one stands.
fn behind() -> Vec<String> {
    ["data_classification_max"].into_iter().chain(PRICE_KEYS).map(str::to_owned).collect()
}

/// A fact that a registry states otherwise, or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// `provider/name`.
    pub model: String,
    /// Which fact; none for capabilities.
    pub fact: Option<Fact>,
    /// The key, as `lifecycle.sunset`.
    pub key: String,
    /// What stands there, as written; none where nothing does.
    pub old: Option<String>,
    /// What the catalogue says, in the registry's unit.
    pub new: String,
    /// The value, or the model's name where there is none.
    pub span: Span,
    /// The name of the catalogue that says so.
    pub source: String,
    /// Catalogues that list the model without it, where no other one states it.
    pub silent: Vec<String>,
}

/// A fact on which catalogues do not agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disagreement {
    /// `provider/name`.
    pub model: String,
    /// The key of the registry under which it stands.
    pub key: String,
    /// What each says, by its name, in the registry's unit.
    pub said: Vec<(String, String)>,
    /// The one that was preferred, if any was.
    pub taken: Option<String>,
    /// The model's name.
    pub span: Span,
    /// The fact that is held against catalogues.
    pub fact: Fact,
    /// What the registry states, where no catalogue says that.
    pub against: Option<(String, Span)>,
}

/// What was found in one document.
#[derive(Debug, Default)]
pub struct Refreshed {
    /// In the order of the document.
    pub changes: Vec<Change>,
    /// In the order of the document.
    pub disagreements: Vec<Disagreement>,
    /// Models that no catalogue lists.
    pub unknown: Vec<(String, Span)>,
    /// Models whose price cannot be compared, and why.
    pub refused: Vec<(String, Span, String)>,
    /// Models at an address that is not known to be that of the vendor whose prices are listed, and which.
    pub elsewhere: Vec<(String, Span, String)>,
    /// What stays as it stands, since a comment silences what catalogues say otherwise, and what they say.
    pub kept: Vec<(String, Span, String)>,
    /// What makes the changes in the text.
    pub edits: Vec<Edit>,
}

/// What a comparison takes.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    /// Whether a model is looked at, by its id.
    pub models: &'a dyn Fn(&str) -> bool,
    /// What is kept of a model as it stands.
    pub keeps: &'a dyn Fn(&str, Fact) -> bool,
}

impl Wanted<'_> {
    /// Everything.
    pub const ALL: Wanted<'static> = Wanted { models: &|_: &str| true, keeps: &|_: &str, _: Fact| false };
}

/// Compares every model of a document that is wanted.
pub fn compare(
    root: &Value,
    text: &str,
    catalogues: &[Catalogue],
    prefer: Option<&str>,
    wanted: Wanted,
) -> Refreshed {
    let mut outcome = Refreshed::default();
    let models = models(root);
    let used: BTreeSet<&str> = models
        .iter()
        .flat_map(|model| model.value.get("capabilities").map(Value::items).unwrap_or_default())
        .filter_map(Value::text)
        .collect();
    for model in models.iter().filter(|model| (wanted.models)(&model.id)) {
        let mut found: Vec<(&Catalogue, &Entry)> =
            catalogues.iter().filter_map(|catalogue| Some((catalogue, model.find(catalogue)?))).collect();
        if found.is_empty() {
            outcome.unknown.push((model.id.clone(), model.span()));
            continue;
        }
        // What a vendor asks and grants is nobody else's.
        if let Some(why) = found.iter().find_map(|(_, entry)| model.elsewhere(&entry.provider)) {
            outcome.elsewhere.push((model.id.clone(), model.span(), why));
            found.retain(|(_, entry)| model.elsewhere(&entry.provider).is_none());
        }
        if found.is_empty() {
            continue;
        }
        let keeps = |fact: Fact| (wanted.keeps)(&model.id, fact);
        one(model, &found, prefer, &keeps, text, &mut outcome);
        add_capabilities(model, &found, &used, text, &mut outcome);
    }
    outcome
}

fn one(
    model: &Model,
    found: &[(&Catalogue, &Entry)],
    prefer: Option<&str>,
    keeps: &dyn Fn(Fact) -> bool,
    text: &str,
    outcome: &mut Refreshed,
) {
    let unit = model.unit();
    if unit.is_none() {
        let why = "its price is stated by `pricing`, which a price per token does not replace".to_owned();
        outcome.refused.push((model.id.clone(), model.span(), why));
    }
    for (catalogue, entry) in found {
        if let Err(why) = &entry.price {
            outcome.refused.push((model.id.clone(), model.span(), format!("`{}`: {why}", catalogue.name)));
        }
    }
    let (taken, disputed) = agree(found, prefer);
    let own = unit.unwrap_or(Unit::Per1m);
    let against = |fact: Fact, said: &[(String, String)]| {
        let stated = model.stated(fact, own).filter(|_| unit.is_some())?;
        let written = text.get(stated.span.start as usize..stated.span.end as usize)?;
        let is_said = said.iter().any(|(_, text)| model.agrees(fact, own, text));
        (!is_said).then(|| (written.to_owned(), stated.span))
    };
    let (kept, disputed): (Vec<_>, Vec<_>) = disputed.into_iter().partition(|one| keeps(one.fact));
    for one in kept.iter().filter(|one| one.taken.is_none()) {
        let why = format!("`{}` stays; the catalogues do not agree on it", one.fact.shown(own));
        outcome.kept.push((model.id.clone(), model.span(), why));
    }
    outcome.disagreements.extend(disputed.into_iter().map(|one| Disagreement {
        model: model.id.clone(),
        key: one.fact.shown(own),
        fact: one.fact,
        against: against(one.fact, &one.said),
        said: one.said.into_iter().map(|(name, text)| (name, of_unit(one.fact, own, &text))).collect(),
        taken: one.taken,
        span: model.span(),
    }));
    changes(model, unit, &taken, keeps, text, outcome);
}

fn changes(
    model: &Model,
    unit: Option<Unit>,
    taken: &[Agreed],
    keeps: &dyn Fn(Fact) -> bool,
    text: &str,
    outcome: &mut Refreshed,
) {
    let shown = unit.unwrap_or(Unit::Per1m);
    let is_money = |fact: Fact| !fact.is_lifecycle() && fact != Fact::ContextWindow;
    let mut new_maps: Vec<(&str, Vec<String>)> = Vec::new();
    for Agreed { fact, text: listed, source, silent } in taken {
        let differs = !model.agrees(*fact, shown, listed);
        // What is retired needs no end, and a batch price stands beside prices per token only.
        let is_kept = fact.is_lifecycle()
            && model
                .stated(Fact::Status, shown)
                .and_then(Value::text)
                .is_some_and(|status| status == "retired");
        if !differs || is_kept || (unit.is_none() && is_money(*fact)) {
            continue;
        }
        let old = model.stated(*fact, shown);
        let new = of_unit(*fact, shown, listed);
        if keeps(*fact) {
            let stays = if old.is_some() { "stays" } else { "stays unstated" };
            let why = format!("`{}` {stays}; `{source}` says `{new}`", fact.shown(shown));
            outcome.kept.push((model.id.clone(), old.map_or(model.span(), |old| old.span), why));
            continue;
        }
        outcome.changes.push(Change {
            model: model.id.clone(),
            fact: Some(*fact),
            key: fact.shown(shown),
            old: old
                .and_then(|old| text.get(old.span.start as usize..old.span.end as usize))
                .map(str::to_owned),
            new: new.clone(),
            span: old.map_or(model.span(), |old| old.span),
            source: source.clone(),
            silent: silent.clone(),
        });
        let (key, inner) = fact.key(shown);
        match inner {
            Some(inner) if model.value.get(key).is_none() => {
                let line = format!("{inner}: {new}");
                match new_maps.iter_mut().find(|(known, _)| *known == key) {
                    Some((_, lines)) => lines.push(line),
                    None => new_maps.push((key, vec![line])),
                }
            }
            _ => {
                let mut path = model.path.clone();
                path.push(key.to_owned());
                path.extend(inner.map(str::to_owned));
                outcome.edits.push(Edit { path, behind: behind(), new });
            }
        }
    }
    for (key, lines) in new_maps {
        let mut path = model.path.clone();
        path.push(key.to_owned());
        let new = format!("{{{}}}", lines.join(", "));
        outcome.edits.push(Edit { path, behind: behind(), new });
    }
}

/// Capabilities that every catalogue which knows any lists, that this registry uses, and that the model does not state.
fn add_capabilities(
    model: &Model,
    found: &[(&Catalogue, &Entry)],
    used: &BTreeSet<&str>,
    text: &str,
    outcome: &mut Refreshed,
) {
    let Some(stated) = model.value.get("capabilities").filter(|stated| matches!(stated.kind, Kind::List(_)))
    else {
        return;
    };
    let (speaking, silent): (Vec<_>, Vec<_>) =
        found.iter().partition(|(_, entry)| !entry.capabilities.is_empty());
    let Some((catalogue, _)) = speaking.first() else { return };
    let silent = if speaking.len() == 1 { silent.as_slice() } else { &[] };
    let has = |name: &str| stated.items().iter().any(|item| item.text() == Some(name));
    let new: Vec<&str> =
        capabilities(found).into_iter().filter(|name| used.contains(name) && !has(name)).collect();
    if new.is_empty() || stated.items().iter().any(|item| item.text().is_none()) {
        return;
    }
    if !is_flow(text, stated) {
        let why = format!(
            "its `capabilities` lack {}: edit a list that spans several lines by hand",
            new.join(", ")
        );
        outcome.refused.push((model.id.clone(), stated.span, why));
        return;
    }
    let old: Vec<&str> = stated.items().iter().filter_map(Value::text).collect();
    let quote = |name: &&str| serde_json::to_string(name).unwrap_or_default();
    let plain = |name: &&str| {
        let tame = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        if tame { (*name).to_owned() } else { quote(name) }
    };
    let all: Vec<String> = old.iter().chain(&new).map(plain).collect();
    let mut path = model.path.clone();
    path.push("capabilities".to_owned());
    outcome.changes.push(Change {
        model: model.id.clone(),
        fact: None,
        key: "capabilities".to_owned(),
        old: Some(old.join(", ")),
        new: [old, new].concat().join(", "),
        span: stated.span,
        source: catalogue.name.clone(),
        silent: silent.iter().map(|(catalogue, _)| catalogue.name.clone()).collect(),
    });
    outcome.edits.push(Edit { path, behind: Vec::new(), new: format!("[{}]", all.join(", ")) });
}
