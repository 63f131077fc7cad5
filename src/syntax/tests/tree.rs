//! What the tree holds: values, forms and places.

use crate::number::{Rational, parse_decimal};
use crate::source::{FileKind, SourceFile, Sources, Span};
use crate::syntax::parse;
use crate::syntax::tree::{
    Clause, CompareOp, Expectation, Expr, ExprKind, FailoverClause, GivenKind, Name, Operand, OperandKind,
    Preference, RuleClause, SelectorKind, Statement, StatementKind, Terminal, TestClause, Tier,
};

/// Parses text that has nothing wrong with it.
fn statements(text: &str) -> (Sources, Vec<Statement>) {
    let mut sources = Sources::default();
    let id = sources.add(SourceFile::new("x.gov", FileKind::Policy, text));
    let (file, findings) = parse(id, text);
    assert!(findings.is_empty(), "{findings:#?}");
    (sources, file.statements)
}

fn expr(text: &str) -> Expr {
    let (_, statements) = statements(&format!("cost rule x {{ when {text} }}"));
    match statements.into_iter().next().map(|statement| statement.kind) {
        Some(StatementKind::Rule(rule)) => {
            match rule.block.clauses.into_iter().next().map(|clause| clause.kind) {
                Some(RuleClause::When(expr)) => expr,
                other => panic!("{other:?}"),
            }
        }
        other => panic!("{other:?}"),
    }
}

fn operand(text: &str) -> OperandKind {
    match expr(&format!("a == {text}")).kind {
        ExprKind::Compare(_, CompareOp::Eq, Operand { kind, .. }) => kind,
        other => panic!("{other:?}"),
    }
}

fn number(text: &str) -> Rational {
    parse_decimal(text).expect("a number")
}

fn plain(name: &str) -> OperandKind {
    OperandKind::Name(name.to_owned())
}

#[test]
fn durations_are_seconds() {
    let cases = [
        ("250ms", "0.25"),
        ("1 MS", "0.001"),
        ("30s", "30"),
        ("1 second", "1"),
        ("2.5 Minutes", "150"),
        ("1hour", "3600"),
        ("2 days", "172800"),
        ("1 week", "604800"),
        ("7\n# a comment\n years", "220752000"),
    ];
    for (text, seconds) in cases {
        assert_eq!(operand(text), OperandKind::Duration(number(seconds)), "{text}");
    }
}

#[test]
fn numbers_keep_their_units() {
    assert_eq!(operand("128_000"), OperandKind::Number(number("128000")));
    assert_eq!(operand("99.95 %"), OperandKind::Percent(number("99.95")));
    assert_eq!(operand("2.5X"), OperandKind::Multiplier(number("2.5")));
    assert_eq!(operand("0.003 usd per 1k tokens"), OperandKind::Rate(number("3")));
    assert_eq!(operand("5 USD per 1M tokens"), OperandKind::Rate(number("5")));
}

#[test]
fn names_strings_and_models_are_told_apart() {
    let model =
        |provider: &str, name: &str| OperandKind::Model { provider: provider.into(), name: name.into() };
    assert_eq!(operand("planning-agent.v2_x"), plain("planning-agent.v2_x"));
    assert_eq!(operand("\"a \\\"b\\\" \\\\ \\n\\t\""), OperandKind::Quoted("a \"b\" \\ \n\t".to_owned()));
    assert_eq!(operand("openai/gpt-4-turbo"), model("openai", "gpt-4-turbo"));
    assert_eq!(operand("a/b/c:d@e.f-g_"), model("a", "b/c:d@e.f-g_"));
    assert_eq!(operand("\"01 ai\"/\"yi large\""), model("01 ai", "yi large"));
    assert_eq!(operand("bedrock/\"x\""), model("bedrock", "x"));
    assert_eq!(operand("\"a/b\""), OperandKind::Quoted("a/b".to_owned()));
    assert_eq!(operand("true"), OperandKind::Bool(true));
    assert_eq!(operand("truer"), plain("truer"));
    assert_eq!(operand("in.x"), plain("in.x"));
}

