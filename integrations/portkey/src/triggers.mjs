/** What an upstream's answer means. */

import { EXACTLY } from "./config.mjs";

// The same words as in the other integrations.
const FILTERED = new Set(["content_filter", "content_policy_violation", "responsible_ai_policy_violation", "responsibleaipolicyviolation"]);
const TOO_LONG = new Set(["context_length_exceeded", "context_window_exceeded", "string_above_max_length"]);
const NO_CREDIT = new Set(["insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "insufficient_credits"]);
const STATUS = new Map([
  [429, "rate-limited"], [408, "timeout"], [504, "timeout"], [503, "unavailable"], [529, "unavailable"],
  [402, "out-of-credit"], [401, "unauthorized"], [403, "unauthorized"],
]);

/** The trigger of an answer, or null where it goes back to the caller. */
export function triggerOf(status, body) {
  const error = parsed(body)?.error ?? {};
  const words = [error.code, error.type].map((word) => (typeof word === "string" ? word.toLowerCase() : ""));
  if (status >= 400 && status < 500) {
    if (words.some((word) => FILTERED.has(word))) return "content-filtered";
    if (words.some((word) => TOO_LONG.has(word))) return "context-exceeded";
    if ((status === 403 || status === 429) && words.some((word) => NO_CREDIT.has(word))) return "out-of-credit";
  }
  return STATUS.get(status) ?? (status >= 500 && status < 600 ? "server-error" : null);
}

/**
 * The trigger where the gateway answered by itself because no upstream did, as it does for a connection that fails and for
 * an address that it refuses: what a provider answers is a completion, or carried.
 */
export function withoutAnswer(status, body) {
  return status === 408 && parsed(body)?.error?.type === "timeout_error" ? "timeout" : "unavailable";
}

/** A provider's own answer, which `fetch.mjs` carried through the gateway in an error; null where this is none. */
export function carried(body) {
  const error = parsed(body)?.error;
  if (error?.type !== EXACTLY || typeof error.message !== "string") return null;
  // The gateway puts words of its own before the message.
  const answer = parsed(error.message.slice(error.message.indexOf("{")));
  return answer === undefined ? null : { ...answer, bytes: Buffer.from(answer.body, "base64") };
}

function parsed(body) {
  try {
    const value = JSON.parse(body);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
