//! `test` statements resolved.

use super::attribute::Attribute;
use super::build::Builder;
use super::force::Ids;
use super::policy_parts::spanned;
use super::{Expectation, FactId, FactValueId, Rule, Test, UseCaseId};
use crate::diag::{Finding, code};
use crate::number::{self, whole};
use crate::source::Span;
use crate::syntax::tree::{self, Block, Given, GivenKind, Name, Quantity, TestClause};

impl Builder {
    /// A test; `None` where its use case was reported.
    pub(super) fn test(&mut self, head: Span, block: &Block<TestClause>, rules: &Ids<Rule>) -> Option<Test> {
        let mut use_case = None;
        let mut test = Test {
            name: spanned(&block.name),
            head,
            use_case: UseCaseId::new(0),
            classification: None,
            budget: None,
            shares: Vec::new(),
            facts: Vec::new(),
            down: Vec::new(),
            on: None,
            expect: Vec::new(),
        };
        for clause in &block.clauses {
            match &clause.kind {
                TestClause::Given(list) => {
                    for given in list {
                        if let GivenKind::UseCase(name) = &given.kind {
                            use_case = use_case.or(self.use_case_reference(&name.text, name.span));
                        } else {
                            self.given(given, &mut test);
                        }
                    }
                }
                TestClause::Expect(written) => {
                    let expected = self.expectation(written, rules);
                    test.expect.extend(expected.map(|expected| (expected, clause.span)));
                }
            }
        }
        test.use_case = use_case?;
        Some(test)
    }

    fn given(&mut self, given: &Given, test: &mut Test) {
        match &given.kind {
            GivenKind::UseCase(_) => {}
            GivenKind::On(trigger) => test.on = test.on.or(Some(*trigger)),
            GivenKind::Share(name, percent) => {
                self.at_most_all(percent);
                if let Some(budget) = self.share(&name.text) {
                    test.shares.push((budget, percent.value.clone()));
                } else if self.budget_ids.contains_key(&name.text) {
                    let message = format!("the budget `{}` is given by what remains of it", name.text);
                    let help = format!("write `budget.{}.remaining`", name.text);
                    let finding = Finding::error(code::UNKNOWN_NAME, name.span, message);
                    self.find(finding.label("unknown name").help(help));
                } else {
                    if self.is_full(name.span.file) {
                        return;
                    }
                    let known: Vec<String> =
                        self.budget_ids.keys().map(|name| format!("budget.{name}.remaining")).collect();
                    let mut candidates: Vec<&str> = known.iter().map(String::as_str).collect();
                    candidates.push("budget.remaining");
                    self.unknown(name.span, "remaining share", &name.text, &candidates);
                }
            }
            GivenKind::Classification(name) => {
                test.classification = Some(self.level_of(&name.text, name.span));
            }
            GivenKind::BudgetRemaining(percent) => {
                self.at_most_all(percent);
                test.budget = Some(percent.value.clone());
            }
            GivenKind::Down(written) => test.down.extend(self.down(written)),
            GivenKind::Fact(name, value) => test.facts.extend(self.given_fact(name, value)),
        }
    }

    /// Reports a share of more than 100%.
    pub(super) fn at_most_all(&mut self, percent: &Quantity) {
        if percent.value > whole(100) {
            let message = format!("`{}%` is more than 100%", number::exact(&percent.value));
            self.find(
                Finding::error(code::TYPE_MISMATCH, percent.span, message)
                    .label("does not fit")
                    .help("write `100%` or less: it is a share of the limit"),
            );
        }
    }

    fn given_fact(&mut self, name: &Name, value: &Name) -> Option<(FactId, FactValueId)> {
        let Some(&id) = self.fact_ids.get(&name.text) else {
            if self.is_full(name.span.file) {
                return None;
            }
            let known: Vec<String> = self.facts.iter().map(|fact| fact.name.clone()).collect();
            let mut candidates: Vec<&str> = known.iter().map(String::as_str).collect();
            candidates.extend(["use_case", "classification", "budget.remaining", "down"]);
            if !self.is_down(name, value) {
                self.no_fact(name, &candidates);
            }
            return None;
        };
        let symbol = self.names.find(&value.text);
        let fact = &self.facts[id];
        let position = symbol.and_then(|symbol| fact.symbols.position(|known| *known == symbol));
        if position.is_none() && !self.is_full(value.span.file) {
            let values = fact.values.clone();
            let candidates: Vec<&str> = values.iter().map(String::as_str).collect();
            let what = format!("value of the fact `{}`", name.text);
            self.unknown_word(value.span, &what, &value.text, &candidates);
        }
        position.map(|position| (id, position))
    }

    /// Reports `openai down` and `without openai`, where what is down is meant.
    fn is_down(&mut self, name: &Name, value: &Name) -> bool {
        const WITHOUT: [&str; 9] = [
            "without",
            "except",
            "unavailable",
            "failed",
            "offline",
            "outage",
            "outages",
            "failing",
            "unreachable",
        ];
        const DOWN: [&str; 5] = ["down", "unavailable", "fails", "failed", "offline"];
        let known = |name: &Name| self.references.providers.contains_key(&name.text);
        let meant = if DOWN.contains(&value.text.as_str()) && known(name) {
            name
        } else if WITHOUT.contains(&name.text.as_str()) && known(value) {
            value
        } else {
            return false;
        };
        let help = format!("write `down {}`", meant.text);
        self.find(Finding::missing("fact", &name.text, name.span).help(help));
        true
    }

    /// Reports what is given and is not a fact: what the estate states of a use case is not given.
    fn no_fact(&mut self, name: &Name, candidates: &[&str]) {
        if !matches!(Attribute::named(&name.text), Some(Attribute::Request(_))) {
            return self.unknown_word(name.span, "fact", &name.text, candidates);
        }
        let message = format!("`{}` is not a fact, so a test does not give it", name.text);
        let help = format!("leave it out: the estate states the `{}` of a use case", name.text);
        self.find(Finding::error(code::UNKNOWN_NAME, name.span, message).label("not given").help(help));
    }

    fn expectation(&mut self, written: &tree::Expectation, rules: &Ids<Rule>) -> Option<Expectation> {
        Some(match written {
            tree::Expectation::Targets(list, then) => Expectation::Targets(self.targets(list)?, *then),
            tree::Expectation::Primary(selector) => Expectation::Primary(self.expected_primary(selector)?),
            tree::Expectation::Never(selector) => Expectation::Never(self.selector(selector)?),
            tree::Expectation::Terminal(kind) => Expectation::Terminal(*kind),
            tree::Expectation::Unroutable => Expectation::Unroutable,
            tree::Expectation::Rule(name) => match self.statement("rule", name, rules) {
                Some(rule) => Expectation::Rule(rule.value),
                None => Expectation::RestingRule(name.text.clone()),
            },
        })
    }
}
