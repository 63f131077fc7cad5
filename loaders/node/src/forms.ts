/** The forms that texts, names and indices of a table have. */

import { fault, type Place, shown } from "./refusal.js";

/** A share of 0% to 100%: its whole part and its decimals, without zeros at the end. */
export interface Share {
  whole: number;
  fraction: string;
}

/** A condition such as `<20%` or `<=12.5%` on a remaining share. */
export interface Cut extends Share {
  /** `<=` rather than `<`. */
  inclusive: boolean;
}

const DECIMAL = /^(0|[1-9][0-9]*)(?:\.([0-9]*[1-9]))?$/;

/** A percent such as `15`, `12.5` or `12.5%`, of any length; what lies outside 0 to 100 is clamped. */
export function clamped(text: string): Share | undefined {
  const end = text.endsWith("%") ? text.length - 1 : text.length;
  const start = text.startsWith("-") ? 1 : 0;
  const point = digitsEnd(text, start, end);
  if (point === start) return undefined;
  if (point < end && (text.charAt(point) !== "." || point + 1 === end || digitsEnd(text, point + 1, end) < end)) {
    return undefined;
  }
  if (start === 1) return { whole: 0, fraction: "" };
  let whole = 0;
  for (let at = start; at < point; at += 1) whole = Math.min(whole * 10 + text.charCodeAt(at) - ZERO, 100);
  if (whole === 100) return { whole, fraction: "" };
  let last = end;
  while (last > point && text.charCodeAt(last - 1) === ZERO) last -= 1;
  return { whole, fraction: last > point + 1 ? text.slice(point + 1, last) : "" };
}

const ZERO = 48;

/** Where the digits that begin at a position end. */
function digitsEnd(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && text.charCodeAt(at) >= ZERO && text.charCodeAt(at) <= ZERO + 9) at += 1;
  return at;
}

/** The order of two shares. */
function compareShares(a: Share, b: Share): number {
  if (a.whole !== b.whole) return a.whole - b.whole;
  // Without zeros at the end the order of the digits is that of the numbers.
  return a.fraction < b.fraction ? -1 : a.fraction > b.fraction ? 1 : 0;
}

/** Whether a share satisfies a cut. */
export function holds(cut: Cut, share: Share): boolean {
  const order = compareShares(share, cut);
  return order < 0 || (order === 0 && cut.inclusive);
}

/** Less than 0 where the first cut is satisfied by less than the second. */
export function compareCuts(a: Cut, b: Cut): number {
  return compareShares(a, b) || Number(a.inclusive) - Number(b.inclusive);
}

/** A condition that some shares satisfy and some do not, in its one form. */
export function parseCut(text: string): Cut | undefined {
  const inclusive = text.startsWith("<=");
  const percent = text.slice(inclusive ? 2 : 1);
  const hundred = comparePercents(percent, "100%");
  if (!text.startsWith("<") || !isPercent(percent) || hundred > 0 || (inclusive && hundred === 0)) return undefined;
  const share = clamped(percent);
  return share && text !== "<0%" ? { ...share, inclusive } : undefined;
}

/** Whether a text is a decimal in its one form: no needless zeros, at most so many decimals. */
export function isDecimal(text: string, decimals = Infinity): boolean {
  const found = DECIMAL.exec(text);
  return found !== null && (found[2] ?? "").length <= decimals;
}

/** Whether a text is a percent in its one form, such as `80%`. */
export function isPercent(text: string): boolean {
  return text.endsWith("%") && isDecimal(text.slice(0, -1));
}

/** The order of two percents in their one form, of any length. */
export function comparePercents(a: string, b: string): number {
  const [wholeA = "", fractionA = ""] = a.slice(0, -1).split(".");
  const [wholeB = "", fractionB = ""] = b.slice(0, -1).split(".");
  if (wholeA.length !== wholeB.length) return wholeA.length - wholeB.length;
  if (wholeA !== wholeB) return wholeA < wholeB ? -1 : 1;
  return fractionA < fractionB ? -1 : fractionA > fractionB ? 1 : 0;
}

/** Whether a text is a real day, `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text)) return false;
  const [year = 0, month = 0, day = 0] = text.split("-").map(Number);
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  return day >= 1 && day <= days;
}

/** The order of the bytes of two texts; strings of JavaScript compare by UTF-16 code units, which is another order. */
export function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const x = a.charCodeAt(at);
    const y = b.charCodeAt(at);
    if (x !== y) return byCodePoint(x) - byCodePoint(y);
  }
  return a.length - b.length;
}

/** Halves of pairs stand for characters past U+FFFF, so they come after all others. */
function byCodePoint(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/** Names in byte order, none empty, none twice. */
export function ascending(place: Place, names: readonly string[]): void {
  names.forEach((name, at) => {
    if (name === "") throw fault("range", [place, at], "an empty name");
    const last = names[at - 1];
    if (last === undefined || compareBytes(last, name) < 0) return;
    const text = last === name ? "appears twice" : `stands after \`${shown(last)}\``;
    throw fault("order", [place, at], `\`${shown(name)}\` ${text}`);
  });
}

/** At least one name, none empty, none twice; their order means something. */
export function distinct(place: Place, names: readonly string[]): void {
  if (names.length === 0) throw fault("range", place, "there is none");
  const seen = new Set<string>();
  names.forEach((name, at) => {
    if (name === "") throw fault("range", [place, at], "an empty name");
    if (seen.has(name)) throw fault("order", [place, at], `\`${shown(name)}\` appears twice`);
    seen.add(name);
  });
}

/** An index into a part of the table. */
export function index(place: Place, at: number, part: string, size: number): void {
  if (at >= size) throw fault("index", place, `${at} is past the end of \`${part}\`, which has ${size}`);
}

/** Indices that ascend. */
export function indices(place: Place, several: readonly number[], part: string, size: number): void {
  let last = -1;
  several.forEach((one, at) => {
    index([place, at], one, part, size);
    if (one <= last) throw fault("order", [place, at], `${one} does not ascend`);
    last = one;
  });
}

/** A word of a closed list. */
export function oneOf(place: Place, word: string, known: readonly string[]): void {
  if (!known.includes(word)) throw fault("range", place, `\`${shown(word)}\` is none of ${known.join(", ")}`);
}

/** A real day. */
export function day(place: Place, text: string): void {
  if (!isDay(text)) throw fault("range", place, `\`${shown(text)}\` is not a day`);
}

/** A SHA-256 as a table writes it. */
export function sha256(place: Place, text: string): void {
  if (!/^sha256:[0-9a-f]{64}$/.test(text)) throw fault("range", place, `\`${shown(text)}\` is not a SHA-256`);
}

/** A decimal in its one form. */
export function decimal(place: Place, text: string, decimals: number): void {
  if (!isDecimal(text, decimals)) {
    throw fault("range", place, `\`${shown(text)}\` is not a number of at most ${decimals} decimals`);
  }
}

/** A percent in its one form. */
export function percent(place: Place, text: string): void {
  if (!isPercent(text)) throw fault("range", place, `\`${shown(text)}\` is not a percent`);
}
