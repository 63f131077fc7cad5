//! Statements and clauses of the tree as stretches of tokens.

use std::ops::Range;

use super::node::Arrow;
use super::tokens::Token;
use crate::syntax::tree::{self, Block, Clause, StatementKind};

/// A statement as a stretch of tokens.
#[derive(Debug)]
pub(super) struct Statement {
    /// All its tokens.
    pub(super) range: Range<usize>,
    /// Its block, if it has one.
    pub(super) block: Option<Clauses>,
    /// It is one of the vocabulary lists, which stand under each other as a table.
    pub(super) is_list: bool,
    /// What stands between the parts of a chain in it.
    pub(super) arrow: Arrow,
}

/// The inside of a block.
#[derive(Debug)]
pub(super) struct Clauses {
    /// The brace that opens it.
    pub(super) open: usize,
    /// Its clauses, in order.
    pub(super) clauses: Vec<Range<usize>>,
}

impl Statement {
    /// The last token of its first line: the opening brace of a block that has clauses.
    pub(super) fn head_end(&self) -> usize {
        match &self.block {
            Some(block) if !block.clauses.is_empty() => block.open,
            _ => self.range.end.saturating_sub(1),
        }
    }

    /// Whether it is a block with something in it.
    pub(super) fn has_clauses(&self) -> bool {
        self.block.as_ref().is_some_and(|block| !block.clauses.is_empty())
    }
}

/// The statements of a file whose last token is the empty one at its end.
pub(super) fn statements(tokens: &mut [Token], file: &tree::File) -> Vec<Statement> {
    let statements = find(tokens, file);
    for clause in statements.iter().flat_map(|statement| &statement.block).flat_map(|block| &block.clauses) {
        // Behind the brace of a block, unlike that of a set, stands a space.
        if let Some(token) = tokens.get_mut(clause.start) {
            token.spaced = true;
        }
    }
    statements
}

fn find(tokens: &[Token], file: &tree::File) -> Vec<Statement> {
    let index = |byte: u32| tokens.partition_point(|token| token.start < byte as usize);
    let starts: Vec<usize> = file.statements.iter().map(|statement| index(statement.span.start)).collect();
    let ends = starts.iter().skip(1).copied().chain([tokens.len().saturating_sub(1)]);
    let ranges = starts.iter().zip(ends).map(|(start, end)| *start..end);
    let statements = file.statements.iter().zip(ranges).map(|(statement, range)| {
        let block = clause_starts(&statement.kind).map(|starts| {
            let starts: Vec<usize> = starts.into_iter().map(index).collect();
            clauses(tokens, &range, &starts)
        });
        Statement {
            range,
            block,
            is_list: matches!(statement.kind, StatementKind::Vocabulary(..) | StatementKind::Regions(_)),
            arrow: match statement.kind {
                StatementKind::Classifications(_) => "<",
                StatementKind::Precedence(_) => ">",
                _ => "->",
            },
        }
    });
    statements.collect()
}

/// The block of a statement whose clauses begin at some tokens.
fn clauses(tokens: &[Token], range: &Range<usize>, starts: &[usize]) -> Clauses {
    let inside = tokens.get(range.clone()).unwrap_or_default();
    let brace = inside.iter().position(|token| token.is("{")).unwrap_or(0);
    let close = range.end.saturating_sub(1);
    let ends = starts.iter().skip(1).copied().chain([close]);
    Clauses { open: range.start + brace, clauses: starts.iter().zip(ends).map(|(s, e)| *s..e).collect() }
}

/// Where the clauses of a block begin; none for a statement without a block.
fn clause_starts(kind: &StatementKind) -> Option<Vec<u32>> {
    Some(match kind {
        StatementKind::Classifications(_)
        | StatementKind::Regions(_)
        | StatementKind::Vocabulary(..)
        | StatementKind::Precedence(_)
        | StatementKind::Fact(_) => return None,
        StatementKind::Rule(rule) => of_block(&rule.block),
        StatementKind::Failover(block) => of_block(block),
        StatementKind::Budget(block) => of_block(block),
        StatementKind::Quota(block) => of_block(block),
        StatementKind::Attribution(clauses) => of_clauses(clauses),
        StatementKind::Audit(block) => of_block(block),
        StatementKind::Guarantee(block) => of_block(block),
        StatementKind::Test(block) => of_block(block),
    })
}

fn of_block<C>(block: &Block<C>) -> Vec<u32> {
    of_clauses(&block.clauses)
}

fn of_clauses<C>(clauses: &[Clause<C>]) -> Vec<u32> {
    clauses.iter().map(|clause| clause.span.start).collect()
}
