/** Which keys a table has and what kind of value stands at each: every key is there, and no other. */

import type { RawTable } from "./raw.js";
import { fault, type Place, shown } from "./refusal.js";
import { isObject, type Json } from "./scan.js";

/** What `format` says. */
export const FORMAT = "govctl-decision-table/1";

/** What a model that is asked can do instead of answering, in the order of the grammar. */
export const TRIGGERS = [
  "rate-limited",
  "server-error",
  "timeout",
  "unavailable",
  "content-filtered",
  "context-exceeded",
  "out-of-credit",
  "unauthorized",
] as const;

/** What a model that is asked can do instead of answering. */
export type Trigger = (typeof TRIGGERS)[number];

type Check = (value: Json, place: Place) => void;

/** Checks every key and the kind of every value; another version has other keys, so its name is asked for first. */
export function checkShape(table: { [key: string]: Json }): RawTable {
  const found = table["format"];
  if (typeof found === "string" && found !== FORMAT) {
    throw fault("format", [null, "format"], `\`${shown(found)}\` is not \`${FORMAT}\``);
  }
  TABLE(table, null);
  return table as unknown as RawTable;
}

function kind(value: Json): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  const kinds = { string: "text", number: "a number", boolean: "true or false", object: "an object" };
  return kinds[typeof value as keyof typeof kinds];
}

function wrong(value: Json, place: Place, wanted: string): Error {
  return fault("type", place, `${kind(value)} stands where ${wanted} belongs`);
}

const text: Check = (value, place) => {
  if (typeof value !== "string") throw wrong(value, place, "text");
};

const boolean: Check = (value, place) => {
  if (typeof value !== "boolean") throw wrong(value, place, "true or false");
};

const number: Check = (value, place) => {
  if (typeof value !== "number") throw wrong(value, place, "a whole number");
  if (value < 0) throw fault("range", place, `${value} is below zero`);
};

const trigger: Check = (value, place) => {
  text(value, place);
  if (TRIGGERS.includes(value as Trigger)) return;
  throw fault("range", place, `\`${shown(value as string)}\` is none of ${TRIGGERS.join(", ")}`);
};

const object: Check = (value, place) => {
  if (!isObject(value)) throw wrong(value, place, "an object");
};

function orNull(inner: Check): Check {
  return (value, place) => {
    if (value !== null) inner(value, place);
  };
}

function list(inner: Check): Check {
  return (value, place) => {
    if (!Array.isArray(value)) throw wrong(value, place, "a list");
    value.forEach((item, at) => inner(item, [place, at]));
  };
}

function map(inner: Check): Check {
  return (value, place) => {
    if (!isObject(value)) throw wrong(value, place, "an object");
    for (const key of Object.keys(value)) inner(value[key] as Json, [place, key]);
  };
}

function record(fields: { [key: string]: Check }, optional: { [key: string]: Check } = {}): Check {
  const known = new Map(Object.entries({ ...fields, ...optional }));
  const needed = Object.keys(fields);
  return (value, place) => {
    if (!isObject(value)) throw wrong(value, place, "an object");
    for (const key of Object.keys(value)) {
      const inner = known.get(key);
      if (!inner) throw fault("unknown-field", place, `no key \`${shown(key)}\` belongs there`);
      inner(value[key] as Json, [place, key]);
    }
    for (const key of needed) {
      if (!Object.hasOwn(value, key)) throw fault("missing-field", place, `the key \`${key}\` is missing`);
    }
  };
}

/** An object whose other keys depend on its `action`. */
function action(variants: { [action: string]: Check }): Check {
  const known = new Map(Object.entries(variants));
  return (value, place) => {
    // An empty list has none either.
    const isEmptyList = Array.isArray(value) && value.length === 0;
    if (isEmptyList) throw fault("missing-field", place, "the key `action` is missing");
    if (!isObject(value)) throw wrong(value, place, "an object");
    if (!Object.hasOwn(value, "action")) throw fault("missing-field", place, "the key `action` is missing");
    const name = value["action"] as Json;
    text(name, [place, "action"]);
    const variant = known.get(name as string);
    if (!variant) {
      const names = [...known.keys()].join(", ");
      throw fault("range", [place, "action"], `\`${shown(name as string)}\` is none of ${names}`);
    }
    variant(value, place);
  };
}

const texts = list(text);
const numbers = list(number);
const textOrNull = orNull(text);
const numberOrNull = orNull(number);

const bare = record({ action: text });
const terminals = {
  queue: record({ action: text, seconds: numberOrNull }),
  degrade: record({ action: text, message: textOrNull }),
  block: bare,
};
const prices = { input_usd_per_1m: text, output_usd_per_1m: text, cached_input_usd_per_1m: textOrNull };

const model = record({
  ...prices,
  id: text,
  provider: text,
  name: text,
  failure_domain: text,
  batch_discount: textOrNull,
  long_prompt: orNull(record({ ...prices, above_tokens: number })),
  hosting: textOrNull,
  jurisdiction: textOrNull,
  regions: orNull(texts),
  compliance: orNull(texts),
  retention_days: numberOrNull,
  endpoint: object,
  profile: object,
});

const failover = record({
  name: text,
  retry: number,
  cooldown_seconds: numberOrNull,
  then: action(terminals),
  log_as: textOrNull,
  notify: texts,
});

const target = record({
  model: number,
  cost_multiplier: text,
  actions: list(action({ notify: record({ action: text, notify: texts }), throttle: bare, confirm: bare })),
  regions: orNull(texts),
});

const decision = record({
  primary: orNull(record({ model: number, regions: orNull(texts) })),
  paths: list(record({ on: list(trigger), failover: number, targets: number })),
  rules: number,
  budgets: numbers,
  quotas: numbers,
  audit: numberOrNull,
});

const useCase = record({
  name: text,
  endpoint_tag: textOrNull,
  classification: text,
  axes: number,
  cells: numbers,
  tags: map(text),
});

const budget = record({
  name: text,
  on: texts,
  limit_usd: text,
  period: text,
  per: textOrNull,
  within: textOrNull,
  mode: textOrNull,
  at: list(record({ used: text, action: text }, { notify: texts })),
  owner: textOrNull,
  escalate: texts,
});

const quota = record({
  name: text,
  on: textOrNull,
  per: textOrNull,
  requests_per_minute: numberOrNull,
  tokens_per_minute: numberOrNull,
  requests_per_day: numberOrNull,
  tokens_per_day: numberOrNull,
  then: action({ ...terminals, failover: bare }),
});

const TABLE = record({
  format: text,
  as_of: text,
  valid_until: textOrNull,
  ends: textOrNull,
  sources: map(text),
  classifications: texts,
  facts: map(record({ values: texts, default: text })),
  models: list(model),
  failovers: list(failover),
  rule_sets: list(texts),
  target_lists: list(list(target)),
  audits: list(record({ retain_days: numberOrNull, lineage: boolean, mask: texts, owners: texts })),
  decisions: list(decision),
  grids: list(list(record({ fact: text }, { values: texts, cuts: texts }))),
  use_cases: list(useCase),
  budgets: list(budget),
  quotas: list(quota),
  reasons: map(textOrNull),
  attribution: orNull(record({ require: texts, mode: textOrNull, anomaly_above: textOrNull })),
  request: object,
  proof: record({ contexts: number, guarantees: list(record({ name: text, contexts: number })) }),
  digest: text,
});
