//! One subschema, read from its JSON.

use serde_json::Value as Json;

use super::pattern::Pattern;

/// What a subschema asks.
#[derive(Debug, Default)]
pub(super) struct Node {
    pub(super) types: Vec<Type>,
    pub(super) properties: Vec<(String, usize)>,
    pub(super) additional: Additional,
    pub(super) property_names: Option<usize>,
    pub(super) required: Vec<String>,
    pub(super) dependent: Vec<(String, Vec<String>)>,
    pub(super) items: Option<usize>,
    pub(super) is_unique: bool,
    pub(super) words: Option<Vec<String>>,
    pub(super) pattern: Option<Pattern>,
    pub(super) min_length: Option<usize>,
    pub(super) max_length: Option<usize>,
    pub(super) minimum: Option<f64>,
    pub(super) above: Option<f64>,
    pub(super) maximum: Option<f64>,
    pub(super) reference: Option<String>,
    pub(super) one_of: Vec<usize>,
    /// Of these lists of keys a map has exactly one whole.
    pub(super) one_required: Vec<Vec<String>>,
}

/// What keys besides the named ones may hold.
#[derive(Debug, Default, Clone, Copy)]
pub(super) enum Additional {
    #[default]
    Any,
    None,
    Of(usize),
}

/// A type of JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Null,
    Bool,
    Integer,
    Number,
    String,
    List,
    Map,
}

impl Type {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "null" => Self::Null,
            "boolean" => Self::Bool,
            "integer" => Self::Integer,
            "number" => Self::Number,
            "string" => Self::String,
            "array" => Self::List,
            "object" => Self::Map,
            _ => return None,
        })
    }
}

impl Node {
    /// Reads a subschema and those in it into the list, and says where it stands.
    pub(super) fn read(json: &Json, nodes: &mut Vec<Node>) -> Option<usize> {
        let mut node = Self::default();
        for (key, value) in json.as_object()? {
            node.of_parts(key, value, nodes).or_else(|| node.of_value(key, value))?;
        }
        nodes.push(node);
        nodes.len().checked_sub(1)
    }

    /// Keywords whose values are subschemas.
    fn of_parts(&mut self, key: &str, value: &Json, nodes: &mut Vec<Node>) -> Option<()> {
        match key {
            "properties" => {
                for (name, part) in value.as_object()? {
                    self.properties.push((name.clone(), Self::read(part, nodes)?));
                }
            }
            "additionalProperties" => {
                self.additional = match value {
                    Json::Bool(false) => Additional::None,
                    Json::Bool(true) => Additional::Any,
                    part => Additional::Of(Self::read(part, nodes)?),
                }
            }
            "propertyNames" => self.property_names = Some(Self::read(value, nodes)?),
            "items" => self.items = Some(Self::read(value, nodes)?),
            "oneOf" => {
                if let Some(lists) = required_alone(value) {
                    self.one_required = lists;
                    return Some(());
                }
                let mut types: Vec<Type> = Vec::new();
                for part in value.as_array()? {
                    let at = Self::read(part, nodes)?;
                    let own = &nodes.get(at)?.types;
                    if own.is_empty() || own.iter().any(|of| types.contains(of)) {
                        return None;
                    }
                    types.extend(own);
                    self.one_of.push(at);
                }
            }
            _ => return None,
        }
        Some(())
    }

    /// All other keywords.
    fn of_value(&mut self, key: &str, value: &Json) -> Option<()> {
        let count = || usize::try_from(value.as_u64()?).ok();
        match key {
            "$schema" | "$id" | "$defs" | "title" | "description" | "examples" => {}
            "type" => {
                let names =
                    value.as_str().map_or_else(|| texts(value), |name| Some(vec![name.to_owned()]))?;
                self.types = names.iter().map(|name| Type::named(name)).collect::<Option<_>>()?;
            }
            "required" => self.required = texts(value)?,
            "dependentRequired" => {
                let needs =
                    value.as_object()?.iter().map(|(name, needs)| Some((name.clone(), texts(needs)?)));
                self.dependent = needs.collect::<Option<_>>()?;
            }
            "uniqueItems" => self.is_unique = value.as_bool()?,
            "enum" => self.words = Some(texts(value)?),
            "pattern" => self.pattern = Some(Pattern::of(value.as_str()?)?),
            "minLength" => self.min_length = Some(count()?),
            "maxLength" => self.max_length = Some(count()?),
            "minimum" => self.minimum = Some(value.as_f64()?),
            "exclusiveMinimum" => self.above = Some(value.as_f64()?),
            "maximum" => self.maximum = Some(value.as_f64()?),
            "$ref" => self.reference = Some(value.as_str()?.to_owned()),
            _ => return None,
        }
        Some(())
    }
}

/// The keys that each alternative requires, where none asks anything else.
fn required_alone(alternatives: &Json) -> Option<Vec<Vec<String>>> {
    let alone = |part: &Json| {
        let part = part.as_object().filter(|part| part.len() == 1)?;
        texts(part.get("required")?)
    };
    alternatives.as_array()?.iter().map(alone).collect()
}

fn texts(json: &Json) -> Option<Vec<String>> {
    json.as_array()?.iter().map(|text| text.as_str().map(str::to_owned)).collect()
}
