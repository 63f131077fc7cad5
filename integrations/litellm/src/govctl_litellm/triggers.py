"""What an upstream did, read from the exception that LiteLLM made of it."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import openai

from .members import BODY_KEYS, SETTINGS
from .wire import NOTE, Answered, Wire, parsed

# The same words as in the Lua of `govctl export envoy`.
_CONTENT = {"content_filter", "content_policy_violation", "responsible_ai_policy_violation", "responsibleaipolicyviolation"}
_CONTEXT = {"context_length_exceeded", "context_window_exceeded", "string_above_max_length"}
_CREDIT = {"insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "insufficient_credits"}
_STATUS = {
    429: "rate-limited",
    408: "timeout",
    504: "timeout",
    503: "unavailable",
    529: "unavailable",
    402: "out-of-credit",
    401: "unauthorized",
    403: "unauthorized",
}
_DEEPEST = 12
_ON_THE_WAY = (httpx.TransportError, openai.APIConnectionError, ConnectionError, TimeoutError, socket.gaierror, ssl.SSLError)
"""What is raised by whoever tries to reach an endpoint."""
_OF_THE_CONFIGURATION = ("AuthenticationError", "PermissionDeniedError", "NotFoundError", "RateLimitError")
"""What LiteLLM raises by itself where a deployment cannot be asked, whatever the request is."""


@dataclass(frozen=True)
class NotSent:
    """Why LiteLLM refused to send a request, so that no endpoint was asked: nobody failed."""

    status: int
    text: str
    code: str = "not-sent"


@dataclass(frozen=True)
class Failure:
    """How an attempt failed."""

    trigger: str | None
    """None: in a way that is no trigger, so the answer goes back to the caller."""
    answered: Answered | None = None
    """What the upstream answered, if it did."""
    not_sent: NotSent | None = None
    """Set where nobody was asked."""

    @property
    def error(self) -> dict[str, Any] | None:
        """The upstream's `error`."""
        return None if self.answered is None else _error(self.answered)


def failure_of(exception: BaseException, wire: Wire) -> Failure:
    """Reads what was answered, if that is known; else an exception, whose own status is LiteLLM's: the upstream's stands
    in its causes."""
    answered, is_asked, is_slow = wire.answered, wire.is_asked, False
    causes = list(_causes(exception, wire.told))
    wire.told += causes
    for cause in causes if answered is None else ():
        kind = type(cause)
        is_slow = is_slow or "timeout" in kind.__name__.lower()
        # LiteLLM's own classes carry made-up responses and say `connection` of every mistake: below them is the real one.
        is_own = kind.__module__.startswith("litellm")
        if not is_own and isinstance(cause, (openai.APIStatusError, httpx.HTTPStatusError)):
            answered = _found(cause.response)
            break
        is_asked = is_asked or (not is_own and (isinstance(cause, _ON_THE_WAY) or kind.__module__.startswith("aiohttp")))
    if answered is None:
        if is_slow or is_asked:
            return Failure("timeout" if is_slow else "unavailable")
        return Failure(None, None, _not_sent(exception))
    error = _error(answered)
    words = {word.lower() for key in ("code", "type") if isinstance(word := error.get(key), str)} if error else set()
    return Failure(trigger_of(answered.status, words), answered)


def _not_sent(exception: BaseException) -> NotSent:
    """Names the members that are the matter, and no value: an error may repeat the prompt."""
    kind, text = type(exception).__name__, str(exception)
    if kind in _OF_THE_CONFIGURATION:
        return NotSent(503, f"the gateway is not configured to ask this model: LiteLLM says {kind}")
    named = sorted(name for name in BODY_KEYS | SETTINGS if f"'{name}'" in text)
    about = f" with {', '.join(f'`{name}`' for name in named)}" if named else ""
    return NotSent(400, f"the request cannot be sent to this model{about}: LiteLLM refuses it ({kind})")


def _found(response: httpx.Response) -> Answered:
    note = response.extensions.get(NOTE)
    if isinstance(note, Answered):
        return note
    headers = [(name.lower(), value) for name, value in response.headers.multi_items()]
    try:
        return Answered(response.status_code, headers, response.content, True)
    except httpx.StreamError:
        return Answered(response.status_code, headers)


def _causes(exception: BaseException, told: list[BaseException]) -> Iterator[BaseException]:
    """What an attempt ended in and why, down to what earlier attempts ended in."""
    cause = exception
    for _ in range(_DEEPEST):
        yield cause
        further = cause.__cause__ or cause.__context__
        if further is None or any(further is one for one in told):
            return
        cause = further


def trigger_of(status: int, words: set[str]) -> str | None:
    """The trigger of an answer with this status, whose `error.code` and `error.type` are these words."""
    if 400 <= status < 500:
        if words & _CONTENT:
            return "content-filtered"
        if words & _CONTEXT:
            return "context-exceeded"
        if status in (403, 429) and words & _CREDIT:
            return "out-of-credit"
    return _STATUS.get(status) or ("server-error" if 500 <= status < 600 else None)


def _error(answered: Answered) -> dict[str, Any] | None:
    body = parsed(answered.body)
    error = body.get("error") if isinstance(body, dict) else None
    return error if isinstance(error, dict) else None
