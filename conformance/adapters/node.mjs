// Speaks the runner's JSON lines with loaders/node, which must have been built (`npm run build`).
import { createInterface } from "node:readline";
import { load, Refusal } from "../../loaders/node/dist/index.js";

let table;
for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const asked = JSON.parse(line);
  let answer;
  if (asked.op === "load") {
    try {
      const signature = asked.signature === null ? null : Buffer.from(asked.signature, "base64");
      table = load(Buffer.from(asked.table, "base64"), { ...asked, signature });
      answer = { loaded: table.digest };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      answer = { refused: { code: error.code, place: error.place, text: error.text } };
    }
  } else {
    const decision = table.decide(asked.request);
    const route = decision.route({ down: asked.down, on: asked.on });
    answer = { decision: decision.index, route: route.model, then: route.then };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
