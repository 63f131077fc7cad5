/** A loaded table: the lookup is an index computation that never fails; what is not understood is `block`. */

import { createHash } from "node:crypto";

import { type Core, Decision, Down, NOTHING, type Outage, type Route } from "./answer.js";
import { buildCores, buildFacts, buildUseCases, type Fact, type UseCase } from "./build.js";
import { checkUseCases } from "./cells.js";
import { checkDecisions } from "./decisions.js";
import { clamped, holds, isDay, type Share } from "./forms.js";
import { frozen } from "./frozen.js";
import { checkParts } from "./parts.js";
import type { RawTable } from "./raw.js";
import { fault } from "./refusal.js";
import { isObject, read } from "./scan.js";
import { checkShape } from "./shape.js";
import { checkDigest, checkSerial, checkSignature, TrustedKey } from "./signature.js";

/** A share left of a budget, in percent: text such as `15%`, `15` or `12.5%`, or a whole number. */
export type Percent = string | number;

/**
 * What a request states, as gateways write it under `govctl`. Only `use_case` is needed; null is as not stated. What is
 * known by no name of the table makes the decision `block`.
 */
export interface Request {
  readonly use_case: string;
  readonly classification?: string | null | undefined;
  readonly "budget.remaining"?: Percent | null | undefined;
  readonly [budget: `budget.${string}.remaining`]: Percent | null | undefined;
  readonly facts?: Readonly<Record<string, string | null | undefined>> | null | undefined;
}

/** How to load. */
export interface LoadOptions {
  /**
   * The current day, `YYYY-MM-DD`: the library reads no clock, so that equal arguments give equal answers. Null says
   * that it must not be checked whether the table has expired.
   */
  readonly as_of: string | null;
  /** The bytes of the `.sig` file. */
  readonly signature?: Uint8Array | null | undefined;
  /** Whose signatures count: one of them suffices. With a key a table without a signature is refused. */
  readonly trusted_keys?: readonly (TrustedKey | string)[] | undefined;
  /** Load a table whose `valid_until` has passed all the same. */
  readonly allow_expired?: boolean | undefined;
  /** Load a table without a signature though there are trusted keys. */
  readonly allow_unsigned?: boolean | undefined;
  /** The least serial number that is accepted: it stands in the signature, and a table without one is refused. */
  readonly least_serial?: number | bigint | null | undefined;
}

/** Loads a table from its bytes, or throws a `Refusal`: the whole table is refused on any fault. */
export function load(bytes: Uint8Array, options: LoadOptions): Table {
  // JavaScript may leave it out: then no day is given, which is refused.
  options = (options as LoadOptions | null | undefined) ?? ({} as LoadOptions);
  if (!((bytes as unknown) instanceof Uint8Array)) {
    throw fault("not-json", null, "what was given to the loader is not bytes; give those of the table's file");
  }
  const keys = (options.trusted_keys ?? []).map((key) => (typeof key === "string" ? TrustedKey.parse(key) : key));
  const signed = checkSignature(bytes, options.signature ?? undefined, keys, options.allow_unsigned ?? false);
  const { value, content } = read(bytes);
  const raw = checkShape(value);
  if (raw.digest !== `sha256:${createHash("sha256").update(content).digest("hex")}`) {
    const text = "it does not fit the content: the table was changed after it was compiled";
    throw fault("digest", [null, "digest"], text);
  }
  checkDigest(signed, raw.digest);
  checkParts(raw);
  checkDecisions(raw);
  checkUseCases(raw);
  checkExpiry(raw, options);
  const serial = signed?.serial ?? null;
  checkSerial(serial, options.least_serial);
  return new Table(raw, signed?.keyId ?? null, serial);
}

function checkExpiry(raw: RawTable, { as_of, allow_expired }: LoadOptions): void {
  if (as_of === null) return;
  if (typeof as_of !== "string" || !isDay(as_of)) {
    throw fault("expired", null, "the day `as_of` that the loader was given is not a day");
  }
  if (raw.valid_until !== null && as_of > raw.valid_until && !allow_expired) {
    const text = `${raw.ends} changes a decision after ${raw.valid_until}; compile the policy again`;
    throw fault("expired", [null, "valid_until"], text);
  }
}

