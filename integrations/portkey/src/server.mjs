/**
 * A service before Portkey: decides each request by a govctl table, and sends every attempt through the gateway with
 * both headers, `x-portkey-config` and `x-portkey-metadata`, of its own. Callers reach this service, never the gateway.
 *
 * Settings come from the environment: GOVCTL_TABLE, GOVCTL_TRUSTED_KEYS, GOVCTL_ALLOW_EXPIRED, GOVCTL_LEAST_SERIAL,
 * GOVCTL_CALLERS (a JSON file, what each key's metadata says by the key), PORTKEY_URL, LISTEN.
 */

import { createServer, STATUS_CODES } from "node:http";
import { readFileSync, statSync } from "node:fs";

import { Live } from "@govctl/table";

import { bodyFor, bodyOf, configOf, EXACTLY, milliseconds } from "./config.mjs";
import { isDeeperThan } from "./depth.mjs";
import { eventOf } from "./event.mjs";
import { Refused } from "./refused.mjs";
import { prefixOf, requestOf } from "./stated.mjs";
import { statesTwice } from "./twice.mjs";
import { carried, triggerOf, withoutAnswer } from "./triggers.mjs";
import { walk } from "./walk.mjs";

const MAX_BODY = 20_000_000;
const MAX_DEPTH = 1000;
const OF_ITS_CONNECTION = new Set(
  ("connection keep-alive proxy-connection proxy-authenticate te trailer upgrade transfer-encoding content-length content-encoding " +
    "set-cookie server date alt-svc").split(" "),
);
const STATUS = { queue: 503, degrade: 503, block: 403 };
const env = process.env;
const today = () => new Date().toISOString().slice(0, 10);
const keys = (env.GOVCTL_TRUSTED_KEYS ?? "").split(":").filter(Boolean).map((path) => readFileSync(path, "utf8"));
const least_serial = env.GOVCTL_LEAST_SERIAL ? BigInt(env.GOVCTL_LEAST_SERIAL) : null;
const live = new Live({ trusted_keys: keys, allow_expired: env.GOVCTL_ALLOW_EXPIRED === "1", least_serial });
const callers = new Map(Object.entries(JSON.parse(readFileSync(env.GOVCTL_CALLERS, "utf8"))));
let seen = "";

/** What changes with a file's content. */
function stamp(path) {
  const { mtimeMs, size, ino } = statSync(path, { throwIfNoEntry: false }) ?? {};
  return `${mtimeMs}/${size}/${ino}`;
}

/** Looks at the files of table and signature, and takes a new one of either; a table that is refused changes nothing. */
function reload() {
  try {
    const now = `${stamp(env.GOVCTL_TABLE)} ${stamp(`${env.GOVCTL_TABLE}.sig`)}`;
    if (seen === now) return;
    seen = now;
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
    if (isChat && body.messages.every((message) => typeof message === "object" && message !== null && !Array.isArray(message))) {
      if (isDeeperThan(MAX_DEPTH, body)) throw new Refused("block", `the body is nested more than ${MAX_DEPTH} deep`, 400);
      return body;
    }
  } catch (error) {
    if (error instanceof Refused) throw error;
  }
  throw new Refused("not-json", "the body is no JSON object with a list of messages", 400);
}

/** JSON that a header can carry: names may hold any character, and headers ASCII only. */
function inHeader(value) {
  return JSON.stringify(value).replace(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** One attempt at one model, through the gateway. */
async function attempt(found, decision, { target, hop, by, stated }, body) {
  const metadata = eventOf(found, decision, { model: target.model, hop, by, stated });
  const config = configOf(target.model, milliseconds(found.raw.request.first_byte_timeout), env);
  try {
    const got = await fetch(`${env.PORTKEY_URL}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", [EXACTLY]: "1", "x-portkey-config": inHeader(config), "x-portkey-metadata": inHeader(metadata) },
      body: JSON.stringify(bodyFor(target.model, body)),
      redirect: "manual",
    });
    const text = await got.text();
    const own = got.ok ? null : carried(text);
    if (own !== null) return { ...own, silent: null, trigger: own.status < 300 ? null : triggerOf(own.status, own.bytes.toString()) };
    const silent = got.ok ? null : withoutAnswer(got.status, text);
    return { status: got.status, text, silent, trigger: silent };
  } catch {
    return { status: 503, text: "", silent: "unavailable", trigger: "unavailable" };
  }
}

async function serve(request, response) {
  let found;
  try {
    found = table();
    const { pathname } = new URL(request.url, "http://here");
    if (request.headers.host === undefined && request.httpVersion === "1.1") throw new Refused("block", "the request names no host", 400);
    if (pathname !== "/v1/chat/completions" || request.method !== "POST") throw new Refused("block", "only POST /v1/chat/completions is served", 404);
    if ((request.headersDistinct.authorization ?? []).length > 1) throw new Refused("block", "credentials stand in two headers");
    const credentials = callers.get((request.headers.authorization ?? "").replace(/^bearer +/i, ""));
    if (!credentials) throw new Refused("block", "the credentials are not valid", 401);
    const body = await bodyFrom(request);
    if (body.stream) throw new Refused("block", "streams are not served: Portkey 1.15.2 answers them with 500", 400);
    const stated = requestOf(found, request.rawHeaders, body, credentials);
    const decision = found.decide(stated);
    if (decision.not_understood !== null) throw new Refused("block", decision.not_understood);
    const sent = bodyOf(body);
    const end = await walk(decision, (target, hop, by) => attempt(found, decision, { target, hop, by, stated }, sent));
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
  } else if (got.bytes) {
    handBack(response, got, ours(found, decision.index, model.id, hop), prefixOf(found));
  } else {
    response.writeHead(got.status, { "content-type": "application/json", ...ours(found, decision.index, model.id, hop) });
    response.end(got.text);
  }
}

/** A provider's answer as it is, without what concerns one connection; where it broke off, this one does. */
function handBack(response, { status, headers, bytes, whole }, said, prefix) {
  if (status > 599) status = 502;
  const kept = headers.filter(([name]) => !OF_ITS_CONNECTION.has(name) && !name.startsWith(prefix));
  const length = whole && status !== 204 && status !== 304 ? { "content-length": bytes.length } : {};
  response.writeHead(status, { ...Object.fromEntries(kept), ...length, ...said });
  if (whole) response.end(bytes);
  else response.write(bytes, () => response.destroy());
}

/** The answer to what is no request, or none that Node takes: it would say its status and no more. */
function refuseRaw(socket, status, message) {
  if (!socket.writable) return socket.destroy();
  const found = live.table;
  const body = JSON.stringify({ error: { type: "govctl", code: "block", message, use_case: null, decision: null, table: found?.digest ?? null } });
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body), connection: "close", ...ours(found, null, "block", null) };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join("")}\r\n${body}`);
}

reload();
setInterval(reload, 1000).unref();
const [host, port] = (env.LISTEN ?? "127.0.0.1:8080").split(":");
const server = createServer({ requireHostHeader: false }, (request, response) => void serve(request, response));
const statusOf = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };
server.on("clientError", (error, socket) => refuseRaw(socket, statusOf[error.code] ?? 400, "this is no request"));
server.on("connect", (_, socket) => refuseRaw(socket, 404, "only POST /v1/chat/completions is served"));
server.on("checkExpectation", (_, response) => answer(response, live.table, 417, "block", "nothing but 100-continue can be expected"));
server.listen(Number(port), host, () => console.log(JSON.stringify({ event: "listening", host, port })));
