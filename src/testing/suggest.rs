//! `test` statements for what no test reaches: the smallest request, with today's answer.

use std::collections::BTreeSet;

use super::coverage::Coverage;
use super::items::{Item, Thing};
use super::reach::Reach;
use super::requests::{self, TestRequest};
use super::write;
use crate::decide::survey::Survey;
use crate::limits::MAX_SUGGESTIONS;
use crate::model::RuleId;
use crate::source::Sources;

/// A `test` statement that a person may confirm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The test's name.
    pub name: String,
    /// The statement, with a comment above it that says what it reaches.
    pub text: String,
    /// What no test reached before, in words.
    pub reaches: Vec<String>,
}

/// Suggestions, and for how many more requests there was no room.
#[derive(Debug, Default)]
pub struct Suggestions {
    /// In the order of what they reach.
    pub tests: Vec<Suggestion>,
    /// Distinct decisions and items left.
    pub left: usize,
}

/// Writes tests for what is not covered: one that reaches several things stands once.
pub fn suggest(survey: &Survey, sources: &Sources, coverage: &Coverage) -> Suggestions {
    let reach = Reach::new(survey.world);
    let mut writer = Writer {
        survey,
        sources,
        coverage,
        reach: &reach,
        names: survey.world.tests.iter().map(|test| test.name.value.clone()).collect(),
        items: BTreeSet::new(),
        decisions: BTreeSet::new(),
        found: Suggestions::default(),
    };
    for (at, one) in coverage.items.iter().enumerate() {
        if let Some(request) = one.request.filter(|_| one.tests == 0 && !writer.items.contains(&at)) {
            writer.add(request);
        }
    }
    // The keys have no meaning for people: the smallest requests first, use case by use case.
    let mut missed: Vec<_> = coverage.missed_requests.iter().collect();
    missed.sort_by_key(|(_, request)| (request.use_case, request.distance, request.context));
    for (key, request) in missed {
        if !writer.decisions.contains(key) {
            writer.add(*request);
        }
    }
    writer.found
}

struct Writer<'a> {
    survey: &'a Survey<'a>,
    sources: &'a Sources,
    coverage: &'a Coverage,
    reach: &'a Reach<'a>,
    names: BTreeSet<String>,
    /// Items that suggestions reach.
    items: BTreeSet<usize>,
    /// Decisions that suggestions reach.
    decisions: BTreeSet<requests::DecisionKey>,
    found: Suggestions,
}

impl Writer<'_> {
    fn add(&mut self, request: TestRequest) {
        if self.found.tests.len() >= MAX_SUGGESTIONS {
            self.found.left += 1;
            return;
        }
        let world = self.survey.world;
        let Some((use_case, context, decision)) = requests::look(self.survey, request) else { return };
        let reached = self.reach.of(use_case, context, decision, request.on);
        let new: Vec<usize> = reached.into_iter().filter(|at| self.is_new(*at)).collect();
        let items: Vec<&Item> = new.iter().filter_map(|at| self.reach.items.get(*at)).collect();
        let rules: Vec<RuleId> = items
            .iter()
            .filter_map(|item| match item.thing {
                Thing::Rule(rule) | Thing::Prefer(rule, _) => Some(rule),
                _ => None,
            })
            .collect::<BTreeSet<RuleId>>()
            .into_iter()
            .collect();
        let reaches: Vec<String> = if items.is_empty() {
            vec!["a distinct decision".to_owned()]
        } else {
            items.iter().map(|item| self.with_place(item)).collect()
        };
        let name = self.unique(write::title(world, use_case, context, request.on));
        let text = write::test(&write::Statement {
            world,
            use_case,
            context,
            decision,
            on: request.on,
            rules: &rules,
            name: &name,
            reaches: &reaches,
        });
        self.names.insert(name.clone());
        self.items.extend(new);
        self.decisions.insert(requests::key(world, decision));
        self.found.tests.push(Suggestion { name, text, reaches });
    }

    /// Whether neither a test nor a suggestion reaches an item.
    fn is_new(&self, at: usize) -> bool {
        !self.items.contains(&at) && self.coverage.items.get(at).is_some_and(|one| one.tests == 0)
    }

    fn with_place(&self, item: &Item) -> String {
        let (line, _) = self.sources.line_column(item.place);
        format!("{} ({}:{line})", item.what, self.sources.path(item.place.file))
    }

    fn unique(&self, title: String) -> String {
        if !self.names.contains(&title) {
            return title;
        }
        let numbered = (2usize..).map(|n| format!("{title} ({n})"));
        numbered.into_iter().find(|name| !self.names.contains(name)).unwrap_or(title)
    }
}
