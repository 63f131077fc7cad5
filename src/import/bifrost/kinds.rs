//! Whether an expression of CEL means something: its names are known, and what it compares and calls fits.

use super::parse::{Node, Part};
use crate::import::text;

/// What a part of an expression is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Truth,
    Text,
    Number,
    Bytes,
    List,
    Map,
    Time,
    Length,
    Null,
    /// Known only when a request comes.
    Open,
}

impl Sort {
    fn shown(self) -> &'static str {
        match self {
            Self::Truth => "true or false",
            Self::Text => "a text",
            Self::Number => "a number",
            Self::Bytes => "bytes",
            Self::List => "a list",
            Self::Map => "a map",
            Self::Time => "a time",
            Self::Length => "a length of time",
            Self::Null => "`null`",
            Self::Open => "anything",
        }
    }

    fn fits(self, other: Self) -> bool {
        self == other || self == Self::Open || other == Self::Open
    }
}

/// Variables that are texts.
const TEXTS: [&str; 12] = [
    "model",
    "provider",
    "request_type",
    "virtual_key_id",
    "virtual_key_name",
    "user_id",
    "team_id",
    "team_name",
    "customer_id",
    "customer_name",
    "complexity_tier",
    "user_name",
];
/// Variables that are numbers.
const NUMBERS: [&str; 3] = ["tokens_used", "request", "budget_used"];
/// What a request brings: texts by their names.
pub(super) const MAPS: [&str; 2] = ["headers", "params"];
/// Names of types, which stand for themselves.
const TYPES: [&str; 12] =
    ["bool", "int", "uint", "double", "string", "bytes", "list", "map", "null_type", "type", "google", "dyn"];

/// Why Bifrost would not compile an expression, as far as it shows; `source` is its text.
pub(super) fn fault(node: &Node, source: &str) -> Option<String> {
    let mut check = Check { source, bound: Vec::new() };
    match check.sort(node) {
        Ok(Sort::Truth | Sort::Open) => None,
        Ok(other) => Some(format!("it is {}, not true or false", other.shown())),
        Err(why) => Some(why),
    }
}

struct Check<'a> {
    source: &'a str,
    /// Names that a macro binds.
    bound: Vec<String>,
}

type Found = Result<Sort, String>;

