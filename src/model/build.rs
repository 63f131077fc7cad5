//! Trees in, [`World`] out: every name resolved or reported.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::context::{self, Axis, Cut, Share};
use super::expr::Items;
use super::force::Timed;
use super::moment::Moment;
use super::names::{Interner, Symbol};
use super::places::NO_NEGATION;
use super::reference::References;
use super::regions::Regions;
use super::typing::sets::Aim;
use super::words::{is_negated, parted};
use super::{
    BudgetId, CLASSIFICATIONS, Dimension, Fact, FactDomain, FactId, Table, Tier, UseCase, UseCaseId,
    VocabularyKind, World,
};
use super::{ClassificationId, Classifications, Id, attribute::Attribute};
use crate::diag::{Finding, Help, code, elsewhere, nearest};
use crate::estate::Estate;
use crate::limits::MAX_FINDINGS_PER_FILE;
use crate::registry::Registry;
use crate::source::{FileId, Span};
use crate::syntax::tree::{self, Statement, StatementKind};

/// Resolves a workspace. Without findings the world is whole; with findings there is none.
pub fn build(
    policies: &[tree::File],
    registry: &Registry,
    estate: &Estate,
    moment: Moment,
) -> (Option<World>, Vec<Finding>) {
    let as_of = moment.day();
    let mut builder = Builder::new(moment);
    let statements: Vec<&Statement> = policies.iter().flat_map(|file| &file.statements).collect();
    builder.vocabularies(&statements);
    let (providers, models, expiries) = builder.registry(registry);
    let use_cases = builder.estate(estate);
    builder.use_case_index(&use_cases);
    let drills = builder.drills(estate);
    builder.facts(&statements);
    let mut world = World {
        as_of,
        names: Interner::default(),
        classifications: builder.classifications.clone(),
        precedence: builder.precedence,
        facts: builder.facts.clone(),
        providers,
        failure_domains: builder.all_failure_domains(),
        models,
        use_cases: use_cases.into(),
        drills,
        rules: Table::default(),
        failovers: Table::default(),
        budgets: Table::default(),
        quotas: Table::default(),
        attribution: None,
        audits: Table::default(),
        guarantees: Table::default(),
        tests: Vec::new(),
        timed: Vec::new(),
        expiries,
        written: None,
        regions: std::mem::take(&mut builder.regions),
        bands: Table::default(),
        shares: Vec::new(),
    };
    builder.policies(&statements, &mut world);
    builder.bands(&mut world);
    world.names = std::mem::take(&mut builder.names);
    builder.doubt_lists(&statements);
    if builder.findings.is_empty() { (Some(world), Vec::new()) } else { (None, builder.findings) }
}

/// What the names of attributes begin with that are none of the request's own.
pub(super) const OWN: [&str; 3] = ["budget.", "model.", "chain."];

/// A vocabulary: closed by a list, or open.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    /// The names of the list in the order written, if one is written.
    pub(super) closed: Option<Vec<String>>,
    /// The same names, to be looked up.
    pub(super) known: BTreeSet<String>,
    /// The names that registry and estate use.
    pub(super) used: BTreeSet<String>,
}

/// What resolving needs to know, and what it has found.
#[derive(Debug)]
pub(super) struct Builder {
    pub(super) moment: Arc<Moment>,
    pub(super) names: Interner,
    pub(super) classifications: Classifications,
    pub(super) precedence: [Tier; 4],
    pub(super) vocabularies: BTreeMap<VocabularyKind, Vocabulary>,
    pub(super) facts: Table<Fact>,
    pub(super) fact_ids: HashMap<String, FactId>,
    pub(super) references: References,
    pub(super) jurisdictions: BTreeSet<String>,
    /// The failure domains that the registry states.
    pub(super) failure_domains: BTreeSet<String>,
    /// What lies within what.
    pub(super) regions: Regions,
    /// Use cases by name and endpoint tag.
    pub(super) use_case_ids: HashMap<String, UseCaseId>,
    pub(super) use_case_names: Table<UseCase, String>,
    /// By prefix the use cases whose names begin with it.
    pub(super) patterns: HashMap<String, Items>,
    /// What kind of statement a name has, the first of each name.
    pub(super) statement_kinds: HashMap<String, &'static str>,
    /// Budgets by name.
    pub(super) budget_ids: BTreeMap<String, BudgetId>,
    /// Where rules, failover statements and guarantees cut what remains of budgets.
    pub(super) cuts: Vec<(Axis, Cut)>,
    pub(super) timed: Vec<Timed>,
    pub(super) findings: Vec<Finding>,
    /// How many of these are in each file.
    pub(super) found: HashMap<FileId, usize>,
    /// How far names that do not exist are compared with those that do.
    pub(super) effort: nearest::Effort,
    /// An expression is typed to see whether it fits.
    pub(super) is_trial: bool,
    /// What the expression at hand is written for.
    pub(super) aim: Aim,
}

