"""The table that a running gateway answers by."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from .refusal import Refusal
from .signature import TrustedKey
from .table import Table, load


class Live:
    """Holds the table in use and takes a new one while it serves; where the new one is refused the old one stays.

    It remembers the greatest serial number that it has taken, so that an older table cannot come back.
    """

    def __init__(
        self,
        *,
        trusted_keys: Sequence[TrustedKey | str] = (),
        allow_expired: bool = False,
        allow_unsigned: bool = False,
        least_serial: int | None = None,
    ) -> None:
        self._keys = [TrustedKey.parse(key) if isinstance(key, str) else key for key in trusted_keys]
        self._allow_expired = allow_expired
        self._allow_unsigned = allow_unsigned
        self._least_serial = least_serial
        self._swapping = threading.Lock()
        self._table: Table | None = None

    @property
    def table(self) -> Table | None:
        """The table for one request, or for a batch that must be decided alike; none before the first one is loaded."""
        return self._table

    @property
    def greatest_serial(self) -> int | None:
        """The greatest serial number taken so far, or the least that was given: what a gateway writes down to give as
        `least_serial` after a restart."""
        return self._least_serial

    def swap(
        self, data: bytes | bytearray | memoryview, *, as_of: str | None, signature: bytes | None = None
    ) -> Refusal | None:
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
                    least_serial=self._least_serial,
                )
            except Refusal as refusal:
                return refusal
            # With a least one, no table without a serial number or with a lesser one gets here.
            self._least_serial = table.serial if table.serial is not None else self._least_serial
            self._table = table
            return None
