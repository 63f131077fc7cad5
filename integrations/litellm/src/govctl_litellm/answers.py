"""Answers that LiteLLM must give as they are."""

from __future__ import annotations

from typing import Any

from fastapi import HTTPException
from litellm.proxy._types import ProxyException


class Answer(ProxyException, HTTPException):  # type: ignore[misc]
    """An answer with an exact status, body and headers.

    A ProxyException first, so that the proxy writes `to_dict()` as it is; an HTTPException, so that a failure hook may
    return it.
    """

    def __init__(self, status: int, error: dict[str, Any], headers: dict[str, str]) -> None:
        ProxyException.__init__(
            self,
            message=str(error.get("message")),
            type=str(error.get("type")),
            param=None,
            code=status,
            headers=headers,
        )
        # ProxyException's `super().__init__` is HTTPException's here, and mixes them up.
        self.status_code, self.detail, self.code = status, error, str(status)
        self.error = error

    def to_dict(self) -> dict[str, Any]:
        """The member `error` of the body."""
        return self.error
