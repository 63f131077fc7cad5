//! The graph as a Mermaid flowchart, as Markdown on code hosts shows it.

use super::{Graph, LinkState, Node, Role};
use crate::source::visible;

/// The graph as a `mermaid` block holds it.
pub fn write(graph: &Graph) -> String {
    let mut text = format!("---\ntitle: \"{}\"\n---\nflowchart LR\n", title(&graph.title));
    for line in &graph.subtitle {
        text += &format!("  %% {}\n", comment(line));
    }
    for (number, provider) in graph.providers.iter().enumerate() {
        text += &format!("  subgraph p{number}[\"{}\"]\n", escaped(provider));
        for (id, node) in graph.nodes.iter().enumerate().filter(|(_, node)| node.provider == number) {
            text += &format!("    n{id}[\"{}\"]:::{}\n", label(node), class(node.role));
        }
        text += "  end\n";
    }
    for link in &graph.links {
        let label = link.label.iter().map(|line| escaped(line)).collect::<Vec<String>>().join("<br/>");
        let label = if label.is_empty() { String::new() } else { format!("|\"{label}\"|") };
        let arrow = match link.state {
            LinkState::Live => "-->",
            LinkState::Cut => "-.-x",
            LinkState::Idle => "-.->",
        };
        text += &format!("  n{} {arrow}{label} n{}\n", link.from, link.to);
    }
    text += &link_styles(graph);
    // Only borders: text and background are the page's own, light or dark.
    text += "  classDef primary stroke:#2563eb,stroke-width:3px\n";
    text += "  classDef target stroke:#64748b\n";
    text += "  classDef bystander stroke:#94a3b8,stroke-dasharray:2 3\n";
    text += "  classDef out stroke:#94a3b8,stroke-dasharray:2 3,color:#94a3b8\n";
    text + "  classDef down stroke:#dc2626,stroke-dasharray:6 4\n"
}

fn class(role: Role) -> &'static str {
    match role {
        Role::Primary => "primary",
        Role::Target => "target",
        Role::Bystander => "bystander",
        Role::Out => "out",
        Role::Down => "down",
    }
}

fn label(node: &Node) -> String {
    let small = node.lines.iter().chain(Some(&node.mark).filter(|mark| !mark.is_empty()));
    let small: String = small.map(|line| format!("<br/><small>{}</small>", escaped(line))).collect();
    format!("{}{small}", escaped(&node.name))
}

/// Links are styled by number.
fn link_styles(graph: &Graph) -> String {
    let of = |state: LinkState, style: &str| {
        let numbers = graph.links.iter().enumerate().filter(|(_, link)| link.state == state);
        let numbers: Vec<String> = numbers.map(|(number, _)| number.to_string()).collect();
        if numbers.is_empty() {
            String::new()
        } else {
            format!("  linkStyle {} {style}\n", numbers.join(","))
        }
    };
    of(LinkState::Cut, "stroke:#dc2626,color:#dc2626") + &of(LinkState::Idle, "stroke:#94a3b8")
}

/// Text inside quotes: whatever means something to Mermaid, Markdown or HTML as an entity code.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    let text = visible::unpiled(text);
    let mut characters = text.chars().enumerate().peekable();
    while let Some((position, c)) = characters.next() {
        let plain = c.is_alphanumeric() || matches!(c, '.' | ',' | ':' | '/' | '·');
        let next = characters.peek().map(|(_, next)| *next);
        match c {
            ' ' if position > 0 => escaped.push(' '),
            '-' if position > 0 => escaped.push('-'),
            // `1. x` would be a list.
            '.' if next.is_some_and(char::is_whitespace) => escaped += "#46;",
            // A price; two of them would be a formula.
            '$' if next.is_some_and(|next| next.is_ascii_digit()) => escaped.push('$'),
            c if plain => escaped.push(c),
            c if c.is_control() => escaped.push('\u{fffd}'),
            c => escaped += &format!("#{};", u32::from(c)),
        }
    }
    if escaped.is_empty() { "#160;".to_owned() } else { escaped }
}

/// A comment ends with its line, and its braces may be a directive.
fn comment(line: &str) -> String {
    line.chars().map(|c| if c.is_control() || matches!(c, '{' | '}') { ' ' } else { c }).collect()
}

/// The title as a quoted YAML string; it may not look like the end of the front matter.
fn title(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '"' => "\\\"".to_owned(),
            '\\' => "\\\\".to_owned(),
            c if c.is_control() => ' '.to_string(),
            c => c.to_string(),
        })
        .collect()
}
