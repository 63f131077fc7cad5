/** Use cases: names that mean one thing, axes in order, one cell for every position on them. */

import { eachOnce, Needed } from "./decisions.js";
import { ascending, compareBytes, compareCuts, parseCut } from "./forms.js";
import type { RawAxis, RawTable, RawUseCase } from "./raw.js";
import { fault, type Place, shown } from "./refusal.js";

export const CLASSIFICATION = "classification";
export const BUDGET_REMAINING = "budget.remaining";

/** The budget whose remaining share an axis or an attribute such as `budget.NAME.remaining` is about. */
function budgetOf(axis: string): string | undefined {
  return axis === BUDGET_REMAINING ? undefined : /^budget\.(.+)\.remaining$/s.exec(axis)?.[1];
}

/** Checks the axes, the use cases and their cells. */
export function checkUseCases(table: RawTable): void {
  const sizes = table.grids.map((axes, at) => grid([[null, "grids"], at], table, axes));
  eachOnce("grids", table.grids);
  ascending([null, "use_cases"], table.use_cases.map((one) => one.name));
  endpointTags(table.use_cases);
  const grids = new Needed("grids", sizes.length);
  const decisions = new Needed("decisions", table.decisions.length);
  table.use_cases.forEach((useCase, at) => {
    const place: Place = [[null, "use_cases"], at];
    grids.need([place, "axes"], useCase.axes);
    classification(place, table, useCase);
    const cells: Place = [place, "cells"];
    const size = sizes[useCase.axes] ?? 0;
    if (useCase.cells.length !== size) {
      throw fault("cells", cells, `there are ${useCase.cells.length}, where the axes make ${size}`);
    }
    useCase.cells.forEach((cell, position) => decisions.need([cells, position], cell));
    tags([place, "tags"], table, useCase);
  });
  grids.allNeeded();
  decisions.allNeeded();
}

/** Checks the axes of a grid and says how many cells they make. */
function grid(place: Place, table: RawTable, axes: readonly RawAxis[]): number {
  let size = 1;
  let last: [number, string] | undefined;
  axes.forEach((axis, at) => {
    const here: Place = [place, at];
    const budget = budgetOf(axis.fact);
    const rank = axis.fact === CLASSIFICATION ? 0 : axis.fact === BUDGET_REMAINING ? 1 : budget === undefined ? 3 : 2;
    const name = budget ?? axis.fact;
    if (last && (rank - last[0] || compareBytes(name, last[1])) <= 0) {
      const text = "the axes are classification, `budget.remaining`, budgets by name, facts by name, each once";
      throw fault("order", here, text);
    }
    last = [rank, name];
    if (budget !== undefined && !table.budgets.some((one) => one.name === budget)) {
      throw fault("index", [here, "fact"], `no budget is called \`${shown(budget)}\``);
    }
    if (rank === 3 && !Object.hasOwn(table.facts, name)) {
      throw fault("index", [here, "fact"], `\`${shown(name)}\` is not a fact`);
    }
    const cut = rank === 1 || rank === 2;
    keys(here, axis, cut ? "cuts" : "values");
    const positions = cut ? cuts([here, "cuts"], axis.cuts ?? []) : values(here, table, axis);
    if (positions < 2) throw fault("range", here, "it has one position, so it changes nothing");
    size *= positions;
  });
  return size;
}

function keys(place: Place, axis: RawAxis, wanted: "cuts" | "values"): void {
  const other = wanted === "cuts" ? "values" : "cuts";
  if (axis[other]) throw fault("unknown-field", place, `no key \`${other}\` belongs there`);
  if (!axis[wanted]) throw fault("missing-field", place, `the key \`${wanted}\` is missing`);
}

function values(place: Place, table: RawTable, axis: RawAxis): number {
  const own = axis.values ?? [];
  if (axis.fact === CLASSIFICATION) {
    const known = table.classifications;
    if (own.length === 0 || !same(own, known.slice(-own.length))) {
      throw fault("range", [place, "values"], "they are not the classifications from one up");
    }
  } else if (!same(own, table.facts[axis.fact]?.values ?? [])) {
    throw fault("range", [place, "values"], "they are not the values of the fact");
  }
  return own.length;
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one, at) => one === b[at]);
}

/** Each cut is satisfied by more than the one before it. */
function cuts(place: Place, texts: readonly string[]): number {
  let last: ReturnType<typeof parseCut>;
  texts.forEach((text, at) => {
    const cut = parseCut(text);
    if (!cut) throw fault("range", [place, at], `\`${shown(text)}\` is not a cut of 0% to 100%`);
    if (last && compareCuts(cut, last) <= 0) throw fault("order", [place, at], `\`${shown(text)}\` does not ascend`);
    last = cut;
  });
  return texts.length + 1;
}

function classification(place: Place, table: RawTable, useCase: RawUseCase): void {
  const own = useCase.classification;
  if (!table.classifications.includes(own)) {
    throw fault("index", [place, "classification"], `\`${shown(own)}\` is not a classification`);
  }
  const first = table.grids[useCase.axes]?.[0];
  if (first?.fact === CLASSIFICATION && first.values?.[0] !== own) {
    throw fault("cells", [place, "axes"], "its axis of classifications does not begin at the use case's own");
  }
}

/** A request that carries a name or a tag means one use case. */
function endpointTags(useCases: readonly RawUseCase[]): void {
  const meaning = new Map(useCases.map((one) => [one.name, one.name]));
  useCases.forEach((useCase, at) => {
    const tag = useCase.endpoint_tag;
    const place: Place = [[[null, "use_cases"], at], "endpoint_tag"];
    if (tag === null) return;
    if (tag === "") throw fault("range", place, "an empty name");
    const other = meaning.get(tag) ?? useCase.name;
    if (other !== useCase.name) throw fault("order", place, `\`${shown(tag)}\` means \`${shown(other)}\` too`);
    meaning.set(tag, useCase.name);
  });
}

function tags(place: Place, table: RawTable, useCase: RawUseCase): void {
  const required = table.attribution?.require ?? [];
  for (const tag of Object.keys(useCase.tags)) {
    if (!required.includes(tag)) throw fault("unknown-field", [place, tag], "attribution does not require it");
  }
}
