//! The queries of conditions, as the gateway reads them: key by key, and not every key.

use super::regex;
use crate::import::condition::Test;
use crate::import::facts::{EMPTY, Facts, Typed};
use crate::import::{Notes, text};
use crate::limits::{MAX_IMPORTED_EXPRESSION, MAX_IMPORTED_NESTING, MAX_IMPORTED_VALUE};
use crate::number;
use crate::source::Spanned;
use crate::yaml::{Kind, Value};

/// What a query says of requests.
pub(super) struct Asked {
    /// Whether it holds.
    pub(super) holds: Test,
    /// Whether the gateway cannot read it as far as it looks, and refuses the request.
    pub(super) refuses: Test,
}

impl Asked {
    pub(super) fn of(holds: Test) -> Self {
        Self { holds, refuses: Test::Never }
    }

    fn refused() -> Self {
        Self { holds: Test::Never, refuses: Test::Always }
    }

    /// What holds where all of them do; the gateway looks no further than to the first that does not.
    fn every(all: impl IntoIterator<Item = Self>) -> Self {
        let (mut holds, mut refuses) = (Test::Always, Test::Never);
        for one in all {
            refuses = Test::any([refuses, Test::all([holds.clone(), one.refuses])]);
            holds = Test::all([holds, one.holds]);
        }
        Self { holds, refuses }
    }

    /// What holds where one of them does; the gateway looks no further than to the first that does.
    fn some(all: impl IntoIterator<Item = Self>) -> Self {
        let (mut holds, mut refuses) = (Test::Never, Test::Never);
        for one in all {
            refuses = Test::any([refuses, Test::all([holds.clone().not(), one.refuses])]);
            holds = Test::any([holds, one.holds]);
        }
        Self { holds, refuses }
    }
}

/// Operators that stand for nothing in the language, beside those for equality.
const OPAQUE: [&str; 4] = ["$gt", "$gte", "$lt", "$lte"];

/// What a condition asks.
pub(super) fn of(condition: &Value, facts: &mut Facts, notes: &mut Notes) -> Asked {
    if let Some(query) = condition.get("query") {
        return read(query, facts, notes);
    }
    notes.state(condition.span, "what a condition asks: it has no `query`, and Portkey refuses the config");
    Asked::refused()
}

/// Reads a query.
fn read(query: &Value, facts: &mut Facts, notes: &mut Notes) -> Asked {
    let shown = text::flow(query);
    if shown.len() > MAX_IMPORTED_EXPRESSION {
        notes.state(
            query.span,
            format!("a condition of more than {MAX_IMPORTED_EXPRESSION} bytes: it becomes a yes-or-no fact that requests have to state"),
        );
        let begin: String = shown.chars().take(60).collect();
        return Asked::of(facts.opaque(&format!("{begin}… ({})", query.span.start), true, false));
    }
    let before = facts.opaque;
    let asked = all(query, facts, notes, 0);
    if facts.opaque > before {
        notes.state(
            query.span,
            format!("whether `{}`: the language has no such comparison, so it becomes a yes-or-no fact that requests have to state", text::comment(&shown)),
        );
    }
    asked
}

/// All keys of a query, up to the first `$and` or `$or`.
fn all(query: &Value, facts: &mut Facts, notes: &mut Notes, depth: usize) -> Asked {
    if depth > MAX_IMPORTED_NESTING {
        notes.left(
            query.span,
            format!("a condition of more than {MAX_IMPORTED_NESTING} levels: it is taken to be refused"),
        );
        return Asked::refused();
    }
    if query.kind == Kind::Null {
        notes.state(
            query.span,
            "what a condition asks: it is `null`, and Portkey refuses every request that reaches it",
        );
        return Asked::refused();
    }
    let mut tests = Vec::new();
    let mut entries = query.entries().iter();
    while let Some((key, value)) = entries.next() {
        let is_list = matches!(value.kind, Kind::List(_));
        match key.value.as_str() {
            joint @ ("$and" | "$or") if is_list => {
                let inner = value.items().iter().map(|item| all(item, facts, notes, depth + 1));
                tests.push(if joint == "$and" { Asked::every(inner) } else { Asked::some(inner) });
                let unread: Vec<String> =
                    entries.map(|(key, _)| format!("`{}`", text::comment(&key.value))).collect();
                if !unread.is_empty() {
                    notes.left(
                        key.span,
                        format!(
                            "of a condition, what stands behind `{joint}`: {}; Portkey reads no further",
                            unread.join(", ")
                        ),
                    );
                }
                break;
            }
            _ => tests.push(one(&key.value, value, key.span, facts, notes)),
        }
    }
    Asked::every(tests)
}

/// What one key asks: a value, or operators that must all hold.
fn one(key: &str, value: &Value, span: crate::source::Span, facts: &mut Facts, notes: &mut Notes) -> Asked {
    let mut parts = key.split('.');
    let (root, name) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let (root, name) = (text::comment(root), text::comment(name));
    let shown = format!("{root}.{name}");
    if parts.next().is_some() {
        notes.read(span, format!("`{}` as `{shown}`: Portkey reads two parts of a name", text::comment(key)));
    }
    // What the gateway does not know is never there, and never equals anything.
    let is_known = match root.as_str() {
        "metadata" | "params" => !name.is_empty(),
        "url" => name == "pathname",
        _ => false,
    };
    if !is_known {
        notes.read(
            span,
            format!(
                "`{}` as never stated: Portkey knows `metadata.…`, `params.…` and `url.pathname`",
                text::comment(key)
            ),
        );
    }
    let asked = MetadataKey {
        shown: &shown,
        fact: if root == "metadata" { name } else { format!("{root} {name}") },
        is_known,
    };
    let operators = match &value.kind {
        Kind::Map(operators) => operators,
        // To the gateway a list is an object whose keys are numbers.
        Kind::List(items) if items.is_empty() => return Asked::of(Test::Always),
        Kind::List(_) => {
            notes.state(span, format!("what `{shown}` is compared with: it is a list without `$in`, and Portkey refuses every request that reaches the condition"));
            return Asked::refused();
        }
        _ => return Asked::of(asked.equals(value, facts, notes)),
    };
    self::operators(&asked, operators, facts, notes)
}

