//! Expressions of routing rules as trees, by the grammar of CEL.

use super::lex::{Placed, Token, tokens};
use crate::limits::{MAX_IMPORTED_EXPRESSION, MAX_IMPORTED_NESTING};

/// Why an expression is not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Why {
    /// It is no expression of CEL.
    Invalid(String),
    /// It is past our own bounds.
    Bound(String),
}

/// A part of an expression, with where it begins and ends.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    pub(super) part: Part,
    pub(super) from: usize,
    pub(super) to: usize,
    depth: usize,
}

/// What a part is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Part {
    Bool(bool),
    Null,
    Text(String),
    Bytes,
    /// As written.
    Number(String),
    Name(String),
    /// `a.b`.
    Field(Box<Node>, String),
    /// `a[b]`.
    Item(Box<Node>, Box<Node>),
    /// `f(…)` or `a.f(…)`.
    Call(Option<Box<Node>>, String, Vec<Node>),
    List(Vec<Node>),
    Map(Vec<(Node, Node)>),
    /// `a.B{c: d}`.
    Message(Vec<Node>),
    Not(Box<Node>),
    Minus(Box<Node>),
    /// `a + b` and the like, comparisons and `in`.
    Pair(Box<Node>, &'static str, Box<Node>),
    Any(Vec<Node>),
    All(Vec<Node>),
    /// `a ? b : c`.
    Choice(Box<(Node, Node, Node)>),
}

/// Words that are no names.
const RESERVED: [&str; 19] = [
    "in",
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
    "void",
    "while",
    "null",
];

/// Reads an expression; none where it holds nothing but space and comments.
pub(super) fn parse(text: &str) -> Result<Option<Node>, Why> {
    if text.len() > MAX_IMPORTED_EXPRESSION {
        return Err(Why::Bound(format!(
            "an expression of more than {MAX_IMPORTED_EXPRESSION} bytes is not read"
        )));
    }
    let tokens = tokens(text)?;
    if tokens.is_empty() {
        return Ok(None);
    }
    let mut parser = Parser { tokens, at: 0, depth: 0 };
    let node = parser.whole()?;
    match parser.peek() {
        None => Ok(Some(node)),
        Some(_) => Err(parser.unexpected()),
    }
}

struct Parser {
    tokens: Vec<Placed>,
    at: usize,
    depth: usize,
}

