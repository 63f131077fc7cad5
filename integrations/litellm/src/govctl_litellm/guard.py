"""What stands before the whole proxy: only what the hook decides gets in, and only where it can be understood one way."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from govctl_table import Table

from .call import write
from .stated import Refused, prefix_of
from .wire import CURRENT, Exact, Wire

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
IsAdmin = Callable[[Scope, Receive], Awaitable[bool]]

CHAT = frozenset({"/v1/chat/completions", "/chat/completions"})
READ = frozenset(
    "/ /health/liveliness /health/liveness /health/readiness /models /v1/models /metrics".split()
)
"""What may be read: nothing here asks a provider for anything."""
MANAGED = tuple(f"/{what}/" for what in "key team user organization customer budget spend global".split())
"""Where keys and teams are managed. What their metadata state, requests are decided by."""
NOT_MANAGED = frozenset({"/key/health"})
OWN_CREDENTIAL = "x-litellm-api-key"
CREDENTIALS = frozenset({OWN_CREDENTIAL, "authorization", "api-key", "x-api-key", "x-goog-api-key", "ocp-apim-subscription-key"})
"""Where LiteLLM looks for a key: in its own header first."""
MAX_BODY = 20_000_000

OF_THE_PROXY = (b"x-litellm-", b"access-control-")
"""What of the proxy's own headers goes with a provider's answer."""


class Members(dict[str, Any]):
    """A JSON object that remembers which of its keys appear twice."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.twice = {key for key, times in Counter(key for key, _ in pairs).items() if times > 1} if len(self) < len(pairs) else set()


