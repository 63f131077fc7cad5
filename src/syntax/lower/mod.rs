//! Concrete syntax to tree: one function for each rule of the grammar.
//!
//! Nothing here can fail on what the grammar accepts; `None` means that grammar and tree do not fit, and
//! a test holds that this never happens.

mod blocks;
mod clauses;
mod expr;
mod literals;

use crate::diag::Finding;
use crate::source::{FileId, Span};

use super::grammar::{Pair, Rule};
use super::tree::{
    Block, Clause, Fact, FactDomain, Name, Region, Statement, StatementKind, Tier, TierName, VocabularyKind,
};

/// Makes the tree of one statement.
pub(super) struct Lower<'a> {
    pub(super) file: FileId,
    /// Where the text that pest saw begins in the file.
    pub(super) base: usize,
    /// Numbers that are too long.
    pub(super) findings: &'a mut Vec<Finding>,
}

/// The first child of a kind.
fn child<'i>(pair: &Pair<'i>, kind: Rule) -> Option<Pair<'i>> {
    children(pair, kind).next()
}

/// All children of a kind.
fn children<'i>(pair: &Pair<'i>, kind: Rule) -> impl Iterator<Item = Pair<'i>> {
    pair.clone().into_inner().filter(move |child| child.as_rule() == kind)
}

/// The first child, whatever it is.
fn first<'i>(pair: &Pair<'i>) -> Option<Pair<'i>> {
    pair.clone().into_inner().next()
}

/// The last child, whatever it is.
fn last<'i>(pair: &Pair<'i>) -> Option<Pair<'i>> {
    pair.clone().into_inner().next_back()
}

/// The end of the last token: pest counts white space behind it in.
fn end(pair: &Pair<'_>) -> usize {
    let mut inner = pair.clone();
    while let Some(last) = last(&inner) {
        inner = last;
    }
    inner.as_span().end()
}

impl Lower<'_> {
    /// The place of a node, without the white space behind it.
    pub(super) fn span(&self, pair: &Pair<'_>) -> Span {
        Span::new(self.file, self.base + pair.as_span().start(), self.base + end(pair))
    }

    pub(super) fn statement(&mut self, pair: &Pair<'_>) -> Option<Statement> {
        let inner = first(pair)?;
        let kind = match inner.as_rule() {
            Rule::classifications => StatementKind::Classifications(self.new_names(&inner)?),
            Rule::regions => StatementKind::Regions(self.regions(&inner)?),
            Rule::vocabulary => self.vocabulary(&inner)?,
            Rule::precedence => StatementKind::Precedence(self.precedence(&inner)?),
            Rule::fact => StatementKind::Fact(self.fact(&inner)?),
            _ => self.block_statement(&inner)?,
        };
        Some(Statement { span: self.span(&inner), head: self.head(&inner)?, kind })
    }

    /// Keyword and name: everything before the block, the list or the values.
    fn head(&self, pair: &Pair<'_>) -> Option<Span> {
        let has_name = !matches!(
            pair.as_rule(),
            Rule::classifications | Rule::regions | Rule::vocabulary | Rule::precedence
        );
        let mut head = self.span(&first(pair)?);
        for part in pair.clone().into_inner() {
            match part.as_rule() {
                Rule::kw_rule => head = head.to(self.span(&part)),
                Rule::name | Rule::string if has_name => return Some(head.to(self.span(&part))),
                _ => {}
            }
        }
        Some(head)
    }

    /// The regions among the children, each with those that lie within it.
    fn regions(&mut self, pair: &Pair<'_>) -> Option<Vec<Region>> {
        let regions = children(pair, Rule::region);
        regions
            .map(|region| {
                let name = self.name(&child(&region, Rule::name)?)?;
                Some(Region { name, within: self.regions(&region)? })
            })
            .collect()
    }

    fn vocabulary(&mut self, pair: &Pair<'_>) -> Option<StatementKind> {
        let kind = VocabularyKind::parse(child(pair, Rule::vocabulary_kind)?.as_str())?;
        Some(StatementKind::Vocabulary(kind, self.name_list(&child(pair, Rule::names)?)?))
    }

    fn precedence(&mut self, pair: &Pair<'_>) -> Option<Vec<TierName>> {
        children(pair, Rule::tier)
            .map(|t| Some(TierName { tier: Tier::parse(t.as_str())?, span: self.span(&t) }))
            .collect()
    }

    fn fact(&mut self, pair: &Pair<'_>) -> Option<Fact> {
        let mut names = children(pair, Rule::name);
        let (name, default) = (names.next()?, names.next()?);
        let domain = child(pair, Rule::fact_domain)?;
        let domain = if let Some(names) = child(&domain, Rule::names) {
            FactDomain::Values(self.new_names(&names)?)
        } else {
            let word = first(&domain)?;
            match word.as_rule() {
                Rule::kw_regions => FactDomain::Regions(self.span(&word)),
                Rule::kw_classifications => FactDomain::Classifications(self.span(&word)),
                _ => return None,
            }
        };
        let (name, default) = (self.name(&name)?, self.name(&default)?);
        self.named(&name);
        Some(Fact { name, domain, default })
    }

    /// Name and clauses of a statement with a block.
    fn block<C>(
        &mut self,
        pair: &Pair<'_>,
        clause: Rule,
        make: impl Fn(&mut Self, &Pair<'_>) -> Option<C>,
    ) -> Option<Block<C>> {
        let name = match child(pair, Rule::name) {
            Some(name) => self.name(&name)?,
            None => self.quoted(&child(pair, Rule::string)?),
        };
        // What a test is called is a text: it says what the test is for.
        if pair.as_rule() != Rule::test {
            self.named(&name);
        }
        Some(Block { name, clauses: self.clauses(pair, clause, make)? })
    }

    /// The clauses of a block, in order.
    fn clauses<C>(
        &mut self,
        pair: &Pair<'_>,
        clause: Rule,
        make: impl Fn(&mut Self, &Pair<'_>) -> Option<C>,
    ) -> Option<Vec<Clause<C>>> {
        let mut clauses = Vec::new();
        for wrapper in children(pair, clause) {
            let inner = first(&wrapper)?;
            let mut parts = inner.clone().into_inner();
            let mut keyword = self.span(&parts.next()?);
            if let Some(second) = parts.next()
                && matches!(second.as_rule(), Rule::kw_as | Rule::kw_required | Rule::kw_above | Rule::kw_in)
            {
                keyword = keyword.to(self.span(&second));
            }
            let kind = make(self, &inner)?;
            clauses.push(Clause { span: self.span(&inner), keyword, kind });
        }
        Some(clauses)
    }

    /// The names among the children.
    fn name_list(&mut self, pair: &Pair<'_>) -> Option<Vec<Name>> {
        children(pair, Rule::name).map(|name| self.name(&name)).collect()
    }

    /// The names among the children, each of something of its own.
    fn new_names(&mut self, pair: &Pair<'_>) -> Option<Vec<Name>> {
        let names = self.name_list(pair)?;
        for name in &names {
            self.named(name);
        }
        Some(names)
    }
}
