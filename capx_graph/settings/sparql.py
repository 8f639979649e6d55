"""The settings of SPARQL: what strangers' queries may take, and the engine that holds the graph."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from capx_graph.settings.parsing import addresses, page, parsed, whole
from capx_graph.settings.setting import Setting

SPARQL: tuple[Setting, ...] = (
    Setting("sparql_timeout", "30", "Seconds that a query at /sparql may take."),
    Setting("sparql_memory", "2048", "MiB of memory that the process of one query may use."),
    Setting("sparql_result", "64", "MiB that the result of one query may have."),
    Setting("sparql_workers", "0", "Processes that answer queries at /sparql; 0 means one a processor, at least two."),
    Setting(
        "sparql_allowance",
        "120",
        "Seconds of query time that one client address may owe, as the clock pays back one a second; 0 for no limit.",
    ),
    Setting(
        "sparql_services",
        "https://query.wikidata.org/sparql,https://commons-query.wikimedia.org/sparql",
        "Endpoints that a query may call by SERVICE, separated by commas, or none. A host given as a number may be one "
        "of your own network.",
    ),
    Setting("sparql_url", "", "A SPARQL 1.1 engine that shall hold the graph, by its query address; empty: our own."),
    Setting("sparql_update_url", "", "Where that engine takes updates; empty means the query address."),
    Setting("sparql_store_url", "", "Where it speaks the Graph Store Protocol, for fast rebuilds; empty: by updates."),
    Setting("sparql_user", "", "The user that this service is there, by HTTP Basic; empty for none."),
    Setting("sparql_password", "", "That user's password.", secret=True),
)


@dataclass(frozen=True, slots=True)
class SparqlSettings:
    """What strangers' queries may take and call; ``memory`` and ``result`` are in bytes."""

    timeout: float
    memory: int
    result: int
    workers: int
    allowance: float
    services: frozenset[str]


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """Where an engine elsewhere answers that holds the graph; ``load`` is empty where it has no such address."""

    query: str
    update: str
    load: str
    user: str
    password: str = field(repr=False)


def sparql_settings(values: Mapping[str, str]) -> SparqlSettings:
    """What strangers' queries may take and call; raises InvalidSetting."""
    return SparqlSettings(
        timeout=parsed(values, "sparql_timeout", lambda text: whole(text, 1, 3600)),
        memory=parsed(values, "sparql_memory", lambda text: whole(text, 128, 1 << 20)) << 20,
        result=parsed(values, "sparql_result", lambda text: whole(text, 1, 1 << 20)) << 20,
        workers=parsed(values, "sparql_workers", lambda text: whole(text, 0, 64)) or max(2, os.cpu_count() or 1),
        allowance=parsed(values, "sparql_allowance", lambda text: whole(text, 0, 86400)),
        services=parsed(values, "sparql_services", addresses),
    )


def engine_settings(values: Mapping[str, str]) -> EngineSettings | None:
    """The engine elsewhere that holds the graph, None where our own does; raises InvalidSetting."""
    if not values["sparql_url"]:
        return None
    query = parsed(values, "sparql_url", page)
    return EngineSettings(
        query=query,
        update=parsed(values, "sparql_update_url", page) or query,
        load=parsed(values, "sparql_store_url", page),
        user=values["sparql_user"],
        password=values["sparql_password"],
    )
