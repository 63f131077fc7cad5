//! Statements resolved: rules, failover, budgets, quotas, attribution, audit, guarantees.

use super::build::Builder;
use super::force::{self, Ids};
use super::policy_parts::{
    Named, Written, attribution, budget_action, cost_action, kind_and_name, plain, said, spanned, terminal,
    texts, used_up,
};
use super::regions::ProcessIn;
use super::typing::Place;
use super::typing::sets::Aim;
use super::{
    Above, Arrow, Audit, Budget, BudgetAt, Candidates, Chains, Dimension, Expr, Failover, Guarantee,
    GuaranteePart, Id, ModelId, Per, Prefer, PreferKind, Promise, Quota, Rule, Terminal, Test, UsedUp,
    VocabularyKind, World,
};
use crate::number::whole;
use crate::source::{Span, Spanned};
use crate::syntax::tree::{
    self, AuditClause, Block, BudgetClause, FailoverClause, GuaranteeClause, Name, Period, Preference,
    QuotaClause, QuotaPeriod, QuotaUnit, RuleClause, Statement, StatementKind,
};

/// Most targets after the primary where a failover statement does not say.
const DEFAULT_LIMIT: u64 = 2;

/// Picks the statements of one kind with a name.
macro_rules! blocks {
    ($statements:expr, $kind:ident) => {
        $statements.iter().filter_map(|statement| match &statement.kind {
            StatementKind::$kind(block) => Some(Written {
                name: &block.name,
                head: statement.head,
                force: statement.kind.force(),
                item: block,
            }),
            _ => None,
        })
    };
}

impl Builder {
    /// Resolves every statement into the world.
    pub(super) fn policies(&mut self, statements: &[&Statement], world: &mut World) {
        for statement in statements {
            if let Some((kind, name)) = kind_and_name(&statement.kind) {
                self.statement_kinds.entry(name.text.clone()).or_insert(kind);
            }
        }
        let budgets = self.named("budget", blocks!(statements, Budget));
        self.budget_ids = budgets.ids.numbered();
        let rules = statements.iter().filter_map(|statement| match &statement.kind {
            StatementKind::Rule(rule) => Some(Written {
                name: &rule.block.name,
                head: statement.head,
                force: statement.kind.force(),
                item: rule,
            }),
            _ => None,
        });
        let rules = self.named("rule", rules);
        world.rules = rules.lowered(self, |builder, rule| builder.rule(rule, &rules.ids));
        let failovers = self.named("failover statement", blocks!(statements, Failover));
        world.failovers =
            failovers.lowered(self, |builder, it| builder.failover(it.head, it.item, &failovers.ids));
        world.budgets = budgets.lowered(self, |builder, it| builder.budget(it.head, it.item, &budgets.ids));
        let quotas = self.named("quota", blocks!(statements, Quota));
        world.quotas = quotas.lowered(self, |builder, it| builder.quota(it.head, it.item));
        let audits = self.named("audit statement", blocks!(statements, Audit));
        world.audits = audits.lowered(self, |builder, it| builder.audit(it.head, it.item));
        let guarantees = self.named("guarantee", blocks!(statements, Guarantee));
        world.guarantees = guarantees.lowered(self, |builder, it| builder.guarantee(it.head, it.item));
        world.attribution = statements.iter().find_map(|statement| match &statement.kind {
            StatementKind::Attribution(clauses) => Some(attribution(statement.head, clauses)),
            _ => None,
        });
        let tests: Named<_, Test> = self.named("test", blocks!(statements, Test));
        let lowered = tests.lowered(self, |builder, it| builder.test(it.head, it.item, &rules.ids));
        world.tests = lowered.into_iter().flatten().collect();
        force::succeed(&mut self.timed);
        world.timed = std::mem::take(&mut self.timed);
    }

    /// A condition whose thresholds on what remains of budgets make bands.
    fn condition(&mut self, written: &tree::Expr, place: Place) -> Option<Expr> {
        let expr = self.expr(written, place)?;
        self.note_cuts(&expr);
        Some(expr)
    }