fn too_deep() -> Why {
    Why::Bound(format!("an expression of more than {MAX_IMPORTED_NESTING} levels is not read"))
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|placed| &placed.token)
    }

    fn takes(&mut self, sign: &str) -> bool {
        let is = matches!(self.peek(), Some(Token::Sign(known)) if *known == sign);
        self.at += usize::from(is);
        is
    }

    fn needs(&mut self, sign: &str, opened: &str) -> Result<(), Why> {
        if self.takes(sign) {
            return Ok(());
        }
        Err(Why::Invalid(match self.peek() {
            None => format!("a `{opened}` is not closed"),
            Some(token) => format!("`{}` where `{sign}` is expected", token.shown()),
        }))
    }

    /// The name that comes next.
    fn word(&mut self) -> Result<String, Why> {
        let Some(Token::Word(word)) = self.peek().cloned() else { return Err(self.unexpected()) };
        self.at += 1;
        Ok(word)
    }

    fn unexpected(&self) -> Why {
        Why::Invalid(self.peek().map_or_else(
            || "something is missing at the end".to_owned(),
            |token| format!("`{}` where it cannot stand", token.shown()),
        ))
    }

    /// Where the next token begins.
    fn from(&self) -> usize {
        self.tokens.get(self.at).map_or(0, |placed| placed.from)
    }

    /// A part from some place up to the last token taken, `below` levels deep.
    fn node(&self, from: usize, part: Part, below: usize) -> Result<Node, Why> {
        if below >= MAX_IMPORTED_NESTING {
            return Err(too_deep());
        }
        let to = self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).map_or(from, |placed| placed.to);
        Ok(Node { part, from, to, depth: below + 1 })
    }

    fn whole(&mut self) -> Result<Node, Why> {
        self.depth += 1;
        if self.depth > MAX_IMPORTED_NESTING {
            return Err(too_deep());
        }
        let from = self.from();
        let mut node = self.joined(true)?;
        if self.takes("?") {
            let yes = self.joined(true)?;
            self.needs(":", "?")?;
            let no = self.whole()?;
            let below = node.depth.max(yes.depth).max(no.depth);
            node = self.node(from, Part::Choice(Box::new((node, yes, no))), below)?;
        }
        self.depth -= 1;
        Ok(node)
    }

    /// Parts joined by `||`, or by `&&`.
    fn joined(&mut self, any: bool) -> Result<Node, Why> {
        let from = self.from();
        let one = |parser: &mut Self| if any { parser.joined(false) } else { parser.pair(0) };
        let first = one(self)?;
        let mut all = vec![first];
        while self.takes(if any { "||" } else { "&&" }) {
            all.push(one(self)?);
        }
        if all.len() == 1 {
            return all.pop().ok_or_else(|| self.unexpected());
        }
        let below = deepest(&all);
        self.node(from, if any { Part::Any(all) } else { Part::All(all) }, below)
    }

    /// Comparisons, sums and products, the later binding closer.
    fn pair(&mut self, level: usize) -> Result<Node, Why> {
        const LEVELS: [&[&str]; 3] =
            [&["==", "!=", "<=", ">=", "<", ">", "in"], &["+", "-"], &["*", "/", "%"]];
        let Some(signs) = LEVELS.get(level) else { return self.unary() };
        let from = self.from();
        let mut left = self.pair(level + 1)?;
        while let Some(sign) = signs.iter().find(|sign| match self.peek() {
            Some(Token::Sign(next)) => next == *sign,
            Some(Token::Word(word)) => word == *sign,
            _ => false,
        }) {
            self.at += 1;
            let right = self.pair(level + 1)?;
            let below = left.depth.max(right.depth);
            left = self.node(from, Part::Pair(Box::new(left), sign, Box::new(right)), below)?;
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Node, Why> {
        let from = self.from();
        for (sign, make) in [("!", Part::Not as fn(Box<Node>) -> Part), ("-", Part::Minus)] {
            let mut times = 0;
            while self.takes(sign) {
                times += 1;
            }
            if times == 0 {
                continue;
            }
            let mut node = self.member()?;
            for _ in 0..times {
                let below = node.depth;
                node = self.node(from, make(Box::new(node)), below)?;
            }
            return Ok(node);
        }
        self.member()
    }

    fn member(&mut self) -> Result<Node, Why> {
        let from = self.from();
        let mut node = self.primary()?;
        loop {
            let below = node.depth;
            if self.takes(".") {
                let name = self.word()?;
                if self.takes("(") {
                    let arguments = self.items(")", "(", false)?;
                    let below = below.max(deepest(&arguments));
                    node = self.node(from, Part::Call(Some(Box::new(node)), name, arguments), below)?;
                } else {
                    node = self.node(from, Part::Field(Box::new(node), name), below)?;
                }
            } else if self.takes("[") {
                let item = self.whole()?;
                self.needs("]", "[")?;
                let below = below.max(item.depth);
                node = self.node(from, Part::Item(Box::new(node), Box::new(item)), below)?;
            } else if is_path(&node) && self.takes("{") {
                let mut fields = Vec::new();
                while !self.takes("}") {
                    self.word()?;
                    self.needs(":", "{")?;
                    fields.push(self.whole()?);
                    if !self.takes(",") {
                        self.needs("}", "{")?;
                        break;
                    }
                }
                let below = deepest(&fields);
                node = self.node(from, Part::Message(fields), below)?;
            } else {
                return Ok(node);
            }
        }
    }

    fn primary(&mut self) -> Result<Node, Why> {
        let from = self.from();
        if self.takes("(") {
            let inner = self.whole()?;
            self.needs(")", "(")?;
            return Ok(inner);
        }
        if self.takes("[") {
            let items = self.items("]", "[", true)?;
            let below = deepest(&items);
            return self.node(from, Part::List(items), below);
        }
        if self.takes("{") {
            return self.map(from);
        }
        self.takes(".");
        let token = self.peek().cloned();
        self.at += 1;
        let part = match token {
            Some(Token::Text(text)) => Part::Text(text),
            Some(Token::Bytes) => Part::Bytes,
            Some(Token::Number(digits)) => Part::Number(digits),
            Some(Token::Word(word)) if word == "true" || word == "false" => Part::Bool(word == "true"),
            Some(Token::Word(word)) if word == "null" => Part::Null,
            Some(Token::Word(word)) if !RESERVED.contains(&word.as_str()) => {
                if !self.takes("(") {
                    return self.node(from, Part::Name(word), 0);
                }
                let arguments = self.items(")", "(", false)?;
                let below = deepest(&arguments);
                return self.node(from, Part::Call(None, word, arguments), below);
            }
            _ => {
                self.at -= 1;
                return Err(self.unexpected());
            }
        };
        self.node(from, part, 0)
    }

    /// What stands between brackets, up to the closing one.
    fn items(&mut self, close: &str, open: &str, may_trail: bool) -> Result<Vec<Node>, Why> {
        let mut all = Vec::new();
        while !self.takes(close) {
            all.push(self.whole()?);
            if !self.takes(",") {
                self.needs(close, open)?;
                return Ok(all);
            }
            if !may_trail && matches!(self.peek(), Some(Token::Sign(next)) if *next == close) {
                return Err(self.unexpected());
            }
        }
        Ok(all)
    }

    fn map(&mut self, from: usize) -> Result<Node, Why> {
        let mut all = Vec::new();
        while !self.takes("}") {
            let key = self.whole()?;
            self.needs(":", "{")?;
            all.push((key, self.whole()?));
            if !self.takes(",") {
                self.needs("}", "{")?;
                break;
            }
        }
        let below = all.iter().map(|(key, value)| key.depth.max(value.depth)).max().unwrap_or_default();
        self.node(from, Part::Map(all), below)
    }
}

fn deepest(nodes: &[Node]) -> usize {
    nodes.iter().map(|node| node.depth).max().unwrap_or_default()
}

/// Whether a part may name a kind of message.
fn is_path(node: &Node) -> bool {
    match &node.part {
        Part::Name(_) => true,
        Part::Field(inner, _) => is_path(inner),
        _ => false,
    }
}
