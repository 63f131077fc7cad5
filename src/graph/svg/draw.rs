//! The parts of the picture.

use super::text::{escape, wrap};
use super::{Card, NAME_LINE, NAME_SIZE, PADDING, SMALL_LINE, SMALL_SIZE};
use crate::graph::layout::{Rect, Route};
use crate::graph::{Link, LinkState, Node, Role};

/// How a text is set: its class, its colour on a light page, whether bold.
#[derive(Clone, Copy)]
pub(super) struct Ink {
    class: &'static str,
    color: &'static str,
    bold: bool,
}

impl Ink {
    pub(super) const TITLE: Ink = Ink { class: "text", color: "#0f172a", bold: true };
    pub(super) const PLAIN: Ink = Ink { class: "text", color: "#0f172a", bold: false };
    pub(super) const FAINT: Ink = Ink { class: "faint", color: "#64748b", bold: false };
    const HEADING: Ink = Ink { class: "faint", color: "#64748b", bold: true };
    const MARK: Ink = Ink { class: "mark", color: "#2563eb", bold: true };
    const BAD: Ink = Ink { class: "bad", color: "#dc2626", bold: false };
}

/// A line of text.
pub(super) fn line(text: &str, (x, y): (i64, i64), size: i64, ink: Ink) -> String {
    let weight = if ink.bold { " font-weight=\"600\"" } else { "" };
    let Ink { class, color, .. } = ink;
    let text = escape(&text.replace('\n', " "));
    format!(
        "<text class=\"{class}\" x=\"{x}\" y=\"{y}\" font-size=\"{size}\"{weight} fill=\"{color}\">{text}</text>\n"
    )
}

/// A rectangle with round corners and what a style sheet cannot be relied on for.
pub(super) fn rect(
    place: Rect,
    radius: i64,
    class: &str,
    (fill, stroke): (&str, &str),
    more: &str,
) -> String {
    let Rect { x, y, width, height } = place;
    format!(
        "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{radius}\" \
         fill=\"{fill}\" stroke=\"{stroke}\"{more}/>\n"
    )
}

/// A provider's box.
pub(super) fn provider(name: &str, place: Rect) -> String {
    let shown = wrap(name, 12, true, place.width - 2 * PADDING, 1).concat();
    let title = line(&shown, (place.x + PADDING, place.y + 18), 12, Ink::HEADING);
    format!(
        "<g>\n<title>{}</title>\n{}{title}</g>\n",
        escape(name),
        rect(place, 10, "box", ("#f1f5f9", "#cbd5e1"), "")
    )
}

/// A model.
pub(super) fn node(node: &Node, card: &Card, place: Rect) -> String {
    let (class, colors, more) = match node.role {
        Role::Primary => ("card first", ("#eff6ff", "#2563eb"), " stroke-width=\"2\""),
        Role::Target => ("card", ("#ffffff", "#475569"), ""),
        Role::Bystander => ("card", ("#ffffff", "#475569"), " stroke-dasharray=\"2 3\""),
        Role::Out => ("card out", ("#f1f5f9", "#cbd5e1"), ""),
        Role::Down => ("card down", ("#ffffff", "#dc2626"), " stroke-dasharray=\"6 4\""),
    };
    let (name_ink, mark_ink) = match node.role {
        Role::Out => (Ink::HEADING, Ink::BAD),
        Role::Down => (Ink::HEADING, Ink { bold: true, ..Ink::BAD }),
        Role::Bystander => (Ink::TITLE, Ink::FAINT),
        Role::Primary | Role::Target => (Ink::TITLE, Ink::MARK),
    };
    let mut text = format!("<g>\n<title>{}</title>\n", escape(&node.hint));
    text += &rect(place, 7, class, colors, more);
    let x = place.x + PADDING;
    let mut y = place.y + 8;
    for name in &card.name {
        text += &line(name, (x, y + 13), NAME_SIZE, name_ink);
        y += NAME_LINE;
    }
    let small = card.lines.iter().map(|line| (line, Ink::FAINT));
    for (words, ink) in small.chain(card.mark.iter().map(|mark| (mark, mark_ink))) {
        text += &line(words, (x, y + 11), SMALL_SIZE, ink);
        y += SMALL_LINE;
    }
    text + "</g>\n"
}

/// The class, the colour on a light page and the dashes of a link.
pub(super) fn stroke(state: LinkState) -> (&'static str, &'static str, &'static str) {
    match state {
        LinkState::Live => ("live", "#475569", ""),
        LinkState::Cut => ("cut", "#dc2626", " stroke-dasharray=\"6 4\""),
        LinkState::Idle => ("idle", "#64748b", " stroke-dasharray=\"1.5 4\" stroke-linecap=\"round\""),
    }
}

/// A link with its head.
pub(super) fn link(link: &Link, route: &Route) -> String {
    let (class, color, dashes) = stroke(link.state);
    let path = path(&route.points);
    let head = head(&route.points);
    format!(
        "<g>\n<title>{}</title>\n<path class=\"{class}\" d=\"{path}\" fill=\"none\" stroke=\"{color}\" \
         stroke-width=\"1.5\"{dashes}/>\n<path class=\"{class} head\" d=\"{head}\" fill=\"{color}\" \
         stroke=\"{color}\"/>\n</g>\n",
        escape(&link.hint)
    )
}

/// A line that passes every point level.
fn path(points: &[(i64, i64)]) -> String {
    let mut path = String::new();
    for (number, pair) in points.windows(2).enumerate() {
        let [(x, y), (to_x, to_y)] = pair else { continue };
        if number == 0 {
            path += &format!("M{x} {y}");
        }
        if x == to_x {
            // From a model back to itself.
            path += &format!("C{} {} {} {} {to_x} {to_y}", x + 28, y - 10, x + 28, to_y + 10);
        } else if y == to_y {
            path += &format!("H{to_x}");
        } else {
            let bend = (to_x - x) / 2;
            path += &format!("C{} {y} {} {to_y} {to_x} {to_y}", x + bend, to_x - bend);
        }
    }
    path
}

/// The arrow head at the last point.
fn head(points: &[(i64, i64)]) -> String {
    let [.., (before, _), (x, y)] = points else { return String::new() };
    let back = if before <= x && points.first().map(|first| first.0) != Some(*x) { -7 } else { 7 };
    format!("M{x} {y}l{back} -4v8z")
}

/// What stands at a link.
pub(super) fn label(link: &Link, lines: &[String], place: Rect) -> String {
    let (class, colors, ink) = match link.state {
        LinkState::Live => ("pill", ("#ffffff", "#cbd5e1"), Ink::PLAIN),
        LinkState::Cut => ("pill no", ("#fef2f2", "#dc2626"), Ink::BAD),
        LinkState::Idle => ("pill", ("#ffffff", "#cbd5e1"), Ink::FAINT),
    };
    let mut text = format!("<g>\n<title>{}</title>\n", escape(&link.hint));
    text += &rect(place, 6, class, colors, "");
    for (number, words) in (0..).zip(lines) {
        text += &line(words, (place.x + 8, place.y + 15 + number * SMALL_LINE), SMALL_SIZE, ink);
    }
    text + "</g>\n"
}
