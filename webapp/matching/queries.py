"""Where each list of matches can be asked for in SPARQL: the query that defines it, with the asker's values in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from flask import url_for

from capx_graph.instants import stamp
from capx_graph.matching import Asker
from capx_graph.namespaces import CAPX

_CLASSES = {"": f"{CAPX}Person", "_organizations": f"{CAPX}Organization"}


def query_address(name: str, asker: Asker, *, now: datetime) -> str | None:
    """The address of the editor with the query of a list; None where the asker has nothing to ask it with."""
    query, values = _asked(name, asker)
    if not any(values.values()):
        return None
    given: Mapping[str, Any] = {
        **{parameter: sorted(items) for parameter, items in values.items()},
        "left_out": [] if name == "events" else sorted(asker.excluded),
        **_rest(name, asker, now),
    }
    return url_for("query.page", open=f"match/{query}", run=1, **given)


def _asked(name: str, asker: Asker) -> tuple[str, Mapping[str, Collection[str]]]:
    """The name of the query, and those of its parameters that make it worth asking."""
    base = name.removesuffix("_organizations")
    found: dict[str, Mapping[str, Collection[str]]] = {
        "learn_from": {"wanted": asker.wants},
        "share_with": {"offered": asker.offers},
        "swaps": {"wanted": asker.wants, "offered": asker.offers} if asker.wants and asker.offers else {},
        "same_language": {"language": asker.languages},
        "events": {"capacity": asker.knows | asker.wants},
        "capacities": {"held": asker.held},
    }
    return ("peers" if name == "capacities" else base), found[base]


def _rest(name: str, asker: Asker, now: datetime) -> Mapping[str, str]:
    """The other parameters."""
    if name == "same_language":
        return {}
    if name == "capacities":
        return {"least": str(min(2, len(asker.held)))}
    rest = {"hierarchy": str(int(asker.hierarchy))}
    if name == "events":
        return rest | {"now": stamp(now)}
    if name == "swaps":
        return rest
    return rest | {"class": _CLASSES["_organizations" if name.endswith("_organizations") else ""]}