/// What operators ask that must all hold.
fn operators(
    asked: &MetadataKey,
    operators: &[(Spanned<String>, Value)],
    facts: &mut Facts,
    notes: &mut Notes,
) -> Asked {
    let mut tests = Vec::new();
    let mut entries = operators.iter();
    while let Some((operator, compared)) = entries.next() {
        let test = match operator.value.as_str() {
            "$eq" => asked.equals(compared, facts, notes),
            "$ne" => {
                let equals = asked.equals(compared, facts, notes);
                asked.open(equals.not(), operator, notes)
            }
            "$in" => asked.among(compared, facts, notes),
            "$nin" if matches!(compared.kind, Kind::List(_)) => {
                let among = asked.among(compared, facts, notes);
                asked.open(among.not(), operator, notes)
            }
            "$nin" => Test::Never,
            "$regex" => {
                let unread: Vec<String> =
                    entries.by_ref().map(|(key, _)| format!("`{}`", text::comment(&key.value))).collect();
                if !unread.is_empty() {
                    notes.left(
                        operator.span,
                        format!(
                            "of a condition, what stands behind `$regex`: {}; Portkey reads no further",
                            unread.join(", ")
                        ),
                    );
                }
                asked.matches(compared, facts, notes)
            }
            known if OPAQUE.contains(&known) => asked.opaque(known, compared, facts),
            unknown => {
                notes.state(operator.span, format!("what `{}` means: Portkey has no such operator, and refuses every request that reaches the condition", text::comment(unknown)));
                tests.push(Asked::refused());
                break;
            }
        };
        tests.push(Asked::of(test));
    }
    Asked::every(tests)
}

/// What a condition looks at.
struct MetadataKey<'a> {
    shown: &'a str,
    fact: String,
    is_known: bool,
}

impl MetadataKey<'_> {
    /// Equal to one value; an object or a list never is, and neither is a value that is too long to be stated.
    fn equals(&self, value: &Value, facts: &mut Facts, notes: &mut Notes) -> Test {
        if value.kind == Kind::Null && self.is_known {
            notes.read(value.span, format!("`{}` as never `null`: what a request does not state is not `null` to Portkey, and only one that states `null` itself would be", self.shown));
        }
        if value.text() == Some("") && self.is_known {
            notes.read(value.span, format!("`{}` as `{EMPTY}` where it is the empty text: the language has no empty name, so what stands in front of the gateway has to state that instead", self.shown));
        }
        match scalar(value) {
            Some((kind, text)) if self.is_known && text.len() <= MAX_IMPORTED_VALUE => {
                facts.is_typed(self.shown, &self.fact, &text, kind)
            }
            Some(_) if self.is_known => self.opaque("$eq", value, facts),
            _ => Test::Never,
        }
    }

    fn among(&self, list: &Value, facts: &mut Facts, notes: &mut Notes) -> Test {
        Test::any(list.items().iter().map(|value| self.equals(value, facts, notes)).collect::<Vec<Test>>())
    }

    /// A negation, which is true of whatever is missing.
    fn open(&self, test: Test, operator: &Spanned<String>, notes: &mut Notes) -> Test {
        notes.read(
            operator.span,
            format!(
                "`{}` of `{}` also holds for requests that do not state it, as in Portkey",
                text::comment(&operator.value),
                self.shown
            ),
        );
        test
    }

    /// A pattern, which is never found where the gateway cannot read it.
    fn matches(&self, pattern: &Value, facts: &mut Facts, notes: &mut Notes) -> Test {
        let written = pattern.text().filter(|text| regex::is_none(text));
        let Some(written) = written.filter(|_| self.is_known) else {
            return self.opaque("$regex", pattern, facts);
        };
        let shown: String = written.chars().take(MAX_IMPORTED_VALUE).collect();
        notes.read(pattern.span, format!("`$regex` of `{}` as never true: `{}` is not a regular expression, and Portkey then finds nothing", self.shown, text::comment(&shown)));
        Test::Never
    }

    fn opaque(&self, operator: &str, value: &Value, facts: &mut Facts) -> Test {
        if !self.is_known {
            return Test::Never;
        }
        let value: String = text::flow(value).chars().take(MAX_IMPORTED_VALUE).collect();
        facts.opaque(&format!("{} {operator} {}", self.shown, text::comment(&value)), true, false)
    }
}

/// A value that can be stated, as text, with its kind: to the gateway the number 5 and the text `5` are two values.
fn scalar(value: &Value) -> Option<(Typed, String)> {
    match &value.kind {
        Kind::String(text) => Some((Typed::Text, text.clone())),
        Kind::Bool(is) => Some((Typed::Boolean, is.to_string())),
        Kind::Number { exact: Some(exact), .. } => Some((Typed::Number, number::exact(exact))),
        Kind::Number { text, .. } => Some((Typed::Number, text.clone())),
        _ => None,
    }
}
