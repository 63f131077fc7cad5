//! Amazon Bedrock: not a gateway but a wall under one. Statements of IAM and of service control policies that make the
//! region pins of the table true, whoever calls.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::cells::slug;
use super::promise::Level;
use super::{Export, Refused, Start};
use crate::limits::gateways;
use crate::table::format::{Decision, Model, Table};

/// What an id begins with if it is that of an inference profile: the geography in which Bedrock processes.
const GEOGRAPHIES: [&str; 8] = ["apac", "au", "ca", "eu", "global", "jp", "us", "us-gov"];

/// One policy a use case, one for the whole organisation, and the inference profiles that they name.
pub fn export(table: &Table) -> Result<Export, Refused> {
    if !table.models.iter().any(is_here) {
        return Err(Refused {
            message: "no decision of this table leads to Amazon Bedrock".to_owned(),
            help: "write `endpoint: {protocol: bedrock}` at the provider or its models".to_owned(),
        });
    }
    let mut files = BTreeMap::new();
    let mut all = BTreeSet::new();
    for use_case in &table.use_cases {
        let mut allowed = BTreeSet::new();
        for decision in use_case.cells.iter().filter_map(|at| table.decisions.get(*at)) {
            allowed.extend(pinned(table, decision)?);
        }
        all.extend(allowed.iter().cloned());
        let policy = allow(&Reach::of(&allowed));
        fits(&format!("the policy of use case `{}`", use_case.name), &policy, gateways::AWS_ROLE_POLICY)?;
        files.insert(format!("iam/{}.json", slug(&use_case.name)), format!("{policy:#}\n"));
    }
    let policy = deny(&Reach::of(&all));
    fits("the service control policy", &policy, gateways::AWS_CONTROL_POLICY)?;
    // AWS counts white space of this one.
    files.insert("scp.json".to_owned(), policy.to_string());
    files.insert("inference-profiles.json".to_owned(), format!("{:#}\n", named(&all)));
    Ok(Export {
        target: "bedrock",
        versions: Vec::new(),
        start: Start {
            file: "scp.json".to_owned(),
            command: "aws organizations attach-policy --target-id \"$TARGET\" --policy-id \"$(aws organizations create-policy --type \
                      SERVICE_CONTROL_POLICY --name govctl --description govctl --content file://scp.json --query \
                      Policy.PolicySummary.Id --output text)\""
                .to_owned(),
        },
        promises: super::promises(|promise| keeps(table, &all, promise)),
        files,
        routes: Vec::new(),
    })
}

/// Refuses what AWS would: a policy cannot be cut in two, since what one part names the other denies.
fn fits(what: &str, policy: &Value, most: usize) -> Result<(), Refused> {
    let size = policy.to_string().chars().count();
    if size <= most {
        return Ok(());
    }
    Err(Refused {
        message: format!("{what} would have {size} characters, and AWS takes at most {most}"),
        help: "let its use cases lead to fewer models of Amazon Bedrock, or to fewer regions of each"
            .to_owned(),
    })
}

/// A model of Bedrock where decisions may let it process.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Pin {
    /// The id that the registry states.
    stated: String,
    /// The model's own id, without the geography of a profile.
    model: String,
    /// The geography of the inference profile through which it is asked, if it is.
    geography: Option<String>,
    /// The region or geography of the pin; none: everywhere.
    region: Option<String>,
}

impl Pin {
    fn new(id: &str, region: Option<&str>) -> Result<Self, Refused> {
        // A policy would take the others for a pattern or a variable.
        let is_plain = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.:/".contains(c));
        let refused = |message: String| {
            Refused {
            message,
            help: "write the id that Bedrock lists, such as `anthropic.claude-3-5-sonnet-20240620-v1:0`, or that of an inference profile, \
                   such as `eu.anthropic.claude-3-5-sonnet-20240620-v1:0`, as `endpoint.model`"
                .to_owned(),
        }
        };
        if let Some(odd) = [Some(id), region].into_iter().flatten().find(|text| !is_plain(text)) {
            let why = "a policy would take part of it for a pattern";
            return Err(refused(format!(
                "`{odd}` is not the id of a model or region of Amazon Bedrock: {why}"
            )));
        }
        let profile = id.split_once('.').filter(|(geography, _)| GEOGRAPHIES.contains(geography));
        let (model, geography) = match (profile, region) {
            (Some((geography, model)), _) => (model, Some(geography)),
            (None, Some(region)) if !is_of_aws(region) => (id, Some(region)),
            (None, _) => (id, None),
        };
        if let Some(region) = region {
            if geography == Some("global") {
                let why = "whose profile processes anywhere in the world";
                return Err(refused(format!("a decision pins `{id}`, {why}, to `{region}`")));
            }
            if geography.is_some_and(|geography| !GEOGRAPHIES.contains(&geography)) {
                let why = "which is neither a region nor a geography of Amazon Bedrock";
                return Err(refused(format!("a decision pins `{id}` to `{region}`, {why}")));
            }
        }
        Ok(Self {
            stated: id.to_owned(),
            model: model.to_owned(),
            geography: geography.map(str::to_owned),
            region: region.map(str::to_owned),
        })
    }

