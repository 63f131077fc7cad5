/** From the JSON of a table without faults to what lookups and answers are made of. */

import type { Core, Failover, Path, Target } from "./answer.js";
import { CLASSIFICATION } from "./cells.js";
import { type Cut, parseCut } from "./forms.js";
import { frozen } from "./frozen.js";
import type { RawAxis, RawTable } from "./raw.js";

/** How requests move over the cells of a use case. */
export interface Strides {
  /** How far apart classifications stand; 0: they change nothing. */
  readonly level: number;
  /** The cell of a request that states nothing. */
  readonly baseline: number;
  /** By attribute: how far apart the positions stand, and the cuts. */
  readonly shares: ReadonlyMap<string, { readonly stride: number; readonly cuts: readonly Cut[] }>;
  /** By fact: how far apart its values stand. */
  readonly facts: ReadonlyMap<string, number>;
}

/** A use case, ready to be looked up. */
export interface UseCase {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly level: number;
  readonly strides: Strides;
  readonly cells: readonly number[];
}

/** A fact, ready to be looked up. */
export interface Fact {
  readonly positions: ReadonlyMap<string, number>;
  readonly default: number;
}

/** The decisions, in the table's order; what several share is one object. The table is frozen, so they can be too. */
export function buildCores(table: RawTable): readonly Core[] {
  const because = (statement: string) => table.reasons[statement] ?? null;
  const failovers = table.failovers.map(
    (one): Failover => ({ ...one, because: because(`failover ${one.name}`) }),
  );
  const rules = table.rule_sets.map((names) => names.map((name) => ({ name, because: because(`rule ${name}`) })));
  const targets = table.target_lists.map((several) =>
    several.map((one): Target => ({ ...one, model: at(table.models, one.model) })),
  );
  const cores = table.decisions.map((one, index) => ({
    index,
    primary: one.primary && {
      model: at(table.models, one.primary.model),
      regions: one.primary.regions,
      cost_multiplier: "1",
      actions: [],
    },
    paths: one.paths.map((path) => ({
      on: path.on as unknown as Path["on"],
      failover: at(failovers, path.failover),
      targets: at(targets, path.targets),
    })),
    rules: at(rules, one.rules),
    budgets: one.budgets.map((budget) => at(table.budgets, budget)),
    quotas: one.quotas.map((quota) => at(table.quotas, quota)),
    audit: one.audit === null ? null : at(table.audits, one.audit),
  }));
  return frozen(cores);
}

/** The facts by name. */
export function buildFacts(table: RawTable): Map<string, Fact> {
  return new Map(
    Object.entries(table.facts).map(([name, fact]) => [
      name,
      {
        positions: new Map(fact.values.map((value, position) => [value, position])),
        default: fact.values.indexOf(fact.default),
      },
    ]),
  );
}

/** The use cases by name and by endpoint tag. */
export function buildUseCases(table: RawTable, facts: ReadonlyMap<string, Fact>): Map<string, UseCase> {
  const grids = table.grids.map((grid) => strides(grid, facts));
  const useCases = new Map<string, UseCase>();
  for (const one of table.use_cases) {
    const useCase: UseCase = {
      name: one.name,
      tags: one.tags,
      level: table.classifications.indexOf(one.classification),
      strides: at(grids, one.axes),
      cells: one.cells,
    };
    useCases.set(one.name, useCase);
    if (one.endpoint_tag !== null) useCases.set(one.endpoint_tag, useCase);
  }
  return useCases;
}

/** The first axis is the most significant, so strides grow from the last. */
function strides(grid: readonly RawAxis[], known: ReadonlyMap<string, Fact>): Strides {
  let stride = 1;
  let level = 0;
  let baseline = 0;
  const shares = new Map<string, { stride: number; cuts: Cut[] }>();
  const facts = new Map<string, number>();
  for (const axis of [...grid].reverse()) {
    if (axis.cuts) {
      const cuts = axis.cuts.map(parseCut).filter((cut) => cut !== undefined);
      shares.set(axis.fact, { stride, cuts });
      // All of the budget is left: that satisfies no cut.
      baseline += cuts.length * stride;
      stride *= cuts.length + 1;
    } else {
      if (axis.fact === CLASSIFICATION) level = stride;
      else {
        facts.set(axis.fact, stride);
        baseline += (known.get(axis.fact)?.default ?? 0) * stride;
      }
      stride *= axis.values?.length ?? 1;
    }
  }
  return { level, baseline, shares, facts };
}

/** An item that is there: every index has been checked. */
function at<T>(items: readonly T[], index: number): T {
  return items[index] as T;
}
