// The package through its public surface: `npm test`.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { FORMAT, Live, load, Refusal, TRIGGERS, TrustedKey } from "../dist/index.js";

const conformance = new URL("../../../conformance/", import.meta.url);
const file = (name) => readFileSync(new URL(name, conformance));
const EXAMPLE = file("tables/example.json");
const SMALLEST = file("tables/smallest.json");
const SIGNATURE = file("tables/example.json.sig");
const NUMBERED = Buffer.from(JSON.parse(file("refused/expired-serial-below-the-least.json")).signature);
const KEY = file("tables/conformance.pub").toString();
const as_of = "2026-11-21";
const table = load(EXAMPLE, { as_of });

function refused(bytes, options = {}) {
  try {
    load(typeof bytes === "string" ? Buffer.from(bytes) : bytes, { as_of, ...options });
  } catch (error) {
    assert.ok(error instanceof Refusal, String(error));
    return error;
  }
  assert.fail("it was loaded");
}

test("a decision says everything that holds for the request", () => {
  const decision = table.decide({ use_case: "support.reply" });
  assert.equal(decision.index, 1);
  assert.equal(decision.use_case, "customer-communication");
  assert.equal(decision.classification, "confidential");
  assert.equal(decision.primary.model.id, "anthropic/claude-3-5-sonnet");
  assert.deepEqual(decision.primary.regions, ["eu"]);
  assert.deepEqual(decision.primary.model.profile, { temperature: "0.2" });
  assert.deepEqual(decision.rules, [{ name: "customer-tone", because: "its tone suits our customers" }]);
  assert.deepEqual(decision.budgets.map((one) => one.name), ["company"]);
  assert.deepEqual(decision.quotas.map((one) => one.then), [{ action: "failover" }]);
  assert.equal(decision.audit.retain_days, 365);
  assert.deepEqual(decision.tags, { team: "support" });
  assert.equal(decision.not_understood, null);
});

test("each trigger leads to its own path", () => {
  const decision = table.decide({ use_case: "support.reply" });
  const names = TRIGGERS.map((trigger) => decision.path(trigger)?.failover.name ?? null);
  const standard = "standard";
  assert.deepEqual(names, [null, standard, standard, standard, "filtered-nowhere", "longer", null, null]);
  assert.equal(decision.outage_path, decision.path("timeout"));
  assert.equal(decision.outage_path.failover.because, "failover is a governance event");
  assert.deepEqual(decision.outage_path.targets[1].actions, [{ action: "throttle" }]);
});

test("a route is a model or a terminal", () => {
  const request = { use_case: "support.reply" };
  assert.equal(table.route(request).hop, 0);
  const first = table.route(request, { down: ["anthropic"] });
  assert.deepEqual([first.model, first.hop], ["azure-eu/gpt-4o-mini", 1]);
  const none = table.route(request, { down: new Set(["anthropic", "azure-west-europe", "openai"]) });
  assert.deepEqual([none.model, none.hop, none.then], [null, null, { action: "queue", seconds: 900 }]);
  const filtered = table.route(request, { on: "content-filtered" });
  assert.equal(filtered.then.message, "Please ask a colleague.");
});

test("what is not understood is block and says so", () => {
  const cases = [
    [{ use_case: "nobody" }, "no use case has this name or endpoint tag"],
    [{ use_case: "planning", classification: "x" }, "the classification is not known"],
    [{ use_case: "planning", "budget.remaining": "x" }, "what remains of the budget is not a percent"],
    [{ use_case: "planning", facts: { a: "b" } }, "a fact or its value is not declared"],
    [{ use_case: "planning", x: 1 }, "the request states something that the table does not know"],
  ];
  for (const [request, text] of cases) {
    const decision = table.decide(request);
    assert.deepEqual([decision.not_understood, decision.index, decision.primary], [text, null, null]);
    assert.deepEqual([decision.paths, decision.rules, decision.tags], [[], [], {}]);
    assert.equal(decision.route().then.action, "block");
  }
});

