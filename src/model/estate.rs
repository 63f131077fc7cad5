//! Use cases by name.

use std::collections::HashMap;

use super::build::Builder;
use super::names::Symbol;
use super::{Drill, Usage, UseCase, UseCaseId, UseCaseSpans, VocabularyKind};
use crate::diag::{Finding, Help, Offer, code, nearest};
use crate::estate::{self as written, Estate};
use crate::number::{self, Rational, SECONDS_PER_DAY, ratio, times, whole};
use crate::source::{Span, Spanned};
use crate::vocabulary::{Criticality, Risk, Workload};

impl Builder {
    /// All use cases, sorted by name; names and endpoint tags are one space.
    pub(super) fn estate(&mut self, estate: &Estate) -> Vec<UseCase> {
        let mut taken: HashMap<&str, (usize, &str, Span)> = HashMap::new();
        let mut use_cases = Vec::new();
        for (index, written) in estate.use_cases.iter().enumerate() {
            let own =
                [("the use case", Some(&written.name)), ("the endpoint tag", written.endpoint_tag.as_ref())];
            let mut twice = false;
            for (what, name) in own {
                let Some(name) = name else { continue };
                match taken.get(name.value.as_str()) {
                    Some(&(other, ..)) if other == index => {}
                    Some(&(_, whose, first)) => {
                        if whose == what {
                            self.duplicate(what, &name.value, name.span, first);
                        } else {
                            self.both(&name.value, (what, name.span), (whose, first));
                        }
                        twice = twice || what == "the use case";
                    }
                    None => {
                        taken.insert(&name.value, (index, what, name.span));
                    }
                }
            }
            let use_case = self.use_case(written);
            if !twice {
                use_cases.push(use_case);
            }
        }
        use_cases.sort_by(|a, b| a.name.value.cmp(&b.name.value));
        use_cases
    }

    /// Reports a name of one use case that is the endpoint tag of another one.
    fn both(&mut self, name: &str, (what, second): (&str, Span), (whose, first): (&str, Span)) {
        let label = |what: &str| match what {
            "the use case" => "the use case that is called so",
            _ => "the endpoint tag of another one",
        };
        let message = format!("`{name}` is the name of a use case and the endpoint tag of another one");
        self.find(
            Finding::error(code::DUPLICATE_NAME, second, message)
                .label(label(what))
                .related(first, label(whose))
                .help("rename one of the two: a request may carry either, so each must say which use case is meant"),
        );
    }

    fn use_case(&mut self, written: &written::UseCase) -> UseCase {
        let tokens = written
            .expected_monthly
            .as_ref()
            .and_then(|expected| Some((expected.value.input_tokens?, expected.value.output_tokens?)));
        let blend = match tokens {
            Some((input, output)) if input != 0 || output != 0 => (whole(input), whole(output)),
            _ => (whole(3), whole(1)),
        };
        let seconds = |ms: &Option<Spanned<Rational>>| ms.as_ref().map(|ms| number::over(&ms.value, 1000));
        UseCase {
            name: written.name.clone(),
            symbol: self.names.intern(&written.name.value),
            span: written.span,
            owner: written.owner.value.clone(),
            endpoint_tag: written.endpoint_tag.clone(),
            business_unit: self.used(VocabularyKind::BusinessUnits, written.business_unit.as_ref()),
            team: self.used(VocabularyKind::Teams, written.team.as_ref()),
            project: self.used(VocabularyKind::Projects, written.project.as_ref()),
            application: self.used(VocabularyKind::Applications, written.application.as_ref()),
            workload: self.names.intern(&written.workload),
            classification: self
                .level_of(&written.data_classification.value, written.data_classification.span),
            classification_span: written.data_classification.span,
            risk: written.risk.as_ref().and_then(|risk| Risk::parse(&risk.value)),
            criticality: Criticality::parse(&written.criticality).unwrap_or(Criticality::Normal),
            compliance: self.set(VocabularyKind::Compliance, &written.compliance),
            regulations: self.set(VocabularyKind::Compliance, &written.regulations),
            residency: self.set(VocabularyKind::Regions, &written.residency),
            data: self.set(VocabularyKind::Data, &written.data),
            capabilities: self.set(VocabularyKind::Capabilities, &written.capabilities),
            retention_max: written.retention_max.as_ref().map(|d| times(&whole(d.value), SECONDS_PER_DAY)),
            latency_sla: seconds(&written.latency_sla_ms),
            availability_target: written.availability_target.as_ref().map(|p| p.value.clone()),
            min_context: written.min_context.as_ref().map(|n| whole(n.value)),
            regulated_output: written.regulated_output,
            data_sources: written.data_sources.len(),
            shares: Vec::new(),
            requests: written.expected_monthly.as_ref().and_then(|e| e.value.requests),
            blend,
            tokens,
            usage: usage(written),
            peak_requests_per_minute: written.peak_requests_per_minute.as_ref().map(|n| n.value),
            budget_estimate: written.budget_estimate_usd_per_month.clone(),
            spans: UseCaseSpans {
                compliance: over(&written.compliance),
                residency: over(&written.residency),
                retention_max: written.retention_max.as_ref().map(|v| v.span),
                capabilities: over(&written.capabilities),
                min_context: written.min_context.as_ref().map(|v| v.span),
                availability_target: written.availability_target.as_ref().map(|v| v.span),
                latency_sla: written.latency_sla_ms.as_ref().map(|v| v.span),
            },
        }
    }