impl Builder {
    fn new(moment: Moment) -> Self {
        Self {
            moment: Arc::new(moment),
            names: Interner::default(),
            classifications: CLASSIFICATIONS.map(str::to_owned).into_iter().collect(),
            precedence: [Tier::Compliance, Tier::Cost, Tier::Latency, Tier::Preference],
            vocabularies: BTreeMap::new(),
            facts: Table::default(),
            fact_ids: HashMap::new(),
            references: References::default(),
            jurisdictions: BTreeSet::new(),
            failure_domains: BTreeSet::new(),
            regions: Regions::default(),
            use_case_ids: HashMap::new(),
            use_case_names: Table::default(),
            patterns: HashMap::new(),
            effort: nearest::Effort::default(),
            statement_kinds: HashMap::new(),
            budget_ids: BTreeMap::new(),
            cuts: Vec::new(),
            timed: Vec::new(),
            findings: Vec::new(),
            is_trial: false,
            aim: Aim::default(),
            found: HashMap::new(),
        }
    }

    /// Reports one thing; of a file, as many as are shown.
    pub(super) fn find(&mut self, finding: Finding) {
        let found = self.found.entry(finding.primary.span.file).or_default();
        if self.is_trial || *found < MAX_FINDINGS_PER_FILE {
            *found += usize::from(!self.is_trial);
            self.findings.push(finding);
        }
    }

    /// Reports a name that does not exist, with the nearest that do.
    pub(super) fn unknown(&mut self, span: Span, what: &str, name: &str, candidates: &[&str]) {
        if self.is_full(span.file) {
            return;
        }
        let help = match elsewhere::meant(name, candidates) {
            _ if is_negated(name) => NO_NEGATION.into(),
            _ if name.contains("${") || name.contains("{{") => {
                "nothing is put in for a variable here: write the name itself".into()
            }
            _ if let Some(bare) = uncommented(name, candidates) => {
                format!("a comment begins with `#`: without it, `{bare}` is left").into()
            }
            Some(ours) => Help::near(&[ours]),
            None if candidates.contains(&name) => format!("write `{name}` without quotes").into(),
            None => {
                parted(name, candidates).map_or_else(|| self.effort.help(name, what, candidates), Help::from)
            }
        };
        self.find(Finding::missing(what, name, span).help(help));
    }

    /// Reports a name that is taken.
    pub(super) fn duplicate(&mut self, what: &str, name: &str, second: Span, first: Span) {
        self.find(
            Finding::error(code::DUPLICATE_NAME, second, format!("{what} `{name}` is defined twice"))
                .label("again here")
                .related(first, "first here")
                .help("rename one of the two or remove it"),
        );
    }

    /// The providers and the failure domains that the registry states, by name.
    fn all_failure_domains(&mut self) -> Vec<Symbol> {
        let all: BTreeSet<&String> = self.references.providers.keys().chain(&self.failure_domains).collect();
        all.into_iter().map(|name| self.names.intern(name)).collect()
    }

    /// Reads the facts, sorted by name.
    fn facts(&mut self, statements: &[&Statement]) {
        let mut first: HashMap<String, Span> = HashMap::new();
        let mut facts = Vec::new();
        for statement in statements {
            let StatementKind::Fact(written) = &statement.kind else { continue };
            let name = &written.name;
            let begins = |prefix: &&str| name.text.starts_with(*prefix);
            let like = if Attribute::named(&name.text).is_some() || OWN.iter().any(begins) {
                Some("an attribute")
            } else {
                Dimension::NAMES.contains(&name.text.as_str()).then_some("a dimension of budgets")
            };
            if let Some(like) = like {
                let message = format!("the fact `{}` is named like {like}", name.text);
                self.find(
                    Finding::error(code::DUPLICATE_NAME, name.span, message)
                        .label("this name is taken by the language")
                        .help("give the fact another name"),
                );
            }
            if let Some(&before) = first.get(&name.text) {
                self.duplicate("the fact", &name.text, name.span, before);
                self.fact(written, statement.span);
                continue;
            }
            first.insert(name.text.clone(), name.span);
            let fact = self.fact(written, statement.span);
            facts.push(fact);
        }
        facts.sort_by(|a, b| a.name.cmp(&b.name));
        self.facts = facts.into();
        self.fact_ids = self.facts.enumerated().map(|(id, fact)| (fact.name.clone(), id)).collect();
    }