    fn rule(&mut self, statement: &Written<tree::Rule>, ids: &Ids<Rule>) -> Rule {
        let written = statement.item;
        let mut rule = Rule {
            name: spanned(statement.name),
            head: statement.head,
            tier: written.tier,
            when: None,
            promises: Vec::new(),
            process_in: Vec::new(),
            prefers: Vec::new(),
            overrides: Vec::new(),
            because: None,
        };
        for clause in &written.block.clauses {
            let span = clause.span;
            match &clause.kind {
                RuleClause::When(expr) => rule.when = self.condition(expr, Place::Request),
                RuleClause::Require(expr) | RuleClause::Forbid(expr) => {
                    let forbid = matches!(clause.kind, RuleClause::Forbid(_));
                    self.aim = if forbid { Aim::Forbid } else { Aim::Require };
                    let expr = self.condition(expr, Place::Candidate);
                    self.aim = Aim::Ask;
                    rule.promises.extend(expr.map(|expr| Promise { forbid, expr, span }));
                }
                RuleClause::ProcessIn(names) => {
                    let before = self.findings.len();
                    let places = names.iter().filter_map(|name| self.place(name)).collect();
                    self.listed(before, &names.iter().map(|name| name.text.as_str()));
                    rule.process_in.push(ProcessIn { places, span });
                }
                RuleClause::From(_) | RuleClause::Until(_) => {}
                RuleClause::Prefer(preference) => {
                    rule.prefers.extend(self.preference(preference).map(|kind| Prefer { kind, span }));
                }
                RuleClause::Overrides(names) => rule.overrides = self.overrides("rule", names, ids),
                RuleClause::Because(text) => rule.because = said(text),
            }
        }
        rule
    }

    fn overrides<E>(&mut self, what: &str, names: &[Name], ids: &Ids<E>) -> Vec<Spanned<Id<E>>> {
        names.iter().filter_map(|name| self.statement(what, name, ids)).collect()
    }

    fn preference(&mut self, written: &Preference) -> Option<PreferKind> {
        Some(match written {
            Preference::Cheapest => PreferKind::Cheapest,
            Preference::Fastest => PreferKind::Fastest,
            Preference::MostAvailable => PreferKind::MostAvailable,
            Preference::Where(expr) => PreferKind::Where(self.condition(expr, Place::Candidate)?),
            Preference::Selectors(list) => {
                let before = self.findings.len();
                let selectors =
                    list.iter().filter_map(|selector| self.preferred(selector, list.len() == 1)).collect();
                self.listed(before, &list.iter().filter_map(plain));
                PreferKind::Selectors(selectors)
            }
        })
    }

    fn failover(&mut self, head: Span, block: &Block<FailoverClause>, ids: &Ids<Failover>) -> Failover {
        let mut failover = Failover {
            name: spanned(&block.name),
            head,
            when: None,
            on: None,
            candidates: Candidates::None,
            matches: Vec::new(),
            limit: DEFAULT_LIMIT,
            above: Vec::new(),
            retry: 0,
            cooldown: None,
            then: Terminal::Block,
            log_as: None,
            notify: Vec::new(),
            overrides: Vec::new(),
            because: None,
        };
        let mut chains = Chains::default();
        for clause in &block.clauses {
            match &clause.kind {
                FailoverClause::When(expr) => failover.when = self.condition(expr, Place::Request),
                FailoverClause::On(list) => {
                    failover.on = Some(self.triggers(list));
                }
                FailoverClause::Chain(chain) => {
                    self.chain(chain, &mut chains);
                    failover.candidates = Candidates::Chains(Chains::default());
                }
                FailoverClause::FollowRegistry => failover.candidates = Candidates::Registry,
                FailoverClause::FollowRanking => failover.candidates = Candidates::Ranking,
                FailoverClause::None => failover.candidates = Candidates::None,
                FailoverClause::Match(aspects) => failover.matches.clone_from(aspects),
                FailoverClause::Limit(quantity) => {
                    failover.limit = self.whole("the limit of hops", quantity);
                }
                FailoverClause::Above(threshold, action) => failover.above.push(Above {
                    multiplier: threshold.value.clone(),
                    action: cost_action(action),
                    span: clause.span,
                }),
                FailoverClause::Retry(quantity) => {
                    failover.retry = self.whole("the number of retries", quantity);
                }
                FailoverClause::Cooldown(duration) => failover.cooldown = Some(duration.value.clone()),
                FailoverClause::Then(written) => failover.then = terminal(written),
                FailoverClause::LogAs(name) => failover.log_as = Some(name.text.clone()),
                FailoverClause::Notify(list) => failover.notify = texts(list),
                FailoverClause::Overrides(names) => {
                    failover.overrides = self.overrides("failover statement", names, ids);
                }
                FailoverClause::From(_) | FailoverClause::Until(_) => {}
                FailoverClause::Because(text) => failover.because = said(text),
            }
        }
        if let Candidates::Chains(path) = &mut failover.candidates {
            chains.members.sort_unstable();
            chains.members.dedup();
            *path = chains;
        }
        failover
    }

