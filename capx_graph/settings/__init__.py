"""Every setting of the service, as one list with help; anyone may import this leaf.

A setting is an environment variable ``CAPX_NAME`` and a line ``name = value`` of a TOML file (``CAPX_CONFIG``,
else ``capx.toml`` in the data directory); the environment wins. ``capx settings`` prints the list. A topic (the site,
signing in, SPARQL ...) is a room with its table and its values; ``given`` joins the tables, ``settings`` the values.
"""

from __future__ import annotations

from capx_graph.settings.channels import ChannelSettings
from capx_graph.settings.exchange import MetaSettings
from capx_graph.settings.given import SETTINGS, texts
from capx_graph.settings.setting import PREFIX, Setting
from capx_graph.settings.settings import Settings, journal, load
from capx_graph.settings.signin import SignInSettings
from capx_graph.settings.site import DEFAULT_BASE
from capx_graph.settings.sparql import EngineSettings, SparqlSettings
from capx_graph.settings.wikibase import WikibaseSettings
from capx_graph.settings.writing import WritingSettings

__all__ = [
    "DEFAULT_BASE",
    "PREFIX",
    "SETTINGS",
    "ChannelSettings",
    "EngineSettings",
    "MetaSettings",
    "Setting",
    "Settings",
    "SignInSettings",
    "SparqlSettings",
    "WikibaseSettings",
    "WritingSettings",
    "journal",
    "load",
    "texts",
]