def check_once(data: bytes) -> None:
    """Refuses a body that is no JSON, and one that states something of ours twice."""
    try:
        body = json.loads(data.decode(), object_pairs_hook=Members, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Refused("not-json", "the body is not a JSON object", status=400) from None
    if not isinstance(body, Members):
        raise Refused("not-json", "the body is not a JSON object", status=400)
    for place in ("metadata", "litellm_metadata"):
        holder = body.get(place)
        ours = holder.get("govctl") if isinstance(holder, Members) else None
        facts = ours.get("facts") if isinstance(ours, Members) else None
        twice = place in body.twice or (isinstance(holder, Members) and "govctl" in holder.twice)
        if twice or any(isinstance(one, Members) and one.twice for one in (ours, facts)):
            raise Refused("block", "the metadata states something twice")


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def check_headers(headers: Iterable[tuple[bytes, bytes]], prefix: str) -> None:
    """Refuses headers that state something twice, of which the proxy would take one: ours, credentials, and lengths."""
    names = Counter(name.decode("latin-1").lower() for name, _ in headers)
    if any(times > 1 and (name in CREDENTIALS or name.startswith(prefix)) for name, times in names.items()):
        raise Refused("block", "a header appears twice")
    if OWN_CREDENTIAL in names and len(CREDENTIALS & names.keys()) > 1:
        raise Refused("block", "credentials stand in two headers")
    if names["content-length"] > 1 or names["transfer-encoding"] > 1 or {"content-length", "transfer-encoding"} <= names.keys():
        raise Refused("block", "the length of the body is stated twice", status=400)


def is_let_in(method: str, path: str) -> bool:
    """Whether a path is one that the hook decides, or one that asks no provider."""
    if path in CHAT:
        return method == "POST"
    return (method in ("GET", "HEAD") and path in READ) or (path.startswith(MANAGED) and path not in NOT_MANAGED)


def manages(method: str, path: str) -> bool:
    """Whether a request may change what a key or a team states: LiteLLM lets members make keys and word their metadata."""
    return path.startswith(MANAGED) and method not in ("GET", "HEAD", "OPTIONS")


class Guard:
    """An ASGI application around the proxy."""

    def __init__(self, app: App, table: Callable[[], Awaitable[Table | None]], is_admin: IsAdmin) -> None:
        self.app = app
        self.table = table
        self.is_admin = is_admin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets a request in, or answers it."""
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        table = await self.table()
        try:
            path = scope["path"].removeprefix(scope.get("root_path", ""))
            if scope["type"] != "http" or not is_let_in(scope["method"], path):
                raise Refused("block", "only /v1/chat/completions is served", status=404)
            if manages(scope["method"], path):
                data = await _whole(receive)
                if not await self.is_admin(scope, _again(data, receive)):
                    raise Refused("block", "only an administrator of the proxy manages keys and teams")
                receive = _again(data, receive)
            if path not in CHAT:
                return await self.app(scope, receive, send)
            check_headers(scope["headers"], prefix_of(table) if table else "x-govctl-")
            data = await _whole(receive)
            check_once(data)
        except Refused as refused:
            return await _refuse(scope, send, table, refused)
        await self._chat(scope, data, receive, send)

    async def _chat(self, scope: Scope, data: bytes, receive: Receive, send: Send) -> None:
        """Lets a chat completion in, and watches whether its caller stays."""
        wire = Wire()
        CURRENT.set(wire)
        watching = asyncio.create_task(_until_gone(receive, wire))
        try:
            await self.app(scope, _again(data, lambda: asyncio.shield(watching)), _exactly(wire, send))
        finally:
            watching.cancel()


async def _until_gone(receive: Receive, wire: Wire) -> Any:
    """Waits until the caller hangs up, or has the whole answer."""
    while (message := await receive())["type"] != "http.disconnect":
        pass
    wire.is_gone = True
    return message


async def _whole(receive: Receive) -> bytes:
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise Refused("block", "the request did not arrive", status=400)
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MAX_BODY:
            raise Refused("block", "the body is too large", status=413)
        more = message.get("more_body", False)
    return b"".join(parts)


def _again(data: bytes, receive: Receive) -> Receive:
    """Gives a body that was read once more, and then whatever else comes."""
    waiting = [{"type": "http.request", "body": data, "more_body": False}]

    async def again() -> Any:
        return waiting.pop() if waiting else await receive()

    return again


def _exactly(wire: Wire, send: Send) -> Send:
    """Sends what a provider answered where the hook hands that back, in the place of what the proxy makes of it."""
    sent: Exact | None = None

    async def exactly(message: Any) -> None:
        nonlocal sent
        if message["type"] != "http.response.start":
            return None if sent is not None else await send(message)
        sent = wire.exact
        if sent is None:
            return await send(message)
        kept = [pair for pair in message["headers"] if pair[0].lower().startswith(OF_THE_PROXY)]
        await send({"type": "http.response.start", "status": sent.status, "headers": [*sent.headers, *kept]})
        # Where more is said to come and does not, the server breaks the connection off.
        await send({"type": "http.response.body", "body": sent.body, "more_body": not sent.is_whole})

    return exactly


async def _refuse(scope: Scope, send: Send, table: Table | None, refused: Refused) -> None:
    if scope["type"] != "http":
        return await send({"type": "websocket.close", "code": 1008})
    digest = None if table is None else table.digest
    error = {"type": "govctl", "code": refused.code, "message": refused.text, "use_case": None, "decision": None, "table": digest}
    write("refused", error)
    prefix = prefix_of(table) if table else "x-govctl-"
    said = {"content-type": "application/json", prefix + "table": digest or "-", prefix + "decision": "-", prefix + "route": "block", prefix + "hop": "-"}
    headers = [(name.encode(), value.encode()) for name, value in said.items()]
    body = json.dumps({"error": error}).encode()
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": refused.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def install(app: Any, table: Callable[[], Awaitable[Table | None]], is_admin: IsAdmin) -> None:
    """Puts it around an application, also one that has started."""
    if app.middleware_stack is None:
        app.add_middleware(Guard, table=table, is_admin=is_admin)
    else:
        app.middleware_stack = Guard(app.middleware_stack, table, is_admin)