/** A checked table, ready to answer. Made by `load`; never changes. */
export class Table {
  /** The SHA-256 that identifies the table: two tables with one digest decide alike. */
  readonly digest: string;
  private readonly down: Down;
  private readonly cores: readonly Core[];
  private readonly useCases: ReadonlyMap<string, UseCase>;
  private readonly facts: ReadonlyMap<string, Fact>;
  private readonly levels: ReadonlyMap<string, number>;
  private readonly budgetShares: ReadonlySet<string>;

  /** @internal */
  constructor(
    /** The table as it was read. Frozen, with all that it holds. */
    readonly raw: Readonly<RawTable>,
    /** The id of the trusted key that signed the table; null where no signature was asked for. */
    readonly signed_by: string | null,
    /** The serial number that the signature states. */
    readonly serial: bigint | null,
  ) {
    frozen(raw);
    this.digest = raw.digest;
    this.down = new Down(raw.models);
    this.cores = buildCores(raw);
    this.facts = buildFacts(raw);
    this.useCases = buildUseCases(raw, this.facts);
    this.levels = new Map(raw.classifications.map((name, level) => [name, level]));
    this.budgetShares = new Set(raw.budgets.map((one) => `budget.${one.name}.remaining`)).add("budget.remaining");
  }

  /** The decision for a request. Never fails: what is not understood is `block`. */
  decide(request: Request): Decision {
    const useCase = isObject(request) ? this.useCases.get(request.use_case as string) : undefined;
    if (!useCase) return this.block("no use case has this name or endpoint tag");
    const { strides } = useCase;
    let level = useCase.level;
    let cell = strides.baseline;
    for (const key of Object.keys(request)) {
      if (key === "use_case") continue;
      const value = (request as unknown as Record<string, unknown>)[key];
      if (value === null || value === undefined) continue;
      if (key === "classification") {
        const asked = this.levels.get(value as string);
        if (asked === undefined) return this.block("the classification is not known");
        level = Math.max(level, asked);
        cell += (level - useCase.level) * strides.level;
      } else if (key === "facts") {
        const steps = this.factSteps(useCase, value);
        if (steps === undefined) return this.block("a fact or its value is not declared");
        cell += steps;
      } else if (this.budgetShares.has(key)) {
        const share = shareOf(value);
        if (!share) return this.block("what remains of the budget is not a percent");
        const axis = strides.shares.get(key);
        if (axis) for (const cut of axis.cuts) if (holds(cut, share)) cell -= axis.stride;
      } else {
        return this.block("the request states something that the table does not know");
      }
    }
    const core = this.cores[useCase.cells[cell] as number] as Core;
    return new Decision(core, useCase, this.raw.classifications[level] as string, this.down, null);
  }

  /** Where a request goes while something is down, or after the primary has failed on a trigger. */
  route(request: Request, outage?: Outage | null): Route {
    return this.decide(request).route(outage);
  }

  private block(what: string): Decision {
    return new Decision(NOTHING, null, null, this.down, what);
  }

  private factSteps(useCase: UseCase, facts: unknown): number | undefined {
    if (!isObject(facts)) return undefined;
    let steps = 0;
    for (const name of Object.keys(facts)) {
      const fact = this.facts.get(name);
      if (!fact) return undefined;
      const value: unknown = facts[name];
      if (value === null || value === undefined) continue;
      const position = fact.positions.get(value as string);
      if (position === undefined) return undefined;
      steps += (position - fact.default) * (useCase.strides.facts.get(name) ?? 0);
    }
    return steps;
  }
}

function shareOf(value: unknown): Share | undefined {
  if (typeof value === "string") return clamped(value);
  if (typeof value !== "number" || !Number.isInteger(value)) return undefined;
  return { whole: Math.min(Math.max(value, 0), 100), fraction: "" };
}
