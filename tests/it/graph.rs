//! `graph`: links as decisions have them, pictures in which nothing covers anything, and the texts on the examples.

use std::collections::BTreeSet;

use govctl::decide::reference;
use govctl::explain::{Explanation, Question};
use govctl::graph::build::{Scope, build};
use govctl::graph::layout::{self, LinkShape, NodeShape, Rect, Shape};
use govctl::graph::{Graph, LinkState, dot, mermaid, svg};
use govctl::model::{Context, Table, UseCase, World};
use govctl::workspace::Workspace;
use proptest::prelude::*;

use crate::bundle::{self, bless, root, run, status, stderr, stdout};
use crate::properties;
use crate::worlds;

const EXAMPLES: [&str; 3] = ["examples/hospital", "examples/logistics", "examples/logistics-as-published"];

fn graph(example: &str, arguments: &[&str]) -> String {
    let output = run(&root(example), &[&["graph"], arguments].concat());
    assert_eq!(stderr(&output).lines().filter(|line| !line.starts_with("error[")).count(), 0, "{example}");
    stdout(&output)
}

#[test]
fn the_examples_as_texts() {
    for example in EXAMPLES {
        let name = example.trim_start_matches("examples/");
        insta::assert_snapshot!(format!("{name}.dot"), graph(example, &[]));
        insta::assert_snapshot!(format!("{name}.mermaid"), graph(example, &["--format", "mermaid"]));
    }
    let one = ["clinical.notes", "--fact", "consent=given", "--down", "azure-eu", "--format", "mermaid"];
    insta::assert_snapshot!("one-use-case.mermaid", graph("examples/hospital", &one));
    // Each way of failing leads elsewhere.
    let one = ["assistant.premium", "--format", "mermaid"];
    insta::assert_snapshot!("by-trigger.mermaid", graph("examples/saas", &one));
    insta::assert_snapshot!("by-trigger.dot", graph("examples/saas", &[]));
}

#[test]
fn with_a_trigger_its_path_alone_is_drawn() {
    let drawn = |on: &str| graph("examples/saas", &["assistant.premium", "--format", "mermaid", "--on", on]);
    insta::assert_snapshot!("one-trigger.mermaid", drawn("timeout"));
    let filtered = drawn("content-filtered");
    assert!(filtered.contains("failover filtered-prompts: on content-filtered"), "{filtered}");
    assert!(!filtered.contains("-->") && !filtered.contains("failover outage"), "{filtered}");
    let uncovered = ["customer-communication", "--format", "mermaid", "--on", "content-filtered"];
    let uncovered = graph("examples/logistics", &uncovered);
    assert!(uncovered.contains("no failover statement covers content-filtered, then block"), "{uncovered}");
}

#[test]
fn the_picture_of_the_readme_is_todays() {
    let path = root("docs/failover.svg");
    let drawn = graph("examples/logistics-as-published", &["--format", "svg"]);
    if bless() {
        std::fs::write(&path, &drawn).expect("the picture is written");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == drawn, "docs/failover.svg is out of date; GOVCTL_BLESS=1 cargo test draws it");
}

#[test]
fn what_cannot_be_drawn_is_refused() {
    let hospital = root("examples/hospital");
    let output = run(&hospital, &["graph", "clinical.note"]);
    let message = "error: no use case is called `clinical.note`; did you mean `clinical.notes`?\n";
    assert_eq!((status(&output), stderr(&output).as_str(), stdout(&output).as_str()), (2, message, ""));
    let nothing = bundle::unpack(&[]);
    let output = run(nothing.path(), &["graph"]);
    assert_eq!((status(&output), stdout(&output).as_str()), (2, ""));
    let last = stderr(&output).lines().last().map(str::to_owned);
    assert_eq!(
        last.as_deref(),
        Some("error: the workspace has errors that keep decisions from being made"),
        "{}",
        stderr(&output)
    );
}

/// Names that mean something to each of the three formats.
#[test]
fn names_are_written_safely() {
    let mut graph = Graph::default();
    let name = "a\"]:<b>&`\\;%%{x}";
    graph.title = name.to_owned();
    graph.providers = vec![name.to_owned()];
    graph.nodes = vec![govctl::graph::Node {
        provider: 0,
        name: name.to_owned(),
        lines: vec![name.to_owned()],
        role: govctl::graph::Role::Primary,
        mark: name.to_owned(),
        hint: name.to_owned(),
    }];
    insta::assert_snapshot!("hostile.dot", dot::write(&graph));
    insta::assert_snapshot!("hostile.mermaid", mermaid::write(&graph));
    let svg = svg::write(&graph).expect("a picture");
    assert!(!svg.contains("<b>") && svg.contains("&lt;b&gt;&amp;`"), "{svg}");
    let (before, rest) = svg.split_once("<style>").expect("a style sheet");
    let (_, after) = rest.split_once("</style>").expect("its end");
    // No line begins with what others wrote.
    assert!(before.lines().chain(after.lines().skip(1)).all(|line| line.starts_with('<')), "{svg}");
}

