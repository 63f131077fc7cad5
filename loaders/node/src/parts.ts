/** The head of a table, its vocabulary, and the parts that decisions point at. */

import { ascending, comparePercents, day, decimal, distinct, oneOf, percent, sha256 } from "./forms.js";
import type { Budget, Prices, RawTable } from "./raw.js";
import { fault, type Place, shown } from "./refusal.js";

const PRICE_DECIMALS = 9;
const HOSTINGS = ["cloud", "private-cloud", "self-hosted"];
const DIMENSIONS = ["application", "business_unit", "model", "project", "provider", "team", "use_case", "user"];
const MODES = ["chargeback", "showback"];
const PERIODS = ["day", "week", "month", "quarter", "year"];
const BUDGET_ACTIONS = ["notify", "throttle", "queue", "block"];

/** Checks everything that stands beside decisions and use cases. */
export function checkParts(table: RawTable): void {
  head(table);
  vocabulary(table);
  models(table);
  ascending([null, "failovers"], table.failovers.map((one) => one.name));
  budgets(table);
  quotas(table);
  attribution(table);
  ascending([[null, "proof"], "guarantees"], table.proof.guarantees.map((one) => one.name));
}

function head(table: RawTable): void {
  day([null, "as_of"], table.as_of);
  const until = table.valid_until;
  if (until !== null) {
    day([null, "valid_until"], until);
    if (until < table.as_of) throw fault("range", [null, "valid_until"], "it lies before `as_of`");
  }
  if ((until === null) !== (table.ends === null)) {
    throw fault("range", [null, "ends"], "it stands with `valid_until` and not without");
  }
  for (const [path, digest] of Object.entries(table.sources)) sha256([[null, "sources"], path], digest);
}

function vocabulary(table: RawTable): void {
  distinct([null, "classifications"], table.classifications);
  for (const [name, fact] of Object.entries(table.facts)) {
    const place: Place = [[null, "facts"], name];
    if (name === "" || name === "classification" || /^(budget|model|chain)\./.test(name)) {
      throw fault("range", place, "a fact cannot be called that");
    }
    distinct([place, "values"], fact.values);
    if (!fact.values.includes(fact.default)) {
      throw fault("index", [place, "default"], `\`${shown(fact.default)}\` is none of its values`);
    }
  }
}

function models(table: RawTable): void {
  ascending([null, "models"], table.models.map((one) => one.id));
  table.models.forEach((model, at) => {
    const place: Place = [[null, "models"], at];
    const { provider, name } = model;
    if (!provider || provider.includes("/") || !name || model.id !== `${provider}/${name}`) {
      throw fault("range", [place, "id"], "it is not `provider/name`");
    }
    if (!model.failure_domain) throw fault("range", [place, "failure_domain"], "an empty name");
    prices(place, model);
    if (model.long_prompt) prices([place, "long_prompt"], model.long_prompt);
    if (model.batch_discount !== null) share([place, "batch_discount"], model.batch_discount);
    if (model.hosting !== null) oneOf([place, "hosting"], model.hosting, HOSTINGS);
    ascending([place, "regions"], model.regions ?? []);
    ascending([place, "compliance"], model.compliance ?? []);
  });
}

function prices(place: Place, holder: Prices): void {
  for (const key of ["input_usd_per_1m", "output_usd_per_1m", "cached_input_usd_per_1m"] as const) {
    const price = holder[key];
    if (price !== null) decimal([place, key], price, PRICE_DECIMALS);
  }
}

function share(place: Place, text: string): void {
  percent(place, text);
  if (comparePercents(text, "100%") > 0) throw fault("range", place, `\`${shown(text)}\` is more than 100%`);
}

function per(place: Place, name: string | null, table: RawTable): void {
  if (name === null || Object.hasOwn(table.facts, name) || DIMENSIONS.includes(name)) return;
  throw fault("index", [place, "per"], `\`${shown(name)}\` is neither a dimension nor a fact`);
}

function budgets(table: RawTable): void {
  ascending([null, "budgets"], table.budgets.map((one) => one.name));
  table.budgets.forEach((budget, at) => {
    const place: Place = [[null, "budgets"], at];
    ascending([place, "on"], budget.on);
    decimal([place, "limit_usd"], budget.limit_usd, PRICE_DECIMALS);
    oneOf([place, "period"], budget.period, PERIODS);
    per(place, budget.per, table);
    if (budget.mode !== null) oneOf([place, "mode"], budget.mode, MODES);
    steps([place, "at"], budget);
  });
  parents(table.budgets);
}

function steps(place: Place, budget: Budget): void {
  let last = "0%";
  budget.at.forEach((step, at) => {
    const here: Place = [place, at];
    oneOf([here, "action"], step.action, BUDGET_ACTIONS);
    const notifies = step.action === "notify";
    if (notifies && !step.notify) throw fault("missing-field", here, "the key `notify` is missing");
    if (!notifies && step.notify) {
      throw fault("unknown-field", here, `no key \`notify\` belongs to \`${step.action}\``);
    }
    percent([here, "used"], step.used);
    if (comparePercents(step.used, last) < 0) {
      throw fault("order", [here, "used"], `\`${step.used}\` stands after \`${last}\``);
    }
    last = step.used;
  });
  if (last !== "100%") throw fault("range", place, "it does not say what happens at 100%");
}

/** Each parent is there, and whoever walks up from a budget comes to an end. */
function parents(budgets: readonly Budget[]): void {
  const within = new Map(budgets.map((budget) => [budget.name, budget.within]));
  const ended = new Set<string>();
  budgets.forEach((budget, at) => {
    const place: Place = [[[null, "budgets"], at], "within"];
    if (budget.within !== null && !within.has(budget.within)) {
      throw fault("index", place, `no budget is called \`${shown(budget.within)}\``);
    }
    const walked = new Set<string>();
    let name: string | null | undefined = budget.name;
    while (typeof name === "string" && !ended.has(name)) {
      if (walked.has(name)) throw fault("index", place, "its parents go round in a circle");
      walked.add(name);
      name = within.get(name);
    }
    for (const one of walked) ended.add(one);
  });
}

function quotas(table: RawTable): void {
  ascending([null, "quotas"], table.quotas.map((one) => one.name));
  table.quotas.forEach((quota, at) => {
    const place: Place = [[null, "quotas"], at];
    per(place, quota.per, table);
    const minute = quota.requests_per_minute ?? quota.tokens_per_minute;
    if ((minute ?? quota.requests_per_day ?? quota.tokens_per_day) === null) {
      throw fault("range", place, "it limits nothing");
    }
  });
}

function attribution(table: RawTable): void {
  if (!table.attribution) return;
  const { require, mode, anomaly_above } = table.attribution;
  const place: Place = [null, "attribution"];
  ascending([place, "require"], require);
  require.forEach((dimension, at) => oneOf([[place, "require"], at], dimension, DIMENSIONS));
  if (mode !== null) oneOf([place, "mode"], mode, MODES);
  if (anomaly_above !== null) percent([place, "anomaly_above"], anomaly_above);
}
