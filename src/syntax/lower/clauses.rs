//! The parts of clauses: lists of words, preferences, actions, terminals, what tests give and expect.

use crate::source::Span;
use crate::syntax::grammar::{Pair, Rule};
use crate::syntax::tree::{
    BudgetAction, CostAction, Dimension, Expectation, Given, GivenKind, Per, Preference, Quantity, Terminal,
    TerminalKind, Text, Trigger, UsedUp,
};

use super::{Lower, child, children, first, last};

impl Lower<'_> {
    /// The string among the children.
    pub(super) fn text_in(&self, pair: &Pair<'_>) -> Option<Text> {
        child(pair, Rule::string).map(|string| self.text(&string))
    }

    /// A list of words with a meaning.
    pub(super) fn words<T>(
        &self,
        pair: &Pair<'_>,
        kind: Rule,
        meaning: impl Fn(&str) -> Option<T>,
    ) -> Option<Vec<(T, Span)>> {
        children(pair, kind).map(|word| Some((meaning(word.as_str())?, self.span(&word)))).collect()
    }

    /// What a `prefer` orders by.
    pub(super) fn preference(&mut self, pair: &Pair<'_>) -> Option<Preference> {
        let inner = first(pair)?;
        Some(match inner.as_rule() {
            Rule::kw_cheapest => Preference::Cheapest,
            Rule::kw_fastest => Preference::Fastest,
            Rule::kw_most_available => Preference::MostAvailable,
            Rule::preference_where => Preference::Where(self.expr_in(&inner)?),
            Rule::selectors => Preference::Selectors(self.selectors(&inner)?),
            _ => return None,
        })
    }

    /// What happens to a target that costs too much.
    pub(super) fn cost_action(&mut self, pair: &Pair<'_>) -> Option<CostAction> {
        let inner = first(pair)?;
        Some(match inner.as_rule() {
            Rule::notify_action => CostAction::Notify(self.texts(&inner)),
            Rule::kw_confirm => CostAction::Confirm,
            Rule::kw_throttle => CostAction::Throttle,
            Rule::kw_block => CostAction::Block,
            _ => return None,
        })
    }

    /// What a budget does.
    pub(super) fn budget_action(&mut self, pair: &Pair<'_>) -> Option<BudgetAction> {
        let inner = first(pair)?;
        Some(match inner.as_rule() {
            Rule::notify_action => BudgetAction::Notify(self.texts(&inner)),
            Rule::kw_throttle => BudgetAction::Throttle,
            Rule::kw_queue => BudgetAction::Queue,
            Rule::kw_block => BudgetAction::Block,
            _ => return None,
        })
    }

    /// What there is one limit for each value of.
    pub(super) fn per(&mut self, pair: &Pair<'_>) -> Option<Per> {
        let what = last(pair)?;
        Some(match what.as_rule() {
            Rule::dimension => Per::Dimension(Dimension::parse(what.as_str())?, self.span(&what)),
            Rule::name => Per::Name(self.name(&what)?),
            _ => return None,
        })
    }

    /// What a quota answers that is used up.
    pub(super) fn used_up(&mut self, pair: &Pair<'_>) -> Option<UsedUp> {
        let inner = first(pair)?;
        Some(match inner.as_rule() {
            Rule::queue_terminal => UsedUp::Queue(self.queued(&inner).ok()?),
            Rule::kw_failover => UsedUp::Failover,
            Rule::kw_block => UsedUp::Block,
            _ => return None,
        })
    }

    /// For how long a `queue` waits, if it says; an error where it says so in a way that was reported.
    fn queued(&mut self, pair: &Pair<'_>) -> Result<Option<Quantity>, ()> {
        child(pair, Rule::duration).map(|duration| self.duration(&duration).ok_or(())).transpose()
    }

    /// Where a failover ends.
    pub(super) fn terminal(&mut self, pair: &Pair<'_>) -> Option<Terminal> {
        let inner = first(pair)?;
        Some(match inner.as_rule() {
            Rule::queue_terminal => Terminal::Queue(self.queued(&inner).ok()?),
            Rule::degrade_terminal => Terminal::Degrade(self.text_in(&inner)),
            Rule::kw_block => Terminal::Block,
            _ => return None,
        })
    }

    /// What a test is given.
    pub(super) fn given_list(&mut self, pair: &Pair<'_>) -> Option<Vec<Given>> {
        children(pair, Rule::given)
            .map(|given| {
                let inner = first(&given)?;
                Some(Given { span: self.span(&inner), kind: self.given(&inner)? })
            })
            .collect()
    }

    fn given(&mut self, pair: &Pair<'_>) -> Option<GivenKind> {
        Some(match pair.as_rule() {
            Rule::given_use_case => GivenKind::UseCase(self.name(&child(pair, Rule::name)?)?),
            Rule::given_classification => GivenKind::Classification(self.name(&child(pair, Rule::name)?)?),
            Rule::given_budget => GivenKind::BudgetRemaining(self.counted(pair)?),
            Rule::given_down => GivenKind::Down(self.selector(&child(pair, Rule::selector)?)?),
            Rule::given_on => GivenKind::On(Trigger::parse(child(pair, Rule::trigger)?.as_str())?),
            Rule::given_share => {
                let name = self.name(&child(pair, Rule::name)?)?;
                GivenKind::Share(name, self.counted(pair)?)
            }
            Rule::given_fact => {
                let mut names = children(pair, Rule::name);
                GivenKind::Fact(self.name(&names.next()?)?, self.name(&names.next()?)?)
            }
            _ => return None,
        })
    }

    /// What a test expects.
    pub(super) fn expectation(&mut self, pair: &Pair<'_>) -> Option<Expectation> {
        let kind = |pair: &Pair<'_>| {
            child(pair, Rule::terminal_kind).and_then(|kind| TerminalKind::parse(kind.as_str()))
        };
        Some(match pair.as_rule() {
            Rule::expect_targets => {
                let targets = self.selectors(&child(pair, Rule::chain)?)?;
                Expectation::Targets(targets, kind(pair))
            }
            Rule::expect_primary => Expectation::Primary(self.selector(&child(pair, Rule::selector)?)?),
            Rule::expect_never => Expectation::Never(self.selector(&child(pair, Rule::selector)?)?),
            Rule::expect_terminal => Expectation::Terminal(kind(pair)?),
            Rule::kw_unroutable => Expectation::Unroutable,
            Rule::expect_rule => Expectation::Rule(self.name(&child(pair, Rule::name)?)?),
            _ => return None,
        })
    }
}
