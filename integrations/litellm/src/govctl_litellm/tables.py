"""The table file: loaded when it changes, while requests go on; a new one that is refused changes nothing."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timezone
from pathlib import Path

from govctl_table import Live, Table

from .groups import groups

log = logging.getLogger("govctl")

RECHECK_SECONDS = 1.0

MAX_NAMED = 5
"""How many model groups that are not configured are named."""


class Tables:
    """The table in use, from the file that the environment names.

    `GOVCTL_TABLE` is the file, its signature stands beside it as `.sig`; `GOVCTL_TRUSTED_KEYS` names `.pub` files,
    separated as in `PATH`. With `GOVCTL_ALLOW_EXPIRED=1` a table is used past its `valid_until`. `GOVCTL_LEAST_SERIAL`
    is the least serial number that a table may have. `configured` says which model groups the running proxy has, none
    before it has read its configuration: a table that needs others is not used.
    """

    def __init__(
        self,
        environment: Mapping[str, str] = os.environ,
        configured: Callable[[], Collection[str] | None] = lambda: None,
    ) -> None:
        self.configured = configured
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
        self._table: Table | None = None
        self._is_proved, self._lacks = False, ""
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
        return self._table

    async def current(self) -> Table | None:
        """The table for one request; none where there is none that may be used today."""
        if time.monotonic() >= self._next and not self._loading.locked():
            async with self._loading:
                self._next = time.monotonic() + RECHECK_SECONDS
                if self._files() != self._seen:
                    await asyncio.to_thread(self.reload)
                if not self._is_proved:
                    await asyncio.to_thread(self._prove)
        table = self._table
        if self._lacks:
            return None
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
            self._take(self._live.table)

    def _take(self, table: Table) -> None:
        """Puts a table in use, unless the running configuration cannot serve it and there is another one."""
        lacks = self._lacking(table)
        if lacks and self._table is not None:
            log.error("table %s is refused: %s; the table in use stays", table.digest, lacks)
            return
        self._table, self._is_proved, self._lacks = table, False, ""
        log.info("table %s is in use", table.digest)
        self._prove()

    def _prove(self) -> None:
        """Holds the first table against the configuration, which is read after it, until that can serve it."""
        if self._table is None:
            return
        lacks = self._lacking(self._table)
        if lacks and lacks != self._lacks:
            log.error("everything is blocked: %s", lacks)
        self._is_proved, self._lacks = not lacks and self.configured() is not None, lacks

    def _lacking(self, table: Table) -> str:
        """What the running configuration has not that a table needs; empty where it has everything, or is not read yet."""
        configured = self.configured()
        missing = [] if configured is None else sorted(groups(table).keys() - set(configured))
        if not missing:
            return ""
        more = f" and {len(missing) - MAX_NAMED} more" if len(missing) > MAX_NAMED else ""
        named = ", ".join(f"`{name}`" for name in missing[:MAX_NAMED])
        return (
            f"the running configuration has no model group {named}{more}, so start the proxy with that of "
            f"`govctl export litellm` for table {table.digest}"
        )

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
