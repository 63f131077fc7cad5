//! `govctl export`: a gateway's own configuration from the verified decisions.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::{Answered, CommandError, Common, Status, compile, earlier, hand_over, terminal};
use crate::export::promise::{Kept, PROMISES};
use crate::export::{
    Export, Refused, bedrock, bifrost, cloudflare, envoy, envoy_ai_gateway, litellm, portkey, sql, tensorzero,
};
use crate::limits::shown;
use crate::model::words::joined;
use crate::table::LoadOptions;
use crate::table::format::Table;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The gateway
    target: Target,
    /// The compiled table to export [default: the workspace is compiled]
    #[arg(long, value_name = "FILE")]
    table: Option<PathBuf>,
    /// The folder to write; what an earlier export wrote there is replaced
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
    /// End with status 1 if some promise of the table is lost, or kept only if callers choose rightly
    #[arg(long)]
    require_faithful: bool,
    /// A promise that may be lost all the same; may be given several times
    #[arg(long, value_name = "PROMISE", value_parser = promise)]
    allow_loss: Vec<String>,
    /// Export a table whose last day has passed
    #[arg(long, requires = "table")]
    allow_expired: bool,
    /// Where callers connect
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080", value_parser = socket)]
    listen: (String, u16),
    /// Where the gateway's administration interface listens
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:9901", value_parser = socket)]
    admin: (String, u16),
    /// A service that counts quotas and budgets for every proxy, as `envoyproxy/ratelimit` does; only for `envoy`
    /// [default: each proxy counts quotas for itself]
    #[arg(long, value_name = "HOST:PORT", value_parser = service)]
    rate_limit_service: Option<(String, u16)>,
}

/// The gateways that a table can be exported to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Target {
    /// Stock Envoy: everything is decided in the proxy
    Envoy,
    /// The `LiteLLM` proxy, with the hook `govctl-litellm`
    Litellm,
    /// Portkey: a config for each use case
    Portkey,
    /// `TensorZero`: a model for each decision
    Tensorzero,
    /// Envoy AI Gateway: manifests for Kubernetes
    EnvoyAiGateway,
    /// Bifrost: virtual keys and routing rules
    Bifrost,
    /// Cloudflare AI Gateway: a dynamic route for each use case
    Cloudflare,
    /// Amazon Bedrock: policies that keep models to their regions
    Bedrock,
    /// Rows and a view for the warehouse that holds the logs: what `audit` says, for every event in place
    Sql,
}

fn promise(name: &str) -> Result<String, String> {
    let known = PROMISES.iter().any(|(known, _)| *known == name);
    let names: Vec<&str> = PROMISES.iter().map(|(known, _)| *known).collect();
    if known { Ok(name.to_owned()) } else { Err(crate::diag::nearest::help(name, "promises", &names).text) }
}

fn socket(text: &str) -> Result<(String, u16), String> {
    let pair = text.rsplit_once(':').and_then(|(host, port)| {
        let host = host.trim_start_matches('[').trim_end_matches(']');
        Some((host.parse::<std::net::IpAddr>().ok()?.to_string(), port.parse().ok()?))
    });
    pair.ok_or_else(|| "write an address and a port, as in 127.0.0.1:8080".to_owned())
}

fn service(text: &str) -> Result<(String, u16), String> {
    let pair = text.rsplit_once(':').and_then(|(host, port)| {
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let is_name = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'.' | b'-' | b'_');
        let sound = host.parse::<std::net::IpAddr>().is_ok() || host.bytes().all(is_name);
        Some((host.to_owned(), port.parse().ok()?)).filter(|_| sound && !host.is_empty())
    });
    pair.ok_or_else(|| "write a host and a port, as in ratelimit:8081".to_owned())
}

