//! What names stand for by their place: regions and facts of `process in`, patterns of use cases, closed lists.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::VocabularyKind;
use super::attribute::{Attribute, Domain, RequestAttribute, Type};
use super::build::{Builder, Vocabulary};
use super::expr::{Items, Term, Value};
use super::names::Set;
use super::regions::Place;
use super::words::{reference, written};
use crate::diag::fix::{Change, Fix};
use crate::diag::slip::is_slip;
use crate::diag::{Finding, Help, Label, Offer, UnknownName, cloud, code};
use crate::limits::MAX_FINDINGS_PER_FILE;
use crate::source::{FileId, Span, Spanned};
use crate::syntax::tree::{Name, Statement, StatementKind};

impl Builder {
    /// What a name of `process in` stands for: unquoted a fact where there is one, else a region.
    pub(super) fn place(&mut self, name: &Name) -> Option<Place> {
        if !name.quoted {
            if let Some(&id) = self.fact_ids.get(&name.text) {
                let fact = Attribute::fact(id).type_of(&self.facts);
                if let Type::Names(Domain::Regions(id)) = fact {
                    return Some(Place::Fact(id));
                }
                self.no_place(name, "is a fact, and its values are not regions");
                return None;
            }
            if Attribute::named(&name.text).is_some() {
                self.no_place(name, "is an attribute");
                return None;
            }
        }
        let before = self.findings.len();
        let region = self.member(VocabularyKind::Regions, &name.text, name.span, false);
        (self.findings.len() == before).then_some(Place::Region(region))
    }

    fn no_place(&mut self, name: &Name, why: &str) {
        let message = format!("`process in` takes regions, and `{}` {why}", name.text);
        self.find(
            Finding::error(code::TYPE_MISMATCH, name.span, message).label("does not fit").help(format!(
                "name regions, or facts declared `in regions`; if that is the name of a region, quote it: `process in \"{}\"`",
                name.text
            )),
        );
    }

    /// The use cases whose names begin with a pattern's prefix, as terms to compare with.
    pub(super) fn pattern(&mut self, attribute: Attribute, prefix: &str, span: Span) -> Option<Items> {
        if attribute != Attribute::Request(RequestAttribute::UseCase) {
            let message = format!("the pattern `{prefix}*` stands with `use_case` only");
            self.find(
                Finding::error(code::TYPE_MISMATCH, span, message)
                    .label("does not fit")
                    .help("write the names themselves: `… in [a, b]`"),
            );
            return None;
        }
        if let Some(known) = self.patterns.get(prefix) {
            return Some(Arc::clone(known));
        }
        // Use cases stand in the order of their names.
        let all = self.use_case_names.as_slice();
        let first = all.partition_point(|name| name.as_str() < prefix);
        let begins = |name: &&String| name.starts_with(prefix);
        let names: Vec<String> = all.get(first..).into_iter().flatten().take_while(begins).cloned().collect();
        if names.is_empty() && self.is_full(span.file) {
            return None;
        }
        if names.is_empty() {
            let candidates: Vec<&str> = self.use_case_names.iter().map(String::as_str).collect();
            let message = format!("no use case has a name that begins with `{prefix}`");
            // `suport.*` is near to `support.*`: to what names begin with up to a mark.
            let mut begins: Vec<String> = Vec::new();
            for name in &self.use_case_names {
                for (at, _) in name.match_indices(['.', '-', '_']) {
                    begins.extend(name.get(..=at).map(str::to_owned));
                }
            }
            begins.sort_unstable();
            begins.dedup();
            let known: Vec<&str> = begins.iter().map(String::as_str).collect();
            let near: Vec<String> =
                self.effort.nearest(prefix, &known).iter().map(|begin| format!("{begin}*")).collect();
            let near: Vec<&str> = near.iter().map(String::as_str).collect();
            let near = match near.as_slice() {
                [] => self.effort.help(prefix, "use case", &candidates),
                near => Help::near(near),
            };
            self.find(Finding::error(code::UNKNOWN_NAME, span, message).label("matches nothing").help(near));
            return None;
        }
        let items: Items =
            names.iter().map(|name| Term::Value(Value::Symbol(self.names.intern(name)))).collect();
        self.patterns.insert(prefix.to_owned(), Arc::clone(&items));
        Some(items)
    }

