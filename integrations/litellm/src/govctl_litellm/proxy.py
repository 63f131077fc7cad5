"""What the configuration of a LiteLLM proxy names: `callbacks: [govctl_litellm.proxy.govctl]`."""

import logging
import os
from collections.abc import Collection

from litellm.proxy import proxy_server

from . import client, guard
from .admin import is_admin
from .groups import unset
from .hook import Govctl
from .tables import Tables

_log = logging.getLogger("govctl")
if not _log.handlers:
    # One JSON line a request, unless whoever starts the proxy has said where they go.
    _log.addHandler(logging.StreamHandler())
    _log.setLevel(logging.INFO)
    _log.propagate = False



def configured() -> Collection[str] | None:
    """The model groups of the running proxy; none before it has read its configuration."""
    router = proxy_server.llm_router
    return None if router is None else frozenset(router.get_model_names())


govctl = Govctl(Tables(configured=configured))

if missing := unset(govctl.tables.loaded, os.environ):
    # OpenAI's client would take another key instead.
    raise SystemExit(f"govctl: no key stands in {', '.join(missing)}; set what the endpoints of the table name")
client.install()
guard.install(proxy_server.app, govctl.tables.current, is_admin)
