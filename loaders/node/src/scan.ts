/**
 * From bytes to values: the text must be canonical JSON (RFC 8785) with whole numbers only.
 *
 * So a key that appears twice, a number that not every language reads alike, deep nesting and bytes after the end are
 * refused with their place, and equal tables are equal bytes.
 */

import { fault, type Place, type Refusal } from "./refusal.js";

/** The largest table that is read, in bytes: one of 100,000 use cases takes some 60 MB. */
export const MAX_BYTES = 256 * 1024 * 1024;

/** The deepest nesting: a table needs six, and an `endpoint` or `profile` is as deep as YAML may be. */
const MAX_DEPTH = 64;

const NOT_WHOLE = "it is not a whole number below 2^53";

/** A value of a table, as JSON has it. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** What the bytes of a table hold. */
export interface Read {
  value: { [key: string]: Json };
  /** The text without the member `digest`: canonical JSON without one member is canonical. */
  content: string;
}

/** The object that the bytes of a table hold. */
export function read(data: Uint8Array): Read {
  if (data.byteLength > MAX_BYTES) throw fault("range", null, `it is larger than ${MAX_BYTES} bytes`);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
  } catch {
    throw fault("not-json", null, "it is not UTF-8");
  }
  const fast = readFast(text);
  if (fast) return fast;
  const scanner = new Scanner(text);
  const value = scanner.whole();
  if (!isObject(value)) throw fault("type", null, "it is not an object");
  return { value, content: scanner.withoutDigest() };
}

