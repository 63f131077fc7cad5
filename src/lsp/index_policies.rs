//! The names of policies.

use std::collections::BTreeMap;

use super::index::{Kind, Names, Occurrence, Symbol, reference};
use crate::model::Table;
use crate::model::attribute::{Attribute, Domain, Order, Type};
use crate::source::{Sources, Span, Spanned};
use crate::syntax::tree::{
    AuditClause, BudgetClause, Expectation, Expr, ExprKind, FactDomain, FailoverClause, File, GivenKind,
    GuaranteeClause, Name, Operand, OperandKind, Per, Preference, QuotaClause, Region, RuleClause, Selector,
    SelectorKind, StatementKind, TestClause, VocabularyKind,
};

/// Collects every name of the policies; what stands before the `*` of their patterns.
pub(super) fn collect(
    files: &[File],
    sources: &Sources,
    names: &Names,
    all: &mut Vec<Occurrence>,
) -> Vec<Spanned<String>> {
    let mut facts = BTreeMap::new();
    for statement in files.iter().flat_map(|file| &file.statements) {
        if let StatementKind::Fact(fact) = &statement.kind {
            facts.insert(fact.name.text.clone(), &fact.domain);
        }
    }
    let mut collect = Collect { sources, names, facts, all, patterns: Vec::new() };
    for statement in files.iter().flat_map(|file| &file.statements) {
        collect.statement(&statement.kind);
    }
    collect.patterns
}

struct Collect<'a> {
    sources: &'a Sources,
    names: &'a Names,
    facts: BTreeMap<String, &'a FactDomain>,
    all: &'a mut Vec<Occurrence>,
    patterns: Vec<Spanned<String>>,
}

