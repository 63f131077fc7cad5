/** The table that a running gateway answers by. */

import { Refusal } from "./refusal.js";
import { type LoadOptions, load, type Table } from "./table.js";

/** Holds the table in use and takes a new one while it serves; where the new one is refused the old one stays. */
export class Live {
  private current: Table | null = null;

  /** @param options how every table is loaded, whose signatures count among them */
  constructor(private readonly options: Omit<LoadOptions, "as_of" | "signature"> = {}) {}

  /** The table for one request, or for a batch that must be decided alike; null before the first one is loaded. */
  get table(): Table | null {
    return this.current;
  }

  /**
   * Takes a new table, or says why it is refused and keeps the old one.
   *
   * Loads beside the table in use and changes over only once nothing can fail any more: who still decides by the old
   * one keeps it until then.
   */
  swap(bytes: Uint8Array, options: Pick<LoadOptions, "as_of" | "signature">): Refusal | null {
    try {
      this.current = load(bytes, { ...this.options, ...options });
      return null;
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
  }
}
