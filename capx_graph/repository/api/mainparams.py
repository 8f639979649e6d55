"""The parameters that every request may have.

Only main.py and paraminfo.py import it.
"""

from __future__ import annotations

from capx_graph.repository.api.errors import FORMATS
from capx_graph.repository.api.parameters import Param, flag

MAIN = (
    Param("action", default="help"),
    Param("format", choices=("json", "jsonfm", "none"), default="json"),
    Param("formatversion", choices=("1", "2", "latest"), default="1"),
    Param("errorformat", choices=FORMATS, default="bc"),
    Param("errorlang"),
    flag("errorsuselocal"),
    Param("uselang", default="user"),
    Param("maxlag", "integer"),
    Param("assert", choices=("anon", "bot", "user")),
    Param("assertuser"),
    Param("requestid"),
    flag("servedby"),
    flag("curtimestamp"),
    flag("responselanginfo"),
    Param("origin"),
    flag("crossorigin"),
    flag("utf8"),
    flag("ascii"),
    Param("variant"),
    Param("maxage", "integer"),
    Param("smaxage", "integer"),
)