    /// All drills, in the order of days and then of files.
    pub(super) fn drills(&mut self, estate: &Estate) -> Vec<Drill> {
        let mut drills: Vec<Drill> = estate.drills.iter().filter_map(|written| self.drill(written)).collect();
        drills.sort_by_key(|drill| drill.date);
        drills
    }

    fn drill(&mut self, written: &written::Drill) -> Option<Drill> {
        let use_case = self.use_case_reference(&written.use_case.value, written.use_case.span);
        let down = written.down.iter().filter_map(|name| self.down_named(&name.value, name.span)).collect();
        Some(Drill {
            use_case: use_case?,
            span: written.span,
            date: written.date.value,
            down,
            passed: written.passed,
            answered_by: written.answered_by.as_ref().map(|name| name.value.clone()),
            resolution_ms: written.resolution_ms.clone(),
        })
    }

    fn used(&mut self, kind: VocabularyKind, name: Option<&Spanned<String>>) -> Option<Symbol> {
        let name = name?;
        Some(self.member(kind, &name.value, name.span, true))
    }

    /// Makes names and tags findable.
    pub(super) fn use_case_index(&mut self, use_cases: &[UseCase]) {
        self.use_case_names = use_cases.iter().map(|use_case| use_case.name.value.clone()).collect();
        for (at, use_case) in use_cases.iter().enumerate() {
            if let Some(tag) = &use_case.endpoint_tag {
                self.use_case_ids.entry(tag.value.clone()).or_insert(UseCaseId::new(at));
            }
        }
        for (at, use_case) in use_cases.iter().enumerate() {
            self.use_case_ids.insert(use_case.name.value.clone(), UseCaseId::new(at));
        }
    }

    /// A use case by name or tag, or a finding.
    pub(super) fn use_case_reference(&mut self, name: &str, span: Span) -> Option<UseCaseId> {
        if let Some(&id) = self.use_case_ids.get(name) {
            return Some(id);
        }
        if self.is_full(span.file) {
            return None;
        }
        let mut known: Vec<String> = self.use_case_ids.keys().cloned().collect();
        known.sort();
        let candidates: Vec<&str> = known.iter().map(String::as_str).collect();
        self.unknown_word(span, "use case", name, &candidates);
        if let Some(finding) = self.findings.last_mut()
            && finding.offer == Offer::Names
            && let [_, _, ..] = candidates.as_slice()
            && let Some(beside) = beside(name, &candidates)
        {
            finding.advise(Help::names(beside));
        }
        None
    }
}

/// Those that begin like a name up to its last mark, where none is near to it: one that was renamed is often among them.
fn beside(name: &str, known: &[&str]) -> Option<String> {
    let marks: Vec<usize> = name.match_indices(['.', '-', '_', '/']).map(|(at, _)| at).collect();
    let of = |at: usize| -> Vec<&str> {
        let begin = name.get(..=at).unwrap_or_default();
        known.iter().copied().filter(|known| known.starts_with(begin)).collect()
    };
    let of = marks.into_iter().rev().map(of).find(|of| !of.is_empty())?;
    let of: Vec<String> = of.into_iter().map(super::words::written).collect();
    let of: Vec<&str> = of.iter().map(String::as_str).collect();
    Some(match of.as_slice() {
        [one] => format!("write `{one}` if it was renamed: it alone begins so"),
        few if few.len() <= 6 => format!("write one of {}, which begin so", nearest::either(few)),
        [first, second, third, rest @ ..] => {
            format!("write one of `{first}`, `{second}`, `{third}` and {} more, which begin so", rest.len())
        }
        _ => return None,
    })
}

/// What bears on the cost of a use case beside its tokens.
fn usage(written: &written::UseCase) -> Usage {
    let expected = written.expected_monthly.as_ref().map(|expected| &expected.value);
    let input = expected.and_then(|expected| expected.input_tokens).filter(|input| *input > 0);
    let requests = expected.and_then(|expected| expected.requests).filter(|requests| *requests > 0);
    let cached = expected.map_or(0, |expected| expected.cached_input_tokens);
    Usage {
        cached: input.map_or_else(|| whole(0), |input| ratio(cached, input)),
        long_prompts: written.long_prompts.as_ref().map(|share| number::over(&share.value, 100)),
        prompt_tokens: input.zip(requests).map(|(input, requests)| ratio(input, requests)),
        batch: written.workload == Workload::Batch.name(),
    }
}

/// The place of a list of names, if it has any.
fn over(names: &[Spanned<String>]) -> Option<Span> {
    let (first, last) = (names.first()?, names.last()?);
    Some(first.span.to(last.span))
}
