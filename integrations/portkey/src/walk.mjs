/** The walk of one decision: who is asked, one attempt after the other. */

/**
 * Asks until somebody answers or the path ends.
 *
 * @param {import("@govctl/table").Decision} decision
 * @param {(target, hop: number, by?: {trigger: string, failover: object}) => Promise<{trigger: string | null, answered: boolean}>} ask
 *   one attempt, and how the primary failed before
 * @returns the attempt that answers, or a terminal, and the hop
 */
export async function walk(decision, ask) {
  if (!decision.primary) return { terminal: { action: "block" }, hop: null };
  let path;
  let trigger;
  for (let attempt = 0; ; attempt += 1) {
    const got = await ask(decision.primary, 0);
    if (got.trigger === null) return { got, model: decision.primary.model, hop: 0 };
    trigger = got.trigger;
    path = decision.path(trigger);
    if (!path) return { terminal: { action: "block" }, hop: 1 };
    if (attempt >= path.failover.retry) break;
  }
  for (const [at, target] of path.targets.entries()) {
    for (let attempt = 0; attempt <= path.failover.retry; attempt += 1) {
      const got = await ask(target, at + 1, { trigger, failover: path.failover });
      if (got.trigger === null || !path.on.includes(got.trigger)) return { got, model: target.model, hop: at + 1 };
    }
  }
  return { terminal: path.failover.then, hop: path.targets.length + 1 };
}
