"""Who administers the proxy, as LiteLLM itself tells."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from fastapi import Request, params
from litellm.proxy._types import LitellmUserRoles
from litellm.proxy.auth.user_api_key_auth import user_api_key_auth


async def is_admin(scope: MutableMapping[str, Any], receive: Callable[[], Awaitable[Any]]) -> bool:
    """Whether the credentials of a request are an administrator's. Where LiteLLM refuses them they are not."""
    # What is noted in the scope is of this look alone.
    request = Request({**scope, "state": {}}, receive)
    headers: dict[str, Any] = {}
    for name, parameter in inspect.signature(user_api_key_auth).parameters.items():
        if isinstance(parameter.default, params.Security):
            scheme: Any = parameter.default.dependency
            headers[name] = request.headers.get(scheme.model.name)
    try:
        found = await user_api_key_auth(request=request, **headers)
    except Exception:  # Whatever it is: it is no proof.
        return False
    return bool(found.user_role == LitellmUserRoles.PROXY_ADMIN)
