// For `node --import`: how the gateway asks providers. A redirect is an answer as any other, so that no prompt goes where
// the table does not name it. A key that is none is not sent. An error is JSON, also where its provider sends other
// text or nothing, which the gateway would take for an error of its own.
const ask = globalThis.fetch;
const WITHOUT_BODY = new Set([204, 205, 304]);

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
