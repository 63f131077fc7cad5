//! Expressions typed: every attribute allowed where it stands, every comparison of one type.

use super::BudgetId;
use super::attribute::{Attribute, Domain, Order, RequestAttribute, Subject, Type};
use super::build::Builder;
use super::context::{Axis, Cut};
use super::expr::{CompareOp, Expr, Node, Term, Value};
use crate::diag::{Finding, code, nearest};
use crate::number::{self, whole};
use crate::source::Span;
use crate::syntax::tree::{self, ExprKind, Operand, OperandKind};

/// Where an expression stands: what it may read there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// `when` of a rule or failover statement, `for` of a guarantee.
    Request,
    /// `when` of a budget, quota or audit statement.
    Static,
    /// `require`, `forbid`, `prefer where`.
    Candidate,
    /// `always`, `never`.
    Chain,
}

impl Place {
    fn allows(self, attribute: Attribute) -> bool {
        match attribute {
            Attribute::Request(RequestAttribute::BudgetRemaining | RequestAttribute::Share(_)) => {
                self != Self::Static
            }
            Attribute::Request(_) => true,
            Attribute::Model(_) => matches!(self, Self::Candidate | Self::Chain),
            Attribute::Chain(_) => self == Self::Chain,
        }
    }

    fn reason(self, attribute: Attribute) -> &'static str {
        match (self, attribute.subject()) {
            (Self::Static, Subject::Request) => {
                "the `when` of a budget, quota or audit cannot depend on what remains of a budget"
            }
            (Self::Static, Subject::Model) => {
                "`when` may test the request only; what counts for some models only is named after `on` in a budget or quota"
            }
            (Self::Request | Self::Static, _) => "`when` and `for` may test the request only",
            (Self::Candidate | Self::Chain, _) => {
                "`chain.…` stands in `always` and `never` of a guarantee only"
            }
        }
    }
}

/// An operand that is understood, or reported.
enum Side<'a> {
    Attribute(Attribute),
    Other(&'a Operand),
    Reported,
}

/// Where the parts of the outermost `and` or `or` are written.
fn parts(written: &tree::Expr) -> Vec<Span> {
    match &written.kind {
        ExprKind::Paren(inner) => parts(inner),
        ExprKind::And(parts) | ExprKind::Or(parts) => parts.iter().map(|part| part.span).collect(),
        _ => Vec::new(),
    }
}

impl Builder {
    /// Types an expression; `None` where something in it was reported.
    pub(super) fn expr(&mut self, written: &tree::Expr, place: Place) -> Option<Expr> {
        let mut reads = Vec::new();
        let root = self.node(written, place, &mut reads)?;
        Some(Expr { root, span: written.span, parts: parts(written), reads })
    }

    /// What an ordered attribute may be, in words: `none < pending < confirmed`.
    fn values_of(&self, attribute: Attribute) -> Option<String> {
        match attribute.type_of(&self.facts) {
            Type::Ordered(order) => {
                Some(format!("one of `{}`", order.levels(&self.classifications).join(" < ")))
            }
            _ => None,
        }
    }

    /// Remembers where an expression of a rule, failover statement or guarantee cuts what remains of budgets.
    pub(super) fn note_cuts(&mut self, expr: &Expr) {
        let mut cuts = Vec::new();
        expr.root.walk(&mut |node| node_cuts(node, &mut cuts));
        self.cuts.extend(cuts);
    }

    fn node(
        &mut self,
        written: &tree::Expr,
        place: Place,
        reads: &mut Vec<(Attribute, Span)>,
    ) -> Option<Node> {
        match &written.kind {
            ExprKind::Or(parts) => Some(Node::Or(self.nodes(parts, place, reads)?)),
            ExprKind::And(parts) => Some(Node::And(self.nodes(parts, place, reads)?)),
            ExprKind::Not(part) => Some(Node::Not(Box::new(self.node(part, place, reads)?))),
            ExprKind::Paren(part) => self.node(part, place, reads),
            ExprKind::Alone(operand) => self.alone(operand, place, reads),
            ExprKind::Compare(left, op, right) => self.compare(written.span, left, *op, right, place, reads),
            ExprKind::In(left, items) => self.is_in(left, items, place, reads),
            ExprKind::Has(left, right) => self.has(left, right, place, reads),
            ExprKind::Covers(left, right) => self.covers(left, right, place, reads),
        }
    }

