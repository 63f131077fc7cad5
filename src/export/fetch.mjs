// For `node --import`: how the gateway asks providers. A redirect is an answer as any other, so that no prompt goes where
// the table does not name it. A key that is none is not sent. Where nobody answers, that is 503 and no error of the
// gateway's own. An error is JSON, also where its provider sends other text or nothing, and its status says what its body
// does, since the gateway reads statuses only. Where the service of integrations/portkey asks for it, whatever is no
// completion comes as an error in which the whole answer stands, since the gateway writes others anew.
const ask = globalThis.fetch;
const WITHOUT_BODY = new Set([204, 205, 304]);
const EXACTLY = "x-govctl-exactly";
const MAX_ERROR = 1 << 20;
const JSON_TYPE = { "content-type": "application/json" };

// The same words as in the integrations.
const FILTERED = new Set(["content_filter", "content_policy_violation", "responsible_ai_policy_violation", "responsibleaipolicyviolation"]);
const TOO_LONG = new Set(["context_length_exceeded", "context_window_exceeded", "string_above_max_length"]);
const NO_CREDIT = new Set(["insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "insufficient_credits"]);

function parsed(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The status by which configs know what an error means. Of a provider itself 413 and 451 mean what any other 4xx does. */
function told(status, body) {
  const words = [body?.error?.code, body?.error?.type].map((word) => (typeof word === "string" ? word.toLowerCase() : ""));
  if (status >= 400 && status < 500) {
    if (words.some((word) => FILTERED.has(word))) return 451;
    if (words.some((word) => TOO_LONG.has(word))) return 413;
    if ((status === 403 || status === 429) && words.some((word) => NO_CREDIT.has(word))) return 402;
  }
  return status === 413 || status === 451 || status > 599 ? 400 : status;
}

function errorOf(message, type = null) {
  return { error: { message, type, param: null, code: null } };
}

globalThis.fetch = async (input, init = {}) => {
  const headers = new Headers(init.headers ?? (input instanceof Request ? input.headers : undefined));
  if (headers.get("authorization") === "Bearer none") headers.delete("authorization");
  const exactly = headers.has(EXACTLY);
  headers.delete(EXACTLY);
  const quit = new AbortController();
  let got;
  try {
    got = await first(input, init, headers, quit);
  } catch (error) {
    // What is given up after its time is the gateway's to say.
    if (exactly || init.signal?.aborted) throw error;
    const body = errorOf(`the provider cannot be reached: ${error.cause?.code ?? error.message}`);
    return new Response(JSON.stringify(body), { status: 503, headers: JSON_TYPE });
  }
  if (!exactly && (got.ok || WITHOUT_BODY.has(got.status))) return got;
  // An error that never ends is one that breaks off.
  const patience = got.ok ? undefined : setTimeout(() => quit.abort(), 10_000);
  const { bytes, whole } = await read(got, got.ok ? Infinity : MAX_ERROR);
  clearTimeout(patience);
  return exactly ? carried(got, bytes, whole) : inJson(got, bytes.toString());
};

/** The answer as soon as it begins: the gateway says how long that may take, and nothing of the rest. */
async function first(input, init, headers, quit) {
  const stop = () => quit.abort(init.signal.reason);
  init.signal?.addEventListener("abort", stop);
  try {
    const how = { ...once(init.body, headers), headers, redirect: "manual", credentials: "omit", signal: quit.signal };
    return await ask(input, { ...init, ...how });
  } finally {
    init.signal?.removeEventListener("abort", stop);
  }
}

/**
 * A body that cannot be sent again: Node's client asks anew where a provider answers 421. Some versions of it fail at 401
 * to such a body unless credentials are omitted, which means those of a browser: headers are sent as they are.
 */
function once(body, headers) {
  if (typeof body !== "string" && !(body instanceof Uint8Array)) return {};
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  headers.set("content-length", String(bytes.length));
  const stream = new ReadableStream({
    start(controller) {
      if (bytes.length > 0) controller.enqueue(bytes);
      controller.close();
    },
  });
  return { body: stream, duplex: "half" };
}

/** An error as the gateway understands it. */
function inJson(got, text) {
  const body = parsed(text) ?? errorOf(text.slice(0, 1000) || `the provider answered ${got.status}`);
  const said = new Headers(got.headers);
  // The last is the gateway's own, and ends a walk.
  for (const name of ["content-encoding", "content-length", "transfer-encoding", "x-portkey-gateway-exception"]) said.delete(name);
  said.set("content-type", "application/json");
  return new Response(JSON.stringify(body), { status: told(got.status, body), headers: said });
}

/** A completion, or an error that carries an answer of another kind. */
function carried(got, bytes, whole) {
  if (got.ok && whole && Array.isArray(parsed(bytes.toString())?.choices)) {
    return new Response(bytes, { status: got.status, headers: JSON_TYPE });
  }
  const answer = { status: got.status, headers: [...got.headers], body: bytes.toString("base64"), whole };
  return new Response(JSON.stringify(errorOf(JSON.stringify(answer), EXACTLY)), { status: 418, headers: JSON_TYPE });
}

async function read(got, most) {
  const parts = [];
  let size = 0;
  try {
    for await (const part of got.body ?? []) {
      parts.push(part.subarray(0, most - size));
      size += parts.at(-1).length;
      if (size >= most) return { bytes: Buffer.concat(parts), whole: false };
    }
    return { bytes: Buffer.concat(parts), whole: true };
  } catch {
    return { bytes: Buffer.concat(parts), whole: false };
  }
}
