//! Amazon Bedrock: not a gateway but a wall under one. Statements of IAM and of service control policies that make the
//! region pins of the table true, whoever calls.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::cells::slug;
use super::promise::Level;
use super::{Export, Refused, Start};
use crate::table::format::{Decision, Model, Table};

/// One policy a use case, one for the whole organisation, and the inference profiles that they name.
pub fn export(table: &Table) -> Result<Export, Refused> {
    if !table.models.iter().any(is_here) {
        return Err(Refused {
            message: "no decision of this table leads to Amazon Bedrock".to_owned(),
            help: "write `endpoint: {protocol: bedrock}` at the provider or its models".to_owned(),
        });
    }
    plain(table)?;
    let mut files = BTreeMap::new();
    let mut profiles = BTreeSet::new();
    for use_case in &table.use_cases {
        let mut allowed = BTreeSet::new();
        for decision in use_case.cells.iter().filter_map(|at| table.decisions.get(*at)) {
            allowed.extend(pinned(table, decision));
        }
        profiles.extend(allowed.iter().cloned());
        let path = format!("iam/{}.json", slug(&use_case.name));
        files.insert(path, format!("{:#}\n", allow(&allowed)));
    }
    files.insert("scp.json".to_owned(), format!("{:#}\n", deny(&profiles)));
    files.insert("inference-profiles.json".to_owned(), format!("{:#}\n", named(&profiles)));
    Ok(Export {
        target: "bedrock",
        versions: Vec::new(),
        start: Start {
            file: "scp.json".to_owned(),
            command: "aws organizations create-policy --type SERVICE_CONTROL_POLICY --name govctl --description govctl \
                      --content file://scp.json"
                .to_owned(),
        },
        promises: super::promises(|promise| keeps(table, promise)),
        files,
        routes: Vec::new(),
    })
}

/// Refuses ids and regions that a policy would take for a pattern or a variable: `*`, `?`, `${…}`.
fn plain(table: &Table) -> Result<(), Refused> {
    let is_plain = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.:/".contains(c));
    for (id, region) in table.decisions.iter().flat_map(|decision| pinned(table, decision)) {
        if let Some(odd) = [Some(id), region].into_iter().flatten().find(|text| !is_plain(text)) {
            return Err(Refused {
                message: format!("`{odd}` is no id of a model or region of Amazon Bedrock: a policy would take part of it for a pattern"),
                help: "write the id that Bedrock lists, such as `anthropic.claude-3-5-sonnet-20240620-v1:0`, as `endpoint.model`".to_owned(),
            });
        }
    }
    Ok(())
}

/// A model in a region: the id that Bedrock knows it by, and the region or geography of the pin; none: everywhere.
type Pin = (String, Option<String>);

fn is_here(model: &Model) -> bool {
    model
        .endpoint
        .get("protocol")
        .and_then(Value::as_str)
        .is_some_and(|protocol| protocol.contains("bedrock"))
}

/// What a decision may reach in Bedrock, over all its paths.
fn pinned(table: &Table, decision: &Decision) -> BTreeSet<Pin> {
    let primary = decision.primary.iter().map(|primary| (primary.model, primary.regions.as_ref()));
    let lists = decision.paths.iter().filter_map(|path| table.target_lists.get(path.targets));
    let targets = lists.flatten().map(|target| (target.model, target.regions.as_ref()));
    let mut found = BTreeSet::new();
    for (model, regions) in primary.chain(targets) {
        let Some(model) = table.models.get(model).filter(|model| is_here(model)) else { continue };
        let id = model.endpoint.get("model").and_then(Value::as_str).unwrap_or(&model.name).to_owned();
        match regions.or(model.regions.as_ref()) {
            Some(regions) => found.extend(regions.iter().map(|region| (id.clone(), Some(region.clone())))),
            None => {
                found.insert((id, None));
            }
        }
    }
    found
}

