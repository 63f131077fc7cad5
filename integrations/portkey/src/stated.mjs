/** What a request states, and who may state it. */

import { Refused } from "./refused.mjs";

const FIXED = ["use_case", "classification", "budget.remaining"];
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** What the names of our headers begin with. */
export function prefixOf(table) {
  return (table.raw.request.header_prefix ?? "x-govctl-").toLowerCase();
}

/**
 * The request as the loader takes it.
 *
 * @param {import("@govctl/table").Table} table
 * @param {string[]} rawHeaders names and values by turns, as Node gives them
 * @param {Record<string, unknown>} body
 * @param {Record<string, unknown>} credentials what the caller's key says
 */
export function requestOf(table, rawHeaders, body, credentials) {
  const stated = flat(table, ofBody(body));
  for (const [name, value] of ofHeaders(table, rawHeaders)) {
    if (stated.has(name) && stated.get(name) !== value) throw new Refused("block", `the header and the metadata state another \`${name}\``);
    stated.set(name, value);
  }
  const { use_cases: useCases, ...known } = credentials;
  const only = new Set(table.raw.request.from_credentials ?? []);
  // A key of several use cases leaves the choice among them to the request.
  if (useCases !== undefined && known.use_case === undefined) only.delete("use_case");
  for (const name of stated.keys()) {
    if (only.has(name) || name.startsWith("budget.")) throw new Refused("stated-by-caller", `\`${name}\` is stated by the caller's credentials alone`);
  }
  const trusted = flat(table, known);
  const merged = new Map([...stated, ...trusted]);
  if (stated.has("classification") && trusted.has("classification")) {
    merged.set("classification", higher(table, stated.get("classification"), trusted.get("classification")));
  }
  if (useCases !== undefined) merged.set("use_case", oneOf(table, useCases, merged.get("use_case")));
  const facts = Object.fromEntries([...merged].filter(([name]) => !isFixed(name)));
  return { ...Object.fromEntries([...merged].filter(([name]) => isFixed(name))), facts };
}

function isFixed(name) {
  return FIXED.includes(name) || name.startsWith("budget.");
}

function oneOf(table, useCases, stated) {
  const names = Array.isArray(useCases) ? useCases : [];
  const name = stated ?? (names.length === 1 ? names[0] : undefined);
  // A use case may be called by its endpoint tag on either side.
  const tags = new Map(table.raw.use_cases.map((one) => [one.endpoint_tag, one.name]));
  const own = (one) => tags.get(one) ?? one;
  if (name === undefined || !names.map(own).includes(own(name))) throw new Refused("block", "the request states none of the use cases of its key");
  return name;
}

/** A classification only raises; one that is not known stays, and makes the decision block. */
function higher(table, one, other) {
  const levels = table.raw.classifications;
  for (const level of [one, other]) if (!levels.includes(level)) return level;
  return levels[Math.max(levels.indexOf(one), levels.indexOf(other))];
}

function ofBody(body) {
  const ours = isObject(body.metadata) ? body.metadata.govctl : undefined;
  if (ours === undefined) return {};
  if (!isObject(ours) || "use_cases" in ours) throw new Refused("block", "`govctl` in the metadata is not understood");
  return ours;
}

/** Attributes by name, facts among them; what the table does not know is refused. */
function flat(table, stated) {
  const found = new Map();
  const budgets = table.raw.budgets.map((budget) => `budget.${budget.name}.remaining`);
  for (const [name, value] of Object.entries(stated)) {
    if (name === "facts") {
      // As not stated, as loaders have it.
      if (value === null) continue;
      if (!isObject(value)) throw new Refused("block", "`facts` is not an object");
      for (const [fact, of] of Object.entries(value)) {
        if (!Object.hasOwn(table.raw.facts, fact)) throw new Refused("block", "a fact that is not declared");
        if (of !== null) found.set(fact, of);
      }
    } else if (FIXED.includes(name) || budgets.includes(name)) {
      if (value !== null) found.set(name, value);
    } else {
      throw new Refused("block", "an attribute that is not known");
    }
  }
  return found;
}

function ofHeaders(table, rawHeaders) {
  const prefix = prefixOf(table);
  const names = new Map([["use-case", "use_case"], ["classification", "classification"], ["budget-remaining", "budget.remaining"]]);
  for (const fact of Object.keys(table.raw.facts)) names.set(`fact-${fact.toLowerCase()}`, fact);
  for (const { name } of table.raw.budgets) names.set(`budget-${name.toLowerCase()}-remaining`, `budget.${name}.remaining`);
  const found = new Map();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const header = rawHeaders[at].toLowerCase();
    if (!header.startsWith(prefix)) continue;
    const name = names.get(header.slice(prefix.length));
    if (name === undefined || found.has(name)) throw new Refused("block", "a header that is not known, or that appears twice");
    found.set(name, rawHeaders[at + 1]);
  }
  return found;
}
