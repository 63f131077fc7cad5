"""The members of a request's body: which may stand there, what they must be, and how they reach a model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any

from govctl_table import Decision

from .stated import Refused

BODY_KEYS = frozenset(
    "messages temperature top_p max_tokens max_completion_tokens stop stream stream_options tools tool_choice "
    "response_format n seed user presence_penalty frequency_penalty logprobs top_logprobs logit_bias "
    "parallel_tool_calls reasoning_effort modalities audio prediction verbosity functions function_call".split()
)
"""What a caller's body may say: nothing that chooses a model, a provider, a place or a number of tries."""

SETTINGS = frozenset(
    "best_of chat_template_kwargs enable_thinking frequency_penalty ignore_eos include_reasoning "
    "include_stop_str_in_output length_penalty logit_bias logprobs max_completion_tokens max_tokens min_p "
    "min_tokens mirostat mirostat_eta mirostat_tau modalities n num_ctx num_predict parallel_tool_calls "
    "presence_penalty random_seed reasoning reasoning_effort repeat_last_n repeat_penalty "
    "repetition_penalty response_format safe_prompt seed skip_special_tokens stop stop_token_ids "
    "temperature thinking tool_choice top_a top_k top_logprobs top_p typical_p use_beam_search verbosity".split()
)
"""What of a profile goes into requests: how a model answers, and nothing else. `govctl export` holds the same list."""

LENGTHS = frozenset({"max_tokens", "max_completion_tokens"})
"""One setting of two names."""

_READ_BY_LITELLM = frozenset({"messages", "stream", "stream_options"})
"""What LiteLLM itself needs to ask and to read the answer."""


def is_objects(value: object) -> bool:
    """Whether a value is a list of objects."""
    return isinstance(value, list) and all(isinstance(one, Mapping) for one in value)


_FORMS: dict[str, tuple[str, Callable[[object], bool]]] = {
    "stream": ("true or false", lambda value: isinstance(value, bool)),
    "stream_options": ("an object", lambda value: isinstance(value, Mapping)),
    "tools": ("a list of objects", is_objects),
    "functions": ("a list of objects", is_objects),
    "tool_choice": ("a text or an object", lambda value: isinstance(value, (str, Mapping))),
}
_OF_MESSAGES: dict[str, tuple[str, Callable[[object], bool]]] = {
    "content": ("a text or a list of objects", lambda value: isinstance(value, (str, Mapping)) or is_objects(value)),
    "tool_calls": ("a list", lambda value: isinstance(value, list)),
}
"""What LiteLLM stumbles over before it asks anybody. Everything else is for the model to judge."""


def check_body(body: object) -> None:
    """Refuses what the proxy takes for JSON though it is none, and what no model could answer."""
    messages = body.get("messages") if isinstance(body, Mapping) else None
    if not isinstance(body, Mapping) or not isinstance(messages, list) or not is_objects(messages):
        raise Refused("not-json", "the body is no JSON object with a list of messages", status=400)
    waiting: list[object] = [body]
    while waiting:
        value = waiting.pop()
        if isinstance(value, float) and not isfinite(value):
            raise Refused("not-json", "the body has a number that JSON does not have", status=400)
        if isinstance(value, Mapping):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    _check_forms(body, _FORMS)
    for message in messages:
        _check_forms(message, _OF_MESSAGES)


def _check_forms(holder: Mapping[str, Any], forms: Mapping[str, tuple[str, Callable[[object], bool]]]) -> None:
    for name, (wanted, fits) in forms.items():
        value = holder.get(name)
        if value is not None and not fits(value):
            raise Refused("malformed", f"`{name}` is not {wanted}", status=400)


def settings_of(decision: Decision) -> set[str]:
    """Members of a body that some target's profile sets: they stand in the configuration, and a caller's would win."""
    targets = [target for path in decision.paths for target in path.targets]
    models = [target.model for target in ([decision.primary] if decision.primary else []) + targets]
    stated = {key for model in models for key in model.profile}
    found = {"max_tokens" if key == "max_output_tokens" else key for key in stated} & SETTINGS
    return found | LENGTHS if found & LENGTHS else found


def as_they_stand(request: Mapping[str, Any]) -> dict[str, Any] | None:
    """A request to a deployment that speaks OpenAI's API, with every member where LiteLLM sends it as it is.

    It would otherwise refuse or rename members by its own list of names of models, though nobody was asked. None where
    there is nothing to change; other providers' protocols are LiteLLM's to translate.
    """
    if not (str(request.get("model", "")).startswith("openai/") or request.get("custom_llm_provider") == "openai"):
        return None
    said = {key: request[key] for key in (BODY_KEYS | SETTINGS) - _READ_BY_LITELLM if key in request}
    if not said:
        return None
    # In one order, whatever a set's is.
    said = {key: said[key] for key in sorted(said)}
    configured = request.get("extra_body")
    kept = {key: value for key, value in request.items() if key not in said}
    return {**kept, "extra_body": {**(configured if isinstance(configured, Mapping) else {}), **said}}