impl Collect<'_> {
    fn push(&mut self, kind: Kind, text: &str, span: Span, is_definition: bool) {
        let one = Occurrence::of(Symbol::new(kind, text), span);
        self.all.push(Occurrence { is_definition, ..one });
    }

    /// A name that is an attribute or a fact where it has no quotes and is one.
    fn read(&mut self, kind: Kind, text: &str, span: Span) {
        let one = Occurrence::of(Symbol::new(kind, text), span);
        self.all.push(Occurrence { is_read: true, ..one });
    }

    fn define(&mut self, kind: Kind, name: &Name) {
        self.push(kind, &name.text, name.span, true);
    }

    fn mention(&mut self, kind: Kind, name: &Name) {
        self.push(kind, &name.text, name.span, false);
    }

    fn statement(&mut self, kind: &StatementKind) {
        match kind {
            StatementKind::Classifications(names) => {
                for name in names {
                    self.define(Kind::Classification, name);
                }
            }
            StatementKind::Regions(regions) => regions.iter().for_each(|region| self.region(region)),
            StatementKind::Vocabulary(kind, names) => {
                for name in names {
                    self.define(Kind::Word(*kind), name);
                }
            }
            StatementKind::Precedence(_) | StatementKind::Attribution(_) => {}
            StatementKind::Fact(fact) => {
                self.define(Kind::Fact, &fact.name);
                if let FactDomain::Values(values) = &fact.domain {
                    for value in values {
                        self.define(Kind::Value(fact.name.text.clone()), value);
                    }
                }
                let kind = self.values_of_fact(&fact.name.text);
                self.mention(kind, &fact.default);
            }
            StatementKind::Rule(rule) => {
                self.define(Kind::Rule, &rule.block.name);
                rule.block.clauses.iter().for_each(|clause| self.rule_clause(&clause.kind));
            }
            StatementKind::Failover(block) => {
                self.define(Kind::Failover, &block.name);
                block.clauses.iter().for_each(|clause| self.failover_clause(&clause.kind));
            }
            StatementKind::Budget(block) => {
                self.define(Kind::Budget, &block.name);
                block.clauses.iter().for_each(|clause| self.budget_clause(&clause.kind));
            }
            StatementKind::Quota(block) => {
                self.define(Kind::Quota, &block.name);
                block.clauses.iter().for_each(|clause| self.quota_clause(&clause.kind));
            }
            StatementKind::Audit(block) => {
                self.define(Kind::Audit, &block.name);
                block.clauses.iter().for_each(|clause| self.audit_clause(&clause.kind));
            }
            StatementKind::Guarantee(block) => {
                self.define(Kind::Guarantee, &block.name);
                for clause in &block.clauses {
                    if let GuaranteeClause::For(expr)
                    | GuaranteeClause::Always(expr)
                    | GuaranteeClause::Never(expr) = &clause.kind
                    {
                        self.expr(expr);
                    }
                }
            }
            StatementKind::Test(block) => {
                self.define(Kind::Test, &block.name);
                block.clauses.iter().for_each(|clause| self.test_clause(&clause.kind));
            }
        }
    }

    fn audit_clause(&mut self, clause: &AuditClause) {
        match clause {
            AuditClause::When(expr) => self.expr(expr),
            AuditClause::Mask(names) => {
                for name in names {
                    self.mention(Kind::Word(VocabularyKind::Data), name);
                }
            }
            _ => {}
        }
    }

    fn region(&mut self, region: &Region) {
        self.define(Kind::Word(VocabularyKind::Regions), &region.name);
        region.within.iter().for_each(|inner| self.region(inner));
    }

    fn rule_clause(&mut self, clause: &RuleClause) {
        match clause {
            RuleClause::When(expr) | RuleClause::Require(expr) | RuleClause::Forbid(expr) => self.expr(expr),
            RuleClause::Prefer(Preference::Where(expr)) => self.expr(expr),
            RuleClause::ProcessIn(names) => {
                for name in names {
                    let is_fact = !name.quoted && self.facts.contains_key(&name.text);
                    let kind = if is_fact { Kind::Fact } else { Kind::Word(VocabularyKind::Regions) };
                    self.read(kind, &name.text, name.span);
                }
            }
            RuleClause::Prefer(Preference::Selectors(list)) => list.iter().for_each(|one| self.selector(one)),
            RuleClause::Overrides(names) => names.iter().for_each(|name| self.mention(Kind::Rule, name)),
            RuleClause::Prefer(_) | RuleClause::From(_) | RuleClause::Until(_) | RuleClause::Because(_) => {}
        }
    }

    fn failover_clause(&mut self, clause: &FailoverClause) {
        match clause {
            FailoverClause::When(expr) => self.expr(expr),
            FailoverClause::Chain(chain) => chain.models.iter().for_each(|one| self.selector(one)),
            FailoverClause::Overrides(names) => {
                for name in names {
                    self.mention(Kind::Failover, name);
                }
            }
            _ => {}
        }
    }

    fn budget_clause(&mut self, clause: &BudgetClause) {
        match clause {
            BudgetClause::When(expr) => self.expr(expr),
            BudgetClause::On(list) => list.iter().for_each(|one| self.selector(one)),
            BudgetClause::Within(name) => self.mention(Kind::Budget, name),
            BudgetClause::Per(Per::Name(name)) => self.mention(Kind::Fact, name),
            _ => {}
        }
    }

    fn quota_clause(&mut self, clause: &QuotaClause) {
        match clause {
            QuotaClause::When(expr) => self.expr(expr),
            QuotaClause::On(one) => self.selector(one),
            QuotaClause::Per(Per::Name(name)) => self.mention(Kind::Fact, name),
            _ => {}
        }
    }

    fn test_clause(&mut self, clause: &TestClause) {
        match clause {
            TestClause::Given(list) => {
                for given in list {
                    match &given.kind {
                        GivenKind::UseCase(name) => self.use_case(&name.text, name.span),
                        GivenKind::Classification(name) => self.mention(Kind::Classification, name),
                        GivenKind::Down(selector) => self.selector(selector),
                        GivenKind::Share(name, _) => self.share(&name.text, name.span),
                        GivenKind::Fact(fact, value) => {
                            self.mention(Kind::Fact, fact);
                            let kind = self.values_of_fact(&fact.text);
                            self.mention(kind, value);
                        }
                        GivenKind::BudgetRemaining(_) | GivenKind::On(_) => {}
                    }
                }
            }
            TestClause::Expect(expected) => match expected {
                Expectation::Targets(list, _) => list.iter().for_each(|one| self.selector(one)),
                Expectation::Primary(one) | Expectation::Never(one) => self.selector(one),
                Expectation::Rule(name) => self.mention(Kind::Rule, name),
                Expectation::Terminal(_) | Expectation::Unroutable => {}
            },
        }
    }

    fn selector(&mut self, selector: &Selector) {
        let text = match &selector.kind {
            SelectorKind::Model { provider, name } => format!("{provider}/{name}"),
            SelectorKind::Name { text, .. } => text.clone(),
        };
        self.reference(&text, selector.span);
    }

    fn reference(&mut self, text: &str, span: Span) {
        reference(self.names, text, span, self.sources.text(span), self.all);
    }

    fn use_case(&mut self, text: &str, span: Span) {
        if let Some((name, is_name)) = self.names.use_cases.get(text) {
            let symbol = Symbol::new(Kind::UseCase, name.clone());
            self.all.push(Occurrence { is_other_name: !is_name, ..Occurrence::of(symbol, span) });
        }
    }

    /// `budget.NAME.remaining`: the name alone.
    fn share(&mut self, text: &str, span: Span) {
        let (before, after) = ("budget.", ".remaining");
        let Some(name) = text.strip_prefix(before).and_then(|rest| rest.strip_suffix(after)) else { return };
        if (span.end - span.start) as usize == text.len() {
            let start = span.start + u32::try_from(before.len()).unwrap_or(0);
            let end = span.end - u32::try_from(after.len()).unwrap_or(0);
            self.push(Kind::Budget, name, Span { start, end, ..span }, false);
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Or(parts) | ExprKind::And(parts) => parts.iter().for_each(|part| self.expr(part)),
            ExprKind::Not(inner) | ExprKind::Paren(inner) => self.expr(inner),
            ExprKind::Alone(operand) => self.left(operand),
            ExprKind::Compare(left, _, right)
            | ExprKind::Has(left, right)
            | ExprKind::Covers(left, right) => {
                self.left(left);
                self.right(left, right);
            }
            ExprKind::In(left, list) => {
                self.left(left);
                for right in list {
                    self.right(left, right);
                }
            }
        }
    }

    /// An operand that is read: a fact, or what remains of a budget.
    fn left(&mut self, operand: &Operand) {
        if let OperandKind::Name(name) = &operand.kind {
            if self.facts.contains_key(name) {
                self.read(Kind::Fact, name, operand.span);
            } else {
                self.share(name, operand.span);
            }
        }
    }

    /// An operand that another one is compared with.
    fn right(&mut self, left: &Operand, right: &Operand) {
        let OperandKind::Name(attribute) = &left.kind else { return };
        let (text, is_name) = match &right.kind {
            OperandKind::Name(text) => (text.clone(), true),
            OperandKind::Quoted(text) => (text.clone(), false),
            OperandKind::Model { provider, name } => (format!("{provider}/{name}"), false),
            OperandKind::Pattern(text) => {
                return self.patterns.push(Spanned::new(text.clone(), right.span));
            }
            _ => return,
        };
        if is_name && (Attribute::named(&text).is_some() || self.facts.contains_key(&text)) {
            return self.left(right);
        }
        match self.values_of(attribute) {
            Some(Kind::UseCase) => self.use_case(&text, right.span),
            Some(Kind::Model | Kind::Provider) => self.reference(&text, right.span),
            Some(kind) => self.push(kind, &text, right.span, false),
            None => {}
        }
        let is_here =
            |one: &&mut Occurrence| one.span.file == right.span.file && one.span.start >= right.span.start;
        self.all.iter_mut().rev().take_while(is_here).for_each(|one| one.is_read = true);
    }

    fn values_of(&self, attribute: &str) -> Option<Kind> {
        if self.facts.contains_key(attribute) {
            return Some(self.values_of_fact(attribute));
        }
        values_of(Attribute::named(attribute)?)
    }

    fn values_of_fact(&self, fact: &str) -> Kind {
        match self.facts.get(fact) {
            Some(FactDomain::Regions(_)) => Kind::Word(VocabularyKind::Regions),
            Some(FactDomain::Classifications(_)) => Kind::Classification,
            Some(FactDomain::Values(_)) | None => Kind::Value(fact.to_owned()),
        }
    }
}

/// What the values of an attribute are names of, where the workspace says which there are.
pub(super) fn values_of(attribute: Attribute) -> Option<Kind> {
    match attribute.type_of(&Table::default()) {
        Type::Names(Domain::UseCase) => Some(Kind::UseCase),
        Type::Names(Domain::BusinessUnit) => Some(Kind::Word(VocabularyKind::BusinessUnits)),
        Type::Names(Domain::Team) => Some(Kind::Word(VocabularyKind::Teams)),
        Type::Names(Domain::Project) => Some(Kind::Word(VocabularyKind::Projects)),
        Type::Names(Domain::Application) => Some(Kind::Word(VocabularyKind::Applications)),
        Type::Names(Domain::ModelId) => Some(Kind::Model),
        Type::Names(Domain::Provider) => Some(Kind::Provider),
        Type::Ordered(Order::Classification) => Some(Kind::Classification),
        Type::Set(kind) => Some(Kind::Word(kind)),
        _ => None,
    }
}