    /// The id to ask Bedrock for.
    fn asked(&self) -> String {
        self.geography
            .as_ref()
            .map_or_else(|| self.model.clone(), |geography| format!("{geography}.{}", self.model))
    }

    /// Whether policies hold a request to the pin: a profile processes anywhere in its geography.
    fn is_held(&self) -> bool {
        self.region.is_none() || self.geography.is_none() || self.geography == self.region
    }
}

fn is_here(model: &Model) -> bool {
    model
        .endpoint
        .get("protocol")
        .and_then(Value::as_str)
        .is_some_and(|protocol| protocol.contains("bedrock"))
}

/// What a decision may reach in Bedrock, over all its paths.
fn pinned(table: &Table, decision: &Decision) -> Result<BTreeSet<Pin>, Refused> {
    let primary = decision.primary.iter().map(|primary| (primary.model, primary.regions.as_ref()));
    let lists = decision.paths.iter().filter_map(|path| table.target_lists.get(path.targets));
    let targets = lists.flatten().map(|target| (target.model, target.regions.as_ref()));
    let mut found = BTreeSet::new();
    for (model, regions) in primary.chain(targets) {
        let Some(model) = table.models.get(model).filter(|model| is_here(model)) else { continue };
        let id = model.endpoint.get("model").and_then(Value::as_str).unwrap_or(&model.name);
        match regions.or(model.regions.as_ref()) {
            Some(regions) => {
                for region in regions {
                    found.insert(Pin::new(id, Some(region))?);
                }
            }
            None => {
                found.insert(Pin::new(id, None)?);
            }
        }
    }
    Ok(found)
}

/// Whether a region's name is one of AWS, such as `eu-central-1`; others are geographies, such as `eu`.
fn is_of_aws(region: &str) -> bool {
    let mut parts = region.rsplitn(2, '-');
    let number =
        parts.next().is_some_and(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    number && parts.next().is_some_and(|rest| rest.contains('-'))
}

/// What pins let anybody reach.
#[derive(Default)]
struct Reach {
    /// Models that are asked directly, by region; `*`: in every one.
    direct: BTreeMap<String, BTreeSet<String>>,
    /// Models that are asked through inference profiles, by geography.
    through: BTreeMap<String, BTreeSet<String>>,
}

/// The geographies of a model's profiles, and the regions in which it is asked directly.
type Ways<'a> = (&'a BTreeSet<String>, Option<&'a BTreeSet<String>>);

/// The names of what models are reached by, each by its place and model.
fn resources(
    reached: &BTreeMap<String, BTreeSet<String>>,
    name: fn(&str, &str) -> String,
) -> impl Iterator<Item = String> + '_ {
    reached.iter().flat_map(move |(model, places)| places.iter().map(move |place| name(place, model)))
}

impl Reach {
    fn of(pins: &BTreeSet<Pin>) -> Self {
        let mut reach = Self::default();
        for pin in pins {
            let (known, place) = match &pin.geography {
                Some(geography) => (&mut reach.through, geography.clone()),
                None => (&mut reach.direct, pin.region.clone().unwrap_or_else(|| "*".to_owned())),
            };
            known.entry(pin.model.clone()).or_default().insert(place);
        }
        reach
    }

    fn directly(&self) -> impl Iterator<Item = String> + '_ {
        resources(&self.direct, foundation)
    }

    fn profiles(&self) -> impl Iterator<Item = String> + '_ {
        resources(&self.through, profile)
    }

    /// The models of profiles, wherever a profile may take a request to.
    fn behind(&self) -> impl Iterator<Item = String> + '_ {
        self.through.keys().map(|model| foundation("*", model))
    }

    /// Models of profiles that may not be asked past them, by the ways in which they may be asked.
    fn only_through(&self) -> BTreeMap<Ways<'_>, Vec<String>> {
        let mut all: BTreeMap<_, Vec<String>> = BTreeMap::new();
        for (model, geographies) in &self.through {
            let direct = self.direct.get(model);
            if !direct.is_some_and(|regions| regions.contains("*")) {
                all.entry((geographies, direct)).or_default().push(foundation("*", model));
            }
        }
        all
    }

    /// Whether somebody may be served anywhere in the world.
    fn is_everywhere(&self) -> bool {
        self.direct.values().any(|regions| regions.contains("*"))
            || self.through.values().any(|geographies| geographies.contains("global"))
    }
}

