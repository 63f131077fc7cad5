//! Everything that is tested from outside: one program, so that it is linked once.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::string_slice,
    reason = "helpers of tests stop at the first thing amiss, as tests do"
)]

mod all;
mod answers;
mod audit;
#[path = "../../benches/world/mod.rs"]
mod bench_world;
mod bundle;
mod cases;
mod ci_files;
mod code_hosts;
mod command_line;
mod completions;
mod conformance;
mod days;
mod diff;
mod diff_accept;
mod diff_company;
mod diff_gate;
mod diff_gate_bounds;
mod diff_gate_endpoints;
mod diff_gate_failover;
mod diff_gate_instead;
mod diff_gate_later;
mod diff_gate_names;
mod diff_gate_shares;
mod diff_gate_unseen;
mod diff_felt;
mod diff_git;
mod diff_history;
mod diff_paid;
mod diff_later;
mod diff_promises;
mod diff_told_apart;
mod diff_properties;
mod diff_review;
mod diff_said;
mod documents;
mod drills;
mod engine;
mod enterprise;
mod events;
mod evidence;
mod export;
mod export_bedrock;
mod export_limits;
mod export_names;
mod export_profile;
mod export_shared;
mod export_walks;
mod findings;
mod fix;
mod fmt;
mod fuzz_seeds;
mod gateways_page;
mod graph;
mod help;
mod hostile;
mod hostile_arguments;
mod hostile_checkout;
mod hostile_files;
mod hostile_git;
mod hostile_limits;
mod hostile_limits_diff;
mod hostile_limits_findings;
mod hostile_limits_beside;
mod hostile_output;
mod hostile_reports;
mod hostile_writes;
mod import;
mod import_keys;
mod import_reading;
mod import_shapes;
mod init;
mod layers;
mod lsp;
mod lsp_again;
mod lsp_completion;
mod lsp_decided;
mod lsp_fixes;
mod lsp_messages;
mod lsp_names;
mod lsp_offers;
mod lsp_renames;
mod lsp_session;
mod measured;
mod mistakes;
mod mutations;
mod no_workspace;
mod noted;
mod outages;
mod guarantees_random;
mod properties;
mod refusals;
mod reasons_said;
mod registry;
mod registry_add;
mod registry_kept;
mod registry_others;
mod registry_told;
mod said;
mod scan;
mod review;
mod review_left_out;
mod schemas;
mod secrets_shown;
mod sentences;
mod sentences_said;
mod signing;
mod sql;
mod test_command;
mod usage;
mod usage_bills;
mod usage_budgets;
mod usage_exports;
mod usage_said;
mod watch;
mod worlds;
mod yaml;