    /// All parts, each typed even where an earlier one was reported.
    fn nodes(
        &mut self,
        parts: &[tree::Expr],
        place: Place,
        reads: &mut Vec<(Attribute, Span)>,
    ) -> Option<Vec<Node>> {
        let typed: Vec<Option<Node>> = parts.iter().map(|part| self.node(part, place, reads)).collect();
        typed.into_iter().collect()
    }

    fn side<'a>(
        &mut self,
        operand: &'a Operand,
        place: Place,
        reads: &mut Vec<(Attribute, Span)>,
    ) -> Side<'a> {
        let OperandKind::Name(name) = &operand.kind else { return Side::Other(operand) };
        let fact = self.fact_ids.get(name).copied().map(Attribute::fact);
        let share = || self.share(name).map(|budget| Attribute::Request(RequestAttribute::Share(budget)));
        let Some(attribute) = Attribute::named(name).or(fact).or_else(share) else {
            return Side::Other(operand);
        };
        if !place.allows(attribute) {
            let message = format!("`{name}` cannot be tested here");
            self.mismatch(operand.span, message, place.reason(attribute));
            return Side::Reported;
        }
        if !reads.iter().any(|(known, _)| *known == attribute) {
            reads.push((attribute, operand.span));
        }
        Side::Attribute(attribute)
    }

    fn mismatch(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.find(Finding::error(code::TYPE_MISMATCH, span, message).label("does not fit").help(help));
    }

    /// A name where only an attribute can stand, or a value where none can.
    fn not_an_attribute(&mut self, operand: &Operand) {
        if let OperandKind::Name(name) = &operand.kind {
            let known = self.attribute_names();
            let candidates: Vec<&str> = known.iter().map(String::as_str).collect();
            let near = self.effort.nearest(name, &candidates);
            let help = if near.is_empty() {
                "a condition compares an attribute such as `classification` or `model.hosting`, or a declared fact"
                    .to_owned()
            } else {
                format!("did you mean {}?", nearest::either(&near))
            };
            let message = format!("no attribute or fact is called `{name}`");
            self.find(
                Finding::error(code::UNKNOWN_NAME, operand.span, message).label("unknown name").help(help),
            );
        } else {
            let message = format!("{} stands where an attribute is needed", describe(operand));
            self.mismatch(
                operand.span,
                message,
                "compare an attribute, as in `classification == confidential`",
            );
        }
    }

    fn attribute_names(&self) -> Vec<String> {
        let facts = self.facts.iter().map(|fact| fact.name.clone());
        let budgets = self.budget_ids.keys().map(|name| format!("budget.{name}.remaining"));
        let named = Attribute::all().map(|attribute| attribute.name().to_owned());
        named.chain(facts).chain(budgets).collect()
    }

    /// The budget of `budget.NAME.remaining`: NAME must be one that needs no quotes.
    pub(super) fn share(&self, attribute: &str) -> Option<BudgetId> {
        let name = attribute.strip_prefix("budget.")?.strip_suffix(".remaining")?;
        let plain = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
        self.budget_ids.get(name).copied().filter(|_| plain)
    }

    fn alone(&mut self, operand: &Operand, place: Place, reads: &mut Vec<(Attribute, Span)>) -> Option<Node> {
        if let OperandKind::Bool(value) = operand.kind {
            return Some(Node::Const(value));
        }
        match self.side(operand, place, reads) {
            Side::Reported => None,
            Side::Other(other) => {
                self.not_an_attribute(other);
                None
            }
            Side::Attribute(attribute) => {
                let kind = attribute.type_of(&self.facts);
                if kind == Type::Boolean {
                    return Some(Node::Is(attribute));
                }
                let name = self.attribute_name(attribute);
                let message = format!("`{name}` is {} and no condition by itself", kind.label());
                let help = match kind {
                    Type::Set(_) => format!("say what it must have, as in `{name} has …`"),
                    _ => format!("compare it, as in `{name} == …`"),
                };
                self.mismatch(operand.span, message, help);
                None
            }
        }
    }

    fn attribute_name(&self, attribute: Attribute) -> String {
        match attribute {
            Attribute::Request(RequestAttribute::Fact(id)) => {
                self.facts.get(id).map(|fact| fact.name.clone()).unwrap_or_default()
            }
            Attribute::Request(RequestAttribute::Share(id)) => {
                let named = self.budget_ids.iter().find(|(_, known)| **known == id);
                named.map(|(name, _)| format!("budget.{name}.remaining")).unwrap_or_default()
            }
            _ => attribute.name().to_owned(),
        }
    }

    fn compare(
        &mut self,
        span: Span,
        left: &Operand,
        op: CompareOp,
        right: &Operand,
        place: Place,
        reads: &mut Vec<(Attribute, Span)>,
    ) -> Option<Node> {
        let (a, b) = (self.side(left, place, reads), self.side(right, place, reads));
        match (&a, &b) {
            (
                Side::Attribute(attribute),
                Side::Other(Operand { kind: OperandKind::Pattern(prefix), span: at }),
            )
            | (
                Side::Other(Operand { kind: OperandKind::Pattern(prefix), span: at }),
                Side::Attribute(attribute),
            ) => {
                return self.like(*attribute, op, (prefix, *at), span);
            }
            _ => {}
        }
        match (a, b) {
            (Side::Reported, _) | (_, Side::Reported) => None,
            (Side::Attribute(a), Side::Attribute(b)) => {
                self.operator_fits(a, op, span)?;
                self.one_type(a, b, span)?;
                Some(Node::Compare(Term::Attribute(a), op, Term::Attribute(b)))
            }
            (Side::Attribute(a), Side::Other(value)) => {
                self.operator_fits(a, op, span)?;
                let value = self.value(a, value)?;
                Some(Node::Compare(Term::Attribute(a), op, Term::Value(value)))
            }
            (Side::Other(value), Side::Attribute(b)) => {
                self.operator_fits(b, op, span)?;
                let value = self.value(b, value)?;
                Some(Node::Compare(Term::Value(value), op, Term::Attribute(b)))
            }
            (Side::Other(a), Side::Other(b)) => {
                let right_is_meant =
                    !matches!(a.kind, OperandKind::Name(_)) && matches!(b.kind, OperandKind::Name(_));
                self.not_an_attribute(if right_is_meant { b } else { a });
                None
            }
        }
    }

    /// A comparison with a pattern: equal to one of the use cases that it matches, or to none.
    fn like(
        &mut self,
        attribute: Attribute,
        op: CompareOp,
        (prefix, at): (&str, Span),
        span: Span,
    ) -> Option<Node> {
        self.operator_fits(attribute, op, span)?;
        let matched = Node::In(Term::Attribute(attribute), self.pattern(attribute, prefix, at)?);
        Some(if op == CompareOp::Ne { Node::Not(Box::new(matched)) } else { matched })
    }

    fn operator_fits(&mut self, attribute: Attribute, op: CompareOp, span: Span) -> Option<()> {
        let kind = attribute.type_of(&self.facts);
        let equality = matches!(op, CompareOp::Eq | CompareOp::Ne);
        let fits = match kind {
            Type::Names(_) | Type::Boolean => equality,
            Type::Set(_) => false,
            _ => true,
        };
        if fits {
            return Some(());
        }
        let name = self.attribute_name(attribute);
        let message = format!("`{}` does not compare `{name}`, which is {}", symbol(op), kind.label());
        let help = if matches!(kind, Type::Set(_)) {
            format!("a set is tested with `{name} has …` or `{name} covers …`")
        } else {
            "it is tested with `==`, `!=` or `in [ … ]`".to_owned()
        };
        self.mismatch(span, message, help);
        None
    }

    fn one_type(&mut self, a: Attribute, b: Attribute, span: Span) -> Option<()> {
        let (x, y) = (a.type_of(&self.facts), b.type_of(&self.facts));
        let numbers = |kind| matches!(kind, Type::Number | Type::Multiplier);
        let fits = match (x, y) {
            (Type::Names(m), Type::Names(n)) => m.same(n),
            _ => x == y || (numbers(x) && numbers(y)),
        };
        let budget = [a, b].into_iter().find(|attribute| remaining(*attribute).is_some());
        if fits && budget.is_none() {
            return Some(());
        }
        let message = format!("`{}` and `{}` do not compare", self.attribute_name(a), self.attribute_name(b));
        let help = if let Some(budget) = budget {
            let name = self.attribute_name(budget);
            format!("`{name}` is compared with a percent only, as in `{name} < 20%`")
        } else {
            match (self.values_of(a), self.values_of(b)) {
                (Some(one), Some(other)) => format!(
                    "`{}` is {one}, and `{}` is {other}",
                    self.attribute_name(a),
                    self.attribute_name(b)
                ),
                _ => format!(
                    "`{}` is {}, and `{}` is {}",
                    self.attribute_name(a),
                    x.label(),
                    self.attribute_name(b),
                    y.label()
                ),
            }
        };
        self.mismatch(span, message, help);
        None
    }

    /// A written value of the type of an attribute.
    fn value(&mut self, attribute: Attribute, operand: &Operand) -> Option<Value> {
        let kind = attribute.type_of(&self.facts);
        match (kind, &operand.kind) {
            (Type::Names(Domain::ModelId), OperandKind::Model { provider, name }) => {
                self.model_value(&format!("{provider}/{name}"), operand.span)
            }
            (Type::Names(domain), OperandKind::Name(text) | OperandKind::Quoted(text)) => {
                self.name_value(attribute, domain, text, operand.span)
            }
            (Type::Ordered(order), OperandKind::Name(text) | OperandKind::Quoted(text)) => {
                self.level(order, text, operand.span)
            }
            (Type::Number | Type::Multiplier, OperandKind::Number(n)) => Some(Value::Number(n.clone())),
            (Type::Multiplier, OperandKind::Multiplier(n)) => Some(Value::Number(n.clone())),
            (Type::Percent, OperandKind::Percent(n)) if *n <= whole(100) => Some(Value::Number(n.clone())),
            (Type::Percent, OperandKind::Percent(n)) => {
                let message = format!("`{}%` is more than 100%", number::exact(n));
                self.mismatch(operand.span, message, "a share lies between 0% and 100%");
                None
            }
            (Type::Duration, OperandKind::Duration(n)) | (Type::Rate, OperandKind::Rate(n)) => {
                Some(Value::Number(n.clone()))
            }
            (Type::Boolean, OperandKind::Bool(value)) => Some(Value::Bool(*value)),
            (_, OperandKind::Name(_)) => {
                self.not_an_attribute(operand);
                None
            }
            _ => {
                let name = self.attribute_name(attribute);
                let message = format!("`{name}` is {}, not {}", kind.label(), describe(operand));
                self.mismatch(operand.span, message, format!("compare `{name}` with {}", kind.label()));
                None
            }
        }
    }

    fn level(&mut self, order: Order, text: &str, span: Span) -> Option<Value> {
        let classifications = self.classifications.clone();
        let levels = order.levels(&classifications);
        if let Some(level) = super::registry::position(&levels, text) {
            return Some(Value::Level(level));
        }
        let what = match order {
            Order::Classification => "classification",
            Order::Risk => "risk",
            Order::Criticality => "criticality",
            Order::Tier => "tier",
            Order::Dpa => "DPA status",
        };
        self.unknown(span, what, text, &levels);
        None
    }

    fn model_value(&mut self, text: &str, span: Span) -> Option<Value> {
        let model = self.model_reference(text, span)?;
        let id = self.references.ids.iter().find(|(_, id)| **id == model).map(|(id, _)| id.clone())?;
        Some(Value::Symbol(self.names.intern(&id)))
    }

    fn name_value(&mut self, attribute: Attribute, domain: Domain, text: &str, span: Span) -> Option<Value> {
        if domain == Domain::ModelId {
            return self.model_value(text, span);
        }
        if domain == Domain::UseCase {
            let id = self.use_case_reference(text, span)?;
            let name = self.use_case_names.get(id).cloned()?;
            return Some(Value::Symbol(self.names.intern(&name)));
        }
        let fixed = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let listed = |kind| self.names_of(kind);
        let fact = |id: usize| self.facts.get(id).map(|fact| fact.values.clone()).unwrap_or_default();
        let (what, values): (String, Vec<String>) = match domain {
            Domain::BusinessUnit => ("business unit".to_owned(), listed(tree::VocabularyKind::BusinessUnits)),
            Domain::Team => ("team".to_owned(), listed(tree::VocabularyKind::Teams)),
            Domain::Project => ("project".to_owned(), listed(tree::VocabularyKind::Projects)),
            Domain::Application => ("application".to_owned(), listed(tree::VocabularyKind::Applications)),
            Domain::Workload => ("workload".to_owned(), fixed(&["interactive", "batch"])),
            Domain::Provider => ("provider".to_owned(), self.references.providers.keys().cloned().collect()),
            Domain::FailureDomain => {
                let providers = self.references.providers.keys();
                let all: std::collections::BTreeSet<&String> =
                    providers.chain(&self.failure_domains).collect();
                ("failure domain".to_owned(), all.into_iter().cloned().collect())
            }
            Domain::Hosting => ("hosting".to_owned(), fixed(&["cloud", "private-cloud", "self-hosted"])),
            Domain::Jurisdiction => ("jurisdiction".to_owned(), self.jurisdictions.iter().cloned().collect()),
            Domain::Lifecycle => {
                ("lifecycle".to_owned(), fixed(&["preview", "active", "deprecated", "retired"]))
            }
            // Regions like any others: where their list is not written, any name may be one.
            Domain::Regions(_) => {
                return Some(Value::Symbol(self.member(tree::VocabularyKind::Regions, text, span, false)));
            }
            Domain::Fact(id) => (format!("value of the fact `{}`", self.attribute_name(attribute)), fact(id)),
            Domain::ModelId | Domain::UseCase => return None,
        };
        if values.iter().any(|value| value == text) {
            return Some(Value::Symbol(self.names.intern(text)));
        }
        let candidates: Vec<&str> = values.iter().map(String::as_str).collect();
        self.unknown(span, &what, text, &candidates);
        None
    }

    /// The attribute on the left of `in`, `has` or `covers`, or on the right of `covers`.
    fn needed(
        &mut self,
        operand: &Operand,
        place: Place,
        reads: &mut Vec<(Attribute, Span)>,
    ) -> Option<Attribute> {
        match self.side(operand, place, reads) {
            Side::Attribute(attribute) => Some(attribute),
            Side::Reported => None,
            Side::Other(other) => {
                self.not_an_attribute(other);
                None
            }
        }
    }

    fn is_in(
        &mut self,
        left: &Operand,
        items: &[Operand],
        place: Place,
        reads: &mut Vec<(Attribute, Span)>,
    ) -> Option<Node> {
        let attribute = self.needed(left, place, reads)?;
        if let kind @ Type::Set(_) = attribute.type_of(&self.facts) {
            let name = self.attribute_name(attribute);
            let message = format!("`in` does not test `{name}`, which is {}", kind.label());
            self.mismatch(left.span, message, format!("a set is tested with `{name} has …`"));
            return None;
        }
        let mut terms = Vec::new();
        for item in items {
            terms.push(match self.side(item, place, reads) {
                Side::Reported => None,
                Side::Attribute(other) => {
                    self.one_type(attribute, other, item.span).map(|()| vec![Term::Attribute(other)])
                }
                Side::Other(Operand { kind: OperandKind::Pattern(prefix), span }) => {
                    self.pattern(attribute, prefix, *span)
                }
                Side::Other(value) => self.value(attribute, value).map(|value| vec![Term::Value(value)]),
            });
        }
        let terms: Option<Vec<Vec<Term>>> = terms.into_iter().collect();
        let (left, terms) = (Term::Attribute(attribute), terms?.concat());
        let is_region = matches!(attribute.type_of(&self.facts), Type::Names(Domain::Regions(_)));
        Some(if is_region { Node::Within(left, terms) } else { Node::In(left, terms) })
    }

    fn set_needed(
        &mut self,
        operand: &Operand,
        word: &str,
        place: Place,
        reads: &mut Vec<(Attribute, Span)>,
    ) -> Option<(Attribute, tree::VocabularyKind)> {
        let attribute = self.needed(operand, place, reads)?;
        match attribute.type_of(&self.facts) {
            Type::Set(kind) => Some((attribute, kind)),
            other => {
                let name = self.attribute_name(attribute);
                let message = format!("`{word}` needs a set, and `{name}` is {}", other.label());
                self.mismatch(
                    operand.span,
                    message,
                    "sets are `compliance`, `regulations`, `residency`, `data`, \
                    `capabilities`, `model.compliance`, `model.regions`, `model.processed_in` and `model.capabilities`",
                );
                None
            }
        }
    }

    fn has(
        &mut self,
        left: &Operand,
        right: &Operand,
        place: Place,
        reads: &mut Vec<(Attribute, Span)>,
    ) -> Option<Node> {
        let set = self.set_needed(left, "has", place, reads);
        let right_side = self.side(right, place, reads);
        let (attribute, kind) = set?;
        let element = match right_side {
            Side::Reported => return None,
            Side::Attribute(other) => {
                let regions = matches!(other.type_of(&self.facts), Type::Names(Domain::Regions(_)));
                if !(regions && kind == tree::VocabularyKind::Regions) {
                    let (set, name) = (self.attribute_name(attribute), self.attribute_name(other));
                    let message = format!("`{name}` is no element of `{set}`");
                    let help = if matches!(other.type_of(&self.facts), Type::Set(_)) {
                        format!("to test that one set has all of another, write `{set} covers {name}`")
                    } else {
                        format!("quote it if the name `{name}` is meant: `{set} has \"{name}\"`")
                    };
                    self.mismatch(right.span, message, help);
                    return None;
                }
                Term::Attribute(other)
            }
            Side::Other(Operand { kind: OperandKind::Name(text) | OperandKind::Quoted(text), span }) => {
                let before = self.findings.len();
                let symbol = self.member(kind, text, *span, false);
                if self.findings.len() > before {
                    return None;
                }
                Term::Value(Value::Symbol(symbol))
            }
            Side::Other(other) => {
                let message = format!("`has` needs a name of `{}`, not {}", kind.word(), describe(other));
                self.mismatch(other.span, message, "write one name, as in `compliance has soc2`");
                return None;
            }
        };
        Some(Node::Has(attribute, element))
    }

    fn covers(
        &mut self,
        left: &Operand,
        right: &Operand,
        place: Place,
        reads: &mut Vec<(Attribute, Span)>,
    ) -> Option<Node> {
        let a = self.set_needed(left, "covers", place, reads);
        let b = self.set_needed(right, "covers", place, reads);
        let ((a, x), (b, y)) = (a?, b?);
        if x != y {
            self.one_type(a, b, left.span.to(right.span))?;
        }
        Some(Node::Covers(a, b))
    }
}

