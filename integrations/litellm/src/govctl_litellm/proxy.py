"""What the configuration of a LiteLLM proxy names: `callbacks: [govctl_litellm.proxy.govctl]`."""

import logging
import os

from litellm.proxy import proxy_server

from . import client, guard
from .groups import unset
from .hook import Govctl

_log = logging.getLogger("govctl")
if not _log.handlers:
    # One JSON line a request, unless whoever starts the proxy has said where they go.
    _log.addHandler(logging.StreamHandler())
    _log.setLevel(logging.INFO)
    _log.propagate = False

govctl = Govctl()

if missing := unset(govctl.tables.loaded, os.environ):
    # OpenAI's client would take another key instead.
    raise SystemExit(f"govctl: no key stands in {', '.join(missing)}; set what the endpoints of the table name")
client.install()
guard.install(proxy_server.app, govctl.tables.current)