    fn chain(&mut self, written: &tree::Chain, chains: &mut Chains) {
        let selectors = &written.models;
        let models: Vec<Option<ModelId>> = selectors.iter().map(|s| self.model_selector(s)).collect();
        chains.members.extend(models.iter().flatten());
        let pairs = models.iter().zip(models.iter().zip(selectors).skip(1));
        for ((from, (to, to_written)), arrow) in pairs.zip(&written.arrows) {
            if let (Some(from), Some(to)) = (*from, *to) {
                let span = arrow.to(to_written.span);
                chains.push(Arrow { from, to, span, to_span: to_written.span });
            }
        }
    }

    fn budget(&mut self, head: Span, block: &Block<BudgetClause>, ids: &Ids<Budget>) -> Budget {
        let mut budget = Budget {
            name: spanned(&block.name),
            head,
            when: None,
            on: Vec::new(),
            per: None,
            limit: whole(0),
            limit_span: head,
            period: Period::Month,
            at: Vec::new(),
            mode: None,
            within: None,
            owner: None,
            escalate: Vec::new(),
            because: None,
        };
        for clause in &block.clauses {
            match &clause.kind {
                BudgetClause::When(expr) => budget.when = self.expr(expr, Place::Static),
                BudgetClause::On(list) => {
                    let before = self.findings.len();
                    budget.on = list.iter().filter_map(|selector| self.counted(selector)).collect();
                    self.listed(before, &list.iter().filter_map(plain));
                }
                BudgetClause::Per(per) => budget.per = self.per(per),
                BudgetClause::From(_) | BudgetClause::Until(_) => {}
                BudgetClause::Limit(limit, period) => {
                    budget.limit = limit.value.clone();
                    budget.limit_span = clause.span;
                    budget.period = *period;
                }
                BudgetClause::At(used, action) => {
                    self.at_most_all(used);
                    budget.at.push(BudgetAt { used: used.value.clone(), action: budget_action(action) });
                }
                BudgetClause::Mode(mode) => budget.mode = Some(*mode),
                BudgetClause::Within(name) => budget.within = self.statement("budget", name, ids),
                BudgetClause::Owner(text) => budget.owner = said(text),
                BudgetClause::Escalate(list) => budget.escalate = list.iter().filter_map(said).collect(),
                BudgetClause::Because(text) => budget.because = said(text),
            }
        }
        if !budget.at.iter().any(|at| at.used == whole(100)) {
            budget.at.push(BudgetAt { used: whole(100), action: super::BudgetAction::Block });
        }
        budget.at.sort_by(|a, b| a.used.cmp(&b.used));
        budget
    }

