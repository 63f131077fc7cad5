//! What is said of a name that exists and names another kind of thing than is meant: a use case where a provider stands.

use super::VocabularyKind;
use super::build::Builder;
use super::words::reference;
use crate::diag::{Finding, Offer, UnknownName};
use crate::source::Span;
use crate::syntax::tree::{Statement, StatementKind};
use crate::vocabulary::{Hosting, Lifecycle, ModelTier, Workload};

/// What a name stands for, and how a condition tests it.
struct Other {
    /// In words, with its article.
    what: &'static str,
    tested: Tested,
}

/// How a condition tests a name.
enum Tested {
    /// Of the request: in a `when` or `for`.
    Request(String),
    /// `model.…`, as a condition tests it.
    Model(String),
    /// A region: the request's, or where a rule keeps it.
    Region,
    /// It is no value of an attribute.
    Never,
}

/// Words that the language has for values, each with what one is called and the attribute.
const FIXED: &[(&[&str], &str, &str)] = &[
    (Hosting::NAMES, "a hosting", "model.hosting"),
    (ModelTier::NAMES, "a tier", "model.tier"),
    (Lifecycle::NAMES, "a lifecycle", "model.lifecycle"),
    (&["pending", "confirmed"], "a DPA status", "model.dpa"),
    (Workload::NAMES, "a workload", "workload"),
];

/// Kinds of values for which words of [`FIXED`] may be mistaken.
const OF_VALUES: [&str; 9] = [
    "tier",
    "hosting",
    "lifecycle",
    "DPA status",
    "workload",
    "risk",
    "criticality",
    "classification",
    "provider",
];

/// Kinds of statements, with their articles.
const STATEMENTS: [(&str, &str); 6] = [
    ("rule", "a rule"),
    ("failover statement", "a failover statement"),
    ("budget", "a budget"),
    ("quota", "a quota"),
    ("audit statement", "an audit statement"),
    ("guarantee", "a guarantee"),
];

/// What a finding says that a name should be, where a model or a provider is spoken of.
const OF_MODELS: [&str; 9] = [
    "provider",
    "model",
    "provider or model",
    "provider, failure domain or model",
    "failure domain",
    "tier",
    "hosting",
    "jurisdiction",
    "lifecycle",
];

impl Builder {
    /// Says of names that do not exist as what they should be what they are instead.
    pub(super) fn say_kinds(&mut self, statements: &[&Statement]) {
        let mut findings = std::mem::take(&mut self.findings);
        let mut places: Vec<&Statement> = Vec::new();
        for finding in &mut findings {
            let Some(missing) = finding.missing.clone().filter(is_spoken_of) else { continue };
            let (wanted, name) = (missing.wanted.as_str(), missing.name.as_str());
            if finding.offer == Offer::Else {
                continue;
            }
            let Some(other) = self.other(wanted, name) else { continue };
            if places.is_empty() {
                places.extend(statements);
                places.sort_by_key(|statement| start(statement.span));
            }
            let statement = within(&places, finding.primary.span);
            let is = format!("`{name}` is {}, not {}", other.what, with_article(wanted));
            let help = match Self::tail(&other, wanted, name, statement, finding) {
                Some(tail) => format!("{is}: {tail}"),
                None => is,
            };
            finding.advise(help);
        }
        self.findings = findings;
    }

    /// What a name is, where it is nothing of the kind that is wanted.
    fn other(&self, wanted: &str, name: &str) -> Option<Other> {
        let is = |kind: VocabularyKind| {
            self.vocabularies.get(&kind).is_some_and(|vocabulary| match vocabulary.closed {
                Some(_) => vocabulary.known.contains(name),
                None => vocabulary.used.contains(name),
            })
        };
        let other = |what, tested| Some(Other { what, tested });
        let request = |attribute: &str| Tested::Request(format!("{attribute} == {}", reference(name)));
        if self.references.providers.contains_key(name) {
            // Whoever names a provider where a model stands is told its models.
            let is_meant = wanted.contains("model") || wanted.contains("provider");
            let tested = Tested::Model(format!("model.provider == {}", reference(name)));
            return if is_meant { None } else { other("a provider", tested) };
        }
        if self.use_case_ids.contains_key(name) {
            return other("a use case", request("use_case"));
        }
        if !wanted.contains("model")
            && let Some(tested) = self.tested_model(name)
        {
            return other("a model", Tested::Model(tested));
        }
        if self.classifications.iter().any(|level| level == name) {
            return other("a classification", request("classification"));
        }
        let lists = [
            (VocabularyKind::Data, "a kind of data"),
            (VocabularyKind::Compliance, "a certification or regulation"),
            (VocabularyKind::Regions, "a region"),
            (VocabularyKind::Teams, "a team"),
            (VocabularyKind::BusinessUnits, "a business unit"),
            (VocabularyKind::Projects, "a project"),
            (VocabularyKind::Applications, "an application"),
            (VocabularyKind::Capabilities, "a capability"),
        ];
        let listed = lists.into_iter().find(|(kind, _)| kind.thing() != wanted && is(*kind));
        if let Some((kind, what)) = listed {
            return other(what, listed_as(kind, &reference(name), OF_MODELS.contains(&wanted)));
        }
        if let Some(kind) = self.statement_kinds.get(name).filter(|kind| **kind != wanted) {
            let what = STATEMENTS.iter().find(|(known, _)| known == kind);
            return what.and_then(|(_, what)| other(what, Tested::Never));
        }
        let is_value = OF_VALUES.contains(&wanted);
        let mut fixed = FIXED.iter().filter(|_| is_value);
        let fixed = fixed.find(|(words, ..)| words.contains(&name));
        let (_, what, attribute) = fixed.filter(|(_, what, _)| !what.ends_with(wanted))?;
        let tested = format!("{attribute} == {name}");
        let is_of_model = attribute.starts_with("model.");
        other(what, if is_of_model { Tested::Model(tested) } else { Tested::Request(tested) })
    }

