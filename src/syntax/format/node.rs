//! What can be broken in a clause: brackets, lists, chains, `or` and `and`, found by looking at its tokens.

use std::ops::Range;

use super::tokens::Token;

/// A stretch of tokens.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) range: Range<usize>,
    /// How it is broken.
    pub(super) kind: NodeKind,
}

/// The ways of breaking.
#[derive(Debug)]
pub(super) enum NodeKind {
    /// A leaf: it is written as it stands.
    Token,
    /// Not at all, only its parts.
    Run(Vec<Node>),
    /// As many parts on a line as fit: lists and chains.
    Fill(Vec<Node>),
    /// Before every operator, or not at all; every part but the first is a run of the operator and the rest.
    Operators(Vec<Node>),
}

/// The symbols between the parts of a chain: `->`, in some statements `<` or `>`.
pub(super) type Arrow = &'static str;

/// Reads a stretch of tokens. Brackets nest no deeper than `limits::MAX_POLICY_NESTING`.
pub(super) fn parse(tokens: &[Token], range: Range<usize>, arrow: Arrow) -> Node {
    let word = |text: &'static str| move |token: &Token| token.is_word && token.is(text);
    let opens = |token: &Token| ["where", "or", "and"].into_iter().any(|text| word(text)(token));
    if range.len() > 1 && tokens.get(range.start).is_some_and(opens) {
        let first = Node { range: range.start..range.start + 1, kind: NodeKind::Token };
        let rest = parse(tokens, range.start + 1..range.end, arrow);
        return Node { range, kind: NodeKind::Run(vec![first, rest]) };
    }
    let inner = |range: Range<usize>| parse(tokens, range, arrow);
    let behind_comma = splits(tokens, &range, |token| token.is(","), 1);
    if behind_comma.len() > 1 {
        return Node { range, kind: NodeKind::Fill(behind_comma.into_iter().map(inner).collect()) };
    }
    let at_arrow = splits(tokens, &range, |token| token.is(arrow), 0);
    if at_arrow.len() > 1 {
        return Node { range, kind: NodeKind::Fill(at_arrow.into_iter().map(inner).collect()) };
    }
    for operator in ["or", "and"] {
        let parts = splits(tokens, &range, word(operator), 0);
        if parts.len() > 1 {
            return Node { range, kind: NodeKind::Operators(parts.into_iter().map(inner).collect()) };
        }
    }
    let parts = run(tokens, &range, arrow);
    Node { range, kind: NodeKind::Run(parts) }
}

/// Splits a stretch at (or behind, by `offset`) every token outside brackets that is wanted; not before its
/// first token, and not behind its last one.
fn splits(
    tokens: &[Token],
    range: &Range<usize>,
    wanted: impl Fn(&Token) -> bool,
    offset: usize,
) -> Vec<Range<usize>> {
    let mut depth = 0_usize;
    let mut start = range.start;
    let mut parts = Vec::new();
    for (index, token) in range.clone().zip(tokens.get(range.clone()).unwrap_or_default()) {
        match token.text.as_ref() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            _ if depth == 0 && wanted(token) => {
                let at = index + offset;
                if at > range.start && at < range.end {
                    parts.push(start..at);
                    start = at;
                }
            }
            _ => {}
        }
    }
    parts.push(start..range.end);
    parts
}

/// Tokens one after another, what stands in brackets as one part.
fn run(tokens: &[Token], range: &Range<usize>, arrow: Arrow) -> Vec<Node> {
    let mut parts = Vec::new();
    let mut at = range.start;
    while let Some(token) = tokens.get(at).filter(|_| at < range.end) {
        parts.push(Node { range: at..at + 1, kind: NodeKind::Token });
        at += 1;
        if matches!(token.text.as_ref(), "(" | "[" | "{") {
            let close = closing(tokens, at, range.end);
            if close > at {
                parts.push(parse(tokens, at..close, arrow));
            }
            at = close;
        }
    }
    parts
}

/// The bracket that closes the one before a place.
fn closing(tokens: &[Token], from: usize, end: usize) -> usize {
    let mut depth = 0_usize;
    for (index, token) in (from..end).zip(tokens.get(from..end).unwrap_or_default()) {
        match token.text.as_ref() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" if depth == 0 => return index,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
    }
    end
}
