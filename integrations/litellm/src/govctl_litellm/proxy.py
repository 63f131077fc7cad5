"""What the configuration of a LiteLLM proxy names: `callbacks: [govctl_litellm.proxy.govctl]`."""

import logging

from .hook import Govctl

_log = logging.getLogger("govctl")
if not _log.handlers:
    # One JSON line a request, unless whoever starts the proxy has said where they go.
    _log.addHandler(logging.StreamHandler())
    _log.setLevel(logging.INFO)
    _log.propagate = False

govctl = Govctl()
