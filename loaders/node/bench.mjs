// How long a lookup takes: `npm run bench [TABLE]`. Figures in ns, the best of many short rounds, so that a busy machine does not count.
import { readFileSync } from "node:fs";
import { load } from "./dist/index.js";

const path = process.argv[2] ?? new URL("../../conformance/tables/example.json", import.meta.url);
const bytes = readFileSync(path);
const start = performance.now();
const table = load(bytes, { as_of: null });
const loaded = performance.now() - start;
const [useCase] = table.raw.use_cases;
const facts = Object.fromEntries(Object.entries(table.raw.facts).map(([name, fact]) => [name, fact.values[0]]));
const requests = {
  "a use case": { use_case: useCase.name },
  "everything stated": {
    use_case: useCase.name,
    classification: table.raw.classifications.at(-1),
    "budget.remaining": "15%",
    facts,
  },
};

console.log(`load ${(bytes.length / 1e6).toFixed(3)} MB: ${loaded.toFixed(1)} ms`);
let sum = 0;
for (const [name, request] of Object.entries(requests)) {
  let best = Infinity;
  const lookups = 2_000;
  for (let round = 0; round < 500; round += 1) {
    const from = performance.now();
    for (let at = 0; at < lookups; at += 1) sum += table.decide(request).index ?? 0;
    best = Math.min(best, ((performance.now() - from) * 1e6) / lookups);
  }
  console.log(`decide, ${name}: ${best.toFixed(0)} ns`);
}
if (Number.isNaN(sum)) throw new Error("no sum");