#[test]
fn and_binds_tighter_than_or_and_not_tighter_than_and() {
    let ExprKind::Or(parts) = expr("not a and b or c or (d)").kind else { panic!("an or") };
    let [first, second, third] = parts.as_slice() else { panic!("three parts") };
    let ExprKind::And(both) = &first.kind else { panic!("an and") };
    assert!(matches!(both.as_slice(), [Expr { kind: ExprKind::Not(_), .. }, _]));
    assert!(matches!(second.kind, ExprKind::Alone(_)));
    assert!(matches!(third.kind, ExprKind::Paren(_)));
}

#[test]
fn every_comparison_has_its_form() {
    let compare = |text: &str| match expr(text).kind {
        ExprKind::Compare(_, op, _) => op,
        other => panic!("{other:?}"),
    };
    let all = ["a==b", "a!=b", "a<b", "a<=b", "a>b", "a>=b"].map(compare);
    let wanted = [CompareOp::Eq, CompareOp::Ne, CompareOp::Lt, CompareOp::Le, CompareOp::Gt, CompareOp::Ge];
    assert_eq!(all, wanted);
    assert!(matches!(expr("a has b").kind, ExprKind::Has(..)));
    assert!(matches!(expr("a covers b").kind, ExprKind::Covers(..)));
    assert!(matches!(expr("a in [b]").kind, ExprKind::In(_, list) if list.len() == 1));
    assert!(matches!(expr("a in [b, \"c\", d/e, 4]").kind, ExprKind::In(_, list) if list.len() == 4));
}

#[test]
fn where_a_keyword_and_a_name_can_both_stand_it_is_the_keyword() {
    let (_, statements) = statements(
        "cost rule a { prefer cheapest prefer \"cheapest\" prefer cheapest/x }
         test \"t\" { given use_case x, down y, \"down\" y, downy z expect primary x expect \"primary\"
           expect primary/x expect unroutable expect unroutably }",
    );
    let [
        Statement { kind: StatementKind::Rule(rule), .. },
        Statement { kind: StatementKind::Test(test), .. },
    ] = statements.as_slice()
    else {
        panic!("{statements:?}")
    };
    let kinds: Vec<&RuleClause> = rule.block.clauses.iter().map(|clause| &clause.kind).collect();
    assert!(matches!(
        kinds.as_slice(),
        [
            RuleClause::Prefer(Preference::Cheapest),
            RuleClause::Prefer(Preference::Selectors(_)),
            RuleClause::Prefer(Preference::Selectors(_))
        ]
    ));
    let kinds: Vec<&TestClause> = test.clauses.iter().map(|clause| &clause.kind).collect();
    let [TestClause::Given(given), expected @ ..] = kinds.as_slice() else { panic!("{kinds:?}") };
    let given: Vec<&GivenKind> = given.iter().map(|given| &given.kind).collect();
    assert!(matches!(
        given.as_slice(),
        [GivenKind::UseCase(_), GivenKind::Down(_), GivenKind::Fact(..), GivenKind::Fact(..)]
    ));
    assert!(matches!(
        expected,
        [
            TestClause::Expect(Expectation::Primary(_)),
            TestClause::Expect(Expectation::Targets(..)),
            TestClause::Expect(Expectation::Targets(..)),
            TestClause::Expect(Expectation::Unroutable),
            TestClause::Expect(Expectation::Targets(..)),
        ]
    ));
}

#[test]
fn a_tier_followed_by_rule_begins_a_rule() {
    let (_, statements) = statements("compliance rules\ncompliance # c\n rule r { }\ncompliance \"rule\"");
    let kinds: Vec<_> = statements.iter().map(|statement| &statement.kind).collect();
    assert!(matches!(
        kinds.as_slice(),
        [StatementKind::Vocabulary(..), StatementKind::Rule(rule), StatementKind::Vocabulary(..)]
            if rule.tier == Tier::Compliance
    ));
}

