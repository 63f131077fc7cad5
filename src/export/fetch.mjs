// For `node --import`: how the gateway asks providers. A redirect is an answer as any other, so that no prompt goes where
// the table does not name it. A key that is none is not sent. An error is JSON, also where its provider sends other
// text or nothing, which the gateway would take for an error of its own. Where the service of integrations/portkey asks
// for it, whatever is no completion comes as an error in which the whole answer stands, since the gateway writes others anew.
const ask = globalThis.fetch;
const WITHOUT_BODY = new Set([204, 205, 304]);
const EXACTLY = "x-govctl-exactly";
const MAX_ERROR = 1 << 20;

function parsed(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

globalThis.fetch = async (input, init = {}) => {
  const headers = new Headers(init.headers ?? (input instanceof Request ? input.headers : undefined));
  if (headers.get("authorization") === "Bearer none") headers.delete("authorization");
  if (headers.has(EXACTLY)) {
    headers.delete(EXACTLY);
    return exactly(input, init, headers);
  }
  const got = await ask(input, { ...init, headers, redirect: "manual" });
  if (got.ok || WITHOUT_BODY.has(got.status)) return got;
  const text = await got.text();
  const message = text.slice(0, 1000) || `the provider answered ${got.status}`;
  const said = new Headers(got.headers);
  for (const name of ["content-encoding", "content-length", "transfer-encoding"]) said.delete(name);
  said.set("content-type", "application/json");
  const body = parsed(text) ?? { error: { message, type: null, param: null, code: null } };
  return new Response(JSON.stringify(body), { status: got.status, headers: said });
};

/** Asks, waits no longer than the gateway says for the first byte only, and carries what is no completion. */
async function exactly(input, init, headers) {
  const quit = new AbortController();
  const stop = () => quit.abort(init.signal.reason);
  init.signal?.addEventListener("abort", stop);
  const got = await ask(input, { ...init, headers, redirect: "manual", signal: quit.signal });
  init.signal?.removeEventListener("abort", stop);
  // An error that never ends is one that breaks off.
  const patience = got.ok ? undefined : setTimeout(() => quit.abort(), 10_000);
  const { bytes, whole } = await read(got, got.ok ? Infinity : MAX_ERROR);
  clearTimeout(patience);
  if (got.ok && whole && Array.isArray(parsed(bytes.toString())?.choices)) {
    return new Response(bytes, { status: got.status, headers: { "content-type": "application/json" } });
  }
  const answer = { status: got.status, headers: [...got.headers], body: bytes.toString("base64"), whole };
  const error = { message: JSON.stringify(answer), type: EXACTLY, param: null, code: null };
  return new Response(JSON.stringify({ error }), { status: 418, headers: { "content-type": "application/json" } });
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
