/** Decisions: each distinct, with paths and obligations, and lists stored once in the order of first need. */

import { ascending, decimal, index, indices } from "./forms.js";
import type { Model, RawDecision, RawTable } from "./raw.js";
import { fault, type Place, shown } from "./refusal.js";
import { type Trigger, TRIGGERS } from "./shape.js";

const MULTIPLIER_DECIMALS = 4;
const ACTIONS = ["notify", "throttle", "confirm"];

/** Checks that the items of a list stand in the order in which something first needs them. */
export class Needed {
  private next = 0;

  constructor(
    private readonly part: string,
    private readonly size: number,
  ) {}

  /** Something at this place needs this item. */
  need(place: Place, at: number): void {
    index(place, at, this.part, this.size);
    if (at > this.next) {
      throw fault("order", place, `it needs ${at} of \`${this.part}\` before anything needs ${this.next}`);
    }
    if (at === this.next) this.next += 1;
  }

  /** Nothing needs more than what has been needed so far. */
  allNeeded(): void {
    if (this.next < this.size) throw fault("index", [[null, this.part], this.next], "nothing needs it");
  }
}

/** Refuses a list in which two items are equal. */
export function eachOnce(part: string, items: readonly unknown[]): void {
  const seen = new Set<string>();
  items.forEach((item, at) => {
    const text = JSON.stringify(item);
    if (seen.has(text)) throw fault("order", [[null, part], at], "an equal one stands before it");
    seen.add(text);
  });
}

/** Checks the decisions and the lists that they share. */
export function checkDecisions(table: RawTable): void {
  table.rule_sets.forEach((names, at) => ascending([[null, "rule_sets"], at], names));
  eachOnce("rule_sets", table.rule_sets);
  targetLists(table);
  table.audits.forEach((audit, at) => {
    ascending([[[null, "audits"], at], "mask"], audit.mask);
    ascending([[[null, "audits"], at], "owners"], audit.owners);
  });
  eachOnce("audits", table.audits);
  const rules = new Needed("rule_sets", table.rule_sets.length);
  const targets = new Needed("target_lists", table.target_lists.length);
  const audits = new Needed("audits", table.audits.length);
  table.decisions.forEach((decision, at) => {
    const place: Place = [[null, "decisions"], at];
    primary(place, decision, table.models);
    paths(place, decision, table, targets);
    rules.need([place, "rules"], decision.rules);
    indices([place, "budgets"], decision.budgets, "budgets", table.budgets.length);
    indices([place, "quotas"], decision.quotas, "quotas", table.quotas.length);
    if (decision.audit !== null) audits.need([place, "audit"], decision.audit);
  });
  eachOnce("decisions", table.decisions);
  for (const needed of [rules, targets, audits]) needed.allNeeded();
  allNamed(table);
  reasons(table);
}

function targetLists(table: RawTable): void {
  table.target_lists.forEach((targets, at) => {
    const met = new Set<number>();
    targets.forEach((target, position) => {
      const place: Place = [[[null, "target_lists"], at], position];
      index([place, "model"], target.model, "models", table.models.length);
      if (met.has(target.model)) throw fault("order", [place, "model"], "the model is a target already");
      met.add(target.model);
      if (target.cost_multiplier !== "inf") {
        decimal([place, "cost_multiplier"], target.cost_multiplier, MULTIPLIER_DECIMALS);
      }
      const order = target.actions.map((action) => ACTIONS.indexOf(action.action));
      if (order.some((one, step) => step > 0 && one <= (order[step - 1] ?? -1))) {
        throw fault("order", [place, "actions"], `they stand in the order ${ACTIONS.join(", ")}, each once`);
      }
      regions([place, "regions"], target.regions, table.models[target.model]);
    });
  });
  eachOnce("target_lists", table.target_lists);
}

function regions(place: Place, pinned: readonly string[] | null, model: Model | undefined): void {
  if (pinned === null) return;
  ascending(place, pinned);
  if (pinned.length === 0) throw fault("range", place, "there is none that it could be pinned to");
  pinned.forEach((region, at) => {
    if (!model?.regions?.includes(region)) throw fault("index", [place, at], "the model is not served there");
  });
}

function primary(place: Place, decision: RawDecision, models: readonly Model[]): void {
  if (decision.primary === null) {
    if (decision.paths.length) throw fault("range", [place, "paths"], "there is no primary that could fail");
    return;
  }
  const here: Place = [place, "primary"];
  index([here, "model"], decision.primary.model, "models", models.length);
  regions([here, "regions"], decision.primary.regions, models[decision.primary.model]);
}

function paths(place: Place, decision: RawDecision, table: RawTable, needed: Needed): void {
  const named = new Set<string>();
  const same = new Set<string>();
  let last = -1;
  decision.paths.forEach((path, at) => {
    const here: Place = [[place, "paths"], at];
    const first = triggers([here, "on"], path.on, named);
    if (first < last) throw fault("order", here, "the paths stand in the order of their first trigger");
    last = first;
    index([here, "failover"], path.failover, "failovers", table.failovers.length);
    needed.need([here, "targets"], path.targets);
    const what = `${path.failover} ${path.targets}`;
    if (same.has(what)) throw fault("order", here, "a path with the same statement and targets stands before it");
    same.add(what);
    if (table.target_lists[path.targets]?.some((target) => target.model === decision.primary?.model)) {
      throw fault("order", [here, "targets"], "the primary is among them");
    }
  });
}

/** Checks the triggers of a path and gives the position of the first. */
function triggers(place: Place, on: readonly string[], named: Set<string>): number {
  if (on.length === 0) throw fault("range", place, "there is none");
  let last = -1;
  on.forEach((trigger, at) => {
    const position = TRIGGERS.indexOf(trigger as Trigger);
    if (position <= last) {
      throw fault("order", [place, at], "the triggers stand in the order of the grammar, each once");
    }
    if (named.has(trigger)) throw fault("order", [place, at], `\`${trigger}\` is on another path already`);
    last = position;
    named.add(trigger);
  });
  return TRIGGERS.indexOf(on[0] as Trigger);
}

/** Models and failover statements are those that decisions name. */
function allNamed(table: RawTable): void {
  const models = new Set(table.target_lists.flatMap((targets) => targets.map((target) => target.model)));
  const failovers = new Set<number>();
  for (const decision of table.decisions) {
    if (decision.primary) models.add(decision.primary.model);
    for (const path of decision.paths) failovers.add(path.failover);
  }
  for (const [part, size, named] of [
    ["models", table.models.length, models],
    ["failovers", table.failovers.length, failovers],
  ] as const) {
    for (let at = 0; at < size; at += 1) {
      if (!named.has(at)) throw fault("index", [[null, part], at], "nothing needs it");
    }
  }
}

/** There is a reason, or null, for every rule and failover statement that some decision names. */
function reasons(table: RawTable): void {
  const named = new Set(table.rule_sets.flat().map((name) => `rule ${name}`));
  for (const failover of table.failovers) named.add(`failover ${failover.name}`);
  const place: Place = [null, "reasons"];
  for (const key of named) {
    if (!Object.hasOwn(table.reasons, key)) throw fault("missing-field", place, `there is none for \`${shown(key)}\``);
  }
  for (const key of Object.keys(table.reasons)) {
    if (!named.has(key)) throw fault("unknown-field", [place, key], "no decision names it");
  }
}
