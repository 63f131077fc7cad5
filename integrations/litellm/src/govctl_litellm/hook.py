"""The hook that a LiteLLM proxy names in `litellm_settings.callbacks`: `govctl_litellm.proxy.govctl`.

Only the hooks of `CustomLogger` are used, none of the router's internals. Each request is decided before anybody is
asked, and of all groups that LiteLLM then tries only the one that is next gets a deployment.
"""

from __future__ import annotations

import json
import logging
import re
import uuid
from collections.abc import Mapping
from typing import Any

from govctl_table import Decision, Table
from litellm.integrations.custom_logger import CustomLogger

from .answers import Answer
from .stated import Refused, check_body, prefix_of, request_of
from .tables import Tables
from .triggers import Failure, failure_of
from .walk import Cooling, Walk
from .wire import CURRENT, Wire

log = logging.getLogger("govctl")

CALL_TYPES = frozenset({"completion", "acompletion"})
"""What the hook decides; anything else that calls a model is refused."""

BODY_KEYS = frozenset(
    "messages temperature top_p max_tokens max_completion_tokens stop stream stream_options tools tool_choice "
    "response_format n seed user presence_penalty frequency_penalty logprobs top_logprobs logit_bias "
    "parallel_tool_calls reasoning_effort modalities audio prediction verbosity".split()
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

PROXY_KEYS = frozenset({"litellm_call_id", "litellm_logging_obj", "metadata", "proxy_server_request", "secret_fields"})
"""What LiteLLM itself keeps in a request."""

TOKEN = "govctl_walk"
"""Under this key of the metadata stands which walk a request is; a caller's own is replaced."""

MAX_CALLS = 65_536
"""How many requests are on their way at most: the oldest is forgotten for one more."""

QUEUE_SECONDS = 60

ANSWERS = range(200, 600)
"""The statuses that an answer of the proxy can have."""


class Call:
    """A request on its way."""

    def __init__(self, table: Table, decision: Decision, walk: Walk, request: Mapping[str, Any] | None = None) -> None:
        self.token = uuid.uuid4().hex
        self.stated = stated_of(request or {})
        self.table = table
        self.decision = decision
        self.walk = walk
        self.asked = False
        self.last = Failure(None)
        self.wire = CURRENT.get() or Wire()
        self.record: dict[str, Any] = {}
        self.note("")

    def note(self, route: str) -> None:
        """Brings the record that goes to the log up to date: the keys of docs/events.md, and those from before them."""
        hop = self.walk.hop
        failover = None if hop is None or hop.path is None else self.decision.paths[hop.path].failover
        tags = dict(self.decision.tags)
        self.record.update(
            **{name: tags[name] for name in ATTRIBUTION if name in tags},
            **self.stated,
            policies=[rule.name for rule in self.decision.rules],
            trigger=None if failover is None else self.walk.left,
            failover=None if failover is None else failover.name,
            logged_as=None if failover is None else failover.log_as,
        )
        self.record.update(
            table=self.table.digest,
            use_case=self.decision.use_case,
            classification=self.decision.classification,
            decision=self.decision.index,
            rules=[rule.name for rule in self.decision.rules],
            tags=tags,
            triggers=[trigger or "none" for trigger in self.walk.triggers],
            hop=None if hop is None else hop.position,
            path=None if failover is None else failover.name,
            route=route or (None if hop is None else hop.model),
        )

    def headers(self, terminal: str | None = None) -> dict[str, str]:
        """The headers of the answer: of a terminal, or of the hop that gave it."""
        hop, end = self.walk.hop, self.walk.end
        if terminal is not None or hop is None:
            position = None if end is None else end.position
            return answer_headers(self.table, str(self.decision.index), terminal or "block", position)
        return answer_headers(self.table, str(self.decision.index), hop.model, hop.position)


ATTRIBUTION = ("business_unit", "team", "project", "application")
"""Dimensions that a use case has and an event states."""


def stated_of(request: Mapping[str, Any]) -> dict[str, Any]:
    """What the decision rests on besides use case and classification, under the names of an event."""
    budgets = {
        name.removeprefix("budget.").removesuffix(".remaining"): value
        for name, value in request.items()
        if name.startswith("budget.") and name != "budget.remaining"
    }
    found = {"facts": request.get("facts"), "budget.remaining": request.get("budget.remaining"), "budgets": budgets}
    return {name: value for name, value in found.items() if value not in (None, {})}


def answer_headers(table: Table, decision: str, route: str, hop: int | None) -> dict[str, str]:
    """What every answer carries."""
    found = {"table": table.digest, "decision": decision, "route": route, "hop": "-" if hop is None else str(hop)}
    return {prefix_of(table) + name: value for name, value in found.items()}


class Govctl(CustomLogger):  # type: ignore[misc]
    """Routes every request as the table says."""

    def __init__(self, tables: Tables | None = None) -> None:
        super().__init__()
        self.tables = tables or Tables()
        self.cooling = Cooling()
        self.calls: dict[str, Call] = {}

    async def async_pre_call_hook(
        self, user_api_key_dict: Any, cache: Any, data: dict[str, Any], call_type: str
    ) -> dict[str, Any]:
        """Decides, sets model and chain, and drops whatever else could choose."""
        table = await self.tables.current()
        if table is None:
            raise self._refusal(None, Refused("block", "there is no table that may be used"))
        sent = data.get("proxy_server_request") or {}
        try:
            if call_type not in CALL_TYPES:
                raise Refused("block", "only chat completions are decided here")
            check_body(sent.get("body"))
            request = request_of(table, sent.get("headers") or {}, sent.get("body") or {}, _credentials(user_api_key_dict))
            decision = table.decide(request)
            if decision.not_understood is not None:
                raise Refused("block", decision.not_understood)
        except Refused as refused:
            raise self._refusal(table, refused) from None
        call = Call(table, decision, Walk(decision, self.cooling), request)
        if call.walk.end is not None or call.walk.hop is None:
            answer = self._last_answer(call)
            self._finish(call)
            raise answer
        self._take(data, call, sent.get("body") or {})
        return data

    def _take(self, data: dict[str, Any], call: Call, body: Mapping[str, Any]) -> None:
        """Makes the request one that goes where the walk says and nowhere else."""
        for key in [key for key in data if key not in BODY_KEYS and key not in PROXY_KEYS]:
            del data[key]
        for key in _settings(call.decision):
            data.pop(key, None)
        metadata = data.get("metadata")
        metadata = data["metadata"] = dict(metadata) if isinstance(metadata, Mapping) else {}
        stated = body.get("metadata")
        for key in stated if isinstance(stated, Mapping) else ():
            if not str(key).startswith("user_api_key"):
                metadata.pop(key, None)
        metadata.pop("tags", None)
        metadata[TOKEN] = call.token
        metadata["spend_logs_metadata"] = {**(metadata.get("spend_logs_metadata") or {}), "govctl": call.record}
        hop = call.walk.hop
        assert hop is not None
        data["model"] = hop.group
        later = call.walk.hops[call.walk.hops.index(hop) + 1 :]
        data["fallbacks"] = [{"model": one.group} for one in later]
        data["num_retries"] = 0
        call.wire.is_stream = bool(data.get("stream"))
        timeout = seconds_of(call.table.raw["request"].get("first_byte_timeout"))
        if timeout is not None:
            data["timeout"] = data["stream_timeout"] = timeout
        self._keep(call)

    def _keep(self, call: Call) -> None:
        self.calls[call.token] = call
        while len(self.calls) > MAX_CALLS:
            # They stand in the order in which they came. One that is forgotten has no deployment any more.
            del self.calls[next(iter(self.calls))]

    async def async_filter_deployments(
        self,
        model: str,
        healthy_deployments: list[Any],
        messages: Any,
        request_kwargs: dict[str, Any] | None = None,
        parent_otel_span: Any = None,
    ) -> list[Any]:
        """Only the hop that is next has a deployment; a request that was not decided has none at all."""
        call = self._call(request_kwargs)
        if call is None or call.asked or call.walk.end is not None or call.walk.hop is None:
            return []
        if model != call.walk.hop.group:
            return []
        if any(_lacks_key(deployment) for deployment in healthy_deployments):
            return []
        call.asked = True
        call.wire.answered = None
        call.note("")
        return healthy_deployments

    async def async_post_call_failure_deployment_hook(
        self, request_data: Mapping[str, Any], exception: Exception, call_type: Any, fallback_depth: int | None = None
    ) -> None:
        """An attempt failed: the walk goes on, or ends."""
        call = self._call(request_data)
        if call is None or not call.asked:
            return
        call.asked = False
        call.last = failure_of(exception, call.wire.answered)
        call.walk.failed(call.last.trigger)
        call.note("")

    async def async_post_call_success_deployment_hook(self, request_data: dict[str, Any], response: Any, call_type: Any) -> None:
        """An attempt was answered, or its answer has begun: nobody else is asked."""
        call = self._call(request_data)
        if call is not None:
            call.walk.served()

    async def async_post_call_failure_hook(
        self,
        request_data: dict[str, Any],
        original_exception: Exception,
        user_api_key_dict: Any,
        traceback_str: str | None = None,
    ) -> Any:
        """The answer after nobody could serve."""
        call = self._call(request_data)
        if call is None:
            return None
        if call.walk.end is None and call.asked:
            # The attempt ended without LiteLLM saying so.
            call.asked = False
            call.last = failure_of(original_exception, call.wire.answered)
            call.walk.failed(call.last.trigger)
        answer = self._last_answer(call)
        self._finish(call)
        return answer

    async def async_post_call_response_headers_hook(
        self,
        data: dict[str, Any],
        user_api_key_dict: Any,
        response: Any,
        request_headers: Any = None,
        litellm_call_info: Any = None,
    ) -> dict[str, str] | None:
        """Which table, decision and hop answered."""
        call = self._call(data)
        if call is None:
            return None
        if response is None:
            return None
        call.walk.served()
        call.note("")
        self._finish(call)
        return call.headers()

    def _call(self, holder: Mapping[str, Any] | None) -> Call | None:
        for key in ("metadata", "litellm_metadata"):
            metadata = (holder or {}).get(key)
            token = metadata.get(TOKEN) if isinstance(metadata, Mapping) else None
            if isinstance(token, str) and token in self.calls:
                return self.calls[token]
        return None

    def _refusal(self, table: Table | None, refused: Refused) -> Answer:
        digest = None if table is None else table.digest
        error = {
            "type": "govctl",
            "code": refused.code,
            "message": refused.text,
            "use_case": refused.use_case,
            "decision": None,
            "table": digest,
        }
        log.info("%s", json.dumps({"event": "refused", **error}))
        headers = {} if table is None else answer_headers(table, "-", "block", None)
        return Answer(refused.status, error, headers)

    def _last_answer(self, call: Call) -> Answer:
        """The terminal of the path, or the answer of the hop that failed last."""
        end = call.walk.end
        terminal = end.terminal if end is not None else None
        if terminal is None:
            trigger = call.last.trigger if end is None else end.trigger
            return self._handed_back(call, trigger)
        error = self._error(call, terminal.action, terminal.message or f"the policy says {terminal.action}")
        headers = call.headers(terminal.action)
        if terminal.action == "queue":
            headers["retry-after"] = str(QUEUE_SECONDS if terminal.seconds is None else terminal.seconds)
        call.note(terminal.action)
        return Answer(403 if terminal.action == "block" else 503, error, headers)

    def _handed_back(self, call: Call, trigger: str | None) -> Answer:
        """What the upstream said, or where it said nothing what happened."""
        answered = call.last.answered
        if answered is not None and call.last.trigger == trigger:
            headers = call.headers()
            error = call.last.error or self._error(call, trigger or "error", f"the model answered {answered.status}")
            if answered.status not in ANSWERS:
                return Answer(502, error, headers)
            call.wire.exact = answered.handed_back(prefix_of(call.table), headers)
            return Answer(answered.status, error, headers)
        code = trigger or "unavailable"
        status = 504 if code == "timeout" else 503
        return Answer(status, self._error(call, code, f"the model failed: {code}"), call.headers())

    def _error(self, call: Call, code: str, message: str) -> dict[str, Any]:
        return {
            "type": "govctl",
            "code": code,
            "message": message,
            "use_case": call.decision.use_case,
            "decision": call.decision.index,
            "table": call.table.digest,
        }

    def _finish(self, call: Call) -> None:
        """What is asked from now on for this request, a stream that breaks for one, has no deployment."""
        self.calls.pop(call.token, None)
        log.info("%s", json.dumps({"event": "decided", **call.record}))


def _settings(decision: Decision) -> set[str]:
    """Members of a body that some target's profile sets: they stand in the configuration, and a caller's would win."""
    targets = [target for path in decision.paths for target in path.targets]
    models = [target.model for target in ([decision.primary] if decision.primary else []) + targets]
    stated = {key for model in models for key in model.profile}
    found = {"max_tokens" if key == "max_output_tokens" else key for key in stated} & SETTINGS
    # One setting of two names.
    lengths = {"max_tokens", "max_completion_tokens"}
    return found | lengths if found & lengths else found


def _lacks_key(deployment: Any) -> bool:
    """Whether OpenAI's client would take a key of its own for a deployment, or a secret that was not found is missing."""
    parameters = deployment.get("litellm_params", {}) if isinstance(deployment, Mapping) else {}
    return str(parameters.get("model", "")).startswith("openai/") and not parameters.get("api_key")


def _credentials(key: Any) -> dict[str, Any]:
    """What the key's and its team's metadata state under `govctl`; the key's own win."""
    found: dict[str, Any] = {}
    for holder in ("team_metadata", "metadata"):
        metadata = getattr(key, holder, None)
        ours = metadata.get("govctl") if isinstance(metadata, Mapping) else None
        if ours is None:
            continue
        if not isinstance(ours, Mapping):
            raise Refused("block", "`govctl` in the key's metadata is no object")
        ours = {name: value for name, value in ours.items() if value is not None}
        facts = {**found.get("facts", {}), **ours["facts"]} if isinstance(ours.get("facts"), Mapping) else None
        if found and ("use_case" in ours or "use_cases" in ours):
            found.pop("use_case", None)
            found.pop("use_cases", None)
        found = {**found, **ours, **({} if facts is None else {"facts": facts})}
    return found


_UNITS = {"ms": 0.001, "s": 1.0, "second": 1.0, "seconds": 1.0, "minute": 60.0, "minutes": 60.0}


def seconds_of(duration: object) -> float | None:
    """A duration of `govctl.yaml` such as `30 s`; none where there is none."""
    found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)\s*([a-z]+)", duration.lower()) if isinstance(duration, str) else None
    if found is None or found[2] not in _UNITS:
        return None
    return float(found[1]) * _UNITS[found[2]]
