/** How deep JSON is nested: Portkey fails on what is nested some thousands deep, which is the caller's mistake. */

/** Whether objects and lists stand in each other more than so many deep. */
export function isDeeperThan(most, value) {
  let inner = [value];
  for (let depth = 0; depth <= most; depth += 1) {
    inner = inner.filter((one) => typeof one === "object" && one !== null);
    if (inner.length === 0) return false;
    inner = inner.flatMap(Object.values);
  }
  return true;
}
