//! The graph as a picture: drawn without any other program, for light and dark pages, the same everywhere.
//!
//! Colours appear twice: as attributes, for programs that know no style sheets, and as variables that follow the reader's
//! light or dark page.

mod draw;
mod legend;
mod text;

use super::layout::{self, Layout, LinkShape, NodeShape, PADDING, Shape};
use super::{Graph, LinkState, Node};
use crate::invariant::there;
use crate::limits::MAX_DRAWN;
use text::{escape, width, wrap};

/// The style sheet.
const STYLE: &str = include_str!("style.css");

const NAME_SIZE: i64 = 13;
const SMALL_SIZE: i64 = 11;
const TITLE_SIZE: i64 = 18;
/// Most pixels for the name of a model on one line.
const WIDEST: i64 = 200;
/// Most pixels for a label on one line.
const WIDEST_LABEL: i64 = 150;
const NAME_LINE: i64 = 17;
const SMALL_LINE: i64 = 15;
/// Space around the picture.
const MARGIN: i64 = 20;

/// The texts of a model, broken into lines.
struct Card {
    name: Vec<String>,
    lines: Vec<String>,
    mark: Vec<String>,
}

/// The graph as an SVG file.
///
/// # Errors
///
/// It has more models or links than anybody could read.
pub fn write(graph: &Graph) -> Result<String, String> {
    let (nodes, links) = (graph.nodes.len(), graph.links.len());
    if nodes > MAX_DRAWN || links > MAX_DRAWN {
        return Err(format!(
            "a picture of {nodes} models and {links} links is not readable; name a use case, or take `--format dot`"
        ));
    }
    let cards: Vec<Card> = graph.nodes.iter().map(card).collect();
    let labels: Vec<Vec<String>> = graph.links.iter().map(label).collect();
    let shape = Shape {
        boxes: graph.providers.len(),
        nodes: graph.nodes.iter().zip(&cards).map(|(node, card)| measure(node, card)).collect(),
        links: graph
            .links
            .iter()
            .zip(&labels)
            .map(|(link, label)| LinkShape {
                from: link.from,
                to: link.to,
                label: label_size(label),
                rank: link.state as u8,
            })
            .collect(),
    };
    let layout = layout::place(&shape);
    Ok(picture(graph, &cards, &labels, &layout))
}

fn card(node: &Node) -> Card {
    let small = |line: &String| wrap(line, SMALL_SIZE, false, WIDEST, 2);
    Card {
        name: wrap(&node.name, NAME_SIZE, true, WIDEST, 3),
        lines: node.lines.iter().flat_map(small).collect(),
        mark: if node.mark.is_empty() { Vec::new() } else { wrap(&node.mark, SMALL_SIZE, true, WIDEST, 2) },
    }
}

fn measure(node: &Node, card: &Card) -> NodeShape {
    let names = card.name.iter().map(|line| width(line, NAME_SIZE, true));
    let small = card.lines.iter().map(|line| width(line, SMALL_SIZE, false));
    let marks = card.mark.iter().map(|line| width(line, SMALL_SIZE, true));
    let widest = names.chain(small).chain(marks).max().unwrap_or(0);
    let count = |lines: &[String]| i64::try_from(lines.len()).unwrap_or(0);
    let height = count(&card.name) * NAME_LINE + (count(&card.lines) + count(&card.mark)) * SMALL_LINE;
    NodeShape { in_box: node.provider, width: widest + 2 * PADDING, height: height + 16 }
}

/// The lines of a link's label.
fn label(link: &super::Link) -> Vec<String> {
    link.label.iter().flat_map(|line| wrap(line, SMALL_SIZE, false, WIDEST_LABEL, 2)).collect()
}

fn label_size(lines: &[String]) -> Option<(i64, i64)> {
    let widest = lines.iter().map(|line| width(line, SMALL_SIZE, false)).max()?;
    Some((widest + 16, i64::try_from(lines.len()).unwrap_or(1) * SMALL_LINE + 8))
}

/// Everything drawn, from what lies behind to what lies in front.
fn picture(graph: &Graph, cards: &[Card], labels: &[Vec<String>], layout: &Layout) -> String {
    let subtitles = graph.subtitle.iter();
    let subtitles: Vec<String> =
        subtitles.flat_map(|line| wrap(line, SMALL_SIZE, false, layout.width.max(420), 3)).collect();
    let head = 40 + i64::try_from(subtitles.len()).unwrap_or(0) * SMALL_LINE;
    let legend = legend::legend(graph);
    let titles = subtitles.iter().map(|line| width(line, SMALL_SIZE, false));
    let widest = titles.chain([layout.width, legend.width, width(&graph.title, TITLE_SIZE, true)]).max();
    let (wide, high) = (widest.unwrap_or(0) + 2 * MARGIN, head + layout.height + legend.height + 2 * MARGIN);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {wide} {high}\" width=\"{wide}\" \
         height=\"{high}\" role=\"img\" aria-labelledby=\"title desc\" \
         font-family=\"system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif\">\n"
    );
    svg += &format!("<title id=\"title\">{}</title>\n", escape(&graph.title));
    svg += &format!("<desc id=\"desc\">{}</desc>\n", escape(&described(graph)));
    svg += &format!("<style>\n{STYLE}</style>\n");
    svg += &format!("<rect class=\"page\" width=\"{wide}\" height=\"{high}\" fill=\"#ffffff\"/>\n");
    svg += &draw::line(&graph.title, (MARGIN, MARGIN + 18), TITLE_SIZE, draw::Ink::TITLE);
    for (number, line) in (1..).zip(&subtitles) {
        svg += &draw::line(line, (MARGIN, MARGIN + 20 + number * SMALL_LINE), SMALL_SIZE, draw::Ink::FAINT);
    }
    svg += &format!("<g transform=\"translate({MARGIN} {})\">\n", MARGIN + head);
    for (provider, place) in graph.providers.iter().zip(&layout.boxes) {
        svg += &draw::provider(provider, *place);
    }
    for order in [LinkState::Idle, LinkState::Live, LinkState::Cut] {
        let links = graph.links.iter().zip(&layout.links).filter(|(link, _)| link.state == order);
        svg.extend(links.map(|(link, route)| draw::link(link, route)));
    }
    for ((node, card), place) in graph.nodes.iter().zip(cards).zip(&layout.nodes) {
        svg += &draw::node(node, card, *place);
    }
    for ((link, label), route) in graph.links.iter().zip(labels).zip(&layout.links) {
        svg.extend(route.label.map(|place| draw::label(link, label, place)));
    }
    svg += &legend.drawn(layout.height + MARGIN);
    svg + "</g>\n</svg>\n"
}

/// The picture in words.
fn described(graph: &Graph) -> String {
    let mut lines = graph.subtitle.clone();
    let full = |id: usize| {
        let node = there(graph.nodes.get(id), "the model");
        format!("{}/{}", there(graph.providers.get(node.provider), "the provider"), node.name)
    };
    for (id, node) in graph.nodes.iter().enumerate().filter(|(_, node)| !node.mark.is_empty()) {
        lines.push(format!("{}: {}", full(id), node.mark));
    }
    for link in &graph.links {
        let becomes = match link.state {
            LinkState::Live => "fails over to",
            LinkState::Cut => "does not fail over to",
            LinkState::Idle => "would fail over to",
        };
        let why = if link.label.is_empty() { String::new() } else { format!(": {}", link.label.join(", ")) };
        lines.push(format!("{} {becomes} {}{why}", full(link.from), full(link.to)));
    }
    lines.join("\n")
}