impl Check<'_> {
    fn shown(&self, node: &Node) -> String {
        text::comment(self.source.get(node.from..node.to).unwrap_or_default())
    }

    fn is(&mut self, node: &Node, wanted: &[Sort]) -> Result<(), String> {
        let found = self.sort(node)?;
        if wanted.iter().any(|one| one.fits(found)) {
            return Ok(());
        }
        let wanted: Vec<&str> = wanted.iter().map(|one| one.shown()).collect();
        Err(format!("`{}` is {}, where {} is expected", self.shown(node), found.shown(), wanted.join(" or ")))
    }

    fn all(&mut self, nodes: &[Node], wanted: &[Sort]) -> Result<(), String> {
        nodes.iter().try_for_each(|node| self.is(node, wanted))
    }

    fn sort(&mut self, node: &Node) -> Found {
        match &node.part {
            Part::Bool(_) => Ok(Sort::Truth),
            Part::Null => Ok(Sort::Null),
            Part::Text(_) => Ok(Sort::Text),
            Part::Bytes => Ok(Sort::Bytes),
            Part::Number(_) => Ok(Sort::Number),
            Part::Name(name) => self.name(name),
            Part::Field(of, name) => self.field(of, name),
            Part::Item(of, item) => self.item(of, item),
            Part::Call(of, name, arguments) => self.call(of.as_deref(), name, arguments),
            Part::List(items) => self.all(items, &[Sort::Open]).map(|()| Sort::List),
            Part::Map(entries) => {
                for (key, value) in entries {
                    self.sort(key)?;
                    self.sort(value)?;
                }
                Ok(Sort::Map)
            }
            Part::Message(fields) => self.all(fields, &[Sort::Open]).map(|()| Sort::Open),
            Part::Not(inner) => self.is(inner, &[Sort::Truth]).map(|()| Sort::Truth),
            Part::Minus(inner) => self.is(inner, &[Sort::Number]).map(|()| Sort::Number),
            Part::Pair(left, sign, right) => self.pair(left, sign, right),
            Part::Any(all) | Part::All(all) => self.all(all, &[Sort::Truth]).map(|()| Sort::Truth),
            Part::Choice(all) => {
                let (when, yes, no) = &**all;
                self.is(when, &[Sort::Truth])?;
                let sort = self.sort(yes)?;
                self.is(no, &[sort])?;
                Ok(sort)
            }
        }
    }

    fn name(&self, name: &str) -> Found {
        if self.bound.iter().any(|known| known == name) || TYPES.contains(&name) {
            return Ok(Sort::Open);
        }
        let sorts = [(&TEXTS[..], Sort::Text), (&NUMBERS[..], Sort::Number), (&MAPS[..], Sort::Map)];
        let found = sorts.into_iter().find(|(names, _)| names.contains(&name)).map(|(_, sort)| sort);
        found.ok_or_else(|| format!("Bifrost documents no variable `{}`", text::comment(name)))
    }

    fn field(&mut self, of: &Node, name: &str) -> Found {
        match self.sort(of)? {
            Sort::Open => Ok(Sort::Open),
            // Only what a request brings is a map by a name, and holds texts.
            Sort::Map => Ok(if matches!(of.part, Part::Name(_)) { Sort::Text } else { Sort::Open }),
            other => Err(format!(
                "`{}` is {}, which has no `{}`",
                self.shown(of),
                other.shown(),
                text::comment(name)
            )),
        }
    }

    fn item(&mut self, of: &Node, item: &Node) -> Found {
        match self.sort(of)? {
            Sort::Map if matches!(of.part, Part::Name(_)) => {
                self.is(item, &[Sort::Text]).map(|()| Sort::Text)
            }
            Sort::Map | Sort::Open => self.sort(item).map(|_| Sort::Open),
            Sort::List => self.is(item, &[Sort::Number]).map(|()| Sort::Open),
            other => Err(format!("`{}` is {}, which has no entries", self.shown(of), other.shown())),
        }
    }

    fn pair(&mut self, left: &Node, sign: &str, right: &Node) -> Found {
        let (of, by) = (self.sort(left)?, self.sort(right)?);
        let differ = || {
            format!("`{}` is {}, and `{}` is {}", self.shown(left), of.shown(), self.shown(right), by.shown())
        };
        match sign {
            "==" | "!=" => (of.fits(by) || by == Sort::Null || of == Sort::Null)
                .then_some(Sort::Truth)
                .ok_or_else(differ),
            "in" => (Sort::List.fits(by) || Sort::Map.fits(by)).then_some(Sort::Truth).ok_or_else(|| {
                format!("`{}` is {}, where a list or a map is expected", self.shown(right), by.shown())
            }),
            "<" | "<=" | ">" | ">=" => {
                let has_order = ![Sort::List, Sort::Map, Sort::Null].contains(&of);
                (of.fits(by) && has_order).then_some(Sort::Truth).ok_or_else(differ)
            }
            "+" => Ok(match (of, by) {
                (Sort::Time, _) | (_, Sort::Time) => Sort::Time,
                _ if of.fits(by) => of,
                _ => return Err(differ()),
            }),
            "-" if of == Sort::Time => Ok(if by == Sort::Time { Sort::Length } else { Sort::Time }),
            _ => {
                let fits = of.fits(by) && [Sort::Number, Sort::Length, Sort::Open].contains(&of);
                fits.then_some(of).ok_or_else(differ)
            }
        }
    }

    fn call(&mut self, of: Option<&Node>, name: &str, arguments: &[Node]) -> Found {
        match of {
            None => self.function(name, arguments),
            Some(of) => self.method(of, name, arguments),
        }
    }

    fn function(&mut self, name: &str, arguments: &[Node]) -> Found {
        if name == "has" {
            let [Node { part: Part::Field(of, field), .. }] = arguments else {
                return Err("`has` asks for a field, as in `has(headers.name)`".to_owned());
            };
            return self.field(of, field).map(|_| Sort::Truth);
        }
        let (count, sort) = match name {
            "size" | "int" | "uint" | "double" => (1, Sort::Number),
            "string" => (1, Sort::Text),
            "bool" => (1, Sort::Truth),
            "bytes" => (1, Sort::Bytes),
            "timestamp" => (1, Sort::Time),
            "duration" => (1, Sort::Length),
            "type" | "dyn" => (1, Sort::Open),
            "matches" => (2, Sort::Truth),
            _ => return Err(format!("CEL has no function `{}`", text::comment(name))),
        };
        self.all(arguments, &[Sort::Open])?;
        counted(name, arguments, &[count]).map(|()| sort)
    }

    fn method(&mut self, of: &Node, name: &str, arguments: &[Node]) -> Found {
        let found = self.sort(of)?;
        let (wanted, counts, sort): (&[Sort], &[usize], Sort) = match name {
            "startsWith" | "endsWith" | "contains" | "matches" => {
                self.all(arguments, &[Sort::Text])?;
                (&[Sort::Text], &[1], Sort::Truth)
            }
            "size" => (&[Sort::Text, Sort::Bytes, Sort::List, Sort::Map], &[0], Sort::Number),
            "all" | "exists" | "exists_one" | "existsOne" => (&[Sort::List, Sort::Map], &[2], Sort::Truth),
            "map" => (&[Sort::List, Sort::Map], &[2, 3], Sort::List),
            "filter" => (&[Sort::List, Sort::Map], &[2], Sort::List),
            "getHours" | "getMinutes" | "getSeconds" | "getMilliseconds" => {
                (&[Sort::Time, Sort::Length], &[0, 1], Sort::Number)
            }
            "getFullYear" | "getMonth" | "getDate" | "getDayOfMonth" | "getDayOfWeek" | "getDayOfYear" => {
                (&[Sort::Time], &[0, 1], Sort::Number)
            }
            _ => return Err(format!("CEL has no function `{}`", text::comment(name))),
        };
        self.is(of, wanted)?;
        counted(name, arguments, counts)?;
        let binds = counts.contains(&2) && [Sort::Map, Sort::List, Sort::Open].contains(&found);
        if !binds {
            return self.all(arguments, &[Sort::Open]).map(|()| sort);
        }
        let Some((Node { part: Part::Name(variable), .. }, rest)) = arguments.split_first() else {
            return Err(format!("`{name}` needs a name for each entry, as in `{name}(x, …)`"));
        };
        self.bound.push(variable.clone());
        let within = self.all(rest, &[Sort::Open]);
        self.bound.pop();
        within.map(|()| sort)
    }
}

fn counted(name: &str, arguments: &[Node], counts: &[usize]) -> Result<(), String> {
    if counts.contains(&arguments.len()) {
        return Ok(());
    }
    let counts: Vec<String> = counts.iter().map(usize::to_string).collect();
    Err(format!("`{name}` takes {}, not {}", counts.join(" or "), arguments.len()))
}