/// Whether a region's name is one of AWS, such as `eu-central-1`; others are geographies, such as `eu`.
fn is_of_aws(region: &str) -> bool {
    let mut parts = region.rsplitn(2, '-');
    let number =
        parts.next().is_some_and(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    number && parts.next().is_some_and(|rest| rest.contains('-'))
}

/// The resources of one pin, and the condition under which a model of a geography may be invoked: through its profile.
fn resources((id, region): &Pin) -> (Vec<String>, Option<String>) {
    match region {
        Some(region) if is_of_aws(region) => {
            (vec![format!("arn:aws:bedrock:{region}::foundation-model/{id}")], None)
        }
        Some(region) => {
            let profile = format!("arn:aws:bedrock:*:*:inference-profile/{region}.{id}");
            (vec![profile.clone(), format!("arn:aws:bedrock:*::foundation-model/{id}")], Some(profile))
        }
        None => (vec![format!("arn:aws:bedrock:*::foundation-model/{id}")], None),
    }
}

const INVOKE: [&str; 2] = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"];

/// What the role of a use case may invoke: nothing else is allowed anywhere.
fn allow(pins: &BTreeSet<Pin>) -> Value {
    let mut statements = Vec::new();
    for (number, pin) in pins.iter().enumerate() {
        let (resources, profile) = resources(pin);
        if let Some(profile) = profile {
            let (through, models): (Vec<String>, Vec<String>) =
                resources.into_iter().partition(|resource| resource.contains(":inference-profile/"));
            statements.push(json!({"Sid": format!("Profile{number}"), "Effect": "Allow", "Action": INVOKE, "Resource": through}));
            // A model in a destination region, but only as the profile asks for it.
            statements.push(json!({"Sid": format!("Through{number}"), "Effect": "Allow", "Action": INVOKE, "Resource": models,
                "Condition": {"StringLike": {"bedrock:InferenceProfileArn": profile}}}));
        } else {
            statements.push(json!({"Sid": format!("Model{number}"), "Effect": "Allow", "Action": INVOKE, "Resource": resources}));
        }
    }
    if statements.is_empty() {
        statements
            .push(json!({"Sid": "Nothing", "Effect": "Deny", "Action": "bedrock:Invoke*", "Resource": "*"}));
    }
    json!({"Version": "2012-10-17", "Statement": statements})
}

/// What nobody may invoke, whatever a role allows: everything that no decision names, and every call that is routed
/// around the world.
fn deny(pins: &BTreeSet<Pin>) -> Value {
    let named: BTreeSet<String> = pins.iter().flat_map(|pin| resources(pin).0).collect();
    let everywhere = pins.iter().any(|(_, region)| region.is_none());
    let mut statements = vec![
        json!({"Sid": "OnlyWhatTheTableNames", "Effect": "Deny", "Action": INVOKE, "NotResource": named}),
    ];
    if !everywhere {
        statements.push(json!({"Sid": "NoGlobalProfiles", "Effect": "Deny", "Action": "bedrock:Invoke*",
            "Resource": "arn:aws:bedrock:*:*:inference-profile/global.*"}));
        statements.push(json!({"Sid": "NoUnspecifiedRegion", "Effect": "Deny", "Action": "bedrock:Invoke*", "Resource": "*",
            "Condition": {"StringEquals": {"aws:RequestedRegion": "unspecified"}}}));
    }
    json!({"Version": "2012-10-17", "Statement": statements})
}

/// What to ask Bedrock for.
fn named(pins: &BTreeSet<Pin>) -> Value {
    let of = |(id, region): &Pin| {
        let ask = match region {
            Some(region) if !is_of_aws(region) => format!("{region}.{id}"),
            _ => id.clone(),
        };
        json!({"model": id, "region": region, "ask_for": ask})
    };
    Value::Array(pins.iter().map(of).collect())
}

fn keeps(table: &Table, promise: &str) -> (Level, &'static str) {
    let elsewhere = table.models.iter().any(|model| !is_here(model));
    match promise {
        "regions" if elsewhere => (
            Level::Lost,
            "true for what is asked of Bedrock: other providers are not reached by these policies",
        ),
        "regions" => (Level::Native, "a role invokes models in the regions of its use case's decisions only"),
        "caller" if elsewhere => (
            Level::Lost,
            "true for what is asked of Bedrock: other providers are not reached by these policies",
        ),
        "caller" => (Level::Native, "what no decision names is denied to everybody"),
        "use-case" => (Level::ByCaller, "each use case needs a role of its own with the policy of its name"),
        _ => (Level::Lost, "policies of AWS allow or deny and route nothing: put a gateway before them"),
    }
}