    /// What to write, where the place of a finding has a way to say it; else what was said before, where that still helps.
    fn tail(
        other: &Other,
        wanted: &str,
        name: &str,
        statement: Option<&Statement>,
        finding: &Finding,
    ) -> Option<String> {
        let before = finding.help.clone();
        if let Offer::Near(_) = finding.offer {
            return before;
        }
        let kind = match statement.map(|statement| &statement.kind) {
            None | Some(StatementKind::Test(_) | StatementKind::Fact(_)) => return before,
            Some(kind) => kind,
        };
        let is_of_model = OF_MODELS.contains(&wanted) || wanted == VocabularyKind::Compliance.thing();
        let counts = matches!(kind, StatementKind::Budget(_) | StatementKind::Quota(_));
        let is_static = counts || matches!(kind, StatementKind::Audit(_));
        if wanted == "dimension or fact" {
            return match (&other.tested, dimension(other.what)) {
                (Tested::Request(tested), Some(dimension)) => {
                    Some(format!("`per {dimension}` counts each apart, `when {tested}` this one alone"))
                }
                _ => before,
            };
        }
        match &other.tested {
            Tested::Request(tested) if is_of_model => Some(format!("a `when` tests it, `{tested}`")),
            Tested::Request(tested) => Some(format!("it is tested as `{tested}`")),
            Tested::Model(_) if counts => Some(format!("name it after `on`, as in `on {}`", reference(name))),
            Tested::Model(tested) if matches!(kind, StatementKind::Rule(_)) => {
                Some(format!("`require`, `forbid` and `prefer where` test it, `{tested}`"))
            }
            Tested::Model(tested) if matches!(kind, StatementKind::Guarantee(_)) => {
                Some(format!("`always` and `never` test it, `{tested}`"))
            }
            Tested::Region if matches!(kind, StatementKind::Rule(_)) && is_of_model => {
                Some(format!("`process in {}` keeps requests there", reference(name)))
            }
            Tested::Region if is_static || !is_of_model => {
                Some(format!("it is tested as `residency has {}`", reference(name)))
            }
            Tested::Model(_) | Tested::Region | Tested::Never => before,
        }
    }
}

/// How a name of a list is tested.
fn listed_as(kind: VocabularyKind, name: &str, of_model: bool) -> Tested {
    match kind {
        VocabularyKind::Regions => Tested::Region,
        VocabularyKind::Compliance if of_model => Tested::Model(format!("model.compliance has {name}")),
        VocabularyKind::Compliance => Tested::Request(format!("compliance has {name}")),
        VocabularyKind::Capabilities if of_model => Tested::Model(format!("model.capabilities has {name}")),
        VocabularyKind::Capabilities => Tested::Request(format!("capabilities has {name}")),
        VocabularyKind::Data => Tested::Request(format!("data has {name}")),
        VocabularyKind::Teams => Tested::Request(format!("team == {name}")),
        VocabularyKind::BusinessUnits => Tested::Request(format!("business_unit == {name}")),
        VocabularyKind::Projects => Tested::Request(format!("project == {name}")),
        VocabularyKind::Applications => Tested::Request(format!("application == {name}")),
    }
}

/// The dimension whose values are of a kind.
fn dimension(what: &str) -> Option<&'static str> {
    Some(match what {
        "a use case" => "use_case",
        "a team" => "team",
        "a business unit" => "business_unit",
        "a project" => "project",
        "an application" => "application",
        _ => return None,
    })
}

/// Whether a name that nothing has may be that of something else.
fn is_spoken_of(missing: &UnknownName) -> bool {
    missing.wanted != "attribute or fact" && missing.name.len() <= 200
}

/// A kind with its article.
fn with_article(wanted: &str) -> String {
    let article = if wanted.starts_with(['a', 'o']) { "an" } else { "a" };
    format!("{article} {wanted}")
}

fn start(span: Span) -> (crate::source::FileId, u32) {
    (span.file, span.start)
}

/// The statement that a place lies in; the statements stand in their order.
fn within<'a>(statements: &[&'a Statement], span: Span) -> Option<&'a Statement> {
    let after = statements.partition_point(|statement| start(statement.span) <= start(span));
    let statement = statements.get(after.checked_sub(1)?)?;
    (statement.span.file == span.file && span.end <= statement.span.end).then_some(*statement)
}