    fn quota(&mut self, head: Span, block: &Block<QuotaClause>) -> Quota {
        let mut quota = Quota {
            name: spanned(&block.name),
            head,
            when: None,
            on: None,
            per: None,
            requests_per_minute: None,
            tokens_per_minute: None,
            requests_per_day: None,
            tokens_per_day: None,
            then: UsedUp::Block,
            because: None,
        };
        for clause in &block.clauses {
            match &clause.kind {
                QuotaClause::When(expr) => quota.when = self.expr(expr, Place::Static),
                QuotaClause::On(selector) => quota.on = self.counted(selector),
                QuotaClause::Per(per) => quota.per = self.per(per),
                QuotaClause::Then(then) => quota.then = used_up(then),
                QuotaClause::From(_) | QuotaClause::Until(_) => {}
                QuotaClause::Limit(limit, unit, period) => {
                    let slot = match (unit, period) {
                        (QuotaUnit::Requests, QuotaPeriod::Minute) => &mut quota.requests_per_minute,
                        (QuotaUnit::Tokens, QuotaPeriod::Minute) => &mut quota.tokens_per_minute,
                        (QuotaUnit::Requests, QuotaPeriod::Day) => &mut quota.requests_per_day,
                        (QuotaUnit::Tokens, QuotaPeriod::Day) => &mut quota.tokens_per_day,
                    };
                    *slot = Some(self.whole("a quota's limit", limit));
                }
                QuotaClause::Because(text) => quota.because = said(text),
            }
        }
        quota
    }

    /// A dimension, or a fact; anything else is reported.
    fn per(&mut self, written: &tree::Per) -> Option<Per> {
        match written {
            tree::Per::Dimension(dimension, _) => Some(Per::Dimension(*dimension)),
            tree::Per::Name(name) => {
                let fact = self.fact_ids.get(&name.text).copied();
                if fact.is_none() {
                    let facts: Vec<String> = self.facts.iter().map(|fact| fact.name.clone()).collect();
                    let dimensions = Dimension::NAMES.iter().copied();
                    let candidates: Vec<&str> = facts.iter().map(String::as_str).chain(dimensions).collect();
                    self.unknown_word(name.span, "dimension or fact", &name.text, &candidates);
                }
                fact.map(Per::Fact)
            }
        }
    }

    fn audit(&mut self, head: Span, block: &Block<AuditClause>) -> Audit {
        let mut audit = Audit {
            name: spanned(&block.name),
            head,
            when: None,
            retain: None,
            lineage: None,
            mask: Vec::new(),
            owner: None,
            because: None,
        };
        for clause in &block.clauses {
            match &clause.kind {
                AuditClause::When(expr) => audit.when = self.expr(expr, Place::Static),
                AuditClause::Retain(duration) => audit.retain = Some(duration.value.clone()),
                AuditClause::LineageRequired => audit.lineage = Some(clause.span),
                AuditClause::Mask(names) => {
                    let before = self.findings.len();
                    for name in names {
                        self.member(VocabularyKind::Data, &name.text, name.span, false);
                    }
                    self.listed(before, &names.iter().map(|name| name.text.as_str()));
                    audit.mask = names.iter().map(|name| name.text.clone()).collect();
                    audit.mask.sort();
                    audit.mask.dedup();
                }
                AuditClause::Owner(text) => audit.owner = said(text),
                AuditClause::From(_) | AuditClause::Until(_) => {}
                AuditClause::Because(text) => audit.because = said(text),
            }
        }
        audit
    }

    fn guarantee(&mut self, head: Span, block: &Block<GuaranteeClause>) -> Guarantee {
        let mut guarantee =
            Guarantee { name: spanned(&block.name), head, premise: None, parts: Vec::new(), because: None };
        for clause in &block.clauses {
            match &clause.kind {
                GuaranteeClause::For(expr) => guarantee.premise = self.condition(expr, Place::Premise),
                GuaranteeClause::Always(expr) | GuaranteeClause::Never(expr) => {
                    let never = matches!(clause.kind, GuaranteeClause::Never(_));
                    let expr = self.condition(expr, Place::Chain);
                    let part = expr.map(|expr| GuaranteePart { never, expr, span: clause.span });
                    guarantee.parts.extend(part);
                }
                GuaranteeClause::From(_) | GuaranteeClause::Until(_) => {}
                GuaranteeClause::Because(text) => guarantee.because = said(text),
            }
        }
        guarantee
    }
}
