"""The table that a running gateway answers by."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from .refusal import Refusal
from .signature import TrustedKey
from .table import Table, load


class Live:
    """Holds the table in use and takes a new one while it serves; where the new one is refused the old one stays."""

    def __init__(
        self,
        *,
        trusted_keys: Sequence[TrustedKey | str] = (),
        allow_expired: bool = False,
        allow_unsigned: bool = False,
    ) -> None:
        self._keys = [TrustedKey.parse(key) if isinstance(key, str) else key for key in trusted_keys]
        self._allow_expired = allow_expired
        self._allow_unsigned = allow_unsigned
        self._swapping = threading.Lock()
        self._table: Table | None = None

    @property
    def table(self) -> Table | None:
        """The table for one request, or for a batch that must be decided alike; none before the first one is loaded."""
        return self._table

    def swap(self, data: bytes, *, as_of: str | None, signature: bytes | None = None) -> Refusal | None:
        """Takes a new table, or says why it is refused and keeps the old one.

        Loads beside the table in use and changes over only once nothing can fail any more: who still decides by the
        old one keeps it until then.
        """
        with self._swapping:
            try:
                table = load(
                    data,
                    as_of=as_of,
                    signature=signature,
                    trusted_keys=self._keys,
                    allow_expired=self._allow_expired,
                    allow_unsigned=self._allow_unsigned,
                )
            except Refusal as refusal:
                return refusal
            self._table = table
            return None
