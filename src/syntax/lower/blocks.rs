//! Statements with a block, and the clauses of each.

use crate::syntax::grammar::{Pair, Rule};
use crate::syntax::tree::{
    self, AttributionClause, AuditClause, BudgetClause, FailoverClause, GuaranteeClause, QuotaClause,
    RuleClause, StatementKind, TestClause,
};

use super::{Lower, child, first};
use crate::vocabulary::{Aspect, Dimension, Mode, Period, QuotaPeriod, QuotaUnit, Tier, Trigger};

impl Lower<'_> {
    /// A statement with a block.
    pub(super) fn block_statement(&mut self, pair: &Pair<'_>) -> Option<StatementKind> {
        Some(match pair.as_rule() {
            Rule::rule => {
                let tier = Tier::parse(child(pair, Rule::tier)?.as_str())?;
                let block = self.block(pair, Rule::rule_clause, Self::rule_clause)?;
                StatementKind::Rule(tree::Rule { tier, block })
            }
            Rule::failover => {
                StatementKind::Failover(self.block(pair, Rule::failover_clause, Self::failover_clause)?)
            }
            Rule::budget => {
                StatementKind::Budget(self.block(pair, Rule::budget_clause, Self::budget_clause)?)
            }
            Rule::quota => StatementKind::Quota(self.block(pair, Rule::quota_clause, Self::quota_clause)?),
            Rule::attribution => StatementKind::Attribution(self.clauses(
                pair,
                Rule::attribution_clause,
                Self::attribution_clause,
            )?),
            Rule::audit => StatementKind::Audit(self.block(pair, Rule::audit_clause, Self::audit_clause)?),
            Rule::guarantee => {
                StatementKind::Guarantee(self.block(pair, Rule::guarantee_clause, Self::guarantee_clause)?)
            }
            Rule::test => StatementKind::Test(self.block(pair, Rule::test_clause, Self::test_clause)?),
            _ => return None,
        })
    }

    fn rule_clause(&mut self, pair: &Pair<'_>) -> Option<RuleClause> {
        Some(match pair.as_rule() {
            Rule::when_clause => RuleClause::When(self.expr_in(pair)?),
            Rule::require_clause => RuleClause::Require(self.expr_in(pair)?),
            Rule::forbid_clause => RuleClause::Forbid(self.expr_in(pair)?),
            Rule::process_clause => RuleClause::ProcessIn(self.name_list(&child(pair, Rule::names)?)?),
            Rule::prefer_clause => RuleClause::Prefer(self.preference(&child(pair, Rule::preference)?)?),
            Rule::overrides_clause => RuleClause::Overrides(self.name_list(&child(pair, Rule::names)?)?),
            Rule::from_clause => RuleClause::From(self.day(&child(pair, Rule::date)?)),
            Rule::until_clause => RuleClause::Until(self.day(&child(pair, Rule::date)?)),
            Rule::because_clause => RuleClause::Because(self.text_in(pair)?),
            _ => return None,
        })
    }

    fn failover_clause(&mut self, pair: &Pair<'_>) -> Option<FailoverClause> {
        Some(match pair.as_rule() {
            Rule::when_clause => FailoverClause::When(self.expr_in(pair)?),
            Rule::on_clause => {
                let list = child(pair, Rule::triggers)?;
                FailoverClause::On(self.words(&list, Rule::trigger, Trigger::parse)?)
            }
            Rule::chain_clause => FailoverClause::Chain(self.chain(&child(pair, Rule::chain)?)?),
            Rule::follow_clause if child(pair, Rule::kw_registry).is_some() => FailoverClause::FollowRegistry,
            Rule::follow_clause => FailoverClause::FollowRanking,
            Rule::none_clause => FailoverClause::None,
            Rule::match_clause => {
                let list = child(pair, Rule::aspects)?;
                FailoverClause::Match(self.words(&list, Rule::aspect, Aspect::parse)?)
            }
            Rule::hops_clause => FailoverClause::Limit(self.counted(pair)?),
            Rule::above_clause => {
                let action = child(pair, Rule::cost_action)?;
                FailoverClause::Above(self.counted(pair)?, self.cost_action(&action)?)
            }
            Rule::retry_clause => FailoverClause::Retry(self.counted(pair)?),
            Rule::cooldown_clause => FailoverClause::Cooldown(self.duration(&child(pair, Rule::duration)?)?),
            Rule::then_clause => FailoverClause::Then(self.terminal(&child(pair, Rule::terminal)?)?),
            Rule::log_clause => FailoverClause::LogAs(self.name(&child(pair, Rule::name)?)?),
            Rule::notify_clause => FailoverClause::Notify(self.texts(pair)),
            Rule::overrides_clause => FailoverClause::Overrides(self.name_list(&child(pair, Rule::names)?)?),
            Rule::from_clause => FailoverClause::From(self.day(&child(pair, Rule::date)?)),
            Rule::until_clause => FailoverClause::Until(self.day(&child(pair, Rule::date)?)),
            Rule::because_clause => FailoverClause::Because(self.text_in(pair)?),
            _ => return None,
        })
    }

    fn budget_clause(&mut self, pair: &Pair<'_>) -> Option<BudgetClause> {
        Some(match pair.as_rule() {
            Rule::when_clause => BudgetClause::When(self.expr_in(pair)?),
            Rule::spent_clause => BudgetClause::On(self.selectors(&child(pair, Rule::selectors)?)?),
            Rule::per_clause => BudgetClause::Per(self.per(pair)?),
            Rule::money_clause => {
                let period = Period::parse(child(pair, Rule::period)?.as_str())?;
                BudgetClause::Limit(self.counted(pair)?, period)
            }
            Rule::at_clause => {
                let action = child(pair, Rule::budget_action)?;
                BudgetClause::At(self.counted(pair)?, self.budget_action(&action)?)
            }
            Rule::mode_clause => BudgetClause::Mode(Mode::parse(child(pair, Rule::mode)?.as_str())?),
            Rule::within_clause => BudgetClause::Within(self.name(&child(pair, Rule::name)?)?),
            Rule::owner_clause => BudgetClause::Owner(self.text_in(pair)?),
            Rule::escalate_clause => BudgetClause::Escalate(self.texts(pair)),
            Rule::from_clause => BudgetClause::From(self.day(&child(pair, Rule::date)?)),
            Rule::until_clause => BudgetClause::Until(self.day(&child(pair, Rule::date)?)),
            Rule::because_clause => BudgetClause::Because(self.text_in(pair)?),
            _ => return None,
        })
    }

    fn quota_clause(&mut self, pair: &Pair<'_>) -> Option<QuotaClause> {
        Some(match pair.as_rule() {
            Rule::when_clause => QuotaClause::When(self.expr_in(pair)?),
            Rule::target_clause => QuotaClause::On(self.selector(&child(pair, Rule::selector)?)?),
            Rule::rate_clause => {
                let unit = QuotaUnit::parse(child(pair, Rule::quota_unit)?.as_str())?;
                let period = QuotaPeriod::parse(child(pair, Rule::quota_period)?.as_str())?;
                QuotaClause::Limit(self.counted(pair)?, unit, period)
            }
            Rule::per_clause => QuotaClause::Per(self.per(pair)?),
            Rule::used_up_clause => QuotaClause::Then(self.used_up(&child(pair, Rule::used_up)?)?),
            Rule::from_clause => QuotaClause::From(self.day(&child(pair, Rule::date)?)),
            Rule::until_clause => QuotaClause::Until(self.day(&child(pair, Rule::date)?)),
            Rule::because_clause => QuotaClause::Because(self.text_in(pair)?),
            _ => return None,
        })
    }

    fn attribution_clause(&mut self, pair: &Pair<'_>) -> Option<AttributionClause> {
        Some(match pair.as_rule() {
            Rule::attribute_clause => {
                let list = child(pair, Rule::dimensions)?;
                AttributionClause::Require(self.words(&list, Rule::dimension, Dimension::parse)?)
            }
            Rule::mode_clause => AttributionClause::Mode(Mode::parse(child(pair, Rule::mode)?.as_str())?),
            Rule::anomaly_clause => AttributionClause::AnomalyAbove(self.counted(pair)?),
            _ => return None,
        })
    }

    fn audit_clause(&mut self, pair: &Pair<'_>) -> Option<AuditClause> {
        Some(match pair.as_rule() {
            Rule::when_clause => AuditClause::When(self.expr_in(pair)?),
            Rule::retain_clause => AuditClause::Retain(self.duration(&child(pair, Rule::duration)?)?),
            Rule::lineage_clause => AuditClause::LineageRequired,
            Rule::mask_clause => AuditClause::Mask(self.new_names(&child(pair, Rule::names)?)?),
            Rule::owner_clause => AuditClause::Owner(self.text_in(pair)?),
            Rule::from_clause => AuditClause::From(self.day(&child(pair, Rule::date)?)),
            Rule::until_clause => AuditClause::Until(self.day(&child(pair, Rule::date)?)),
            Rule::because_clause => AuditClause::Because(self.text_in(pair)?),
            _ => return None,
        })
    }

    fn guarantee_clause(&mut self, pair: &Pair<'_>) -> Option<GuaranteeClause> {
        Some(match pair.as_rule() {
            Rule::for_clause => GuaranteeClause::For(self.expr_in(pair)?),
            Rule::always_clause => GuaranteeClause::Always(self.expr_in(pair)?),
            Rule::never_clause => GuaranteeClause::Never(self.expr_in(pair)?),
            Rule::from_clause => GuaranteeClause::From(self.day(&child(pair, Rule::date)?)),
            Rule::until_clause => GuaranteeClause::Until(self.day(&child(pair, Rule::date)?)),
            Rule::because_clause => GuaranteeClause::Because(self.text_in(pair)?),
            _ => return None,
        })
    }

    fn test_clause(&mut self, pair: &Pair<'_>) -> Option<TestClause> {
        Some(match pair.as_rule() {
            Rule::given_clause => TestClause::Given(self.given_list(pair)?),
            Rule::expect_clause => {
                let expectation = child(pair, Rule::expectation)?;
                TestClause::Expect(self.expectation(&first(&expectation)?)?)
            }
            _ => return None,
        })
    }
}
