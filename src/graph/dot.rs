//! The graph in Graphviz's language.

use super::{Graph, LinkState, Node, Role};
use crate::source::markup::{MARKS, escaped, shown};
use crate::source::visible;

/// The graph as `dot` reads it.
pub fn write(graph: &Graph) -> String {
    let title = [std::slice::from_ref(&graph.title), &graph.subtitle].concat().join("\n");
    let mut text = String::from("digraph failover {\n");
    text += &format!(
        "  graph [rankdir=LR, fontname=\"Helvetica\", labelloc=t, nodesep=0.35, ranksep=0.9, label={}];\n",
        quoted(&title)
    );
    text += "  node [shape=box, style=\"rounded,filled\", fontname=\"Helvetica\", fillcolor=white, color=\"#64748b\"];\n";
    text += "  edge [fontname=\"Helvetica\", fontsize=10, color=\"#334155\"];\n";
    for (number, provider) in graph.providers.iter().enumerate() {
        text += &format!("  subgraph cluster_{number} {{\n    label={};\n", quoted(provider));
        text += "    style=\"rounded,filled\"; fillcolor=\"#f1f5f9\"; color=\"#cbd5e1\";\n";
        for (id, node) in graph.nodes.iter().enumerate().filter(|(_, node)| node.provider == number) {
            text += &format!(
                "    n{id} [label={}, tooltip={}{}];\n",
                label(node),
                quoted(&node.hint),
                style(node.role)
            );
        }
        text += "  }\n";
    }
    for link in &graph.links {
        let style = match link.state {
            LinkState::Live => "",
            LinkState::Cut => ", style=dashed, color=\"#dc2626\", fontcolor=\"#dc2626\", arrowhead=tee",
            LinkState::Idle => ", style=dotted, color=\"#94a3b8\", fontcolor=\"#64748b\"",
        };
        let (label, hint) = (quoted(&link.label.join("\n")), quoted(&link.hint));
        text += &format!("  n{} -> n{} [label={label}, tooltip={hint}{style}];\n", link.from, link.to);
    }
    text + "}\n"
}

fn style(role: Role) -> &'static str {
    match role {
        Role::Primary => ", fillcolor=\"#dbeafe\", color=\"#2563eb\", penwidth=2",
        Role::Target | Role::Bystander => "",
        Role::Out => ", fontcolor=\"#64748b\", color=\"#cbd5e1\"",
        Role::Down => ", fontcolor=\"#64748b\", color=\"#dc2626\", style=\"rounded,filled,dashed\"",
    }
}

/// The label of a model: its name, and the rest smaller.
fn label(node: &Node) -> String {
    let small = node.lines.iter().chain(Some(&node.mark).filter(|mark| !mark.is_empty()));
    let small: String =
        small.map(|line| format!("<br/><font point-size=\"10\">{}</font>", html(line))).collect();
    format!("<<b>{}</b>{small}>", html(&node.name))
}

/// A quoted string: a backslash begins an escape and an ampersand an entity, so both are doubled or named.
fn quoted(text: &str) -> String {
    let quoted = escaped(&visible::unpiled(text), &['&'], |quoted, c| match c {
        '"' => *quoted += "\\\"",
        '\\' => *quoted += "\\\\",
        '\n' => *quoted += "\\n",
        c if c.is_control() => quoted.push('\u{fffd}'),
        c => quoted.push(c),
    });
    format!("\"{quoted}\"")
}

/// Text in an HTML-like label.
fn html(text: &str) -> String {
    let html = escaped(&visible::unpiled(text), &MARKS, |html, c| html.push(shown(c)));
    // An empty `<b></b>` is a syntax error of Graphviz.
    if html.is_empty() { " ".to_owned() } else { html }
}
