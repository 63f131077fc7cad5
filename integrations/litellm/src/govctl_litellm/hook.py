"""The hook that a LiteLLM proxy names in `litellm_settings.callbacks`: `govctl_litellm.proxy.govctl`.

Only the hooks of `CustomLogger` are used, none of the router's internals. Each request is decided before anybody is
asked, and of all groups that LiteLLM then tries only the one that is next gets a deployment.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from govctl_table import Table
from litellm.integrations.custom_logger import CustomLogger

from .answers import Answer
from .call import Call, answer_headers, write
from .credentials import merged, of_key
from .members import BODY_KEYS, as_they_stand, check_body, settings_of
from .stated import Refused, prefix_of, request_of
from .tables import Tables
from .triggers import failure_of
from .walk import Cooling, Walk
from .wire import CURRENT

CALL_TYPES = frozenset({"completion", "acompletion"})
"""What the hook decides; anything else that calls a model is refused."""

PROXY_KEYS = frozenset({"litellm_call_id", "litellm_logging_obj", "metadata", "proxy_server_request", "secret_fields"})
"""What LiteLLM itself keeps in a request."""

TOKEN = "govctl_walk"
"""Under this key of the metadata stands which walk a request is; a caller's own is replaced."""

MAX_CALLS = 65_536
"""How many requests are on their way at most: the oldest is forgotten for one more."""

QUEUE_SECONDS = 60

ANSWERS = range(200, 600)
"""The statuses that an answer of the proxy can have."""


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
            credentials = merged(table, *of_key(user_api_key_dict))
            request = request_of(table, sent.get("headers") or {}, sent.get("body") or {}, credentials)
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
        for key in settings_of(call.decision):
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
        if call is not None and call.wire.is_gone:
            # The caller has hung up since an attempt failed.
            call.walk.served()
        if call is None or call.asked or call.walk.end is not None or call.walk.hop is None:
            return []
        if model != call.walk.hop.group:
            return []
        if any(_lacks_key(deployment) for deployment in healthy_deployments):
            return []
        call.asked = True
        call.wire.answered, call.wire.is_asked = None, False
        call.note()
        return healthy_deployments

    async def async_pre_call_deployment_hook(self, kwargs: dict[str, Any], call_type: Any) -> dict[str, Any] | None:
        """What was stated reaches the model as it is, whatever LiteLLM thinks that a model of its name takes."""
        return None if self._call(kwargs) is None else as_they_stand(kwargs)

    def log_pre_api_call(self, model: Any, messages: Any, kwargs: Any) -> None:
        """LiteLLM has the request ready, by whichever client of its own: what fails from now on is no matter of the caller's."""
        wire = CURRENT.get()
        if wire is not None:
            wire.is_asked = True

    async def async_post_call_failure_deployment_hook(
        self, request_data: Mapping[str, Any], exception: Exception, call_type: Any, fallback_depth: int | None = None
    ) -> None:
        """An attempt failed: the walk goes on, or ends."""
        call = self._call(request_data)
        if call is None or not call.asked:
            return
        self._failed(call, exception)
        call.note()

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
            self._failed(call, original_exception)
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
        call.status = "success"
        call.note()
        self._finish(call)
        return call.headers()

    @staticmethod
    def _failed(call: Call, exception: BaseException) -> None:
        call.asked = False
        call.last = failure_of(exception, call.wire)
        if call.wire.is_gone:
            call.walk.abandon(call.last.trigger)
        else:
            call.walk.failed(call.last.trigger)

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
        write("refused", error)
        headers = {} if table is None else answer_headers(table, "-", "block", None)
        return Answer(refused.status, error, headers)

    def _last_answer(self, call: Call) -> Answer:
        """The terminal of the path, or the answer of the hop that failed last."""
        end = call.walk.end
        terminal = end.terminal if end is not None else None
        if terminal is None:
            trigger = call.last.trigger if end is None else end.trigger
            return self._handed_back(call, trigger)
        error = call.error(terminal.action, terminal.message or f"the policy says {terminal.action}")
        headers = call.headers(terminal.action)
        if terminal.action == "queue":
            headers["retry-after"] = str(QUEUE_SECONDS if terminal.seconds is None else terminal.seconds)
        call.note(terminal.action)
        return Answer(403 if terminal.action == "block" else 503, error, headers)

    def _handed_back(self, call: Call, trigger: str | None) -> Answer:
        """What the upstream said, or where it said nothing what happened."""
        answered, not_sent = call.last.answered, call.last.not_sent
        if not_sent is not None and trigger is None:
            return Answer(not_sent.status, call.error(not_sent.code, not_sent.text), call.headers())
        if answered is not None and call.last.trigger == trigger:
            headers = call.headers()
            error = call.last.error or call.error(trigger or "error", f"the model answered {answered.status}")
            if answered.status not in ANSWERS:
                return Answer(502, error, headers)
            call.wire.exact = answered.handed_back(prefix_of(call.table), headers)
            return Answer(answered.status, error, headers)
        code = trigger or "unavailable"
        status = 504 if code == "timeout" else 503
        return Answer(status, call.error(code, f"the model failed: {code}"), call.headers())

    def _finish(self, call: Call) -> None:
        """What is asked from now on for this request, a stream that breaks for one, has no deployment."""
        self.calls.pop(call.token, None)
        call.wire.told.clear()
        call.log()


def _lacks_key(deployment: Any) -> bool:
    """Whether OpenAI's client would take a key of its own for a deployment, or a secret that was not found is missing."""
    parameters = deployment.get("litellm_params", {}) if isinstance(deployment, Mapping) else {}
    return str(parameters.get("model", "")).startswith("openai/") and not parameters.get("api_key")


_UNITS = {"ms": 0.001, "s": 1.0, "second": 1.0, "seconds": 1.0, "minute": 60.0, "minutes": 60.0}


def seconds_of(duration: object) -> float | None:
    """A duration of `govctl.yaml` such as `30 s`; none where there is none."""
    found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)\s*([a-z]+)", duration.lower()) if isinstance(duration, str) else None
    if found is None or found[2] not in _UNITS:
        return None
    return float(found[1]) * _UNITS[found[2]]
