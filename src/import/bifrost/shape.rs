//! What kind of value stands where. Bifrost refuses a file that has another one there, and a reader that goes on
//! without it must say so.

use crate::import::{Notes, text};
use crate::yaml::{Kind, Value};

/// What a key holds.
enum Holds {
    Text,
    /// A text, or an object that says where it comes from.
    Secret,
    Number,
    Truth,
    /// A list of names of models or keys.
    Names,
    /// An object of any names.
    Open,
    One(&'static Object),
    /// A list of them.
    List(&'static Object),
    /// An object whose every value is one.
    Each(&'static Object),
    /// A list of them, or of texts.
    ListOrTexts(&'static Object),
}

/// An object of the file by its keys.
struct Object {
    name: &'static str,
    keys: &'static [(&'static str, Holds)],
}

use Holds::{Each, List, ListOrTexts, Names, Number, One, Open, Secret, Text, Truth};

const ROOT: Object = Object {
    name: "the configuration",
    keys: &[("providers", Each(&PROVIDER)), ("governance", One(&GOVERNANCE)), ("version", Number)],
};

const PROVIDER: Object = Object {
    name: "a provider",
    keys: &[
        ("keys", List(&KEY)),
        ("network_config", One(&NETWORK)),
        ("custom_provider_config", One(&CUSTOM)),
    ],
};

const KEY: Object = Object {
    name: "a key of a provider",
    keys: &[
        ("id", Text),
        ("name", Text),
        ("value", Secret),
        ("models", Names),
        ("blacklisted_models", Names),
        ("weight", Number),
        ("aliases", Open),
        ("enabled", Truth),
        ("azure_key_config", One(&PLACE)),
        ("bedrock_key_config", One(&PLACE)),
        ("bedrock_mantle_key_config", One(&PLACE)),
        ("vertex_key_config", One(&PLACE)),
        ("vllm_key_config", One(&PLACE)),
        ("ollama_key_config", One(&PLACE)),
        ("sgl_key_config", One(&PLACE)),
    ],
};

const PLACE: Object = Object {
    name: "a key's configuration",
    keys: &[("endpoint", Secret), ("url", Secret), ("region", Secret), ("deployments", Open)],
};

const NETWORK: Object =
    Object { name: "`network_config`", keys: &[("base_url", Text), ("max_retries", Number)] };

const CUSTOM: Object = Object {
    name: "`custom_provider_config`",
    keys: &[("base_provider_type", Text), ("is_key_less", Truth)],
};

const GOVERNANCE: Object = Object {
    name: "`governance`",
    keys: &[
        ("virtual_keys", List(&VIRTUAL_KEY)),
        ("routing_rules", List(&RULE)),
        ("budgets", List(&BUDGET)),
        ("rate_limits", List(&RATE)),
        ("teams", List(&GROUP)),
        ("customers", List(&GROUP)),
        ("model_configs", List(&LIMITED)),
        ("providers", List(&LIMITED)),
    ],
};

const VIRTUAL_KEY: Object = Object {
    name: "a virtual key",
    keys: &[
        ("id", Text),
        ("name", Text),
        ("value", Secret),
        ("is_active", Truth),
        ("team_id", Text),
        ("customer_id", Text),
        ("budget_id", Text),
        ("rate_limit_id", Text),
        ("allow_all_providers", Truth),
        ("provider_configs", List(&CONFIG)),
        ("budgets", List(&BUDGET)),
    ],
};

const CONFIG: Object = Object {
    name: "an entry of `provider_configs`",
    keys: &[
        ("provider", Text),
        ("weight", Number),
        ("allowed_models", Names),
        ("blacklisted_models", Names),
        ("key_ids", Names),
        ("allowed_keys", Names),
        ("budgets", List(&BUDGET)),
        ("budget", One(&BUDGET)),
        ("rate_limit", One(&RATE)),
    ],
};

const RULE: Object = Object {
    name: "a routing rule",
    keys: &[
        ("id", Text),
        ("name", Text),
        ("enabled", Truth),
        ("cel_expression", Text),
        ("chain_rule", Truth),
        ("scope", Text),
        ("scope_id", Text),
        ("priority", Number),
        ("targets", List(&TARGET)),
        ("fallbacks", ListOrTexts(&TARGET)),
        ("provider", Text),
        ("model", Text),
    ],
};

const TARGET: Object = Object {
    name: "a target of a routing rule",
    keys: &[
        ("provider", Text),
        ("model", Text),
        ("key_id", Text),
        ("provider_key_name", Text),
        ("weight", Number),
    ],
};

const GROUP: Object = Object {
    name: "an entry of `teams` or `customers`",
    keys: &[
        ("id", Text),
        ("name", Text),
        ("customer_id", Text),
        ("budget_id", Text),
        ("budgets", List(&BUDGET)),
    ],
};

const LIMITED: Object = Object {
    name: "an entry of `model_configs` or `providers`",
    keys: &[("name", Text), ("model_name", Text), ("provider", Text), ("budgets", List(&BUDGET))],
};

const BUDGET: Object = Object { name: "a budget", keys: &[("max_limit", Number), ("reset_duration", Text)] };

const RATE: Object = Object {
    name: "a rate limit",
    keys: &[
        ("token_max_limit", Number),
        ("token_reset_duration", Text),
        ("request_max_limit", Number),
        ("request_reset_duration", Text),
    ],
};

/// Lists what is not of the kind that Bifrost reads there, and so is not read here.
pub(super) fn misshapen(root: &Value, notes: &mut Notes) {
    object(root, &ROOT, notes);
}

fn object(value: &Value, of: &Object, notes: &mut Notes) {
    for (key, holds) in of.keys {
        if let Some(value) = value.get(key) {
            member(value, key, holds, of.name, notes);
        }
    }
}

fn member(value: &Value, key: &str, holds: &Holds, of: &str, notes: &mut Notes) {
    let fits = match (holds, &value.kind) {
        (Text, Kind::String(_)) | (Secret, Kind::String(_) | Kind::Map(_)) | (Open, Kind::Map(_)) => true,
        (Number, Kind::Number { exact, .. }) => exact.is_some(),
        (Truth, Kind::Bool(_)) => true,
        (One(inner), Kind::Map(_)) => {
            object(value, inner, notes);
            true
        }
        (Each(inner), Kind::Map(entries)) => {
            for (_, value) in entries {
                entry(value, key, inner, notes);
            }
            true
        }
        (List(inner), Kind::List(items)) => {
            for item in items {
                entry(item, key, inner, notes);
            }
            true
        }
        (ListOrTexts(inner), Kind::List(items)) => {
            for item in items.iter().filter(|item| item.text().is_none()) {
                entry(item, key, inner, notes);
            }
            true
        }
        (Names, Kind::List(items)) => {
            names(items, key, of, notes);
            true
        }
        _ => false,
    };
    if !fits {
        notes.left(
            value.span,
            format!(
                "`{key}` of {of}: it is {}, and Bifrost refuses a file without {} there",
                found(value),
                wanted(holds)
            ),
        );
    }
}

fn entry(value: &Value, key: &str, of: &Object, notes: &mut Notes) {
    if matches!(value.kind, Kind::Map(_)) {
        object(value, of, notes);
    } else {
        notes.left(
            value.span,
            format!(
                "an entry of `{key}`: it is {}, and Bifrost refuses a file without an object there",
                found(value)
            ),
        );
    }
}

fn names(items: &[Value], key: &str, of: &str, notes: &mut Notes) {
    for item in items {
        match item.text() {
            None => notes.left(
                item.span,
                format!(
                    "an entry of `{key}` of {of}: it is {}, and Bifrost refuses a file without a text there",
                    found(item)
                ),
            ),
            Some(name) if name.starts_with("regex:") => notes.read(
                item.span,
                format!(
                    "`{}` in `{key}` of {of} as if it were `*`: patterns are not read",
                    text::comment(name)
                ),
            ),
            Some(_) => {}
        }
    }
}

fn found(value: &Value) -> &'static str {
    match value.kind {
        Kind::Null => "nothing",
        Kind::Bool(_) => "true or false",
        Kind::Number { exact: Some(_), .. } => "a number",
        Kind::Number { exact: None, .. } => "a number too large to be read",
        Kind::String(_) => "a text",
        Kind::List(_) => "a list",
        Kind::Map(_) => "an object",
    }
}

fn wanted(holds: &Holds) -> &'static str {
    match holds {
        Text | Secret => "a text",
        Number => "a number",
        Truth => "`true` or `false`",
        Names | List(_) | ListOrTexts(_) => "a list",
        Open | One(_) | Each(_) => "an object",
    }
}
