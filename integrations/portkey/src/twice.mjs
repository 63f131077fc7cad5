/** Keys that appear twice: `JSON.parse` takes the last one in silence. */

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]/gs;

/** Whether a text, which is JSON, states something of ours twice: `metadata`, `govctl` in it, or anything below. */
export function statesTwice(text) {
  const open = [];
  let key = null;
  for (const [token] of text.matchAll(TOKEN)) {
    const inner = open.at(-1);
    if (token === "{" || token === "[") {
      open.push({ name: key, keys: token === "{" ? new Set() : null, awaits: token === "{" });
      key = null;
    } else if (token === "}" || token === "]") {
      open.pop();
    } else if (token === ",") {
      if (inner?.keys) inner.awaits = true;
    } else if (token !== ":" && inner?.awaits) {
      key = JSON.parse(token);
      inner.awaits = false;
      if (inner.keys.has(key) && isOurs(open, key)) return true;
      inner.keys.add(key);
    }
  }
  return false;
}

function isOurs(open, key) {
  const path = [...open.slice(1).map((one) => one.name), key];
  return path[0] === "metadata" && (path.length === 1 || path[1] === "govctl");
}
