"""JSON as MediaWiki writes it: UTF-8, no spaces, lone surrogates as they came.

Rooms of the repository import it.
"""

from __future__ import annotations

import json
from typing import Any


def json_text(content: Any) -> str:
    """JSON without a space."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def json_bytes(content: Any) -> bytes:
    """The same in UTF-8; half a pair of surrogates, which a client may have sent, does not stop it."""
    return json_text(content).encode("utf-8", "surrogatepass")