fn foundation(region: &str, model: &str) -> String {
    format!("arn:aws:bedrock:{region}::foundation-model/{model}")
}

fn profile(geography: &str, model: &str) -> String {
    format!("arn:aws:bedrock:*:*:inference-profile/{geography}.{model}")
}

/// Every way to ask a model for an answer.
const INVOKE: &str = "bedrock:InvokeModel*";

/// What the role of a use case may invoke: nothing else is allowed anywhere.
fn allow(reach: &Reach) -> Value {
    let mut statements = Vec::new();
    let direct: Vec<String> = reach.directly().collect();
    if !direct.is_empty() {
        statements.push(json!({"Sid": "Models", "Effect": "Allow", "Action": INVOKE, "Resource": direct}));
    }
    let profiles: Vec<String> = reach.profiles().collect();
    if !profiles.is_empty() {
        statements
            .push(json!({"Sid": "Profiles", "Effect": "Allow", "Action": INVOKE, "Resource": profiles}));
        // A model in a destination region, but only as a profile asks for it.
        let behind: Vec<String> = reach.behind().collect();
        statements.push(json!({"Sid": "Through", "Effect": "Allow", "Action": INVOKE, "Resource": behind,
            "Condition": {"StringLike": {"bedrock:InferenceProfileArn": profiles}}}));
    }
    if statements.is_empty() {
        statements.push(json!({"Sid": "Nothing", "Effect": "Deny", "Action": INVOKE, "Resource": "*"}));
    }
    json!({"Version": "2012-10-17", "Statement": statements})
}

/// What nobody may invoke, whatever a role allows: everything that no decision names, a model of a profile past it, and
/// every call that is routed around the world.
fn deny(reach: &Reach) -> Value {
    let named: BTreeSet<String> = reach.directly().chain(reach.profiles()).chain(reach.behind()).collect();
    let mut statements = vec![
        json!({"Sid": "OnlyWhatTheTableNames", "Effect": "Deny", "Action": INVOKE, "NotResource": named}),
    ];
    for (number, ((geographies, direct), models)) in reach.only_through().into_iter().enumerate() {
        let profiles: Vec<String> = geographies.iter().map(|geography| profile(geography, "*")).collect();
        // A request that names no profile is unlike each of them.
        let mut condition = json!({"StringNotLike": {"bedrock:InferenceProfileArn": profiles}});
        if let (Some(condition), Some(regions)) = (condition.as_object_mut(), direct) {
            condition.insert("StringNotEquals".to_owned(), json!({"aws:RequestedRegion": regions}));
        }
        statements
            .push(json!({"Sid": format!("OnlyThroughProfiles{number}"), "Effect": "Deny", "Action": INVOKE,
            "Resource": models, "Condition": condition}));
    }
    if !reach.is_everywhere() {
        statements.push(json!({"Sid": "NoGlobalProfiles", "Effect": "Deny", "Action": INVOKE,
            "Resource": profile("global", "*")}));
        statements
            .push(json!({"Sid": "NoUnspecifiedRegion", "Effect": "Deny", "Action": INVOKE, "Resource": "*",
            "Condition": {"StringEquals": {"aws:RequestedRegion": "unspecified"}}}));
    }
    json!({"Version": "2012-10-17", "Statement": statements})
}

/// What to ask Bedrock for.
fn named(pins: &BTreeSet<Pin>) -> Value {
    let of = |pin: &Pin| json!({"model": pin.stated, "region": pin.region, "ask_for": pin.asked()});
    Value::Array(pins.iter().map(of).collect())
}

fn keeps(table: &Table, pins: &BTreeSet<Pin>, promise: &str) -> (Level, &'static str) {
    let elsewhere = table.models.iter().any(|model| !is_here(model));
    match promise {
        "regions" | "caller" if elsewhere => {
            (Level::Lost, "other providers than Bedrock are not reached by these policies")
        }
        "regions" if !pins.iter().all(Pin::is_held) => (
            Level::Lost,
            "an inference profile processes anywhere in its geography, and some decision is pinned to something else: pin to the \
             geography, or to a region of AWS and name the model itself",
        ),
        "regions" => (
            Level::Native,
            "the service control policy denies every other model, a model past its inference profile, and other regions, in the \
             accounts that it is attached to and to everybody there; jobs in batches are none of its",
        ),
        "caller" => (
            Level::Native,
            "what no decision names is denied to everybody in the accounts that the service control policy is attached to",
        ),
        "use-case" => (
            Level::ByCaller,
            "each use case needs a role of its own with the policy of its name in `iam`, which `start` does not load; gateways have to \
             ask for what `inference-profiles.json` says, so state that as `endpoint.model`",
        ),
        _ => (Level::Lost, "policies of AWS allow or deny and route nothing: put a gateway before them"),
    }
}