#[test]
fn optional_parts_may_be_absent() {
    let (_, statements) = statements(
        "failover a { none then queue } failover b { none then queue for 1 minute }
         failover c { none then degrade }",
    );
    let ends: Vec<Terminal> = statements
        .into_iter()
        .filter_map(|statement| match statement.kind {
            StatementKind::Failover(block) => {
                block.clauses.into_iter().find_map(|Clause { kind, .. }| match kind {
                    FailoverClause::Then(terminal) => Some(terminal),
                    _ => None,
                })
            }
            _ => None,
        })
        .collect();
    assert!(matches!(
        ends.as_slice(),
        [Terminal::Queue(None), Terminal::Queue(Some(minute)), Terminal::Degrade(None)]
            if minute.value == number("60")
    ));
}

/// Without white space at its ends.
fn tight(sources: &Sources, span: Span) -> &str {
    let text = sources.text(span);
    assert!(!text.is_empty() && text.trim() == text, "{text:?}");
    text
}

#[test]
fn places_hold_what_was_written() {
    let text =
        "  compliance rule \"a b\" { # c\n when  x ==  30  days and (y) # d\n prefer a/b , \"c\"\n }  # e\n";
    let (sources, statements) = statements(text);
    let [statement] = statements.as_slice() else { panic!("{statements:?}") };
    assert!(
        tight(&sources, statement.span).starts_with("compliance")
            && sources.text(statement.span).ends_with('}')
    );
    assert_eq!(tight(&sources, statement.head), "compliance rule \"a b\"");
    let StatementKind::Rule(rule) = &statement.kind else { panic!("{statement:?}") };
    let Name { text, quoted, span } = &rule.block.name;
    assert_eq!((text.as_str(), *quoted, sources.text(*span)), ("a b", true, "\"a b\""));
    let [when, prefer] = rule.block.clauses.as_slice() else { panic!("{rule:?}") };
    assert_eq!(tight(&sources, when.span), "when  x ==  30  days and (y)");
    assert_eq!(tight(&sources, when.keyword), "when");
    let RuleClause::When(condition) = &when.kind else { panic!("{when:?}") };
    assert_eq!(tight(&sources, condition.span), "x ==  30  days and (y)");
    let ExprKind::And(parts) = &condition.kind else { panic!("{condition:?}") };
    let texts: Vec<&str> = parts.iter().map(|part| tight(&sources, part.span)).collect();
    assert_eq!(texts, ["x ==  30  days", "(y)"]);
    let Some(ExprKind::Compare(left, _, right)) = parts.first().map(|part| &part.kind) else {
        panic!("{parts:?}")
    };
    assert_eq!((tight(&sources, left.span), tight(&sources, right.span)), ("x", "30  days"));
    assert_eq!(tight(&sources, prefer.span), "prefer a/b , \"c\"");
    let RuleClause::Prefer(Preference::Selectors(list)) = &prefer.kind else { panic!("{prefer:?}") };
    let texts: Vec<&str> = list.iter().map(|selector| tight(&sources, selector.span)).collect();
    assert_eq!(texts, ["a/b", "\"c\""]);
    assert!(matches!(list.last().map(|s| &s.kind), Some(SelectorKind::Name { quoted: true, .. })));
}

#[test]
fn heads_and_keywords_are_their_words() {
    let text = "regions eu # x\nfact f in regions default eu\nattribution { anomaly  above 5 % }\n\
        failover f { none limit 2  hops log  as x above 3 x cost block }\naudit a { lineage required }";
    let (sources, statements) = statements(text);
    let heads: Vec<&str> = statements.iter().map(|statement| tight(&sources, statement.head)).collect();
    assert_eq!(heads, ["regions", "fact f", "attribution", "failover f", "audit a"]);
    let keywords: Vec<&str> = statements
        .iter()
        .flat_map(|statement| match &statement.kind {
            StatementKind::Attribution(clauses) => clauses.iter().map(|clause| clause.keyword).collect(),
            StatementKind::Failover(block) => block.clauses.iter().map(|clause| clause.keyword).collect(),
            StatementKind::Audit(block) => block.clauses.iter().map(|clause| clause.keyword).collect(),
            _ => Vec::new(),
        })
        .map(|span| tight(&sources, span))
        .collect();
    assert_eq!(keywords, ["anomaly  above", "none", "limit", "log  as", "above", "lineage required"]);
}
