"""What providers answered, held apart from what LiteLLM makes of it.

LiteLLM takes a part of an answer for none, an answer without choices for an empty one, and searches every error for
secrets for as long as it takes. So it gets errors that say no more than their status, and what a provider really
answered waits here until the hook hands it back.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import httpx

MAX_ERROR = 1 << 20
"""How much of the body of an error is read."""

MAX_FIRST_EVENT = 1 << 16
"""How much of a stream may come before its first event is whole."""

PATIENCE_SECONDS = 600.0
"""How long an answer that has begun may be silent."""

_BROKEN = (httpx.HTTPError, httpx.StreamError, asyncio.TimeoutError, OSError, RuntimeError)
_BEGINNINGS = (b"data:", b"event:", b"id:", b"retry:", b":")
_ENCODINGS = frozenset({"content-encoding", "content-length", "transfer-encoding"})
_NOT_HANDED_BACK = _ENCODINGS | frozenset(
    "connection keep-alive proxy-connection proxy-authenticate te trailer upgrade set-cookie server date alt-svc".split()
)


@dataclass
class Answered:
    """A provider's answer, of which at least the head has come."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes = b""
    is_whole: bool = False
    """Whether the body came to its end, and is held whole."""

    def handed_back(self, prefix: str, ours: dict[str, str]) -> Exact:
        """The same as an answer of the gateway: without what concerns one connection, and with our headers."""
        headers = [
            (name.encode("latin-1", "replace"), value.encode("latin-1", "replace"))
            for name, value in self.headers
            if name not in _NOT_HANDED_BACK and not name.startswith((prefix, "x-litellm-"))
        ]
        headers += [(name.encode(), value.encode()) for name, value in ours.items()]
        if self.is_whole and self.status not in (204, 304):
            headers.append((b"content-length", str(len(self.body)).encode()))
        return Exact(self.status, headers, self.body, self.is_whole)


@dataclass
class Exact:
    """An answer as it goes to the caller, whatever LiteLLM says."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    is_whole: bool
    """If not, the connection breaks off after the body, as the provider's did."""


class Wire:
    """What one request of a caller came to: what was answered last, and what goes back."""

    def __init__(self) -> None:
        self.is_stream = False
        self.is_asked = False
        """Whether the attempt at hand got as far as asking an endpoint."""
        self.is_gone = False
        """Whether the caller has hung up."""
        self.answered: Answered | None = None
        self.exact: Exact | None = None
        self.told: list[BaseException] = []
        """What earlier attempts ended in: what a later one ends in is raised while these are handled, and so leads to them."""


CURRENT: ContextVar[Wire | None] = ContextVar("govctl_wire", default=None)
"""The request of whose caller something is asked."""

NOTE = "govctl"
"""Under this key of its extensions stands which answer an error stands for."""


class Witness(httpx.AsyncBaseTransport):  # type: ignore[misc]
    """A transport that notes what is answered, and gives LiteLLM only what it can understand."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Asks, and waits for the first byte no longer than the request says."""
        wire = CURRENT.get()
        if wire is not None:
            wire.is_asked = True
        limits = dict(request.extensions.get("timeout") or {})
        first = limits.get("read")
        request.extensions["timeout"] = {**limits, "read": PATIENCE_SECONDS}
        try:
            response = await asyncio.wait_for(self._inner.handle_async_request(request), first)
        except asyncio.TimeoutError:
            raise httpx.ReadTimeout("no first byte in time", request=request) from None
        answered = Answered(response.status_code, [(name.lower(), value) for name, value in response.headers.multi_items()])
        if wire is not None:
            wire.answered = answered
        if not 200 <= answered.status < 300:
            answered.body, answered.is_whole = await _read(_parts(response), response, MAX_ERROR, first or PATIENCE_SECONDS)
        elif wire is None:
            return response
        elif wire.is_stream:
            begun = await self._begun(response, answered)
            if begun is not None:
                return _as(answered, request, stream=begun)
        else:
            answered.body, answered.is_whole = await _read(_parts(response), response, None, None)
            if answered.is_whole and _is_completion(answered.body):
                return _as(answered, request, content=answered.body)
        return _stand_in(answered, request)

    async def _begun(self, response: httpx.Response, answered: Answered) -> httpx.AsyncByteStream | None:
        """The stream, once its first event has come; none where this is no stream, or one that has only an error."""
        parts = _parts(response)
        head, is_open = b"", True
        try:
            while is_open and _may_be_stream(head) and not _has_event(head) and len(head) < MAX_FIRST_EVENT:
                part = await anext(parts, None)
                is_open = part is not None
                head += part or b""
        except _BROKEN:
            answered.body = head
            await _close(response)
            return None
        if is_open and _may_be_stream(head) and not _is_error(head):
            return _Further(head, parts, response)
        if not is_open and _has_event(head) and not _is_error(head):
            return _Further(head, parts, response)
        answered.body, answered.is_whole = await _read(parts, response, MAX_ERROR, PATIENCE_SECONDS, head)
        return None

    async def aclose(self) -> None:
        """Closes the transport below."""
        await self._inner.aclose()