/// The axis of an attribute that says what remains of budgets.
fn remaining(attribute: Attribute) -> Option<Axis> {
    match attribute.axis() {
        axis @ Some(Axis::Budget | Axis::Share(_)) => axis,
        _ => None,
    }
}

/// The cuts that one comparison with what remains of budgets makes, each on its axis.
fn node_cuts(node: &Node, cuts: &mut Vec<(Axis, Cut)>) {
    let mut cut = |axis: Axis, percent: &Term, below: bool, above: bool| {
        if let Term::Value(Value::Number(percent)) = percent {
            cuts.extend(below.then(|| (axis, Cut { percent: percent.clone(), above: false })));
            cuts.extend(above.then(|| (axis, Cut { percent: percent.clone(), above: true })));
        }
    };
    let remaining = |term: &Term| match term {
        Term::Attribute(attribute) => remaining(*attribute),
        Term::Value(_) => None,
    };
    match node {
        Node::Compare(left, op, right) => {
            let (axis, value, op) = match (remaining(left), remaining(right)) {
                (Some(axis), _) => (axis, right, *op),
                (None, Some(axis)) => (axis, left, flipped(*op)),
                (None, None) => return,
            };
            let below = !matches!(op, CompareOp::Le | CompareOp::Gt);
            let above = !matches!(op, CompareOp::Lt | CompareOp::Ge);
            cut(axis, value, below, above);
        }
        Node::In(left, items) => {
            if let Some(axis) = remaining(left) {
                for item in items {
                    cut(axis, item, true, true);
                }
            }
        }
        _ => {}
    }
}

