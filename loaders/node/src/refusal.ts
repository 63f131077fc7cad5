/** Why a table is refused, and where. */

/** The same fault has the same code in every language. */
export type Code =
  | "not-json"
  | "duplicate-key"
  | "not-canonical"
  | "format"
  | "missing-field"
  | "unknown-field"
  | "type"
  | "range"
  | "order"
  | "index"
  | "cells"
  | "digest"
  | "expired"
  | "unsigned"
  | "signature"
  | "key";

/** A path from the top of the table, innermost step last; null is the table itself. Written out only for a fault. */
export type Place = readonly [Place, string | number] | null;

/** The longest text of a table that a message quotes, in characters. */
const MAX_QUOTED = 60;

/** A table that is not loaded: the whole of it, on any fault. */
export class Refusal extends Error {
  /**
   * @param code what kind of fault it is
   * @param place the path of the fault, such as `use_cases[3].cells[7]`; empty: the whole table
   * @param text what is wrong there: lower case, no final period
   */
  constructor(
    readonly code: Code,
    readonly place: string,
    readonly text: string,
  ) {
    super(`the table is refused${place ? ` at \`${place}\`` : ""}: ${text}`);
    this.name = "Refusal";
  }
}

/** A refusal at a place. */
export function fault(code: Code, place: Place, text: string): Refusal {
  return new Refusal(code, written(place), text);
}

function written(place: Place): string {
  if (place === null) return "";
  const [outer, step] = place;
  const before = written(outer);
  if (typeof step === "number") return `${before}[${step}]`;
  if (/^[A-Za-z0-9_-]+$/.test(step)) return before ? `${before}.${step}` : step;
  return `${before}["${shown(step)}"]`;
}

/** Text of a table as a message may quote it: short, and without characters that act on a terminal. */
export function shown(text: string): string {
  const chars = Array.from(text.slice(0, 2 * MAX_QUOTED + 2));
  const safe = chars
    .slice(0, MAX_QUOTED)
    .map((char) => (/[\p{C}\p{Z}]/u.test(char) && char !== " " ? `\\u{${char.codePointAt(0)?.toString(16)}}` : char));
  return safe.join("") + (chars.length > MAX_QUOTED ? "…" : "");
}