pub(super) fn run(arguments: &Arguments, common: &Common) -> Answered {
    let table = table(arguments, common)?;
    let export = match make(arguments, &table) {
        Ok(export) => export,
        Err(refused) => return Err(format!("{}\n  help: {}", refused.message, refused.help).into()),
    };
    let unfaithful = unfaithful(export.unfaithful(&arguments.allow_loss));
    let target = export.target;
    let command = export.start.command.clone();
    write(&arguments.output, export, &table)?;
    let folder = arguments.output.display();
    terminal::say(&format!("wrote {target} configuration to `{folder}`; start it there with `{command}`\n"));
    if unfaithful.is_empty() {
        return Ok(Status::Fine);
    }
    terminal::say(&format!("not everything in the table holds there:\n{}", unfaithful.concat()));
    Ok(if arguments.require_faithful { Status::Negative } else { Status::Fine })
}

/// The promises that are not kept, one a line; those of one kind for one reason are told together.
fn unfaithful<'e>(kept: impl Iterator<Item = &'e Kept>) -> Vec<String> {
    let mut all: Vec<(&'static str, &'e str, Vec<&'static str>)> = Vec::new();
    for one in kept {
        let (level, why) = (one.level.name(), one.why.as_str());
        match all.iter_mut().find(|(known, reason, _)| (*known, *reason) == (level, why)) {
            Some((.., names)) => names.push(one.promise),
            None => all.push((level, why, vec![one.promise])),
        }
    }
    all.into_iter()
        .map(|(level, why, names)| match names.as_slice() {
            [one] => format!("  {one} is {level}: {why}\n"),
            many if many.len() > shown::LOSSES => format!("  {} promises are {level}: {why}\n", many.len()),
            many => format!("  {} are {level}: {why}\n", joined(many)),
        })
        .collect()
}

fn make(arguments: &Arguments, table: &Table) -> Result<Export, Refused> {
    crate::export::check(table)?;
    if arguments.rate_limit_service.is_some() && arguments.target != Target::Envoy {
        return Err(Refused {
            message: "only `envoy` asks a rate limit service".to_owned(),
            help: "leave `--rate-limit-service` out".to_owned(),
        });
    }
    // Rows for a warehouse send nothing anywhere.
    if arguments.target != Target::Sql {
        crate::export::profile::check(table)?;
        // Its policies are of models and regions; no request states anything.
        if arguments.target != Target::Bedrock {
            crate::export::names::check(table)?;
            crate::export::request::check(table)?;
        }
    }
    match arguments.target {
        Target::Envoy => {
            let options = envoy::Options {
                listen: arguments.listen.clone(),
                admin: arguments.admin.clone(),
                rate_limit_service: arguments.rate_limit_service.clone(),
            };
            envoy::export(table, &options)
        }
        Target::Litellm => litellm::export(table),
        Target::Portkey => portkey::export(table),
        Target::Tensorzero => tensorzero::export(table),
        Target::EnvoyAiGateway => envoy_ai_gateway::export(table),
        Target::Bifrost => bifrost::export(table),
        Target::Cloudflare => cloudflare::export(table),
        Target::Bedrock => bedrock::export(table),
        Target::Sql => sql::export(table),
    }
}

/// The table that is exported: a compiled one, or the workspace's.
fn table(arguments: &Arguments, common: &Common) -> Result<Table, CommandError> {
    let Some(path) = &arguments.table else {
        return compile::compiled(common, None, None, None).map(|compiled| compiled.table);
    };
    let mut options = LoadOptions::at(common.as_of().to_string());
    options.allow_expired = arguments.allow_expired;
    match super::verify::load_table(path, &options) {
        Ok(table) => Ok(table.table().clone()),
        Err((status, message)) => Err(CommandError::with(status, format!("`{}`: {message}", path.display()))),
    }
}

fn write(folder: &Path, mut export: Export, table: &Table) -> Result<(), String> {
    let target = export.target;
    if target == "envoy" {
        envoy::over::keep(&mut export.files, |path| hand_over::old(&folder.join(path)));
    }
    let files = export.all_files(table);
    let gone = earlier::gone(folder, &files)?;
    let files: Vec<(PathBuf, String)> =
        files.into_iter().map(|(path, text)| (folder.join(path), text)).collect();
    if target == "envoy" {
        return hand_over::write(folder, files, &gone);
    }
    hand_over::replaced(folder, &files, &gone)
}
