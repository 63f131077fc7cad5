//! Bounds on the text, checked before the parser runs: pest recurses, and its memory grows with the text.

use crate::diag::{Finding, code};
use crate::limits::{MAX_POLICY_BYTES, MAX_POLICY_NESTING};
use crate::source::{FileId, Span, visible};

use super::scan::{self, Kind};

/// A finding where the text is too long or nested too deep.
pub(super) fn check(file: FileId, text: &str) -> Option<Finding> {
    too_big(file, text).or_else(|| too_deep(file, text))
}

/// A finding where the text, its comments included, has a character that does not show: what a reviewer reads would not be
/// what is meant.
pub(super) fn hidden(file: FileId, text: &str) -> Option<Finding> {
    let (at, c) = visible::hidden_in_prose(text)?;
    let span = Span::new(file, at, at + c.len_utf8());
    let message = format!("the character {} does not show", visible::code_point(c));
    Some(Finding::error(code::SYNTAX, span, message).help("remove it"))
}

fn too_big(file: FileId, text: &str) -> Option<Finding> {
    if text.len() <= MAX_POLICY_BYTES {
        return None;
    }
    let most = MAX_POLICY_BYTES / (1024 * 1024);
    let finding = Finding::error(code::SYNTAX, Span::start_of(file), "policy file is too big to read")
        .label(format!("a policy file has at most {most} MiB"))
        .help("split it into several files; their order does not matter");
    Some(finding)
}

fn too_deep(file: FileId, text: &str) -> Option<Finding> {
    let mut depth = Depth::default();
    for token in scan::tokens(text, 0) {
        depth.step(token.kind, token.text(text));
        if depth.now() > MAX_POLICY_NESTING {
            let span = Span::new(file, token.start, token.end);
            let finding = Finding::error(code::SYNTAX, span, "policy is nested too deep")
                .label(format!("more than {MAX_POLICY_NESTING} levels of brackets and `not`"))
                .help("split the condition over several clauses or statements");
            return Some(finding);
        }
    }
    None
}

/// How deep the brackets and chains of `not` are at a place.
#[derive(Default)]
struct Depth {
    /// For each open bracket, the chain of `not` before it.
    open: Vec<usize>,
    /// Sum of those chains.
    chains: usize,
    /// The chain that is still growing.
    chain: usize,
    /// The last token was a name.
    after_name: bool,
    /// The last token was the name of a statement, so `{` opens a block.
    after_head: bool,
}

impl Depth {
    fn now(&self) -> usize {
        self.open.len() + self.chains + self.chain
    }

    fn step(&mut self, kind: Kind, text: &str) {
        let chain = std::mem::take(&mut self.chain);
        let after_name = std::mem::replace(&mut self.after_name, kind != Kind::Symbol);
        // In the head of a block a keyword stands before the name; before a region that others lie within
        // stand, but for the outermost, a brace or a comma.
        let head = self.after_name && (after_name || text == "attribution");
        let after_head = std::mem::replace(&mut self.after_head, head);
        match text {
            "not" => self.chain = chain + 1,
            "(" | "[" | "{" => {
                // A block cannot stand in brackets: what an earlier, broken statement left open is over.
                if text == "{" && after_head {
                    self.open.clear();
                    self.chains = 0;
                }
                self.open.push(chain);
                self.chains += chain;
            }
            ")" | "]" | "}" => self.chains -= self.open.pop().unwrap_or(0),
            _ => {}
        }
    }
}