test("a lookup never fails", () => {
  for (const request of [undefined, null, 1, "use_case", [], { use_case: {} }, { use_case: Symbol() }]) {
    assert.equal(table.decide(request).route().then.action, "block");
  }
});

test("a refusal has a code, a place and a text", () => {
  const found = refused(EXAMPLE.toString().replace('"contexts":28', '"contexts":9007199254740993'));
  assert.deepEqual([found.code, found.place], ["range", "proof.contexts"]);
  assert.equal(found.message, "the table is refused at `proof.contexts`: it is not a whole number below 2^53");
});

test("nobody can change what is answered", () => {
  const fresh = load(EXAMPLE, { as_of });
  const open = [fresh.decide({ use_case: "support.reply" }), fresh.decide({ use_case: "nobody" })].flatMap((decision) => [
    decision.primary, decision.paths, decision.rules, decision.budgets, decision.quotas, decision.audit, decision.tags, decision.route().then,
  ]);
  open.push(fresh.raw, fresh.decide({ use_case: "support.reply" }).route({ down: ["anthropic"] }).target);
  let seen = 0;
  while (open.length > 0) {
    const one = open.pop();
    if (typeof one !== "object" || one === null) continue;
    seen += 1;
    assert.ok(Object.isFrozen(one), JSON.stringify(one).slice(0, 100));
    open.push(...Object.values(one));
  }
  assert.ok(seen > 100);
  assert.throws(() => (fresh.decide({ use_case: "support.reply" }).primary.model.id = "evil"), TypeError);
});

test("what is not stated may be null", () => {
  const request = { use_case: "support.reply" };
  for (const outage of [undefined, null, {}, { down: null, on: null }, { down: undefined, on: undefined }]) {
    assert.equal(table.route(request, outage).hop, 0);
    assert.equal(table.decide(request).route(outage).hop, 0);
  }
  for (const options of [undefined, null, {}]) {
    assert.throws(() => load(EXAMPLE, options), { name: "Refusal", code: "expired" });
  }
  assert.equal(new Live().swap(EXAMPLE).code, "expired");
});

test("an expired table says what ended", () => {
  const found = refused(EXAMPLE, { as_of: "2027-01-31" });
  const text = "certification gdpr of anthropic changes a decision after 2027-01-30; compile the policy again";
  assert.deepEqual([found.code, found.place, found.text], ["expired", "valid_until", text]);
  load(EXAMPLE, { as_of: "2027-01-30" });
  load(EXAMPLE, { as_of: "2027-01-31", allow_expired: true });
  load(EXAMPLE, { as_of: null });
  assert.equal(refused(EXAMPLE, { as_of: undefined }).code, "expired");
});

test("what is deep or large is refused without a crash", () => {
  for (const text of ["[".repeat(1_000_000), '{"a":'.repeat(100_000), "[".repeat(65) + "]".repeat(65)]) {
    assert.equal(refused(text).code, "range");
  }
  assert.equal(refused("[".repeat(64) + "]".repeat(64)).code, "type");
  assert.equal(refused(new Uint8Array(256 * 1024 * 1024 + 1)).code, "range");
});

test("a message about hostile text is short and harmless", () => {
  const found = refused(EXAMPLE.toString().replaceAll(FORMAT, "x\u202e".repeat(10_000)));
  assert.equal(found.code, "format");
  assert.ok(found.message.length < 600 && !found.message.includes("\u202e"), found.message);
});