/// The live links of one use case are its targets one after the other, and each cut one leads to what some path leaves
/// out.
fn links_follow(world: &World, question: &Question) -> Result<(), TestCaseError> {
    let drawn = build(world, &[Explanation::of(*question)], Scope::One);
    let id = |node: usize| {
        let node = &drawn.nodes[node];
        format!("{}/{}", drawn.providers[node.provider], node.name)
    };
    let ids: Vec<&str> =
        question.decision.reaches().into_iter().map(|model| world.models[model].id.as_str()).collect();
    let live = drawn.links.iter().filter(|link| link.state == LinkState::Live);
    let into: BTreeSet<String> = live.map(|link| id(link.to)).collect();
    prop_assert_eq!(into, ids.iter().skip(1).map(|&id| id.to_owned()).collect::<BTreeSet<_>>());
    for cut in drawn.links.iter().filter(|link| link.state == LinkState::Cut) {
        // What one path leaves out may be a target of another.
        let left_out = question.decision.paths.iter().flat_map(|path| path.left_out.iter());
        let mut left_out = left_out.map(|left| world.models[left.model].id.as_str());
        prop_assert!(left_out.any(|left| left == id(cut.to)), "cut: {} -> {}", id(cut.from), id(cut.to));
        prop_assert!(!cut.label.is_empty(), "a cut link says why");
    }
    Ok(())
}

fn holds(workspace: &Workspace) -> Result<(), TestCaseError> {
    let Some(world) = &workspace.world else { return Ok(()) };
    let contexts: Table<UseCase, Context> =
        world.use_cases.iter().map(|use_case| world.baseline(use_case)).collect();
    let checked = workspace.check();
    let survey = checked.survey.as_ref().expect("a survey");
    let decided: Vec<_> = survey.decided().map(|decided| decided.id).collect();
    let decisions: Vec<_> = decided
        .iter()
        .map(|&id| reference::decide(world, &world.use_cases[id], &contexts[id]).expect("defined"))
        .collect();
    let questions: Vec<Question> = decided
        .iter()
        .zip(&decisions)
        .map(|(&id, decision)| Question {
            world,
            use_case: &world.use_cases[id],
            context: &contexts[id],
            decision,
            on: None,
            down: &[],
            stated: &[],
        })
        .collect();
    for question in &questions {
        links_follow(world, question)?;
    }
    let explained: Vec<Explanation> = questions.iter().copied().map(Explanation::of).collect();
    let all = build(world, &explained, Scope::All);
    let (dot, mermaid) = (dot::write(&all), mermaid::write(&all));
    prop_assert_eq!(dot.matches(" -> ").count(), all.links.len());
    prop_assert!(mermaid.lines().count() > all.links.len());
    let picture = svg::write(&all).expect("few enough");
    prop_assert!(picture.ends_with("</svg>\n"));
    Ok(())
}

fn shapes() -> impl Strategy<Value = Shape> {
    let sizes = (60_i64..220, 40_i64..120);
    (1_usize..7, prop::collection::vec((0_usize..7, sizes), 1..40)).prop_flat_map(|(boxes, nodes)| {
        let count = nodes.len();
        let label = prop::option::of((20_i64..160, 15_i64..70));
        let links = prop::collection::vec((0..count, 0..count, label, 0_u8..3), 0..50);
        let nodes: Vec<NodeShape> = nodes
            .into_iter()
            .map(|(in_box, (width, height))| NodeShape { in_box: in_box % boxes, width, height })
            .collect();
        links.prop_map(move |links| {
            let links = links.into_iter().filter(|(from, to, ..)| from != to);
            let links = links.map(|(from, to, label, rank)| LinkShape { from, to, label, rank }).collect();
            Shape { boxes, nodes: nodes.clone(), links }
        })
    })
}

fn inside(inner: Rect, outer: Rect) -> bool {
    inner.x >= outer.x
        && inner.y >= outer.y
        && inner.right() <= outer.right()
        && inner.bottom() <= outer.bottom()
}

/// The first two that share a point.
fn clash(all: &[Rect]) -> Option<(Rect, Rect)> {
    let pairs =
        all.iter().enumerate().flat_map(|(at, one)| all.iter().skip(at + 1).map(move |two| (*one, *two)));
    pairs.into_iter().find(|(one, two)| one.meets(*two))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: properties::cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn links_are_those_of_the_decisions(rolls in prop::collection::vec(any::<u16>(), 0..400)) {
        holds(&properties::read(&worlds::workspace(&rolls)))?;
    }

    #[test]
    fn nothing_covers_anything(shape in shapes()) {
        let placed = layout::place(&shape);
        prop_assert_eq!(&placed, &layout::place(&shape));
        let page = Rect { x: 0, y: 0, width: placed.width, height: placed.height };
        let used: Vec<Rect> = (0..shape.boxes)
            .filter(|number| shape.nodes.iter().any(|node| node.in_box == *number))
            .filter_map(|number| placed.boxes.get(number).copied())
            .collect();
        prop_assert_eq!(clash(&used), None, "boxes");
        prop_assert_eq!(clash(&placed.nodes), None, "models");
        let labels: Vec<Rect> = placed.links.iter().filter_map(|link| link.label).collect();
        prop_assert_eq!(clash(&labels), None, "labels");
        for label in &labels {
            prop_assert!(!placed.nodes.iter().any(|node| node.meets(*label)), "a label on a model");
        }
        for (node, wanted) in placed.nodes.iter().zip(&shape.nodes) {
            prop_assert!(inside(*node, placed.boxes[wanted.in_box]));
        }
        for rect in used.iter().chain(&placed.nodes).chain(&labels) {
            prop_assert!(inside(*rect, page), "{rect:?} leaves {page:?}");
        }
        for link in &placed.links {
            for &(x, y) in &link.points {
                prop_assert!((0..=page.width).contains(&x) && (0..=page.height).contains(&y));
            }
        }
    }
}