    /// A set of names of a vocabulary; those outside a closed one are reported.
    pub(super) fn set(&mut self, kind: VocabularyKind, names: &[Spanned<String>]) -> Set {
        let before = self.findings.len();
        for name in names {
            self.member(kind, &name.value, name.span, true);
        }
        self.listed(before, &names.iter().map(|name| name.value.as_str()));
        names.iter().map(|name| self.names.intern(&name.value)).collect()
    }

    /// What is found since in a list of names: a name that stands in the list already is not what to write there again.
    pub(super) fn listed<'n>(&mut self, before: usize, names: &(impl Iterator<Item = &'n str> + Clone)) {
        for finding in self.findings.iter_mut().skip(before) {
            let Offer::Near(near) = &finding.offer else { continue };
            if finding.code != code::UNKNOWN_NAME {
                continue;
            }
            let near = near.clone();
            let stands = |name: &&String| names.clone().any(|listed| listed == name.trim_matches('"'));
            let others: Vec<&str> = near.iter().filter(|name| !stands(name)).map(String::as_str).collect();
            match (near.iter().find(|name| stands(name)), others.as_slice()) {
                (None, _) => {}
                (Some(listed), []) => {
                    finding.advise(format!("leave it out: `{listed}` stands in this list already"));
                    finding.fixes = vec![Fix::choice("remove it here", Change::Item(finding.primary.span))];
                }
                (Some(_), others) => finding.advise(Help::near(others)),
            }
        }
    }

    /// Whether nothing more of a file is shown.
    pub(super) fn is_full(&self, file: FileId) -> bool {
        !self.is_trial && self.found.get(&file).is_some_and(|found| *found >= MAX_FINDINGS_PER_FILE)
    }

    /// Reports a name that does not exist in a policy, where one with other characters stands in quotes.
    pub(super) fn unknown_word(&mut self, span: Span, what: &str, name: &str, candidates: &[&str]) {
        if self.is_full(span.file) {
            return;
        }
        self.unknown(span, what, name, candidates);
        let Some(finding) = self.findings.last_mut() else { return };
        // A `/` stands without quotes in the name of a model alone.
        let of_models = what.contains("model");
        let as_written = |name: &str| if of_models { reference(name) } else { written(name) };
        for odd in candidates.iter().filter(|name| as_written(name) != **name) {
            let quoted = as_written(odd);
            if let Some(help) = &mut finding.help {
                *help = help.replace(&format!("`{odd}`"), &format!("`{quoted}`"));
            }
            if let Offer::Near(near) = &mut finding.offer {
                near.iter_mut().filter(|name| *name == odd).for_each(|name| name.clone_from(&quoted));
            }
        }
    }

    /// The names of a vocabulary: its list where one is written, else those that registry and estate use.
    pub(super) fn names_of(&self, kind: VocabularyKind) -> Vec<String> {
        let Some(vocabulary) = self.vocabularies.get(&kind) else { return Vec::new() };
        match &vocabulary.closed {
            Some(closed) => closed.clone(),
            None => vocabulary.used.iter().cloned().collect(),
        }
    }
}

/// What is said of `!name` in a list.
pub(super) const NO_NEGATION: &str = "there is no negation in a list: write the names that are meant";

/// What closes a list of names, by the word that it begins with.
fn list_of(statement: &Statement) -> Option<&'static str> {
    match &statement.kind {
        StatementKind::Regions(_) => Some(VocabularyKind::Regions.name()),
        StatementKind::Vocabulary(kind, _) => Some(kind.name()),
        _ => None,
    }
}

impl Builder {
    /// A name that nothing uses may be the one that is misspelt: then it is its list that is to be corrected, and nothing is
    /// written unasked.
    ///
    /// Where nothing is near to a name, its list may be what lacks it: it is named, with its place.
    pub(super) fn doubt_lists(&mut self, statements: &[&Statement]) {
        self.say_kinds(statements);
        self.name_lists(statements);
        self.doubt_uses();
        for finding in self.findings.iter_mut().filter(|finding| finding.code == code::UNKNOWN_NAME) {
            let (Some(meant), Some(missing)) = (finding.offered().map(str::to_owned), &finding.missing)
            else {
                continue;
            };
            if !is_slip(&missing.name, &meant) {
                continue;
            }
            let of = |(kind, _): &(&VocabularyKind, &Vocabulary)| missing.wanted == kind.thing();
            let Some((kind, vocabulary)) = self.vocabularies.iter().find(of) else { continue };
            if vocabulary.closed.is_none() || vocabulary.used.contains(&meant) {
                continue;
            }
            finding.advise(format!(
                "did you mean `{meant}`? if that is the misspelt one, correct it in the list `{}`: nothing else uses that name",
                kind.name()
            ));
            let change = Change::Name(finding.primary.span, meant.clone());
            finding.fixes = vec![Fix::choice(format!("write `{meant}`"), change)];
        }
    }