    fn fact(&mut self, written: &tree::Fact, span: Span) -> Fact {
        let (values, domain) = match &written.domain {
            tree::FactDomain::Values(names) => {
                (self.distinct(&format!("fact {}", written.name.text), names), FactDomain::Own)
            }
            tree::FactDomain::Regions(_) => {
                let regions = self.vocabularies.entry(VocabularyKind::Regions).or_default();
                let values = regions.closed.clone();
                (values.unwrap_or_else(|| regions.used.iter().cloned().collect()), FactDomain::Regions)
            }
            tree::FactDomain::Classifications(_) => {
                (self.classifications.as_slice().to_vec(), FactDomain::Classifications)
            }
        };
        let default = values.iter().position(|value| *value == written.default.text);
        if default.is_none() {
            let candidates: Vec<&str> = values.iter().map(String::as_str).collect();
            let what = format!("value of the fact `{}`", written.name.text);
            self.unknown_word(written.default.span, &what, &written.default.text, &candidates);
        }
        let symbols = values.iter().map(|value| self.names.intern(value)).collect();
        let name = written.name.text.clone();
        // Where no value has that name there is no world, only what was found.
        let default = Id::new(default.unwrap_or_default());
        Fact { name, span, values: values.into(), symbols, default, domain }
    }

    /// The bands that all cuts make, axis by axis.
    fn bands(&mut self, world: &mut World) {
        let mut by_axis: BTreeMap<Axis, Vec<Cut>> = BTreeMap::new();
        for (axis, cut) in std::mem::take(&mut self.cuts) {
            by_axis.entry(axis).or_default().push(cut);
        }
        world.bands = context::bands(by_axis.remove(&Axis::Budget).unwrap_or_default()).into();
        let shares = by_axis.into_iter().filter_map(|(axis, cuts)| match axis {
            // What is left of a budget that is not in force is always all of it.
            Axis::Share(budget) if world.budgets.if_there(budget).is_none() => None,
            Axis::Share(budget) => Some(Share { budget, bands: context::bands(cuts).into() }),
            _ => None,
        });
        world.shares = shares.collect();
    }

    /// A classification by name; one that does not exist is reported and taken for the lowest.
    pub(super) fn level_of(&mut self, name: &str, span: Span) -> ClassificationId {
        if let Some(level) = self.classifications.position(|known| known == name) {
            return level;
        }
        if self.is_full(span.file) {
            return Id::new(0);
        }
        let known = self.classifications.clone();
        let candidates: Vec<&str> = known.iter().map(String::as_str).collect();
        self.unknown(span, "classification", name, &candidates);
        if let Some(help) = one_level(name, &candidates)
            && let Some(finding) = self.findings.last_mut()
        {
            finding.help = Some(help);
        }
        Id::new(0)
    }

    /// A name of a vocabulary; `used` says that registry or estate use it.
    pub(super) fn member(&mut self, kind: VocabularyKind, name: &str, span: Span, used: bool) -> Symbol {
        let vocabulary = self.vocabularies.entry(kind).or_default();
        if used {
            vocabulary.used.insert(name.to_owned());
        }
        if let Some(closed) = &vocabulary.closed
            && !vocabulary.known.contains(name)
            && (self.is_trial || self.found.get(&span.file) < Some(&MAX_FINDINGS_PER_FILE))
        {
            let closed = closed.clone();
            let candidates: Vec<&str> = closed.iter().map(String::as_str).collect();
            let what = kind.thing();
            self.unknown(span, what, name, &candidates);
        }
        self.names.intern(name)
    }
}

/// What is said of several classifications where one stands: `confidential, internal`, `<= confidential`.
fn one_level(name: &str, candidates: &[&str]) -> Option<String> {
    const BOUNDS: [&str; 19] = [
        "up", "to", "at", "most", "least", "and", "or", "above", "below", "higher", "lower", "max",
        "maximum", "min", "minimum", "down", "more", "less", "only",
    ];
    let words = name.split(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '.')));
    let levels = words.map(|word| candidates.iter().position(|known| *known == word));
    let named: Vec<usize> = levels.flatten().collect();
    let highest = candidates.get(*named.iter().max()?)?;
    let one = named.len() == 1;
    let mut others =
        name.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '=' | '≤' | '≥' | '+'));
    if one && !others.all(|word| word.is_empty() || word == *highest || BOUNDS.contains(&word)) {
        return None;
    }
    let why =
        if one { "a level is compared with nothing here" } else { "one level stands here, the highest" };
    Some(format!("write `{highest}`: {why}"))
}

/// The name before the mark with which others begin a comment.
fn uncommented<'c>(name: &str, candidates: &[&'c str]) -> Option<&'c str> {
    let (bare, _) = [" //", " /*", " --"].iter().find_map(|mark| name.split_once(mark))?;
    candidates.iter().copied().find(|known| *known == bare.trim())
}