class _Further(httpx.AsyncByteStream):  # type: ignore[misc]
    """A stream of which some has been read."""

    def __init__(self, head: bytes, parts: AsyncIterator[bytes], response: httpx.Response) -> None:
        self._head, self._parts, self._response = head, parts, response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._head
        async for part in self._parts:
            yield part

    async def aclose(self) -> None:
        await _close(self._response)


def _parts(response: httpx.Response) -> AsyncIterator[bytes]:
    parts: AsyncIterator[bytes] = response.aiter_bytes()
    return parts


async def _read(
    parts: AsyncIterator[bytes], response: httpx.Response, most: int | None, seconds: float | None, head: bytes = b""
) -> tuple[bytes, bool]:
    """What comes of a body, at most so much and for so long, and whether that is all of it."""
    read, size = [head], len(head)

    async def to_the_end() -> bool:
        nonlocal size
        async for part in parts:
            room = len(part) if most is None else most - size
            read.append(part[:room])
            size += len(read[-1])
            if len(part) > room:
                return False
        return True

    try:
        is_whole = await asyncio.wait_for(to_the_end(), seconds)
    except _BROKEN:
        is_whole = False
    await _close(response)
    return b"".join(read), is_whole


async def _close(response: httpx.Response) -> None:
    try:
        await response.aclose()
    except _BROKEN:
        pass


def _as(answered: Answered, request: httpx.Request, **body: Any) -> httpx.Response:
    """The answer with a body that is decoded."""
    headers = [(name, value) for name, value in answered.headers if name not in _ENCODINGS]
    return httpx.Response(answered.status, headers=headers, request=request, **body)


def _stand_in(answered: Answered, request: httpx.Request) -> httpx.Response:
    """What LiteLLM gets of an answer that is none to it."""
    status = answered.status if 400 <= answered.status < 600 else 502
    error = {"message": f"the model answered {answered.status}", "type": "upstream", "param": None, "code": str(answered.status)}
    return httpx.Response(status, json={"error": error}, request=request, extensions={NOTE: answered})


def parsed(body: bytes) -> Any:
    """A body as JSON; none where it is none, or nested too deep."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _is_completion(body: bytes) -> bool:
    found = parsed(body)
    return isinstance(found, dict) and isinstance(found.get("choices"), list)


def _may_be_stream(head: bytes) -> bool:
    """Whether a body begins as a stream of events does, as far as it has come."""
    begins = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return any(begins.startswith(one) or one.startswith(begins) for one in _BEGINNINGS)


def _first(head: bytes) -> bytes | None:
    """The data of the first event that has any; none where it is not whole."""
    lines = head.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    return next((line[5:].strip() for line in lines[:-1] if line.startswith(b"data:")), None)


def _has_event(head: bytes) -> bool:
    return _first(head) is not None


def _is_error(head: bytes) -> bool:
    """Whether a stream begins with an error, or is over before it began."""
    first = _first(head)
    if first is None:
        return False
    found = parsed(first)
    return first == b"[DONE]" or (isinstance(found, dict) and bool(found.get("error")) and not found.get("choices"))
