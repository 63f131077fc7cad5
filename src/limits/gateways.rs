//! What gateways, clouds and code hosts take.

/// Characters of a comment: code hosts refuse those past 65,536.
pub const COMMENT: usize = 60_000;

/// The longest service control policy that AWS takes, in characters.
pub const AWS_CONTROL_POLICY: usize = 5120;

/// The longest policy of a role that AWS takes, in characters that are not white space.
pub const AWS_ROLE_POLICY: usize = 6144;

/// Entries of metadata that a request to Cloudflare may carry.
pub const CLOUDFLARE_METADATA: usize = 5;

/// Users whose requests a proxy remembers, for each limit of a quota: each takes some hundred bytes.
pub const ENVOY_USERS: usize = 100_000;

/// The largest body of a request that Envoy takes, in bytes.
pub const ENVOY_BODY: u32 = 20_000_000;

/// Headers that an answer of a provider may have; past it, it counts as none.
pub const ENVOY_HEADERS: u32 = 1000;

/// How long all of them may be together, in kilobytes.
pub const ENVOY_HEAD_KB: u32 = 512;

/// Rules of one route of the Gateway API, without the one that the controller adds itself.
pub const ROUTE_RULES: usize = 14;

/// Matches of one rule.
pub const ROUTE_MATCHES: usize = 128;

/// Headers of one match.
pub const ROUTE_HEADERS: usize = 16;

/// Retries that an export takes.
pub const RETRIES: u64 = 100;

/// The longest config of Portkey that fits into a header with the rest of a request, in bytes.
pub const PORTKEY_CONFIG: usize = 12 << 10;

/// A longer key is written as `? key`: readers look for the colon of a shorter one no further than 1024 characters.
pub const YAML_KEY: usize = 1000;

/// How often a rule of Bifrost may hand a request on to all rules again.
pub const BIFROST_CHAIN: usize = 10;