test("every message is a short phrase", () => {
  for (const name of readdirSync(new URL("refused/", conformance))) {
    const given = JSON.parse(file(`refused/${name}`).toString());
    if (given.signature || given.trusted_keys || !given.table) continue;
    const found = refused(given.table, { as_of: given.as_of, least_serial: given.least_serial });
    assert.equal(found.code, given.code, name);
    assert.match(found.text, /^(`|[a-z]|-?\d|JSON).*[^.]$/s);
  }
});

test("the old table stays where the new one is refused", () => {
  const live = new Live();
  assert.equal(live.table, null);
  assert.equal(live.swap(EXAMPLE, { as_of }), null);
  const before = live.table;
  assert.ok(live.swap(Buffer.from("{}"), { as_of }) instanceof Refusal);
  assert.ok(live.swap(EXAMPLE, { as_of: "2030-01-01" }) instanceof Refusal);
  assert.equal(live.table, before);
  assert.equal(live.swap(SMALLEST, { as_of }), null);
  assert.notEqual(live.table.digest, before.digest);
  assert.equal(before.decide({ use_case: "planning" }).index, 3);
});

test("a key asks for a signature, and one that fits names its key", () => {
  assert.equal(refused(EXAMPLE, { trusted_keys: [KEY] }).code, "unsigned");
  assert.equal(load(EXAMPLE, { as_of, trusted_keys: [KEY], allow_unsigned: true }).signed_by, null);
  assert.equal(refused(EXAMPLE, { signature: SIGNATURE }).code, "key");
  assert.equal(refused(Buffer.concat([EXAMPLE, Buffer.from("\n")]), { signature: SIGNATURE, trusted_keys: [KEY] }).code, "signature");
  const key = TrustedKey.parse(KEY);
  for (const trusted_keys of [[key], [KEY.split("\n")[1]]]) {
    assert.equal(load(EXAMPLE, { as_of, trusted_keys, signature: SIGNATURE }).signed_by, key.id);
  }
  for (const text of ["", "untrusted comment: x", "x", SIGNATURE.toString()]) {
    assert.throws(() => TrustedKey.parse(text), { code: "key" });
  }
});

test("an older table does not come back", () => {
  const live = new Live({ trusted_keys: [KEY] });
  assert.equal(live.swap(EXAMPLE, { as_of, signature: SIGNATURE }), null);
  assert.equal(live.greatest_serial, null);
  assert.equal(live.swap(EXAMPLE, { as_of, signature: NUMBERED }), null);
  const taken = live.table;
  assert.deepEqual([live.greatest_serial, taken.serial], [7n, 7n]);
  assert.equal(live.swap(EXAMPLE, { as_of, signature: SIGNATURE }).code, "unsigned");
  assert.equal(live.table, taken);
  const again = new Live({ trusted_keys: [KEY], least_serial: 8 });
  const found = again.swap(EXAMPLE, { as_of, signature: NUMBERED });
  assert.equal(found.code, "expired");
  assert.equal(found.message, "the table is refused: its serial number is 7, and a table with 8 was taken before");
  assert.equal(again.table, null);
});

test("the least serial is a whole number", () => {
  const signed = { trusted_keys: [KEY], signature: NUMBERED };
  assert.equal(load(EXAMPLE, { as_of, ...signed, least_serial: 7 }).serial, 7n);
  assert.equal(load(EXAMPLE, { as_of, ...signed, least_serial: 7n }).serial, 7n);
  for (const least_serial of [-1, -1n, 1n << 64n, 7.5, Number.NaN, "7", true]) {
    assert.equal(refused(EXAMPLE, { ...signed, least_serial }).code, "expired", String(least_serial));
  }
  assert.equal(refused(EXAMPLE, { least_serial: 0 }).code, "unsigned");
});

test("what is not bytes or no key is refused", () => {
  for (const bytes of [null, undefined, 3, [1], {}]) {
    assert.throws(() => load(bytes, { as_of }), { name: "Refusal", code: "not-json" });
  }
  assert.throws(() => load("x", { as_of }), { name: "Refusal", code: "not-json" });
  assert.equal(refused(EXAMPLE, { signature: "x", trusted_keys: [KEY] }).code, "signature");
  for (const key of [null, 3, {}]) assert.equal(refused(EXAMPLE, { trusted_keys: [key] }).code, "key");
});
