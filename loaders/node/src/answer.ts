/** The answer to a request, in a gateway's terms. Everything here is frozen and shared. */

import { frozen } from "./frozen.js";
import type { Action, Audit, Budget, Failover as RawFailover, Model, Quota, Terminal } from "./raw.js";
import type { Trigger } from "./shape.js";

/** How a model that is down fails; the first of these that has a path gives the outage path. */
const OUTAGE_TRIGGERS: readonly Trigger[] = ["unavailable", "server-error", "timeout"];

const BLOCK: Terminal = Object.freeze({ action: "block" });

/** A model that may be asked. */
export interface Target {
  readonly model: Model;
  /** Where the request must be pinned to; null: anywhere. */
  readonly regions: readonly string[] | null;
  /** Its blended cost over the primary's: exact to 4 decimals, or `inf`. */
  readonly cost_multiplier: string;
  readonly actions: readonly Action[];
}

/** A failover statement, and why it was written. */
export interface Failover extends Readonly<RawFailover> {
  readonly because: string | null;
}

/** What is tried when the primary fails on one of these triggers. */
export interface Path {
  readonly on: readonly Trigger[];
  readonly failover: Failover;
  readonly targets: readonly Target[];
}

/** A rule that applies, and why it was written. */
export interface Rule {
  readonly name: string;
  readonly because: string | null;
}

/** Where a request goes while something is down. */
export interface Route {
  /** The id of the model; null: nowhere, and `then` is the answer. */
  readonly model: string | null;
  readonly target: Target | null;
  /** 0 for the primary, then the position on the path; null without a target. */
  readonly hop: number | null;
  /** The path that is walked when the primary cannot serve. */
  readonly path: Path | null;
  /** The terminal of that path; `block` without one. */
  readonly then: Terminal;
}

/** What a decision of the table says, whoever asks. */
export interface Core {
  readonly index: number | null;
  readonly primary: Target | null;
  readonly paths: readonly Path[];
  readonly rules: readonly Rule[];
  readonly budgets: readonly Budget[];
  readonly quotas: readonly Quota[];
  readonly audit: Audit | null;
}

/** The decision of a request that was not understood. */
export const NOTHING: Core = frozen({ index: null, primary: null, paths: [], rules: [], budgets: [], quotas: [], audit: null });

const NO_TAGS: Readonly<Record<string, string>> = Object.freeze({});

/** The answer to a request: a decision of the table, for one use case. */
export class Decision {
  constructor(
    private readonly core: Core,
    private readonly of: { readonly name: string; readonly tags: Readonly<Record<string, string>> } | null,
    /** The effective classification; null where the request was not understood. */
    readonly classification: string | null,
    private readonly down: Down,
    /** What of the request was not understood, if anything: then nothing else says more than `block`. */
    readonly not_understood: string | null,
  ) {}

  /** The position in the table's `decisions`; null where the request was not understood. */
  get index(): number | null {
    return this.core.index;
  }

  /** The use case's name, also when asked by its endpoint tag. */
  get use_case(): string | null {
    return this.of?.name ?? null;
  }

  /** Whom to ask first; null: `block`. */
  get primary(): Target | null {
    return this.core.primary;
  }

  /** What is tried when the primary fails, by trigger. */
  get paths(): readonly Path[] {
    return this.core.paths;
  }

  /** The rules that apply, with their reasons. */
  get rules(): readonly Rule[] {
    return this.core.rules;
  }

  /** The budgets that the request counts against. */
  get budgets(): readonly Budget[] {
    return this.core.budgets;
  }

  /** The quotas that the request counts against. */
  get quotas(): readonly Quota[] {
    return this.core.quotas;
  }

  /** What auditing demands; null where no statement applies. */
  get audit(): Audit | null {
    return this.core.audit;
  }

  /** The attribution tags of the use case. */
  get tags(): Readonly<Record<string, string>> {
    return this.of?.tags ?? NO_TAGS;
  }

  /** The path of a trigger; null: nothing is tried, and the answer is `block`. */
  path(trigger: string): Path | null {
    return this.core.paths.find((path) => (path.on as readonly string[]).includes(trigger)) ?? null;
  }

  /** The path that is walked when the primary is down. */
  get outage_path(): Path | null {
    for (const trigger of OUTAGE_TRIGGERS) {
      const path = this.path(trigger);
      if (path) return path;
    }
    return null;
  }

  /**
   * Where the request goes while some providers, failure domains or models are down.
   *
   * With `on` the primary has failed on that trigger, whatever is down. A name alone is a provider or a failure domain;
   * where it is neither, a model.
   */
  route(outage?: Outage | null): Route {
    const { primary } = this.core;
    const down = outage?.down ?? [];
    const on = outage?.on ?? null;
    const path = on === null ? this.outage_path : this.path(on);
    if (!primary) return { model: null, target: null, hop: null, path: null, then: BLOCK };
    const then = path?.failover.then ?? BLOCK;
    const lost = this.down.models(down);
    if (on === null && !lost.has(primary.model.id)) {
      return { model: primary.model.id, target: primary, hop: 0, path, then };
    }
    const at = path ? path.targets.findIndex((target) => !lost.has(target.model.id)) : -1;
    const target = path?.targets[at] ?? null;
    return { model: target?.model.id ?? null, target, hop: target ? at + 1 : null, path, then };
  }
}

/** What has failed. */
export interface Outage {
  /** Providers, failure domains and models that are down. */
  readonly down?: Iterable<string> | null | undefined;
  /** The trigger on which the primary has failed. */
  readonly on?: string | null | undefined;
}

const NONE: ReadonlySet<string> = new Set();

/** Which models are down when a provider, a failure domain or a model is. */
export class Down {
  private readonly whole = new Map<string, Set<string>>();
  private readonly single = new Map<string, Set<string>>();

  constructor(models: readonly Model[]) {
    for (const model of models) {
      for (const name of [model.provider, model.failure_domain]) add(this.whole, name, model.id);
      for (const name of [model.id, model.name]) add(this.single, name, model.id);
    }
  }

  /** The ids of the models that are down; a name that the table does not hold takes nothing down. */
  models(names: Iterable<string>): ReadonlySet<string> {
    let lost: Set<string> | undefined;
    for (const name of typeof names === "string" ? [names] : names) {
      lost ??= new Set();
      for (const id of this.whole.get(name) ?? this.single.get(name) ?? []) lost.add(id);
    }
    return lost ?? NONE;
  }
}

function add(map: Map<string, Set<string>>, name: string, id: string): void {
  const ids = map.get(name);
  if (ids) ids.add(id);
  else map.set(name, new Set([id]));
}