    /// A name that policies write more than once is rather the right one, and what is stated elsewhere the misspelt one.
    fn doubt_uses(&mut self) {
        let mut times: BTreeMap<(String, String), usize> = BTreeMap::new();
        let key = |missing: &UnknownName| (missing.wanted.clone(), missing.name.clone());
        for missing in self.findings.iter().filter_map(|finding| finding.missing.as_ref()) {
            *times.entry(key(missing)).or_default() += 1;
        }
        for finding in &mut self.findings {
            let (Some(missing), Some(_), Some(help)) = (&finding.missing, finding.offered(), &finding.help)
            else {
                continue;
            };
            let is_open = |(kind, vocabulary): (&VocabularyKind, &Vocabulary)| {
                vocabulary.closed.is_none() && missing.wanted == kind.thing()
            };
            let is_repeated = times.get(&key(missing)).is_some_and(|times| *times > 1);
            if is_repeated && self.vocabularies.iter().any(is_open) {
                let more =
                    "if that is the misspelt one, correct it where the registry or the estate states it";
                finding.advise(format!("{help} {more}"));
            }
        }
    }

    fn name_lists(&mut self, statements: &[&Statement]) {
        let lists: Vec<(&str, &Statement)> =
            statements.iter().filter_map(|statement| Some((list_of(statement)?, *statement))).collect();
        let closed =
            |kind| self.vocabularies.get(kind).and_then(|all| all.closed.as_deref()).unwrap_or_default();
        for finding in self.findings.iter_mut().filter(|finding| finding.code == code::UNKNOWN_NAME) {
            let (Offer::Names, Some(help), Some(missing)) = (&finding.offer, &finding.help, &finding.missing)
            else {
                continue;
            };
            let of = |kind: &&VocabularyKind| missing.wanted == kind.thing();
            let Some(kind) = self.vocabularies.keys().find(of) else { continue };
            let Some((word, list)) = lists.iter().find(|(word, _)| *word == kind.name()) else { continue };
            let said = missing.name.as_str();
            finding.advise(if said.contains('*') {
                format!("no pattern stands in this list: {help}, each by its name")
            } else if let Some(help) = for_all(said, closed(kind)) {
                help
            } else if let Some(help) = of_cloud(said, list) {
                help
            } else {
                format!("{help}, or add `{said}` to the list `{word}`")
            });
            finding.related.push(Label { span: list.head, text: "the list of all names".to_owned() });
        }
    }
}

/// What is said of a word for all names of a list, or for none of them.
fn for_all(said: &str, names: &[String]) -> Option<String> {
    let names: Vec<String> = names.iter().take(12).map(|name| written(name)).collect();
    match said.to_lowercase().as_str() {
        "all" | "any" | "every" | "everything" | "everywhere" | "anywhere" | "global" | "worldwide" => {
            Some(format!("no word stands for all of them: name each, as in `{}`", names.join(", ")))
        }
        "none" | "nothing" | "nowhere" | "null" => {
            Some("no word stands for none of them: leave this clause out".to_owned())
        }
        _ => None,
    }
}

/// What is said of a cloud's own name of a region, where the list has the region in which it lies.
fn of_cloud(said: &str, list: &Statement) -> Option<String> {
    let StatementKind::Regions(regions) = &list.kind else { return None };
    let names: Vec<&str> = regions.iter().map(|region| region.name.text.as_str()).collect();
    let outer = cloud::lies_in(said, &names)?;
    let region = regions.iter().find(|region| region.name.text == outer)?;
    let mut within: Vec<String> = region
        .within
        .iter()
        .filter(|inner| inner.within.is_empty())
        .map(|inner| written(&inner.name.text))
        .collect();
    if within.len() < region.within.len() || within.len() > 6 {
        return None;
    }
    within.push(written(said));
    let nested = format!("{} {{ {} }}", written(outer), within.join(", "));
    Some(format!(
        "`{said}` lies within `{outer}`: say so in the list `regions`, `{nested}`, or name `{outer}` itself"
    ))
}
