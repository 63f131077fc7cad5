/**
 * A service before Portkey: decides each request by a govctl table, and sends every attempt through the gateway with
 * both headers, `x-portkey-config` and `x-portkey-metadata`, of its own. Callers reach this service, never the gateway.
 *
 * Settings come from the environment: GOVCTL_TABLE, GOVCTL_TRUSTED_KEYS, GOVCTL_ALLOW_EXPIRED, GOVCTL_LEAST_SERIAL,
 * GOVCTL_CALLERS (a JSON file, what each key's metadata says by the key), PORTKEY_URL, LISTEN.
 */

import { createServer } from "node:http";
import { readFileSync, statSync } from "node:fs";

import { Live } from "@govctl/table";

import { bodyFor, bodyOf, configOf, milliseconds } from "./config.mjs";
import { Refused } from "./refused.mjs";
import { prefixOf, requestOf } from "./stated.mjs";
import { statesTwice } from "./twice.mjs";
import { triggerOf, withoutAnswer } from "./triggers.mjs";
import { walk } from "./walk.mjs";

const MAX_BODY = 20_000_000;
const STATUS = { queue: 503, degrade: 503, block: 403 };
const env = process.env;
const today = () => new Date().toISOString().slice(0, 10);
const keys = (env.GOVCTL_TRUSTED_KEYS ?? "").split(":").filter(Boolean).map((path) => readFileSync(path, "utf8"));
const least_serial = env.GOVCTL_LEAST_SERIAL ? BigInt(env.GOVCTL_LEAST_SERIAL) : null;
const live = new Live({ trusted_keys: keys, allow_expired: env.GOVCTL_ALLOW_EXPIRED === "1", least_serial });
const callers = new Map(Object.entries(JSON.parse(readFileSync(env.GOVCTL_CALLERS, "utf8"))));
let seen = "";

/** Looks at the table's file, and takes it if it is another one; a table that is refused changes nothing. */
function reload() {
  try {
    const { mtimeMs, size, ino } = statSync(env.GOVCTL_TABLE);
    if (seen === `${mtimeMs}/${size}/${ino}`) return;
    seen = `${mtimeMs}/${size}/${ino}`;
    const signature = keys.length > 0 ? readFileSync(`${env.GOVCTL_TABLE}.sig`) : undefined;
    const refusal = live.swap(readFileSync(env.GOVCTL_TABLE), { as_of: today(), signature });
    console.log(JSON.stringify(refusal ? { event: "table refused", code: refusal.code, text: refusal.message } : { event: "table", digest: live.table.digest }));
  } catch (error) {
    console.log(JSON.stringify({ event: "table cannot be read", text: String(error) }));
  }
}

/** The table that may be used today. */
function table() {
  const found = live.table;
  const until = found?.raw.valid_until ?? null;
  if (!found || (until !== null && today() > until && env.GOVCTL_ALLOW_EXPIRED !== "1")) throw new Refused("block", "there is no table that may be used");
  return found;
}

function answer(response, found, status, code, message, { decision = null, use_case = null, route = "block", hop = null, headers = {} } = {}) {
  const error = { type: "govctl", code, message, use_case, decision, table: found?.digest ?? null };
  response.writeHead(status, { "content-type": "application/json", ...ours(found, decision, route, hop), ...headers });
  response.end(JSON.stringify({ error }));
}

function ours(found, decision, route, hop) {
  const prefix = found ? prefixOf(found) : "x-govctl-";
  const said = { table: found?.digest ?? "-", decision: decision ?? "-", route, hop: hop ?? "-" };
  return Object.fromEntries(Object.entries(said).map(([name, value]) => [prefix + name, String(value)]));
}

async function bodyFrom(request) {
  const parts = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > MAX_BODY) throw new Refused("block", "the body is too large", 413);
    parts.push(part);
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.concat(parts));
    const body = JSON.parse(text);
    if (statesTwice(text)) throw new Refused("block", "the metadata states something twice");
    const isChat = typeof body === "object" && body !== null && Array.isArray(body.messages);
    if (isChat && body.messages.every((message) => typeof message === "object" && message !== null && !Array.isArray(message))) return body;
  } catch (error) {
    if (error instanceof Refused) throw error;
  }
  throw new Refused("not-json", "the body is no JSON object with a list of messages", 400);
}

/** One attempt at one model, through the gateway. */
async function attempt(found, decision, target, body) {
  const metadata = { use_case: decision.use_case, decision: String(decision.index), table: found.digest };
  const config = configOf(target.model, milliseconds(found.raw.request.first_byte_timeout), env);
  try {
    const got = await fetch(`${env.PORTKEY_URL}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-portkey-config": JSON.stringify(config), "x-portkey-metadata": JSON.stringify(metadata) },
      body: JSON.stringify(bodyFor(target.model, body)),
      redirect: "manual",
    });
    const text = await got.text();
    const silent = got.ok ? null : withoutAnswer(got.status, text);
    return { status: got.status, text, silent, trigger: silent ?? triggerOf(got.status, text) };
  } catch {
    return { status: 503, text: "", silent: "unavailable", trigger: "unavailable" };
  }
}

async function serve(request, response) {
  let found;
  try {
    found = table();
    const { pathname } = new URL(request.url, "http://here");
    if (pathname !== "/v1/chat/completions" || request.method !== "POST") throw new Refused("block", "only POST /v1/chat/completions is served", 404);
    const credentials = callers.get((request.headers.authorization ?? "").replace(/^bearer +/i, ""));
    if (!credentials) throw new Refused("block", "the credentials are not valid", 401);
    const body = await bodyFrom(request);
    if (body.stream) throw new Refused("block", "streams are not served: Portkey 1.15.2 answers them with 500", 400);
    const decision = found.decide(requestOf(found, request.rawHeaders, body, credentials));
    if (decision.not_understood !== null) throw new Refused("block", decision.not_understood);
    const sent = bodyOf(body);
    const end = await walk(decision, (target) => attempt(found, decision, target, sent));
    finish(response, found, decision, end);
  } catch (error) {
    if (!(error instanceof Refused)) console.error(error);
    const refused = error instanceof Refused ? error : new Refused("block", "the request cannot be decided");
    answer(response, found, refused.status, refused.code, refused.message);
  }
}

function finish(response, found, decision, { got, model, terminal, hop }) {
  const said = { decision: decision.index, use_case: decision.use_case, hop };
  console.log(JSON.stringify({ event: "decided", ...said, route: model?.id ?? terminal.action, rules: decision.rules.map((rule) => rule.name), tags: decision.tags }));
  if (terminal) {
    const headers = terminal.action === "queue" ? { "retry-after": String(terminal.seconds ?? 60) } : {};
    const message = terminal.message ?? `the policy says ${terminal.action}`;
    answer(response, found, STATUS[terminal.action], terminal.action, message, { ...said, route: terminal.action, headers });
  } else if (got.silent) {
    answer(response, found, got.silent === "timeout" ? 504 : 503, got.silent, `the model failed: ${got.silent}`, { ...said, route: model.id });
  } else {
    response.writeHead(got.status, { "content-type": "application/json", ...ours(found, decision.index, model.id, hop) });
    response.end(got.text);
  }
}

reload();
setInterval(reload, 1000).unref();
const [host, port] = (env.LISTEN ?? "127.0.0.1:8080").split(":");
createServer((request, response) => void serve(request, response)).listen(Number(port), host, () => console.log(JSON.stringify({ event: "listening", host, port })));
