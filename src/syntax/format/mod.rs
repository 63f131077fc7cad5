//! Tree and comments to canonical text.
//!
//! The text's tokens are kept as they are; only the white space between them is made anew, and the case of units.
//! [`tokens`](self::tokens) are gathered with the comments around each, [`parts`](self::parts) finds statements and
//! clauses among them by the tree, [`allow`](self::allow) keeps comments that silence a finding where they do so, and
//! [`layout`](self::layout) breaks what is too long, as [`node`](self::node) says, into [`lines`](self::lines).

mod allow;
mod file;
mod layout;
mod lines;
mod node;
mod parts;
mod tokens;

use crate::diag::{Finding, code};
use crate::limits::MAX_FINDINGS_PER_FILE;
use crate::source::{FileId, Span};

use tokens::Token;

/// The canonical layout of a policy file, whose text has no byte order mark; what is wrong with it where it does not
/// parse.
///
/// Lines end as the first one does, with LF or CRLF.
pub fn format(id: FileId, text: &str) -> Result<String, Vec<Finding>> {
    let (tree, findings) = super::parse(id, text);
    // A clause too many is an error, and parses.
    let unread = findings.iter().any(|finding| finding.code == code::SYNTAX);
    if unread || findings.len() >= MAX_FINDINGS_PER_FILE {
        return Err(findings);
    }
    let mut tokens = tokens::gather(text);
    let statements = parts::statements(&mut tokens, &tree);
    allow::bind(&mut tokens, &statements);
    let formatted = file::write(&tokens, &statements).finish(newline(text));
    if says_the_same(&tokens, &tokens::gather(&formatted)) {
        return Ok(formatted);
    }
    let span = Span::start_of(id);
    let finding = Finding::error(code::SYNTAX, span, "the formatted file would not say the same");
    Err(vec![finding.help("this is a bug in govctl: please report it; the file is unchanged")])
}

/// How the lines of a text end: as the first one does.
fn newline(text: &str) -> &'static str {
    let first = text.split_inclusive('\n').next().unwrap_or_default();
    if first.ends_with("\r\n") { "\r\n" } else { "\n" }
}

/// The last look before a file is overwritten: the same tokens, the same comments, in the same order.
fn says_the_same(before: &[Token], after: &[Token]) -> bool {
    fn comments<'t>(tokens: &'t [Token<'t>]) -> impl Iterator<Item = &'t str> {
        tokens.iter().flat_map(|token| {
            let own = token.before.iter().map(|comment| comment.text);
            own.chain(token.after.map(|comment| comment.text))
        })
    }
    before.len() == after.len()
        && before.iter().zip(after).all(|(before, after)| before.text == after.text)
        && comments(before).eq(comments(after))
}