/** Whether a value is an object and no list. */
export function isObject(value: unknown): value is { [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What is read, where the standard reader can vouch for every byte; else nothing, and the scanner says what is wrong. */
function readFast(text: string): Read | undefined {
  // JSON.stringify writes half a surrogate pair as an escape, so that equal text would prove nothing.
  if (text.includes("\\u")) return undefined;
  try {
    const value = JSON.parse(text) as Json;
    if (!isObject(value) || JSON.stringify(value) !== text || !isPlain(value, 1)) return undefined;
    const { digest: _, ...rest } = value;
    return { value, content: JSON.stringify(rest) };
  } catch {
    return undefined;
  }
}

/** Whether all keys ascend, all numbers are whole and exact, and nothing is nested too deep. */
function isPlain(value: Json, depth: number): boolean {
  if (typeof value === "number") return Number.isSafeInteger(value);
  if (typeof value !== "object" || value === null) return true;
  if (depth > MAX_DEPTH) return false;
  if (Array.isArray(value)) {
    for (const item of value) if (!isPlain(item, depth + 1)) return false;
    return true;
  }
  let last: string | undefined;
  for (const key of Object.keys(value)) {
    // Strings compare by their UTF-16 code units, as RFC 8785 wants it.
    if (last !== undefined && key <= last) return false;
    last = key;
    if (!isPlain(value[key] as Json, depth + 1)) return false;
  }
  return true;
}

const SHORT: ReadonlyMap<string, string> = new Map(
  Object.entries({ '"': '"', "\\": "\\", b: "\b", t: "\t", n: "\n", f: "\f", r: "\r" }),
);

/** Reads a value character by character and names the place of the first fault. */
class Scanner {
  private at = 0;
  private depth = 0;
  private digest: [number, number] | undefined;

  constructor(private readonly text: string) {}

  /** The one value of the text. */
  whole(): Json {
    const value = this.value(null);
    if (this.at < this.text.length) throw this.unexpected(null, "the end");
    return value;
  }

  /** The text without its member `digest`. */
  withoutDigest(): string {
    if (!this.digest) return this.text;
    return this.text.slice(0, this.digest[0]) + this.text.slice(this.digest[1]);
  }

  private peek(): string {
    return this.text.charAt(this.at);
  }

  private eat(char: string): boolean {
    const found = this.peek() === char;
    if (found) this.at += 1;
    return found;
  }

  private value(place: Place): Json {
    const char = this.peek();
    if (char === "{" || char === "[") {
      if (this.depth === MAX_DEPTH) throw fault("range", place, `it is nested deeper than ${MAX_DEPTH}`);
      this.depth += 1;
      this.at += 1;
      const inner = char === "{" ? this.object(place) : this.list(place);
      this.depth -= 1;
      return inner;
    }
    if (char === '"') return this.string(place);
    if (char === "-" || (char >= "0" && char <= "9")) return this.number(place);
    for (const [word, value] of [["null", null], ["true", true], ["false", false]] as const) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    }
    throw this.unexpected(place, "a value");
  }

  private list(place: Place): Json[] {
    const items: Json[] = [];
    if (this.eat("]")) return items;
    for (;;) {
      items.push(this.value([place, items.length]));
      if (this.eat("]")) return items;
      this.need(place, ",", "`,` or `]`");
    }
  }

  private object(place: Place): { [key: string]: Json } {
    // Without a prototype, so that no key means more than itself.
    const members = Object.create(null) as { [key: string]: Json };
    if (this.eat("}")) return members;
    let last: string | undefined;
    for (;;) {
      const start = this.at;
      if (this.peek() !== '"') throw this.unexpected(place, "a key");
      const key = this.string(place);
      if (Object.hasOwn(members, key)) throw fault("duplicate-key", [place, key], "the key appears twice");
      if (last !== undefined && key < last) throw notCanonical([place, key], "its key is out of order");
      last = key;
      this.need(place, ":", "`:`");
      members[key] = this.value([place, key]);
      if (place === null && key === "digest") this.note(start);
      if (this.eat("}")) return members;
      this.need(place, ",", "`,` or `}`");
    }
  }

  /** Where the member `digest` stands; a comma goes with it: the one before, or after the first member the next. */
  private note(start: number): void {
    if (start > 1) this.digest = [start - 1, this.at];
    else this.digest = [start, this.at + (this.peek() === "," ? 1 : 0)];
  }

  private string(place: Place): string {
    this.at += 1;
    const parts: string[] = [];
    for (;;) {
      const start = this.at;
      while (this.at < this.text.length && isPlainChar(this.text.charCodeAt(this.at))) this.at += 1;
      parts.push(this.text.slice(start, this.at));
      const char = this.peek();
      if (char === '"') {
        this.at += 1;
        return parts.join("");
      }
      if (char === "\\") parts.push(this.escape(place));
      else if (char) throw this.notJson(place, "a bare control character");
      else throw this.unexpected(place, '`"`');
    }
  }

  private escape(place: Place): string {
    const char = this.text.charAt(this.at + 1);
    const short = SHORT.get(char);
    if (short !== undefined) {
      this.at += 2;
      return short;
    }
    const code = this.text.slice(this.at + 2, this.at + 6);
    if (char === "u" && /^[0-9a-fA-F]{4}$/.test(code)) {
      if (/^00[01][0-9a-f]$/.test(code) && !["0008", "0009", "000a", "000c", "000d"].includes(code)) {
        this.at += 6;
        return String.fromCharCode(parseInt(code, 16));
      }
      throw notCanonical(place, `a needless escape at character ${this.at}`);
    }
    if (char === "/") throw notCanonical(place, `a needless escape at character ${this.at}`);
    throw this.notJson(place, "an unknown escape");
  }

  private number(place: Place): number {
    const negative = this.eat("-");
    const start = this.at;
    while (this.peek() >= "0" && this.peek() <= "9") this.at += 1;
    const digits = this.text.slice(start, this.at);
    if (digits === "") throw this.unexpected(place, "a digit");
    if (digits.startsWith("0") && digits.length > 1) throw this.notJson(place, "a number with a leading zero");
    if (digits === "0" && negative) throw notCanonical(place, "zero has a sign");
    const whole = ![".", "e", "E"].includes(this.peek());
    if (!whole || !Number.isSafeInteger(Number(digits))) throw fault("range", place, NOT_WHOLE);
    return negative ? -Number(digits) : Number(digits);
  }

  private need(place: Place, char: string, what: string): void {
    if (!this.eat(char)) throw this.unexpected(place, what);
  }

  private unexpected(place: Place, wanted: string): Refusal {
    const char = this.peek();
    if (!char) return fault("not-json", place, `the JSON ends where ${wanted} should follow`);
    if (" \t\r\n".includes(char)) return notCanonical(place, `white space at character ${this.at}`);
    return this.notJson(place, `something else than ${wanted}`);
  }

  private notJson(place: Place, what: string): Refusal {
    return fault("not-json", place, `it is not JSON: ${what} at character ${this.at}`);
  }
}

function isPlainChar(code: number): boolean {
  return code !== 0x22 && code !== 0x5c && code >= 0x20;
}

function notCanonical(place: Place, what: string): Refusal {
  return fault("not-canonical", place, `it is not canonical JSON (RFC 8785): ${what}`);
}
