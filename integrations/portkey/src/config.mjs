/** The config of Portkey for one attempt: one target, and nothing that the gateway could walk by itself. */

// What a caller's body may say: nothing that chooses a model, a provider, a place or a number of tries. `govctl export`
// holds the same list, which has what streams need besides.
const BODY_KEYS = new Set(
  ("messages temperature top_p max_tokens max_completion_tokens stop tools tool_choice response_format n seed user presence_penalty " +
    "frequency_penalty logprobs top_logprobs logit_bias parallel_tool_calls reasoning_effort modalities audio prediction verbosity functions function_call").split(" "),
);

// What of a profile goes into requests: how a model answers, and nothing else. `govctl export` holds the same list.
const SETTINGS = new Set(
  (
    "best_of chat_template_kwargs enable_thinking frequency_penalty ignore_eos include_reasoning " +
    "include_stop_str_in_output length_penalty logit_bias logprobs max_completion_tokens max_tokens min_p " +
    "min_tokens mirostat mirostat_eta mirostat_tau modalities n num_ctx num_predict parallel_tool_calls " +
    "presence_penalty random_seed reasoning reasoning_effort repeat_last_n repeat_penalty " +
    "repetition_penalty response_format safe_prompt seed skip_special_tokens stop stop_token_ids " +
    "temperature thinking tool_choice top_a top_k top_logprobs top_p typical_p use_beam_search verbosity"
  ).split(" "),
);

/** With this header the export's `fetch.mjs` carries a provider's answer through the gateway as it is. */
export const EXACTLY = "x-govctl-exactly";

// One setting of two names.
const LENGTHS = ["max_tokens", "max_completion_tokens"];

/** The body as providers see it, but for the model, which the config sets. */
export function bodyOf(body) {
  return { model: "-", ...Object.fromEntries(Object.entries(body).filter(([key]) => BODY_KEYS.has(key))) };
}

/** The same for one model: where its profile says how long an answer may be, a caller's own is left out in either name. */
export function bodyFor(model, body) {
  const stated = Object.keys(profileOf(model.profile));
  if (!LENGTHS.some((name) => stated.includes(name))) return body;
  return Object.fromEntries(Object.entries(body).filter(([key]) => !LENGTHS.includes(key)));
}

/** The value of `x-portkey-config`. */
export function configOf(model, timeoutMilliseconds, environment) {
  const { base_url: base, api_key_env: key, model: name } = model.endpoint;
  return {
    strategy: { mode: "single" },
    targets: [{
      provider: "openai",
      custom_host: String(base).replace(/\/+$/, ""),
      api_key: (key && environment[key]) || "none",
      request_timeout: timeoutMilliseconds,
      forward_headers: [EXACTLY],
      override_params: { ...profileOf(model.profile), model: name ?? model.name },
    }],
  };
}

/** Settings as members of a body; the table writes numbers with a fraction as text. */
function profileOf(profile) {
  const found = {};
  for (const [key, value] of Object.entries(profile)) {
    const member = key === "max_output_tokens" ? "max_tokens" : key;
    if (!SETTINGS.has(member)) continue;
    const isNumber = typeof value === "string" && /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/.test(value);
    found[member] = isNumber ? Number(value) : value;
  }
  return found;
}

/** A duration of `govctl.yaml` such as `30 s`, in milliseconds. */
export function milliseconds(duration) {
  const found = /^([0-9]+(?:\.[0-9]+)?)\s*([a-z]*)$/.exec(String(duration ?? "30 s").toLowerCase());
  const units = { ms: 1, s: 1000, "": 1000, second: 1000, seconds: 1000, minute: 60_000, minutes: 60_000, hour: 3_600_000, hours: 3_600_000 };
  const unit = found && units[found[2]];
  return unit === undefined || found === null ? 30_000 : Math.ceil(Number(found[1]) * unit);
}