fn flipped(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Lt => CompareOp::Gt,
        CompareOp::Le => CompareOp::Ge,
        CompareOp::Gt => CompareOp::Lt,
        CompareOp::Ge => CompareOp::Le,
        same => same,
    }
}

fn symbol(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Eq => "==",
        CompareOp::Ne => "!=",
        CompareOp::Lt => "<",
        CompareOp::Le => "<=",
        CompareOp::Gt => ">",
        CompareOp::Ge => ">=",
    }
}

fn describe(operand: &Operand) -> String {
    match &operand.kind {
        OperandKind::Name(text) => format!("the name `{text}`"),
        OperandKind::Quoted(text) => format!("the name \"{text}\""),
        OperandKind::Model { provider, name } => format!("the model `{provider}/{name}`"),
        OperandKind::Pattern(prefix) => format!("the pattern `{prefix}*`"),
        OperandKind::Number(n) => format!("the number `{}`", number::exact(n)),
        OperandKind::Multiplier(n) => format!("the multiplier `{}x`", number::exact(n)),
        OperandKind::Percent(n) => format!("the percent `{}%`", number::exact(n)),
        OperandKind::Duration(n) => format!("a duration (`{} s`)", number::exact(n)),
        OperandKind::Rate(n) => format!("a rate (`{} usd per 1m tokens`)", number::exact(n)),
        OperandKind::Bool(value) => format!("`{value}`"),
    }
}
