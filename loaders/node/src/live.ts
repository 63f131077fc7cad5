/** The table that a running gateway answers by. */

import { Refusal } from "./refusal.js";
import { type LoadOptions, load, type Table } from "./table.js";

/**
 * Holds the table in use and takes a new one while it serves; where the new one is refused the old one stays.
 *
 * It remembers the greatest serial number that it has taken, so that an older table cannot come back.
 */
export class Live {
  private current: Table | null = null;
  private least: number | bigint | null | undefined;

  /** @param options how every table is loaded, whose signatures count among them */
  constructor(private readonly options: Omit<LoadOptions, "as_of" | "signature"> = {}) {
    this.least = options.least_serial;
  }

  /** The table for one request, or for a batch that must be decided alike; null before the first one is loaded. */
  get table(): Table | null {
    return this.current;
  }

  /**
   * The greatest serial number taken so far, or the least that was given: what a gateway writes down to give as
   * `least_serial` after a restart.
   */
  get greatest_serial(): number | bigint | null {
    return this.least ?? null;
  }

  /**
   * Takes a new table, or says why it is refused and keeps the old one.
   *
   * Loads beside the table in use and changes over only once nothing can fail any more: who still decides by the old
   * one keeps it until then.
   */
  swap(bytes: Uint8Array, options: Pick<LoadOptions, "as_of" | "signature">): Refusal | null {
    try {
      const loaded = load(bytes, { ...this.options, ...options, least_serial: this.least });
      // With a least one, no table without a serial number or with a lesser one gets here.
      this.least = loaded.serial ?? this.least;
      this.current = loaded;
      return null;
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
  }
}
