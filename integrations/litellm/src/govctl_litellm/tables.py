"""The table file: loaded when it changes, while requests go on; a new one that is refused changes nothing."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path

from govctl_table import Live, Table

log = logging.getLogger("govctl")

RECHECK_SECONDS = 1.0


class Tables:
    """The table in use, from the file that the environment names.

    `GOVCTL_TABLE` is the file, its signature stands beside it as `.sig`; `GOVCTL_TRUSTED_KEYS` names `.pub` files,
    separated as in `PATH`. With `GOVCTL_ALLOW_EXPIRED=1` a table is used past its `valid_until`. `GOVCTL_LEAST_SERIAL`
    is the least serial number that a table may have.
    """

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self.path = Path(environment["GOVCTL_TABLE"])
        keys = [key for key in environment.get("GOVCTL_TRUSTED_KEYS", "").split(os.pathsep) if key]
        self._allow_expired = environment.get("GOVCTL_ALLOW_EXPIRED") == "1"
        least = environment.get("GOVCTL_LEAST_SERIAL")
        self._live = Live(
            trusted_keys=[Path(key).read_text() for key in keys],
            allow_expired=self._allow_expired,
            least_serial=int(least) if least else None,
        )
        self._signed = bool(keys)
        self._seen: tuple[object, ...] = ()
        self._next = 0.0
        self._loading = asyncio.Lock()
        self.reload()

    @staticmethod
    def today() -> str:
        """The current day in UTC."""
        return datetime.now(timezone.utc).date().isoformat()

    @property
    def loaded(self) -> Table | None:
        """The table in use, expired or not."""
        return self._live.table

    async def current(self) -> Table | None:
        """The table for one request; none where there is none that may be used today."""
        if time.monotonic() >= self._next and not self._loading.locked():
            async with self._loading:
                self._next = time.monotonic() + RECHECK_SECONDS
                if self._files() != self._seen:
                    await asyncio.to_thread(self.reload)
        table = self._live.table
        if table is None or self._allow_expired:
            return table
        until = table.raw["valid_until"]
        return table if until is None or self.today() <= until else None

    def reload(self) -> None:
        """Loads what the file holds now, and says in the log what came of it."""
        seen = self._files()
        try:
            data = self.path.read_bytes()
            signature = self._signature.read_bytes() if self._signed and self._signature.exists() else None
        except OSError as error:
            log.error("the table `%s` cannot be read: %s", self.path, error.strerror)
            return
        refusal = self._live.swap(data, as_of=self.today(), signature=signature)
        self._seen = seen
        if refusal is not None:
            log.error("%s (%s); the table in use stays", refusal, refusal.code)
        elif self._live.table is not None:
            log.info("table %s is in use", self._live.table.digest)

    @property
    def _signature(self) -> Path:
        return self.path.with_name(self.path.name + ".sig")

    def _files(self) -> tuple[object, ...]:
        found: list[object] = []
        for path in (self.path, self._signature):
            try:
                stat = path.stat()
                found.append((stat.st_mtime_ns, stat.st_size, stat.st_ino))
            except OSError:
                found.append(None)
        return tuple(found)
