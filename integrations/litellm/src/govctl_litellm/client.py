"""The client through which LiteLLM asks what speaks OpenAI's API: it goes where it is sent, and as whom it is told."""

from __future__ import annotations

import os

import httpx
import litellm
from litellm.llms.openai.common_utils import BaseOpenAILLM

from .wire import Witness

NO_KEY = "none"
"""The key of an endpoint that has none: without any, OpenAI's client would take that of `OPENAI_API_KEY`."""

_OF_THE_ENVIRONMENT = ("openai-organization", "openai-project")


async def _only_as_configured(request: httpx.Request) -> None:
    """Takes out what the client adds from the gateway's own environment, and a key that is none."""
    for name in _OF_THE_ENVIRONMENT:
        request.headers.pop(name, None)
    if request.headers.get("authorization") == f"Bearer {NO_KEY}":
        del request.headers["authorization"]


def install() -> None:
    """Makes LiteLLM use it. A redirect is then an answer as any other: nobody is asked whom the table does not name."""
    client = litellm.aclient_session or BaseOpenAILLM._get_async_http_client() or httpx.AsyncClient()
    client.follow_redirects = False
    client.event_hooks["request"].append(_only_as_configured)
    client._transport = Witness(client._transport)
    client._mounts = {pattern: one and Witness(one) for pattern, one in client._mounts.items()}
    litellm.aclient_session = client
    # To count tokens, LiteLLM would get the tokenizers of some models from huggingface.co while callers wait.
    litellm.disable_hf_tokenizer_download = True
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
