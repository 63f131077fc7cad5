"""What the parts of `tests.test_proxy` know of the proxy that `Proxy` starts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from upstream import Upstream


class Running:
    """The running proxy, and what a test case asks with."""

    folder: Path
    port: int
    upstream: Upstream
    ask: Any
    hits: Any
    cooled: Any
    subTest: Any
    assertEqual: Any
    assertIn: Any
    assertLess: Any
    assertNotIn: Any
    assertRegex: Any

    def decided(self) -> list[dict[str, Any]]:
        """The lines about requests that were decided."""
        return [json.loads(line) for line in (self.folder / "log").read_text().splitlines() if line.startswith('{"event": "decided"')]
