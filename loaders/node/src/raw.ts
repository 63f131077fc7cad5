/** The table as its JSON has it, once its shape is checked. */

import type { Json } from "./scan.js";

/** What happens when nothing is left; of a quota also `failover`, and then the next path is tried. */
export type Terminal =
  | { action: "queue"; seconds: number | null }
  | { action: "degrade"; message: string | null }
  | { action: "block" };

/** What to do when a dear target is used. */
export type Action = { action: "notify"; notify: string[] } | { action: "throttle" } | { action: "confirm" };

/** Prices in US dollars as exact text, to 9 decimals; what is not stated is null. */
export interface Prices {
  input_usd_per_1m: string;
  output_usd_per_1m: string;
  cached_input_usd_per_1m: string | null;
}

/** A model as one provider serves it; null is unknown. */
export interface Model extends Prices {
  /** `provider/name`. */
  id: string;
  provider: string;
  name: string;
  failure_domain: string;
  batch_discount: string | null;
  long_prompt: (Prices & { above_tokens: number }) | null;
  hosting: string | null;
  jurisdiction: string | null;
  regions: string[] | null;
  compliance: string[] | null;
  retention_days: number | null;
  /** How to reach it; empty where nothing is stated. */
  endpoint: { [key: string]: Json };
  /** Settings of requests; empty where nothing is stated. */
  profile: { [key: string]: Json };
}

/** A failover statement. */
export interface Failover {
  name: string;
  retry: number;
  cooldown_seconds: number | null;
  then: Terminal;
  log_as: string | null;
  notify: string[];
}

/** What auditing demands. */
export interface Audit {
  retain_days: number | null;
  lineage: boolean;
  mask: string[];
  owners: string[];
}

/** A budget that requests count against. */
export interface Budget {
  name: string;
  on: string[];
  limit_usd: string;
  period: string;
  per: string | null;
  within: string | null;
  mode: string | null;
  at: { used: string; action: string; notify?: string[] }[];
  owner: string | null;
  escalate: string[];
}

/** A quota that requests count against. */
export interface Quota {
  name: string;
  on: string | null;
  per: string | null;
  requests_per_minute: number | null;
  tokens_per_minute: number | null;
  requests_per_day: number | null;
  tokens_per_day: number | null;
  then: Terminal | { action: "failover" };
}

/** A target of a list: `model` is an index. */
export interface RawTarget {
  model: number;
  cost_multiplier: string;
  actions: Action[];
  regions: string[] | null;
}

/** A decision: everything in it is an index. */
export interface RawDecision {
  primary: { model: number; regions: string[] | null } | null;
  paths: { on: string[]; failover: number; targets: number }[];
  rules: number;
  budgets: number[];
  quotas: number[];
  audit: number | null;
}

/** Something that changes a decision. */
export interface RawAxis {
  fact: string;
  values?: string[];
  cuts?: string[];
}

/** A use case: `axes` is an index into `grids`, its cells are indices into `decisions`. */
export interface RawUseCase {
  name: string;
  endpoint_tag: string | null;
  classification: string;
  axes: number;
  cells: number[];
  tags: { [dimension: string]: string };
}

/** A whole table. */
export interface RawTable {
  format: string;
  as_of: string;
  valid_until: string | null;
  ends: string | null;
  sources: { [path: string]: string };
  classifications: string[];
  facts: { [name: string]: { values: string[]; default: string } };
  models: Model[];
  failovers: Failover[];
  rule_sets: string[][];
  target_lists: RawTarget[][];
  audits: Audit[];
  decisions: RawDecision[];
  grids: RawAxis[][];
  use_cases: RawUseCase[];
  budgets: Budget[];
  quotas: Quota[];
  reasons: { [statement: string]: string | null };
  attribution: { require: string[]; mode: string | null; anomaly_above: string | null } | null;
  request: { [key: string]: Json };
  proof: { contexts: number; guarantees: { name: string; contexts: number }[] };
  digest: string;
}
