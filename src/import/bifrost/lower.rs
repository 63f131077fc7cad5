//! Trees of CEL as what translates: the rest becomes conditions that somebody has to state.

use super::cel::{Expr, Operand};
use super::kinds::{self, MAPS};
use super::parse::{Node, Part, Why, parse};
use crate::number;

/// An expression with why Bifrost would not compile it, as far as it shows.
pub(super) fn read(source: &str) -> Result<(Expr, Option<String>), Why> {
    Ok(match parse(source)? {
        None => (Expr::Is(true), None),
        Some(node) => (expr(&node, source), kinds::fault(&node, source)),
    })
}

fn expr(node: &Node, source: &str) -> Expr {
    let all = |nodes: &[Node]| nodes.iter().map(|node| expr(node, source)).collect();
    let boxed = |node: &Node| Box::new(expr(node, source));
    let found = match &node.part {
        Part::Bool(value) => Some(Expr::Is(*value)),
        Part::Any(nodes) => Some(Expr::Any(all(nodes))),
        Part::All(nodes) => Some(Expr::All(all(nodes))),
        Part::Not(inner) => Some(Expr::Not(boxed(inner))),
        Part::Choice(parts) => {
            let (when, yes, no) = &**parts;
            Some(Expr::Choice(boxed(when), boxed(yes), boxed(no)))
        }
        Part::Pair(left, sign, right) => pair(left, sign, right),
        Part::Call(None, name, arguments) if name == "has" => match arguments.as_slice() {
            [field] => stated(operand(field)),
            _ => None,
        },
        Part::Call(Some(of), name, arguments) => match (operand(of), arguments.as_slice()) {
            (Some(of), [Node { part: Part::Text(text), .. }]) => {
                Some(Expr::Call(of, name.clone(), text.clone()))
            }
            _ => None,
        },
        _ => None,
    };
    found.unwrap_or_else(|| {
        Expr::Untold(source.get(node.from..node.to).unwrap_or_default().to_owned(), asks(node))
    })
}

fn pair(left: &Node, sign: &'static str, right: &Node) -> Option<Expr> {
    if sign != "in" {
        let is_comparison = ["==", "!=", "<", "<=", ">", ">="].contains(&sign);
        return is_comparison
            .then_some(())
            .and_then(|()| Some(Expr::Compare(operand(left)?, sign, operand(right)?)));
    }
    match (&left.part, &right.part) {
        (_, Part::List(items)) => {
            Some(Expr::In(operand(left)?, items.iter().map(operand).collect::<Option<Vec<Operand>>>()?))
        }
        (Part::Text(key), Part::Name(root)) if MAPS.contains(&root.as_str()) => {
            stated(Some(Operand::Field(root.clone(), key.to_ascii_lowercase())))
        }
        _ => None,
    }
}

fn stated(field: Option<Operand>) -> Option<Expr> {
    field.filter(|field| matches!(field, Operand::Field(..))).map(Expr::Stated)
}

fn operand(node: &Node) -> Option<Operand> {
    match &node.part {
        Part::Text(text) => Some(Operand::Text(text.clone())),
        Part::Number(digits) => number::parse_decimal(digits).map(Operand::Number),
        Part::Minus(inner) => match operand(inner)? {
            Operand::Number(number) => Some(Operand::Number(-number)),
            _ => None,
        },
        Part::Name(name) => Some(Operand::Variable(name.clone())),
        Part::Item(of, item) => match (&of.part, &item.part) {
            // Bifrost looks both up in any case.
            (Part::Name(root), Part::Text(key)) => {
                Some(Operand::Field(root.clone(), key.to_ascii_lowercase()))
            }
            _ => None,
        },
        // Here it looks up what is written, and has lower case alone.
        Part::Field(of, key) => match &of.part {
            Part::Name(root) if !key.bytes().any(|byte| byte.is_ascii_uppercase()) => {
                Some(Operand::Field(root.clone(), key.clone()))
            }
            _ => None,
        },
        _ => None,
    }
}

/// Whether a part asks for what a request may lack.
fn asks(node: &Node) -> bool {
    match &node.part {
        Part::Name(name) => MAPS.contains(&name.as_str()),
        Part::Field(of, _) | Part::Not(of) | Part::Minus(of) => asks(of),
        Part::Item(left, right) | Part::Pair(left, _, right) => asks(left) || asks(right),
        Part::Call(of, _, all) => of.as_deref().is_some_and(asks) || all.iter().any(asks),
        Part::List(all) | Part::Message(all) | Part::Any(all) | Part::All(all) => all.iter().any(asks),
        Part::Map(all) => all.iter().any(|(key, value)| asks(key) || asks(value)),
        Part::Choice(all) => [&all.0, &all.1, &all.2].into_iter().any(asks),
        Part::Bool(_) | Part::Null | Part::Text(_) | Part::Bytes | Part::Number(_) => false,
    }
}
